//! Valid requests of the operations on ledgers and their records.

use crate::samples::{Fixture, Sample};
use serde_json::{Value, json};
use zhenxing_test_support::{Ask, Fault, TestApp};

/// Records that the fixture has.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// A person of the first village.
    pub person: String,
    /// Another, who is deleted.
    pub gone: String,
    /// A person of the second village.
    pub foreign: String,
    /// A weak party organisation that the township found in the first village.
    pub case: String,
}

/// An identity number that no answer may show.
const NUMBER: &str = "11010519491231002X";

/// Enters the records.
///
/// # Errors
/// When an answer is not as described.
pub async fn make(
    app: &TestApp,
    [village, second, township]: [&str; 3],
    unit: &str,
) -> Result<Records, Fault> {
    let mut made = Vec::new();
    for (token, ledger, body) in [
        (
            village,
            "person",
            json!({ "values": { "name": "张三", "id_number": NUMBER } }),
        ),
        (village, "person", json!({ "values": { "name": "误录" } })),
        (second, "person", json!({ "values": { "name": "李四" } })),
        (
            township,
            "weak_branch",
            json!({ "unit": unit, "values": { "summary": "班子不团结", "found_on": "2026-03-01" } }),
        ),
    ] {
        let path = format!("/ledgers/{ledger}/records");
        let answer = app.call("POST", &path, Ask::by(token).json(&body)).await?;
        assert_eq!(answer.status, 201, "{}", answer.body);
        made.push(answer.text("/record/id").to_owned());
    }
    let [person, gone, foreign, case] =
        <[String; 4]>::try_from(made).map_err(|_| "four records")?;
    let ask = Ask::by(village).header("If-Match", "\"1\"");
    let ask = ask.json(&json!({ "reason": "误录" }));
    let path = format!("/ledgers/person/records/{gone}/delete");
    let deleted = app.call("POST", &path, ask).await?;
    assert_eq!(deleted.status, 200, "{}", deleted.body);
    Ok(Records {
        person,
        gone,
        foreign,
        case,
    })
}

/// Samples of the operations.
pub fn samples(fixture: &Fixture) -> Vec<Sample> {
    let get = |operation, path: String, query: &[(&'static str, &str)]| Sample {
        operation,
        method: "GET",
        path,
        query: query
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
        login: "village",
        ..Sample::default()
    };
    let write = |operation, method, path: String, login, tag, body: Value| Sample {
        operation,
        method,
        path,
        login,
        tag,
        body: Some(body),
        ..Sample::default()
    };
    let records = &fixture.records;
    let person = format!("/ledgers/person/records/{}", records.person);
    let gone = format!("/ledgers/person/records/{}", records.gone);
    let case = format!("/ledgers/weak_branch/records/{}", records.case);
    let foreign = format!("/ledgers/person/records/{}", records.foreign);
    let (one, two, three) = (Some("\"1\""), Some("\"2\""), Some("\"3\""));
    let why = json!({ "reason": "重复登记" });
    vec![
        get("list_ledgers", "/ledgers".to_owned(), &[]),
        get("get_ledger", "/ledgers/person".to_owned(), &[]),
        get(
            "list_records",
            "/ledgers/person/records".to_owned(),
            &[("sort", "title"), ("limit", "1"), ("total", "true")],
        ),
        get(
            "list_figure_records",
            "/metrics/M02.trained/records".to_owned(),
            &[
                ("period", "2025"),
                ("unit", &fixture.unit),
                ("side", "denominator"),
                ("limit", "3"),
            ],
        ),
        get("get_record", person.clone(), &[]),
        get(
            "list_record_versions",
            format!("{person}/versions"),
            &[("limit", "1")],
        ),
        write(
            "create_record",
            "POST",
            "/ledgers/person/records".to_owned(),
            "village",
            None,
            json!({ "values": { "name": "王五", "birth": "1980-01-01" } }),
        ),
        write(
            "reveal_record_field",
            "POST",
            format!("{person}/reveal"),
            "village",
            None,
            json!({ "field": "id_number", "reason": "核对身份" }),
        ),
        write(
            "edit_record",
            "PUT",
            person.clone(),
            "village",
            one,
            json!({ "values": { "name": "张三", "sex": "male" }, "reason": "补充性别" }),
        ),
        write(
            "move_record",
            "POST",
            format!("{case}/moves"),
            "county",
            one,
            json!({ "action": "return_finding", "reason": "请补充问题" }),
        ),
        write(
            "restore_record",
            "POST",
            format!("{gone}/restore"),
            "village",
            two,
            why.clone(),
        ),
        Sample {
            operation: "import_roster",
            method: "POST",
            path: "/ledgers/person/imports".to_owned(),
            query: vec![("dry_run", "false".to_owned())],
            login: "village",
            bytes: Some("姓名,性别\n赵六,男\n".into()),
            ..Sample::default()
        },
        write(
            "replace_term",
            "POST",
            "/ledgers/post_holder/replacements".to_owned(),
            "village",
            None,
            json!({
                "day": "2026-06-01",
                "common": { "term_no": "十二" },
                "units": [{ "unit": fixture.unit, "records": [
                    { "values": { "post": "secretary" }, "people": { "person": { "name": "孙七", "birth": "1980-01-01" } } },
                ] }],
            }),
        ),
        write(
            "merge_records",
            "POST",
            format!("{foreign}/merge"),
            "township",
            one,
            json!({ "into": records.person, "revision": 2, "reason": "同一人重复登记" }),
        ),
        write(
            "delete_record",
            "POST",
            format!("{person}/delete"),
            "village",
            three,
            why,
        ),
    ]
}
