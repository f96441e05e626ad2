//! What the demonstration wrote: found again by the accounts that are marked as demonstration, and taken away.

use crate::db::Conn;
use crate::dialect::Column;
use crate::error::StorageError;
use crate::sql::{Statement, sql};
use diesel::sql_types::{BigInt, Binary, Text};
use std::collections::BTreeMap;
use uuid::Uuid;
use zhenxing_domain::ids::{AccountId, MetricId};

/// Bars accounts from signing in.
///
/// # Errors
/// What the database says.
pub fn retire(conn: &mut Conn, accounts: &[AccountId]) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    let numbers: Vec<i64> = accounts.iter().map(|account| account.0).collect();
    conn.run(
        sql("UPDATE account SET active = ")
            .flag(false)
            .then(" WHERE id")
            .among(dialect, &numbers),
    )?;
    Ok(())
}

const REPORTS: &str = "SELECT v.report_id FROM report_version v JOIN account a ON a.id = v.account_id \
     WHERE v.revision = 1 AND a.demonstration = ";

fn made_here(begun: Statement) -> Statement {
    begun.then(REPORTS).flag(true)
}

fn uuids(rows: Vec<Vec<u8>>) -> Result<Vec<String>, StorageError> {
    let text = |bytes: &Vec<u8>| {
        let id = Uuid::from_slice(bytes);
        let id = id.map_err(|error| StorageError::corrupt("number", error))?;
        Ok(id.to_string())
    };
    rows.iter().map(text).collect()
}

/// The tables in which the demonstration leaves rows.
const TABLES: [&str; 24] = [
    "report",
    "report_version",
    "observation",
    "rollup_queue",
    "feedback",
    "feedback_step",
    "hand_down",
    "task",
    "task_entry",
    "task_request",
    "task_tally",
    "file_link",
    "unit_target",
    "ledger_record",
    "ledger_version",
    "ledger_link",
    "ledger_former",
    "unit",
    "unit_placement",
    "unit_change",
    "account",
    "account_grant",
    "session",
    "refresh_token",
];

/// How many rows each table has into which the demonstration writes, but for the streams that never forget.
///
/// # Errors
/// What the database says.
pub fn count(conn: &mut Conn) -> Result<BTreeMap<&'static str, i64>, StorageError> {
    let mut counts = BTreeMap::new();
    for table in TABLES {
        let rows = conn.first::<BigInt, i64>(sql("SELECT count(*) FROM ").then(table))?;
        counts.insert(table, rows.unwrap_or(0));
    }
    Ok(counts)
}

/// Takes away the observations of a form that demonstration accounts reported.
///
/// # Errors
/// What the database says.
pub fn remove_observations(
    conn: &mut Conn,
    form: &str,
    metrics: &[MetricId],
) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    let numbers: Vec<i64> = metrics.iter().map(|metric| metric.0).collect();
    let begun = sql("DELETE FROM observation WHERE metric_id")
        .among(dialect, &numbers)
        .then(" AND EXISTS (SELECT 1 FROM report r WHERE r.unit_id = observation.unit_id AND r.period = observation.period AND r.form = ")
        .text(form)
        .then(" AND r.id IN (");
    conn.run(made_here(begun).then("))"))?;
    Ok(())
}

/// Takes away observations of derived metrics that say nothing any more.
///
/// # Errors
/// What the database says.
pub fn remove_empty(conn: &mut Conn, metrics: &[MetricId]) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    let numbers: Vec<i64> = metrics.iter().map(|metric| metric.0).collect();
    conn.run(
        sql("DELETE FROM observation WHERE metric_id")
            .among(dialect, &numbers)
            .then(" AND approved_num IS NULL AND pending_num IS NULL"),
    )?;
    Ok(())
}

/// The changes of the tree that demonstration accounts made, the latest first.
///
/// # Errors
/// What the database says.
pub fn changes(conn: &mut Conn) -> Result<Vec<i64>, StorageError> {
    conn.rows::<BigInt, i64>(
        sql(
            "SELECT c.id FROM unit_change c JOIN account a ON a.id = c.account_id \
             WHERE c.withdrawn_at IS NULL AND a.demonstration = ",
        )
        .flag(true)
        .then(" ORDER BY c.valid_from DESC, c.id DESC"),
    )
}

