//! Computed figures at the edges that matter: thresholds, missing inputs, sums that do not fit, bad texts.

use std::collections::BTreeMap;
use zhenxing_domain::package::expression::{Expression, Meaning, parse};

fn names() -> BTreeMap<String, Meaning> {
    ["operating", "subsidy"]
        .map(|name| {
            (
                name.to_owned(),
                Meaning::One(Expression::Field(name.to_owned())),
            )
        })
        .into_iter()
        .collect()
}

fn check(text: &str, values: &[(&str, i64)], expected: Option<i64>) {
    let values = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect();
    let got = parse(text, &names()).map(|expression| expression.evaluate(&values));
    assert_eq!(got, Ok(expected), "{text}");
}

#[test]
fn the_threshold_of_fifty_thousand_yuan_is_exact_to_the_fen() {
    let text = "at_least(sum(operating, subsidy), 5000000)";
    check(text, &[("operating", 4_999_999), ("subsidy", 0)], Some(0));
    check(text, &[("operating", 4_999_999), ("subsidy", 1)], Some(1));
    check(text, &[("operating", 5_000_001), ("subsidy", 0)], Some(1));
}

#[test]
fn what_is_missing_or_does_not_fit_has_no_value() {
    check("sum(operating, subsidy)", &[("operating", 1)], None);
    check(
        "sum(operating, subsidy)",
        &[("operating", i64::MAX), ("subsidy", 1)],
        None,
    );
    check(
        "difference(operating, subsidy)",
        &[("operating", i64::MIN), ("subsidy", 1)],
        None,
    );
    check(
        "difference(operating, subsidy)",
        &[("operating", 5), ("subsidy", 7)],
        Some(-2),
    );
}

#[test]
fn all_is_one_when_every_part_is() {
    let text = "all(at_least(operating, 1), at_least(0, subsidy))";
    check(text, &[("operating", 1), ("subsidy", 0)], Some(1));
    check(text, &[("operating", 0), ("subsidy", 0)], Some(0));
    check(text, &[("operating", 1), ("subsidy", 1)], Some(0));
    check(text, &[("operating", 0)], Some(0));
    check(text, &[("operating", 1)], None);
}

#[test]
fn bad_texts_are_refused() {
    let deep = format!("{}operating{}", "sum(".repeat(40), ")".repeat(40));
    for text in [
        "",
        "sum(",
        "sum()",
        "sum(operating",
        "operating subsidy",
        "nothing(operating)",
        "unknown",
        "at_least(operating)",
        "all(operating)",
        "all()",
        "sum(all(at_least(operating, 1)))",
        "99999999999999999999",
        deep.as_str(),
    ] {
        assert!(parse(text, &names()).is_err(), "{text}");
    }
}
