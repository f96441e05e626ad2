DROP TABLE derived_period;
DROP TABLE derive_queue;
DROP TABLE ledger_tally_queue;
DROP TABLE ledger_tally;
DROP TABLE ledger_version;
DROP TABLE ledger_link;
DROP TABLE ledger_slot;
DROP TABLE ledger_record;
