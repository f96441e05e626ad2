//! Ledgers: a person, a post and a course move the coverage up to the city; personal data stays masked and sealed.

use crate::steps::{get, on, own_unit, post};
use serde_json::{Value, json};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

const NUMBER: &str = "11010519491231002X";

/// Enters a record as an account that signs in for it.
async fn make(app: &TestApp, login: &str, ledger: &str, values: Value) -> Result<Answer, Fault> {
    let path = format!("/ledgers/{ledger}/records");
    post(app, login, &path, "", json!({ "values": values })).await
}

/// The number of a record that must have been made.
async fn made(app: &TestApp, login: &str, ledger: &str, values: Value) -> Result<String, Fault> {
    let answer = make(app, login, ledger, values).await?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    Ok(answer.text("/record/id").to_owned())
}

async fn put(
    app: &TestApp,
    login: &str,
    path: &str,
    tag: &str,
    body: Value,
) -> Result<Answer, Fault> {
    let token = app.sign_in(login).await?;
    let ask = Ask::by(&token).header("If-Match", tag).json(&body);
    app.call("PUT", path, ask).await
}

/// Numerator and denominator of the city's coverage for a year.
async fn coverage(app: &TestApp, year: &str) -> Result<(i64, i64), Fault> {
    app.settle()?;
    let path = format!("/metrics/M02.trained/figures?period={year}");
    let figures = get(app, "city", &path).await?;
    assert_eq!(figures.status, 200, "{}", figures.body);
    let number = |name: &str| {
        let found = figures.at(&format!("/total/{name}"));
        found.as_i64().unwrap_or_default()
    };
    Ok((number("numerator"), number("denominator")))
}

#[actix_web::test]
async fn a_course_moves_the_coverage_up_to_the_city() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let person = made(&app, "village", "person", json!({ "name": "张三" })).await?;
    let other = made(&app, "village", "person", json!({ "name": "李四" })).await?;
    let holder = |person: &str, post: &str, since: &str| json!({ "person": person, "post": post, "since": since });
    made(
        &app,
        "village",
        "post_holder",
        holder(&person, "secretary", "2024-01-01"),
    )
    .await?;
    made(
        &app,
        "village",
        "post_holder",
        holder(&other, "villagers_committee", "2026-02-01"),
    )
    .await?;
    assert_eq!(coverage(&app, "2026").await?, (0, 2));
    assert_eq!(coverage(&app, "2025").await?, (0, 1));
    let course = |people: &[&str]| json!({ "name": "示范培训第一期", "organiser": "city", "begins": "2026-05-01", "ends": "2026-05-03", "attendees": people });
    let id = made(&app, "city", "training", course(&[&person, &other])).await?;
    assert_eq!(coverage(&app, "2026").await?, (2, 2));
    assert_eq!(
        coverage(&app, "2025").await?,
        (0, 1),
        "another year is not touched"
    );
    let path = format!("/ledgers/training/records/{id}");
    let changed = put(
        &app,
        "city",
        &path,
        "\"1\"",
        json!({ "values": course(&[&person]) }),
    )
    .await?;
    assert_eq!(
        (changed.status, changed.etag()),
        (200, "\"2\""),
        "{}",
        changed.body
    );
    assert_eq!(changed.text(&format!("/record/names/{person}")), "张三");
    assert_eq!(coverage(&app, "2026").await?, (1, 2));
    let why = json!({ "reason": "重复登记" });
    let gone = post(
        &app,
        "city",
        &format!("{path}/delete"),
        "\"2\"",
        why.clone(),
    )
    .await?;
    assert_eq!(
        (gone.status, gone.at("/deleted")),
        (200, &json!(true)),
        "{}",
        gone.body
    );
    assert_eq!(coverage(&app, "2026").await?, (0, 2));
    let back = post(
        &app,
        "city",
        &format!("{path}/restore"),
        "\"3\"",
        why.clone(),
    )
    .await?;
    assert_eq!(
        (back.status, back.at("/deleted")),
        (200, &json!(false)),
        "{}",
        back.body
    );
    assert_eq!(coverage(&app, "2026").await?, (1, 2));
    let again = post(
        &app,
        "city",
        &format!("{path}/restore"),
        "\"4\"",
        why.clone(),
    )
    .await?;
    assert_eq!(
        (again.status, again.text("/code")),
        (409, "wrong_state"),
        "{}",
        again.body
    );
    let versions = get(&app, "city", &format!("{path}/versions?limit=3")).await?;
    let actions: Vec<&str> = (0..3)
        .map(|at| versions.text(&format!("/items/{at}/action")))
        .collect();
    assert_eq!(actions, ["restore", "delete", "edit"], "{}", versions.body);
    assert_eq!(versions.text("/items/2/changes/0/before"), "张三、李四");
    assert_eq!(versions.text("/items/2/changes/0/after"), "张三");
    assert!(versions.at("/next_cursor").is_string());
    Ok(())
}

