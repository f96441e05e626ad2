//! Who is absent and who acts meanwhile, and who goes to another unit from which day on.

use crate::db::Conn;
use crate::error::StorageError;
use crate::sql::sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use zhenxing_domain::ids::{AccountId, UnitId};

/// A leave of absence (离岗) with its deputy (代理人).
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Leave {
    /// The absent account.
    pub account: i64,
    /// The name with which the other one signs in: the deputy's, or the absent one's.
    pub login: String,
    /// The other one's name.
    pub name: String,
    /// The first day.
    pub starts: NaiveDate,
    /// The last day.
    pub ends: NaiveDate,
}

type LeaveSql = (BigInt, Text, Text, Date, Date);

/// Begins a leave, in place of any that has not ended.
///
/// # Errors
/// What the database says.
pub fn begin(
    conn: &mut Conn,
    account: AccountId,
    deputy: AccountId,
    starts: NaiveDate,
    ends: NaiveDate,
    today: NaiveDate,
) -> Result<(), StorageError> {
    end(conn, account, today)?;
    conn.run(
        sql("INSERT INTO account_leave (account_id, deputy_id, starts, ends) VALUES (")
            .big(account.0)
            .then(", ")
            .big(deputy.0)
            .then(", ")
            .day(starts)
            .then(", ")
            .day(ends)
            .then(")"),
    )?;
    Ok(())
}

/// Ends leaves of an account yesterday, and drops those that have not begun; returns how many.
///
/// # Errors
/// What the database says.
pub fn end(conn: &mut Conn, account: AccountId, today: NaiveDate) -> Result<usize, StorageError> {
    let dropped = conn.run(
        sql("DELETE FROM account_leave WHERE account_id = ")
            .big(account.0)
            .then(" AND starts >= ")
            .day(today),
    )?;
    let yesterday = today.pred_opt().unwrap_or(today);
    let ended = conn.run(
        sql("UPDATE account_leave SET ends = ")
            .day(yesterday)
            .then(" WHERE account_id = ")
            .big(account.0)
            .then(" AND ends >= ")
            .day(today),
    )?;
    Ok(dropped + ended)
}

/// The leave of an account that has not ended, with its deputy.
///
/// # Errors
/// What the database says.
pub fn of_account(
    conn: &mut Conn,
    account: AccountId,
    today: NaiveDate,
) -> Result<Option<Leave>, StorageError> {
    conn.first::<LeaveSql, Leave>(
        sql(
            "SELECT l.account_id, d.login, d.name, l.starts, l.ends FROM account_leave l \
             JOIN account d ON d.id = l.deputy_id WHERE l.account_id = ",
        )
        .big(account.0)
        .then(" AND l.ends >= ")
        .day(today)
        .then(" ORDER BY l.starts LIMIT 1"),
    )
}

/// For whom an account stands in on that day.
///
/// # Errors
/// What the database says.
pub fn deputy_for(
    conn: &mut Conn,
    deputy: AccountId,
    today: NaiveDate,
) -> Result<Vec<Leave>, StorageError> {
    conn.rows::<LeaveSql, Leave>(
        sql(
            "SELECT l.account_id, a.login, a.name, l.starts, l.ends FROM account_leave l \
             JOIN account a ON a.id = l.account_id WHERE l.deputy_id = ",
        )
        .big(deputy.0)
        .then(" AND l.starts <= ")
        .day(today)
        .then(" AND l.ends >= ")
        .day(today)
        .then(" AND a.active = ")
        .flag(true)
        .then(" ORDER BY a.login"),
    )
}

/// Puts a transfer down, in place of one that is not done.
///
/// # Errors
/// What the database says.
pub fn transfer(
    conn: &mut Conn,
    account: AccountId,
    from_unit: UnitId,
    unit: UnitId,
    starts: NaiveDate,
    done: bool,
) -> Result<(), StorageError> {
    cancel_transfer(conn, account)?;
    conn.run(
        sql("INSERT INTO account_transfer (account_id, from_unit_id, unit_id, starts, done) VALUES (")
            .big(account.0)
            .then(", ")
            .big(from_unit.0)
            .then(", ")
            .big(unit.0)
            .then(", ")
            .day(starts)
            .then(", ")
            .flag(done)
            .then(")"),
    )?;
    Ok(())
}

/// Takes back a transfer that is not done; says how many there were.
///
/// # Errors
/// What the database says.
pub fn cancel_transfer(conn: &mut Conn, account: AccountId) -> Result<usize, StorageError> {
    conn.run(sql("DELETE FROM account_transfer WHERE NOT done AND account_id = ").big(account.0))
}

/// The transfer of an account that is not done: the unit and the day.
///
/// # Errors
/// What the database says.
pub fn waiting_transfer(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Option<(UnitId, NaiveDate)>, StorageError> {
    let found = conn.first::<(BigInt, Date), (i64, NaiveDate)>(
        sql("SELECT unit_id, starts FROM account_transfer WHERE NOT done AND account_id = ")
            .big(account.0),
    )?;
    Ok(found.map(|(unit, starts)| (UnitId(unit), starts)))
}

/// Does the transfers whose day has come; returns the accounts and their new units.
///
/// # Errors
/// What the database says.
pub fn do_transfers(
    conn: &mut Conn,
    today: NaiveDate,
) -> Result<Vec<(AccountId, UnitId)>, StorageError> {
    let due = conn.rows::<(BigInt, BigInt), (i64, i64)>(
        sql("SELECT account_id, unit_id FROM account_transfer WHERE NOT done AND starts <= ")
            .day(today)
            .then(" ORDER BY id"),
    )?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    conn.run(
        sql("UPDATE account SET revision = revision + 1, unit_id = (SELECT max(t.unit_id) FROM account_transfer t \
             WHERE t.account_id = account.id AND NOT t.done AND t.starts <= ")
        .day(today)
        .then(
            ") WHERE id IN (SELECT t.account_id FROM account_transfer t WHERE NOT t.done AND t.starts <= ",
        )
        .day(today)
        .then(")"),
    )?;
    let ids: Vec<i64> = due.iter().map(|(account, _)| *account).collect();
    let dialect = conn.dialect();
    conn.run(
        sql("DELETE FROM account_grant WHERE (scope = 'custom' OR departments <> '[]') AND account_id")
            .among(dialect, &ids),
    )?;
    conn.run(
        sql("UPDATE account_transfer SET done = ")
            .flag(true)
            .then(" WHERE NOT done AND starts <= ")
            .day(today),
    )?;
    let ids = |(account, unit)| (AccountId(account), UnitId(unit));
    Ok(due.into_iter().map(ids).collect())
}
