-- An observation is what one unit reports; a rollup row is what stands at a unit above, recomputed from its children.
-- rollup_queue is append-only and its rows are deleted by the numbers that a worker claimed.
CREATE TABLE observation (
    period INTEGER NOT NULL,
    metric_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    home_shard BIGINT NOT NULL,
    approved_num BIGINT,
    approved_den BIGINT,
    pending_num BIGINT,
    pending_den BIGINT,
    PRIMARY KEY (period, metric_id, unit_id, home_shard)
) WITHOUT ROWID;
CREATE INDEX observation_unit ON observation (unit_id, period, metric_id);
CREATE TABLE rollup (
    parent_id BIGINT NOT NULL,
    period INTEGER NOT NULL,
    metric_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    approved_num BIGINT NOT NULL,
    approved_den BIGINT NOT NULL,
    pending_num BIGINT NOT NULL,
    pending_den BIGINT NOT NULL,
    approved_units BIGINT NOT NULL,
    pending_units BIGINT NOT NULL,
    expected_units BIGINT NOT NULL,
    PRIMARY KEY (unit_id, period, metric_id)
) WITHOUT ROWID;
CREATE INDEX rollup_parent ON rollup (parent_id, period, metric_id, unit_id);
CREATE TABLE rollup_queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    period INTEGER NOT NULL,
    metric_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    queued_at BIGINT NOT NULL
);
