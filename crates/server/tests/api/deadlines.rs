//! Deadlines: lights by the day, extensions asked and decided, what comes in late, and what a checker sees beside a report.

use crate::steps::{act, approved, begin, get, on, own_unit, post, values};
use serde_json::{Value, json};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

/// By when the village's report of 2026 is due as its workbench shows it, and whether by an extension.
async fn own_due(app: &TestApp) -> Result<Value, Fault> {
    let bench = get(app, "village", "/workbench").await?;
    let mut dues = bench.at("/to_fill").as_array().into_iter().flatten();
    let own = dues.find(|due| due.get("form") == Some(&json!("M12")));
    let own = own.ok_or("nothing of this form is to be filled in")?;
    Ok(json!([own.get("fill_due"), own.get("extended")]))
}

fn count(answer: &Answer) -> usize {
    answer.at("/items").as_array().map_or(0, Vec::len)
}

#[actix_web::test]
async fn lights_follow_the_day() -> Result<(), Fault> {
    // The 20th of December 2026 is a Sunday: what is due then is due on the 21st.
    for (day, light, soon, overdue) in [
        ("2026-12-13", "normal", false, false),
        ("2026-12-14", "soon", true, false),
        ("2026-12-21", "soon", true, false),
        ("2026-12-22", "overdue", false, true),
    ] {
        let app = on(day).await?;
        let all = get(&app, "township", "/dues?form=M12&period=2026").await?;
        assert!(count(&all) > 4);
        assert_eq!(all.text("/items/0/fill_due"), "2026-12-21");
        assert_eq!(all.text("/items/0/light"), light, "{day}");
        for (name, some) in [("soon", soon), ("overdue", overdue)] {
            let path = format!("/dues?form=M12&period=2026&light={name}");
            let found = get(&app, "township", &path).await?;
            assert_eq!(
                count(&found),
                if some { count(&all) } else { 0 },
                "{day} {name}"
            );
        }
        let old = get(&app, "township", "/dues?form=M12&period=2024&light=overdue").await?;
        assert_eq!(count(&old), 0, "a historical period is never late");
    }
    let app = on("2026-12-13").await?;
    let wrong = get(&app, "township", "/dues?form=M12&light=normal").await?;
    assert_eq!((wrong.status, wrong.text("/field")), (400, "light"));
    Ok(())
}

