//! `extensions`.

use super::extract::{Body, Signed, answered, json, page_ask, revision, sent, tagged};
use super::{Handled, block};
use crate::app::App;
use crate::app::extension::ExtensionAsk;
use actix_web::{HttpRequest, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::extension::{ActOnExtension, AskExtension, Extension, ExtensionState};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_extensions)
        .service(ask_extension)
        .service(get_extension)
        .service(act_on_extension);
}

/// What a list of extensions is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExtensionQuery {
    /// The form's code.
    form: String,
    /// The period; the current one without it.
    period: Option<String>,
    /// The code of the unit at or below which they stand.
    unit: Option<String>,
    /// The state.
    state: Option<ExtensionState>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// Extensions (延期) that the asker may see, in the order in which they were asked.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(ExtensionQuery), responses((status = 200, description = "A page of extensions", body = Page<Extension>)))]
#[get("/extensions")]
pub async fn list_extensions(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<ExtensionQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    let ask = ExtensionAsk {
        form: query.form,
        period: query.period,
        unit: query.unit,
        state: query.state,
    };
    json(&block(app, move |app| app.list_extensions(&who.0, &ask, &page)).await?)
}

/// Asks for an extension, before the due day.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = AskExtension, responses((status = 201, description = "The extension", body = Extension)))]
#[post("/extensions")]
pub async fn ask_extension(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    body: Body<AskExtension>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        app.ask_extension(&who.0, &sent, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// One extension.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("id" = String, Path, description = "The extension's number")), responses((status = 200, description = "The extension", body = Extension), (status = 304, description = "As the client has it")))]
#[get("/extensions/{id}")]
pub async fn get_extension(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
) -> Handled {
    let answer = block(app, move |app| app.get_extension(&who.0, &id)).await?;
    Ok(tagged(&request, answer))
}

/// Grants (同意), refuses (不同意) or takes back (撤回) an extension.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("id" = String, Path, description = "The extension's number"), ("If-Match" = String, Header, description = "The ETag that was read"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = ActOnExtension, responses((status = 200, description = "The extension", body = Extension)))]
#[post("/extensions/{id}/actions")]
pub async fn act_on_extension(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<ActOnExtension>,
) -> Handled {
    let revision = revision(&request)?;
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        app.act_on_extension(&who.0, &sent, &id, revision, &body.value)
    })
    .await?;
    Ok(answered(answer))
}
