//! The rules as the browser's code has them, for the test that holds them to the same vectors as the server.

use serde::Deserialize;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::wasm_bindgen;
use zhenxing_domain::package::{FieldValue, FormDef};
use zhenxing_domain::period::Period;

/// A report as it is filled in.
#[derive(Deserialize)]
struct Vector {
    period: String,
    values: BTreeMap<String, FieldValue>,
    previous: Option<BTreeMap<String, FieldValue>>,
    explanations: BTreeMap<String, String>,
    source_document: Option<String>,
}

/// What the rules of a form find, as JSON: `definition` is the form as the API gives it, `vector` a report.
///
/// # Errors
/// A text that cannot be read.
#[wasm_bindgen]
pub fn verdict(definition: &str, vector: &str) -> Result<String, String> {
    let form: FormDef = zhenxing_client::read(definition).map_err(|error| error.to_string())?;
    let vector: Vector = serde_json::from_str(vector).map_err(|error| error.to_string())?;
    let period = Period::parse(&vector.period).map_err(|error| error.to_string())?;
    let mut findings = form.check(
        &vector.values,
        vector.previous.as_ref(),
        &vector.explanations,
    );
    findings.extend(form.check_source(period, vector.source_document.as_deref()));
    serde_json::to_string(&findings).map_err(|error| error.to_string())
}

fn main() {}
