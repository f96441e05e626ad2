//! What is typed and chosen in the form of a record, and the values that it means.

use super::kept::Kept;
use super::shown::{keys, name_of};
use crate::draft::Picked;
use crate::pages::typed::{Texts, scaled};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::ledger::{Record, RecordValues};
use zhenxing_api_types::report::Finding;
use zhenxing_domain::package::number::format_scaled;
use zhenxing_domain::package::{RecordField, RecordKind};
use zhenxing_domain::record::RecordValue;

/// What stands in the inputs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// The unit that holds the record.
    pub unit: Option<Picked>,
    /// Texts, numbers, days, choices and yes or no, by the field's code.
    pub texts: Texts,
    /// What was picked from several: choices, records, units, files.
    pub lists: BTreeMap<String, Vec<Picked>>,
    /// Why it is changed.
    pub reason: String,
}

/// A form as it is filled in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// What stands in the inputs.
    pub draft: Draft,
    /// What stood there first.
    pub first: Draft,
    /// The fields that were left once.
    pub left: BTreeSet<String>,
    /// What the server found, until the field is changed.
    pub served: Vec<Finding>,
    /// Whether saving was tried: then what is missing is said everywhere.
    pub tried: bool,
}

/// What happens to a form.
pub enum Step {
    /// A field's text is that now.
    Text(String, String),
    /// Something is picked in a field that takes one.
    One(String, Option<Picked>),
    /// Something is picked in a field that takes several.
    Add(String, Picked),
    /// Something is taken out of a field again.
    Remove(String, String),
    /// The record's unit is that now.
    Unit(Option<Picked>),
    /// The reason is that now.
    Reason(String),
    /// A field was left.
    Left(String),
    /// Saving was tried.
    Tried,
    /// The server found something.
    Served(Vec<Finding>),
}

impl Reducible for Sheet {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut next = (*self).clone();
        match step {
            Step::Text(field, text) => {
                next.forget(&field);
                next.draft.texts.insert(field, text);
            }
            Step::One(field, picked) => {
                next.forget(&field);
                next.draft.lists.insert(field, picked.into_iter().collect());
            }
            Step::Add(field, picked) => {
                next.forget(&field);
                let list = next.draft.lists.entry(field).or_default();
                if !list.iter().any(|known| known.code == picked.code) {
                    list.push(picked);
                }
            }
            Step::Remove(field, code) => {
                next.forget(&field);
                let list = next.draft.lists.entry(field).or_default();
                list.retain(|known| known.code != code);
            }
            Step::Unit(unit) => next.draft.unit = unit,
            Step::Reason(text) => next.draft.reason = text,
            Step::Left(field) => {
                if !next.left.insert(field) {
                    return self;
                }
            }
            Step::Tried => next.tried = true,
            Step::Served(findings) => next.served = findings,
        }
        next.into()
    }
}

impl Sheet {
    /// The sheet of a new record, with what its fields hold by default.
    pub fn begun(kept: &Kept, unit: Option<Picked>) -> Sheet {
        let mut draft = Draft {
            unit,
            ..Draft::default()
        };
        for field in kept.record.fields() {
            let Some(text) = field.default.clone() else {
                continue;
            };
            if picks(&field.kind) {
                let name = text.clone();
                let picked = Picked { code: text, name };
                draft.lists.insert(field.code.clone(), vec![picked]);
            } else {
                draft.texts.insert(field.code.clone(), text);
            }
        }
        Sheet::from(draft)
    }

    /// The sheet of a record that is there.
    pub fn of(kept: &Kept, record: &Record) -> Sheet {
        let unit = Picked {
            code: record.unit.code.clone(),
            name: record.unit.name.clone(),
        };
        let mut draft = Draft {
            unit: Some(unit),
            ..Draft::default()
        };
        for field in kept.record.fields() {
            let value = record.values.get(&field.code);
            if picks(&field.kind) {
                let picked = keys(value).into_iter().map(|code| Picked {
                    name: name_of(field, record, &code),
                    code,
                });
                draft.lists.insert(field.code.clone(), picked.collect());
            } else if let Some(value) = value {
                draft
                    .texts
                    .insert(field.code.clone(), text_of(field, value));
            }
        }
        Sheet::from(draft)
    }

    /// Whether anything differs from what stood there first.
    pub fn changed(&self) -> bool {
        self.draft != self.first
    }

    /// What stands in a field.
    pub fn text(&self, field: &str) -> String {
        self.draft.texts.get(field).cloned().unwrap_or_default()
    }

    /// What is picked in a field.
    pub fn list(&self, field: &str) -> &[Picked] {
        self.draft.lists.get(field).map_or(&[], Vec::as_slice)
    }

    /// Whether a field holds a personal value just as it came, its middle hidden: it stays what it is.
    pub fn is_masked(&self, field: &RecordField) -> bool {
        let text = self.draft.texts.get(&field.code);
        field.is_personal()
            && text == self.first.texts.get(&field.code)
            && text.is_some_and(|text| text.contains('*'))
    }

    /// What a field holds; nothing where it is empty. A text that is no number stays a text, and the checks say so.
    pub fn value(&self, field: &RecordField) -> Option<RecordValue> {
        if picks(&field.kind) {
            let mut codes = self.list(&field.code).iter().map(|one| one.code.clone());
            return if field.kind.is_list() {
                let all: Vec<String> = codes.collect();
                (!all.is_empty()).then_some(RecordValue::Texts(all))
            } else {
                codes.next().map(RecordValue::Text)
            };
        }
        let text = self.draft.texts.get(&field.code)?.trim();
        if text.is_empty() {
            return None;
        }
        Some(match (&field.kind, field.kind.decimals()) {
            (RecordKind::YesNo, _) => RecordValue::Flag(text == "true"),
            (_, Some(decimals)) => scaled(text, decimals)
                .map_or_else(|| RecordValue::Text(text.to_owned()), RecordValue::Number),
            (_, None) => RecordValue::Text(text.to_owned()),
        })
    }

    /// The values of some fields as they are sent.
    pub fn wire<'a>(&self, fields: impl Iterator<Item = &'a RecordField>) -> RecordValues {
        let value = |field: &RecordField| Some((field.code.clone(), wire(self.value(field)?)));
        fields.filter_map(value).collect()
    }

    /// What was said about a field is old once it is changed.
    fn forget(&mut self, field: &str) {
        self.served
            .retain(|finding| finding.field.as_deref() != Some(field));
    }
}

impl From<Draft> for Sheet {
    fn from(draft: Draft) -> Sheet {
        Sheet {
            first: draft.clone(),
            draft,
            ..Sheet::default()
        }
    }
}

/// Whether a kind is picked from what there is, and not typed.
pub fn picks(kind: &RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Choices { .. }
            | RecordKind::Reference { .. }
            | RecordKind::References { .. }
            | RecordKind::Unit
            | RecordKind::File
    )
}

/// A value as it stands in its input.
fn text_of(field: &RecordField, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.as_i64().map_or_else(
            || number.to_string(),
            |number| format_scaled(number, field.kind.decimals().unwrap_or(0)),
        ),
        _ => String::new(),
    }
}

fn wire(value: RecordValue) -> Value {
    match value {
        RecordValue::Flag(flag) => Value::from(flag),
        RecordValue::Number(number) => Value::from(number),
        RecordValue::Text(text) => Value::from(text),
        RecordValue::Numbers(all) => Value::from(all),
        RecordValue::Texts(all) => Value::from(all),
    }
}
