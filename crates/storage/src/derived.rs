//! Figures that wait to be derived anew, and the periods for which they have been derived.

use crate::db::Conn;
use crate::dialect::{Column, Lock};
use crate::error::StorageError;
use crate::figure::period_of;
use crate::record;
use crate::sql::sql;
use diesel::sql_types::{BigInt, Integer, Text};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::period::Period;
use zhenxing_domain::record::{Change, Way};

/// How many rows one statement takes.
const BATCH: usize = 5_000;

/// A figure: of a unit, for a metric and a period.
pub type Wanted = (Period, MetricId, UnitId);

/// Queues figures.
///
/// # Errors
/// What the database says.
pub fn queue(conn: &mut Conn, wanted: &BTreeSet<Wanted>) -> Result<(), StorageError> {
    let rows: Vec<serde_json::Value> = wanted
        .iter()
        .map(|(period, metric, unit)| serde_json::json!([period.key(), metric.0, unit.0]))
        .collect();
    let dialect = conn.dialect();
    for part in rows.chunks(BATCH) {
        conn.run(
            sql("INSERT INTO derive_queue (period, metric_id, unit_id) ").rows_of(
                dialect,
                &[Column::Int, Column::Big, Column::Big],
                &serde_json::Value::from(part),
            ),
        )?;
    }
    Ok(())
}

/// Whether anything waits.
///
/// # Errors
/// What the database says.
pub fn any_queued(conn: &mut Conn) -> Result<bool, StorageError> {
    let found =
        conn.first::<BigInt, i64>(sql("SELECT id FROM derive_queue ORDER BY id LIMIT 1"))?;
    Ok(found.is_some())
}

/// Figures that were claimed, with the numbers of their rows.
#[derive(Debug, Default)]
pub struct Claimed {
    /// The rows.
    pub ids: Vec<i64>,
    /// The figures, each once.
    pub wanted: BTreeSet<Wanted>,
}

/// Claims at most so many rows until the transaction ends.
///
/// # Errors
/// What the database says.
pub fn claim(conn: &mut Conn, limit: i64) -> Result<Claimed, StorageError> {
    conn.lock(Lock::Derive)?;
    type Row = (i64, i32, i64, i64);
    let rows = conn.rows::<(BigInt, Integer, BigInt, BigInt), Row>(
        sql("SELECT id, period, metric_id, unit_id FROM derive_queue ORDER BY id LIMIT ")
            .big(limit),
    )?;
    let mut claimed = Claimed::default();
    for (id, period, metric, unit) in rows {
        claimed.ids.push(id);
        let wanted = (period_of(period)?, MetricId(metric), UnitId(unit));
        claimed.wanted.insert(wanted);
    }
    Ok(claimed)
}

/// Takes claimed rows away.
///
/// # Errors
/// What the database says.
pub fn done(conn: &mut Conn, ids: &[i64]) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    conn.run(sql("DELETE FROM derive_queue WHERE id").among(dialect, ids))?;
    Ok(())
}

/// The definition by which each metric was derived for each period so far.
///
/// # Errors
/// What the database says.
pub fn periods(conn: &mut Conn) -> Result<Vec<(MetricId, Period, String)>, StorageError> {
    let rows = conn.rows::<(BigInt, Integer, Text), (i64, i32, String)>(sql(
        "SELECT metric_id, period, definition FROM derived_period",
    ))?;
    rows.into_iter()
        .map(|(metric, period, text)| Ok((MetricId(metric), period_of(period)?, text)))
        .collect()
}

/// Notes by which definition a metric is derived for a period.
///
/// # Errors
/// What the database says.
pub fn note_period(
    conn: &mut Conn,
    metric: MetricId,
    period: Period,
    definition: &str,
) -> Result<(), StorageError> {
    conn.run(
        sql("INSERT INTO derived_period (metric_id, period, definition) VALUES (")
            .big(metric.0)
            .then(", ")
            .int(period.key())
            .then(", ")
            .text(definition)
            .then(
                ") ON CONFLICT (metric_id, period) DO UPDATE SET definition = excluded.definition",
            ),
    )?;
    Ok(())
}

/// How many records of some ledgers units hold, ledger by ledger.
///
/// # Errors
/// What the database says.
pub fn holdings(
    conn: &mut Conn,
    ledgers: &[&str],
    units: &[UnitId],
) -> Result<BTreeMap<(String, UnitId), i64>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let rows = conn.rows::<(Text, BigInt, BigInt), (String, i64, i64)>(
        sql("SELECT ledger, unit_id, own FROM ledger_tally WHERE ledger")
            .among_texts(dialect, ledgers)
            .then(" AND unit_id")
            .among(dialect, &ids),
    )?;
    Ok(rows
        .into_iter()
        .map(|(ledger, unit, records)| ((ledger, UnitId(unit)), records))
        .collect())
}

/// The units to which a way leads from a record that changed.
///
/// # Errors
/// What the database says.
pub fn units(
    conn: &mut Conn,
    way: &Way,
    change: Change<'_>,
) -> Result<BTreeSet<UnitId>, StorageError> {
    let versions = || change.before.into_iter().chain(change.after);
    let named = |field: &str| -> Vec<i64> {
        let values = versions().filter_map(|record| record.values.get(field));
        let ids: BTreeSet<i64> = values.flat_map(|value| value.named()).collect();
        ids.into_iter().collect()
    };
    Ok(match way {
        Way::Own => versions().map(|record| record.unit).collect(),
        Way::Named { field } => {
            let found = record::by_ids(conn, &named(field))?;
            found.into_iter().map(|record| record.unit).collect()
        }
        Way::Shared { field, ledger, own } => {
            let found = record::naming(conn, ledger, own, &named(field))?;
            found.into_iter().map(|(_, record)| record.unit).collect()
        }
        Way::Naming { ledger, through } => {
            let ids: BTreeSet<i64> = versions().map(|record| record.id).collect();
            let ids: Vec<i64> = ids.into_iter().collect();
            let found = record::naming(conn, ledger, through, &ids)?;
            found.into_iter().map(|(_, record)| record.unit).collect()
        }
    })
}
