//! Records of units that ended by a merger: they go to the unit that stands instead, and the figures of the time before stay.

use crate::steps::{codes_below, get, on, own_unit, post};
use serde_json::{Value, json};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

const REASON: &str = "沧民政〔2026〕3号";
const PAST: [&str; 2] = ["2024", "2025"];

async fn made(
    app: &TestApp,
    login: &str,
    ledger: &str,
    unit: Option<&str>,
    values: Value,
) -> Result<String, Fault> {
    let path = format!("/ledgers/{ledger}/records");
    let body = json!({ "values": values, "unit": unit });
    let answer = post(app, login, &path, "", body).await?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    Ok(answer.text("/record/id").to_owned())
}

/// A person with a post since 2024 who was trained in 2025; the number of the post's record.
async fn holder(
    app: &TestApp,
    login: &str,
    unit: Option<&str>,
    (name, post): (&str, &str),
) -> Result<String, Fault> {
    let person = made(app, login, "person", unit, json!({ "name": name })).await?;
    let course = json!({ "name": "示范培训", "organiser": "village", "begins": "2025-05-01", "ends": "2025-05-03", "attendees": [person] });
    made(app, login, "training", unit, course).await?;
    let values = json!({ "person": person, "post": post, "since": "2024-01-01" });
    made(app, login, "post_holder", unit, values).await
}

/// The coverage of a unit in a year.
async fn coverage(app: &TestApp, unit: &str, year: &str) -> Result<(i64, i64), Fault> {
    app.settle()?;
    let path = format!("/metrics/M02.trained/figures?period={year}&unit={unit}");
    let found = get(app, "city", &path).await?;
    assert_eq!(found.status, 200, "{unit} {year}: {}", found.body);
    let number = |name: &str| found.at(&format!("/total/{name}")).as_i64().unwrap_or(-1);
    Ok((number("numerator"), number("denominator")))
}

/// What stands in the years before the merger, in every one of the units.
async fn past(app: &TestApp, units: &[&str]) -> Result<Vec<(i64, i64)>, Fault> {
    let mut found = Vec::new();
    for unit in units {
        for year in PAST {
            found.push(coverage(app, unit, year).await?);
        }
    }
    Ok(found)
}

async fn merged(app: &TestApp, body: Value) -> Result<(), Fault> {
    let token = app.sign_in("admin").await?;
    let ask = Ask::by(&token).json(&body);
    let done = app.call("POST", "/unit-changes?dry_run=false", ask).await?;
    assert_eq!(done.status, 201, "{}", done.body);
    Ok(())
}

async fn listed(app: &TestApp, login: &str, ledger: &str, unit: &str) -> Result<usize, Fault> {
    let path = format!("/ledgers/{ledger}/records?unit={unit}");
    let list = get(app, login, &path).await?;
    assert_eq!(list.status, 200, "{}", list.body);
    Ok(list.at("/items").as_array().map_or(0, Vec::len))
}

/// The township's villages, with the township and the city.
async fn places(app: &TestApp) -> Result<(Vec<String>, String, String), Fault> {
    let township = app.sign_in("township").await?;
    let city = app.sign_in("city").await?;
    let home = own_unit(app, &township).await?;
    let villages = codes_below(app, &township, &home).await?;
    Ok((villages, home, own_unit(app, &city).await?))
}

async fn versions(app: &TestApp, id: &str) -> Result<Answer, Fault> {
    let path = format!("/ledgers/post_holder/records/{id}/versions");
    get(app, "township", &path).await
}

