//! Rosters: people and posts from sheets that exist already, checked row by row, never doubled; two records of a person
//! become one.

use crate::steps::{get, on, own_unit, post};
use rust_xlsxwriter::{Workbook, XlsxError};
use serde_json::{Value, json};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

/// An identity number with its check digit.
fn number(place: usize) -> String {
    let digits = format!("130923{:04}0101{:03}", 1950 + place / 999, place % 999 + 1);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digit = |sign: char| sign.to_digit(10).unwrap_or_default();
    let sum: u32 = digits
        .chars()
        .zip(weights)
        .map(|(sign, by)| digit(sign) * by)
        .sum();
    let checks = ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"];
    let check = usize::try_from(sum % 11).ok();
    let check = check.and_then(|place| checks.get(place));
    format!("{digits}{}", check.unwrap_or(&""))
}

async fn send(
    app: &TestApp,
    login: &str,
    ledger: &str,
    query: &str,
    bytes: impl Into<Vec<u8>>,
) -> Result<Answer, Fault> {
    let token = app.sign_in(login).await?;
    let path = format!("/ledgers/{ledger}/imports?{query}");
    app.call("POST", &path, Ask::by(&token).bytes(bytes)).await
}

/// Rows, made, changed, unchanged, faulty, people.
fn counts(answer: &Answer) -> [i64; 6] {
    let names = ["rows", "made", "changed", "unchanged", "faulty", "people"];
    names.map(|name| answer.at(&format!("/{name}")).as_i64().unwrap_or(-1))
}

async fn total(app: &TestApp, ledger: &str) -> Result<i64, Fault> {
    let path = format!("/ledgers/{ledger}/records?total=true&limit=1");
    let list = get(app, "village", &path).await?;
    Ok(list.at("/total").as_i64().unwrap_or(-1))
}

/// No identity number of the sheet stands in a text.
fn hides(text: &str, sheet: &str) {
    let cells = sheet.split([',', '\n']).filter(|cell| cell.len() == 18);
    for cell in cells.filter(|cell| cell.starts_with("1309")) {
        assert!(!text.contains(cell), "an identity number is told");
    }
}

/// Two thousand people, twenty of whom are wrong.
fn people() -> String {
    let mut sheet = "东光村人员花名册,,,,\n姓名,身份证号码,性别,出生年月,联系方式\n".to_owned();
    for place in 0..2_000 {
        let good = number(place);
        let (id, sex, birth) = match place % 100 {
            // A wrong check digit, a wrong choice in turn.
            50 if place % 200 == 50 => (
                format!("{}A", good.get(..17).unwrap_or("")),
                "男",
                "1960/5/1",
            ),
            50 => (good, "不详", "196005"),
            7 => (good.replacen("130923", "130923 ", 1), "女", "1960年5月1日"),
            _ => (good, "男", "1960.5.1"),
        };
        sheet.push_str(&format!("村民{place},{id},{sex},{birth},13812345678\n"));
    }
    sheet
}

