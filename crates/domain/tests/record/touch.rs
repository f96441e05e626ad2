//! Which figures a changed record touches: every one that becomes another, and none that cannot.

use super::derived::linked;
use super::{All, changed, files_of, got, loaded, record, shipped, well};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{Derivation, MetricSource, Package};
use zhenxing_domain::period::Period;
use zhenxing_domain::record::{Change, Days, Look, Record, Way, derive, reaches};

fn periods(texts: &[&str]) -> Vec<Period> {
    let read = texts.iter().map(|text| well(Period::parse(text)));
    read.collect()
}

fn sides(package: &Package, code: &str) -> Vec<Derivation> {
    match &got(package.metric(code)).source {
        MetricSource::Derived {
            numerator,
            denominator,
            ..
        } => numerator.iter().chain(denominator).cloned().collect(),
        other => unreachable!("{code} is not derived: {other:?}"),
    }
}

/// The ways and periods that a change touches, for all sides of a metric.
fn touched(
    sides: &[Derivation],
    ledger: &str,
    change: Change<'_>,
    among: &[&str],
) -> BTreeSet<(Way, String)> {
    let among = periods(among);
    let reached = sides.iter().flat_map(|side| reaches(side, ledger));
    let shown = reached.flat_map(|reach| {
        let found = reach.periods(change, &among);
        found
            .into_iter()
            .map(move |period| (reach.way.clone(), period.to_string()))
    });
    shown.collect()
}

fn edit<'a>(before: &'a Record, after: &'a Record) -> Change<'a> {
    Change {
        before: Some(before),
        after: Some(after),
    }
}

fn named(field: &str) -> Way {
    Way::Named {
        field: field.to_owned(),
    }
}

fn pairs(way: &Way, periods: &[&str]) -> BTreeSet<(Way, String)> {
    let pairs = periods
        .iter()
        .map(|period| (way.clone(), (*period).to_owned()));
    pairs.collect()
}

const MONTHS: [&str; 4] = ["2026-05", "2026-06", "2026-07", "2026-08"];

#[test]
fn days_of_a_month_touch_that_month_of_the_posting() {
    let package = shipped();
    let sides = sides(package, "M16.enough_days");
    let row = |state, month: &str, days, note: &str| {
        let values = json!({ "posting": 71, "month": month, "days": days, "note": note });
        record(81, 7, state, values)
    };
    let (before, after) = (
        row("confirmed", "2026-07-01", 19, ""),
        row("confirmed", "2026-07-01", 20, ""),
    );
    let found = touched(&sides, "presence", edit(&before, &after), &MONTHS);
    assert_eq!(found, pairs(&named("posting"), &["2026-07"]));
    let moved = row("confirmed", "2026-06-01", 20, "");
    let found = touched(&sides, "presence", edit(&after, &moved), &MONTHS);
    assert_eq!(found, pairs(&named("posting"), &["2026-06", "2026-07"]));
    let noted = row("confirmed", "2026-07-01", 20, "病假");
    assert!(touched(&sides, "presence", edit(&after, &noted), &MONTHS).is_empty());
    // What the township has not confirmed counts in no version.
    let waiting = row("entered", "2026-07-01", 20, "");
    let more = row("entered", "2026-07-01", 22, "");
    assert!(touched(&sides, "presence", edit(&waiting, &more), &MONTHS).is_empty());
    let found = touched(&sides, "presence", edit(&waiting, &after), &MONTHS);
    assert_eq!(found, pairs(&named("posting"), &["2026-07"]));
}

#[test]
fn a_new_a_changed_and_a_removed_record_touch_alike() {
    let package = shipped();
    let sides = sides(package, "M16.enough_days");
    let posting = |batch: &str, until: &str| {
        let values = json!({ "person": 1, "role": "member", "batch": batch, "since": "2026-06-10", "until": until });
        record(71, 7, "", values)
    };
    let here = posting("1", "");
    let months = ["2026-06", "2026-07", "2026-08"];
    for change in [
        Change {
            before: None,
            after: Some(&here),
        },
        Change {
            before: Some(&here),
            after: None,
        },
        edit(&here, &posting("1", "2026-08-01")),
    ] {
        let found = touched(&sides, "posting", change, &MONTHS);
        assert_eq!(found, pairs(&Way::Own, &months));
    }
    let other = posting("2", "");
    assert!(touched(&sides, "posting", edit(&here, &other), &MONTHS).is_empty());
    let mut elsewhere = here.clone();
    elsewhere.unit = UnitId(8);
    let found = touched(&sides, "posting", edit(&here, &elsewhere), &MONTHS);
    assert_eq!(found, pairs(&Way::Own, &months));
}

