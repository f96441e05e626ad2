//! Many reports at once: the grid, saving and acting in bulk.

use crate::report::{Due, Finding, ReportState, ReportSummary, Values};
use std::collections::BTreeMap;
use uuid::Uuid;

wire! {
    /// A unit of the grid with what it reports.
    pub struct GridRow {
        /// The unit with its report's number, state and due day.
        pub due: Due,
        /// The report's revision, once it was begun; hand it back when saving.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub revision: Option<i64>,
        /// The values.
        pub values: Values,
        /// Explanations by rule.
        pub explanations: BTreeMap<String, String>,
        /// Where figures of past years come from (来源文件).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub source_document: Option<String>,
        /// The values approved for the period before; pages pre-fill from them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub previous: Option<Values>,
        /// What the rules find now, once it was begun.
        pub findings: Vec<Finding>,
        /// Why it was returned or opened again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// Reasons by field of the last return.
        pub field_reasons: BTreeMap<String, String>,
        /// Whether the one who asks may save this row now.
        pub can_save: bool,
    }
}

wire! {
    /// Saves many units' values of one form and period, and submits them if asked.
    #[serde(deny_unknown_fields)]
    pub struct BulkSave {
        /// The form's code.
        pub form: String,
        /// The period.
        pub period: String,
        /// Whether each row is submitted once it is saved; a row that the rules refuse stays a draft.
        #[serde(default)]
        pub submit: bool,
        /// Where the figures of all rows come from (来源文件), needed when a historical period is submitted; absent, each
        /// report's own stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub source_document: Option<String>,
        /// One row a unit, 1 to 500.
        pub rows: Vec<BulkSaveRow>,
    }
}

wire! {
    /// One unit's values.
    #[serde(deny_unknown_fields)]
    pub struct BulkSaveRow {
        /// The unit's code.
        pub unit: String,
        /// The revision that was seen; absent where there was no report yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub revision: Option<i64>,
        /// The values.
        pub values: Values,
        /// Explanations by rule.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub explanations: BTreeMap<String, String>,
    }
}

/// What is done to many reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// 审核通过
    Check,
    /// 审定
    Approve,
    /// 退回修改, with a reason.
    Return,
}

impl From<BulkAction> for zhenxing_domain::report::ReportAction {
    fn from(action: BulkAction) -> Self {
        use zhenxing_domain::report::ReportAction as Domain;
        match action {
            BulkAction::Check => Domain::Check,
            BulkAction::Approve => Domain::Approve,
            BulkAction::Return => Domain::Return,
        }
    }
}

wire! {
    /// Checks, approves or returns many reports: those named, or those that a filter finds.
    #[serde(deny_unknown_fields)]
    pub struct BulkAct {
        /// What is done.
        pub action: BulkAction,
        /// Why; required for `return`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// The reports with the revisions that were seen, at most 500; instead of `filter`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub reports: Vec<SeenReport>,
        /// Which reports; instead of `reports`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub filter: Option<BulkFilter>,
        /// With `filter`: how many reports the one who asks was told that it finds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub expected_count: Option<i64>,
    }
}

wire! {
    /// A report as it was seen.
    #[serde(deny_unknown_fields)]
    pub struct SeenReport {
        /// The report's number.
        pub id: Uuid,
        /// Its revision.
        pub revision: i64,
    }
}

wire! {
    /// Which reports, among those that wait for the one who asks.
    #[serde(deny_unknown_fields)]
    pub struct BulkFilter {
        /// The form's code.
        pub form: String,
        /// The period.
        pub period: String,
        /// The state; without it the one that the action needs, `submitted` for `return`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<ReportState>,
        /// The code of the unit at or below which they stand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit: Option<String>,
        /// Only reports with nothing to be looked at (通过其余全部).
        #[serde(default)]
        pub without_exceptions: bool,
    }
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// The draft was saved.
    Saved,
    /// It was saved and submitted.
    Submitted,
    /// It was checked.
    Checked,
    /// It was approved.
    Approved,
    /// It was returned.
    Returned,
    /// It holds these values already.
    Unchanged,
    /// Nothing was changed; `refusal` says why.
    Refused,
}

wire! {
    /// Why a row, or its submission, was refused.
    pub struct RowRefusal {
        /// The stable code, as problems have it.
        pub code: String,
        /// The field at fault.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub field: Option<String>,
        /// What is wrong and what to do, in Chinese.
        pub message_zh: String,
        /// What is wrong and what to do, in English.
        pub message_en: String,
    }
}

wire! {
    /// What became of one row.
    pub struct RowResult {
        /// The place in the request, or in the list that the filter found, counted from nought.
        pub row: i64,
        /// The unit's code, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit: Option<String>,
        /// What became of it.
        pub outcome: RowOutcome,
        /// The report as it is now; as it would be in a dry run.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub report: Option<ReportSummary>,
        /// What the form's rules find.
        pub findings: Vec<Finding>,
        /// Why it, or its submission, was refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub refusal: Option<RowRefusal>,
    }
}

wire! {
    /// What became of many rows.
    pub struct BulkResult {
        /// Whether nothing was changed because only a trial was asked.
        pub dry_run: bool,
        /// How many rows were changed.
        pub done: i64,
        /// How many needed no change.
        pub unchanged: i64,
        /// How many were refused.
        pub refused: i64,
        /// How many reports the filter still finds beyond these: a request acts on 500 at most.
        pub remaining: i64,
        /// Row by row, in the order of the request or, with a filter, those with exceptions first.
        pub rows: Vec<RowResult>,
    }
}

wire! {
    /// A report beside what it can be compared with.
    pub struct Comparison {
        /// The period approved last before this one, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub previous_period: Option<String>,
        /// The same period of last year.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last_year_period: Option<String>,
        /// How many other units under the same one were submitted or approved for this period, as far as the one who asks
        /// sees them.
        pub neighbours: i64,
        /// The numeric fields in their order, computed ones included.
        pub fields: Vec<ComparedField>,
    }
}

wire! {
    /// A figure beside those it can be compared with, all scaled alike.
    pub struct ComparedField {
        /// The field's code.
        pub field: String,
        /// What the report says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<i64>,
        /// What was approved last before this period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub previous: Option<i64>,
        /// What was approved for the same period of last year.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last_year: Option<i64>,
        /// The median of the neighbours that have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub median: Option<i64>,
    }
}
