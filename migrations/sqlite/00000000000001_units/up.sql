-- A unit's number is for ever; its code, name and parent stand in placements with validity dates.
-- home_shard is the county at the unit's creation: immutable and without meaning.
CREATE TABLE unit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    home_shard BIGINT NOT NULL
);
CREATE TABLE unit_placement (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    parent_id BIGINT REFERENCES unit (id),
    path TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    pinyin TEXT NOT NULL,
    initials TEXT NOT NULL,
    CHECK (valid_from < valid_to),
    UNIQUE (unit_id, valid_from),
    UNIQUE (code, valid_from)
);
CREATE INDEX unit_placement_parent ON unit_placement (parent_id, code);
CREATE INDEX unit_placement_path ON unit_placement (path);
CREATE INDEX unit_placement_initials ON unit_placement (initials);
