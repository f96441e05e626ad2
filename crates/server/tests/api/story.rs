//! A village's income, reported and approved, moves the city's figure.

use crate::steps::{act, approved, begin, own_unit, values};
use serde_json::json;
use zhenxing_test_support::{Ask, Fault, TestApp};

#[actix_web::test]
async fn a_village_moves_the_city() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let city = app.sign_in("city").await?;
    let before = app
        .call("GET", "/overview?period=2025", Ask::by(&city))
        .await?;
    assert_eq!(before.at("/metrics/0/metric/code"), "M12.reach_50k");
    assert_eq!(before.at("/metrics/0/figure/numerator"), 0);
    let expected = before
        .at("/metrics/0/figure/expected_units")
        .as_i64()
        .unwrap_or(0);
    assert!(expected > 10, "{}", before.body);
    let id = approved(&app, "village", "2025", 5_000_000).await?;
    let after = app
        .call("GET", "/overview?period=2025", Ask::by(&city))
        .await?;
    assert_eq!(after.at("/metrics/0/figure/numerator"), 1);
    assert_eq!(after.at("/metrics/0/figure/value_of_reported"), 10_000);
    assert_eq!(after.at("/metrics/1/figure/numerator"), 0);
    let mut unit = String::new();
    for level in ["county", "township", "village"] {
        let path = format!("/metrics/M12.reach_50k/figures?period=2025{unit}");
        let tree = app.call("GET", &path, Ask::by(&city)).await?;
        let rows = tree.at("/children").as_array().cloned().unwrap_or_default();
        let moved: Vec<_> = rows.iter().filter(|row| row["numerator"] == 1).collect();
        assert_eq!(moved.len(), 1, "{level}");
        assert_eq!(moved[0]["unit"]["level"], level);
        unit = format!(
            "&unit={}",
            moved[0]["unit"]["code"].as_str().unwrap_or_default()
        );
        if level == "village" {
            assert_eq!(moved[0]["report"], id);
        }
    }
    let report = app
        .call("GET", &format!("/reports/{id}"), Ask::by(&city))
        .await?;
    assert_eq!(report.text("/summary/state"), "approved");
    let versions = app
        .call(
            "GET",
            &format!("/reports/{id}/versions?limit=2"),
            Ask::by(&city),
        )
        .await?;
    assert_eq!(versions.at("/items/0/action"), "approve");
    let cursor = versions.text("/next_cursor");
    let rest = app
        .call(
            "GET",
            &format!("/reports/{id}/versions?limit=2&cursor={cursor}"),
            Ask::by(&city),
        )
        .await?;
    assert_eq!(rest.at("/items/1/action"), "save");
    Ok(())
}

#[actix_web::test]
async fn what_waits_stands_beside_and_a_return_takes_it_back() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let village = app.sign_in("village").await?;
    let township = app.sign_in("township").await?;
    let city = app.sign_in("city").await?;
    let unit = own_unit(&app, &village).await?;
    let begun = begin(&app, &village, &unit, "2025", 6_000_000).await?;
    let id = begun.text("/summary/id").to_owned();
    assert_eq!(
        act(&app, &village, &id, json!({ "action": "submit" }))
            .await?
            .status,
        200
    );
    app.settle()?;
    let waiting = app
        .call("GET", "/overview?period=2025", Ask::by(&city))
        .await?;
    assert_eq!(waiting.at("/metrics/0/figure/pending_numerator"), 1);
    assert_eq!(waiting.at("/metrics/0/figure/numerator"), 0);
    let bench = app.call("GET", "/workbench", Ask::by(&township)).await?;
    assert_eq!(bench.at("/to_review/0/count"), 1);
    let bare = act(&app, &township, &id, json!({ "action": "return" })).await?;
    assert_eq!((bare.status, bare.text("/field")), (422, "reason"));
    let body = json!({ "action": "return", "reason": "请核对经营性收入", "field_reasons": { "operating": "与账面不符" } });
    assert_eq!(act(&app, &township, &id, body).await?.status, 200);
    app.settle()?;
    let back = app
        .call("GET", "/overview?period=2025", Ask::by(&city))
        .await?;
    assert_eq!(back.at("/metrics/0/figure/pending_numerator"), 0);
    let seen = app
        .call("GET", &format!("/reports/{id}"), Ask::by(&village))
        .await?;
    assert_eq!(seen.text("/field_reasons/operating"), "与账面不符");
    let save = json!({ "values": values(4_000_000) });
    let ask = Ask::by(&village)
        .header("If-Match", seen.etag())
        .json(&save);
    let saved = app.call("PUT", &format!("/reports/{id}"), ask).await?;
    assert_eq!((saved.status, saved.text("/summary/state")), (200, "draft"));
    let none = Ask::by(&village).header("If-None-Match", saved.etag());
    let same = app.call("GET", &format!("/reports/{id}"), none).await?;
    assert_eq!(same.status, 304);
    Ok(())
}

