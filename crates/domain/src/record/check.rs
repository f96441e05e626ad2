//! What stands against a record.

use super::derive::{Days, Look, truth};
use super::{Record, RecordValue, Values, day, is_phone};
use crate::identity::{holds_id_number, is_id_card};
use crate::package::number::format_scaled;
use crate::package::{Finding, MoveDef, RecordDef, RecordField, RecordKind, RecordRule, Severity};

fn finding(rule: &str, field: &str, zh: String, en: String) -> Finding {
    Finding {
        rule: rule.to_owned(),
        field: Some(field.to_owned()),
        severity: Severity::Error,
        explained: false,
        message_zh: zh,
        message_en: en,
    }
}

/// What no record may hold: unknown fields, values of the wrong kind.
pub fn check_draft(def: &RecordDef, values: &Values) -> Vec<Finding> {
    values
        .iter()
        .filter_map(|(code, value)| match def.field(code) {
            Some(_) if value.is_blank() => None,
            Some(field) => check_value(field, value),
            None => Some(unknown(code)),
        })
        .collect()
}

/// A field that the ledger does not have. An identity number in its place is not repeated.
fn unknown(code: &str) -> Finding {
    let code = if holds_id_number(code) { "?" } else { code };
    finding(
        "unknown_field",
        code,
        format!("本台账没有“{code}”这一项，请刷新页面后重新填写"),
        format!("This ledger has no field `{code}`; reload the page and fill in again"),
    )
}

/// What stands against keeping a record, rules across other records aside.
pub fn check_whole(def: &RecordDef, values: &Values) -> Vec<Finding> {
    let mut findings = check_draft(def, values);
    let needed = def.fields().filter(|field| field.required);
    findings.extend(missing(needed, values));
    findings
}

/// What stands against a move: fields that it needs and that are empty.
pub fn check_move(def: &RecordDef, motion: &MoveDef, values: &Values) -> Vec<Finding> {
    let needed = motion.needs.iter().filter_map(|code| def.field(code));
    missing(needed, values)
}

fn missing<'a>(fields: impl Iterator<Item = &'a RecordField>, values: &Values) -> Vec<Finding> {
    fields
        .filter(|field| values.get(&field.code).is_none_or(RecordValue::is_blank))
        .map(|field| {
            finding(
                "required",
                &field.code,
                format!("请填写“{}”", field.name_zh),
                format!("Fill in `{}`", field.name_en),
            )
        })
        .collect()
}

/// The rules that do not hold. A rule whose values are missing asks nothing.
pub fn check_rules<L: Look>(
    def: &RecordDef,
    record: &Record,
    days: &Days,
    look: &L,
    across: bool,
) -> Vec<Finding> {
    let asked = def.rules.iter().filter(|rule| across || !rule.across);
    asked
        .filter(|rule| truth(&rule.holds, record, None, days, look) == Some(false))
        .map(said)
        .collect()
}

fn said(rule: &RecordRule) -> Finding {
    Finding {
        rule: rule.code.clone(),
        field: rule.field.clone(),
        severity: rule.severity,
        explained: false,
        message_zh: rule.message_zh.clone(),
        message_en: rule.message_en.clone(),
    }
}

fn check_value(field: &RecordField, value: &RecordValue) -> Option<Finding> {
    match (&field.kind, value) {
        (RecordKind::Text | RecordKind::Place, RecordValue::Text(text)) => {
            check_length(field, text).or_else(|| check_personal(field, text))
        }
        (RecordKind::Date, RecordValue::Text(text)) => day(text)
            .is_none_or(|day| !(1900..2200).contains(&chrono::Datelike::year(&day)))
            .then(|| {
                finding(
                    "type",
                    &field.code,
                    format!("“{}”不是有效日期，应写成2024-07-31", field.name_zh),
                    format!("`{}` is no day such as 2024-07-31", field.name_en),
                )
            }),
        (RecordKind::IdCard, RecordValue::Text(text)) => (!is_id_card(text)).then(|| {
            finding(
                "id_card",
                &field.code,
                format!("“{}”有误：应为18位且校验位正确，请核对", field.name_zh),
                format!(
                    "`{}` is wrong: it has 18 signs and a check digit; compare it",
                    field.name_en
                ),
            )
        }),
        (RecordKind::Phone, RecordValue::Text(text)) => (!is_phone(text)).then(|| {
            finding(
                "phone",
                &field.code,
                format!("“{}”不是有效的电话号码，请核对", field.name_zh),
                format!("`{}` is no telephone number; compare it", field.name_en),
            )
        }),
        (RecordKind::Choice { .. }, RecordValue::Text(code)) => check_choices(field, [code]),
        (RecordKind::Choices { .. }, RecordValue::Texts(codes)) => check_choices(field, codes),
        (RecordKind::YesNo, RecordValue::Flag(_)) => None,
        (
            RecordKind::Integer | RecordKind::Decimal { .. } | RecordKind::Money,
            RecordValue::Number(number),
        ) => check_bounds(field, *number).or_else(|| check_personal(field, &number.to_string())),
        (RecordKind::Unit | RecordKind::Reference { .. }, RecordValue::Number(_)) => None,
        // Outside, a record goes by its long number and a file by its own.
        (RecordKind::Reference { .. } | RecordKind::File, RecordValue::Text(_)) => None,
        (RecordKind::References { .. }, RecordValue::Numbers(all)) => check_count(field, all.len()),
        (RecordKind::References { .. }, RecordValue::Texts(all)) => check_count(field, all.len()),
        _ => Some(finding(
            "type",
            &field.code,
            format!(
                "“{}”的填写格式不对，应为{}",
                field.name_zh,
                kind_zh(&field.kind)
            ),
            format!("`{}` takes {}", field.name_en, kind_en(&field.kind)),
        )),
    }
}

