DROP TABLE extension;
ALTER TABLE report DROP COLUMN late;
