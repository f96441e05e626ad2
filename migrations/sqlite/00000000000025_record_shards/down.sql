DROP INDEX ledger_record_shard;
