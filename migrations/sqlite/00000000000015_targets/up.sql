-- What a unit has to reach in a metric by a day. Every version is kept: is_current marks the one that holds, which may say
-- that the target was withdrawn. task is the public number of the task with which it was handed down.
CREATE TABLE unit_target (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    metric_id BIGINT NOT NULL REFERENCES metric (id),
    due DATE NOT NULL,
    version BIGINT NOT NULL,
    home_shard BIGINT NOT NULL,
    is_current BOOLEAN NOT NULL,
    withdrawn BOOLEAN NOT NULL,
    value BIGINT NOT NULL,
    comparison TEXT NOT NULL,
    tolerance BIGINT NOT NULL,
    reason TEXT NOT NULL,
    task BLOB,
    set_by BIGINT NOT NULL REFERENCES account (id),
    set_at BIGINT NOT NULL,
    UNIQUE (unit_id, metric_id, due, version, home_shard)
);
CREATE UNIQUE INDEX unit_target_current ON unit_target (unit_id, metric_id, due, home_shard) WHERE is_current;
CREATE INDEX unit_target_task ON unit_target (task) WHERE task IS NOT NULL;
