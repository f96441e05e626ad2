//! The same script gives equal bodies on both databases, ids and times aside: both are compared with what is kept.

use crate::samples::{Fixture, snapshot};
use crate::steps::act;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zhenxing_test_support::Fault;

/// Ids, times, tokens and cursors become signs.
fn without_chance(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                if matches!(
                    key.as_str(),
                    "access_token" | "refresh_token" | "next_cursor" | "password"
                ) && inner.is_string()
                {
                    *inner = json!(format!("<{key}>"));
                } else if key == "database" {
                    *inner = json!("<database>");
                } else {
                    without_chance(inner);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_chance),
        Value::String(text) => {
            let bytes = text.as_bytes();
            if is_id(text) {
                *text = "<id>".to_owned();
            } else if let Some((before, _)) = text.rsplit_once(' ').filter(|(_, id)| is_id(id)) {
                // An event names a record by its ledger and its number.
                *text = format!("{before} <id>");
            } else if text.len() >= 20
                && bytes.get(4) == Some(&b'-')
                && bytes.get(10) == Some(&b'T')
            {
                *text = "<time>".to_owned();
            } else if let Some((before, after)) = text.split_once("截至") {
                // A file says until when its figures are in, to the minute.
                let rest: String = after.chars().skip("2026-11-25 11:00".len()).collect();
                *text = format!("{before}截至<time>{rest}");
            }
        }
        _ => {}
    }
}

fn is_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.len() == 36 && bytes.get(8) == Some(&b'-') && bytes.get(23) == Some(&b'-')
}

#[actix_web::test]
async fn bodies_are_equal_on_both_databases() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let mut lines = Vec::new();
    let mut whole = Vec::new();
    let mut keep = |step: &str, operation: &str, status: u16, mut body: Value| {
        without_chance(&mut body);
        let text = body.to_string();
        let hash = Sha256::digest(text.as_bytes());
        let short: String = hash
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        lines.push(format!(
            "{step} {operation} {status} {} bytes {short}",
            text.len()
        ));
        whole.push(format!("{step} {operation} {status} {text}"));
    };
    let samples = fixture.samples();
    let (last, first): (Vec<_>, Vec<_>) = samples
        .iter()
        .partition(|sample| sample.operation.starts_with("sign_out"));
    for sample in &first {
        let answer = fixture.send(sample).await?;
        keep("first", sample.operation, answer.status, answer.body);
    }
    for (login, action) in [("township", "check"), ("county", "approve")] {
        let done = act(
            &fixture.app,
            &fixture.token(login),
            &fixture.report,
            json!({ "action": action }),
        )
        .await?;
        keep("then", action, done.status, done.body);
    }
    fixture.app.settle()?;
    for sample in first.iter().filter(|sample| sample.method == "GET") {
        let mut sample = (*sample).clone();
        sample.query.retain(|(name, _)| *name != "unit");
        if sample.login == "village" {
            sample.login = "county";
        }
        let answer = fixture.send(&sample).await?;
        keep("after", sample.operation, answer.status, answer.body);
    }
    for sample in &last {
        let answer = fixture.send(sample).await?;
        keep("last", sample.operation, answer.status, answer.body);
    }
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!(
        "bodies-{}.txt",
        std::env::var("ZHENXING_TEST_DATABASE").unwrap_or_else(|_| "sqlite".to_owned())
    ));
    std::fs::write(&file, whole.join("\n"))?;
    println!("the bodies themselves: {}", file.display());
    snapshot("bodies.txt", &(lines.join("\n") + "\n"))
}
