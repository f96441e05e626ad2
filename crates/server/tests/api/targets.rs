//! Targets per unit: versions, sums, the path that a unit is judged by.

use crate::steps::{approved, own_unit};
use chrono::NaiveDate;
use serde_json::{Value, json};
use zhenxing_domain::course::Aim;
use zhenxing_domain::ids::{AccountId, MetricId};
use zhenxing_domain::policy::Scope;
use zhenxing_server::app::AppError;
use zhenxing_storage::target::{self, NewTarget};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_test_support::{Ask, Fault, TestApp};

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

/// The units directly below the one of an account, and its own code.
async fn line(app: &TestApp, token: &str, path: &str) -> Result<(String, Vec<String>), Fault> {
    let table = app.call("GET", path, Ask::by(token)).await?;
    assert_eq!(table.status, 200, "{}", table.body);
    let below = table
        .at("/children")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let codes = below
        .iter()
        .filter_map(|line| line.pointer("/unit/code")?.as_str());
    Ok((
        table.text("/own/unit/code").to_owned(),
        codes.map(str::to_owned).collect(),
    ))
}

const TABLE: &str = "/metrics/M12.income_total/targets";

#[actix_web::test]
async fn a_total_is_shared_out_below_and_adds_up_to_the_target_above() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2025", 5_000_000).await?;
    let city = app.sign_in("city").await?;
    let (own, counties) = line(&app, &city, TABLE).await?;
    let top = json!({ "metric": "M12.income_total", "reason": "市委一号文件", "items": [{ "unit": own, "by": "2027-12-31", "value": 1_000_001 }] });
    let set = app
        .call("POST", "/targets", Ask::by(&city).json(&top))
        .await?;
    assert_eq!(
        set.at("/rows/0/outcome"),
        "set",
        "nobody stands above the city: {}",
        set.body
    );
    let rule = |kind: &str, value: i64| {
        json!({ "metric": "M12.income_total", "reason": "按任务分解",
            "rule": { "kind": kind, "unit": own, "value": value, "by": "2027-12-31" } })
    };
    let trial = Ask::by(&city).json(&rule("equal", 1_000_001));
    let trial = app.call("POST", "/targets?dry_run=true", trial).await?;
    assert_eq!(trial.at("/done"), counties.len(), "{}", trial.body);
    let table = app.call("GET", TABLE, Ask::by(&city)).await?;
    assert_eq!(table.at("/sums/0/with_target"), 0, "a trial sets nothing");
    assert_eq!(table.at("/sums/0/adds_up"), &Value::Null);
    let set = Ask::by(&city).json(&rule("equal", 1_000_001));
    app.call("POST", "/targets", set).await?;
    let table = app.call("GET", TABLE, Ask::by(&city)).await?;
    assert_eq!(table.at("/sums/0/together"), 1_000_001);
    assert_eq!(table.at("/sums/0/adds_up"), true, "{}", table.body);
    let less = json!({ "metric": "M12.income_total", "reason": "调整", "items": [{ "unit": counties[0], "by": "2027-12-31", "value": 1, "version": 1 }] });
    app.call("POST", "/targets", Ask::by(&city).json(&less))
        .await?;
    let again = app
        .call("POST", "/targets", Ask::by(&city).json(&less))
        .await?;
    assert_eq!(again.at("/rows/0/refusal/code"), "stale", "{}", again.body);
    let table = app.call("GET", TABLE, Ask::by(&city)).await?;
    assert_eq!(table.at("/sums/0/adds_up"), false);
    assert!(table.at("/sums/0/difference").as_i64().unwrap_or(0) < 0);
    let path = format!(
        "/targets/versions?metric=M12.income_total&unit={}",
        counties[0]
    );
    let versions = app.call("GET", &path, Ask::by(&city)).await?;
    assert_eq!(versions.at("/items/0/target/version"), 2);
    assert_eq!(versions.text("/items/1/reason"), "按任务分解");
    Ok(())
}

