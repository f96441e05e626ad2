//! Checking the values of a report: the same in the browser and in the server.

use super::form::{FieldDef, FieldKind, FieldValue, FormDef, RuleDef, RuleKind};
use super::number::format_scaled;
use crate::identity::holds_id_number;
use crate::period::Period;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many characters the name of a source document may have.
const SOURCE_MAX_LEN: u32 = 200;

/// What follows when something does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The report cannot be submitted.
    Error,
    /// The report can be submitted with an explanation.
    NeedsExplanation,
    /// The report can be submitted.
    Warning,
}

/// Something that a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's code, or one of `required`, `source_document`, `type`, `range`, `too_long`, `personal_data`, `choice`,
    /// `unknown_field`, `unknown_rule`.
    pub rule: String,
    /// The field that it points at.
    pub field: Option<String>,
    /// What follows.
    pub severity: Severity,
    /// Whether an explanation was given where one is needed.
    pub explained: bool,
    /// What is wrong and what to do, in Chinese.
    pub message_zh: String,
    /// What is wrong and what to do, in English.
    pub message_en: String,
}

impl Finding {
    /// Whether the report cannot be submitted as it is.
    pub fn blocks(&self) -> bool {
        match self.severity {
            Severity::Error => true,
            Severity::NeedsExplanation => !self.explained,
            Severity::Warning => false,
        }
    }

    fn error(rule: &str, field: &str, zh: String, en: String) -> Finding {
        Finding {
            rule: rule.to_owned(),
            field: Some(field.to_owned()),
            severity: Severity::Error,
            explained: false,
            message_zh: zh,
            message_en: en,
        }
    }
}

impl FormDef {
    /// Everything that stands against submitting a report or should be explained with it.
    pub fn check(
        &self,
        values: &BTreeMap<String, FieldValue>,
        previous: Option<&BTreeMap<String, FieldValue>>,
        explanations: &BTreeMap<String, String>,
    ) -> Vec<Finding> {
        let mut findings = self.check_draft(values);
        for field in self
            .fields()
            .filter(|field| field.required && field.is_asked())
        {
            if values.get(&field.code).is_none_or(is_blank) {
                findings.push(required(field));
            }
        }
        findings.extend(self.check_explanations(explanations));
        if findings.is_empty() {
            let numbers = self.numbers(values);
            let before = previous.map(|previous| self.numbers(previous));
            let broken = self
                .rules
                .iter()
                .filter(|rule| is_broken(&rule.kind, &numbers, before.as_ref()));
            findings.extend(broken.map(|rule| rule_finding(rule, explanations)));
        }
        findings
    }

    /// What a draft may not hold: unknown fields, wrong types, numbers out of range, texts too long. What is
    /// still missing is no fault of a draft.
    pub fn check_draft(&self, values: &BTreeMap<String, FieldValue>) -> Vec<Finding> {
        values
            .iter()
            .filter_map(|(code, value)| match self.field(code) {
                Some(field) => check_value(field, value),
                None => Some(Finding::error(
                    "unknown_field",
                    code,
                    format!("本表没有“{code}”这一项，请刷新页面后重新填报"),
                    format!("This form has no field `{code}`; reload the page and fill in again"),
                )),
            })
            .collect()
    }

    /// What stands against a report's source document: figures of years past name where they come from.
    pub fn check_source(&self, period: Period, source: Option<&str>) -> Option<Finding> {
        const CODE: &str = "source_document";
        let text = source.unwrap_or_default();
        if self.is_historical(period) && text.trim().is_empty() {
            return Some(Finding::error(
                CODE,
                CODE,
                "历史补录须写明来源文件，如年报、账册的名称和文号".to_owned(),
                "Figures of past years name their source document, such as a yearly report or a ledger"
                    .to_owned(),
            ));
        }
        FormDef::check_source_text(text)
    }