#[test]
fn a_course_touches_the_villages_whose_records_name_its_people() {
    let package = shipped();
    let sides = sides(package, "M02.trained");
    let course = |place: &str, people: &[i64]| {
        let values = json!({ "begins": "2026-05-01", "ends": "2026-05-02", "place": place, "attendees": people });
        record(31, 1, "", values)
    };
    let (before, after) = (course("", &[1]), course("", &[1, 2]));
    let found = touched(
        &sides,
        "training",
        edit(&before, &after),
        &["2025", "2026", "2027"],
    );
    let ways: BTreeSet<_> = ["post_holder", "posting"]
        .into_iter()
        .map(|ledger| Way::Shared {
            field: "attendees".to_owned(),
            ledger: ledger.to_owned(),
            own: "person".to_owned(),
        })
        .flat_map(|way| pairs(&way, &["2026"]))
        .collect();
    assert_eq!(found, ways);
    let elsewhere = course("党校", &[1]);
    assert!(touched(&sides, "training", edit(&before, &elsewhere), &["2026"]).is_empty());
}

#[test]
fn an_event_touches_its_members_and_a_link_its_member_and_household() {
    let package = shipped();
    let event = |kind: &str, name: &str| {
        let values = json!({ "kind": kind, "name": name, "ends": "2026-05-02", "attendees": [41] });
        record(51, 7, "", values)
    };
    let (spirit, skills) = (event("spirit", "a"), event("skills", "a"));
    for code in ["M03.spirit_education", "M03.skills_training"] {
        let sides = sides(package, code);
        let touched = |after| {
            touched(
                &sides,
                "member_education",
                edit(&spirit, after),
                &["2025", "2026"],
            )
        };
        assert_eq!(touched(&skills), pairs(&named("attendees"), &["2026"]));
        assert!(touched(&event("spirit", "b")).is_empty());
    }
    let link = |until: &str| {
        record(
            301,
            7,
            "",
            json!({ "member": 41, "household": 201, "since": "2026-01-01", "until": until }),
        )
    };
    let halves = ["2025H2", "2026H1", "2026H2"];
    for (code, field) in [
        ("M23.households_linked", "household"),
        ("M23.members_in_range", "member"),
    ] {
        let found = touched(
            &sides(package, code),
            "household_link",
            edit(&link(""), &link("2026-08-01")),
            &halves,
        );
        assert_eq!(found, pairs(&named(field), &["2026H1", "2026H2"]), "{code}");
    }
}

#[test]
fn a_deadline_that_moves_touches_both_years() {
    let package = shipped();
    let case = |deadline: &str, progress: &str| {
        let values = json!({ "summary": "x", "deadline": deadline, "progress": progress });
        record(61, 7, "rectifying", values)
    };
    let (before, after) = (case("2025-11-30", ""), case("2026-03-31", ""));
    let years = ["2024", "2025", "2026", "2027"];
    let sides = sides(package, "M11.closed_in_time");
    let found = touched(&sides, "weak_branch", edit(&before, &after), &years);
    assert_eq!(found, pairs(&Way::Own, &["2025", "2026"]));
    let noted = case("2025-11-30", "已开会");
    assert!(touched(&sides, "weak_branch", edit(&before, &noted), &years).is_empty());
}

#[test]
fn who_a_person_is_touches_no_figure() {
    let package = shipped();
    let derived = package.metrics.iter().filter(|metric| {
        matches!(
            metric.source,
            MetricSource::Derived {
                numerator: Some(_),
                ..
            }
        )
    });
    for metric in derived {
        for side in sides(package, &metric.code) {
            for ledger in ["person", "village_base", "decision"] {
                assert!(reaches(&side, ledger).is_empty(), "{}", metric.code);
            }
        }
    }
}

