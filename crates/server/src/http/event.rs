//! `events`.

use super::extract::{Signed, json, page_ask};
use super::{Handled, block};
use crate::app::App;
use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::event::Events;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(list_events);
}

/// From where on.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// Only events after this position; 0 begins at the first.
    after: Option<i64>,
    /// How many, 1 to 200; 50 without it.
    limit: Option<i64>,
}

/// The stream of events: every acknowledged change has one, numbered without gaps.
#[utoipa::path(tag = "events", context_path = "/api/v1", params(EventQuery), responses((status = 200, description = "Events after the position", body = Events)))]
#[get("/events")]
pub async fn list_events(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<EventQuery>,
) -> Handled {
    let page = page_ask(query.limit, None, None);
    let after = query.after.unwrap_or(0);
    json(&block(app, move |app| app.list_events(&who.0, after, &page)).await?)
}
