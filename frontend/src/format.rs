//! Numbers, dates and words as they are shown.

use crate::i18n::{Lang, named, shown};
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use yew::TargetCast;
use zhenxing_api_types::programme::{FormSummary, Metric, Target};
use zhenxing_api_types::report::{DueState, Light, ReportAction, Value};
use zhenxing_api_types::session::Role;
use zhenxing_api_types::unit::Level;
use zhenxing_client::ClientError;
use zhenxing_domain::package::number::format_scaled;
use zhenxing_domain::package::{FieldDef, FieldKind, Finding, FormDef};

/// What stands where nothing can be said.
pub const NOTHING: &str = "—";

/// Digits with commas: `1234567.5` is `1,234,567.5`.
pub fn grouped(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (digits, String::new()),
    };
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{fraction}")
}

/// A scaled integer with commas: `5000000` with two decimals is `50,000.00`.
pub fn number(value: i64, decimals: u8) -> String {
    grouped(&format_scaled(value, decimals))
}

/// A share in basis points: `9850` is `98.50%`.
pub fn share(points: i64) -> String {
    format!("{}%", number(points, 2))
}

/// Two decimals of a sum in a larger measure, where the sum fills it.
fn measured(whole: i64) -> Option<String> {
    let (size, name) = match (shown(), whole.unsigned_abs()) {
        (Lang::Zh, 100_000_000..) => (100_000_000, t!("number-yi")),
        (Lang::Zh, 10_000..) => (10_000, t!("number-wan")),
        (Lang::En, 1_000_000..) => (1_000_000, t!("number-million")),
        (Lang::En, 10_000..) => (1_000, t!("number-thousand")),
        _ => return None,
    };
    Some(format!("{}{name}", number(whole / (size / 100), 2)))
}

/// A figure short: shares with %, large sums in 万 and 亿, or in thousands and millions.
pub fn short(metric: &Metric, value: Option<i64>) -> String {
    let Some(value) = value else {
        return NOTHING.to_owned();
    };
    if metric.kind == "ratio" {
        return share(value);
    }
    let scale = 10_i64.checked_pow(u32::from(metric.decimals)).unwrap_or(1);
    measured(value / scale).unwrap_or_else(|| number(value, metric.decimals))
}

/// A figure exactly.
pub fn exact(metric: &Metric, value: Option<i64>) -> String {
    match value {
        None => NOTHING.to_owned(),
        Some(value) if metric.kind == "ratio" => share(value),
        Some(value) => number(value, metric.decimals),
    }
}

/// How much a figure changed against the period before, in per cent with one place.
pub fn change(now: i64, old: i64) -> Option<String> {
    let tenths = now
        .checked_sub(old)?
        .checked_mul(1_000)?
        .checked_div(old.checked_abs()?)?;
    let sign = if tenths > 0 { "+" } else { "" };
    Some(format!("{sign}{}%", number(tenths, 1)))
}

/// How far a figure stands from another: shares in percentage points, sums in per cent.
pub fn distance(metric: &Metric, now: i64, old: i64) -> String {
    if metric.kind != "ratio" {
        return change(now, old).unwrap_or_else(|| NOTHING.to_owned());
    }
    t!("points", value = signed(now.saturating_sub(old), 2))
}

/// A number that always carries its sign.
pub fn signed(value: i64, decimals: u8) -> String {
    let sign = if value > 0 { "+" } else { "" };
    format!("{sign}{}", number(value, decimals))
}

/// A value of a report.
pub fn value(field: &FieldDef, value: Option<&Value>) -> String {
    match value {
        None => NOTHING.to_owned(),
        Some(Value::Integer(found)) => number(*found, field.kind.decimals().unwrap_or(0)),
        Some(Value::Flag(true)) => t!("yes"),
        Some(Value::Flag(false)) => t!("no"),
        Some(Value::Text(text)) => match &field.kind {
            FieldKind::Choice { choices } => {
                let found = choices.iter().find(|choice| choice.code == *text);
                found.map_or_else(
                    || text.clone(),
                    |choice| named(&choice.name_zh, &choice.name_en).to_owned(),
                )
            }
            _ => text.clone(),
        },
    }
}

