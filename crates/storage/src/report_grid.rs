//! Reports of many units of one form and period, side by side.

use crate::db::Conn;
use crate::error::StorageError;
use crate::report::{
    Due, DueFilter, Report, due_where, granted, load, standing, state_of, uuid_of,
};
use crate::scope::Seen;
use crate::sql::sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Date, Nullable, Text};
use uuid::Uuid;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;

/// A unit that is expected to report, with what it reports and what was approved for the period before.
#[derive(Debug, Clone)]
pub struct GridRow {
    /// The unit with its report's number and state.
    pub due: Due,
    /// The unit's path of today.
    pub path: String,
    /// What the report holds, once it was begun.
    pub sheet: Option<Sheet>,
    /// The values approved last before the period.
    pub previous: Option<String>,
}

/// What a report of the grid holds.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Grows with every change.
    pub revision: i64,
    /// Whether something approved is being changed.
    pub revising: bool,
    /// Who filled it in last.
    pub filled_by: AccountId,
    /// The values as canonical JSON.
    pub values: String,
    /// Explanations by rule as JSON.
    pub explanations: String,
    /// Why it was returned or opened again.
    pub reason: Option<String>,
    /// Reasons by field as JSON.
    pub field_reasons: String,
    /// The source document.
    pub source_document: Option<String>,
}

type GridSql = (
    Text,
    Text,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Binary>,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Bool>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Date>,
);

#[derive(Queryable)]
struct GridSqlRow {
    code: String,
    name: String,
    level: String,
    path: String,
    parent_name: Option<String>,
    id: Option<Vec<u8>>,
    state: Option<String>,
    revision: Option<i64>,
    revising: Option<bool>,
    filled_by: Option<i64>,
    values: Option<String>,
    explanations: Option<String>,
    field_reasons: Option<String>,
    reason: Option<String>,
    source_document: Option<String>,
    previous: Option<String>,
    granted: Option<NaiveDate>,
}

impl GridSqlRow {
    fn read(self) -> Result<GridRow, StorageError> {
        let report = match (&self.id, &self.state) {
            (Some(id), Some(state)) => Some((uuid_of(id)?, state_of(state)?)),
            _ => None,
        };
        let sheet = report.map(|_| Sheet {
            revision: self.revision.unwrap_or_default(),
            revising: self.revising.unwrap_or_default(),
            filled_by: AccountId(self.filled_by.unwrap_or_default()),
            values: self.values.unwrap_or_default(),
            explanations: self.explanations.unwrap_or_default(),
            reason: self.reason,
            field_reasons: self.field_reasons.unwrap_or_default(),
            source_document: self.source_document,
        });
        Ok(GridRow {
            due: Due {
                code: self.code,
                name: self.name,
                level: self.level,
                parent_name: self.parent_name,
                report,
                granted: self.granted,
            },
            path: self.path,
            sheet,
            previous: self.previous,
        })
    }
}

/// The units within the scope that are expected to report, by code, with their reports: one statement.
///
/// # Errors
/// What the database says.
pub fn grid(
    conn: &mut Conn,
    scope: &Scope,
    filter: &DueFilter<'_>,
    today: NaiveDate,
) -> Result<Vec<GridRow>, StorageError> {
    let begin = sql(
        "SELECT p.code, p.name, u.level, t.path, a.name, r.public_id, r.state, r.revision, r.revising, r.filled_by, \
         r.field_values, r.explanations, r.field_reasons, r.reason, r.source_document, b.approved_values, ",
    );
    let begin = granted(begin, filter).then(
        " FROM unit_placement p JOIN unit u ON u.id = p.unit_id \
         LEFT JOIN report b ON b.unit_id = p.unit_id AND b.form = ",
    )
    .text(filter.form)
    .then(
        " AND b.period = (SELECT max(l.period) FROM report l WHERE l.unit_id = p.unit_id AND l.form = ",
    )
    .text(filter.form)
    .then(" AND l.approved_values IS NOT NULL AND l.period < ")
    .int(filter.period.key())
    .then(")");
    let statement = due_where(begin, conn.dialect(), scope, filter, today);
    let rows = conn.rows::<GridSql, GridSqlRow>(statement)?;
    let mut grid = rows
        .into_iter()
        .map(GridSqlRow::read)
        .collect::<Result<Vec<_>, _>>()?;
    for row in &mut grid {
        let (path, matter) = (row.path.as_str(), Some(filter.matter));
        row.sheet
            .take_if(|sheet| !scope.covers(path, matter, Some(sheet.filled_by)));
    }
    Ok(grid)
}

/// The reports of units for a form and a period that the scope covers.
///
/// # Errors
/// What the database says.
pub fn of_units(
    conn: &mut Conn,
    scope: &Scope,
    units: &[UnitId],
    form: &str,
    period: Period,
    today: NaiveDate,
) -> Result<Vec<Report>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let found = load(
        conn,
        standing(today)
            .then(" AND r.form = ")
            .text(form)
            .then(" AND r.period = ")
            .int(period.key())
            .then(" AND r.unit_id")
            .among(dialect, &ids),
    )?;
    Ok(covered(found, scope))
}

/// The reports of units that were approved last for a form before a period, as far as the scope covers them.
///
/// # Errors
/// What the database says.
pub fn approved_before(
    conn: &mut Conn,
    scope: &Scope,
    units: &[UnitId],
    form: &str,
    period: Period,
    today: NaiveDate,
) -> Result<Vec<Report>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let found = load(
        conn,
        standing(today)
            .then(" AND r.form = ")
            .text(form)
            .then(" AND r.unit_id")
            .among(dialect, &ids)
            .then(
                " AND r.period = (SELECT max(l.period) FROM report l WHERE l.unit_id = r.unit_id \
                 AND l.form = r.form AND l.approved_values IS NOT NULL AND l.period < ",
            )
            .int(period.key())
            .then(")"),
    )?;
    Ok(covered(found, scope))
}

/// The reports of those numbers that the scope covers.
///
/// # Errors
/// What the database says.
pub fn by_numbers(
    conn: &mut Conn,
    scope: &Scope,
    numbers: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<Report>, StorageError> {
    let bytes: Vec<&[u8]> = numbers
        .iter()
        .map(|number| number.as_bytes().as_slice())
        .collect();
    let dialect = conn.dialect();
    let found = load(
        conn,
        standing(today)
            .then(" AND r.public_id")
            .among_bytes(dialect, &bytes),
    )?;
    Ok(covered(found, scope))
}

fn covered(found: Vec<Report>, scope: &Scope) -> Vec<Report> {
    let seen =
        |report: &Report| scope.covers(&report.path, Some(&report.matter), Some(report.filled_by));
    found.into_iter().filter(seen).collect()
}

/// What the units directly below another hold for a form and a period, as far as the scope covers it and it was submitted
/// or approved: the unit, its state, its values and the values approved last.
///
/// # Errors
/// What the database says.
pub fn neighbours(
    conn: &mut Conn,
    scope: &Scope,
    parent: UnitId,
    report: &Report,
    today: NaiveDate,
) -> Result<Vec<Report>, StorageError> {
    load(
        conn,
        standing(today)
            .then(" AND p.parent_id = ")
            .big(parent.0)
            .then(" AND r.form = ")
            .text(report.form.as_str())
            .then(" AND r.period = ")
            .int(report.period.key())
            .then(" AND r.id <> ")
            .big(report.id)
            .seen("p.path", scope, Some(&report.matter), Some("r.filled_by")),
    )
}
