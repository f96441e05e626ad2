//! Reports written: any number of them in one statement each.

use crate::db::Conn;
use crate::dialect::{Column, hex};
use crate::error::StorageError;
use crate::report::Report;
use crate::sql::sql;
use diesel::sql_types::BigInt;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::{AccountId, UnitId};

/// Begins reports, each with its unit's shard; gives the numbers inside by unit. A unit that has a report for that form and
/// period already is left out. All are of one form and period.
///
/// # Errors
/// [`StorageError::Duplicate`] when a number outside is taken.
pub fn insert(
    conn: &mut Conn,
    reports: &[(&Report, i64)],
) -> Result<BTreeMap<UnitId, i64>, StorageError> {
    if reports.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<serde_json::Value> = reports
        .iter()
        .map(|(report, home_shard)| {
            serde_json::json!([
                hex(report.public_id.as_bytes()),
                report.form,
                report.matter,
                report.unit.0,
                home_shard,
                report.period.key(),
                report.state.as_str(),
                report.revision,
                report.revising,
                report.filled_by.0,
                report.values,
                report.explanations,
                report.approved_values,
                report.reason,
                report.field_reasons,
                report.exceptions,
                report.late,
                report.headline,
                report.source_document,
                report.submitted_at,
                report.updated_at
            ])
        })
        .collect();
    let (big, text, int) = (Column::Big, Column::Text, Column::Int);
    let columns = [
        Column::Bytes,
        text,
        text,
        big,
        big,
        int,
        text,
        big,
        Column::Flag,
        big,
        text,
        text,
        text,
        text,
        text,
        int,
        Column::Flag,
        big,
        text,
        big,
        big,
    ];
    let dialect = conn.dialect();
    let begun = conn.rows::<(BigInt, BigInt), (i64, i64)>(
        sql("INSERT INTO report (public_id, form, matter, unit_id, home_shard, period, state, revision, revising, \
             filled_by, field_values, explanations, approved_values, reason, field_reasons, exceptions, late, headline, source_document, submitted_at, updated_at) ")
        .rows_of(dialect, &columns, &serde_json::Value::from(rows))
        .then(" ON CONFLICT (unit_id, form, period, home_shard) DO NOTHING RETURNING unit_id, id"),
    )?;
    Ok(begun
        .into_iter()
        .map(|(unit, id)| (UnitId(unit), id))
        .collect())
}

/// Writes reports whose revisions are still the ones before; gives the numbers inside of those that were. Where somebody
/// else was quicker, the report stays as it is.
///
/// # Errors
/// What the database says.
pub fn update(conn: &mut Conn, reports: &[&Report]) -> Result<BTreeSet<i64>, StorageError> {
    if reports.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<serde_json::Value> = reports
        .iter()
        .map(|report| {
            serde_json::json!([
                report.id,
                report.revision,
                report.state.as_str(),
                report.revising,
                report.filled_by.0,
                report.values,
                report.explanations,
                report.approved_values,
                report.reason,
                report.field_reasons,
                report.exceptions,
                report.late,
                report.headline,
                report.source_document,
                report.submitted_at,
                report.updated_at
            ])
        })
        .collect();
    let ids: Vec<i64> = reports.iter().map(|report| report.id).collect();
    let (big, text) = (Column::Big, Column::Text);
    let columns = [
        big,
        big,
        text,
        Column::Flag,
        big,
        text,
        text,
        text,
        text,
        text,
        Column::Int,
        Column::Flag,
        big,
        text,
        big,
        big,
    ];
    let dialect = conn.dialect();
    let written = conn.rows::<BigInt, i64>(
        sql("WITH changed (report_id, next_revision, next_state, next_revising, next_filler, next_values, next_explanations, \
             next_approved, next_reason, next_field_reasons, next_exceptions, next_late, next_headline, next_source, next_submitted, next_updated) AS (")
            .rows_of(dialect, &columns, &serde_json::Value::from(rows))
            .then(
                ") UPDATE report SET state = next_state, revision = next_revision, revising = next_revising, \
                 filled_by = next_filler, field_values = next_values, explanations = next_explanations, \
                 approved_values = next_approved, reason = next_reason, field_reasons = next_field_reasons, \
                 exceptions = next_exceptions, late = next_late, headline = next_headline, source_document = next_source, submitted_at = next_submitted, \
                 updated_at = next_updated \
                 FROM changed WHERE report.id = report_id AND report.revision = next_revision - 1 AND report.id",
            )
            // Said once more for PostgreSQL, which takes a hundred rows of JSON for reason enough to walk the index.
            .among(dialect, &ids)
            .then(" RETURNING report.id"),
    )?;
    Ok(written.into_iter().collect())
}

/// A version that is to be kept: a report as it is now, what was done to it, and why.
#[derive(Debug, Clone, Copy)]
pub struct NewVersion<'a> {
    /// The report.
    pub report: &'a Report,
    /// What was done.
    pub action: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
}

/// Keeps reports as they are now as versions.
///
/// # Errors
/// What the database says.
pub fn add_versions(
    conn: &mut Conn,
    versions: &[NewVersion<'_>],
    by: AccountId,
) -> Result<(), StorageError> {
    let deputy = crate::audit::deputy();
    let rows: Vec<serde_json::Value> = versions
        .iter()
        .map(|version| {
            let report = version.report;
            serde_json::json!([
                report.id,
                report.revision,
                version.action,
                report.state.as_str(),
                by.0,
                report.updated_at,
                version.reason,
                report.values,
                report.explanations,
                deputy,
                report.source_document
            ])
        })
        .collect();
    let (big, text) = (Column::Big, Column::Text);
    let columns = [big, big, text, text, big, big, text, text, text, big, text];
    let dialect = conn.dialect();
    conn.run(
        sql("INSERT INTO report_version (report_id, revision, action, state, account_id, at, reason, field_values, explanations, deputy_id, source_document) ")
            .rows_of(dialect, &columns, &serde_json::Value::from(rows)),
    )?;
    Ok(())
}
