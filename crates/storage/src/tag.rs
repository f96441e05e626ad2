//! Tags of units (单位标签).

use crate::db::Conn;
use crate::dialect::Column;
use crate::error::StorageError;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use crate::unit::open_end;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::policy::Scope;

/// A mark as stored.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Its number inside.
    pub id: i64,
    /// The unit.
    pub unit: UnitId,
    /// The tag.
    pub tag: String,
    /// Who decided it.
    pub authority: Option<String>,
    /// The number of the document.
    pub document_no: Option<String>,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day on which it holds no more.
    pub valid_to: Option<NaiveDate>,
    /// Why it was ended.
    pub end_reason: Option<String>,
}

/// What new marks have in common.
#[derive(Debug, Clone)]
pub struct NewMark<'a> {
    /// The tag.
    pub tag: &'a str,
    /// Who decided it.
    pub authority: Option<&'a str>,
    /// The number of the document.
    pub document_no: Option<&'a str>,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day on which it holds no more.
    pub valid_to: Option<NaiveDate>,
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy)]
pub struct MarkFilter<'a> {
    /// The tag.
    pub tag: Option<&'a str>,
    /// The path at or below which the units stand.
    pub below: Option<&'a str>,
    /// Only marks before that number.
    pub before: Option<i64>,
    /// How many rows.
    pub limit: i64,
}

type MarkSql = (
    BigInt,
    BigInt,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Date,
    Date,
    Nullable<Text>,
);

#[derive(Queryable)]
struct MarkRow {
    id: i64,
    unit: i64,
    tag: String,
    authority: Option<String>,
    document_no: Option<String>,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    end_reason: Option<String>,
}

const SELECT: &str = "SELECT g.id, g.unit_id, g.tag, g.authority, g.document_no, g.valid_from, g.valid_to, g.end_reason FROM unit_tag g";

fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<Mark>, StorageError> {
    let rows = conn.rows::<MarkSql, MarkRow>(statement)?;
    let read = |row: MarkRow| Mark {
        id: row.id,
        unit: UnitId(row.unit),
        tag: row.tag,
        authority: row.authority,
        document_no: row.document_no,
        valid_from: row.valid_from,
        valid_to: Some(row.valid_to).filter(|day| *day < open_end()),
        end_reason: row.end_reason,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// How many units that the scope covers carry each tag on a day.
///
/// # Errors
/// What the database says.
pub fn counts(
    conn: &mut Conn,
    scope: &Scope,
    day: NaiveDate,
) -> Result<Vec<(String, i64)>, StorageError> {
    conn.rows::<(Text, BigInt), (String, i64)>(
        sql("SELECT g.tag, count(*) FROM unit_tag g JOIN unit_placement p ON p.unit_id = g.unit_id AND p.valid_from <= ")
            .day(day)
            .then(" AND p.valid_to > ")
            .day(day)
            .then(" WHERE g.valid_from <= ")
            .day(day)
            .then(" AND g.valid_to > ")
            .day(day)
            .seen("p.path", scope, None, None)
            .then(" GROUP BY g.tag"),
    )
}

/// Marks of the units that the scope covers, the latest first.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: MarkFilter<'_>,
    today: NaiveDate,
) -> Result<Vec<Mark>, StorageError> {
    let mut statement = sql(SELECT)
        .then(" JOIN unit_placement p ON p.unit_id = g.unit_id AND ")
        .last_on("p", today)
        .then(" WHERE g.id < ")
        .big(filter.before.unwrap_or(i64::MAX))
        .seen("p.path", scope, None, None);
    if let Some(tag) = filter.tag {
        statement = statement.then(" AND g.tag = ").text(tag);
    }
    if let Some(path) = filter.below {
        statement = statement.under("p.path", path);
    }
    load(
        conn,
        statement
            .then(" ORDER BY g.id DESC LIMIT ")
            .big(filter.limit),
    )
}

/// The marks of a tag that units have, units that a scope has shown.
///
/// # Errors
/// What the database says.
pub fn held(conn: &mut Conn, tag: &str, units: &[UnitId]) -> Result<Vec<Mark>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let statement = sql(SELECT)
        .then(" WHERE g.tag = ")
        .text(tag)
        .then(" AND g.unit_id")
        .among(dialect, &ids)
        .then(" ORDER BY g.id");
    load(conn, statement)
}

/// Marks units.
///
/// # Errors
/// What the database says.
pub fn add(
    conn: &mut Conn,
    new: &NewMark<'_>,
    units: &[UnitId],
    by: AccountId,
    now: i64,
) -> Result<(), StorageError> {
    let until = new.valid_to.unwrap_or_else(open_end);
    let rows: Vec<serde_json::Value> = units
        .iter()
        .map(|unit| {
            serde_json::json!([
                unit.0,
                new.tag,
                new.authority,
                new.document_no,
                new.valid_from.to_string(),
                until.to_string(),
                by.0,
                now
            ])
        })
        .collect();
    let (big, text, day) = (Column::Big, Column::Text, Column::Day);
    let dialect = conn.dialect();
    conn.run(
        sql("INSERT INTO unit_tag (unit_id, tag, authority, document_no, valid_from, valid_to, set_by, set_at) ")
            .rows_of(
                dialect,
                &[big, text, text, text, day, day, big, big],
                &serde_json::Value::from(rows),
            ),
    )?;
    Ok(())
}

/// Ends marks on a day; a mark that would have no day is taken away.
///
/// # Errors
/// What the database says.
pub fn end(
    conn: &mut Conn,
    marks: &[i64],
    day: NaiveDate,
    reason: &str,
) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    conn.run(
        sql("DELETE FROM unit_tag WHERE valid_from >= ")
            .day(day)
            .then(" AND id")
            .among(dialect, marks),
    )?;
    conn.run(
        sql("UPDATE unit_tag SET valid_to = ")
            .day(day)
            .then(", end_reason = ")
            .text(reason)
            .then(" WHERE id")
            .among(dialect, marks),
    )?;
    Ok(())
}
