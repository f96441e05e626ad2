//! How figures are derived from records: which records are counted, and how. Expressions are read by
//! [`super::derive_text`], checked against the ledgers when the package is loaded, and evaluated by [`crate::record`].

use crate::package::form::Operator;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A number that a unit has for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Derivation {
    /// A number, scaled.
    Number(i64),
    /// How many records.
    Count(Box<Selection>),
    /// The sum of a field.
    Sum(Box<Counted>),
    /// The smallest value of a field; nothing where there is no record.
    Least(Box<Counted>),
    /// The largest value of a field; nothing where there is no record.
    Most(Box<Counted>),
    /// How many different values the fields have together: a person in several posts is one.
    Distinct(Vec<Counted>),
    /// One when there is such a record, else zero.
    Exists(Box<Selection>),
    /// One when the first is at least the second, else zero.
    AtLeast(Box<Derivation>, Box<Derivation>),
    /// The sum of several.
    Total(Vec<Derivation>),
    /// The first less the second.
    Difference(Box<Derivation>, Box<Derivation>),
}

/// A field of selected records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The field's code.
    pub field: String,
    /// The records.
    pub of: Selection,
}

/// The records of a ledger that a unit holds and that meet a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// The ledger's code.
    pub ledger: String,
    /// The condition.
    pub condition: Condition,
}

/// Records of a ledger that belong to one record that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The ledger's code.
    pub ledger: String,
    /// How they belong to it.
    pub by: Link,
    /// Whether the record itself is left out.
    pub other: bool,
    /// The condition; fields of the record that is looked at are [`Operand::This`].
    pub condition: Condition,
}

/// How records belong to the one that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// They stand at the same unit.
    Here,
    /// A field of theirs names the record.
    ToThis {
        /// The field's code.
        field: String,
    },
    /// A field of theirs names the record that a field of this one names.
    ToField {
        /// Their field's code.
        field: String,
        /// This record's field.
        own: String,
    },
}

/// What may be true of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// All of them; none is always true.
    All(Vec<Condition>),
    /// At least one of them.
    Any(Vec<Condition>),
    /// Not so.
    Not(Box<Condition>),
    /// A comparison.
    Compare {
        /// The left side.
        left: Operand,
        /// The comparison.
        operator: Operator,
        /// The right side.
        right: Operand,
    },
    /// Nothing stands there.
    Missing(Operand),
    /// The value is one of some codes.
    OneOf {
        /// The value.
        value: Operand,
        /// The codes.
        codes: BTreeSet<String>,
    },
    /// There is such a record.
    Exists(Box<Joined>),
}

/// A side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operand {
    /// A number, scaled.
    Number(i64),
    /// A code.
    Code(String),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(NaiveDate),
    /// A day of the period.
    Moment(Moment),
    /// The first day of the month of a day.
    MonthStart(Box<Operand>),
    /// A field of the record.
    Field(String),
    /// A field of the record that a field names.
    Hop {
        /// The field that names the other record.
        through: String,
        /// The other record's ledger.
        ledger: String,
        /// The other record's field.
        field: String,
    },
    /// A field of the record that is looked at, seen from one that belongs to it.
    This(String),
    /// The record's state.
    State,
    /// How many records belong to it.
    Count(Box<Joined>),
}

/// A day of the period for which a figure is derived; in a rule all of them are today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The first day.
    Start,
    /// The last day.
    End,
    /// The first day of its year.
    YearStart,
    /// The day a year before the last.
    YearBefore,
}

impl Condition {
    /// What is true of every record.
    pub fn always() -> Condition {
        Condition::All(Vec::new())
    }

    /// Whether other records have to be looked at.
    pub fn looks_across(&self) -> bool {
        match self {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().any(Condition::looks_across)
            }
            Condition::Not(part) => part.looks_across(),
            Condition::Compare { left, right, .. } => left.looks_across() || right.looks_across(),
            Condition::Missing(value) | Condition::OneOf { value, .. } => value.looks_across(),
            Condition::Exists(_) => true,
        }
    }

    /// Visits every part, the parts of joined records too.
    pub(crate) fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        match self {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| part.visit(see));
            }
            Condition::Not(part) => part.visit(see),
            Condition::Compare { left, right, .. } => {
                left.visit(see);
                right.visit(see);
            }
            Condition::Missing(value) | Condition::OneOf { value, .. } => value.visit(see),
            Condition::Exists(joined) => see(Seen::Joined(joined)),
        }
    }
}

impl Operand {
    fn looks_across(&self) -> bool {
        match self {
            Operand::Hop { .. } | Operand::Count(_) => true,
            Operand::MonthStart(day) => day.looks_across(),
            _ => false,
        }
    }

    fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        match self {
            Operand::Field(field) => see(Seen::Field(field)),
            Operand::This(field) => see(Seen::This(field)),
            Operand::State => see(Seen::State),
            Operand::Hop {
                through,
                ledger,
                field,
            } => see(Seen::Hop {
                through,
                ledger,
                field,
            }),
            Operand::Count(joined) => see(Seen::Joined(joined)),
            Operand::MonthStart(day) => day.visit(see),
            Operand::Number(_)
            | Operand::Code(_)
            | Operand::Flag(_)
            | Operand::Day(_)
            | Operand::Moment(_) => {}
        }
    }
}

/// A part of a condition that looks at records.
pub(crate) enum Seen<'a> {
    /// A field of the record.
    Field(&'a str),
    /// A field of the record that is looked at.
    This(&'a str),
    /// The state.
    State,
    /// A field of the record that a field names.
    Hop {
        through: &'a str,
        ledger: &'a str,
        field: &'a str,
    },
    /// Records that belong to the record.
    Joined(&'a Joined),
}

impl Derivation {
    /// The selections of which it is made.
    pub fn selections(&self) -> Vec<&Selection> {
        match self {
            Derivation::Number(_) => Vec::new(),
            Derivation::Count(of) | Derivation::Exists(of) => vec![of.as_ref()],
            Derivation::Sum(one) | Derivation::Least(one) | Derivation::Most(one) => vec![&one.of],
            Derivation::Distinct(all) => all.iter().map(|one| &one.of).collect(),
            Derivation::AtLeast(left, right) | Derivation::Difference(left, right) => {
                let mut both = left.selections();
                both.extend(right.selections());
                both
            }
            Derivation::Total(parts) => parts.iter().flat_map(Derivation::selections).collect(),
        }
    }

    /// The ledgers that it looks into, by hops and joins too.
    pub fn ledgers(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for selection in self.selections() {
            found.insert(selection.ledger.clone());
            look(&selection.condition, &mut found);
        }
        found
    }
}

fn look(condition: &Condition, found: &mut BTreeSet<String>) {
    condition.visit(&mut |seen| match seen {
        Seen::Hop { ledger, .. } => {
            found.insert(ledger.to_owned());
        }
        Seen::Joined(joined) => {
            found.insert(joined.ledger.clone());
            look(&joined.condition, found);
        }
        Seen::Field(_) | Seen::This(_) | Seen::State => {}
    });
}
