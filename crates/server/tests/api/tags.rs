//! Tags: units are marked together or not at all, marks end with a reason, and a hand-down finds who carries one.

use crate::steps::{get, on, own_unit, post};
use serde_json::{Value, json};
use zhenxing_test_support::{Fault, TestApp};

async fn unit_of(app: &TestApp, login: &str) -> Result<String, Fault> {
    let token = app.sign_in(login).await?;
    own_unit(app, &token).await
}

async fn carrying(app: &TestApp, login: &str, tag: &str) -> Result<Option<i64>, Fault> {
    let tags = get(app, login, "/tags").await?;
    let items = tags.at("/items").as_array().cloned().unwrap_or_default();
    let found = items
        .into_iter()
        .find(|item| item.get("code") == Some(&json!(tag)));
    Ok(found.and_then(|item| item.get("units")?.as_i64()))
}

#[actix_web::test]
async fn marked_villages_are_those_to_whom_a_matter_goes() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let (first, second) = (
        unit_of(&app, "village").await?,
        unit_of(&app, "village2").await?,
    );
    let mark = |dry_run: bool| {
        json!({
            "tag": "重点村", "units": [first, second], "authority": "县委组织部", "document_no": "组〔2026〕1号",
            "valid_from": "2026-01-01", "dry_run": dry_run,
        })
    };
    let shown = post(&app, "admin", "/unit-tags", "", mark(true)).await?;
    assert_eq!(
        (shown.status, shown.at("/done")),
        (200, &json!(2)),
        "{}",
        shown.body
    );
    assert_eq!(
        carrying(&app, "city", "重点村").await?,
        Some(0),
        "a trial changes nothing"
    );
    let done = post(&app, "admin", "/unit-tags", "", mark(false)).await?;
    assert_eq!(done.at("/done"), 2, "{}", done.body);
    assert_eq!(carrying(&app, "city", "重点村").await?, Some(2));
    assert_eq!(carrying(&app, "village", "重点村").await?, Some(1));
    let again = post(&app, "admin", "/unit-tags", "", mark(false)).await?;
    assert_eq!(
        (again.at("/done"), again.at("/refused")),
        (&json!(0), &json!(2))
    );
    assert_eq!(again.text("/rows/0/refusal/code"), "exists");

    let to = json!({ "type": "level", "level": "village", "kinds": [], "tags": ["重点村"] });
    let body = json!({ "matter": "M12", "period": "2026", "due": "2026-12-20", "to": to });
    let given = post(&app, "city", "/hand-downs", "", body).await?;
    assert_eq!(given.status, 201, "{}", given.body);
    let levels = given.at("/levels").as_array().cloned().unwrap_or_default();
    let villages = levels.iter().find(|row| row["level"] == json!("village"));
    assert_eq!(villages.map(|row| row["given"].clone()), Some(json!(2)));

    let list = get(&app, "village", "/unit-tags?tag=重点村").await?;
    assert_eq!(
        list.at("/items").as_array().map(Vec::len),
        Some(1),
        "only one's own"
    );
    assert_eq!(list.text("/items/0/document_no"), "组〔2026〕1号");
    let end = |unit: &str, day: &str| json!({ "tag": "重点村", "units": [unit], "valid_to": day, "reason": "验收合格" });
    let ended = post(
        &app,
        "admin",
        "/unit-tags/end",
        "",
        end(&first, "2026-11-01"),
    )
    .await?;
    assert_eq!(ended.at("/done"), 1, "{}", ended.body);
    let removed = post(
        &app,
        "admin",
        "/unit-tags/end",
        "",
        end(&second, "2026-01-01"),
    )
    .await?;
    assert_eq!(removed.at("/done"), 1, "{}", removed.body);
    assert_eq!(carrying(&app, "city", "重点村").await?, Some(0));
    let list = get(&app, "city", &format!("/unit-tags?unit={first}")).await?;
    assert_eq!(list.text("/items/0/end_reason"), "验收合格");
    let none = get(&app, "city", &format!("/unit-tags?unit={second}")).await?;
    assert_eq!(none.at("/items"), &json!([]));
    Ok(())
}

