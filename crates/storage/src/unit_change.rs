//! Changes of the tree as they were made, and what stands under way at the units that they concern.

use crate::db::Conn;
use crate::error::StorageError;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Date, Integer, Nullable, Text};
use uuid::Uuid;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::policy::Scope;
use zhenxing_domain::report::ReportState;

/// A change that is to be kept.
#[derive(Debug, Clone)]
pub struct NewChange {
    /// Its number outside.
    pub public_id: Uuid,
    /// What kind of change.
    pub kind: &'static str,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first of the units that it names, or what stands above it today: who sees that sees the change.
    pub unit: UnitId,
    /// As it was asked for, as JSON.
    pub asked: String,
    /// What it does, as JSON.
    pub effect: String,
    /// Who makes it; nobody for the system's own.
    pub account: Option<AccountId>,
    /// When.
    pub created_at: i64,
}

/// Keeps a change and returns its number inside.
///
/// # Errors
/// What the database says.
pub fn insert(conn: &mut Conn, new: &NewChange) -> Result<i64, StorageError> {
    conn.first::<BigInt, i64>(
        sql("INSERT INTO unit_change (public_id, kind, valid_from, unit_id, asked, effect, account_id, created_at) VALUES (")
            .bytes(new.public_id.as_bytes().as_slice())
            .then(", ")
            .text(new.kind)
            .then(", ")
            .day(new.valid_from)
            .then(", ")
            .big(new.unit.0)
            .then(", ")
            .text(new.asked.as_str())
            .then(", ")
            .text(new.effect.as_str())
            .then(", ")
            .maybe_big(new.account.map(|account| account.0))
            .then(", ")
            .big(new.created_at)
            .then(") RETURNING id"),
    )?
    .ok_or_else(|| StorageError::corrupt("unit change", "no number came back"))
}

/// A change as stored.
#[derive(Debug, Clone, Queryable)]
pub struct Stored {
    /// Its number inside.
    pub id: i64,
    /// Its number outside.
    pub public_id: Vec<u8>,
    /// What kind of change.
    pub kind: String,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first of the units that it names.
    pub unit: i64,
    /// As it was asked for, as JSON.
    pub asked: String,
    /// What it does, as JSON.
    pub effect: String,
    /// The name of the account that made it.
    pub by: Option<String>,
    /// When.
    pub created_at: i64,
    /// When it was taken back.
    pub withdrawn_at: Option<i64>,
    /// Why it was taken back.
    pub withdrawn_reason: Option<String>,
}

type StoredSql = (
    BigInt,
    Binary,
    Text,
    Date,
    BigInt,
    Text,
    Text,
    Nullable<Text>,
    BigInt,
    Nullable<BigInt>,
    Nullable<Text>,
);

fn select(today: NaiveDate, scope: &Scope) -> Statement {
    sql("SELECT c.id, c.public_id, c.kind, c.valid_from, c.unit_id, c.asked, c.effect, w.name, c.created_at, \
         c.withdrawn_at, c.withdrawn_reason FROM unit_change c \
         JOIN unit_placement p ON p.unit_id = c.unit_id AND ")
    .last_on("p", today)
    .then(" LEFT JOIN account w ON w.id = c.account_id WHERE 1 = 1")
    .seen("p.path", scope, None, None)
}

/// What a list of changes is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct ChangeFilter {
    /// The unit at or below whose path the changed ones stand.
    pub below: Option<String>,
    /// Withdrawn ones only, or the others only.
    pub withdrawn: Option<bool>,
    /// From which day on they begin.
    pub first: Option<NaiveDate>,
    /// Until which day they begin.
    pub last: Option<NaiveDate>,
    /// Only changes before this one: first day and number inside.
    pub before: Option<(NaiveDate, i64)>,
    /// At most so many.
    pub limit: i64,
}

/// Changes within the scope, the latest day first.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &ChangeFilter,
    today: NaiveDate,
) -> Result<Vec<Stored>, StorageError> {
    let mut statement = select(today, scope);
    if let Some(path) = &filter.below {
        statement = statement.under("p.path", path);
    }
    statement = match filter.withdrawn {
        None => statement,
        Some(true) => statement.then(" AND c.withdrawn_at IS NOT NULL"),
        Some(false) => statement.then(" AND c.withdrawn_at IS NULL"),
    };
    if let Some(day) = filter.first {
        statement = statement.then(" AND c.valid_from >= ").day(day);
    }
    if let Some(day) = filter.last {
        statement = statement.then(" AND c.valid_from <= ").day(day);
    }
    if let Some((day, id)) = filter.before {
        statement = statement
            .then(" AND (c.valid_from < ")
            .day(day)
            .then(" OR c.valid_from = ")
            .day(day)
            .then(" AND c.id < ")
            .big(id)
            .then(")");
    }
    conn.rows::<StoredSql, Stored>(
        statement
            .then(" ORDER BY c.valid_from DESC, c.id DESC LIMIT ")
            .big(filter.limit),
    )
}

