//! Tasks: handed down, signed for, worked on, checked; what is asked about them; how the tree of a matter stands.

use crate::steps::{get, on, own_unit, post};
use serde_json::{Value, json};
use zhenxing_test_support::{Answer, Fault, TestApp};

fn to_villages(period: &str) -> Value {
    json!({
        "matter": "M12", "period": period, "due": "2026-12-20", "note": "请抓紧办理",
        "to": { "type": "level", "level": "village", "kinds": ["administrative_village"] },
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
    body
}

/// The task of the first village.
async fn own_task(app: &TestApp, login: &str) -> Result<Answer, Fault> {
    let mine = get(app, login, "/tasks?queue=to_do").await?;
    let path = format!("/tasks/{}", mine.text("/items/0/id"));
    get(app, login, &path).await
}

async fn act(app: &TestApp, login: &str, task: &Answer, body: Value) -> Result<Answer, Fault> {
    let path = format!("/tasks/{}/actions", task.text("/id"));
    let tag = format!("\"{}\"", task.at("/revision"));
    post(app, login, &path, &tag, body).await
}

#[actix_web::test]
async fn a_matter_goes_down_and_its_progress_comes_up() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let shown = post(
        &app,
        "city",
        "/hand-downs",
        "",
        with(to_villages("2026"), "dry_run", json!(true)),
    )
    .await?;
    assert_eq!(
        (shown.status, shown.at("/dry_run")),
        (200, &json!(true)),
        "{}",
        shown.body
    );
    let given = |answer: &Answer, level: &str| {
        let levels = answer.at("/levels").as_array().cloned().unwrap_or_default();
        let found = levels.into_iter().find(|row| row["level"] == json!(level));
        found.map(|row| (row["given"].as_i64(), row["between"].as_bool()))
    };
    let villages = given(&shown, "village")
        .ok_or("no villages")?
        .0
        .unwrap_or(0);
    assert!(villages > 10);
    assert_eq!(
        given(&shown, "township").ok_or("no townships")?.1,
        Some(true)
    );
    let gained: i64 = shown
        .at("/burden")
        .as_array()
        .ok_or("no burden")?
        .iter()
        .map(|row| row["villages"].as_i64().unwrap_or(0) * row["gain"].as_i64().unwrap_or(0))
        .sum();
    assert_eq!(gained, villages);
    assert_eq!(
        get(&app, "village", "/tasks").await?.at("/items"),
        &json!([]),
        "a dry run changes nothing"
    );

    let done = post(&app, "city", "/hand-downs", "", to_villages("2026")).await?;
    assert_eq!(
        (done.status, done.at("/levels")),
        (201, shown.at("/levels")),
        "{}",
        done.body
    );
    let again = post(&app, "city", "/hand-downs", "", to_villages("2026")).await?;
    assert_eq!((again.status, again.text("/code")), (409, "exists"));
    let skipped = post(
        &app,
        "city",
        "/hand-downs",
        "",
        with(to_villages("2026"), "skip_existing", json!(true)),
    )
    .await?;
    assert_eq!((skipped.status, skipped.text("/field")), (422, "to"));
    app.settle()?;
    let tree = get(&app, "city", "/tasks/tree?matter=M12&period=2026").await?;
    let total = given(&done, "village").map_or(0, |row| row.0.unwrap_or(0))
        + given(&done, "township").map_or(0, |row| row.0.unwrap_or(0))
        + given(&done, "county").map_or(0, |row| row.0.unwrap_or(0));
    assert_eq!(tree.at("/unit/below/issued"), &json!(total));
    assert_eq!(tree.at("/may_hand_down"), &json!(true));

    let task = own_task(&app, "village").await?;
    assert_eq!(task.at("/actions"), &json!(["accept"]));
    let early = act(
        &app,
        "village",
        &task,
        json!({ "action": "report", "words": "已办" }),
    )
    .await?;
    assert_eq!((early.status, early.text("/code")), (409, "wrong_state"));
    let task = act(&app, "village", &task, json!({ "action": "accept" })).await?;
    let task = act(&app, "village", &task, json!({ "action": "start" })).await?;
    let bare = act(&app, "village", &task, json!({ "action": "report" })).await?;
    assert_eq!((bare.status, bare.text("/field")), (422, "words"));
    let note = post(
        &app,
        "village",
        &format!("/tasks/{}/notes", task.text("/id")),
        "",
        json!({ "words": "合同已签" }),
    )
    .await?;
    assert_eq!((note.status, note.text("/kind")), (201, "note"));
    let task = act(
        &app,
        "village",
        &task,
        json!({ "action": "report", "words": "年收入已达5万元" }),
    )
    .await?;
    assert_eq!(task.text("/state"), "reported", "{}", task.body);
    let own = act(&app, "village", &task, json!({ "action": "pass" })).await?;
    assert_eq!(own.status, 403);
    let review = get(&app, "township", "/tasks?queue=to_review").await?;
    assert_eq!(review.text("/items/0/id"), task.text("/id"));
    let back = act(
        &app,
        "township",
        &task,
        json!({ "action": "return", "words": "请补充凭证" }),
    )
    .await?;
    assert_eq!(back.text("/state"), "working");
    let task = act(
        &app,
        "village",
        &back,
        json!({ "action": "report", "words": "凭证已补充" }),
    )
    .await?;
    let task = act(&app, "township", &task, json!({ "action": "pass" })).await?;
    let task = act(&app, "township", &task, json!({ "action": "close" })).await?;
    assert_eq!(
        (task.text("/state"), task.at("/actions")),
        ("closed", &json!([]))
    );
    app.settle()?;
    let tree = get(&app, "city", "/tasks/tree?matter=M12&period=2026").await?;
    assert_eq!(tree.at("/unit/below/closed"), &json!(1));
    assert_eq!(tree.at("/unit/below/issued"), &json!(total - 1));
    let history = get(
        &app,
        "village",
        &format!("/tasks/{}/entries", task.text("/id")),
    )
    .await?;
    let kinds: Vec<&str> = history
        .at("/items")
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["kind"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "close", "pass", "report", "return", "report", "note", "start", "accept"
        ]
    );
    let progress = get(&app, "village", "/tasks/progress").await?;
    assert_eq!(progress.at("/matters/0/counts/closed"), &json!(1));
    Ok(())
}

