//! Figures: one metric over the tree, and the overview.

use crate::course::Standing;
use crate::programme::Metric;
use crate::unit::UnitRef;
use uuid::Uuid;

wire! {
    /// What stands at one unit for one metric and one period. Integers are scaled by the metric's decimals.
    pub struct Figure {
        /// The unit.
        pub unit: UnitRef,
        /// What is shown: a sum, or a share in basis points over the expected units; absent where nothing can be said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<i64>,
        /// For a share of units: the share among those whose figure is approved, in basis points.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value_of_reported: Option<i64>,
        /// The approved sum, or the approved numerator.
        pub numerator: i64,
        /// The approved denominator.
        pub denominator: i64,
        /// The sum or numerator that waits for approval (待审定).
        pub pending_numerator: i64,
        /// The denominator that waits for approval.
        pub pending_denominator: i64,
        /// Units whose figure is approved.
        pub approved_units: i64,
        /// Units whose figure waits.
        pub pending_units: i64,
        /// Units that are expected to have one.
        pub expected_units: i64,
        /// What the unit's own target asks next, where it has one; it takes the place of the metric's for its level.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<i64>,
        /// The unit's value of the period before, where a list compares its rows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub previous_value: Option<i64>,
        /// How it stands against the unit's path, where a list compares its rows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub standing: Option<Standing>,
        /// The report behind the unit's own figure, where the asker may see it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub report: Option<Uuid>,
    }
}

wire! {
    /// A metric at a unit and at each unit directly below it (由来).
    pub struct FigureTree {
        /// The metric.
        pub metric: Metric,
        /// The period.
        pub period: String,
        /// The units above, from the city down.
        pub ancestors: Vec<UnitRef>,
        /// The figure of the unit.
        pub total: Figure,
        /// The figures below it.
        pub children: Vec<Figure>,
        /// The approvals up to this instant are in.
        pub as_of: chrono::DateTime<chrono::Utc>,
    }
}

wire! {
    /// A metric with its figure.
    pub struct MetricFigure {
        /// The metric with its targets.
        pub metric: Metric,
        /// The figure.
        pub figure: Figure,
        /// The period of the figure: a stock's last within the period asked for, the period itself for what adds up.
        pub period: String,
        /// The unit's value of the period before, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub previous_value: Option<i64>,
    }
}

wire! {
    /// A project on the overview.
    pub struct ProjectTile {
        /// The project's code.
        pub code: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// How many matters it has.
        pub matters: i64,
        /// How many of them have figures by now.
        pub matters_with_figures: i64,
        /// How many of them are on course or have reached what is asked (正常), by their figures.
        pub on_course: i64,
        /// How many are behind their path (滞后).
        pub behind: i64,
        /// How many have missed the last day (逾期).
        pub overdue: i64,
        /// Codes of its headline metrics that have figures.
        pub headline: Vec<String>,
    }
}

wire! {
    /// The overview (总体情况) of a unit for a period.
    pub struct Overview {
        /// The unit.
        pub unit: UnitRef,
        /// The units above, from the city down.
        pub ancestors: Vec<UnitRef>,
        /// The period.
        pub period: String,
        /// The periods that can be chosen, latest first.
        pub periods: Vec<String>,
        /// The projects in their order.
        pub projects: Vec<ProjectTile>,
        /// The active metrics with their figures, headline metrics first.
        pub metrics: Vec<MetricFigure>,
        /// The approvals up to this instant are in.
        pub as_of: chrono::DateTime<chrono::Utc>,
    }
}

wire! {
    /// Something that changed lately.
    pub struct LatestChange {
        /// When.
        pub at: chrono::DateTime<chrono::Utc>,
        /// What was done: `report.submitted`, `report.checked`, `report.approved`, `report.returned` or `report.reopened`.
        pub kind: String,
        /// At which unit.
        pub unit: UnitRef,
        /// The form's code.
        pub form: String,
        /// The form's Chinese name.
        pub form_zh: String,
        /// The form's English name.
        pub form_en: String,
        /// The period.
        pub period: String,
        /// The report.
        pub report: Uuid,
    }
}
