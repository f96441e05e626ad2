//! The numbers under which metrics are stored.

use crate::db::Conn;
use crate::dialect::Column;
use crate::error::StorageError;
use crate::sql::sql;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeMap;
use zhenxing_domain::ids::MetricId;

/// Gives every code its number, making those that are new.
///
/// # Errors
/// What the database says.
pub fn ensure(conn: &mut Conn, codes: &[&str]) -> Result<BTreeMap<String, MetricId>, StorageError> {
    let rows: Vec<serde_json::Value> = codes.iter().map(|code| serde_json::json!([code])).collect();
    let dialect = conn.dialect();
    conn.run(
        sql("INSERT INTO metric (code) ")
            .rows_of(dialect, &[Column::Text], &serde_json::Value::from(rows))
            .then(" ON CONFLICT (code) DO NOTHING"),
    )?;
    let all = conn.rows::<(Text, BigInt), (String, i64)>(
        sql("SELECT code, id FROM metric WHERE code").among_texts(dialect, codes),
    )?;
    Ok(all
        .into_iter()
        .map(|(code, id)| (code, MetricId(id)))
        .collect())
}
