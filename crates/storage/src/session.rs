//! Signing in: what a name and password are compared with, sessions, refresh tokens, failures.

use crate::db::Conn;
use crate::error::StorageError;
use crate::grant::{self, GrantRow, GrantSql};
use crate::sql::sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::policy::Actor;

/// What a sign-in compares with.
#[derive(Debug, Clone, Queryable)]
pub struct Credentials {
    /// The account.
    pub id: i64,
    /// The hash of the password.
    pub password_hash: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Its unit.
    pub unit: i64,
    /// Whether its password must be changed first.
    pub one_time: bool,
}

/// The account of that name, before anybody is signed in.
///
/// # Errors
/// What the database says.
pub fn credentials(conn: &mut Conn, login: &str) -> Result<Option<Credentials>, StorageError> {
    conn.first::<(BigInt, Text, Bool, BigInt, Bool), Credentials>(
        sql("SELECT id, password_hash, active, unit_id, one_time FROM account WHERE login = ")
            .text(login),
    )
}

/// An account as it asks: who it is, where it stands today, what it may do.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// What policy decides by.
    pub actor: Actor,
    /// The account's name.
    pub login: String,
    /// The person's or office's name.
    pub name: String,
    /// The unit's name today.
    pub unit_name: String,
    /// Whether its password must be changed first.
    pub one_time: bool,
    /// Who acts for it in this session, where that is another.
    pub acting: Option<Acting>,
}

/// How somebody acts for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// 协助查看: sees what the other sees, and changes nothing.
    View,
    /// 代理: does the work of somebody who is absent.
    Deputy,
}

impl Mode {
    fn as_str(self) -> &'static str {
        match self {
            Mode::View => "view",
            Mode::Deputy => "deputy",
        }
    }

    fn parse(text: &str) -> Option<Mode> {
        [Mode::View, Mode::Deputy]
            .into_iter()
            .find(|mode| mode.as_str() == text)
    }
}

/// Somebody who acts for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// Who acts.
    pub by: AccountId,
    /// The name with which he signs in.
    pub login: String,
    /// His name.
    pub name: String,
    /// How.
    pub mode: Mode,
    /// Why.
    pub reason: Option<String>,
    /// Until when.
    pub until: i64,
}

type SignedInSql = (
    Text,
    Text,
    BigInt,
    Text,
    Text,
    Bool,
    BigInt,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<BigInt>,
);

#[derive(Queryable)]
struct SignedInRow {
    login: String,
    name: String,
    unit: i64,
    path: String,
    unit_name: String,
    one_time: bool,
    by: i64,
    by_login: String,
    by_name: String,
    mode: Option<String>,
    reason: Option<String>,
    until: Option<i64>,
}

impl SignedInRow {
    fn acting(&self) -> Result<Option<Acting>, StorageError> {
        let Some(mode) = &self.mode else {
            return Ok(None);
        };
        Ok(Some(Acting {
            by: AccountId(self.by),
            login: self.by_login.clone(),
            name: self.by_name.clone(),
            mode: Mode::parse(mode).ok_or_else(|| StorageError::corrupt("mode", mode))?,
            reason: self.reason.clone(),
            until: self.until.unwrap_or_default(),
        }))
    }
}

