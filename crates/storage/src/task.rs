//! Tasks (任务).

use crate::db::Conn;
use crate::dialect::{Column, Dialect, hex};
use crate::error::StorageError;
use crate::report::{period_of, uuid_of};
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use crate::unit::Placed;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Date, Integer, Nullable, Text};
use uuid::Uuid;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::task::{RequestKind, TaskState};
use zhenxing_domain::unit::Level;

/// A task as stored, with its unit as it stands today or stood last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its number inside.
    pub id: i64,
    /// Its number outside.
    pub public_id: Uuid,
    /// The project's code.
    pub project: String,
    /// The matter's code.
    pub matter: String,
    /// The period.
    pub period: Period,
    /// The unit.
    pub unit: UnitId,
    /// The unit's path of today.
    pub path: String,
    /// The unit's code of today.
    pub code: String,
    /// The unit's name of today.
    pub name: String,
    /// The unit's level.
    pub level: Level,
    /// The county at the unit's creation.
    pub home_shard: i64,
    /// The name of the unit above.
    pub parent_name: Option<String>,
    /// Where it stands.
    pub state: TaskState,
    /// Where it stood when it was suspended.
    pub before: Option<TaskState>,
    /// Grows with every change.
    pub revision: i64,
    /// The due day.
    pub due: NaiveDate,
    /// The lead department's code.
    pub lead_department: Option<String>,
    /// The responsible departments' codes.
    pub responsible_departments: Vec<String>,
    /// The number of the act that handed it down.
    pub hand_down: Uuid,
    /// The name of the unit that handed it down.
    pub issuer_unit: String,
    /// The name of who handed it down.
    pub issuer: String,
    /// When it was handed down.
    pub issued_at: i64,
    /// What was said with it.
    pub note: Option<String>,
    /// What was asked about it and waits.
    pub waiting: Option<RequestKind>,
}

impl Task {
    /// The unit directly above, by the path.
    pub fn parent(&self) -> Option<UnitId> {
        parent_of(&self.path)
    }
}

/// The unit directly above the one with that path.
pub(crate) fn parent_of(path: &str) -> Option<UnitId> {
    crate::unit::lineage(path).into_iter().rev().nth(1)
}

type TaskSql = (
    BigInt,
    Binary,
    Text,
    Text,
    Integer,
    BigInt,
    Text,
    Text,
    Text,
    Text,
    BigInt,
    Nullable<Text>,
    Text,
    Nullable<Text>,
    BigInt,
    Date,
    Nullable<Text>,
    Text,
    Binary,
    Text,
    Text,
    BigInt,
    Nullable<Text>,
    Nullable<Text>,
);

#[derive(Queryable)]
struct TaskRow {
    id: i64,
    public_id: Vec<u8>,
    project: String,
    matter: String,
    period: i32,
    unit: i64,
    path: String,
    code: String,
    name: String,
    level: String,
    home_shard: i64,
    parent_name: Option<String>,
    state: String,
    before: Option<String>,
    revision: i64,
    due: NaiveDate,
    lead_department: Option<String>,
    responsible_departments: String,
    hand_down: Vec<u8>,
    issuer_unit: String,
    issuer: String,
    issued_at: i64,
    note: Option<String>,
    waiting: Option<String>,
}

pub(crate) fn state_of(text: &str) -> Result<TaskState, StorageError> {
    TaskState::parse(text).ok_or_else(|| StorageError::corrupt("state", text))
}

pub(crate) fn level_of(text: &str) -> Result<Level, StorageError> {
    Level::parse(text).ok_or_else(|| StorageError::corrupt("level", text))
}

impl TaskRow {
    fn read(self) -> Result<Task, StorageError> {
        let waiting = self.waiting.map(|kind| {
            RequestKind::parse(&kind).ok_or_else(|| StorageError::corrupt("waiting", &kind))
        });
        Ok(Task {
            id: self.id,
            public_id: uuid_of(&self.public_id)?,
            period: period_of(self.period)?,
            unit: UnitId(self.unit),
            level: level_of(&self.level)?,
            state: state_of(&self.state)?,
            before: self.before.as_deref().map(state_of).transpose()?,
            responsible_departments: serde_json::from_str(&self.responsible_departments)
                .map_err(|error| StorageError::corrupt("responsible_departments", error))?,
            hand_down: uuid_of(&self.hand_down)?,
            waiting: waiting.transpose()?,
            project: self.project,
            matter: self.matter,
            path: self.path,
            code: self.code,
            name: self.name,
            home_shard: self.home_shard,
            parent_name: self.parent_name,
            revision: self.revision,
            due: self.due,
            lead_department: self.lead_department,
            issuer_unit: self.issuer_unit,
            issuer: self.issuer,
            issued_at: self.issued_at,
            note: self.note,
        })
    }
}