/// The change of that number, if the scope covers its first unit.
///
/// # Errors
/// What the database says.
pub fn get(
    conn: &mut Conn,
    scope: &Scope,
    id: Uuid,
    today: NaiveDate,
) -> Result<Option<Stored>, StorageError> {
    conn.first::<StoredSql, Stored>(select(today, scope).numbered("c.public_id", id))
}

/// Notes that a change was taken back; false when it was before.
///
/// # Errors
/// What the database says.
pub fn withdraw(
    conn: &mut Conn,
    id: i64,
    by: AccountId,
    reason: &str,
    now: i64,
) -> Result<bool, StorageError> {
    let touched = conn.run(
        sql("UPDATE unit_change SET withdrawn_at = ")
            .big(now)
            .then(", withdrawn_by = ")
            .big(by.0)
            .then(", withdrawn_reason = ")
            .text(reason)
            .then(" WHERE withdrawn_at IS NULL AND id = ")
            .big(id),
    )?;
    Ok(touched == 1)
}

/// The forms' periods with whether they are locked.
///
/// # Errors
/// What the database says.
pub fn periods(conn: &mut Conn) -> Result<Vec<(String, i32, bool)>, StorageError> {
    conn.rows::<(Text, Integer, Bool), (String, i32, bool)>(sql(
        "SELECT form, period, locked FROM form_period ORDER BY form, period",
    ))
}

fn numbers(units: &[UnitId]) -> Vec<i64> {
    units.iter().map(|unit| unit.0).collect()
}

/// An account by its name, its person's name and its unit's number.
pub type AccountAt = (String, String, i64);

/// How many active accounts the units have that the scope covers, and the first of them with their units' numbers.
///
/// # Errors
/// What the database says.
pub fn accounts_at(
    conn: &mut Conn,
    scope: &Scope,
    units: &[UnitId],
    limit: i64,
    day: NaiveDate,
) -> Result<(i64, Vec<AccountAt>), StorageError> {
    if units.is_empty() {
        return Ok((0, Vec::new()));
    }
    let dialect = conn.dialect();
    let narrowed = |begun: Statement| {
        begun
            .then(" FROM account c JOIN unit_placement p ON p.unit_id = c.unit_id WHERE ")
            .last_on("p", day)
            .then(" AND c.active = ")
            .flag(true)
            .then(" AND c.unit_id")
            .among(dialect, &numbers(units))
            .seen("p.path", scope, None, None)
    };
    let count = conn.first::<BigInt, i64>(narrowed(sql("SELECT count(*)")))?;
    let rows = conn.rows::<(Text, Text, BigInt), AccountAt>(
        narrowed(sql("SELECT c.login, c.name, c.unit_id"))
            .then(" ORDER BY c.login LIMIT ")
            .big(limit),
    )?;
    Ok((count.unwrap_or(0), rows))
}

/// A report that is under way.
pub type Open = (Uuid, String, i32, i64, ReportState);

/// How many reports of units that the scope covers are not approved yet, and the first of them.
///
/// # Errors
/// What the database says.
pub fn open_reports(
    conn: &mut Conn,
    scope: &Scope,
    units: &[UnitId],
    limit: i64,
    day: NaiveDate,
) -> Result<(i64, Vec<Open>), StorageError> {
    type OpenSql = (Binary, Text, Integer, BigInt, Text);
    type OpenRow = (Vec<u8>, String, i32, i64, String);
    if units.is_empty() {
        return Ok((0, Vec::new()));
    }
    let dialect = conn.dialect();
    let narrowed = |begun: Statement| {
        begun
            .then(" FROM report r JOIN unit_placement p ON p.unit_id = r.unit_id WHERE ")
            .last_on("p", day)
            .then(" AND r.state <> ")
            .text(ReportState::Approved.as_str())
            .then(" AND r.unit_id")
            .among(dialect, &numbers(units))
            .seen("p.path", scope, None, None)
    };
    let count = conn.first::<BigInt, i64>(narrowed(sql("SELECT count(*)")))?;
    let rows = conn.rows::<OpenSql, OpenRow>(
        narrowed(sql(
            "SELECT r.public_id, r.form, r.period, r.unit_id, r.state",
        ))
        .then(" ORDER BY r.period DESC, r.form, p.code LIMIT ")
        .big(limit),
    )?;
    let read = |row: OpenRow| {
        let id = Uuid::from_slice(&row.0);
        let id = id.map_err(|error| StorageError::corrupt("report number", error))?;
        let state = ReportState::parse(&row.4);
        let state = state.ok_or_else(|| StorageError::corrupt("state", &row.4))?;
        Ok((id, row.1, row.2, row.3, state))
    };
    let rows: Result<Vec<Open>, StorageError> = rows.into_iter().map(read).collect();
    Ok((count.unwrap_or(0), rows?))
}
