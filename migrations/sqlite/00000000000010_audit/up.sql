-- The audit trail. seq and hash are given after the commit, one row after the other: each hash takes in the one before.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    seq BIGINT UNIQUE,
    hash TEXT,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id BIGINT,
    for_account_id BIGINT,
    unit_id BIGINT,
    outcome TEXT NOT NULL,
    request BIGINT,
    address TEXT
);
CREATE INDEX audit_unsealed ON audit (id) WHERE seq IS NULL;
CREATE INDEX audit_account ON audit (account_id, seq);
CREATE INDEX audit_unit ON audit (unit_id, seq);
CREATE INDEX audit_outcome ON audit (outcome, seq);
-- Where the trail begins after its oldest rows were taken away.
CREATE TABLE audit_anchor (
    seq BIGINT PRIMARY KEY NOT NULL,
    hash TEXT NOT NULL,
    purged_at BIGINT NOT NULL
);
