//! Targets per unit: versions, sums, the path that a unit is judged by.

use chrono::NaiveDate;
use zhenxing_domain::course::Aim;
use zhenxing_domain::ids::{AccountId, MetricId};
use zhenxing_domain::policy::Scope;
use zhenxing_server::app::AppError;
use zhenxing_storage::target::{self, NewTarget};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_test_support::{Fault, TestApp};

fn day(text: &str) -> Result<NaiveDate, Fault> {
    Ok(text.parse()?)
}

fn villages(app: &TestApp) -> Result<Vec<Placed>, Fault> {
    let system = Scope::bypass_for_system_work();
    let today = app.app.clock.today();
    let mut all = app.app.db.read(|conn| unit::all(conn, &system, today))?;
    all.retain(|unit| unit.level == zhenxing_domain::unit::Level::Village);
    Ok(all)
}

fn metric(app: &TestApp) -> Result<MetricId, Fault> {
    let id = app.app.metrics.get("M12.income_total");
    Ok(*id.ok_or("the metric has a number")?)
}

#[actix_web::test]
async fn a_target_keeps_its_versions_and_one_that_holds_already_makes_none() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let units = villages(&app)?;
    let first = units.first().ok_or("a village")?;
    let metric = metric(&app)?;
    let (until, system) = (day("2026-12-31")?, Scope::bypass_for_system_work());
    let new = |value: i64| -> Vec<NewTarget> {
        let one = |unit: &Placed| NewTarget {
            metric,
            unit: unit.id,
            by: until,
            value,
            comparison: Aim::AtLeast,
            task: None,
        };
        units.iter().map(one).collect()
    };
    let set = |value, reason: &str, at| {
        let new = new(value);
        app.app
            .db
            .write(|conn| target::set_many(conn, &new, reason, AccountId(1), at))
    };
    assert_eq!(set(10, "初定", 1)?.len(), units.len());
    assert_eq!(set(10, "再定", 2)?.len(), 0, "it holds already");
    assert_eq!(set(12, "调整", 3)?.len(), units.len());
    let held = app
        .app
        .db
        .read(|conn| target::of_units(conn, &system, &units, Some(&[metric])))?;
    assert_eq!(held.len(), units.len());
    assert!(held.iter().all(|one| one.value == 12 && one.version == 2));
    app.app.db.write(|conn| -> Result<(), AppError> {
        let taken = target::withdraw(conn, &held, "撤回", AccountId(1), 4)?;
        assert_eq!(taken.len(), units.len());
        assert!(target::withdraw(conn, &held, "撤回", AccountId(1), 5)?.is_empty());
        assert!(target::of_units(conn, &system, &units, None)?.is_empty());
        let history = target::history(conn, first.id, metric, Some(until))?;
        let said: Vec<(i64, bool, &str)> = history
            .iter()
            .map(|one| (one.target.value, one.withdrawn, one.reason.as_str()))
            .collect();
        let expected = [(12, true, "撤回"), (12, false, "调整"), (10, false, "初定")];
        assert_eq!(said, expected);
        Ok(())
    })?;
    assert_eq!(set(12, "恢复", 6)?.len(), units.len());
    Ok(())
}
