//! From a derived figure to the records behind it, and why some of them do not count.

use crate::derived::with_metrics;
use crate::steps::{copy_package, get, on, own_unit, post};
use serde_json::{Value, json};
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Answer, Fault, TestApp};

async fn made(app: &TestApp, login: &str, ledger: &str, values: Value) -> Result<String, Fault> {
    let path = format!("/ledgers/{ledger}/records");
    let answer = post(app, login, &path, "", json!({ "values": values })).await?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    Ok(answer.text("/record/id").to_owned())
}

/// Three posts of the village: one in force and trained, one left, one that begins later.
async fn three_posts(app: &TestApp) -> Result<String, Fault> {
    let mut people = Vec::new();
    for name in ["张三", "李四", "王五"] {
        people.push(made(app, "village", "person", json!({ "name": name })).await?);
    }
    let course = json!({ "name": "示范培训", "organiser": "city", "begins": "2026-05-01", "ends": "2026-05-03", "attendees": [people.first()] });
    made(app, "city", "training", course).await?;
    for (person, post, since, until) in [
        (0, "secretary", "2024-01-01", None),
        (1, "director", "2020-01-01", Some("2026-06-30")),
        (2, "director", "2027-01-01", None),
    ] {
        let values =
            json!({ "person": people.get(person), "post": post, "since": since, "until": until });
        made(app, "village", "post_holder", values).await?;
    }
    app.settle()?;
    let token = app.sign_in("village").await?;
    own_unit(app, &token).await
}

/// Why each record does not count, in both languages; nothing for those that count.
fn why(answer: &Answer) -> Vec<(String, String)> {
    let items = answer.at("/items").as_array().cloned().unwrap_or_default();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = items.iter();
    rows.map(|row| (text(row, "why_zh"), text(row, "why_en")))
        .collect()
}

#[actix_web::test]
async fn records_behind_a_share_say_why_they_do_not_count() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let unit = three_posts(&app).await?;
    let path = format!("/metrics/M02.trained/records?period=2026&unit={unit}");
    let found = get(&app, "township", &path).await?;
    assert_eq!(found.status, 200, "{}", found.body);
    assert_eq!(found.at("/number"), 1);
    assert_eq!(found.text("/unit/code"), unit);
    assert_eq!(found.text("/selections/0/ledger"), "post_holder");
    assert_eq!(
        found.text("/selections/0/condition_zh"),
        "任职日期不晚于期末，且（离任日期未填或晚于期末），且培训台账中有记录（参训人员中有本记录的人员，\
         且结束日期不早于期末所在年1月1日，且结束日期不晚于期末）"
    );
    let counts = |at: usize| {
        let of = |name: &str| found.at(&format!("/selections/{at}/{name}")).clone();
        (of("counted"), of("left_out"), of("readable"))
    };
    assert_eq!(counts(0), (json!(1), json!(2), json!(true)));
    assert_eq!(counts(1), (json!(0), json!(0), json!(true)));
    assert_eq!(found.at("/items/0/counts"), true);
    assert_eq!(found.text("/items/0/record/title"), "村党组织书记");
    let said = why(&found);
    assert_eq!(
        said,
        [
            (String::new(), String::new()),
            (
                "“离任日期未填或晚于期末”不成立".to_owned(),
                "It is not so that `Until` is empty or is after the last day of the period"
                    .to_owned()
            ),
            (
                "“任职日期不晚于期末”不成立".to_owned(),
                "It is not so that `In post since` is not after the last day of the period"
                    .to_owned()
            ),
        ]
    );
    let below = get(&app, "village", &format!("{path}&side=denominator")).await?;
    assert_eq!(
        (below.at("/number"), below.at("/items/0/counts")),
        (&json!(1), &json!(true))
    );
    // The year before, the second was still in force; of the two nobody was trained.
    let before = format!("/metrics/M02.trained/records?period=2025&unit={unit}");
    let before = get(&app, "county", &before).await?;
    assert_eq!(before.at("/number"), 0);
    let said = why(&before);
    let untrained = said
        .iter()
        .filter(|(zh, _)| zh.contains("培训台账中有记录"));
    assert_eq!(untrained.count(), 2, "{said:?}");
    Ok(())
}

#[actix_web::test]
async fn records_behind_a_figure_come_in_pages() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let unit = three_posts(&app).await?;
    let path = format!("/metrics/M02.trained/records?period=2026&unit={unit}&limit=2");
    let first = get(&app, "township", &path).await?;
    let cursor = first.text("/next_cursor");
    let rest = get(&app, "township", &format!("{path}&cursor={cursor}")).await?;
    assert_eq!(why(&first).len() + why(&rest).len(), 3, "{}", rest.body);
    assert_eq!(rest.at("/next_cursor"), &Value::Null);
    let own = get(&app, "village2", "/metrics/M02.trained/records?period=2026").await?;
    assert_eq!(own.status, 200, "{}", own.body);
    assert_eq!((own.at("/number"), why(&own).len()), (&Value::Null, 0));
    Ok(())
}

