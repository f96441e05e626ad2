//! What a request costs does not depend on the size of the tree.

use crate::samples::{Fixture, description, operations};
use crate::steps::{begin, own_unit, values};
use serde_json::json;
use std::collections::BTreeMap;
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Ask, Fault, TestApp};

/// The statements of each read, for an account that sees much.
async fn costs(wish: Wish) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let app = TestApp::start_as(wish).await?;
    let village = app.sign_in("village").await?;
    let unit = own_unit(&app, &village).await?;
    let begun = begin(&app, &village, &unit, "2025", 1).await?;
    let report = format!("/reports/{}", begun.text("/summary/id"));
    let versions = format!("{report}/versions");
    let reads = [
        ("city", "/session"),
        ("city", "/units?limit=5"),
        ("city", "/units?limit=200&total=true"),
        ("city", "/units/130900000000"),
        ("city", "/projects"),
        ("city", "/matters"),
        ("city", "/metrics"),
        ("city", "/forms/M12"),
        ("city", "/forms/M12/periods"),
        ("township", "/dues?form=M12&period=2025&limit=200"),
        ("city", "/reports?form=M12&limit=200"),
        ("city", report.as_str()),
        ("city", versions.as_str()),
        ("city", "/metrics/M12.reach_50k/figures"),
        ("city", "/metrics/M12.reach_50k/course"),
        ("village", "/metrics/M12.reach_50k/course"),
        ("county", "/metrics/M12.reach_50k/figures"),
        ("township", "/metrics/M12.reach_50k/figures"),
        ("city", "/overview"),
        (
            "city",
            "/statistics?metrics=M12.reach_50k,M08.land_transferred&periods=2021..2025",
        ),
        (
            "county",
            "/statistics?metrics=M12.reach_50k&periods=2025&level=village",
        ),
        ("city", "/tasks?limit=50"),
        ("township", "/tasks?queue=to_review"),
        ("city", "/tasks/tree?matter=M12"),
        ("city", "/tasks/progress"),
        ("city", "/workbench"),
        ("county", "/workbench"),
        ("township", "/workbench"),
        ("village", "/workbench"),
        ("city", "/ledgers"),
        ("village", "/ledgers"),
        ("city", "/ledgers/person/records?limit=200&total=true"),
        ("admin", "/users"),
        ("admin", "/departments"),
        ("admin", "/events"),
    ];
    let mut costs = BTreeMap::new();
    for (login, path) in reads {
        let token = app.sign_in(login).await?;
        app.app.db.record_statements();
        let answer = app.call("GET", path, Ask::by(&token)).await?;
        let statements = app.app.db.recorded_statements();
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let name = if path.contains(&report) {
            path.replace(&report, "/report")
        } else {
            path.to_owned()
        };
        costs.insert(format!("{login} {name}"), statements);
    }
    writes(&app, &unit, &mut costs).await?;
    Ok(costs)
}

/// The statements of each write, on a report's way from draft to approval, and of the jobs after it.
async fn writes(
    app: &TestApp,
    unit: &str,
    costs: &mut BTreeMap<String, Vec<String>>,
) -> Result<(), Fault> {
    app.settle()?;
    let mut report = String::new();
    let body = json!({ "form": "M12", "unit": unit, "period": "2024", "values": values(1), "source_document": "年报" });
    let steps = [
        ("village", "POST", "", body),
        ("village", "PUT", "", json!({ "values": values(2) })),
        ("village", "POST", "/actions", json!({ "action": "submit" })),
        (
            "township",
            "POST",
            "/actions",
            json!({ "action": "return", "reason": "请核对" }),
        ),
        ("village", "POST", "/actions", json!({ "action": "submit" })),
        ("township", "POST", "/actions", json!({ "action": "check" })),
        ("county", "POST", "/actions", json!({ "action": "approve" })),
        (
            "county",
            "POST",
            "/actions",
            json!({ "action": "revise", "reason": "更正" }),
        ),
    ];
    for (index, (login, method, path, body)) in steps.into_iter().enumerate() {
        let token = app.sign_in(login).await?;
        let ask = Ask::by(&token)
            .header("If-Match", &format!("\"{index}\""))
            .header("Idempotency-Key", &format!("size-{index}"))
            .json(&body);
        app.app.db.record_statements();
        let done = app
            .call(method, &format!("/reports{report}{path}"), ask)
            .await?;
        costs.insert(
            format!("write {index} {method} {path}"),
            app.app.db.recorded_statements(),
        );
        assert!(done.status < 300, "{method} {path}: {}", done.body);
        report = format!("/{}", done.text("/summary/id"));
    }
    app.app.db.record_statements();
    app.settle()?;
    costs.insert("jobs".to_owned(), app.app.db.recorded_statements());
    let admin = app.sign_in("admin").await?;
    let lock = Ask::by(&admin)
        .header("If-Match", "\"1\"")
        .json(&json!({ "locked": true }));
    app.app.db.record_statements();
    app.call("PUT", "/forms/M12/periods/2021", lock).await?;
    costs.insert("lock".to_owned(), app.app.db.recorded_statements());
    Ok(())
}

