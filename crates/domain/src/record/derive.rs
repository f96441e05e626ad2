//! Evaluating the expressions of [`crate::package::derive`] over records.
//!
//! What is missing is neither true nor false: a comparison with it is unknown, a selection leaves such a record out, and a
//! rule asks nothing of it.

use super::{Record, RecordValue, Values};
use crate::ids::UnitId;
use crate::package::derive::{
    Condition, Counted, Derivation, Joined, Link, Moment, Operand, Selection,
};
use crate::package::form::Operator;
use crate::period::Period;
use chrono::{Datelike, Months, NaiveDate};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Where records are looked up. Those that are deleted are not there.
pub trait Look {
    /// The records of a ledger that a unit holds.
    fn held(&self, ledger: &str, unit: UnitId) -> Vec<&Record>;
    /// The records of a ledger whose field names a record.
    fn naming(&self, ledger: &str, field: &str, record: i64) -> Vec<&Record>;
    /// One record of a ledger.
    fn record(&self, ledger: &str, id: i64) -> Option<&Record>;
    /// The unit that holds a record: another than today's where one looks at a day before a merger.
    fn holder(&self, record: &Record) -> UnitId {
        record.unit
    }
}

/// The days that expressions may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day of the period.
    pub start: NaiveDate,
    /// The last day of the period.
    pub end: NaiveDate,
}

impl Days {
    /// Those of a period.
    pub fn of(period: Period) -> Days {
        Days {
            start: period.first_day(),
            end: period.last_day(),
        }
    }

    /// Those of a rule that is asked today.
    pub fn today(today: NaiveDate) -> Days {
        Days {
            start: today,
            end: today,
        }
    }

    fn at(&self, moment: Moment) -> NaiveDate {
        match moment {
            Moment::Start => self.start,
            Moment::End => self.end,
            Moment::YearStart => self.end.with_ordinal(1).unwrap_or(self.end),
            Moment::YearBefore => self
                .end
                .checked_sub_months(Months::new(12))
                .unwrap_or(self.end),
        }
    }
}

/// The value of an operand.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Number(i64),
    Day(NaiveDate),
    Flag(bool),
    Code(String),
    Several(Vec<String>),
}

impl Value {
    fn of(value: &RecordValue) -> Value {
        match value {
            RecordValue::Flag(flag) => Value::Flag(*flag),
            RecordValue::Number(number) => Value::Number(*number),
            RecordValue::Text(text) => match value.as_day() {
                Some(day) => Value::Day(day),
                None => Value::Code(text.clone()),
            },
            RecordValue::Numbers(all) => Value::Several(all.iter().map(i64::to_string).collect()),
            RecordValue::Texts(all) => Value::Several(all.clone()),
        }
    }

    fn is_one(&self) -> bool {
        !matches!(self, Value::Several(_))
    }

    /// What tells it from others.
    fn told(&self) -> Vec<String> {
        match self {
            Value::Number(number) => vec![number.to_string()],
            Value::Day(day) => vec![day.to_string()],
            Value::Flag(flag) => vec![flag.to_string()],
            Value::Code(code) => vec![code.clone()],
            Value::Several(all) => all.clone(),
        }
    }
}

/// Everything that an evaluation needs. Without anywhere to look, what other records say is unknown.
struct Eye<'a, L> {
    days: &'a Days,
    look: Option<&'a L>,
}

/// No records at all.
struct Nowhere;

impl Look for Nowhere {
    fn held(&self, _: &str, _: UnitId) -> Vec<&Record> {
        Vec::new()
    }

    fn naming(&self, _: &str, _: &str, _: i64) -> Vec<&Record> {
        Vec::new()
    }

    fn record(&self, _: &str, _: i64) -> Option<&Record> {
        None
    }
}

/// Whether a condition may be true of a record, whatever other records say.
pub(super) fn possible(condition: &Condition, record: &Record, days: &Days) -> bool {
    let eye: Eye<'_, Nowhere> = Eye { days, look: None };
    eye.truth(condition, record, None) != Some(false)
}

