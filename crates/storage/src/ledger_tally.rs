//! How many records units hold, themselves and with all below them: counted from the units directly below, so that counting
//! twice changes nothing and nobody reads the leaves.

use crate::db::Conn;
use crate::dialect::{Column, Lock};
use crate::error::StorageError;
use crate::placement;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use crate::unit::lineage;
use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Text};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::Level;

/// Counts records of units up or down, notes that their ledger has changed, and queues the units above.
///
/// # Errors
/// What the database says.
pub fn change(
    conn: &mut Conn,
    changes: &BTreeMap<(String, UnitId), i64>,
    now: i64,
) -> Result<(), StorageError> {
    let rows = changes.iter();
    let rows: Vec<serde_json::Value> = rows
        .map(|((ledger, unit), by)| serde_json::json!([unit.0, ledger, by, 0, now]))
        .collect();
    let (dialect, big, text) = (conn.dialect(), Column::Big, Column::Text);
    conn.run(
        sql("INSERT INTO ledger_tally (unit_id, ledger, own, records, changed_at) ")
            .rows_of(
                dialect,
                &[big, text, big, big, big],
                &serde_json::Value::from(rows),
            )
            .then(
                " ON CONFLICT (unit_id, ledger) DO UPDATE SET own = ledger_tally.own + excluded.own, \
                 changed_at = excluded.changed_at",
            ),
    )?;
    let queued: BTreeSet<(UnitId, String)> = changes
        .keys()
        .map(|(ledger, unit)| (*unit, ledger.clone()))
        .collect();
    queue(conn, &queued)
}

fn queue(conn: &mut Conn, all: &BTreeSet<(UnitId, String)>) -> Result<(), StorageError> {
    let rows: Vec<serde_json::Value> = all
        .iter()
        .map(|(unit, ledger)| serde_json::json!([unit.0, ledger]))
        .collect();
    let dialect = conn.dialect();
    conn.run(
        sql("INSERT INTO ledger_tally_queue (unit_id, ledger) ").rows_of(
            dialect,
            &[Column::Big, Column::Text],
            &serde_json::Value::from(rows),
        ),
    )?;
    Ok(())
}

/// Queues units for every ledger of which they or those below hold records: the tree has changed around them.
///
/// # Errors
/// What the database says.
pub fn queue_all(conn: &mut Conn, units: &[UnitId]) -> Result<(), StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    conn.run(
        sql(
            "INSERT INTO ledger_tally_queue (unit_id, ledger) SELECT u.id, l.ledger FROM unit u \
             CROSS JOIN (SELECT DISTINCT ledger FROM ledger_slot) l WHERE u.id",
        )
        .among(dialect, &ids),
    )?;
    Ok(())
}

/// Whether anything waits to be counted.
///
/// # Errors
/// What the database says.
pub fn any_queued(conn: &mut Conn) -> Result<bool, StorageError> {
    let first = sql("SELECT id FROM ledger_tally_queue ORDER BY id LIMIT 1");
    Ok(conn.first::<BigInt, i64>(first)?.is_some())
}

/// Claims at most so many queued rows and counts what they touch; returns how many rows it took.
///
/// # Errors
/// What the database says.
pub fn fold(conn: &mut Conn, limit: i64, today: NaiveDate) -> Result<usize, StorageError> {
    conn.lock(Lock::LedgerTally)?;
    let queued = conn.rows::<(BigInt, BigInt, Text), (i64, i64, String)>(
        sql("SELECT id, unit_id, ledger FROM ledger_tally_queue ORDER BY id LIMIT ").big(limit),
    )?;
    if queued.is_empty() {
        return Ok(0);
    }
    let mut work: BTreeMap<&str, BTreeSet<UnitId>> = BTreeMap::new();
    for (_, unit, ledger) in &queued {
        work.entry(ledger).or_default().insert(UnitId(*unit));
    }
    for (ledger, units) in work {
        recount(conn, ledger, &units, today)?;
    }
    let ids: Vec<i64> = queued.iter().map(|row| row.0).collect();
    let dialect = conn.dialect();
    conn.run(sql("DELETE FROM ledger_tally_queue WHERE id").among(dialect, &ids))?;
    Ok(ids.len())
}

