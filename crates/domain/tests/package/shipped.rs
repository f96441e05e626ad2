//! What the shipped package says: its matters, and the plan's own figures.

use super::shipped_package;
use std::collections::BTreeSet;
use zhenxing_domain::package::{
    Comparison, Deadline, ListStatus, MetricSource, MetricStatus, SettingValue,
};
use zhenxing_domain::period::Period;
use zhenxing_domain::task::{HandDownError, check_hand_down};
use zhenxing_domain::unit::Level;

#[test]
fn the_shipped_package_is_whole() {
    let package = shipped_package().unwrap();
    assert_eq!(package.programme.code, "cangzhou-2021");
    let projects: Vec<_> = package
        .projects
        .iter()
        .map(|project| project.code.as_str())
        .collect();
    assert_eq!(projects, ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]);
    let matters: Vec<_> = package
        .matters
        .iter()
        .map(|matter| matter.code.clone())
        .collect();
    let numbered: Vec<_> = (1..=30).map(|number| format!("M{number:02}")).collect();
    assert_eq!(matters, numbered);
    let sizes: Vec<_> = projects
        .iter()
        .map(|code| {
            package
                .matters
                .iter()
                .filter(|matter| matter.project == *code)
                .count()
        })
        .collect();
    assert_eq!(sizes, [3, 4, 5, 5, 5, 7, 1]);
}

#[test]
fn every_matter_has_what_the_office_needs() {
    let package = shipped_package().unwrap();
    let kept: BTreeSet<_> = package
        .ledgers
        .iter()
        .map(|ledger| ledger.code.as_str())
        .collect();
    for matter in &package.matters {
        let code = &matter.code;
        assert!(!matter.lead_departments.is_empty(), "{code}");
        assert!(!matter.responsible_departments.is_empty(), "{code}");
        assert!(matter.lowest_level() >= Some(Level::County), "{code}");
        assert_eq!(matter.official_no, None, "{code}");
        assert!(
            !matter.kept.is_empty() || package.form(code).is_some(),
            "{code}"
        );
        assert!(
            matter
                .kept
                .iter()
                .all(|ledger| kept.contains(ledger.as_str())),
            "{code}"
        );
        let metrics: Vec<_> = package
            .metrics
            .iter()
            .filter(|metric| metric.matter == *code)
            .collect();
        assert!(!metrics.is_empty(), "{code}");
        let aimed = metrics
            .iter()
            .any(|metric| package.targets_of(&metric.code).next().is_some());
        assert!(aimed, "{code}");
    }
}

#[test]
fn figures_wait_for_their_ledgers_and_those_of_forms_are_active() {
    let package = shipped_package().unwrap();
    let mut active = Vec::new();
    for metric in &package.metrics {
        let code = metric.code.as_str();
        let waits = metric.status == MetricStatus::Pending;
        let MetricSource::Derived {
            ledgers,
            numerator,
            denominator,
            ..
        } = &metric.source
        else {
            assert!(!waits, "{code}");
            continue;
        };
        assert_eq!(waits, numerator.is_none(), "{code}");
        if waits {
            continue;
        }
        active.push(code);
        for ledger in numerator
            .iter()
            .chain(denominator)
            .flat_map(|side| side.ledgers())
        {
            assert!(ledgers.contains(&ledger), "{code} does not name {ledger}");
            let matter = package.matter(&metric.matter).unwrap();
            assert!(
                matter.kept.contains(&ledger),
                "{code} does not keep {ledger}"
            );
        }
    }
    assert_eq!(
        active,
        [
            "M02.trained",
            "M02.secretaries_by_city",
            "M03.spirit_education",
            "M03.skills_training",
            "M11.closed_in_time",
            "M11.open_overdue",
            "M16.villages_covered",
            "M16.enough_days",
            "M23.households_linked",
            "M23.members_in_range",
            "M23.grids_with_group",
        ]
    );
    let headlines: Vec<_> = package
        .metrics
        .iter()
        .filter(|metric| metric.headline)
        .map(|metric| metric.code.as_str())
        .collect();
    assert_eq!(headlines, ["M12.reach_50k", "M12.reach_100k"]);
}

