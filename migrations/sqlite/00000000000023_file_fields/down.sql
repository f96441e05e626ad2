ALTER TABLE file_link DROP COLUMN field;
