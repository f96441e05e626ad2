//! Complaints and suggestions with their steps.

use crate::db::Conn;
use crate::error::StorageError;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Date, Nullable, Text};
use uuid::Uuid;
use zhenxing_domain::feedback::{FeedbackKind, FeedbackState};
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::policy::Scope;

/// One as stored, with where its units stand today or stood last.
#[derive(Debug, Clone, Queryable)]
pub struct Feedback {
    /// Its number inside.
    pub id: i64,
    /// Its number outside.
    pub public_id: Vec<u8>,
    /// What it is.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// Grows with every step.
    pub revision: i64,
    /// Whether it was opened again.
    pub reopened: bool,
    /// The unit from which it comes.
    pub unit: i64,
    /// The unit that answers.
    pub to_unit: i64,
    /// Who wrote it.
    pub account: i64,
    /// The name of who wrote it.
    pub author: String,
    /// The page.
    pub page: String,
    /// Whether the author agreed to be named.
    pub contact_consent: bool,
    /// The day on which it was handed in.
    pub created_on: NaiveDate,
    /// The instant.
    pub created_at: i64,
    /// Days until the first answer.
    pub answer_days: Option<i64>,
    /// What is said.
    pub text: String,
}

impl Feedback {
    /// What it is.
    ///
    /// # Errors
    /// When the database holds another word.
    pub fn kind(&self) -> Result<FeedbackKind, StorageError> {
        let kind = FeedbackKind::parse(&self.kind);
        kind.ok_or_else(|| StorageError::corrupt("kind of feedback", &self.kind))
    }

    /// Where it stands.
    ///
    /// # Errors
    /// When the database holds another word.
    pub fn state(&self) -> Result<FeedbackState, StorageError> {
        let state = FeedbackState::parse(&self.state);
        state.ok_or_else(|| StorageError::corrupt("state of feedback", &self.state))
    }
}

type FeedbackSql = (
    BigInt,
    Binary,
    Text,
    Text,
    BigInt,
    Bool,
    BigInt,
    BigInt,
    BigInt,
    Text,
    Text,
    Bool,
    Date,
    BigInt,
    Nullable<BigInt>,
    Text,
);

/// Whose they are.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// Those that the account wrote; the scope is asked about the unit from which they come.
    Own(AccountId),
    /// Those that the unit answers; the scope is asked about that unit.
    Received(UnitId),
}

fn select(scope: &Scope, whose: Whose, today: NaiveDate) -> Statement {
    let begun = sql(
        "SELECT f.id, f.public_id, f.kind, f.state, f.revision, f.reopened, f.unit_id, f.to_unit, f.account_id, a.name, \
         f.page, f.contact_consent, f.created_on, f.created_at, f.answer_days, s.body FROM feedback f \
         JOIN account a ON a.id = f.account_id JOIN feedback_step s ON s.feedback_id = f.id AND s.revision = 1 \
         JOIN unit_placement p ON p.unit_id = ",
    );
    let (begun, condition, value) = match whose {
        Whose::Own(account) => (begun.then("f.unit_id"), " AND f.account_id = ", account.0),
        Whose::Received(unit) => (begun.then("f.to_unit"), " AND f.to_unit = ", unit.0),
    };
    begun
        .then(" AND ")
        .last_on("p", today)
        .then(" WHERE 1 = 1")
        .then(condition)
        .big(value)
        .seen("p.path", scope, None, None)
}

/// Those of one box within the scope, the latest first.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    whose: Whose,
    state: Option<FeedbackState>,
    before: Option<i64>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Feedback>, StorageError> {
    let mut statement = select(scope, whose, today);
    if let Some(state) = state {
        statement = statement.then(" AND f.state = ").text(state.as_str());
    }
    if let Some(before) = before {
        statement = statement.then(" AND f.id < ").big(before);
    }
    conn.rows::<FeedbackSql, Feedback>(statement.then(" ORDER BY f.id DESC LIMIT ").big(limit))
}

/// The one of that number, if it is in the box and the scope covers it.
///
/// # Errors
/// What the database says.
pub fn get(
    conn: &mut Conn,
    scope: &Scope,
    whose: Whose,
    id: Uuid,
    today: NaiveDate,
) -> Result<Option<Feedback>, StorageError> {
    conn.first::<FeedbackSql, Feedback>(select(scope, whose, today).numbered("f.public_id", id))
}

