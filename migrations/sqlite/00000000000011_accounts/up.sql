-- Accounts administered by the level above. one_time is a password that must be changed at the first sign-in.
ALTER TABLE account ADD COLUMN one_time BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE account ADD COLUMN phone TEXT;
ALTER TABLE account ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE department ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
-- A session in which somebody acts for another: mode is `view` or `deputy`, until an instant.
ALTER TABLE session ADD COLUMN for_account_id BIGINT;
ALTER TABLE session ADD COLUMN mode TEXT;
ALTER TABLE session ADD COLUMN reason TEXT;
ALTER TABLE session ADD COLUMN until BIGINT;
CREATE INDEX session_for_account ON session (for_account_id) WHERE for_account_id IS NOT NULL;
-- Who did it for the account, where that was a deputy.
ALTER TABLE report_version ADD COLUMN deputy_id BIGINT;
-- Transfers to another unit, those that are done and those whose day has not come.
CREATE TABLE account_transfer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id BIGINT NOT NULL REFERENCES account (id),
    from_unit_id BIGINT NOT NULL REFERENCES unit (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    starts DATE NOT NULL,
    done BOOLEAN NOT NULL
);
CREATE INDEX account_transfer_account ON account_transfer (account_id);
CREATE INDEX account_transfer_waiting ON account_transfer (starts) WHERE NOT done;
-- Leaves of absence, first and last day, with the deputy who acts meanwhile.
CREATE TABLE account_leave (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id BIGINT NOT NULL REFERENCES account (id),
    deputy_id BIGINT NOT NULL REFERENCES account (id),
    starts DATE NOT NULL,
    ends DATE NOT NULL,
    CHECK (starts <= ends)
);
CREATE INDEX account_leave_account ON account_leave (account_id, ends);
CREATE INDEX account_leave_deputy ON account_leave (deputy_id, ends);
-- Failed sign-ins by the hash of the name that was typed, whether an account has it or not.
CREATE TABLE sign_in_failure (
    login_hash TEXT PRIMARY KEY NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);