#[actix_web::test]
async fn what_has_no_records_is_refused_with_what_is_wrong() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let village = app.sign_in("village").await?;
    let unit = own_unit(&app, &village).await?;
    let township = app.sign_in("township").await?;
    let above = own_unit(&app, &township).await?;
    for (login, query, status, field) in [
        (
            "village2",
            format!("M02.trained/records?unit={unit}"),
            404,
            "unit",
        ),
        (
            "township",
            format!("M02.trained/records?unit={above}"),
            422,
            "unit",
        ),
        ("township", "M02.trained/records".to_owned(), 422, "unit"),
        (
            "village",
            "M02.trained/records?side=x".to_owned(),
            400,
            "side",
        ),
        (
            "village",
            "M11.open_overdue/records?side=denominator".to_owned(),
            400,
            "side",
        ),
        (
            "village",
            "M02.trained/records?period=1999".to_owned(),
            400,
            "period",
        ),
        (
            "village",
            "M02.trained/records?cursor=x".to_owned(),
            400,
            "cursor",
        ),
        (
            "village",
            "M12.income_total/records".to_owned(),
            404,
            "code",
        ),
        ("village", "M99.x/records".to_owned(), 404, "code"),
    ] {
        let refused = get(&app, login, &format!("/metrics/{query}")).await?;
        let got = (refused.status, refused.text("/field"));
        assert_eq!(got, (status, field), "{query}: {}", refused.body);
    }
    Ok(())
}

#[actix_web::test]
async fn personal_data_behind_a_figure_is_masked() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let app = with_metrics(folder.path()).await?;
    let whole =
        json!({ "name": "张三", "id_number": "11010519491231002X", "phone": "13812345678" });
    made(&app, "village", "person", whole).await?;
    app.settle()?;
    let found = get(&app, "village", "/metrics/M02.among/records?period=2026").await?;
    assert_eq!(
        found.text("/items/0/record/values/phone"),
        "138****5678",
        "{}",
        found.body
    );
    assert!(!found.body.to_string().contains("11010519491231002X"));
    assert_eq!(
        found.text("/items/0/why_zh"),
        "“培训台账中有记录（参训人员指向本记录，且结束日期不晚于期末，且学时未填），或文化程度为大专”无法判断，所需的内容未填"
    );
    Ok(())
}

#[actix_web::test]
async fn what_the_organisation_line_alone_sees_leaves_the_counts() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    copy_package(folder.path())?;
    let file = folder.path().join("ledgers/post_holder.toml");
    let text = std::fs::read_to_string(&file)?;
    let field = "name_zh = \"离任日期\"\n";
    assert!(text.contains(field));
    std::fs::write(
        &file,
        text.replace(field, &format!("{field}restricted = true\n")),
    )?;
    let app = TestApp::start_as(Wish {
        package: Some(folder.path().to_owned()),
        ..Wish::default()
    })
    .await?;
    made(&app, "village", "person", json!({ "name": "张三" })).await?;
    let people = get(&app, "village", "/ledgers/person/records").await?;
    let values =
        json!({ "person": people.text("/items/0/id"), "post": "director", "since": "2024-01-01" });
    made(&app, "village", "post_holder", values).await?;
    let found = get(
        &app,
        "village",
        "/metrics/M02.trained/records?side=denominator&period=2026",
    );
    let found = found.await?;
    assert_eq!(found.at("/number"), 1, "{}", found.body);
    assert_eq!(found.at("/selections/0/readable"), false);
    assert_eq!(found.at("/selections/0/counted"), 1);
    assert_eq!(why(&found).len(), 0);
    Ok(())
}

#[actix_web::test]
async fn a_derived_share_is_explained_by_counts() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let unit = three_posts(&app).await?;
    let path = format!("/metrics/M02.trained/explanation?period=2026&unit={unit}");
    let found = get(&app, "village", &path).await?;
    assert_eq!(found.status, 200, "{}", found.body);
    for part in ["numerator", "denominator"] {
        assert_eq!(found.at(&format!("/total/{part}")), 1);
        assert_eq!(found.at(&format!("/{part}/decimals")), 0, "{}", found.body);
        assert_eq!(found.at(&format!("/{part}/condition")), false);
    }
    assert_eq!(found.text("/metric/source"), "derived");
    Ok(())
}
