//! `tags` and `unit-tags`.

use super::Handled;
use super::extract::{Asker, Body, answered, json_for, page_ask, sent, work_for};
use crate::app::App;
use crate::app::tag::UnitTagAsk;
use actix_web::{HttpRequest, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::tag::{EndUnitTags, TagList, TagUnits, UnitTag, UnitTagResult};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_tags)
        .service(list_unit_tags)
        .service(end_unit_tags)
        .service(tag_units);
}

/// The tags of the programme (单位标签), with how many units carry each today.
#[utoipa::path(tag = "units", context_path = "/api/v1", responses((status = 200, description = "The tags", body = TagList)))]
#[get("/tags")]
pub async fn list_tags(app: web::Data<App>, who: Asker) -> Handled {
    json_for(app, who, App::list_tags).await
}

/// What a list of marks is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitTagQuery {
    /// The tag.
    tag: Option<String>,
    /// The code of the unit at or below which the marked ones stand.
    unit: Option<String>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// Marks of units, the latest first: which carried or carries a tag, by whose decision and how long.
#[utoipa::path(tag = "units", context_path = "/api/v1", params(UnitTagQuery), responses((status = 200, description = "A page of marks", body = Page<UnitTag>)))]
#[get("/unit-tags")]
pub async fn list_unit_tags(
    app: web::Data<App>,
    who: Asker,
    query: web::Query<UnitTagQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    let ask = UnitTagAsk {
        tag: query.tag,
        unit: query.unit,
    };
    json_for(app, who, move |app, who| {
        app.list_unit_tags(who, &ask, &page)
    })
    .await
}

/// Marks units with a tag: all of them, or none where one is refused.
#[utoipa::path(tag = "units", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = TagUnits, responses((status = 200, description = "What became of each", body = UnitTagResult)))]
#[post("/unit-tags")]
pub async fn tag_units(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    body: Body<TagUnits>,
) -> Handled {
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.tag_units(who, &sent, &body.value)
    });
    Ok(answered(answer.await?))
}

/// Ends marks that hold: all of them, or none where one is refused.
#[utoipa::path(tag = "units", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = EndUnitTags, responses((status = 200, description = "What became of each", body = UnitTagResult)))]
#[post("/unit-tags/end")]
pub async fn end_unit_tags(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    body: Body<EndUnitTags>,
) -> Handled {
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.end_unit_tags(who, &sent, &body.value)
    });
    Ok(answered(answer.await?))
}
