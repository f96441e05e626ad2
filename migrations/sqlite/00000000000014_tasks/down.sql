DROP TABLE unit_tag;
DROP TABLE task_queue;
DROP TABLE task_tally;
DROP TABLE task_request;
DROP TABLE task_entry;
DROP TABLE task;
DROP TABLE hand_down;
