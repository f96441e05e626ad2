//! The overview: how matters stand, units compared, and what changed lately.

use crate::steps::{approved, own_unit};
use serde_json::{Value, json};
use zhenxing_test_support::{Ask, Fault, TestApp};

async fn get(app: &TestApp, login: &str, path: &str) -> Result<Value, Fault> {
    let token = app.sign_in(login).await?;
    let answer = app.call("GET", path, Ask::by(&token)).await?;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    Ok(answer.at("").clone())
}

fn rows(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

#[actix_web::test]
async fn a_matter_stands_as_the_worst_of_its_metrics() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    for (year, fen) in [
        ("2021", 6_000_000),
        ("2024", 8_000_000),
        ("2025", 7_000_000),
    ] {
        approved(&app, "village", year, fen).await?;
    }
    let overview = get(&app, "city", "/overview?period=2025").await?;
    let mut standings = Vec::new();
    for row in rows(&overview["metrics"]) {
        if row["metric"]["matter"] == "M12" {
            let code = row["metric"]["code"].as_str().unwrap_or_default();
            let course = get(&app, "city", &format!("/metrics/{code}/course")).await?;
            standings.push(course["standing"].as_str().unwrap_or_default().to_owned());
        }
    }
    assert!(
        standings.iter().any(|standing| standing == "missed"),
        "{standings:?}"
    );
    let matters = get(&app, "city", "/matters").await?;
    let project = rows(&matters["items"]);
    let project = project.iter().find(|matter| matter["code"] == "M12");
    let project = project.ok_or("the matter")?["project"].clone();
    let tiles = rows(&overview["projects"]);
    let tile = tiles.iter().find(|tile| tile["code"] == project);
    let tile = tile.ok_or("its project")?;
    assert_eq!(tile["overdue"], json!(1), "{tile}");
    assert_eq!(tile["on_course"], json!(0), "{tile}");
    for tile in &tiles {
        let of = |name: &str| tile[name].as_i64().unwrap_or_default();
        let judged = of("on_course") + of("behind") + of("overdue");
        assert!(judged <= of("matters_with_figures"), "{tile}");
    }
    Ok(())
}

#[actix_web::test]
async fn units_below_are_compared_with_their_past_and_their_path() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    for (year, fen) in [
        ("2021", 6_000_000),
        ("2024", 8_000_000),
        ("2025", 7_000_000),
    ] {
        approved(&app, "village", year, fen).await?;
    }
    let tree = get(&app, "city", "/metrics/M12.reach_50k/figures?period=2025").await?;
    let above = get(&app, "county", "/session").await?;
    let county = above["unit"]["code"].clone();
    let children = rows(&tree["children"]);
    let own = children.iter().find(|row| row["unit"]["code"] == county);
    let own = own.ok_or("the county of the village")?;
    assert_eq!(own["previous_value"], own["value"]);
    assert_eq!(own["standing"], json!("missed"));
    let other = children.iter().find(|row| row["unit"]["code"] != county);
    let other = other.ok_or("a county without figures")?;
    assert_eq!(
        (other.get("previous_value"), other.get("standing")),
        (None, None)
    );
    assert_eq!(tree["total"].get("standing"), None, "the trend tells it");
    Ok(())
}

#[actix_web::test]
async fn what_changed_lately_is_told_to_who_may_see_it() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let report = approved(&app, "village", "2025", 6_000_000).await?;
    let city = get(&app, "city", "/overview/changes").await?;
    let kinds: Vec<Value> = rows(&city["items"])
        .iter()
        .map(|row| row["kind"].clone())
        .collect();
    assert_eq!(
        kinds,
        ["report.approved", "report.checked", "report.submitted"]
    );
    let first = &city["items"][0];
    assert_eq!(
        (&first["report"], &first["period"]),
        (&json!(report), &json!("2025"))
    );
    let village = app.sign_in("village").await?;
    let village = own_unit(&app, &village).await?;
    assert_eq!(first["unit"]["code"], json!(village));
    let own = get(&app, "village", "/overview/changes").await?;
    assert_eq!(rows(&own["items"]).len(), 3);
    let foreign = get(&app, "village2", "/overview/changes").await?;
    assert_eq!(foreign["items"], json!([]));
    Ok(())
}
