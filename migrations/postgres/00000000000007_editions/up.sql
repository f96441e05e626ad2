-- Reports of past years name their source; each publication of a package is kept whole, with what it changed.
ALTER TABLE report ADD COLUMN source_document TEXT COLLATE "C";
ALTER TABLE report_version ADD COLUMN source_document TEXT COLLATE "C";
CREATE TABLE package_edition (
    programme TEXT COLLATE "C" NOT NULL,
    edition INTEGER NOT NULL,
    version INTEGER NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    changes TEXT COLLATE "C" NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (programme, edition)
);
