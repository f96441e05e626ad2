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
    /// 任务分解
    #[at("/tasks")]
    Tasks,
    /// One task.
    #[at("/tasks/:id")]
    Task {
        /// The task's number.
        id: Uuid,
    },
    /// 目标值
    #[at("/targets")]
    Targets,
    /// 统计分析
    #[at("/statistics")]
    Statistics,
    /// 由来: where a figure comes from.
    #[at("/figures/:code")]
    Figure {
        /// The metric's code.
        code: String,
    },
    /// 数据报送
    #[at("/reports")]
    Reports,
    /// 成批填报: a township's villages in one table.
    #[at("/reports/grid")]
    Grid,
    /// One report: entry, or reading.
    #[at("/reports/:id")]
    Report {
        /// The report's number.
        id: Uuid,
    },
    /// 数据审核
    #[at("/review")]
    Review,
    /// 工作台账
    #[at("/ledgers")]
    Ledgers,
    /// One ledger.
    #[at("/ledgers/:code")]
    Ledger {
        /// The ledger's code.
        code: String,
    },
    /// A record that is entered.
    #[at("/ledgers/:code/new")]
    NewRecord {
        /// The ledger's code.
        code: String,
    },
    /// Records that come from a sheet.
    #[at("/ledgers/:code/import")]
    ImportRecords {
        /// The ledger's code.
        code: String,
    },
    /// One ledger with a record beside it.
    #[at("/ledgers/:code/:id")]
    Record {
        /// The ledger's code.
        code: String,
        /// The record's number.
        id: Uuid,
    },
    /// A record that is changed.
    #[at("/ledgers/:code/:id/edit")]
    EditRecord {
        /// The ledger's code.
        code: String,
        /// The record's number.
        id: Uuid,
    },
    /// 我的
    #[at("/mine")]
    Mine,
    /// 意见建议
    #[at("/feedback")]
    Feedback,
    /// 修改密码
    #[at("/mine/password")]
    Password,
    /// 部门
    #[at("/admin/departments")]
    Departments,
    /// 用户与授权
    #[at("/admin/users")]
    Users,
    /// One account.
    #[at("/admin/users/:login")]
    User {
        /// The name to sign in with.
        login: String,
    },
    /// 单位
    #[at("/admin/units")]
    Units,
    /// 单位标签
    #[at("/admin/tags")]
    Tags,
    /// 期次与期限
    #[at("/admin/periods")]
    Periods,
    /// 方案
    #[at("/admin/programme")]
    Programme,
    /// 审计
    #[at("/admin/audit")]
    Audit,
    /// Anything else.
    #[not_found]
    #[at("/404")]
    NotFound,
}

impl Route {
    /// The page of the navigation under which this one stands.
    pub fn section(&self) -> Route {
        match self {
            Route::Report { .. } | Route::Grid => Route::Reports,
            Route::Task { .. } | Route::Targets => Route::Tasks,
            Route::User { .. } => Route::Users,
            Route::Ledger { .. }
            | Route::Record { .. }
            | Route::NewRecord { .. }
            | Route::ImportRecords { .. }
            | Route::EditRecord { .. } => Route::Ledgers,
            Route::Figure { .. } => Route::Overview,
            Route::Password => Route::Mine,
            other => other.clone(),
        }
    }
}