#[actix_web::test]
async fn identity_numbers_are_found_and_shown_in_part_only() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let whole =
        json!({ "name": "张三", "id_number": "110105 19491231 002x", "phone": "13812345678" });
    let id = made(&app, "village", "person", whole.clone()).await?;
    let path = format!("/ledgers/person/records/{id}");
    let seen = get(&app, "village", &path).await?;
    assert_eq!(seen.text("/values/id_number"), "1101**********002X");
    assert_eq!(seen.text("/values/phone"), "138****5678");
    assert_eq!(seen.text("/title"), "张三");
    let again = make(&app, "village", "person", whole.clone()).await?;
    assert_eq!(
        (again.status, again.text("/code")),
        (409, "exists"),
        "{}",
        again.body
    );
    let found = get(
        &app,
        "village",
        &format!("/ledgers/person/records?filter=id_number:{NUMBER}"),
    )
    .await?;
    assert_eq!(found.text("/items/0/id"), id, "{}", found.body);
    // What was shown masked and comes back so stays; another name does not touch it.
    let mut back = seen.at("/values").clone();
    back["name"] = json!("张三丰");
    let kept = put(&app, "village", &path, "\"1\"", json!({ "values": back })).await?;
    assert_eq!(kept.status, 200, "{}", kept.body);
    let versions = get(&app, "village", &format!("{path}/versions")).await?;
    assert_eq!(
        versions.at("/items/0/changes").as_array().map(Vec::len),
        Some(1)
    );
    // A member is called as the person is, also after another name.
    let member = json!({ "person": id, "standing": "full", "joined_on": "2001-07-01", "since": "2001-07-01", "away": false, "able_to_work": true, "able_to_link": true });
    let member = make(&app, "village", "party_member", member).await?;
    assert_eq!(member.text("/record/title"), "张三丰", "{}", member.body);
    let mut back = kept.at("/record/values").clone();
    if let Some(values) = back.as_object_mut() {
        values.insert("name".to_owned(), json!("张君宝"));
    }
    let renamed = put(&app, "village", &path, "\"2\"", json!({ "values": back })).await?;
    assert_eq!(renamed.status, 200, "{}", renamed.body);
    let members = get(
        &app,
        "village",
        "/ledgers/party_member/records?q=zhangjunbao",
    )
    .await?;
    assert_eq!(members.text("/items/0/title"), "张君宝", "{}", members.body);
    let why = json!({ "field": "id_number", "reason": "核对身份" });
    let shown = post(&app, "village", &format!("{path}/reveal"), "", why.clone()).await?;
    assert_eq!(
        (shown.status, shown.text("/value")),
        (200, NUMBER),
        "{}",
        shown.body
    );
    let refused = post(&app, "city", &format!("{path}/reveal"), "", why).await?;
    assert_eq!(
        refused.status, 403,
        "the city keeps no people: {}",
        refused.body
    );
    app.settle()?;
    let trail = get(&app, "auditor", "/audit?kind=read").await?;
    assert!(
        trail.text("/items/0/subject").contains("核对身份"),
        "{}",
        trail.body
    );
    assert!(!trail.body.to_string().contains(NUMBER));
    Ok(())
}

