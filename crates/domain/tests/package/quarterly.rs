//! The quarterly reports: land and assets of villages (M08), union aid of counties (M15).

use super::shipped_package;
use std::collections::BTreeMap;
use zhenxing_domain::package::{Better, FieldValue, Severity};
use zhenxing_domain::period::Period;
use zhenxing_domain::unit::Level;

/// A form, figures of now and before, and the rules that they break.
type Case = (
    &'static str,
    &'static [(&'static str, i64)],
    &'static [(&'static str, i64)],
    &'static [(&'static str, Severity)],
);

const CASES: &[Case] = &[
    (
        "M08",
        &[("land_transferred", 2_000_000), ("assets_in_use", 600)],
        &[("land_transferred", 0), ("assets_in_use", 100)],
        &[],
    ),
    (
        "M08",
        &[("land_transferred", 2_000_001), ("assets_in_use", 601)],
        &[("land_transferred", 0), ("assets_in_use", 100)],
        &[
            ("land_large", Severity::NeedsExplanation),
            ("assets_jump", Severity::NeedsExplanation),
        ],
    ),
    (
        "M15",
        &[
            ("activities", 2),
            ("served_jobs", 50),
            ("served_skills", 250),
            ("jobs_found", 50),
        ],
        &[
            ("activities", 1),
            ("served_jobs", 50),
            ("served_skills", 50),
            ("jobs_found", 1),
        ],
        &[],
    ),
    (
        "M15",
        &[
            ("activities", 2),
            ("served_jobs", 50),
            ("served_skills", 251),
            ("jobs_found", 51),
        ],
        &[
            ("activities", 1),
            ("served_jobs", 50),
            ("served_skills", 50),
            ("jobs_found", 1),
        ],
        &[
            ("jobs_of_served", Severity::Error),
            ("served_jump", Severity::NeedsExplanation),
        ],
    ),
];

fn values(pairs: &[(&str, i64)]) -> BTreeMap<String, FieldValue> {
    let pairs = pairs.iter();
    pairs
        .map(|(code, number)| ((*code).to_owned(), FieldValue::Integer(*number)))
        .collect()
}

#[test]
fn rules_hold_on_both_sides_of_their_edges() {
    let package = shipped_package().unwrap();
    for (form, now, before, expected) in CASES {
        let form = package.form(form).unwrap();
        let findings = form.check(&values(now), Some(&values(before)), &BTreeMap::new());
        let got: Vec<_> = findings
            .iter()
            .map(|finding| (finding.rule.as_str(), finding.severity))
            .collect();
        assert_eq!(got, *expected, "{now:?}");
    }
}

#[test]
fn who_reports_when_and_who_approves() {
    let package = shipped_package().unwrap();
    let period = |text: &str| Period::parse(text).unwrap();
    for (code, fills, approves) in [
        (
            "M08",
            vec![Level::Village, Level::Township],
            Level::Township,
        ),
        ("M15", vec![Level::County], Level::City),
    ] {
        let form = package.form(code).unwrap();
        assert_eq!((&form.fill_levels, form.approve_level), (&fills, approves));
        assert!(form.is_historical(period("2025Q4")) && !form.has_period(period("2021Q3")));
        let dates = form.dates(period("2026Q1")).unwrap();
        assert_eq!(dates.fill_due.to_string(), "2026-04-10");
    }
}

#[test]
fn union_aid_is_added_up_and_never_ranked() {
    let package = shipped_package().unwrap();
    let metrics: Vec<_> = package.metrics_of_form("M15").collect();
    assert_eq!(metrics.len(), 2);
    assert!(
        metrics
            .iter()
            .all(|metric| metric.better == Better::Neither)
    );
}