/// Counts the units and all above them, from the bottom up.
fn recount(
    conn: &mut Conn,
    ledger: &str,
    units: &BTreeSet<UnitId>,
    today: NaiveDate,
) -> Result<(), StorageError> {
    let all = placement::last_with_those_above(conn, units, today)?;
    for level in [Level::Village, Level::Township, Level::County, Level::City] {
        let group = all.iter().filter(|unit| unit.level == level);
        let ids: Vec<i64> = group.map(|unit| unit.id.0).collect();
        if !ids.is_empty() {
            recount_group(conn, ledger, level, &ids, today)?;
        }
    }
    Ok(())
}

fn recount_group(
    conn: &mut Conn,
    ledger: &str,
    level: Level,
    ids: &[i64],
    today: NaiveDate,
) -> Result<(), StorageError> {
    type Sums = (BigInt, BigInt, BigInt);
    let dialect = conn.dialect();
    let own = conn.rows::<Sums, (i64, i64, i64)>(
        sql("SELECT unit_id, own, changed_at FROM ledger_tally WHERE ledger = ")
            .text(ledger)
            .then(" AND unit_id")
            .among(dialect, ids),
    )?;
    let below = match level {
        Level::Village => Vec::new(),
        _ => conn.rows::<Sums, (i64, i64, i64)>(
        sql("SELECT p.parent_id, CAST(sum(l.records) AS BIGINT), max(l.changed_at) FROM unit_placement p \
             JOIN ledger_tally l ON l.unit_id = p.unit_id AND l.ledger = ")
            .text(ledger)
            .then(" WHERE ")
            .last_on("p", today)
            .then(" AND p.parent_id")
            .among(dialect, ids)
            .then(" GROUP BY p.parent_id"),
        )?,
    };
    let mut found: BTreeMap<i64, (i64, i64, i64)> = BTreeMap::new();
    for (unit, count, changed) in own {
        found.insert(unit, (count, count, changed));
    }
    for (unit, count, changed) in below {
        let entry = found.entry(unit).or_default();
        *entry = (entry.0, entry.1 + count, entry.2.max(changed));
    }
    let rows: Vec<serde_json::Value> = found
        .into_iter()
        .map(|(unit, (own, records, changed))| {
            serde_json::json!([unit, ledger, own, records, changed])
        })
        .collect();
    let (big, text) = (Column::Big, Column::Text);
    conn.run(
        sql("INSERT INTO ledger_tally (unit_id, ledger, own, records, changed_at) ")
            .rows_of(
                dialect,
                &[big, text, big, big, big],
                &serde_json::Value::from(rows),
            )
            .then(
                " ON CONFLICT (unit_id, ledger) DO UPDATE SET records = excluded.records, \
                 changed_at = excluded.changed_at",
            ),
    )?;
    Ok(())
}

/// How many records each ledger has within the scope, and when one was changed last.
///
/// # Errors
/// What the database says.
pub fn of_scope(
    conn: &mut Conn,
    scope: &Scope,
    top: Option<UnitId>,
) -> Result<Vec<(String, i64, i64)>, StorageError> {
    let units = scope.parts().iter().filter_map(|part| match part.path() {
        Some(path) => lineage(path).pop(),
        None => top,
    });
    let ids: BTreeSet<i64> = units.map(|unit| unit.0).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let dialect = conn.dialect();
    conn.rows::<(Text, BigInt, BigInt), (String, i64, i64)>(
        sql("SELECT ledger, CAST(sum(records) AS BIGINT), max(changed_at) FROM ledger_tally WHERE unit_id")
            .among(dialect, &ids)
            .then(" GROUP BY ledger"),
    )
}

/// The units that hold records of any of some ledgers or held them before a merger, for figures that are derived from them.
///
/// # Errors
/// What the database says.
pub fn holders(conn: &mut Conn, ledgers: &[&str]) -> Result<Vec<UnitId>, StorageError> {
    let dialect = conn.dialect();
    let found: Statement =
        sql("SELECT unit_id FROM ledger_tally WHERE own > 0 AND ledger")
            .among_texts(dialect, ledgers)
            .then(
                " UNION SELECT f.unit_id FROM ledger_former f JOIN ledger_record r ON r.id = f.record_id \
                 WHERE NOT r.deleted AND r.ledger",
            )
            .among_texts(dialect, ledgers);
    let found = conn.rows::<BigInt, i64>(found)?;
    Ok(found.into_iter().map(UnitId).collect())
}
