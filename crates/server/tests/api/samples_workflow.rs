//! Valid requests of the workflow: the grid, many reports at once.

use crate::samples::{Fixture, Sample};
use crate::steps::values;
use serde_json::{Value, json};

fn read(operation: &'static str, path: String, login: &'static str) -> Sample {
    Sample {
        operation,
        method: "GET",
        path,
        login,
        ..Sample::default()
    }
}

fn write(operation: &'static str, path: &str, login: &'static str, body: Value) -> Sample {
    Sample {
        operation,
        method: "POST",
        path: path.to_owned(),
        login,
        body: Some(body),
        ..Sample::default()
    }
}

impl Fixture {
    /// A valid request for every operation of the workflow.
    pub fn workflow_samples(&self) -> Vec<Sample> {
        let asked = [("form", "M12"), ("period", "2024"), ("limit", "3")];
        let rows = json!([{ "unit": self.unit, "values": values(7_500_000) }]);
        vec![
            Sample {
                query: asked.map(|(name, value)| (name, value.to_owned())).to_vec(),
                ..read("get_grid", "/reports/grid".to_owned(), "township")
            },
            write(
                "bulk_save_reports",
                "/reports/bulk-save",
                "township",
                json!({ "form": "M12", "period": "2026", "rows": rows }),
            ),
            write(
                "bulk_act_on_reports",
                "/reports/bulk-act",
                "township",
                json!({ "action": "check", "reports": [{ "id": self.report, "revision": 3 }] }),
            ),
        ]
    }
}
