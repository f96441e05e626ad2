//! First answers of writes, so that a repeat has one effect.

use crate::db::Conn;
use crate::error::StorageError;
use crate::sql::sql;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Text};
use zhenxing_domain::ids::AccountId;

/// Under what an answer is kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// Who asked.
    pub account: AccountId,
    /// The method and path.
    pub route: String,
    /// What the client sent as Idempotency-Key.
    pub key: String,
}

/// A kept answer.
#[derive(Debug, Clone, Queryable)]
pub struct Kept {
    /// The hash of the request's body.
    pub body_hash: Vec<u8>,
    /// The status.
    pub status: i32,
    /// The headers that belong to the answer, as JSON.
    pub headers: String,
    /// The body.
    pub body: String,
}

/// The answer kept under a key.
///
/// # Errors
/// What the database says.
pub fn find(conn: &mut Conn, key: &Key) -> Result<Option<Kept>, StorageError> {
    conn.first::<(Binary, Integer, Text, Text), Kept>(
        sql("SELECT body_hash, status, headers, body FROM idempotency WHERE account_id = ")
            .big(key.account.0)
            .then(" AND route = ")
            .text(key.route.as_str())
            .then(" AND idempotency_key = ")
            .text(key.key.as_str()),
    )
}

/// Whether nobody else writes under this key right now, on any server; held until the transaction ends.
///
/// # Errors
/// What the database says.
pub fn try_claim(conn: &mut Conn, lock: i64) -> Result<bool, StorageError> {
    conn.try_lock(lock)
}

/// Keeps an answer, in the write's transaction.
///
/// # Errors
/// [`StorageError::Duplicate`] when another write was quicker.
pub fn keep(conn: &mut Conn, key: &Key, kept: &Kept, now: i64) -> Result<(), StorageError> {
    conn.run(
        sql("INSERT INTO idempotency (account_id, route, idempotency_key, body_hash, status, headers, body, created_at) VALUES (")
            .big(key.account.0)
            .then(", ")
            .text(key.route.as_str())
            .then(", ")
            .text(key.key.as_str())
            .then(", ")
            .bytes(kept.body_hash.as_slice())
            .then(", ")
            .int(kept.status)
            .then(", ")
            .text(kept.headers.as_str())
            .then(", ")
            .text(kept.body.as_str())
            .then(", ")
            .big(now)
            .then(")"),
    )?;
    Ok(())
}

/// Drops answers that were kept before an instant.
///
/// # Errors
/// What the database says.
pub fn purge(conn: &mut Conn, before: i64) -> Result<usize, StorageError> {
    conn.run(sql("DELETE FROM idempotency WHERE created_at < ").big(before))
}
