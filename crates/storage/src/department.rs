//! Departments of units, with the matters that each holds and the days on which it stands.

use crate::db::Conn;
use crate::error::StorageError;
use crate::grant::list as read_list;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use std::collections::BTreeMap;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::Scope;

/// A department of a unit.
#[derive(Debug, Clone)]
pub struct Department {
    /// Its number.
    pub id: i64,
    /// The unit.
    pub unit: UnitId,
    /// The code, as the programme names it.
    pub code: String,
    /// The name.
    pub name: String,
    /// The matters that it leads.
    pub matters: Vec<String>,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day on which it no longer stands.
    pub valid_to: NaiveDate,
    /// The number of its changes.
    pub revision: i64,
}

#[derive(Queryable)]
struct DepartmentRow {
    id: i64,
    unit: i64,
    code: String,
    name: String,
    matters: String,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    revision: i64,
}

type DepartmentSql = (BigInt, BigInt, Text, Text, Text, Date, Date, BigInt);

fn standing(today: NaiveDate) -> Statement {
    sql(
        "SELECT d.id, d.unit_id, d.code, d.name, d.matters, d.valid_from, d.valid_to, d.revision \
         FROM department d JOIN unit_placement p ON p.unit_id = d.unit_id WHERE p.valid_from <= ",
    )
    .day(today)
    .then(" AND p.valid_to > ")
    .day(today)
}

fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<Department>, StorageError> {
    let rows = conn.rows::<DepartmentSql, DepartmentRow>(statement)?;
    let read = |row: DepartmentRow| {
        Ok(Department {
            id: row.id,
            unit: UnitId(row.unit),
            code: row.code,
            name: row.name,
            matters: read_list("matters of a department", &row.matters)?,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            revision: row.revision,
        })
    };
    rows.into_iter().map(read).collect()
}

/// What a list of departments is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct DepartmentFilter {
    /// Part of the name.
    pub search: Option<String>,
    /// The path at or below which the unit stands.
    pub below: Option<String>,
    /// Only numbers after this one.
    pub after: i64,
    /// At most so many.
    pub limit: i64,
}

/// Departments within the scope that stand on that day, by number.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &DepartmentFilter,
    today: NaiveDate,
) -> Result<Vec<Department>, StorageError> {
    let mut statement = standing(today)
        .then(" AND d.valid_from <= ")
        .day(today)
        .then(" AND d.valid_to > ")
        .day(today)
        .then(" AND d.id > ")
        .big(filter.after);
    if let Some(search) = &filter.search {
        statement = statement.then(" AND ").holds("d.name", search);
    }
    if let Some(below) = &filter.below {
        statement = statement.under("p.path", below);
    }
    load(
        conn,
        statement
            .seen("p.path", scope, None, None)
            .then(" ORDER BY d.id LIMIT ")
            .big(filter.limit),
    )
}

/// The departments of units within the scope that have not ended.
///
/// # Errors
/// What the database says.
pub fn of_units(
    conn: &mut Conn,
    scope: &Scope,
    units: &[UnitId],
    today: NaiveDate,
) -> Result<Vec<Department>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    load(
        conn,
        standing(today)
            .then(" AND d.valid_to > ")
            .day(today)
            .then(" AND d.unit_id")
            .among(dialect, &ids)
            .seen("p.path", scope, None, None)
            .then(" ORDER BY d.id"),
    )
}

/// The codes of departments by their numbers.
///
/// # Errors
/// What the database says.
pub fn codes(conn: &mut Conn, ids: &[i64]) -> Result<BTreeMap<i64, String>, StorageError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let dialect = conn.dialect();
    let found = conn.rows::<(BigInt, Text), (i64, String)>(
        sql("SELECT id, code FROM department WHERE id").among(dialect, ids),
    )?;
    Ok(found.into_iter().collect())
}

/// Changes a department's name, matters and last day.
///
/// # Errors
/// What the database says.
pub fn update(conn: &mut Conn, department: &Department) -> Result<(), StorageError> {
    conn.run(
        sql("UPDATE department SET name = ")
            .text(department.name.as_str())
            .then(", matters = ")
            .text(serde_json::json!(department.matters).to_string())
            .then(", valid_to = ")
            .day(department.valid_to)
            .then(", revision = revision + 1 WHERE id = ")
            .big(department.id),
    )?;
    Ok(())
}

/// Makes a department of a unit.
///
/// # Errors
/// [`StorageError::Duplicate`] when the unit had one of that code from that day on.
pub fn create(
    conn: &mut Conn,
    unit: UnitId,
    (code, name): (&str, &str),
    matters: &[String],
    from: NaiveDate,
) -> Result<(), StorageError> {
    conn.run(insertion(unit, (code, name), matters, from))?;
    Ok(())
}

/// Makes a department as the package names it, or brings it up to date with the package; one that somebody has changed
/// stays as it was left.
///
/// # Errors
/// What the database says.
pub fn ensure(
    conn: &mut Conn,
    unit: UnitId,
    code: &str,
    name: &str,
    matters: &[String],
    from: NaiveDate,
) -> Result<(), StorageError> {
    conn.run(insertion(unit, (code, name), matters, from).then(
        " ON CONFLICT (unit_id, code, valid_from) DO UPDATE SET name = excluded.name, matters = excluded.matters \
         WHERE department.revision = 1",
    ))?;
    Ok(())
}

fn insertion(
    unit: UnitId,
    (code, name): (&str, &str),
    matters: &[String],
    from: NaiveDate,
) -> Statement {
    sql("INSERT INTO department (unit_id, code, name, matters, valid_from, valid_to) VALUES (")
        .big(unit.0)
        .then(", ")
        .text(code)
        .then(", ")
        .text(name)
        .then(", ")
        .text(serde_json::json!(matters).to_string())
        .then(", ")
        .day(from)
        .then(", ")
        .day(crate::unit::open_end())
        .then(")")
}
