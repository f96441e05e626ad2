//! Valid requests of the operations on many figures at once.

use crate::samples::{Fixture, Sample};

/// One for each operation.
pub fn samples(_fixture: &Fixture) -> Vec<Sample> {
    vec![Sample {
        operation: "get_statistics",
        method: "GET",
        path: "/statistics".to_owned(),
        query: vec![
            ("metrics", "M12.reach_50k,M12.income_total".to_owned()),
            ("periods", "2024..2025".to_owned()),
        ],
        login: "township",
        ..Sample::default()
    }]
}