/// The shipped package with a metric that looks from households through to their grids.
fn looking_through() -> Package {
    let old = "count(grid where has_group and (until is missing or until > end))";
    let new =
        "count(household where grid.has_group and (grid.until is missing or grid.until > end))";
    loaded(&changed(
        files_of("cangzhou-2021"),
        "matters/p6.toml",
        old,
        new,
    ))
}

#[test]
fn a_record_that_others_look_through_touches_theirs() {
    let package = looking_through();
    let numerator = &sides(&package, "M23.grids_with_group")[..1];
    let grid = |name: &str, has_group: bool| {
        record(91, 7, "", json!({ "name": name, "has_group": has_group }))
    };
    let way = Way::Naming {
        ledger: "household".to_owned(),
        through: "grid".to_owned(),
    };
    let before = grid("a", false);
    let found = touched(
        numerator,
        "grid",
        edit(&before, &grid("a", true)),
        &["2026"],
    );
    assert_eq!(found, pairs(&way, &["2026"]));
    assert!(
        touched(
            numerator,
            "grid",
            edit(&before, &grid("b", false)),
            &["2026"]
        )
        .is_empty()
    );
}

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn place(&mut self, among: usize) -> usize {
        well(usize::try_from(self.below(well(u64::try_from(among)))))
    }

    fn of<T: Clone>(&mut self, values: &[T]) -> T {
        let at = self.place(values.len());
        got(values.get(at)).clone()
    }
}

/// A value that the field of the ledger may have.
fn value(dice: &mut Dice, ledger: &str, field: &str) -> Value {
    let days = ["", "2025-12-31", "2026-01-01", "2026-02-01", "2026-05-01"];
    match (ledger, field) {
        (_, "since" | "until" | "ends" | "month" | "deadline" | "confirmed_on" | "closed_on") => {
            json!(dice.of(&days))
        }
        (_, "tag") => json!(dice.of(&["任务重", "基层治理重点", "重点村"])),
        (_, "days") => json!(dice.of(&[10, 20, 25])),
        (_, "posting") => json!(dice.of(&[71, 72])),
        (_, "able_to_work" | "able_to_link" | "has_group") => json!(dice.of(&[true, false])),
        (_, "kind") => json!(dice.of(&["spirit", "skills"])),
        (_, "post") => json!(dice.of(&["secretary", "director"])),
        (_, "organiser") => json!(dice.of(&["city", "village"])),
        (_, "person") => json!(dice.of(&[1, 2, 3])),
        (_, "member") => json!(dice.of(&[41, 42, 45, 46])),
        (_, "household") => json!(dice.of(&[201, 213, 225])),
        (_, "grid") => json!(dice.of(&[91, 92])),
        ("training", "attendees") => json!(dice.of(&[vec![1], vec![2, 3], vec![1, 3]])),
        (_, "attendees") => json!(dice.of(&[vec![41], vec![42, 46], vec![41, 45]])),
        (_, other) => unreachable!("{other}"),
    }
}

const FIELDS: [(&str, &[&str]); 11] = [
    ("posting", &["since", "until", "person"]),
    ("presence", &["month", "days", "posting"]),
    ("weak_branch", &["deadline", "confirmed_on", "closed_on"]),
    ("unit_tag", &["tag", "since", "until"]),
    (
        "party_member",
        &["since", "until", "able_to_work", "able_to_link", "person"],
    ),
    ("household", &["until", "grid"]),
    ("household_link", &["since", "until", "member", "household"]),
    ("member_education", &["kind", "ends", "attendees"]),
    ("grid", &["has_group", "until"]),
    ("post_holder", &["since", "until", "person", "post"]),
    ("training", &["ends", "attendees", "organiser"]),
];

