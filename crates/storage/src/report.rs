//! Reports and their versions.

use crate::db::Conn;
use crate::dialect::Dialect;
use crate::error::StorageError;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Date, Integer, Nullable, Text};
use uuid::Uuid;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::package::FormDef;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::report::ReportState;
use zhenxing_domain::unit::UnitKind;

/// A report as stored, with its unit as it stands today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its number inside.
    pub id: i64,
    /// Its number outside.
    pub public_id: Uuid,
    /// The form's code.
    pub form: String,
    /// The matter's code.
    pub matter: String,
    /// The unit.
    pub unit: UnitId,
    /// The unit's path of today.
    pub path: String,
    /// The period.
    pub period: Period,
    /// Where it stands.
    pub state: ReportState,
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
    /// The values approved last.
    pub approved_values: Option<String>,
    /// Why it was returned or opened again.
    pub reason: Option<String>,
    /// Reasons by field as JSON.
    pub field_reasons: String,
    /// How many things are to be looked at: explained rules, big jumps, lateness.
    pub exceptions: i32,
    /// Whether it was submitted first after its due day (补报).
    pub late: bool,
    /// The headline figure.
    pub headline: Option<i64>,
    /// Where figures of past years come from (来源文件).
    pub source_document: Option<String>,
    /// When it was submitted last.
    pub submitted_at: Option<i64>,
    /// When it was changed last.
    pub updated_at: i64,
}

type ReportSql = (
    BigInt,
    Binary,
    Text,
    Text,
    BigInt,
    Text,
    Integer,
    Text,
    BigInt,
    Bool,
    BigInt,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Text,
    Integer,
    Bool,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<BigInt>,
    BigInt,
);

#[derive(Queryable)]
struct ReportRow {
    id: i64,
    public_id: Vec<u8>,
    form: String,
    matter: String,
    unit: i64,
    path: String,
    period: i32,
    state: String,
    revision: i64,
    revising: bool,
    filled_by: i64,
    values: String,
    explanations: String,
    approved_values: Option<String>,
    reason: Option<String>,
    field_reasons: String,
    exceptions: i32,
    late: bool,
    headline: Option<i64>,
    source_document: Option<String>,
    submitted_at: Option<i64>,
    updated_at: i64,
}

pub(crate) fn state_of(text: &str) -> Result<ReportState, StorageError> {
    ReportState::parse(text).ok_or_else(|| StorageError::corrupt("state", text))
}

pub(crate) fn uuid_of(bytes: &[u8]) -> Result<Uuid, StorageError> {
    Uuid::from_slice(bytes).map_err(|error| StorageError::corrupt("report number", error))
}

pub(crate) fn period_of(key: i32) -> Result<Period, StorageError> {
    Period::from_key(key).map_err(|error| StorageError::corrupt("period", error))
}

impl ReportRow {
    fn read(self) -> Result<Report, StorageError> {
        Ok(Report {
            id: self.id,
            public_id: uuid_of(&self.public_id)?,
            form: self.form,
            matter: self.matter,
            unit: UnitId(self.unit),
            path: self.path,
            period: period_of(self.period)?,
            state: state_of(&self.state)?,
            revision: self.revision,
            revising: self.revising,
            filled_by: AccountId(self.filled_by),
            values: self.values,
            explanations: self.explanations,
            approved_values: self.approved_values,
            reason: self.reason,
            field_reasons: self.field_reasons,
            exceptions: self.exceptions,
            late: self.late,
            headline: self.headline,
            source_document: self.source_document,
            submitted_at: self.submitted_at,
            updated_at: self.updated_at,
        })
    }
}

const SELECT: &str = "SELECT r.id, r.public_id, r.form, r.matter, r.unit_id, p.path, r.period, r.state, r.revision, \
     r.revising, r.filled_by, r.field_values, r.explanations, r.approved_values, r.reason, r.field_reasons, \
     r.exceptions, r.late, r.headline, r.source_document, r.submitted_at, r.updated_at \
     FROM report r JOIN unit_placement p ON p.unit_id = r.unit_id WHERE ";

pub(crate) fn standing(today: NaiveDate) -> Statement {
    sql(SELECT).last_on("p", today)
}

pub(crate) fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<Report>, StorageError> {
    let rows = conn.rows::<ReportSql, ReportRow>(statement)?;
    rows.into_iter().map(ReportRow::read).collect()
}

/// The report of that number, if the scope covers it.
///
/// # Errors
/// What the database says.
pub fn get(
    conn: &mut Conn,
    scope: &Scope,
    id: Uuid,
    today: NaiveDate,
) -> Result<Option<Report>, StorageError> {
    let found = load(conn, standing(today).numbered("r.public_id", id))?;
    Ok(found
        .into_iter()
        .find(|report| scope.covers(&report.path, Some(&report.matter), Some(report.filled_by))))
}