#[actix_web::test]
async fn what_cannot_be_marked_is_told_and_nothing_is() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let village = unit_of(&app, "village").await?;
    let county = unit_of(&app, "county").await?;
    let mark =
        |units: Value| json!({ "tag": "重点村", "units": units, "valid_from": "2026-01-01" });
    for (units, code) in [
        (json!([village, county]), "invalid_field"),
        (json!([village, village]), "invalid_field"),
        (json!([village, "1"]), "not_found"),
    ] {
        let refused = post(&app, "admin", "/unit-tags", "", mark(units)).await?;
        let found = (refused.at("/done"), refused.text("/rows/1/refusal/code"));
        assert_eq!(found, (&json!(0), code), "{}", refused.body);
    }
    assert_eq!(carrying(&app, "city", "重点村").await?, Some(0));
    let with = |name: &str, value: Value| {
        let mut body = mark(json!([village]));
        body[name] = value;
        body
    };
    for (body, status, field) in [
        (with("tag", json!("没有的标签")), 404, "tag"),
        (with("valid_to", json!("2026-01-01")), 422, "valid_to"),
        (with("authority", json!("部".repeat(101))), 422, "authority"),
        (with("units", json!([])), 422, "units"),
    ] {
        let refused = post(&app, "admin", "/unit-tags", "", body).await?;
        assert_eq!(
            (refused.status, refused.text("/field")),
            (status, field),
            "{}",
            refused.body
        );
    }
    let body = mark(json!([village]));
    assert_eq!(
        post(&app, "township", "/unit-tags", "", body).await?.status,
        403
    );
    let end = json!({ "tag": "重点村", "units": [village], "valid_to": "2026-11-01", "reason": "验收合格" });
    let refused = post(&app, "admin", "/unit-tags/end", "", end.clone()).await?;
    assert_eq!(refused.text("/rows/0/refusal/code"), "invalid_field");
    let mut silent = end;
    silent["reason"] = json!(" ");
    let refused = post(&app, "admin", "/unit-tags/end", "", silent).await?;
    assert_eq!((refused.status, refused.text("/field")), (422, "reason"));
    Ok(())
}

#[actix_web::test]
async fn a_mark_is_a_record_of_the_ledger_of_tags() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let village = unit_of(&app, "village").await?;
    let township = unit_of(&app, "township").await?;
    let record = |unit: &str, tag: &str, since: &str| json!({ "unit": unit, "values": { "tag": tag, "since": since, "authority": "县委组织部" } });
    let path = "/ledgers/unit_tag/records";
    let made = post(
        &app,
        "county",
        path,
        "",
        record(&village, "任务重", "2026-01-01"),
    )
    .await?;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(carrying(&app, "city", "任务重").await?, Some(1));
    let list = get(&app, "city", "/unit-tags?tag=任务重").await?;
    assert_eq!(list.text("/items/0/unit/code"), village);
    assert_eq!(list.text("/items/0/authority"), "县委组织部");
    let twice = post(
        &app,
        "county",
        path,
        "",
        record(&village, "任务重", "2026-06-01"),
    )
    .await?;
    assert_eq!(
        (twice.status, twice.text("/findings/0/rule")),
        (422, "marked_once")
    );
    let level = post(
        &app,
        "county",
        path,
        "",
        record(&township, "重点村", "2026-01-01"),
    )
    .await?;
    assert_eq!(
        (level.status, level.text("/findings/0/rule")),
        (422, "tag_level"),
        "{}",
        level.body
    );
    let below = post(
        &app,
        "village",
        path,
        "",
        record(&village, "重点村", "2026-01-01"),
    )
    .await?;
    assert_eq!(below.status, 403, "{}", below.body);

    let mark = json!({ "tag": "任务重", "units": [village], "valid_from": "2026-06-01" });
    let again = post(&app, "admin", "/unit-tags", "", mark).await?;
    assert_eq!(again.text("/rows/0/refusal/code"), "exists");
    let end = json!({ "tag": "任务重", "units": [village], "valid_to": "2026-11-01", "reason": "任务完成" });
    let ended = post(&app, "admin", "/unit-tags/end", "", end).await?;
    assert_eq!(ended.at("/done"), 1, "{}", ended.body);
    let shown = get(
        &app,
        "county",
        &format!("{path}/{}", made.text("/record/id")),
    )
    .await?;
    assert_eq!(shown.text("/values/until"), "2026-11-01", "{}", shown.body);
    assert_eq!(shown.text("/values/end_reason"), "任务完成");
    assert_eq!(shown.at("/revision"), 2);
    Ok(())
}

