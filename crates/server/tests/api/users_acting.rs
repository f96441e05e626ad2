//! Somebody acts for another: a deputy works, an administrator who helps only looks. Many accounts come at once.

use crate::samples::Fixture;
use crate::steps::begin;
use crate::users::{act, issue, own_password, sign_in};
use serde_json::{Value, json};
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

async fn begin_acting(app: &TestApp, by: &str, body: Value) -> Result<Answer, Fault> {
    let ask = Ask::by(by).json(&body);
    app.call("POST", "/session/acting", ask).await
}

#[actix_web::test]
async fn a_deputy_works_for_the_absent_and_both_names_are_kept() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = fixture.token("admin");
    let deputy = own_password(app, &admin, "clerk3").await?;
    let ask = json!({ "login": "township", "mode": "deputy" });
    assert_eq!(begin_acting(app, &deputy, ask.clone()).await?.status, 404);
    let leave = json!({ "action": "leave", "until": "2026-12-31", "deputy": "clerk3" });
    assert_eq!(act(app, &admin, "township", leave).await?.status, 200);
    let me = app.call("GET", "/session", Ask::by(&deputy)).await?;
    assert_eq!(me.text("/deputy_for/0/login"), "township");
    let begun = begin_acting(app, &deputy, ask.clone()).await?;
    assert_eq!(begun.status, 200, "{}", begun.body);
    let acting = begun.text("/access_token").to_owned();
    let me = app.call("GET", "/session", Ask::by(&acting)).await?;
    assert_eq!(
        (
            me.text("/login"),
            me.text("/acting/by"),
            me.text("/acting/mode")
        ),
        ("township", "clerk3", "deputy")
    );
    let done = begin(app, &acting, &fixture.unit, "2025", 1).await?;
    let path = format!("/reports/{}/versions", done.text("/summary/id"));
    let versions = app.call("GET", &path, Ask::by(&acting)).await?;
    assert_eq!(versions.text("/items/0/deputy"), "村文书");
    assert!(versions.text("/items/0/by").ends_with("审核员"));
    // A deputy changes no password and represents nobody else meanwhile.
    let change =
        Ask::by(&acting).json(&json!({ "current": app.password(), "new": "a-b-c-lamp-7" }));
    assert_eq!(
        app.call("PUT", "/session/password", change).await?.status,
        403
    );
    assert_eq!(begin_acting(app, &acting, ask).await?.status, 403);
    app.settle()?;
    let auditor = Ask::by(&fixture.token("auditor"));
    let list = app
        .call("GET", "/audit?kind=change&account=clerk3&limit=1", auditor)
        .await?;
    assert_eq!(list.text("/items/0/for_account/login"), "township");
    assert_eq!(list.text("/items/0/what"), "report.created");
    // Coming back ends it.
    let back = act(app, &admin, "township", json!({ "action": "return" })).await?;
    assert_eq!(back.status, 200);
    assert_eq!(
        app.call("GET", "/session", Ask::by(&acting)).await?.status,
        401
    );
    assert_eq!(
        app.call("GET", "/session", Ask::by(&deputy)).await?.status,
        200
    );
    Ok(())
}

#[actix_web::test]
async fn who_helps_only_looks_and_each_look_is_a_line() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = fixture.token("admin");
    let view =
        |login: &str, reason: &str| json!({ "login": login, "mode": "view", "reason": reason });
    for (token, login, reason, status) in [
        (&admin, "auditor", "求助", 403),
        (&admin, "admin", "求助", 403),
        (&admin, "village", "", 422),
        (&admin, "village", "身份证11010519491231002X", 422),
        (&admin, "unknown", "求助", 404),
        (&fixture.token("county"), "village", "求助", 403),
    ] {
        let refused = begin_acting(app, token, view(login, reason)).await?;
        assert_eq!(refused.status, status, "{login} {reason}");
    }
    let begun = begin_acting(app, &admin, view("village", "电话求助：提交按钮不可用")).await?;
    assert_eq!(begun.at("/expires_in"), &json!(900));
    let looking = begun.text("/access_token").to_owned();
    let me = app.call("GET", "/session", Ask::by(&looking)).await?;
    assert_eq!(
        (me.text("/login"), me.text("/acting/mode")),
        ("village", "view")
    );
    let path = format!("/reports/{}", fixture.report);
    let seen = app.call("GET", &path, Ask::by(&looking));
    assert_eq!(seen.await?.status, 200);
    for sample in fixture.samples() {
        let changes = sample.method != "GET" && !sample.login.is_empty();
        let free = ["change_password", "sign_out", "sign_out_everywhere"];
        if changes && !free.contains(&sample.operation) {
            let ask = sample.ask().signed(&looking);
            let refused = app.call(sample.method, &sample.address(), ask).await?;
            assert_eq!(
                refused.text("/code"),
                "read_only_view",
                "{}",
                sample.operation
            );
        }
    }
    app.settle()?;
    let auditor = Ask::by(&fixture.token("auditor"));
    let list = app
        .call("GET", "/audit?kind=view&account=admin", auditor)
        .await?;
    let items = list.at("/items").as_array().cloned().unwrap_or_default();
    let whats: Vec<&str> = items
        .iter()
        .filter_map(|item| item["what"].as_str())
        .collect();
    assert_eq!(
        whats,
        ["GET /reports/{id}", "GET /session", "session.view_begun"]
    );
    assert_eq!(list.text("/items/0/for_account/login"), "village");
    assert_eq!(list.text("/items/2/subject"), "电话求助：提交按钮不可用");
    let ended = app
        .call("DELETE", "/session/all", Ask::by(&looking))
        .await?;
    assert_eq!(ended.status, 204);
    assert_eq!(
        app.call("GET", "/session", Ask::by(&looking)).await?.status,
        401
    );
    assert_eq!(
        app.call("GET", "/session", Ask::by(&admin)).await?.status,
        200
    );
    Ok(())
}

