//! Records of ledgers (台账记录): kept, listed, looked up.

use crate::db::Conn;
use crate::dialect::{Column, Lock, hex};
use crate::error::StorageError;
use crate::report::uuid_of;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use std::collections::BTreeMap;
use uuid::Uuid;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::policy::Scope;
use zhenxing_domain::record::{Record, Values};

/// A record as stored, with its unit as it stands today or stood last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its number inside.
    pub id: i64,
    /// Its number outside.
    pub public_id: Uuid,
    /// The ledger's code.
    pub ledger: String,
    /// The unit that holds it.
    pub unit: UnitId,
    /// The unit's path of today.
    pub path: String,
    /// The unit's code of today.
    pub code: String,
    /// The unit's name of today.
    pub name: String,
    /// The name of the unit above.
    pub parent_name: Option<String>,
    /// The county at the unit's creation.
    pub home_shard: i64,
    /// Its state; empty where its ledger has none.
    pub state: String,
    /// Grows with every change.
    pub revision: i64,
    /// What it is called.
    pub title: String,
    /// Its values.
    pub values: Values,
    /// Whether it is deleted.
    pub deleted: bool,
    /// Who made it.
    pub created_by: AccountId,
    /// When it was changed last.
    pub updated_at: i64,
}

impl Stored {
    /// As figures are derived from it.
    pub fn record(&self) -> Record {
        Record {
            id: self.id,
            unit: self.unit,
            state: self.state.clone(),
            values: self.values.clone(),
        }
    }
}

type StoredSql = (
    BigInt,
    Binary,
    Text,
    BigInt,
    Text,
    Text,
    Text,
    Nullable<Text>,
    BigInt,
    Text,
    BigInt,
    Text,
    Text,
    Bool,
    BigInt,
    BigInt,
);

#[derive(Queryable)]
struct StoredRow {
    id: i64,
    public_id: Vec<u8>,
    ledger: String,
    unit: i64,
    path: String,
    code: String,
    name: String,
    parent_name: Option<String>,
    home_shard: i64,
    state: String,
    revision: i64,
    title: String,
    content: String,
    deleted: bool,
    created_by: i64,
    updated_at: i64,
}

pub(crate) fn values_of(content: &str) -> Result<Values, StorageError> {
    serde_json::from_str(content).map_err(|error| StorageError::corrupt("content", error))
}

/// The canonical text of values.
pub(crate) fn text_of(values: &Values) -> Result<String, StorageError> {
    serde_json::to_string(values).map_err(|error| StorageError::corrupt("content", error))
}

impl StoredRow {
    fn read(self) -> Result<Stored, StorageError> {
        Ok(Stored {
            id: self.id,
            public_id: uuid_of(&self.public_id)?,
            unit: UnitId(self.unit),
            values: values_of(&self.content)?,
            created_by: AccountId(self.created_by),
            ledger: self.ledger,
            path: self.path,
            code: self.code,
            name: self.name,
            parent_name: self.parent_name,
            home_shard: self.home_shard,
            state: self.state,
            revision: self.revision,
            title: self.title,
            deleted: self.deleted,
            updated_at: self.updated_at,
        })
    }
}

pub(crate) fn standing(today: NaiveDate) -> Statement {
    placed(today).then(" WHERE r.ledger = ")
}

pub(crate) fn placed(today: NaiveDate) -> Statement {
    sql(
        "SELECT r.id, r.public_id, r.ledger, r.unit_id, p.path, p.code, p.name, a.name, r.home_shard, r.state, r.revision, \
         r.title, r.content, r.deleted, r.created_by, r.updated_at \
         FROM ledger_record r JOIN unit_placement p ON p.unit_id = r.unit_id AND ",
    )
    .last_on("p", today)
    .then(" LEFT JOIN unit_placement a ON a.unit_id = p.parent_id AND ")
    .last_on("a", today)
}

pub(crate) fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<Stored>, StorageError> {
    let rows = conn.rows::<StoredSql, StoredRow>(statement)?;
    rows.into_iter().map(StoredRow::read).collect()
}

fn covered(scope: &Scope, record: &Stored) -> bool {
    scope.covers(&record.path, None, Some(record.created_by))
}

