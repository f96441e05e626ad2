//! Extensions of due days (延期).

use crate::db::Conn;
use crate::error::StorageError;
use crate::report::{period_of, uuid_of};
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Date, Integer, Nullable, Text};
use uuid::Uuid;
use zhenxing_domain::extension::ExtensionState;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;

/// An extension as stored, with its unit as it stands today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Its number inside.
    pub id: i64,
    /// Its number outside.
    pub public_id: Uuid,
    /// The form's code.
    pub form: String,
    /// The matter's code.
    pub matter: String,
    /// The unit.
    pub unit: UnitId,
    /// The unit's path of today.
    pub path: String,
    /// The period.
    pub period: Period,
    /// Where it stands.
    pub state: ExtensionState,
    /// Grows with every change.
    pub revision: i64,
    /// The due day that it is to move.
    pub due: NaiveDate,
    /// The day that is asked for.
    pub until: NaiveDate,
    /// Why it is asked.
    pub reason: String,
    /// Who asked, and the name.
    pub asked_by: (AccountId, String),
    /// When it was asked.
    pub asked_at: i64,
    /// Who decided, and the name.
    pub decided_by: Option<(AccountId, String)>,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// What was said with the decision.
    pub decision: Option<String>,
}

type ExtensionSql = (
    BigInt,
    Binary,
    Text,
    Text,
    BigInt,
    Text,
    Integer,
    Text,
    BigInt,
    Date,
    Date,
    Text,
    BigInt,
    Text,
    BigInt,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Text>,
);

#[derive(Queryable)]
struct ExtensionRow {
    id: i64,
    public_id: Vec<u8>,
    form: String,
    matter: String,
    unit: i64,
    path: String,
    period: i32,
    state: String,
    revision: i64,
    due: NaiveDate,
    until: NaiveDate,
    reason: String,
    asked_by: i64,
    asked_name: String,
    asked_at: i64,
    decided_by: Option<i64>,
    decided_name: Option<String>,
    decided_at: Option<i64>,
    decision: Option<String>,
}

impl ExtensionRow {
    fn read(self) -> Result<Extension, StorageError> {
        Ok(Extension {
            id: self.id,
            public_id: uuid_of(&self.public_id)?,
            form: self.form,
            matter: self.matter,
            unit: UnitId(self.unit),
            path: self.path,
            period: period_of(self.period)?,
            state: ExtensionState::parse(&self.state)
                .ok_or_else(|| StorageError::corrupt("state", &self.state))?,
            revision: self.revision,
            due: self.due,
            until: self.until,
            reason: self.reason,
            asked_by: (AccountId(self.asked_by), self.asked_name),
            asked_at: self.asked_at,
            decided_by: self.decided_by.map(AccountId).zip(self.decided_name),
            decided_at: self.decided_at,
            decision: self.decision,
        })
    }
}

const SELECT: &str = "SELECT e.id, e.public_id, e.form, e.matter, e.unit_id, p.path, e.period, e.state, e.revision, \
     e.due, e.until, e.reason, e.asked_by, b.name, e.asked_at, e.decided_by, d.name, e.decided_at, e.decision \
     FROM extension e JOIN unit_placement p ON p.unit_id = e.unit_id JOIN account b ON b.id = e.asked_by \
     LEFT JOIN account d ON d.id = e.decided_by WHERE ";

fn standing(today: NaiveDate) -> Statement {
    sql(SELECT).last_on("p", today)
}

fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<Extension>, StorageError> {
    let rows = conn.rows::<ExtensionSql, ExtensionRow>(statement)?;
    rows.into_iter().map(ExtensionRow::read).collect()
}

/// The extension of that number, if the scope covers it.
///
/// # Errors
/// What the database says.
pub fn get(
    conn: &mut Conn,
    scope: &Scope,
    id: Uuid,
    today: NaiveDate,
) -> Result<Option<Extension>, StorageError> {
    let found = load(conn, standing(today).numbered("e.public_id", id))?;
    Ok(found
        .into_iter()
        .find(|one| scope.covers(&one.path, Some(&one.matter), Some(one.asked_by.0))))
}

/// What a list of extensions is narrowed to.
#[derive(Debug, Clone)]
pub struct ExtensionFilter<'a> {
    /// The form.
    pub form: &'a str,
    /// The form's matter.
    pub matter: &'a str,
    /// The period.
    pub period: Period,
    /// The path at or below which the units stand.
    pub below: Option<&'a str>,
    /// The state.
    pub state: Option<ExtensionState>,
    /// Only those after this number inside.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: i64,
}

/// Extensions within the scope, in the order in which they were asked.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &ExtensionFilter<'_>,
    today: NaiveDate,
) -> Result<Vec<Extension>, StorageError> {
    let mut statement = standing(today)
        .then(" AND e.form = ")
        .text(filter.form)
        .then(" AND e.period = ")
        .int(filter.period.key())
        .seen("p.path", scope, Some(filter.matter), Some("e.asked_by"));
    if let Some(state) = filter.state {
        statement = statement.then(" AND e.state = ").text(state.as_str());
    }
    if let Some(path) = filter.below {
        statement = statement.under("p.path", path);
    }
    load(
        conn,
        statement
            .then(" AND e.id > ")
            .big(filter.after.unwrap_or(0))
            .then(" ORDER BY e.id LIMIT ")
            .big(filter.limit),
    )
}

