//! Forms (报送表): their fields, their rules, and who fills, checks and approves.

use super::catalogue::Setting;
use super::check::Severity;
use super::expression::Expression;
use super::metric::AppliesTo;
use super::schedule::{Schedule, ScheduleDates};
use crate::period::{Cadence, Period};
use crate::unit::Level;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A value of a field. Money and decimals are integers scaled as the field says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// Yes or no.
    Flag(bool),
    /// A number, scaled.
    Integer(i64),
    /// A text, or the code of a choice.
    Text(String),
}

impl FieldValue {
    /// The number; a flag is one or zero.
    pub fn as_number(&self) -> Option<i64> {
        match self {
            FieldValue::Integer(value) => Some(*value),
            FieldValue::Flag(flag) => Some(i64::from(*flag)),
            FieldValue::Text(_) => None,
        }
    }
}

/// A form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormDef {
    /// The code, equal to its matter's where a matter has one form.
    pub code: String,
    /// The matter's code.
    pub matter: String,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// How often it comes round.
    pub cadence: Cadence,
    /// From which period on it is defined so; nothing for the first edition.
    pub from: Option<Period>,
    /// The first period.
    pub first_period: Period,
    /// The last period; nothing where it goes on. A form whose first period is its last comes round once.
    pub last_period: Option<Period>,
    /// Periods up to this one enter as 历史补录 and are never 逾期.
    pub historical_until: Option<Period>,
    /// The units that are expected to report.
    pub applies_to: AppliesTo,
    /// The levels that may fill in: the unit's own, or those above in its place (代填), from the lowest up.
    pub fill_levels: Vec<Level>,
    /// The level that checks; nothing where nobody stands between.
    pub check_level: Option<Level>,
    /// The level that approves.
    pub approve_level: Level,
    /// The fields, in sections.
    pub sections: Vec<Section>,
    /// The rules across fields and periods.
    pub rules: Vec<RuleDef>,
    /// The figures that the office may set.
    pub settings: Vec<Setting>,
    /// When a running period opens and is due.
    pub schedule: Schedule,
    /// How many characters an explanation may have.
    pub explanation_max_len: u32,
}

impl FormDef {
    /// All fields in their order.
    pub fn fields(&self) -> impl Iterator<Item = &FieldDef> {
        self.sections
            .iter()
            .flat_map(|section| section.fields.iter())
    }

    /// The field of that code.
    pub fn field(&self, code: &str) -> Option<&FieldDef> {
        self.fields().find(|field| field.code == code)
    }

    /// The rule of that code.
    pub fn rule(&self, code: &str) -> Option<&RuleDef> {
        self.rules.iter().find(|rule| rule.code == code)
    }

    /// The fields that are carried over, with their sources.
    pub fn carried(&self) -> impl Iterator<Item = (&FieldDef, &Carried)> {
        self.fields()
            .filter_map(|field| Some((field, field.carried.as_ref()?)))
    }

    /// Whether the form has that period at all.
    pub fn has_period(&self, period: Period) -> bool {
        period.cadence() == self.cadence
            && period >= self.first_period
            && self.last_period.is_none_or(|last| period <= last)
    }

    /// The one period of a form that comes round once.
    pub fn only_period(&self) -> Option<Period> {
        self.last_period.filter(|last| *last == self.first_period)
    }

    /// Whether the period enters as 历史补录: it has no due dates and is never 逾期.
    pub fn is_historical(&self, period: Period) -> bool {
        self.historical_until.is_some_and(|last| period <= last)
    }

    /// When a period opens and is due; nothing for a historical one.
    pub fn dates(&self, period: Period) -> Option<ScheduleDates> {
        if self.is_historical(period) {
            None
        } else {
            self.schedule.dates(period)
        }
    }

    /// The numbers of a report: those given, and those computed from them. A computed field is never taken
    /// from what was sent.
    pub fn numbers(&self, values: &BTreeMap<String, FieldValue>) -> BTreeMap<String, i64> {
        let mut numbers = BTreeMap::new();
        for field in self.fields().filter(|field| field.computed.is_none()) {
            if let Some(number) = values.get(&field.code).and_then(FieldValue::as_number) {
                numbers.insert(field.code.clone(), number);
            }
        }
        for field in self.fields() {
            let computed = field.computed.as_ref();
            if let Some(number) = computed.and_then(|expression| expression.evaluate(&numbers)) {
                numbers.insert(field.code.clone(), number);
            }
        }
        numbers
    }
}

