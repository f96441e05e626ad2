//! Checks each answer against the API's own description.

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// The description, with every object closed: a field that it does not name is a fault.
pub struct Contract {
    document: Value,
    /// What checks each schema that was asked for.
    validators: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl Contract {
    /// Reads a description.
    ///
    /// # Errors
    /// When it is no JSON, or has a schema that says nothing.
    pub fn new(text: &str) -> Result<Contract, String> {
        let mut document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let schemas = document
            .pointer_mut("/components/schemas")
            .ok_or("no schemas")?;
        close(schemas, "schemas")?;
        Ok(Contract {
            document,
            validators: Mutex::default(),
        })
    }

    /// Finds the operation of a request: its path in the description and its own object.
    fn operation(&self, method: &str, path: &str) -> Option<(String, &Value)> {
        let paths = self.document.get("paths")?.as_object()?;
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let words: Vec<&str> = template.split('/').collect();
            words.len() == parts.len()
                && words
                    .iter()
                    .zip(&parts)
                    .all(|(word, part)| word.starts_with('{') || word == part)
        };
        let mut found: Vec<(&String, &Value)> = paths
            .iter()
            .filter(|(template, item)| fits(template) && item.get(method).is_some())
            .collect();
        found.sort_by_key(|(template, _)| template.matches('{').count());
        let (template, item) = found.first()?;
        Some(((*template).clone(), item.get(method)?))
    }

    /// What is wrong with an answer, if anything; a right one is noted for the coverage.
    ///
    /// # Errors
    /// A sentence that names the operation.
    pub fn check(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: Option<&Value>,
    ) -> Result<(), String> {
        let method = method.to_ascii_lowercase();
        let path = path.split('?').next().unwrap_or(path);
        let Some((template, operation)) = self.operation(&method, path) else {
            return Err(format!("{method} {path} is not described"));
        };
        // What is spelled out for one ledger is seen for all of them.
        let general = operation.get("x-template").and_then(Value::as_str);
        let template = general.unwrap_or(&template);
        let name = format!("{} {template} {status}", method.to_ascii_uppercase());
        let response = operation
            .get("responses")
            .and_then(|all| all.get(status.to_string()));
        let response =
            response.ok_or_else(|| format!("{name} is not described; the body was {body:?}"))?;
        let schema = response
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.values().next())
            .and_then(|content| content.get("schema"));
        match (schema, body) {
            (None, None) => {}
            (Some(schema), Some(body)) => self.validate(&name, schema, body)?,
            (schema, body) => {
                return Err(format!(
                    "{name}: the description says {schema:?}, the body is {body:?}"
                ));
            }
        }
        note(&name)
    }

    /// What is wrong with a body that the server took, if anything.
    ///
    /// # Errors
    /// A sentence that names the operation.
    pub fn check_sent(
        &self,
        method: &str,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<(), String> {
        let method = method.to_ascii_lowercase();
        let path = path.split('?').next().unwrap_or(path);
        let found = self.operation(&method, path);
        let schema = found
            .as_ref()
            .and_then(|(_, operation)| operation.pointer("/requestBody/content/application~1json"))
            .and_then(|content| content.get("schema"));
        let (Some(schema), Some(body)) = (schema, body) else {
            return Ok(());
        };
        let body: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
        self.validate(&format!("what was sent to {method} {path}"), schema, &body)
    }

    fn validate(&self, name: &str, schema: &Value, body: &Value) -> Result<(), String> {
        let validator = self.validator(name, schema)?;
        let faults: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if faults.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "{name} differs from its description: {}",
                faults.join("; ")
            ))
        }
    }

    fn validator(&self, name: &str, schema: &Value) -> Result<Arc<Validator>, String> {
        let key = schema.to_string();
        let mut known = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = known.get(&key) {
            return Ok(Arc::clone(validator));
        }
        let whole = json!({
            "allOf": [schema],
            "components": self.document.get("components"),
        });
        let made = jsonschema::validator_for(&whole).map_err(|error| format!("{name}: {error}"))?;
        let made = Arc::new(made);
        known.insert(key, Arc::clone(&made));
        Ok(made)
    }
}

/// Closes every object, and refuses schemas that say nothing.
fn close(value: &mut Value, at: &str) -> Result<(), String> {
    match value {
        Value::Object(map) => {
            if map.contains_key("properties") && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            for (key, inner) in map.iter_mut() {
                let place = format!("{at}/{key}");
                if is_schema_place(at) && inner.as_object().is_some_and(Map::is_empty) {
                    return Err(format!("the schema {place} says nothing"));
                }
                close(inner, &place)?;
            }
            Ok(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(|inner| close(inner, at)),
        _ => Ok(()),
    }
}

fn is_schema_place(at: &str) -> bool {
    at == "schemas" || at.ends_with("/properties")
}

fn note(line: &str) -> Result<(), String> {
    let Some(folder) = std::env::var_os("ZHENXING_COVERAGE_DIR") else {
        return Ok(());
    };
    let file = std::path::Path::new(&folder).join(format!("{}.log", std::process::id()));
    let open = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&file);
    // One write a line: tests of one process write at the same time.
    open.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()))
        .map_err(|error| format!("{}: {error}", file.display()))
}
