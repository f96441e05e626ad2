//! Placements over time: where units stood last, whole parts of the tree, and what a change does to them.

use crate::db::Conn;
use crate::error::StorageError;
use crate::scope::Seen;
use crate::sql::sql;
use crate::unit::{Placed, load, open_end, placed_last, placed_on};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::{Level, UnitKind};

fn numbers(ids: &[UnitId]) -> Vec<i64> {
    ids.iter().map(|id| id.0).collect()
}

fn covered(found: Vec<Placed>, scope: &Scope) -> Vec<Placed> {
    let seen = |unit: &Placed| scope.covers(&unit.path, None, None);
    found.into_iter().filter(seen).collect()
}

/// The units with those numbers where they stand on a day, or stood last, that the scope covers there, by code.
///
/// # Errors
/// What the database says.
pub fn last_by_ids(
    conn: &mut Conn,
    scope: &Scope,
    ids: &[UnitId],
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    let dialect = conn.dialect();
    let statement = placed_last(day)
        .then(" AND p.unit_id")
        .among(dialect, &numbers(ids))
        .then(" ORDER BY p.code, p.unit_id");
    Ok(covered(load(conn, statement)?, scope))
}

/// Units and all above them, where they stand on a day or stood last, for the system's own counting.
///
/// # Errors
/// What the database says.
pub(crate) fn last_with_those_above(
    conn: &mut Conn,
    units: &BTreeSet<UnitId>,
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    let system = Scope::bypass_for_system_work();
    let wanted: Vec<UnitId> = units.iter().copied().collect();
    let placed = last_by_ids(conn, &system, &wanted, day)?;
    let lines: BTreeSet<UnitId> = placed.iter().flat_map(Placed::lineage).collect();
    let lines: Vec<UnitId> = lines.into_iter().collect();
    last_by_ids(conn, &system, &lines, day)
}

/// Every unit on a day at or below one of the paths, within the scope, and the units with those numbers.
///
/// # Errors
/// What the database says.
pub fn part(
    conn: &mut Conn,
    scope: &Scope,
    paths: &[String],
    also: &[UnitId],
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    let dialect = conn.dialect();
    let begun = placed_on(day).then(" AND (1 = 0");
    let statement = paths
        .iter()
        .fold(begun, |begun, path| {
            begun.then(" OR (1 = 1").under("p.path", path).then(")")
        })
        .then(" OR p.unit_id")
        .among(dialect, &numbers(also))
        .then(") ORDER BY p.path");
    Ok(covered(load(conn, statement)?, scope))
}

/// A unit's placement with the unit above as it stood on its first day.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Span {
    /// The first day.
    pub valid_from: NaiveDate,
    /// The day after the last.
    pub valid_to: NaiveDate,
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The kind.
    pub kind: String,
    /// The path.
    pub path: String,
    /// The code of the unit above.
    pub above_code: Option<String>,
    /// The name of the unit above.
    pub above_name: Option<String>,
    /// The public number of the change that began it.
    pub change: Option<Vec<u8>>,
}

impl Span {
    /// The kind.
    ///
    /// # Errors
    /// When the database holds another word.
    pub fn unit_kind(&self) -> Result<UnitKind, StorageError> {
        UnitKind::parse(&self.kind).ok_or_else(|| StorageError::corrupt("kind", &self.kind))
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && day < self.valid_to
    }
}

/// The placements of a unit, earliest first, if the scope covers where it stands on a day or stood last.
///
/// # Errors
/// What the database says.
pub fn spans(
    conn: &mut Conn,
    scope: &Scope,
    unit: UnitId,
    today: NaiveDate,
) -> Result<Vec<Span>, StorageError> {
    type SpanSql = (
        Date,
        Date,
        Text,
        Text,
        Text,
        Text,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Binary>,
    );
    conn.rows::<SpanSql, Span>(
        sql("SELECT p.valid_from, p.valid_to, p.code, p.name, p.kind, p.path, a.code, a.name, c.public_id \
             FROM unit_placement t JOIN unit_placement p ON p.unit_id = t.unit_id \
             LEFT JOIN unit_placement a ON a.unit_id = p.parent_id AND a.valid_from <= p.valid_from \
             AND a.valid_to > p.valid_from LEFT JOIN unit_change c ON c.id = p.begun_by WHERE t.unit_id = ")
        .big(unit.0)
        .then(" AND ")
        .last_on("t", today)
        .seen("t.path", scope, None, None)
        .then(" ORDER BY p.valid_from"),
    )
}

