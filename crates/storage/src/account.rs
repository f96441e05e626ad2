//! Accounts, grants, departments and sessions.

use crate::db::Conn;
use crate::error::StorageError;
use crate::scope::Seen;
use crate::sql::sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::{AccountId, DepartmentId, UnitId};
use zhenxing_domain::policy::{Actor, DataScope, Grant, Matters, Role, Scope};

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
}

/// The account of that name, before anybody is signed in.
///
/// # Errors
/// What the database says.
pub fn credentials(conn: &mut Conn, login: &str) -> Result<Option<Credentials>, StorageError> {
    conn.first::<(BigInt, Text, Bool, BigInt), Credentials>(
        sql("SELECT id, password_hash, active, unit_id FROM account WHERE login = ").text(login),
    )
}

/// The number of an account within the scope.
///
/// # Errors
/// What the database says.
pub fn by_login(
    conn: &mut Conn,
    scope: &Scope,
    login: &str,
    today: NaiveDate,
) -> Result<Option<AccountId>, StorageError> {
    let found = conn.first::<BigInt, i64>(
        sql("SELECT a.id FROM account a JOIN unit_placement p ON p.unit_id = a.unit_id WHERE a.login = ")
            .text(login)
            .then(" AND p.valid_from <= ")
            .day(today)
            .then(" AND p.valid_to > ")
            .day(today)
            .seen("p.path", scope, None, Some("a.id")),
    )?;
    Ok(found.map(AccountId))
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
}

#[derive(Queryable)]
struct SignedInRow {
    login: String,
    name: String,
    unit: i64,
    path: String,
}

type GrantSql = (BigInt, Text, Text, Text, Text, Nullable<Text>);

#[derive(Queryable)]
struct GrantRow {
    account: i64,
    role: String,
    scope: String,
    departments: String,
    units: String,
    matters: Option<String>,
}

fn list<T: serde_read::Member>(what: &'static str, text: &str) -> Result<Vec<T>, StorageError> {
    serde_read::list(text).ok_or_else(|| StorageError::corrupt(what, text))
}

/// Reading the small JSON lists of a grant.
mod serde_read {
    use serde_json::Value;

    pub trait Member: Sized {
        fn of(value: &Value) -> Option<Self>;
    }

    impl Member for i64 {
        fn of(value: &Value) -> Option<Self> {
            value.as_i64()
        }
    }

    impl Member for String {
        fn of(value: &Value) -> Option<Self> {
            value.as_str().map(str::to_owned)
        }
    }

    pub fn list<T: Member>(text: &str) -> Option<Vec<T>> {
        let value: Value = serde_json::from_str(text).ok()?;
        value.as_array()?.iter().map(T::of).collect()
    }
}

impl GrantRow {
    fn units(&self) -> Result<Vec<i64>, StorageError> {
        list("units of a grant", &self.units)
    }

    fn departments(&self) -> Result<Vec<i64>, StorageError> {
        list("departments of a grant", &self.departments)
    }

    fn read(
        &self,
        paths: &BTreeMap<i64, String>,
        held: &BTreeMap<i64, BTreeSet<String>>,
    ) -> Result<Grant, StorageError> {
        let departments = self.departments()?.into_iter().map(|id| {
            // A department that has ended holds nothing, and its grant covers nothing.
            (DepartmentId(id), held.get(&id).cloned().unwrap_or_default())
        });
        let matters = match &self.matters {
            None => Matters::All,
            Some(text) => {
                let codes: Vec<String> = list("matters of a grant", text)?;
                Matters::These(codes.into_iter().collect())
            }
        };
        let units = self.units()?;
        Ok(Grant {
            role: Role::parse(&self.role)
                .ok_or_else(|| StorageError::corrupt("role", &self.role))?,
            scope: DataScope::parse(&self.scope)
                .ok_or_else(|| StorageError::corrupt("data scope", &self.scope))?,
            custom_paths: units
                .iter()
                .filter_map(|unit| paths.get(unit).cloned())
                .collect(),
            departments: departments.collect(),
            matters,
        })
    }
}

