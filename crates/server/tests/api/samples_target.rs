//! Valid requests about targets.

use crate::samples::{Fixture, Sample};
use serde_json::{Value, json};

/// A valid request for every operation of targets: one is set, read and withdrawn.
pub fn samples(fixture: &Fixture) -> Vec<Sample> {
    let unit = fixture.unit.as_str();
    let metric = ("metric", "M12.income_total");
    let read = |operation, path: &str, login, query: &[(&'static str, &str)]| Sample {
        operation,
        method: "GET",
        path: path.to_owned(),
        query: query
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
        login,
        ..Sample::default()
    };
    let write = |operation, path: &str, body: Value| Sample {
        operation,
        method: "POST",
        path: path.to_owned(),
        login: "county",
        body: (!body.is_null()).then_some(body),
        ..Sample::default()
    };
    let item = json!({ "unit": unit, "by": "2026-12-31", "value": 8_000_000 });
    let gone = json!({ "unit": unit, "by": "2026-12-31", "version": 1 });
    let body = |items: Value, reason: &str| json!({ "metric": metric.1, "reason": reason, "items": [items] });
    let sheet = format!("单位编码,目标值,完成时限\n{unit},90000.00,2026-12-31\n");
    vec![
        write("set_targets", "/targets", body(item, "年度计划")),
        read(
            "list_targets",
            "/targets",
            "village",
            &[("unit", unit), ("matter", "M12")],
        ),
        read(
            "get_target_table",
            "/metrics/M12.income_total/targets",
            "village",
            &[("unit", unit)],
        ),
        read(
            "list_target_versions",
            "/targets/versions",
            "village",
            &[metric, ("unit", unit), ("by", "2026-12-31")],
        ),
        Sample {
            bytes: Some(sheet.into_bytes()),
            query: vec![(metric.0, metric.1.to_owned())],
            ..write("read_target_sheet", "/targets/sheet", Value::Null)
        },
        write(
            "withdraw_targets",
            "/targets/withdraw",
            body(gone, "计划取消"),
        ),
    ]
}
