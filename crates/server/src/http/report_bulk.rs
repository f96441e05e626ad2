//! Many reports at once: `reports/grid`, `reports/bulk-save`, `reports/bulk-act`.

use super::extract::{Body, Signed, answered, json, page_ask, sent};
use super::report::DueQuery;
use super::{Handled, block};
use crate::app::App;
use actix_web::{HttpRequest, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::report_bulk::{BulkAct, BulkResult, BulkSave, Comparison, GridRow};

/// Stands before the routes of single reports, whose numbers would take these names.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(get_grid)
        .service(bulk_save_reports)
        .service(bulk_act_on_reports)
        .service(get_comparison);
}

/// Whether only a trial is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrialQuery {
    /// Says what would become of each row and changes nothing.
    dry_run: Option<bool>,
}

/// Units that are expected to report, with their values and those approved for the period before: the grid.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(DueQuery), responses((status = 200, description = "A page of the grid", body = Page<GridRow>)))]
#[get("/reports/grid")]
pub async fn get_grid(app: web::Data<App>, who: Signed, query: web::Query<DueQuery>) -> Handled {
    let (ask, limit, cursor) = query.into_inner().split();
    let page = page_ask(limit, cursor, None);
    json(&block(app, move |app| app.get_grid(&who.0, &ask, &page)).await?)
}

/// Saves many units' values of one form and period (批量填报), begins drafts where there are none, and submits if asked.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(TrialQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = BulkSave, responses((status = 200, description = "Row by row", body = BulkResult)))]
#[post("/reports/bulk-save")]
pub async fn bulk_save_reports(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    query: web::Query<TrialQuery>,
    body: Body<BulkSave>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let dry_run = query.dry_run.unwrap_or(false);
    let answer = block(app, move |app| {
        app.bulk_save(&who.0, &sent, &body.value, dry_run)
    })
    .await?;
    Ok(answered(answer))
}

/// Checks (审核), approves (审定) or returns (退回修改) many reports: those named, or those that a filter finds.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(TrialQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = BulkAct, responses((status = 200, description = "Row by row", body = BulkResult)))]
#[post("/reports/bulk-act")]
pub async fn bulk_act_on_reports(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    query: web::Query<TrialQuery>,
    body: Body<BulkAct>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let dry_run = query.dry_run.unwrap_or(false);
    let answer = block(app, move |app| {
        app.bulk_act(&who.0, &sent, &body.value, dry_run)
    })
    .await?;
    Ok(answered(answer))
}

/// A report beside last period, last year and the median of its neighbours.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("id" = String, Path, description = "The report's number")), responses((status = 200, description = "The comparison", body = Comparison)))]
#[get("/reports/{id}/comparison")]
pub async fn get_comparison(app: web::Data<App>, who: Signed, id: web::Path<String>) -> Handled {
    json(&block(app, move |app| app.get_comparison(&who.0, &id)).await?)
}
