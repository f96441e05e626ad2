//! Publications of a programme's package.

use crate::db::Conn;
use crate::error::StorageError;
use crate::sql::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

/// A publication.
#[derive(Debug, Clone, Queryable)]
pub struct Edition {
    /// Its number, from one.
    pub edition: i32,
    /// The version that the package says.
    pub version: i32,
    /// The digest of its files.
    pub digest: String,
    /// What it changed, as JSON.
    pub changes: String,
    /// When it was published.
    pub published_at: i64,
}

/// The publications of a programme, latest first.
///
/// # Errors
/// What the database says.
pub fn list(conn: &mut Conn, programme: &str) -> Result<Vec<Edition>, StorageError> {
    conn.rows::<(Integer, Integer, Text, Text, BigInt), Edition>(
        sql("SELECT edition, version, digest, changes, published_at FROM package_edition WHERE programme = ")
            .text(programme)
            .then(" ORDER BY edition DESC"),
    )
}

/// The latest publication.
///
/// # Errors
/// What the database says.
pub fn latest(conn: &mut Conn, programme: &str) -> Result<Option<Edition>, StorageError> {
    conn.first::<(Integer, Integer, Text, Text, BigInt), Edition>(
        sql("SELECT edition, version, digest, changes, published_at FROM package_edition WHERE programme = ")
            .text(programme)
            .then(" ORDER BY edition DESC LIMIT 1"),
    )
}

/// The files of a publication as JSON.
///
/// # Errors
/// What the database says.
pub fn content(
    conn: &mut Conn,
    programme: &str,
    edition: i32,
) -> Result<Option<String>, StorageError> {
    conn.first::<Text, String>(
        sql("SELECT content FROM package_edition WHERE programme = ")
            .text(programme)
            .then(" AND edition = ")
            .int(edition),
    )
}

/// Keeps a publication; false when somebody else published at the same time.
///
/// # Errors
/// What the database says.
pub fn add(
    conn: &mut Conn,
    programme: &str,
    edition: &Edition,
    content: &str,
) -> Result<bool, StorageError> {
    let touched = conn.run(
        sql("INSERT INTO package_edition (programme, edition, version, digest, content, changes, published_at) VALUES (")
            .text(programme)
            .then(", ")
            .int(edition.edition)
            .then(", ")
            .int(edition.version)
            .then(", ")
            .text(edition.digest.as_str())
            .then(", ")
            .text(content)
            .then(", ")
            .text(edition.changes.as_str())
            .then(", ")
            .big(edition.published_at)
            .then(") ON CONFLICT (programme, edition) DO NOTHING"),
    )?;
    Ok(touched == 1)
}

/// Whether any report of a form, or any value of one of its fields, is stored: asked at a publication, never by a request.
///
/// # Errors
/// What the database says.
pub fn is_reported(conn: &mut Conn, form: &str, field: Option<&str>) -> Result<bool, StorageError> {
    let mut statement = sql("SELECT id FROM report WHERE form = ").text(form);
    if let Some(field) = field {
        let member = format!("%\"{field}\":%");
        statement = statement.then(" AND field_values LIKE ").text(member);
    }
    let found = conn.first::<BigInt, i64>(statement.then(" LIMIT 1"))?;
    Ok(found.is_some())
}
