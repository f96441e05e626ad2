//! The slow way to derived figures: every record is read, and the parsed expressions are walked with no look-ups, no bounds
//! and no code of the fast way. Truth has three values, as numbers: the least of all, the largest of any.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::package::derive::{Counted, Moment};
use zhenxing_domain::package::form::Operator;
use zhenxing_domain::package::{
    Condition, Derivation, Joined, Link, MetricDef, MetricKind, MetricSource, Operand, Selection,
};
use zhenxing_domain::period::Period;
use zhenxing_server::app::{App, AppError};
use zhenxing_storage::record::RecordFilter;
use zhenxing_storage::{Conn, record_list};
use zhenxing_test_support::Fault;

const NO: u8 = 0;
const UNKNOWN: u8 = 1;
const YES: u8 = 2;

fn sure(yes: bool) -> u8 {
    if yes { YES } else { NO }
}

/// A record as it is kept.
pub struct Sheet {
    id: i64,
    ledger: String,
    unit: i64,
    state: String,
    values: Map<String, Value>,
}

/// Which units held a record until which days, as the script saw it before each merger, earliest first.
pub type Before = BTreeMap<i64, Vec<(String, i64)>>;

/// All records that are not deleted, and who held them before mergers.
pub struct Drawer(Vec<Sheet>, Before);

/// All of them and the last day of a period with its first.
struct Desk<'a> {
    all: &'a Drawer,
    start: String,
    end: String,
}

impl Drawer {
    /// The records that a unit holds, deleted ones too.
    pub fn of_unit(app: &App, conn: &mut Conn, unit: i64) -> Result<Vec<i64>, AppError> {
        let mut found = Vec::new();
        for deleted in [false, true] {
            let sheets = Drawer::sheets(app, conn, deleted)?.into_iter();
            found.extend(sheets.filter(|one| one.unit == unit).map(|one| one.id));
        }
        Ok(found)
    }

    /// Reads everything that there is.
    pub fn read(app: &App, conn: &mut Conn, before: Before) -> Result<Drawer, AppError> {
        Ok(Drawer(Drawer::sheets(app, conn, false)?, before))
    }

    /// Who held a record on a day.
    fn holder(&self, one: &Sheet, day: &str) -> i64 {
        for (until, unit) in self.1.get(&one.id).into_iter().flatten() {
            if day < until.as_str() {
                return *unit;
            }
        }
        one.unit
    }

    fn sheets(app: &App, conn: &mut Conn, deleted: bool) -> Result<Vec<Sheet>, AppError> {
        let system = zhenxing_domain::policy::Scope::bypass_for_system_work();
        let mut sheets = Vec::new();
        for ledger in &app.package.ledgers {
            let filter = RecordFilter {
                deleted,
                ..RecordFilter::latest(&ledger.code, 1_000_000)
            };
            for one in record_list::list(conn, &system, &filter, app.clock.today())? {
                let values = serde_json::to_value(&one.values);
                let values = values.map_err(|error| AppError::Internal(error.to_string()))?;
                sheets.push(Sheet {
                    id: one.id,
                    ledger: one.ledger,
                    unit: one.unit.0,
                    state: one.state,
                    values: values.as_object().cloned().unwrap_or_default(),
                });
            }
        }
        Ok(sheets)
    }

    /// What a unit has for a metric: nothing where it holds no record of the ledgers from which the metric selects, or where a
    /// share has nothing to be one of.
    pub fn figure(
        &self,
        metric: &MetricDef,
        unit: i64,
        period: Period,
    ) -> Result<Option<(i64, i64)>, Fault> {
        let MetricSource::Derived {
            numerator: Some(above),
            denominator: below,
            ..
        } = &metric.source
        else {
            return Err(format!("{} is not derived", metric.code).into());
        };
        let mut from = BTreeSet::new();
        for side in std::iter::once(above).chain(below) {
            sources(side, &mut from);
        }
        let mut sheets = self.0.iter();
        let last = period.last_day().to_string();
        let here = |one: &Sheet| self.holder(one, &last) == unit;
        if !sheets.any(|one| here(one) && from.contains(one.ledger.as_str())) {
            return Ok(None);
        }
        let desk = Desk {
            all: self,
            start: period.first_day().to_string(),
            end: period.last_day().to_string(),
        };
        let below = match below {
            None => Some(1),
            Some(below) => desk.number(below, unit),
        };
        Ok(match (desk.number(above, unit), below) {
            (Some(_), Some(0)) if metric.kind == MetricKind::Ratio => None,
            (Some(above), Some(below)) => Some((above, below)),
            _ => None,
        })
    }
}

