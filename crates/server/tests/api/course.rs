//! A metric over time: its points are the figures, its path leads to the plan's targets, its pace to a forecast.

use crate::steps::{approved, own_unit};
use serde_json::{Value, json};
use zhenxing_test_support::{Ask, Fault, TestApp};

async fn course(app: &TestApp, token: &str, path: &str) -> Result<Value, Fault> {
    let answer = app.call("GET", path, Ask::by(token)).await?;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    Ok(answer.at("").clone())
}

/// Income of the years in fen: 10,000 more each year, but for a good one.
const YEARS: [(&str, i64); 5] = [
    ("2021", 4_000_000),
    ("2022", 5_000_000),
    ("2023", 6_000_000),
    ("2024", 9_000_000),
    ("2025", 8_000_000),
];

#[actix_web::test]
async fn points_are_the_figures_and_the_pace_leads_on() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    for (year, fen) in YEARS {
        approved(&app, "village", year, fen).await?;
    }
    let village = app.sign_in("village").await?;
    let found = course(&app, &village, "/metrics/M12.income_total/course").await?;
    let points = found["points"].as_array().cloned().unwrap_or_default();
    for (point, (year, fen)) in points.iter().zip(YEARS) {
        assert_eq!(
            (&point["period"], &point["value"]),
            (&json!(year), &json!(fen))
        );
    }
    assert_eq!(points.len(), YEARS.len());
    assert_eq!(
        found["path"],
        json!([]),
        "no target of the village's income"
    );
    assert_eq!(found.get("standing"), None);
    // Ten slopes in fen a day, over 365 or 366 days a year: the median lies between 2,739 and 2,740.
    assert_eq!(found["pace"], json!(82_191));
    assert_eq!(found["forecast"]["day"], json!("2026-12-31"));
    let ahead = |name: &str| found["forecast"][name].as_i64().unwrap_or_default();
    assert!(
        ahead("low") < ahead("value") && ahead("value") <= ahead("high"),
        "{found}"
    );
    Ok(())
}

#[actix_web::test]
async fn a_share_is_judged_by_the_plans_target_above_the_villages() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    for (year, fen) in YEARS {
        approved(&app, "village", year, fen).await?;
    }
    app.settle()?;
    let village = app.sign_in("village").await?;
    let unit = own_unit(&app, &village).await?;
    let city = app.sign_in("city").await?;
    let tree = course(&app, &city, "/metrics/M12.reach_50k/figures?period=2025").await?;
    let found = course(&app, &city, "/metrics/M12.reach_50k/course").await?;
    let value = tree["total"]["value"].as_i64().ok_or("a value")?;
    let last = found["points"]
        .as_array()
        .and_then(|points| points.last())
        .cloned();
    assert_eq!(last.ok_or("a point")?["value"], json!(value));
    assert_eq!(
        found["path"],
        json!([{ "day": "2021-12-31", "value": 0 }, { "day": "2025-12-31", "value": 10_000 }])
    );
    assert_eq!(found["standing"], json!("missed"));
    assert_eq!(found["missing"], json!(10_000 - value));
    assert_eq!(found.get("needed_pace"), None, "the day has come");
    assert_eq!(found.get("pace"), None, "hardly anybody reported");
    let own = course(
        &app,
        &city,
        &format!("/metrics/M12.reach_50k/course?unit={unit}"),
    )
    .await?;
    assert_eq!(own["path"], json!([]), "one village is no share");
    Ok(())
}