#[actix_web::test]
async fn in_proportion_follows_figures_or_weights_and_refuses_nothing_to_go_by() -> Result<(), Fault>
{
    let app = TestApp::start().await?;
    approved(&app, "village", "2025", 5_000_000).await?;
    let city = app.sign_in("city").await?;
    let (own, counties) = line(&app, &city, TABLE).await?;
    let rule = |more: Value| {
        let mut rule =
            json!({ "kind": "proportional", "unit": own, "value": 1000, "by": "2027-12-31" });
        for (name, value) in more.as_object().into_iter().flatten() {
            rule[name.as_str()] = value.clone();
        }
        json!({ "metric": "M12.income_total", "reason": "按比例", "rule": rule })
    };
    let send = async |body: Value| {
        let ask = Ask::by(&city).json(&body);
        app.call("POST", "/targets?dry_run=true", ask).await
    };
    let by_figures = json!({ "weight_metric": "M12.income_total", "weight_period": "2025" });
    let found = send(rule(by_figures)).await?;
    let values = found.at("/rows").as_array().cloned().unwrap_or_default();
    let sum: i64 = values.iter().filter_map(|row| row["value"].as_i64()).sum();
    assert_eq!(sum, 1000, "{}", found.body);
    let weights = json!({ "weights": [{ "unit": counties[0], "weight": 2 }, { "unit": counties[1], "weight": 1 }] });
    let found = send(rule(weights)).await?;
    assert_eq!(found.at("/rows/0/value"), 667);
    assert_eq!(found.at("/rows/1/value"), 333);
    for (more, field) in [
        (json!({}), "rule.weight_metric"),
        (
            json!({ "weight_metric": "M12.reach_50k" }),
            "rule.weight_metric",
        ),
        (
            json!({ "weights": [{ "unit": own, "weight": 2 }] }),
            "rule.weights",
        ),
        (
            json!({ "weights": [{ "unit": counties[0], "weight": 0 }] }),
            "rule",
        ),
    ] {
        let refused = send(rule(more)).await?;
        assert_eq!(
            (refused.status, refused.text("/field")),
            (422, field),
            "{}",
            refused.body
        );
    }
    let share = json!({ "metric": "M12.reach_50k", "reason": "x", "rule": { "kind": "equal", "unit": own, "value": 7000, "by": "2027-12-31" } });
    assert_eq!(send(share).await?.text("/field"), "rule");
    Ok(())
}

#[actix_web::test]
async fn rows_that_are_not_to_be_set_are_refused_and_the_others_are_set() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let county = app.sign_in("county").await?;
    let (own, townships) = line(&app, &county, "/metrics/M12.reach_50k/targets").await?;
    let item = |unit: &str, value: i64, comparison: &str, tolerance: Value| {
        let mut item =
            json!({ "unit": unit, "by": "2027-12-31", "value": value, "comparison": comparison });
        if !tolerance.is_null() {
            item["tolerance"] = tolerance;
        }
        item
    };
    let first = townships.first().ok_or("a township")?;
    let items = [
        (item(first, 3500, "about", json!(200)), ""),
        (item(first, 3600, "about", json!(200)), "invalid_field"),
        (item(&own, 9000, "at_least", Value::Null), "forbidden"),
        (
            item("130900000000", 9000, "at_least", Value::Null),
            "not_found",
        ),
        (
            item(first, 10_001, "at_least", Value::Null),
            "invalid_field",
        ),
        (item(first, 9000, "about", Value::Null), "invalid_field"),
        (item(first, 9000, "at_most", json!(5)), "invalid_field"),
    ];
    let body: Vec<Value> = items.iter().map(|(item, _)| item.clone()).collect();
    let body = json!({ "metric": "M12.reach_50k", "reason": "年度计划", "items": body });
    let set = app
        .call("POST", "/targets", Ask::by(&county).json(&body))
        .await?;
    assert_eq!(set.at("/done"), 1, "{}", set.body);
    for (at, (_, code)) in items.iter().enumerate() {
        assert_eq!(
            set.text(&format!("/rows/{at}/refusal/code")),
            *code,
            "row {at}"
        );
    }
    let held = app
        .call("GET", &format!("/targets?unit={first}"), Ask::by(&county))
        .await?;
    assert_eq!(held.at("/targets/0/tolerance"), 200, "{}", held.body);
    let township = app.sign_in("township").await?;
    let refused = app
        .call("POST", "/targets", Ask::by(&township).json(&body))
        .await?;
    assert_eq!(refused.status, 403);
    Ok(())
}