/// The statements of every operation of the API, each asked as its sample asks.
async fn costs_of_all(wish: Wish) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let fixture = Fixture::start_as(wish).await?;
    let mut costs = BTreeMap::new();
    for sample in fixture.samples() {
        fixture.app.app.db.record_statements();
        let answer = fixture.send(&sample).await?;
        let statements = fixture.app.app.db.recorded_statements();
        assert!(answer.status < 300, "{}: {}", sample.operation, answer.body);
        costs.insert(sample.operation.to_owned(), statements);
    }
    Ok(costs)
}

/// The statements of making accounts and giving passwords for a township's units or for a county's.
async fn people(app: &TestApp, admin: &str, top: &str) -> Result<Vec<(usize, Vec<String>)>, Fault> {
    let mut costs = Vec::new();
    let mut recorded = |count: usize| costs.push((count, app.app.db.recorded_statements()));
    let generate = json!({ "unit": top, "level": "village", "role": "filler", "scope": "unit",
        "login": "g{code}", "name": "{unit}填报员" });
    app.app.db.record_statements();
    let made = app
        .call("POST", "/users/generate", Ask::by(admin).json(&generate))
        .await?;
    let logins = made.at("/logins").as_array().cloned().unwrap_or_default();
    recorded(logins.len());
    app.app.db.record_statements();
    let issue = Ask::by(admin).json(&json!({ "logins": logins }));
    let issued = app.call("POST", "/users/passwords", issue).await?;
    recorded(issued.at("/items").as_array().map_or(0, Vec::len));
    let mut sheet = "单位编码,用户名,姓名,角色,数据范围,电话,实事\n".to_owned();
    for login in logins.iter().filter_map(serde_json::Value::as_str) {
        let code = login.trim_start_matches('g');
        sheet.push_str(&format!("{code},i{code},村文书,填报员,本单位,,M12\n"));
    }
    app.app.db.record_statements();
    let import = Ask::by(admin).bytes(sheet);
    let imported = app.call("POST", "/users/import", import).await?;
    assert_eq!(imported.status, 200, "{}", imported.body);
    let created = imported.at("/created").as_u64().unwrap_or_default();
    recorded(usize::try_from(created)?);
    Ok(costs)
}

#[actix_web::test]
async fn many_accounts_cost_as_many_statements_as_few() -> Result<(), Fault> {
    let app = TestApp::start_as(whole()).await?;
    let admin = app.sign_in("admin").await?;
    let few = people(&app, &admin, "130902200000").await?;
    let many = people(&app, &admin, "130983000000").await?;
    for ((some, small), (others, large)) in few.iter().zip(&many) {
        assert!(
            (10..50).contains(some) && *others > 300,
            "{some} and {others}"
        );
        assert_eq!(small, large);
        assert!(small.len() <= 20, "{} statements", small.len());
    }
    Ok(())
}

fn whole() -> Wish {
    Wish {
        whole_tree: true,
        ..Wish::default()
    }
}

fn compare(small: &BTreeMap<String, Vec<String>>, large: &BTreeMap<String, Vec<String>>) {
    for (name, statements) in small {
        let others = large.get(name).cloned().unwrap_or_default();
        assert_eq!(statements, &others, "{name}");
        let most = match name.as_str() {
            "jobs" => 40,
            // People and their posts are written in one act.
            "replace_term" => 32,
            _ => 20,
        };
        assert!(
            statements.len() <= most,
            "{name}: {} statements",
            statements.len()
        );
    }
}

#[actix_web::test]
async fn no_operation_costs_more_on_the_whole_tree() -> Result<(), Fault> {
    let small = costs_of_all(Wish::default()).await?;
    let named = operations(&description()?);
    assert!(named.keys().all(|name| small.contains_key(name)));
    compare(&small, &costs_of_all(whole()).await?);
    Ok(())
}

#[actix_web::test]
async fn statements_do_not_depend_on_the_size_of_the_tree() -> Result<(), Fault> {
    let small = costs(Wish::default()).await?;
    compare(&small, &costs(whole()).await?);
    Ok(())
}
