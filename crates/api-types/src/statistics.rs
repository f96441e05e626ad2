//! Many figures at once (统计分析): metrics, units and periods as axes, and the figures between them.

use crate::unit::UnitRef;

wire! {
    /// A metric as an axis needs it; its definition and targets stand in the list of metrics.
    pub struct StatisticsMetric {
        /// The code.
        pub code: String,
        /// The matter's code.
        pub matter: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// The unit in Chinese.
        pub unit_zh: String,
        /// The unit in English.
        pub unit_en: String,
        /// By how many decimals its integers are scaled.
        pub decimals: u8,
        /// `sum` or `ratio`.
        pub kind: String,
        /// `flow` or `stock`.
        pub over_time: String,
        /// `higher`, `lower` or `neither`.
        pub better: String,
    }
}

wire! {
    /// What stands between the axes: lists of equal length, metric by metric, in it unit by unit, in it period by period,
    /// so that the cell of a metric, a unit and a period stands at `(metric × units + unit) × periods + period`, counted
    /// from nought. Where nothing can stand, or the asker may not see it, all lists hold null.
    pub struct StatisticsCells {
        /// What is shown: a sum, or a share in basis points over the expected units; null where nothing can be said.
        pub values: Vec<Option<i64>>,
        /// The approved sums or numerators.
        pub numerators: Vec<Option<i64>>,
        /// The approved denominators.
        pub denominators: Vec<Option<i64>>,
        /// Units whose figure is approved.
        pub approved_units: Vec<Option<i64>>,
        /// Units whose figure waits (待审定).
        pub pending_units: Vec<Option<i64>>,
        /// Units that are expected to have one.
        pub expected_units: Vec<Option<i64>>,
    }
}

wire! {
    /// Figures of up to forty metrics at the units below one, or at chosen ones, over up to sixty periods.
    pub struct Statistics {
        /// The unit below which the units stand; absent where units were chosen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub above: Option<UnitRef>,
        /// The units above that unit, from the city down.
        pub ancestors: Vec<UnitRef>,
        /// The metrics, in the order asked for.
        pub metrics: Vec<StatisticsMetric>,
        /// The units on the last day of the latest period: first the unit above itself, then those below it by code; or those
        /// chosen, in the order asked for.
        pub units: Vec<UnitRef>,
        /// The periods, in the order asked for.
        pub periods: Vec<String>,
        /// The figures.
        pub cells: StatisticsCells,
        /// Codes of metrics and units asked for that have no figures, do not exist or are outside what the asker may see.
        pub left_out: Vec<String>,
        /// The approvals up to this instant are in.
        pub as_of: chrono::DateTime<chrono::Utc>,
    }
}
