//! The figures of the shipped ledgers against cases that were counted by hand.

use super::{All, got, record, share, shipped, well};
use serde_json::json;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{MetricSource, Package};
use zhenxing_domain::period::Period;
use zhenxing_domain::record::{Days, derive};

fn sum(package: &Package, code: &str, all: &All, unit: i64, period: &str) -> i64 {
    let metric = got(package.metric(code));
    let MetricSource::Derived {
        numerator: Some(numerator),
        denominator: None,
        ..
    } = &metric.source
    else {
        unreachable!("{code} is no sum of records");
    };
    let days = Days::of(well(Period::parse(period)));
    got(derive(numerator, UnitId(unit), &days, all))
}

fn member(all: &mut All, id: i64, unit: i64, since: &str, able: (bool, bool)) {
    let values = json!({
        "person": id - 40, "standing": "full", "joined_on": since, "since": since, "away": false,
        "able_to_work": able.0, "able_to_link": able.1,
    });
    all.add("party_member", id, unit, values);
}

/// Village 7 has members 41 to 45, of whom 43 leaves on 2026-05-01 and 44 comes on 2026-06-01; village 8 has 46.
fn members() -> All {
    let mut all = All::default();
    member(&mut all, 41, 7, "2010-07-01", (true, true));
    member(&mut all, 42, 7, "2015-07-01", (false, false));
    member(&mut all, 44, 7, "2026-06-01", (true, true));
    member(&mut all, 45, 7, "2000-07-01", (true, true));
    member(&mut all, 46, 8, "2012-07-01", (true, true));
    let left = json!({
        "person": 3, "standing": "full", "joined_on": "2020-07-01", "since": "2020-07-01", "until": "2026-05-01",
        "leaving_reason": "transferred", "away": false, "able_to_work": true, "able_to_link": true,
    });
    all.add("party_member", 43, 7, left);
    all
}

#[test]
fn members_are_educated_in_the_year_in_which_it_ends() {
    let package = shipped();
    let mut all = members();
    let mut event = |id, unit, kind: &str, begins: &str, ends: &str, attendees: &[i64]| {
        let values = json!({ "name": "x", "kind": kind, "begins": begins, "ends": ends, "attendees": attendees });
        all.add("member_education", id, unit, values);
    };
    event(
        51,
        7,
        "spirit",
        "2026-02-01",
        "2026-02-01",
        &[41, 42, 43, 46],
    );
    event(52, 3, "skills", "2026-03-01", "2026-03-05", &[41, 46]);
    event(53, 7, "spirit", "2025-11-01", "2026-01-05", &[45]);
    event(54, 7, "skills", "2025-12-31", "2025-12-31", &[45]);
    for (code, unit, period, expected) in [
        // At the end of 2026: 41, 42, 44 and 45; all but 44, who has just come, were at an event.
        ("M03.spirit_education", 7, "2026", (3, 4)),
        // In January 43 is still there; the event of 45 has ended, that of the others has not been held.
        ("M03.spirit_education", 7, "2026-01", (1, 4)),
        ("M03.spirit_education", 7, "2025", (0, 4)),
        ("M03.spirit_education", 8, "2026", (1, 1)),
        // Able to work: 41, 44 and 45; 41 was trained by the township.
        ("M03.skills_training", 7, "2026", (1, 3)),
        // Able to work: 41, 43 and 45, who was trained on the last day.
        ("M03.skills_training", 7, "2025", (1, 3)),
        ("M03.skills_training", 8, "2026", (1, 1)),
        ("M03.skills_training", 9, "2026", (0, 0)),
    ] {
        assert_eq!(
            share(package, code, &all, unit, period),
            expected,
            "{code} {unit} {period}"
        );
    }
}

#[test]
fn a_person_who_is_entered_twice_is_one_member() {
    let package = shipped();
    let mut all = members();
    let again = json!({
        "person": 1, "standing": "full", "joined_on": "2010-07-01", "since": "2010-07-01", "away": false,
        "able_to_work": true, "able_to_link": true,
    });
    all.add("party_member", 49, 7, again);
    let counted = share(package, "M03.spirit_education", &all, 7, "2026");
    assert_eq!(counted, (0, 4));
}