/// The units that have codes on a day, or else had them latest, by code, as far as the scope covers where they stand
/// today or stood last.
///
/// # Errors
/// What the database says.
pub fn bearers<T: AsRef<str>>(
    conn: &mut Conn,
    scope: &Scope,
    codes: &[T],
    day: NaiveDate,
    today: NaiveDate,
) -> Result<BTreeMap<String, Placed>, StorageError> {
    let dialect = conn.dialect();
    let held = conn.rows::<(Text, BigInt), (String, i64)>(
        sql("SELECT code, unit_id FROM unit_placement WHERE code")
            .among_texts(dialect, codes)
            .then(" ORDER BY CASE WHEN valid_from <= ")
            .day(day)
            .then(" AND valid_to > ")
            .day(day)
            .then(" THEN 0 ELSE 1 END, valid_from DESC"),
    )?;
    let ids: Vec<UnitId> = held.iter().map(|(_, id)| UnitId(*id)).collect();
    let found = last_by_ids(conn, scope, &ids, today)?;
    let found: BTreeMap<i64, Placed> = found.into_iter().map(|unit| (unit.id.0, unit)).collect();
    let mut bearers = BTreeMap::new();
    for (code, id) in held {
        if let Some(unit) = found.get(&id) {
            bearers.entry(code).or_insert_with(|| unit.clone());
        }
    }
    Ok(bearers)
}

/// Those of the codes that a unit other than the given ones has on the day or later.
///
/// # Errors
/// What the database says.
pub fn codes_taken(
    conn: &mut Conn,
    codes: &[String],
    except: &[UnitId],
    from: NaiveDate,
) -> Result<Vec<String>, StorageError> {
    let dialect = conn.dialect();
    conn.rows::<Text, String>(
        sql("SELECT DISTINCT code FROM unit_placement WHERE valid_to > ")
            .day(from)
            .then(" AND code")
            .among_texts(dialect, codes)
            .then(" AND NOT (unit_id")
            .among(dialect, &numbers(except))
            .then(") ORDER BY code"),
    )
}

/// The first day after a day on which a unit at or below one of the paths is placed anew; then another change follows.
///
/// # Errors
/// What the database says.
pub fn placed_later(
    conn: &mut Conn,
    paths: &[String],
    from: NaiveDate,
) -> Result<Option<NaiveDate>, StorageError> {
    let begun = sql("SELECT valid_from FROM unit_placement WHERE valid_from > ")
        .day(from)
        .then(" AND (1 = 0");
    let statement = paths.iter().fold(begun, |begun, path| {
        begun.then(" OR (1 = 1").under("path", path).then(")")
    });
    conn.first::<Date, NaiveDate>(statement.then(") ORDER BY valid_from LIMIT 1"))
}

/// The units whose placements end after a day because of a change that is planned, each with the day of that change.
///
/// # Errors
/// What the database says.
pub fn planned(
    conn: &mut Conn,
    after: NaiveDate,
) -> Result<BTreeMap<UnitId, NaiveDate>, StorageError> {
    let rows = conn.rows::<(BigInt, Date), (i64, NaiveDate)>(
        sql("SELECT unit_id, valid_to FROM unit_placement WHERE valid_to > ")
            .day(after)
            .then(" AND valid_to < ")
            .day(open_end())
            .then(" ORDER BY valid_to DESC"),
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, day)| (UnitId(id), day))
        .collect())
}

/// Ends units: their placements hold until the day before, and are marked as their last.
///
/// # Errors
/// What the database says.
pub fn end(
    conn: &mut Conn,
    units: &[UnitId],
    from: NaiveDate,
    change: i64,
) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    for part in numbers(units).chunks(500) {
        conn.run(
            sql("UPDATE unit_placement SET valid_to = ")
                .day(from)
                .then(", ended = ")
                .flag(true)
                .then(", ended_by = ")
                .big(change)
                .then(" WHERE valid_to > ")
                .day(from)
                .then(" AND unit_id")
                .among(dialect, part),
        )?;
    }
    Ok(())
}

/// How many units of each kind stand at or below each of the units, on a day.
pub type KindCounts = BTreeMap<UnitId, BTreeMap<UnitKind, i64>>;

