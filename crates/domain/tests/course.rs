//! Figures against their path: worked cases, counted by hand.

use chrono::NaiveDate;
use zhenxing_domain::course::{Aim, Forecast, Pace, Path, PathError, Point, Standing};

fn day(text: &str) -> NaiveDate {
    text.parse()
        .unwrap_or_else(|error| unreachable!("{text}: {error}"))
}

fn point((text, value): (&str, i64)) -> Point {
    Point {
        day: day(text),
        value,
    }
}

fn points(all: &[(&str, i64)]) -> Vec<Point> {
    all.iter().copied().map(point).collect()
}

/// From 60 % at the plan's issue to 100 % at the end of 2025: 1,524 days.
fn share() -> Path {
    let begin = point(("2021-10-29", 6_000));
    Path::new(Aim::AtLeast, Some(begin), points(&[("2025-12-31", 10_000)]))
        .unwrap_or_else(|error| unreachable!("{error}"))
}

#[test]
fn the_path_is_straight_between_its_points() {
    let halves = points(&[("2022-01-31", 100), ("2022-03-02", 40)]);
    let path = Path::new(Aim::AtMost, Some(point(("2022-01-01", 130))), halves).unwrap();
    for (text, wanted) in [
        ("2021-06-01", 130),
        ("2022-01-01", 130),
        ("2022-01-11", 120),
        ("2022-01-31", 100),
        ("2022-02-15", 70),
        ("2022-03-02", 40),
        ("2030-01-01", 40),
    ] {
        assert_eq!(path.wanted(day(text)), wanted, "{text}");
    }
}

#[test]
fn without_a_beginning_the_first_target_is_asked_at_once() {
    let path = Path::new(Aim::AtLeast, None, points(&[("2023-10-31", 100)])).unwrap();
    assert_eq!(path.wanted(day("2021-10-29")), 100);
    let late = point(("2024-01-01", 5));
    let path = Path::new(Aim::AtLeast, Some(late), points(&[("2023-10-31", 100)])).unwrap();
    assert_eq!(path.wanted(day("2024-02-01")), 100);
}

#[test]
fn there_is_no_path_without_targets_or_with_two_on_a_day() {
    assert_eq!(
        Path::new(Aim::AtLeast, None, Vec::new()),
        Err(PathError::NoTarget)
    );
    let twice = points(&[("2025-12-31", 1), ("2025-12-31", 2)]);
    assert_eq!(
        Path::new(Aim::AtLeast, None, twice),
        Err(PathError::TwoOnOneDay(day("2025-12-31")))
    );
}

#[test]
fn a_figure_is_on_course_behind_reached_or_missed() {
    // Half of the way in days, 762 of 1,524: 80 %.
    for (text, value, standing) in [
        ("2023-11-30", 8_000, Standing::OnCourse),
        ("2023-11-30", 7_999, Standing::Behind { missing: 1 }),
        ("2023-11-30", 6_500, Standing::Behind { missing: 1_500 }),
        ("2023-11-30", 10_000, Standing::Reached),
        ("2025-12-30", 9_000, Standing::Behind { missing: 997 }),
        ("2025-12-31", 9_394, Standing::Missed { missing: 606 }),
        ("2026-12-31", 10_000, Standing::Reached),
    ] {
        assert_eq!(
            share().standing(point((text, value))),
            standing,
            "{text} {value}"
        );
    }
}

#[test]
fn what_is_to_sink_is_behind_when_it_is_above() {
    let begin = Some(point(("2022-01-01", 100)));
    let path = Path::new(Aim::AtMost, begin, points(&[("2022-04-11", 0)])).unwrap();
    for (value, standing) in [
        (50, Standing::OnCourse),
        (51, Standing::Behind { missing: 1 }),
        (0, Standing::Reached),
        (-3, Standing::Reached),
    ] {
        assert_eq!(
            path.standing(point(("2022-02-20", value))),
            standing,
            "{value}"
        );
    }
}