/// The records of a ledger of those numbers that the scope covers, deleted ones too.
///
/// # Errors
/// What the database says.
pub fn by_numbers(
    conn: &mut Conn,
    scope: &Scope,
    ledger: &str,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<Stored>, StorageError> {
    let dialect = conn.dialect();
    // By the numbers alone: told the ledger as well, a database may go through all of it.
    let statement = placed(today).then(" WHERE r.public_id");
    let found = load(conn, statement.among_bytes(dialect, ids))?;
    Ok(found
        .into_iter()
        .filter(|record| record.ledger == ledger && covered(scope, record))
        .collect())
}

/// By what a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The latest first.
    Latest,
    /// By title, as it is read.
    Title,
}

/// What a slot of a record must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// That text.
    Text(String),
    /// One of those texts.
    Among(Vec<String>),
    /// A number not less than the first and not more than the second.
    Between(i64, i64),
}

/// Where a list goes on: the number inside of its last record, and how its title is read.
pub type After = (i64, String);

/// What a list of records is narrowed to.
#[derive(Debug, Clone)]
pub struct RecordFilter<'a> {
    /// The ledger.
    pub ledger: &'a str,
    /// The path at or below which their units stand.
    pub below: Option<&'a str>,
    /// The state.
    pub state: Option<&'a str>,
    /// What slots must hold.
    pub held: &'a [(Slot, Held)],
    /// How their titles begin, as they are read.
    pub begins: Option<&'a str>,
    /// Those that are deleted, or those that are not.
    pub deleted: bool,
    /// By what they are sorted.
    pub order: Order,
    /// Only those after this one.
    pub after: Option<After>,
    /// At most so many.
    pub limit: i64,
}

impl<'a> RecordFilter<'a> {
    /// The latest records of a ledger, narrowed by nothing.
    pub fn latest(ledger: &'a str, limit: i64) -> RecordFilter<'a> {
        RecordFilter {
            ledger,
            below: None,
            state: None,
            held: &[],
            begins: None,
            deleted: false,
            order: Order::Latest,
            after: None,
            limit,
        }
    }
}

/// A place for a value by which records are filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot(usize);

/// The columns of the slots: numbers first, then texts.
const SLOTS: [&str; 12] = [
    "n1", "n2", "n3", "n4", "n5", "n6", "t1", "t2", "t3", "t4", "t5", "t6",
];
const COLUMNS: [&str; 12] = [
    "r.n1", "r.n2", "r.n3", "r.n4", "r.n5", "r.n6", "r.t1", "r.t2", "r.t3", "r.t4", "r.t5", "r.t6",
];

impl Slot {
    pub(crate) fn column(self) -> &'static str {
        COLUMNS.get(self.0).copied().unwrap_or("NULL")
    }

    /// Its name in the table.
    pub(crate) fn name(self) -> &'static str {
        SLOTS.get(self.0).copied().unwrap_or("NULL")
    }
}

/// A record that is made or changed, as it stands now.
#[derive(Debug, Clone)]
pub struct Written<'a> {
    /// The record.
    pub record: &'a Stored,
    /// What was done: `make`, `edit`, `delete`, `restore`, or the code of a move.
    pub action: &'a str,
    /// Why, where a reason was given.
    pub reason: Option<&'a str>,
    /// How its title is read.
    pub spelling: String,
    /// The values of its slots.
    pub slots: BTreeMap<Slot, SlotValue>,
    /// The records that its fields name.
    pub links: Vec<(String, i64)>,
}

/// The value of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotValue {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

fn slot_values(written: &Written<'_>) -> Vec<serde_json::Value> {
    (0..SLOTS.len())
        .map(|at| match written.slots.get(&Slot(at)) {
            Some(SlotValue::Number(number)) => serde_json::json!(number),
            Some(SlotValue::Text(text)) => serde_json::json!(text),
            None => serde_json::Value::Null,
        })
        .collect()
}

fn slot_columns() -> Vec<Column> {
    let numbers = std::iter::repeat_n(Column::Big, 6);
    numbers
        .chain(std::iter::repeat_n(Column::Text, 6))
        .collect()
}

