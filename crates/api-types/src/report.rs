//! Reports (报送).

use crate::session::Role;
use crate::unit::UnitRef;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Values of a report by the field's code.
pub type Values = BTreeMap<String, Value>;

/// A value: yes or no, a number (scaled by the field's decimals: money in fen), or a text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A number, scaled.
    Integer(i64),
    /// A text, or the code of a choice.
    Text(String),
}

impl From<zhenxing_domain::package::FieldValue> for Value {
    fn from(value: zhenxing_domain::package::FieldValue) -> Self {
        use zhenxing_domain::package::FieldValue as Domain;
        match value {
            Domain::Flag(flag) => Value::Flag(flag),
            Domain::Integer(number) => Value::Integer(number),
            Domain::Text(text) => Value::Text(text),
        }
    }
}

impl From<Value> for zhenxing_domain::package::FieldValue {
    fn from(value: Value) -> Self {
        use zhenxing_domain::package::FieldValue as Domain;
        match value {
            Value::Flag(flag) => Domain::Flag(flag),
            Value::Integer(number) => Domain::Integer(number),
            Value::Text(text) => Domain::Text(text),
        }
    }
}

/// Values as the rules of a form read them.
pub fn domain_values(values: &Values) -> BTreeMap<String, zhenxing_domain::package::FieldValue> {
    values
        .iter()
        .map(|(code, value)| (code.clone(), value.clone().into()))
        .collect()
}

/// Values as the wire writes them.
pub fn wire_values(values: BTreeMap<String, zhenxing_domain::package::FieldValue>) -> Values {
    values
        .into_iter()
        .map(|(code, value)| (code, value.into()))
        .collect()
}

mirror! {
    /// Where a report stands.
    ReportState from zhenxing_domain::report::ReportState {
        /// 暂存
        Draft,
        /// 待乡镇审核
        Submitted,
        /// 待县级审定
        Checked,
        /// 已审定
        Approved,
        /// 退回修改
        Returned,
    }
}

/// What can be done to a report beside saving it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReportAction {
    /// 提交
    Submit,
    /// 审核通过
    Check,
    /// 审定
    Approve,
    /// 退回修改, with a reason.
    Return,
    /// 更正: opens an approved report again, with its cause.
    Revise,
}

impl From<ReportAction> for zhenxing_domain::report::ReportAction {
    fn from(action: ReportAction) -> Self {
        use zhenxing_domain::report::ReportAction as Domain;
        match action {
            ReportAction::Submit => Domain::Submit,
            ReportAction::Check => Domain::Check,
            ReportAction::Approve => Domain::Approve,
            ReportAction::Return => Domain::Return,
            ReportAction::Revise => Domain::Revise,
        }
    }
}

mirror! {
    /// The light of a thing that is due.
    Light from zhenxing_domain::package::Light {
        /// 正常
        Normal,
        /// 临期: due within the days that the package names.
        Soon,
        /// 逾期
        Overdue,
    }
}

mirror! {
    /// What follows from a finding.
    Severity from zhenxing_domain::package::Severity {
        /// The report cannot be submitted.
        Error,
        /// It can be submitted with an explanation.
        NeedsExplanation,
        /// It can be submitted.
        Warning,
    }
}

wire! {
    /// What a rule of the form found.
    pub struct Finding {
        /// The rule; explanations are given under this name.
        pub rule: String,
        /// The field it points at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub field: Option<String>,
        /// What follows.
        pub severity: Severity,
        /// Whether an explanation was given.
        pub explained: bool,
        /// What is wrong and what to do, in Chinese.
        pub message_zh: String,
        /// What is wrong and what to do, in English.
        pub message_en: String,
    }
}

impl From<zhenxing_domain::package::Finding> for Finding {
    fn from(finding: zhenxing_domain::package::Finding) -> Self {
        Finding {
            rule: finding.rule,
            field: finding.field,
            severity: finding.severity.into(),
            explained: finding.explained,
            message_zh: finding.message_zh,
            message_en: finding.message_en,
        }
    }
}

wire! {
    /// Begins a report.
    #[serde(deny_unknown_fields)]
    pub struct CreateReport {
        /// The report's own number (UUIDv7), if the client makes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<Uuid>,
        /// The form's code.
        pub form: String,
        /// The unit's code.
        pub unit: String,
        /// The period.
        pub period: String,
        /// The values so far.
        #[serde(default)]
        pub values: Values,
        /// Explanations by rule.
        #[serde(default)]
        pub explanations: BTreeMap<String, String>,
        /// Where figures of past years come from (来源文件), up to 200 characters; needed when a historical period is submitted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub source_document: Option<String>,
    }
}

wire! {
    /// Saves a draft (暂存). Replaces values and explanations; a source document that is absent stays as it was.
    #[serde(deny_unknown_fields)]
    pub struct SaveReport {
        /// The values.
        pub values: Values,
        /// Explanations by rule.
        #[serde(default)]
        pub explanations: BTreeMap<String, String>,
        /// Where figures of past years come from (来源文件), up to 200 characters; needed when a historical period is submitted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub source_document: Option<String>,
    }
}

