//! Those in office replaced all at once: who leaves, who comes, who stays; all or nothing, from names or from a sheet.

use crate::steps::{codes_below, get, on, own_unit, post};
use serde_json::{Value, json};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

const HOLDERS: &str = "/ledgers/post_holder/records";
const REPLACE: &str = "/ledgers/post_holder/replacements";

/// A person of a village in a post since 2024.
async fn holder(app: &TestApp, unit: &str, name: &str, post_: &str) -> Result<String, Fault> {
    let body = json!({ "unit": unit, "values": { "name": name } });
    let person = post(app, "township", "/ledgers/person/records", "", body).await?;
    let id = person.text("/record/id").to_owned();
    let values = json!({ "person": id, "post": post_, "since": "2024-01-01" });
    let body = json!({ "unit": unit, "values": values });
    let made = post(app, "township", HOLDERS, "", body).await?;
    assert_eq!(made.status, 201, "{}", made.body);
    Ok(id)
}

/// The first villages of the township.
async fn villages(app: &TestApp) -> Result<[String; 2], Fault> {
    let mut units = Vec::new();
    for login in ["village", "village2"] {
        let token = app.sign_in(login).await?;
        units.push(own_unit(app, &token).await?);
    }
    Ok(<[String; 2]>::try_from(units).map_err(|_| "two villages")?)
}

async fn replace(app: &TestApp, login: &str, body: Value) -> Result<Answer, Fault> {
    let token = app.sign_in(login).await?;
    app.call("POST", REPLACE, Ask::by(&token).json(&body)).await
}

async fn sheet(app: &TestApp, login: &str, query: &str, rows: &str) -> Result<Answer, Fault> {
    let token = app.sign_in(login).await?;
    let path = format!("/ledgers/post_holder/imports?{query}");
    app.call("POST", &path, Ask::by(&token).bytes(rows)).await
}

/// Who leaves, comes and stays.
fn counts(answer: &Answer) -> [i64; 3] {
    let names = ["leaving", "coming", "staying"];
    names.map(|name| {
        answer
            .at(&format!("/replaced/{name}"))
            .as_i64()
            .unwrap_or(-1)
    })
}

/// The posts of a village: who, which, since, until, term and reason, in order.
async fn posts(app: &TestApp, unit: &str) -> Result<Vec<String>, Fault> {
    let path = format!("{HOLDERS}?unit={unit}&limit=200");
    let list = get(app, "township", &path).await?;
    let rows = list.at("/items").as_array().cloned().unwrap_or_default();
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let at = |place: String| row.pointer(&place).and_then(Value::as_str).unwrap_or("-");
            let text = |name: &str| at(format!("/values/{name}")).to_owned();
            let who = at(format!("/names/{}", text("person")));
            let rest = ["post", "since", "until", "term_no", "leaving_reason"].map(text);
            format!("{who} {}", rest.join(" "))
        })
        .collect();
    lines.sort();
    Ok(lines)
}

/// How many people of posts there are in the city by the end of a year.
async fn covered(app: &TestApp, year: &str) -> Result<i64, Fault> {
    app.settle()?;
    let path = format!("/metrics/M02.trained/figures?period={year}");
    let figures = get(app, "city", &path).await?;
    Ok(figures
        .at("/total/denominator")
        .as_i64()
        .unwrap_or_default())
}

