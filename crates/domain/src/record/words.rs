//! Conditions about records in words: what people read in place of `until is missing or until > end`.

use super::Record;
use super::derive::{Days, Look, truth};
use crate::package::derive::{Moment, Seen};
use crate::package::form::Operator;
use crate::package::number::format_scaled;
use crate::package::{
    Condition, Joined, LedgerDef, Link, Operand, RecordField, RecordKind, Selection, Words,
};

/// The first part of a condition that is not true of a record, and whether it is false: else it cannot be told, because
/// something is missing. Nothing where the condition holds.
pub fn unmet<'a, L: Look>(
    condition: &'a Condition,
    record: &Record,
    days: &Days,
    look: &L,
) -> Option<(&'a Condition, bool)> {
    if let Condition::All(parts) = condition {
        let mut parts = parts.iter();
        return parts.find_map(|part| unmet(part, record, days, look));
    }
    match truth(condition, record, None, days, look) {
        Some(true) => None,
        told => Some((condition, told == Some(false))),
    }
}

/// A condition about records of a ledger in words, its fields named as the ledgers name them.
pub fn condition_words(condition: &Condition, ledger: &LedgerDef, ledgers: &[LedgerDef]) -> Words {
    let teller = Teller {
        ledgers,
        own: ledger,
        outer: None,
    };
    teller.condition(condition, false)
}

/// Whether a selection looks at fields that the organisation line alone sees.
pub fn looks_at_restricted(selection: &Selection, ledgers: &[LedgerDef]) -> bool {
    restricted(&selection.condition, &selection.ledger, None, ledgers)
}

fn restricted(
    condition: &Condition,
    own: &str,
    outer: Option<&str>,
    ledgers: &[LedgerDef],
) -> bool {
    let hidden = |ledger: &str, field: &str| {
        let found = ledgers.iter().find(|one| one.code == ledger);
        let field = found.and_then(|ledger| ledger.field(field));
        field.is_some_and(|field| field.restricted)
    };
    let mut found = false;
    condition.visit(&mut |seen| {
        found |= match seen {
            Seen::Field(field) => hidden(own, field),
            Seen::This(field) => outer.is_some_and(|outer| hidden(outer, field)),
            Seen::State => false,
            Seen::Hop {
                through,
                ledger,
                field,
            } => hidden(own, through) || hidden(ledger, field),
            Seen::Joined(joined) => {
                let by = match &joined.by {
                    Link::Here => false,
                    Link::ToThis { field } => hidden(&joined.ledger, field),
                    Link::ToField { field, own: named } => {
                        hidden(&joined.ledger, field) || hidden(own, named)
                    }
                };
                by || restricted(&joined.condition, &joined.ledger, Some(own), ledgers)
            }
        };
    });
    found
}

fn words(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words {
        zh: zh.into(),
        en: en.into(),
    }
}

fn joined_up(parts: Vec<Words>, zh: &str, en: &str) -> Words {
    let (zhs, ens): (Vec<String>, Vec<String>) =
        parts.into_iter().map(|one| (one.zh, one.en)).unzip();
    words(zhs.join(zh), ens.join(en))
}

fn beside(left: &Words, right: &Words) -> Words {
    words(
        format!("{}{}", left.zh, right.zh),
        format!("{} {}", left.en, right.en),
    )
}

fn bracketed(before: &Words, within: &Words) -> Words {
    words(
        format!("{}（{}）", before.zh, within.zh),
        format!("{} ({})", before.en, within.en),
    )
}

/// Who tells conditions of records of a ledger, and of the record to which they belong.
#[derive(Clone, Copy)]
struct Teller<'a> {
    ledgers: &'a [LedgerDef],
    own: &'a LedgerDef,
    outer: Option<&'a LedgerDef>,
}

impl<'a> Teller<'a> {
    /// The condition; in brackets where it stands within another and would run into it.
    fn condition(&self, condition: &Condition, within: bool) -> Words {
        match condition {
            Condition::All(parts) if parts.is_empty() => words("所有记录", "every record"),
            Condition::All(parts) => {
                let parts = parts.iter().map(|part| self.condition(part, true));
                joined_up(parts.collect(), "，且", " and ")
            }
            Condition::Any(parts) => {
                let told = self.any(parts);
                match within {
                    true => words(format!("（{}）", told.zh), format!("({})", told.en)),
                    false => told,
                }
            }
            Condition::Not(part) => match self.clause(part, false) {
                Some((subject, predicate)) => beside(&subject, &predicate),
                None => {
                    let told = self.condition(part, false);
                    words(format!("并非（{}）", told.zh), format!("not ({})", told.en))
                }
            },
            simple => match self.clause(simple, true) {
                Some((subject, predicate)) => beside(&subject, &predicate),
                None => words("", ""),
            },
        }
    }

