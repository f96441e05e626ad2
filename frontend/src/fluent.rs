//! The part of Fluent that the texts are written in: what is put in, a text in quotes, and a choice by the plural. The
//! files can be read by any Fluent tool, and a test holds this reader against the reference implementation, which would
//! be a tenth of what a browser loads first.

use crate::format::grouped;

/// What is put into a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Arg {
        Arg::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Arg {
        Arg::Text(text)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Arg {
        Arg::Text(text.clone())
    }
}

macro_rules! numbers {
    ($($kind:ty),+) => {
        $(impl From<$kind> for Arg {
            fn from(number: $kind) -> Arg {
                Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        })+
    };
}
numbers!(i32, i64, u32, u64, usize);

impl Arg {
    fn write(&self, out: &mut String) {
        match self {
            Arg::Text(text) => out.push_str(text),
            Arg::Number(number) => out.push_str(&grouped(&number.to_string())),
        }
    }

    /// The plural of English; Chinese has but one, and its files name none.
    fn plural(&self) -> &'static str {
        match self {
            Arg::Number(1) => "one",
            Arg::Number(_) | Arg::Text(_) => "other",
        }
    }
}

/// The texts of a language, by key.
pub struct Texts(Vec<(&'static str, &'static str)>);

impl Texts {
    /// Those of these files.
    pub fn of(sources: &[&'static str]) -> Texts {
        let mut all = Vec::new();
        for source in sources {
            read(source, &mut all);
        }
        all.sort_unstable_by_key(|(key, _)| *key);
        Texts(all)
    }

    /// The text of a key with what is put in.
    pub fn text(&self, key: &str, put_in: &[(&str, Arg)]) -> Option<String> {
        let found = self.0.binary_search_by_key(&key, |(own, _)| own).ok()?;
        let (_, pattern) = self.0.get(found)?;
        let mut out = String::new();
        write(pattern, put_in, &mut out);
        Some(out)
    }
}

/// The keys of a file with their patterns, which reach to the next key or remark.
fn read(source: &'static str, all: &mut Vec<(&'static str, &'static str)>) {
    let mut rest = source;
    while let Some((line, after)) = rest.split_once('\n') {
        let starts = line.starts_with(|letter: char| letter.is_ascii_lowercase());
        match line.split_once(" = ").filter(|_| starts) {
            None => rest = after,
            Some((key, _)) => {
                let body = rest.get(key.len() + 3..).unwrap_or_default();
                let end = end_of(body);
                let (pattern, after) = body.split_at_checked(end).unwrap_or((body, ""));
                all.push((key, pattern.trim_end()));
                rest = after;
            }
        }
    }
}

/// Where a pattern ends: before the line that neither is indented nor closes a choice.
fn end_of(body: &str) -> usize {
    let mut end = 0;
    for line in body.split_inclusive('\n') {
        if end > 0 && !line.starts_with([' ', '}']) {
            break;
        }
        end += line.len();
    }
    end
}

/// Writes a pattern.
fn write(pattern: &str, put_in: &[(&str, Arg)], out: &mut String) {
    let mut rest = pattern;
    while let Some((text, placed)) = rest.split_once('{') {
        out.push_str(text);
        let end = closing(placed);
        let (inner, after) = placed.split_at_checked(end).unwrap_or((placed, ""));
        place(inner.trim(), put_in, out);
        rest = after.strip_prefix('}').unwrap_or(after);
    }
    out.push_str(rest);
}

/// Where the brace closes that was opened before.
fn closing(text: &str) -> usize {
    let mut depth = 0_u32;
    for (place, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => return place,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Writes what stands in braces.
fn place(inner: &str, put_in: &[(&str, Arg)], out: &mut String) {
    if let Some(quoted) = inner.strip_prefix('"') {
        out.push_str(quoted.trim_end_matches('"'));
        return;
    }
    let (name, choice) = match inner.split_once("->") {
        Some((name, choice)) => (name.trim(), Some(choice)),
        None => (inner, None),
    };
    let name = name.trim_start_matches('$');
    let Some((_, arg)) = put_in.iter().find(|(own, _)| *own == name) else {
        return;
    };
    match choice {
        None => arg.write(out),
        Some(choice) => write(chosen(choice, arg.plural()), put_in, out),
    }
}

/// The variant of that name, or the one with a star.
fn chosen<'a>(choice: &'a str, name: &str) -> &'a str {
    let mut usual = "";
    for line in choice.lines() {
        let line = line.trim();
        let (stars, line) = match line.strip_prefix('*') {
            Some(line) => (true, line),
            None => (false, line),
        };
        let Some((own, text)) = line.strip_prefix('[').and_then(|line| line.split_once(']')) else {
            continue;
        };
        if own == name {
            return text.trim();
        }
        if stars {
            usual = text.trim();
        }
    }
    usual
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

    fn reference(lang: Lang) -> FluentBundle<FluentResource> {
        let mut bundle = FluentBundle::new(vec![lang.tag().parse().unwrap()]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(&number.as_string())),
            _ => None,
        }));
        for source in lang.sources() {
            let resource = FluentResource::try_new((*source).to_owned());
            bundle.add_resource(resource.unwrap()).unwrap();
        }
        bundle
    }

    /// The names that stand after `$` in a text.
    fn names(text: &str) -> Vec<&str> {
        let ends = |letter: char| !(letter.is_ascii_alphanumeric() || letter == '_');
        let parts = text.split('$').skip(1);
        parts.map(|part| part.split(ends).next().unwrap()).collect()
    }

    #[test]
    fn every_text_reads_as_the_reference_reads_it() {
        let all: [(Arg, FluentValue<'_>); 5] = [
            (Arg::Number(0), 0.into()),
            (Arg::Number(1), 1.into()),
            (Arg::Number(2), 2.into()),
            (Arg::Number(-12_345), (-12_345).into()),
            (Arg::Text("{ x }".to_owned()), "{ x }".into()),
        ];
        for lang in Lang::ALL {
            let (own, reference) = (Texts::of(lang.sources()), reference(lang));
            assert!(own.0.len() > 100);
            for (key, pattern) in &own.0 {
                for (arg, value) in &all {
                    let put_in = names(pattern).into_iter().map(|name| (name, arg.clone()));
                    let args: FluentArgs<'_> = names(pattern)
                        .into_iter()
                        .map(|name| (name, value.clone()))
                        .collect();
                    let message = reference.get_message(key).unwrap().value().unwrap();
                    let mut faults = Vec::new();
                    let expected = reference.format_pattern(message, Some(&args), &mut faults);
                    assert!(faults.is_empty(), "{key}: {faults:?}");
                    let put_in: Vec<(&str, Arg)> = put_in.collect();
                    assert_eq!(own.text(key, &put_in).unwrap(), expected, "{key} {arg:?}");
                }
            }
            for source in lang.sources() {
                let count = FluentResource::try_new((*source).to_owned()).unwrap();
                let count = count.entries().count();
                let remarks = source.split('\n').filter(|line| line.starts_with('#'));
                let mut read_here = Vec::new();
                read(source, &mut read_here);
                assert!(count - read_here.len() <= remarks.count());
            }
        }
    }
}