/// The account of a live session, with its grants and today's paths; nothing when the session has ended, the account
/// is not active or its unit no longer stands.
///
/// # Errors
/// What the database says.
pub fn signed_in(
    conn: &mut Conn,
    session: i64,
    account: AccountId,
    today: NaiveDate,
) -> Result<Option<SignedIn>, StorageError> {
    let found = conn.first::<(Text, Text, BigInt, Text), SignedInRow>(
        sql("SELECT a.login, a.name, a.unit_id, p.path FROM session s \
             JOIN account a ON a.id = s.account_id \
             JOIN unit_placement p ON p.unit_id = a.unit_id \
             WHERE s.ended_at IS NULL AND s.id = ")
        .big(session)
        .then(" AND a.id = ")
        .big(account.0)
        .then(" AND a.active = ")
        .flag(true)
        .then(" AND p.valid_from <= ")
        .day(today)
        .then(" AND p.valid_to > ")
        .day(today),
    )?;
    let Some(row) = found else {
        return Ok(None);
    };
    let grants = grants_of(conn, &[account.0], today)?
        .remove(&account.0)
        .unwrap_or_default();
    Ok(Some(SignedIn {
        actor: Actor {
            account,
            unit: UnitId(row.unit),
            unit_path: row.path,
            grants: grants.into_iter().map(|(grant, _)| grant).collect(),
        },
        login: row.login,
        name: row.name,
    }))
}

type GrantsByAccount = BTreeMap<i64, Vec<(Grant, Vec<i64>)>>;

/// The grants of accounts, each with the numbers of its custom units.
fn grants_of(
    conn: &mut Conn,
    accounts: &[i64],
    today: NaiveDate,
) -> Result<GrantsByAccount, StorageError> {
    let dialect = conn.dialect();
    let rows = conn.rows::<GrantSql, GrantRow>(
        sql("SELECT account_id, role, scope, departments, units, matters FROM account_grant WHERE account_id")
            .among(dialect, accounts)
            .then(" ORDER BY id"),
    )?;
    let mut wanted = BTreeSet::new();
    for row in &rows {
        wanted.extend(row.units()?);
    }
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let mut paths = BTreeMap::new();
    if !wanted.is_empty() {
        let found = conn.rows::<(BigInt, Text), (i64, String)>(
            sql("SELECT unit_id, path FROM unit_placement WHERE valid_from <= ")
                .day(today)
                .then(" AND valid_to > ")
                .day(today)
                .then(" AND unit_id")
                .among(dialect, &wanted),
        )?;
        paths.extend(found);
    }
    let mut bound = BTreeSet::new();
    for row in &rows {
        bound.extend(row.departments()?);
    }
    let bound: Vec<i64> = bound.into_iter().collect();
    let mut held = BTreeMap::new();
    if !bound.is_empty() {
        let found = conn.rows::<(BigInt, Text), (i64, String)>(
            sql("SELECT id, matters FROM department WHERE valid_from <= ")
                .day(today)
                .then(" AND valid_to > ")
                .day(today)
                .then(" AND id")
                .among(dialect, &bound),
        )?;
        for (id, matters) in found {
            let matters: Vec<String> = list("matters of a department", &matters)?;
            held.insert(id, matters.into_iter().collect());
        }
    }
    let mut grants = GrantsByAccount::new();
    for row in rows {
        let grant = row.read(&paths, &held)?;
        grants
            .entry(row.account)
            .or_default()
            .push((grant, row.units()?));
    }
    Ok(grants)
}

/// An account that is to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name to sign in with.
    pub login: String,
    /// The person's or office's name.
    pub name: String,
    /// The unit.
    pub unit: UnitId,
    /// The hash of the password.
    pub password_hash: String,
    /// Whether it is a demonstration account.
    pub demonstration: bool,
    /// Its grants: role, data scope, units of a custom scope, matters.
    pub grants: Vec<NewGrant>,
}

/// A grant that is to be made.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// The role.
    pub role: Role,
    /// The data scope.
    pub scope: DataScope,
    /// The units of a custom scope.
    pub units: Vec<UnitId>,
    /// The departments to which it is bound.
    pub departments: Vec<DepartmentId>,
    /// The matters.
    pub matters: Matters,
}