/// A value computed from the others.
pub fn computed(field: &FieldDef, found: Option<&i64>) -> String {
    let decimals = field.kind.decimals().unwrap_or(0);
    found.map_or_else(|| NOTHING.to_owned(), |found| number(*found, decimals))
}

/// The name of a field with its unit behind: 经营性收入（元）.
pub fn field_name(field: &FieldDef) -> String {
    let unit = named(&field.unit_zh, &field.unit_en);
    let name = named(&field.name_zh, &field.name_en);
    if unit.is_empty() {
        name.to_owned()
    } else {
        t!("with-unit", name = name, unit = unit)
    }
}

/// What a rule says.
pub fn finding(finding: &Finding) -> String {
    named(&finding.message_zh, &finding.message_en).to_owned()
}

/// The name of a form, or its code where the form is not known.
pub fn form_name(forms: &[FormSummary], code: &str) -> String {
    let found = forms.iter().find(|form| form.code == code);
    found.map_or_else(
        || code.to_owned(),
        |form| named(&form.name_zh, &form.name_en).to_owned(),
    )
}

/// A target with its day: 目标 70.00%，2025-12-31前.
pub fn target(metric: &Metric, target: &Target) -> String {
    let value = short(metric, target.value);
    match target.by {
        Some(day) => t!("target-by", value = value, day = day.to_string()),
        None => t!("target", value = value),
    }
}

/// What was done when a version came to be.
pub fn version_action(action: &str) -> String {
    match action {
        "save" => t!("action-save"),
        "submit" => t!("action-submit"),
        "check" => t!("action-check"),
        "approve" => t!("action-approve"),
        "return" => t!("action-return"),
        "revise" => t!("action-revise"),
        _ => t!("action-other"),
    }
}

/// What an act on a report is called on its button.
pub fn action(action: ReportAction) -> String {
    match action {
        ReportAction::Submit => t!("action-submit"),
        ReportAction::Check => t!("action-check"),
        ReportAction::Approve => t!("action-approve"),
        ReportAction::Return => t!("action-return"),
        ReportAction::Revise => t!("action-revise"),
    }
}

/// Whether a key is typed into a field, or is part of a shortcut of the browser.
pub fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let field = event
        .target_dyn_into::<web_sys::Element>()
        .is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        });
    field || event.ctrl_key() || event.alt_key() || event.meta_key()
}

/// What English calls a month, short.
fn month_name(month: &str) -> Option<&'static str> {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let place = month.parse::<usize>().ok()?.checked_sub(1)?;
    NAMES.get(place).copied()
}

/// A period: `2024年`, `2024年7月`, `2024年第3季度`; `2024`, `Jul 2024`, `Q3 2024`.
pub fn period(text: &str) -> String {
    if let Some((year, month)) = text.split_once('-') {
        return match shown() {
            Lang::Zh => t!(
                "period-month",
                year = year,
                month = month.trim_start_matches('0')
            ),
            Lang::En => {
                month_name(month).map_or_else(|| text.to_owned(), |name| format!("{name} {year}"))
            }
        };
    }
    if let Some((year, quarter)) = text.split_once('Q') {
        return t!("period-quarter", year = year, quarter = quarter);
    }
    match text.split_once('H') {
        Some((year, "1")) => t!("period-first-half", year = year),
        Some((year, _)) => t!("period-second-half", year = year),
        None => t!("period-year", year = text),
    }
}

/// An instant as the clock in Beijing shows it, to the minute.
pub fn instant(at: DateTime<Utc>) -> String {
    let east = at.checked_add_signed(TimeDelta::hours(8)).unwrap_or(at);
    let day = east.date_naive();
    format!("{day} {:02}:{:02}", east.hour(), east.minute())
}

/// Who checks and who approves a form, for the words of its states.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Steps {
    check: Option<Level>,
    approve: Option<Level>,
}

