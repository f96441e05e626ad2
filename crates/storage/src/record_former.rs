//! Who held records before a merger: written when the records of an ended unit go to the one that stands instead, and asked
//! for the figures of periods before.

use crate::db::Conn;
use crate::dialect::Dialect;
use crate::error::StorageError;
use crate::record::keyed;
use crate::sql::sql;
use crate::unit::Placed;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::record::Record;

/// What the versions of records call their move to the unit that stands instead.
const ACTION: &str = "unit_merged";

/// A unit that ended by a merger and holds records still.
#[derive(Debug, Clone, Queryable)]
pub struct Merger {
    /// The change's number inside.
    pub change: i64,
    /// Its first day.
    pub day: NaiveDate,
    /// As it was asked for, as JSON.
    pub asked: String,
    /// The unit that ended.
    pub unit: i64,
}

/// The mergers in force whose ended units hold records of some ledgers still, deleted ones too, earliest first.
///
/// # Errors
/// What the database says.
pub fn waiting(
    conn: &mut Conn,
    ledgers: &[&str],
    today: NaiveDate,
) -> Result<Vec<Merger>, StorageError> {
    let dialect = conn.dialect();
    conn.rows::<(BigInt, Date, Text, BigInt), Merger>(
        sql("SELECT c.id, c.valid_from, c.asked, p.unit_id FROM unit_change c JOIN unit_placement p ON p.ended_by = c.id \
             WHERE c.kind = 'merge' AND c.withdrawn_at IS NULL AND c.valid_from <= ")
            .day(today)
            .then(" AND EXISTS (SELECT 1 FROM ledger_record r WHERE r.unit_id = p.unit_id AND r.ledger")
            .among_texts(dialect, ledgers)
            .then(") ORDER BY c.valid_from, c.id, p.unit_id"),
    )
}

/// At most so many records of some ledgers that a unit holds, deleted ones too; nobody changes them until the transaction ends.
///
/// # Errors
/// What the database says.
pub fn claim(
    conn: &mut Conn,
    ledgers: &[&str],
    unit: UnitId,
    limit: i64,
) -> Result<Vec<i64>, StorageError> {
    let dialect = conn.dialect();
    let statement = sql("SELECT id FROM ledger_record WHERE unit_id = ")
        .big(unit.0)
        .then(" AND ledger")
        .among_texts(dialect, ledgers)
        .then(" ORDER BY id LIMIT ")
        .big(limit);
    conn.rows::<BigInt, i64>(match dialect {
        Dialect::Sqlite => statement,
        Dialect::Postgres => statement.then(" FOR UPDATE"),
    })
}

/// Gives claimed records to the unit that stands instead, notes who held them until the merger's day and keeps their
/// versions; says how many of each ledger are not deleted.
///
/// # Errors
/// What the database says.
pub fn give(
    conn: &mut Conn,
    ids: &[i64],
    (merger, reason): (&Merger, &str),
    heir: &Placed,
    now: i64,
) -> Result<BTreeMap<String, i64>, StorageError> {
    let dialect = conn.dialect();
    conn.run(
        sql("INSERT INTO ledger_former (record_id, until, unit_id) SELECT r.id, c.valid_from, r.unit_id FROM ledger_record r \
             JOIN unit_change c ON c.id = ")
            .big(merger.change)
            .then(" WHERE r.id")
            .among(dialect, ids)
            .then(" ON CONFLICT (record_id, until) DO NOTHING"),
    )?;
    conn.run(
        sql("UPDATE ledger_record SET revision = revision + 1, unit_id = ")
            .big(heir.id.0)
            .then(", home_shard = ")
            .big(heir.home_shard)
            .then(", updated_at = ")
            .big(now)
            .then(" WHERE id")
            .among(dialect, ids),
    )?;
    conn.run(
        sql("INSERT INTO ledger_version (action, reason, at, record_id, revision, state, unit_id, content, account_id) SELECT ")
            .text(ACTION)
            .then(", ")
            .text(reason)
            .then(", ")
            .big(now)
            .then(
                ", r.id, r.revision, r.state, r.unit_id, r.content, COALESCE(c.account_id, r.created_by) \
                 FROM ledger_record r JOIN unit_change c ON c.id = ",
            )
            .big(merger.change)
            .then(" WHERE r.id")
            .among(dialect, ids),
    )?;
    let counts = conn.rows::<(Text, BigInt), (String, i64)>(
        sql("SELECT ledger, CAST(sum(CASE WHEN deleted THEN 0 ELSE 1 END) AS BIGINT) FROM ledger_record WHERE id")
            .among(dialect, ids)
            .then(" GROUP BY ledger"),
    )?;
    Ok(counts.into_iter().collect())
}

/// Whether any record was held by another unit before a merger.
///
/// # Errors
/// What the database says.
pub fn any(conn: &mut Conn) -> Result<bool, StorageError> {
    let found = conn.first::<BigInt, i64>(sql("SELECT record_id FROM ledger_former LIMIT 1"))?;
    Ok(found.is_some())
}

/// The records of a ledger that units held before a merger, with the units.
///
/// # Errors
/// What the database says.
pub fn held(
    conn: &mut Conn,
    ledger: &str,
    units: &[UnitId],
) -> Result<Vec<(UnitId, Record)>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let found = keyed(
        conn,
        sql("SELECT f.unit_id, r.id, r.unit_id, r.state, r.content FROM ledger_former f JOIN ledger_record r ON r.id = f.record_id \
             WHERE NOT r.deleted AND r.ledger = ")
            .text(ledger)
            .then(" AND f.unit_id")
            .among(dialect, &ids)
            .then(" ORDER BY r.id"),
    )?;
    let by_unit = found.into_iter();
    Ok(by_unit
        .map(|(unit, record)| (UnitId(unit), record))
        .collect())
}

/// Until when which units held a record, earliest first.
pub type Spans = BTreeMap<i64, Vec<(NaiveDate, UnitId)>>;

/// The former holders of records.
///
/// # Errors
/// What the database says.
pub fn spans(conn: &mut Conn, ids: &[i64]) -> Result<Spans, StorageError> {
    let dialect = conn.dialect();
    let rows = conn.rows::<(BigInt, Date, BigInt), (i64, NaiveDate, i64)>(
        sql("SELECT record_id, until, unit_id FROM ledger_former WHERE record_id")
            .among(dialect, ids)
            .then(" ORDER BY record_id, until"),
    )?;
    let mut found = Spans::new();
    for (record, until, unit) in rows {
        found.entry(record).or_default().push((until, UnitId(unit)));
    }
    Ok(found)
}

/// Those of the units that hold records of some ledgers which others held before.
///
/// # Errors
/// What the database says.
pub fn heirs(
    conn: &mut Conn,
    ledgers: &[&str],
    units: &[UnitId],
) -> Result<BTreeSet<UnitId>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let found = conn.rows::<BigInt, i64>(
        sql("SELECT DISTINCT r.unit_id FROM ledger_record r WHERE r.ledger")
            .among_texts(dialect, ledgers)
            .then(" AND r.unit_id")
            .among(dialect, &ids)
            .then(" AND EXISTS (SELECT 1 FROM ledger_former f WHERE f.record_id = r.id)"),
    )?;
    Ok(found.into_iter().map(UnitId).collect())
}
