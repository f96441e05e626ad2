//! Values of records as they are shown.

use super::kept::Kept;
use crate::format::{self, NOTHING};
use crate::i18n::named;
use serde_json::Value;
use yew::prelude::*;
use zhenxing_api_types::ledger::Record;
use zhenxing_domain::package::{RecordField, RecordKind};

/// How many of several names a table shows.
const IN_TABLE: usize = 3;

/// The codes and numbers that a value holds: one, several or none.
pub fn keys(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => {
            let texts = all.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// What a code or number is called.
pub fn name_of(field: &RecordField, record: &Record, key: &str) -> String {
    let choice = field
        .kind
        .choices()
        .iter()
        .find(|choice| choice.code == key);
    let known = record.names.get(key).cloned();
    choice
        .map(|choice| named(&choice.name_zh, &choice.name_en).to_owned())
        .or(known)
        .unwrap_or_else(|| key.to_owned())
}

/// The names of several things.
fn names(field: &RecordField, record: &Record, most: usize) -> String {
    let all = keys(record.values.get(&field.code));
    let first = all.iter().take(most);
    let named: Vec<String> = first.map(|key| name_of(field, record, key)).collect();
    let listed = named.join(&t!("list-separator"));
    if all.len() > most {
        t!("ledger-names-more", names = listed, count = all.len())
    } else {
        listed
    }
}

/// A value in words; several names are cut short at `most`.
fn words(field: &RecordField, record: &Record, most: usize) -> String {
    match (record.values.get(&field.code), &field.kind) {
        (None | Some(Value::Null), _) => NOTHING.to_owned(),
        (Some(Value::Bool(true)), _) => t!("yes"),
        (Some(Value::Bool(false)), _) => t!("no"),
        (Some(Value::Number(number)), kind) => {
            let decimals = kind.decimals().unwrap_or(0);
            number.as_i64().map_or_else(
                || number.to_string(),
                |number| format::number(number, decimals),
            )
        }
        (Some(Value::String(text)), kind) if is_plain(kind) => text.clone(),
        (Some(_), _) => names(field, record, most),
    }
}

/// Whether a text is what it says, and no code of something.
fn is_plain(kind: &RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Text
            | RecordKind::Place
            | RecordKind::Date
            | RecordKind::IdCard
            | RecordKind::Phone
    )
}

/// A value as a table shows it.
pub fn brief(field: &RecordField, record: &Record) -> String {
    words(field, record, IN_TABLE)
}

/// A value as it is shown alone.
pub fn whole(field: &RecordField, record: &Record) -> String {
    words(field, record, usize::MAX)
}

/// What a record is called, in the language that is shown where its title is a choice.
pub fn title(kept: &Kept, record: &Record) -> String {
    let field = kept.record.field(&kept.record.title);
    match field {
        Some(field) if !field.kind.choices().is_empty() => brief(field, record),
        _ if record.title.is_empty() => t!("record-untitled"),
        _ => record.title.clone(),
    }
}

/// The state of a record as a label; nothing where its ledger has none.
pub fn state(kept: &Kept, record: &Record) -> Html {
    let Some(code) = &record.state else {
        return Html::default();
    };
    let last = kept.record.state(code).is_some_and(|state| state.last);
    let first = kept
        .record
        .first_state()
        .is_some_and(|state| state.code == *code);
    let class = match (last, first) {
        (true, _) => "zx-label-green",
        (false, true) => "zx-label-plain",
        (false, false) => "zx-label-blue",
    };
    html! { <span class={classes!("zx-label", class)}>{ kept.state_name(code) }</span> }
}
