//! A metric of a unit against its path over time.

use crate::programme::Metric;
use crate::unit::UnitRef;
use chrono::NaiveDate;

wire! {
    /// A figure of a period. Integers are scaled by the metric's decimals.
    pub struct CoursePoint {
        /// The period.
        pub period: String,
        /// Its last day.
        pub day: NaiveDate,
        /// The value, as figures show it.
        pub value: i64,
        /// Units whose figure is approved.
        pub approved_units: i64,
        /// Units that are expected to have one.
        pub expected_units: i64,
    }
}

wire! {
    /// A point of the path: where the plan set out, then its dated targets.
    pub struct PathPoint {
        /// The day.
        pub day: NaiveDate,
        /// The value, scaled.
        pub value: i64,
    }
}

/// How the latest figure stands against the path on its own day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 已达到: what the last target asks.
    Reached,
    /// 正常: as far as the path asks by now.
    OnCourse,
    /// 滞后: less far.
    Behind,
    /// 逾期: the last day has come without it.
    Missed,
}

wire! {
    /// Where the present pace leads by a day.
    pub struct Forecast {
        /// The day.
        pub day: NaiveDate,
        /// The value at the median pace, scaled.
        pub value: i64,
        /// The value at the slowest tenth of paces.
        pub low: i64,
        /// The value at the fastest tenth of paces.
        pub high: i64,
    }
}

wire! {
    /// A metric of a unit over time, its path to the targets, and where its pace leads.
    pub struct Course {
        /// The metric.
        pub metric: Metric,
        /// The unit.
        pub unit: UnitRef,
        /// The figures of periods that are over and have one, the earliest first, the latest sixty.
        pub points: Vec<CoursePoint>,
        /// The path; empty where no target has a value and a day.
        pub path: Vec<PathPoint>,
        /// How the latest figure stands; absent without a figure or a path.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub standing: Option<Standing>,
        /// By how much the latest figure misses what is asked, scaled; nought where it does not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub missing: Option<i64>,
        /// What the path asks on the day of the latest figure, scaled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub wanted: Option<i64>,
        /// How much the figure moves in thirty days: the median of the slopes between all pairs of the latest
        /// twenty-four figures with nine of ten units approved. Absent with fewer than three of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub pace: Option<i64>,
        /// How much it has to move in thirty days to be at the next target in time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub needed_pace: Option<i64>,
        /// Where the pace leads by the next target, or by the end of the year where none is to come.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub forecast: Option<Forecast>,
        /// The approvals up to this instant are in.
        pub as_of: chrono::DateTime<chrono::Utc>,
    }
}
