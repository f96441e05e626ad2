//! Where a figure comes from: from the city down to a village's report and its fields.

use crate::steps::{approved, own_unit};
use serde_json::{Value, json};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

async fn ask(app: &TestApp, login: &str, path: &str) -> Result<Answer, Fault> {
    let token = app.sign_in(login).await?;
    app.call("GET", path, Ask::by(&token)).await
}

fn compared(answer: &Answer) -> Vec<(String, Value, Value)> {
    let rows = answer.at("/compared").as_array().cloned();
    let read = |row: &Value| {
        let with = row["with"].as_str().unwrap_or_default().to_owned();
        let value = row.get("value").cloned().unwrap_or_default();
        (with, row["period"].clone(), value)
    };
    rows.unwrap_or_default().iter().map(read).collect()
}

#[actix_web::test]
async fn a_figure_is_opened_down_to_a_villages_report() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2024", 4_000_000).await?;
    let report = approved(&app, "village", "2025", 6_000_000).await?;
    approved(&app, "village2", "2025", 2_000_000).await?;
    let village = app.sign_in("village").await?;
    let village = own_unit(&app, &village).await?;
    let mut unit = "130900000000".to_owned();
    let mut names = Vec::new();
    for _ in 0..4 {
        let path = format!("/metrics/M12.income_total/explanation?period=2025&unit={unit}");
        let found = ask(&app, "city", &path).await?;
        assert_eq!(found.status, 200, "{}", found.body);
        assert_eq!(found.text("/total/unit/code"), unit);
        names.push(found.text("/total/unit/level").to_owned());
        if unit == village {
            break;
        }
        unit = found.text("/units/0/figure/unit/code").to_owned();
    }
    assert_eq!(names, ["city", "county", "township", "village"]);
    let path = format!("/metrics/M12.reach_50k/explanation?period=2025&unit={village}");
    let found = ask(&app, "city", &path).await?;
    assert_eq!(found.text("/reports/0/id"), report);
    assert_eq!(found.at("/reports/0/numerator"), &json!(1));
    assert_eq!(found.at("/reports/0/approved"), &json!(true));
    assert_eq!(
        found.text("/numerator/zh"),
        "经营性收入 + 发包收入 + 投资收益 + 补助收入 + 其他收入 ≥ 50000 元"
    );
    let fields = found.at("/reports/0/fields").as_array().cloned();
    let fields = fields.unwrap_or_default();
    let of = |code: &str| fields.iter().find(|field| field["code"] == code).cloned();
    let operating = of("operating").ok_or("the field that makes the total")?;
    assert_eq!(operating["value"], json!(6_000_000));
    let beside = compared(&found);
    let previous = ("previous".to_owned(), json!("2024"), json!(0));
    let peers = ("peers".to_owned(), json!("2025"), json!(0));
    assert_eq!(beside, [previous, peers]);
    Ok(())
}

#[actix_web::test]
async fn an_explanation_shows_nobody_more_than_he_may_see() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2025", 6_000_000).await?;
    approved(&app, "village2", "2025", 2_000_000).await?;
    let path = "/metrics/M12.income_total/explanation?period=2025";
    let own = ask(&app, "village", path).await?;
    assert_eq!((own.status, own.at("/count")), (200, &json!(0)));
    assert!(compared(&own).iter().all(|row| row.0 != "peers"));
    let foreign = app.sign_in("village2").await?;
    let foreign = own_unit(&app, &foreign).await?;
    let hidden = ask(&app, "village", &format!("{path}&unit={foreign}")).await?;
    assert_eq!((hidden.status, hidden.text("/field")), (404, "unit"));
    let village = app.sign_in("village").await?;
    let village = own_unit(&app, &village).await?;
    let seen = ask(&app, "county", &format!("{path}&unit={village}")).await?;
    assert_eq!(seen.at("/reports/0/numerator"), &json!(6_000_000));
    Ok(())
}

#[actix_web::test]
async fn the_units_come_page_by_page_and_leave_as_a_file() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    approved(&app, "village", "2025", 6_000_000).await?;
    let path = "/metrics/M12.income_total/explanation?period=2025&limit=2";
    let mut cursor = String::new();
    let mut codes: Vec<String> = Vec::new();
    loop {
        let page = ask(&app, "city", &format!("{path}{cursor}")).await?;
        let rows = page.at("/units").as_array().cloned().unwrap_or_default();
        for row in &rows {
            let code = row["figure"]["unit"]["code"].as_str().unwrap_or_default();
            codes.push(code.to_owned());
        }
        match page.text("/next_cursor") {
            "" => {
                assert_eq!(page.at("/count"), &json!(codes.len()));
                break;
            }
            next => cursor = format!("&cursor={next}"),
        }
    }
    let many = codes.len();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), many, "no unit comes twice");
    for (path, format, kind) in [
        (
            "/metrics/M12.income_total/explanation/export?period=2025&format=",
            "csv",
            "text/csv",
        ),
        (
            "/metrics/M12.income_total/explanation/export?period=2025&format=",
            "xlsx",
            "application/vnd",
        ),
        (
            "/statistics/export?metrics=M12.income_total&periods=2024..2025&format=",
            "csv",
            "text/csv",
        ),
        (
            "/statistics/export?metrics=M12.income_total&periods=2024..2025&format=",
            "xlsx",
            "application/vnd",
        ),
    ] {
        let file = ask(&app, "city", &format!("{path}{format}")).await?;
        assert_eq!(file.status, 200, "{path}");
        let got = file
            .headers
            .get("content-type")
            .cloned()
            .unwrap_or_default();
        assert!(got.starts_with(kind), "{got}");
        let text = file.body.as_str().unwrap_or_default();
        match format {
            "csv" => assert!(
                text.contains("沧州市") && text.contains("60000.00"),
                "{text}"
            ),
            _ => assert!(text.starts_with("PK")),
        }
    }
    let refused = ask(&app, "city", &format!("{path}&cursor=1.2")).await?;
    assert_eq!((refused.status, refused.text("/field")), (400, "cursor"));
    Ok(())
}
