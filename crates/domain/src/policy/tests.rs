//! Who may do what, as tables.

use super::*;

fn actor(role: Role, scope: DataScope) -> Actor {
    Actor {
        account: AccountId(7),
        unit: UnitId(20),
        unit_path: "/1/20/".to_owned(),
        grants: vec![Grant {
            role,
            scope,
            custom_paths: vec!["/1/30/".to_owned()],
            departments: BTreeMap::new(),
            matters: Matters::These(BTreeSet::from(["M12".to_owned()])),
        }],
    }
}

#[test]
fn targets_are_set_from_above() {
    let paths = [
        "/1/",
        "/1/20/",
        "/1/20/300/",
        "/1/20/300/4000/",
        "/1/30/301/",
    ];
    for (scope, expected) in [
        (DataScope::All, [true; 5]),
        (DataScope::Custom, [false, false, false, false, true]),
        (DataScope::Unit, [false, false, true, false, false]),
        (DataScope::UnitAndBelow, [false, false, true, true, false]),
    ] {
        let seen = actor(Role::Approver, scope).scope(Action::SetTargets);
        let seen = seen.unwrap();
        let got = paths.map(|path| seen.covers_from_above(path, Some("M12")));
        assert_eq!(got, expected, "{scope:?}");
    }
    let top = actor(Role::Approver, DataScope::UnitAndBelow);
    let top = Actor {
        unit_path: "/1/".to_owned(),
        ..top
    };
    let seen = top.scope(Action::SetTargets).unwrap();
    assert!(
        seen.covers_from_above("/1/", Some("M12")),
        "nobody stands above it"
    );
    assert!(!seen.covers_from_above("/1/20/", Some("M13")));
}

#[test]
fn without_a_grant_nothing_is_allowed() {
    let mut nobody = actor(Role::Filler, DataScope::All);
    nobody.grants.clear();
    for action in Action::ALL {
        assert_eq!(nobody.scope(action), Err(Refused(action)));
    }
}

#[test]
fn the_five_scopes() {
    let cases = [
        (DataScope::All, [true, true, true, true]),
        (DataScope::Custom, [false, false, false, true]),
        (DataScope::Unit, [false, true, false, false]),
        (DataScope::UnitAndBelow, [false, true, true, false]),
        (DataScope::Own, [false, true, false, false]),
    ];
    for (scope, expected) in cases {
        let scope_seen = actor(Role::Viewer, scope)
            .scope(Action::ReadReports)
            .unwrap();
        let paths = ["/1/", "/1/20/", "/1/20/300/", "/1/30/301/"];
        let got = paths.map(|path| scope_seen.covers(path, Some("M12"), Some(AccountId(7))));
        assert_eq!(got, expected, "{scope:?}");
        assert!(!scope_seen.covers("/1/20/", Some("M13"), None));
    }
}

#[test]
fn who_sees_the_whole_tree_shares_with_everybody() {
    let mut viewer = actor(Role::Viewer, DataScope::UnitAndBelow);
    assert!(!viewer.may_share_with_all(Action::ReadFigures));
    viewer.unit_path = "/1/".to_owned();
    assert!(viewer.may_share_with_all(Action::ReadFigures));
    assert!(!viewer.may_share_with_all(Action::ManageUnits));
    for (scope, whole) in [
        (DataScope::All, true),
        (DataScope::Custom, false),
        (DataScope::Unit, false),
        (DataScope::Own, false),
    ] {
        let mut viewer = actor(Role::Viewer, scope);
        viewer.unit_path = "/1/".to_owned();
        assert_eq!(viewer.may_share_with_all(Action::ReadFigures), whole);
    }
}

#[test]
fn a_grant_bound_to_departments_covers_their_matters_only() {
    let mut bound = actor(Role::Viewer, DataScope::All);
    let held = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
    let cases: [(&[&[&str]], bool, bool); 5] = [
        (&[], true, false),
        (&[&["M12", "M13"]], true, false),
        (&[&["M13"], &["M12"]], true, false),
        (&[&["M13"]], false, false),
        (&[&[]], false, false),
    ];
    for (departments, m12, m13) in cases {
        let numbered = (1..)
            .map(DepartmentId)
            .zip(departments.iter().map(|codes| held(codes)));
        for grant in &mut bound.grants {
            grant.departments = numbered.clone().collect();
        }
        let scope = bound.scope(Action::ReadReports).unwrap();
        assert_eq!(
            scope.covers("/1/", Some("M12"), None),
            m12,
            "{departments:?}"
        );
        assert_eq!(
            scope.covers("/1/", Some("M13"), None),
            m13,
            "{departments:?}"
        );
    }
}

/// A form that is filled in at those levels.
fn form(fills: &[Level], checks: Option<Level>, approves: Level) -> FormDef {
    let steps = serde_json::json!({
        "code": "M12", "matter": "M12", "name_zh": "", "name_en": "", "cadence": "yearly",
        "first_period": "2021", "applies_to": { "level": "village", "kinds": [], "tags": [] },
        "fill_levels": fills, "check_level": checks, "approve_level": approves,
        "sections": [], "rules": [], "settings": [], "explanation_max_len": 10,
        "schedule": { "opens": { "after_end": { "days": 1 } }, "fill_due": { "after_end": { "days": 2 } },
            "approve_due": { "after_end": { "days": 3 } } },
    });
    serde_json::from_value(steps).unwrap()
}