#[test]
fn the_plans_own_figures_stand_exactly() {
    let package = shipped_package().unwrap();
    let on = |text: &str| Deadline::On(text.parse().unwrap());
    let of_the_plan: Vec<_> = package
        .targets
        .iter()
        .filter(|target| target.is_of_the_plan())
        .map(|target| {
            (
                target.metric.as_str(),
                target.value,
                target.by,
                target.comparison,
            )
        })
        .collect();
    let least = Comparison::AtLeast;
    assert_eq!(
        of_the_plan,
        [
            (
                "M02.secretaries_by_city",
                Some(3_500),
                Deadline::EachYear,
                Comparison::About { tolerance: 500 }
            ),
            ("M02.trained", Some(10_000), Deadline::EachYear, least),
            (
                "M05.vacancies_closed",
                Some(10_000),
                on("2023-10-31"),
                least
            ),
            ("M09.adjusted", Some(10_000), Deadline::EachYear, least),
            ("M09.analysed", Some(10_000), Deadline::EachYear, least),
            ("M09.filed", Some(10_000), Deadline::EachYear, least),
            ("M12.reach_100k", Some(7_000), on("2025-12-31"), least),
            ("M12.reach_50k", Some(10_000), on("2025-12-31"), least),
            (
                "M17.leaders_paired",
                Some(10_000),
                Deadline::EachYear,
                least
            ),
            ("M21.teachers_sent", Some(100), Deadline::EachYear, least),
            (
                "M26.members_covered",
                Some(10_000),
                Deadline::EachYear,
                least
            ),
        ]
    );
    assert!(
        package
            .targets
            .iter()
            .filter(|target| target.is_of_the_plan())
            .all(|target| target.level == Level::City)
    );
    assert!(
        package
            .targets_of("M17.leaders_paired")
            .all(|target| target.aim)
    );
}

#[test]
fn settings_say_whether_the_plan_names_them() {
    let package = shipped_package().unwrap();
    for (matter, code, value, from_plan) in [
        (
            "M02",
            "city_share_tolerance",
            SettingValue::Percent(500),
            false,
        ),
        ("M05", "years_to_fill", SettingValue::Integer(2), true),
        ("M09", "analyses_a_year", SettingValue::Integer(1), true),
        (
            "M14",
            "new_secretary_months",
            SettingValue::Integer(12),
            false,
        ),
        ("M16", "days_a_month", SettingValue::Integer(20), false),
        ("M17", "leaders_a_village", SettingValue::Integer(3), false),
        ("M17", "households_a_leader", SettingValue::Integer(1), true),
        ("M23", "households_min", SettingValue::Integer(10), true),
        ("M23", "households_max", SettingValue::Integer(15), true),
    ] {
        let setting = package
            .matter(matter)
            .and_then(|matter| matter.setting(code))
            .unwrap();
        assert_eq!(
            (&setting.value, setting.from_plan),
            (&value, from_plan),
            "{code}"
        );
    }
}

#[test]
fn lists_that_the_source_leaves_open_wait_for_the_office() {
    let package = shipped_package().unwrap();
    for (matter, code, expected, known) in [
        ("M11", "problem_kinds", 11, 2),
        ("M13", "four_ones", 4, 0),
        ("M22", "ten_unified", 10, 0),
    ] {
        let list = package
            .matter(matter)
            .and_then(|matter| matter.list(code))
            .unwrap();
        assert_eq!(
            (list.expected, list.items.len()),
            (Some(expected), known),
            "{code}"
        );
        assert_eq!(list.status, ListStatus::ToVerify, "{code}");
    }
    let steps = package
        .matter("M25")
        .and_then(|matter| matter.list("steps"))
        .unwrap();
    assert_eq!((steps.items.len(), steps.status), (6, ListStatus::Settled));
}

