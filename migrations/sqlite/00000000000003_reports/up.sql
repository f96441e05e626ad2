-- Reports with every version; periods are Period::key numbers, values are canonical JSON text that SQL never looks into.
CREATE TABLE metric (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE
);
CREATE TABLE form_period (
    form TEXT NOT NULL,
    period INTEGER NOT NULL,
    locked BOOLEAN NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (form, period)
);
CREATE TABLE report (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    form TEXT NOT NULL,
    matter TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    home_shard BIGINT NOT NULL,
    period INTEGER NOT NULL,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    revising BOOLEAN NOT NULL,
    filled_by BIGINT NOT NULL REFERENCES account (id),
    field_values TEXT NOT NULL,
    explanations TEXT NOT NULL,
    approved_values TEXT,
    reason TEXT,
    field_reasons TEXT NOT NULL,
    exceptions INTEGER NOT NULL,
    headline BIGINT,
    submitted_at BIGINT,
    updated_at BIGINT NOT NULL,
    UNIQUE (unit_id, form, period, home_shard)
);
CREATE INDEX report_queue ON report (form, period, state, exceptions, unit_id);
CREATE TABLE report_version (
    report_id BIGINT NOT NULL REFERENCES report (id),
    revision BIGINT NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES account (id),
    at BIGINT NOT NULL,
    reason TEXT,
    field_values TEXT NOT NULL,
    explanations TEXT NOT NULL,
    PRIMARY KEY (report_id, revision)
) WITHOUT ROWID;
