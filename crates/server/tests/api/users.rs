//! People: a one-time password allows nothing but its change, nobody gives more than he administers, absence and
//! transfers, and the lock after failed sign-ins.

use crate::samples::{Fixture, Sample};
use serde_json::{Value, json};
use zhenxing_server::settings::{self, Command};
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

const CHOSEN: &str = "lamp-river-stone-9";

pub(crate) async fn sign_in(app: &TestApp, login: &str, password: &str) -> Result<Answer, Fault> {
    let body = json!({ "login": login, "password": password });
    app.call("POST", "/session", Ask::default().json(&body))
        .await
}

/// Gives an account a one-time password.
pub(crate) async fn issue(app: &TestApp, by: &str, login: &str) -> Result<String, Fault> {
    let ask = Ask::by(by).json(&json!({ "logins": [login] }));
    let issued = app.call("POST", "/users/passwords", ask).await?;
    assert_eq!(issued.status, 200, "{}", issued.body);
    Ok(issued.text("/items/0/password").to_owned())
}

/// Gives an account a password of its own and signs it in.
pub(crate) async fn own_password(app: &TestApp, by: &str, login: &str) -> Result<String, Fault> {
    let first = issue(app, by, login).await?;
    let token = sign_in(app, login, &first).await?;
    let token = token.text("/access_token").to_owned();
    let change = Ask::by(&token).json(&json!({ "current": first, "new": CHOSEN }));
    let changed = app.call("PUT", "/session/password", change).await?;
    assert_eq!(changed.status, 204, "{}", changed.body);
    Ok(token)
}

/// Makes an account as somebody and gives back the answer.
async fn create(app: &TestApp, by: &str, body: Value) -> Result<Answer, Fault> {
    app.call("POST", "/users", Ask::by(by).json(&body)).await
}

pub(crate) async fn act(
    app: &TestApp,
    by: &str,
    login: &str,
    body: Value,
) -> Result<Answer, Fault> {
    let path = format!("/users/{login}");
    let seen = app.call("GET", &path, Ask::by(by)).await?;
    let ask = Ask::by(by).header("If-Match", seen.etag()).json(&body);
    app.call("POST", &format!("{path}/actions"), ask).await
}

#[actix_web::test]
async fn a_one_time_password_allows_nothing_but_its_change() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = fixture.token("admin");
    let first = issue(app, &admin, "clerk1").await?;
    let again = issue(app, &admin, "clerk1").await?;
    assert_eq!(sign_in(app, "clerk1", &first).await?.status, 401);
    let signed = sign_in(app, "clerk1", &again).await?;
    let token = signed.text("/access_token").to_owned();
    let free = |sample: &Sample| {
        let free = ["change_password", "sign_out", "sign_out_everywhere"];
        sample.login.is_empty() || free.contains(&sample.operation)
    };
    for sample in fixture.samples().iter().filter(|sample| !free(sample)) {
        let ask = sample.ask().signed(&token);
        let answer = app.call(sample.method, &sample.address(), ask).await?;
        let told = (answer.status, answer.text("/code").to_owned());
        assert_eq!(
            told,
            (403, "password_change_required".to_owned()),
            "{}",
            sample.operation
        );
    }
    for (current, new, field) in [
        ("wrong", CHOSEN, "current"),
        (again.as_str(), again.as_str(), "new"),
        (&again, "short", "new"),
        (&again, "clerk1-2026", "new"),
        (&again, "Password2026", "new"),
    ] {
        let change = Ask::by(&token).json(&json!({ "current": current, "new": new }));
        let refused = app.call("PUT", "/session/password", change).await?;
        assert_eq!((refused.status, refused.text("/field")), (422, field));
    }
    let other = sign_in(app, "clerk1", &again).await?;
    let change = Ask::by(&token).json(&json!({ "current": again, "new": CHOSEN }));
    let changed = app.call("PUT", "/session/password", change).await?;
    assert_eq!(changed.status, 204);
    let other = Ask::by(other.text("/access_token"));
    assert_eq!(app.call("GET", "/session", other).await?.status, 401);
    let me = app.call("GET", "/session", Ask::by(&token)).await?;
    assert_eq!((me.status, me.text("/login")), (200, "clerk1"));
    assert_eq!(sign_in(app, "clerk1", &again).await?.status, 401);
    assert_eq!(sign_in(app, "clerk1", CHOSEN).await?.status, 200);
    Ok(())
}

