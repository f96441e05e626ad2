//! Bad input as a table: every operation of the description against every fault that fits it. The faults of an
//! operation are made from its own description, so what is new has its row or the test fails.

use crate::samples::{Fixture, Sample, description, operations, snapshot};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

/// One cell: a name and the request that has the fault.
struct Cell {
    fault: String,
    sample: Sample,
    /// What stands in for the account's token.
    token: Option<String>,
    /// The header If-Match, or its absence.
    tag: Option<Option<&'static str>>,
    /// A further header.
    header: Option<(&'static str, String)>,
}

impl Cell {
    fn new(fault: impl Into<String>, sample: Sample) -> Cell {
        Cell {
            fault: fault.into(),
            sample,
            token: None,
            tag: None,
            header: None,
        }
    }

    async fn send(&self, fixture: &Fixture) -> Result<Answer, Fault> {
        let mut sample = self.sample.clone();
        if let Some(tag) = self.tag {
            sample.tag = tag;
        }
        let token = match &self.token {
            Some(token) => token.clone(),
            None => fixture.token(sample.login),
        };
        let mut ask = sample.ask().signed(&token);
        if let Some((name, value)) = &self.header {
            ask = ask.header(name, value);
        }
        fixture
            .app
            .call(sample.method, &sample.address(), ask)
            .await
    }
}

const LONG: usize = 2_001;

/// A value that a parameter of that name never takes.
fn wrong(name: &str) -> &'static str {
    match name {
        "limit" | "after" => "many",
        "total" | "dry_run" => "maybe",
        "level" => "galaxy",
        "state" | "status" => "lost",
        "on" | "period" => "soon",
        "cursor" => "abc",
        "form" | "matter" | "project" => "M99",
        "unit" | "parent" => "999999999999",
        _ => "",
    }
}