    /// One of several; what is said of the same thing names it once.
    fn any(&self, parts: &[Condition]) -> Words {
        let clauses: Option<Vec<(Words, Words)>> =
            parts.iter().map(|part| self.clause(part, true)).collect();
        let clauses = clauses.unwrap_or_default();
        match clauses.first() {
            Some((first, _)) if clauses.iter().all(|(subject, _)| subject == first) => {
                let first = first.clone();
                let said = clauses.into_iter().map(|(_, said)| said).collect();
                beside(&first, &joined_up(said, "或", " or "))
            }
            _ => {
                let parts = parts.iter().map(|part| self.condition(part, true));
                joined_up(parts.collect(), "，或", " or ")
            }
        }
    }

    /// Of what something is said and what: that it is so, or that it is not.
    fn clause(&self, condition: &Condition, so: bool) -> Option<(Words, Words)> {
        Some(match condition {
            Condition::All(_) | Condition::Any(_) => return None,
            Condition::Not(part) => return self.clause(part, !so),
            Condition::Compare {
                left,
                operator,
                right,
            } => (
                self.operand(left, None),
                self.compared(left, *operator, right, so),
            ),
            Condition::Missing(value) => (
                self.operand(value, None),
                match so {
                    true => words("未填", "is empty"),
                    false => words("已填", "is filled in"),
                },
            ),
            Condition::OneOf { value, codes } => {
                let codes = codes.iter().map(|code| self.code(code, Some(value)));
                let codes = joined_up(codes.collect(), "或", " or ");
                let is = match so {
                    true => words("为", "is"),
                    false => words("不为", "is not"),
                };
                (self.operand(value, None), beside(&is, &codes))
            }
            Condition::Exists(joined) => {
                let (ledger, which) = (self.called(&joined.ledger), self.joined(joined));
                let has = match (so, joined.other) {
                    (true, false) => words("有记录", "has a record"),
                    (true, true) => words("有其他记录", "has another record"),
                    (false, false) => words("没有记录", "has no record"),
                    (false, true) => words("没有其他记录", "has no other record"),
                };
                let ledger = words(format!("{}中", ledger.zh), ledger.en);
                (ledger, bracketed(&has, &which))
            }
        })
    }

    fn compared(&self, left: &Operand, operator: Operator, right: &Operand, so: bool) -> Words {
        if let Operand::Flag(flag) = right {
            return match *flag == so {
                true => words("为是", "is yes"),
                false => words("为否", "is no"),
            };
        }
        let days = self.is_day(left);
        let list = self.field(left).is_some_and(|field| field.kind.is_list());
        let is = match (operator, so) {
            (Operator::Equal, true) if list => words("含", "includes"),
            (Operator::Equal, false) if list => words("不含", "does not include"),
            (Operator::Equal, true) => words("为", "is"),
            (Operator::Equal, false) => words("不为", "is not"),
            (Operator::AtMost, true) | (Operator::MoreThan, false) if days => {
                words("不晚于", "is not after")
            }
            (Operator::MoreThan, true) | (Operator::AtMost, false) if days => {
                words("晚于", "is after")
            }
            (Operator::AtLeast, true) | (Operator::LessThan, false) if days => {
                words("不早于", "is not before")
            }
            (Operator::LessThan, true) | (Operator::AtLeast, false) if days => {
                words("早于", "is before")
            }
            (Operator::AtMost, true) | (Operator::MoreThan, false) => words("不大于", "is at most"),
            (Operator::MoreThan, true) | (Operator::AtMost, false) => words("大于", "is more than"),
            (Operator::AtLeast, true) | (Operator::LessThan, false) => {
                words("不小于", "is at least")
            }
            (Operator::LessThan, true) | (Operator::AtLeast, false) => {
                words("小于", "is less than")
            }
        };
        beside(&is, &self.operand(right, Some(left)))
    }