#[actix_web::test]
async fn a_matter_stops_where_it_ends() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let to = |matter: &str, level: &str| json!({ "matter": matter, "period": "2026", "due": "2026-12-20", "to": { "type": "level", "level": level } });
    for (login, matter, level, status, field) in [
        ("city", "M10", "village", 422, "to.level"),
        ("township", "M12", "township", 422, "to.level"),
        ("village", "M12", "village", 403, ""),
        ("county", "M12", "village", 201, ""),
    ] {
        let got = post(&app, login, "/hand-downs", "", to(matter, level)).await?;
        assert_eq!(
            (got.status, got.text("/field")),
            (status, field),
            "{login} {matter} {level} {}",
            got.body
        );
    }
    let unit = own_unit(&app, &app.sign_in("village").await?).await?;
    for (body, field) in [
        (
            with(to("M12", "village"), "due", json!("2026-11-23")),
            "due",
        ),
        (
            with(
                to("M12", "village"),
                "to",
                json!({ "type": "units", "units": [] }),
            ),
            "to.units",
        ),
        (
            with(
                to("M12", "village"),
                "to",
                json!({ "type": "level", "level": "village", "tags": ["重点村"] }),
            ),
            "to",
        ),
        (
            with(
                to("M12", "village"),
                "to",
                json!({ "type": "as_before", "period": "2025" }),
            ),
            "to.period",
        ),
        (
            with(to("M12", "village"), "lead_department", json!("nobody")),
            "lead_department",
        ),
        (
            with(
                to("M12", "village"),
                "own_dues",
                json!([{ "unit": "130900000000", "due": "2026-12-30" }]),
            ),
            "own_dues[0].unit",
        ),
    ] {
        let got = post(&app, "city", "/hand-downs", "", body).await?;
        assert_eq!(
            (got.status, got.text("/field")),
            (422, field),
            "{}",
            got.body
        );
    }
    let own = with(
        with(
            to("M12", "village"),
            "to",
            json!({ "type": "units", "units": [unit] }),
        ),
        "own_dues",
        json!([{ "unit": unit, "due": "2026-12-30" }]),
    );
    let got = post(
        &app,
        "city",
        "/hand-downs",
        "",
        with(own, "period", json!("2027")),
    )
    .await?;
    assert_eq!(got.status, 201, "{}", got.body);
    let list = get(&app, "village", "/tasks?period=2027").await?;
    assert_eq!(list.text("/items/0/due"), "2026-12-30");
    Ok(())
}

