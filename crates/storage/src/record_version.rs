//! The versions of records: every one is kept, with what was done, by whom and why.

use crate::audit;
use crate::db::Conn;
use crate::dialect::Column;
use crate::error::StorageError;
use crate::record::{Written, text_of, values_of};
use crate::sql::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use zhenxing_domain::ids::AccountId;
use zhenxing_domain::record::Values;

/// Keeps versions of records as they stand now.
///
/// # Errors
/// What the database says.
pub fn keep(
    conn: &mut Conn,
    all: &[(i64, &Written<'_>)],
    by: AccountId,
    now: i64,
) -> Result<(), StorageError> {
    let deputy = audit::deputy();
    let mut rows = Vec::new();
    for (id, written) in all {
        let record = written.record;
        let content = text_of(&record.values)?;
        rows.push(serde_json::json!([
            id,
            record.revision,
            written.action,
            record.state,
            record.unit.0,
            content,
            written.reason,
            by.0,
            deputy,
            now
        ]));
    }
    let (big, text) = (Column::Big, Column::Text);
    let dialect = conn.dialect();
    conn.run(
        sql("INSERT INTO ledger_version (record_id, revision, action, state, unit_id, content, reason, account_id, deputy_id, at) ")
            .rows_of(
                dialect,
                &[big, big, text, text, big, text, text, big, big, big],
                &serde_json::Value::from(rows),
            ),
    )?;
    Ok(())
}

/// A version of a record.
#[derive(Debug, Clone)]
pub struct Version {
    /// The revision.
    pub revision: i64,
    /// What was done.
    pub action: String,
    /// The state after it.
    pub state: String,
    /// The values after it.
    pub values: Values,
    /// Why.
    pub reason: Option<String>,
    /// Who did it.
    pub by: String,
    /// Who did it in that one's place.
    pub deputy: Option<String>,
    /// When.
    pub at: i64,
}

#[derive(Queryable)]
struct VersionRow {
    revision: i64,
    action: String,
    state: String,
    content: String,
    reason: Option<String>,
    by: String,
    deputy: Option<String>,
    at: i64,
}

/// The versions of a record that a scope has shown, the latest first.
///
/// # Errors
/// What the database says.
pub fn of_record(
    conn: &mut Conn,
    record: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Version>, StorageError> {
    type Row = (
        BigInt,
        Text,
        Text,
        Text,
        Nullable<Text>,
        Text,
        Nullable<Text>,
        BigInt,
    );
    let rows = conn.rows::<Row, VersionRow>(
        sql("SELECT v.revision, v.action, v.state, v.content, v.reason, b.name, d.name, v.at FROM ledger_version v \
             JOIN account b ON b.id = v.account_id LEFT JOIN account d ON d.id = v.deputy_id WHERE v.record_id = ")
            .big(record)
            .then(" AND v.revision < ")
            .big(before.unwrap_or(i64::MAX))
            .then(" ORDER BY v.revision DESC LIMIT ")
            .big(limit),
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Version {
                revision: row.revision,
                action: row.action,
                state: row.state,
                values: values_of(&row.content)?,
                reason: row.reason,
                by: row.by,
                deputy: row.deputy,
                at: row.at,
            })
        })
        .collect()
}
