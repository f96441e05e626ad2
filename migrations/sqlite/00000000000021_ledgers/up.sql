-- A record of a ledger is canonical JSON text that SQL never looks into. What is filtered or sorted stands beside it in slots, numbers in
-- n1 … n6 and texts in t1 … t6; ledger_slot says which field of a ledger has which, and what was given is never given again.
-- ledger_link holds which records name which. ledger_tally counts the records that a unit holds itself and, with those below
-- it, in all; it is recomputed from the units directly below by ledger_tally_queue. ledger_version keeps every version. derive_queue holds the figures
-- that have to be derived anew, and its rows are deleted by the numbers that a worker claimed.
CREATE TABLE ledger_record (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    ledger TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    home_shard BIGINT NOT NULL,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    title TEXT NOT NULL,
    spelling TEXT NOT NULL,
    content TEXT NOT NULL,
    n1 BIGINT, n2 BIGINT, n3 BIGINT, n4 BIGINT, n5 BIGINT, n6 BIGINT,
    t1 TEXT, t2 TEXT, t3 TEXT, t4 TEXT, t5 TEXT, t6 TEXT,
    deleted BOOLEAN NOT NULL,
    created_by BIGINT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX ledger_record_list ON ledger_record (ledger, deleted, id);
CREATE INDEX ledger_record_unit ON ledger_record (ledger, unit_id, id);
CREATE INDEX ledger_record_spelling ON ledger_record (ledger, spelling, id);
CREATE INDEX ledger_record_state ON ledger_record (ledger, state, id) WHERE state <> '';
CREATE INDEX ledger_record_n1 ON ledger_record (ledger, n1, id) WHERE n1 IS NOT NULL;
CREATE INDEX ledger_record_n2 ON ledger_record (ledger, n2, id) WHERE n2 IS NOT NULL;
CREATE INDEX ledger_record_n3 ON ledger_record (ledger, n3, id) WHERE n3 IS NOT NULL;
CREATE INDEX ledger_record_n4 ON ledger_record (ledger, n4, id) WHERE n4 IS NOT NULL;
CREATE INDEX ledger_record_n5 ON ledger_record (ledger, n5, id) WHERE n5 IS NOT NULL;
CREATE INDEX ledger_record_n6 ON ledger_record (ledger, n6, id) WHERE n6 IS NOT NULL;
CREATE INDEX ledger_record_t1 ON ledger_record (ledger, t1, id) WHERE t1 IS NOT NULL;
CREATE INDEX ledger_record_t2 ON ledger_record (ledger, t2, id) WHERE t2 IS NOT NULL;
CREATE INDEX ledger_record_t3 ON ledger_record (ledger, t3, id) WHERE t3 IS NOT NULL;
CREATE INDEX ledger_record_t4 ON ledger_record (ledger, t4, id) WHERE t4 IS NOT NULL;
CREATE INDEX ledger_record_t5 ON ledger_record (ledger, t5, id) WHERE t5 IS NOT NULL;
CREATE INDEX ledger_record_t6 ON ledger_record (ledger, t6, id) WHERE t6 IS NOT NULL;
CREATE TABLE ledger_slot (
    ledger TEXT NOT NULL,
    field TEXT NOT NULL,
    slot TEXT NOT NULL,
    PRIMARY KEY (ledger, field),
    UNIQUE (ledger, slot)
);
CREATE TABLE ledger_link (
    target_id BIGINT NOT NULL REFERENCES ledger_record (id),
    ledger TEXT NOT NULL,
    field TEXT NOT NULL,
    record_id BIGINT NOT NULL REFERENCES ledger_record (id),
    PRIMARY KEY (target_id, ledger, field, record_id)
) WITHOUT ROWID;
CREATE INDEX ledger_link_record ON ledger_link (record_id);
CREATE TABLE ledger_version (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id BIGINT NOT NULL REFERENCES ledger_record (id),
    revision BIGINT NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    content TEXT NOT NULL,
    reason TEXT,
    account_id BIGINT NOT NULL REFERENCES account (id),
    deputy_id BIGINT REFERENCES account (id),
    at BIGINT NOT NULL,
    UNIQUE (record_id, revision)
);
CREATE TABLE ledger_tally (
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    ledger TEXT NOT NULL,
    own BIGINT NOT NULL,
    records BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (unit_id, ledger)
) WITHOUT ROWID;
CREATE INDEX ledger_tally_ledger ON ledger_tally (ledger, unit_id);
CREATE TABLE ledger_tally_queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    unit_id BIGINT NOT NULL,
    ledger TEXT NOT NULL
);
CREATE TABLE derive_queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    period INTEGER NOT NULL,
    metric_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL
);
CREATE TABLE derived_period (
    metric_id BIGINT NOT NULL,
    period INTEGER NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (metric_id, period)
) WITHOUT ROWID;
