//! Phrases (常用语) that accounts keep for themselves.

use crate::db::Conn;
use crate::error::StorageError;
use crate::report::uuid_of;
use crate::sql::sql;
use diesel::sql_types::{Binary, Text};
use uuid::Uuid;
use zhenxing_domain::ids::AccountId;

/// An account's own phrases in the order in which they were added.
///
/// # Errors
/// What the database says.
pub fn list(conn: &mut Conn, account: AccountId) -> Result<Vec<(Uuid, String)>, StorageError> {
    let rows = conn.rows::<(Binary, Text), (Vec<u8>, String)>(
        sql("SELECT public_id, phrase FROM phrase WHERE account_id = ")
            .big(account.0)
            .then(" ORDER BY id"),
    )?;
    rows.into_iter()
        .map(|(id, text)| Ok((uuid_of(&id)?, text)))
        .collect()
}

/// Adds a phrase.
///
/// # Errors
/// [`StorageError::Duplicate`] when the account has it already.
pub fn add(
    conn: &mut Conn,
    account: AccountId,
    id: Uuid,
    text: &str,
    now: i64,
) -> Result<(), StorageError> {
    conn.run(
        sql("INSERT INTO phrase (public_id, account_id, phrase, created_at) VALUES (")
            .bytes(id.as_bytes().as_slice())
            .then(", ")
            .big(account.0)
            .then(", ")
            .text(text)
            .then(", ")
            .big(now)
            .then(")"),
    )?;
    Ok(())
}

/// Removes a phrase of the account; false when it has none of that number.
///
/// # Errors
/// What the database says.
pub fn remove(conn: &mut Conn, account: AccountId, id: Uuid) -> Result<bool, StorageError> {
    let touched = conn.run(
        sql("DELETE FROM phrase WHERE account_id = ")
            .big(account.0)
            .then(" AND public_id = ")
            .bytes(id.as_bytes().as_slice()),
    )?;
    Ok(touched == 1)
}
