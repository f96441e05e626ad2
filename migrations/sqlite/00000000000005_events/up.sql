-- One event for each acknowledged change; seq is given after the commit, without gaps.
CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    seq BIGINT UNIQUE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    unit_id BIGINT,
    at BIGINT NOT NULL
);
CREATE INDEX event_unnumbered ON event (id) WHERE seq IS NULL;
CREATE TABLE idempotency (
    account_id BIGINT NOT NULL,
    route TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, route, idempotency_key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
