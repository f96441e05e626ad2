//! The vectors that the rules are held to on every side: here natively, in the browser's code by the story.

use super::{period, shipped_package};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use zhenxing_domain::package::{FieldValue, Finding, FormDef, Severity};

type Values = BTreeMap<String, FieldValue>;

/// A report as it is filled in, and what has to be found.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    form: String,
    period: String,
    values: Values,
    previous: Option<Values>,
    explanations: BTreeMap<String, String>,
    source_document: Option<String>,
    verdict: Vec<Verdict>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Verdict {
    rule: String,
    field: Option<String>,
    severity: Severity,
    explained: bool,
}

impl From<Finding> for Verdict {
    fn from(finding: Finding) -> Self {
        Verdict {
            rule: finding.rule,
            field: finding.field,
            severity: finding.severity,
            explained: finding.explained,
        }
    }
}

impl Vector {
    fn found(&self, form: &FormDef) -> Vec<Verdict> {
        let own = form.check(&self.values, self.previous.as_ref(), &self.explanations);
        let source = form.check_source(period(&self.period), self.source_document.as_deref());
        own.into_iter().chain(source).map(Verdict::from).collect()
    }
}

fn vectors() -> Result<Vec<Vector>, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/rules.json");
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

#[test]
fn every_vector_has_its_verdict() {
    let package = shipped_package().unwrap();
    for vector in vectors().unwrap() {
        let at = period(&vector.period);
        let form = package.form_at(&vector.form, at).unwrap();
        assert_eq!(vector.found(form), vector.verdict, "{}", vector.name);
    }
}

#[test]
fn every_rule_of_every_form_is_broken_and_kept_by_a_vector() {
    let package = shipped_package().unwrap();
    let vectors = vectors().unwrap();
    for form in &package.forms {
        let own: Vec<&Vector> = vectors
            .iter()
            .filter(|vector| vector.form == form.code)
            .collect();
        let broken: BTreeSet<&str> = own
            .iter()
            .flat_map(|vector| vector.verdict.iter().map(|verdict| verdict.rule.as_str()))
            .collect();
        for rule in &form.rules {
            assert!(broken.contains(rule.code.as_str()), "{}", rule.code);
        }
        assert!(own.iter().any(|vector| vector.verdict.is_empty()));
    }
    let all: BTreeSet<&str> = vectors
        .iter()
        .flat_map(|vector| vector.verdict.iter().map(|verdict| verdict.rule.as_str()))
        .collect();
    for code in [
        "required",
        "source_document",
        "type",
        "range",
        "too_long",
        "personal_data",
        "unknown_field",
        "unknown_rule",
    ] {
        assert!(all.contains(code), "{code}");
    }
}