fn cases() -> All {
    let mut all = All::default();
    for (id, state, deadline, closed_on) in [
        (61, "closed", "2026-06-30", Some("2026-06-30")),
        (62, "closed", "2026-06-30", Some("2026-08-15")),
        (63, "rectifying", "2026-09-30", None),
        (64, "found", "2026-03-01", None),
        (65, "relisted", "2025-10-31", Some("2025-10-01")),
        (66, "accepted", "2027-01-31", None),
    ] {
        let values = json!({
            "summary": "x", "found_on": "2025-02-01", "confirmed_on": "2025-03-01", "deadline": deadline,
            "closed_on": closed_on.unwrap_or_default(),
        });
        all.put("weak_branch", record(id, 7, state, values));
    }
    let listed = json!({ "summary": "x", "found_on": "2025-02-01" });
    all.put("weak_branch", record(67, 7, "found", listed));
    all
}

#[test]
fn weak_branches_are_closed_in_time_or_open_past_their_deadline() {
    let package = shipped();
    let all = cases();
    for (period, expected) in [
        ("2025", (1, 1)),
        ("2026H1", (1, 2)),
        ("2026", (1, 3)),
        ("2027", (0, 1)),
    ] {
        let counted = share(package, "M11.closed_in_time", &all, 7, period);
        assert_eq!(counted, expected, "{period}");
    }
    for (period, expected) in [
        ("2025", 0),
        // On the day of the deadline a case is not yet past it.
        ("2026-06", 0),
        ("2026-07", 1),
        ("2026-08", 0),
        ("2026-09", 0),
        ("2026-10", 1),
        ("2027-01", 1),
        ("2027-02", 2),
    ] {
        let counted = sum(package, "M11.open_overdue", &all, 7, period);
        assert_eq!(counted, expected, "{period}");
    }
    assert_eq!(sum(package, "M11.open_overdue", &all, 8, "2027-02"), 0);
}

#[test]
fn days_count_once_the_township_has_confirmed_them() {
    let package = shipped();
    let mut all = All::default();
    for (id, since, until) in [
        (71, "2026-01-10", ""),
        (72, "2026-07-20", ""),
        (73, "2025-05-01", "2026-07-15"),
        (74, "2025-05-01", ""),
    ] {
        let values = json!({ "person": id, "role": "member", "sent_by": "x", "since": since, "until": until });
        all.add("posting", id, 7, values);
    }
    for (id, posting, month, days, state) in [
        (81, 71, "2026-07-01", 20, "confirmed"),
        (82, 72, "2026-07-01", 12, "confirmed"),
        (83, 73, "2026-07-01", 22, "confirmed"),
        (84, 74, "2026-07-01", 25, "entered"),
        (85, 74, "2026-06-01", 21, "confirmed"),
        (86, 71, "2026-06-01", 19, "confirmed"),
    ] {
        let values = json!({ "posting": posting, "month": month, "days": days });
        all.put("presence", record(id, 7, state, values));
    }
    for (period, expected) in [
        // At the end of July 71, 72 and 74 are there, 73 has left; the days of 74 wait for the township.
        ("2026-07", (1, 3)),
        ("2026-06", (1, 3)),
        ("2026-05", (0, 3)),
        ("2025-12", (0, 2)),
        // A longer period is judged by its last month.
        ("2026Q2", (1, 3)),
    ] {
        let counted = share(package, "M16.enough_days", &all, 7, period);
        assert_eq!(counted, expected, "{period}");
    }
}

#[test]
fn villages_with_heavy_tasks_or_a_weak_branch_need_somebody() {
    let package = shipped();
    let mut all = All::default();
    let mut tag = |id, unit, tag: &str, since: &str, until: &str| {
        let values = json!({ "tag": tag, "since": since, "until": until });
        all.add("unit_tag", id, unit, values);
    };
    tag(1, 7, "任务重", "2026-02-01", "2026-05-01");
    tag(2, 7, "重点村", "2020-01-01", "");
    tag(3, 8, "基层治理重点", "2026-01-01", "");
    let mut weak = |id, unit, confirmed: &str, closed: &str| {
        let values = json!({ "summary": "x", "found_on": "2026-01-01", "confirmed_on": confirmed, "closed_on": closed });
        all.put("weak_branch", record(id, unit, "found", values));
    };
    weak(11, 7, "2026-06-15", "2026-08-10");
    weak(12, 9, "", "");
    let mut posting = |id, unit, since: &str, until: &str| {
        let values = json!({ "person": id, "role": "member", "sent_by": "x", "since": since, "until": until });
        all.add("posting", id, unit, values);
    };
    posting(21, 7, "2026-03-10", "2026-07-20");
    posting(22, 9, "2026-01-01", "");
    for (unit, period, expected) in [
        // The tag of a key village asks for nobody.
        (7, "2026-01", (0, 0)),
        (7, "2026-02", (0, 1)),
        (7, "2026-03", (1, 1)),
        // The tag ended on the first of May.
        (7, "2026-05", (0, 0)),
        (7, "2026-06", (1, 1)),
        // The posting is over, the case is not.
        (7, "2026-07", (0, 1)),
        (7, "2026-08", (0, 0)),
        (8, "2026-12", (0, 1)),
        // A case that the county has not confirmed asks for nobody.
        (9, "2026-12", (0, 0)),
    ] {
        let counted = share(package, "M16.villages_covered", &all, unit, period);
        assert_eq!(counted, expected, "{unit} {period}");
    }
}

