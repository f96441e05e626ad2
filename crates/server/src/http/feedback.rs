//! `feedback`: complaints and suggestions.

use super::extract::{Body, Signed, answered, json, page_ask, revision, sent, tagged};
use super::report::PageQuery;
use super::{Handled, block};
use crate::app::App;
use crate::app::feedback::FeedbackAsk;
use actix_web::{HttpRequest, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::feedback::{
    ActOnFeedback, Feedback, FeedbackBox, FeedbackCount, FeedbackDetail, FeedbackState, NewFeedback,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_feedback)
        .service(create_feedback)
        .service(get_feedback_summary)
        .service(get_feedback)
        .service(act_on_feedback);
}

/// What a list is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FeedbackQuery {
    /// Those that I wrote, or those that my unit answers; my own without it.
    r#box: Option<FeedbackBox>,
    /// Where they stand.
    state: Option<FeedbackState>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// Complaints and suggestions (意见建议) that I wrote or that my unit answers, the latest first.
#[utoipa::path(tag = "feedback", context_path = "/api/v1", params(FeedbackQuery), responses((status = 200, description = "A page", body = Page<Feedback>)))]
#[get("/feedback")]
pub async fn list_feedback(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<FeedbackQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    let ask = FeedbackAsk {
        from: query.r#box.unwrap_or_default(),
        state: query.state,
    };
    json(&block(app, move |app| app.list_feedback(&who.0, &ask, &page)).await?)
}

/// Hands in a complaint or suggestion, to the unit above or to the city's office.
#[utoipa::path(tag = "feedback", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = NewFeedback, responses((status = 201, description = "It is handed in", body = FeedbackDetail)))]
#[post("/feedback")]
pub async fn create_feedback(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    body: Body<NewFeedback>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        app.create_feedback(&who.0, &sent, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// How many there are, by the unit that answers, kind and state, with the days until the first answer.
#[utoipa::path(tag = "feedback", context_path = "/api/v1", params(PageQuery), responses((status = 200, description = "A page of counts", body = Page<FeedbackCount>)))]
#[get("/feedback/summary")]
pub async fn get_feedback_summary(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<PageQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    json(&block(app, move |app| app.get_feedback_summary(&who.0, &page)).await?)
}

/// One with what became of it, for who wrote it and who answers it.
#[utoipa::path(tag = "feedback", context_path = "/api/v1", params(("id" = String, Path, description = "Its number")), responses((status = 200, description = "It", body = FeedbackDetail), (status = 304, description = "As the client has it")))]
#[get("/feedback/{id}")]
pub async fn get_feedback(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
) -> Handled {
    let answer = block(app, move |app| app.get_feedback(&who.0, &id)).await?;
    Ok(tagged(&request, answer))
}

/// Accepts (受理), answers (答复), or says whether the answer satisfies (满意/不满意).
#[utoipa::path(tag = "feedback", context_path = "/api/v1", params(("id" = String, Path, description = "Its number"), ("If-Match" = String, Header, description = "The ETag that was read"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = ActOnFeedback, responses((status = 200, description = "It", body = FeedbackDetail)))]
#[post("/feedback/{id}/actions")]
pub async fn act_on_feedback(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<ActOnFeedback>,
) -> Handled {
    let revision = revision(&request)?;
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        app.act_on_feedback(&who.0, &sent, &id, revision, &body.value)
    })
    .await?;
    Ok(answered(answer))
}