/// The units to which a way leads from a record.
fn units(way: &Way, record: &Record, all: &All, ledger: &str) -> Vec<UnitId> {
    let named = |field: &str| record.values.get(field).map(|value| value.named());
    let of = |records: Vec<&Record>| records.into_iter().map(|one| one.unit).collect::<Vec<_>>();
    match way {
        Way::Own => vec![record.unit],
        Way::Named { field } => {
            let other = match (ledger, field.as_str()) {
                ("household_link", "household") => "household",
                ("presence", _) => "posting",
                _ => "party_member",
            };
            let named = named(field).unwrap_or_default();
            let found = named.into_iter().filter_map(|id| all.record(other, id));
            of(found.collect())
        }
        Way::Shared { field, ledger, own } => {
            let named = named(field).unwrap_or_default().into_iter();
            named
                .flat_map(|id| of(all.naming(ledger, own, id)))
                .collect()
        }
        Way::Naming { ledger, through } => of(all.naming(ledger, through, record.id)),
    }
}

/// A world with one record changed, moved, added or removed; and the record before and after.
fn disturbed(
    all: &All,
    dice: &mut Dice,
    fresh: i64,
) -> (All, &'static str, Option<Record>, Option<Record>) {
    let (ledger, fields) = dice.of(&FIELDS);
    let mut next = All(all.0.clone());
    let records = next.0.entry(ledger.to_owned()).or_default();
    let at = dice.place(records.len());
    let before = got(records.get(at)).clone();
    let mut after = before.clone();
    match dice.below(6) {
        0 if records.len() > 1 => {
            records.remove(at);
            return (next, ledger, Some(before), None);
        }
        1 => after.unit = UnitId(if before.unit.0 == 7 { 8 } else { 7 }),
        2 => {
            after.id = fresh;
            records.push(after.clone());
            return (next, ledger, None, Some(after));
        }
        _ => {
            let field = dice.of(fields);
            let value = well(serde_json::from_value(value(dice, ledger, field)));
            after.values.insert(field.to_owned(), value);
        }
    }
    *got(records.get_mut(at)) = after.clone();
    (next, ledger, Some(before), Some(after))
}

/// Records of all ledgers that are disturbed.
fn world() -> All {
    let mut all = linked();
    for (id, unit, kind) in [(51, 7, "spirit"), (52, 8, "skills"), (53, 3, "skills")] {
        let values = json!({ "kind": kind, "ends": "2026-02-01", "attendees": [41, 46] });
        all.add("member_education", id, unit, values);
    }
    for (id, unit, person) in [(11, 7, 1), (12, 7, 2), (13, 8, 3)] {
        let values = json!({ "person": person, "post": "secretary", "since": "2026-01-01" });
        all.add("post_holder", id, unit, values);
    }
    for (id, people) in [(31, [1, 2]), (32, [2, 3])] {
        let values = json!({ "organiser": "city", "ends": "2026-02-01", "attendees": people });
        all.add("training", id, 1, values);
    }
    for (id, unit, person) in [(71, 7, 1), (72, 8, 3)] {
        all.add(
            "posting",
            id,
            unit,
            json!({ "person": person, "since": "2025-12-31" }),
        );
    }
    for (id, posting, month) in [(81, 71, "2026-01-01"), (82, 72, "2026-02-01")] {
        let values = json!({ "posting": posting, "month": month, "days": 20 });
        all.put("presence", record(id, 7, "confirmed", values));
    }
    for (id, unit) in [(61, 7), (62, 8)] {
        let values = json!({ "deadline": "2025-12-31", "confirmed_on": "2025-12-31", "closed_on": "2026-01-01" });
        all.put("weak_branch", record(id, unit, "closed", values));
    }
    for (id, unit, tag) in [(101, 7, "任务重"), (102, 8, "重点村")] {
        let values = json!({ "tag": tag, "since": "2026-02-01" });
        all.add("unit_tag", id, unit, values);
    }
    for (id, has_group) in [(91, true), (92, false)] {
        all.add(
            "grid",
            id,
            7,
            json!({ "name": "x", "has_group": has_group }),
        );
    }
    all
}

