//! Signing in and staying signed in.

use serde_json::json;
use zhenxing_test_support::{Ask, Fault, TestApp};

#[actix_web::test]
async fn a_refresh_token_works_once_and_its_late_reuse_ends_the_session() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let sign_in = json!({ "login": "city", "password": app.password() });
    let first = app
        .call("POST", "/session", Ask::default().json(&sign_in))
        .await?;
    let refresh = json!({ "refresh_token": first.text("/refresh_token") });
    let second = app
        .call("POST", "/session/refresh", Ask::default().json(&refresh))
        .await?;
    assert_eq!(second.status, 200);
    // The answer may have been lost on its way: a page was left before it came.
    let soon = app
        .call("POST", "/session/refresh", Ask::default().json(&refresh))
        .await?;
    assert_eq!(soon.status, 200, "{}", soon.body);
    let aged = "UPDATE refresh_token SET used_at = used_at - 60000000 WHERE used_at IS NOT NULL";
    app.app.db.write(|conn| conn.run_outside(aged))?;
    let again = app
        .call("POST", "/session/refresh", Ask::default().json(&refresh))
        .await?;
    assert_eq!(
        (again.status, again.text("/code")),
        (401, "invalid_refresh")
    );
    let me = app
        .call("GET", "/session", Ask::by(second.text("/access_token")))
        .await?;
    assert_eq!(me.status, 401);
    for newest in [&second, &soon] {
        let newest = json!({ "refresh_token": newest.text("/refresh_token") });
        let ended = app
            .call("POST", "/session/refresh", Ask::default().json(&newest))
            .await?;
        assert_eq!(ended.status, 401);
    }
    Ok(())
}

#[actix_web::test]
async fn a_browser_holds_the_refresh_token_in_a_cookie_that_scripts_cannot_read()
-> Result<(), Fault> {
    let app = TestApp::start().await?;
    let sign_in = json!({ "login": "city", "password": app.password(), "transport": "cookie" });
    let first = app
        .call("POST", "/session", Ask::default().json(&sign_in))
        .await?;
    assert!(first.body.get("refresh_token").is_none());
    let cookie = first.headers.get("set-cookie").cloned().unwrap_or_default();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let pair = cookie.split(';').next().unwrap_or_default();
    let ask = Ask::default().header("Cookie", pair).json(&json!({}));
    assert_eq!(app.call("POST", "/session/refresh", ask).await?.status, 200);
    Ok(())
}

#[actix_web::test]
async fn signing_out_everywhere_ends_every_session() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let one = app.sign_in("city").await?;
    let two = app.sign_in("city").await?;
    let three = app.sign_in("city").await?;
    assert_eq!(
        app.call("DELETE", "/session", Ask::by(&three))
            .await?
            .status,
        204
    );
    assert_eq!(
        app.call("GET", "/session", Ask::by(&three)).await?.status,
        401
    );
    assert_eq!(
        app.call("DELETE", "/session/all", Ask::by(&one))
            .await?
            .status,
        204
    );
    for token in [one, two] {
        assert_eq!(
            app.call("GET", "/session", Ask::by(&token)).await?.status,
            401
        );
    }
    Ok(())
}

#[actix_web::test]
async fn a_wrong_name_and_a_wrong_password_look_alike() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let unknown = json!({ "login": "nobody", "password": "x" });
    let wrong = json!({ "login": "city", "password": "x" });
    let a = app
        .call("POST", "/session", Ask::default().json(&unknown))
        .await?;
    let b = app
        .call(
            "POST",
            "/session",
            Ask::default()
                .json(&wrong)
                .header("Accept-Language", "zh-CN"),
        )
        .await?;
    assert_eq!((a.status, &a.body), (401, &b.body));
    let english = Ask::default()
        .json(&wrong)
        .header("Accept-Language", "en-GB,zh;q=0.5");
    let c = app.call("POST", "/session", english).await?;
    assert_eq!(c.text("/title"), "Wrong name or password");
    Ok(())
}
