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
                    let code = found.text("/units/0/code");
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
async fn figures_that_are_kept_follow_each_approval() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let query = "metrics=M12.income_total&periods=2024..2025";
    let wanted = [
        ("village", "2025", 6_000_000, [0, 6_000_000]),
        ("village2", "2025", 12_000_000, [0, 18_000_000]),
        ("village", "2024", 4_000_000, [4_000_000, 18_000_000]),
    ];
    for login in ["city", "county"] {
        let none = ask(&app, login, query).await?;
        assert_eq!(none.at("/cells/approved_units/1"), 0, "{login}");
    }
    for (login, period, value, sums) in wanted {
        approved(&app, login, period, value).await?;
        for reader in ["city", "county", "city"] {
            let found = ask(&app, reader, query).await?;
            for (place, sum) in sums.into_iter().enumerate() {
                let numerator = found.at(&format!("/cells/numerators/{place}"));
                assert_eq!(numerator, sum, "{reader} after {login} {period}");
            }
        }
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

#[actix_web::test]
async fn a_view_is_shared_and_shows_nobody_more_than_he_may_see() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let view = |name: &str, share: &str| json!({ "page": "statistics", "name": name, "query": "metrics=M12.income_total&periods=2025", "share": share });
    let mut tokens = Vec::new();
    for login in ["city", "county", "township", "village", "village2"] {
        tokens.push(app.sign_in(login).await?);
    }
    let [city, county, township, village, village2] = tokens.as_slice() else {
        return Err("five accounts".into());
    };
    let save = |token: &str, body: Value| app.call("POST", "/views", Ask::by(token).json(&body));
    let below = save(county, view("本县", "unit_and_below")).await?;
    assert_eq!(below.status, 201, "{}", below.body);
    let own = save(village, view("本村", "nobody")).await?;
    assert_eq!((own.status, own.etag()), (201, "\"1\""));
    let all = save(city, view("全市", "everybody")).await?;
    assert_eq!(all.status, 201, "{}", all.body);
    for (token, wanted) in [
        (city, vec!["全市"]),
        (county, vec!["全市", "本县"]),
        (township, vec!["全市", "本县"]),
        (village, vec!["全市", "本村", "本县"]),
    ] {
        let list = app
            .call("GET", "/views?page=statistics", Ask::by(token))
            .await?;
        assert_eq!(names(&list), wanted);
    }
    let one = format!("/views/{}", own.text("/id"));
    let hidden = app.call("GET", &one, Ask::by(village2)).await?;
    assert_eq!(hidden.status, 404);
    let shared = format!("/views/{}", below.text("/id"));
    let seen = app.call("GET", &shared, Ask::by(village)).await?;
    assert_eq!((seen.status, seen.at("/own")), (200, &json!(false)));
    let known = Ask::by(village).header("If-None-Match", seen.etag());
    assert_eq!(app.call("GET", &shared, known).await?.status, 304);
    let takes = Ask::by(village)
        .header("If-Match", "\"1\"")
        .json(&view("改", "nobody"));
    assert_eq!(app.call("PUT", &shared, takes).await?.status, 404);
    let gone = app.call("DELETE", &shared, Ask::by(village)).await?;
    assert_eq!(
        gone.status, 404,
        "another's view is nobody else's to remove"
    );
    for (name, share, status, field) in [
        ("全市", "everybody", 422, "share"),
        ("", "nobody", 422, "name"),
        ("本村", "nobody", 409, "name"),
        ("持证11010519491231002X", "nobody", 422, "name"),
    ] {
        let refused = save(village, view(name, share)).await?;
        assert_eq!(
            (refused.status, refused.text("/field")),
            (status, field),
            "{name}"
        );
    }
    let second = save(village, view("第二个", "nobody")).await?;
    let taken = Ask::by(village)
        .header("If-Match", "\"1\"")
        .json(&view("本村", "nobody"));
    let second = format!("/views/{}", second.text("/id"));
    let taken = app.call("PUT", &second, taken).await?;
    assert_eq!((taken.status, taken.text("/field")), (409, "name"));
    let change = Ask::by(county)
        .header("If-Match", "\"1\"")
        .json(&view("本县收入", "nobody"));
    let changed = app.call("PUT", &shared, change.clone()).await?;
    assert_eq!((changed.status, changed.text("/name")), (200, "本县收入"));
    assert_eq!(app.call("PUT", &shared, change).await?.status, 412);
    assert_eq!(
        app.call("GET", &shared, Ask::by(village)).await?.status,
        404
    );
    let gone = app.call("DELETE", &shared, Ask::by(county)).await?;
    assert_eq!(gone.status, 204);
    Ok(())
}

fn names(answer: &Answer) -> Vec<String> {
    let found = list(answer.at("/items"), "name");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found.iter().map(text).collect()
}
