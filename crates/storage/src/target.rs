//! What units have to reach in a metric by a day, with every version of it.

use crate::db::Conn;
use crate::dialect::{Column, Dialect, Lock, hex};
use crate::error::StorageError;
use crate::report::uuid_of;
use crate::sql::{Statement, sql};
use crate::unit::Placed;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Date, Nullable, Text};
use uuid::Uuid;
use zhenxing_domain::course::Aim;
use zhenxing_domain::ids::{AccountId, MetricId, UnitId};
use zhenxing_domain::policy::Scope;

/// How many targets one statement takes.
const BATCH: usize = 10_000;

/// A target that is to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTarget {
    /// The metric.
    pub metric: MetricId,
    /// The unit.
    pub unit: UnitId,
    /// The day by which it is to be reached.
    pub by: NaiveDate,
    /// The value, scaled as the metric says.
    pub value: i64,
    /// How a figure compares with it.
    pub comparison: Aim,
    /// The public number of the task with which it is handed down.
    pub task: Option<Uuid>,
}

/// A target that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The metric.
    pub metric: MetricId,
    /// The unit.
    pub unit: UnitId,
    /// The day by which it is to be reached.
    pub by: NaiveDate,
    /// The value, scaled as the metric says.
    pub value: i64,
    /// How a figure compares with it.
    pub comparison: Aim,
    /// How often it was set, this time included.
    pub version: i64,
    /// The public number of the task with which it was handed down.
    pub task: Option<Uuid>,
}

/// One version of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// What it said.
    pub target: Target,
    /// Whether it took the target back.
    pub withdrawn: bool,
    /// Why.
    pub reason: String,
    /// The name of who set it.
    pub set_by: String,
    /// When.
    pub set_at: i64,
}

/// A version that was written: its public number, which its event names, and its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The public number.
    pub id: Uuid,
    /// The unit.
    pub unit: UnitId,
}

/// Sets targets and returns the versions that this made: one that holds already, for the same task where one is named,
/// keeps its version. No two of them may be of one unit, metric and day. The number of statements does not depend on how
/// many units there are. The events are the caller's.
///
/// # Errors
/// What the database says; [`StorageError::Duplicate`] for two of one unit, metric and day.
pub fn set_many(
    conn: &mut Conn,
    targets: &[NewTarget],
    reason: &str,
    by: AccountId,
    at: i64,
) -> Result<Vec<Written>, StorageError> {
    let change = Change { reason, by, at };
    write(conn, targets, false, &change)
}

/// Takes targets that hold back, with a reason, and returns the versions that say so. The events are the caller's.
///
/// # Errors
/// What the database says.
pub fn withdraw(
    conn: &mut Conn,
    targets: &[Target],
    reason: &str,
    by: AccountId,
    at: i64,
) -> Result<Vec<Written>, StorageError> {
    let last: Vec<NewTarget> = targets.iter().map(NewTarget::from).collect();
    let change = Change { reason, by, at };
    write(conn, &last, true, &change)
}

/// The targets that hold for units that the scope covers: of those metrics, or of all; by unit, metric and day.
///
/// # Errors
/// What the database says.
pub fn of_units(
    conn: &mut Conn,
    scope: &Scope,
    units: &[Placed],
    metrics: Option<&[MetricId]>,
) -> Result<Vec<Target>, StorageError> {
    let seen = units
        .iter()
        .filter(|unit| scope.covers(&unit.path, None, None));
    let units: Vec<i64> = seen.map(|unit| unit.id.0).collect();
    held(conn, &units, metrics)
}

/// The targets that hold for a unit that the scope covers and for the units above it.
///
/// # Errors
/// What the database says.
pub fn of_line(
    conn: &mut Conn,
    scope: &Scope,
    unit: &Placed,
    metrics: Option<&[MetricId]>,
) -> Result<Vec<Target>, StorageError> {
    if !scope.covers(&unit.path, None, None) {
        return Ok(Vec::new());
    }
    let line: Vec<i64> = unit.lineage().iter().map(|id| id.0).collect();
    held(conn, &line, metrics)
}

