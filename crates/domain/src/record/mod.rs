//! Records of ledgers (台账记录): their values, what stands against them, and the figures that are derived from them.
//! The browser, the server and the import run the same checks.

mod cell;
mod check;
mod derive;
mod need;
mod phone;
mod touch;
mod words;

use crate::ids::UnitId;
use crate::package::{RecordDef, RecordKind};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use cell::{clean_cell, read_cell, written_day};
pub use check::{check_draft, check_move, check_rules, check_whole};
pub use derive::{Days, Look, derive, selected, truth};
pub use need::{Need, needs};
pub use phone::is_phone;
pub use touch::{Change, Reach, Way, reaches};
pub use words::{condition_words, looks_at_restricted, unmet};

/// What a field holds. A reference is the number of the other record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RecordValue {
    /// Yes or no.
    Flag(bool),
    /// A number, scaled; a unit or a record by its number.
    Number(i64),
    /// A text, a day as `2024-07-31`, or the code of a choice.
    Text(String),
    /// Several records by their numbers.
    Numbers(Vec<i64>),
    /// Several codes.
    Texts(Vec<String>),
}

/// The values of a record by field. What is not filled in is absent.
pub type Values = BTreeMap<String, RecordValue>;

/// A record as figures are derived from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub id: i64,
    /// The unit that holds it.
    pub unit: UnitId,
    /// Its state; empty where its ledger has none.
    pub state: String,
    /// Its values.
    pub values: Values,
}

impl RecordValue {
    /// Whether nothing stands there.
    pub fn is_blank(&self) -> bool {
        match self {
            RecordValue::Text(text) => text.trim().is_empty(),
            RecordValue::Numbers(all) => all.is_empty(),
            RecordValue::Texts(all) => all.is_empty(),
            RecordValue::Flag(_) | RecordValue::Number(_) => false,
        }
    }

    /// The day.
    pub fn as_day(&self) -> Option<NaiveDate> {
        match self {
            RecordValue::Text(text) => day(text),
            _ => None,
        }
    }

    /// The text, the day in digits or the code of the choice.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            RecordValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The records that it names.
    pub fn named(&self) -> Vec<i64> {
        match self {
            RecordValue::Number(one) => vec![*one],
            RecordValue::Numbers(all) => all.clone(),
            _ => Vec::new(),
        }
    }
}

/// A day as records hold it: `2024-07-31` and nothing else.
pub fn day(text: &str) -> Option<NaiveDate> {
    let found = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (found.to_string() == text).then_some(found)
}

/// The values without what is blank, so that one record has one form.
pub fn canonical(values: Values) -> Values {
    values
        .into_iter()
        .filter(|(_, value)| !value.is_blank())
        .map(|(field, value)| (field, plain(value)))
        .collect()
}

fn plain(value: RecordValue) -> RecordValue {
    match value {
        RecordValue::Text(text) => RecordValue::Text(text.trim().to_owned()),
        RecordValue::Numbers(mut all) => {
            let mut seen = std::collections::BTreeSet::new();
            all.retain(|one| seen.insert(*one));
            RecordValue::Numbers(all)
        }
        RecordValue::Texts(mut all) => {
            let mut seen = std::collections::BTreeSet::new();
            all.retain(|one| seen.insert(one.clone()));
            RecordValue::Texts(all)
        }
        other => other,
    }
}

/// What a record is called: the value of its title field in words that need no look-up; see [`titled_by`].
pub fn title(def: &RecordDef, values: &Values) -> String {
    let field = def.field(&def.title);
    match (values.get(&def.title), field.map(|field| &field.kind)) {
        (Some(RecordValue::Text(code)), Some(RecordKind::Choice { choices })) => choices
            .iter()
            .find(|choice| choice.code == *code)
            .map_or_else(|| code.clone(), |choice| choice.name_zh.clone()),
        (Some(RecordValue::Text(text)), _) => text.clone(),
        (Some(RecordValue::Number(number)), Some(kind)) => match kind.decimals() {
            Some(decimals) => crate::package::number::format_scaled(*number, decimals),
            None => String::new(),
        },
        _ => String::new(),
    }
}

/// The record, with its ledger, by whose title this one is called: where the title field names another.
pub fn titled_by<'d>(def: &'d RecordDef, values: &Values) -> Option<(&'d str, i64)> {
    match (&def.field(&def.title)?.kind, values.get(&def.title)?) {
        (RecordKind::Reference { ledger }, RecordValue::Number(id)) => Some((ledger, *id)),
        _ => None,
    }
}

/// The fields that differ between two versions of a record.
pub fn changed<'a>(before: &'a Values, after: &'a Values) -> Vec<&'a str> {
    let keys = before.keys().chain(after.keys());
    let mut found: Vec<&str> = keys
        .filter(|key| before.get(*key) != after.get(*key))
        .map(String::as_str)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
