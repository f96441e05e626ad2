//! Accounts: made, changed, switched off and on, listed.

use crate::db::Conn;
use crate::dialect::Column;
use crate::error::StorageError;
use crate::grant::{self, grants_of};
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::policy::{Grant, Scope};

pub use crate::grant::NewGrant;

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

/// An account that is to be made without a password.
#[derive(Debug, Clone)]
pub struct Managed {
    /// The name to sign in with.
    pub login: String,
    /// The person's or office's name.
    pub name: String,
    /// The phone.
    pub phone: Option<String>,
    /// The unit.
    pub unit: UnitId,
    /// Its grants.
    pub grants: Vec<NewGrant>,
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
    let id = AccountId(id);
    let given: Vec<(AccountId, &NewGrant)> = new.grants.iter().map(|one| (id, one)).collect();
    grant::add(conn, &given)?;
    Ok(id)
}

/// Makes accounts that have no password yet, with their grants; returns their numbers by name.
///
/// # Errors
/// [`StorageError::Duplicate`] when a name is taken.
pub fn create_many(
    conn: &mut Conn,
    new: &[Managed],
    now: i64,
) -> Result<BTreeMap<String, AccountId>, StorageError> {
    let row = |one: &Managed| json!([one.login, one.name, one.phone, one.unit.0, now]);
    let rows: Vec<Value> = new.iter().map(row).collect();
    let dialect = conn.dialect();
    let types = [
        Column::Text,
        Column::Text,
        Column::Text,
        Column::Big,
        Column::Big,
    ];
    let made = conn.rows::<(BigInt, Text), (i64, String)>(
        sql(
            "INSERT INTO account (login, name, phone, unit_id, created_at, password_hash, active, demonstration, one_time) \
             SELECT made.login, made.name, made.phone, made.unit_id, made.at, '', TRUE, FALSE, TRUE FROM (WITH given (login, name, phone, unit_id, at) AS (",
        )
        .rows_of(dialect, &types, &Value::from(rows))
        .then(") SELECT * FROM given) AS made RETURNING id, login"),
    )?;
    let ids: BTreeMap<String, AccountId> = made
        .into_iter()
        .map(|(id, login)| (login, AccountId(id)))
        .collect();
    let mut given = Vec::new();
    for one in new {
        if let Some(id) = ids.get(&one.login) {
            given.extend(one.grants.iter().map(|grant| (*id, grant)));
        }
    }
    grant::add(conn, &given)?;
    Ok(ids)
}

/// Changes an account's names, phone, unit and whether it may sign in.
///
/// # Errors
/// [`StorageError::Duplicate`] when the name is taken.
pub fn update(conn: &mut Conn, account: &Account) -> Result<(), StorageError> {
    conn.run(
        sql("UPDATE account SET login = ")
            .text(account.login.as_str())
            .then(", name = ")
            .text(account.name.as_str())
            .then(", phone = ")
            .maybe_text(account.phone.clone())
            .then(", unit_id = ")
            .big(account.unit.0)
            .then(", active = ")
            .flag(account.active)
            .then(", revision = revision + 1 WHERE id = ")
            .big(account.id.0),
    )?;
    Ok(())
}

/// Gives accounts passwords by their hashes.
///
/// # Errors
/// What the database says.
pub fn set_passwords(
    conn: &mut Conn,
    hashes: &[(AccountId, String)],
    one_time: bool,
) -> Result<(), StorageError> {
    let rows: Vec<Value> = hashes
        .iter()
        .map(|(id, hash)| json!([id.0, hash]))
        .collect();
    let dialect = conn.dialect();
    conn.run(
        sql("WITH given (account_id, hash) AS (")
            .rows_of(dialect, &[Column::Big, Column::Text], &Value::from(rows))
            .then(") UPDATE account SET password_hash = given.hash, one_time = ")
            .flag(one_time)
            .then(" FROM given WHERE account.id = given.account_id"),
    )?;
    Ok(())
}

/// Which of these names are taken.
///
/// # Errors
/// What the database says.
pub fn taken(conn: &mut Conn, logins: &[&str]) -> Result<Vec<String>, StorageError> {
    let dialect = conn.dialect();
    conn.rows::<Text, String>(
        sql("SELECT login FROM account WHERE login").among_texts(dialect, logins),
    )
}

