-- Reports of past years name their source; each publication of a package is kept whole, with what it changed.
ALTER TABLE report ADD COLUMN source_document TEXT;
ALTER TABLE report_version ADD COLUMN source_document TEXT;
CREATE TABLE package_edition (
    programme TEXT NOT NULL,
    edition INTEGER NOT NULL,
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    content TEXT NOT NULL,
    changes TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (programme, edition)
);
