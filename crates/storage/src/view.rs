//! Saved views (常用视图).

use crate::db::Conn;
use crate::error::StorageError;
use crate::report::uuid_of;
use crate::sql::{Statement, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use uuid::Uuid;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::view::Share;

/// Who looks: an account with the units from the root down to its own. What is shared at or above a unit is seen there.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The account.
    pub account: AccountId,
    /// The units from the root down.
    pub line: Vec<UnitId>,
}

/// A view as stored.
#[derive(Debug, Clone)]
pub struct View {
    /// Its number inside.
    pub id: i64,
    /// Its number outside.
    pub public_id: Uuid,
    /// Who made it.
    pub account: AccountId,
    /// Where he stood.
    pub unit: UnitId,
    /// The page.
    pub page: String,
    /// The name.
    pub name: String,
    /// What the address asks for.
    pub query: String,
    /// With whom it is shared.
    pub share: Share,
    /// Grows with every change.
    pub revision: i64,
    /// When it was changed last.
    pub updated_at: i64,
}

#[derive(Queryable)]
struct ViewRow {
    id: i64,
    public_id: Vec<u8>,
    account: i64,
    unit: i64,
    page: String,
    name: String,
    query: String,
    shared: String,
    revision: i64,
    updated_at: i64,
}

type ViewSql = (
    BigInt,
    Binary,
    BigInt,
    BigInt,
    Text,
    Text,
    Text,
    Text,
    BigInt,
    BigInt,
);

impl ViewRow {
    fn read(self) -> Result<View, StorageError> {
        Ok(View {
            id: self.id,
            public_id: uuid_of(&self.public_id)?,
            account: AccountId(self.account),
            unit: UnitId(self.unit),
            page: self.page,
            name: self.name,
            query: self.query,
            share: Share::parse(&self.shared)
                .ok_or_else(|| StorageError::corrupt("share of a view", &self.shared))?,
            revision: self.revision,
            updated_at: self.updated_at,
        })
    }
}

/// The views that a reader sees: own ones, those shared at or above his unit, and those shared with everybody.
fn seen(conn: &Conn, reader: &Reader) -> Statement {
    let line: Vec<i64> = reader.line.iter().map(|unit| unit.0).collect();
    sql("SELECT id, public_id, account_id, unit_id, page, name, query, shared, revision, updated_at \
         FROM saved_view WHERE (account_id = ")
        .big(reader.account.0)
        .then(" OR shared = ")
        .text(Share::Everybody.as_str())
        .then(" OR (shared = ")
        .text(Share::UnitAndBelow.as_str())
        .then(" AND unit_id")
        .among(conn.dialect(), &line)
        .then("))")
}

/// The views of a page that a reader sees, the latest first, below a number.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    reader: &Reader,
    page: &str,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<View>, StorageError> {
    let statement = seen(conn, reader)
        .then(" AND page = ")
        .text(page)
        .then(" AND id < ")
        .big(before.unwrap_or(i64::MAX))
        .then(" ORDER BY id DESC LIMIT ")
        .big(limit);
    let rows = conn.rows::<ViewSql, ViewRow>(statement)?;
    rows.into_iter().map(ViewRow::read).collect()
}

/// A view that a reader sees.
///
/// # Errors
/// What the database says.
pub fn find(conn: &mut Conn, reader: &Reader, id: Uuid) -> Result<Option<View>, StorageError> {
    let statement = seen(conn, reader).numbered("public_id", id);
    let row = conn.first::<ViewSql, ViewRow>(statement)?;
    row.map(ViewRow::read).transpose()
}

/// How many views an account has.
///
/// # Errors
/// What the database says.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64, StorageError> {
    let found = conn.first::<BigInt, i64>(
        sql("SELECT count(*) FROM saved_view WHERE account_id = ").big(account.0),
    )?;
    Ok(found.unwrap_or(0))
}

/// Adds a view.
///
/// # Errors
/// [`StorageError::Duplicate`] when the account has one of that name.
pub fn add(conn: &mut Conn, view: &View) -> Result<(), StorageError> {
    conn.run(
        sql("INSERT INTO saved_view (public_id, account_id, unit_id, page, name, query, shared, revision, updated_at) VALUES (")
            .bytes(view.public_id.as_bytes().as_slice())
            .then(", ")
            .big(view.account.0)
            .then(", ")
            .big(view.unit.0)
            .then(", ")
            .text(view.page.as_str())
            .then(", ")
            .text(view.name.as_str())
            .then(", ")
            .text(view.query.as_str())
            .then(", ")
            .text(view.share.as_str())
            .then(", ")
            .big(view.revision)
            .then(", ")
            .big(view.updated_at)
            .then(")"),
    )?;
    Ok(())
}

/// Changes a view.
///
/// # Errors
/// [`StorageError::Duplicate`] when the account has another of that name.
pub fn update(conn: &mut Conn, view: &View) -> Result<(), StorageError> {
    conn.run(
        sql("UPDATE saved_view SET unit_id = ")
            .big(view.unit.0)
            .then(", name = ")
            .text(view.name.as_str())
            .then(", query = ")
            .text(view.query.as_str())
            .then(", shared = ")
            .text(view.share.as_str())
            .then(", revision = ")
            .big(view.revision)
            .then(", updated_at = ")
            .big(view.updated_at)
            .then(" WHERE id = ")
            .big(view.id),
    )?;
    Ok(())
}

/// Removes a view.
///
/// # Errors
/// What the database says.
pub fn remove(conn: &mut Conn, id: i64) -> Result<(), StorageError> {
    conn.run(sql("DELETE FROM saved_view WHERE id = ").big(id))?;
    Ok(())
}
