//! Conditions about records as people read them, and the part that keeps a record from counting.

use super::{All, got, record, shipped, well};
use serde_json::json;
use zhenxing_domain::package::{MetricSource, Selection};
use zhenxing_domain::period::Period;
use zhenxing_domain::record::{Days, condition_words, looks_at_restricted, unmet};

fn numerators(code: &str) -> Vec<Selection> {
    let metric = got(shipped().metric(code));
    let MetricSource::Derived { numerator, .. } = &metric.source else {
        unreachable!("{code} is not derived");
    };
    let selections = got(numerator.as_ref()).selections();
    selections.into_iter().cloned().collect()
}

#[test]
fn conditions_are_told_in_both_languages() {
    let package = shipped();
    for (code, zh, en) in [
        (
            "M11.open_overdue",
            "整顿期限早于期末，且状态不为排查上报或退回补充，且（状态不为销号或重新列入，或销号日期晚于期末）",
            "`Deadline` is before the last day of the period and the state is not “found, waits for the county” or “returned to the township” and (the state is not “closed” or “listed again” or `Closed on` is after the last day of the period)",
        ),
        (
            "M16.enough_days",
            "驻村起始日期不晚于期末，且（驻村结束日期未填或晚于期末），且驻村天数月度台账中有记录（派驻人员指向本记录，且状态为已确认，且月份为期末所在月1日，且驻村天数不小于20天）",
            "`Since` is not after the last day of the period and (`Until` is empty or is after the last day of the period) and `Monthly presence` has a record (whose `Posting` names this one and the state is “confirmed” and `Month` is the first day of the month of the last day of the period and `Days in the village` is at least 20 days)",
        ),
        (
            "M23.members_in_range",
            "编入本村党组织日期不晚于期末，且（离开日期未填或晚于期末），且具备联户能力为是，且党员联系户台账中的记录数（联系党员指向本记录，且开始联系日期不晚于期末，且（结束联系日期未填或晚于期末））不小于10，且党员联系户台账中的记录数（联系党员指向本记录，且开始联系日期不晚于期末，且（结束联系日期未填或晚于期末））不大于15",
            "`Here since` is not after the last day of the period and (`Until` is empty or is after the last day of the period) and `Able to keep contact with households` is yes and the number of records in `Linked households` (whose `Member` names this one and `Since` is not after the last day of the period and (`Until` is empty or is after the last day of the period)) is at least 10 and the number of records in `Linked households` (whose `Member` names this one and `Since` is not after the last day of the period and (`Until` is empty or is after the last day of the period)) is at most 15",
        ),
        (
            "M23.grids_with_group",
            "是否建党小组为是，且（撤销日期未填或晚于期末）",
            "`Has a party group` is yes and (`Until` is empty or is after the last day of the period)",
        ),
    ] {
        let selection = got(numerators(code).first()).clone();
        let ledger = got(package.ledger(&selection.ledger));
        let told = condition_words(&selection.condition, ledger, &package.ledgers);
        assert_eq!((told.zh.as_str(), told.en.as_str()), (zh, en), "{code}");
        assert!(!looks_at_restricted(&selection, &package.ledgers), "{code}");
    }
}

#[test]
fn the_first_part_that_does_not_hold_is_told() {
    let package = shipped();
    let selection = got(numerators("M11.closed_in_time").first()).clone();
    let ledger = got(package.ledger("weak_branch"));
    let days = Days::of(well(Period::parse("2026")));
    let told = |state: &str, values| {
        let one = record(61, 7, state, values);
        let part = unmet(&selection.condition, &one, &days, &All::default());
        part.map(|(part, sure)| {
            let words = condition_words(part, ledger, &package.ledgers);
            (words.zh, sure)
        })
    };
    let closed = json!({ "deadline": "2026-06-30", "closed_on": "2026-06-30" });
    assert_eq!(told("closed", closed.clone()), None);
    assert_eq!(
        told("found", closed),
        Some(("状态为销号或重新列入".to_owned(), true))
    );
    assert_eq!(
        told("closed", json!({ "deadline": "2026-06-30" })),
        Some(("销号日期不晚于整顿期限".to_owned(), false))
    );
    assert_eq!(
        told("closed", json!({})),
        Some(("整顿期限不早于期末所在年1月1日".to_owned(), false))
    );
}