#[test]
fn the_first_ledgers_are_kept_and_the_others_are_named() {
    let package = shipped_package().unwrap();
    let kept: BTreeSet<_> = package
        .ledgers
        .iter()
        .filter(|ledger| ledger.record.is_some())
        .map(|ledger| ledger.code.as_str())
        .collect();
    let first = [
        "grid",
        "household",
        "household_link",
        "member_education",
        "party_member",
        "person",
        "post_holder",
        "posting",
        "presence",
        "training",
        "unit_tag",
        "village_base",
        "weak_branch",
    ];
    assert_eq!(kept, BTreeSet::from(first));
}

#[test]
fn the_tags_of_the_package_are_those_that_units_are_marked_with() {
    let package = shipped_package().unwrap();
    let ledger = package.ledger("unit_tag").unwrap();
    assert_eq!(
        ledger.record.as_ref().unwrap().marks.as_deref(),
        Some("tag")
    );
    let choices = ledger.field("tag").unwrap().kind.choices();
    let choices: Vec<(&str, &str)> = choices
        .iter()
        .map(|one| (one.code.as_str(), one.name_en.as_str()))
        .collect();
    let tags: Vec<(&str, &str)> = package
        .tags
        .iter()
        .map(|tag| (tag.code.as_str(), tag.name_en.as_str()))
        .collect();
    assert_eq!(choices, tags);
    assert!(tags.len() > 5);
}

#[test]
fn personnel_ledgers_are_restricted() {
    let package = shipped_package().unwrap();
    let restricted: Vec<_> = package
        .ledgers
        .iter()
        .filter(|ledger| ledger.restricted)
        .map(|ledger| ledger.code.as_str())
        .collect();
    assert_eq!(
        restricted,
        [
            "leadership_seat",
            "secondment",
            "promotion",
            "secretary_file",
            "performance_review",
            "reserve_cadre"
        ]
    );
}

#[test]
fn past_years_of_the_income_report_are_historical_and_never_due() {
    let package = shipped_package().unwrap();
    let form = package.form("M12").unwrap();
    let period = |text: &str| Period::parse(text).unwrap();
    assert!(!form.has_period(period("2020")));
    for year in ["2021", "2025"] {
        assert!(form.has_period(period(year)) && form.is_historical(period(year)));
        assert_eq!(form.dates(period(year)), None);
    }
    assert!(!form.is_historical(period("2026")));
    let dates = form.dates(period("2026")).unwrap();
    assert_eq!(
        [
            Some(dates.opens),
            Some(dates.fill_due),
            dates.check_due,
            Some(dates.approve_due)
        ]
        .map(|day| day.unwrap().to_string()),
        ["2026-11-01", "2026-12-20", "2026-12-25", "2026-12-31"]
    );
    assert_eq!(form.fill_levels, [Level::Village, Level::Township]);
    assert_eq!(
        (form.check_level, form.approve_level),
        (Some(Level::Township), Level::County)
    );
}

#[test]
fn a_matter_is_handed_down_as_far_as_it_names() {
    let package = shipped_package().unwrap();
    let matter = |code: &str| {
        package
            .matters
            .iter()
            .find(|matter| matter.code == code)
            .unwrap()
    };
    let check = |code: &str, own, wanted| check_hand_down(matter(code), own, wanted);
    assert_eq!(check("M12", Level::City, Level::Village), Ok(()));
    assert_eq!(check("M12", Level::Township, Level::Village), Ok(()));
    assert_eq!(
        check("M12", Level::Village, Level::Village),
        Err(HandDownError::NotBelow {
            own: Level::Village,
            wanted: Level::Village
        })
    );
    for matter in &package.matters {
        let lowest = matter.lowest_level();
        for wanted in [Level::County, Level::Township, Level::Village] {
            let got = check_hand_down(matter, Level::City, wanted);
            let code = &matter.code;
            assert_eq!(
                got.is_ok(),
                matter.levels.contains(&wanted),
                "{code} {wanted:?}"
            );
            if Some(wanted) > lowest {
                assert_eq!(got, Err(HandDownError::TooFar { lowest, wanted }), "{code}");
            }
        }
    }
}
