//! Units and their dated placements.

use crate::db::Conn;
use crate::dialect::{Column, Lock};
use crate::error::StorageError;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::{Level, UnitKind};

/// The day after the last day of a placement that has not ended.
pub fn open_end() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// A unit where it stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The number for ever.
    pub id: UnitId,
    /// The level.
    pub level: Level,
    /// The kind.
    pub kind: UnitKind,
    /// The county at its creation.
    pub home_shard: i64,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// `/1/20/300/`.
    pub path: String,
    /// The division code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The parent's code and name, where asked for.
    pub above: Option<(String, String)>,
    /// The first day of the placement.
    pub valid_from: NaiveDate,
    /// The day after its last.
    pub valid_to: NaiveDate,
}

impl Placed {
    /// The numbers of the units from the root down to this one.
    pub fn lineage(&self) -> Vec<UnitId> {
        lineage(&self.path)
    }
}

/// The numbers in a path, from the root down.
pub fn lineage(path: &str) -> Vec<UnitId> {
    path.split('/')
        .filter_map(|part| part.parse().ok())
        .map(UnitId)
        .collect()
}

type PlacedSql = (
    BigInt,
    Text,
    Text,
    BigInt,
    Nullable<BigInt>,
    Text,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Date,
    Date,
);

#[derive(Queryable)]
struct PlacedRow {
    id: i64,
    level: String,
    kind: String,
    home_shard: i64,
    parent: Option<i64>,
    path: String,
    code: String,
    name: String,
    above_code: Option<String>,
    above_name: Option<String>,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
}

impl PlacedRow {
    fn read(self) -> Result<Placed, StorageError> {
        Ok(Placed {
            id: UnitId(self.id),
            level: Level::parse(&self.level)
                .ok_or_else(|| StorageError::corrupt("level", &self.level))?,
            kind: UnitKind::parse(&self.kind)
                .ok_or_else(|| StorageError::corrupt("kind", &self.kind))?,
            home_shard: self.home_shard,
            parent: self.parent.map(UnitId),
            path: self.path,
            code: self.code,
            name: self.name,
            above: self.above_code.zip(self.above_name),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        })
    }
}

const SELECT: &str = "SELECT u.id, u.level, p.kind, u.home_shard, p.parent_id, p.path, p.code, p.name, \
     a.code, a.name, p.valid_from, p.valid_to \
     FROM unit_placement p JOIN unit u ON u.id = p.unit_id \
     LEFT JOIN unit_placement a ON a.unit_id = p.parent_id AND a.valid_from <= ";

/// `p` on that day, with its parent `a`.
pub(crate) fn placed_on(day: NaiveDate) -> Statement {
    sql(SELECT)
        .day(day)
        .then(" AND a.valid_to > ")
        .day(day)
        .then(" WHERE p.valid_from <= ")
        .day(day)
        .then(" AND p.valid_to > ")
        .day(day)
}

/// `p` on that day, or last before it where the unit has ended, with its parent `a` likewise.
pub(crate) fn placed_last(day: NaiveDate) -> Statement {
    sql(SELECT)
        .day(day)
        .then(" AND (a.ended OR a.valid_to > ")
        .day(day)
        .then(") WHERE ")
        .last_on("p", day)
}

pub(crate) fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<Placed>, StorageError> {
    let rows = conn.rows::<PlacedSql, PlacedRow>(statement)?;
    rows.into_iter().map(PlacedRow::read).collect()
}

/// The unit with that code on that day, if the scope covers it.
///
/// # Errors
/// What the database says.
pub fn by_code(
    conn: &mut Conn,
    scope: &Scope,
    code: &str,
    day: NaiveDate,
) -> Result<Option<Placed>, StorageError> {
    let found = load(conn, placed_on(day).then(" AND p.code = ").text(code))?;
    Ok(found
        .into_iter()
        .find(|unit| scope.covers(&unit.path, None, None)))
}

/// The units with those codes on that day that the scope covers.
///
/// # Errors
/// What the database says.
pub fn by_codes<T: AsRef<str>>(
    conn: &mut Conn,
    scope: &Scope,
    codes: &[T],
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    let dialect = conn.dialect();
    let found = load(
        conn,
        placed_on(day)
            .then(" AND p.code")
            .among_texts(dialect, codes),
    )?;
    Ok(found
        .into_iter()
        .filter(|unit| scope.covers(&unit.path, None, None))
        .collect())
}

/// The units with those names on that day that the scope covers, by code.
///
/// # Errors
/// What the database says.
pub fn by_names(
    conn: &mut Conn,
    scope: &Scope,
    names: &[String],
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    let dialect = conn.dialect();
    let statement = placed_on(day)
        .seen("p.path", scope, None, None)
        .then(" AND p.name")
        .among_texts(dialect, names);
    load(conn, statement.then(" ORDER BY p.code"))
}

/// The units with those numbers on that day that the scope covers, by code.
///
/// # Errors
/// What the database says.
pub fn by_ids(
    conn: &mut Conn,
    scope: &Scope,
    ids: &[UnitId],
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    covered_among(conn, scope, " AND p.unit_id", ids, day)
}

