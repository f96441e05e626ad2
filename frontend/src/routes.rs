//! The addresses of the workspace.

use uuid::Uuid;
use yew_router::prelude::*;

/// Every page.
#[derive(Debug, Clone, PartialEq, Routable)]
pub enum Route {
    /// 工作台
    #[at("/")]
    Workbench,
    /// 总体情况
    #[at("/overview")]
    Overview,
    /// 数据报送
    #[at("/reports")]
    Reports,
    /// One report: entry, or reading.
    #[at("/reports/:id")]
    Report {
        /// The report's number.
        id: Uuid,
    },
    /// 数据审核
    #[at("/review")]
    Review,
    /// Anything else.
    #[not_found]
    #[at("/404")]
    NotFound,
}