#[test]
fn about_a_value_is_a_band_on_both_sides() {
    let aim = Aim::About { tolerance: 200 };
    for (value, missing) in [(3_500, 0), (3_300, 0), (3_700, 0), (3_299, 1), (3_750, 50)] {
        assert_eq!(aim.missing(value, 3_500), missing, "{value}");
    }
    let path = Path::new(aim, None, points(&[("2025-12-31", 3_500)])).unwrap();
    assert_eq!(
        path.standing(point(("2024-01-01", 3_400))),
        Standing::Reached
    );
    let missing = Standing::Behind { missing: 300 };
    assert_eq!(path.standing(point(("2024-01-01", 4_000))), missing);
}

#[test]
fn extremes_do_not_overflow() {
    assert_eq!(Aim::AtLeast.missing(i64::MIN, i64::MAX), i64::MAX);
    assert_eq!(
        Aim::About {
            tolerance: i64::MIN
        }
        .missing(i64::MIN, i64::MAX),
        i64::MAX
    );
    let begin = Some(point(("2021-01-01", i64::MIN)));
    let path = Path::new(Aim::AtLeast, begin, points(&[("2021-01-03", i64::MAX)])).unwrap();
    assert_eq!(path.wanted(day("2021-01-02")), -1);
    assert_eq!(path.needed_pace(point(("2021-01-01", i64::MIN))), None);
}

#[test]
fn what_is_needed_a_month_is_rounded_up() {
    for (text, value, needed) in [
        // 1,000 in 100 days: 300 in thirty.
        ("2025-09-22", 9_000, Some(300)),
        ("2025-09-22", 8_999, Some(301)),
        ("2025-09-22", 10_000, None),
        ("2025-12-31", 9_000, None),
        ("2026-05-01", 9_000, None),
    ] {
        assert_eq!(
            share().needed_pace(point((text, value))),
            needed,
            "{text} {value}"
        );
    }
    let path = Path::new(Aim::AtMost, None, points(&[("2025-12-31", 0)])).unwrap();
    assert_eq!(path.needed_pace(point(("2025-12-01", 10))), Some(-10));
}

#[test]
fn the_pace_is_the_median_of_the_slopes() {
    // Ten days apart: 0, 10, 20, 90. Slopes a day: 1, 1, 7 over one step, 1, 4 over two, 3 over three.
    let figures = points(&[
        ("2024-01-31", 90),
        ("2024-01-01", 0),
        ("2024-01-11", 10),
        ("2024-01-21", 20),
    ]);
    let pace = Pace::of(figures).unwrap();
    assert_eq!(
        pace.a_month(),
        60,
        "the median of 1, 1, 1, 3, 4, 7 is 2 a day"
    );
    let forecast = pace.forecast(day("2024-02-10")).unwrap();
    let expected = Forecast {
        day: day("2024-02-10"),
        value: 110,
        low: 100,
        high: 145,
    };
    assert_eq!(forecast, expected);
    assert_eq!(pace.forecast(day("2024-01-30")), None);
}

#[test]
fn one_odd_period_does_not_turn_the_pace() {
    let steady: Vec<Point> = (1..=12)
        .map(|month| Point {
            day: NaiveDate::from_ymd_opt(2024, month, 28).unwrap_or_default(),
            value: if month == 6 {
                5_000
            } else {
                i64::from(month) * 100
            },
        })
        .collect();
    let pace = Pace::of(steady).unwrap();
    assert!((90..=105).contains(&pace.a_month()), "{}", pace.a_month());
}

#[test]
fn two_figures_say_no_pace() {
    assert_eq!(
        Pace::of(points(&[("2024-01-01", 1), ("2024-02-01", 2)])),
        None
    );
    let twice = points(&[("2024-01-01", 1), ("2024-01-01", 2), ("2024-02-01", 2)]);
    assert_eq!(Pace::of(twice), None);
}

#[test]
fn only_the_latest_figures_count() {
    let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default();
    let at = |place: u32, value: i64| Point {
        day: first + chrono::Days::new(u64::from(place) * 30),
        value,
    };
    let mut figures: Vec<Point> = (0..24)
        .map(|place| at(place, i64::from(place) * 500))
        .collect();
    figures.extend((24..48).map(|place| at(place, 12_000 + i64::from(place) * 3)));
    assert_eq!(Pace::of(figures).unwrap().a_month(), 3);
}