#[actix_web::test]
async fn a_county_administers_its_own_and_gives_no_more() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = fixture.token("admin");
    let me = app.call("GET", "/session", Ask::by(&fixture.token("county")));
    let county = me.await?.text("/unit/code").to_owned();
    let grants = |role: &str, scope: &str| json!([{ "role": role, "scope": scope }]);
    let office = grants("administrator", "unit_and_below");
    let body =
        json!({ "login": "county.admin", "name": "县管理员", "unit": county, "grants": office });
    let made = create(app, &admin, body).await?;
    assert_eq!(made.status, 201, "{}", made.body);
    let own = own_password(app, &admin, "county.admin").await?;
    let village = fixture.unit.as_str();
    let city = "130900000000";
    let cases = [
        ("a1", village, grants("filler", "unit"), 201),
        (
            "a2",
            &county,
            grants("administrator", "unit_and_below"),
            201,
        ),
        ("a3", village, grants("viewer", "all"), 403),
        ("a4", village, grants("auditor", "unit"), 403),
        ("a5", city, grants("viewer", "unit"), 404),
        (
            "a6",
            village,
            json!([{ "role": "viewer", "scope": "custom", "units": [city] }]),
            403,
        ),
        (
            "a7",
            village,
            json!([{ "role": "viewer", "scope": "custom" }]),
            422,
        ),
        (
            "a8",
            village,
            json!([{ "role": "viewer", "scope": "unit", "matters": ["M99"] }]),
            422,
        ),
        ("village", village, grants("filler", "unit"), 409),
        ("身份", village, grants("filler", "unit"), 422),
    ];
    for (login, unit, grants, status) in cases {
        let body = json!({ "login": login, "name": "某人", "unit": unit, "grants": grants });
        let made = create(app, &own, body).await?;
        assert_eq!(made.status, status, "{login}: {}", made.body);
    }
    // Who holds more than the county administers is not administered by the county, though he stands there.
    let wide = json!({ "login": "wide", "name": "下派干部", "unit": county, "grants": grants("viewer", "all") });
    assert_eq!(create(app, &admin, wide).await?.status, 201);
    let reset = Ask::by(&own).json(&json!({ "logins": ["wide"] }));
    assert_eq!(
        app.call("POST", "/users/passwords", reset).await?.status,
        403
    );
    let switched = act(app, &own, "wide", json!({ "action": "deactivate" })).await?;
    assert_eq!(switched.status, 403);
    let detail = app.call("GET", "/users/wide", Ask::by(&own)).await?;
    assert_eq!(detail.at("/may_change"), &json!(false));
    let switched = act(app, &own, "county.admin", json!({ "action": "deactivate" })).await?;
    assert_eq!(switched.status, 403, "nobody administers himself");
    assert_eq!(
        app.call("GET", "/users/city", Ask::by(&own)).await?.status,
        404
    );
    let list = app
        .call("GET", "/users?limit=200&q=admin", Ask::by(&own))
        .await?;
    assert_eq!(list.text("/items/0/login"), "county.admin");
    let phone = app.call("GET", "/users/clerk1", Ask::by(&own)).await?;
    assert_eq!(phone.text("/user/phone"), "138****5678");
    Ok(())
}

