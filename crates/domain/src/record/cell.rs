//! Values as people write them in sheets (花名册): days in their many forms, choices by their names, numbers with signs.

use super::RecordValue;
use crate::identity::normalised;
use crate::package::number::parse_scaled;
use crate::package::{ListItem, RecordField, RecordKind};
use chrono::{Days, NaiveDate};

/// What parts several choices in a cell.
const PARTS: [char; 7] = ['、', '，', ',', '；', ';', '/', '\n'];

/// A cell without what spreadsheets leave around a text: spaces, marks of texts, signs of no width.
pub fn clean_cell(text: &str) -> String {
    let shown = text.chars().filter(|sign| !is_hidden(*sign));
    let shown: String = shown.collect();
    let marks = |sign: char| sign.is_whitespace() || matches!(sign, '\'' | '’' | '‘' | '`');
    shown.trim_start_matches(marks).trim().to_owned()
}

fn is_hidden(sign: char) -> bool {
    matches!(sign, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

/// The value that a cell writes for a field. What is not understood comes back as its text, so that the checks name it;
/// units, records and files are not read here.
pub fn read_cell(field: &RecordField, cell: &str) -> Option<RecordValue> {
    let text = clean_cell(cell);
    if text.is_empty() {
        return None;
    }
    let read = match &field.kind {
        RecordKind::Integer | RecordKind::Decimal { .. } | RecordKind::Money => {
            number(field, &text).map(RecordValue::Number)
        }
        RecordKind::Date => written_day(&text).map(|day| RecordValue::Text(day.to_string())),
        RecordKind::Choice { choices } => chosen(choices, &text).map(RecordValue::Text),
        RecordKind::Choices { choices } => {
            let all = text.split(PARTS).filter(|part| !part.trim().is_empty());
            let all = all.map(|part| chosen(choices, part));
            all.collect::<Option<Vec<String>>>().map(RecordValue::Texts)
        }
        RecordKind::YesNo => yes(&text).map(RecordValue::Flag),
        RecordKind::IdCard => normalised(&text).map(RecordValue::Text),
        RecordKind::Phone => {
            let dialled = text.chars().filter(|sign| !sign.is_whitespace());
            Some(RecordValue::Text(dialled.collect()))
        }
        _ => None,
    };
    Some(read.unwrap_or(RecordValue::Text(text)))
}

fn number(field: &RecordField, text: &str) -> Option<i64> {
    let decimals = field.kind.decimals()?;
    let plain = text.replace([',', '，', ' ', '¥', '￥'], "");
    let plain = plain.trim_end_matches(field.unit_zh.as_str());
    let plain = plain.trim_end_matches('元');
    let plain = match plain.split_once('.') {
        // Nothing is lost with noughts at the end.
        Some((whole, fraction)) => {
            let fraction = fraction.trim_end_matches('0');
            match fraction {
                "" => whole.to_owned(),
                fraction => format!("{whole}.{fraction}"),
            }
        }
        None => plain.to_owned(),
    };
    parse_scaled(&plain, decimals)
}

/// A day as it is written by hand or by a spreadsheet: `2024-07-31`, `2024/7/31`, `2024年7月31日`, `20240731`, `202407` for
/// the first of the month, or the number of days that Excel counts.
pub fn written_day(text: &str) -> Option<NaiveDate> {
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return plain_day(text);
    }
    // A tenth month loses its nought where a spreadsheet takes it for a number.
    let doubtful = text.split_once('.');
    if doubtful.is_some_and(|(_, month)| month == "1") {
        return None;
    }
    let plain = text.replace(['/', '.', '年', '月', '－', '—'], "-");
    let plain = plain.replace(['日', '号'], "");
    let mut parts = plain.trim_end_matches('-').split('-');
    let year = parts.next()?;
    let month = parts.next()?;
    let day = parts.next().unwrap_or("1");
    let whole = year.len() == 4 && parts.next().is_none();
    let short = |part: &str| matches!(part.len(), 1 | 2);
    if !whole || !short(month) || !short(day) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn plain_day(text: &str) -> Option<NaiveDate> {
    let part = |from: usize, to: usize| -> Option<u32> { text.get(from..to)?.parse().ok() };
    let year = || i32::try_from(part(0, 4)?).ok();
    match text.len() {
        8 => NaiveDate::from_ymd_opt(year()?, part(4, 6)?, part(6, 8)?),
        6 => NaiveDate::from_ymd_opt(year()?, part(4, 6)?, 1),
        5 => {
            let first = NaiveDate::from_ymd_opt(1899, 12, 30)?;
            first.checked_add_days(Days::new(text.parse().ok()?))
        }
        _ => None,
    }
}

/// The code of a choice by its code, its names, or a part of its name between brackets that no other has.
fn chosen(choices: &[ListItem], text: &str) -> Option<String> {
    let wanted = squeezed(text);
    let same = |name: &str| squeezed(name) == wanted;
    let exact = choices
        .iter()
        .find(|one| same(&one.code) || same(&one.name_zh) || same(&one.name_en));
    if let Some(one) = exact {
        return Some(one.code.clone());
    }
    let mut parts = choices.iter().filter(|one| {
        let mut names = one.name_zh.split(['（', '）', '(', ')', '、']);
        names.any(|name| !name.is_empty() && same(name))
    });
    let one = parts.next()?;
    parts.next().is_none().then(|| one.code.clone())
}

fn squeezed(text: &str) -> String {
    let signs = text.chars().filter(|sign| !sign.is_whitespace());
    let plain = signs.map(|sign| match sign {
        '(' => '（',
        ')' => '）',
        other => other,
    });
    plain.collect::<String>().to_lowercase()
}

fn yes(text: &str) -> Option<bool> {
    match squeezed(text).as_str() {
        "是" | "有" | "对" | "√" | "✓" | "✔" | "yes" | "y" | "true" | "1" => Some(true),
        "否" | "无" | "不是" | "没有" | "×" | "✗" | "✘" | "no" | "n" | "false" | "0" => {
            Some(false)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: RecordKind) -> RecordField {
        RecordField {
            code: "field".to_owned(),
            name_zh: "字段".to_owned(),
            name_en: "Field".to_owned(),
            unit_zh: "人".to_owned(),
            unit_en: String::new(),
            hint_zh: String::new(),
            hint_en: String::new(),
            kind,
            required: false,
            restricted: false,
            column: false,
            filter: false,
            default: None,
            min: None,
            max: None,
            max_len: None,
        }
    }

    fn choices() -> Vec<ListItem> {
        let item = |code: &str, zh: &str, en: &str| ListItem {
            code: code.to_owned(),
            name_zh: zh.to_owned(),
            name_en: en.to_owned(),
        };
        vec![
            item("senior", "高中（中专）", "senior secondary"),
            item("college", "大专", "college"),
        ]
    }

    #[test]
    fn days_are_read_in_their_many_forms() {
        for (text, day) in [
            ("2024-07-31", "2024-07-31"),
            ("2024/7/31", "2024-07-31"),
            ("2024.7.31", "2024-07-31"),
            ("2024年7月31日", "2024-07-31"),
            ("2024-07-31 00:00:00", "2024-07-31"),
            ("20240731", "2024-07-31"),
            ("202407", "2024-07-01"),
            ("2024年7月", "2024-07-01"),
            ("2024.07", "2024-07-01"),
            ("45504", "2024-07-31"),
        ] {
            assert_eq!(written_day(text).unwrap().to_string(), day, "{text}");
        }
        for text in [
            "",
            "去年",
            "2024",
            "2024.1",
            "24-7-1",
            "2024-13-01",
            "2024-7-1-1",
            "3",
        ] {
            assert_eq!(written_day(text), None, "{text}");
        }
    }

    #[test]
    fn cells_are_read_by_the_kind_of_their_field() {
        let text = |text: &str| RecordValue::Text(text.to_owned());
        let choice = || RecordKind::Choice { choices: choices() };
        let several = RecordKind::Choices { choices: choices() };
        let both = RecordValue::Texts(vec!["senior".to_owned(), "college".to_owned()]);
        for (kind, cell, value) in [
            (RecordKind::Integer, "1,200人", RecordValue::Number(1_200)),
            (RecordKind::Integer, "12.00", RecordValue::Number(12)),
            (
                RecordKind::Money,
                "￥50,000.5元",
                RecordValue::Number(5_000_050),
            ),
            (
                RecordKind::Decimal { decimals: 1 },
                "0.5",
                RecordValue::Number(5),
            ),
            (RecordKind::Integer, "1.5", text("1.5")),
            (choice(), "高中（中专）", text("senior")),
            (choice(), "中 专", text("senior")),
            (choice(), "COLLEGE", text("college")),
            (choice(), "博士", text("博士")),
            (several, "高中、大专", both),
            (RecordKind::YesNo, "√", RecordValue::Flag(true)),
            (RecordKind::YesNo, "否", RecordValue::Flag(false)),
            (
                RecordKind::IdCard,
                "'110105 19491231 002x",
                text("11010519491231002X"),
            ),
            (RecordKind::Phone, "138 1234 5678", text("13812345678")),
            (RecordKind::Text, "\u{200B} 张三 ", text("张三")),
        ] {
            assert_eq!(read_cell(&field(kind), cell), Some(value), "{cell}");
        }
        assert_eq!(read_cell(&field(RecordKind::Text), " \u{A0}"), None);
    }
}
