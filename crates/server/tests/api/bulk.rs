//! A township's day: a grid of villages saved and submitted in one act, some returned, the rest checked and approved.

use crate::steps::{act, own_unit, recomputed, values};
use serde_json::{Value, json};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

async fn post(app: &TestApp, login: &str, path: &str, body: &Value) -> Result<Answer, Fault> {
    let token = app.sign_in(login).await?;
    app.call("POST", path, Ask::by(&token).json(body)).await
}

async fn grid(app: &TestApp, login: &str, period: &str) -> Result<Vec<Value>, Fault> {
    let token = app.sign_in(login).await?;
    let path = format!("/reports/grid?form=M12&period={period}&limit=200");
    let answer = app.call("GET", &path, Ask::by(&token)).await?;
    assert_eq!(answer.status, 200, "{}", answer.body);
    Ok(answer.at("/items").as_array().cloned().unwrap_or_default())
}

fn member<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// A row for each unit of the grid, as it stands.
fn rows(grid: &[Value], operating: i64) -> Vec<Value> {
    let sent = grid.iter().map(|row| {
        json!({
            "unit": member(row, "/due/unit/code"),
            "revision": member(row, "/revision"),
            "values": values(operating)
        })
    });
    sent.collect()
}

fn outcomes(answer: &Answer) -> Vec<String> {
    let rows = answer.at("/rows").as_array().into_iter().flatten();
    rows.map(|row| {
        let code = member(row, "/refusal/code").as_str().unwrap_or_default();
        let outcome = member(row, "/outcome").as_str().unwrap_or_default();
        format!("{outcome} {code}").trim_end().to_owned()
    })
    .collect()
}

fn save(rows: &[Value], submit: bool) -> Value {
    json!({ "form": "M12", "period": "2025", "submit": submit, "source_document": "年报", "rows": rows })
}

#[actix_web::test]
async fn a_township_fills_in_for_its_villages() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let path = "/reports/bulk-save";
    let empty = grid(&app, "township", "2025").await?;
    assert!(empty.len() > 4, "{}", empty.len());
    assert!(empty.iter().all(|row| row["can_save"] == true));
    let mut sent = rows(&empty, 6_000_000);
    sent[1]["values"] = values(-1);
    sent[2]["unit"] = json!("999999999999");
    sent[3]["unit"] = sent[0]["unit"].clone();
    let trial = post(
        &app,
        "township",
        &format!("{path}?dry_run=true"),
        &save(&sent, false),
    )
    .await?;
    assert_eq!(trial.at("/dry_run"), true);
    assert!(
        grid(&app, "township", "2025")
            .await?
            .iter()
            .all(|row| row["revision"].is_null())
    );
    let saved = post(&app, "township", path, &save(&sent, false)).await?;
    let mut expected = vec!["saved"; empty.len()];
    expected[1] = "refused rules_broken";
    expected[2] = "refused not_found";
    expected[3] = "refused invalid_field";
    assert_eq!(outcomes(&saved), expected);
    assert_eq!(outcomes(&trial), expected);
    assert_eq!(saved.text("/rows/1/refusal/field"), "operating");
    assert_eq!(saved.at("/refused"), 3);
    // The same rows again say nothing new; a row that was not seen is told so.
    let mut again = rows(&grid(&app, "township", "2025").await?, 6_000_000);
    again[0]["revision"] = json!(7);
    again[0]["values"] = values(5);
    let second = post(&app, "township", path, &save(&again, false)).await?;
    let mut expected = vec!["unchanged"; empty.len()];
    for row in [1, 2, 3] {
        expected[row] = "saved";
    }
    expected[0] = "refused stale";
    assert_eq!(outcomes(&second), expected);
    // What the rules refuse stays a draft.
    let mut last = rows(&grid(&app, "township", "2025").await?, 6_000_000);
    last[4]["values"] = values(0);
    let submitted = post(&app, "township", path, &save(&last, true)).await?;
    let mut expected = vec!["submitted"; empty.len()];
    expected[4] = "saved rules_broken";
    assert_eq!(outcomes(&submitted), expected);
    assert_eq!(submitted.text("/rows/4/findings/0/rule"), "all_zero");
    assert_eq!(submitted.text("/rows/0/report/state"), "submitted");
    app.settle()?;
    recomputed(&app.app.db, &app.app.shapes, "2025")?;
    let foreign = post(&app, "village2", path, &save(&last[..1], false)).await?;
    assert_eq!(
        (foreign.status, outcomes(&foreign)),
        (200, vec!["refused not_found".to_owned()])
    );
    let none = post(&app, "township", path, &save(&[], false)).await?;
    assert_eq!((none.status, none.text("/field")), (422, "rows"));
    Ok(())
}