/// A form whose extensions are counted, and where the asker decides them.
#[derive(Debug, Clone)]
pub struct Decided<'a> {
    /// The form.
    pub form: &'a str,
    /// The form's matter.
    pub matter: &'a str,
    /// Where the asker decides.
    pub scope: Scope,
}

/// How many extensions wait for a decision, by form and period, with the first due day that they are to move: one
/// statement for all forms.
///
/// # Errors
/// What the database says.
pub fn count_asked(
    conn: &mut Conn,
    decided: &[Decided<'_>],
    today: NaiveDate,
) -> Result<Vec<(String, Period, i64, NaiveDate)>, StorageError> {
    const COUNT: &str = "SELECT e.form, e.period, count(*), min(e.due) FROM extension e \
         JOIN unit_placement p ON p.unit_id = e.unit_id WHERE ";
    let mut statement: Option<Statement> = None;
    for one in decided {
        let part = match statement {
            None => sql(COUNT),
            Some(before) => before.then(" UNION ALL ").then(COUNT),
        };
        statement = Some(
            part.last_on("p", today)
                .then(" AND e.form = ")
                .text(one.form)
                .then(" AND e.state = 'asked'")
                .seen("p.path", &one.scope, Some(one.matter), Some("e.asked_by"))
                .then(" GROUP BY e.form, e.period"),
        );
    }
    let Some(statement) = statement else {
        return Ok(Vec::new());
    };
    type CountSql = (Text, Integer, BigInt, Date);
    let rows = conn
        .rows::<CountSql, (String, i32, i64, NaiveDate)>(statement.then(" ORDER BY 1, 2 DESC"))?;
    rows.into_iter()
        .map(|(form, period, count, due)| Ok((form, period_of(period)?, count, due)))
        .collect()
}

/// Until when extensions were granted to units that a scope has shown, by form and period, the latest last.
///
/// # Errors
/// What the database says.
pub fn granted(
    conn: &mut Conn,
    units: &[UnitId],
) -> Result<Vec<(UnitId, String, Period, NaiveDate)>, StorageError> {
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let dialect = conn.dialect();
    let rows = conn.rows::<(BigInt, Text, Integer, Date), (i64, String, i32, NaiveDate)>(
        sql("SELECT unit_id, form, period, until FROM extension WHERE state = 'granted' AND unit_id")
            .among(dialect, &ids)
            .then(" ORDER BY until"),
    )?;
    rows.into_iter()
        .map(|(unit, form, period, until)| Ok((UnitId(unit), form, period_of(period)?, until)))
        .collect()
}

/// Asks for an extension.
///
/// # Errors
/// [`StorageError::Duplicate`] when one waits already for that unit, form and period.
pub fn insert(conn: &mut Conn, new: &Extension, home_shard: i64) -> Result<(), StorageError> {
    conn.run(
        sql("INSERT INTO extension (public_id, form, matter, unit_id, home_shard, period, state, revision, due, until, \
             reason, asked_by, asked_at) VALUES (")
        .bytes(new.public_id.as_bytes().as_slice())
        .then(", ")
        .text(new.form.as_str())
        .then(", ")
        .text(new.matter.as_str())
        .then(", ")
        .big(new.unit.0)
        .then(", ")
        .big(home_shard)
        .then(", ")
        .int(new.period.key())
        .then(", ")
        .text(new.state.as_str())
        .then(", ")
        .big(new.revision)
        .then(", ")
        .day(new.due)
        .then(", ")
        .day(new.until)
        .then(", ")
        .text(new.reason.as_str())
        .then(", ")
        .big(new.asked_by.0.0)
        .then(", ")
        .big(new.asked_at)
        .then(")"),
    )?;
    Ok(())
}

/// What was decided about something that was asked.
pub(crate) struct Outcome<'a> {
    /// Where it stands now.
    pub state: ExtensionState,
    /// Its revision now.
    pub revision: i64,
    /// Who decided.
    pub by: Option<AccountId>,
    /// When.
    pub at: Option<i64>,
    /// What was said with it.
    pub words: Option<&'a str>,
}

impl Outcome<'_> {
    /// Goes on after `SET state = `.
    pub fn set(&self, begun: Statement) -> Statement {
        begun
            .text(self.state.as_str())
            .then(", revision = ")
            .big(self.revision)
            .then(", decided_by = ")
            .maybe_big(self.by.map(|account| account.0))
            .then(", decided_at = ")
            .maybe_big(self.at)
            .then(", decision = ")
            .maybe_text(self.words.map(str::to_owned))
    }
}

/// Writes what was decided about an extension whose revision is still the one before; false when somebody else was quicker.
///
/// # Errors
/// What the database says.
pub fn decide(conn: &mut Conn, decided: &Extension) -> Result<bool, StorageError> {
    let written = Outcome {
        state: decided.state,
        revision: decided.revision,
        by: decided.decided_by.as_ref().map(|(account, _)| *account),
        at: decided.decided_at,
        words: decided.decision.as_deref(),
    };
    let touched = conn.run(
        written
            .set(sql("UPDATE extension SET state = "))
            .then(" WHERE public_id = ")
            .bytes(decided.public_id.as_bytes().as_slice())
            .then(" AND revision = ")
            .big(decided.revision - 1),
    )?;
    Ok(touched == 1)
}