#[actix_web::test]
async fn people_go_and_come_back() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = fixture.token("admin");
    let token = own_password(app, &admin, "clerk1").await?;
    let off = act(app, &admin, "clerk1", json!({ "action": "deactivate" })).await?;
    assert_eq!((off.status, off.at("/user/active")), (200, &json!(false)));
    assert_eq!(
        app.call("GET", "/session", Ask::by(&token)).await?.status,
        401
    );
    assert_eq!(sign_in(app, "clerk1", CHOSEN).await?.status, 401);
    let twice = act(app, &admin, "clerk1", json!({ "action": "deactivate" })).await?;
    assert_eq!(twice.status, 409);
    let on = act(app, &admin, "clerk1", json!({ "action": "reactivate" })).await?;
    assert_eq!(on.at("/user/active"), &json!(true));
    assert_eq!(sign_in(app, "clerk1", CHOSEN).await?.status, 200);
    // To another village: at once, and from a day on.
    let other = fixture.foreign_unit.as_str();
    let later = json!({ "action": "transfer", "unit": other, "from": "2026-12-01" });
    let waiting = act(app, &admin, "clerk2", later).await?;
    assert_eq!(waiting.text("/transfer/unit/code"), other);
    assert_eq!(waiting.text("/user/unit/code"), fixture.unit);
    app.app.do_transfers()?;
    let same = app.call("GET", "/users/clerk2", Ask::by(&admin)).await?;
    assert_eq!(same.text("/user/unit/code"), fixture.unit);
    let now = act(
        app,
        &admin,
        "clerk3",
        json!({ "action": "transfer", "unit": other }),
    )
    .await?;
    assert_eq!(now.text("/user/unit/code"), other);
    let here = json!({ "action": "transfer", "unit": other });
    assert_eq!(act(app, &admin, "clerk3", here).await?.status, 422);
    for (body, field) in [
        (
            json!({ "action": "leave", "until": "2026-12-31" }),
            "deputy",
        ),
        (json!({ "action": "leave", "deputy": "clerk3" }), "until"),
        (
            json!({ "action": "leave", "deputy": "clerk3", "until": "2026-11-01" }),
            "until",
        ),
        (json!({ "action": "transfer" }), "unit"),
    ] {
        let refused = act(app, &admin, "clerk1", body).await?;
        assert_eq!((refused.status, refused.text("/field")), (422, field));
    }
    let leave = json!({ "action": "leave", "until": "2026-12-31", "deputy": "clerk3" });
    let left = act(app, &admin, "clerk1", leave).await?;
    assert_eq!(left.text("/leave/deputy"), "clerk3");
    let back = act(app, &admin, "clerk1", json!({ "action": "return" })).await?;
    assert_eq!((back.status, back.at("/leave")), (200, &Value::Null));
    let twice = act(app, &admin, "clerk1", json!({ "action": "return" })).await?;
    assert_eq!(twice.status, 409);
    Ok(())
}

#[actix_web::test]
async fn a_name_is_locked_after_failures_whether_an_account_has_it_or_not() -> Result<(), Fault> {
    let wish = Wish {
        flags: ["--lock-after", "3"].map(str::to_owned).to_vec(),
        ..Wish::default()
    };
    let app = TestApp::start_as(wish).await?;
    for login in ["village", "somebody"] {
        for expected in ["wrong_credentials", "wrong_credentials", "account_locked"] {
            let failed = sign_in(&app, login, "wrong").await?;
            assert_eq!((failed.status, failed.text("/code")), (401, expected));
        }
        let right = sign_in(&app, login, app.password()).await?;
        assert_eq!(right.text("/code"), "account_locked");
    }
    let admin = app.sign_in("admin").await?;
    let first = issue(&app, &admin, "village").await?;
    assert_eq!(sign_in(&app, "village", &first).await?.status, 200);
    Ok(())
}

/// A phone is shown in full with a reason alone, which stands in the trail with whose it was.
#[actix_web::test]
async fn a_phone_is_revealed_with_a_reason() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = fixture.token("admin");
    let masked = app.call("GET", "/users/clerk1", Ask::by(&admin)).await?;
    assert_eq!(masked.text("/user/phone"), "138****5678");
    let reveal = |login: &str, reason: &str| {
        let ask = Ask::by(&admin).json(&json!({ "reason": reason }));
        let path = format!("/users/{login}/reveal");
        async move { app.call("POST", &path, ask).await }
    };
    for reason in ["", "  ", "证件11010519491231002X", "一行\n两行"] {
        let refused = reveal("clerk1", reason).await?;
        assert_eq!((refused.status, refused.text("/field")), (422, "reason"));
    }
    let none = reveal("village", "核实数据").await?;
    assert_eq!((none.status, none.text("/field")), (404, "phone"));
    let shown = reveal("clerk1", "核实数据").await?;
    assert_eq!(shown.text("/phone"), "13812345678");
    app.settle()?;
    let auditor = fixture.token("auditor");
    let path = "/audit?kind=read&account=admin";
    let trail = app.call("GET", path, Ask::by(&auditor)).await?;
    let lines = trail.at("/items").as_array().cloned().unwrap_or_default();
    let told: Vec<&Value> = lines.iter().map(|line| &line["subject"]).collect();
    assert_eq!(told, [&json!("clerk1 核实数据")]);
    assert_eq!(lines[0]["what"], "account.phone_revealed");
    // What was done to an account tells whose it is.
    let off = act(app, &admin, "clerk1", json!({ "action": "deactivate" })).await?;
    assert_eq!(off.status, 200, "{}", off.body);
    app.settle()?;
    let path = "/audit?kind=change&account=admin&limit=1";
    let trail = app.call("GET", path, Ask::by(&auditor)).await?;
    assert_eq!(trail.text("/items/0/subject_account/login"), "clerk1");
    Ok(())
}