#[test]
fn a_form_is_filled_in_at_its_levels_and_approved_at_its_level_or_above() {
    use Level as L;
    let paths = ["/1/", "/1/20/", "/1/20/300/", "/1/20/300/4000/"];
    let village = form(&[L::Village, L::Township], Some(L::Township), L::County);
    let county = form(&[L::County], None, L::County);
    for (form, role, action, expected) in [
        (
            &village,
            Role::Filler,
            Action::FillReports,
            [false, false, true, true],
        ),
        (
            &county,
            Role::Filler,
            Action::FillReports,
            [false, true, false, false],
        ),
        (
            &village,
            Role::Checker,
            Action::CheckReports,
            [true, true, true, false],
        ),
        (&county, Role::Checker, Action::CheckReports, [false; 4]),
        (
            &village,
            Role::Approver,
            Action::ApproveReports,
            [true, true, false, false],
        ),
        (
            &village,
            Role::Approver,
            Action::ReviseReports,
            [true, true, false, false],
        ),
        (&village, Role::Viewer, Action::ReadReports, [true; 4]),
        (&village, Role::Viewer, Action::FillReports, [false; 4]),
    ] {
        let got = paths.map(|path| {
            let mut who = actor(role, DataScope::UnitAndBelow);
            who.unit_path = path.to_owned();
            who.scope_on(action, form).is_ok()
        });
        assert_eq!(got, expected, "{role:?} {action:?}");
    }
    let mut elsewhere = actor(Role::Filler, DataScope::All);
    for grant in &mut elsewhere.grants {
        grant.matters = Matters::These(BTreeSet::from(["M13".to_owned()]));
    }
    assert!(elsewhere.scope_on(Action::FillReports, &county).is_err());
}

#[test]
fn own_things_only() {
    let scope = actor(Role::Filler, DataScope::Own)
        .scope(Action::FillReports)
        .unwrap();
    assert!(scope.covers("/1/20/", Some("M12"), Some(AccountId(7))));
    assert!(!scope.covers("/1/20/", Some("M12"), Some(AccountId(8))));
}

#[test]
fn the_matrix_of_roles_and_actions() {
    let mut lines = Vec::new();
    for action in Action::ALL {
        let row: String = Role::ALL
            .iter()
            .map(|role| if role_allows(*role, action) { 'x' } else { '.' })
            .collect();
        lines.push(format!("{row} {action:?}"));
    }
    let expected = "\
xxxxxxx ReadProgramme
xxxxxxx ReadUnits
xxxxx.. ReadFigures
xxxxx.. ReadReports
xx..... FillReports
.x..... CheckReports
..x.... ApproveReports
..x.... ReviseReports
.....x. ManagePeriods
.....x. ManageUnits
.....x. ReadUsers
.....x. ReadEvents
......x ReadAudit
.....x. ManageUsers
.....x. RevealPersonal
xxxxxxx GiveFeedback
.xx..x. AnswerFeedback
xxxxx.. ReadTasks
xxx.x.. WorkTasks
.xx.x.. ManageTasks
..x.x.. SetTargets
xxxxx.. ReadRecords
xxx.x.. KeepRecords
xxx.x.. MoveRecords";
    assert_eq!(lines.join("\n"), expected);
}

#[test]
fn a_task_is_worked_on_by_its_unit_and_decided_above_it() {
    let mut checker = actor(Role::Checker, DataScope::UnitAndBelow);
    checker.unit_path = "/1/20/300/".to_owned();
    let rights = checker.task_rights();
    let may = |side, matter, path| rights.admit(side, matter, path).is_ok();
    for (side, matter, path, expected) in [
        (Side::Doer, "M12", "/1/20/300/", true),
        (Side::Doer, "M12", "/1/20/300/4000/", true),
        (Side::Doer, "M12", "/1/20/", false),
        (Side::Doer, "M12", "/1/20/301/", false),
        (Side::Doer, "M11", "/1/20/300/", false),
        (Side::Above, "M12", "/1/20/300/4000/", true),
        (Side::Above, "M12", "/1/20/300/", false),
        (Side::Above, "M12", "/1/20/301/4100/", false),
        (Side::Above, "M11", "/1/20/300/4000/", false),
    ] {
        assert_eq!(
            may(side, matter, path),
            expected,
            "{side:?} {matter} {path}"
        );
    }
    let mut county = actor(Role::Approver, DataScope::UnitAndBelow);
    county.unit_path = "/1/20/".to_owned();
    let two_below = county
        .task_rights()
        .admit(Side::Doer, "M12", "/1/20/300/4000/");
    assert_eq!(two_below, Err(Refused(Action::WorkTasks)));
    let viewer = actor(Role::Viewer, DataScope::All);
    let looked = viewer.task_rights().admit(Side::Above, "M12", "/1/20/300/");
    assert_eq!(looked, Err(Refused(Action::ManageTasks)));
}