/// Takes away what demonstration accounts made: reports with their versions, complaints and suggestions, changes of the
/// tree, their events, sessions and the accounts themselves. An account to whose name other things stand stays, and can
/// sign in no longer.
///
/// # Errors
/// What the database says.
pub fn remove(conn: &mut Conn) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    let reports = conn.rows::<BigInt, i64>(made_here(sql("")))?;
    let numbers = conn.rows::<Binary, Vec<u8>>(
        sql("SELECT r.public_id FROM report r WHERE r.id")
            .among_many(dialect, &reports)
            .then(" UNION ALL SELECT f.public_id FROM feedback f JOIN account a ON a.id = f.account_id WHERE a.demonstration = ")
            .flag(true)
            .then(" UNION ALL SELECT e.public_id FROM extension e JOIN account a ON a.id = e.asked_by WHERE a.demonstration = ")
            .flag(true)
            .then(" UNION ALL SELECT p.public_id FROM phrase p JOIN account a ON a.id = p.account_id WHERE a.demonstration = ")
            .flag(true)
            .then(" UNION ALL SELECT t.public_id FROM unit_target t JOIN account a ON a.id = t.set_by WHERE a.demonstration = ")
            .flag(true)
            .then(" UNION ALL SELECT w.public_id FROM saved_view w JOIN account a ON a.id = w.account_id WHERE a.demonstration = ")
            .flag(true)
            .then(" UNION ALL SELECT f.public_id FROM file f JOIN account a ON a.id = f.uploaded_by WHERE a.demonstration = ")
            .flag(true)
            .then(" UNION ALL SELECT h.public_id FROM hand_down h JOIN account a ON a.id = h.issued_by WHERE a.demonstration = ")
            .flag(true)
            .then(" UNION ALL SELECT t.public_id FROM task t JOIN hand_down h ON h.id = t.hand_down_id JOIN account a ON a.id = h.issued_by WHERE a.demonstration = ")
            .flag(true)
            .then(" UNION ALL SELECT c.public_id FROM unit_change c JOIN account a ON a.id = c.account_id WHERE a.demonstration = ")
            .flag(true),
    )?;
    let records = conn.rows::<(Text, Binary), (String, Vec<u8>)>(
        sql("SELECT r.ledger, r.public_id FROM ledger_record r JOIN account a ON a.id = r.created_by WHERE a.demonstration = ")
            .flag(true),
    )?;
    let (ledgers, ids): (Vec<String>, Vec<Vec<u8>>) = records.into_iter().unzip();
    let records = ledgers.iter().zip(uuids(ids)?);
    let records = records.map(|(ledger, id)| format!("{ledger} {id}"));
    let subjects: Vec<_> = uuids(numbers)?
        .into_iter()
        .chain(records)
        .map(|subject| serde_json::json!([subject]))
        .collect();
    // A join, because PostgreSQL would go through a list of so many texts for every event.
    conn.run(
        sql("DELETE FROM event WHERE subject IN (")
            .rows_of(dialect, &[Column::Text], &serde_json::Value::from(subjects))
            .then(")"),
    )?;
    conn.run(sql("DELETE FROM report_version WHERE report_id").among_many(dialect, &reports))?;
    conn.run(sql("DELETE FROM report WHERE id").among_many(dialect, &reports))?;
    for text in [
        "DELETE FROM feedback_step WHERE feedback_id IN (SELECT f.id FROM feedback f JOIN account a ON a.id = f.account_id WHERE a.demonstration = ",
        "DELETE FROM feedback WHERE account_id IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM extension WHERE asked_by IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM phrase WHERE account_id IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM file_link WHERE file_id IN (SELECT f.id FROM file f JOIN account a ON a.id = f.uploaded_by WHERE a.demonstration = ",
        "DELETE FROM file_link WHERE subject_kind = 'task_entry' AND subject_id IN (SELECT e.id FROM task_entry e JOIN task t ON t.id = e.task_id \
         JOIN hand_down h ON h.id = t.hand_down_id JOIN account a ON a.id = h.issued_by WHERE a.demonstration = ",
        "DELETE FROM file_link WHERE subject_kind = 'ledger_record' AND subject_id IN (SELECT r.id FROM ledger_record r \
         JOIN account a ON a.id = r.created_by WHERE a.demonstration = ",
        "DELETE FROM task_request WHERE task_id IN (SELECT t.id FROM task t JOIN hand_down h ON h.id = t.hand_down_id JOIN account a ON a.id = h.issued_by WHERE a.demonstration = ",
        "DELETE FROM task_entry WHERE task_id IN (SELECT t.id FROM task t JOIN hand_down h ON h.id = t.hand_down_id JOIN account a ON a.id = h.issued_by WHERE a.demonstration = ",
        "INSERT INTO task_queue (unit_id, matter, period) SELECT DISTINCT u.id, h.matter, h.period FROM unit u, hand_down h \
         WHERE u.level <> 'village' AND h.issued_by IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM task WHERE hand_down_id IN (SELECT h.id FROM hand_down h JOIN account a ON a.id = h.issued_by WHERE a.demonstration = ",
        "DELETE FROM hand_down WHERE issued_by IN (SELECT id FROM account WHERE demonstration = ",
        "INSERT INTO derive_queue (period, metric_id, unit_id) SELECT d.period, d.metric_id, r.unit_id FROM derived_period d \
         CROSS JOIN (SELECT DISTINCT unit_id, created_by FROM ledger_record) r WHERE r.created_by IN (SELECT id FROM account WHERE demonstration = ",
        "INSERT INTO derive_queue (period, metric_id, unit_id) SELECT d.period, d.metric_id, f.unit_id FROM derived_period d \
         CROSS JOIN (SELECT DISTINCT h.unit_id, r.created_by FROM ledger_former h JOIN ledger_record r ON r.id = h.record_id) f \
         WHERE f.created_by IN (SELECT id FROM account WHERE demonstration = ",
        "INSERT INTO ledger_tally_queue (unit_id, ledger) SELECT DISTINCT unit_id, ledger FROM ledger_record WHERE created_by IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM ledger_link WHERE record_id IN (SELECT r.id FROM ledger_record r JOIN account a ON a.id = r.created_by WHERE a.demonstration = ",
        "DELETE FROM ledger_link WHERE target_id IN (SELECT r.id FROM ledger_record r JOIN account a ON a.id = r.created_by WHERE a.demonstration = ",
        "DELETE FROM ledger_former WHERE record_id IN (SELECT r.id FROM ledger_record r JOIN account a ON a.id = r.created_by WHERE a.demonstration = ",
        "DELETE FROM ledger_version WHERE record_id IN (SELECT r.id FROM ledger_record r JOIN account a ON a.id = r.created_by WHERE a.demonstration = ",
        "DELETE FROM ledger_record WHERE created_by IN (SELECT id FROM account WHERE demonstration = ",
        "UPDATE file SET attached = FALSE WHERE uploaded_by IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM unit_target WHERE set_by IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM saved_view WHERE account_id IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM unit_change WHERE account_id IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM idempotency WHERE account_id IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM refresh_token WHERE session_id IN (SELECT s.id FROM session s JOIN account a ON a.id = s.account_id WHERE a.demonstration = ",
        "DELETE FROM refresh_token WHERE session_id IN (SELECT s.id FROM session s JOIN account a ON a.id = s.for_account_id WHERE a.demonstration = ",
        "DELETE FROM session WHERE account_id IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM session WHERE for_account_id IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM account_transfer WHERE account_id IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM account_leave WHERE account_id IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM account_leave WHERE deputy_id IN (SELECT id FROM account WHERE demonstration = ",
        "DELETE FROM account_grant WHERE account_id IN (SELECT id FROM account WHERE demonstration = ",
    ] {
        conn.run(sql(text).flag(true).then(")"))?;
    }
    // What others attached to what is gone belongs to nothing now, and is swept.
    conn.run(sql(
        "UPDATE file SET attached = FALSE WHERE attached AND NOT EXISTS (SELECT 1 FROM file_link l WHERE l.file_id = file.id)",
    ))?;
    conn.run(sql(
        "UPDATE ledger_tally SET own = (SELECT count(*) FROM ledger_record r WHERE r.unit_id = ledger_tally.unit_id \
         AND r.ledger = ledger_tally.ledger AND NOT r.deleted) WHERE own > 0",
    ))?;
    conn.run(sql(
        "UPDATE unit_target SET is_current = TRUE WHERE NOT is_current AND version = (SELECT max(t.version) FROM unit_target t \
         WHERE t.unit_id = unit_target.unit_id AND t.metric_id = unit_target.metric_id AND t.due = unit_target.due)",
    ))?;
    conn.run(
        sql("UPDATE account SET active = ")
            .flag(false)
            .then(" WHERE demonstration = ")
            .flag(true),
    )?;
    conn.run(
        sql("DELETE FROM account WHERE demonstration = ")
            .flag(true)
            .then(
                " AND NOT EXISTS (SELECT 1 FROM report r WHERE r.filled_by = account.id) \
                   AND NOT EXISTS (SELECT 1 FROM report_version v WHERE v.account_id = account.id) \
                   AND NOT EXISTS (SELECT 1 FROM ledger_version v WHERE v.account_id = account.id OR v.deputy_id = account.id) \
                   AND NOT EXISTS (SELECT 1 FROM hand_down h WHERE h.deputy_id = account.id) \
                   AND NOT EXISTS (SELECT 1 FROM task_entry n WHERE n.account_id = account.id OR n.deputy_id = account.id) \
                   AND NOT EXISTS (SELECT 1 FROM task_request q WHERE q.asked_by = account.id OR q.decided_by = account.id) \
                   AND NOT EXISTS (SELECT 1 FROM file f WHERE f.uploaded_by = account.id) \
                   AND NOT EXISTS (SELECT 1 FROM feedback_step s WHERE s.account_id = account.id) \
                   AND NOT EXISTS (SELECT 1 FROM unit_change c WHERE c.withdrawn_by = account.id) \
                   AND NOT EXISTS (SELECT 1 FROM extension e WHERE e.decided_by = account.id)",
            ),
    )?;
    Ok(())
}
