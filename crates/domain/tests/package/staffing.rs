//! The staffing of townships (M05): its baseline, what is carried over from it, its rules and its metrics.

use super::{now, shipped_package};
use std::collections::BTreeMap;
use zhenxing_domain::figure::Measure;
use zhenxing_domain::package::{FieldValue, FormDef};
use zhenxing_domain::period::Period;
use zhenxing_domain::unit::Level;

fn values(pairs: &[(&str, i64)]) -> BTreeMap<String, FieldValue> {
    let pairs = pairs.iter();
    pairs
        .map(|(code, number)| ((*code).to_owned(), FieldValue::Integer(*number)))
        .collect()
}

/// The rules that are broken, and whether they block.
fn found(
    form: &FormDef,
    now: &[(&str, i64)],
    before: Option<&[(&str, i64)]>,
) -> Vec<(String, bool)> {
    let before = before.map(values);
    let findings = form.check(&values(now), before.as_ref(), &BTreeMap::new());
    let shown = findings.iter();
    shown
        .map(|finding| (finding.rule.clone(), finding.blocks()))
        .collect()
}

#[test]
fn the_county_fills_in_for_its_townships_once_and_then_monthly() {
    let package = shipped_package().unwrap();
    let period = |text: &str| Period::parse(text).unwrap();
    let baseline = package.form("M05-baseline").unwrap();
    assert_eq!(baseline.only_period(), Some(period("2021-10")));
    assert!(!baseline.has_period(period("2021-11")));
    let monthly = package.form("M05").unwrap();
    assert_eq!(monthly.only_period(), None);
    for form in [baseline, monthly] {
        assert_eq!(form.applies_to.level, Level::Township);
        assert_eq!(form.fill_levels, [Level::County]);
        assert_eq!(
            (form.check_level, form.approve_level),
            (None, Level::County)
        );
    }
    assert!(monthly.is_historical(period("2025-12")));
    let dates = monthly.dates(period("2026-02")).unwrap();
    let days = [dates.opens, dates.fill_due, dates.approve_due].map(|day| day.to_string());
    assert_eq!(days, ["2026-02-23", "2026-03-05", "2026-03-10"]);
    let carried: Vec<_> = monthly
        .carried()
        .map(|(field, from)| (field.code.as_str(), from.form.as_str(), from.field.as_str()))
        .collect();
    assert_eq!(
        carried,
        [("baseline_vacancies", "M05-baseline", "vacancies")]
    );
}

#[test]
fn the_posts_of_the_baseline_agree_with_their_sum() {
    let package = shipped_package().unwrap();
    let form = package.form("M05-baseline").unwrap();
    let report = |all, staff| {
        [
            ("administrative", 30),
            ("institutional", 25),
            ("authorised", all),
            ("in_post", staff),
        ]
    };
    assert_eq!(found(form, &report(55, 50), None), []);
    let blocks = |rule: &str| vec![(rule.to_owned(), true)];
    assert_eq!(found(form, &report(54, 50), None), blocks("posts_agree"));
    assert_eq!(found(form, &report(55, 56), None), blocks("over_staffed"));
    let numbers = form.numbers(&values(&report(55, 50)));
    assert_eq!(numbers.get("vacancies"), Some(&5));
}

#[test]
fn jumps_of_posts_and_staff_are_explained() {
    let package = shipped_package().unwrap();
    let form = package.form("M05").unwrap();
    let before: &[_] = &[("authorised", 50), ("in_post", 40)];
    for (now, expected) in [
        ([("authorised", 55), ("in_post", 48)], vec![]),
        (
            [("authorised", 56), ("in_post", 40)],
            vec!["authorised_jump"],
        ),
        ([("authorised", 50), ("in_post", 49)], vec!["in_post_jump"]),
        (
            [("authorised", 40), ("in_post", 41)],
            vec!["over_staffed", "authorised_jump"],
        ),
    ] {
        let got = found(form, &now, Some(before));
        let codes: Vec<_> = got.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(codes, expected, "{now:?}");
    }
}

#[test]
fn a_township_counts_as_made_full_only_where_it_had_vacancies() {
    let package = shipped_package().unwrap();
    let form = package.form("M05").unwrap();
    for (baseline, staff, closed) in [
        (Some(3), 50, Some((1, 1))),
        (Some(3), 51, Some((1, 1))),
        (Some(3), 49, Some((0, 1))),
        (Some(0), 50, Some((0, 0))),
        (Some(-2), 40, Some((0, 0))),
        (None, 50, None),
    ] {
        let mut given = values(&[("authorised", 50), ("in_post", staff)]);
        if let Some(vacancies) = baseline {
            let code = "baseline_vacancies".to_owned();
            given.insert(code, FieldValue::Integer(vacancies));
        }
        let measures = package.measures("M05", now(), &form.numbers(&given));
        let got = measures.get("M05.vacancies_closed");
        let measure = closed.map(|(numerator, denominator)| Measure {
            numerator,
            denominator,
        });
        assert_eq!(got, measure.as_ref(), "{baseline:?} {staff}");
        let staffing = measures.get("M05.staffing").unwrap();
        assert_eq!((staffing.numerator, staffing.denominator), (staff, 50));
    }
}
