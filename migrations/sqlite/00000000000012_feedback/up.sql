-- Complaints and suggestions. to_unit is the office that answers: what is addressed to the city is not seen in between.
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    reopened BOOLEAN NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    to_unit BIGINT NOT NULL REFERENCES unit (id),
    account_id BIGINT NOT NULL REFERENCES account (id),
    page TEXT NOT NULL,
    contact_consent BOOLEAN NOT NULL,
    created_on DATE NOT NULL,
    created_at BIGINT NOT NULL,
    answer_days BIGINT
);
CREATE INDEX feedback_own ON feedback (account_id, id);
CREATE INDEX feedback_received ON feedback (to_unit, id);
-- What was written and done, in order; the first step is the complaint or suggestion itself.
CREATE TABLE feedback_step (
    feedback_id BIGINT NOT NULL REFERENCES feedback (id),
    revision BIGINT NOT NULL,
    action TEXT NOT NULL,
    body TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES account (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (feedback_id, revision)
) WITHOUT ROWID;
