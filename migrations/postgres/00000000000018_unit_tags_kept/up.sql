-- Who marked a unit and when, and why a mark was ended before its time.
ALTER TABLE unit_tag ADD COLUMN set_by BIGINT REFERENCES account (id);
ALTER TABLE unit_tag ADD COLUMN set_at BIGINT;
ALTER TABLE unit_tag ADD COLUMN end_reason TEXT COLLATE "C";