#[actix_web::test]
async fn an_extension_moves_the_due_day() -> Result<(), Fault> {
    let app = on("2026-12-20").await?;
    let unit = own_unit(&app, &app.sign_in("village").await?).await?;
    let wish = |until: &str| json!({ "form": "M12", "unit": unit, "period": "2026", "until": until, "reason": "账目未结" });
    for (until, field) in [("2026-12-21", "until"), ("2027-01-21", "until")] {
        let refused = post(&app, "village", "/extensions", "", wish(until)).await?;
        assert_eq!(
            (refused.status, refused.text("/field")),
            (422, field),
            "{until}"
        );
    }
    let mut old = wish("2026-12-28");
    old["period"] = json!("2024");
    let refused = post(&app, "village", "/extensions", "", old).await?;
    assert_eq!(
        (refused.status, refused.text("/code")),
        (409, "wrong_state")
    );
    let asked = post(&app, "village", "/extensions", "", wish("2026-12-28")).await?;
    assert_eq!(
        (asked.status, asked.text("/state")),
        (201, "asked"),
        "{}",
        asked.body
    );
    assert_eq!(asked.at("/actions"), &json!(["withdraw"]));
    let twice = post(&app, "village", "/extensions", "", wish("2026-12-29")).await?;
    assert_eq!((twice.status, twice.text("/code")), (409, "exists"));
    let path = format!("/extensions/{}/actions", asked.text("/id"));
    assert_eq!(own_due(&app).await?, json!(["2026-12-21", false]));
    let own = post(
        &app,
        "village",
        &path,
        "\"1\"",
        json!({ "action": "grant" }),
    )
    .await?;
    assert_eq!(own.status, 403);
    let bare = post(
        &app,
        "township",
        &path,
        "\"1\"",
        json!({ "action": "refuse" }),
    )
    .await?;
    assert_eq!((bare.status, bare.text("/field")), (422, "reason"));
    for (login, waiting) in [("township", 1), ("county", 0), ("village", 0)] {
        let bench = get(&app, login, "/workbench").await?;
        let rows = bench.at("/to_extend").as_array().map_or(0, Vec::len);
        assert_eq!(rows, waiting, "{login}");
        if waiting > 0 {
            let row = bench.at("/to_extend/0");
            let seen = json!([row["form"], row["period"], row["count"], row["due"]]);
            assert_eq!(seen, json!(["M12", "2026", 1, "2026-12-21"]));
        }
    }
    let list = get(&app, "township", "/extensions?form=M12&state=asked").await?;
    assert_eq!(
        list.at("/items/0/actions"),
        &json!(["grant", "refuse", "withdraw"])
    );
    let done = post(
        &app,
        "township",
        &path,
        "\"1\"",
        json!({ "action": "grant" }),
    )
    .await?;
    assert_eq!(
        (done.status, done.text("/state")),
        (200, "granted"),
        "{}",
        done.body
    );
    let again = post(
        &app,
        "township",
        &path,
        done.etag(),
        json!({ "action": "grant" }),
    )
    .await?;
    assert_eq!((again.status, again.text("/code")), (409, "wrong_state"));
    assert_eq!(own_due(&app).await?, json!(["2026-12-28", true]));
    let bench = get(&app, "township", "/workbench").await?;
    assert_eq!(bench.at("/to_extend"), &json!([]));
    // Refused or withdrawn, one may ask again.
    for (login, body) in [
        (
            "township",
            json!({ "action": "refuse", "reason": "时间已充分" }),
        ),
        ("village", json!({ "action": "withdraw" })),
    ] {
        let asked = post(&app, "village", "/extensions", "", wish("2027-01-08")).await?;
        let path = format!("/extensions/{}/actions", asked.text("/id"));
        assert_eq!(post(&app, login, &path, "\"1\"", body).await?.status, 200);
    }
    let token = app.sign_in("village").await?;
    let begun = begin(&app, &token, &unit, "2026", 6_000_000).await?;
    assert_eq!(begun.text("/summary/due"), "2026-12-28");
    let id = begun.text("/summary/id").to_owned();
    act(&app, &token, &id, json!({ "action": "submit" })).await?;
    let bench = get(&app, "village", "/workbench").await?;
    let handed_in = bench.at("/handed_in/0");
    assert_eq!(
        json!([
            handed_in["form"],
            handed_in["state"],
            handed_in["fill_due"],
            handed_in["light"]
        ]),
        json!(["M12", "submitted", "2026-12-28", "normal"])
    );
    let none = post(&app, "village", "/extensions", "", wish("2027-01-08")).await?;
    assert_eq!((none.status, none.text("/code")), (409, "wrong_state"));
    Ok(())
}

#[actix_web::test]
async fn what_comes_after_the_due_day_is_late() -> Result<(), Fault> {
    let app = on("2026-12-22").await?;
    let token = app.sign_in("village").await?;
    let unit = own_unit(&app, &token).await?;
    let wish = json!({ "form": "M12", "unit": unit, "period": "2026", "until": "2026-12-28", "reason": "账目未结" });
    let late = post(&app, "village", "/extensions", "", wish).await?;
    assert_eq!((late.status, late.text("/code")), (409, "wrong_state"));
    let begun = begin(&app, &token, &unit, "2026", 6_000_000).await?;
    assert_eq!(begun.text("/summary/light"), "overdue");
    let id = begun.text("/summary/id").to_owned();
    let done = act(&app, &token, &id, json!({ "action": "submit" })).await?;
    assert_eq!(
        (done.at("/summary/late"), done.at("/summary/exceptions")),
        (&json!(true), &json!(1))
    );
    assert_eq!(
        (done.text("/summary/due"), done.text("/summary/light")),
        ("2026-12-25", "soon")
    );
    let begun = begin(&app, &token, &unit, "2024", 6_000_000).await?;
    let id = begun.text("/summary/id").to_owned();
    let done = act(&app, &token, &id, json!({ "action": "submit" })).await?;
    assert_eq!(
        done.at("/summary/late"),
        false,
        "a historical period is never late"
    );
    for (late, expected) in [("true", 1), ("false", 0)] {
        let path = format!("/reports?form=M12&period=2026&late={late}");
        assert_eq!(
            count(&get(&app, "township", &path).await?),
            expected,
            "{late}"
        );
    }
    let rest = get(&app, "township", "/dues?form=M12&period=2026&light=overdue").await?;
    let all = get(&app, "township", "/dues?form=M12&period=2026").await?;
    assert_eq!(count(&rest) + 1, count(&all));
    Ok(())
}

