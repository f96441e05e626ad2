//! What units ask about their tasks: more time (延期), another unit (改派).

use crate::db::Conn;
use crate::error::StorageError;
use crate::extension::Outcome;
use crate::report::uuid_of;
use crate::sql::{Statement, sql};
use crate::task::Task;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text};
use uuid::Uuid;
use zhenxing_domain::extension::ExtensionState;
use zhenxing_domain::ids::AccountId;
use zhenxing_domain::task::RequestKind;

/// What was asked, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRequest {
    /// Its number inside.
    pub id: i64,
    /// Its number outside.
    pub public_id: Uuid,
    /// What was asked.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: ExtensionState,
    /// Grows with every change.
    pub revision: i64,
    /// The due day when it was asked.
    pub due: NaiveDate,
    /// The new day of an extension.
    pub until: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// Who asked, and the name.
    pub asked_by: (AccountId, String),
    /// When it was asked.
    pub asked_at: i64,
    /// Who decided, and the name.
    pub decided_by: Option<(AccountId, String)>,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// What was said with the decision.
    pub decision: Option<String>,
}

type RequestSql = (
    BigInt,
    Binary,
    Text,
    Text,
    BigInt,
    Date,
    Nullable<Date>,
    Text,
    BigInt,
    Text,
    BigInt,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Text>,
);

#[derive(Queryable)]
struct RequestRow {
    id: i64,
    public_id: Vec<u8>,
    kind: String,
    state: String,
    revision: i64,
    due: NaiveDate,
    until: Option<NaiveDate>,
    reason: String,
    asked_by: i64,
    asked_name: String,
    asked_at: i64,
    decided_by: Option<i64>,
    decided_name: Option<String>,
    decided_at: Option<i64>,
    decision: Option<String>,
}

impl RequestRow {
    fn read(self) -> Result<TaskRequest, StorageError> {
        Ok(TaskRequest {
            id: self.id,
            public_id: uuid_of(&self.public_id)?,
            kind: RequestKind::parse(&self.kind)
                .ok_or_else(|| StorageError::corrupt("kind", &self.kind))?,
            state: ExtensionState::parse(&self.state)
                .ok_or_else(|| StorageError::corrupt("state", &self.state))?,
            revision: self.revision,
            due: self.due,
            until: self.until,
            reason: self.reason,
            asked_by: (AccountId(self.asked_by), self.asked_name),
            asked_at: self.asked_at,
            decided_by: self.decided_by.map(AccountId).zip(self.decided_name),
            decided_at: self.decided_at,
            decision: self.decision,
        })
    }
}

const SELECT: &str = "SELECT r.id, r.public_id, r.kind, r.state, r.revision, r.due, r.until, r.reason, r.asked_by, b.name, \
     r.asked_at, r.decided_by, d.name, r.decided_at, r.decision FROM task_request r JOIN account b ON b.id = r.asked_by \
     LEFT JOIN account d ON d.id = r.decided_by WHERE r.task_id = ";

fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<TaskRequest>, StorageError> {
    let rows = conn.rows::<RequestSql, RequestRow>(statement)?;
    rows.into_iter().map(RequestRow::read).collect()
}

/// What was asked about a task that a scope has shown, the latest first.
///
/// # Errors
/// What the database says.
pub fn of_task(conn: &mut Conn, task: &Task) -> Result<Vec<TaskRequest>, StorageError> {
    load(
        conn,
        sql(SELECT)
            .big(task.id)
            .then(" ORDER BY r.id DESC LIMIT 200"),
    )
}

/// One request about a task that a scope has shown.
///
/// # Errors
/// What the database says.
pub fn get(conn: &mut Conn, task: &Task, id: Uuid) -> Result<Option<TaskRequest>, StorageError> {
    let statement = sql(SELECT).big(task.id).numbered("r.public_id", id);
    Ok(load(conn, statement)?.into_iter().next())
}

/// Asks.
///
/// # Errors
/// [`StorageError::Duplicate`] when something else waits about the task already.
pub fn insert(conn: &mut Conn, task: &Task, new: &TaskRequest) -> Result<(), StorageError> {
    let begun = sql("INSERT INTO task_request (public_id, task_id, kind, state, revision, due, until, reason, asked_by, asked_at) VALUES (")
        .bytes(new.public_id.as_bytes().as_slice())
        .then(", ")
        .big(task.id)
        .then(", ")
        .text(new.kind.as_str())
        .then(", ")
        .text(new.state.as_str())
        .then(", ")
        .big(new.revision)
        .then(", ")
        .day(new.due)
        .then(", ")
        .maybe_day(new.until)
        .then(", ")
        .text(new.reason.as_str())
        .then(", ")
        .big(new.asked_by.0.0)
        .then(", ")
        .big(new.asked_at)
        .then(")");
    conn.run(begun)?;
    Ok(())
}

/// Writes what was decided about a request whose revision is still the one before; false when somebody else was quicker.
///
/// # Errors
/// What the database says.
pub fn decide(conn: &mut Conn, decided: &TaskRequest) -> Result<bool, StorageError> {
    let written = Outcome {
        state: decided.state,
        revision: decided.revision,
        by: decided.decided_by.as_ref().map(|(account, _)| *account),
        at: decided.decided_at,
        words: decided.decision.as_deref(),
    };
    let touched = conn.run(
        written
            .set(sql("UPDATE task_request SET state = "))
            .then(" WHERE id = ")
            .big(decided.id)
            .then(" AND revision = ")
            .big(decided.revision - 1),
    )?;
    Ok(touched == 1)
}

/// Takes back what waits about a task that is no longer to be done.
///
/// # Errors
/// What the database says.
pub fn drop_waiting(conn: &mut Conn, tasks: &[i64], now: i64) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    conn.run(
        sql("UPDATE task_request SET state = 'withdrawn', revision = revision + 1, decided_at = ")
            .big(now)
            .then(" WHERE state = 'asked' AND task_id")
            .among(dialect, tasks),
    )?;
    Ok(())
}
