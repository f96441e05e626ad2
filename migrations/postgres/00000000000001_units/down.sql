DROP TABLE unit_placement;
DROP TABLE unit;
