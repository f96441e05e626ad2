//! Files that records hold: given by who handed them in, read by whoever may read the record.

use crate::samples_task::{PDF, hand_in};
use crate::steps::{copy_package, get, on, own_unit, post};
use crate::users::own_password;
use actix_web::web;
use serde_json::{Value, json};
use std::sync::Arc;
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

const CASES: &str = "/ledgers/weak_branch/records";

/// A file that somebody handed in.
async fn file(app: &TestApp, login: &str, name: &str) -> Result<String, Fault> {
    let token = app.sign_in(login).await?;
    let file = hand_in(app, &token, name, PDF).await?;
    assert_eq!(file.status, 201, "{}", file.body);
    Ok(file.text("/id").to_owned())
}

fn case(file: &str) -> Value {
    json!({ "summary": "班子不团结", "found_on": "2026-03-01", "plan_file": file })
}

/// A weak party organisation of the first village with a plan.
async fn found(app: &TestApp, login: &str, file: &str) -> Result<Answer, Fault> {
    let village = app.sign_in("village").await?;
    let unit = own_unit(app, &village).await?;
    post(
        app,
        login,
        CASES,
        "",
        json!({ "unit": unit, "values": case(file) }),
    )
    .await
}

async fn edit(app: &TestApp, path: &str, tag: &str, values: Value) -> Result<Answer, Fault> {
    let token = app.sign_in("township").await?;
    let ask = Ask::by(&token).header("If-Match", tag);
    app.call("PUT", path, ask.json(&json!({ "values": values })))
        .await
}

/// Who reads a file.
async fn readers(app: &TestApp, id: &str) -> Result<Vec<&'static str>, Fault> {
    let mut all = Vec::new();
    for login in ["village", "village2", "township", "county", "city"] {
        let known = get(app, login, &format!("/files/{id}")).await?.status;
        let content = get(app, login, &format!("/files/{id}/content"))
            .await?
            .status;
        assert_eq!(known, content, "{login}");
        match known {
            200 => all.push(login),
            status => assert_eq!(status, 404, "{login}"),
        }
    }
    Ok(all)
}

#[actix_web::test]
async fn who_reads_the_record_reads_its_files_of_now_and_before() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let first = file(&app, "township", "整顿方案.pdf").await?;
    assert_eq!(readers(&app, &first).await?, ["township"]);
    let made = found(&app, "township", &first).await?;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.text("/record/values/plan_file"), first);
    assert_eq!(made.text("/record/files/0/id"), first);
    assert_eq!(made.text("/record/files/0/name"), "整顿方案.pdf");
    assert_eq!(made.text("/record/files/0/media_type"), "application/pdf");
    assert_eq!(made.at("/record/files/0/size"), PDF.len());
    let path = format!("{CASES}/{}", made.text("/record/id"));
    let seen = ["village", "township", "county", "city"];
    assert_eq!(readers(&app, &first).await?, seen);

    let second = file(&app, "township", "整顿方案（修订）.pdf").await?;
    let edited = edit(&app, &path, "\"1\"", case(&second)).await?;
    assert_eq!(edited.text("/record/files/0/id"), second, "{}", edited.body);
    assert_eq!(edited.at("/record/files/1"), &Value::Null);
    assert_eq!(
        readers(&app, &first).await?,
        seen,
        "the former version has it"
    );
    let versions = get(&app, "village", &format!("{path}/versions")).await?;
    let changes = versions.at("/items/0/changes");
    assert_eq!(
        changes,
        &json!([{ "field": "plan_file", "before": "整顿方案.pdf", "after": "整顿方案（修订）.pdf" }])
    );
    // The former one may stand there again.
    let back = edit(&app, &path, "\"2\"", case(&first)).await?;
    assert_eq!(back.text("/record/files/0/id"), first, "{}", back.body);

    let why = json!({ "reason": "重复登记" });
    let deleted = post(&app, "township", &format!("{path}/delete"), "\"3\"", why).await?;
    assert_eq!(deleted.status, 200, "{}", deleted.body);
    let working = Arc::clone(&app.app);
    let after = app.app.clock.now() + 1;
    let swept = web::block(move || working.sweep_files(after)).await??;
    assert_eq!(swept, 0, "what a record holds is not swept");
    assert_eq!(readers(&app, &second).await?, seen);
    Ok(())
}

