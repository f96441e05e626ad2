//! Files that were handed in, and the things that they are attached to. What they hold stands in the file store.

use crate::db::Conn;
use crate::dialect::{Column, Lock, hex};
use crate::error::StorageError;
use crate::report::uuid_of;
use crate::sql::{Statement, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_domain::ids::AccountId;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The number inside.
    pub id: i64,
    /// The number outside.
    pub public_id: Uuid,
    /// The SHA-256 of what it holds.
    pub hash: Vec<u8>,
    /// Its name.
    pub name: String,
    /// Its type.
    pub content_type: String,
    /// How many bytes it has.
    pub size: i64,
    /// Who handed it in.
    pub uploaded_by: AccountId,
    /// When.
    pub uploaded_at: i64,
    /// To what it is attached: the kind of thing and its number inside.
    pub subject: Option<(String, i64)>,
    /// The field of a record in which it stands, or stood.
    pub field: Option<String>,
}

/// To what a file is to be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// The file.
    pub file: Uuid,
    /// The number inside of the thing that takes it.
    pub subject: i64,
    /// The field, where that thing is a record.
    pub field: Option<&'a str>,
}

impl File {
    /// The hash in hexadecimal digits: its name in the file store.
    pub fn digest(&self) -> String {
        hex(&self.hash)
    }
}

type FileSql = (
    BigInt,
    Binary,
    Binary,
    Text,
    Text,
    BigInt,
    BigInt,
    BigInt,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Text>,
);

#[derive(Queryable)]
struct FileRow {
    id: i64,
    public_id: Vec<u8>,
    hash: Vec<u8>,
    name: String,
    content_type: String,
    size: i64,
    uploaded_by: i64,
    uploaded_at: i64,
    subject_kind: Option<String>,
    subject_id: Option<i64>,
    field: Option<String>,
}

const SELECT: &str = "SELECT f.id, f.public_id, f.hash, f.name, f.content_type, f.size, f.uploaded_by, f.uploaded_at, \
     l.subject_kind, l.subject_id, l.field FROM file f LEFT JOIN file_link l ON l.file_id = f.id WHERE ";

fn load(conn: &mut Conn, statement: Statement) -> Result<Vec<File>, StorageError> {
    let rows = conn.rows::<FileSql, FileRow>(statement)?;
    rows.into_iter()
        .map(|row| {
            Ok(File {
                id: row.id,
                public_id: uuid_of(&row.public_id)?,
                hash: row.hash,
                name: row.name,
                content_type: row.content_type,
                size: row.size,
                uploaded_by: AccountId(row.uploaded_by),
                uploaded_at: row.uploaded_at,
                subject: row.subject_kind.zip(row.subject_id),
                field: row.field,
            })
        })
        .collect()
}

/// Takes the lock under which objects are written and swept.
///
/// # Errors
/// What the database says.
pub fn lock(conn: &mut Conn) -> Result<(), StorageError> {
    conn.lock(Lock::Files)
}

/// The file of that number; whether the asker may read it is asked of what it is attached to.
///
/// # Errors
/// What the database says.
pub fn get(conn: &mut Conn, id: Uuid) -> Result<Option<File>, StorageError> {
    let statement = sql(SELECT)
        .then("f.public_id = ")
        .bytes(id.as_bytes().as_slice());
    Ok(load(conn, statement)?.into_iter().next())
}

