//! The audit trail: lines beside the changes and refusals that they tell of, chained after their commit.
//!
//! Who asks is kept for the thread that works on a request ([`on_behalf_of`]), so that every change has its line
//! without being told who makes it.

use crate::db::Conn;
use crate::dialect::{Column, Dialect, Lock};
use crate::error::StorageError;
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use zhenxing_domain::audit::{AuditKind, Link};
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::policy::Scope;

/// The hash before the first line.
const BEFORE_ALL: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// From whom and where a request comes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The request.
    pub request: Option<i64>,
    /// The client's address.
    pub address: Option<String>,
    /// The account that asks.
    pub account: Option<AccountId>,
    /// The account for which it asks, where that is another.
    pub for_account: Option<AccountId>,
    /// The unit of the account, or the one that is concerned.
    pub unit: Option<UnitId>,
}

thread_local! {
    static ORIGIN: RefCell<Origin> = RefCell::default();
}

/// Works on a request: what is recorded meanwhile in this thread has its origin.
pub fn on_behalf_of<T>(origin: Origin, work: impl FnOnce() -> T) -> T {
    struct Back(Origin);
    impl Drop for Back {
        fn drop(&mut self) {
            ORIGIN.with(|own| own.swap(&RefCell::new(std::mem::take(&mut self.0))));
        }
    }
    let _back = Back(ORIGIN.with(|own| own.replace(origin)));
    work()
}

/// From where the work of this thread comes; from nobody for jobs and commands.
pub fn origin() -> Origin {
    ORIGIN.with(|own| own.borrow().clone())
}

/// The account that does it in another's name; nothing where everybody acts for himself.
pub(crate) fn deputy() -> Option<i64> {
    let origin = origin();
    origin.for_account.and(origin.account).map(|who| who.0)
}

/// A line that is to be recorded. It holds numbers, codes and names of operations: no personal data and no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: i64,
    /// What it tells of.
    pub kind: AuditKind,
    /// What was done, or asked.
    pub what: String,
    /// To what.
    pub subject: String,
    /// `ok`, or the code of a refusal.
    pub outcome: String,
    /// From whom.
    pub origin: Origin,
}

impl Line {
    /// A line with the origin of this thread's work.
    pub fn new(kind: AuditKind, what: &str, subject: &str, outcome: &str, at: i64) -> Line {
        Line {
            at,
            kind,
            what: what.to_owned(),
            subject: subject.to_owned(),
            outcome: outcome.to_owned(),
            origin: origin(),
        }
    }

    fn row(&self) -> Value {
        let origin = &self.origin;
        json!([
            self.at,
            self.kind.as_str(),
            self.what,
            self.subject,
            origin.account.map(|account| account.0),
            origin.for_account.map(|account| account.0),
            origin.unit.map(|unit| unit.0),
            self.outcome,
            origin.request,
            origin.address,
        ])
    }
}

/// Records lines, in the transaction of what they tell of, or in one of their own.
///
/// # Errors
/// What the database says.
pub fn record(conn: &mut Conn, lines: &[Line]) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    conn.run(recording(Statement::default(), dialect, lines))?;
    Ok(())
}

/// Appends the statement that records lines.
pub(crate) fn recording(begun: Statement, dialect: Dialect, lines: &[Line]) -> Statement {
    use Column::{Big, Text};
    let types = [Big, Text, Text, Text, Big, Big, Big, Text, Big, Text];
    let rows: Vec<Value> = lines.iter().map(Line::row).collect();
    begun
        .then("INSERT INTO audit (at, kind, what, subject, account_id, for_account_id, unit_id, outcome, request, address) ")
        .rows_of(dialect, &types, &Value::from(rows))
}

/// A number and the hash at it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Mark {
    /// The number.
    pub seq: i64,
    /// The hash.
    pub hash: String,
}

impl Mark {
    fn before_all() -> Mark {
        Mark {
            seq: 0,
            hash: BEFORE_ALL.to_owned(),
        }
    }

