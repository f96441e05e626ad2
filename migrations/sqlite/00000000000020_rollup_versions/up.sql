-- How often the figures of a period were recomputed: whoever holds a copy of them compares this number first.
CREATE TABLE rollup_version (
    period INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO rollup_version (period, version) SELECT DISTINCT period, 1 FROM rollup;
