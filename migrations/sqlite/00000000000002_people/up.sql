-- Accounts, what they may do, and their sessions. Instants are microseconds since 1970 in UTC.
CREATE TABLE department (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    matters TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    CHECK (valid_from < valid_to),
    UNIQUE (unit_id, code, valid_from)
);
CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    password_hash TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    demonstration BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX account_unit ON account (unit_id);
-- departments and units are JSON lists of numbers, matters a JSON list of codes or NULL for all.
CREATE TABLE account_grant (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id BIGINT NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    departments TEXT NOT NULL,
    units TEXT NOT NULL,
    matters TEXT
);
CREATE INDEX account_grant_account ON account_grant (account_id);
CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id BIGINT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX session_account ON session (account_id);
CREATE TABLE refresh_token (
    hash BLOB PRIMARY KEY NOT NULL,
    session_id BIGINT NOT NULL REFERENCES session (id),
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);
