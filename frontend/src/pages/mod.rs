//! The pages, one a file.

pub mod admin;
pub mod entry;
pub mod extension;
pub mod feedback;
#[cfg(feature = "administration")]
pub mod figures;
pub mod grid;
pub mod history;
pub mod keys;
pub mod leave;
#[cfg(feature = "administration")]
pub mod ledgers;
pub mod mine;
pub mod my_forms;
pub mod overview;
pub mod password;
pub mod reports;
pub mod review;
pub mod sign_in;
pub mod source;
#[cfg(feature = "administration")]
pub mod statistics;
#[cfg(feature = "administration")]
pub mod targets;
#[cfg(feature = "administration")]
pub mod tasks;
pub mod typed;
#[cfg(feature = "administration")]
pub mod views;
pub mod workbench;

use crate::components::{Card, PageHeader};
use crate::i18n::use_language;
use crate::routes::Route;
use yew::prelude::*;
use yew_router::prelude::*;

/// The page of an address.
pub fn page(route: Route) -> Html {
    match route {
        Route::Workbench => html! { <workbench::Workbench /> },
        Route::Overview => html! { <overview::Overview /> },
        Route::Reports => html! { <reports::Reports /> },
        Route::Grid => html! { <grid::Grid /> },
        Route::Report { id } => html! { <entry::Entry {id} /> },
        Route::Review => html! { <review::Review /> },
        Route::Mine => html! { <mine::Mine /> },
        Route::Feedback => html! { <feedback::FeedbackPage /> },
        Route::Password => html! { <password::Password /> },
        Route::NotFound => html! { <NotFound /> },
        other => administration(other),
    }
}

/// 任务, 台账, 目标值, 统计分析, 由来 and 系统管理, which the browser does not load first.
#[cfg(not(feature = "administration"))]
fn administration(_: Route) -> Html {
    html! { <crate::handover::Onward /> }
}

/// 任务, 台账, 目标值, 统计分析, 由来 and 系统管理
#[cfg(feature = "administration")]
fn administration(route: Route) -> Html {
    match route {
        Route::Tasks => html! { <tasks::Tasks /> },
        Route::Task { id } => html! { <tasks::TaskPage {id} /> },
        Route::Ledgers => html! { <ledgers::Ledgers /> },
        Route::Ledger { code } => ledger(code, None),
        Route::Record { code, id } => ledger(code, Some(id)),
        Route::NewRecord { code } => html! { <ledgers::NewRecord {code} /> },
        Route::ImportRecords { code } => html! { <ledgers::ImportRecords {code} /> },
        Route::EditRecord { code, id } => html! { <ledgers::EditRecord {code} {id} /> },
        Route::Targets => html! { <targets::TargetsPage /> },
        Route::Statistics => html! { <statistics::StatisticsPage /> },
        Route::Figure { code } => html! { <figures::FigurePage {code} /> },
        Route::Departments => html! { <admin::people::Departments /> },
        Route::Users => html! { <admin::people::Users /> },
        Route::User { login } => html! { <admin::people::UserPage {login} /> },
        Route::Units => html! { <admin::units::Units /> },
        Route::Tags => html! { <admin::tags::Tags /> },
        Route::Periods => html! { <admin::periods::Periods /> },
        Route::Programme => html! { <admin::programme::ProgrammePage /> },
        Route::Audit => html! { <admin::audit::Audit /> },
        _ => html! { <NotFound /> },
    }
}

/// A ledger, with a record beside it or without: its page stays while one record after the other is opened.
#[cfg(feature = "administration")]
fn ledger(code: String, id: Option<uuid::Uuid>) -> Html {
    let key = format!("ledger-{code}");
    html! { <ledgers::LedgerPage {key} {code} {id} /> }
}

/// An address without a page.
#[function_component]
fn NotFound() -> Html {
    use_language();
    html! {
        <><PageHeader title={t!("not-found")} />
        <Card title={t!("not-found-title")}><p>{ t!("not-found-text") }</p>
            <p><Link<Route> to={Route::Workbench}>{ t!("back-to-workbench") }</Link<Route>></p></Card></>
    }
}
