//! Definitions that apply from a period on, the follow-on of the plan, and the source of what is entered for past years.

use super::{period, shipped_files, shipped_package};
use std::collections::BTreeMap;
use zhenxing_domain::package::{Comparison, FieldValue, Package, PackageError, SourceFile, load};
use zhenxing_domain::period::Period;

/// The shipped files with a second edition of the income report, changed as said. Nothing where a text to be changed is
/// not there.
fn with_edition(changes: &[(&str, &str)]) -> Option<Vec<SourceFile>> {
    let mut files = shipped_files().ok()?;
    let first = files.iter().find(|file| file.name == "forms/M12.toml");
    let mut text = first?.text.clone();
    let head = (
        "first_period = \"2021\"\nhistorical_until = \"2025\"",
        "from = \"2026\"",
    );
    for (old, new) in [&[head], changes].concat() {
        text.contains(old).then_some(())?;
        text = text.replace(old, new);
    }
    text.truncate(text.find("[[target]]")?);
    files.push(SourceFile {
        name: "forms/M12-2026.toml".to_owned(),
        text,
    });
    Some(files)
}

fn codes(faults: &[PackageError]) -> Vec<&str> {
    faults.iter().map(|fault| fault.code).collect()
}

fn reach(package: &Package, period: Period) -> Option<i64> {
    let values: BTreeMap<_, _> = ["operating", "contract", "investment", "subsidy", "other"]
        .map(|code| (code.to_owned(), FieldValue::Integer(1_200_000)))
        .into();
    let form = package.form_at("M12", period)?;
    let measures = package.measures("M12", period, &form.numbers(&values));
    Some(measures.get("M12.reach_50k")?.numerator)
}

#[test]
fn a_definition_applies_from_its_period_on() {
    let raised = [
        ("50_000.00", "80_000.00"),
        (
            "name_zh = \"村级集体经济收入年报\"",
            "name_zh = \"村级集体经济收入年报（新）\"",
        ),
    ];
    let package = load(&with_edition(&raised).unwrap()).unwrap();
    assert_eq!(
        package
            .forms
            .iter()
            .filter(|form| form.code == "M12")
            .count(),
        1
    );
    let old = package.form_at("M12", period("2025")).unwrap();
    let new = package.form_at("M12", period("2026")).unwrap();
    assert_ne!(old.name_zh, new.name_zh);
    assert_eq!(
        (new.first_period, new.historical_until),
        (old.first_period, old.historical_until)
    );
    assert_eq!(package.form("M12"), Some(new));
    assert_eq!(
        reach(&package, period("2025")),
        Some(1),
        "60,000 yuan under the first edition"
    );
    assert_eq!(
        reach(&package, period("2026")),
        Some(0),
        "60,000 yuan under the second"
    );
    let metric = |text| package.metric_at("M12.reach_50k", period(text)).unwrap();
    assert_ne!(metric("2025").source, metric("2026").source);
    assert_eq!(package.metrics_at("M12", period("2027")).len(), 9);
    let before = shipped_package().unwrap();
    assert_eq!(before.metrics.len(), package.metrics.len());
}

#[test]
fn a_metric_that_an_edition_drops_keeps_its_past() {
    let files = with_edition(&[]).unwrap();
    let text = &files.last().unwrap().text;
    let start = text.find("[[metric]]\ncode = \"M12.other\"").unwrap();
    let end = start + 1 + text[start + 1..].find("[[metric]]").unwrap();
    let shorter = format!("{}{}", &text[..start], &text[end..]);
    let mut files = files;
    files.last_mut().unwrap().text = shorter;
    let package = load(&files).unwrap();
    assert!(package.metric("M12.other").is_some());
    let has = |text| {
        let own = package.metrics_at("M12", period(text));
        own.iter().any(|metric| metric.code == "M12.other")
    };
    assert_eq!([has("2025"), has("2026")], [true, false]);
}