/// The account of a live session, with its grants and today's paths; nothing when the session has ended, the account
/// or whoever acts for it is not active, or its unit no longer stands. Every request asks it, so it is one statement: a row
/// for each grant, and more only where grants name units or departments.
///
/// # Errors
/// What the database says.
pub fn signed_in(
    conn: &mut Conn,
    session: i64,
    account: AccountId,
    today: NaiveDate,
    now: i64,
) -> Result<Option<SignedIn>, StorageError> {
    let found = conn.rows::<(SignedInSql, Nullable<GrantSql>), (SignedInRow, Option<GrantRow>)>(
        sql(
            "SELECT a.login, a.name, a.unit_id, p.path, p.name, a.one_time, b.id, b.login, b.name, s.mode, s.reason, s.until, \
             g.account_id, g.role, g.scope, g.departments, g.units, g.matters \
             FROM session s JOIN account b ON b.id = s.account_id \
             JOIN account a ON a.id = coalesce(s.for_account_id, s.account_id) \
             JOIN unit_placement p ON p.unit_id = a.unit_id \
             LEFT JOIN account_grant g ON g.account_id = a.id \
             WHERE s.ended_at IS NULL AND (s.until IS NULL OR s.until > ",
        )
        .big(now)
        .then(") AND s.id = ")
        .big(session)
        .then(" AND a.id = ")
        .big(account.0)
        .then(" AND a.active = ")
        .flag(true)
        .then(" AND b.active = ")
        .flag(true)
        .then(" AND p.valid_from <= ")
        .day(today)
        .then(" AND p.valid_to > ")
        .day(today)
        .then(" ORDER BY g.id"),
    )?;
    let (rows, grants): (Vec<SignedInRow>, Vec<Option<GrantRow>>) = found.into_iter().unzip();
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let grants: Vec<GrantRow> = grants.into_iter().flatten().collect();
    let grants = grant::read_all(conn, &grants, today)?
        .remove(&account.0)
        .unwrap_or_default();
    let acting = row.acting()?;
    Ok(Some(SignedIn {
        actor: Actor {
            account,
            unit: UnitId(row.unit),
            unit_path: row.path,
            grants: grants.into_iter().map(|(grant, _)| grant).collect(),
        },
        acting,
        unit_name: row.unit_name,
        one_time: row.one_time,
        login: row.login,
        name: row.name,
    }))
}

/// Begins a session.
///
/// # Errors
/// What the database says.
pub fn begin(conn: &mut Conn, account: AccountId, now: i64) -> Result<i64, StorageError> {
    conn.first::<BigInt, i64>(
        sql("INSERT INTO session (account_id, created_at) VALUES (")
            .big(account.0)
            .then(", ")
            .big(now)
            .then(") RETURNING id"),
    )?
    .ok_or_else(|| StorageError::corrupt("session", "no number came back"))
}

/// Begins a session in which somebody acts for another.
///
/// # Errors
/// What the database says.
pub fn begin_acting(
    conn: &mut Conn,
    acting: &Acting,
    account: AccountId,
    now: i64,
) -> Result<i64, StorageError> {
    conn.first::<BigInt, i64>(
        sql("INSERT INTO session (account_id, for_account_id, mode, reason, until, created_at) VALUES (")
            .big(acting.by.0)
            .then(", ")
            .big(account.0)
            .then(", ")
            .text(acting.mode.as_str())
            .then(", ")
            .maybe_text(acting.reason.clone())
            .then(", ")
            .big(acting.until)
            .then(", ")
            .big(now)
            .then(") RETURNING id"),
    )?
    .ok_or_else(|| StorageError::corrupt("session", "no number came back"))
}

/// Ends a session.
///
/// # Errors
/// What the database says.
pub fn end(conn: &mut Conn, session: i64, now: i64) -> Result<(), StorageError> {
    conn.run(
        sql("UPDATE session SET ended_at = ")
            .big(now)
            .then(" WHERE ended_at IS NULL AND id = ")
            .big(session),
    )?;
    Ok(())
}

/// Ends every session of accounts but one.
///
/// # Errors
/// What the database says.
pub fn end_all(
    conn: &mut Conn,
    accounts: &[AccountId],
    but: Option<i64>,
    now: i64,
) -> Result<(), StorageError> {
    let ids: Vec<i64> = accounts.iter().map(|account| account.0).collect();
    let dialect = conn.dialect();
    conn.run(
        sql("UPDATE session SET ended_at = ")
            .big(now)
            .then(" WHERE ended_at IS NULL AND id <> ")
            .big(but.unwrap_or(0))
            .then(" AND account_id")
            .among(dialect, &ids),
    )?;
    Ok(())
}

/// Ends the sessions in which others act as deputies of an account.
///
/// # Errors
/// What the database says.
pub fn end_deputies(conn: &mut Conn, account: AccountId, now: i64) -> Result<(), StorageError> {
    conn.run(
        sql("UPDATE session SET ended_at = ")
            .big(now)
            .then(" WHERE ended_at IS NULL AND mode = ")
            .text(Mode::Deputy.as_str())
            .then(" AND for_account_id = ")
            .big(account.0),
    )?;
    Ok(())
}

/// How often a name was tried in vain.
#[derive(Debug, Clone, Copy, Default, Queryable)]
pub struct Failures {
    /// How often since the first.
    pub count: i64,
    /// When the last time.
    pub last_at: i64,
    /// Until when nobody may sign in with it.
    pub locked_until: i64,
}