/// Whether a condition is true of a record; nothing where it cannot be told.
pub fn truth<L: Look>(
    condition: &Condition,
    record: &Record,
    this: Option<&Record>,
    days: &Days,
    look: &L,
) -> Option<bool> {
    let look = Some(look);
    Eye { days, look }.truth(condition, record, this)
}

/// The records of a selection that a unit holds: those that meet the condition and those that do not.
pub fn selected<'a, L: Look>(
    selection: &Selection,
    unit: UnitId,
    days: &Days,
    look: &'a L,
) -> (Vec<&'a Record>, Vec<&'a Record>) {
    let eye = Eye {
        days,
        look: Some(look),
    };
    let held = look.held(&selection.ledger, unit).into_iter();
    held.partition(|record| eye.truth(&selection.condition, record, None) == Some(true))
}

/// The number that a unit has. Nothing where it does not fit or, for the smallest and the largest, where there is no record.
pub fn derive<L: Look>(
    derivation: &Derivation,
    unit: UnitId,
    days: &Days,
    look: &L,
) -> Option<i64> {
    let eye = Eye {
        days,
        look: Some(look),
    };
    let rest = |part: &Derivation| derive(part, unit, days, look);
    match derivation {
        Derivation::Number(number) => Some(*number),
        Derivation::Count(of) => i64::try_from(eye.select(of, unit).len()).ok(),
        Derivation::Exists(of) => Some(i64::from(!eye.select(of, unit).is_empty())),
        Derivation::Sum(of) => eye
            .numbers(of, unit)
            .try_fold(0_i64, |sum, number| sum.checked_add(number)),
        Derivation::Least(of) => eye.numbers(of, unit).min(),
        Derivation::Most(of) => eye.numbers(of, unit).max(),
        Derivation::Distinct(all) => {
            let told = all.iter().flat_map(|of| eye.told(of, unit));
            i64::try_from(told.collect::<BTreeSet<String>>().len()).ok()
        }
        Derivation::AtLeast(left, right) => Some(i64::from(rest(left)? >= rest(right)?)),
        Derivation::Total(parts) => parts
            .iter()
            .try_fold(0_i64, |sum, part| sum.checked_add(rest(part)?)),
        Derivation::Difference(left, right) => rest(left)?.checked_sub(rest(right)?),
    }
}