/// The members with households 201 to 226, of which 226 moves away on 2026-03-01, and their links.
pub fn linked() -> All {
    let mut all = members();
    for id in 201..=226 {
        let until = if id == 226 { "2026-03-01" } else { "" };
        let values = json!({ "number": id.to_string(), "head": "x", "people": 3, "grid": 91, "until": until });
        all.add("household", id, 7, values);
    }
    for id in 201..=226 {
        let (member, until) = match id {
            201..=210 | 226 => (41, ""),
            211..=212 => (42, ""),
            213..=215 => (45, "2026-02-01"),
            216..=224 => (45, ""),
            _ => continue,
        };
        let values =
            json!({ "member": member, "household": id, "since": "2026-01-01", "until": until });
        all.add("household_link", id + 100, 7, values);
    }
    all
}

#[test]
fn households_are_linked_by_members_who_are_there() {
    let package = shipped();
    let all = linked();
    for (code, period, expected) in [
        ("M23.households_linked", "2025H2", (0, 26)),
        // All but 225.
        ("M23.households_linked", "2026-01", (25, 26)),
        // 226 is gone, 213 to 215 are linked no more.
        ("M23.households_linked", "2026H1", (21, 25)),
        // 41 has eleven and 45 twelve; 43 has none, 42 is not asked.
        ("M23.members_in_range", "2026-01", (2, 3)),
        // 45 has nine left, 43 has gone, 44 has come and has none.
        ("M23.members_in_range", "2026H1", (1, 3)),
        ("M23.members_in_range", "2025H2", (0, 3)),
    ] {
        assert_eq!(
            share(package, code, &all, 7, period),
            expected,
            "{code} {period}"
        );
    }
}

#[test]
fn ten_to_fifteen_households_are_in_range() {
    let package = shipped();
    for (links, expected) in [(9, 0), (10, 1), (15, 1), (16, 0)] {
        let mut all = members();
        for id in 1..=links {
            let values = json!({ "member": 46, "household": id, "since": "2026-01-01" });
            all.add("household_link", id, 8, values);
        }
        let counted = share(package, "M23.members_in_range", &all, 8, "2026");
        assert_eq!(counted, (expected, 1), "{links}");
    }
}

#[test]
fn grids_have_a_party_group_while_they_last() {
    let package = shipped();
    let mut all = All::default();
    for (id, has_group, until) in [(91, true, ""), (92, false, ""), (93, true, "2025-06-30")] {
        let values =
            json!({ "name": "x", "kind": "group", "has_group": has_group, "until": until });
        all.add("grid", id, 7, values);
    }
    for (period, expected) in [("2024H2", (2, 3)), ("2025H1", (1, 2)), ("2026", (1, 2))] {
        let counted = share(package, "M23.grids_with_group", &all, 7, period);
        assert_eq!(counted, expected, "{period}");
    }
}

#[test]
fn a_village_without_records_has_nothing_over_nothing() {
    let package = shipped();
    let all = All::default();
    let mut derived = 0;
    for metric in &package.metrics {
        let MetricSource::Derived {
            numerator: Some(numerator),
            denominator,
            ..
        } = &metric.source
        else {
            continue;
        };
        derived += 1;
        let days = Days::of(Period::parse("2026").unwrap());
        for side in std::iter::once(numerator).chain(denominator) {
            assert_eq!(
                derive(side, UnitId(7), &days, &all),
                Some(0),
                "{}",
                metric.code
            );
        }
    }
    assert_eq!(derived, 11);
}
