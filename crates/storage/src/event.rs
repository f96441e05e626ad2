//! Events: written with the change, numbered after its commit, without gaps.

use crate::audit::{self, Line};
use crate::db::Conn;
use crate::dialect::{Column, Dialect, Lock};
use crate::error::StorageError;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use zhenxing_domain::audit::AuditKind;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::Scope;

/// Writes the event of a change and its line of the audit trail, in the change's transaction.
///
/// # Errors
/// What the database says.
pub fn append(
    conn: &mut Conn,
    kind: &str,
    subject: &str,
    unit: Option<UnitId>,
    now: i64,
) -> Result<(), StorageError> {
    append_all(conn, &[(kind, subject.to_owned(), unit)], now)
}

/// Writes the events of several changes, each a kind, a subject and a unit, and their lines of the audit trail, in their
/// transaction.
///
/// # Errors
/// What the database says.
pub fn append_all(
    conn: &mut Conn,
    events: &[(&str, String, Option<UnitId>)],
    now: i64,
) -> Result<(), StorageError> {
    let rows: Vec<serde_json::Value> = events
        .iter()
        .map(|(kind, subject, unit)| {
            serde_json::json!([kind, subject, unit.map(|unit| unit.0), now])
        })
        .collect();
    let lines: Vec<Line> = events
        .iter()
        .map(|(kind, subject, unit)| {
            let mut line = Line::new(AuditKind::Change, kind, subject, "ok", now);
            line.origin.unit = unit.or(line.origin.unit);
            line
        })
        .collect();
    let dialect = conn.dialect();
    let written = |begun: Statement| {
        begun
            .then("INSERT INTO event (kind, subject, unit_id, at) ")
            .rows_of(
                dialect,
                &[Column::Text, Column::Text, Column::Big, Column::Big],
                &serde_json::Value::from(rows),
            )
    };
    match dialect {
        Dialect::Sqlite => {
            conn.run(written(Statement::default()))?;
            audit::record(conn, &lines)
        }
        // Both at once: every change waits for this.
        Dialect::Postgres => {
            let begun = written(sql("WITH written AS (")).then(" RETURNING 1) ");
            conn.run(audit::recording(begun, dialect, &lines))?;
            Ok(())
        }
    }
}

/// Numbers at most so many committed events that have no number yet; returns how many. One at a time, so that what
/// commits late gets a later number and no number is skipped.
///
/// # Errors
/// What the database says.
pub fn number(conn: &mut Conn, limit: i64) -> Result<usize, StorageError> {
    conn.lock(Lock::Sequence)?;
    let waiting = conn.rows::<BigInt, i64>(
        sql("SELECT id FROM event WHERE seq IS NULL ORDER BY id LIMIT ").big(limit),
    )?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let last = conn
        .first::<BigInt, i64>(sql("SELECT coalesce(max(seq), 0) FROM event"))?
        .unwrap_or(0);
    let rows: Vec<serde_json::Value> = waiting
        .iter()
        .zip(last + 1..)
        .map(|(id, seq)| serde_json::json!([id, seq]))
        .collect();
    let dialect = conn.dialect();
    conn.run(
        sql("WITH numbered (event_id, new_seq) AS (")
            .rows_of(
                dialect,
                &[Column::Big, Column::Big],
                &serde_json::Value::from(rows),
            )
            .then(") UPDATE event SET seq = new_seq FROM numbered WHERE event.id = event_id"),
    )?;
    Ok(waiting.len())
}

/// An event of the stream.
#[derive(Debug, Clone, Queryable)]
pub struct Event {
    /// The number.
    pub seq: i64,
    /// What happened.
    pub kind: String,
    /// To what.
    pub subject: String,
    /// The unit's code of today.
    pub unit: Option<String>,
    /// When.
    pub at: i64,
}

/// The events after a number, within the scope.
///
/// # Errors
/// What the database says.
pub fn after(
    conn: &mut Conn,
    scope: &Scope,
    position: i64,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Event>, StorageError> {
    conn.rows::<(BigInt, Text, Text, Nullable<Text>, BigInt), Event>(
        sql(
            "SELECT e.seq, e.kind, e.subject, p.code, e.at FROM event e \
             LEFT JOIN unit_placement p ON p.unit_id = e.unit_id AND p.valid_from <= ",
        )
        .day(today)
        .then(" AND p.valid_to > ")
        .day(today)
        .then(" WHERE e.seq > ")
        .big(position)
        .seen("p.path", scope, None, None)
        .then(" ORDER BY e.seq LIMIT ")
        .big(limit),
    )
}

/// The latest events of some kinds at or below a path, within the scope, the latest first: of the last so many of all, so
/// that it costs the same at whatever unit.
///
/// # Errors
/// What the database says.
pub fn latest(
    conn: &mut Conn,
    scope: &Scope,
    (kinds, path): (&[&str], &str),
    (window, limit): (i64, i64),
    today: NaiveDate,
) -> Result<Vec<Event>, StorageError> {
    let dialect = conn.dialect();
    conn.rows::<(BigInt, Text, Text, Nullable<Text>, BigInt), Event>(
        sql(
            "SELECT e.seq, e.kind, e.subject, p.code, e.at FROM event e \
             JOIN unit_placement p ON p.unit_id = e.unit_id AND p.valid_from <= ",
        )
        .day(today)
        .then(" AND p.valid_to > ")
        .day(today)
        .then(" WHERE e.seq > (SELECT coalesce(max(seq), 0) FROM event) - ")
        .big(window)
        .then(" AND e.kind")
        .among_texts(dialect, kinds)
        .under("p.path", path)
        .seen("p.path", scope, None, None)
        .then(" ORDER BY e.seq DESC LIMIT ")
        .big(limit),
    )
}

/// Whether any event waits for its number.
///
/// # Errors
/// What the database says.
pub fn any_unnumbered(conn: &mut Conn) -> Result<bool, StorageError> {
    let found = conn.first::<BigInt, i64>(sql("SELECT id FROM event WHERE seq IS NULL LIMIT 1"))?;
    Ok(found.is_some())
}