fn held(
    conn: &mut Conn,
    units: &[i64],
    metrics: Option<&[MetricId]>,
) -> Result<Vec<Target>, StorageError> {
    let dialect = conn.dialect();
    let mut statement = sql(SELECT)
        .then(" WHERE t.is_current AND NOT t.withdrawn AND t.unit_id")
        .among_many(dialect, units);
    if let Some(metrics) = metrics {
        let metrics: Vec<i64> = metrics.iter().map(|metric| metric.0).collect();
        statement = statement.then(" AND t.metric_id").among(dialect, &metrics);
    }
    load(
        conn,
        statement.then(" ORDER BY t.unit_id, t.metric_id, t.due"),
    )
}

/// The targets that were handed down with tasks that a scope has shown, as they hold today; by unit, metric and day.
///
/// # Errors
/// What the database says.
pub fn of_tasks(conn: &mut Conn, tasks: &[Uuid]) -> Result<Vec<Target>, StorageError> {
    let dialect = conn.dialect();
    let tasks: Vec<&[u8]> = tasks.iter().map(|id| id.as_bytes().as_slice()).collect();
    load(
        conn,
        sql(SELECT)
            .then(" WHERE t.is_current AND NOT t.withdrawn AND t.task")
            .among_bytes(dialect, &tasks)
            .then(" ORDER BY t.unit_id, t.metric_id, t.due"),
    )
}

/// Every version of the targets of a unit that a scope has shown in a metric, of all days or of one: by day, the latest
/// version first.
///
/// # Errors
/// What the database says.
pub fn history(
    conn: &mut Conn,
    unit: UnitId,
    metric: MetricId,
    by: Option<NaiveDate>,
) -> Result<Vec<Version>, StorageError> {
    type VersionSql = (TargetSql, Bool, Text, Text, BigInt);
    type VersionRow = (TargetRow, bool, String, String, i64);
    let mut statement = sql(
        "SELECT t.metric_id, t.unit_id, t.due, t.value, t.comparison, t.tolerance, t.version, t.task, t.withdrawn, \
         t.reason, a.name, t.set_at FROM unit_target t JOIN account a ON a.id = t.set_by WHERE t.unit_id = ",
    )
    .big(unit.0)
    .then(" AND t.metric_id = ")
    .big(metric.0);
    if let Some(day) = by {
        statement = statement.then(" AND t.due = ").day(day);
    }
    let rows = conn.rows::<VersionSql, VersionRow>(
        statement.then(" ORDER BY t.due, t.version DESC LIMIT 500"),
    )?;
    rows.into_iter()
        .map(|(target, withdrawn, reason, set_by, set_at)| {
            Ok(Version {
                target: target.read()?,
                withdrawn,
                reason,
                set_by,
                set_at,
            })
        })
        .collect()
}

/// Who changes targets, when and why.
struct Change<'a> {
    reason: &'a str,
    by: AccountId,
    at: i64,
}

impl From<&Target> for NewTarget {
    fn from(target: &Target) -> NewTarget {
        NewTarget {
            metric: target.metric,
            unit: target.unit,
            by: target.by,
            value: target.value,
            comparison: target.comparison,
            task: target.task,
        }
    }
}

