//! Saved views (常用视图).

use crate::unit::UnitRef;
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
}

wire! {
    /// A view: what a page's address asks for, under a name.
    pub struct View {
        /// Its number.
        pub id: Uuid,
        /// The page.
        pub page: ViewPage,
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
        /// The name, 1 to 60 characters.
        pub name: String,
        /// What stands behind `?` in the page's address, up to 6,000 characters.
        pub query: String,
        /// With whom it is shared.
        pub share: Share,
    }
}
