//! Records found for many rows at once: by what stands in their slots, by their titles, by what they name.

use crate::db::Conn;
use crate::error::StorageError;
use crate::record::{Slot, Stored, load, placed, standing};
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Text};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::Scope;

/// The numbers inside of records of a ledger, not deleted, by the text that their slot holds.
///
/// # Errors
/// What the database says.
pub fn by_texts(
    conn: &mut Conn,
    ledger: &str,
    slot: Slot,
    texts: &[String],
) -> Result<BTreeMap<String, BTreeSet<i64>>, StorageError> {
    let dialect = conn.dialect();
    let rows = conn.rows::<(Text, BigInt), (String, i64)>(
        holding(slot)
            .text(ledger)
            .then(" AND ")
            .then(slot.column())
            .among_texts(dialect, texts),
    )?;
    Ok(gathered(rows))
}

/// The numbers inside of records of a ledger, not deleted, by the number that their slot holds.
///
/// # Errors
/// What the database says.
pub fn by_held_numbers(
    conn: &mut Conn,
    ledger: &str,
    slot: Slot,
    numbers: &[i64],
) -> Result<BTreeMap<i64, BTreeSet<i64>>, StorageError> {
    let dialect = conn.dialect();
    let rows = conn.rows::<(BigInt, BigInt), (i64, i64)>(
        holding(slot)
            .text(ledger)
            .then(" AND ")
            .then(slot.column())
            .among(dialect, numbers),
    )?;
    Ok(gathered(rows))
}

fn holding(slot: Slot) -> Statement {
    sql("SELECT ")
        .then(slot.column())
        .then(", r.id FROM ledger_record r WHERE NOT r.deleted AND r.ledger = ")
}

fn gathered<K: Ord>(rows: Vec<(K, i64)>) -> BTreeMap<K, BTreeSet<i64>> {
    let mut found: BTreeMap<K, BTreeSet<i64>> = BTreeMap::new();
    for (key, id) in rows {
        found.entry(key).or_default().insert(id);
    }
    found
}

/// The records of a ledger within the scope, not deleted, with those titles. They are looked up by how the titles are read.
///
/// # Errors
/// What the database says.
pub fn titled(
    conn: &mut Conn,
    scope: &Scope,
    ledger: &str,
    titles: &[(String, String)],
    today: NaiveDate,
) -> Result<Vec<Stored>, StorageError> {
    let dialect = conn.dialect();
    let (names, spellings): (Vec<&str>, Vec<&str>) = titles
        .iter()
        .map(|(title, spelling)| (title.as_str(), spelling.as_str()))
        .unzip();
    load(
        conn,
        standing(today)
            .text(ledger)
            .then(" AND NOT r.deleted AND r.spelling")
            .among_texts(dialect, &spellings)
            .then(" AND r.title")
            .among_texts(dialect, &names)
            .seen_widely("p.path", scope, "r.created_by")
            .then(" ORDER BY ")
            .sorted(dialect, "r.id"),
    )
}

/// The records of those numbers inside, not deleted, to be changed after the scope has been asked.
///
/// # Errors
/// What the database says.
pub fn stored(
    conn: &mut Conn,
    ids: &BTreeSet<i64>,
    today: NaiveDate,
) -> Result<Vec<Stored>, StorageError> {
    let dialect = conn.dialect();
    let ids: Vec<i64> = ids.iter().copied().collect();
    load(
        conn,
        placed(today)
            .then(" WHERE NOT r.deleted AND r.id")
            .among(dialect, &ids)
            .then(" ORDER BY r.id"),
    )
}

/// The records of a ledger that units hold, not deleted, to be changed after the scope has been asked.
///
/// # Errors
/// What the database says.
pub fn held_by(
    conn: &mut Conn,
    ledger: &str,
    units: &[UnitId],
    today: NaiveDate,
) -> Result<Vec<Stored>, StorageError> {
    let dialect = conn.dialect();
    let units: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    load(
        conn,
        standing(today)
            .text(ledger)
            .then(" AND r.deleted = ")
            .flag(false)
            .then(" AND r.unit_id")
            .among(dialect, &units)
            .then(" ORDER BY r.id"),
    )
}

/// The record of that number inside, deleted or not: what a file belongs to. Its ledger says in which scope it may be seen.
///
/// # Errors
/// What the database says.
pub fn by_id(conn: &mut Conn, id: i64, today: NaiveDate) -> Result<Option<Stored>, StorageError> {
    let found = load(conn, placed(today).then(" WHERE r.id = ").big(id))?;
    Ok(found.into_iter().next())
}

/// The records, deleted ones too, that name one: whoever keeps them, so that none names what is no longer there.
///
/// # Errors
/// What the database says.
pub fn linked_to(
    conn: &mut Conn,
    target: i64,
    today: NaiveDate,
) -> Result<Vec<Stored>, StorageError> {
    load(
        conn,
        placed(today)
            .then(" WHERE r.id IN (SELECT l.record_id FROM ledger_link l WHERE l.target_id = ")
            .big(target)
            .then(") ORDER BY r.id"),
    )
}
