//! Stored figures as they are kept in memory: whole for a unit and a period, and the version by which a copy is known to be
//! of today.

use crate::db::Conn;
use crate::dialect::{Column, Dialect};
use crate::error::StorageError;
use crate::figure::{ROLLUP, RollupRow, RollupSql, keys, period_of};
use crate::sql::sql;
use crate::unit::Placed;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use std::collections::BTreeMap;
use zhenxing_domain::figure::Tally;
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;

/// What a unit above the villages has in a period, by metric.
pub type Held = BTreeMap<(Period, UnitId), Vec<(MetricId, Tally)>>;

#[derive(Queryable)]
struct VersionRow {
    period: i32,
    version: i64,
}

/// How often each period was recomputed; a period without figures has no version.
///
/// # Errors
/// What the database says.
pub fn versions(
    conn: &mut Conn,
    periods: &[Period],
) -> Result<BTreeMap<Period, i64>, StorageError> {
    let keys = keys(periods);
    let rows = conn.rows::<(Integer, BigInt), VersionRow>(
        sql("SELECT period, version FROM rollup_version WHERE period").among(conn.dialect(), &keys),
    )?;
    rows.into_iter()
        .map(|row| Ok((period_of(row.period)?, row.version)))
        .collect()
}

/// Counts that periods are recomputed, in the transaction that does it.
///
/// # Errors
/// What the database says.
pub(crate) fn raise(
    conn: &mut Conn,
    periods: impl Iterator<Item = i32>,
) -> Result<(), StorageError> {
    let rows: Vec<serde_json::Value> = periods
        .map(|period| serde_json::json!([period, 1]))
        .collect();
    let dialect = conn.dialect();
    let beginning = sql("INSERT INTO rollup_version (period, version) ").rows_of(
        dialect,
        &[Column::Int, Column::Big],
        &serde_json::Value::from(rows),
    );
    conn.run(beginning.then(
        " ON CONFLICT (period) DO UPDATE SET version = rollup_version.version + excluded.version",
    ))?;
    Ok(())
}

/// All stored figures of the units that the scope covers, in each of the periods: one statement.
///
/// # Errors
/// What the database says.
pub fn of_units(
    conn: &mut Conn,
    scope: &Scope,
    periods: &[Period],
    units: &[&Placed],
) -> Result<Held, StorageError> {
    let seen = units
        .iter()
        .filter(|unit| scope.covers(&unit.path, None, None));
    let ids: Vec<i64> = seen.map(|unit| unit.id.0).collect();
    let dialect: Dialect = conn.dialect();
    let rows = conn.rows::<RollupSql, RollupRow>(
        sql(ROLLUP)
            .among(dialect, &keys(periods))
            .then(" AND unit_id")
            .among(dialect, &ids),
    )?;
    let mut found = Held::new();
    for row in rows {
        let ((period, unit, metric), tally) = row.read()?;
        found
            .entry((period, unit))
            .or_default()
            .push((metric, tally));
    }
    Ok(found)
}