impl Steps {
    /// The steps of a form among those that are known.
    pub fn of(forms: &[FormSummary], code: &str) -> Steps {
        let found = forms.iter().find(|form| form.code == code);
        found.map_or_else(Steps::default, |form| Steps {
            check: form.check_level,
            approve: Some(form.approve_level),
        })
    }
}

impl From<&FormDef> for Steps {
    fn from(form: &FormDef) -> Steps {
        Steps {
            check: form.check_level.map(Into::into),
            approve: Some(form.approve_level.into()),
        }
    }
}

/// A level as states name it.
pub fn level(level: Option<Level>) -> String {
    match level {
        None => String::new(),
        Some(Level::City) => t!("at-city"),
        Some(Level::County) => t!("at-county"),
        Some(Level::Township) => t!("at-township"),
        Some(Level::Village) => t!("at-village"),
    }
}

/// Where a due stands.
pub fn due_state(due: DueState, steps: Steps) -> String {
    match due {
        DueState::NotStarted => t!("state-not-started"),
        DueState::Draft => t!("state-draft"),
        DueState::Submitted => t!("state-submitted", level = level(steps.check)),
        DueState::Checked => t!("state-checked", level = level(steps.approve)),
        DueState::Approved => t!("state-approved"),
        DueState::Returned => t!("state-returned"),
    }
}

/// The word of a light.
pub fn light(light: Light) -> String {
    match light {
        Light::Normal => t!("light-normal"),
        Light::Soon => t!("light-soon"),
        Light::Overdue => t!("light-overdue"),
    }
}

/// What an account does.
pub fn role(role: Role) -> String {
    match role {
        Role::Filler => t!("role-filler"),
        Role::Checker => t!("role-checker"),
        Role::Approver => t!("role-approver"),
        Role::Viewer => t!("role-viewer"),
        Role::Coordinator => t!("role-coordinator"),
        Role::Administrator => t!("role-administrator"),
        Role::Auditor => t!("role-auditor"),
    }
}

/// What went wrong and what to do.
pub fn error(error: &ClientError) -> String {
    match error {
        ClientError::Problem(problem) => problem.detail.clone(),
        ClientError::Network(_) => t!("error-network"),
        ClientError::Decode(_) => t!("error-answer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n;

    #[test]
    fn numbers_carry_commas() {
        assert_eq!(number(500_000_000, 2), "5,000,000.00");
        assert_eq!(number(-123, 2), "-1.23");
        assert_eq!(grouped("999"), "999");
        assert_eq!(grouped("-1000"), "-1,000");
    }

    #[test]
    fn large_sums_are_measured_as_each_language_counts() {
        assert_eq!(measured(9_999), None);
        assert_eq!(measured(56_460_000).as_deref(), Some("5,646.00万"));
        assert_eq!(measured(123_456_789).as_deref(), Some("1.23亿"));
        i18n::speak(Lang::En);
        assert_eq!(measured(56_460_000).as_deref(), Some("56.46 million"));
        assert_eq!(measured(12_340).as_deref(), Some("12.34 thousand"));
        assert_eq!(measured(9_999), None);
    }

    #[test]
    fn changes_have_a_sign() {
        assert_eq!(change(150, 100).as_deref(), Some("+50.0%"));
        assert_eq!(change(50, 100).as_deref(), Some("-50.0%"));
        assert_eq!(change(-50, -100).as_deref(), Some("+50.0%"));
        assert_eq!(change(1, 0), None);
    }

    #[test]
    fn periods_read_as_each_language_writes_them() {
        let all = ["2024", "2024-07", "2024Q3", "2024H1"];
        let zh: Vec<String> = all.map(period).into();
        assert_eq!(zh, ["2024年", "2024年7月", "2024年第3季度", "2024年上半年"]);
        i18n::speak(Lang::En);
        let en: Vec<String> = all.map(period).into();
        assert_eq!(en, ["2024", "Jul 2024", "Q3 2024", "First half of 2024"]);
    }
}