fn write(
    conn: &mut Conn,
    targets: &[NewTarget],
    withdrawn: bool,
    change: &Change<'_>,
) -> Result<Vec<Written>, StorageError> {
    conn.lock(Lock::Targets)?;
    let dialect = conn.dialect();
    let mut changed = Vec::new();
    for part in targets.chunks(BATCH) {
        let rows: Vec<serde_json::Value> = part.iter().map(row).collect();
        let rows = serde_json::Value::from(rows);
        conn.run(
            incoming(dialect, &rows)
                .then(
                    " UPDATE unit_target SET is_current = FALSE FROM incoming i WHERE unit_target.unit_id = i.unit_id \
                     AND unit_target.metric_id = i.metric_id AND unit_target.due = i.due AND unit_target.is_current \
                     AND (unit_target.value <> i.value OR unit_target.comparison <> i.comparison \
                     OR unit_target.tolerance <> i.tolerance OR unit_target.withdrawn <> ",
                )
                .flag(withdrawn)
                .then(" OR (i.task IS NOT NULL AND unit_target.task IS DISTINCT FROM i.task))"),
        )?;
        let written = conn.rows::<(Binary, BigInt), (Vec<u8>, i64)>(
            incoming(dialect, &rows)
                .then(
                    " INSERT INTO unit_target (public_id, unit_id, metric_id, due, version, home_shard, is_current, withdrawn, value, \
                     comparison, tolerance, reason, task, set_by, set_at) SELECT i.public_id, i.unit_id, i.metric_id, i.due, \
                     1 + coalesce((SELECT max(t.version) FROM unit_target t WHERE t.unit_id = i.unit_id \
                     AND t.metric_id = i.metric_id AND t.due = i.due), 0), u.home_shard, TRUE, ",
                )
                .flag(withdrawn)
                .then(", i.value, i.comparison, i.tolerance, ")
                .text(change.reason)
                .then(", i.task, ")
                .big(change.by.0)
                .then(", ")
                .big(change.at)
                .then(
                    " FROM incoming i JOIN unit u ON u.id = i.unit_id WHERE NOT EXISTS (SELECT 1 FROM unit_target t \
                     WHERE t.unit_id = i.unit_id AND t.metric_id = i.metric_id AND t.due = i.due AND t.is_current) \
                     RETURNING public_id, unit_id",
                ),
        )?;
        for (id, unit) in written {
            changed.push(Written {
                id: uuid_of(&id)?,
                unit: UnitId(unit),
            });
        }
    }
    Ok(changed)
}

fn row(target: &NewTarget) -> serde_json::Value {
    let (comparison, tolerance) = written(target.comparison);
    serde_json::json!([
        hex(Uuid::now_v7().as_bytes()),
        target.unit.0,
        target.metric.0,
        target.by.to_string(),
        target.value,
        comparison,
        tolerance,
        target.task.map(|id| hex(id.as_bytes()))
    ])
}

fn incoming(dialect: Dialect, rows: &serde_json::Value) -> Statement {
    let columns = [
        Column::Bytes,
        Column::Big,
        Column::Big,
        Column::Day,
        Column::Big,
        Column::Text,
        Column::Big,
        Column::Bytes,
    ];
    sql("WITH incoming (public_id, unit_id, metric_id, due, value, comparison, tolerance, task) AS (")
        .rows_of(dialect, &columns, rows)
        .then(")")
}

fn written(comparison: Aim) -> (&'static str, i64) {
    match comparison {
        Aim::AtLeast => ("at_least", 0),
        Aim::AtMost => ("at_most", 0),
        Aim::About { tolerance } => ("about", tolerance),
    }
}

fn read_aim(name: &str, tolerance: i64) -> Result<Aim, StorageError> {
    match name {
        "at_least" => Ok(Aim::AtLeast),
        "at_most" => Ok(Aim::AtMost),
        "about" => Ok(Aim::About { tolerance }),
        other => Err(StorageError::corrupt("comparison", other)),
    }
}

type TargetSql = (
    BigInt,
    BigInt,
    Date,
    BigInt,
    Text,
    BigInt,
    BigInt,
    Nullable<Binary>,
);

#[derive(Queryable)]
struct TargetRow {
    metric: i64,
    unit: i64,
    by: NaiveDate,
    value: i64,
    comparison: String,
    tolerance: i64,
    version: i64,
    task: Option<Vec<u8>>,
}

impl TargetRow {
    fn read(self) -> Result<Target, StorageError> {
        Ok(Target {
            metric: MetricId(self.metric),
            unit: UnitId(self.unit),
            by: self.by,
            value: self.value,
            comparison: read_aim(&self.comparison, self.tolerance)?,
            version: self.version,
            task: self.task.map(|id| uuid_of(&id)).transpose()?,
        })
    }
}

const SELECT: &str = "SELECT t.metric_id, t.unit_id, t.due, t.value, t.comparison, t.tolerance, t.version, t.task \
     FROM unit_target t";

fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<Target>, StorageError> {
    let rows = conn.rows::<TargetSql, TargetRow>(statement)?;
    rows.into_iter().map(TargetRow::read).collect()
}
