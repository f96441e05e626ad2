//! Where a figure comes from (由来).

use crate::figure::Figure;
use crate::programme::Metric;
use crate::report::ReportState;
use crate::unit::UnitRef;
use uuid::Uuid;

wire! {
    /// What is counted in one report, in words.
    pub struct Formula {
        /// In Chinese, as the form names its fields.
        pub zh: String,
        /// In English.
        pub en: String,
        /// Whether it is a condition: each report that meets it counts one.
        pub condition: bool,
        /// By how many decimals what it makes is scaled.
        pub decimals: u8,
    }
}

/// With what a figure is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ComparedWith {
    /// 上期
    Previous,
    /// 上年同期
    LastYear,
    /// 同级中位数: the median of the other units under the same one.
    Peers,
}

wire! {
    /// Another figure beside it.
    pub struct Compared {
        /// Which one.
        pub with: ComparedWith,
        /// Its period.
        pub period: String,
        /// What is shown; absent where nothing can be said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<i64>,
        /// Of how many units it is: one, or the peers that have a figure.
        pub units: i64,
    }
}

wire! {
    /// A unit that makes the figure.
    pub struct Contribution {
        /// Its figure.
        pub figure: Figure,
        /// Its part of the numerator in basis points; absent where the whole is nought or less.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub share: Option<i64>,
    }
}

wire! {
    /// A field of a report that a figure takes.
    pub struct ExplainedField {
        /// The field's code.
        pub code: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// The unit in Chinese.
        pub unit_zh: String,
        /// The unit in English.
        pub unit_en: String,
        /// By how many decimals its value is scaled.
        pub decimals: u8,
        /// The value; absent where nothing was entered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<i64>,
    }
}

wire! {
    /// A report behind a unit's own figure.
    pub struct ExplainedReport {
        /// Its number.
        pub id: Uuid,
        /// Its period.
        pub period: String,
        /// Where it stands.
        pub state: ReportState,
        /// Whether the values are those approved; otherwise they are those entered so far and do not count yet.
        pub approved: bool,
        /// The fields that the figure takes.
        pub fields: Vec<ExplainedField>,
        /// What they make: the numerator, or the sum.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub numerator: Option<i64>,
        /// The denominator; absent where each report counts one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub denominator: Option<i64>,
    }
}

wire! {
    /// Where a figure comes from: its formula, the units that make it, the reports behind it, and others beside it.
    pub struct Explanation {
        /// The metric.
        pub metric: Metric,
        /// The form that feeds it.
        pub form: String,
        /// The period.
        pub period: String,
        /// The periods that can be chosen, latest first.
        pub periods: Vec<String>,
        /// The units above, from the city down.
        pub ancestors: Vec<UnitRef>,
        /// The figure.
        pub total: Figure,
        /// What makes the numerator, or the sum.
        pub numerator: Formula,
        /// What makes the denominator; absent where each unit counts one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub denominator: Option<Formula>,
        /// Other figures beside it.
        pub compared: Vec<Compared>,
        /// The units directly below, those that make most of it first: a page of them.
        pub units: Vec<Contribution>,
        /// How many units stand directly below.
        pub count: i64,
        /// Where to go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next_cursor: Option<String>,
        /// The reports behind the unit's own figure, as far as the asker may see reports.
        pub reports: Vec<ExplainedReport>,
        /// The approvals up to this instant are in.
        pub as_of: chrono::DateTime<chrono::Utc>,
    }
}
