-- A task is a matter given to one unit for a period; above it stands the task of the unit above for the same matter and
-- period. hand_down is the act that made it. task_tally counts, for every unit that has units below it, the tasks below
-- it by level, due day and state; it is recomputed from the units directly below by task_queue, as figures are. unit_tag holds what
-- units are marked as (重点村, 脱贫县), by whom and for how long.
CREATE TABLE hand_down (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    matter TEXT NOT NULL,
    period INTEGER NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    note TEXT,
    tasks BIGINT NOT NULL,
    issued_by BIGINT NOT NULL REFERENCES account (id),
    deputy_id BIGINT REFERENCES account (id),
    issued_at BIGINT NOT NULL
);
CREATE TABLE task (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    project TEXT NOT NULL,
    matter TEXT NOT NULL,
    period INTEGER NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    level TEXT NOT NULL,
    home_shard BIGINT NOT NULL,
    state TEXT NOT NULL,
    state_before TEXT,
    revision BIGINT NOT NULL,
    due DATE NOT NULL,
    lead_department TEXT,
    responsible_departments TEXT NOT NULL,
    hand_down_id BIGINT NOT NULL REFERENCES hand_down (id),
    waiting TEXT,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX task_of_unit ON task (unit_id, matter, period, home_shard) WHERE state <> 'terminated';
CREATE INDEX task_by_unit ON task (unit_id, due, id);
CREATE INDEX task_by_project ON task (project, due, id);
CREATE INDEX task_by_matter ON task (matter, period, due, id);
CREATE INDEX task_by_due ON task (due, id);
CREATE INDEX task_by_hand_down ON task (hand_down_id, due, id);
CREATE INDEX task_waiting ON task (due, id) WHERE waiting IS NOT NULL;
CREATE TABLE task_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    task_id BIGINT NOT NULL REFERENCES task (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    words TEXT,
    until DATE,
    from_unit_id BIGINT REFERENCES unit (id),
    account_id BIGINT NOT NULL REFERENCES account (id),
    deputy_id BIGINT REFERENCES account (id),
    at BIGINT NOT NULL
);
CREATE INDEX task_entry_task ON task_entry (task_id, id);
CREATE TABLE task_request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    task_id BIGINT NOT NULL REFERENCES task (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    due DATE NOT NULL,
    until DATE,
    reason TEXT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES account (id),
    asked_at BIGINT NOT NULL,
    decided_by BIGINT REFERENCES account (id),
    decided_at BIGINT,
    decision TEXT
);
CREATE UNIQUE INDEX task_request_waiting ON task_request (task_id) WHERE state = 'asked';
CREATE INDEX task_request_task ON task_request (task_id, id);
CREATE TABLE task_tally (
    unit_id BIGINT NOT NULL,
    parent_id BIGINT NOT NULL,
    matter TEXT NOT NULL,
    period INTEGER NOT NULL,
    level TEXT NOT NULL,
    due DATE NOT NULL,
    state TEXT NOT NULL,
    tasks BIGINT NOT NULL,
    PRIMARY KEY (unit_id, period, matter, level, due, state)
) WITHOUT ROWID;
CREATE INDEX task_tally_parent ON task_tally (parent_id, period, matter);
CREATE TABLE task_queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    unit_id BIGINT NOT NULL,
    matter TEXT NOT NULL,
    period INTEGER NOT NULL
);
CREATE TABLE unit_tag (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    tag TEXT NOT NULL,
    authority TEXT,
    document_no TEXT,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    CHECK (valid_from < valid_to),
    UNIQUE (unit_id, tag, valid_from)
);
CREATE INDEX unit_tag_tag ON unit_tag (tag, unit_id);
