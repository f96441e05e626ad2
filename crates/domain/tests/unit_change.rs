//! What changes of the tree do, over a small tree, and every state of a change against its withdrawal.

use chrono::NaiveDate;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::unit::{Level, UnitKind};
use zhenxing_domain::unit_change::{
    Change, ChangeError, ChangeKind, ChangeState, Heir, NotPlanned, Part, Piece, Place, Plan,
    check_day, plan,
};

/// City 1, counties 2 and 3, townships 4 and 5 under 2, villages 6 and 7 under 4.
fn tree() -> Part {
    let rows = [
        (1, Level::City, None, "/1/", "130900000000"),
        (2, Level::County, Some(1), "/1/2/", "130921000000"),
        (3, Level::County, Some(1), "/1/3/", "130922000000"),
        (4, Level::Township, Some(2), "/1/2/4/", "130921100000"),
        (5, Level::Township, Some(2), "/1/2/5/", "130921101000"),
        (6, Level::Village, Some(4), "/1/2/4/6/", "130921100200"),
        (7, Level::Village, Some(4), "/1/2/4/7/", "130921100201"),
    ];
    let kind = |level| match level {
        Level::City => UnitKind::City,
        Level::County => UnitKind::County,
        Level::Township => UnitKind::Town,
        Level::Village => UnitKind::AdministrativeVillage,
    };
    rows.into_iter()
        .map(|(id, level, parent, path, code)| {
            let place = Place {
                unit: UnitId(id),
                level,
                kind: kind(level),
                parent: parent.map(UnitId),
                path: path.to_owned(),
                code: code.to_owned(),
                name: format!("单位{id}"),
            };
            (UnitId(id), place)
        })
        .collect()
}

fn ids(numbers: &[i64]) -> Vec<UnitId> {
    numbers.iter().copied().map(UnitId).collect()
}

fn new_heir(code: &str) -> Heir {
    Heir::New {
        code: code.to_owned(),
        name: "新单位".to_owned(),
        parent: UnitId(2),
    }
}

fn piece(code: &str, children: &[i64]) -> Piece {
    Piece {
        code: code.to_owned(),
        name: "一部分".to_owned(),
        children: ids(children),
    }
}

fn paths(plan: &Plan) -> Vec<&str> {
    plan.placed
        .iter()
        .map(|place| place.path.as_str())
        .collect()
}

#[test]
fn what_each_kind_of_change_does() {
    let name = |text: &str| Some(text.to_owned());
    let cases = [
        (
            Change::Rename(UnitId(4), name("新名"), None),
            vec!["/1/2/4/"],
            vec![],
            vec![],
        ),
        (
            Change::Move(ids(&[4]), UnitId(3)),
            vec!["/1/3/4/", "/1/3/4/6/", "/1/3/4/7/"],
            vec![],
            vec![2, 3, 4],
        ),
        (
            Change::Merge(ids(&[4, 5]), Heir::Standing(UnitId(5), None)),
            vec!["/1/2/5/6/", "/1/2/5/7/"],
            vec![4],
            vec![2, 4, 5, 6, 7],
        ),
        (
            Change::Merge(ids(&[4, 5]), new_heir("130921102000")),
            vec!["/1/2/8/6/", "/1/2/8/7/", "/1/2/8/"],
            vec![4, 5],
            vec![2, 4, 5, 6, 7, 8],
        ),
        (
            Change::Split(
                UnitId(4),
                vec![piece("130921100000", &[6]), piece("130921103000", &[7])],
            ),
            vec!["/1/2/4/", "/1/2/8/7/", "/1/2/8/"],
            vec![],
            vec![2, 4, 7, 8],
        ),
        (Change::End(ids(&[7])), vec![], vec![7], vec![4, 7]),
        (
            Change::Reclassify(ids(&[7]), UnitKind::Community),
            vec!["/1/2/4/7/"],
            vec![],
            vec![4, 7],
        ),
    ];
    for (change, placed, ended, touched) in cases {
        let plan = plan(&tree(), &change, UnitId(8)).unwrap();
        assert_eq!(paths(&plan), placed, "{change:?}");
        assert_eq!(plan.ended, ids(&ended), "{change:?}");
        assert_eq!(
            plan.touched.iter().copied().collect::<Vec<_>>(),
            ids(&touched),
            "{change:?}"
        );
    }
}

#[test]
fn what_cannot_be_says_why() {
    use ChangeError as E;
    let cases = [
        (
            Change::Rename(UnitId(4), Some(" ".to_owned()), None),
            E::Name,
        ),
        (
            Change::Rename(UnitId(4), None, Some("130921100200".to_owned())),
            E::Code("130921100200".to_owned()),
        ),
        (Change::Rename(UnitId(99), None, None), E::Absent),
        (Change::Rename(UnitId(4), None, None), E::NothingChanges),
        (Change::Move(ids(&[4, 6]), UnitId(3)), E::Levels),
        (Change::Move(ids(&[4]), UnitId(4)), E::Cycle),
        (Change::Move(ids(&[2]), UnitId(4)), E::Cycle),
        (Change::Move(ids(&[6]), UnitId(3)), E::WrongLevel),
        (Change::Move(ids(&[1]), UnitId(3)), E::City),
        (
            Change::Merge(ids(&[4]), Heir::Standing(UnitId(4), None)),
            E::TooFew,
        ),
        (
            Change::Split(UnitId(4), vec![piece("130921100000", &[6, 7])]),
            E::TooFew,
        ),
        (
            Change::Split(
                UnitId(4),
                vec![piece("130921100000", &[6]), piece("130921103000", &[])],
            ),
            E::NotDistributed,
        ),
        (
            Change::Split(
                UnitId(7),
                vec![piece("130921100205", &[]), piece("130921100205", &[])],
            ),
            E::CodeTwice("130921100205".to_owned()),
        ),
        (Change::End(ids(&[4])), E::HasUnitsBelow("单位4".to_owned())),
        (Change::Reclassify(ids(&[7]), UnitKind::Town), E::KindLevel),
    ];
    for (change, error) in cases {
        assert_eq!(plan(&tree(), &change, UnitId(8)), Err(error), "{change:?}");
    }
    let day = |day| NaiveDate::from_ymd_opt(2025, 7, day).unwrap();
    assert_eq!(check_day(day(1)), Ok(()));
    assert_eq!(check_day(day(2)), Err(E::NotFirstOfMonth));
}

#[test]
fn a_change_is_withdrawn_from_one_state_alone() {
    let expected = [
        Ok(ChangeState::Withdrawn),
        Err(NotPlanned(ChangeState::Effective)),
        Err(NotPlanned(ChangeState::Withdrawn)),
    ];
    assert_eq!(ChangeState::ALL.map(ChangeState::withdraw), expected);
    let day = |day| NaiveDate::from_ymd_opt(2025, 7, day).unwrap();
    let cases = [
        (day(1), day(2), false, ChangeState::Planned),
        (day(2), day(2), false, ChangeState::Effective),
        (day(1), day(2), true, ChangeState::Withdrawn),
    ];
    for (today, from, withdrawn, state) in cases {
        assert_eq!(ChangeState::on(today, from, withdrawn), state);
    }
    for kind in ChangeKind::ALL {
        assert_eq!(ChangeKind::parse(kind.as_str()), Some(kind));
    }
}
