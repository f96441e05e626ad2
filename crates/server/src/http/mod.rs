//! The HTTP API: each handler takes a request apart, calls one use case and answers.

pub mod audit;
pub mod department;
pub mod event;
pub mod explanation;
pub mod extension;
pub mod extract;
pub mod feedback;
pub mod figure;
pub mod file;
pub mod health;
pub mod ledger;
pub mod limit;
pub mod map;
pub mod openapi;
mod openapi_records;
pub mod phrase;
pub mod problem;
pub mod programme;
pub mod report;
pub mod report_bulk;
pub mod roster;
pub mod session;
pub mod statistics;
pub mod tag;
pub mod target;
pub mod task;
pub mod trace;
pub mod unit;
pub mod unit_change;
pub mod user;
pub mod view;
pub mod workbench;

use crate::app::error::{AppError, Code};
use crate::app::{App, AppResult};
use actix_web::web;
use problem::Failure;
use std::sync::Arc;
use zhenxing_storage::audit::on_behalf_of;

/// What handlers give back.
pub type Handled = Result<actix_web::HttpResponse, Failure>;

/// Where the API stands.
pub const BASE: &str = "/api/v1";

/// Runs blocking work beside the event loop, in the order in which it came: as much at once as there are connections, so that
/// nobody waits for one while others that came later are given theirs.
///
/// # Errors
/// What the work returns.
pub async fn block<T: Send + 'static>(
    app: web::Data<App>,
    work: impl FnOnce(&App) -> AppResult<T> + Send + 'static,
) -> Result<T, Failure> {
    let origin = trace::origin();
    let turn = Arc::clone(&app.turns).acquire_owned().await;
    let worked = web::block(move || {
        let done = on_behalf_of(origin, || work(&app));
        drop(turn);
        done
    });
    match worked.await {
        Ok(done) => Ok(done?),
        Err(error) => Err(AppError::Internal(format!("the work was not started: {error}")).into()),
    }
}

/// Every route of the API, below [`BASE`].
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope(BASE)
            .app_data(web::PayloadConfig::new(1 << 20))
            .app_data(extract::query_config())
            .configure(session::routes)
            .configure(unit::routes)
            .configure(unit_change::routes)
            .configure(programme::routes)
            .configure(report_bulk::routes)
            .configure(map::routes)
            .configure(report::routes)
            .configure(extension::routes)
            .configure(phrase::routes)
            .configure(task::routes)
            .configure(figure::routes)
            .configure(file::routes)
            .configure(tag::routes)
            .configure(ledger::routes)
            .configure(roster::routes)
            .configure(statistics::routes)
            .configure(explanation::routes)
            .configure(view::routes)
            .configure(target::routes)
            .configure(feedback::routes)
            .configure(workbench::routes)
            .configure(user::routes)
            .configure(department::routes)
            .configure(event::routes)
            .configure(audit::routes)
            .configure(health::routes)
            .configure(openapi::routes)
            .default_service(web::to(unknown)),
    );
}

async fn unknown() -> Handled {
    Err(AppError::refused(
        Code::NotFound,
        None,
        "没有这个接口地址",
        "There is nothing at this address",
    )
    .into())
}
