//! `unit-changes`, and the placements of a unit.

use super::extract::{Body, Signed, answered, json, page_ask, sent, tagged};
use super::unit::ImportQuery;
use super::{Handled, block};
use crate::app::App;
use crate::app::unit_change::ChangeAsk;
use actix_web::{HttpRequest, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::unit_change::{
    NewUnitChange, UnitChange, UnitChangeDetail, UnitChangeState, UnitPlacement, WithdrawUnitChange,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_unit_changes)
        .service(create_unit_change)
        .service(get_unit_change)
        .service(withdraw_unit_change)
        .service(list_unit_placements);
}

/// What a list of changes is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChangeQuery {
    /// The code of the unit at or below which something changed.
    unit: Option<String>,
    /// Where they stand.
    state: Option<UnitChangeState>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// Changes of the tree (区划调整), past and coming, the latest day first.
#[utoipa::path(tag = "units", context_path = "/api/v1", params(ChangeQuery), responses((status = 200, description = "A page of changes", body = Page<UnitChange>)))]
#[get("/unit-changes")]
pub async fn list_unit_changes(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<ChangeQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    let ask = ChangeAsk {
        unit: query.unit,
        state: query.state,
    };
    json(&block(app, move |app| app.list_unit_changes(&who.0, &ask, &page)).await?)
}

/// Renames, moves, merges, splits, ends or reclassifies units from the first day of a month on; a dry run shows what
/// the same request would do.
#[utoipa::path(tag = "units", context_path = "/api/v1", params(ImportQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = NewUnitChange, responses((status = 200, description = "What it would do", body = UnitChangeDetail), (status = 201, description = "The change with what it does", body = UnitChangeDetail)))]
#[post("/unit-changes")]
pub async fn create_unit_change(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    query: web::Query<ImportQuery>,
    body: Body<NewUnitChange>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let dry_run = query.dry_run.unwrap_or(false);
    let answer = block(app, move |app| {
        app.create_unit_change(&who.0, &sent, &body.value, dry_run)
    })
    .await?;
    Ok(answered(answer))
}

/// One change with what it does.
#[utoipa::path(tag = "units", context_path = "/api/v1", params(("id" = String, Path, description = "The change's number")), responses((status = 200, description = "The change", body = UnitChangeDetail), (status = 304, description = "As the client has it")))]
#[get("/unit-changes/{id}")]
pub async fn get_unit_change(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
) -> Handled {
    let answer = block(app, move |app| app.get_unit_change(&who.0, &id)).await?;
    Ok(tagged(&request, answer))
}

/// Takes back (撤回) a change whose day has not come.
#[utoipa::path(tag = "units", context_path = "/api/v1", params(("id" = String, Path, description = "The change's number"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = WithdrawUnitChange, responses((status = 200, description = "The change", body = UnitChange)))]
#[post("/unit-changes/{id}/withdraw")]
pub async fn withdraw_unit_change(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<WithdrawUnitChange>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        app.withdraw_unit_change(&who.0, &sent, &id, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// Where and under which names a unit stood, earliest first; coming placements stand at the end.
#[utoipa::path(tag = "units", context_path = "/api/v1", params(("code" = String, Path, description = "The division code, of today or of before")), responses((status = 200, description = "The placements", body = Page<UnitPlacement>)))]
#[get("/units/{code}/placements")]
pub async fn list_unit_placements(
    app: web::Data<App>,
    who: Signed,
    code: web::Path<String>,
) -> Handled {
    json(&block(app, move |app| app.list_unit_placements(&who.0, &code)).await?)
}