impl<'a, L: Look> Eye<'a, L> {
    fn select(&self, selection: &Selection, unit: UnitId) -> Vec<&'a Record> {
        let held = self.look.map(|look| look.held(&selection.ledger, unit));
        let held = held.unwrap_or_default().into_iter();
        held.filter(|record| self.truth(&selection.condition, record, None) == Some(true))
            .collect()
    }

    fn numbers(&self, of: &Counted, unit: UnitId) -> impl Iterator<Item = i64> {
        let found = self.select(&of.of, unit).into_iter();
        let field = of.field.clone();
        found.filter_map(move |record| match record.values.get(&field)? {
            RecordValue::Number(number) => Some(*number),
            _ => None,
        })
    }

    fn told(&self, of: &Counted, unit: UnitId) -> Vec<String> {
        let found = self.select(&of.of, unit).into_iter();
        found
            .filter_map(|record| record.values.get(&of.field))
            .flat_map(|value| Value::of(value).told())
            .collect()
    }

    fn truth(&self, condition: &Condition, record: &Record, this: Option<&Record>) -> Option<bool> {
        match condition {
            Condition::All(parts) => {
                let told = parts.iter().map(|part| self.truth(part, record, this));
                decided(told, false)
            }
            Condition::Any(parts) => {
                let told = parts.iter().map(|part| self.truth(part, record, this));
                decided(told, true)
            }
            Condition::Not(part) => self.truth(part, record, this).map(|told| !told),
            Condition::Compare {
                left,
                operator,
                right,
            } => compare(
                &self.value(left, record, this)?,
                *operator,
                &self.value(right, record, this)?,
            ),
            Condition::Missing(operand) if self.is_hidden(operand) => None,
            Condition::Missing(operand) => Some(self.value(operand, record, this).is_none()),
            Condition::OneOf { value, codes } => Some(match self.value(value, record, this)? {
                Value::Code(code) => codes.contains(&code),
                Value::Several(all) => all.iter().any(|code| codes.contains(code)),
                _ => return None,
            }),
            Condition::Exists(joined) => Some(!self.joined(joined, record)?.is_empty()),
        }
    }

    /// Whether an operand is a value of another record that cannot be looked at.
    fn is_hidden(&self, operand: &Operand) -> bool {
        match operand {
            Operand::This(_) | Operand::Hop { .. } | Operand::Count(_) => self.look.is_none(),
            Operand::MonthStart(day) => self.is_hidden(day),
            _ => false,
        }
    }

    fn joined(&self, joined: &Joined, record: &Record) -> Option<Vec<&'a Record>> {
        let look = self.look?;
        let ledger = &joined.ledger;
        let found = match &joined.by {
            Link::Here => look.held(ledger, look.holder(record)),
            Link::ToThis { field } => look.naming(ledger, field, record.id),
            Link::ToField { field, own } => match record.values.get(own) {
                Some(RecordValue::Number(other)) => look.naming(ledger, field, *other),
                _ => Vec::new(),
            },
        };
        let found = found
            .into_iter()
            .filter(|one| !(joined.other && one.id == record.id))
            .filter(|one| self.truth(&joined.condition, one, Some(record)) == Some(true))
            .collect();
        Some(found)
    }

    fn value(&self, operand: &Operand, record: &Record, this: Option<&Record>) -> Option<Value> {
        match operand {
            Operand::Number(number) => Some(Value::Number(*number)),
            Operand::Code(code) => Some(Value::Code(code.clone())),
            Operand::Flag(flag) => Some(Value::Flag(*flag)),
            Operand::Day(day) => Some(Value::Day(*day)),
            Operand::Moment(moment) => Some(Value::Day(self.days.at(*moment))),
            Operand::MonthStart(day) => match self.value(day, record, this)? {
                Value::Day(day) => day.with_day(1).map(Value::Day),
                _ => None,
            },
            Operand::Field(field) => of_field(&record.values, field),
            Operand::This(field) => of_field(&this?.values, field),
            Operand::State => Some(Value::Code(record.state.clone())),
            Operand::Hop {
                through,
                ledger,
                field,
            } => match record.values.get(through)? {
                RecordValue::Number(id) => of_field(&self.look?.record(ledger, *id)?.values, field),
                _ => None,
            },
            Operand::Count(joined) => i64::try_from(self.joined(joined, record)?.len())
                .ok()
                .map(Value::Number),
        }
    }
}

fn of_field(values: &Values, field: &str) -> Option<Value> {
    let value = values.get(field).filter(|value| !value.is_blank())?;
    Some(Value::of(value))
}

/// Whether one of them decides; where none does and some are unknown, it is unknown.
fn decided(told: impl Iterator<Item = Option<bool>>, by: bool) -> Option<bool> {
    let mut unknown = false;
    for one in told {
        match one {
            Some(value) if value == by => return Some(by),
            Some(_) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(!by)
}

fn compare(left: &Value, operator: Operator, right: &Value) -> Option<bool> {
    let order = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.cmp(right),
        (Value::Day(left), Value::Day(right)) => left.cmp(right),
        (Value::Several(all), one) | (one, Value::Several(all))
            if operator == Operator::Equal && one.is_one() =>
        {
            return Some(one.told().iter().all(|told| all.contains(told)));
        }
        (left, right) if left == right => Ordering::Equal,
        _ => return (operator == Operator::Equal).then_some(false),
    };
    Some(match operator {
        Operator::AtLeast => order != Ordering::Less,
        Operator::MoreThan => order == Ordering::Greater,
        Operator::AtMost => order != Ordering::Greater,
        Operator::LessThan => order == Ordering::Less,
        Operator::Equal => order == Ordering::Equal,
    })
}
