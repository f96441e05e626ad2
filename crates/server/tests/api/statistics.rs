//! Many figures at once: each equals the figure that is read by itself, and nothing is shown beyond the scope.

use crate::forms::add_with;
use crate::steps::{approved, own_unit};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use zhenxing_domain::policy::{Matters, Role};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

async fn ask(app: &TestApp, login: &str, query: &str) -> Result<Answer, Fault> {
    let token = app.sign_in(login).await?;
    let path = format!("/statistics?{query}");
    app.call("GET", &path, Ask::by(&token)).await
}

fn list(value: &Value, member: &str) -> Vec<Value> {
    let rows = value.as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row[member].clone()).collect()
}

const METRICS: [&str; 3] = ["M12.income_total", "M12.reach_50k", "M08.land_transferred"];

#[actix_web::test]
async fn a_cell_is_the_figure_that_is_read_by_itself() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2024", 4_000_000).await?;
    approved(&app, "village", "2025", 6_000_000).await?;
    approved(&app, "village2", "2025", 12_000_000).await?;
    for login in ["city", "county", "township", "village"] {
        let token = app.sign_in(login).await?;
        let query = format!("metrics={}&periods=2024..2025", METRICS.join(","));
        let found = ask(&app, login, &query).await?;
        assert_eq!(found.status, 200, "{}", found.body);
        let units = list(found.at("/units"), "code");
        assert_eq!(list(found.at("/metrics"), "code"), METRICS);
        let mut place = 0;
        for metric in METRICS {
            for (row, unit) in units.iter().enumerate() {
                for period in ["2024", "2025"] {
                    let code = units[0].as_str().unwrap_or_default();
                    let path = format!("/metrics/{metric}/figures?period={period}&unit={code}");
                    let tree = app.call("GET", &path, Ask::by(&token)).await?;
                    let figure = match row {
                        0 => tree.at("/total").clone(),
                        row => tree.at(&format!("/children/{}", row - 1)).clone(),
                    };
                    assert_eq!(&figure["unit"]["code"], unit, "{login} {path}");
                    let cell = |name: &str| found.at(&format!("/cells/{name}/{place}")).clone();
                    let wanted = figure.get("value").cloned().unwrap_or_default();
                    assert_eq!(cell("values"), wanted, "{login} {path} {unit}");
                    if !cell("numerators").is_null() {
                        assert_eq!(cell("numerators"), figure["numerator"]);
                        assert_eq!(cell("denominators"), figure["denominator"]);
                        assert_eq!(cell("approved_units"), figure["approved_units"]);
                        assert_eq!(cell("pending_units"), figure["pending_units"]);
                        assert_eq!(cell("expected_units"), figure["expected_units"]);
                    }
                    place += 1;
                }
            }
        }
        let cells = found.at("/cells/values").as_array().map(Vec::len);
        assert_eq!(cells, Some(place), "{login}");
    }
    Ok(())
}

#[actix_web::test]
async fn villages_and_chosen_units_stand_side_by_side() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2025", 6_000_000).await?;
    let village = app.sign_in("village").await?;
    let own = own_unit(&app, &village).await?;
    let query = "metrics=M12.income_total&periods=2025&level=village";
    let all = ask(&app, "city", query).await?;
    let units = list(all.at("/units"), "code");
    let place = units.iter().position(|code| *code == own);
    let place = place.ok_or("the village is listed")?;
    assert_eq!(all.at(&format!("/cells/values/{place}")), 6_000_000);
    assert_eq!(
        all.at("/cells/values/0"),
        6_000_000,
        "the city's own figure first"
    );
    let elsewhere = ask(&app, "village2", "metrics=M12.income_total&periods=2025").await?;
    let foreign = elsewhere.at("/units/0/code").as_str().unwrap_or_default();
    let chosen = format!("metrics=M12.income_total&periods=2025&units={foreign},{own},1");
    let found = ask(&app, "county", &chosen).await?;
    assert_eq!(list(found.at("/units"), "code"), [foreign, own.as_str()]);
    assert_eq!(found.at("/left_out"), &json!(["1"]));
    assert_eq!(found.at("/cells/values"), &json!([null, 6_000_000]));
    let found = ask(&app, "village", &chosen).await?;
    assert_eq!(list(found.at("/units"), "code"), [own.as_str()]);
    assert_eq!(found.at("/left_out"), &json!([foreign, "1"]));
    Ok(())
}

#[actix_web::test]
async fn what_is_outside_the_scope_is_left_out() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let county = app.sign_in("county").await?;
    let county = own_unit(&app, &county).await?;
    let matters = Matters::These(BTreeSet::from(["M12".to_owned()]));
    add_with(&app, "clerk", &county, Role::Viewer, matters)?;
    let query = "metrics=M08.land_transferred,M12.income_total,M99.nothing&periods=2025";
    let found = ask(&app, "clerk", query).await?;
    assert_eq!(list(found.at("/metrics"), "code"), ["M12.income_total"]);
    assert_eq!(
        found.at("/left_out"),
        &json!(["M08.land_transferred", "M99.nothing"])
    );
    for (query, status, field) in [
        ("metrics=M08.land_transferred&periods=2025", 404, "metrics"),
        (
            "metrics=M12.income_total&periods=2025&unit=130900000009",
            404,
            "unit",
        ),
        (
            "metrics=M12.income_total&periods=2025&units=1",
            404,
            "units",
        ),
        (
            "metrics=M12.income_total&periods=2025&level=city",
            400,
            "level",
        ),
        ("metrics=M12.income_total&periods=1", 400, "periods"),
        ("metrics=,&periods=2025", 400, "metrics"),
    ] {
        let refused = ask(&app, "clerk", query).await?;
        assert_eq!(
            (refused.status, refused.text("/field")),
            (status, field),
            "{query}"
        );
    }
    let many = (0..41).map(|number| format!("M{number}"));
    let many: Vec<String> = many.collect();
    let refused = ask(
        &app,
        "clerk",
        &format!("metrics={}&periods=2025", many.join(",")),
    )
    .await?;
    assert_eq!((refused.status, refused.text("/field")), (400, "metrics"));
    Ok(())
}