#[actix_web::test]
async fn three_are_returned_and_the_rest_approved_in_one_act() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let path = "/reports/bulk-act";
    let sent = rows(&grid(&app, "township", "2025").await?, 6_000_000);
    let mut sent = save(&sent, true);
    sent["rows"][0]["values"] = values(0);
    sent["rows"][0]["explanations"] = json!({ "all_zero": "当年没有收入" });
    let count = sent["rows"].as_array().map_or(0, Vec::len);
    let answer = post(&app, "township", "/reports/bulk-save", &sent).await?;
    assert_eq!(answer.at("/done"), count, "{}", answer.body);
    let seen: Vec<Value> = answer
        .at("/rows")
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| json!({ "id": row["report"]["id"], "revision": row["report"]["revision"] }))
        .collect();
    let mut some = seen[1..5].to_vec();
    some[3]["revision"] = json!(9);
    let back = json!({ "action": "return", "reason": "请核对", "reports": some });
    let returned = post(&app, "township", path, &back).await?;
    assert_eq!(
        outcomes(&returned),
        ["returned", "returned", "returned", "refused stale"]
    );
    let bare = json!({ "action": "return", "reports": some });
    assert_eq!(
        post(&app, "township", path, &bare).await?.text("/field"),
        "reason"
    );
    let rest = count - 4;
    let filter = json!({ "form": "M12", "period": "2025", "without_exceptions": true });
    let check =
        |number: usize| json!({ "action": "check", "filter": filter, "expected_count": number });
    let wrong = post(&app, "township", path, &check(rest + 1)).await?;
    assert_eq!((wrong.status, wrong.text("/code")), (409, "count_changed"));
    let trial = post(
        &app,
        "township",
        &format!("{path}?dry_run=true"),
        &check(rest),
    )
    .await?;
    assert_eq!(trial.at("/done"), rest);
    let done = post(&app, "township", path, &check(rest)).await?;
    assert_eq!(
        (done.at("/done"), done.at("/remaining")),
        (&json!(rest), &json!(0))
    );
    assert!(outcomes(&done).iter().all(|outcome| outcome == "checked"));
    let lost = json!({ "action": "check", "filter": { "form": "M99", "period": "2025" }, "expected_count": 1 });
    assert_eq!(post(&app, "township", path, &lost).await?.status, 404);
    let both = json!({ "action": "check", "filter": filter, "reports": some, "expected_count": 1 });
    assert_eq!(
        post(&app, "township", path, &both).await?.text("/field"),
        "filter"
    );
    // What is explained is looked at first and by itself.
    let token = app.sign_in("township").await?;
    let list = app
        .call(
            "GET",
            "/reports?form=M12&period=2025&state=submitted&exceptions=true",
            Ask::by(&token),
        )
        .await?;
    assert_eq!(list.at("/items").as_array().map(Vec::len), Some(1));
    let id = list.text("/items/0/id").to_owned();
    assert_eq!(
        act(&app, &token, &id, json!({ "action": "check" }))
            .await?
            .status,
        200
    );
    let all = json!({ "form": "M12", "period": "2025" });
    let approve = json!({ "action": "approve", "filter": all, "expected_count": rest + 1 });
    let denied = post(&app, "township", path, &approve).await?;
    assert_eq!(denied.status, 403);
    let approved = post(&app, "county", path, &approve).await?;
    assert_eq!(approved.at("/done"), rest + 1, "{}", approved.body);
    assert_eq!(approved.text("/rows/0/report/id"), id);
    app.settle()?;
    let tallies = recomputed(&app.app.db, &app.app.shapes, "2025")?;
    assert!(
        tallies
            .values()
            .any(|tally| tally.approved_units == i64::try_from(rest + 1).unwrap_or(0))
    );
    let admin = app.sign_in("admin").await?;
    let events = app
        .call("GET", "/events?limit=200", Ask::by(&admin))
        .await?;
    let kinds: Vec<&str> = events
        .at("/items")
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|event| event["kind"].as_str())
        .collect();
    let of = |kind: &str| kinds.iter().filter(|one| **one == kind).count();
    assert_eq!(
        (
            of("report.submitted"),
            of("report.returned"),
            of("report.approved")
        ),
        (count, 3, rest + 1)
    );
    Ok(())
}

