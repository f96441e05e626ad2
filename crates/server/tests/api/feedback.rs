//! Complaints and suggestions find their office, are answered, rated, opened again once, and counted.

use serde_json::{Value, json};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

async fn hand_in(app: &TestApp, login: &str, to: &str, consent: bool) -> Result<Answer, Fault> {
    let body = json!({ "kind": "burden_complaint", "text": "报表太多", "page": "/reports", "to": to, "contact_consent": consent });
    let token = app.sign_in(login).await?;
    let made = app
        .call("POST", "/feedback", Ask::by(&token).json(&body))
        .await?;
    assert_eq!(made.status, 201, "{}", made.body);
    Ok(made)
}

async fn act(app: &TestApp, login: &str, id: &str, body: Value) -> Result<Answer, Fault> {
    let token = app.sign_in(login).await?;
    let now = app
        .call("GET", &format!("/feedback/{id}"), Ask::by(&token))
        .await?;
    let tag = if now.etag().is_empty() {
        "\"1\""
    } else {
        now.etag()
    };
    let ask = Ask::by(&token).header("If-Match", tag).json(&body);
    app.call("POST", &format!("/feedback/{id}/actions"), ask)
        .await
}

async fn received(app: &TestApp, login: &str) -> Result<Vec<Value>, Fault> {
    let token = app.sign_in(login).await?;
    let list = app
        .call("GET", "/feedback?box=received", Ask::by(&token))
        .await?;
    assert_eq!(list.status, 200, "{}", list.body);
    Ok(list.at("/items").as_array().cloned().unwrap_or_default())
}

#[actix_web::test]
async fn it_goes_its_way_to_an_answer_and_back_once() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let made = hand_in(&app, "village", "above", true).await?;
    let id = made.text("/feedback/id").to_owned();
    let waiting = received(&app, "township").await?;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["author"], made.at("/feedback/author").clone());
    let early = act(
        &app,
        "township",
        &id,
        json!({ "action": "answer", "text": "答复" }),
    )
    .await?;
    assert_eq!((early.status, early.text("/code")), (409, "wrong_state"));
    let answer = json!({ "action": "answer", "text": "已合并两张表" });
    for (login, body, state) in [
        ("township", json!({ "action": "accept" }), "accepted"),
        ("township", answer.clone(), "answered"),
        (
            "village",
            json!({ "action": "dissatisfy", "text": "仍有重复" }),
            "submitted",
        ),
        ("township", json!({ "action": "accept" }), "accepted"),
        ("township", answer, "answered"),
        (
            "village",
            json!({ "action": "dissatisfy", "text": "仍有重复" }),
            "dissatisfied",
        ),
    ] {
        let done = act(&app, login, &id, body).await?;
        assert_eq!(
            (done.status, done.text("/feedback/state")),
            (200, state),
            "{}",
            done.body
        );
    }
    let end = act(&app, "village", &id, json!({ "action": "satisfy" })).await?;
    assert_eq!(end.status, 409);
    let bare = act(&app, "township", &id, json!({ "action": "answer" })).await?;
    assert_eq!((bare.status, bare.text("/field")), (422, "text"));
    let other = act(&app, "township", &id, json!({ "action": "satisfy" })).await?;
    assert_eq!(other.status, 403);
    assert_eq!(
        act(&app, "village2", &id, json!({ "action": "satisfy" }))
            .await?
            .status,
        404
    );
    let token = app.sign_in("township").await?;
    let summary = app
        .call("GET", "/feedback/summary", Ask::by(&token))
        .await?;
    let first = summary.at("/items/0");
    assert_eq!(
        (
            &first["count"],
            &first["answered"],
            &first["answer_days"],
            &first["state"]
        ),
        (&json!(1), &json!(1), &json!(0), &json!("dissatisfied"))
    );
    Ok(())
}

#[actix_web::test]
async fn what_is_addressed_to_the_city_is_not_seen_in_between() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let made = hand_in(&app, "village", "city", false).await?;
    let id = made.text("/feedback/id").to_owned();
    for login in ["township", "county"] {
        assert!(received(&app, login).await?.is_empty(), "{login}");
        let token = app.sign_in(login).await?;
        let one = app
            .call("GET", &format!("/feedback/{id}"), Ask::by(&token))
            .await?;
        assert_eq!(one.status, 404, "{login}");
        let counts = app
            .call("GET", "/feedback/summary", Ask::by(&token))
            .await?;
        assert_eq!(counts.at("/items"), &json!([]), "{login}");
    }
    let at_city = received(&app, "admin").await?;
    assert_eq!(at_city.len(), 1);
    assert!(
        at_city[0].get("author").is_none(),
        "not named without consent"
    );
    let done = act(&app, "admin", &id, json!({ "action": "accept" })).await?;
    assert_eq!(done.status, 200, "{}", done.body);
    let village = app.sign_in("village").await?;
    let own = app.call("GET", "/feedback", Ask::by(&village)).await?;
    assert_eq!(own.text("/items/0/state"), "accepted");
    let planted = json!({ "kind": "problem", "text": "身份证11010519491231002X打不开" });
    let refused = app
        .call("POST", "/feedback", Ask::by(&village).json(&planted))
        .await?;
    assert_eq!((refused.status, refused.text("/field")), (422, "text"));
    Ok(())
}
