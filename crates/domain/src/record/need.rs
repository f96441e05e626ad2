//! Which other records a condition looks at, so that they are read before it is asked.

use crate::package::derive::{Condition, Derivation, Joined, Seen};
use std::collections::BTreeSet;

/// What is looked at from the records of a ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Need {
    /// The ledger's code.
    pub ledger: String,
    /// Records that belong to them.
    pub joined: Vec<Joined>,
    /// Fields of theirs that name records at which is looked.
    pub hops: BTreeSet<String>,
}

impl Need {
    /// What a condition about records of a ledger looks at.
    pub fn of(ledger: &str, condition: &Condition) -> Need {
        let mut need = Need {
            ledger: ledger.to_owned(),
            ..Need::default()
        };
        condition.visit(&mut |seen| match seen {
            Seen::Hop { through, .. } => {
                need.hops.insert(through.to_owned());
            }
            Seen::Joined(joined) => need.joined.push(joined.clone()),
            Seen::Field(_) | Seen::This(_) | Seen::State => {}
        });
        need
    }
}

/// What an expression looks at, selection by selection.
pub fn needs(derivation: &Derivation) -> Vec<Need> {
    let selections = derivation.selections().into_iter();
    selections
        .map(|of| Need::of(&of.ledger, &of.condition))
        .collect()
}