/// A transfer that has not come is taken back by one to the present unit; without one that is refused.
#[actix_web::test]
async fn a_transfer_that_waits_is_taken_back() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = fixture.token("admin");
    let to = |unit: &str| json!({ "action": "transfer", "unit": unit, "from": "2027-01-04" });
    let refused = act(app, &admin, "clerk1", to(&fixture.unit)).await?;
    assert_eq!((refused.status, refused.text("/field")), (422, "unit"));
    let waits = act(app, &admin, "clerk1", to("130900000000")).await?;
    assert_eq!(waits.text("/transfer/unit/code"), "130900000000");
    let back = json!({ "action": "transfer", "unit": fixture.unit });
    let back = act(app, &admin, "clerk1", back).await?;
    assert_eq!(back.status, 200, "{}", back.body);
    assert_eq!(back.at("/transfer"), &Value::Null);
    assert_eq!(back.text("/user/unit/code"), fixture.unit);
    Ok(())
}

#[actix_web::test]
async fn accounts_are_listed_of_a_unit_alone_or_with_those_below() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = Ask::by(&fixture.token("admin"));
    let count = |query: String| {
        let ask = admin.clone();
        async move {
            let list = app.call("GET", &format!("/users?{query}"), ask).await?;
            Ok::<_, Fault>(list.at("/items").as_array().map_or(0, Vec::len))
        }
    };
    let village = count(format!("unit={}&below=false", fixture.unit)).await?;
    assert_eq!(village, count(format!("unit={}", fixture.unit)).await?);
    let city = count("unit=130900000000&limit=200".to_owned()).await?;
    let alone = count("unit=130900000000&limit=200&below=false".to_owned()).await?;
    assert!(alone > 0 && alone < city, "{alone} of {city}");
    Ok(())
}

#[actix_web::test]
async fn what_cannot_be_done_with_accounts_is_told() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = fixture.token("admin");
    for (logins, status) in [(json!([]), 422), (json!(["nobody-has-this-name"]), 404)] {
        let ask = Ask::by(&admin).json(&json!({ "logins": logins }));
        let refused = app.call("POST", "/users/passwords", ask).await?;
        assert_eq!((refused.status, refused.text("/field")), (status, "logins"));
    }
    let samples = fixture.samples();
    let change = samples
        .iter()
        .find(|sample| sample.operation == "change_user")
        .ok_or("a sample")?;
    let mut taken = change.clone();
    if let Some(body) = taken.body.as_mut() {
        body["login"] = json!("village2");
    }
    let refused = fixture.send(&taken).await?;
    assert_eq!(
        (refused.status, refused.text("/field")),
        (409, "login"),
        "{}",
        refused.body
    );
    Ok(())
}

#[actix_web::test]
async fn the_operator_adds_an_account_with_a_one_time_password() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let add = |login: &str, department: &str| {
        let mut words = vec![
            "zhenxing",
            "add-account",
            "--login",
            login,
            "--name",
            "市编办",
        ];
        words.extend([
            "--unit",
            "130900000000",
            "--role",
            "administrator",
            "--scope",
            "all",
        ]);
        words.extend(["--department", department]);
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        match settings::parse(&words).map(|cli| cli.command) {
            Ok(Command::AddAccount(ask)) => app.app.add_account(&ask).map_err(Fault::from),
            _ => Err("another command".into()),
        }
    };
    let first = add("office.city", "establishment")?;
    let signed = sign_in(&app, "office.city", &first).await?;
    assert_eq!(signed.status, 200, "{}", signed.body);
    let token = Ask::by(signed.text("/access_token"));
    let users = app.call("GET", "/users", token).await?;
    assert_eq!(users.text("/code"), "password_change_required");
    for (login, department) in [
        ("office.city", "establishment"),
        ("Kein Name!", "establishment"),
        ("office.two", "no-such-department"),
    ] {
        assert!(add(login, department).is_err(), "{login} {department}");
    }
    Ok(())
}
