//! What the shipped ledgers ask of their records: rules, and the ways from state to state.

use super::{All, got, record, shipped, told};
use serde_json::json;
use std::collections::BTreeSet;
use zhenxing_domain::package::{MoveDef, RecordDef};
use zhenxing_domain::record::{check_move, check_whole};
use zhenxing_domain::unit::Level;

fn definition(ledger: &str) -> RecordDef {
    got(got(shipped().ledger(ledger)).record.clone())
}

/// The state in which a record is after some moves from the first.
fn walked(def: &RecordDef, moves: &[&str]) -> String {
    let first = got(def.first_state()).code.clone();
    moves.iter().fold(first, |state, code| {
        let motion = got(def.motion(code));
        assert!(
            motion.from.contains(&state),
            "{code} does not lead from {state}"
        );
        motion.to.clone()
    })
}

#[test]
fn a_case_goes_from_being_found_to_being_closed_and_is_listed_again() {
    let def = definition("weak_branch");
    let straight = [
        "confirm",
        "send_plan",
        "approve_plan",
        "finish",
        "pass_check",
        "accept",
        "close",
        "relist",
    ];
    assert_eq!(walked(&def, &straight), "relisted");
    let levels: Vec<Vec<Level>> = straight
        .iter()
        .map(|code| def.motion(code).unwrap().levels.clone())
        .collect();
    let (city, county, township, village) =
        (Level::City, Level::County, Level::Township, Level::Village);
    assert_eq!(
        levels,
        [
            vec![county],
            vec![township],
            vec![county],
            vec![township, village],
            vec![township],
            vec![county],
            vec![city],
            vec![city, county],
        ]
    );
}

#[test]
fn every_check_can_return_a_case_and_says_why() {
    let def = definition("weak_branch");
    for (moves, back, state) in [
        (&[][..], "return_finding", "returned"),
        (&["confirm", "send_plan"], "return_plan", "confirmed"),
        (
            &["confirm", "send_plan", "approve_plan", "finish"],
            "return_check",
            "rectifying",
        ),
        (
            &[
                "confirm",
                "send_plan",
                "approve_plan",
                "finish",
                "pass_check",
            ],
            "return_acceptance",
            "rectifying",
        ),
        (
            &[
                "confirm",
                "send_plan",
                "approve_plan",
                "finish",
                "pass_check",
                "accept",
            ],
            "return_closing",
            "rectifying",
        ),
    ] {
        let path = [moves, &[back]].concat();
        assert_eq!(walked(&def, &path), state);
        assert!(def.motion(back).unwrap().reason, "{back}");
    }
    let again = ["return_finding", "find_again", "confirm"];
    assert_eq!(walked(&def, &again), "confirmed");
    assert!(def.motion("relist").unwrap().reason);
}

#[test]
fn moves_ask_for_the_fields_that_they_need() {
    let def = definition("weak_branch");
    let missing = |motion: &MoveDef, values: serde_json::Value| {
        let values = serde_json::from_value(values).unwrap();
        let found = check_move(&def, motion, &values);
        found
            .into_iter()
            .filter_map(|one| one.field)
            .collect::<Vec<_>>()
    };
    let confirm = def.motion("confirm").unwrap();
    assert_eq!(missing(confirm, json!({})), ["confirmed_on", "deadline"]);
    let given = json!({ "confirmed_on": "2026-02-01", "deadline": " " });
    assert_eq!(missing(confirm, given), ["deadline"]);
    let close = def.motion("close").unwrap();
    assert_eq!(missing(close, json!({})), ["closed_on", "follow_until"]);
}

#[test]
fn kinds_of_problems_are_those_of_the_matter_and_no_others() {
    let package = shipped();
    let def = definition("weak_branch");
    let list = package
        .matter("M11")
        .unwrap()
        .list("problem_kinds")
        .unwrap();
    let field = def.field("problem_kinds").unwrap();
    assert_eq!(field.kind.choices(), list.items);
    assert!(!field.required);
}

