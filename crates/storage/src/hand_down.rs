//! The acts that hand matters down (下达).

use crate::audit;
use crate::db::Conn;
use crate::error::StorageError;
use crate::scope::Seen;
use crate::sql::sql;
use crate::tag::Marks;
use crate::unit::{self, Placed};
use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::task::TaskState;
use zhenxing_domain::unit::{Level, UnitKind};

/// An act that is to be kept.
#[derive(Debug, Clone)]
pub struct NewHandDown {
    /// Its number outside.
    pub public_id: Uuid,
    /// The matter's code.
    pub matter: String,
    /// The period.
    pub period: Period,
    /// The unit that hands down.
    pub unit: UnitId,
    /// What is said with it.
    pub note: Option<String>,
    /// How many tasks it makes.
    pub tasks: i64,
    /// Who does it.
    pub by: AccountId,
}

/// Keeps an act and returns its number inside.
///
/// # Errors
/// What the database says.
pub fn insert(conn: &mut Conn, new: &NewHandDown, now: i64) -> Result<i64, StorageError> {
    let id = conn.first::<BigInt, i64>(
        sql("INSERT INTO hand_down (public_id, matter, period, unit_id, note, tasks, issued_by, deputy_id, issued_at) VALUES (")
            .bytes(new.public_id.as_bytes().as_slice())
            .then(", ")
            .text(new.matter.as_str())
            .then(", ")
            .int(new.period.key())
            .then(", ")
            .big(new.unit.0)
            .then(", ")
            .maybe_text(new.note.clone())
            .then(", ")
            .big(new.tasks)
            .then(", ")
            .big(new.by.0)
            .then(", ")
            .maybe_big(audit::deputy())
            .then(", ")
            .big(now)
            .then(") RETURNING id"),
    )?;
    id.ok_or_else(|| StorageError::corrupt("hand_down", "no number"))
}

/// Which units are meant.
#[derive(Debug, Clone, Copy)]
pub struct Meant<'a> {
    /// The unit below which they stand.
    pub within: &'a Placed,
    /// Their level.
    pub level: Level,
    /// Their kinds; empty means every kind.
    pub kinds: &'a [UnitKind],
    /// Tags of which they carry at least one; empty means all units.
    pub tags: &'a [String],
    /// Where tags stand; nothing where the package has no ledger of them.
    pub marks: Option<&'a Marks>,
}

/// The units of a level below a unit that a scope covers, on a day.
///
/// # Errors
/// What the database says.
pub fn units_meant(
    conn: &mut Conn,
    scope: &Scope,
    meant: Meant<'_>,
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    let dialect = conn.dialect();
    let mut statement = unit::placed_on(day)
        .then(" AND u.level = ")
        .text(meant.level.as_str())
        .under("p.path", &meant.within.path)
        .seen("p.path", scope, None, None);
    if !meant.kinds.is_empty() {
        let kinds: Vec<&str> = meant.kinds.iter().map(|kind| kind.as_str()).collect();
        statement = statement.then(" AND p.kind").among_texts(dialect, &kinds);
    }
    if let Some(marks) = meant.marks.filter(|_| !meant.tags.is_empty()) {
        statement = statement
            .then(" AND EXISTS (SELECT 1 FROM ledger_record r WHERE r.unit_id = p.unit_id AND ")
            .then(marks.tag.column())
            .among_texts(dialect, meant.tags);
        statement = marks.held_on(statement, day).then(")");
    }
    unit::load(conn, statement.then(" ORDER BY p.code"))
}

/// Those of the units that have a matter for a period already.
///
/// # Errors
/// What the database says.
pub fn having(
    conn: &mut Conn,
    matter: &str,
    period: Period,
    units: &[UnitId],
) -> Result<BTreeSet<UnitId>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let rows = conn.rows::<BigInt, i64>(
        sql("SELECT t.unit_id FROM task t WHERE t.state <> 'terminated' AND t.matter = ")
            .text(matter)
            .then(" AND t.period = ")
            .int(period.key())
            .then(" AND t.unit_id")
            .among_many(dialect, &ids),
    )?;
    Ok(rows.into_iter().map(UnitId).collect())
}

/// How many open tasks those of the units have that have any, whatever the matter: what a hand-down weighs on them.
///
/// # Errors
/// What the database says.
pub fn open_tasks(
    conn: &mut Conn,
    units: &[UnitId],
) -> Result<BTreeMap<UnitId, i64>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let open: Vec<&str> = TaskState::ALL
        .into_iter()
        .filter(|state| state.is_open())
        .map(TaskState::as_str)
        .collect();
    let dialect = conn.dialect();
    let rows = conn.rows::<(BigInt, BigInt), (i64, i64)>(
        sql("SELECT t.unit_id, count(*) FROM task t WHERE t.state")
            .among_texts(dialect, &open)
            .then(" AND t.unit_id")
            .among_many(dialect, &ids)
            .then(" GROUP BY t.unit_id"),
    )?;
    Ok(rows
        .into_iter()
        .map(|(unit, count)| (UnitId(unit), count))
        .collect())
}

/// The departments and due days with which the units below a path had a matter in a period.
#[derive(Debug, Clone)]
pub struct Before {
    /// The unit.
    pub unit: UnitId,
    /// The due day.
    pub due: NaiveDate,
    /// The lead department's code.
    pub lead_department: Option<String>,
    /// The responsible departments' codes as JSON text.
    pub responsible_departments: String,
}

/// The tasks of a matter in a period whose units stand below a path on a day, those given up aside.
///
/// # Errors
/// What the database says.
pub fn before(
    conn: &mut Conn,
    matter: &str,
    period: Period,
    below: &Placed,
    today: NaiveDate,
) -> Result<Vec<Before>, StorageError> {
    type Row = (i64, NaiveDate, Option<String>, String);
    let rows = conn.rows::<(BigInt, Date, Nullable<Text>, Text), Row>(
        sql(
            "SELECT t.unit_id, t.due, t.lead_department, t.responsible_departments FROM task t \
             JOIN unit_placement p ON p.unit_id = t.unit_id WHERE p.valid_from <= ",
        )
        .day(today)
        .then(" AND p.valid_to > ")
        .day(today)
        .then(" AND t.state <> 'terminated' AND t.matter = ")
        .text(matter)
        .then(" AND t.period = ")
        .int(period.key())
        .then(" AND p.unit_id <> ")
        .big(below.id.0)
        .under("p.path", &below.path),
    )?;
    Ok(rows
        .into_iter()
        .map(
            |(unit, due, lead_department, responsible_departments)| Before {
                unit: UnitId(unit),
                due,
                lead_department,
                responsible_departments,
            },
        )
        .collect())
}
