//! Valid requests of the operations on changes of the tree.

use crate::samples::{Fixture, Sample};
use serde_json::{Value, json};

/// One for each operation.
pub fn samples(fixture: &Fixture) -> Vec<Sample> {
    let change = format!("/unit-changes/{}", fixture.change);
    let get = |operation, path: String, login| Sample {
        operation,
        method: "GET",
        path,
        login,
        ..Sample::default()
    };
    let post = |operation, path: String, body: Value| Sample {
        operation,
        method: "POST",
        path,
        login: "admin",
        body: Some(body),
        ..Sample::default()
    };
    vec![
        get("list_unit_changes", "/unit-changes".to_owned(), "village2"),
        get("get_unit_change", change.clone(), "admin"),
        get(
            "list_unit_placements",
            format!("/units/{}/placements", fixture.unit),
            "village",
        ),
        Sample {
            query: vec![("dry_run", "false".to_owned())],
            ..post(
                "create_unit_change",
                "/unit-changes".to_owned(),
                json!({ "kind": "reclassify", "from": "2027-01-01", "units": [fixture.unit],
                        "unit_kind": "community", "reason": "沧民政〔2026〕2号" }),
            )
        },
        post(
            "withdraw_unit_change",
            format!("{change}/withdraw"),
            json!({ "reason": "名称另行报批" }),
        ),
    ]
}