const SELECT: &str = "SELECT t.id, t.public_id, t.project, t.matter, t.period, t.unit_id, p.path, p.code, p.name, \
     t.level, t.home_shard, a.name, t.state, t.state_before, t.revision, t.due, t.lead_department, t.responsible_departments, \
     h.public_id, i.name, b.name, h.issued_at, h.note, t.waiting \
     FROM task t JOIN unit_placement p ON p.unit_id = t.unit_id AND ";

fn standing(today: NaiveDate) -> Statement {
    sql(SELECT)
        .last_on("p", today)
        .then(" LEFT JOIN unit_placement a ON a.unit_id = p.parent_id AND ")
        .last_on("a", today)
        .then(" JOIN hand_down h ON h.id = t.hand_down_id JOIN account b ON b.id = h.issued_by JOIN unit_placement i ON i.unit_id = h.unit_id AND ")
        .last_on("i", today)
        .then(" WHERE 1 = 1")
}

fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<Task>, StorageError> {
    let rows = conn.rows::<TaskSql, TaskRow>(statement)?;
    rows.into_iter().map(TaskRow::read).collect()
}

/// The task of that number, if the scope covers it.
///
/// # Errors
/// What the database says.
pub fn get(
    conn: &mut Conn,
    scope: &Scope,
    id: Uuid,
    today: NaiveDate,
) -> Result<Option<Task>, StorageError> {
    let found = load(conn, standing(today).numbered("t.public_id", id))?;
    Ok(found
        .into_iter()
        .find(|task| scope.covers(&task.path, Some(&task.matter), None)))
}

/// The tasks of those numbers that the scope covers.
///
/// # Errors
/// What the database says.
pub fn by_numbers(
    conn: &mut Conn,
    scope: &Scope,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<Task>, StorageError> {
    let dialect = conn.dialect();
    let found = load(
        conn,
        standing(today)
            .then(" AND t.public_id")
            .among_bytes(dialect, ids),
    )?;
    Ok(found
        .into_iter()
        .filter(|task| scope.covers(&task.path, Some(&task.matter), None))
        .collect())
}

/// The tasks that units have for a matter and a period, those given up aside, within the scope.
///
/// # Errors
/// What the database says.
pub fn of_units(
    conn: &mut Conn,
    scope: &Scope,
    matter: &str,
    period: Period,
    units: &[UnitId],
    today: NaiveDate,
) -> Result<Vec<Task>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let found = load(
        conn,
        standing(today)
            .then(" AND t.matter = ")
            .text(matter)
            .then(" AND t.period = ")
            .int(period.key())
            .then(" AND t.state <> 'terminated' AND t.unit_id")
            .among_many(dialect, &ids),
    )?;
    Ok(found
        .into_iter()
        .filter(|task| scope.covers(&task.path, Some(&task.matter), None))
        .collect())
}

/// What a list of tasks is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter<'a> {
    /// The project.
    pub project: Option<&'a str>,
    /// The matter.
    pub matter: Option<&'a str>,
    /// The period.
    pub period: Option<Period>,
    /// The act that handed them down.
    pub hand_down: Option<Uuid>,
    /// The path at or below which their units stand.
    pub below: Option<&'a str>,
    /// The unit whose own they are.
    pub unit: Option<UnitId>,
    /// The unit directly above theirs.
    pub parent: Option<UnitId>,
    /// The states; empty means all.
    pub states: &'a [TaskState],
    /// The first and the last day between which they are due.
    pub due: Option<(NaiveDate, NaiveDate)>,
    /// Only those about which something was asked that waits.
    pub waiting: bool,
    /// Only those after this due day and number inside.
    pub after: Option<(NaiveDate, i64)>,
    /// At most so many.
    pub limit: i64,
}

