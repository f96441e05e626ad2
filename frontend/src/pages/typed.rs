//! What is typed into the inputs of a form, and the values that it means.

use std::collections::BTreeMap;
use zhenxing_api_types::report::{Value, Values, wire_values};
use zhenxing_domain::package::number::{format_scaled, parse_scaled};
use zhenxing_domain::package::{FieldDef, FieldKind, FieldValue, FormDef};

/// What stands in the inputs, by the field's code.
pub type Texts = BTreeMap<String, String>;

/// A value as it stands in its input.
pub fn text_of(field: &FieldDef, value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::Integer(number)) => format_scaled(*number, field.kind.decimals().unwrap_or(0)),
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Flag(flag)) => flag.to_string(),
    }
}

/// What stands in the inputs first: what was saved, else the approved values of the period before. What is carried over
/// is always the report's own.
pub fn first_texts(form: &FormDef, values: &Values, previous: Option<&Values>) -> Texts {
    let begun = form
        .fields()
        .any(|field| field.is_asked() && values.contains_key(&field.code));
    let source = previous.filter(|_| !begun).unwrap_or(values);
    let text = |field: &FieldDef| {
        let own = if field.is_asked() { source } else { values };
        (field.code.clone(), text_of(field, own.get(&field.code)))
    };
    form.fields().map(text).collect()
}

/// A number as it was typed, scaled: a sum copied from a sheet brings its commas along.
pub fn scaled(text: &str, decimals: u8) -> Option<i64> {
    parse_scaled(&text.trim().replace([',', '，'], ""), decimals)
}

/// The values that stand in the inputs, those carried over too; a text that is no number stays a text, and the rules
/// say so.
pub fn typed(form: &FormDef, texts: &Texts) -> BTreeMap<String, FieldValue> {
    let value = |field: &FieldDef| {
        let text = texts.get(&field.code)?.trim();
        if text.is_empty() || field.computed.is_some() {
            return None;
        }
        let value = match (&field.kind, field.kind.decimals()) {
            (FieldKind::YesNo, _) => FieldValue::Flag(text == "true"),
            (_, Some(decimals)) => scaled(text, decimals)
                .map_or_else(|| FieldValue::Text(text.to_owned()), FieldValue::Integer),
            (_, None) => FieldValue::Text(text.to_owned()),
        };
        Some((field.code.clone(), value))
    };
    form.fields().filter_map(value).collect()
}

/// What is sent: the values that are asked for, not those carried over.
pub fn sent(form: &FormDef, values: BTreeMap<String, FieldValue>) -> Values {
    let asked = |code: &String| form.field(code).is_some_and(FieldDef::is_asked);
    wire_values(values.into_iter().filter(|(code, _)| asked(code)).collect())
}