#[test]
fn a_village_has_one_open_case_and_its_days_follow_each_other() {
    let package = shipped();
    let mut all = All::default();
    let open = json!({ "summary": "x", "found_on": "2026-02-01" });
    all.put("weak_branch", record(61, 7, "rectifying", open));
    let found = |state: &str, unit, values| {
        let mut codes = told(
            package,
            "weak_branch",
            &record(62, unit, state, values),
            &all,
            "2026-11-24",
        );
        codes.retain(|code| code != "named_kind");
        codes
    };
    let second = json!({ "summary": "x", "found_on": "2026-03-01" });
    assert_eq!(found("found", 7, second.clone()), ["one_open"]);
    assert!(found("found", 8, second.clone()).is_empty());
    assert!(found("closed", 7, second).is_empty());
    let days = json!({
        "summary": "x", "found_on": "2026-03-01", "confirmed_on": "2026-02-01", "deadline": "2026-01-01",
        "plan_on": "2026-01-15", "checked_on": "2026-01-10", "accepted_on": "2026-01-05", "closed_on": "2026-01-01",
        "follow_until": "2025-12-31", "relisted_on": "2025-12-30", "spot_check_on": "2026-01-01",
    });
    assert_eq!(
        found("closed", 8, days),
        [
            "confirmed_after",
            "deadline_after",
            "plan_after",
            "checked_after",
            "accepted_after",
            "closed_after",
            "follow_after",
            "spot_check_whole",
            "relisted_after"
        ]
    );
    // Returned at closing, the case is checked again after it was accepted.
    let again = json!({
        "summary": "x", "found_on": "2026-01-01", "confirmed_on": "2026-02-01", "plan_on": "2026-03-01",
        "accepted_on": "2026-05-01", "checked_on": "2026-06-01",
    });
    assert!(found("acceptance", 8, again.clone()).is_empty());
    assert_eq!(found("accepted", 8, again), ["accepted_after"]);
}

#[test]
fn presence_is_entered_by_whole_months_of_the_posting() {
    let package = shipped();
    let mut all = All::default();
    let posting =
        json!({ "person": 1, "role": "member", "since": "2026-03-20", "until": "2026-09-01" });
    all.add("posting", 71, 7, posting);
    let found = |month: &str| {
        let values = json!({ "posting": 71, "month": month, "days": 20 });
        told(
            package,
            "presence",
            &record(0, 7, "entered", values),
            &all,
            "2026-11-24",
        )
    };
    assert!(found("2026-03-01").is_empty());
    assert!(found("2026-08-01").is_empty());
    assert_eq!(found("2026-07-02"), ["whole_month"]);
    assert_eq!(found("2026-02-01"), ["within_posting"]);
    assert_eq!(found("2026-09-01"), ["within_posting"]);
    assert_eq!(found("2026-12-01"), ["month_begun", "within_posting"]);
    let def = definition("presence");
    assert_eq!(walked(&def, &["confirm"]), "confirmed");
    assert_eq!(walked(&def, &["return", "send", "confirm"]), "confirmed");
    assert_eq!(def.motion("confirm").unwrap().levels, [Level::Township]);
    assert!(def.motion("return").unwrap().reason);
}

#[test]
fn a_household_is_linked_once_at_a_time_and_a_member_has_not_too_many() {
    let package = shipped();
    let mut all = All::default();
    let member = |able: bool, until: &str| json!({ "person": 1, "since": "2020-01-01", "until": until, "able_to_link": able });
    all.add("party_member", 41, 7, member(true, ""));
    all.add("party_member", 42, 7, member(false, ""));
    all.add("party_member", 43, 7, member(true, "2026-01-01"));
    for id in 201..=216 {
        let household = json!({ "number": "x", "head": "x", "people": 3, "grid": 91 });
        all.add("household", id, 7, household);
    }
    all.add(
        "household",
        217,
        7,
        json!({ "number": "y", "head": "x", "people": 3, "grid": 91, "until": "2026-02-01" }),
    );
    for id in 201..=214 {
        let link = json!({ "member": 41, "household": id, "since": "2026-01-01" });
        all.add("household_link", id + 100, 7, link);
    }
    let found = |all: &All, id, values| {
        told(
            package,
            "household_link",
            &record(id, 7, "", values),
            all,
            "2026-11-24",
        )
    };
    let link = |member: i64, household: i64| json!({ "member": member, "household": household, "since": "2026-02-01" });
    assert!(found(&all, 0, link(41, 215)).is_empty());
    assert_eq!(found(&all, 0, link(41, 201)), ["linked_once"]);
    assert!(found(&all, 301, link(41, 201)).is_empty());
    assert_eq!(found(&all, 0, link(42, 215)), ["able_member"]);
    assert_eq!(found(&all, 0, link(43, 215)), ["member_here"]);
    assert_eq!(found(&all, 0, link(41, 217)), ["household_here"]);
    let past =
        json!({ "member": 43, "household": 201, "since": "2025-01-01", "until": "2025-12-31" });
    assert!(found(&all, 0, past).is_empty());
    all.add("household_link", 315, 7, link(41, 215));
    assert_eq!(found(&all, 0, link(41, 216)), ["too_many"]);
    assert!(found(&all, 315, link(41, 215)).is_empty());
}

