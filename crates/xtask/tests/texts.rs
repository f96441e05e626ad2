//! The texts of the workspace: both languages complete, every text used, and none left in the code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

type Fault = Box<dyn std::error::Error>;

fn frontend() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend")
}

fn files(folder: &Path, end: &str, found: &mut Vec<PathBuf>) -> Result<(), Fault> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, end, found)?;
        } else if path.extension().is_some_and(|own| own == end) {
            found.push(path);
        }
    }
    Ok(())
}

/// The names that stand after `$` in a text.
fn put_in(text: &str) -> BTreeSet<String> {
    let parts = text.split('$').skip(1);
    parts
        .map(|part| {
            part.chars()
                .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                .collect()
        })
        .collect()
}

/// The keys of a file with what is put into each.
fn texts(path: &Path) -> Result<BTreeMap<String, BTreeSet<String>>, Fault> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let key = line.split_once(" =").map(|(key, _)| key);
        let starts = line.starts_with(|letter: char| letter.is_ascii_lowercase());
        if let Some(key) = key.filter(|_| starts) {
            current = key.to_owned();
            assert!(
                !found.contains_key(key),
                "{}: {key} stands twice",
                path.display()
            );
            found.insert(current.clone(), BTreeSet::new());
        }
        if !line.starts_with('#') {
            found
                .entry(current.clone())
                .or_default()
                .extend(put_in(line));
        }
    }
    found.remove("");
    Ok(found)
}

/// Every key of a language with what is put into it, and the names of its files.
type Language = (BTreeMap<String, BTreeSet<String>>, BTreeSet<String>);

fn language(name: &str) -> Result<Language, Fault> {
    let mut paths = Vec::new();
    files(&frontend().join("locales").join(name), "ftl", &mut paths)?;
    let mut all = BTreeMap::new();
    let mut names = BTreeSet::new();
    for path in paths {
        names.insert(
            path.file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
        );
        for (key, args) in texts(&path)? {
            assert!(
                all.insert(key.clone(), args).is_none(),
                "{name}: {key} stands in two files"
            );
        }
    }
    Ok((all, names))
}

#[test]
fn both_languages_have_the_same_texts() -> Result<(), Fault> {
    let (zh, zh_files) = language("zh-CN")?;
    let (en, en_files) = language("en")?;
    assert_eq!(zh_files, en_files);
    assert!(zh.len() > 150, "{} texts", zh.len());
    for (key, args) in &zh {
        assert_eq!(
            en.get(key),
            Some(args),
            "{key}: missing in English, or other things are put in"
        );
    }
    for key in en.keys() {
        assert!(zh.contains_key(key), "{key} is missing in Chinese");
    }
    let read = std::fs::read_to_string(frontend().join("src/i18n.rs"))?;
    for file in zh_files {
        for name in ["zh-CN", "en"] {
            let wanted = format!("locales/{name}/{file}");
            assert!(read.contains(&wanted), "i18n.rs does not read {wanted}");
        }
    }
    Ok(())
}

/// The code of the frontend without its comments and its tests.
fn code() -> Result<Vec<(PathBuf, String)>, Fault> {
    let mut paths = Vec::new();
    files(&frontend().join("src"), "rs", &mut paths)?;
    let mut all = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        let own = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = own
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let kept: Vec<&str> = lines.collect();
        // `format!(` ends in the same letters as `t!(`.
        all.push((path, kept.join("\n").replace("format!(", "(")));
    }
    Ok(all)
}

#[test]
fn every_text_is_used_and_every_used_text_is_there() -> Result<(), Fault> {
    let (zh, _) = language("zh-CN")?;
    let mut used = BTreeSet::new();
    for (path, text) in code()? {
        for part in text.split("t!(").skip(1) {
            let Some(rest) = part.trim_start().strip_prefix('"') else {
                continue;
            };
            let key = rest.split('"').next().unwrap_or_default();
            assert!(
                zh.contains_key(key),
                "{}: there is no text {key}",
                path.display()
            );
            used.insert(key.to_owned());
        }
    }
    for key in zh.keys() {
        assert!(used.contains(key), "nobody uses the text {key}");
    }
    Ok(())
}

/// Chinese characters and their punctuation.
fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{3001}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

#[test]
fn no_chinese_stands_in_the_code() -> Result<(), Fault> {
    for (path, text) in code()? {
        for (place, line) in text.lines().enumerate() {
            let comment = line.find(" // ").unwrap_or(line.len());
            let own = line.get(..comment).unwrap_or(line);
            // The comma of a Chinese keyboard is read, not shown.
            let own = own.replace("'，'", "");
            assert!(
                !own.chars().any(is_chinese),
                "{}, line {} without comments: {own}",
                path.display(),
                place + 1
            );
        }
    }
    Ok(())
}

#[test]
fn every_component_that_shows_texts_follows_the_language() -> Result<(), Fault> {
    let follows = ["use_language()", "use_title(", "use_context::<Language>()"];
    for (path, text) in code()? {
        for part in text.split("#[function_component").skip(1) {
            let body = part.split("\n}\n").next().unwrap_or(part);
            let shows =
                body.contains("t!(") || body.contains("format::") || body.contains("named(");
            let name = body
                .split("fn ")
                .nth(1)
                .and_then(|rest| rest.split('(').next());
            assert!(
                !shows || follows.iter().any(|call| body.contains(call)) || name == Some("App"),
                "{}: {} shows texts and does not call use_language()",
                path.display(),
                name.unwrap_or_default()
            );
        }
    }
    Ok(())
}
