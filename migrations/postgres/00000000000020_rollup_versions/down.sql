DROP TABLE rollup_version;
