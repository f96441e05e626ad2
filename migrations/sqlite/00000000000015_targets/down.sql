DROP TABLE unit_target;
