//! Numbers and words as they are shown.

use chrono::{DateTime, TimeDelta, Utc};
use yew::TargetCast;
use zhenxing_api_types::programme::Metric;
use zhenxing_api_types::report::{DueState, Light, ReportState};
use zhenxing_client::ClientError;
use zhenxing_domain::package::number::format_scaled;

/// A scaled integer with commas: `5000000` with two decimals is `50,000.00`.
pub fn number(value: i64, decimals: u8) -> String {
    let text = format_scaled(value, decimals);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.as_str()),
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

/// A figure short: shares with %, large sums in 万 or 亿.
pub fn short(metric: &Metric, value: Option<i64>) -> String {
    let Some(value) = value else {
        return "—".to_owned();
    };
    if metric.kind == "ratio" {
        return format!("{}%", number(value, 2));
    }
    let scale = 10_i64.checked_pow(u32::from(metric.decimals)).unwrap_or(1);
    let whole = value / scale;
    if whole >= 100_000_000 {
        format!("{}亿", number(value / scale / 1_000_000, 2))
    } else if whole >= 10_000 {
        format!("{}万", number(value / scale / 100, 2))
    } else {
        number(value, metric.decimals)
    }
}

/// A figure exactly, with its unit.
pub fn exact(metric: &Metric, value: Option<i64>) -> String {
    match value {
        None => "—".to_owned(),
        Some(value) if metric.kind == "ratio" => format!("{}%", number(value, 2)),
        Some(value) => number(value, metric.decimals),
    }
}

/// How much a figure changed against the period before, in per cent with one place.
pub fn change(now: i64, old: i64) -> String {
    let Some(tenths) = now
        .checked_sub(old)
        .and_then(|difference| difference.checked_mul(1_000))
        .and_then(|scaled| scaled.checked_div(old))
    else {
        return "—".to_owned();
    };
    let sign = if tenths > 0 { "+" } else { "" };
    format!("{sign}{}%", number(tenths, 1))
}

/// What was done when a version came to be.
pub fn version_action(action: &str) -> &'static str {
    match action {
        "save" => "暂存",
        "submit" => "提交",
        "check" => "审核通过",
        "approve" => "审定",
        "return" => "退回修改",
        "revise" => "发起更正",
        _ => "变更",
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

/// A period: `2024年`, `2024年7月`, `2024年第三季度`.
pub fn period(text: &str) -> String {
    match text.split_once('-') {
        Some((year, month)) => format!("{year}年{}月", month.trim_start_matches('0')),
        None => match text.split_once('Q') {
            Some((year, quarter)) => format!("{year}年第{quarter}季度"),
            None => match text.split_once('H') {
                Some((year, half)) => {
                    format!("{year}年{}半年", if half == "1" { "上" } else { "下" })
                }
                None => format!("{text}年"),
            },
        },
    }
}

/// An instant as the clock in Beijing shows it.
pub fn instant(at: DateTime<Utc>) -> String {
    let east = at.checked_add_signed(TimeDelta::hours(8)).unwrap_or(at);
    east.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// Where a report stands.
pub fn state(state: ReportState) -> &'static str {
    match state {
        ReportState::Draft => "暂存",
        ReportState::Submitted => "待乡镇审核",
        ReportState::Checked => "待县级审定",
        ReportState::Approved => "已审定",
        ReportState::Returned => "退回修改",
    }
}

/// Where a due stands.
pub fn due_state(due: DueState) -> &'static str {
    match due {
        DueState::NotStarted => "待填报",
        DueState::Draft => "暂存",
        DueState::Submitted => "待乡镇审核",
        DueState::Checked => "待县级审定",
        DueState::Approved => "已审定",
        DueState::Returned => "退回修改",
    }
}

/// Shape, word and class of a light.
pub fn light(light: Light) -> (&'static str, &'static str) {
    match light {
        Light::Normal => ("● 正常", "zx-normal"),
        Light::Soon => ("▲ 临期", "zx-soon"),
        Light::Overdue => ("■ 逾期", "zx-overdue"),
    }
}

/// What went wrong and what to do.
pub fn error(error: &ClientError) -> String {
    match error {
        ClientError::Problem(problem) => problem.detail.clone(),
        ClientError::Network(_) => "连接不上服务器，请检查网络后重试".to_owned(),
        ClientError::Decode(_) => "服务器的答复无法识别，请刷新页面后重试".to_owned(),
    }
}