/// Makes records and gives their numbers inside, in the same order.
///
/// # Errors
/// What the database says; [`StorageError::Duplicate`] for a number outside that is taken.
pub fn insert(
    conn: &mut Conn,
    all: &[Written<'_>],
    by: AccountId,
    now: i64,
) -> Result<Vec<i64>, StorageError> {
    let mut rows = Vec::new();
    for written in all {
        let record = written.record;
        let mut row = vec![
            serde_json::json!(hex(record.public_id.as_bytes())),
            serde_json::json!(record.ledger),
            serde_json::json!(record.unit.0),
            serde_json::json!(record.home_shard),
            serde_json::json!(record.state),
            serde_json::json!(record.revision),
            serde_json::json!(record.title),
            serde_json::json!(written.spelling),
            serde_json::json!(text_of(&record.values)?),
            serde_json::json!(by.0),
            serde_json::json!(now),
            serde_json::json!(now),
        ];
        row.extend(slot_values(written));
        rows.push(serde_json::Value::from(row));
    }
    let (big, text) = (Column::Big, Column::Text);
    let mut columns = vec![
        Column::Bytes,
        text,
        big,
        big,
        text,
        big,
        text,
        text,
        text,
        big,
        big,
        big,
    ];
    columns.extend(slot_columns());
    let dialect = conn.dialect();
    let made = conn.rows::<(Binary, BigInt), (Vec<u8>, i64)>(
        sql("INSERT INTO ledger_record (deleted, public_id, ledger, unit_id, home_shard, state, revision, title, spelling, content, \
             created_by, created_at, updated_at, n1, n2, n3, n4, n5, n6, t1, t2, t3, t4, t5, t6) SELECT FALSE, x.* FROM (")
            .rows_of(dialect, &columns, &serde_json::Value::from(rows))
            .then(") x RETURNING public_id, id"),
    )?;
    let made = made
        .into_iter()
        .map(|(public, id)| Ok((uuid_of(&public)?, id)));
    let made: BTreeMap<Uuid, i64> = made.collect::<Result<_, StorageError>>()?;
    let ids = all.iter().map(|written| written.record.public_id);
    Ok(ids.filter_map(|id| made.get(&id).copied()).collect())
}

/// Writes records whose revisions are still the ones before; false when somebody else was quicker with one.
///
/// # Errors
/// What the database says.
pub fn update(conn: &mut Conn, all: &[Written<'_>], now: i64) -> Result<bool, StorageError> {
    let mut rows = Vec::new();
    for written in all {
        let record = written.record;
        let mut row = vec![
            serde_json::json!(record.id),
            serde_json::json!(record.unit.0),
            serde_json::json!(record.home_shard),
            serde_json::json!(record.state),
            serde_json::json!(record.revision),
            serde_json::json!(record.title),
            serde_json::json!(written.spelling),
            serde_json::json!(text_of(&record.values)?),
            serde_json::json!(record.deleted),
        ];
        row.extend(slot_values(written));
        rows.push(serde_json::Value::from(row));
    }
    let (big, text) = (Column::Big, Column::Text);
    let mut columns = vec![big, big, big, text, big, text, text, text, Column::Flag];
    columns.extend(slot_columns());
    let dialect = conn.dialect();
    let touched = conn.run(
        sql("WITH x (x_id, x_unit, x_shard, x_state, x_revision, x_title, x_spelling, x_content, x_deleted, a1, a2, a3, a4, a5, a6, b1, b2, b3, b4, b5, b6) AS (")
            .rows_of(dialect, &columns, &serde_json::Value::from(rows))
            .then(
                ") UPDATE ledger_record SET unit_id = x_unit, home_shard = x_shard, state = x_state, revision = x_revision, title = x_title, spelling = x_spelling, \
                 content = x_content, deleted = x_deleted, n1 = a1, n2 = a2, n3 = a3, n4 = a4, n5 = a5, n6 = a6, \
                 t1 = b1, t2 = b2, t3 = b3, t4 = b4, t5 = b5, t6 = b6, updated_at = ",
            )
            .big(now)
            .then(" FROM x WHERE ledger_record.id = x_id AND ledger_record.revision = x_revision - 1"),
    )?;
    Ok(touched == all.len())
}

/// Writes which records those of the numbers name now.
///
/// # Errors
/// What the database says.
pub fn link(conn: &mut Conn, all: &[(i64, &Written<'_>)]) -> Result<(), StorageError> {
    let ids: Vec<i64> = all.iter().map(|(id, _)| *id).collect();
    let rows: Vec<serde_json::Value> = all
        .iter()
        .flat_map(|(id, written)| {
            let links = written.links.iter();
            links.map(move |(field, target)| {
                serde_json::json!([target, written.record.ledger, field, id])
            })
        })
        .collect();
    let dialect = conn.dialect();
    conn.run(sql("DELETE FROM ledger_link WHERE record_id").among(dialect, &ids))?;
    if rows.is_empty() {
        return Ok(());
    }
    conn.run(
        sql("INSERT INTO ledger_link (target_id, ledger, field, record_id) ")
            .rows_of(
                dialect,
                &[Column::Big, Column::Text, Column::Text, Column::Big],
                &serde_json::Value::from(rows),
            )
            .then(" ON CONFLICT (target_id, ledger, field, record_id) DO NOTHING"),
    )?;
    Ok(())
}

/// What a record that others name is called.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Called {
    /// Its number inside.
    pub id: i64,
    /// Its number outside.
    pub public_id: Vec<u8>,
    /// Its title.
    pub title: String,
    /// The unit that holds it.
    pub unit: i64,
}

/// What records are called that are named by others which a scope has shown.
///
/// # Errors
/// What the database says.
pub fn called(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Called>, StorageError> {
    let dialect = conn.dialect();
    conn.rows::<(BigInt, Binary, Text, BigInt), Called>(
        sql("SELECT id, public_id, title, unit_id FROM ledger_record WHERE id").among(dialect, ids),
    )
}

type RecordSql = (BigInt, BigInt, Text, Text);
type RecordRow = (i64, i64, String, String);

fn read_record((id, unit, state, content): RecordRow) -> Result<Record, StorageError> {
    Ok(Record {
        id,
        unit: UnitId(unit),
        state,
        values: values_of(&content)?,
    })
}

/// The records of a ledger that units hold, for figures that are derived from them.
///
/// # Errors
/// What the database says.
pub fn held(conn: &mut Conn, ledger: &str, units: &[UnitId]) -> Result<Vec<Record>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let rows = conn.rows::<RecordSql, RecordRow>(
        sql(
            "SELECT id, unit_id, state, content FROM ledger_record WHERE NOT deleted AND ledger = ",
        )
        .text(ledger)
        .then(" AND unit_id")
        .among(dialect, &ids)
        .then(" ORDER BY id"),
    )?;
    rows.into_iter().map(read_record).collect()
}

/// The records of those numbers, for figures that are derived from them.
///
/// # Errors
/// What the database says.
pub fn by_ids(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Record>, StorageError> {
    let dialect = conn.dialect();
    let rows = conn.rows::<RecordSql, RecordRow>(
        sql("SELECT id, unit_id, state, content FROM ledger_record WHERE NOT deleted AND id")
            .among(dialect, ids)
            .then(" ORDER BY id"),
    )?;
    rows.into_iter().map(read_record).collect()
}

/// The records of a ledger whose field names others, each with the one that it names.
///
/// # Errors
/// What the database says.
pub fn naming(
    conn: &mut Conn,
    ledger: &str,
    field: &str,
    targets: &[i64],
) -> Result<Vec<(i64, Record)>, StorageError> {
    let dialect = conn.dialect();
    keyed(
        conn,
        sql("SELECT l.target_id, r.id, r.unit_id, r.state, r.content FROM ledger_link l JOIN ledger_record r ON r.id = l.record_id \
             WHERE NOT r.deleted AND l.ledger = ")
            .text(ledger)
            .then(" AND l.field = ")
            .text(field)
            .then(" AND l.target_id")
            .among(dialect, targets)
            .then(" ORDER BY r.id"),
    )
}

/// Records, each behind a number by which it is looked up.
pub(crate) fn keyed(
    conn: &mut Conn,
    statement: Statement,
) -> Result<Vec<(i64, Record)>, StorageError> {
    type Row = (i64, i64, i64, String, String);
    let rows = conn.rows::<(BigInt, BigInt, BigInt, Text, Text), Row>(statement)?;
    rows.into_iter()
        .map(|(key, id, unit, state, content)| Ok((key, read_record((id, unit, state, content))?)))
        .collect()
}

/// How many records name one, deleted ones aside.
///
/// # Errors
/// What the database says.
pub fn named_by(conn: &mut Conn, target: i64) -> Result<i64, StorageError> {
    let found = conn.first::<BigInt, i64>(
        sql("SELECT count(*) FROM ledger_link l JOIN ledger_record r ON r.id = l.record_id WHERE NOT r.deleted AND l.target_id = ")
            .big(target),
    )?;
    Ok(found.unwrap_or(0))
}

/// Calls the records of a ledger whose field names others as those are called now: each by its number, its title and how
/// that is read. Revisions stay: nothing was typed.
///
/// # Errors
/// What the database says.
pub fn retitle(
    conn: &mut Conn,
    (ledger, field): (&str, &str),
    named: &[(i64, &str, String)],
) -> Result<(), StorageError> {
    let rows = named.iter();
    let rows: Vec<serde_json::Value> = rows
        .map(|(id, title, spelling)| serde_json::json!([id, title, spelling]))
        .collect();
    let (dialect, text) = (conn.dialect(), Column::Text);
    conn.run(
        sql("WITH x (x_target, x_title, x_spelling) AS (")
            .rows_of(
                dialect,
                &[Column::Big, text, text],
                &serde_json::Value::from(rows),
            )
            .then(
                ") UPDATE ledger_record SET title = x_title, spelling = x_spelling FROM x, ledger_link l \
                 WHERE l.target_id = x_target AND ledger_record.id = l.record_id AND l.ledger = ",
            )
            .text(ledger)
            .then(" AND l.field = ")
            .text(field),
    )?;
    Ok(())
}

/// Keeps others from writing what only one record may have, until the transaction ends.
///
/// # Errors
/// What the database says.
pub fn lock(conn: &mut Conn) -> Result<(), StorageError> {
    conn.lock(Lock::Ledgers)
}

/// Gives slots to fields that have none: what was given is never given again. A kind is `n` for numbers and `t` for texts.
///
/// # Errors
/// What the database says, or [`StorageError::Corrupt`] when a ledger has more filters than slots.
pub fn give_slots(
    conn: &mut Conn,
    wanted: &[(String, String, char)],
) -> Result<BTreeMap<(String, String), Slot>, StorageError> {
    let rows = conn.rows::<(Text, Text, Text), (String, String, String)>(sql(
        "SELECT ledger, field, slot FROM ledger_slot",
    ))?;
    let mut given: BTreeMap<(String, String), Slot> = BTreeMap::new();
    for (ledger, field, slot) in rows {
        let at = SLOTS.iter().position(|one| *one == slot);
        let at = at.ok_or_else(|| StorageError::corrupt("slot", &slot))?;
        given.insert((ledger, field), Slot(at));
    }
    let mut fresh = Vec::new();
    for (ledger, field, kind) in wanted {
        let key = (ledger.clone(), field.clone());
        if given.contains_key(&key) {
            continue;
        }
        let taken = |at: usize| {
            let mut all = given.iter();
            all.any(|((other, _), slot)| other == ledger && slot.0 == at)
        };
        let mut places = SLOTS.iter().enumerate();
        let free = places.find(|(at, name)| name.starts_with(*kind) && !taken(*at));
        let Some((at, name)) = free else {
            let what = format!("{ledger}.{field}: a ledger has six filters of a kind");
            return Err(StorageError::corrupt("slot", what));
        };
        fresh.push(serde_json::json!([ledger, field, name]));
        given.insert(key, Slot(at));
    }
    if !fresh.is_empty() {
        let (dialect, text) = (conn.dialect(), Column::Text);
        conn.run(
            sql("INSERT INTO ledger_slot (ledger, field, slot) ").rows_of(
                dialect,
                &[text, text, text],
                &serde_json::Value::from(fresh),
            ),
        )?;
    }
    Ok(given)
}
