//! The yearly income report of M12: its rules and its metrics, on both sides of their edges.

use super::{now, shipped_package};
use std::collections::BTreeMap;
use zhenxing_domain::figure::Measure;
use zhenxing_domain::package::{FieldValue, Finding, Severity};

const SOURCES: [&str; 5] = ["operating", "contract", "investment", "subsidy", "other"];

/// A report with those five amounts in fen.
fn report(amounts: [i64; 5]) -> BTreeMap<String, FieldValue> {
    let pairs = SOURCES.into_iter().zip(amounts);
    pairs
        .map(|(code, fen)| (code.to_owned(), FieldValue::Integer(fen)))
        .collect()
}

/// What the rules find, as rule, field and whether it blocks.
fn shown(findings: &[Finding]) -> Vec<(&str, &str, bool)> {
    let shown = findings.iter().map(|finding| {
        let field = finding.field.as_deref().unwrap_or("");
        (finding.rule.as_str(), field, finding.blocks())
    });
    shown.collect()
}

#[test]
fn thresholds_count_from_the_exact_fen() {
    let package = shipped_package().unwrap();
    let form = package.form("M12").unwrap();
    for (amounts, over_50k, over_100k) in [
        ([0, 0, 0, 0, 0], 0, 0),
        ([4_999_999, 0, 0, 0, 0], 0, 0),
        ([0, 0, 0, 0, 5_000_000], 1, 0),
        ([4_999_999, 1, 0, 0, 0], 1, 0),
        ([9_999_999, 0, 0, 0, 0], 1, 0),
        (
            [2_000_000, 2_000_000, 2_000_000, 2_000_000, 2_000_000],
            1,
            1,
        ),
        ([100_000_000_000; 5], 1, 1),
    ] {
        let total: i64 = amounts.iter().sum();
        let numbers = form.numbers(&report(amounts));
        assert_eq!(numbers.get("total"), Some(&total));
        let measures = package.measures("M12", now(), &numbers);
        let expected = SOURCES.into_iter().zip(amounts).chain([
            ("income_total", total),
            ("income_counted", total),
            ("reach_50k", over_50k),
            ("reach_100k", over_100k),
        ]);
        let expected: BTreeMap<_, _> = expected
            .map(|(name, numerator)| {
                (
                    format!("M12.{name}"),
                    Measure {
                        numerator,
                        denominator: 1,
                    },
                )
            })
            .collect();
        assert_eq!(measures, expected, "{amounts:?}");
    }
}

#[test]
fn a_total_that_was_sent_is_never_taken() {
    let package = shipped_package().unwrap();
    let form = package.form("M12").unwrap();
    let mut values = report([1, 2, 3, 4, 5]);
    values.insert("total".to_owned(), FieldValue::Integer(99));
    assert_eq!(form.numbers(&values).get("total"), Some(&15));
}

#[test]
fn the_setting_decides_which_sources_count() {
    let mut files = super::shipped_files().unwrap();
    let form = files
        .iter_mut()
        .find(|file| file.name == "forms/M12.toml")
        .unwrap();
    let all = r#"value = ["operating", "contract", "investment", "subsidy", "other"]"#;
    assert!(form.text.contains(all));
    form.text = form
        .text
        .replace(all, r#"value = ["operating", "contract"]"#);
    let package = zhenxing_domain::package::load(&files).unwrap();
    let numbers = package
        .form("M12")
        .unwrap()
        .numbers(&report([3_000_000, 2_000_000, 0, 9_000_000, 0]));
    let measures = package.measures("M12", now(), &numbers);
    let numerator = |name: &str| measures.get(name).unwrap().numerator;
    assert_eq!(numerator("M12.income_total"), 14_000_000);
    assert_eq!(numerator("M12.income_counted"), 5_000_000);
    assert_eq!(
        (numerator("M12.reach_50k"), numerator("M12.reach_100k")),
        (1, 0)
    );
}

#[test]
fn a_missing_source_leaves_its_sums_open() {
    let package = shipped_package().unwrap();
    let form = package.form("M12").unwrap();
    let mut values = report([9_000_000, 1, 1, 1, 1]);
    values.remove("other");
    let measures = package.measures("M12", now(), &form.numbers(&values));
    let codes: Vec<_> = measures.keys().map(String::as_str).collect();
    assert_eq!(
        codes,
        [
            "M12.contract",
            "M12.investment",
            "M12.operating",
            "M12.subsidy"
        ]
    );
    let findings = form.check(&values, None, &BTreeMap::new());
    assert_eq!(shown(&findings), [("required", "other", true)]);
}

#[test]
fn rules_ask_for_an_explanation_beyond_their_edges() {
    let package = shipped_package().unwrap();
    let form = package.form("M12").unwrap();
    let none = BTreeMap::new();
    for (now, before, expected) in [
        ([100, 0, 0, 0, 0], None, vec![]),
        ([15_000, 0, 0, 0, 0], Some([10_000, 0, 0, 0, 0]), vec![]),
        (
            [15_001, 0, 0, 0, 0],
            Some([10_000, 0, 0, 0, 0]),
            vec![("jump", "total", true)],
        ),
        ([0, 5_000, 0, 0, 0], Some([10_000, 0, 0, 0, 0]), vec![]),
        (
            [0, 4_999, 0, 0, 0],
            Some([10_000, 0, 0, 0, 0]),
            vec![("jump", "total", true)],
        ),
        ([1, 0, 0, 0, 0], Some([0; 5]), vec![("jump", "total", true)]),
        ([0; 5], None, vec![("all_zero", "total", true)]),
        ([0; 5], Some([0; 5]), vec![("all_zero", "total", true)]),
        (
            [0; 5],
            Some([7, 0, 0, 0, 0]),
            vec![("jump", "total", true), ("all_zero", "total", true)],
        ),
    ] {
        let previous = before.map(report);
        let findings = form.check(&report(now), previous.as_ref(), &none);
        assert_eq!(shown(&findings), expected, "{now:?} after {before:?}");
    }
}

#[test]
fn an_explanation_lets_the_report_pass() {
    let package = shipped_package().unwrap();
    let form = package.form("M12").unwrap();
    let explained = |text: &str| BTreeMap::from([("all_zero".to_owned(), text.to_owned())]);
    let findings = form.check(&report([0; 5]), None, &explained("全年无收入"));
    assert_eq!(shown(&findings), [("all_zero", "total", false)]);
    assert_eq!(findings[0].severity, Severity::NeedsExplanation);
    let findings = form.check(&report([0; 5]), None, &explained(" "));
    assert!(findings[0].blocks());
    let findings = form.check(&report([0; 5]), None, &explained(&"字".repeat(501)));
    assert_eq!(shown(&findings), [("too_long", "all_zero", true)]);
}

#[test]
fn amounts_stay_between_their_bounds() {
    let package = shipped_package().unwrap();
    let form = package.form("M12").unwrap();
    for (fen, rules) in [
        (-1, vec!["range"]),
        (100_000_000_000, vec![]),
        (100_000_000_001, vec!["range"]),
    ] {
        let findings = form.check(&report([fen, 0, 0, 0, 0]), None, &BTreeMap::new());
        let found: Vec<_> = findings
            .iter()
            .map(|finding| finding.rule.as_str())
            .collect();
        assert_eq!(found, rules, "{fen}");
    }
    let mut values = report([1; 5]);
    values.insert("note".to_owned(), FieldValue::Text("字".repeat(500)));
    assert!(form.check(&values, None, &BTreeMap::new()).is_empty());
}
