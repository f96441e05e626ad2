//! Metrics (指标) and targets (目标值).

use super::derive::Derivation;
use super::expression::Expression;
use crate::figure::Measure;
use crate::period::Period;
use crate::unit::{Level, UnitKind};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A metric. Its values are integers scaled by `decimals`; the value of a ratio is a percentage in basis points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricDef {
    /// The code with its matter: `M12.income_total`.
    pub code: String,
    /// The matter's code.
    pub matter: String,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// What is counted over what, in Chinese.
    pub definition_zh: String,
    /// What is counted over what, in English.
    pub definition_en: String,
    /// The unit in Chinese: 元, %, 个.
    pub unit_zh: String,
    /// The unit in English.
    pub unit_en: String,
    /// By how many decimals the integer is scaled: money 2 (fen), a ratio's percentage 2 (basis points).
    pub decimals: u8,
    /// A sum or a ratio.
    pub kind: MetricKind,
    /// A flow or a stock.
    pub over_time: OverTime,
    /// Whether it has figures yet.
    pub status: MetricStatus,
    /// Where its figures come from.
    pub source: MetricSource,
    /// The units that are expected to have it.
    pub applies_to: AppliesTo,
    /// Which direction is good.
    pub better: Better,
    /// Whether it stands at the top of the overview.
    pub headline: bool,
    /// From which period on it is defined so; nothing where it was from the first.
    pub from: Option<Period>,
}

impl MetricDef {
    /// Whether it is active and fed by that form.
    pub fn is_fed_by(&self, form_code: &str) -> bool {
        self.status == MetricStatus::Active && self.source.form() == Some(form_code)
    }

    /// Whether its figures compare with those of another edition.
    pub(super) fn compares_with(&self, other: &MetricDef) -> bool {
        (self.kind, self.decimals, &self.unit_zh, &self.applies_to)
            == (
                other.kind,
                other.decimals,
                &other.unit_zh,
                &other.applies_to,
            )
    }

    /// What one report's values say. Nothing when an input is missing, a sum does not fit, or the metric is not
    /// fed by a form.
    pub fn evaluate(&self, values: &BTreeMap<String, i64>) -> Option<Measure> {
        match &self.source {
            MetricSource::Reported { field, .. } => Some(Measure {
                numerator: *values.get(field)?,
                denominator: 1,
            }),
            MetricSource::Computed {
                numerator,
                denominator,
                ..
            } => Some(Measure {
                numerator: numerator.evaluate(values)?,
                denominator: match denominator {
                    Some(expression) => expression.evaluate(values)?,
                    None => 1,
                },
            }),
            MetricSource::Derived { .. } => None,
        }
    }
}

/// A sum or a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricKind {
    /// Figures add up.
    Sum,
    /// Numerators and denominators add up; the share is shown.
    Ratio,
}

/// How a metric adds over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverTime {
    /// Adds up within the year.
    Flow,
    /// The last figure holds.
    Stock,
}

/// Whether a metric has figures yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricStatus {
    /// It is computed.
    Active,
    /// It comes from a ledger or form that does not exist yet.
    Pending,
}

/// Where a metric's figures come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MetricSource {
    /// A field of a form, as it is.
    Reported {
        /// The form's code.
        form: String,
        /// The field's code.
        field: String,
    },
    /// Computed from the fields of one report.
    Computed {
        /// The form's code.
        form: String,
        /// The expression as written.
        text: String,
        /// The numerator, or the sum.
        numerator: Expression,
        /// The denominator; nothing means one per reporting unit.
        denominator: Option<Expression>,
    },
    /// Derived from ledgers.
    Derived {
        /// Codes of the ledgers.
        ledgers: Vec<String>,
        /// The expression as written.
        #[serde(default)]
        text: String,
        /// The numerator, or the sum; nothing while the metric waits for its ledgers.
        #[serde(default)]
        numerator: Option<Derivation>,
        /// The denominator; nothing means one.
        #[serde(default)]
        denominator: Option<Derivation>,
    },
}

impl MetricSource {
    /// The form that feeds it.
    pub fn form(&self) -> Option<&str> {
        match self {
            MetricSource::Reported { form, .. } | MetricSource::Computed { form, .. } => Some(form),
            MetricSource::Derived { .. } => None,
        }
    }
}

/// The units that are expected to have a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliesTo {
    /// Their level.
    pub level: Level,
    /// Their kinds; empty means every kind of the level.
    pub kinds: Vec<UnitKind>,
    /// Tags of which they carry at least one (重点村, 脱贫县); empty means all units.
    pub tags: Vec<String>,
}

impl AppliesTo {
    /// The kinds of units that are expected: those named, or every kind of the level.
    pub fn all_kinds(&self) -> Vec<UnitKind> {
        let kinds = UnitKind::ALL.into_iter();
        kinds.filter(|kind| self.includes(*kind)).collect()
    }

    /// Whether a unit of that kind is expected, its tags aside.
    pub fn includes(&self, kind: UnitKind) -> bool {
        kind.level() == self.level && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }
}

/// Which direction is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither: never ranked.
    Neither,
}

/// What a metric should reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetDef {
    /// The metric's code.
    pub metric: String,
    /// The level at which it is judged.
    pub level: Level,
    /// The value, scaled as the metric; nothing where only a direction is asked or units set it.
    pub value: Option<i64>,
    /// By when.
    pub by: Deadline,
    /// How the figure compares.
    pub comparison: Comparison,
    /// Whether it is an aim (力争) and not a duty.
    pub aim: bool,
    /// The source's own words; nothing where the value is this package's setting (待核).
    pub exact_text_zh: Option<String>,
    /// The first day on which it holds.
    pub valid_from: NaiveDate,
    /// The last day on which it holds; nothing where it goes on.
    pub valid_until: Option<NaiveDate>,
}

impl TargetDef {
    /// Whether the figure is the plan's own and no setting of this package.
    pub fn is_of_the_plan(&self) -> bool {
        self.exact_text_zh.is_some()
    }
}

/// By when a target should be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    /// By that day.
    On(NaiveDate),
    /// In each year anew.
    EachYear,
    /// In each half-year anew.
    EachHalfYear,
    /// In each quarter anew.
    EachQuarter,
    /// In each month anew.
    EachMonth,
}

/// How a figure compares with its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// At least the value.
    AtLeast,
    /// At most the value.
    AtMost,
    /// About the value.
    About {
        /// How far it may lie on either side, scaled as the metric.
        tolerance: i64,
    },
    /// More than in the period before.
    Rising,
    /// Every unit sets its own.
    SetPerUnit,
    /// 待定: the office has still to set it.
    ToBeSet,
}
