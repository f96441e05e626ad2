//! Figures that wait to be derived anew, and the periods for which they have been derived.

use crate::db::Conn;
use crate::dialect::{Column, Lock};
use crate::error::StorageError;
use crate::figure::period_of;
use crate::record;
use crate::record_former;
use crate::sql::sql;
use diesel::sql_types::{BigInt, Integer, Text};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::period::Period;
use zhenxing_domain::record::{Change, Record, RecordValue, Way};

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

/// Figures that wait, with the numbers of their rows.
#[derive(Debug, Default)]
pub struct Waiting {
    /// The rows.
    pub ids: Vec<i64>,
    /// The figures, each once.
    pub wanted: BTreeSet<Wanted>,
}

/// What waits longest, at most so many rows.
///
/// # Errors
/// What the database says.
pub fn waiting(conn: &mut Conn, limit: i64) -> Result<Waiting, StorageError> {
    type Row = (i64, i32, i64, i64);
    let rows = conn.rows::<(BigInt, Integer, BigInt, BigInt), Row>(
        sql("SELECT id, period, metric_id, unit_id FROM derive_queue ORDER BY id LIMIT ")
            .big(limit),
    )?;
    let mut found = Waiting::default();
    for (id, period, metric, unit) in rows {
        found.ids.push(id);
        let wanted = (period_of(period)?, MetricId(metric), UnitId(unit));
        found.wanted.insert(wanted);
    }
    Ok(found)
}

/// Takes rows away that were waiting, and says whether it did: not when somebody else has taken one of them since, who may
/// have seen later records. Until the transaction ends nobody else takes any.
///
/// # Errors
/// What the database says.
pub fn take(conn: &mut Conn, ids: &[i64]) -> Result<bool, StorageError> {
    conn.lock(Lock::Derive)?;
    let dialect = conn.dialect();
    let there = conn.first::<BigInt, i64>(
        sql("SELECT count(*) FROM derive_queue WHERE id").among(dialect, ids),
    )?;
    if there.and_then(|there| usize::try_from(there).ok()) != Some(ids.len()) {
        return Ok(false);
    }
    conn.run(sql("DELETE FROM derive_queue WHERE id").among(dialect, ids))?;
    Ok(true)
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

/// The units to which a way leads from each of the records that changed, in their order; where records were merged, those
/// that held them before too.
///
/// # Errors
/// What the database says.
pub fn units(
    conn: &mut Conn,
    way: &Way,
    changes: &[Change<'_>],
    merged: bool,
) -> Result<Vec<BTreeSet<UnitId>>, StorageError> {
    let own = |change: &Change<'_>| versions(change).map(|record| record.unit).collect();
    let ids: Vec<BTreeSet<i64>> = match way {
        Way::Own if !merged => return Ok(changes.iter().map(own).collect()),
        Way::Named { field } | Way::Shared { field, .. } => {
            changes.iter().map(|change| named(change, field)).collect()
        }
        Way::Own | Way::Naming { .. } => {
            let own = |change: &Change<'_>| versions(change).map(|record| record.id).collect();
            changes.iter().map(own).collect()
        }
    };
    let all: BTreeSet<i64> = ids.iter().flatten().copied().collect();
    let all: Vec<i64> = all.into_iter().collect();
    let mut led: BTreeMap<i64, BTreeSet<UnitId>> = BTreeMap::new();
    let mut found: Vec<(i64, i64, UnitId)> = Vec::new();
    match way {
        Way::Own => {
            let own = changes.iter().flat_map(versions);
            found.extend(own.map(|record| (record.id, record.id, record.unit)));
        }
        Way::Named { .. } => {
            let named = record::by_ids(conn, &all)?.into_iter();
            found.extend(named.map(|record| (record.id, record.id, record.unit)));
        }
        Way::Shared { ledger, own, .. } => {
            let naming = record::naming(conn, ledger, own, &all)?.into_iter();
            found.extend(naming.map(|(id, record)| (id, record.id, record.unit)));
        }
        Way::Naming { ledger, through } => {
            let naming = record::naming(conn, ledger, through, &all)?.into_iter();
            found.extend(naming.map(|(id, record)| (id, record.id, record.unit)));
        }
    }
    if merged {
        let records: BTreeSet<i64> = found.iter().map(|one| one.1).collect();
        let records: Vec<i64> = records.into_iter().collect();
        let spans = record_former::spans(conn, &records)?;
        let before = found.iter().flat_map(|(id, record, _)| {
            let spans = spans.get(record).into_iter().flatten();
            spans.map(|(_, unit)| (*id, *record, *unit))
        });
        let before: Vec<(i64, i64, UnitId)> = before.collect();
        found.extend(before);
    }
    for (id, _, unit) in found {
        led.entry(id).or_default().insert(unit);
    }
    let of = |ids: &BTreeSet<i64>| {
        let units = ids.iter().filter_map(|id| led.get(id));
        units.flatten().copied().collect()
    };
    Ok(ids.iter().map(of).collect())
}

fn versions<'a>(change: &Change<'a>) -> impl Iterator<Item = &'a Record> {
    change.before.into_iter().chain(change.after)
}

/// The records that a field names before and after.
fn named(change: &Change<'_>, field: &str) -> BTreeSet<i64> {
    let values = versions(change).filter_map(|record| record.values.get(field));
    values.flat_map(RecordValue::named).collect()
}