    /// The mark that a line makes after this one.
    pub fn then(&self, link: &Link) -> Mark {
        let text = format!("{}\n{}", self.hash, link.canonical());
        let digits = Sha256::digest(text.as_bytes());
        Mark {
            seq: link.seq,
            hash: digits.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// Where the trail begins: after the lines that were taken away, or before all.
///
/// # Errors
/// What the database says.
pub fn anchor(conn: &mut Conn) -> Result<Mark, StorageError> {
    let found = conn.first::<(BigInt, Text), Mark>(sql(
        "SELECT seq, hash FROM audit_anchor ORDER BY seq DESC LIMIT 1",
    ))?;
    Ok(found.unwrap_or_else(Mark::before_all))
}

/// Where the trail ends: its last chained line.
///
/// # Errors
/// What the database says.
pub fn head(conn: &mut Conn) -> Result<Mark, StorageError> {
    let found = conn.first::<(BigInt, Text), Mark>(sql(
        "SELECT seq, hash FROM audit WHERE seq > 0 ORDER BY seq DESC LIMIT 1",
    ))?;
    match found {
        Some(mark) => Ok(mark),
        None => anchor(conn),
    }
}

type LinkSql = (
    BigInt,
    Nullable<BigInt>,
    Nullable<Text>,
    BigInt,
    Text,
    Text,
    Text,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Text,
    Nullable<BigInt>,
    Nullable<Text>,
);

#[derive(Queryable)]
struct LinkRow {
    id: i64,
    seq: Option<i64>,
    hash: Option<String>,
    at: i64,
    kind: String,
    what: String,
    subject: String,
    account: Option<i64>,
    for_account: Option<i64>,
    unit: Option<i64>,
    outcome: String,
    request: Option<i64>,
    address: Option<String>,
}

impl LinkRow {
    fn link(self, seq: i64) -> Link {
        Link {
            seq,
            at: self.at,
            kind: self.kind,
            what: self.what,
            subject: self.subject,
            account: self.account,
            for_account: self.for_account,
            unit: self.unit,
            outcome: self.outcome,
            request: self.request,
            address: self.address,
        }
    }
}

const LINK: &str = "SELECT id, seq, hash, at, kind, what, subject, account_id, for_account_id, unit_id, \
                    outcome, request, address FROM audit WHERE ";

/// Chains at most so many committed lines that have no number yet; returns how many. One at a time, so that what
/// commits late gets a later number and no number is skipped.
///
/// # Errors
/// What the database says.
pub fn seal(conn: &mut Conn, limit: i64) -> Result<usize, StorageError> {
    conn.lock(Lock::Audit)?;
    let waiting =
        conn.rows::<LinkSql, LinkRow>(sql(LINK).then("seq IS NULL ORDER BY id LIMIT ").big(limit))?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let count = waiting.len();
    let mut mark = head(conn)?;
    let mut rows = Vec::new();
    for row in waiting {
        let id = row.id;
        mark = mark.then(&row.link(mark.seq + 1));
        rows.push(json!([id, mark.seq, mark.hash]));
    }
    let dialect = conn.dialect();
    conn.run(
        sql("WITH sealed (audit_id, new_seq, new_hash) AS (")
            .rows_of(
                dialect,
                &[Column::Big, Column::Big, Column::Text],
                &Value::from(rows),
            )
            .then(
                ") UPDATE audit SET seq = new_seq, hash = new_hash FROM sealed WHERE audit.id = audit_id",
            ),
    )?;
    Ok(count)
}

/// Whether any line waits to be chained.
///
/// # Errors
/// What the database says.
pub fn any_unsealed(conn: &mut Conn) -> Result<bool, StorageError> {
    let found = conn.first::<BigInt, i64>(sql("SELECT id FROM audit WHERE seq IS NULL LIMIT 1"))?;
    Ok(found.is_some())
}

/// The chained lines after a number with their stored hashes, in order.
///
/// # Errors
/// What the database says, or a line that has a number and no hash.
pub fn links(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<(Link, String)>, StorageError> {
    let rows = conn.rows::<LinkSql, LinkRow>(
        sql(LINK)
            .then("seq > ")
            .big(after)
            .then(" ORDER BY seq LIMIT ")
            .big(limit),
    )?;
    let read = |mut row: LinkRow| {
        let hash = row.hash.take().unwrap_or_default();
        let seq = row.seq.unwrap_or_default();
        (row.link(seq), hash)
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Takes away the oldest lines up to a mark, which becomes the anchor of the trail.
///
/// # Errors
/// What the database says.
pub fn purge_to(conn: &mut Conn, mark: &Mark, now: i64) -> Result<usize, StorageError> {
    conn.lock(Lock::Audit)?;
    conn.run(
        sql("INSERT INTO audit_anchor (seq, hash, purged_at) VALUES (")
            .big(mark.seq)
            .then(", ")
            .text(mark.hash.as_str())
            .then(", ")
            .big(now)
            .then(")"),
    )?;
    conn.run(sql("DELETE FROM audit WHERE seq <= ").big(mark.seq))
}

/// What a list of the trail is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// From when on.
    pub from: Option<i64>,
    /// Before when.
    pub before: Option<i64>,
    /// The kind.
    pub kind: Option<AuditKind>,
    /// The account that asked, or for which was asked.
    pub account: Option<AccountId>,
    /// The path at or below which the unit stands.
    pub below: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Only lines with a smaller number.
    pub less: Option<i64>,
    /// How many.
    pub limit: i64,
}

/// A line as it is shown.
#[derive(Debug, Clone, Queryable)]
pub struct Listed {
    /// The number.
    pub seq: i64,
    /// When.
    pub at: i64,
    /// What it tells of.
    pub kind: String,
    /// What was done, or asked.
    pub what: String,
    /// To what.
    pub subject: String,
    /// Who, by the name to sign in with.
    pub login: Option<String>,
    /// Who, by the person's or office's name.
    pub name: Option<String>,
    /// For whom, by the name to sign in with.
    pub for_login: Option<String>,
    /// For whom, by name.
    pub for_name: Option<String>,
    /// The unit's code of today.
    pub unit: Option<String>,
    /// The unit's name of today.
    pub unit_name: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// The request.
    pub request: Option<i64>,
    /// The client's address.
    pub address: Option<String>,
}

type ListedSql = (
    BigInt,
    BigInt,
    Text,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Text,
    Nullable<BigInt>,
    Nullable<Text>,
);

/// Chained lines within the scope, latest first.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &AuditFilter,
    today: NaiveDate,
) -> Result<Vec<Listed>, StorageError> {
    let mut statement = sql(
        "SELECT t.seq, t.at, t.kind, t.what, t.subject, a.login, a.name, f.login, f.name, p.code, p.name, \
         t.outcome, t.request, t.address FROM audit t \
         LEFT JOIN account a ON a.id = t.account_id LEFT JOIN account f ON f.id = t.for_account_id \
         LEFT JOIN unit_placement p ON p.unit_id = t.unit_id AND p.valid_from <= ",
    )
    .day(today)
    .then(" AND p.valid_to > ")
    .day(today)
    .then(" WHERE t.seq > 0 AND t.seq < ")
    .big(filter.less.unwrap_or(i64::MAX));
    if let Some(from) = filter.from {
        statement = statement.then(" AND t.at >= ").big(from);
    }
    if let Some(before) = filter.before {
        statement = statement.then(" AND t.at < ").big(before);
    }
    if let Some(kind) = filter.kind {
        statement = statement.then(" AND t.kind = ").text(kind.as_str());
    }
    if let Some(account) = filter.account {
        statement = statement.then(" AND t.account_id = ").big(account.0);
    }
    if let Some(outcome) = &filter.outcome {
        statement = statement.then(" AND t.outcome = ").text(outcome.as_str());
    }
    if let Some(below) = &filter.below {
        statement = statement.under("p.path", below);
    }
    conn.rows::<ListedSql, Listed>(
        statement
            .seen("p.path", scope, None, None)
            .then(" ORDER BY t.seq DESC LIMIT ")
            .big(filter.limit),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_for_one_leaves_nothing_to_the_next() {
        let one = Origin {
            account: Some(AccountId(1)),
            ..Origin::default()
        };
        let inner = Origin {
            account: Some(AccountId(2)),
            ..Origin::default()
        };
        on_behalf_of(one.clone(), || {
            assert_eq!(on_behalf_of(inner.clone(), origin), inner);
            assert_eq!(origin(), one);
        });
        assert_eq!(origin(), Origin::default());
    }
}