/// The ledgers from which an expression selects.
fn sources<'a>(derivation: &'a Derivation, found: &mut BTreeSet<&'a str>) {
    match derivation {
        Derivation::Number(_) => {}
        Derivation::Count(of) | Derivation::Exists(of) => {
            found.insert(&of.ledger);
        }
        Derivation::Sum(of) | Derivation::Least(of) | Derivation::Most(of) => {
            found.insert(&of.of.ledger);
        }
        Derivation::Distinct(all) => found.extend(all.iter().map(|of| of.of.ledger.as_str())),
        Derivation::AtLeast(left, right) | Derivation::Difference(left, right) => {
            sources(left, found);
            sources(right, found);
        }
        Derivation::Total(parts) => parts.iter().for_each(|part| sources(part, found)),
    }
}

impl Desk<'_> {
    fn number(&self, derivation: &Derivation, unit: i64) -> Option<i64> {
        match derivation {
            Derivation::Number(number) => Some(*number),
            Derivation::Count(of) => i64::try_from(self.chosen(of, unit).len()).ok(),
            Derivation::Exists(of) => Some(if self.chosen(of, unit).is_empty() {
                0
            } else {
                1
            }),
            Derivation::Sum(of) => {
                Some(self.values(of, unit).iter().filter_map(Value::as_i64).sum())
            }
            Derivation::Least(of) => self.values(of, unit).iter().filter_map(Value::as_i64).min(),
            Derivation::Most(of) => self.values(of, unit).iter().filter_map(Value::as_i64).max(),
            Derivation::Distinct(all) => {
                let mut told = BTreeSet::new();
                for of in all {
                    for value in self.values(of, unit) {
                        match value {
                            Value::Array(several) => told.extend(several.iter().map(text)),
                            one => drop(told.insert(text(&one))),
                        }
                    }
                }
                i64::try_from(told.len()).ok()
            }
            Derivation::AtLeast(left, right) => {
                let (left, right) = (self.number(left, unit)?, self.number(right, unit)?);
                Some(if left < right { 0 } else { 1 })
            }
            Derivation::Difference(left, right) => {
                Some(self.number(left, unit)? - self.number(right, unit)?)
            }
            Derivation::Total(parts) => {
                let mut sum = 0;
                for part in parts {
                    sum += self.number(part, unit)?;
                }
                Some(sum)
            }
        }
    }

    fn chosen(&self, of: &Selection, unit: i64) -> Vec<&Sheet> {
        let mut found = Vec::new();
        for one in &self.all.0 {
            let here = one.ledger == of.ledger && self.all.holder(one, &self.end) == unit;
            if here && self.holds(&of.condition, one, None) == YES {
                found.push(one);
            }
        }
        found
    }

    fn values(&self, of: &Counted, unit: i64) -> Vec<Value> {
        let chosen = self.chosen(&of.of, unit);
        let values = chosen.iter().filter_map(|one| one.values.get(&of.field));
        values.cloned().collect()
    }

    fn holds(&self, condition: &Condition, one: &Sheet, outer: Option<&Sheet>) -> u8 {
        match condition {
            Condition::All(parts) => {
                let told = parts.iter().map(|part| self.holds(part, one, outer));
                told.min().unwrap_or(YES)
            }
            Condition::Any(parts) => {
                let told = parts.iter().map(|part| self.holds(part, one, outer));
                told.max().unwrap_or(NO)
            }
            Condition::Not(part) => YES - self.holds(part, one, outer),
            Condition::Compare {
                left,
                operator,
                right,
            } => match (self.value(left, one, outer), self.value(right, one, outer)) {
                (Some(left), Some(right)) => sure(compared(&left, *operator, &right)),
                _ => UNKNOWN,
            },
            Condition::Missing(value) => sure(self.value(value, one, outer).is_none()),
            Condition::OneOf { value, codes } => match self.value(value, one, outer) {
                None => UNKNOWN,
                Some(Value::Array(several)) => {
                    sure(several.iter().any(|code| codes.contains(&text(code))))
                }
                Some(code) => sure(codes.contains(&text(&code))),
            },
            Condition::Exists(joined) => sure(self.joined(joined, one) > 0),
        }
    }

    fn joined(&self, joined: &Joined, outer: &Sheet) -> i64 {
        let mut count = 0;
        for one in &self.all.0 {
            let names = |field: &str, wanted: Option<i64>| match one.values.get(field) {
                Some(Value::Array(all)) => wanted.is_some_and(|id| all.contains(&json!(id))),
                Some(value) => wanted.is_some_and(|id| *value == json!(id)),
                None => false,
            };
            let belongs = match &joined.by {
                Link::Here => self.all.holder(one, &self.end) == self.all.holder(outer, &self.end),
                Link::ToThis { field } => names(field, Some(outer.id)),
                Link::ToField { field, own } => {
                    names(field, outer.values.get(own).and_then(Value::as_i64))
                }
            };
            let itself = joined.other && one.id == outer.id;
            if one.ledger == joined.ledger
                && belongs
                && !itself
                && self.holds(&joined.condition, one, Some(outer)) == YES
            {
                count += 1;
            }
        }
        count
    }

    fn value(&self, operand: &Operand, one: &Sheet, outer: Option<&Sheet>) -> Option<Value> {
        match operand {
            Operand::Number(number) => Some(json!(number)),
            Operand::Code(code) => Some(json!(code)),
            Operand::Flag(flag) => Some(json!(flag)),
            Operand::Day(day) => Some(json!(day.to_string())),
            Operand::Moment(moment) => self.moment(*moment).map(Value::from),
            Operand::MonthStart(day) => {
                let day = text(&self.value(day, one, outer)?);
                Some(json!(format!("{}-01", day.get(..7)?)))
            }
            Operand::Field(field) => one.values.get(field).cloned(),
            Operand::This(field) => outer?.values.get(field).cloned(),
            Operand::State => Some(json!(one.state)),
            Operand::Hop { through, field, .. } => {
                let id = one.values.get(through)?.as_i64()?;
                let other = self.all.0.iter().find(|other| other.id == id)?;
                other.values.get(field).cloned()
            }
            Operand::Count(joined) => Some(json!(self.joined(joined, one))),
        }
    }

    fn moment(&self, moment: Moment) -> Option<String> {
        let (year, rest) = (self.end.get(..4)?, self.end.get(5..)?);
        Some(match moment {
            Moment::Start => self.start.clone(),
            Moment::End => self.end.clone(),
            Moment::YearStart => format!("{year}-01-01"),
            Moment::YearBefore => {
                let before = year.parse::<i32>().ok()? - 1;
                let rest = if rest == "02-29" { "02-28" } else { rest };
                format!("{before}-{rest}")
            }
        })
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Days are texts whose order is that of the days.
fn compared(left: &Value, operator: Operator, right: &Value) -> bool {
    let order = match (left, right) {
        (Value::Number(_), Value::Number(_)) => left.as_i64().cmp(&right.as_i64()),
        (Value::Array(all), one) | (one, Value::Array(all)) if !one.is_array() => {
            let there = all.iter().any(|value| text(value) == text(one));
            return operator == Operator::Equal && there;
        }
        _ => text(left).cmp(&text(right)),
    };
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::LessThan => order.is_lt(),
        Operator::AtMost => order.is_le(),
        Operator::MoreThan => order.is_gt(),
        Operator::AtLeast => order.is_ge(),
    }
}