fn covered_among(
    conn: &mut Conn,
    scope: &Scope,
    column: &'static str,
    ids: &[UnitId],
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let dialect = conn.dialect();
    let found = load(
        conn,
        placed_on(day)
            .then(column)
            .among(dialect, &numbers)
            .then(" ORDER BY p.code"),
    )?;
    Ok(found
        .into_iter()
        .filter(|unit| scope.covers(&unit.path, None, None))
        .collect())
}

/// The units directly below those, on that day, by code.
///
/// # Errors
/// What the database says.
pub fn children(
    conn: &mut Conn,
    scope: &Scope,
    parents: &[UnitId],
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    covered_among(conn, scope, " AND p.parent_id", parents, day)
}

/// The units of a level below a unit, on that day, by code. The tree is gone down level by level, each by the index of
/// parents: a plan that is kept for every level reads the whole tree to find its nineteen counties.
///
/// # Errors
/// What the database says.
pub fn descendants(
    conn: &mut Conn,
    scope: &Scope,
    above: UnitId,
    level: Level,
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    let mut found = Vec::new();
    let mut open = vec![above];
    while !open.is_empty() {
        let below = children(conn, scope, &open, day)?;
        open.clear();
        for unit in below {
            if unit.level == level {
                found.push(unit);
            } else if unit.level < level {
                open.push(unit.id);
            }
        }
    }
    found.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(found)
}

/// How many units that the scope covers stand directly below a unit on that day.
///
/// # Errors
/// What the database says.
pub fn count_children(
    conn: &mut Conn,
    scope: &Scope,
    parent: UnitId,
    day: NaiveDate,
) -> Result<i64, StorageError> {
    let count = conn.first::<BigInt, i64>(
        sql("SELECT count(*) FROM unit_placement p WHERE p.parent_id = ")
            .big(parent.0)
            .then(" AND p.valid_from <= ")
            .day(day)
            .then(" AND p.valid_to > ")
            .day(day)
            .seen("p.path", scope, None, None),
    )?;
    Ok(count.unwrap_or(0))
}

/// What a list of units is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct UnitFilter {
    /// The level.
    pub level: Option<Level>,
    /// The unit directly above.
    pub parent: Option<UnitId>,
    /// The path under which they stand.
    pub below: Option<String>,
    /// Part of the name, the first letters of its pinyin, or the beginning of the code.
    pub search: Option<String>,
    /// Only codes after this one.
    pub after: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// Units on a day within the scope, by code.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &UnitFilter,
    day: NaiveDate,
) -> Result<Vec<Placed>, StorageError> {
    let statement = narrowed(placed_on(day), scope, filter);
    load(
        conn,
        statement.then(" ORDER BY p.code LIMIT ").big(filter.limit),
    )
}

/// How many units the filter leaves.
///
/// # Errors
/// What the database says.
pub fn count(
    conn: &mut Conn,
    scope: &Scope,
    filter: &UnitFilter,
    day: NaiveDate,
) -> Result<i64, StorageError> {
    let all = UnitFilter {
        after: None,
        ..filter.clone()
    };
    let begin = sql(
        "SELECT count(*) FROM unit_placement p JOIN unit u ON u.id = p.unit_id WHERE p.valid_from <= ",
    )
    .day(day)
    .then(" AND p.valid_to > ")
    .day(day);
    let count = conn.first::<BigInt, i64>(narrowed(begin, scope, &all))?;
    Ok(count.unwrap_or(0))
}

fn narrowed(begin: Statement, scope: &Scope, filter: &UnitFilter) -> Statement {
    let mut statement = begin.seen("p.path", scope, None, None);
    if let Some(level) = filter.level {
        statement = statement.then(" AND u.level = ").text(level.as_str());
    }
    if let Some(parent) = filter.parent {
        statement = statement.then(" AND p.parent_id = ").big(parent.0);
    }
    if let Some(path) = &filter.below {
        statement = statement.under("p.path", path);
    }
    if let Some(search) = filter.search.as_deref().filter(|text| !text.is_empty()) {
        statement = matching(statement, search);
    }
    if let Some(after) = &filter.after {
        statement = statement.then(" AND p.code > ").text(after.as_str());
    }
    statement
}

/// Digits are the beginning of a code, letters the beginning of the initials or the pinyin, else part of the name.
fn matching(statement: Statement, search: &str) -> Statement {
    let prefix = |statement: Statement, column: &'static str, text: &str| {
        statement
            .then(column)
            .then(" >= ")
            .text(text)
            .then(" AND ")
            .then(column)
            .then(" < ")
            .text(format!("{text}\u{10FFFF}"))
    };
    if search.bytes().all(|byte| byte.is_ascii_digit()) {
        prefix(statement.then(" AND "), "p.code", search)
    } else if search.is_ascii() {
        let small = search.to_ascii_lowercase();
        let first = prefix(statement.then(" AND (("), "p.initials", &small);
        prefix(first.then(") OR ("), "p.pinyin", &small).then("))")
    } else {
        statement.then(" AND ").holds("p.name", search)
    }
}