#[actix_web::test]
async fn a_report_stands_beside_its_past_and_its_neighbours() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2024", 4_000_000).await?;
    approved(&app, "village2", "2025", 7_000_000).await?;
    let id = approved(&app, "village", "2025", 5_000_000).await?;
    let path = format!("/reports/{id}/comparison");
    let seen = get(&app, "township", &path).await?;
    assert_eq!(
        (
            seen.text("/previous_period"),
            seen.text("/last_year_period")
        ),
        ("2024", "2024")
    );
    assert_eq!(seen.at("/neighbours"), 1);
    let of = |answer: &Answer, code: &str| {
        let fields = answer.at("/fields").as_array().cloned().unwrap_or_default();
        fields
            .into_iter()
            .find(|field| field["field"] == code)
            .unwrap_or_default()
    };
    let expected = json!({ "field": "total", "value": 5_000_000, "previous": 4_000_000, "last_year": 4_000_000, "median": 7_000_000 });
    assert_eq!(of(&seen, "total"), expected);
    // A village sees no neighbour, not even as a median.
    let own = get(&app, "village", &path).await?;
    assert_eq!(
        (own.at("/neighbours"), &of(&own, "total")["median"]),
        (&json!(0), &Value::Null)
    );
    Ok(())
}

#[actix_web::test]
async fn versions_tell_what_changed() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("village").await?;
    let unit = own_unit(&app, &token).await?;
    let begun = begin(&app, &token, &unit, "2025", 1).await?;
    let path = format!("/reports/{}", begun.text("/summary/id"));
    for (tag, amount) in [("\"1\"", 2), ("\"2\"", 3)] {
        let mut values = values(amount);
        values["note"] = json!("补充");
        let ask = Ask::by(&token)
            .header("If-Match", tag)
            .json(&json!({ "values": values }));
        assert_eq!(app.call("PUT", &path, ask).await?.status, 200);
    }
    let page = app
        .call("GET", &format!("{path}/versions?limit=1"), Ask::by(&token))
        .await?;
    assert_eq!(
        page.at("/items/0/changes"),
        &json!([{ "field": "operating", "from": 2, "to": 3 }])
    );
    let all = app
        .call("GET", &format!("{path}/versions"), Ask::by(&token))
        .await?;
    assert_eq!(
        all.at("/items/1/changes"),
        &json!([{ "field": "note", "to": "补充" }, { "field": "operating", "from": 1, "to": 2 }])
    );
    assert_eq!(all.at("/items/2/changes").as_array().map(Vec::len), Some(5));
    Ok(())
}

#[actix_web::test]
async fn phrases_are_ones_own() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let before = count(&get(&app, "township", "/phrases").await?);
    assert!(before > 2);
    let body = json!({ "text": "  请附收入明细。 " });
    let kept = post(&app, "township", "/phrases", "", body.clone()).await?;
    assert_eq!(
        (kept.status, kept.text("/text_zh")),
        (201, "请附收入明细。")
    );
    let twice = post(&app, "township", "/phrases", "", body).await?;
    assert_eq!((twice.status, twice.text("/code")), (409, "exists"));
    for text in ["", "11010519491231002X 请核对", &"长".repeat(201)] {
        let refused = post(&app, "township", "/phrases", "", json!({ "text": text })).await?;
        assert_eq!((refused.status, refused.text("/field")), (422, "text"));
    }
    let own = get(&app, "township", "/phrases").await?;
    assert_eq!(
        (count(&own), own.text("/items/0/text_zh")),
        (before + 1, "请附收入明细。")
    );
    assert_eq!(count(&get(&app, "county", "/phrases").await?), before);
    let path = format!("/phrases/{}", kept.text("/id"));
    for (login, status) in [
        ("village", 403),
        ("county", 404),
        ("township", 204),
        ("township", 404),
    ] {
        let ask = Ask::by(&app.sign_in(login).await?);
        assert_eq!(
            app.call("DELETE", &path, ask).await?.status,
            status,
            "{login}"
        );
    }
    Ok(())
}