#[test]
fn an_edition_keeps_what_its_figures_are_compared_by() {
    type Texts = &'static [(&'static str, &'static str)];
    let same: Texts = &[];
    let cases: [(Texts, &[&str]); 5] = [
        (same, &[]),
        (
            &[("from = \"2026\"", "from = \"26\"")],
            &["bad_period", "duplicate_code"],
        ),
        (
            &[(
                "kinds = [\"administrative_village\"]",
                "kinds = [\"community\"]",
            )],
            &["edition_differs", "edition_metric"],
        ),
        (
            &[(
                "code = \"M12.contract\"\nname_zh = \"发包收入\"",
                "code = \"M12.contract\"\napplies_to = { level = \"village\" }\nname_zh = \"发包收入\"",
            )],
            &["edition_metric"],
        ),
        (
            &[(
                "code = \"operating\"\nname_zh",
                "code = \"own_business\"\nname_zh",
            )],
            &["unknown_reference", "expression"],
        ),
    ];
    for (changes, expected) in cases {
        let faults = load(&with_edition(changes).unwrap())
            .err()
            .unwrap_or_default();
        assert_eq!(
            faults.is_empty(),
            expected.is_empty(),
            "{changes:?}: {:?}",
            codes(&faults)
        );
        for code in expected {
            assert!(
                codes(&faults).contains(code),
                "{changes:?}: {:?}",
                codes(&faults)
            );
        }
    }
    let mut alone = with_edition(&[]).unwrap();
    alone.retain(|file| file.name != "forms/M12.toml");
    let faults = load(&alone).err().unwrap_or_default();
    assert_eq!(codes(&faults), ["edition_first"]);
}

#[test]
fn the_years_after_the_plan_have_targets_to_be_set() {
    let package = shipped_package().unwrap();
    let next = package.follow_on.as_ref().unwrap();
    assert_eq!(
        (next.valid_from.to_string().as_str(), next.valid_until),
        ("2026-01-01", None)
    );
    for metric in ["M12.reach_50k", "M05.vacancies_closed", "M15.people_served"] {
        let on = |day: &str| package.targets_on(metric, day.parse().unwrap());
        let [old] = on("2025-12-31")[..] else {
            panic!("{metric}: one target")
        };
        let [new] = on("2026-01-01")[..] else {
            panic!("{metric}: one target")
        };
        assert_ne!(old.comparison, Comparison::ToBeSet);
        assert_eq!(
            (new.comparison, new.value, new.level),
            (Comparison::ToBeSet, None, old.level)
        );
        assert!(!new.is_of_the_plan());
    }
    let mut files = shipped_files().unwrap();
    let own = "\n[[target]]\nmetric = \"M12.reach_50k\"\nlevel = \"city\"\ncomparison = \"at_least\"\nvalue = 100\nby = \"each_year\"\n";
    let follow_on = files.iter_mut().find(|file| file.name == "follow-on.toml");
    follow_on.unwrap().text.push_str(own);
    let package = load(&files).unwrap();
    let set = package.targets_on("M12.reach_50k", "2026-06-30".parse().unwrap());
    let values: Vec<_> = set.iter().map(|target| target.value).collect();
    assert_eq!(values, [Some(10_000)]);
}

#[test]
fn past_years_name_their_source() {
    let package = shipped_package().unwrap();
    let form = package.form("M12").unwrap();
    for (year, source, expected) in [
        ("2024", None, Some("source_document")),
        ("2024", Some("  "), Some("source_document")),
        ("2024", Some("2024年农村经济统计年报"), None),
        ("2026", None, None),
        ("2026", Some("年报"), None),
        ("2026", Some("11010519491231002X"), Some("personal_data")),
    ] {
        let found = form.check_source(period(year), source);
        let rule = found.as_ref().map(|finding| finding.rule.as_str());
        assert_eq!(rule, expected, "{year} {source:?}");
    }
    let long = "长".repeat(201);
    let found = form.check_source(period("2024"), Some(&long)).unwrap();
    assert_eq!((found.rule.as_str(), found.blocks()), ("too_long", true));
}
