//! The stored figures equal a naive recomputation, after approvals, after moves, folded once or twice.

use crate::forms::add_beside;
use crate::steps::{act, approved, of_period, own_unit, recomputed};
use serde_json::json;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Role, Scope};
use zhenxing_server::app::AppError;
use zhenxing_storage::{figure, unit};
use zhenxing_test_support::{Ask, Fault, TestApp};

fn same(app: &TestApp, period: &str) -> Result<usize, Fault> {
    let naive = recomputed(&app.app.db, &app.app.shapes, period)?;
    Ok(naive
        .values()
        .filter(|tally| tally.approved_units > 0)
        .count())
}

#[actix_web::test]
async fn stored_figures_equal_a_recomputation_and_folding_twice_changes_nothing()
-> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2025", 5_000_000).await?;
    approved(&app, "village2", "2025", 12_000_000).await?;
    assert_eq!(
        same(&app, "2025")?,
        27,
        "nine metrics at township, county and city"
    );
    let period = Period::parse("2025")?;
    let shapes = of_period(&app.app.db, &app.app.shapes, period)?;
    let metrics: Vec<_> = shapes.into_keys().collect();
    app.app.db.write(|conn| -> Result<(), AppError> {
        let units: Vec<_> = figure::stored_whole(conn, period)?
            .keys()
            .map(|key| key.0)
            .collect();
        figure::queue(conn, &[period], &metrics, &units, 1)?;
        Ok(())
    })?;
    app.settle()?;
    assert_eq!(same(&app, "2025")?, 27);
    Ok(())
}

fn home_shard(app: &TestApp, code: &str) -> Result<i64, Fault> {
    let system = Scope::bypass_for_system_work();
    let today = app.app.clock.today();
    let unit = app
        .app
        .db
        .read(|conn| unit::by_code(conn, &system, code, today))?;
    Ok(unit.ok_or("the unit stands today")?.home_shard)
}

#[actix_web::test]
async fn a_move_changes_the_periods_after_it_and_no_period_before() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2024", 5_000_000).await?;
    approved(&app, "village", "2025", 5_000_000).await?;
    let village = app.sign_in("village").await?;
    let city = app.sign_in("city").await?;
    let code = own_unit(&app, &village).await?;
    let before = app
        .call("GET", &format!("/units/{code}"), Ask::by(&city))
        .await?;
    let old = before.text("/unit/parent").to_owned();
    let list = app
        .call("GET", "/units?level=township&limit=200", Ask::by(&city))
        .await?;
    let rows = list.at("/items").as_array().cloned().unwrap_or_default();
    let target = rows
        .iter()
        .find(|row| row["parent"] != before.at("/ancestors/1/code").clone());
    let target = target
        .and_then(|row| row["code"].as_str())
        .ok_or("another county's township")?
        .to_owned();
    let from = chrono::NaiveDate::from_ymd_opt(2025, 7, 1).ok_or("a day")?;
    let shard = home_shard(&app, &code)?;
    app.app.move_unit(&code, &target, from)?;
    assert_eq!(home_shard(&app, &code)?, shard);
    app.settle()?;
    for period in ["2021", "2024", "2025", "2026"] {
        same(&app, period)?;
    }
    for (period, unit, numerator) in [
        ("2024", &old, 1),
        ("2024", &target, 0),
        ("2025", &old, 0),
        ("2025", &target, 1),
    ] {
        let path = format!("/metrics/M12.reach_50k/figures?period={period}&unit={unit}");
        let tree = app.call("GET", &path, Ask::by(&city)).await?;
        assert_eq!(tree.at("/total/numerator"), numerator, "{period} {unit}");
    }
    let day = app.app.move_unit(&code, &old, from + chrono::Days::new(1));
    assert!(day.is_err(), "a move begins on the first of a month");
    Ok(())
}

#[actix_web::test]
async fn a_year_shows_of_every_metric_what_the_overview_shows() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2025", 5_000_000).await?;
    let village = app.sign_in("village").await?;
    let checker = app.sign_in("township").await?;
    let beside = own_unit(&app, &checker).await?;
    add_beside(&app, "township.approver", &beside, Role::Approver)?;
    let township = app.sign_in("township.approver").await?;
    let unit = own_unit(&app, &village).await?;
    for (period, mu) in [("2025Q1", 1_250), ("2025Q3", 300)] {
        let values = json!({ "land_transferred": mu, "assets_in_use": 0 });
        let body = json!({ "form": "M08", "unit": unit, "period": period, "values": values, "source_document": "流转合同" });
        let begun = app
            .call("POST", "/reports", Ask::by(&village).json(&body))
            .await?;
        let id = begun.text("/summary/id").to_owned();
        act(&app, &village, &id, json!({ "action": "submit" })).await?;
        let done = act(&app, &township, &id, json!({ "action": "approve" })).await?;
        assert_eq!(done.status, 200, "{}", done.body);
    }
    app.settle()?;
    let city = app.sign_in("city").await?;
    let overview = app
        .call("GET", "/overview?period=2025", Ask::by(&city))
        .await?;
    let rows = overview
        .at("/metrics")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut codes = Vec::new();
    for row in rows {
        let code = row["metric"]["code"].as_str().unwrap_or_default();
        let path = format!("/metrics/{code}/figures?period=2025");
        let tree = app.call("GET", &path, Ask::by(&city)).await?;
        assert_eq!(tree.status, 200, "{code}: {}", tree.body);
        assert_eq!(tree.at("/total"), &row["figure"], "{code}");
        assert_eq!(tree.at("/period"), &row["period"], "{code}");
        codes.push((code.to_owned(), tree.at("/total/value").clone()));
    }
    assert!(
        codes.contains(&("M08.land_transferred".to_owned(), json!(1_550))),
        "{codes:?}"
    );
    let quarter = "/metrics/M08.land_transferred/figures?period=2025Q3";
    let quarter = app.call("GET", quarter, Ask::by(&city)).await?;
    assert_eq!(quarter.at("/total/value"), &json!(300));
    let month = "/metrics/M12.reach_50k/figures?period=2025-03";
    let month = app.call("GET", month, Ask::by(&city)).await?;
    assert_eq!((month.status, month.text("/field")), (400, "period"));
    Ok(())
}
