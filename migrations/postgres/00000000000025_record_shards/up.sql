-- A record stands in the shard of its unit, also after it was given to another one: a county's records are walked by it.
UPDATE ledger_record SET home_shard = (SELECT u.home_shard FROM unit u WHERE u.id = ledger_record.unit_id)
WHERE home_shard <> (SELECT u.home_shard FROM unit u WHERE u.id = ledger_record.unit_id);
CREATE INDEX ledger_record_shard ON ledger_record (ledger, home_shard, id);