/// Where the change says that a figure may be another; with a way left out, where the rest of them say so.
fn reached(
    side: &Derivation,
    ledger: &str,
    versions: [(&Option<Record>, &All); 2],
    (among, without): (&[Period], Option<&Way>),
) -> BTreeSet<(UnitId, Period)> {
    let [(before, _), (after, _)] = versions;
    let change = Change {
        before: before.as_ref(),
        after: after.as_ref(),
    };
    let mut touched = BTreeSet::new();
    for reach in reaches(side, ledger) {
        if without == Some(&reach.way) {
            continue;
        }
        let shown = reach.periods(change, among);
        for (record, world) in versions {
            let Some(record) = record else {
                continue;
            };
            for unit in units(&reach.way, record, world, ledger) {
                touched.extend(shown.iter().map(|period| (unit, *period)));
            }
        }
    }
    touched
}

const CODES: [&str; 11] = [
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
];

const AMONG: [&str; 6] = ["2025", "2026", "2026H1", "2025-12", "2026-01", "2026-04"];

/// The units and periods whose number is another.
fn differing(side: &Derivation, all: &All, next: &All, among: &[Period]) -> Vec<(UnitId, Period)> {
    let places = [UnitId(7), UnitId(8)]
        .into_iter()
        .flat_map(|unit| among.iter().map(move |period| (unit, *period)));
    let differs = |(unit, period): &(UnitId, Period)| {
        let days = Days::of(*period);
        derive(side, *unit, &days, all) != derive(side, *unit, &days, next)
    };
    places.filter(differs).collect()
}

#[test]
fn no_figure_changes_without_being_touched() {
    let package = looking_through();
    let all_sides: Vec<Derivation> = CODES
        .iter()
        .flat_map(|code| sides(&package, code))
        .collect();
    let among = periods(&AMONG);
    let mut all = All::default();
    let mut dice = Dice(7);
    let mut changes = 0;
    for fresh in 10_000..10_500 {
        if fresh % 50 == 0 {
            all = world();
        }
        let (next, ledger, before, after) = disturbed(&all, &mut dice, fresh);
        for side in &all_sides {
            let versions = [(&before, &all), (&after, &next)];
            let touched = reached(side, ledger, versions, (&among, None));
            for place in differing(side, &all, &next, &among) {
                changes += 1;
                assert!(
                    touched.contains(&place),
                    "{ledger} {before:?} {after:?} {place:?}"
                );
            }
        }
        all = next;
    }
    assert!(changes > 500, "{changes}");
}

/// What the test above is worth: each way that any metric has, left out, lets some figure change untouched.
#[test]
fn every_way_that_is_left_out_is_missed() {
    let package = looking_through();
    let mut waiting = Vec::new();
    for code in CODES {
        let sides = sides(&package, code);
        let ledgers: BTreeSet<String> = sides.iter().flat_map(Derivation::ledgers).collect();
        for ledger in ledgers {
            let ways = sides.iter().flat_map(|side| reaches(side, &ledger));
            let ways: BTreeSet<Way> = ways.map(|reach| reach.way).collect();
            assert!(!ways.is_empty(), "{code} {ledger}");
            let each = ways.into_iter().map(|way| (code, ledger.clone(), way));
            waiting.extend(each.map(|(code, ledger, way)| (code, sides.clone(), ledger, way)));
        }
    }
    assert!(waiting.len() >= 20, "{}", waiting.len());
    let among = periods(&AMONG);
    let mut all = world();
    let mut dice = Dice(11);
    for fresh in 10_000..13_000 {
        if fresh % 50 == 0 {
            all = world();
        }
        let (next, ledger, before, after) = disturbed(&all, &mut dice, fresh);
        let versions = [(&before, &all), (&after, &next)];
        waiting.retain(|(_, sides, looked, way)| {
            if looked != ledger {
                return true;
            }
            let without = (among.as_slice(), Some(way));
            let touched = sides
                .iter()
                .flat_map(|side| reached(side, ledger, versions, without));
            let touched: BTreeSet<(UnitId, Period)> = touched.collect();
            let mut differs = sides
                .iter()
                .flat_map(|side| differing(side, &all, &next, &among));
            differs.all(|place| touched.contains(&place))
        });
        all = next;
    }
    let left: Vec<String> = waiting
        .iter()
        .map(|(code, _, ledger, way)| format!("{code} {ledger} {way:?}"))
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}
