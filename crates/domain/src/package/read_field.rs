//! Reading the fields of a form, and what their names mean to expressions.

use super::catalogue::{Setting, SettingValue};
use super::expression::{self, Expression, Meaning};
use super::form::{Carried, FieldDef, FieldKind, Section};
use super::read_matter::items;
use super::read_metric::note_expression;
use super::reader::{Table, Words};
use super::sink::{At, Kind, Sink, both};
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
enum Word {
    Money,
    Integer,
    Decimal,
    Text,
    YesNo,
    Choice,
}

const KINDS: Words<'static, Word> = &[
    ("money", Word::Money),
    ("integer", Word::Integer),
    ("decimal", Word::Decimal),
    ("text", Word::Text),
    ("yes_no", Word::YesNo),
    ("choice", Word::Choice),
];

/// How a field is computed, as written.
pub(super) struct Computed {
    field: String,
    text: String,
    at: At,
}

/// The sections with their fields, how the computed ones are computed, and the forms from which others are carried.
pub(super) fn read_sections(
    root: &Table<'_>,
    form: &str,
) -> (Vec<Section>, Vec<Computed>, Vec<(String, At)>) {
    let mut computed = Vec::new();
    let mut sources = Vec::new();
    let mut sections = Vec::new();
    for table in root.tables("section") {
        let fields = table.tables("field").into_iter();
        sections.push(Section {
            title_zh: table.text("title_zh"),
            title_en: table.text("title_en"),
            fields: fields
                .map(|table| field(table, form, &mut computed, &mut sources))
                .collect(),
        });
        table.finish();
    }
    (sections, computed, sources)
}

fn field(
    table: Table<'_>,
    form: &str,
    computed: &mut Vec<Computed>,
    sources: &mut Vec<(String, At)>,
) -> FieldDef {
    let code = table.name("code");
    let owned = format!("{form}/{code}");
    if !code.is_empty() {
        table
            .sink()
            .define(Kind::Field, &owned, &table.at_key("code"));
    }
    let kind = kind(&table, &owned);
    if let Some(text) = table.optional_text("computed") {
        computed.push(Computed {
            field: code.clone(),
            text,
            at: table.at_key("computed"),
        });
    }
    let carried = carried(&table);
    sources.extend(
        carried
            .iter()
            .map(|source| (source.form.clone(), table.at_key("carried"))),
    );
    let measured = table.has("unit_zh") || table.has("unit_en");
    let unit = |key| {
        if measured {
            table.text(key)
        } else {
            String::new()
        }
    };
    let bound = |key| {
        kind.decimals()
            .and_then(|decimals| table.scaled(key, decimals))
    };
    let field = FieldDef {
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        unit_zh: unit("unit_zh"),
        unit_en: unit("unit_en"),
        required: table.flag("required", false),
        hint_zh: table.text("hint_zh"),
        hint_en: table.text("hint_en"),
        min: bound("min"),
        max: bound("max"),
        max_len: match kind {
            FieldKind::Text => Some(table.count("max_len")),
            _ => None,
        },
        computed: None,
        carried,
        kind,
        code,
    };
    if matches!((field.min, field.max), (Some(min), Some(max)) if min > max) {
        table.sink().note(
            &table.at_key("max"),
            "range_order",
            both("最大值小于最小值", "the largest is less than the smallest"),
            both("请核对 min 和 max", "check `min` and `max`"),
        );
    }
    table.finish();
    field
}

fn carried(table: &Table<'_>) -> Option<Carried> {
    let source = table.table("carried")?;
    let at = table.at_key("carried");
    if table.has("computed") {
        table.sink().note(
            &at,
            "carried_computed",
            both(
                "同一填报项不能既结转又计算",
                "a field is carried over or computed, not both",
            ),
            both(
                "请在 carried 和 computed 中只留一项",
                "keep one of `carried` and `computed`",
            ),
        );
    }
    let carried = Carried {
        form: source.code("form"),
        field: source.name("field"),
    };
    if !carried.form.is_empty() && !carried.field.is_empty() {
        let owned = format!("{}/{}", carried.form, carried.field);
        table.sink().want(Kind::Field, &owned, &at);
    }
    source.finish();
    Some(carried)
}

fn kind(table: &Table<'_>, owner: &str) -> FieldKind {
    match table.word("kind", KINDS, Word::Money) {
        Word::Money => FieldKind::Money,
        Word::Integer => FieldKind::Integer,
        Word::Decimal => FieldKind::Decimal {
            decimals: u8::try_from(table.count("decimals"))
                .unwrap_or(u8::MAX)
                .min(6),
        },
        Word::Text => FieldKind::Text,
        Word::YesNo => FieldKind::YesNo,
        Word::Choice => FieldKind::Choice {
            choices: items(table, "choice", owner),
        },
    }
}

fn is_number(field: &FieldDef) -> bool {
    !matches!(field.kind, FieldKind::Text | FieldKind::Choice { .. })
}

/// What names mean: the fields with numbers and the settings. Computed fields may use fields that are asked,
/// settings, and computed fields above; their expressions are put into the sections.
pub(super) fn names(
    sections: &mut [Section],
    computed: &[Computed],
    settings: &[Setting],
    sink: &Sink,
) -> BTreeMap<String, Meaning> {
    let asked = |field: &&FieldDef| {
        is_number(field) && computed.iter().all(|other| other.field != field.code)
    };
    let fields = sections.iter().flat_map(|section| section.fields.iter());
    let mut names: BTreeMap<String, Meaning> = fields
        .filter(asked)
        .map(|field| (field.code.clone(), field_meaning(&field.code)))
        .collect();
    let given = settings.iter().map(|setting| {
        let meaning = setting_meaning(&setting.value, &names);
        (setting.code.clone(), meaning)
    });
    let given: Vec<_> = given.collect();
    names.extend(given);
    for written in computed {
        let expression = match expression::parse(&written.text, &names) {
            Ok(expression) => expression,
            Err(error) => {
                note_expression(sink, &written.at, &error);
                Expression::Number(0)
            }
        };
        let mut fields = sections
            .iter_mut()
            .flat_map(|section| section.fields.iter_mut());
        if let Some(field) = fields.find(|field| field.code == written.field) {
            field.computed = Some(expression);
        }
        names.insert(written.field.clone(), field_meaning(&written.field));
    }
    names
}

fn field_meaning(code: &str) -> Meaning {
    Meaning::One(Expression::Field(code.to_owned()))
}

/// A number stands for itself, codes for the fields of those codes.
fn setting_meaning(value: &SettingValue, fields: &BTreeMap<String, Meaning>) -> Meaning {
    match value {
        SettingValue::Integer(number)
        | SettingValue::Money(number)
        | SettingValue::Percent(number) => Meaning::One(Expression::Number(*number)),
        SettingValue::Codes(codes) => {
            let known = codes.iter().filter(|code| fields.contains_key(*code));
            Meaning::Many(known.map(|code| Expression::Field(code.clone())).collect())
        }
    }
}
