//! Valid requests of the operations on complaints and suggestions.

use crate::samples::{Fixture, Sample};
use serde_json::json;

/// One for each operation.
pub fn samples(fixture: &Fixture) -> Vec<Sample> {
    let one = format!("/feedback/{}", fixture.feedback);
    let get = |operation, path: &str, login| Sample {
        operation,
        method: "GET",
        path: path.to_owned(),
        login,
        ..Sample::default()
    };
    vec![
        get("list_feedback", "/feedback", "village"),
        get("get_feedback", &one, "village"),
        get("get_feedback_summary", "/feedback/summary", "township"),
        Sample {
            operation: "create_feedback",
            method: "POST",
            path: "/feedback".to_owned(),
            login: "village",
            body: Some(
                json!({ "kind": "burden_complaint", "text": "同一数据重复要报", "page": "/reports", "to": "city", "contact_consent": false }),
            ),
            ..Sample::default()
        },
        Sample {
            operation: "act_on_feedback",
            method: "POST",
            path: format!("{one}/actions"),
            login: "township",
            tag: Some("\"1\""),
            body: Some(json!({ "action": "accept", "text": "已转有关科室" })),
            ..Sample::default()
        },
    ]
}