#[actix_web::test]
async fn a_village_gets_its_next_term_in_one_act() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let [unit, second] = villages(&app).await?;
    let first = holder(&app, &unit, "张三", "secretary").await?;
    holder(&app, &unit, "李四", "villagers_committee").await?;
    holder(&app, &second, "钱七", "secretary").await?;
    let before = posts(&app, &unit).await?;
    assert_eq!(covered(&app, "2026").await?, 3);
    let body = |dry_run: bool| {
        json!({
            "day": "2026-06-01",
            "common": { "term_no": "十二", "way": "elected" },
            "dry_run": dry_run,
            "units": [{ "unit": unit, "records": [
                { "values": { "post": "secretary", "person": first } },
                { "values": { "post": "director" }, "people": { "person": { "name": "赵六", "birth": "1980-01-01" } } },
                { "values": { "post": "deputy_director", "term_no": "十二（补）" }, "people": { "person": { "name": "孙八" } } },
            ] }],
        })
    };
    let trial = replace(&app, "township", body(true)).await?;
    assert_eq!(
        (trial.status, counts(&trial)),
        (200, [1, 2, 1]),
        "{}",
        trial.body
    );
    assert_eq!(trial.at("/people"), 2);
    let whats: Vec<String> = (0..4)
        .map(|at| {
            let of = |name: &str| {
                trial
                    .text(&format!("/replaced/units/0/holders/{at}/{name}"))
                    .to_owned()
            };
            format!("{} {} {}", of("what"), of("name"), of("title"))
        })
        .collect();
    assert_eq!(
        whats,
        [
            "leaves 李四 村民委员会委员",
            "stays 张三 村党组织书记",
            "comes 赵六 村民委员会主任",
            "comes 孙八 村民委员会副主任"
        ]
    );
    assert_eq!(posts(&app, &unit).await?, before, "a trial changes nothing");
    assert_eq!(covered(&app, "2026").await?, 3);

    let token = app.sign_in("township").await?;
    let keyed = || {
        Ask::by(&token)
            .header("Idempotency-Key", "term-12")
            .json(&body(false))
    };
    let done = app.call("POST", REPLACE, keyed()).await?;
    assert_eq!(
        (done.status, counts(&done)),
        (200, [1, 2, 1]),
        "{}",
        done.body
    );
    let again = app.call("POST", REPLACE, keyed()).await?;
    assert_eq!(again.body, done.body, "one key, one effect");
    let after = [
        "孙八 deputy_director 2026-06-01 - 十二（补） -",
        "张三 secretary 2024-01-01 2026-06-01 - 换届",
        "张三 secretary 2026-06-01 - 十二 -",
        "李四 villagers_committee 2024-01-01 2026-06-01 - 换届",
        "赵六 director 2026-06-01 - 十二 -",
    ];
    assert_eq!(posts(&app, &unit).await?, after);
    assert_eq!(
        posts(&app, &second).await?.len(),
        1,
        "another village stays"
    );
    assert_eq!(covered(&app, "2026").await?, 4);
    assert_eq!(covered(&app, "2025").await?, 3, "the past stays");

    // Without a key as well: what stands from that day is known.
    let known = replace(&app, "township", body(false)).await?;
    assert_eq!(counts(&known), [0, 3, 0], "{}", known.body);
    assert_eq!(
        (known.at("/made"), known.at("/unchanged")),
        (&json!(0), &json!(3))
    );
    assert_eq!(posts(&app, &unit).await?, after);
    told(&app, &unit).await
}

/// Versions and events tell of it as of what is entered one by one.
async fn told(app: &TestApp, unit: &str) -> Result<(), Fault> {
    let ended = get(
        app,
        "township",
        &format!("{HOLDERS}?unit={unit}&filter.post=villagers_committee"),
    )
    .await?;
    let path = format!("{HOLDERS}/{}/versions", ended.text("/items/0/id"));
    let versions = get(app, "township", &path).await?;
    assert_eq!(versions.text("/items/0/action"), "edit");
    assert_eq!(versions.text("/items/0/reason"), "换届");
    let fields: Vec<&str> = versions
        .at("/items/0/changes")
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|change| change["field"].as_str())
        .collect();
    assert_eq!(fields, ["leaving_reason", "until"]);
    let events = get(app, "admin", "/events?limit=200").await?;
    let kinds = events.at("/items").as_array().into_iter().flatten();
    let mut kinds = kinds.filter(|event| event["kind"] == "records.replaced");
    let event = kinds.next().ok_or("an event")?;
    assert_eq!(event["subject"], "post_holder 2026-06-01 1 2 1");
    Ok(())
}

