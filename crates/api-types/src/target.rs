//! Targets of units (目标值): what each has to reach in a metric by a day.

use crate::course::{PathPoint, Standing};
use crate::problem::LineError;
use crate::programme::Metric;
use crate::report_bulk::RowRefusal;
use crate::unit::UnitRef;
use chrono::NaiveDate;
use uuid::Uuid;

/// How a figure compares with its target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TargetComparison {
    /// 不低于: at least the value.
    #[default]
    AtLeast,
    /// 不高于: at most the value.
    AtMost,
    /// 左右: the value, give or take the tolerance.
    About,
}

wire! {
    /// A target that holds. Values are scaled by the metric's decimals.
    pub struct UnitTarget {
        /// The metric's code.
        pub metric: String,
        /// The day by which it is to be reached.
        pub by: NaiveDate,
        /// The value.
        pub value: i64,
        /// How a figure compares with it.
        pub comparison: TargetComparison,
        /// How far from it still counts, for `about`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tolerance: Option<i64>,
        /// How often the unit's target was set; nought where it is not the unit's own but the plan's, or that of a unit above.
        pub version: i64,
        /// The task with which it was handed down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub task: Option<Uuid>,
    }
}

wire! {
    /// A unit with its own targets.
    pub struct UnitTargets {
        /// The unit.
        pub unit: UnitRef,
        /// Its targets by metric and day, of the matters that the asker may see.
        pub targets: Vec<UnitTarget>,
    }
}

wire! {
    /// A unit on the way to its targets in one metric: what it must reach by when.
    pub struct TargetLine {
        /// The unit.
        pub unit: UnitRef,
        /// The latest figure, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<i64>,
        /// How much its target weighs among its neighbours': of how many it is a share.
        pub weight: i64,
        /// Its targets by day; of the unit asked about those of a unit above or the plan's where it has none of its own.
        pub targets: Vec<UnitTarget>,
        /// How the latest figure stands; absent without a figure or a target.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub standing: Option<Standing>,
        /// The target that is next, or the last one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next: Option<PathPoint>,
        /// How much the latest figure misses of the next target; nought where it is there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub missing: Option<i64>,
        /// How much it has to move in thirty days to be there in time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub needed_pace: Option<i64>,
        /// Whether the asker may set targets of this unit.
        pub may_set: bool,
    }
}

/// How targets of the units below are put beside the target above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TargetMethod {
    /// They are added up.
    Sum,
    /// Shares, weighed by the units that are expected to report.
    WeighedByUnits,
    /// Shares, weighed by the denominators of the latest figures.
    WeighedByDenominators,
    /// Not comparable: nothing is known by which the shares could be weighed.
    None,
}

wire! {
    /// The targets of the units below for one day, beside the target above.
    pub struct TargetSum {
        /// The day.
        pub by: NaiveDate,
        /// The target above, where it has one for that day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub above: Option<i64>,
        /// What the targets below make together; absent where they cannot be put together.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub together: Option<i64>,
        /// How many units below have a target for that day.
        pub with_target: i64,
        /// How many units below are expected to have one.
        pub units: i64,
        /// What they make together less the target above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub difference: Option<i64>,
        /// Whether what they make together is what the target above asks, and every unit has one; absent where the two
        /// cannot be compared.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub adds_up: Option<bool>,
    }
}

wire! {
    /// The targets of a metric at a unit and directly below it.
    pub struct TargetTable {
        /// The metric.
        pub metric: Metric,
        /// The period of the latest figures; absent for a metric without figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub period: Option<String>,
        /// The units above, from the city down.
        pub ancestors: Vec<UnitRef>,
        /// The unit asked about.
        pub own: TargetLine,
        /// The units directly below it.
        pub children: Vec<TargetLine>,
        /// How targets below are put beside those above.
        pub method: TargetMethod,
        /// Day by day, the earliest first.
        pub sums: Vec<TargetSum>,
    }
}

wire! {
    /// Sets targets of one metric: those named, or those that a rule makes.
    #[serde(deny_unknown_fields)]
    pub struct SetTargets {
        /// The metric's code.
        pub metric: String,
        /// Why, 1 to 500 characters; it is kept with each version.
        pub reason: String,
        /// The targets, at most 10,000; instead of `rule`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub items: Vec<SetTarget>,
        /// What makes them; instead of `items`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub rule: Option<TargetRule>,
    }
}

