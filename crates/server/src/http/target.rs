//! `targets`.

use super::extract::{Body, Raw, Signed, answered, json, sent};
use super::{Handled, block};
use crate::app::App;
use actix_web::{HttpRequest, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::target::{
    SetTargets, TargetResult, TargetSheet, TargetTable, TargetVersion, UnitTargets, WithdrawTargets,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_targets)
        .service(set_targets)
        .service(withdraw_targets)
        .service(read_target_sheet)
        .service(list_target_versions)
        .service(get_target_table);
}

/// Of which unit and matter.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TargetQuery {
    /// The unit's code; the asker's own without it.
    unit: Option<String>,
    /// The matter's code; all of them without it.
    matter: Option<String>,
}

/// The targets of a unit (目标值), by metric and day.
#[utoipa::path(tag = "targets", context_path = "/api/v1", params(TargetQuery), responses((status = 200, description = "The targets", body = UnitTargets)))]
#[get("/targets")]
pub async fn list_targets(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<TargetQuery>,
) -> Handled {
    let work = move |app: &App| {
        app.list_unit_targets(&who.0, query.unit.as_deref(), query.matter.as_deref())
    };
    json(&block(app, work).await?)
}

/// Of which unit.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TableQuery {
    /// The unit's code; the asker's own without it.
    unit: Option<String>,
}

/// The targets of a metric at a unit and directly below it: what each must reach by when, and whether they add up.
#[utoipa::path(tag = "targets", context_path = "/api/v1", params(("code" = String, Path, description = "The metric's code"), TableQuery), responses((status = 200, description = "The targets", body = TargetTable)))]
#[get("/metrics/{code}/targets")]
pub async fn get_target_table(
    app: web::Data<App>,
    who: Signed,
    code: web::Path<String>,
    query: web::Query<TableQuery>,
) -> Handled {
    let work = move |app: &App| app.get_target_table(&who.0, &code, query.unit.as_deref());
    json(&block(app, work).await?)
}

/// Whether only a trial is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrialQuery {
    /// Says what would become of each row and changes nothing.
    dry_run: Option<bool>,
}

/// Sets targets of one metric: those named, or one for each unit below by a rule. Rows that pass are set although others
/// do not.
#[utoipa::path(tag = "targets", context_path = "/api/v1", params(TrialQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = SetTargets, responses((status = 200, description = "Row by row", body = TargetResult)))]
#[post("/targets")]
pub async fn set_targets(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    query: web::Query<TrialQuery>,
    body: Body<SetTargets>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let dry_run = query.dry_run.unwrap_or(false);
    let work = move |app: &App| app.set_targets(&who.0, &sent, &body.value, dry_run);
    Ok(answered(block(app, work).await?))
}

/// Withdraws targets of one metric; their versions are kept.
#[utoipa::path(tag = "targets", context_path = "/api/v1", params(TrialQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = WithdrawTargets, responses((status = 200, description = "Row by row", body = TargetResult)))]
#[post("/targets/withdraw")]
pub async fn withdraw_targets(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    query: web::Query<TrialQuery>,
    body: Body<WithdrawTargets>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let dry_run = query.dry_run.unwrap_or(false);
    let work = move |app: &App| app.withdraw_targets(&who.0, &sent, &body.value, dry_run);
    Ok(answered(block(app, work).await?))
}

/// Of which metric, and below which unit.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SheetQuery {
    /// The metric's code.
    metric: String,
    /// The code of the unit below which the units stand; the asker's own without it.
    unit: Option<String>,
}

/// Reads targets or weights from a sheet, CSV in UTF-8 or Excel, and sets nothing: the rows are sent with `set_targets`.
#[utoipa::path(tag = "targets", context_path = "/api/v1", params(SheetQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file: its first line names 单位编码 or 单位名称, 目标值 or 权重, perhaps 完成时限"), responses((status = 200, description = "What it says, and the faulty lines", body = TargetSheet)))]
#[post("/targets/sheet")]
pub async fn read_target_sheet(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<SheetQuery>,
    body: Raw,
) -> Handled {
    let query = query.into_inner();
    let work = move |app: &App| {
        app.read_target_sheet(&who.0, &query.metric, query.unit.as_deref(), &body.0)
    };
    json(&block(app, work).await?)
}

/// Of which target.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VersionQuery {
    /// The metric's code.
    metric: String,
    /// The unit's code.
    unit: String,
    /// The day; every day without it.
    by: Option<chrono::NaiveDate>,
}

/// The versions of a unit's targets in a metric: by day, the latest first.
#[utoipa::path(tag = "targets", context_path = "/api/v1", params(VersionQuery), responses((status = 200, description = "The versions", body = Page<TargetVersion>)))]
#[get("/targets/versions")]
pub async fn list_target_versions(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<VersionQuery>,
) -> Handled {
    let query = query.into_inner();
    let work =
        move |app: &App| app.list_target_versions(&who.0, &query.metric, &query.unit, query.by);
    json(&block(app, work).await?)
}
