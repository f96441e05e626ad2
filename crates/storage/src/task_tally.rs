//! How many tasks below a unit stand where: counted from the units directly below, from the bottom up, so that counting
//! twice changes nothing and nobody reads the leaves.

use crate::db::Conn;
use crate::dialect::{Column, Lock};
use crate::error::StorageError;
use crate::placement;
use crate::report::period_of;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use crate::task::{level_of, state_of};
use crate::unit::Placed;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Text};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::task::TaskState;
use zhenxing_domain::unit::Level;

/// Queues units above whose tasks are to be counted again for a matter and a period.
///
/// # Errors
/// What the database says.
pub fn queue(
    conn: &mut Conn,
    units: &BTreeSet<UnitId>,
    matter: &str,
    period: Period,
) -> Result<(), StorageError> {
    let rows: Vec<serde_json::Value> = units
        .iter()
        .map(|unit| serde_json::json!([unit.0, matter, period.key()]))
        .collect();
    let dialect = conn.dialect();
    conn.run(
        sql("INSERT INTO task_queue (unit_id, matter, period) ").rows_of(
            dialect,
            &[Column::Big, Column::Text, Column::Int],
            &serde_json::Value::from(rows),
        ),
    )?;
    Ok(())
}

/// Queues units for everything that was ever handed down: the tree has changed around them.
///
/// # Errors
/// What the database says.
pub fn queue_all(conn: &mut Conn, units: &[UnitId]) -> Result<(), StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    conn.run(
        sql("INSERT INTO task_queue (unit_id, matter, period) SELECT u.id, h.matter, h.period FROM unit u \
             CROSS JOIN (SELECT DISTINCT matter, period FROM hand_down) h WHERE u.id")
            .among(dialect, &ids),
    )?;
    Ok(())
}

/// Queues every unit above villages for everything that was ever handed down, where units were placed anew between two
/// days: what was planned has come.
///
/// # Errors
/// What the database says.
pub fn queue_placed(
    conn: &mut Conn,
    after: NaiveDate,
    until: NaiveDate,
) -> Result<(), StorageError> {
    conn.run(
        sql("INSERT INTO task_queue (unit_id, matter, period) SELECT u.id, h.matter, h.period FROM unit u \
             CROSS JOIN (SELECT DISTINCT matter, period FROM hand_down) h WHERE u.level <> 'village' \
             AND EXISTS (SELECT 1 FROM unit_placement p WHERE p.valid_from > ")
        .day(after)
        .then(" AND p.valid_from <= ")
        .day(until)
        .then(" AND p.begun_by IS NOT NULL)"),
    )?;
    Ok(())
}

/// Whether anything waits to be counted.
///
/// # Errors
/// What the database says.
pub fn any_queued(conn: &mut Conn) -> Result<bool, StorageError> {
    let found = conn.first::<BigInt, i64>(sql("SELECT id FROM task_queue ORDER BY id LIMIT 1"))?;
    Ok(found.is_some())
}

/// Claims at most so many queued rows and counts what they touch; returns how many rows it took.
///
/// # Errors
/// What the database says.
pub fn fold(conn: &mut Conn, limit: i64, today: NaiveDate) -> Result<usize, StorageError> {
    conn.lock(Lock::Tasks)?;
    type Row = (i64, i64, String, i32);
    let queued = conn.rows::<(BigInt, BigInt, Text, Integer), Row>(
        sql("SELECT id, unit_id, matter, period FROM task_queue ORDER BY id LIMIT ").big(limit),
    )?;
    if queued.is_empty() {
        return Ok(0);
    }
    let mut work: BTreeMap<(&str, i32), BTreeSet<UnitId>> = BTreeMap::new();
    for (_, unit, matter, period) in &queued {
        work.entry((matter, *period))
            .or_default()
            .insert(UnitId(*unit));
    }
    for ((matter, period), units) in work {
        recount(conn, matter, period, &units, today)?;
    }
    let ids: Vec<i64> = queued.iter().map(|row| row.0).collect();
    let dialect = conn.dialect();
    conn.run(sql("DELETE FROM task_queue WHERE id").among(dialect, &ids))?;
    Ok(ids.len())
}

/// Counts the units and all above them, from the bottom up.
fn recount(
    conn: &mut Conn,
    matter: &str,
    period: i32,
    units: &BTreeSet<UnitId>,
    today: NaiveDate,
) -> Result<(), StorageError> {
    let all = placement::last_with_those_above(conn, units, today)?;
    for level in [Level::Township, Level::County, Level::City] {
        let group = all.iter().filter(|unit| unit.level == level);
        let ids: Vec<i64> = group.map(|unit| unit.id.0).collect();
        if !ids.is_empty() {
            recount_group(conn, matter, period, &ids, today)?;
        }
    }
    Ok(())
}

