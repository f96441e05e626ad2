DROP TABLE ledger_former;
