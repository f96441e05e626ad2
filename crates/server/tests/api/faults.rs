//! Bad input: each fault has its status, its code and its field, and nothing is changed.

use crate::steps::{act, begin, own_unit, values};
use serde_json::{Value, json};
use zhenxing_test_support::{Ask, Fault, TestApp};

#[actix_web::test]
async fn faults_of_a_new_report_are_named() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("village").await?;
    let other = app.sign_in("village2").await?;
    let unit = own_unit(&app, &token).await?;
    let foreign = own_unit(&app, &other).await?;
    let city = own_unit(&app, &app.sign_in("city").await?).await?;
    let right = json!({ "form": "M12", "unit": unit, "period": "2025", "values": values(1) });
    let with = |pointer: &str, value: Value| {
        let mut body = right.clone();
        if let Some(place) = body.pointer_mut(pointer) {
            *place = value;
        }
        body
    };
    let long = "长".repeat(501);
    let mut extra = right.clone();
    extra["colour"] = json!("red");
    let mut noted = right.clone();
    noted["values"]["note"] = json!(long);
    let cases = [
        (
            "wrong type",
            with("/form", json!(1)),
            400,
            "malformed_body",
            "form",
        ),
        ("unknown field", extra, 400, "malformed_body", "colour"),
        (
            "unknown form",
            with("/form", json!("M99")),
            404,
            "not_found",
            "form",
        ),
        (
            "unknown unit",
            with("/unit", json!("999999999999")),
            404,
            "not_found",
            "unit",
        ),
        (
            "foreign unit",
            with("/unit", json!(foreign)),
            404,
            "not_found",
            "unit",
        ),
        (
            "unit above",
            with("/unit", json!(city)),
            404,
            "not_found",
            "unit",
        ),
        (
            "no period",
            with("/period", json!("soon")),
            400,
            "invalid_parameter",
            "period",
        ),
        (
            "wrong cadence",
            with("/period", json!("2025-01")),
            400,
            "invalid_parameter",
            "period",
        ),
        (
            "before the first",
            with("/period", json!("2019")),
            400,
            "invalid_parameter",
            "period",
        ),
        (
            "not open",
            with("/period", json!("2027")),
            409,
            "period_not_open",
            "period",
        ),
        (
            "text for money",
            with("/values/operating", json!("many")),
            422,
            "rules_broken",
            "operating",
        ),
        (
            "negative",
            with("/values/operating", json!(-1)),
            422,
            "rules_broken",
            "operating",
        ),
        ("over-long text", noted, 422, "rules_broken", "note"),
    ];
    for (name, body, status, code, field) in cases {
        let answer = app
            .call("POST", "/reports", Ask::by(&token).json(&body))
            .await?;
        let got = (answer.status, answer.text("/code"), answer.text("/field"));
        assert_eq!(got, (status, code, field), "{name}: {}", answer.body);
    }
    for (name, bytes) in [("no JSON", b"{".to_vec()), ("not UTF-8", vec![0xFF, 0xFE])] {
        let answer = app
            .call("POST", "/reports", Ask::by(&token).bytes(bytes))
            .await?;
        assert_eq!(
            (answer.status, answer.text("/code")),
            (400, "malformed_body"),
            "{name}"
        );
    }
    let huge = app
        .call(
            "POST",
            "/reports",
            Ask::by(&token).bytes(vec![b' '; 2 << 20]),
        )
        .await?;
    assert_eq!(huge.text("/code"), "too_large");
    let list = app
        .call("GET", "/reports?form=M12&total=true", Ask::by(&token))
        .await?;
    assert_eq!(list.at("/total"), 0);
    Ok(())
}

#[actix_web::test]
async fn a_repeat_has_one_effect_and_the_first_answer() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("village").await?;
    let unit = own_unit(&app, &token).await?;
    let body = json!({ "form": "M12", "unit": unit, "period": "2025", "values": values(7_000_000), "source_document": "年报" });
    let ask = Ask::by(&token).header("Idempotency-Key", "one").json(&body);
    let first = app.call("POST", "/reports", ask.clone()).await?;
    let again = app.call("POST", "/reports", ask).await?;
    assert_eq!(
        (again.status, &again.body, again.etag()),
        (201, &first.body, first.etag())
    );
    let other = json!({ "form": "M12", "unit": unit, "period": "2024", "values": values(7_000_000), "source_document": "年报" });
    let ask = Ask::by(&token)
        .header("Idempotency-Key", "one")
        .json(&other);
    let reused = app.call("POST", "/reports", ask).await?;
    assert_eq!((reused.status, reused.text("/code")), (422, "key_reused"));
    let id = first.text("/summary/id");
    let submit = Ask::by(&token)
        .header("If-Match", first.etag())
        .header("Idempotency-Key", "two")
        .json(&json!({ "action": "submit" }));
    let path = format!("/reports/{id}/actions");
    let one = app.call("POST", &path, submit.clone()).await?;
    let two = app.call("POST", &path, submit).await?;
    assert_eq!((one.status, &one.body), (200, &two.body));
    let stranger = app.sign_in("village2").await?;
    let stolen = Ask::by(&stranger)
        .header("If-Match", first.etag())
        .header("Idempotency-Key", "two")
        .json(&json!({ "action": "submit" }));
    assert_eq!(app.call("POST", &path, stolen).await?.status, 404);
    Ok(())
}

