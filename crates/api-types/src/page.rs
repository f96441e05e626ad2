//! Keyset pages.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows, in the order of the list.
    pub items: Vec<T>,
    /// Hand this back as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many rows the whole list has; only when `total=true` was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}