#[actix_web::test]
async fn next_year_goes_as_this_year_went() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let first = post(&app, "city", "/hand-downs", "", to_villages("2026")).await?;
    assert_eq!(first.status, 201);
    let next = json!({ "matter": "M12", "period": "2027", "to": { "type": "as_before", "period": "2026" } });
    let second = post(&app, "city", "/hand-downs", "", next).await?;
    assert_eq!(
        (second.status, second.at("/tasks")),
        (201, first.at("/tasks")),
        "{}",
        second.body
    );
    let list = get(&app, "village", "/tasks?period=2027").await?;
    assert_eq!(list.text("/items/0/due"), "2027-12-20");
    Ok(())
}

#[actix_web::test]
async fn an_extension_and_another_unit_are_asked_for() -> Result<(), Fault> {
    let app = on("2026-12-15").await?;
    let first = own_unit(&app, &app.sign_in("village").await?).await?;
    let second = own_unit(&app, &app.sign_in("village2").await?).await?;
    let one = json!({ "matter": "M12", "period": "2026", "unit": first, "due": "2026-12-20" });
    let task = post(&app, "county", "/tasks", "", one.clone()).await?;
    assert_eq!(
        (task.status, task.text("/light")),
        (201, "soon"),
        "{}",
        task.body
    );
    let twice = post(&app, "county", "/tasks", "", one).await?;
    assert_eq!((twice.status, twice.text("/code")), (409, "exists"));
    let asks = format!("/tasks/{}/requests", task.text("/id"));
    let late = json!({ "kind": "extension", "until": "2027-02-20", "reason": "账目未结" });
    let refused = post(&app, "village", &asks, "", late).await?;
    assert_eq!((refused.status, refused.text("/field")), (422, "until"));
    let wish = json!({ "kind": "extension", "until": "2026-12-28", "reason": "账目未结" });
    let asked = post(&app, "village", &asks, "", wish.clone()).await?;
    assert_eq!(
        (asked.status, asked.at("/actions")),
        (201, &json!(["withdraw"])),
        "{}",
        asked.body
    );
    let twice = post(&app, "village", &asks, "", wish).await?;
    assert_eq!((twice.status, twice.text("/code")), (409, "exists"));
    let queue = get(&app, "township", "/tasks?queue=to_decide").await?;
    assert_eq!(queue.at("/items/0/may_decide"), &json!(true));
    let decide = format!("{asks}/{}/actions", asked.text("/id"));
    let own = post(
        &app,
        "village",
        &decide,
        "\"1\"",
        json!({ "action": "grant" }),
    )
    .await?;
    assert_eq!(own.status, 403);
    let granted = post(
        &app,
        "township",
        &decide,
        "\"1\"",
        json!({ "action": "grant" }),
    )
    .await?;
    assert_eq!(granted.text("/state"), "granted", "{}", granted.body);
    let again = post(
        &app,
        "township",
        &decide,
        "\"2\"",
        json!({ "action": "grant" }),
    )
    .await?;
    assert_eq!((again.status, again.text("/code")), (409, "wrong_state"));
    let path = format!("/tasks/{}", task.text("/id"));
    let now = get(&app, "village", &path).await?;
    assert_eq!(
        (now.text("/due"), now.text("/light")),
        ("2026-12-28", "normal")
    );
    let wish = json!({ "kind": "reassignment", "reason": "由邻村办理更合适" });
    let asked = post(&app, "village", &asks, "", wish).await?;
    let decide = format!("{asks}/{}/actions", asked.text("/id"));
    let bare = post(
        &app,
        "township",
        &decide,
        "\"1\"",
        json!({ "action": "grant" }),
    )
    .await?;
    assert_eq!((bare.status, bare.text("/field")), (422, "unit"));
    let grant = json!({ "action": "grant", "unit": second });
    let granted = post(&app, "township", &decide, "\"1\"", grant).await?;
    assert_eq!(granted.status, 200, "{}", granted.body);
    assert_eq!(get(&app, "village", &path).await?.status, 404);
    let moved = get(&app, "village2", &path).await?;
    assert_eq!(
        (moved.text("/state"), moved.text("/unit/code")),
        ("issued", second.as_str())
    );
    let history = get(&app, "village2", &format!("{path}/entries")).await?;
    assert_eq!(history.text("/items/0/kind"), "reassignment.granted");
    Ok(())
}