fn query_cells(operation: &Value, sample: &Sample, fixture: &Fixture, cells: &mut Vec<Cell>) {
    let parameters = operation["parameters"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let names: Vec<String> = parameters
        .iter()
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
        .collect();
    let with = |name: &str, value: &str| {
        let mut changed = sample.clone();
        changed.query.retain(|(own, _)| *own != name);
        let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
        changed.query.push((name, value.to_owned()));
        changed
    };
    for name in &names {
        if !wrong(name).is_empty() {
            cells.push(Cell::new(format!("wrong {name}"), with(name, wrong(name))));
        }
        cells.push(Cell::new(
            format!("over-long {name}"),
            with(name, &"x".repeat(LONG)),
        ));
        if name == "period" {
            for (fault, value) in WRONG_PERIODS {
                cells.push(Cell::new(format!("{fault} {name}"), with(name, value)));
            }
        }
        if (name == "unit" || name == "parent") && sample.login == "village" {
            cells.push(Cell::new(
                format!("foreign {name}"),
                with(name, &fixture.foreign_unit),
            ));
        }
        if parameters.iter().any(|one| {
            one["name"] == name.as_str() && one["required"] == true && one["in"] == "query"
        }) {
            let mut without = sample.clone();
            without.query.retain(|(own, _)| own != name);
            cells.push(Cell::new(format!("missing {name}"), without));
        }
    }
    if !names.is_empty() {
        cells.push(Cell::new("unknown parameter", with("colour", "red")));
    }
}

const WRONG_PERIODS: [(&str, &str); 3] = [
    ("wrong cadence of", "2025-01"),
    ("too early", "1999"),
    ("not yet opened", "2999"),
];

fn path_cells(operation: &Value, sample: &Sample, fixture: &Fixture, cells: &mut Vec<Cell>) {
    let parameters = operation["parameters"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    for parameter in parameters
        .iter()
        .filter(|parameter| parameter["in"] == "path")
    {
        let name = parameter["name"].as_str().unwrap_or_default();
        let own = match name {
            "period" | "department" => sample.path.rsplit('/').next().unwrap_or_default(),
            _ => sample.path.split('/').nth(2).unwrap_or_default(),
        };
        let with = |value: &str| Sample {
            path: sample.path.replacen(own, value, 1),
            ..sample.clone()
        };
        cells.push(Cell::new(
            format!("malformed {name}"),
            with("no-such-thing"),
        ));
        cells.push(Cell::new(
            format!("over-long {name}"),
            with(&"x".repeat(LONG)),
        ));
        match name {
            "id" => {
                let unknown = "01932c07-209a-7c5d-8000-000000000000";
                cells.push(Cell::new("unknown id", with(unknown)));
                if sample.path.starts_with("/reports/") {
                    cells.push(Cell::new(
                        "foreign unit's id",
                        with(&fixture.foreign_report),
                    ));
                }
            }
            "period" => {
                for (fault, value) in WRONG_PERIODS {
                    cells.push(Cell::new(format!("{fault} {name}"), with(value)));
                }
            }
            _ if sample.path.starts_with("/units/") => {
                cells.push(Cell::new("foreign unit", with(&fixture.foreign_unit)));
                cells.push(Cell::new("unknown code", with("999999999999")));
            }
            _ => cells.push(Cell::new("unknown code", with("M99"))),
        }
    }
}

/// A JSON value of another type than the schema's.
fn of_another_type(schema: &Value) -> Value {
    let kind = |name: &str| {
        schema["type"] == name
            || schema["type"]
                .as_array()
                .is_some_and(|all| all.contains(&json!(name)))
    };
    if kind("object") || schema.get("$ref").is_some() || kind("boolean") {
        json!(7)
    } else {
        json!({ "a": [] })
    }
}

fn body_cells(
    description: &Value,
    operation: &Value,
    sample: &Sample,
    fixture: &Fixture,
    cells: &mut Vec<Cell>,
) {
    let Some(content) = operation.pointer("/requestBody/content") else {
        return;
    };
    let bytes = |fault: &str, bytes: Vec<u8>| {
        let sample = Sample {
            body: None,
            bytes: Some(bytes),
            ..sample.clone()
        };
        Cell::new(fault, sample)
    };
    cells.push(bytes("body too large", vec![b' '; 17 << 20]));
    cells.push(bytes("body not UTF-8", vec![0xFF, 0xFE, 0x7B]));
    let nothing = Value::Null;
    let schema = content
        .pointer("/application~1json/schema")
        .unwrap_or(&nothing);
    let Some(body) = sample.body.clone().filter(|_| !schema.is_null()) else {
        return;
    };
    cells.push(bytes("body not JSON", b"{".to_vec()));
    cells.push(bytes("body of another shape", b"[1]".to_vec()));
    let name = schema["$ref"].as_str().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    let schema = description.pointer(&format!("/components/schemas/{name}"));
    let schema = schema.unwrap_or(&nothing);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = body.clone();
        change(&mut changed);
        Sample {
            body: Some(changed),
            ..sample.clone()
        }
    };
    cells.push(Cell::new(
        "unknown field",
        with(&|body| body["colour"] = json!("red")),
    ));
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for field in required.iter().filter_map(Value::as_str) {
        let without = with(&|body| {
            body.as_object_mut().map(|map| map.remove(field));
        });
        cells.push(Cell::new(format!("missing {field}"), without));
    }
    for (field, kind) in schema["properties"].as_object().into_iter().flatten() {
        let other = of_another_type(kind);
        cells.push(Cell::new(
            format!("wrong type of {field}"),
            with(&|body| body[field] = other.clone()),
        ));
        let long = match field.as_str() {
            "values" => json!({ "operating": 1, "note": "长".repeat(LONG) }),
            "explanations" => json!({ "jump": "长".repeat(LONG) }),
            "field_reasons" => json!({ "operating": "长".repeat(LONG) }),
            _ if kind["type"] == "boolean" => continue,
            _ => json!("长".repeat(LONG)),
        };
        cells.push(Cell::new(
            format!("over-long {field}"),
            with(&|body| body[field] = long.clone()),
        ));
        match field.as_str() {
            "period" => {
                for (fault, value) in WRONG_PERIODS {
                    cells.push(Cell::new(
                        format!("{fault} {field}"),
                        with(&|body| body[field] = json!(value)),
                    ));
                }
            }
            "unit" => {
                let unknown = json!("999999999999");
                cells.push(Cell::new(
                    "unknown unit",
                    with(&|body| body[field] = unknown.clone()),
                ));
                // To those above both villages no unit is foreign.
                if !["admin", "county", "city"].contains(&sample.login) {
                    cells.push(Cell::new(
                        "foreign unit",
                        with(&|body| body[field] = json!(fixture.foreign_unit)),
                    ));
                }
            }
            "form" => cells.push(Cell::new(
                "unknown form",
                with(&|body| body[field] = json!("M99")),
            )),
            "id" => {
                let old = json!("0b0f5c9e-4f6c-4d8a-9c70-3f0f3f0f3f0f");
                cells.push(Cell::new(
                    "id that is no UUIDv7",
                    with(&|body| body[field] = old.clone()),
                ));
                let taken = match sample.operation {
                    "create_record" => json!(fixture.records.person),
                    _ => json!(fixture.report),
                };
                cells.push(Cell::new(
                    "id that is taken",
                    with(&|body| body[field] = taken.clone()),
                ));
            }
            "values" => {
                for (fault, value) in [
                    ("text for money", json!({ "operating": "many" })),
                    ("negative money", json!({ "operating": -1 })),
                    ("money beyond all bounds", json!({ "operating": i64::MAX })),
                    ("unknown field in values", json!({ "colour": 1 })),
                ] {
                    cells.push(Cell::new(fault, with(&|body| body[field] = value.clone())));
                }
            }
            _ => {}
        }
    }
    locked_cells(sample, fixture, cells);
}

/// Writes into a locked period.
fn locked_cells(sample: &Sample, fixture: &Fixture, cells: &mut Vec<Cell>) {
    let mut changed = sample.clone();
    match sample.operation {
        "create_report" => {
            if let Some(body) = changed.body.as_mut() {
                body["period"] = json!("2022");
            }
        }
        "save_report" | "act_on_report" => {
            changed.path = sample.path.replace(&fixture.report, &fixture.locked_report);
            changed.tag = Some("\"1\"");
        }
        _ => return,
    }
    cells.push(Cell::new("locked period", changed));
}

async fn token_cells(
    operation: &Value,
    sample: &Sample,
    fixture: &Fixture,
    cells: &mut Vec<Cell>,
) -> Result<(), Fault> {
    if operation.get("security").is_some() {
        return Ok(());
    }
    let ended = fixture.app.sign_in(sample.login).await?;
    fixture
        .app
        .call("DELETE", "/session", Ask::by(&ended))
        .await?;
    let secret = &fixture.app.app.settings.data_dir.join("jwt-secret");
    let secret = std::fs::read_to_string(secret)?;
    let claims = |exp: i64| json!({ "sub": "1", "sid": 1, "iat": 1_700_000_000, "exp": exp });
    let signed = |secret: &str, exp: i64| {
        let key = EncodingKey::from_secret(secret.trim().as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims(exp), &key)
    };
    for (fault, token) in [
        ("no token", String::new()),
        ("malformed token", "a.b.c".to_owned()),
        ("expired token", signed(&secret, 1_700_000_900)?),
        (
            "token signed by another",
            signed("another secret of the same length", 9_999_999_999)?,
        ),
        ("stolen token of an ended session", ended),
    ] {
        let mut cell = Cell::new(fault, sample.clone());
        if token.is_empty() {
            cell.sample.login = "";
        } else {
            cell.token = Some(token);
        }
        cells.push(cell);
    }
    Ok(())
}

fn header_cells(operation: &Value, sample: &Sample, cells: &mut Vec<Cell>) {
    let has = |name: &str| {
        let all = operation["parameters"].as_array().into_iter().flatten();
        all.filter(|one| one["in"] == "header")
            .any(|one| one["name"] == name)
    };
    if has("If-Match") {
        for (fault, tag) in [
            ("no If-Match", None),
            ("malformed If-Match", Some("abc")),
            ("stale If-Match", Some("\"99\"")),
        ] {
            let mut cell = Cell::new(fault, sample.clone());
            cell.tag = Some(tag);
            cells.push(cell);
        }
    }
    if has("Idempotency-Key") {
        let mut cell = Cell::new("over-long Idempotency-Key", sample.clone());
        cell.header = Some(("Idempotency-Key", "k".repeat(LONG)));
        cells.push(cell);
    }
    if sample.operation == "act_on_report" {
        for action in ["return", "revise"] {
            let body = json!({ "action": action });
            let login = if action == "return" {
                "township"
            } else {
                "county"
            };
            let sample = Sample {
                body: Some(body),
                login,
                tag: Some("\"1\""),
                ..sample.clone()
            };
            cells.push(Cell::new(
                format!("{action} in the wrong state, without a reason"),
                sample,
            ));
        }
    }
}

fn told(answer: &Answer) -> String {
    format!(
        "{} {} {}",
        answer.status,
        answer.text("/code"),
        answer.text("/field")
    )
    .trim_end()
    .to_owned()
}

#[actix_web::test]
async fn every_operation_refuses_every_fault() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let description = description()?;
    let operations = operations(&description);
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    for sample in fixture.samples() {
        let operation = operations.get(sample.operation).ok_or("the operation")?;
        let mut cells = Vec::new();
        query_cells(operation, &sample, &fixture, &mut cells);
        path_cells(operation, &sample, &fixture, &mut cells);
        body_cells(&description, operation, &sample, &fixture, &mut cells);
        header_cells(operation, &sample, &mut cells);
        token_cells(operation, &sample, &fixture, &mut cells).await?;
        for cell in cells {
            let answer = match cell.send(&fixture).await {
                Ok(answer) => answer,
                Err(error) => {
                    wrong.push(format!("{}: {}: {error}", sample.operation, cell.fault));
                    continue;
                }
            };
            lines.push(format!(
                "{} | {} | {}",
                sample.operation,
                cell.fault,
                told(&answer)
            ));
            let refused = (400..500).contains(&answer.status);
            let texts = !answer.text("/title").is_empty() && !answer.text("/detail").is_empty();
            if !refused || !texts {
                let name = format!("{}: {}", sample.operation, cell.fault);
                wrong.push(format!("{name}: {} {}", answer.status, answer.body));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Nothing was changed: the reports are as they were, and each valid request still has its effect.
    for id in [
        &fixture.report,
        &fixture.foreign_report,
        &fixture.locked_report,
    ] {
        let ask = Ask::by(&fixture.token("county"));
        let report = fixture
            .app
            .call("GET", &format!("/reports/{id}"), ask)
            .await?;
        assert_eq!(report.etag(), "\"1\"");
    }
    for sample in fixture.samples() {
        let operation = operations.get(sample.operation).ok_or("the operation")?;
        let keyed = operation["parameters"].as_array().into_iter().flatten();
        if !keyed.clone().any(|one| one["name"] == "Idempotency-Key") {
            let answer = fixture.send(&sample).await?;
            assert!(answer.status < 300, "{}: {}", sample.operation, answer.body);
            continue;
        }
        let mut cell = Cell::new("", sample.clone());
        cell.header = Some(("Idempotency-Key", "one".to_owned()));
        let first = cell.send(&fixture).await?;
        let again = cell.send(&fixture).await?;
        assert!(first.status < 300, "{}: {}", sample.operation, first.body);
        assert_eq!(
            (first.status, &first.body, first.etag()),
            (again.status, &again.body, again.etag())
        );
        lines.push(format!(
            "{} | repeated key, same body | {} as before",
            sample.operation, again.status
        ));
        if let Some(bytes) = cell.sample.bytes.as_mut() {
            bytes.push(b'\n');
        }
        if let Some(body) = cell.sample.body.as_mut() {
            match sample.operation {
                "act_on_report" => *body = json!({ "action": "submit", "reason": "另一个内容" }),
                "keep_phrase" => body["text"] = json!("另一个内容"),
                "ask_extension"
                | "act_on_extension"
                | "bulk_act_on_reports"
                | "create_unit_change"
                | "withdraw_unit_change"
                | "set_targets"
                | "end_unit_tags"
                | "withdraw_targets" => {
                    body["reason"] = json!("另一个内容");
                }
                "bulk_save_reports" => body["submit"] = json!(true),
                "create_user" | "create_department" | "generate_users" | "save_view" => {
                    body["name"] = json!("另一个名称")
                }
                "create_record" => body["values"]["name"] = json!("另一个名称"),
                "edit_record" | "move_record" | "delete_record" | "restore_record"
                | "merge_records" | "replace_term" => {
                    body["reason"] = json!("另一个内容");
                }
                "tag_units" => body["authority"] = json!("另一个单位"),
                "create_task" | "create_hand_down" => body["note"] = json!("另一个内容"),
                "create_task_note" | "act_on_task" | "bulk_act_on_tasks" => {
                    body["words"] = json!("另一个内容");
                }
                "ask_about_task" | "decide_task_request" => body["reason"] = json!("另一个内容"),
                "act_on_user" => body["from"] = json!("2026-12-01"),
                "create_feedback" | "act_on_feedback" => body["text"] = json!("另一个内容"),
                _ => body["explanations"] = json!({ "jump": "另一个内容" }),
            }
        }
        let other = cell.send(&fixture).await?;
        lines.push(format!(
            "{} | repeated key, another body | {}",
            sample.operation,
            told(&other)
        ));
        assert_eq!(other.status, 422);
    }
    lines.sort();
    snapshot("faults.txt", &(lines.join("\n") + "\n"))
}

#[actix_web::test]
async fn every_operation_can_be_too_much() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let samples = fixture.samples();
    let flags = ["--rate-limit", "1", "--sign-in-limit", "1"];
    let wish = Wish {
        flags: flags.map(str::to_owned).to_vec(),
        ..Wish::default()
    };
    let strict = TestApp::start_as(wish).await?;
    for sample in samples {
        let mut status = 0;
        // The first of a minute is let through; a minute may end between two requests.
        for _ in 0..4 {
            let answer = strict
                .call(sample.method, &sample.address(), sample.ask())
                .await?;
            status = answer.status;
            if status == 429 {
                assert!(answer.headers.contains_key("retry-after"));
                break;
            }
        }
        assert_eq!(status, 429, "{}", sample.operation);
    }
    Ok(())
}
