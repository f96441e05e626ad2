//! `views`: what a page shows, saved and shared.

use super::extract::{Body, Signed, answered, json, page_ask, revision, sent, tagged};
use super::{Handled, block};
use crate::app::App;
use crate::app::view::ViewAsk;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::view::{SaveView, View, ViewPage};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_views)
        .service(save_view)
        .service(get_view)
        .service(replace_view)
        .service(remove_view);
}

/// What a list of views is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ViewQuery {
    /// The page.
    page: ViewPage,
    /// The ledger's code, where the page is that of a ledger.
    ledger: Option<String>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// The asker's own views (常用视图) of a page and those shared with him, the latest first.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(ViewQuery), responses((status = 200, description = "A page of views", body = Page<View>)))]
#[get("/views")]
pub async fn list_views(app: web::Data<App>, who: Signed, query: web::Query<ViewQuery>) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    let ask = ViewAsk {
        page: query.page,
        ledger: query.ledger,
    };
    json(&block(app, move |app| app.list_views(&who.0, &ask, &page)).await?)
}

/// Saves a view. Sharing it shows others what to look at, never more than they may see.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = SaveView, responses((status = 201, description = "The view", body = View)))]
#[post("/views")]
pub async fn save_view(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    body: Body<SaveView>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| app.save_view(&who.0, &sent, &body.value)).await?;
    Ok(answered(answer))
}

/// One view.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(("id" = String, Path, description = "The view's number")), responses((status = 200, description = "The view", body = View), (status = 304, description = "As the client has it")))]
#[get("/views/{id}")]
pub async fn get_view(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
) -> Handled {
    let answer = block(app, move |app| app.get_view(&who.0, &id)).await?;
    Ok(tagged(&request, answer))
}

/// Renames one of the asker's views, replaces what it asks for, or shares it otherwise.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(("id" = String, Path, description = "The view's number"), ("If-Match" = String, Header, description = "The ETag that was read")), request_body = SaveView, responses((status = 200, description = "The view", body = View)))]
#[put("/views/{id}")]
pub async fn replace_view(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<SaveView>,
) -> Handled {
    let seen = revision(&request)?;
    let work = move |app: &App| app.replace_view(&who.0, &id, seen, &body.value);
    Ok(answered(block(app, work).await?))
}

/// Removes one of the asker's views.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(("id" = String, Path, description = "The view's number")), responses((status = 204, description = "It is removed")))]
#[delete("/views/{id}")]
pub async fn remove_view(app: web::Data<App>, who: Signed, id: web::Path<String>) -> Handled {
    block(app, move |app| app.remove_view(&who.0, &id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
