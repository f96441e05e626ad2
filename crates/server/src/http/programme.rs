//! `programmes`, `projects`, `matters`, `metrics`, `forms`.

use super::extract::{Body, Signed, answered, json, revision, tagged};
use super::{Handled, block};
use crate::app::App;
use actix_web::{HttpRequest, get, put, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::edition::{PackageChange, PackageEdition};
use zhenxing_api_types::programme::{
    Form, FormPeriod, FormSummary, Matter, Metric, Programme, Project, SetPeriod,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_programmes)
        .service(list_editions)
        .service(list_changes)
        .service(list_projects)
        .service(list_matters)
        .service(get_matter)
        .service(list_metrics)
        .service(get_metric)
        .service(list_forms)
        .service(get_form)
        .service(list_periods)
        .service(get_period)
        .service(set_period);
}

/// The programmes.
#[utoipa::path(tag = "programme", context_path = "/api/v1", responses((status = 200, description = "The programmes", body = Page<Programme>)))]
#[get("/programmes")]
pub async fn list_programmes(app: web::Data<App>, who: Signed) -> Handled {
    json(&block(app, move |app| app.list_programmes(&who.0)).await?)
}

/// The publications of the programme's package, latest first.
#[utoipa::path(tag = "programme", context_path = "/api/v1", params(("code" = String, Path, description = "The programme's code")), responses((status = 200, description = "The publications", body = Page<PackageEdition>)))]
#[get("/programmes/{code}/editions")]
pub async fn list_editions(app: web::Data<App>, who: Signed, code: web::Path<String>) -> Handled {
    json(&block(app, move |app| app.list_editions(&who.0, &code)).await?)
}

/// What the package in use changed against the publication before it.
#[utoipa::path(tag = "programme", context_path = "/api/v1", params(("code" = String, Path, description = "The programme's code")), responses((status = 200, description = "The changes", body = Page<PackageChange>)))]
#[get("/programmes/{code}/changes")]
pub async fn list_changes(app: web::Data<App>, who: Signed, code: web::Path<String>) -> Handled {
    json(&block(app, move |app| app.list_changes(&who.0, &code)).await?)
}

/// The projects (工程) in their order.
#[utoipa::path(tag = "programme", context_path = "/api/v1", responses((status = 200, description = "The projects", body = Page<Project>)))]
#[get("/projects")]
pub async fn list_projects(app: web::Data<App>, who: Signed) -> Handled {
    json(&block(app, move |app| app.list_projects(&who.0)).await?)
}

/// What a list of matters is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MatterQuery {
    /// The project's code.
    project: Option<String>,
}

/// The matters (实事) with their metrics and targets.
#[utoipa::path(tag = "programme", context_path = "/api/v1", params(MatterQuery), responses((status = 200, description = "The matters", body = Page<Matter>)))]
#[get("/matters")]
pub async fn list_matters(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<MatterQuery>,
) -> Handled {
    json(
        &block(app, move |app| {
            app.list_matters(&who.0, query.project.as_deref())
        })
        .await?,
    )
}

/// One matter.
#[utoipa::path(tag = "programme", context_path = "/api/v1", params(("code" = String, Path, description = "The matter's code")), responses((status = 200, description = "The matter", body = Matter)))]
#[get("/matters/{code}")]
pub async fn get_matter(app: web::Data<App>, who: Signed, code: web::Path<String>) -> Handled {
    json(&block(app, move |app| app.get_matter(&who.0, &code)).await?)
}

/// What a list of metrics is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MetricQuery {
    /// The matter's code.
    matter: Option<String>,
    /// `active` or `pending`.
    status: Option<String>,
}

/// The metrics (指标) with their targets.
#[utoipa::path(tag = "programme", context_path = "/api/v1", params(MetricQuery), responses((status = 200, description = "The metrics", body = Page<Metric>)))]
#[get("/metrics")]
pub async fn list_metrics(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<MetricQuery>,
) -> Handled {
    let work =
        move |app: &App| app.list_metrics(&who.0, query.matter.as_deref(), query.status.as_deref());
    json(&block(app, work).await?)
}

/// One metric.
#[utoipa::path(tag = "programme", context_path = "/api/v1", params(("code" = String, Path, description = "The metric's code")), responses((status = 200, description = "The metric", body = Metric)))]
#[get("/metrics/{code}")]
pub async fn get_metric(app: web::Data<App>, who: Signed, code: web::Path<String>) -> Handled {
    json(&block(app, move |app| app.get_metric(&who.0, &code)).await?)
}

/// What the list of forms is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FormsQuery {
    /// Only those that the asker may fill in.
    fill: Option<bool>,
}

/// The forms (报送表).
#[utoipa::path(tag = "forms", context_path = "/api/v1", params(FormsQuery), responses((status = 200, description = "The forms", body = Page<FormSummary>)))]
#[get("/forms")]
pub async fn list_forms(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<FormsQuery>,
) -> Handled {
    let fill = query.fill.unwrap_or(false);
    json(&block(app, move |app| app.list_forms(&who.0, fill)).await?)
}

/// Which definition of a form is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FormQuery {
    /// The period whose definition is wanted; the newest without it.
    period: Option<String>,
}

/// One form with its fields and rules, in its newest edition or in that of a period.
#[utoipa::path(tag = "forms", context_path = "/api/v1", params(("code" = String, Path, description = "The form's code"), FormQuery), responses((status = 200, description = "The form", body = Form), (status = 304, description = "As the client has it")))]
#[get("/forms/{code}")]
pub async fn get_form(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    code: web::Path<String>,
    query: web::Query<FormQuery>,
) -> Handled {
    let answer = block(app, move |app| {
        app.get_form(&who.0, &code, query.period.as_deref())
    })
    .await?;
    Ok(tagged(&request, answer))
}

/// The periods of a form, latest first.
#[utoipa::path(tag = "forms", context_path = "/api/v1", params(("code" = String, Path, description = "The form's code")), responses((status = 200, description = "The periods", body = Page<FormPeriod>)))]
#[get("/forms/{code}/periods")]
pub async fn list_periods(app: web::Data<App>, who: Signed, code: web::Path<String>) -> Handled {
    json(&block(app, move |app| app.list_periods(&who.0, &code)).await?)
}

/// One period of a form.
#[utoipa::path(tag = "forms", context_path = "/api/v1", params(("code" = String, Path, description = "The form's code"), ("period" = String, Path, description = "The period")), responses((status = 200, description = "The period", body = FormPeriod), (status = 304, description = "As the client has it")))]
#[get("/forms/{code}/periods/{period}")]
pub async fn get_period(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Handled {
    let answer = block(app, move |app| app.get_period(&who.0, &path.0, &path.1)).await?;
    Ok(tagged(&request, answer))
}

/// Locks or opens a period (锁定).
#[utoipa::path(tag = "forms", context_path = "/api/v1", params(("code" = String, Path, description = "The form's code"), ("period" = String, Path, description = "The period"), ("If-Match" = String, Header, description = "The ETag that was read")), request_body = SetPeriod, responses((status = 200, description = "The period", body = FormPeriod)))]
#[put("/forms/{code}/periods/{period}")]
pub async fn set_period(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: Body<SetPeriod>,
) -> Handled {
    let revision = revision(&request)?;
    let answer = block(app, move |app| {
        app.set_period(&who.0, &path.0, &path.1, revision, &body.value)
    })
    .await?;
    Ok(answered(answer))
}