#[actix_web::test]
async fn two_thousand_people_come_in_at_once() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let sheet = people();
    let trial = send(&app, "village", "person", "dry_run=true", sheet.clone()).await?;
    assert_eq!(trial.status, 200, "{}", trial.body);
    assert_eq!(counts(&trial), [2_000, 1_980, 0, 0, 20, 0]);
    assert_eq!(trial.at("/errors_total"), 20);
    assert_eq!(trial.text("/errors/0/code"), "id_card");
    assert_eq!(trial.at("/errors/0/row"), 53);
    assert_eq!(trial.text("/errors/0/column"), "身份证号码");
    assert_eq!(trial.text("/errors/1/field"), "sex");
    assert_eq!(trial.text("/columns/1/field"), "id_number");
    assert_eq!(trial.text("/columns/4/field"), "phone");
    hides(&trial.body.to_string(), &sheet);
    assert!(!trial.body.to_string().contains("13812345678"));
    assert_eq!(total(&app, "person").await?, 0, "a trial keeps nothing");
    let whole = send(&app, "village", "person", "", sheet.clone()).await?;
    assert_eq!((whole.status, whole.text("/code")), (422, "faulty_lines"));
    assert_eq!(whole.at("/lines").as_array().map(Vec::len), Some(20));
    hides(&whole.body.to_string(), &sheet);
    assert_eq!(total(&app, "person").await?, 0, "all or nothing");
    let token = app.sign_in("village").await?;
    let path = "/ledgers/person/imports?skip_faulty=true";
    let keyed = || {
        let ask = Ask::by(&token).bytes(sheet.clone());
        ask.header("Idempotency-Key", "roster-1")
    };
    let done = app.call("POST", path, keyed()).await?;
    assert_eq!(counts(&done), [2_000, 1_980, 0, 0, 20, 0], "{}", done.body);
    let again = app.call("POST", path, keyed()).await?;
    assert_eq!(again.body, done.body, "one key, one effect");
    assert_eq!(total(&app, "person").await?, 1_980);
    let same = send(&app, "village", "person", "skip_faulty=true", sheet.clone()).await?;
    assert_eq!(counts(&same), [2_000, 0, 0, 1_980, 20, 0], "{}", same.body);
    app.settle()?;
    let mut last = 0;
    loop {
        let path = format!("/events?limit=200&after={last}");
        let events = get(&app, "admin", &path).await?;
        assert_eq!(events.status, 200, "{}", events.body);
        hides(&events.body.to_string(), &sheet);
        let items = events.at("/items").as_array().cloned().unwrap_or_default();
        let Some(seq) = items.last().and_then(|one| one["seq"].as_i64()) else {
            break;
        };
        last = seq;
    }
    assert!(last > 1_980, "an event for each");
    let trail = get(&app, "auditor", "/audit/export").await?;
    assert_eq!(trail.status, 200, "{}", trail.body);
    assert!(trail.body.to_string().contains("records.imported"));
    hides(&trail.body.to_string(), &sheet);
    Ok(())
}

/// An Excel file of texts.
fn workbook(rows: &[&[&str]]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (line, row) in (0_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(*row) {
            match text.parse::<f64>() {
                // As Excel keeps what looks like a number, unless it is long.
                Ok(value) if text.len() < 12 => sheet.write_number(line, column, value)?,
                _ => sheet.write_string(line, column, *text)?,
            };
        }
    }
    book.save_to_buffer()
}

#[actix_web::test]
async fn a_roster_of_posts_brings_its_people() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let id = number(1);
    let spaced = format!("{} {}", &id[..6], &id[6..]);
    let head: &[&str] = &[
        "序号",
        "姓名",
        "身份证号",
        "职务名称",
        "任职时间",
        "离任时间",
        "手机号",
    ];
    let file = workbook(&[
        &["某村两委干部花名册"],
        head,
        &[
            "1",
            "张三",
            &spaced,
            "村党组织书记",
            "45292",
            "",
            "13812345678",
        ],
        &["2", "李四", "", "村民委员会委员", "2024年1月1日", "", ""],
        &["3", "李四", "", "集体经济组织负责人", "202402", "", ""],
        &["4", "", "", "", "", "", ""],
    ])?;
    let trial = send(&app, "village", "post_holder", "dry_run=true", file.clone()).await?;
    assert_eq!(counts(&trial), [3, 3, 0, 0, 0, 2], "{}", trial.body);
    assert_eq!(trial.text("/columns/1/field"), "person.name");
    assert_eq!(trial.at("/columns/0/field"), &Value::Null);
    assert_eq!(total(&app, "person").await?, 0);
    let done = send(&app, "village", "post_holder", "", file.clone()).await?;
    assert_eq!(counts(&done), [3, 3, 0, 0, 0, 2], "{}", done.body);
    assert_eq!(
        (
            total(&app, "person").await?,
            total(&app, "post_holder").await?
        ),
        (2, 3)
    );
    let same = send(&app, "village", "post_holder", "", file).await?;
    assert_eq!(counts(&same), [3, 0, 0, 3, 0, 0], "{}", same.body);
    app.settle()?;
    let figures = get(&app, "city", "/metrics/M02.trained/figures?period=2026").await?;
    assert_eq!(figures.at("/total/denominator"), 2, "{}", figures.body);
    the_next_roster(&app, head).await?;
    Ok(())
}