    /// What a draft's source document may not be: too long, or hold an identity number.
    pub fn check_source_text(text: &str) -> Option<Finding> {
        const CODE: &str = "source_document";
        if is_longer(text, SOURCE_MAX_LEN) {
            return Some(Finding::error(
                "too_long",
                CODE,
                format!("来源文件不能超过{SOURCE_MAX_LEN}字，请精简"),
                format!("A source document has at most {SOURCE_MAX_LEN} characters; shorten it"),
            ));
        }
        check_personal(CODE, "来源文件", "source document", text)
    }

    /// What stands against explanations: rules that the form does not have, and texts that are too long.
    pub fn check_explanations(&self, explanations: &BTreeMap<String, String>) -> Vec<Finding> {
        let limit = self.explanation_max_len;
        explanations
            .iter()
            .filter_map(|(code, text)| {
                if self.rule(code).is_none() {
                    return Some(Finding::error(
                        "unknown_rule",
                        code,
                        format!("本表没有“{code}”这条校验规则，请刷新页面后重新填报"),
                        format!("This form has no rule `{code}`; reload the page"),
                    ));
                }
                if is_longer(text, limit) {
                    return Some(Finding::error(
                        "too_long",
                        code,
                        format!("情况说明不能超过{limit}字，请精简"),
                        format!("An explanation has at most {limit} characters; shorten it"),
                    ));
                }
                check_personal(code, "情况说明", "explanation", text)
            })
            .collect()
    }
}

fn is_blank(value: &FieldValue) -> bool {
    matches!(value, FieldValue::Text(text) if text.trim().is_empty())
}

fn is_longer(text: &str, limit: u32) -> bool {
    usize::try_from(limit).is_ok_and(|limit| text.chars().count() > limit)
}

fn required(field: &FieldDef) -> Finding {
    Finding::error(
        "required",
        &field.code,
        format!("“{}”必须填写，没有发生的请填0", field.name_zh),
        format!(
            "`{}` must be filled in; enter 0 where there was none",
            field.name_en
        ),
    )
}