#[actix_web::test]
async fn what_the_rules_refuse_is_told_field_by_field() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let person = made(&app, "village", "person", json!({ "name": "张三" })).await?;
    let post_of = |post: &str| json!({ "person": person, "post": post, "since": "2024-01-01" });
    made(&app, "village", "post_holder", post_of("secretary")).await?;
    let second = make(&app, "village", "post_holder", post_of("secretary")).await?;
    assert_eq!(
        (second.status, second.text("/code")),
        (422, "rules_broken"),
        "{}",
        second.body
    );
    let rules = second
        .at("/findings")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let rules: Vec<&str> = rules
        .iter()
        .filter_map(|one| one["rule"].as_str())
        .collect();
    assert_eq!(rules, ["one_secretary", "post_once"]);
    let body = json!({ "values": { "person": "x", "post": "chief", "since": 3, "points": 1 }, "dry_run": true });
    let wrong = post(&app, "village", "/ledgers/post_holder/records", "", body).await?;
    let found = wrong
        .at("/findings")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut found: Vec<String> = found
        .iter()
        .map(|one| {
            format!(
                "{} {}",
                one["field"].as_str().unwrap_or(""),
                one["rule"].as_str().unwrap_or("")
            )
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "person reference",
            "points unknown_field",
            "post choice",
            "since type"
        ],
        "{}",
        wrong.body
    );
    let twice = json!({ "values": post_of("villagers_committee"), "dry_run": true });
    let trial = post(
        &app,
        "village",
        "/ledgers/post_holder/records",
        "",
        twice.clone(),
    )
    .await?;
    assert_eq!(
        (trial.status, trial.at("/dry_run")),
        (200, &json!(true)),
        "{}",
        trial.body
    );
    let list = get(&app, "village", "/ledgers/post_holder/records?total=true").await?;
    assert_eq!(list.at("/total"), 1, "a trial keeps nothing");
    let named = post(
        &app,
        "village",
        &format!("/ledgers/person/records/{person}/delete"),
        "\"1\"",
        json!({ "reason": "误录" }),
    )
    .await?;
    assert_eq!(
        (named.status, named.text("/code")),
        (409, "wrong_state"),
        "{}",
        named.body
    );
    Ok(())
}

#[actix_web::test]
async fn records_are_seen_within_the_scope_alone() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let person = made(
        &app,
        "village",
        "person",
        json!({ "name": "张三", "sex": "male" }),
    )
    .await?;
    made(
        &app,
        "village",
        "person",
        json!({ "name": "李四", "sex": "female" }),
    )
    .await?;
    let path = format!("/ledgers/person/records/{person}");
    for (login, status) in [
        ("township", 200),
        ("city", 200),
        ("village2", 404),
        ("auditor", 404),
    ] {
        let seen = get(&app, login, &path).await?;
        assert_eq!(seen.status, status, "{login}: {}", seen.body);
    }
    let names = |list: &Answer| -> Vec<String> {
        let items = list.at("/items").as_array().cloned().unwrap_or_default();
        items
            .iter()
            .filter_map(|one| one["title"].as_str().map(str::to_owned))
            .collect()
    };
    let list = get(
        &app,
        "township",
        "/ledgers/person/records?sort=title&limit=1",
    )
    .await?;
    assert_eq!(names(&list), ["李四"]);
    let cursor = list.text("/next_cursor").to_owned();
    let rest = get(
        &app,
        "township",
        &format!("/ledgers/person/records?sort=title&limit=1&cursor={cursor}"),
    )
    .await?;
    assert_eq!(names(&rest), ["张三"]);
    for (query, found) in [
        ("q=zhang", vec!["张三"]),
        ("q=李", vec!["李四"]),
        ("filter=sex:male", vec!["张三"]),
        ("filter=birth:2000-01-01..", vec![]),
    ] {
        let list = get(
            &app,
            "township",
            &format!("/ledgers/person/records?{query}"),
        )
        .await?;
        assert_eq!(names(&list), found, "{query}: {}", list.body);
    }
    for query in [
        "filter=name:x",
        "filter=sex",
        "filter=sex:x",
        "sort=x",
        "limit=0",
        "cursor=x",
    ] {
        let refused = get(
            &app,
            "township",
            &format!("/ledgers/person/records?{query}"),
        )
        .await?;
        assert_eq!(refused.status, 400, "{query}: {}", refused.body);
    }
    let none = get(&app, "village2", "/ledgers/person/records").await?;
    assert_eq!(names(&none), Vec::<String>::new());
    // A person whom one may not see cannot be named.
    let theirs = make(
        &app,
        "village2",
        "post_holder",
        json!({ "person": person, "post": "director", "since": "2024-01-01" }),
    )
    .await?;
    assert_eq!(
        theirs.text("/findings/0/rule"),
        "reference",
        "{}",
        theirs.body
    );
    app.settle()?;
    let list = get(&app, "village", "/ledgers").await?;
    let items = list.at("/items").as_array().cloned().unwrap_or_default();
    let of = |code: &str| {
        items
            .iter()
            .find(|one| one["code"] == json!(code))
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(
        (&of("person")["records"], &of("person")["in_use"]),
        (&json!(2), &json!(true))
    );
    assert_eq!(of("leadership_seat")["readable"], json!(false));
    let unit = own_unit(&app, &app.sign_in("village2").await?).await?;
    let body = json!({ "unit": unit, "values": { "name": "王五" } });
    let elsewhere = post(&app, "village", "/ledgers/person/records", "", body).await?;
    assert_eq!(elsewhere.status, 404, "{}", elsewhere.body);
    Ok(())
}

