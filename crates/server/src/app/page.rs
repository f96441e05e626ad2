//! Keyset pages: how long they are, and the cursors between them.

use super::{AppError, AppResult, Code};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use zhenxing_api_types::Page;

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct PageAsk {
    /// How many rows.
    pub limit: Option<i64>,
    /// Where to go on.
    pub cursor: Option<String>,
    /// Whether the total is wanted.
    pub total: bool,
}

impl PageAsk {
    /// How many rows to give: 1 to 200, 50 when nothing is said.
    ///
    /// # Errors
    /// A refusal that names `limit`.
    pub fn limit(&self) -> AppResult<i64> {
        match self.limit {
            None => Ok(50),
            Some(limit) if (1..=200).contains(&limit) => Ok(limit),
            Some(_) => Err(AppError::refused(
                Code::InvalidParameter,
                Some("limit"),
                "每页条数应在1到200之间",
                "`limit` lies between 1 and 200",
            )),
        }
    }

    /// The last row's key, if the cursor belongs to this list with these filters.
    ///
    /// # Errors
    /// A refusal that names `cursor`.
    pub fn after<K: DeserializeOwned>(&self, filters: &impl Serialize) -> AppResult<Option<K>> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let read = || {
            let (hash, rest) = cursor.split_once('.')?;
            if hash != digest(filters) {
                return None;
            }
            serde_json::from_slice(&unhex(rest)?).ok()
        };
        read().map(Some).ok_or_else(|| {
            AppError::refused(
                Code::InvalidCursor,
                Some("cursor"),
                "翻页位置与当前列表或筛选条件不符，请从第一页重新查询",
                "The cursor does not belong to this list and its filters; begin at the first page",
            )
        })
    }
}

/// A page from rows of which one more than the limit was asked.
pub fn page<T, K: Serialize>(
    mut rows: Vec<T>,
    limit: i64,
    filters: &impl Serialize,
    key: impl Fn(&T) -> K,
) -> Page<T> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let next_cursor = rows.last().filter(|_| more).map(|last| {
        let key = serde_json::to_vec(&key(last)).unwrap_or_default();
        format!("{}.{}", digest(filters), hex(&key))
    });
    Page {
        items: rows,
        next_cursor,
        total: None,
    }
}

/// A list that is whole.
pub fn whole<T>(items: Vec<T>) -> Page<T> {
    Page {
        items,
        next_cursor: None,
        total: None,
    }
}

fn digest(filters: &impl Serialize) -> String {
    let text = serde_json::to_vec(filters).unwrap_or_default();
    let hash = Sha256::digest(text);
    hex(hash.get(..8).unwrap_or_default())
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes from hexadecimal digits.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}