#[actix_web::test]
async fn a_unit_is_judged_by_its_own_target_in_place_of_the_plans() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    for (year, fen) in [
        ("2023", 4_000_000),
        ("2024", 5_000_000),
        ("2025", 6_000_000),
    ] {
        approved(&app, "village", year, fen).await?;
    }
    let city = app.sign_in("city").await?;
    let county = app.sign_in("county").await?;
    let township = app.sign_in("township").await?;
    let unit = own_unit(&app, &county).await?;
    let course = "/metrics/M12.reach_50k/course";
    let plan = app.call("GET", course, Ask::by(&county)).await?;
    assert_eq!(
        plan.text("/path/1/day"),
        "2025-12-31",
        "the plan's: {}",
        plan.body
    );
    let body = json!({ "metric": "M12.reach_50k", "reason": "接续年份", "items": [
        { "unit": unit, "by": "2026-12-31", "value": 1 }, { "unit": unit, "by": "2027-12-31", "value": 9000 }] });
    let set = app
        .call("POST", "/targets", Ask::by(&city).json(&body))
        .await?;
    assert_eq!(set.at("/done"), 2, "{}", set.body);
    for token in [&county, &township] {
        let own = app.call("GET", course, Ask::by(token)).await?;
        let path = own.at("/path").as_array().cloned().unwrap_or_default();
        let last = path.last().cloned().unwrap_or_default();
        assert_eq!(
            last,
            json!({ "day": "2027-12-31", "value": 9000 }),
            "a township goes by its county's"
        );
        assert_eq!(own.at("/metric/targets/0/own"), true);
        assert_eq!(
            own.at("/metric/targets/0/value"),
            1,
            "what is next stands first"
        );
    }
    let tree = "/metrics/M12.reach_50k/figures?period=2025";
    let tree = app.call("GET", tree, Ask::by(&city)).await?;
    let rows = tree.at("/children").as_array().cloned().unwrap_or_default();
    let own = rows.iter().find(|row| row["unit"]["code"] == unit.as_str());
    assert_eq!(own.ok_or("the county")?["target"], 1);
    assert_eq!(
        tree.at("/metric/targets/0/own"),
        false,
        "the city has none of its own"
    );
    let path = "/metrics/M12.reach_50k/targets";
    let table = app.call("GET", path, Ask::by(&township)).await?;
    assert_eq!(table.at("/own/targets/1/value"), 9000, "its county's");
    assert_eq!(table.at("/own/targets/1/version"), 0);
    let table = app.call("GET", path, Ask::by(&county)).await?;
    assert_eq!(table.text("/method"), "weighed_by_units");
    let own = app.call("GET", course, Ask::by(&county)).await?;
    assert_eq!(
        table.at("/own/standing"),
        own.at("/standing"),
        "the same path"
    );
    assert!(
        table.at("/own/needed_pace").is_null(),
        "the next target is reached already"
    );
    Ok(())
}

#[actix_web::test]
async fn a_sheet_is_read_line_by_line() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let county = app.sign_in("county").await?;
    let (own, townships) = line(&app, &county, TABLE).await?;
    let [first, second] = [0, 1].map(|at| townships.get(at).cloned().unwrap_or_default());
    let detail = app
        .call("GET", &format!("/units/{second}"), Ask::by(&county))
        .await?;
    let name = detail.text("/unit/name").to_owned();
    let text = format!(
        "\u{FEFF}单位编码,单位名称,目标值,完成时限,权重\n{first},,\"1,200.50\",2027/12/31,\n,{name},,,300\n,没有的乡,1,,\n{own},,x,,\n{first},,3,2027年12月31日,\n{first},,,,\n130900000000,,5,,\n"
    );
    let path = "/targets/sheet?metric=M12.income_total";
    let read = app.call("POST", path, Ask::by(&county).bytes(text)).await?;
    assert_eq!(read.status, 200, "{}", read.body);
    assert_eq!(read.at("/rows/0/value"), 120_050, "{}", read.body);
    assert_eq!(read.text("/rows/0/by"), "2027-12-31");
    assert_eq!(read.at("/rows/1/weight"), 300);
    let errors = read.at("/errors").as_array().cloned().unwrap_or_default();
    let said: Vec<(i64, &str)> = errors
        .iter()
        .map(|error| {
            (
                error["line"].as_i64().unwrap_or(0),
                error["code"].as_str().unwrap_or(""),
            )
        })
        .collect();
    let expected = [
        (4, "unit_unknown"),
        (5, "number"),
        (6, "doubled"),
        (7, "missing"),
        (8, "unit_unknown"),
    ];
    assert_eq!(said, expected);
    let nothing = app
        .call("POST", path, Ask::by(&county).bytes("甲,乙\n1,2\n"))
        .await?;
    assert_eq!(nothing.at("/lines/0/code"), "header");
    Ok(())
}
