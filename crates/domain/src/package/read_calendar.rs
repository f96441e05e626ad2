//! Reading holidays, the settings of deadlines, and the phrases with which reports are returned.

use super::calendar::{Calendar, Deadlines};
use super::catalogue::Phrase;
use super::reader::Table;
use super::sink::both;
use chrono::{Datelike, NaiveDate, Weekday};

const LONGEST: usize = 15;

/// Public holidays, and the weekends on which people work instead.
pub(super) fn read_holidays(root: Table<'_>) -> Calendar {
    let mut calendar = Calendar::default();
    for table in root.tables("holiday") {
        holiday(table, &mut calendar);
    }
    for table in root.tables("workday") {
        workday(table, &mut calendar);
    }
    root.finish();
    calendar
}

fn holiday(table: Table<'_>, calendar: &mut Calendar) {
    table.text("name_zh");
    table.text("name_en");
    let first = table.date("first");
    let last = table.date("last");
    let days: Vec<NaiveDate> = first
        .iter_days()
        .take_while(|day| *day <= last)
        .take(LONGEST + 1)
        .collect();
    if days.is_empty() || days.len() > LONGEST {
        table.sink().note(
            &table.at_key("last"),
            "date_order",
            both(
                "假期的末日早于首日，或假期太长",
                "the holiday ends before it begins, or is too long",
            ),
            both(
                format!("请核对 first 和 last，一个假期最多{LONGEST}天"),
                format!("check `first` and `last`; a holiday has at most {LONGEST} days"),
            ),
        );
    } else {
        for day in days {
            keep(&table, "first", day, calendar, true);
        }
    }
    table.finish();
}

fn workday(table: Table<'_>, calendar: &mut Calendar) {
    let day = table.date("day");
    if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        table.sink().note(
            &table.at_key("day"),
            "no_day_off",
            both(
                format!("{day}不是周末，本来就是工作日"),
                format!("{day} is no weekend; people work on it anyway"),
            ),
            both(
                "这里只写调休上班的周六、周日",
                "name only Saturdays and Sundays on which people work",
            ),
        );
    }
    keep(&table, "day", day, calendar, false);
    table.finish();
}

/// Keeps a day once: one that is named twice is a fault.
fn keep(table: &Table<'_>, key: &'static str, day: NaiveDate, calendar: &mut Calendar, off: bool) {
    let known = calendar.holidays.contains(&day) || calendar.workdays.contains(&day);
    if known && table.has(key) {
        table.sink().note(
            &table.at_key(key),
            "duplicate_day",
            both(format!("{day}写了两次"), format!("{day} is named twice")),
            both("请删去重复的一处", "remove one of them"),
        );
    }
    if off {
        calendar.holidays.insert(day);
    } else {
        calendar.workdays.insert(day);
    }
}

/// How deadlines are set and shown.
pub(super) fn read_deadlines(root: Table<'_>) -> Deadlines {
    let mut deadlines = Deadlines::default();
    if let Some(table) = root.needed_table("deadlines") {
        deadlines = Deadlines {
            soon_days: table.count("soon_days"),
            move_to_working_day: table.flag("move_to_working_day", false),
            extension_max_days: table.count("extension_max_days"),
        };
        table.finish();
    }
    root.finish();
    deadlines
}

/// The phrases.
pub(super) fn read_phrases(root: Table<'_>) -> Vec<Phrase> {
    let phrases = root.tables("phrase").into_iter().map(|table| {
        let phrase = Phrase {
            text_zh: table.text("text_zh"),
            text_en: table.text("text_en"),
        };
        table.finish();
        phrase
    });
    let phrases = phrases.collect();
    root.finish();
    phrases
}