#[actix_web::test]
async fn a_locked_period_changes_by_revision_alone() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let id = approved(&app, "village", "2024", 5_000_000).await?;
    let admin = app.sign_in("admin").await?;
    let county = app.sign_in("county").await?;
    let village = app.sign_in("village").await?;
    let period = app
        .call("GET", "/forms/M12/periods/2024", Ask::by(&admin))
        .await?;
    let ask = Ask::by(&admin)
        .header("If-Match", period.etag())
        .json(&json!({ "locked": true }));
    assert_eq!(
        app.call("PUT", "/forms/M12/periods/2024", ask)
            .await?
            .status,
        200
    );
    let other = app.sign_in("village2").await?;
    let unit = own_unit(&app, &other).await?;
    let late = begin(&app, &other, &unit, "2024", 1).await?;
    assert_eq!((late.status, late.text("/code")), (409, "period_locked"));
    let city = app.sign_in("city").await?;
    let path = "/overview?period=2024";
    let before = app.call("GET", path, Ask::by(&city)).await?;
    assert_eq!(
        act(
            &app,
            &county,
            &id,
            json!({ "action": "revise", "reason": "审计更正" })
        )
        .await?
        .status,
        200
    );
    app.settle()?;
    let during = app.call("GET", path, Ask::by(&city)).await?;
    assert_eq!(
        before.at("/metrics/0/figure/numerator"),
        during.at("/metrics/0/figure/numerator")
    );
    let open = app
        .call("GET", &format!("/reports/{id}"), Ask::by(&village))
        .await?;
    let ask = Ask::by(&village)
        .header("If-Match", open.etag())
        .json(&json!({ "values": values(100) }));
    assert_eq!(
        app.call("PUT", &format!("/reports/{id}"), ask)
            .await?
            .status,
        200
    );
    for (login, action) in [
        ("village", "submit"),
        ("township", "check"),
        ("county", "approve"),
    ] {
        let token = app.sign_in(login).await?;
        let done = act(&app, &token, &id, json!({ "action": action })).await?;
        assert_eq!(done.status, 200, "{}", done.body);
    }
    app.settle()?;
    let after = app.call("GET", path, Ask::by(&city)).await?;
    assert_eq!(after.at("/metrics/0/figure/numerator"), 0);
    Ok(())
}

#[actix_web::test]
async fn every_change_has_one_event_and_no_number_is_skipped() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2025", 5_000_000).await?;
    let admin = app.sign_in("admin").await?;
    let events = app
        .call("GET", "/events?after=0&limit=200", Ask::by(&admin))
        .await?;
    let rows = events.at("/items").as_array().cloned().unwrap_or_default();
    let kinds: Vec<&str> = rows.iter().filter_map(|row| row["kind"].as_str()).collect();
    let expected = [
        "units.imported",
        "report.created",
        "report.submitted",
        "report.checked",
        "report.approved",
    ];
    assert_eq!(kinds, expected);
    let numbers: Vec<i64> = rows.iter().filter_map(|row| row["seq"].as_i64()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    let rest = app.call("GET", "/events?after=3", Ask::by(&admin)).await?;
    assert_eq!(rest.at("/items").as_array().map(Vec::len), Some(2));
    Ok(())
}