fn check_length(field: &RecordField, text: &str) -> Option<Finding> {
    let limit = field.most();
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    (length > limit).then(|| {
        finding(
            "too_long",
            &field.code,
            format!("“{}”不能超过{limit}字，请精简", field.name_zh),
            format!(
                "`{}` has at most {limit} characters; shorten it",
                field.name_en
            ),
        )
    })
}

fn check_count(field: &RecordField, count: usize) -> Option<Finding> {
    let limit = field.most();
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    (count > limit).then(|| {
        finding(
            "too_long",
            &field.code,
            format!("“{}”最多{limit}条，请分开登记", field.name_zh),
            format!(
                "`{}` takes at most {limit}; use several records",
                field.name_en
            ),
        )
    })
}

/// No identity number stands in a free text: nothing masks it there.
fn check_personal(field: &RecordField, text: &str) -> Option<Finding> {
    holds_id_number(text).then(|| {
        finding(
            "personal_data",
            &field.code,
            format!(
                "“{}”中有身份证号码，应填在身份证号一栏，请从这里删去",
                field.name_zh
            ),
            format!(
                "`{}` holds an identity number; it belongs in its own field, remove it here",
                field.name_en
            ),
        )
    })
}

fn check_choices<'a>(
    field: &RecordField,
    codes: impl IntoIterator<Item = &'a String>,
) -> Option<Finding> {
    let known = field.kind.choices();
    let stranger = codes
        .into_iter()
        .any(|code| !known.iter().any(|choice| choice.code == *code));
    stranger.then(|| {
        finding(
            "choice",
            &field.code,
            format!("“{}”不在可选范围内，请重新选择", field.name_zh),
            format!(
                "The value of `{}` is none of its choices; choose again",
                field.name_en
            ),
        )
    })
}

fn check_bounds(field: &RecordField, number: i64) -> Option<Finding> {
    let shown = |bound: i64| format_scaled(bound, field.kind.decimals().unwrap_or(0));
    let (zh, en) = match (field.min, field.max) {
        (Some(min), _) if number < min => (
            format!("不能小于{}{}", shown(min), field.unit_zh),
            format!("cannot be less than {} {}", shown(min), field.unit_en),
        ),
        (_, Some(max)) if number > max => (
            format!("不能大于{}{}，请核对", shown(max), field.unit_zh),
            format!(
                "cannot be more than {} {}; compare it",
                shown(max),
                field.unit_en
            ),
        ),
        _ => return None,
    };
    Some(finding(
        "range",
        &field.code,
        format!("“{}”{zh}", field.name_zh),
        format!("`{}` {en}", field.name_en),
    ))
}

fn kind_zh(kind: &RecordKind) -> &'static str {
    match kind {
        RecordKind::Text | RecordKind::Place => "文字",
        RecordKind::Integer => "整数",
        RecordKind::Decimal { .. } => "数字",
        RecordKind::Money => "金额（元，最多两位小数）",
        RecordKind::Date => "日期",
        RecordKind::Choice { .. } => "可选项之一",
        RecordKind::Choices { .. } => "可选项中的一项或几项",
        RecordKind::YesNo => "是或否",
        RecordKind::IdCard => "身份证号",
        RecordKind::Phone => "电话号码",
        RecordKind::Unit => "单位",
        RecordKind::Reference { .. } => "另一条记录",
        RecordKind::References { .. } => "若干条记录",
        RecordKind::File => "文件",
    }
}

fn kind_en(kind: &RecordKind) -> &'static str {
    match kind {
        RecordKind::Text | RecordKind::Place => "a text",
        RecordKind::Integer => "a whole number",
        RecordKind::Decimal { .. } => "a number",
        RecordKind::Money => "an amount of yuan with at most two decimals",
        RecordKind::Date => "a day",
        RecordKind::Choice { .. } => "one of its choices",
        RecordKind::Choices { .. } => "some of its choices",
        RecordKind::YesNo => "yes or no",
        RecordKind::IdCard => "an identity number",
        RecordKind::Phone => "a telephone number",
        RecordKind::Unit => "a unit",
        RecordKind::Reference { .. } => "another record",
        RecordKind::References { .. } => "other records",
        RecordKind::File => "a file",
    }
}
