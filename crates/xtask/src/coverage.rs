//! Which documented answers the tests have seen.

use crate::process::{self, Done};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// Every `METHOD /path` of a document with its documented statuses. What is spelled out for one ledger is part of the
/// general operation that it names.
pub fn operations(document: &Value) -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let own = item
                .get(method)
                .filter(|one| one.get("x-template").is_none());
            let Some(operation) = own else {
                continue;
            };
            let responses = operation.get("responses").and_then(Value::as_object);
            let statuses = responses
                .into_iter()
                .flatten()
                .map(|(status, _)| status.clone());
            found.push((
                format!("{} {path}", method.to_uppercase()),
                statuses.collect(),
            ));
        }
    }
    found
}

/// Fails with a list of the documented answers that no line in the logs shows.
pub fn check(document: &Value, folder: &Path) -> Done<String> {
    let seen = seen(folder)?;
    let mut wanted: usize = 0;
    let mut missing = Vec::new();
    for (operation, statuses) in operations(document) {
        for status in statuses {
            wanted = wanted.saturating_add(1);
            let line = format!("{operation} {status}");
            if !seen.contains(&line) {
                missing.push(line);
            }
        }
    }
    if wanted == 0 {
        return Err("openapi.json documents no answers".to_owned());
    }
    if missing.is_empty() {
        return Ok(format!("{wanted} documented answers seen"));
    }
    let list = missing.join("\n  ");
    Err(format!(
        "{} of {wanted} documented answers were never seen:\n  {list}",
        missing.len()
    ))
}

fn seen(folder: &Path) -> Done<BTreeSet<String>> {
    let mut lines = BTreeSet::new();
    for file in process::files_below(folder) {
        if file.extension().is_some_and(|end| end == "log") {
            lines.extend(
                process::read_text(&file)?
                    .lines()
                    .map(|line| line.trim().to_owned()),
            );
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_nobody_saw_is_named() {
        let document = serde_json::json!({
            "paths": {
                "/units/{id}": { "get": { "responses": { "200": {}, "404": {} } } },
                "/units/first": { "get": { "x-template": "/units/{id}", "responses": { "200": {} } } },
            }
        });
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.log"), "GET /units/{id} 200\n").unwrap();
        let said = check(&document, folder.path()).unwrap_err();
        assert!(
            said.contains("1 of 2") && said.contains("GET /units/{id} 404"),
            "{said}"
        );
        std::fs::write(folder.path().join("b.log"), "GET /units/{id} 404\n").unwrap();
        assert_eq!(
            check(&document, folder.path()).unwrap(),
            "2 documented answers seen"
        );
    }
}