#[actix_web::test]
async fn a_case_moves_by_its_states_alone() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let unit = own_unit(&app, &app.sign_in("village").await?).await?;
    let body =
        json!({ "unit": unit, "values": { "summary": "班子不团结", "found_on": "2026-03-01" } });
    let found = post(&app, "township", "/ledgers/weak_branch/records", "", body).await?;
    assert_eq!(found.text("/record/state"), "found", "{}", found.body);
    let path = format!(
        "/ledgers/weak_branch/records/{}/moves",
        found.text("/record/id")
    );
    let early = json!({ "action": "approve_plan" });
    let early = post(&app, "county", &path, "\"1\"", early).await?;
    assert_eq!(
        (early.status, early.text("/code")),
        (409, "wrong_state"),
        "{}",
        early.body
    );
    let silent = json!({ "action": "return_finding" });
    let silent = post(&app, "county", &path, "\"1\"", silent).await?;
    assert_eq!(
        (silent.status, silent.text("/field")),
        (422, "reason"),
        "{}",
        silent.body
    );
    let lacking = post(
        &app,
        "county",
        &path,
        "\"1\"",
        json!({ "action": "confirm" }),
    )
    .await?;
    assert_eq!(
        (lacking.status, lacking.text("/findings/0/rule")),
        (422, "required"),
        "{}",
        lacking.body
    );
    let below = json!({ "action": "confirm", "values": { "confirmed_on": "2026-04-01", "deadline": "2026-10-31" } });
    let refused = post(&app, "township", &path, "\"1\"", below.clone()).await?;
    assert_eq!(refused.status, 403, "{}", refused.body);
    let confirmed = post(&app, "county", &path, "\"1\"", below).await?;
    assert_eq!(
        (confirmed.status, confirmed.text("/record/state")),
        (200, "confirmed"),
        "{}",
        confirmed.body
    );
    Ok(())
}

#[actix_web::test]
async fn who_is_merged_is_called_as_the_one_that_stays() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let goes = made(&app, "village", "person", json!({ "name": "张三" })).await?;
    let stays = made(&app, "village", "person", json!({ "name": "张三丰" })).await?;
    let member = json!({ "person": goes, "standing": "full", "joined_on": "2001-07-01", "since": "2001-07-01",
        "away": false, "able_to_work": true, "able_to_link": true });
    made(&app, "village", "party_member", member).await?;
    let merge = json!({ "into": stays, "revision": 1, "reason": "同一人" });
    let path = format!("/ledgers/person/records/{goes}/merge");
    let merged = post(&app, "village", &path, "\"1\"", merge).await?;
    assert_eq!(merged.status, 200, "{}", merged.body);
    let members = get(&app, "village", "/ledgers/party_member/records").await?;
    assert_eq!(members.text("/items/0/title"), "张三丰", "{}", members.body);
    Ok(())
}
