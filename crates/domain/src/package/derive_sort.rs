//! What the two sides of a comparison are, and whether they fit each other.

use super::catalogue::LedgerDef;
use super::derive::{Condition, Moment, Operand};
use super::derive_token::{Read, wrong};
use super::form::Operator;
use super::ledger::{RecordField, RecordKind};
use super::number::parse_scaled;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What an operand is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sort {
    /// A number with so many decimals.
    Number(u8),
    /// A day.
    Day,
    /// Yes or no.
    Flag,
    /// One of some codes.
    Codes(BTreeSet<String>),
    /// A record of a ledger, or a unit.
    Named(String),
    /// A text.
    Text,
}

/// An operand; a number waits to learn how it is scaled, a code among which it stands.
pub(super) enum Part {
    /// An operand of a kind.
    Known(Operand, Sort),
    /// Digits.
    Number(String),
    /// What stands in quotes.
    Code(String),
}

/// One part as it is, several as parts of one.
pub(super) fn one_or(
    mut parts: Vec<Condition>,
    many: fn(Vec<Condition>) -> Condition,
) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => Condition::always(),
    }
}

/// Whether values add up.
pub(super) fn is_number(kind: &RecordKind) -> bool {
    kind.decimals().is_some()
}

/// Whether values tell things apart: records, units, codes.
pub(super) fn is_telling(kind: &RecordKind) -> bool {
    !matches!(
        kind,
        RecordKind::IdCard | RecordKind::Phone | RecordKind::File
    )
}

/// What values of a field are.
pub(super) fn sort_of(kind: &RecordKind) -> Sort {
    match kind {
        RecordKind::Integer | RecordKind::Decimal { .. } | RecordKind::Money => {
            Sort::Number(kind.decimals().unwrap_or_default())
        }
        RecordKind::Date => Sort::Day,
        RecordKind::YesNo => Sort::Flag,
        RecordKind::Choice { choices } | RecordKind::Choices { choices } => {
            Sort::Codes(choices.iter().map(|choice| choice.code.clone()).collect())
        }
        RecordKind::Reference { ledger } | RecordKind::References { ledger } => {
            Sort::Named(ledger.clone())
        }
        RecordKind::Unit => Sort::Named(String::new()),
        RecordKind::Text
        | RecordKind::IdCard
        | RecordKind::Phone
        | RecordKind::File
        | RecordKind::Place => Sort::Text,
    }
}

/// What the state of a record may be.
pub(super) fn states(ledger: &LedgerDef) -> BTreeSet<String> {
    let states = ledger.record.iter().flat_map(|record| record.states.iter());
    states.map(|state| state.code.clone()).collect()
}

/// The field of a ledger.
pub(super) fn find<'a>(ledger: &'a LedgerDef, name: &str, column: usize) -> Read<&'a RecordField> {
    match ledger.field(name) {
        Some(field) => Ok(field),
        None => {
            let known: Vec<&str> = ledger.fields().map(|field| field.code.as_str()).collect();
            let known = known.join(", ");
            wrong(
                column,
                format!("台账“{}”没有字段“{name}”；可用：{known}", ledger.code),
                format!(
                    "`{}` has no field `{name}`; there are: {known}",
                    ledger.code
                ),
            )
        }
    }
}

/// A number, scaled.
pub(super) fn number(column: usize, digits: &str, decimals: u8) -> Read<i64> {
    match parse_scaled(digits, decimals) {
        Some(number) => Ok(number),
        None => wrong(
            column,
            format!("数字“{digits}”的小数位太多或数值太大"),
            format!("the number {digits} has too many decimals or is too large"),
        ),
    }
}

/// A day as written.
pub(super) fn written_day(column: usize, text: &str) -> Read<NaiveDate> {
    match crate::record::day(text) {
        Some(day) => Ok(day),
        None => wrong(
            column,
            format!("“{text}”不是有效日期，应写成 '2024-07-31'"),
            format!("`{text}` is no day such as '2024-07-31'"),
        ),
    }
}

/// A code stands among those that its other side knows.
pub(super) fn among(sort: &Sort, code: &str, column: usize) -> Read<()> {
    match sort {
        Sort::Codes(codes) if codes.contains(code) => Ok(()),
        Sort::Codes(codes) => {
            let known: Vec<&str> = codes.iter().map(String::as_str).collect();
            let known = known.join(", ");
            wrong(
                column,
                format!("没有选项“{code}”；可用：{known}"),
                format!("no choice is called `{code}`; there are: {known}"),
            )
        }
        _ => wrong(
            column,
            "只有选项和状态才能与代码比较",
            "only choices and states compare with codes",
        ),
    }
}

/// The left side of a comparison: no bare number or code.
pub(super) fn known(part: Part, column: usize) -> Read<(Operand, Sort)> {
    match part {
        Part::Known(operand, sort) => Ok((operand, sort)),
        Part::Number(_) | Part::Code(_) => wrong(
            column,
            "左边应为字段",
            "a field should stand on the left side",
        ),
    }
}

/// A comparison.
pub(super) fn compare(left: Operand, operator: Operator, right: Operand) -> Condition {
    Condition::Compare {
        left,
        operator,
        right,
    }
}

/// Both sides are of one kind, and only numbers and days are more or less than others.
pub(super) fn fitting(
    left: Part,
    operator: Operator,
    right: Part,
    column: usize,
) -> Read<Condition> {
    let (left, sort) = known(left, column)?;
    let (right, ordered) = match (right, &sort) {
        (Part::Number(digits), Sort::Number(decimals)) => {
            let number = number(column, &digits, *decimals)?;
            (Operand::Number(number), true)
        }
        (Part::Code(text), Sort::Day) => (Operand::Day(written_day(column, &text)?), true),
        (Part::Code(code), sort) => {
            among(sort, &code, column)?;
            (Operand::Code(code), false)
        }
        (Part::Known(operand, other), sort) if other == *sort && *sort != Sort::Text => {
            (operand, matches!(sort, Sort::Number(_) | Sort::Day))
        }
        _ => {
            return wrong(
                column,
                "比较的两边不是同一类",
                "the two sides of the comparison are of different kinds",
            );
        }
    };
    if ordered || operator == Operator::Equal {
        return Ok(compare(left, operator, right));
    }
    wrong(
        column,
        "只有数字和日期能比大小",
        "only numbers and days are more or less than others",
    )
}

/// The record is in force on the last day of the period.
pub(super) fn in_force(ledger: &LedgerDef, column: usize) -> Read<Condition> {
    let term = ledger
        .record
        .as_ref()
        .and_then(|record| record.term.as_ref());
    let Some(term) = term else {
        return wrong(
            column,
            format!("台账“{}”没有起止日期（term）", ledger.code),
            format!("`{}` has no term", ledger.code),
        );
    };
    let end = || Operand::Moment(Moment::End);
    let mut parts = vec![compare(
        Operand::Field(term.since.clone()),
        Operator::AtMost,
        end(),
    )];
    if let Some(until) = &term.until {
        parts.push(Condition::Any(vec![
            Condition::Missing(Operand::Field(until.clone())),
            compare(Operand::Field(until.clone()), Operator::MoreThan, end()),
        ]));
    }
    Ok(Condition::All(parts))
}
