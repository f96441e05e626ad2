-- A unit's kind may be corrected from a day on, so it stands in the placement. `ended` marks the last placement of a
-- unit that ended: what it reported is reached by way of it. begun_by and ended_by name the change that wrote the one
-- or the other end, so that a change that has not come yet can be taken back.
ALTER TABLE unit_placement ADD COLUMN kind TEXT NOT NULL DEFAULT '';
UPDATE unit_placement SET kind = (SELECT kind FROM unit WHERE unit.id = unit_placement.unit_id);
ALTER TABLE unit DROP COLUMN kind;
ALTER TABLE unit_placement ADD COLUMN ended BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE unit_placement ADD COLUMN begun_by BIGINT;
ALTER TABLE unit_placement ADD COLUMN ended_by BIGINT;
CREATE INDEX unit_placement_begun_by ON unit_placement (begun_by) WHERE begun_by IS NOT NULL;
CREATE INDEX unit_placement_ended_by ON unit_placement (ended_by) WHERE ended_by IS NOT NULL;
-- asked and effect are JSON that SQL never looks into: the change as it was asked for, and what it did.
CREATE TABLE unit_change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    valid_from DATE NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    asked TEXT NOT NULL,
    effect TEXT NOT NULL,
    account_id BIGINT REFERENCES account (id),
    created_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_by BIGINT REFERENCES account (id),
    withdrawn_reason TEXT
);
CREATE INDEX unit_change_order ON unit_change (valid_from, id);
CREATE INDEX unit_change_unit ON unit_change (unit_id);
