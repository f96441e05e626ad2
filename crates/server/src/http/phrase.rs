//! `phrases`.

use super::extract::{Body, Signed, answered, json, sent};
use super::{Handled, block};
use crate::app::App;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use zhenxing_api_types::Page;
use zhenxing_api_types::phrase::{KeepPhrase, Phrase};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_phrases)
        .service(keep_phrase)
        .service(remove_phrase);
}

/// The asker's own phrases (常用语) for returning reports, and the package's after them.
#[utoipa::path(tag = "reports", context_path = "/api/v1", responses((status = 200, description = "The phrases", body = Page<Phrase>)))]
#[get("/phrases")]
pub async fn list_phrases(app: web::Data<App>, who: Signed) -> Handled {
    json(&block(app, move |app| app.list_phrases(&who.0)).await?)
}

/// Keeps a phrase for the asker.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = KeepPhrase, responses((status = 201, description = "The phrase", body = Phrase)))]
#[post("/phrases")]
pub async fn keep_phrase(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    body: Body<KeepPhrase>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| app.keep_phrase(&who.0, &sent, &body.value)).await?;
    Ok(answered(answer))
}

/// Removes one of the asker's own phrases.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("id" = String, Path, description = "The phrase's number")), responses((status = 204, description = "It is removed")))]
#[delete("/phrases/{id}")]
pub async fn remove_phrase(app: web::Data<App>, who: Signed, id: web::Path<String>) -> Handled {
    block(app, move |app| app.remove_phrase(&who.0, &id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