#[actix_web::test]
async fn many_are_checked_at_once_and_a_task_is_suspended() -> Result<(), Fault> {
    let app = on("2026-12-15").await?;
    post(&app, "city", "/hand-downs", "", to_villages("2026")).await?;
    let list = get(&app, "township", "/tasks?queue=to_review").await?;
    assert_eq!(list.at("/items"), &json!([]));
    let mut seen = Vec::new();
    for login in ["village", "village2"] {
        let task = own_task(&app, login).await?;
        seen.push(json!({ "id": task.at("/id"), "revision": task.at("/revision") }));
    }
    let stale = json!({ "id": seen[0]["id"], "revision": 9 });
    let pause = |tasks: Value| json!({ "action": "suspend", "words": "等待政策", "tasks": tasks });
    let tried = post(
        &app,
        "township",
        "/tasks/bulk-act",
        "",
        with(pause(json!(seen)), "dry_run", json!(true)),
    )
    .await?;
    assert_eq!(
        (tried.at("/done"), tried.at("/refused")),
        (&json!(2), &json!(0)),
        "{}",
        tried.body
    );
    let rows = json!([seen[0], seen[1], stale]);
    let done = post(&app, "township", "/tasks/bulk-act", "", pause(rows)).await?;
    assert_eq!(
        (done.at("/done"), done.at("/refused")),
        (&json!(2), &json!(1)),
        "{}",
        done.body
    );
    assert_eq!(
        done.text("/rows/2/refusal/code"),
        "not_found",
        "each is taken once"
    );
    let task = get(
        &app,
        "village",
        &format!("/tasks/{}", seen[0]["id"].as_str().unwrap_or_default()),
    )
    .await?;
    assert_eq!(
        (task.text("/state"), task.text("/light")),
        ("suspended", "normal")
    );
    let task = act(&app, "township", &task, json!({ "action": "resume" })).await?;
    assert_eq!(task.text("/state"), "issued");
    let task = act(
        &app,
        "county",
        &task,
        json!({ "action": "terminate", "words": "改由县里统一办理" }),
    )
    .await?;
    assert_eq!(task.text("/state"), "terminated");
    Ok(())
}

#[actix_web::test]
async fn targets_go_down_with_the_matter() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let equal = json!({ "metric": "M12.income_total", "by": "2026-12-31", "share": "equal", "value": 100_000_007 });
    let same =
        json!({ "metric": "M12.reach_50k", "by": "2026-12-31", "share": "same", "value": 10_000 });
    for (target, field) in [
        (
            with(equal.clone(), "metric", json!("M08.land_transferred")),
            "targets[0].metric",
        ),
        (
            with(same.clone(), "share", json!("equal")),
            "targets[0].share",
        ),
        (
            with(same.clone(), "value", json!(10_001)),
            "targets[0].value",
        ),
        (
            with(equal.clone(), "share", json!("proportional")),
            "targets[0].rule.weight_metric",
        ),
        (
            with(
                with(equal.clone(), "share", json!("each")),
                "values",
                json!([{ "unit": "130900000000", "value": 1 }]),
            ),
            "targets[0].values[0].unit",
        ),
    ] {
        let body = with(to_villages("2026"), "targets", json!([target]));
        let got = post(&app, "county", "/hand-downs", "", body).await?;
        assert_eq!(
            (got.status, got.text("/field")),
            (422, field),
            "{}",
            got.body
        );
    }
    let body = with(to_villages("2026"), "targets", json!([equal, same]));
    let done = post(&app, "county", "/hand-downs", "", body).await?;
    assert_eq!(done.status, 201, "{}", done.body);
    assert_eq!(done.at("/targets/0/together"), &json!(100_000_007));
    assert_eq!(done.at("/targets/1/together"), &json!(10_000));
    let task = own_task(&app, "village").await?;
    let unit = task.text("/unit/code").to_owned();
    let own = get(&app, "village", &format!("/targets?unit={unit}")).await?;
    let set = own.at("/targets").as_array().cloned().ok_or("no targets")?;
    assert_eq!(set.len(), 2, "{}", own.body);
    assert!(
        set.iter()
            .all(|target| target["task"] == json!(task.text("/id"))),
        "{}",
        own.body
    );
    let table = get(&app, "county", "/metrics/M12.income_total/targets").await?;
    let sums = table.at("/sums").as_array().cloned().unwrap_or_default();
    let day = sums
        .iter()
        .find(|sum| sum["by"] == json!("2026-12-31"))
        .ok_or("no such day")?;
    assert_eq!(
        day["together"],
        json!(100_000_007),
        "the townships have what their villages have: {}",
        table.body
    );
    Ok(())
}
