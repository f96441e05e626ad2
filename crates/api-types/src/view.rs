//! Saved views (常用视图).

use crate::unit::UnitRef;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::collections::BTreeMap;
use uuid::Uuid;

mirror! {
    /// With whom a view is shared.
    Share from zhenxing_domain::view::Share {
        /// 仅本人
        Nobody,
        /// 本单位及以下
        UnitAndBelow,
        /// 全市
        Everybody,
    }
}

/// The page that a view is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ViewPage {
    /// 统计分析
    Statistics,
    /// 工作台账: each ledger has views of its own.
    Ledger,
}

wire! {
    /// A view: what a page's address asks for, under a name.
    pub struct View {
        /// Its number.
        pub id: Uuid,
        /// The page.
        pub page: ViewPage,
        /// The ledger's code, where the page is that of a ledger.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub ledger: Option<String>,
        /// The name.
        pub name: String,
        /// What stands behind `?` in the page's address.
        pub query: String,
        /// With whom it is shared.
        pub share: Share,
        /// Whether the asker made it, and may change it.
        pub own: bool,
        /// The unit of who made it.
        pub unit: UnitRef,
        /// Grows with every change.
        pub revision: i64,
        /// When it was changed last.
        pub updated_at: chrono::DateTime<chrono::Utc>,
    }
}

wire! {
    /// Saves a view.
    #[serde(deny_unknown_fields)]
    pub struct SaveView {
        /// The page.
        pub page: ViewPage,
        /// The ledger's code, where the page is that of a ledger; its query then holds declared filters alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub ledger: Option<String>,
        /// The name, 1 to 60 characters.
        pub name: String,
        /// What stands behind `?` in the page's address, up to 6,000 characters.
        pub query: String,
        /// With whom it is shared.
        pub share: Share,
    }
}

/// What stands in a query as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b',')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_')
    .remove(b':');

/// A query as a view keeps it: the text behind `?` in a page's address.
pub fn query_text(query: &BTreeMap<String, String>) -> String {
    let plain = |text: &str| utf8_percent_encode(text, PLAIN).to_string();
    let pairs = query.iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", plain(name), plain(value)));
    pairs.collect::<Vec<String>>().join("&")
}

/// The parts of such a text; nothing where it is none.
pub fn query_parts(text: &str) -> Option<BTreeMap<String, String>> {
    let plain = |text: &str| {
        let text = text.replace('+', " ");
        let read = percent_decode_str(&text).decode_utf8().ok()?;
        Some(read.into_owned())
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some((plain(name)?, plain(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{query_parts, query_text};

    #[test]
    fn a_query_is_read_back() {
        let text = "f.since=2024-01-01..&periods=2024..2025&q=%E5%BC%A0%20%26";
        let parts = query_parts(text).unwrap_or_default();
        assert_eq!(parts.get("q").map(String::as_str), Some("张 &"));
        assert_eq!(query_text(&parts), text);
        assert_eq!(query_parts("q=%E5"), None);
        assert_eq!(query_parts("q"), None);
    }
}