#[actix_web::test]
async fn what_is_wrong_with_one_keeps_all_as_it_was() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let [unit, _] = villages(&app).await?;
    holder(&app, &unit, "张三", "secretary").await?;
    let before = posts(&app, &unit).await?;
    let next = |name: &str, post: &str| json!({ "values": { "post": post }, "people": { "person": { "name": name } } });
    let body = |day: &str, records: &[Value], dry_run: bool| json!({ "day": day, "dry_run": dry_run, "units": [{ "unit": unit, "records": records }] });
    // One secretary follows another; two at once do not, also from a day that has not come.
    for day in ["2026-06-01", "2027-01-01"] {
        let two = [next("赵六", "secretary"), next("孙八", "secretary")];
        let trial = replace(&app, "township", body(day, &two, true)).await?;
        assert_eq!(trial.at("/faulty"), 1, "{}", trial.body);
        assert_eq!(trial.at("/errors/0/row"), 2);
        assert_eq!(trial.text("/errors/0/code"), "one_secretary");
        assert_eq!(trial.text("/errors/0/field"), "post");
        let refused = replace(&app, "township", body(day, &two, false)).await?;
        assert_eq!(
            (refused.status, refused.text("/code")),
            (422, "faulty_lines")
        );
        assert_eq!(refused.at("/lines/0/line"), 2);
        assert_eq!(refused.text("/lines/0/column"), "post");
    }
    for (records, code, field) in [
        (
            vec![
                json!({ "values": { "post": "king" }, "people": { "person": { "name": "赵六" } } }),
            ],
            "choice",
            "post",
        ),
        (
            vec![json!({ "values": { "post": "director" } })],
            "required",
            "person",
        ),
        (
            vec![
                json!({ "values": { "post": "director" }, "people": { "post": { "name": "赵六" } } }),
            ],
            "person_twice",
            "post",
        ),
        (
            vec![
                json!({ "values": { "post": "director", "colour": "red" }, "people": { "person": { "name": "赵六" } } }),
            ],
            "unknown_field",
            "",
        ),
        (
            vec![
                json!({ "values": { "post": "director" }, "people": { "person": { "name": "赵六", "birth": "once" } } }),
            ],
            "type",
            "person.birth",
        ),
        (
            vec![next("赵六", "director"), next("赵六", "director")],
            "doubled",
            "",
        ),
    ] {
        let trial = replace(&app, "township", body("2026-06-01", &records, true)).await?;
        assert_eq!(trial.text("/errors/0/code"), code, "{}", trial.body);
        if !field.is_empty() {
            assert_eq!(trial.text("/errors/0/field"), field, "{}", trial.body);
        }
        let refused = replace(&app, "township", body("2026-06-01", &records, false)).await?;
        assert_eq!(refused.status, 422, "{}", refused.body);
    }
    for (change, field) in [
        (json!({ "reason": "长".repeat(1_001) }), "reason"),
        (json!({ "common": { "post": "director" } }), "common"),
        (
            json!({ "common": { "term_no": "长".repeat(21) } }),
            "term_no",
        ),
        (json!({ "units": [] }), "units"),
        (
            json!({ "units": [{ "unit": unit, "records": [] }] }),
            "units",
        ),
        (json!({ "day": "0026-06-01" }), "day"),
    ] {
        let mut wrong = body("2026-06-01", &[next("赵六", "director")], false);
        let members = wrong.as_object_mut().ok_or("an object")?;
        members.extend(change.as_object().cloned().unwrap_or_default());
        let refused = replace(&app, "township", wrong).await?;
        assert_eq!(
            (refused.status, refused.text("/field")),
            (422, field),
            "{}",
            refused.body
        );
    }
    let many: Vec<Value> = (0..501)
        .map(|at| json!({ "unit": format!("{at:012}"), "records": [next("赵六", "director")] }))
        .collect();
    let refused = replace(
        &app,
        "township",
        json!({ "day": "2026-06-01", "units": many }),
    )
    .await?;
    assert_eq!(
        (refused.status, refused.text("/field")),
        (422, "units"),
        "{}",
        refused.body
    );
    assert_eq!(posts(&app, &unit).await?, before);
    Ok(())
}

