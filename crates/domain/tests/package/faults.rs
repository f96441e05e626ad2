//! Packages that are wrong: every fault is reported with its file, its line, its code, and what to do.

use super::cases::{Change, M12, P1, P3, SINGLE, WEAK_BRANCH};
use super::shipped_files;
use zhenxing_domain::package::{PackageError, SourceFile, load};

/// The shipped files with changes. Nothing where a text to be changed is not there.
fn changed(changes: &[Change]) -> Option<Vec<SourceFile>> {
    let mut files = shipped_files().ok()?;
    for (name, old, new) in changes {
        let file = files.iter_mut().find(|file| file.name == *name)?;
        file.text.contains(old).then_some(())?;
        file.text = file.text.replacen(old, new, 1);
    }
    Some(files)
}

/// What is wrong with those files; nothing where they are accepted.
fn faults_of(files: &[SourceFile]) -> Vec<PackageError> {
    load(files).err().unwrap_or_default()
}

/// The line of the shipped file in which the text first stands.
fn line_of(files: &[SourceFile], name: &str, text: &str) -> Option<usize> {
    let file = files.iter().find(|file| file.name == name)?;
    let before = file.text.split(text).next()?;
    Some(before.matches('\n').count() + 1)
}

fn shown(faults: &[PackageError]) -> Vec<(&str, usize, &str)> {
    let shown = faults
        .iter()
        .map(|fault| (fault.file.as_str(), fault.line, fault.code));
    shown.collect()
}

#[test]
fn each_fault_is_found_in_its_line() {
    for (change, pointed, code) in SINGLE {
        let files = changed(&[*change]).unwrap();
        let faults = faults_of(&files);
        let line = line_of(&files, change.0, pointed).unwrap();
        let expected = (change.0, line, *code);
        assert!(
            shown(&faults).contains(&expected),
            "{expected:?} for {change:?}, not {:?}",
            shown(&faults)
        );
        for fault in &faults {
            let texts = [
                &fault.message_zh,
                &fault.message_en,
                &fault.advice_zh,
                &fault.advice_en,
            ];
            assert!(texts.iter().all(|text| !text.is_empty()), "{fault}");
        }
    }
}

#[test]
fn a_ledger_has_no_more_fields_for_files_than_a_record_takes() {
    let file = "[[section.field]]\ncode = \"plan_file\"\nname_zh = \"方案附件\"\nname_en = \"Plan as a file\"\nkind = \"file\"\n";
    for (more, faults) in [(8, 0), (9, 1)] {
        let mut files = shipped_files().unwrap();
        let ledger = files.iter_mut().find(|one| one.name == WEAK_BRANCH);
        let ledger = ledger.unwrap();
        assert!(ledger.text.contains(file));
        let others = (0..more).map(|at| file.replace("plan_file", &format!("file_{at}")));
        let all: String = others.chain(std::iter::once(file.to_owned())).collect();
        ledger.text = ledger.text.replacen(file, &all, 1);
        let found = faults_of(&files);
        let codes: Vec<&str> = found.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, vec!["too_many_files"; faults], "{more}");
    }
}

#[test]
fn most_faults_bring_no_others_with_them() {
    let alone = SINGLE
        .iter()
        .filter(|(change, _, _)| faults_of(&changed(&[*change]).unwrap()).len() == 1);
    assert!(alone.count() * 10 > SINGLE.len() * 7);
}

#[test]
fn all_faults_are_reported_at_once() {
    let files = changed(&[
        ("programme.toml", "order = 3", "order = 3\ncolour = \"red\""),
        (
            "departments.toml",
            "code = \"trade_union\"",
            "code = trade_union",
        ),
        (
            P1,
            "name_en = \"Training leading",
            "title = \"Training leading",
        ),
        (P1, "kept = [\"school_course\"", "kept = [\"nothing\""),
        (
            P1,
            "tolerance_setting = \"city_share_tolerance\"",
            "tolerance_setting = \"none\"",
        ),
        (
            M12,
            "severity = \"needs_explanation\"",
            "severity = \"fatal\"",
        ),
        (M12, "value = 70", "value = 70.123"),
    ]);
    let files = files.unwrap();
    let line = |name, text| line_of(&files, name, text).unwrap();
    let faults = faults_of(&files);
    assert_eq!(
        shown(&faults),
        [
            (
                "departments.toml",
                line("departments.toml", "code = trade_union"),
                "syntax"
            ),
            (M12, line(M12, "fatal"), "unknown_word"),
            (M12, line(M12, "70.123"), "bad_number"),
            (P1, line(P1, "[[matter]]"), "missing_key"),
            (P1, line(P1, "title ="), "unknown_key"),
            (P1, line(P1, "\"nothing\""), "unknown_reference"),
            (P1, line(P1, "\"none\""), "unknown_reference"),
            (
                "programme.toml",
                line("programme.toml", "colour"),
                "unknown_key"
            ),
        ]
    );
}

