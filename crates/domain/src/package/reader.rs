//! Reading TOML so that every fault is kept with its line.
//!
//! A reader never stops at the first fault: what is wrong is noted, a harmless value stands in for it, and the
//! package is refused at the end. So one run tells the office everything that has to be corrected.

use super::number::parse_scaled;
use super::sink::{At, Both, Lines, Sink, both};
use chrono::NaiveDate;
use std::cell::RefCell;
use std::collections::BTreeSet;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The words that a key takes, with their meanings.
pub(super) type Words<'w, T> = &'w [(&'static str, T)];

/// A table of a file, and which of its keys have been asked for.
pub(super) struct Table<'a> {
    entries: &'a DeTable<'a>,
    file: &'a Lines,
    at: At,
    sink: &'a Sink,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Table<'a> {
    /// The whole of a file.
    pub(super) fn root(entries: &'a DeTable<'a>, file: &'a Lines, sink: &'a Sink) -> Self {
        let at = At::new(file, 0);
        Table::new(entries, file, at, sink)
    }

    fn new(entries: &'a DeTable<'a>, file: &'a Lines, at: At, sink: &'a Sink) -> Self {
        Table {
            entries,
            file,
            at,
            sink,
            asked: RefCell::default(),
        }
    }

    /// Where faults are noted.
    pub(super) fn sink(&self) -> &'a Sink {
        self.sink
    }

    /// The place of the table's heading.
    pub(super) fn at(&self) -> At {
        self.at.clone()
    }

    /// The place of a key's value, or of the heading where the key is missing.
    pub(super) fn at_key(&self, key: &str) -> At {
        match self.entries.get(key) {
            Some(value) => self.place(value),
            None => self.at(),
        }
    }

    /// Whether the key stands there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    fn place(&self, value: &Spanned<DeValue<'_>>) -> At {
        At::new(self.file, value.span().start)
    }

    fn find(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().insert(key);
        self.entries.get(key)
    }

    fn need(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        let found = self.find(key);
        if found.is_none() {
            self.sink.note(
                &self.at,
                "missing_key",
                both(
                    format!("缺少“{key}”"),
                    format!("the key `{key}` is missing"),
                ),
                both(
                    format!("请补上一行 {key} = …"),
                    format!("add a line `{key} = …`"),
                ),
            );
        }
        found
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: Both) {
        self.sink.note(
            &self.place(value),
            "wrong_type",
            both(
                format!("“{key}”的写法不对"),
                format!("the value of `{key}` is not of the right kind"),
            ),
            both(
                format!("应写成{}", wanted.zh),
                format!("write {}", wanted.en),
            ),
        );
    }

    fn string(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, value, both("带引号的文字", "a quoted text"));
            return None;
        };
        if text.trim().is_empty() {
            self.sink.note(
                &self.place(value),
                "empty_text",
                both(format!("“{key}”是空的"), format!("`{key}` is empty")),
                both(
                    "请填写内容，中文和英文都要有",
                    "fill it in, in both languages",
                ),
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// A text that must stand there and not be empty.
    pub(super) fn text(&self, key: &'static str) -> String {
        let value = self.need(key).and_then(|value| self.string(key, value));
        value.unwrap_or_default()
    }

    /// A text that may be missing, but not empty.
    pub(super) fn optional_text(&self, key: &'static str) -> Option<String> {
        self.find(key).and_then(|value| self.string(key, value))
    }

    /// A code: letters, digits, `_`, `-` and `.`, beginning with a letter.
    pub(super) fn code(&self, key: &'static str) -> String {
        let code = self.text(key);
        let signs = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.');
        self.sink.shape(
            &self.at_key(key),
            &code,
            code.starts_with(|sign: char| sign.is_ascii_alphabetic()) && code.chars().all(signs),
        );
        code
    }

    /// A name that expressions may use: small letters, digits and `_`, beginning with a letter.
    pub(super) fn name(&self, key: &'static str) -> String {
        let name = self.text(key);
        self.sink.shape(&self.at_key(key), &name, is_name(&name));
        name
    }

    /// A yes or no, with what holds where it is missing.
    pub(super) fn flag(&self, key: &'static str, otherwise: bool) -> bool {
        let Some(value) = self.find(key) else {
            return otherwise;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(
                key,
                value,
                both("true 或 false（不加引号）", "true or false"),
            );
            otherwise
        })
    }

    /// A count that must stand there.
    pub(super) fn count(&self, key: &'static str) -> u32 {
        self.need(key);
        self.optional_count(key).unwrap_or_default()
    }

    /// A count that may be missing.
    pub(super) fn optional_count(&self, key: &'static str) -> Option<u32> {
        let value = self.find(key)?;
        let written = value.get_ref().as_integer();
        let count = written
            .filter(|number| number.radix() == 10)
            .and_then(|number| number.as_str().parse().ok());
        if count.is_none() {
            self.wrong_type(key, value, both("不小于0的整数", "a whole number from 0"));
        }
        count
    }

    /// The digits of a number as written, with their place, where the key stands there.
    pub(super) fn digits(&self, key: &'static str) -> Option<String> {
        let value = self.find(key)?;
        let written = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str()),
            DeValue::Float(number) => Some(number.as_str()),
            _ => None,
        };
        if written.is_none() {
            self.wrong_type(
                key,
                value,
                both("不加引号的数字", "a number without quotes"),
            );
        }
        written.map(str::to_owned)
    }

    /// A number scaled by so many decimals, where the key stands there.
    pub(super) fn scaled(&self, key: &'static str, decimals: u8) -> Option<i64> {
        let digits = self.digits(key)?;
        self.sink.scaled(&self.at_key(key), &digits, decimals)
    }

    /// A number that must stand there, scaled by so many decimals.
    pub(super) fn needed_scaled(&self, key: &'static str, decimals: u8) -> i64 {
        self.need(key);
        self.scaled(key, decimals).unwrap_or_default()
    }

    /// A day that must stand there, written `2025-12-31` without quotes.
    pub(super) fn date(&self, key: &'static str) -> NaiveDate {
        let Some(value) = self.need(key) else {
            return NaiveDate::default();
        };
        day(value.get_ref()).unwrap_or_else(|| {
            self.wrong_type(
                key,
                value,
                both(
                    "不加引号的日期，如 2025-12-31",
                    "a day such as 2025-12-31, without quotes",
                ),
            );
            NaiveDate::default()
        })
    }

    /// A day, where the value is written as one.
    pub(super) fn day_if_written(&self, key: &'static str) -> Option<NaiveDate> {
        self.find(key).and_then(|value| day(value.get_ref()))
    }

    /// One of some words, which must stand there.
    pub(super) fn word<T: Copy>(&self, key: &'static str, words: Words<'_, T>, otherwise: T) -> T {
        self.need(key);
        self.optional_word(key, words).unwrap_or(otherwise)
    }

    /// One of some words, where the key stands there.
    pub(super) fn optional_word<T: Copy>(
        &self,
        key: &'static str,
        words: Words<'_, T>,
    ) -> Option<T> {
        let value = self.find(key)?;
        let text = self.string(key, value)?;
        self.sink.word(&self.place(value), key, &text, words)
    }

    /// A list of some words; a missing key is an empty list.
    pub(super) fn words<T: Copy>(&self, key: &'static str, words: Words<'_, T>) -> Vec<T> {
        self.texts(key)
            .into_iter()
            .filter_map(|(text, at)| self.sink.word(&at, key, &text, words))
            .collect()
    }

    /// A list of texts with their places; a missing key is an empty list.
    pub(super) fn texts(&self, key: &'static str) -> Vec<(String, At)> {
        let Some(value) = self.find(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, value, both("方括号列表 [ … ]", "a list in brackets"));
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| Some((self.string(key, item)?, self.place(item))))
            .collect()
    }

    /// A table below this one that must stand there.
    pub(super) fn needed_table(&self, key: &'static str) -> Option<Table<'a>> {
        self.need(key);
        self.table(key)
    }

    /// A table below this one.
    pub(super) fn table(&self, key: &'static str) -> Option<Table<'a>> {
        let value = self.find(key)?;
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_type(key, value, both("一个小节", "a table"));
            return None;
        };
        let at = self.place(value);
        Some(Table::new(entries, self.file, at, self.sink))
    }

    /// The tables `[[key]]` below this one; a missing key is an empty list.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let Some(value) = self.find(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(
                key,
                value,
                both("双方括号小节 [[…]]", "tables in double brackets"),
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            match item.get_ref().as_table() {
                Some(entries) => {
                    let at = self.place(item);
                    tables.push(Table::new(entries, self.file, at, self.sink));
                }
                None => self.wrong_type(key, item, both("一个小节", "a table")),
            }
        }
        tables
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self) {
        let asked = self.asked.borrow();
        for key in self.entries.keys() {
            if asked.contains(key.get_ref().as_ref()) {
                continue;
            }
            let known = asked.iter().copied().collect::<Vec<_>>().join(", ");
            self.sink.note(
                &At::new(self.file, key.span().start),
                "unknown_key",
                both(
                    format!("这里没有“{}”这一项", key.get_ref()),
                    format!("there is no key `{}` here", key.get_ref()),
                ),
                both(
                    format!("请检查拼写或删去；可用：{known}"),
                    format!("check the spelling or remove it; there are: {known}"),
                ),
            );
        }
    }
}

/// Whether a text can stand in expressions as a name.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|sign: char| sign.is_ascii_lowercase())
        && text
            .chars()
            .all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_')
}

fn day(value: &DeValue<'_>) -> Option<NaiveDate> {
    let written = value.as_datetime()?;
    if written.time.is_some() || written.offset.is_some() {
        return None;
    }
    let date = written.date?;
    NaiveDate::from_ymd_opt(
        i32::from(date.year),
        u32::from(date.month),
        u32::from(date.day),
    )
}

/// Reads a number as written, where it has no more decimals than it may.
pub(super) fn exact(digits: &str, decimals: u8) -> Option<i64> {
    parse_scaled(&digits.replace('_', ""), decimals)
}