/// The numbers of the reports of units for a form and a period.
///
/// # Errors
/// What the database says.
pub fn numbers_of_units(
    conn: &mut Conn,
    scope: &Scope,
    units: &[UnitId],
    form: &FormDef,
    period: Period,
    today: NaiveDate,
) -> Result<Vec<(UnitId, Uuid)>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let rows = conn.rows::<(BigInt, Binary), (i64, Vec<u8>)>(
        sql("SELECT r.unit_id, r.public_id FROM report r JOIN unit_placement p ON p.unit_id = r.unit_id \
             WHERE ")
        .last_on("p", today)
        .then(" AND r.form = ")
        .text(form.code.as_str())
        .then(" AND r.period = ")
        .int(period.key())
        .then(" AND r.unit_id")
        .among(dialect, &ids)
        .seen("p.path", scope, Some(&form.matter), Some("r.filled_by")),
    )?;
    rows.into_iter()
        .map(|(unit, id)| Ok((UnitId(unit), uuid_of(&id)?)))
        .collect()
}

/// What a list of reports is narrowed to.
#[derive(Debug, Clone)]
pub struct ReportFilter {
    /// The form; its matter decides what the scope covers.
    pub form: String,
    /// The form's matter.
    pub matter: String,
    /// The period.
    pub period: Period,
    /// The path under which the units stand.
    pub below: Option<String>,
    /// The state.
    pub state: Option<ReportState>,
    /// Only those with something to be looked at, or only those without.
    pub exceptions: Option<bool>,
    /// Only late ones (补报), or only those in time.
    pub late: Option<bool>,
    /// Only reports after this one: exceptions and number inside.
    pub after: Option<(i32, i64)>,
    /// At most so many.
    pub limit: i64,
}

/// Reports within the scope: those with explained rules first, then in the order in which they were begun.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &ReportFilter,
    today: NaiveDate,
) -> Result<Vec<Report>, StorageError> {
    let mut statement = narrowed(standing(today), scope, filter);
    if let Some((exceptions, id)) = filter.after {
        statement = statement
            .then(" AND (r.exceptions < ")
            .int(exceptions)
            .then(" OR (r.exceptions = ")
            .int(exceptions)
            .then(" AND r.id > ")
            .big(id)
            .then("))");
    }
    load(
        conn,
        statement
            .then(" ORDER BY r.exceptions DESC, r.id LIMIT ")
            .big(filter.limit),
    )
}

/// How many reports the filter leaves.
///
/// # Errors
/// What the database says.
pub fn count(
    conn: &mut Conn,
    scope: &Scope,
    filter: &ReportFilter,
    today: NaiveDate,
) -> Result<i64, StorageError> {
    let begin =
        sql("SELECT count(*) FROM report r JOIN unit_placement p ON p.unit_id = r.unit_id WHERE ")
            .last_on("p", today);
    let count = conn.first::<BigInt, i64>(narrowed(begin, scope, filter))?;
    Ok(count.unwrap_or(0))
}

fn narrowed(begin: Statement, scope: &Scope, filter: &ReportFilter) -> Statement {
    let mut statement = begin
        .then(" AND r.form = ")
        .text(filter.form.as_str())
        .then(" AND r.period = ")
        .int(filter.period.key())
        .seen("p.path", scope, Some(&filter.matter), Some("r.filled_by"));
    if let Some(state) = filter.state {
        statement = statement.then(" AND r.state = ").text(state.as_str());
    }
    statement = match filter.exceptions {
        None => statement,
        Some(true) => statement.then(" AND r.exceptions > 0"),
        Some(false) => statement.then(" AND r.exceptions = 0"),
    };
    if let Some(late) = filter.late {
        statement = statement.then(" AND r.late = ").flag(late);
    }
    if let Some(path) = &filter.below {
        statement = statement.under("p.path", path);
    }
    statement
}

/// A form whose reports are counted: in one period, or in every one.
#[derive(Debug, Clone)]
pub struct Counted<'a> {
    /// The form.
    pub form: &'a FormDef,
    /// The period.
    pub period: Option<Period>,
}