#[actix_web::test]
async fn a_file_is_given_once_by_who_handed_it_in() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let foreign = file(&app, "county", "方案.pdf").await?;
    let unknown = "01932c07-209a-7c5d-8000-000000000000";
    for id in [foreign.as_str(), unknown] {
        let refused = found(&app, "township", id).await?;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert_eq!(refused.text("/code"), "rules_broken");
        assert_eq!(refused.text("/findings/0/rule"), "file");
        assert_eq!(refused.text("/findings/0/field"), "plan_file");
    }
    assert_eq!(
        readers(&app, &foreign).await?,
        ["county"],
        "nothing was kept"
    );
    let own = file(&app, "township", "方案.pdf").await?;
    let made = found(&app, "township", &own).await?;
    assert_eq!(made.status, 201, "{}", made.body);
    let path = format!("{CASES}/{}", made.text("/record/id"));
    // Another village's record does not take it.
    let second = app.sign_in("village2").await?;
    let unit = own_unit(&app, &second).await?;
    let other = json!({ "unit": unit, "values": case(&own) });
    let taken = post(&app, "township", CASES, "", other).await?;
    assert_eq!(taken.text("/findings/0/rule"), "file", "{}", taken.body);
    // A trial attaches nothing.
    let new = file(&app, "township", "修订.pdf").await?;
    let token = app.sign_in("township").await?;
    let trial = json!({ "values": case(&new), "dry_run": true });
    let ask = Ask::by(&token).header("If-Match", "\"1\"").json(&trial);
    let trial = app.call("PUT", &path, ask).await?;
    assert_eq!(
        trial.text("/record/files/0/name"),
        "修订.pdf",
        "{}",
        trial.body
    );
    assert_eq!(readers(&app, &new).await?, ["township"]);
    // A move takes one along as an edit does.
    let body =
        json!({ "action": "return_finding", "reason": "请补充", "values": { "plan_file": new } });
    let moved = post(&app, "county", &format!("{path}/moves"), "\"1\"", body).await?;
    assert_eq!(moved.text("/findings/0/rule"), "file", "{}", moved.body);
    let county = file(&app, "county", "批注.pdf").await?;
    let body = json!({ "action": "return_finding", "reason": "请补充", "values": { "plan_file": county } });
    let moved = post(&app, "county", &format!("{path}/moves"), "\"1\"", body).await?;
    assert_eq!(
        moved.text("/record/files/0/name"),
        "批注.pdf",
        "{}",
        moved.body
    );
    Ok(())
}

#[actix_web::test]
async fn a_field_of_the_organisation_line_hides_its_file() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    copy_package(folder.path())?;
    let ledger = folder.path().join("ledgers/weak_branch.toml");
    let text = std::fs::read_to_string(&ledger)?;
    let field = "name_en = \"Plan as a file\"\n";
    assert!(text.contains(field));
    let restricted = format!("{field}restricted = true\n");
    std::fs::write(&ledger, text.replacen(field, &restricted, 1))?;
    let app = TestApp::start_as(Wish {
        package: Some(folder.path().to_owned()),
        ..Wish::default()
    })
    .await?;
    let admin = app.sign_in("admin").await?;
    let me = get(&app, "city", "/session").await?;
    let grants =
        json!([{ "role": "filler", "scope": "unit_and_below", "departments": ["organisation"] }]);
    let new = json!({ "login": "zuzhi", "name": "组织部填报员", "unit": me.text("/unit/code"), "grants": grants });
    let made = post(&app, "admin", "/users", "", new).await?;
    assert_eq!(made.status, 201, "{}", made.body);
    let line = own_password(&app, &admin, "zuzhi").await?;
    let given = hand_in(&app, &line, "方案.pdf", PDF).await?;
    let own = given.text("/id").to_owned();
    let village = app.sign_in("village").await?;
    let unit = own_unit(&app, &village).await?;
    let ask = Ask::by(&line).json(&json!({ "unit": unit, "values": case(&own) }));
    let made = app.call("POST", CASES, ask).await?;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.text("/record/files/0/name"), "方案.pdf");
    let path = format!("{CASES}/{}", made.text("/record/id"));
    for login in ["village", "city"] {
        let seen = get(&app, login, &path).await?;
        assert_eq!(seen.status, 200, "{login}: {}", seen.body);
        assert_eq!(seen.at("/files"), &Value::Null, "{login}: {}", seen.body);
    }
    let nobody: [&str; 0] = [];
    assert_eq!(readers(&app, &own).await?, nobody);
    let content = format!("/files/{own}/content");
    let read = app.call("GET", &content, Ask::by(&line)).await?;
    assert_eq!(read.status, 200);
    // Somebody else who saves the record leaves the file where it is.
    let values = json!({ "summary": "班子软弱", "found_on": "2026-03-01" });
    let edited = edit(&app, &path, "\"1\"", values).await?;
    assert_eq!(edited.status, 200, "{}", edited.body);
    let still = app.call("GET", &path, Ask::by(&line)).await?;
    assert_eq!(still.text("/files/0/id"), own, "{}", still.body);
    Ok(())
}
