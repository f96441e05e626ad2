//! `files`.

use super::extract::{Raw, Signed, answered, sent, tagged};
use super::problem::Failure;
use super::{Handled, block};
use crate::app::App;
use actix_web::http::header::{
    Charset, ContentDisposition, DispositionParam, DispositionType, ETAG, ExtendedValue,
    IF_NONE_MATCH,
};
use actix_web::{HttpRequest, HttpResponse, get, web};
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::file::File;

/// How many bytes are read before the settings are asked.
const READ: usize = 33 << 20;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/files")
                .app_data(web::PayloadConfig::new(READ))
                .route(web::post().to(add_file)),
        )
        .service(get_file)
        .service(get_file_content);
}

/// What a file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    /// Its name, with the end that says its kind.
    name: String,
}

/// Hands a file in (附件), to be attached to what it belongs to within a day. Its kind is known by its name and by what it
/// holds, which must agree.
#[utoipa::path(post, path = "/files", tag = "files", context_path = "/api/v1", params(FileQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "What the file holds"), responses((status = 201, description = "The file", body = File)))]
pub async fn add_file(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    query: web::Query<FileQuery>,
    body: Raw,
) -> Handled {
    let sent = sent(&request, &who.0, &body.0)?;
    let work = move |app: &App| app.add_file(&who.0, &sent, &query.name, &body.0);
    Ok(answered(block(app, work).await?))
}

/// What is known of a file: one that the asker handed in, or that belongs to what the asker sees.
#[utoipa::path(tag = "files", context_path = "/api/v1", params(("id" = String, Path, description = "The file's number")), responses((status = 200, description = "The file", body = File), (status = 304, description = "As the client has it")))]
#[get("/files/{id}")]
pub async fn get_file(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
) -> Handled {
    let answer = block(app, move |app| app.get_file(&who.0, &id)).await?;
    Ok(tagged(&request, answer))
}

/// What a file holds, to be saved under its name. It is never sent as something that a browser would run.
#[utoipa::path(tag = "files", context_path = "/api/v1", params(("id" = String, Path, description = "The file's number")), responses((status = 200, description = "The bytes", body = String, content_type = "application/octet-stream"), (status = 304, description = "As the client has it")))]
#[get("/files/{id}/content")]
pub async fn get_file_content(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
) -> Handled {
    let files = app.files.clone();
    let found = block(app, move |app| app.file_to_read(&who.0, &id)).await?;
    let digest = found.digest();
    let etag = format!("\"{digest}\"");
    let known = request.headers().get(IF_NONE_MATCH);
    if known.is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, etag))
            .finish());
    }
    let bytes = files.read(&digest).await.map_err(Failure::from)?;
    let name = DispositionParam::FilenameExt(ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: found.name.into_bytes(),
    });
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "private, no-cache"))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .insert_header((ETAG, etag))
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![name],
        })
        .content_type("application/octet-stream")
        .no_chunking(u64::try_from(found.size).unwrap_or_default())
        .streaming(bytes.map_err(actix_web::error::ErrorInternalServerError)))
}
