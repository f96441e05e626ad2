//! `units`.

use super::extract::{Raw, Signed, answered, json, page_ask, sent};
use super::{Handled, block};
use crate::app::App;
use crate::app::unit::UnitAsk;
use actix_web::{HttpRequest, get, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::unit::{Level, Unit, UnitDetail, UnitImport};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_units)
        .service(
            web::resource("/units/import")
                .app_data(web::PayloadConfig::new(16 << 20))
                .route(web::post().to(import_units)),
        )
        .service(get_unit);
}

/// What a list of units is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitQuery {
    /// Part of the name, first letters of its pinyin, or the beginning of the code.
    q: Option<String>,
    /// The code of the unit directly above.
    parent: Option<String>,
    /// The level.
    level: Option<Level>,
    /// The day of the tree; today without it.
    on: Option<NaiveDate>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
    /// Whether the total is wanted.
    total: Option<bool>,
}

/// Units that the asker may see, by code.
#[utoipa::path(tag = "units", context_path = "/api/v1", params(UnitQuery), responses((status = 200, description = "A page of units", body = Page<Unit>)))]
#[get("/units")]
pub async fn list_units(app: web::Data<App>, who: Signed, query: web::Query<UnitQuery>) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, query.total);
    let ask = UnitAsk {
        q: query.q,
        parent: query.parent,
        level: query.level,
        on: query.on,
    };
    json(&block(app, move |app| app.list_units(&who.0, &ask, &page)).await?)
}

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OnQuery {
    /// The day of the tree; today without it.
    on: Option<NaiveDate>,
}

/// One unit with its place in the tree.
#[utoipa::path(tag = "units", context_path = "/api/v1", params(("code" = String, Path, description = "The division code"), OnQuery), responses((status = 200, description = "The unit", body = UnitDetail)))]
#[get("/units/{code}")]
pub async fn get_unit(
    app: web::Data<App>,
    who: Signed,
    code: web::Path<String>,
    query: web::Query<OnQuery>,
) -> Handled {
    let on = query.on;
    json(&block(app, move |app| app.get_unit(&who.0, &code, on)).await?)
}

/// Whether to change anything.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Show what would change and change nothing.
    pub(super) dry_run: Option<bool>,
}

impl ImportQuery {
    pub(super) fn dry_run(&self) -> bool {
        self.dry_run.unwrap_or(false)
    }
}

/// Imports a division list (CSV in UTF-8 with code,name,level,parent_code): all of it or nothing.
#[utoipa::path(post, path = "/units/import", tag = "units", context_path = "/api/v1", params(ImportQuery), request_body(content = String, content_type = "text/csv"), responses((status = 200, description = "What was done", body = UnitImport)))]
pub async fn import_units(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    query: web::Query<ImportQuery>,
    body: Raw,
) -> Handled {
    let sent = sent(&request, &who.0, &body.0)?;
    let dry_run = query.dry_run();
    let answer = block(app, move |app| {
        app.import_units(&who.0, &sent, &body.0, dry_run)
    })
    .await?;
    Ok(answered(answer))
}