#[actix_web::test]
async fn a_township_takes_its_villages_from_one_sheet() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let token = app.sign_in("township").await?;
    let township = own_unit(&app, &token).await?;
    let units = codes_below(&app, &token, &township).await?;
    let [first, second, third] = units
        .get(..3)
        .and_then(|all| <&[String; 3]>::try_from(all).ok())
        .ok_or("three villages")?;
    for (unit, name) in [(first, "张一"), (second, "张二"), (third, "张三")] {
        holder(&app, unit, name, "secretary").await?;
        holder(&app, unit, "王五", "villagers_committee").await?;
    }
    let rows = format!(
        "某乡镇村“两委”换届名单,,,\n单位编码,姓名,职务,任职时间\n{first},张一,村党组织书记,2024-01-01\n{first},刘一,村民委员会委员,\n{second},李二,村党组织书记,\n"
    );
    let query = "replace_from=2026-06-01&reason=%E6%8D%A2%E5%B1%8A%E9%80%89%E4%B8%BE&common=%7B%22term_no%22%3A%22%E5%8D%81%E4%BA%8C%22%7D";
    let trial = sheet(&app, "township", &format!("{query}&dry_run=true"), &rows).await?;
    assert_eq!(
        (trial.status, counts(&trial)),
        (200, [3, 2, 1]),
        "{}",
        trial.body
    );
    assert_eq!(trial.text("/warnings/0/code"), "other_day");
    assert_eq!(trial.at("/warnings/0/row"), 3);
    let each: Vec<Value> = (0..2)
        .map(|at| trial.at(&format!("/replaced/units/{at}/leaving")).clone())
        .collect();
    assert_eq!(each, [1, 2]);
    assert_eq!(posts(&app, first).await?.len(), 2);
    let skipped = sheet(
        &app,
        "township",
        &format!("{query}&skip_faulty=true"),
        &rows,
    )
    .await?;
    assert_eq!(
        (skipped.status, skipped.text("/field")),
        (400, "skip_faulty")
    );
    let done = sheet(&app, "township", query, &rows).await?;
    assert_eq!(
        (done.status, counts(&done)),
        (200, [3, 2, 1]),
        "{}",
        done.body
    );
    assert_eq!(
        posts(&app, second).await?,
        [
            "张二 secretary 2024-01-01 2026-06-01 - 换届选举",
            "李二 secretary 2026-06-01 - 十二 -",
            "王五 villagers_committee 2024-01-01 2026-06-01 - 换届选举",
        ]
    );
    assert_eq!(
        posts(&app, third).await?.len(),
        2,
        "a village that is not in the sheet"
    );
    // Somebody entered from the same day who is not in the next sheet is pointed at.
    let fewer = format!("单位编码,姓名,职务\n{first},张一,村党组织书记\n");
    let trial = sheet(
        &app,
        "township",
        "replace_from=2026-06-01&dry_run=true",
        &fewer,
    )
    .await?;
    assert_eq!(counts(&trial), [0, 1, 0], "{}", trial.body);
    assert_eq!(trial.text("/warnings/0/code"), "begun_too");
    for (query, field) in [
        ("reason=x", "replace_from"),
        ("common=%7B%7D", "replace_from"),
        ("replace_from=2026-06-01&common=x", "common"),
    ] {
        let refused = sheet(&app, "township", query, &rows).await?;
        assert_eq!(
            (refused.status, refused.text("/field")),
            (400, field),
            "{}",
            refused.body
        );
    }
    Ok(())
}

#[actix_web::test]
async fn who_keeps_the_records_replaces_the_term() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let [unit, second] = villages(&app).await?;
    let body = |unit: &str| {
        let holder =
            json!({ "values": { "post": "director" }, "people": { "person": { "name": "赵六" } } });
        json!({ "day": "2026-06-01", "dry_run": true, "units": [{ "unit": unit, "records": [holder] }] })
    };
    for (login, status) in [
        ("village", 200),
        ("township", 200),
        ("county", 403),
        ("auditor", 404),
    ] {
        let answer = replace(&app, login, body(&unit)).await?;
        assert_eq!(answer.status, status, "{login}: {}", answer.body);
    }
    let foreign = replace(&app, "village", body(&second)).await?;
    assert_eq!(
        foreign.text("/errors/0/code"),
        "unit_unknown",
        "{}",
        foreign.body
    );
    assert_eq!(foreign.at("/replaced/units"), &json!([]));
    for ledger in ["party_member", "person", "no_ledger"] {
        let path = format!("/ledgers/{ledger}/replacements");
        let refused = post(&app, "township", &path, "", body(&unit)).await?;
        assert_eq!(
            (refused.status, refused.text("/field")),
            (404, "code"),
            "{ledger}: {}",
            refused.body
        );
    }
    Ok(())
}