#[actix_web::test]
async fn every_village_gets_an_account_and_a_password() -> Result<(), Fault> {
    let wish = Wish {
        whole_tree: true,
        ..Wish::default()
    };
    let app = TestApp::start_as(wish).await?;
    let admin = app.sign_in("admin").await?;
    let ask = json!({
        "unit": "130900000000", "level": "village", "role": "filler", "scope": "unit",
        "login": "v{code}", "name": "{unit}填报员",
    });
    let dry = Ask::by(&admin).json(&ask);
    let dry = app
        .call("POST", "/users/generate?dry_run=true", dry)
        .await?;
    assert_eq!(dry.at("/created"), &json!(6_094), "{}", dry.body);
    let begun = std::time::Instant::now();
    let made = app
        .call("POST", "/users/generate", Ask::by(&admin).json(&ask))
        .await?;
    assert_eq!((made.status, made.at("/created")), (200, &json!(6_094)));
    let passwords = Ask::by(&admin).json(&json!({ "logins": made.at("/logins") }));
    let issued = app.call("POST", "/users/passwords", passwords).await?;
    println!("6,094 accounts with passwords: {:?}", begun.elapsed());
    let items = issued.at("/items").as_array().cloned().unwrap_or_default();
    assert_eq!(items.len(), 6_094);
    let last = items.last().cloned().unwrap_or_default();
    let login = last["login"].as_str().unwrap_or_default();
    let signed = sign_in(&app, login, last["password"].as_str().unwrap_or_default()).await?;
    assert_eq!(signed.status, 200);
    let again = app
        .call("POST", "/users/generate", Ask::by(&admin).json(&ask))
        .await?;
    assert_eq!(again.at("/unchanged"), &json!(6_094));
    let without = json!({ "login": "same" });
    let mut body = ask.clone();
    body["login"] = without["login"].clone();
    let refused = app
        .call("POST", "/users/generate", Ask::by(&admin).json(&body))
        .await?;
    assert_eq!((refused.status, refused.text("/field")), (422, "login"));
    Ok(())
}

#[actix_web::test]
async fn a_sheet_is_taken_whole_or_not_at_all() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = fixture.token("admin");
    let unit = &fixture.unit;
    let head = "单位编码,用户名,姓名,角色,数据范围,电话,实事\n";
    let faulty = format!(
        "{head}{unit},good,好人,填报员,,,\n{unit},good,重名,填报员,,,\n{unit},a/b,坏名,填报员,,,\n\
         999999999999,c1,无单位,填报员,,,\n{unit},c2,无角色,村长,,,\n{unit},c3,无实事,填报员,,,M99\n\
         {unit},c4,电话,填报员,,abc,\n{unit},village,占用,填报员,,,\n"
    );
    let refused = Ask::by(&admin).bytes(faulty.into_bytes());
    let refused = app.call("POST", "/users/import", refused).await?;
    let lines = refused.at("/lines").as_array().cloned().unwrap_or_default();
    let numbers: Vec<i64> = lines
        .iter()
        .filter_map(|line| line["line"].as_i64())
        .collect();
    assert_eq!((refused.status, numbers), (422, vec![3, 4, 5, 6, 7, 8, 9]));
    let nobody = app.call("GET", "/users/good", Ask::by(&admin)).await?;
    assert_eq!(nobody.status, 404);
    let made = Ask::by(&admin).bytes(fixture.people().into_bytes());
    let made = app.call("POST", "/users/import", made).await?;
    assert_eq!(made.at("/logins"), &json!(["zhang.san"]), "{}", made.body);
    let password = issue(app, &admin, "zhang.san").await?;
    assert_eq!(sign_in(app, "zhang.san", &password).await?.status, 200);
    Ok(())
}
