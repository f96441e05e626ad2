//! Valid requests of the workflow: the grid, many reports at once, comparisons, extensions, phrases.

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
            read(
                "get_comparison",
                format!("/reports/{}/comparison", self.report),
                "village",
            ),
            Sample {
                query: vec![("form", "M12".to_owned())],
                ..read("list_extensions", "/extensions".to_owned(), "township")
            },
            read(
                "get_extension",
                format!("/extensions/{}", self.extension),
                "village2",
            ),
            write(
                "ask_extension",
                "/extensions",
                "village",
                json!({ "form": "M12", "unit": self.unit, "period": "2026", "until": "2026-12-25", "reason": "账目未结" }),
            ),
            Sample {
                tag: Some("\"1\""),
                ..write(
                    "act_on_extension",
                    &format!("/extensions/{}/actions", self.extension),
                    "township",
                    json!({ "action": "grant" }),
                )
            },
            read("list_phrases", "/phrases".to_owned(), "township"),
            write(
                "keep_phrase",
                "/phrases",
                "township",
                json!({ "text": "请附收入明细。" }),
            ),
            Sample {
                method: "DELETE",
                ..read(
                    "remove_phrase",
                    format!("/phrases/{}", self.phrase),
                    "township",
                )
            },
        ]
    }
}