wire! {
    /// One target that is set.
    #[serde(deny_unknown_fields)]
    pub struct SetTarget {
        /// The unit's code.
        pub unit: String,
        /// The day by which it is to be reached.
        pub by: NaiveDate,
        /// The value, scaled by the metric's decimals.
        pub value: i64,
        /// How a figure compares with it.
        #[serde(default)]
        pub comparison: TargetComparison,
        /// How far from it still counts, for `about`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tolerance: Option<i64>,
        /// The version that was seen, nought where there was none; without it whatever holds is replaced.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub version: Option<i64>,
    }
}

/// How a rule makes targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TargetRuleKind {
    /// The same value for every unit.
    Same,
    /// A total in equal shares.
    Equal,
    /// A total in proportion to `weights`, or to the figures of `weight_metric`.
    Proportional,
}

wire! {
    /// Makes a target for each unit directly below one.
    #[serde(deny_unknown_fields)]
    pub struct TargetRule {
        /// How.
        pub kind: TargetRuleKind,
        /// The code of the unit above.
        pub unit: String,
        /// The value of each unit for `same`, else the total, scaled by the metric's decimals.
        pub value: i64,
        /// The day by which it is to be reached.
        pub by: NaiveDate,
        /// How a figure compares with it.
        #[serde(default)]
        pub comparison: TargetComparison,
        /// How far from it still counts, for `about`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tolerance: Option<i64>,
        /// For `proportional`: the metric, a sum, whose figures are the weights.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub weight_metric: Option<String>,
        /// The period of those figures; the latest that is over without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub weight_period: Option<String>,
        /// For `proportional`: weights by unit, such as its population, from a sheet; units that are not named get nothing.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub weights: Vec<UnitWeight>,
    }
}

wire! {
    /// How much a unit weighs.
    #[serde(deny_unknown_fields)]
    pub struct UnitWeight {
        /// The unit's code.
        pub unit: String,
        /// Its weight, nought or more.
        pub weight: i64,
    }
}

wire! {
    /// Withdraws targets of one metric.
    #[serde(deny_unknown_fields)]
    pub struct WithdrawTargets {
        /// The metric's code.
        pub metric: String,
        /// Why, 1 to 500 characters.
        pub reason: String,
        /// Which, 1 to 10,000.
        pub items: Vec<WithdrawTarget>,
    }
}

wire! {
    /// A target that is withdrawn.
    #[serde(deny_unknown_fields)]
    pub struct WithdrawTarget {
        /// The unit's code.
        pub unit: String,
        /// Its day.
        pub by: NaiveDate,
        /// The version that was seen; without it whatever holds is withdrawn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub version: Option<i64>,
    }
}

/// What became of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TargetOutcome {
    /// It was set.
    Set,
    /// It was withdrawn.
    Withdrawn,
    /// It held already.
    Unchanged,
    /// Nothing was changed; `refusal` says why.
    Refused,
}

wire! {
    /// What became of one row.
    pub struct TargetRow {
        /// The place in the request, counted from nought; with a rule the place of the unit by code.
        pub row: i64,
        /// The unit's code as it was sent.
        pub unit: String,
        /// The unit's name, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit_name: Option<String>,
        /// The day.
        pub by: NaiveDate,
        /// The value; absent where it is withdrawn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<i64>,
        /// The value before, where there was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub before: Option<i64>,
        /// What became of it.
        pub outcome: TargetOutcome,
        /// Why it was refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub refusal: Option<RowRefusal>,
    }
}

wire! {
    /// What became of many targets.
    pub struct TargetResult {
        /// Whether nothing was changed because only a trial was asked.
        pub dry_run: bool,
        /// How many were changed.
        pub done: i64,
        /// How many held already.
        pub unchanged: i64,
        /// How many were refused.
        pub refused: i64,
        /// Row by row.
        pub rows: Vec<TargetRow>,
    }
}

wire! {
    /// A row of a sheet that was understood.
    pub struct SheetRow {
        /// The line in the file, counted from one; the header is line one.
        pub line: u64,
        /// The unit.
        pub unit: UnitRef,
        /// The value, scaled by the metric's decimals.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<i64>,
        /// The day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub by: Option<NaiveDate>,
        /// The weight.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub weight: Option<i64>,
    }
}

wire! {
    /// What a sheet says, and where it cannot be understood. Nothing is set by reading it.
    pub struct TargetSheet {
        /// The rows in their order.
        pub rows: Vec<SheetRow>,
        /// The faulty lines.
        pub errors: Vec<LineError>,
    }
}

wire! {
    /// One version of a target.
    pub struct TargetVersion {
        /// What it said.
        pub target: UnitTarget,
        /// Whether it took the target back.
        pub withdrawn: bool,
        /// Why.
        pub reason: String,
        /// The name of who set it.
        pub set_by: String,
        /// When.
        pub set_at: chrono::DateTime<chrono::Utc>,
    }
}