/// How many reports stand in each state, by form and period, within the scope: one statement for all forms.
///
/// # Errors
/// What the database says.
pub fn count_states(
    conn: &mut Conn,
    scope: &Scope,
    counted: &[Counted<'_>],
    states: &[ReportState],
    today: NaiveDate,
) -> Result<Vec<(String, Period, ReportState, i64)>, StorageError> {
    let names: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let dialect = conn.dialect();
    let mut statement: Option<Statement> = None;
    for one in counted {
        const COUNT: &str = "SELECT r.form, r.period, r.state, count(*) FROM report r \
             JOIN unit_placement p ON p.unit_id = r.unit_id WHERE ";
        let mut part = match statement {
            None => sql(COUNT),
            Some(before) => before.then(" UNION ALL ").then(COUNT),
        }
        .last_on("p", today)
        .then(" AND r.form = ")
        .text(one.form.code.as_str())
        .then(" AND r.state")
        .among_texts(dialect, &names)
        .seen("p.path", scope, Some(&one.form.matter), Some("r.filled_by"));
        if let Some(period) = one.period {
            part = part.then(" AND r.period = ").int(period.key());
        }
        statement = Some(part.then(" GROUP BY r.form, r.period, r.state"));
    }
    let Some(statement) = statement else {
        return Ok(Vec::new());
    };
    type CountSql = (Text, Integer, Text, BigInt);
    let rows = conn
        .rows::<CountSql, (String, i32, String, i64)>(statement.then(" ORDER BY 1, 2 DESC, 3"))?;
    rows.into_iter()
        .map(|(form, period, state, count)| {
            Ok((form, period_of(period)?, state_of(&state)?, count))
        })
        .collect()
}

/// A version of a report.
#[derive(Debug, Clone, Queryable)]
pub struct Version {
    /// The number.
    pub revision: i64,
    /// What was done.
    pub action: String,
    /// The state after it.
    pub state: String,
    /// The account's name.
    pub by: String,
    /// The name of the account's unit today.
    pub by_unit: String,
    /// When.
    pub at: i64,
    /// The reason.
    pub reason: Option<String>,
    /// The values.
    pub values: String,
    /// The explanations.
    pub explanations: String,
    /// The deputy's name, where a deputy did it.
    pub deputy: Option<String>,
    /// The source document.
    pub source_document: Option<String>,
}

/// The versions of a report that a scope has shown, latest first.
///
/// # Errors
/// What the database says.
pub fn versions(
    conn: &mut Conn,
    report: &Report,
    before: Option<i64>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Version>, StorageError> {
    type VersionSql = (
        BigInt,
        Text,
        Text,
        Text,
        Text,
        BigInt,
        Nullable<Text>,
        Text,
        Text,
        Nullable<Text>,
        Nullable<Text>,
    );
    conn.rows::<VersionSql, Version>(
        sql("SELECT v.revision, v.action, v.state, a.name, p.name, v.at, v.reason, v.field_values, v.explanations, d.name, v.source_document \
             FROM report_version v LEFT JOIN account d ON d.id = v.deputy_id JOIN account a ON a.id = v.account_id \
             JOIN unit_placement p ON p.unit_id = a.unit_id WHERE ")
        .last_on("p", today)
        .then(" AND v.report_id = ")
        .big(report.id)
        .then(" AND v.revision < ")
        .big(before.unwrap_or(i64::MAX))
        .then(" ORDER BY v.revision DESC LIMIT ")
        .big(limit),
    )
}

/// A unit that is expected to report, with its report if there is one.
#[derive(Debug, Clone)]
pub struct Due {
    /// The unit's code.
    pub code: String,
    /// The unit's name.
    pub name: String,
    /// The unit's level.
    pub level: String,
    /// The name of the unit above.
    pub parent_name: Option<String>,
    /// The report's number and state.
    pub report: Option<(Uuid, ReportState)>,
    /// Until when an extension was granted.
    pub granted: Option<NaiveDate>,
}

/// What a list of dues is narrowed to.
#[derive(Debug, Clone)]
pub struct DueFilter<'a> {
    /// The form's code.
    pub form: &'a str,
    /// The form's matter.
    pub matter: &'a str,
    /// The kinds of units that are expected to report.
    pub kinds: &'a [UnitKind],
    /// The period.
    pub period: Period,
    /// The path at or below which they stand.
    pub below: Option<&'a str>,
    /// A state; the inner nothing means not begun.
    pub state: Option<Option<ReportState>>,
    /// Only what still waits to be filled in and whose due day, the form's or the one granted, lies there.
    pub due: Option<DueBetween>,
    /// Only codes after this one.
    pub after: Option<&'a str>,
    /// At most so many.
    pub limit: i64,
}

/// Days between which something is due.
#[derive(Debug, Clone, Copy)]
pub struct DueBetween {
    /// When a unit without an extension is due.
    pub usual: NaiveDate,
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

/// The units that are expected to report, by code: those of the period's tree, within the scope by where they stand
/// today or stood last.
///
/// # Errors
/// What the database says.
pub fn dues(
    conn: &mut Conn,
    scope: &Scope,
    filter: &DueFilter<'_>,
    today: NaiveDate,
) -> Result<Vec<Due>, StorageError> {
    type DueSql = (
        Text,
        Text,
        Text,
        Nullable<Text>,
        Nullable<Binary>,
        Nullable<Text>,
        Nullable<Date>,
    );
    type DueRow = (
        String,
        String,
        String,
        Option<String>,
        Option<Vec<u8>>,
        Option<String>,
        Option<NaiveDate>,
    );
    let statement = due_statement(conn.dialect(), scope, filter, today);
    let rows = conn.rows::<DueSql, DueRow>(statement)?;
    rows.into_iter()
        .map(|(code, name, level, parent_name, id, state, granted)| {
            let report = match (id, state) {
                (Some(id), Some(state)) => Some((uuid_of(&id)?, state_of(&state)?)),
                _ => None,
            };
            Ok(Due {
                code,
                name,
                level,
                parent_name,
                report,
                granted,
            })
        })
        .collect()
}

fn due_statement(
    dialect: Dialect,
    scope: &Scope,
    filter: &DueFilter<'_>,
    today: NaiveDate,
) -> Statement {
    let begin = granted(
        sql("SELECT p.code, p.name, u.level, a.name, r.public_id, r.state, "),
        filter,
    )
    .then(" FROM unit_placement p JOIN unit u ON u.id = p.unit_id");
    due_where(begin, dialect, scope, filter, today)
}

/// Until when an extension was granted to the unit `p`.
pub(crate) fn granted(statement: Statement, filter: &DueFilter<'_>) -> Statement {
    statement
        .then("(SELECT max(e.until) FROM extension e WHERE e.unit_id = p.unit_id AND e.form = ")
        .text(filter.form)
        .then(" AND e.period = ")
        .int(filter.period.key())
        .then(" AND e.state = 'granted')")
}

/// A statement over units `p` on the tree of the period, where they stand today `t`, those above them `a` and their
/// reports `r`, from where `t` is joined on.
pub(crate) fn due_where(
    begin: Statement,
    dialect: Dialect,
    scope: &Scope,
    filter: &DueFilter<'_>,
    today: NaiveDate,
) -> Statement {
    let kinds: Vec<&str> = filter.kinds.iter().map(|kind| kind.as_str()).collect();
    let day = filter.period.last_day();
    let mut statement = begin
        .then(" JOIN unit_placement t ON t.unit_id = p.unit_id AND ")
        .last_on("t", today)
        .then(" LEFT JOIN unit_placement a ON a.unit_id = p.parent_id AND a.valid_from <= ")
        .day(day)
        .then(" AND a.valid_to > ")
        .day(day)
        .then(" LEFT JOIN report r ON r.unit_id = p.unit_id AND r.form = ")
        .text(filter.form)
        .then(" AND r.period = ")
        .int(filter.period.key())
        .then(" WHERE p.valid_from <= ")
        .day(day)
        .then(" AND p.valid_to > ")
        .day(day)
        .then(" AND p.kind")
        .among_texts(dialect, &kinds)
        .seen("t.path", scope, Some(filter.matter), None);
    if let Some(path) = filter.below {
        statement = statement.under("t.path", path);
    }
    statement = match filter.state {
        None => statement,
        Some(None) => statement.then(" AND r.id IS NULL"),
        Some(Some(state)) => statement.then(" AND r.state = ").text(state.as_str()),
    };
    if let Some(due) = filter.due {
        let waits = " AND (r.id IS NULL OR r.state IN ('draft', 'returned')) AND coalesce(";
        let day = |statement: Statement| granted(statement, filter).then(", ").day(due.usual);
        statement = day(statement.then(waits)).then(") >= ").day(due.first);
        statement = day(statement.then(" AND coalesce("))
            .then(") <= ")
            .day(due.last);
    }
    if let Some(after) = filter.after {
        statement = statement.then(" AND p.code > ").text(after);
    }
    statement
        .then(" ORDER BY ")
        .sorted(dialect, "p.code")
        .then(" LIMIT ")
        .big(filter.limit)
}

/// Every report of a unit that the scope covers.
///
/// # Errors
/// What the database says.
pub fn all_of_unit(
    conn: &mut Conn,
    scope: &Scope,
    unit: UnitId,
    today: NaiveDate,
) -> Result<Vec<Report>, StorageError> {
    let found = load(
        conn,
        standing(today)
            .then(" AND r.unit_id = ")
            .big(unit.0)
            .then(" ORDER BY r.period DESC, r.form"),
    )?;
    Ok(found
        .into_iter()
        .filter(|report| scope.covers(&report.path, Some(&report.matter), Some(report.filled_by)))
        .collect())
}
