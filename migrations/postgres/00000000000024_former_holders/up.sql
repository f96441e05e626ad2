-- The unit that held a record before a merger, until the day from which another holds it: figures of periods that end before
-- that day are derived from the former one's records. Only mergers write it.
CREATE TABLE ledger_former (
    record_id BIGINT NOT NULL REFERENCES ledger_record (id),
    until DATE NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    PRIMARY KEY (record_id, until)
);
CREATE INDEX ledger_former_unit ON ledger_former (unit_id, record_id);