    /// A value; a number and a code are read as the field is, beside which they stand.
    fn operand(&self, operand: &Operand, other: Option<&Operand>) -> Words {
        match operand {
            Operand::Number(number) => {
                let field = other.and_then(|other| self.field(other));
                let decimals = field.and_then(|field| field.kind.decimals());
                let number = format_scaled(*number, decimals.unwrap_or(0));
                match field {
                    Some(field) => words(
                        format!("{number}{}", field.unit_zh),
                        format!("{number} {}", field.unit_en).trim_end(),
                    ),
                    None => words(number.clone(), number),
                }
            }
            Operand::Code(code) => self.code(code, other),
            Operand::Flag(true) => words("是", "yes"),
            Operand::Flag(false) => words("否", "no"),
            Operand::Day(day) => words(day.to_string(), day.to_string()),
            Operand::Moment(moment) => self::moment(*moment),
            Operand::MonthStart(day) => {
                let day = self.operand(day, None);
                words(
                    format!("{}所在月1日", day.zh),
                    format!("the first day of the month of {}", day.en),
                )
            }
            Operand::Field(_) => self.named(operand),
            Operand::This(_) => {
                let field = self.named(operand);
                words(
                    format!("本记录的{}", field.zh),
                    format!("its own {}", field.en),
                )
            }
            Operand::Hop { through, .. } => {
                let (field, through) = (self.named(operand), self.named_own(through));
                words(
                    format!("{}的{}", through.zh, field.zh),
                    format!("{} of {}", field.en, through.en),
                )
            }
            Operand::State => words("状态", "the state"),
            Operand::Count(joined) => {
                let (ledger, which) = (self.called(&joined.ledger), self.joined(joined));
                let other = match joined.other {
                    true => words("其他", "other "),
                    false => words("", ""),
                };
                let number = words(
                    format!("{}中的{}记录数", ledger.zh, other.zh),
                    format!("the number of {}records in {}", other.en, ledger.en),
                );
                bracketed(&number, &which)
            }
        }
    }

    /// Which records belong to the one that is looked at.
    fn joined(&self, joined: &Joined) -> Words {
        let Some(ledger) = self.ledger(&joined.ledger) else {
            return words("", "");
        };
        let within = Teller {
            ledgers: self.ledgers,
            own: ledger,
            outer: Some(self.own),
        };
        let mut parts = vec![match &joined.by {
            Link::Here => words("单位相同", "at the same unit"),
            Link::ToThis { field } => {
                let field = within.named_own(field);
                words(
                    format!("{}指向本记录", field.zh),
                    format!("whose {} names this one", field.en),
                )
            }
            Link::ToField { field, own } => {
                let (field, own) = (within.named_own(field), self.named_own(own));
                words(
                    format!("{}中有本记录的{}", field.zh, own.zh),
                    format!("whose {} names the {} of this one", field.en, own.en),
                )
            }
        }];
        if joined.condition != Condition::always() {
            parts.push(within.condition(&joined.condition, false));
        }
        joined_up(parts, "，且", " and ")
    }

    fn code(&self, code: &str, of: Option<&Operand>) -> Words {
        if matches!(of, Some(Operand::State)) {
            let record = self.own.record.as_ref();
            let state = record.and_then(|record| record.state(code));
            return state.map_or_else(
                || words(code, code),
                |state| words(&state.name_zh, format!("“{}”", state.name_en)),
            );
        }
        let field = of.and_then(|of| self.field(of));
        let mut choices = field.iter().flat_map(|field| field.kind.choices());
        choices.find(|choice| choice.code == code).map_or_else(
            || words(code, code),
            |choice| words(&choice.name_zh, format!("“{}”", choice.name_en)),
        )
    }

    fn is_day(&self, operand: &Operand) -> bool {
        let date = |field: &RecordField| field.kind == RecordKind::Date;
        matches!(
            operand,
            Operand::Moment(_) | Operand::Day(_) | Operand::MonthStart(_)
        ) || self.field(operand).is_some_and(date)
    }

    fn field(&self, operand: &Operand) -> Option<&'a RecordField> {
        match operand {
            Operand::Field(code) => self.own.field(code),
            Operand::This(code) => self.outer?.field(code),
            Operand::Hop { ledger, field, .. } => self.ledger(ledger)?.field(field),
            _ => None,
        }
    }

    fn ledger(&self, code: &str) -> Option<&'a LedgerDef> {
        self.ledgers.iter().find(|ledger| ledger.code == code)
    }

    fn called(&self, ledger: &str) -> Words {
        match self.ledger(ledger) {
            Some(ledger) => words(&ledger.name_zh, format!("`{}`", ledger.name_en)),
            None => words(ledger, ledger),
        }
    }

    fn named(&self, operand: &Operand) -> Words {
        name(self.field(operand))
    }

    fn named_own(&self, code: &str) -> Words {
        name(self.own.field(code))
    }
}

fn name(field: Option<&RecordField>) -> Words {
    match field {
        Some(field) => words(&field.name_zh, format!("`{}`", field.name_en)),
        None => words("", ""),
    }
}

fn moment(moment: Moment) -> Words {
    match moment {
        Moment::Start => words("期初", "the first day of the period"),
        Moment::End => words("期末", "the last day of the period"),
        Moment::YearStart => words("期末所在年1月1日", "the first day of its year"),
        Moment::YearBefore => words("期末前一年", "the day a year before the period ends"),
    }
}