/// A part of a form with its heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// The Chinese heading.
    pub title_zh: String,
    /// The English heading.
    pub title_en: String,
    /// The fields.
    pub fields: Vec<FieldDef>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldDef {
    /// The code within the form.
    pub code: String,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// What kind of value it takes.
    pub kind: FieldKind,
    /// The unit in Chinese, empty where there is none.
    pub unit_zh: String,
    /// The unit in English.
    pub unit_en: String,
    /// Whether it must be filled in before the report is submitted.
    pub required: bool,
    /// What to enter, in Chinese.
    pub hint_zh: String,
    /// What to enter, in English.
    pub hint_en: String,
    /// The smallest number, scaled.
    pub min: Option<i64>,
    /// The largest number, scaled.
    pub max: Option<i64>,
    /// How many characters a text may have.
    pub max_len: Option<u32>,
    /// How it is computed; such a field is shown, not asked.
    pub computed: Option<Expression>,
    /// From where it is carried over; such a field is shown, not asked.
    pub carried: Option<Carried>,
}

impl FieldDef {
    /// Whether somebody fills it in: it is neither computed nor carried over.
    pub fn is_asked(&self) -> bool {
        self.computed.is_none() && self.carried.is_none()
    }
}

/// A field of a form that comes round once: its approved value stands in later reports of the same unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The form's code.
    pub form: String,
    /// The field's code.
    pub field: String,
}

/// What kind of value a field takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Money in fen.
    Money,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Decimal {
        /// How many.
        decimals: u8,
    },
    /// A text.
    Text,
    /// Yes or no.
    YesNo,
    /// One of a list.
    Choice {
        /// The choices.
        choices: Vec<super::catalogue::ListItem>,
    },
}

impl FieldKind {
    /// By how many decimals its integer is scaled; nothing where it is no number.
    pub fn decimals(&self) -> Option<u8> {
        match self {
            FieldKind::Money => Some(2),
            FieldKind::Integer => Some(0),
            FieldKind::Decimal { decimals } => Some(*decimals),
            FieldKind::Text | FieldKind::YesNo | FieldKind::Choice { .. } => None,
        }
    }
}

/// A rule of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleDef {
    /// The code within the form; explanations are given under it.
    pub code: String,
    /// What it asks.
    pub kind: RuleKind,
    /// What follows when it does not hold.
    pub severity: Severity,
    /// What is wrong and what to do, in Chinese.
    pub message_zh: String,
    /// What is wrong and what to do, in English.
    pub message_en: String,
}

/// What a rule asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RuleKind {
    /// A field lies between two bounds.
    Range {
        /// The field's code.
        field: String,
        /// The smallest number, scaled.
        min: Option<i64>,
        /// The largest number, scaled.
        max: Option<i64>,
    },
    /// The parts add up to the total.
    SumEquals {
        /// The field with the total.
        total: String,
        /// The fields that add up.
        parts: Vec<String>,
    },
    /// The figure did not move by more than so many percent since the period before.
    Jump {
        /// The figure.
        subject: Expression,
        /// The field that the finding points at, where the subject is one field.
        field: Option<String>,
        /// The percentage in basis points.
        percent: i64,
    },
    /// The comparison is true.
    Compare {
        /// The left side.
        left: Expression,
        /// The comparison.
        operator: Operator,
        /// The right side.
        right: Expression,
        /// The field that the finding points at, where the left side is one field.
        field: Option<String>,
    },
}

/// A comparison between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// ≥
    AtLeast,
    /// >
    MoreThan,
    /// ≤
    AtMost,
    /// <
    LessThan,
    /// =
    Equal,
}

impl Operator {
    /// Whether the comparison is true.
    pub fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Operator::AtLeast => left >= right,
            Operator::MoreThan => left > right,
            Operator::AtMost => left <= right,
            Operator::LessThan => left < right,
            Operator::Equal => left == right,
        }
    }
}
