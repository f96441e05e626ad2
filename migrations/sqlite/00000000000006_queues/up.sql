-- Lists of reports walk along these in their own order and stop at the end of the page; queues find what waits.
DROP INDEX report_queue;
CREATE INDEX report_by_period ON report (form, period, exceptions DESC, id);
CREATE INDEX report_by_state ON report (form, period, state, exceptions DESC, id);
CREATE INDEX report_waiting ON report (form, state, period, unit_id);
CREATE INDEX unit_placement_pinyin ON unit_placement (pinyin);