#[actix_web::test]
async fn records_go_to_the_village_that_stands() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let (villages, home, city) = places(&app).await?;
    let (heir, gone) = (&villages[0], &villages[1]);
    holder(&app, "village", None, ("张三", "secretary")).await?;
    let moved = holder(&app, "village2", None, ("李四", "director")).await?;
    let all = [heir.as_str(), gone, &home, &city];
    let before = past(&app, &all).await?;
    assert_eq!(before.get(1), Some(&(1, 1)));
    assert_eq!(before.get(5), Some(&(2, 2)));
    let body = json!({ "kind": "merge", "from": "2026-03-01", "units": [heir, gone], "code": heir, "reason": REASON });
    merged(&app, body).await?;
    assert_eq!(past(&app, &all).await?, before);
    assert_eq!(coverage(&app, heir, "2026").await?, (0, 2));
    assert_eq!(coverage(&app, &home, "2026").await?, (0, 2));
    for ledger in ["person", "post_holder", "training"] {
        assert_eq!(listed(&app, "village", ledger, heir).await?, 2, "{ledger}");
    }
    let told = versions(&app, &moved).await?;
    assert_eq!(told.text("/items/0/action"), "unit_merged");
    assert_eq!(told.text("/items/0/reason"), REASON);
    assert_eq!(app.app.settle_mergers()?, 0, "a repeat moves nothing");
    assert_eq!(versions(&app, &moved).await?.body, told.body);
    // The records behind a figure are those that the village held then.
    for (unit, year, number) in [(gone, "2025", 1), (heir, "2025", 1), (heir, "2026", 0)] {
        let path = format!("/metrics/M02.trained/records?period={year}&unit={unit}");
        let found = get(&app, "township", &path).await?;
        assert_eq!(found.at("/number"), number, "{}", found.body);
        let rows = found.at("/items").as_array().map_or(0, Vec::len);
        assert_eq!(rows, if year == "2025" { 1 } else { 2 }, "{unit} {year}");
    }
    // The heir's account corrects what it took over: the year before is the ended village's still.
    let path = format!("/ledgers/post_holder/records/{moved}");
    let now = get(&app, "village", &path).await?;
    assert_eq!(now.text("/unit/code"), heir);
    let mut values = now.at("/values").clone();
    values["until"] = json!("2025-06-30");
    let token = app.sign_in("village").await?;
    let ask = Ask::by(&token).header("If-Match", now.etag());
    let done = app.call("PUT", &path, ask.json(&json!({ "values": values })));
    let done = done.await?;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(coverage(&app, &home, "2025").await?, (1, 1));
    assert_eq!(coverage(&app, &home, "2024").await?, (0, 2));
    assert_eq!(coverage(&app, heir, "2026").await?, (0, 1));
    Ok(())
}

#[actix_web::test]
async fn records_go_to_a_new_village_and_on_to_another() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let (villages, home, city) = places(&app).await?;
    let (one, two, last) = (&villages[2], &villages[3], &villages[4]);
    for (unit, name) in [(one, "张三"), (two, "李四"), (last, "王五")] {
        holder(&app, "township", Some(unit), (name, "secretary")).await?;
    }
    let mark = json!({ "tag": "重点村", "units": [one], "authority": "县委组织部", "document_no": "组〔2025〕1号",
        "valid_from": "2025-01-01", "dry_run": false });
    let done = post(&app, "admin", "/unit-tags", "", mark).await?;
    assert_eq!(done.at("/done"), 1, "{}", done.body);
    let all = [one.as_str(), two, last, &home, &city];
    let before = past(&app, &all).await?;
    let new = format!("{}397", &home[..9]);
    merged(
        &app,
        json!({ "kind": "merge", "from": "2026-02-01", "units": [one, two], "code": new, "name": "新村", "reason": REASON }),
    )
    .await?;
    assert_eq!(past(&app, &all).await?, before);
    assert_eq!(coverage(&app, &new, "2026").await?, (0, 2));
    assert_eq!(
        listed(&app, "township", "post_holder", &new).await?,
        2,
        "both hold the post of the secretary until one of them is ended"
    );
    merged(
        &app,
        json!({ "kind": "merge", "from": "2026-06-01", "units": [new, last], "code": last, "reason": REASON }),
    )
    .await?;
    assert_eq!(past(&app, &all).await?, before);
    assert_eq!(coverage(&app, last, "2026").await?, (0, 3));
    assert_eq!(listed(&app, "township", "person", last).await?, 3);
    let tags = get(&app, "city", "/unit-tags?tag=重点村").await?;
    assert_eq!(
        tags.text("/items/0/unit/code"),
        one,
        "tags stay: {}",
        tags.body
    );
    Ok(())
}

#[actix_web::test]
async fn a_planned_merger_moves_nothing_before_its_day() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let (villages, ..) = places(&app).await?;
    let (heir, gone) = (&villages[2], &villages[3]);
    holder(&app, "township", Some(gone), ("张三", "secretary")).await?;
    merged(
        &app,
        json!({ "kind": "merge", "from": "2027-01-01", "units": [heir, gone], "code": heir, "reason": REASON }),
    )
    .await?;
    assert_eq!(app.app.settle_mergers()?, 0);
    assert_eq!(listed(&app, "township", "person", gone).await?, 1);
    let day = chrono::NaiveDate::from_ymd_opt(2027, 1, 1);
    let later = app.beside(|settings| settings.today = day).await?;
    assert_eq!(listed(&later, "township", "person", heir).await?, 1);
    Ok(())
}