#[actix_web::test]
async fn a_change_that_was_not_seen_is_not_overwritten() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("village").await?;
    let unit = own_unit(&app, &token).await?;
    let begun = begin(&app, &token, &unit, "2025", 1).await?;
    let path = format!("/reports/{}", begun.text("/summary/id"));
    let save = json!({ "values": values(2) });
    let bare = app.call("PUT", &path, Ask::by(&token).json(&save)).await?;
    assert_eq!(
        (bare.status, bare.text("/code")),
        (428, "if_match_required")
    );
    let ask = Ask::by(&token).header("If-Match", begun.etag()).json(&save);
    assert_eq!(app.call("PUT", &path, ask.clone()).await?.status, 200);
    let late = app.call("PUT", &path, ask).await?;
    assert_eq!((late.status, late.text("/code")), (412, "stale"));
    Ok(())
}

#[actix_web::test]
async fn a_jump_needs_an_explanation() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    crate::steps::approved(&app, "village", "2024", 1_000_000).await?;
    let token = app.sign_in("village").await?;
    let unit = own_unit(&app, &token).await?;
    let begun = begin(&app, &token, &unit, "2025", 9_000_000).await?;
    let id = begun.text("/summary/id").to_owned();
    assert_eq!(begun.at("/previous/operating"), 1_000_000);
    let refused = act(&app, &token, &id, json!({ "action": "submit" })).await?;
    assert_eq!(
        (refused.status, refused.text("/findings/0/rule")),
        (422, "jump")
    );
    let body =
        json!({ "values": values(9_000_000), "explanations": { "jump": "新建冷库投入使用" } });
    let ask = Ask::by(&token).header("If-Match", begun.etag()).json(&body);
    assert_eq!(
        app.call("PUT", &format!("/reports/{id}"), ask)
            .await?
            .status,
        200
    );
    let done = act(&app, &token, &id, json!({ "action": "submit" })).await?;
    assert_eq!(
        (done.status, done.at("/summary/exceptions")),
        (200, &json!(1))
    );
    let wrong = act(&app, &token, &id, json!({ "action": "submit" })).await?;
    assert_eq!((wrong.status, wrong.text("/code")), (409, "wrong_state"));
    Ok(())
}

#[actix_web::test]
async fn wrong_parameters_and_tokens_are_refused() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("city").await?;
    let cases = [
        ("/units?colour=red", 400, "invalid_parameter"),
        ("/units?limit=0", 400, "invalid_parameter"),
        ("/units?limit=many", 400, "invalid_parameter"),
        ("/units?cursor=abc", 400, "invalid_cursor"),
        ("/units?parent=1", 404, "not_found"),
        ("/units/123", 404, "not_found"),
        ("/reports?form=M12&state=lost", 400, "invalid_parameter"),
        ("/reports?form=M99", 404, "not_found"),
        ("/reports/not-a-number", 404, "not_found"),
        ("/metrics/M01.none/figures", 404, "not_found"),
        ("/overview?period=1999", 400, "invalid_parameter"),
        ("/matters/M31", 404, "not_found"),
        ("/forms/M12/periods/x", 400, "invalid_parameter"),
    ];
    for (path, status, code) in cases {
        let answer = app.call("GET", path, Ask::by(&token)).await?;
        assert_eq!(
            (answer.status, answer.text("/code")),
            (status, code),
            "{path}"
        );
    }
    let page = app.call("GET", "/units?limit=2", Ask::by(&token)).await?;
    let cursor = page.text("/next_cursor").to_owned();
    let next = app
        .call(
            "GET",
            &format!("/units?limit=2&cursor={cursor}"),
            Ask::by(&token),
        )
        .await?;
    assert_ne!(next.at("/items/0/code"), page.at("/items/0/code"));
    let mixed = app
        .call(
            "GET",
            &format!("/units?level=county&cursor={cursor}"),
            Ask::by(&token),
        )
        .await?;
    assert_eq!(mixed.text("/code"), "invalid_cursor");
    for stolen in ["", "abc", "a.b.c", &format!("{token}x")] {
        let answer = app.call("GET", "/session", Ask::by(stolen)).await?;
        assert_eq!(answer.status, 401, "{stolen}");
    }
    assert_eq!(
        app.call("GET", "/session", Ask::default()).await?.status,
        401
    );
    assert_eq!(
        app.call("GET", "/health", Ask::default()).await?.status,
        200
    );
    Ok(())
}

#[actix_web::test]
async fn too_many_requests_are_told_when_to_come_back() -> Result<(), Fault> {
    let flags = ["--sign-in-limit", "1"].map(str::to_owned).to_vec();
    let wish = zhenxing_test_support::app::Wish {
        flags,
        ..Default::default()
    };
    let app = TestApp::start_as(wish).await?;
    let wrong = json!({ "login": "city", "password": "x" });
    let mut last = 0;
    for _ in 0..4 {
        let answer = app
            .call("POST", "/session", Ask::default().json(&wrong))
            .await?;
        last = answer.status;
        if last == 429 {
            assert!(answer.headers.contains_key("retry-after"));
            break;
        }
    }
    assert_eq!(last, 429);
    Ok(())
}
