//! Problems (RFC 9457) with a stable code.

use crate::report::Finding;

wire! {
    /// Why a request was not done. Served as `application/problem+json`.
    pub struct Problem {
        /// `urn:zhenxing:problem:` and the code.
        pub r#type: String,
        /// The HTTP status.
        pub status: u16,
        /// The stable code; programs decide by this.
        pub code: String,
        /// What is wrong, short, in the language asked by Accept-Language (Chinese unless English comes first).
        pub title: String,
        /// What is wrong here and what to do, in the same language.
        pub detail: String,
        /// The field, parameter or header that failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub field: Option<String>,
        /// What the form's rules found, when a report is refused by them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub findings: Vec<Finding>,
        /// Faulty lines of a file, when an import is refused.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub lines: Vec<LineError>,
    }
}

wire! {
    /// A faulty line of a file.
    pub struct LineError {
        /// The line, counted from one; the header is line one.
        pub line: u64,
        /// The column's name, where one column is at fault.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub column: Option<String>,
        /// A stable name of the fault.
        pub code: String,
        /// What is wrong and what to do.
        pub message: String,
    }
}
