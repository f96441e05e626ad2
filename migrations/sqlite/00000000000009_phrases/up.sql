-- Phrases (常用语) that an account keeps for returning reports.
CREATE TABLE phrase (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    account_id BIGINT NOT NULL REFERENCES account (id),
    phrase TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, phrase)
);
