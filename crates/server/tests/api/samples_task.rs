//! Valid requests of the operations on tasks.

use crate::samples::{Fixture, Sample};
use serde_json::{Value, json};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

/// Tasks that the fixture has.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    /// The first village's.
    pub own: String,
    /// The second village's.
    pub foreign: String,
    /// What the second village asked about it.
    pub request: String,
    /// A file of a note that the second village wrote on it.
    pub file: String,
}

/// Hands M12 of 2026 to both villages; the second asks for more time.
///
/// # Errors
/// When an answer is not as described.
pub async fn make(
    app: &TestApp,
    city: &str,
    second: &str,
    units: [&str; 2],
) -> Result<Tasks, Fault> {
    let mut made = Vec::new();
    for unit in units {
        let body = json!({ "matter": "M12", "period": "2026", "unit": unit, "due": "2026-12-20" });
        let task = app
            .call("POST", "/tasks", Ask::by(city).json(&body))
            .await?;
        assert_eq!(task.status, 201, "{}", task.body);
        made.push(task.text("/id").to_owned());
    }
    let [own, foreign] = <[String; 2]>::try_from(made).map_err(|_| "two tasks")?;
    let ask = json!({ "kind": "extension", "until": "2026-12-28", "reason": "账目未结" });
    let path = format!("/tasks/{foreign}/requests");
    let asked = app.call("POST", &path, Ask::by(second).json(&ask)).await?;
    assert_eq!(asked.status, 201, "{}", asked.body);
    let file = hand_in(app, second, "合同.pdf", PDF).await?;
    let file = file.text("/id").to_owned();
    let note = json!({ "words": "合同见附件", "files": [file] });
    let path = format!("/tasks/{foreign}/notes");
    let noted = app.call("POST", &path, Ask::by(second).json(&note)).await?;
    assert_eq!(noted.status, 201, "{}", noted.body);
    Ok(Tasks {
        own,
        foreign,
        request: asked.text("/id").to_owned(),
        file,
    })
}

/// The beginning of a PDF, which is enough to be known as one.
pub const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";

/// Hands a file in.
///
/// # Errors
/// When the answer is not as described.
pub async fn hand_in(
    app: &TestApp,
    token: &str,
    name: &str,
    bytes: &[u8],
) -> Result<Answer, Fault> {
    let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let ask = Ask::by(token).bytes(bytes);
    app.call("POST", &format!("/files?name={name}"), ask).await
}

/// One for each operation.
pub fn samples(fixture: &Fixture) -> Vec<Sample> {
    let own = format!("/tasks/{}", fixture.tasks.own);
    let foreign = format!("/tasks/{}", fixture.tasks.foreign);
    let file = format!("/files/{}", fixture.tasks.file);
    let get = |operation, path: &str, login, query: Vec<(&'static str, &str)>| Sample {
        operation,
        method: "GET",
        path: path.to_owned(),
        query: query
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect(),
        login,
        ..Sample::default()
    };
    let post = |operation, path: String, login, tag, body: Value| Sample {
        operation,
        method: "POST",
        path,
        login,
        tag,
        body: Some(body),
        ..Sample::default()
    };
    let one = Some("\"1\"");
    let seen = json!([{ "id": fixture.tasks.own, "revision": 3 }]);
    vec![
        get(
            "list_tasks",
            "/tasks",
            "township",
            vec![("matter", "M12"), ("total", "true"), ("limit", "1")],
        ),
        get("get_task", &own, "village", Vec::new()),
        get(
            "get_task_tree",
            "/tasks/tree",
            "city",
            vec![("matter", "M12")],
        ),
        get("get_task_progress", "/tasks/progress", "city", Vec::new()),
        get(
            "list_task_entries",
            &format!("{foreign}/entries"),
            "village2",
            Vec::new(),
        ),
        get(
            "list_task_requests",
            &format!("{foreign}/requests"),
            "township",
            Vec::new(),
        ),
        post(
            "create_task",
            "/tasks".to_owned(),
            "county",
            None,
            json!({ "matter": "M03", "period": "2026", "unit": fixture.unit, "due": "2026-12-20" }),
        ),
        post(
            "create_hand_down",
            "/hand-downs".to_owned(),
            "city",
            None,
            json!({ "matter": "M12", "period": "2027", "to": { "type": "level", "level": "village", "kinds": ["administrative_village"] }, "due": "2027-12-20" }),
        ),
        post(
            "create_task_note",
            format!("{own}/notes"),
            "village",
            None,
            json!({ "words": "合同已签" }),
        ),
        Sample {
            operation: "add_file",
            method: "POST",
            path: "/files".to_owned(),
            query: vec![("name", "a.pdf".to_owned())],
            login: "village",
            bytes: Some(PDF.to_vec()),
            ..Sample::default()
        },
        get("list_tags", "/tags", "village", Vec::new()),
        get(
            "list_unit_tags",
            "/unit-tags",
            "city",
            vec![("tag", "重点村"), ("limit", "1")],
        ),
        post(
            "tag_units",
            "/unit-tags".to_owned(),
            "admin",
            None,
            json!({ "tag": "重点村", "units": [fixture.unit], "authority": "县委组织部", "valid_from": "2026-01-01" }),
        ),
        post(
            "end_unit_tags",
            "/unit-tags/end".to_owned(),
            "admin",
            None,
            json!({ "tag": "重点村", "units": [fixture.unit], "valid_to": "2026-12-01", "reason": "已验收" }),
        ),
        get("get_file", &file, "village2", Vec::new()),
        get(
            "get_file_content",
            &format!("{file}/content"),
            "township",
            Vec::new(),
        ),
        post(
            "act_on_task",
            format!("{own}/actions"),
            "village",
            one,
            json!({ "action": "accept" }),
        ),
        post(
            "ask_about_task",
            format!("{own}/requests"),
            "village",
            None,
            json!({ "kind": "reassignment", "reason": "由邻村办理更合适" }),
        ),
        post(
            "bulk_act_on_tasks",
            "/tasks/bulk-act".to_owned(),
            "township",
            None,
            json!({ "action": "suspend", "words": "等待政策", "tasks": seen }),
        ),
        post(
            "decide_task_request",
            format!("{foreign}/requests/{}/actions", fixture.tasks.request),
            "township",
            one,
            json!({ "action": "grant" }),
        ),
    ]
}