/// The next roster says who has left, and names a second secretary beside the first.
async fn the_next_roster(app: &TestApp, head: &[&str]) -> Result<(), Fault> {
    let id = number(1);
    let next = workbook(&[
        head,
        &["1", "张三", &id, "村党组织书记", "2024-01-01", "", ""],
        &[
            "2",
            "李四",
            "",
            "村民委员会委员",
            "2024-01-01",
            "2026/1/1",
            "",
        ],
        &["3", "王五", "", "书记", "2025-01-01", "", ""],
        &["4", "赵六", "", "村党组织书记", "2025-01-01", "", ""],
        &["5", "赵六", "", "村党组织书记", "2025-01-01", "", ""],
    ])?;
    let trial = send(app, "village", "post_holder", "dry_run=true", next.clone()).await?;
    assert_eq!(counts(&trial), [5, 0, 1, 1, 3, 0], "{}", trial.body);
    let found = trial.at("/errors").as_array().cloned().unwrap_or_default();
    let found: Vec<String> = found
        .iter()
        .map(|one| {
            format!(
                "{} {}",
                one["row"],
                one["code"].as_str().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(
        found,
        ["4 choice", "5 one_secretary", "6 doubled"],
        "{}",
        trial.body
    );
    let done = send(app, "village", "post_holder", "skip_faulty=true", next).await?;
    assert_eq!(counts(&done), [5, 0, 1, 1, 3, 0], "{}", done.body);
    assert_eq!(
        total(app, "person").await?,
        2,
        "nobody comes of a faulty row"
    );
    let list = get(
        app,
        "village",
        "/ledgers/post_holder/records?filter=post:villagers_committee",
    )
    .await?;
    assert_eq!(
        list.text("/items/0/values/until"),
        "2026-01-01",
        "{}",
        list.body
    );
    assert!(!done.body.to_string().contains(&id));
    Ok(())
}

#[actix_web::test]
async fn units_are_named_by_name_or_code() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let code = own_unit(&app, &app.sign_in("village").await?).await?;
    let me = get(&app, "village", "/session").await?;
    let name = me.text("/unit/name").to_owned();
    let short = name.trim_end_matches("村民委员会").to_owned();
    let town = get(&app, "township", "/session").await?;
    let town = town.text("/unit/name").to_owned();
    let sheet = format!(
        "所在村,姓名,职务,任职日期\n{name},甲,村党组织书记,2024-01-01\n{short},乙,村民委员会主任,2024-01-01\n{code},丙,村民委员会委员,2024-01-01\n\
         无此村,丁,村民委员会委员,2024-01-01\n{town},戊,村民委员会委员,2024-01-01\n,己,村民委员会委员,2024-01-01\n"
    );
    let trial = send(
        &app,
        "township",
        "post_holder",
        "dry_run=true",
        sheet.clone(),
    )
    .await?;
    let found = trial.at("/errors").as_array().cloned().unwrap_or_default();
    let found: Vec<&str> = found
        .iter()
        .filter_map(|one| one["code"].as_str())
        .collect();
    assert_eq!(
        found,
        ["unit_unknown", "unit_unknown", "unit_missing"],
        "{}",
        trial.body
    );
    assert_eq!(counts(&trial), [6, 3, 0, 0, 3, 3], "{}", trial.body);
    let query = format!("dry_run=true&unit={code}");
    let trial = send(&app, "township", "post_holder", &query, sheet).await?;
    assert_eq!(counts(&trial), [6, 4, 0, 0, 2, 4], "{}", trial.body);
    let other = own_unit(&app, &app.sign_in("village2").await?).await?;
    let theirs = format!("单位编码,姓名\n{other},甲\n");
    let refused = send(&app, "village", "person", "", theirs).await?;
    assert_eq!(
        refused.text("/lines/0/code"),
        "unit_unknown",
        "{}",
        refused.body
    );
    let city = send(
        &app,
        "city",
        "post_holder",
        "",
        "姓名,职务\n甲,村党组织书记\n",
    )
    .await?;
    assert_eq!(city.status, 403, "{}", city.body);
    Ok(())
}

#[actix_web::test]
async fn columns_are_named_by_hand() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let sheet = "甲列,乙列,姓名\n张三,男,绰号\n";
    let by = |mapping: &Value| {
        let text = mapping.to_string();
        let text: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("dry_run=true&mapping={text}")
    };
    let good = json!({ "甲列": "name", "乙列": "sex", "姓名": null });
    let trial = send(&app, "village", "person", &by(&good), sheet).await?;
    assert_eq!(counts(&trial), [1, 1, 0, 0, 0, 0], "{}", trial.body);
    assert_eq!(trial.at("/columns/2/field"), &Value::Null);
    assert_eq!(trial.at("/columns/0/examples"), &json!(["张三"]));
    for wrong in [
        json!({ "丙列": "name" }),
        json!({ "甲列": "nothing" }),
        json!({ "甲列": "name", "乙列": "name" }),
        json!({ "甲列": 1 }),
        json!([]),
    ] {
        let refused = send(&app, "village", "person", &by(&wrong), sheet).await?;
        let told = (refused.status, refused.text("/field"));
        assert_eq!(told, (400, "mapping"), "{wrong}: {}", refused.body);
    }
    for (bytes, code) in [
        (b"".to_vec(), "empty"),
        ("姓名,性别\n".as_bytes().to_vec(), "empty"),
        ("子,丑\n1,2\n".as_bytes().to_vec(), "header"),
        (b"PK no sheet".to_vec(), "file"),
        (vec![0xD0, 0xD5, 0xC3, 0xFB], "encoding"),
    ] {
        let refused = send(&app, "village", "person", "dry_run=true", bytes).await?;
        let told = (refused.status, refused.text("/lines/0/code").to_owned());
        assert_eq!(told, (422, code.to_owned()), "{}", refused.body);
    }
    Ok(())
}

async fn made(app: &TestApp, ledger: &str, values: Value) -> Result<Answer, Fault> {
    let path = format!("/ledgers/{ledger}/records");
    let answer = post(app, "village", &path, "", json!({ "values": values })).await?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    Ok(answer)
}

#[actix_web::test]
async fn two_records_of_a_person_become_one() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let first = json!({ "name": "张三", "birth": "1970-01-01", "phone": "13812345678" });
    let first = made(&app, "person", first).await?;
    assert_eq!(first.at("/warnings"), &json!([]));
    let stays = first.text("/record/id").to_owned();
    let second =
        json!({ "name": "张三", "birth": "1970-01-01", "id_number": number(1), "sex": "male" });
    let second = made(&app, "person", second).await?;
    assert_eq!(
        second.text("/warnings/0/rule"),
        "possible_duplicate",
        "{}",
        second.body
    );
    let goes = second.text("/record/id").to_owned();
    let sheet = "姓名,出生日期,身份证号\n".to_owned() + &format!("张三,1970-01-01,{}\n", number(2));
    let trial = send(&app, "village", "person", "dry_run=true", sheet).await?;
    assert_eq!(
        trial.text("/warnings/0/code"),
        "possible_duplicate",
        "{}",
        trial.body
    );
    let holder = json!({ "person": goes, "post": "secretary", "since": "2024-01-01" });
    let holder = made(&app, "post_holder", holder)
        .await?
        .text("/record/id")
        .to_owned();
    let course = json!({ "name": "培训", "organiser": "city", "begins": "2026-05-01", "ends": "2026-05-03", "attendees": [stays, goes] });
    let course = post(
        &app,
        "city",
        "/ledgers/training/records",
        "",
        json!({ "values": course }),
    )
    .await?;
    assert_eq!(course.status, 201, "{}", course.body);
    let path = format!("/ledgers/person/records/{goes}/merge");
    let third = json!({ "name": "张三", "birth": "1970-01-01", "id_number": number(3) });
    let third = made(&app, "person", third).await?;
    let third = third.text("/record/id").to_owned();
    let body = json!({ "into": third, "revision": 1, "reason": "误" });
    let two = post(&app, "village", &path, "\"1\"", body).await?;
    let told = (two.status, two.text("/code"), two.text("/field"));
    assert_eq!(told, (409, "wrong_state", "id_number"), "{}", two.body);
    let merge =
        |revision: i64| json!({ "into": stays, "revision": revision, "reason": "同一人重复登记" });
    for (login, tag, body, status) in [
        ("village", "\"1\"", merge(7), 412),
        ("village", "\"2\"", merge(1), 412),
        ("village2", "\"1\"", merge(1), 404),
        ("city", "\"1\"", merge(1), 403),
        (
            "village",
            "\"1\"",
            json!({ "into": goes, "revision": 1, "reason": "误" }),
            422,
        ),
        (
            "village",
            "\"1\"",
            json!({ "into": stays, "revision": 1, "reason": "" }),
            422,
        ),
    ] {
        let refused = post(&app, login, &path, tag, body).await?;
        assert_eq!(refused.status, status, "{login}: {}", refused.body);
    }
    let one = post(&app, "village", &path, "\"1\"", merge(1)).await?;
    assert_eq!((one.status, one.etag()), (200, "\"2\""), "{}", one.body);
    assert_eq!(one.text("/values/sex"), "male");
    assert_eq!(one.text("/values/phone"), "138****5678");
    assert!(one.text("/values/id_number").ends_with(&number(1)[14..]));
    let seen = get(
        &app,
        "village",
        &format!("/ledgers/post_holder/records/{holder}"),
    )
    .await?;
    assert_eq!(
        (seen.text("/values/person"), seen.etag()),
        (stays.as_str(), "\"2\"")
    );
    let course = course.text("/record/id");
    let seen = get(&app, "city", &format!("/ledgers/training/records/{course}")).await?;
    assert_eq!(
        seen.at("/values/attendees"),
        &json!([stays]),
        "{}",
        seen.body
    );
    let gone = get(&app, "village", &format!("/ledgers/person/records/{goes}")).await?;
    assert_eq!(gone.at("/deleted"), &json!(true));
    let versions = get(
        &app,
        "village",
        &format!("/ledgers/person/records/{goes}/versions"),
    )
    .await?;
    assert_eq!(
        versions.text("/items/0/action"),
        "merged",
        "{}",
        versions.body
    );
    assert_eq!(versions.text("/items/0/reason"), "同一人重复登记");
    assert_eq!(total(&app, "person").await?, 2);
    app.settle()?;
    let figures = get(&app, "city", "/metrics/M02.trained/figures?period=2026").await?;
    let figures = (
        figures.at("/total/numerator"),
        figures.at("/total/denominator"),
    );
    assert_eq!(figures, (&json!(1), &json!(1)));
    let events = get(&app, "admin", "/events?limit=200").await?;
    assert!(
        events.body.to_string().contains("record.merged"),
        "{}",
        events.body
    );
    let again = post(&app, "village", &path, "\"2\"", merge(2)).await?;
    assert_eq!((again.status, again.text("/code")), (409, "wrong_state"));
    Ok(())
}
