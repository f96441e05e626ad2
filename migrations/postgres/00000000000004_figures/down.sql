DROP TABLE rollup_queue;
DROP TABLE rollup;
DROP TABLE observation;