/// Makes an account with its grants.
///
/// # Errors
/// [`StorageError::Duplicate`] when the name is taken.
pub fn create(conn: &mut Conn, new: &NewAccount, now: i64) -> Result<AccountId, StorageError> {
    let id = conn
        .first::<BigInt, i64>(
            sql("INSERT INTO account (login, name, unit_id, password_hash, active, demonstration, created_at) VALUES (")
                .text(new.login.as_str())
                .then(", ")
                .text(new.name.as_str())
                .then(", ")
                .big(new.unit.0)
                .then(", ")
                .text(new.password_hash.as_str())
                .then(", ")
                .flag(true)
                .then(", ")
                .flag(new.demonstration)
                .then(", ")
                .big(now)
                .then(") RETURNING id"),
        )?
        .ok_or_else(|| StorageError::corrupt("account", "no number came back"))?;
    for grant in &new.grants {
        let units: Vec<i64> = grant.units.iter().map(|unit| unit.0).collect();
        let departments: Vec<i64> = grant.departments.iter().map(|one| one.0).collect();
        let matters = match &grant.matters {
            Matters::All => None,
            Matters::These(codes) => Some(serde_json::json!(codes).to_string()),
        };
        conn.run(
            sql("INSERT INTO account_grant (account_id, role, scope, departments, units, matters) VALUES (")
                .big(id)
                .then(", ")
                .text(grant.role.as_str())
                .then(", ")
                .text(grant.scope.as_str())
                .then(", ")
                .text(serde_json::json!(departments).to_string())
                .then(", ")
                .text(serde_json::json!(units).to_string())
                .then(", ")
                .maybe_text(matters)
                .then(")"),
        )?;
    }
    Ok(AccountId(id))
}

/// Switches an account on or off.
///
/// # Errors
/// What the database says.
pub fn set_active(conn: &mut Conn, account: AccountId, active: bool) -> Result<(), StorageError> {
    conn.run(
        sql("UPDATE account SET active = ")
            .flag(active)
            .then(" WHERE id = ")
            .big(account.0),
    )?;
    Ok(())
}

/// Whether accounts of the demonstration exist.
///
/// # Errors
/// What the database says.
pub fn has_demonstration(conn: &mut Conn) -> Result<bool, StorageError> {
    let found = conn.first::<BigInt, i64>(
        sql("SELECT id FROM account WHERE demonstration = ")
            .flag(true)
            .then(" AND active = ")
            .flag(true)
            .then(" LIMIT 1"),
    )?;
    Ok(found.is_some())
}

/// An account in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The name to sign in with.
    pub login: String,
    /// The person's or office's name.
    pub name: String,
    /// The unit.
    pub unit: UnitId,
    /// Whether it may sign in.
    pub active: bool,
    /// The grants with the numbers of their custom units.
    pub grants: Vec<(Grant, Vec<i64>)>,
}

#[derive(Queryable)]
struct ListedRow {
    id: i64,
    login: String,
    name: String,
    unit: i64,
    active: bool,
}

