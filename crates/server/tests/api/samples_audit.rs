//! Valid requests for the audit trail.

use crate::samples::{Fixture, Sample};

impl Fixture {
    pub(crate) fn audit_samples(&self) -> Vec<Sample> {
        let filters = [
            ("from", "2026-01-01T00:00:00Z"),
            ("to", "2026-01-02T00:00:00Z"),
            ("kind", "change"),
            ("account", "village"),
            ("unit", self.unit.as_str()),
            ("outcome", "ok"),
        ];
        let read = |operation, path: &str| Sample {
            operation,
            method: "GET",
            path: path.to_owned(),
            query: filters
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            login: "auditor",
            ..Sample::default()
        };
        vec![
            read("list_audit", "/audit"),
            read("export_audit", "/audit/export"),
        ]
    }
}