/// Keeps a new one and returns its number inside.
///
/// # Errors
/// What the database says.
pub fn insert(conn: &mut Conn, new: &Feedback) -> Result<i64, StorageError> {
    conn.first::<BigInt, i64>(
        sql("INSERT INTO feedback (public_id, kind, state, revision, reopened, unit_id, to_unit, account_id, page, contact_consent, created_on, created_at, answer_days) VALUES (")
            .bytes(new.public_id.as_slice())
            .then(", ")
            .text(new.kind.as_str())
            .then(", ")
            .text(new.state.as_str())
            .then(", ")
            .big(new.revision)
            .then(", ")
            .flag(new.reopened)
            .then(", ")
            .big(new.unit)
            .then(", ")
            .big(new.to_unit)
            .then(", ")
            .big(new.account)
            .then(", ")
            .text(new.page.as_str())
            .then(", ")
            .flag(new.contact_consent)
            .then(", ")
            .day(new.created_on)
            .then(", ")
            .big(new.created_at)
            .then(", ")
            .maybe_big(new.answer_days)
            .then(") RETURNING id"),
    )?
    .ok_or_else(|| StorageError::corrupt("feedback", "no number came back"))
}

/// Writes one whose revision is still the one before; false when somebody else was quicker.
///
/// # Errors
/// What the database says.
pub fn update(conn: &mut Conn, stored: &Feedback) -> Result<bool, StorageError> {
    let touched = conn.run(
        sql("UPDATE feedback SET state = ")
            .text(stored.state.as_str())
            .then(", revision = ")
            .big(stored.revision)
            .then(", reopened = ")
            .flag(stored.reopened)
            .then(", answer_days = ")
            .maybe_big(stored.answer_days)
            .then(" WHERE id = ")
            .big(stored.id)
            .then(" AND revision = ")
            .big(stored.revision - 1),
    )?;
    Ok(touched == 1)
}

/// Keeps a step.
///
/// # Errors
/// What the database says.
pub fn add_step(
    conn: &mut Conn,
    stored: &Feedback,
    action: &str,
    text: &str,
    by: AccountId,
    now: i64,
) -> Result<(), StorageError> {
    conn.run(
        sql("INSERT INTO feedback_step (feedback_id, revision, action, body, account_id, at) VALUES (")
            .big(stored.id)
            .then(", ")
            .big(stored.revision)
            .then(", ")
            .text(action)
            .then(", ")
            .text(text)
            .then(", ")
            .big(by.0)
            .then(", ")
            .big(now)
            .then(")"),
    )?;
    Ok(())
}

/// The steps of one that a scope has shown: action, text, instant.
///
/// # Errors
/// What the database says.
pub fn steps(
    conn: &mut Conn,
    stored: &Feedback,
) -> Result<Vec<(String, String, i64)>, StorageError> {
    conn.rows::<(Text, Text, BigInt), (String, String, i64)>(
        sql("SELECT action, body, at FROM feedback_step WHERE feedback_id = ")
            .big(stored.id)
            .then(" ORDER BY revision"),
    )
}

/// How many of a kind stand in a state at a unit.
#[derive(Debug, Clone, Queryable)]
pub struct Count {
    /// The code of the unit that answers.
    pub code: String,
    /// The kind.
    pub kind: String,
    /// The state.
    pub state: String,
    /// The unit.
    pub unit: i64,
    /// How many.
    pub count: i64,
    /// How many have had an answer.
    pub answered: i64,
    /// The days until then, added up.
    pub answer_days: i64,
}

/// Counts by the unit that answers, within the scope, by kind and state, after a key.
///
/// # Errors
/// What the database says.
pub fn counts(
    conn: &mut Conn,
    scope: &Scope,
    after: Option<&(String, String, String)>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Count>, StorageError> {
    let mut statement = sql(
        "SELECT p.code, f.kind, f.state, f.to_unit, count(*), count(f.answer_days), CAST(coalesce(sum(f.answer_days), 0) AS BIGINT) \
         FROM feedback f JOIN unit_placement p ON p.unit_id = f.to_unit WHERE ",
    )
    .last_on("p", today)
    .seen("p.path", scope, None, None);
    if let Some((code, kind, state)) = after {
        statement = statement
            .then(" AND (p.code > ")
            .text(code.as_str())
            .then(" OR (p.code = ")
            .text(code.as_str())
            .then(" AND (f.kind > ")
            .text(kind.as_str())
            .then(" OR (f.kind = ")
            .text(kind.as_str())
            .then(" AND f.state > ")
            .text(state.as_str())
            .then("))))");
    }
    type CountSql = (Text, Text, Text, BigInt, BigInt, BigInt, BigInt);
    conn.rows::<CountSql, Count>(
        statement
            .then(" GROUP BY p.code, f.kind, f.state, f.to_unit ORDER BY p.code, f.kind, f.state LIMIT ")
            .big(limit),
    )
}