#[test]
fn a_broken_file_hides_nothing_but_what_it_defines() {
    let files = changed(&[
        (P3, "[[matter]]", "[[matter]"),
        (P1, "project = \"P1\"", "project = \"P8\""),
    ]);
    let faults = faults_of(&files.unwrap());
    let codes: Vec<_> = faults
        .iter()
        .map(|fault| (fault.file.as_str(), fault.code))
        .collect();
    assert_eq!(codes.first(), Some(&(P1, "unknown_reference")));
    assert!(codes.contains(&(P3, "syntax")));
    assert!(
        codes[1..].iter().all(|code| *code == (P3, "syntax")),
        "{codes:?}"
    );
}

#[test]
fn a_package_without_its_plan_or_with_strange_files_is_refused() {
    let faults = faults_of(&[]);
    assert_eq!(shown(&faults), [("programme.toml", 1, "missing_file")]);
    let mut files = shipped_files().unwrap();
    let extra = |name: &str| SourceFile {
        name: name.to_owned(),
        text: String::new(),
    };
    files.extend([extra("README.md"), extra("divisions.csv")]);
    assert!(load(&files).is_ok());
    files.push(extra("matter.toml"));
    let faults = faults_of(&files);
    assert_eq!(shown(&faults), [("matter.toml", 1, "unknown_file")]);
}

#[test]
fn faults_are_said_in_both_languages() {
    let files = changed(&[(P1, "project = \"P1\"", "project = \"P9\"")]).unwrap();
    let fault = faults_of(&files).remove(0);
    assert_eq!(
        fault.to_string(),
        "matters/p1.toml:7: 没有代码为“P9”的工程（请检查拼写，或先定义该工程）"
    );
    assert_eq!(
        fault.english(),
        "matters/p1.toml:7: no project has the code `P9` (check the spelling or define the project first)"
    );
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let mut files = shipped_files().unwrap();
    let one = load(&files).unwrap();
    files.reverse();
    assert_eq!(load(&files).unwrap(), one);
}

#[test]
fn an_edition_from_before_the_list_of_tags_is_still_read() {
    let mut files = shipped_files().unwrap();
    files.retain(|file| file.name != "tags.toml");
    // Such an edition derived nothing from tags.
    for file in &mut files {
        file.text = file
            .text
            .replace("tag in ('任务重', '基层治理重点')", "tag is present");
    }
    let package = load(&files).unwrap();
    assert!(package.tags.is_empty());
    let marked = package
        .metrics
        .iter()
        .any(|metric| !metric.applies_to.tags.is_empty());
    assert!(marked, "its metrics name tags");
}

#[test]
fn what_cannot_mark_units_is_told() {
    let ledger = "ledgers/unit_tag.toml";
    for (from, to) in [
        ("marks = \"tag\"", "marks = \"authority\""),
        ("until = \"until\"\n\n[[section]]", "\n[[section]]"),
        (
            "name_en = \"Until\"\nkind = \"date\"\ncolumn = true\nfilter = true",
            "name_en = \"Until\"\nkind = \"date\"",
        ),
    ] {
        let mut files = shipped_files().unwrap();
        for file in files.iter_mut().filter(|file| file.name == ledger) {
            let changed = file.text.replace(from, to);
            assert_ne!(changed, file.text, "{from}");
            file.text = changed;
        }
        let faults = load(&files).unwrap_err();
        let told = faults
            .iter()
            .any(|fault| fault.code == "wrong_kind" && fault.file == ledger);
        assert!(told, "{from}: {faults:?}");
    }
    let mut files = shipped_files().unwrap();
    let mut second = files
        .iter()
        .find(|file| file.name == ledger)
        .unwrap()
        .clone();
    second.name = "ledgers/other_tag.toml".to_owned();
    second.text = second.text.replace("unit_tag", "other_tag");
    files.push(second);
    let faults = load(&files).unwrap_err();
    assert!(
        faults.iter().any(|fault| fault.code == "marked_twice"),
        "{faults:?}"
    );
}