wire! {
    /// Moves a report from one state to the next.
    #[serde(deny_unknown_fields)]
    pub struct ActOnReport {
        /// What is done.
        pub action: ReportAction,
        /// Why; required for `return` and `revise`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// Reasons by field, for `return`.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub field_reasons: BTreeMap<String, String>,
    }
}

wire! {
    /// A report in a list.
    pub struct ReportSummary {
        /// The report's number.
        pub id: Uuid,
        /// The form's code.
        pub form: String,
        /// The unit.
        pub unit: UnitRef,
        /// The unit above it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_name: Option<String>,
        /// The period.
        pub period: String,
        /// Where it stands.
        pub state: ReportState,
        /// Grows with every change.
        pub revision: i64,
        /// When it was submitted last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub submitted_at: Option<chrono::DateTime<chrono::Utc>>,
        /// When it was changed last.
        pub updated_at: chrono::DateTime<chrono::Utc>,
        /// How many things are to be looked at (explained rules, big jumps, lateness): such reports come first in the queue.
        pub exceptions: i32,
        /// Whether it was submitted first after its due day (补报).
        pub late: bool,
        /// By the end of which day its next step is due; absent where none is, and for a historical period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due: Option<chrono::NaiveDate>,
        /// The light of that day.
        pub light: Light,
        /// The form's headline figure (its first computed field or total), scaled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub headline: Option<i64>,
    }
}

wire! {
    /// A report whole.
    pub struct Report {
        /// What the list shows.
        pub summary: ReportSummary,
        /// The units above, from the city down.
        pub ancestors: Vec<UnitRef>,
        /// The values.
        pub values: Values,
        /// Explanations by rule.
        pub explanations: BTreeMap<String, String>,
        /// Where figures of past years come from (来源文件), up to 200 characters; needed when a historical period is submitted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub source_document: Option<String>,
        /// Whether the period enters as 历史补录.
        pub historical: bool,
        /// The unit's values that were approved last before this period; pages pre-fill from them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub previous: Option<Values>,
        /// The period of `previous`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub previous_period: Option<String>,
        /// What the rules find now.
        pub findings: Vec<Finding>,
        /// Why it was returned or opened again, while that matters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// Reasons by field of the last return.
        pub field_reasons: BTreeMap<String, String>,
        /// What the one who asks may do now; `save` is `can_save`.
        pub actions: Vec<ReportAction>,
        /// Whether the one who asks may save now.
        pub can_save: bool,
        /// Whether the period is locked.
        pub locked: bool,
    }
}

wire! {
    /// One version of a report.
    pub struct ReportVersion {
        /// The number, from one.
        pub revision: i64,
        /// What was done: `save`, `submit`, `check`, `approve`, `return`, `revise`.
        pub action: String,
        /// The state after it.
        pub state: ReportState,
        /// The account's name.
        pub by: String,
        /// The deputy's name, where a deputy did it for the account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub deputy: Option<String>,
        /// The account's unit's name.
        pub by_unit: String,
        /// When.
        pub at: chrono::DateTime<chrono::Utc>,
        /// The reason, where one was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// The values of this version.
        pub values: Values,
        /// The explanations of this version.
        pub explanations: BTreeMap<String, String>,
        /// The source document of this version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub source_document: Option<String>,
        /// Which fields it changed against the version before; all of them in the first.
        pub changes: Vec<FieldChange>,
    }
}

wire! {
    /// A field that changed from one version to the next.
    pub struct FieldChange {
        /// The field's code.
        pub field: String,
        /// What it held; absent where it was empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<Value>,
        /// What it holds now; absent where it is empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<Value>,
    }
}

/// Where a thing to be reported stands, the absence of a report included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// 待填报
    NotStarted,
    /// 暂存
    Draft,
    /// 待乡镇审核
    Submitted,
    /// 待县级审定
    Checked,
    /// 已审定
    Approved,
    /// 退回修改
    Returned,
}

impl From<Option<ReportState>> for DueState {
    fn from(state: Option<ReportState>) -> Self {
        match state {
            None => DueState::NotStarted,
            Some(ReportState::Draft) => DueState::Draft,
            Some(ReportState::Submitted) => DueState::Submitted,
            Some(ReportState::Checked) => DueState::Checked,
            Some(ReportState::Approved) => DueState::Approved,
            Some(ReportState::Returned) => DueState::Returned,
        }
    }
}

wire! {
    /// A unit that is expected to report a form for a period, with its report if there is one.
    pub struct Due {
        /// The form's code.
        pub form: String,
        /// The period.
        pub period: String,
        /// The unit.
        pub unit: UnitRef,
        /// The name of the unit above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_name: Option<String>,
        /// The report, once it was begun.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub report: Option<Uuid>,
        /// Where it stands.
        pub state: DueState,
        /// Filled in by the end of that day; absent for a historical period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub fill_due: Option<chrono::NaiveDate>,
        /// Whether that day was moved by an extension (延期).
        pub extended: bool,
        /// The light; a historical period is never overdue.
        pub light: Light,
    }
}

wire! {
    /// The roles that a step of the queue belongs to.
    pub struct QueueStep {
        /// The role.
        pub role: Role,
        /// The state of the reports that wait for it.
        pub state: ReportState,
    }
}