#[actix_web::test]
async fn a_locked_period_is_refused_row_by_row() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let sent = rows(&grid(&app, "township", "2025").await?, 6_000_000);
    let done = post(&app, "township", "/reports/bulk-save", &save(&sent, true)).await?;
    let seen = json!([{ "id": done.at("/rows/0/report/id"), "revision": 1 }]);
    let admin = app.sign_in("admin").await?;
    let ask = Ask::by(&admin)
        .header("If-Match", "\"1\"")
        .json(&json!({ "locked": true }));
    assert_eq!(
        app.call("PUT", "/forms/M12/periods/2025", ask)
            .await?
            .status,
        200
    );
    let check = json!({ "action": "check", "reports": seen });
    let refused = post(&app, "township", "/reports/bulk-act", &check).await?;
    assert_eq!(outcomes(&refused), ["refused period_locked"]);
    let mut changed = rows(&grid(&app, "township", "2025").await?, 7_000_000);
    changed.truncate(1);
    let refused = post(
        &app,
        "township",
        "/reports/bulk-save",
        &save(&changed, false),
    )
    .await?;
    assert_eq!(outcomes(&refused), ["refused wrong_state"]);
    assert!(
        grid(&app, "township", "2025")
            .await?
            .iter()
            .all(|row| row["can_save"] == false)
    );
    Ok(())
}

#[actix_web::test]
async fn many_rows_cost_as_many_statements_as_two() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("township").await?;
    let unit = own_unit(&app, &token).await?;
    let path = format!("/reports/grid?form=M12&unit={unit}&limit=200");
    let mut costs = Vec::new();
    for (period, most) in [("2024", 2), ("2025", 200)] {
        let mut sent = rows(&grid(&app, "township", period).await?, 6_000_000);
        sent.truncate(most);
        let body = json!({ "form": "M12", "period": period, "submit": true, "source_document": "年报", "rows": sent });
        let mut cost = Vec::new();
        app.app.db.record_statements();
        app.call("GET", &path, Ask::by(&token)).await?;
        cost.push(app.app.db.recorded_statements());
        for (login, to, body) in [
            ("township", "/reports/bulk-save", body),
            (
                "township",
                "/reports/bulk-act",
                json!({ "action": "check", "expected_count": sent.len(), "filter": { "form": "M12", "period": period } }),
            ),
            (
                "county",
                "/reports/bulk-act",
                json!({ "action": "approve", "expected_count": sent.len(), "filter": { "form": "M12", "period": period } }),
            ),
        ] {
            let token = app.sign_in(login).await?;
            let ask = Ask::by(&token)
                .header("Idempotency-Key", period)
                .json(&body);
            app.app.db.record_statements();
            let done = app.call("POST", to, ask).await?;
            cost.push(app.app.db.recorded_statements());
            assert_eq!(done.at("/done"), sent.len(), "{}", done.body);
        }
        costs.push(cost);
    }
    for (few, many) in costs[0].iter().zip(&costs[1]) {
        assert_eq!(few, many);
        assert!(few.len() <= 20, "{} statements", few.len());
    }
    println!(
        "statements: {:?}",
        costs[0].iter().map(Vec::len).collect::<Vec<_>>()
    );
    Ok(())
}
