//! The dates of a form's schedule.

use zhenxing_domain::package::schedule::Moment;
use zhenxing_domain::period::Period;

#[test]
fn a_text_that_is_no_moment_is_refused() {
    for text in ["", "13-01", "11-31x", "soon", "+"] {
        assert_eq!(Moment::parse(text), None, "{text}");
    }
}

#[test]
fn a_day_of_the_year_falls_in_the_periods_year() {
    let period = Period::parse("2026").unwrap();
    let moment = Moment::parse("11-01").unwrap();
    assert_eq!(moment.date(period).unwrap().to_string(), "2026-11-01");
}

#[test]
fn days_after_the_end_cross_the_year() {
    let period = Period::parse("2026Q4").unwrap();
    for (text, day) in [
        ("+10d", "2027-01-10"),
        ("-5d", "2026-12-26"),
        ("+0d", "2026-12-31"),
    ] {
        let moment = Moment::parse(text).unwrap();
        assert_eq!(moment.date(period).unwrap().to_string(), day, "{text}");
    }
    assert_eq!(Moment::parse("02-29"), None);
}