/// Accounts within the scope, by name.
///
/// # Errors
/// What the database says.
pub fn list_accounts(
    conn: &mut Conn,
    scope: &Scope,
    after: Option<&str>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Listed>, StorageError> {
    let rows = conn.rows::<(BigInt, Text, Text, BigInt, Bool), ListedRow>(
        sql(
            "SELECT a.id, a.login, a.name, a.unit_id, a.active FROM account a \
             JOIN unit_placement p ON p.unit_id = a.unit_id WHERE p.valid_from <= ",
        )
        .day(today)
        .then(" AND p.valid_to > ")
        .day(today)
        .then(" AND a.login > ")
        .text(after.unwrap_or_default())
        .seen("p.path", scope, None, Some("a.id"))
        .then(" ORDER BY a.login LIMIT ")
        .big(limit),
    )?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut grants = grants_of(conn, &ids, today)?;
    let read = |row: ListedRow| Listed {
        grants: grants.remove(&row.id).unwrap_or_default(),
        login: row.login,
        name: row.name,
        unit: UnitId(row.unit),
        active: row.active,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// A department of a unit.
#[derive(Debug, Clone)]
pub struct Department {
    /// Its number.
    pub id: i64,
    /// The unit.
    pub unit: UnitId,
    /// The code, as the programme names it.
    pub code: String,
    /// The name.
    pub name: String,
    /// The matters that it leads.
    pub matters: Vec<String>,
    /// The first day.
    pub valid_from: NaiveDate,
}

#[derive(Queryable)]
struct DepartmentRow {
    id: i64,
    unit: i64,
    code: String,
    name: String,
    matters: String,
    valid_from: NaiveDate,
}

/// Departments within the scope that stand on that day, by number.
///
/// # Errors
/// What the database says.
pub fn list_departments(
    conn: &mut Conn,
    scope: &Scope,
    after: i64,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<Department>, StorageError> {
    let rows = conn
        .rows::<(BigInt, BigInt, Text, Text, Text, diesel::sql_types::Date), DepartmentRow>(
            sql(
                "SELECT d.id, d.unit_id, d.code, d.name, d.matters, d.valid_from FROM department d \
                 JOIN unit_placement p ON p.unit_id = d.unit_id WHERE p.valid_from <= ",
            )
            .day(today)
            .then(" AND p.valid_to > ")
            .day(today)
            .then(" AND d.valid_from <= ")
            .day(today)
            .then(" AND d.valid_to > ")
            .day(today)
            .then(" AND d.id > ")
            .big(after)
            .seen("p.path", scope, None, None)
            .then(" ORDER BY d.id LIMIT ")
            .big(limit),
        )?;
    rows.into_iter()
        .map(|row| {
            Ok(Department {
                id: row.id,
                unit: UnitId(row.unit),
                code: row.code,
                name: row.name,
                matters: list("matters of a department", &row.matters)?,
                valid_from: row.valid_from,
            })
        })
        .collect()
}

/// Makes a department unless the unit has one of that code on that day, and gives it the matters.
///
/// # Errors
/// What the database says.
pub fn ensure_department(
    conn: &mut Conn,
    unit: UnitId,
    code: &str,
    name: &str,
    matters: &[String],
    from: NaiveDate,
) -> Result<(), StorageError> {
    let matters = serde_json::json!(matters).to_string();
    conn.run(
        sql("INSERT INTO department (unit_id, code, name, matters, valid_from, valid_to) VALUES (")
            .big(unit.0)
            .then(", ")
            .text(code)
            .then(", ")
            .text(name)
            .then(", ")
            .text(matters)
            .then(", ")
            .day(from)
            .then(", ")
            .day(crate::unit::open_end())
            .then(") ON CONFLICT (unit_id, code, valid_from) DO UPDATE SET name = excluded.name, matters = excluded.matters"),
    )?;
    Ok(())
}

/// Begins a session.
///
/// # Errors
/// What the database says.
pub fn begin_session(conn: &mut Conn, account: AccountId, now: i64) -> Result<i64, StorageError> {
    conn.first::<BigInt, i64>(
        sql("INSERT INTO session (account_id, created_at) VALUES (")
            .big(account.0)
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
pub fn end_session(conn: &mut Conn, session: i64, now: i64) -> Result<(), StorageError> {
    conn.run(
        sql("UPDATE session SET ended_at = ")
            .big(now)
            .then(" WHERE ended_at IS NULL AND id = ")
            .big(session),
    )?;
    Ok(())
}

/// Ends every session of an account.
///
/// # Errors
/// What the database says.
pub fn end_sessions(conn: &mut Conn, account: AccountId, now: i64) -> Result<(), StorageError> {
    conn.run(
        sql("UPDATE session SET ended_at = ")
            .big(now)
            .then(" WHERE ended_at IS NULL AND account_id = ")
            .big(account.0),
    )?;
    Ok(())
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

/// Marks a refresh token as used; false when somebody else was quicker.
///
/// # Errors
/// What the database says.
pub fn use_refresh_token(conn: &mut Conn, hash: &[u8], now: i64) -> Result<bool, StorageError> {
    let touched = conn.run(
        sql("UPDATE refresh_token SET used_at = ")
            .big(now)
            .then(" WHERE used_at IS NULL AND hash = ")
            .bytes(hash),
    )?;
    Ok(touched == 1)
}

/// Drops tokens that ended before an instant.
///
/// # Errors
/// What the database says.
pub fn purge_refresh_tokens(conn: &mut Conn, before: i64) -> Result<usize, StorageError> {
    conn.run(sql("DELETE FROM refresh_token WHERE expires_at < ").big(before))
}
