//! Reading the rules of a form.

use super::check::Severity;
use super::expression::{Expression, Meaning};
use super::form::{FieldDef, Operator, RuleDef, RuleKind, Section};
use super::read_metric::read_expression;
use super::reader::{Table, Words};
use super::sink::{At, Kind};
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
enum Word {
    Range,
    SumEquals,
    Jump,
    Compare,
}

const KINDS: Words<'static, Word> = &[
    ("range", Word::Range),
    ("sum_equals", Word::SumEquals),
    ("jump", Word::Jump),
    ("compare", Word::Compare),
];
/// The words for what follows.
pub(super) const SEVERITIES: Words<'static, Severity> = &[
    ("error", Severity::Error),
    ("needs_explanation", Severity::NeedsExplanation),
    ("warning", Severity::Warning),
];
const OPERATORS: Words<'static, Operator> = &[
    ("at_least", Operator::AtLeast),
    ("more_than", Operator::MoreThan),
    ("at_most", Operator::AtMost),
    ("less_than", Operator::LessThan),
    ("equal", Operator::Equal),
];

/// A rule of the form of that code.
pub(super) fn read_rule(
    table: Table<'_>,
    form: &str,
    sections: &[Section],
    names: &BTreeMap<String, Meaning>,
) -> RuleDef {
    let code = table.name("code");
    let owned = format!("{form}/{code}");
    table
        .sink()
        .define(Kind::Rule, &owned, &table.at_key("code"));
    let rule = RuleDef {
        kind: kind(&table, form, sections, names),
        severity: table.word("severity", SEVERITIES, Severity::Error),
        message_zh: table.text("message_zh"),
        message_en: table.text("message_en"),
        code,
    };
    table.finish();
    rule
}

fn kind(
    table: &Table<'_>,
    form: &str,
    sections: &[Section],
    names: &BTreeMap<String, Meaning>,
) -> RuleKind {
    let expression = |key: &'static str| {
        let read = read_expression(table, key, &table.text(key), names);
        read.unwrap_or(Expression::Number(0))
    };
    match table.word("kind", KINDS, Word::Compare) {
        Word::Range => {
            let field = table.name("field");
            want_field(table, form, &field, &table.at_key("field"));
            let decimals = find(sections, &field).and_then(|field| field.kind.decimals());
            RuleKind::Range {
                min: table.scaled("min", decimals.unwrap_or(0)),
                max: table.scaled("max", decimals.unwrap_or(0)),
                field,
            }
        }
        Word::SumEquals => {
            let total = table.name("total");
            want_field(table, form, &total, &table.at_key("total"));
            let parts = table.texts("parts").into_iter().map(|(part, at)| {
                want_field(table, form, &part, &at);
                part
            });
            RuleKind::SumEquals {
                parts: parts.collect(),
                total,
            }
        }
        Word::Jump => {
            let subject = expression("subject");
            RuleKind::Jump {
                field: pointed(table, form, &subject),
                percent: table.needed_scaled("percent", 2),
                subject,
            }
        }
        Word::Compare => {
            let left = expression("left");
            RuleKind::Compare {
                field: pointed(table, form, &left),
                operator: table.word("operator", OPERATORS, Operator::Equal),
                right: expression("right"),
                left,
            }
        }
    }
}

/// The field that the finding points at: the one that is named, or the subject where it is one field.
fn pointed(table: &Table<'_>, form: &str, subject: &Expression) -> Option<String> {
    if table.has("field") {
        let field = table.name("field");
        want_field(table, form, &field, &table.at_key("field"));
        return Some(field);
    }
    subject.single_field().map(str::to_owned)
}

fn want_field(table: &Table<'_>, form: &str, field: &str, at: &At) {
    if !field.is_empty() {
        let owned = format!("{form}/{field}");
        table.sink().want(Kind::Field, &owned, at);
    }
}

fn find<'s>(sections: &'s [Section], code: &str) -> Option<&'s FieldDef> {
    let mut fields = sections.iter().flat_map(|section| section.fields.iter());
    fields.find(|field| field.code == code)
}
