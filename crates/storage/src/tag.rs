//! Tags of units (单位标签): records of the ledger that marks units, looked up by their slots.

use crate::db::Conn;
use crate::error::StorageError;
use crate::record::Slot;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use crate::unit::open_end;
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use zhenxing_domain::policy::Scope;

/// Where the tags of units stand: in which ledger, and in which slots of its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    /// The ledger.
    pub ledger: String,
    /// The tag.
    pub tag: Slot,
    /// The first day.
    pub since: Slot,
    /// The first day on which it holds no more; empty while it holds.
    pub until: Slot,
}

impl Marks {
    /// What is true of the records `r` of marks that hold on a day.
    pub(crate) fn held_on(&self, begun: Statement, day: NaiveDate) -> Statement {
        let day = i64::from(day.num_days_from_ce());
        begun
            .then(" AND r.ledger = ")
            .text(&self.ledger)
            .then(" AND NOT r.deleted AND ")
            .then(self.since.column())
            .then(" <= ")
            .big(day)
            .then(" AND (")
            .then(self.until.column())
            .then(" IS NULL OR ")
            .then(self.until.column())
            .then(" > ")
            .big(day)
            .then(")")
    }
}

/// How many units that the scope covers carry each tag on a day.
///
/// # Errors
/// What the database says.
pub fn counts(
    conn: &mut Conn,
    scope: &Scope,
    marks: &Marks,
    day: NaiveDate,
) -> Result<Vec<(String, i64)>, StorageError> {
    let statement = sql("SELECT ")
        .then(marks.tag.column())
        .then(", count(DISTINCT r.unit_id) FROM ledger_record r JOIN unit_placement p ON p.unit_id = r.unit_id AND p.valid_from <= ")
        .day(day)
        .then(" AND p.valid_to > ")
        .day(day)
        .then(" WHERE ")
        .then(marks.tag.column())
        .then(" IS NOT NULL");
    conn.rows::<(Text, BigInt), (String, i64)>(
        marks
            .held_on(statement, day)
            .seen("p.path", scope, None, None)
            .then(" GROUP BY ")
            .then(marks.tag.column()),
    )
}

/// A tag as it was kept before tags became records of a ledger.
#[derive(Debug, Clone, Queryable)]
pub struct Former {
    /// Its number.
    pub id: i64,
    /// The unit.
    pub unit: i64,
    /// The tag.
    pub tag: String,
    /// Who decided it.
    pub authority: Option<String>,
    /// The number of the document.
    pub document_no: Option<String>,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day on which it holds no more, or the end of time.
    pub valid_to: NaiveDate,
    /// Why it was ended.
    pub end_reason: Option<String>,
    /// Who entered it.
    pub set_by: i64,
}

impl Former {
    /// The first day on which it holds no more, where one is known.
    pub fn until(&self) -> Option<NaiveDate> {
        Some(self.valid_to).filter(|day| *day < open_end())
    }
}

type FormerSql = (
    BigInt,
    BigInt,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Date,
    Date,
    Nullable<Text>,
    BigInt,
);

/// Tags that are no records yet, the oldest first.
///
/// # Errors
/// What the database says.
pub fn former(conn: &mut Conn, limit: i64) -> Result<Vec<Former>, StorageError> {
    conn.rows::<FormerSql, Former>(
        sql("SELECT id, unit_id, tag, authority, document_no, valid_from, valid_to, end_reason, set_by FROM unit_tag \
             WHERE set_by IS NOT NULL ORDER BY id LIMIT ")
            .big(limit),
    )
}

/// Takes away those that are records now.
///
/// # Errors
/// What the database says.
pub fn leave_former(conn: &mut Conn, ids: &[i64]) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    conn.run(sql("DELETE FROM unit_tag WHERE id").among(dialect, ids))?;
    Ok(())
}