/// The failures of a name, by its hash.
///
/// # Errors
/// What the database says.
pub fn failures(conn: &mut Conn, login_hash: &str) -> Result<Failures, StorageError> {
    let found = conn.first::<(BigInt, BigInt, BigInt), Failures>(
        sql("SELECT failures, last_at, locked_until FROM sign_in_failure WHERE login_hash = ")
            .text(login_hash),
    )?;
    Ok(found.unwrap_or_default())
}

/// Keeps the failures of a name.
///
/// # Errors
/// What the database says.
pub fn set_failures(
    conn: &mut Conn,
    login_hash: &str,
    failures: Failures,
) -> Result<(), StorageError> {
    conn.run(
        sql("INSERT INTO sign_in_failure (login_hash, failures, last_at, locked_until) VALUES (")
            .text(login_hash)
            .then(", ")
            .big(failures.count)
            .then(", ")
            .big(failures.last_at)
            .then(", ")
            .big(failures.locked_until)
            .then(
                ") ON CONFLICT (login_hash) DO UPDATE SET failures = excluded.failures, \
                   last_at = excluded.last_at, locked_until = excluded.locked_until",
            ),
    )?;
    Ok(())
}

/// Forgets the failures of names.
///
/// # Errors
/// What the database says.
pub fn forget_failures(conn: &mut Conn, login_hashes: &[String]) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    conn.run(
        sql("DELETE FROM sign_in_failure WHERE login_hash").among_texts(dialect, login_hashes),
    )?;
    Ok(())
}

/// Forgets failures whose last is older than an instant.
///
/// # Errors
/// What the database says.
pub fn purge_failures(conn: &mut Conn, before: i64) -> Result<usize, StorageError> {
    conn.run(sql("DELETE FROM sign_in_failure WHERE last_at < ").big(before))
}

/// A refresh token as stored: never itself, only its hash.
#[derive(Debug, Clone, Queryable)]
pub struct RefreshToken {
    /// Its session.
    pub session: i64,
    /// The session's account.
    pub account: i64,
    /// When it ends.
    pub expires_at: i64,
    /// When it was used.
    pub used_at: Option<i64>,
    /// When the session ended.
    pub ended_at: Option<i64>,
    /// Whether the account may sign in.
    pub active: bool,
}

/// Stores a refresh token's hash.
///
/// # Errors
/// What the database says.
pub fn add_refresh_token(
    conn: &mut Conn,
    hash: &[u8],
    session: i64,
    expires_at: i64,
) -> Result<(), StorageError> {
    conn.run(
        sql("INSERT INTO refresh_token (hash, session_id, expires_at) VALUES (")
            .bytes(hash)
            .then(", ")
            .big(session)
            .then(", ")
            .big(expires_at)
            .then(")"),
    )?;
    Ok(())
}

/// The refresh token with that hash.
///
/// # Errors
/// What the database says.
pub fn refresh_token(conn: &mut Conn, hash: &[u8]) -> Result<Option<RefreshToken>, StorageError> {
    conn.first::<(
        BigInt,
        BigInt,
        BigInt,
        Nullable<BigInt>,
        Nullable<BigInt>,
        Bool,
    ), RefreshToken>(
        sql(
            "SELECT t.session_id, s.account_id, t.expires_at, t.used_at, s.ended_at, a.active \
             FROM refresh_token t JOIN session s ON s.id = t.session_id \
             JOIN account a ON a.id = s.account_id WHERE t.hash = ",
        )
        .bytes(hash),
    )
}

/// Marks a refresh token as used, unless it is already.
///
/// # Errors
/// What the database says.
pub fn use_refresh_token(conn: &mut Conn, hash: &[u8], now: i64) -> Result<(), StorageError> {
    conn.run(
        sql("UPDATE refresh_token SET used_at = ")
            .big(now)
            .then(" WHERE used_at IS NULL AND hash = ")
            .bytes(hash),
    )?;
    Ok(())
}

/// Drops tokens that ended before an instant.
///
/// # Errors
/// What the database says.
pub fn purge_refresh_tokens(conn: &mut Conn, before: i64) -> Result<usize, StorageError> {
    conn.run(sql("DELETE FROM refresh_token WHERE expires_at < ").big(before))
}
