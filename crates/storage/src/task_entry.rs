//! The history of tasks: what was done to them, asked about them and noted on them.

use crate::audit;
use crate::db::Conn;
use crate::dialect::{Column, hex};
use crate::error::StorageError;
use crate::report::uuid_of;
use crate::scope::Seen;
use crate::sql::sql;
use crate::task::{Task, state_of};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text};
use uuid::Uuid;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::task::TaskState;

/// An entry that is to be written.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Its number outside.
    pub public_id: Uuid,
    /// The task.
    pub task: i64,
    /// What it is.
    pub kind: String,
    /// Where the task stands after it.
    pub state: TaskState,
    /// What was said.
    pub words: Option<String>,
    /// The day that it is about.
    pub until: Option<NaiveDate>,
    /// The unit whose task it was before.
    pub from_unit: Option<UnitId>,
}

/// Writes entries of histories, in the name of the account whose they are.
///
/// # Errors
/// What the database says.
pub fn add(
    conn: &mut Conn,
    entries: &[NewEntry],
    by: AccountId,
    now: i64,
) -> Result<(), StorageError> {
    let deputy = audit::deputy();
    let rows: Vec<serde_json::Value> = entries
        .iter()
        .map(|new| {
            serde_json::json!([
                hex(new.public_id.as_bytes()),
                new.task,
                new.kind,
                new.state.as_str(),
                new.words,
                new.until.map(|day| day.to_string()),
                new.from_unit.map(|unit| unit.0),
                by.0,
                deputy,
                now
            ])
        })
        .collect();
    let (big, text) = (Column::Big, Column::Text);
    let columns = [
        Column::Bytes,
        big,
        text,
        text,
        text,
        Column::Day,
        big,
        big,
        big,
        big,
    ];
    let dialect = conn.dialect();
    conn.run(
        sql("INSERT INTO task_entry (public_id, task_id, kind, state, words, until, from_unit_id, account_id, deputy_id, at) ")
            .rows_of(dialect, &columns, &serde_json::Value::from(rows)),
    )?;
    Ok(())
}

/// An entry of a task's history.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number inside.
    pub id: i64,
    /// Its number outside.
    pub public_id: Uuid,
    /// What it is.
    pub kind: String,
    /// Where the task stood after it.
    pub state: TaskState,
    /// What was said.
    pub words: Option<String>,
    /// The day that it is about.
    pub until: Option<NaiveDate>,
    /// The name of the unit whose task it was before.
    pub from_unit: Option<String>,
    /// The name of who did it.
    pub by: String,
    /// The name of that person's unit.
    pub by_unit: String,
    /// The deputy's name.
    pub deputy: Option<String>,
    /// When.
    pub at: i64,
}

#[derive(Queryable)]
struct EntryRow {
    id: i64,
    public_id: Vec<u8>,
    kind: String,
    state: String,
    words: Option<String>,
    until: Option<NaiveDate>,
    from_unit: Option<String>,
    by: String,
    by_unit: String,
    deputy: Option<String>,
    at: i64,
}

/// The number outside of the task to which an entry belongs; whether the asker may see the task is asked of it.
///
/// # Errors
/// What the database says.
pub fn task_of(conn: &mut Conn, entry: i64) -> Result<Option<Uuid>, StorageError> {
    let found = conn.first::<Binary, Vec<u8>>(
        sql("SELECT t.public_id FROM task_entry e JOIN task t ON t.id = e.task_id WHERE e.id = ")
            .big(entry),
    )?;
    found.map(|id| uuid_of(&id)).transpose()
}

/// The history of a task that a scope has shown, latest first.
///
/// # Errors
/// What the database says.
pub fn history(
    conn: &mut Conn,
    task: &Task,
    before: Option<i64>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Entry>, StorageError> {
    type EntrySql = (
        BigInt,
        Binary,
        Text,
        Text,
        Nullable<Text>,
        Nullable<Date>,
        Nullable<Text>,
        Text,
        Text,
        Nullable<Text>,
        BigInt,
    );
    let rows = conn.rows::<EntrySql, EntryRow>(
        sql("SELECT e.id, e.public_id, e.kind, e.state, e.words, e.until, f.name, b.name, p.name, d.name, e.at \
             FROM task_entry e JOIN account b ON b.id = e.account_id LEFT JOIN account d ON d.id = e.deputy_id \
             JOIN unit_placement p ON p.unit_id = b.unit_id AND ")
        .last_on("p", today)
        .then(" LEFT JOIN unit_placement f ON f.unit_id = e.from_unit_id AND ")
        .last_on("f", today)
        .then(" WHERE e.task_id = ")
        .big(task.id)
        .then(" AND e.id < ")
        .big(before.unwrap_or(i64::MAX))
        .then(" ORDER BY e.id DESC LIMIT ")
        .big(limit),
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Entry {
                id: row.id,
                public_id: uuid_of(&row.public_id)?,
                state: state_of(&row.state)?,
                kind: row.kind,
                words: row.words,
                until: row.until,
                from_unit: row.from_unit,
                by: row.by,
                by_unit: row.by_unit,
                deputy: row.deputy,
                at: row.at,
            })
        })
        .collect()
}
