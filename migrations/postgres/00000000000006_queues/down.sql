DROP INDEX unit_placement_pinyin;
DROP INDEX report_waiting;
DROP INDEX report_by_state;
DROP INDEX report_by_period;
CREATE INDEX report_queue ON report (form, period, state, exceptions, unit_id);
