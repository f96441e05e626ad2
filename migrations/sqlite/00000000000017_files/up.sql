-- Files that were handed in. What they hold stands in the file store under its SHA-256, once however often it is handed in.
-- A file is its uploader's until it is attached to a thing; what is attached to nothing for a day is swept.
CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id BLOB NOT NULL UNIQUE,
    hash BLOB NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    uploaded_by BIGINT NOT NULL REFERENCES account (id),
    uploaded_at BIGINT NOT NULL,
    attached BOOLEAN NOT NULL
);
CREATE INDEX file_hash ON file (hash);
CREATE INDEX file_unattached ON file (uploaded_at) WHERE NOT attached;
CREATE TABLE file_link (
    file_id BIGINT NOT NULL PRIMARY KEY REFERENCES file (id),
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL
);
CREATE INDEX file_link_subject ON file_link (subject_kind, subject_id);