/// Tasks within the scope, by due day.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &TaskFilter<'_>,
    today: NaiveDate,
) -> Result<Vec<Task>, StorageError> {
    let dialect = conn.dialect();
    // The first page begins after the first day there is, so that every page is a range of the index.
    let (due, id) = filter.after.unwrap_or_default();
    let statement = narrowed(standing(today), dialect, scope, filter)
        .then(" AND (t.due, t.id) > (")
        .day(due)
        .then(", ")
        .big(id)
        .then(") ORDER BY ");
    let statement = if is_narrow(scope, filter) {
        statement.sorted(dialect, "t.due")
    } else {
        statement.then("t.due")
    };
    load(conn, statement.then(", t.id LIMIT ").big(filter.limit))
}

/// How many tasks the filter leaves.
///
/// # Errors
/// What the database says.
pub fn count(
    conn: &mut Conn,
    scope: &Scope,
    filter: &TaskFilter<'_>,
    today: NaiveDate,
) -> Result<i64, StorageError> {
    let dialect = conn.dialect();
    let begun =
        sql("SELECT count(*) FROM task t JOIN unit_placement p ON p.unit_id = t.unit_id AND ")
            .last_on("p", today)
            .then(" WHERE 1 = 1");
    let count = conn.first::<BigInt, i64>(narrowed(begun, dialect, scope, filter))?;
    Ok(count.unwrap_or(0))
}

fn narrowed(
    mut statement: Statement,
    dialect: Dialect,
    scope: &Scope,
    filter: &TaskFilter<'_>,
) -> Statement {
    if let Some(project) = filter.project {
        statement = statement.then(" AND t.project = ").text(project);
    }
    if let Some(matter) = filter.matter {
        statement = statement.then(" AND t.matter = ").text(matter);
    }
    if let Some(period) = filter.period {
        statement = statement.then(" AND t.period = ").int(period.key());
    }
    if let Some(act) = filter.hand_down {
        statement = statement
            .then(" AND t.hand_down_id = (SELECT g.id FROM hand_down g WHERE g.public_id = ")
            .bytes(act.as_bytes().as_slice())
            .then(")");
    }
    if let Some(unit) = filter.unit {
        statement = statement.then(" AND t.unit_id = ").big(unit.0);
    }
    if let Some(parent) = filter.parent {
        statement = statement.then(" AND p.parent_id = ").big(parent.0);
    }
    if let Some(path) = filter.below {
        statement = statement.under("p.path", path);
    }
    if !filter.states.is_empty() {
        let states: Vec<&str> = filter.states.iter().map(|state| state.as_str()).collect();
        statement = statement.then(" AND t.state").among_texts(dialect, &states);
    }
    if let Some((first, last)) = filter.due {
        statement = statement
            .then(" AND t.due >= ")
            .day(first)
            .then(" AND t.due <= ")
            .day(last);
    }
    if filter.waiting {
        statement = statement.then(" AND t.waiting IS NOT NULL");
    }
    statement.seen_by_matter(dialect, "p.path", "t.matter", scope)
}

/// Whether so few units are looked at that their tasks are found first and sorted then.
fn is_narrow(scope: &Scope, filter: &TaskFilter<'_>) -> bool {
    let deep = |path: &str| path.split('/').filter(|part| !part.is_empty()).count() >= 3;
    filter.unit.is_some()
        || filter.parent.is_some()
        || filter.below.is_some_and(deep)
        || scope
            .parts()
            .iter()
            .all(|part| part.exact() || part.path().is_some_and(deep))
}

/// A task that is to be made.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// Its number outside.
    pub public_id: Uuid,
    /// The project's code.
    pub project: String,
    /// The matter's code.
    pub matter: String,
    /// The period.
    pub period: Period,
    /// The unit.
    pub unit: UnitId,
    /// The unit's level.
    pub level: Level,
    /// The county at the unit's creation.
    pub home_shard: i64,
    /// The due day.
    pub due: NaiveDate,
    /// The lead department's code.
    pub lead_department: Option<String>,
    /// The responsible departments' codes.
    pub responsible_departments: Vec<String>,
}