/// The files of those numbers; whether the asker may read or give them is asked of what they are attached to.
///
/// # Errors
/// What the database says.
pub fn by_numbers(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<File>, StorageError> {
    let dialect = conn.dialect();
    let statement = sql(SELECT)
        .then("f.public_id")
        .among_bytes(dialect, ids)
        .then(" ORDER BY f.id");
    load(conn, statement)
}

/// Writes a file that is attached to nothing yet.
///
/// # Errors
/// What the database says.
pub fn insert(conn: &mut Conn, new: &File) -> Result<(), StorageError> {
    conn.run(
        sql("INSERT INTO file (public_id, hash, name, content_type, size, uploaded_by, uploaded_at, attached) VALUES (")
            .bytes(new.public_id.as_bytes().as_slice())
            .then(", ")
            .bytes(new.hash.clone())
            .then(", ")
            .text(new.name.as_str())
            .then(", ")
            .text(new.content_type.as_str())
            .then(", ")
            .big(new.size)
            .then(", ")
            .big(new.uploaded_by.0)
            .then(", ")
            .big(new.uploaded_at)
            .then(", ")
            .flag(false)
            .then(")"),
    )?;
    Ok(())
}

/// Attaches files to things of a kind: only those that the account handed in itself and that are attached to nothing.
/// Returns how many were attached; fewer than named means that one of them was not the account's to give.
///
/// # Errors
/// What the database says.
pub fn attach(
    conn: &mut Conn,
    kind: &str,
    links: &[Link<'_>],
    by: AccountId,
) -> Result<usize, StorageError> {
    let dialect = conn.dialect();
    let numbers: Vec<Uuid> = links.iter().map(|link| link.file).collect();
    let taken = conn.rows::<(BigInt, Binary), (i64, Vec<u8>)>(
        sql("UPDATE file SET attached = ")
            .flag(true)
            .then(" WHERE NOT attached AND uploaded_by = ")
            .big(by.0)
            .then(" AND public_id")
            .among_bytes(dialect, &numbers)
            .then(" RETURNING id, public_id"),
    )?;
    let mut rows = Vec::new();
    let by_file: BTreeMap<Uuid, &Link<'_>> = links.iter().map(|link| (link.file, link)).collect();
    for (id, number) in &taken {
        if let Some(link) = by_file.get(&uuid_of(number)?) {
            rows.push(serde_json::json!([id, kind, link.subject, link.field]));
        }
    }
    let types = [Column::Big, Column::Text, Column::Big, Column::Text];
    conn.run(
        sql("INSERT INTO file_link (file_id, subject_kind, subject_id, field) ").rows_of(
            dialect,
            &types,
            &serde_json::Value::from(rows),
        ),
    )?;
    Ok(taken.len())
}

/// Lets another thing of the same kind have all files of one.
///
/// # Errors
/// What the database says.
pub fn hand_over(conn: &mut Conn, kind: &str, from: i64, to: i64) -> Result<(), StorageError> {
    conn.run(
        sql("UPDATE file_link SET subject_id = ")
            .big(to)
            .then(" WHERE subject_kind = ")
            .text(kind)
            .then(" AND subject_id = ")
            .big(from),
    )?;
    Ok(())
}

/// The files of things of a kind that a scope has shown, by the thing's number inside.
///
/// # Errors
/// What the database says.
pub fn of_subjects(
    conn: &mut Conn,
    kind: &str,
    subjects: &[i64],
) -> Result<BTreeMap<i64, Vec<File>>, StorageError> {
    let dialect = conn.dialect();
    let statement = sql(SELECT)
        .then("l.subject_kind = ")
        .text(kind)
        .then(" AND l.subject_id")
        .among(dialect, subjects)
        .then(" ORDER BY f.id");
    let mut found: BTreeMap<i64, Vec<File>> = BTreeMap::new();
    for file in load(conn, statement)? {
        if let Some((_, subject)) = &file.subject {
            found.entry(*subject).or_default().push(file);
        }
    }
    Ok(found)
}

/// Takes away files that were attached to nothing since before an instant, and returns the hashes of what they held.
///
/// # Errors
/// What the database says.
pub fn sweep(conn: &mut Conn, before: i64, limit: i64) -> Result<Vec<Vec<u8>>, StorageError> {
    conn.rows::<Binary, Vec<u8>>(
        sql("DELETE FROM file WHERE id IN (SELECT id FROM file WHERE NOT attached AND uploaded_at < ")
            .big(before)
            .then(" ORDER BY uploaded_at LIMIT ")
            .big(limit)
            .then(") AND NOT attached RETURNING hash"),
    )
}

/// Those of the hashes that no file has, in hexadecimal digits. The lock must be held until the objects are gone.
///
/// # Errors
/// What the database says.
pub fn unused(conn: &mut Conn, hashes: &[Vec<u8>]) -> Result<BTreeSet<String>, StorageError> {
    let dialect = conn.dialect();
    let left = conn.rows::<Binary, Vec<u8>>(
        sql("SELECT DISTINCT hash FROM file WHERE hash").among_bytes(dialect, hashes),
    )?;
    let gone = hashes.iter().filter(|hash| !left.contains(hash));
    Ok(gone.map(|hash| hex(hash)).collect())
}

/// Whether any file is attached to nothing since before an instant.
///
/// # Errors
/// What the database says.
pub fn any_unattached(conn: &mut Conn, before: i64) -> Result<bool, StorageError> {
    let found = conn.first::<Bool, bool>(
        sql("SELECT EXISTS (SELECT 1 FROM file WHERE NOT attached AND uploaded_at < ")
            .big(before)
            .then(")"),
    )?;
    Ok(found.unwrap_or(false))
}