/// The names of accounts by their numbers: to sign in with, and the person's or office's.
///
/// # Errors
/// What the database says.
pub fn names(
    conn: &mut Conn,
    ids: &[i64],
) -> Result<BTreeMap<i64, (String, String)>, StorageError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let dialect = conn.dialect();
    let found = conn.rows::<(BigInt, Text, Text), (i64, String, String)>(
        sql("SELECT id, login, name FROM account WHERE id").among(dialect, ids),
    )?;
    let named = |(id, login, name)| (id, (login, name));
    Ok(found.into_iter().map(named).collect())
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

/// An account as it is administered.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// The name to sign in with.
    pub login: String,
    /// The person's or office's name.
    pub name: String,
    /// The phone.
    pub phone: Option<String>,
    /// The unit.
    pub unit: UnitId,
    /// The unit's path of today.
    pub path: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Whether its password must be changed first.
    pub one_time: bool,
    /// The number of its changes.
    pub revision: i64,
    /// The grants with the numbers of their custom units.
    pub grants: Vec<(Grant, Vec<i64>)>,
}

type AccountSql = (
    BigInt,
    Text,
    Text,
    Nullable<Text>,
    BigInt,
    Text,
    Bool,
    Bool,
    BigInt,
);

#[derive(Queryable)]
struct AccountRow {
    id: i64,
    login: String,
    name: String,
    phone: Option<String>,
    unit: i64,
    path: String,
    active: bool,
    one_time: bool,
    revision: i64,
}

fn standing(today: NaiveDate) -> Statement {
    sql(
        "SELECT a.id, a.login, a.name, a.phone, a.unit_id, p.path, a.active, a.one_time, a.revision FROM account a \
         JOIN unit_placement p ON p.unit_id = a.unit_id WHERE p.valid_from <= ",
    )
    .day(today)
    .then(" AND p.valid_to > ")
    .day(today)
}

fn load(
    conn: &mut Conn,
    statement: Statement,
    today: NaiveDate,
) -> Result<Vec<Account>, StorageError> {
    let rows = conn.rows::<AccountSql, AccountRow>(statement)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut grants = grants_of(conn, &ids, today)?;
    let read = |row: AccountRow| Account {
        grants: grants.remove(&row.id).unwrap_or_default(),
        id: AccountId(row.id),
        login: row.login,
        name: row.name,
        phone: row.phone,
        unit: UnitId(row.unit),
        path: row.path,
        active: row.active,
        one_time: row.one_time,
        revision: row.revision,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// What a list of accounts is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    /// Part of the name or of the name to sign in with.
    pub search: Option<String>,
    /// The unit, without those below.
    pub alone: Option<UnitId>,
    /// The path at or below which the unit stands.
    pub below: Option<String>,
    /// Whether it may sign in.
    pub active: Option<bool>,
    /// Only names after this one.
    pub after: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// Accounts within the scope, by name.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &AccountFilter,
    today: NaiveDate,
) -> Result<Vec<Account>, StorageError> {
    let after = filter.after.as_deref().unwrap_or_default();
    let mut statement = standing(today).then(" AND a.login > ").text(after);
    if let Some(search) = &filter.search {
        let named = statement.then(" AND (").holds("a.name", search);
        statement = named.then(" OR ").holds("a.login", search).then(")");
    }
    if let Some(unit) = filter.alone {
        statement = statement.then(" AND a.unit_id = ").big(unit.0);
    }
    if let Some(below) = &filter.below {
        statement = statement.under("p.path", below);
    }
    if let Some(active) = filter.active {
        statement = statement.then(" AND a.active = ").flag(active);
    }
    let statement = statement
        .seen("p.path", scope, None, Some("a.id"))
        .then(" ORDER BY a.login LIMIT ")
        .big(filter.limit);
    load(conn, statement, today)
}

/// The accounts of those names within the scope.
///
/// # Errors
/// What the database says.
pub fn by_logins(
    conn: &mut Conn,
    scope: &Scope,
    logins: &[&str],
    today: NaiveDate,
) -> Result<Vec<Account>, StorageError> {
    let dialect = conn.dialect();
    let statement = standing(today)
        .then(" AND a.login")
        .among_texts(dialect, logins)
        .seen("p.path", scope, None, Some("a.id"));
    load(conn, statement, today)
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
