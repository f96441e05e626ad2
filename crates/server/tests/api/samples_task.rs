//! Valid requests of the operations on tasks.

use crate::samples::{Fixture, Sample};
use serde_json::{Value, json};
use zhenxing_test_support::{Ask, Fault, TestApp};

/// Tasks that the fixture has.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    /// The first village's.
    pub own: String,
    /// The second village's.
    pub foreign: String,
    /// What the second village asked about it.
    pub request: String,
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
    Ok(Tasks {
        own,
        foreign,
        request: asked.text("/id").to_owned(),
    })
}

/// One for each operation.
pub fn samples(fixture: &Fixture) -> Vec<Sample> {
    let own = format!("/tasks/{}", fixture.tasks.own);
    let foreign = format!("/tasks/{}", fixture.tasks.foreign);
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