#[actix_web::test]
async fn a_village_that_is_marked_needs_somebody_and_has_him_once_he_is_posted() -> Result<(), Fault>
{
    let app = on("2026-11-24").await?;
    let village = unit_of(&app, "village").await?;
    let figure = async |app: &TestApp| -> Result<(Value, Value), Fault> {
        app.settle()?;
        let tree = get(
            app,
            "city",
            "/metrics/M16.villages_covered/figures?period=2026-11",
        )
        .await?;
        assert_eq!(tree.status, 200, "{}", tree.body);
        Ok((
            tree.at("/total/numerator").clone(),
            tree.at("/total/denominator").clone(),
        ))
    };
    let mark = json!({ "tag": "基层治理重点", "units": [village], "valid_from": "2026-01-01" });
    let marked = post(&app, "admin", "/unit-tags", "", mark).await?;
    assert_eq!(marked.at("/done"), 1, "{}", marked.body);
    assert_eq!(figure(&app).await?, (json!(0), json!(1)));
    let person = json!({ "values": { "name": "周驻村" } });
    let person = post(&app, "village", "/ledgers/person/records", "", person).await?;
    let posting = json!({ "values": {
        "person": person.text("/record/id"), "role": "member", "sent_by": "县农业农村局", "since": "2026-02-01",
    } });
    let posted = post(&app, "village", "/ledgers/posting/records", "", posting).await?;
    assert_eq!(posted.status, 201, "{}", posted.body);
    assert_eq!(figure(&app).await?, (json!(1), json!(1)));
    let end = json!({ "tag": "基层治理重点", "units": [village], "valid_to": "2026-11-01", "reason": "已退出" });
    let ended = post(&app, "admin", "/unit-tags/end", "", end).await?;
    assert_eq!(ended.at("/done"), 1, "{}", ended.body);
    assert_eq!(figure(&app).await?, (json!(0), json!(0)));
    Ok(())
}

/// Tags that were kept in a table of their own are records after the next start, each once, with who entered them.
#[actix_web::test]
async fn tags_of_before_become_records_at_the_start() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let unit = unit_of(&app, "village").await?;
    for (from, to, reason) in [
        ("2025-01-01", "2026-06-01", "'期满'"),
        ("2026-09-01", "9999-12-31", "NULL"),
    ] {
        let text = format!(
            "INSERT INTO unit_tag (unit_id, tag, authority, document_no, valid_from, valid_to, end_reason, set_by) \
             SELECT p.unit_id, '重点村', '县委组织部', '组〔2025〕3号', '{from}', '{to}', {reason}, a.id \
             FROM unit_placement p, account a WHERE p.code = '{unit}' AND a.login = 'admin'"
        );
        app.app.db.write(|conn| conn.run_outside(&text))?;
    }
    assert_eq!(carrying(&app, "city", "重点村").await?, Some(0));
    for _start in 0..2 {
        let app = app.beside(|_| ()).await?;
        assert_eq!(carrying(&app, "city", "重点村").await?, Some(1));
        let path = "/ledgers/unit_tag/records";
        let records = get(&app, "county", path).await?;
        assert_eq!(records.status, 200, "{}", records.body);
        let items = records.at("/items").as_array().cloned().unwrap_or_default();
        let said = |item: &Value| {
            let values = item.get("values").cloned().unwrap_or_default();
            ["since", "until", "document_no", "end_reason"].map(|field| values[field].clone())
        };
        let mut said: Vec<[Value; 4]> = items.iter().map(said).collect();
        said.sort_by_key(|values| values[0].to_string());
        let document = json!("组〔2025〕3号");
        assert_eq!(
            said,
            [
                [
                    json!("2025-01-01"),
                    json!("2026-06-01"),
                    document.clone(),
                    json!("期满")
                ],
                [json!("2026-09-01"), Value::Null, document, Value::Null],
            ]
        );
        let id = records.text("/items/0/id");
        let versions = get(&app, "county", &format!("{path}/{id}/versions")).await?;
        assert_eq!(versions.at("/items").as_array().map(Vec::len), Some(1));
    }
    Ok(())
}
