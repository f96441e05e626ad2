//! Records and versions whose values are sealed anew: what they say stays, and so do their revisions.

use crate::db::Conn;
use crate::dialect::{Column, Lock};
use crate::error::StorageError;
use crate::record::{Slot, text_of, values_of};
use crate::sql::{Statement, sql};
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeMap;
use zhenxing_domain::record::Values;

/// A record or a version with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Its number inside.
    pub id: i64,
    /// The revision at which it was read.
    pub revision: i64,
    /// Its values.
    pub values: Values,
    /// By what it is found, where its sealed values have slots. Versions have none.
    pub tokens: BTreeMap<Slot, String>,
}

/// Keeps another rotation from working on the same rows, until the transaction ends.
///
/// # Errors
/// What the database says.
pub fn lock(conn: &mut Conn) -> Result<(), StorageError> {
    conn.lock(Lock::Personal)
}

fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<Sealed>, StorageError> {
    let rows = conn.rows::<(BigInt, BigInt, Text), (i64, i64, String)>(statement)?;
    rows.into_iter()
        .map(|(id, revision, content)| {
            Ok(Sealed {
                id,
                revision,
                values: values_of(&content)?,
                tokens: BTreeMap::new(),
            })
        })
        .collect()
}

/// The records of a ledger after a number inside, deleted ones too.
///
/// # Errors
/// What the database says.
pub fn records(
    conn: &mut Conn,
    ledger: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Sealed>, StorageError> {
    load(
        conn,
        sql("SELECT r.id, r.revision, r.content FROM ledger_record r WHERE r.ledger = ")
            .text(ledger)
            .then(" AND r.id > ")
            .big(after)
            .then(" ORDER BY r.id LIMIT ")
            .big(limit),
    )
}

/// The versions of a ledger's records after a number inside.
///
/// # Errors
/// What the database says.
pub fn versions(
    conn: &mut Conn,
    ledger: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Sealed>, StorageError> {
    load(
        conn,
        sql("SELECT v.id, v.revision, v.content FROM ledger_version v JOIN ledger_record r ON r.id = v.record_id WHERE r.ledger = ")
            .text(ledger)
            .then(" AND v.id > ")
            .big(after)
            .then(" ORDER BY v.id LIMIT ")
            .big(limit),
    )
}

/// Writes the values of records that stand at the revision at which they were read, with what is in their slots; returns how
/// many did.
///
/// # Errors
/// What the database says.
pub fn write_records(conn: &mut Conn, all: &[Sealed]) -> Result<usize, StorageError> {
    let touched = set(conn, ("ledger_record", "content"), contents(all)?)?;
    let mut slots: BTreeMap<Slot, Vec<serde_json::Value>> = BTreeMap::new();
    for one in all {
        for (slot, token) in &one.tokens {
            let row = serde_json::json!([one.id, one.revision, token]);
            slots.entry(*slot).or_default().push(row);
        }
    }
    for (slot, rows) in slots {
        set(conn, ("ledger_record", slot.name()), rows)?;
    }
    Ok(touched)
}

/// Writes the values of versions; returns how many there are.
///
/// # Errors
/// What the database says.
pub fn write_versions(conn: &mut Conn, all: &[Sealed]) -> Result<usize, StorageError> {
    set(conn, ("ledger_version", "content"), contents(all)?)
}

fn contents(all: &[Sealed]) -> Result<Vec<serde_json::Value>, StorageError> {
    let row = |one: &Sealed| {
        Ok(serde_json::json!([
            one.id,
            one.revision,
            text_of(&one.values)?
        ]))
    };
    all.iter().map(row).collect()
}

/// Sets a text column of rows, each given by its number, its revision and the text.
fn set(
    conn: &mut Conn,
    (table, column): (&'static str, &'static str),
    rows: Vec<serde_json::Value>,
) -> Result<usize, StorageError> {
    let dialect = conn.dialect();
    conn.run(
        sql("WITH x (x_id, x_revision, x_text) AS (")
            .rows_of(
                dialect,
                &[Column::Big, Column::Big, Column::Text],
                &serde_json::Value::from(rows),
            )
            .then(") UPDATE ")
            .then(table)
            .then(" SET ")
            .then(column)
            .then(" = x_text FROM x WHERE id = x_id AND revision = x_revision"),
    )
}