fn check_value(field: &FieldDef, value: &FieldValue) -> Option<Finding> {
    match (&field.kind, value) {
        (
            FieldKind::Money | FieldKind::Integer | FieldKind::Decimal { .. },
            FieldValue::Integer(number),
        ) => check_bounds(field, *number),
        (FieldKind::YesNo, FieldValue::Flag(_)) => None,
        (FieldKind::Text, FieldValue::Text(text)) => check_length(field, text)
            .or_else(|| check_personal(&field.code, &field.name_zh, &field.name_en, text)),
        (FieldKind::Choice { choices }, FieldValue::Text(code)) => {
            if choices.iter().any(|choice| choice.code == *code) {
                return None;
            }
            Some(Finding::error(
                "choice",
                &field.code,
                format!("“{}”不在可选范围内，请重新选择", field.name_zh),
                format!(
                    "The value of `{}` is none of its choices; choose again",
                    field.name_en
                ),
            ))
        }
        _ => Some(Finding::error(
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

fn check_bounds(field: &FieldDef, number: i64) -> Option<Finding> {
    let shown = |bound: i64| format_scaled(bound, field.kind.decimals().unwrap_or(0));
    let (zh, en) = match (field.min, field.max) {
        (Some(min), _) if number < min => (
            format!("不能小于{}{}", shown(min), field.unit_zh),
            format!("cannot be less than {} {}", shown(min), field.unit_en),
        ),
        (_, Some(max)) if number > max => (
            format!(
                "不能大于{}{}，请核对小数点和单位",
                shown(max),
                field.unit_zh
            ),
            format!(
                "cannot be more than {} {}; check the decimal point and the unit",
                shown(max),
                field.unit_en
            ),
        ),
        _ => return None,
    };
    Some(Finding::error(
        "range",
        &field.code,
        format!("“{}”{zh}", field.name_zh),
        format!("`{}` {en}", field.name_en),
    ))
}

fn check_length(field: &FieldDef, text: &str) -> Option<Finding> {
    let limit = field.max_len.filter(|limit| is_longer(text, *limit))?;
    Some(Finding::error(
        "too_long",
        &field.code,
        format!("“{}”不能超过{limit}字，请精简", field.name_zh),
        format!(
            "`{}` has at most {limit} characters; shorten it",
            field.name_en
        ),
    ))
}

/// No identity number stands in a free text: nobody there needs it, and nothing masks it.
fn check_personal(code: &str, name_zh: &str, name_en: &str, text: &str) -> Option<Finding> {
    holds_id_number(text).then(|| {
        Finding::error(
            "personal_data",
            code,
            format!("“{name_zh}”中有身份证号码，此处不需要，请删去"),
            format!("`{name_en}` holds an identity number; remove it, nobody needs it here"),
        )
    })
}

fn kind_zh(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Money => "金额（元，最多两位小数）",
        FieldKind::Integer => "整数",
        FieldKind::Decimal { .. } => "数字",
        FieldKind::Text => "文字",
        FieldKind::YesNo => "是或否",
        FieldKind::Choice { .. } => "可选项之一",
    }
}

fn kind_en(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Money => "an amount of yuan with at most two decimals",
        FieldKind::Integer => "a whole number",
        FieldKind::Decimal { .. } => "a number",
        FieldKind::Text => "a text",
        FieldKind::YesNo => "yes or no",
        FieldKind::Choice { .. } => "one of its choices",
    }
}

/// Whether a rule is broken. A rule whose figures are missing asks nothing.
fn is_broken(
    kind: &RuleKind,
    numbers: &BTreeMap<String, i64>,
    before: Option<&BTreeMap<String, i64>>,
) -> bool {
    match kind {
        RuleKind::Range { field, min, max } => numbers.get(field).is_some_and(|number| {
            min.is_some_and(|min| *number < min) || max.is_some_and(|max| *number > max)
        }),
        RuleKind::SumEquals { total, parts } => {
            let parts = parts.iter().map(|part| numbers.get(part).copied());
            let sum = parts.map(|part| part.map(i128::from)).sum::<Option<i128>>();
            let total = numbers.get(total).copied().map(i128::from);
            matches!((sum, total), (Some(sum), Some(total)) if sum != total)
        }
        RuleKind::Jump {
            subject, percent, ..
        } => {
            let now = subject.evaluate(numbers);
            let then = before.and_then(|before| subject.evaluate(before));
            matches!((now, then), (Some(now), Some(then)) if jumps(now, then, *percent))
        }
        RuleKind::Compare {
            left,
            operator,
            right,
            ..
        } => {
            let sides = (left.evaluate(numbers), right.evaluate(numbers));
            matches!(sides, (Some(left), Some(right)) if !operator.holds(left, right))
        }
    }
}

/// Whether the figure moved by more than so many basis points. Any move away from zero is a jump.
fn jumps(now: i64, then: i64, percent: i64) -> bool {
    let (now, then) = (i128::from(now), i128::from(then));
    (now - then).abs() * 10_000 > then.abs() * i128::from(percent)
}

fn rule_finding(rule: &RuleDef, explanations: &BTreeMap<String, String>) -> Finding {
    let field = match &rule.kind {
        RuleKind::Range { field, .. } => Some(field.clone()),
        RuleKind::SumEquals { total, .. } => Some(total.clone()),
        RuleKind::Jump { field, .. } | RuleKind::Compare { field, .. } => field.clone(),
    };
    Finding {
        rule: rule.code.clone(),
        field,
        severity: rule.severity,
        explained: explanations
            .get(&rule.code)
            .is_some_and(|text| !text.trim().is_empty()),
        message_zh: rule.message_zh.clone(),
        message_en: rule.message_en.clone(),
    }
}