#[test]
fn members_and_grids_and_villages_are_told_what_does_not_fit() {
    let package = shipped();
    let mut all = All::default();
    let basics = json!({ "organisation_form": "branch", "elected_on": "2021-03-01" });
    all.add("village_base", 1, 7, basics.clone());
    let member = json!({
        "person": 1, "standing": "probationary", "joined_on": "2025-01-01", "since": "2025-01-01", "away": false,
        "able_to_work": true, "able_to_link": true,
    });
    all.add("party_member", 41, 7, member.clone());
    all.add("grid", 91, 7, json!({ "name": "x", "keeper": 1 }));
    all.add(
        "household",
        201,
        7,
        json!({ "number": "1", "head": "x", "people": 3, "grid": 91 }),
    );
    let link = json!({ "member": 41, "household": 201, "since": "2026-01-01" });
    all.add("household_link", 301, 7, link);
    let found = |ledger: &str, id, unit, values| {
        told(
            package,
            ledger,
            &record(id, unit, "", values),
            &all,
            "2026-11-24",
        )
    };
    assert_eq!(
        found("village_base", 0, 7, basics.clone()),
        ["one_a_village"]
    );
    assert!(found("village_base", 1, 7, basics).is_empty());
    assert_eq!(
        found("party_member", 0, 7, member.clone()),
        ["member_once", "member_elsewhere", "probation_short"]
    );
    assert_eq!(
        found("party_member", 0, 8, member.clone()),
        ["member_elsewhere", "probation_short"]
    );
    assert_eq!(found("party_member", 41, 7, member), ["probation_short"]);
    let left = json!({ "person": 1, "joined_on": "2020-01-01", "since": "2020-01-01", "until": "2024-01-01" });
    assert_eq!(found("party_member", 0, 7, left.clone()), ["why_left"]);
    assert_eq!(
        found("party_member", 41, 7, left),
        ["why_left", "links_left"]
    );
    let gone =
        json!({ "number": "1", "head": "x", "people": 3, "grid": 91, "until": "2026-10-01" });
    assert_eq!(found("household", 201, 7, gone.clone()), ["link_left"]);
    assert!(found("household", 202, 7, gone).is_empty());
    let ended = json!({ "name": "x", "until": "2026-10-01" });
    assert_eq!(found("grid", 91, 7, ended.clone()), ["ended_empty"]);
    assert!(found("grid", 92, 7, ended).is_empty());
    assert_eq!(
        found("grid", 92, 7, json!({ "name": "x" })),
        ["keeper_wanted"]
    );
}

#[test]
fn shipped_definitions_are_whole() {
    let package = shipped();
    for ledger in package.ledgers.iter().filter(|one| one.record.is_some()) {
        let def = ledger.record.as_ref().unwrap();
        let code = &ledger.code;
        assert!(def.fields().any(|field| field.column), "{code}");
        assert!(def.fields().any(|field| field.required), "{code}");
        let lowest = def.levels.iter().max();
        assert!(def.fill_levels.iter().max() <= lowest, "{code}");
        let kept = package.matters_of_ledger(code).next();
        assert!(kept.is_some(), "{code} is kept for no matter");
        let fields: BTreeSet<&str> = def.fields().map(|field| field.code.as_str()).collect();
        let named = def.unique.iter().flatten();
        assert!(named.clone().all(|field| fields.contains(field.as_str())));
        let required: Vec<_> = check_whole(def, &Default::default());
        assert_eq!(
            required.len(),
            def.fields().filter(|field| field.required).count(),
            "{code}"
        );
        for field in def.fields() {
            assert_eq!(field.hint_zh.is_empty(), field.hint_en.is_empty(), "{code}");
        }
    }
}
