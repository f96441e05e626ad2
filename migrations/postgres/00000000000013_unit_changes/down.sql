DROP TABLE unit_change;
DROP INDEX unit_placement_begun_by;
DROP INDEX unit_placement_ended_by;
ALTER TABLE unit_placement DROP COLUMN begun_by;
ALTER TABLE unit_placement DROP COLUMN ended_by;
ALTER TABLE unit_placement DROP COLUMN ended;
ALTER TABLE unit ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE unit SET kind = coalesce((SELECT p.kind FROM unit_placement p WHERE p.unit_id = unit.id ORDER BY p.valid_from DESC LIMIT 1), '');
ALTER TABLE unit_placement DROP COLUMN kind;
