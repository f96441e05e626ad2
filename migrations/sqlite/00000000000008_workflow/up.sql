-- What is submitted first after its due day is late (补报). An extension (延期) is asked before the due day; one waits at a time.
ALTER TABLE report ADD COLUMN late BOOLEAN NOT NULL DEFAULT false;
CREATE TABLE extension (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    form TEXT NOT NULL,
    matter TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    home_shard BIGINT NOT NULL,
    period INTEGER NOT NULL,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    due DATE NOT NULL,
    until DATE NOT NULL,
    reason TEXT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES account (id),
    asked_at BIGINT NOT NULL,
    decided_by BIGINT REFERENCES account (id),
    decided_at BIGINT,
    decision TEXT
);
CREATE UNIQUE INDEX extension_waiting ON extension (unit_id, form, period, home_shard) WHERE state = 'asked';
CREATE INDEX extension_unit ON extension (unit_id, form, period);
CREATE INDEX extension_by_period ON extension (form, period, id);
CREATE INDEX extension_by_state ON extension (form, period, state, id);