fn recount_group(
    conn: &mut Conn,
    matter: &str,
    period: i32,
    ids: &[i64],
    today: NaiveDate,
) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    let of_matter = |statement: Statement, unit: &'static str| {
        statement
            .then(" matter = ")
            .text(matter)
            .then(" AND period = ")
            .int(period)
            .then(" AND ")
            .then(unit)
            .among(dialect, ids)
    };
    conn.run(of_matter(sql("DELETE FROM task_tally WHERE"), "unit_id"))?;
    let own = sql(
        "INSERT INTO task_tally (unit_id, parent_id, matter, period, level, due, state, tasks) \
         SELECT x.unit_id, coalesce(q.parent_id, 0), x.matter, x.period, x.level, x.due, x.state, CAST(sum(x.tasks) AS BIGINT) FROM (\
         SELECT p.parent_id AS unit_id, t.matter, t.period, t.level, t.due, t.state, count(*) AS tasks \
         FROM unit_placement p JOIN task t ON t.unit_id = p.unit_id WHERE ",
    )
    .last_on("p", today)
    .then(" AND");
    let below = of_matter(own, "p.parent_id")
        .then(
            " GROUP BY p.parent_id, t.matter, t.period, t.level, t.due, t.state UNION ALL \
             SELECT p.parent_id, y.matter, y.period, y.level, y.due, y.state, y.tasks \
             FROM unit_placement p JOIN task_tally y ON y.unit_id = p.unit_id WHERE ",
        )
        .last_on("p", today)
        .then(" AND");
    let statement = of_matter(below, "p.parent_id")
        .then(") x JOIN unit_placement q ON q.unit_id = x.unit_id AND ")
        .last_on("q", today)
        .then(" GROUP BY x.unit_id, q.parent_id, x.matter, x.period, x.level, x.due, x.state");
    conn.run(statement)?;
    Ok(())
}

/// So many tasks of one level below a unit that are due on one day and stand alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The unit below which they are.
    pub unit: UnitId,
    /// The matter's code.
    pub matter: String,
    /// The period.
    pub period: Period,
    /// Their level.
    pub level: Level,
    /// Their due day.
    pub due: NaiveDate,
    /// Where they stand.
    pub state: TaskState,
    /// How many.
    pub tasks: i64,
}

type CountSql = (BigInt, Text, Integer, Text, Date, Text, BigInt);

#[derive(Queryable)]
struct CountRow {
    unit: i64,
    matter: String,
    period: i32,
    level: String,
    due: NaiveDate,
    state: String,
    tasks: i64,
}

fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<Count>, StorageError> {
    let rows = conn.rows::<CountSql, CountRow>(statement)?;
    rows.into_iter()
        .map(|row| {
            Ok(Count {
                unit: UnitId(row.unit),
                matter: row.matter,
                period: period_of(row.period)?,
                level: level_of(&row.level)?,
                due: row.due,
                state: state_of(&row.state)?,
                tasks: row.tasks,
            })
        })
        .collect()
}

/// What is counted below a unit that a scope has shown, and below each unit directly below it, for a matter and a period.
///
/// # Errors
/// What the database says.
pub fn of_matter(
    conn: &mut Conn,
    unit: UnitId,
    matter: &str,
    period: Period,
) -> Result<Vec<Count>, StorageError> {
    const SELECT: &str =
        "SELECT unit_id, matter, period, level, due, state, tasks FROM task_tally WHERE period = ";
    let of = |begun: Statement, column: &'static str| {
        begun
            .int(period.key())
            .then(" AND matter = ")
            .text(matter)
            .then(column)
            .big(unit.0)
    };
    let own = of(sql(SELECT), " AND unit_id = ")
        .then(" UNION ALL ")
        .then(SELECT);
    load(conn, of(own, " AND parent_id = "))
}

/// What is counted below a unit that a scope has shown and what it has itself, for all matters of the scope and, where
/// asked for, one year.
///
/// # Errors
/// What the database says.
pub fn of_unit(
    conn: &mut Conn,
    scope: &Scope,
    unit: &Placed,
    year: Option<u16>,
) -> Result<Vec<Count>, StorageError> {
    // Periods of a year have numbers that begin with it.
    let narrowed = |statement: Statement| match year.map(i32::from) {
        None => statement,
        Some(year) => statement
            .then(" AND x.period >= ")
            .int(year * 1000)
            .then(" AND x.period < ")
            .int((year + 1) * 1000),
    };
    let below = sql("SELECT x.unit_id, x.matter, x.period, x.level, x.due, x.state, x.tasks FROM task_tally x WHERE x.unit_id = ")
        .big(unit.id.0);
    let own = narrowed(below)
        .then(" UNION ALL SELECT x.unit_id, x.matter, x.period, x.level, x.due, x.state, CAST(1 AS BIGINT) FROM task x WHERE x.unit_id = ")
        .big(unit.id.0);
    let found = load(conn, narrowed(own))?;
    Ok(found
        .into_iter()
        .filter(|count| scope.covers(&unit.path, Some(&count.matter), None))
        .collect())
}
