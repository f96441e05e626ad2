//! Valid requests of the operations on many figures at once and on saved views.

use crate::samples::{Fixture, Sample};
use serde_json::{Value, json};
use zhenxing_test_support::{Ask, Fault, TestApp};

fn body(name: &str, share: &str) -> Value {
    json!({ "page": "statistics", "name": name, "query": "metrics=M12.income_total&periods=2024..2025", "share": share })
}

/// A view that an account shares with its unit and below.
pub async fn shared_view(app: &TestApp, token: &str) -> Result<String, Fault> {
    let ask = Ask::by(token).json(&body("村集体收入", "unit_and_below"));
    let saved = app.call("POST", "/views", ask).await?;
    assert_eq!(saved.status, 201, "{}", saved.body);
    Ok(saved.text("/id").to_owned())
}

/// One for each operation.
pub fn samples(fixture: &Fixture) -> Vec<Sample> {
    let one = format!("/views/{}", fixture.view);
    vec![
        Sample {
            operation: "get_statistics",
            method: "GET",
            path: "/statistics".to_owned(),
            query: vec![
                ("metrics", "M12.reach_50k,M12.income_total".to_owned()),
                ("periods", "2024..2025".to_owned()),
            ],
            login: "township",
            ..Sample::default()
        },
        Sample {
            operation: "export_statistics",
            method: "GET",
            path: "/statistics/export".to_owned(),
            query: vec![
                ("format", "csv".to_owned()),
                ("metrics", "M12.reach_50k,M12.income_total".to_owned()),
                ("periods", "2024..2025".to_owned()),
            ],
            login: "township",
            ..Sample::default()
        },
        Sample {
            operation: "get_explanation",
            method: "GET",
            path: "/metrics/M12.reach_50k/explanation".to_owned(),
            query: vec![
                ("period", "2024".to_owned()),
                ("unit", fixture.unit.clone()),
                ("limit", "3".to_owned()),
            ],
            login: "village",
            ..Sample::default()
        },
        Sample {
            operation: "export_explanation",
            method: "GET",
            path: "/metrics/M12.reach_50k/explanation/export".to_owned(),
            query: vec![("format", "csv".to_owned()), ("period", "2024".to_owned())],
            login: "township",
            ..Sample::default()
        },
        Sample {
            operation: "list_latest_changes",
            method: "GET",
            path: "/overview/changes".to_owned(),
            query: vec![("unit", fixture.unit.clone())],
            login: "village",
            ..Sample::default()
        },
        Sample {
            operation: "list_views",
            method: "GET",
            path: "/views".to_owned(),
            query: vec![("page", "statistics".to_owned())],
            login: "village",
            ..Sample::default()
        },
        Sample {
            operation: "get_view",
            method: "GET",
            path: one.clone(),
            login: "village",
            ..Sample::default()
        },
        Sample {
            operation: "save_view",
            method: "POST",
            path: "/views".to_owned(),
            login: "city",
            body: Some(body("各县村集体收入", "everybody")),
            ..Sample::default()
        },
        Sample {
            operation: "replace_view",
            method: "PUT",
            path: one.clone(),
            login: "township",
            tag: Some("\"1\""),
            body: Some(body("村集体经济收入", "nobody")),
            ..Sample::default()
        },
        Sample {
            operation: "remove_view",
            method: "DELETE",
            path: one,
            login: "township",
            ..Sample::default()
        },
    ]
}