/// A task that was made, with what is known of it without reading it again.
#[derive(Debug, Clone)]
pub struct Made<'a> {
    /// The task.
    pub new: NewTask,
    /// Its unit.
    pub unit: &'a Placed,
    /// The number of the act that handed it down.
    pub hand_down: Uuid,
    /// The name of who handed it down.
    pub issuer: &'a str,
    /// The name of the unit that handed it down.
    pub issuer_unit: &'a str,
    /// What was said with it.
    pub note: Option<&'a str>,
}

impl Made<'_> {
    /// As it stands after it was made at that instant; its number inside is not known.
    pub fn task(&self, now: i64) -> Task {
        let (new, unit) = (&self.new, self.unit);
        Task {
            id: 0,
            public_id: new.public_id,
            project: new.project.clone(),
            matter: new.matter.clone(),
            period: new.period,
            unit: new.unit,
            path: unit.path.clone(),
            code: unit.code.clone(),
            name: unit.name.clone(),
            level: new.level,
            home_shard: new.home_shard,
            parent_name: unit.above.as_ref().map(|(_, name)| name.clone()),
            state: TaskState::Issued,
            before: None,
            revision: 1,
            due: new.due,
            lead_department: new.lead_department.clone(),
            responsible_departments: new.responsible_departments.clone(),
            hand_down: self.hand_down,
            issuer_unit: self.issuer_unit.to_owned(),
            issuer: self.issuer.to_owned(),
            issued_at: now,
            note: self.note.map(str::to_owned),
            waiting: None,
        }
    }
}

/// Makes tasks of one hand-down.
///
/// # Errors
/// [`StorageError::Duplicate`] when a unit has one for that matter and period.
pub fn insert(
    conn: &mut Conn,
    tasks: &[NewTask],
    hand_down: i64,
    now: i64,
) -> Result<(), StorageError> {
    let (big, text) = (Column::Big, Column::Text);
    let columns = [
        Column::Bytes,
        text,
        text,
        Column::Int,
        big,
        text,
        big,
        Column::Day,
        text,
        text,
        text,
        big,
        big,
        big,
    ];
    let dialect = conn.dialect();
    let rows: Vec<serde_json::Value> = tasks
        .iter()
        .map(|new| {
            serde_json::json!([
                hex(new.public_id.as_bytes()),
                new.project,
                new.matter,
                new.period.key(),
                new.unit.0,
                new.level.as_str(),
                new.home_shard,
                new.due.to_string(),
                new.lead_department,
                serde_json::Value::from(new.responsible_departments.clone()).to_string(),
                TaskState::Issued.as_str(),
                1,
                hand_down,
                now
            ])
        })
        .collect();
    conn.run(
            sql("INSERT INTO task (public_id, project, matter, period, unit_id, level, home_shard, due, lead_department, \
                 responsible_departments, state, revision, hand_down_id, updated_at) ")
            .rows_of(dialect, &columns, &serde_json::Value::from(rows)),
    )?;
    Ok(())
}

/// Writes where tasks stand whose revisions are still the ones before; false when somebody else was quicker with one.
///
/// # Errors
/// What the database says; [`StorageError::Duplicate`] when a task is given to a unit that has one.
pub fn update(conn: &mut Conn, tasks: &[Task], now: i64) -> Result<bool, StorageError> {
    let (big, text) = (Column::Big, Column::Text);
    let columns = [big, big, text, text, Column::Day, big, big, text];
    let rows: Vec<serde_json::Value> = tasks
        .iter()
        .map(|task| {
            serde_json::json!([
                task.id,
                task.revision,
                task.state.as_str(),
                task.before.map(TaskState::as_str),
                task.due.to_string(),
                task.unit.0,
                task.home_shard,
                task.waiting.map(RequestKind::as_str)
            ])
        })
        .collect();
    let dialect = conn.dialect();
    let touched = conn.run(
        sql("WITH changed (task_id, new_revision, new_state, new_before, new_due, new_unit, new_shard, new_waiting) AS (")
            .rows_of(dialect, &columns, &serde_json::Value::from(rows))
            .then(
                ") UPDATE task SET revision = new_revision, state = new_state, state_before = new_before, due = new_due, \
                 unit_id = new_unit, home_shard = new_shard, waiting = new_waiting, updated_at = ",
            )
            .big(now)
            .then(" FROM changed WHERE task.id = task_id AND task.revision = new_revision - 1"),
    )?;
    Ok(touched == tasks.len())
}
