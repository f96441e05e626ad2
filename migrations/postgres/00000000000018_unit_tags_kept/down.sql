ALTER TABLE unit_tag DROP COLUMN end_reason;
ALTER TABLE unit_tag DROP COLUMN set_at;
ALTER TABLE unit_tag DROP COLUMN set_by;
