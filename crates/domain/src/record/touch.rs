//! Which figures a changed record touches: for every metric the units and periods whose figure may be another now, and no
//! others.

use super::derive::{Days, possible};
use super::{Record, changed};
use crate::package::derive::{Condition, Counted, Derivation, Joined, Link, Seen};
use crate::period::Period;
use std::collections::BTreeSet;

/// How one comes from a changed record to the units whose figures it touches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The unit that holds it.
    Own,
    /// The units that hold the records that a field names.
    Named {
        /// The field's code.
        field: String,
    },
    /// The units that hold records of a ledger that name, by a field of theirs, what a field of this one names.
    Shared {
        /// This record's field.
        field: String,
        /// The other ledger.
        ledger: String,
        /// Its field.
        own: String,
    },
    /// The units that hold records of a ledger that name this one.
    Naming {
        /// The other ledger.
        ledger: String,
        /// Its field.
        through: String,
    },
}

/// A part of an expression that looks at records of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The way to the units.
    pub way: Way,
    /// The fields of the record that matter.
    pub fields: BTreeSet<String>,
    /// What must be true of the record for it to matter; fields of others are unknown.
    pub condition: Condition,
}

/// A record before and after a change; nothing before it was made or after it is deleted.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Before.
    pub before: Option<&'a Record>,
    /// After.
    pub after: Option<&'a Record>,
}

impl Change<'_> {
    fn versions(&self) -> impl Iterator<Item = &Record> {
        self.before.into_iter().chain(self.after)
    }

    /// Whether anything that matters differs.
    fn matters(&self, fields: &BTreeSet<String>) -> bool {
        let (Some(before), Some(after)) = (self.before, self.after) else {
            return true;
        };
        let moved = before.unit != after.unit || before.state != after.state;
        let differs = changed(&before.values, &after.values);
        moved || differs.iter().any(|field| fields.contains(*field))
    }
}

impl Reach {
    /// The periods, among some, in which the change may show.
    pub fn periods(&self, change: Change<'_>, among: &[Period]) -> Vec<Period> {
        if !change.matters(&self.fields) {
            return Vec::new();
        }
        let shows = |period: &&Period| {
            let days = Days::of(**period);
            let mut versions = change.versions();
            versions.any(|record| possible(&self.condition, record, &days))
        };
        among.iter().filter(shows).copied().collect()
    }
}

/// The parts of an expression that look at records of a ledger.
pub fn reaches(derivation: &Derivation, ledger: &str) -> Vec<Reach> {
    let mut found = Vec::new();
    collect(derivation, ledger, &mut found);
    found
}

fn collect(derivation: &Derivation, ledger: &str, found: &mut Vec<Reach>) {
    match derivation {
        Derivation::Number(_) => {}
        Derivation::Count(of) | Derivation::Exists(of) => {
            select(&of.ledger, &of.condition, None, ledger, found);
        }
        Derivation::Sum(one) | Derivation::Least(one) | Derivation::Most(one) => {
            counted(one, ledger, found);
        }
        Derivation::Distinct(all) => all.iter().for_each(|one| counted(one, ledger, found)),
        Derivation::AtLeast(left, right) | Derivation::Difference(left, right) => {
            collect(left, ledger, found);
            collect(right, ledger, found);
        }
        Derivation::Total(parts) => parts.iter().for_each(|part| collect(part, ledger, found)),
    }
}

fn counted(one: &Counted, ledger: &str, found: &mut Vec<Reach>) {
    select(
        &one.of.ledger,
        &one.of.condition,
        Some(&one.field),
        ledger,
        found,
    );
}

fn select(
    outer: &str,
    condition: &Condition,
    field: Option<&String>,
    ledger: &str,
    found: &mut Vec<Reach>,
) {
    let mut fields: BTreeSet<String> = field.into_iter().cloned().collect();
    condition.visit(&mut |seen| match seen {
        Seen::Field(name) => {
            fields.insert(name.to_owned());
        }
        Seen::Hop {
            through,
            ledger: other,
            field,
        } => {
            fields.insert(through.to_owned());
            if other == ledger {
                found.push(Reach {
                    way: Way::Naming {
                        ledger: outer.to_owned(),
                        through: through.to_owned(),
                    },
                    fields: [field.to_owned()].into(),
                    condition: Condition::always(),
                });
            }
        }
        Seen::Joined(joined) => {
            fields.extend(own_fields(joined));
            if joined.ledger == ledger {
                found.push(joined_reach(joined, outer));
            }
        }
        Seen::This(_) | Seen::State => {}
    });
    if outer == ledger {
        found.push(Reach {
            way: Way::Own,
            fields,
            condition: condition.clone(),
        });
    }
}

/// The fields of the outer record on which joined records depend.
fn own_fields(joined: &Joined) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    if let Link::ToField { own, .. } = &joined.by {
        fields.insert(own.clone());
    }
    joined.condition.visit(&mut |seen| {
        if let Seen::This(field) = seen {
            fields.insert(field.to_owned());
        }
    });
    fields
}

fn joined_reach(joined: &Joined, outer: &str) -> Reach {
    let mut fields = BTreeSet::new();
    joined.condition.visit(&mut |seen| match seen {
        Seen::Field(field) => {
            fields.insert(field.to_owned());
        }
        Seen::Hop { through, .. } => {
            fields.insert(through.to_owned());
        }
        Seen::This(_) | Seen::State | Seen::Joined(_) => {}
    });
    let way = match &joined.by {
        Link::Here => Way::Own,
        Link::ToThis { field } => {
            fields.insert(field.clone());
            Way::Named {
                field: field.clone(),
            }
        }
        Link::ToField { field, own } => {
            fields.insert(field.clone());
            Way::Shared {
                field: field.clone(),
                ledger: outer.to_owned(),
                own: own.clone(),
            }
        }
    };
    Reach {
        way,
        fields,
        condition: joined.condition.clone(),
    }
}
