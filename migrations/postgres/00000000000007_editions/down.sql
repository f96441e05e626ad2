DROP TABLE package_edition;
ALTER TABLE report_version DROP COLUMN source_document;
ALTER TABLE report DROP COLUMN source_document;