/// Counts the units of each kind at or below units that the scope covers, on a day.
///
/// # Errors
/// What the database says.
pub fn count_kinds(
    conn: &mut Conn,
    scope: &Scope,
    above: &[UnitId],
    day: NaiveDate,
) -> Result<KindCounts, StorageError> {
    let dialect = conn.dialect();
    let rows = conn.rows::<(BigInt, Text, BigInt), (i64, String, i64)>(
        sql("SELECT a.unit_id, p.kind, count(*) FROM unit_placement a \
             JOIN unit_placement p ON p.path >= a.path AND p.path < rtrim(a.path, '/') || '0' WHERE a.valid_from <= ")
        .day(day)
        .then(" AND a.valid_to > ")
        .day(day)
        .then(" AND p.valid_from <= ")
        .day(day)
        .then(" AND p.valid_to > ")
        .day(day)
        .then(" AND a.unit_id")
        .among(dialect, &numbers(above))
        .seen("a.path", scope, None, None)
        .then(" GROUP BY a.unit_id, p.kind"),
    )?;
    let mut counts = KindCounts::new();
    for (unit, kind, count) in rows {
        let kind = UnitKind::parse(&kind).ok_or_else(|| StorageError::corrupt("kind", &kind))?;
        counts.entry(UnitId(unit)).or_default().insert(kind, count);
    }
    Ok(counts)
}

/// Whether another change stands on what a change did: it placed a unit again, below one of its places, or under a
/// code that became free.
///
/// # Errors
/// What the database says.
pub fn built_upon(conn: &mut Conn, change: i64) -> Result<bool, StorageError> {
    let found = conn.first::<BigInt, i64>(
        sql("SELECT p.id FROM unit_placement b JOIN unit_placement p ON p.begun_by IS NOT NULL AND p.begun_by <> ")
            .big(change)
            .then(" AND p.valid_to > b.valid_from AND (p.unit_id = b.unit_id AND p.valid_from >= b.valid_from \
                   OR p.valid_from >= b.valid_from AND p.path >= b.path AND p.path < rtrim(b.path, '/') || '0') \
                   WHERE b.begun_by = ")
            .big(change)
            .then(" UNION ALL SELECT p.id FROM unit_placement b JOIN unit_placement p ON p.code = b.code \
                   AND p.unit_id <> b.unit_id AND p.valid_to > b.valid_to AND p.begun_by IS NOT NULL AND p.begun_by <> ")
            .big(change)
            .then(" WHERE b.ended_by = ")
            .big(change)
            .then(" LIMIT 1"),
    )?;
    Ok(found.is_some())
}

/// The units whose figures a change touched: those above the villages that it placed or ended, and whatever stood
/// above any of them before or after.
///
/// # Errors
/// What the database says.
pub fn touched_by(conn: &mut Conn, change: i64) -> Result<BTreeSet<UnitId>, StorageError> {
    type Row = (i64, String, Option<i64>);
    let rows = conn.rows::<(BigInt, Text, Nullable<BigInt>), Row>(
        sql("SELECT u.id, u.level, p.parent_id FROM unit_placement p JOIN unit u ON u.id = p.unit_id WHERE p.begun_by = ")
            .big(change)
            .then(" OR p.ended_by = ")
            .big(change),
    )?;
    let inner = |row: &Row| (row.1 != Level::Village.as_str()).then_some(row.0);
    let ids = rows.iter().flat_map(|row| [inner(row), row.2]);
    Ok(ids.flatten().map(UnitId).collect())
}

/// Takes back what a change did to placements, and the units that it made.
///
/// # Errors
/// What the database says.
pub fn undo(conn: &mut Conn, change: i64) -> Result<(), StorageError> {
    let made = conn.rows::<BigInt, i64>(
        sql("SELECT unit_id FROM unit_placement b WHERE b.begun_by = ")
            .big(change)
            .then(" AND NOT EXISTS (SELECT 1 FROM unit_placement p WHERE p.unit_id = b.unit_id AND p.id <> b.id)"),
    )?;
    conn.run(sql("DELETE FROM unit_placement WHERE begun_by = ").big(change))?;
    conn.run(
        sql("UPDATE unit_placement SET valid_to = ")
            .day(open_end())
            .then(", ended_by = NULL, ended = ")
            .flag(false)
            .then(" WHERE ended_by = ")
            .big(change),
    )?;
    let dialect = conn.dialect();
    conn.run(sql("DELETE FROM unit WHERE id").among(dialect, &made))?;
    Ok(())
}