/// A unit that is to be made.
#[derive(Debug, Clone)]
pub struct NewUnit {
    /// The level.
    pub level: Level,
    /// The county's number; the unit's own where it is the county or the city.
    pub home_shard: Option<UnitId>,
}

/// Takes the lock that changes of the tree hold.
///
/// # Errors
/// What the database says.
pub fn lock_tree(conn: &mut Conn) -> Result<(), StorageError> {
    conn.lock(Lock::Tree)
}

/// The highest number that a unit has: the next ones follow it while the tree's lock is held.
///
/// # Errors
/// What the database says.
pub fn last(conn: &mut Conn) -> Result<i64, StorageError> {
    let last = conn.first::<BigInt, i64>(sql("SELECT coalesce(max(id), 0) FROM unit"))?;
    Ok(last.unwrap_or(0))
}

/// Makes units and returns their numbers in the order given. The tree's lock must be held.
///
/// # Errors
/// What the database says.
pub fn create(conn: &mut Conn, units: &[NewUnit]) -> Result<Vec<UnitId>, StorageError> {
    let last = last(conn)?;
    let mut ids = Vec::with_capacity(units.len());
    let mut rows = Vec::with_capacity(units.len());
    for (unit, id) in units.iter().zip(last + 1..) {
        let shard = unit.home_shard.map_or(id, |shard| shard.0);
        rows.push(serde_json::json!([id, unit.level.as_str(), shard]));
        ids.push(UnitId(id));
    }
    let dialect = conn.dialect();
    for part in rows.chunks(500) {
        conn.run(sql("INSERT INTO unit (id, level, home_shard) ").rows_of(
            dialect,
            &[Column::Big, Column::Text, Column::Big],
            &serde_json::Value::from(part),
        ))?;
    }
    Ok(ids)
}

/// A placement that is to be written.
#[derive(Debug, Clone)]
pub struct NewPlacement {
    /// The unit.
    pub unit: UnitId,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// The path with the unit's own number.
    pub path: String,
    /// The code.
    pub code: String,
    /// The kind.
    pub kind: UnitKind,
    /// The name.
    pub name: String,
    /// The name in pinyin, for sorting and searching.
    pub pinyin: String,
    /// The first letters.
    pub initials: String,
}

/// Ends the placements of those units that hold on the day before and places them anew from that day on.
/// A placement that begins on that very day is replaced. The tree's lock must be held; the change that places them is
/// noted.
///
/// # Errors
/// What the database says.
pub fn place(
    conn: &mut Conn,
    placements: &[NewPlacement],
    change: Option<i64>,
) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    for part in placements.chunks(500) {
        for day in days(part) {
            let ids: Vec<i64> = part
                .iter()
                .filter(|new| new.valid_from == day)
                .map(|new| new.unit.0)
                .collect();
            conn.run(
                sql("DELETE FROM unit_placement WHERE valid_from >= ")
                    .day(day)
                    .then(" AND unit_id")
                    .among(dialect, &ids),
            )?;
            conn.run(
                sql("UPDATE unit_placement SET valid_to = ")
                    .day(day)
                    .then(", ended_by = ")
                    .maybe_big(change)
                    .then(" WHERE valid_to > ")
                    .day(day)
                    .then(" AND unit_id")
                    .among(dialect, &ids),
            )?;
        }
        insert(conn, part, change)?;
    }
    Ok(())
}

fn days(placements: &[NewPlacement]) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> = placements.iter().map(|new| new.valid_from).collect();
    days.sort();
    days.dedup();
    days
}

fn insert(
    conn: &mut Conn,
    placements: &[NewPlacement],
    change: Option<i64>,
) -> Result<(), StorageError> {
    let rows: Vec<serde_json::Value> = placements
        .iter()
        .map(|new| {
            serde_json::json!([
                new.unit.0,
                new.valid_from.to_string(),
                open_end().to_string(),
                new.parent.map(|parent| parent.0),
                new.path,
                new.code,
                new.kind.as_str(),
                new.name,
                new.pinyin,
                new.initials,
                change
            ])
        })
        .collect();
    let dialect = conn.dialect();
    let columns = [
        Column::Big,
        Column::Day,
        Column::Day,
        Column::Big,
        Column::Text,
        Column::Text,
        Column::Text,
        Column::Text,
        Column::Text,
        Column::Text,
        Column::Big,
    ];
    conn.run(
        sql("INSERT INTO unit_placement (unit_id, valid_from, valid_to, parent_id, path, code, kind, name, pinyin, initials, begun_by) ")
            .rows_of(dialect, &columns, &serde_json::Value::from(rows)),
    )?;
    Ok(())
}

/// Every unit on a day: for imports and for the recomputation that tests compare with.
///
/// # Errors
/// What the database says.
pub fn all(conn: &mut Conn, scope: &Scope, day: NaiveDate) -> Result<Vec<Placed>, StorageError> {
    let found = load(conn, placed_on(day).then(" ORDER BY p.code"))?;
    Ok(found
        .into_iter()
        .filter(|unit| scope.covers(&unit.path, None, None))
        .collect())
}
