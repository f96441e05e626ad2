-- Views (常用视图) of a page: what its address asks for, kept under a name and perhaps shared with the owner's unit and below
-- or with everybody. unit_id is where the owner stood when it was shared.
CREATE TABLE saved_view (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    account_id BIGINT NOT NULL REFERENCES account (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    page TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    shared TEXT NOT NULL,
    revision BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (account_id, page, name)
);
CREATE INDEX saved_view_shared ON saved_view (unit_id, shared);
