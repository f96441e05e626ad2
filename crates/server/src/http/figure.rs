//! Figures of metrics, and the overview.

use super::Handled;
use super::extract::{Asker, json_for};
use crate::app::App;
use crate::app::session::Who;
use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::course::Course;
use zhenxing_api_types::{FigureTree, LatestChange, Overview, Page};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(get_figures)
        .service(get_course)
        .service(list_latest_changes)
        .service(get_overview);
}

/// Of which unit and period.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FigureQuery {
    /// The period; the latest that is over without it.
    period: Option<String>,
    /// The unit's code; the asker's own without it.
    unit: Option<String>,
}

/// A metric at a unit and at each unit directly below it (由来).
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(("code" = String, Path, description = "The metric's code"), FigureQuery), responses((status = 200, description = "The figures", body = FigureTree)))]
#[get("/metrics/{code}/figures")]
pub async fn get_figures(
    app: web::Data<App>,
    who: Asker,
    code: web::Path<String>,
    query: web::Query<FigureQuery>,
) -> Handled {
    let work = move |app: &App, who: &Who| {
        app.get_figures(who, &code, query.period.as_deref(), query.unit.as_deref())
    };
    json_for(app, who, work).await
}

/// Of which unit.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CourseQuery {
    /// The unit's code; the asker's own without it.
    unit: Option<String>,
}

/// A metric of a unit over time, against its path to the targets (走势).
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(("code" = String, Path, description = "The metric's code"), CourseQuery), responses((status = 200, description = "The course", body = Course)))]
#[get("/metrics/{code}/course")]
pub async fn get_course(
    app: web::Data<App>,
    who: Asker,
    code: web::Path<String>,
    query: web::Query<CourseQuery>,
) -> Handled {
    let work = move |app: &App, who: &Who| app.get_course(who, &code, query.unit.as_deref());
    json_for(app, who, work).await
}

/// The overview (总体情况) of a unit for a period.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(FigureQuery), responses((status = 200, description = "The overview", body = Overview)))]
#[get("/overview")]
pub async fn get_overview(
    app: web::Data<App>,
    who: Asker,
    query: web::Query<FigureQuery>,
) -> Handled {
    let work = move |app: &App, who: &Who| {
        app.get_overview(who, query.period.as_deref(), query.unit.as_deref())
    };
    json_for(app, who, work).await
}

/// The latest steps of reports (最新变动) at a unit and below it, of the last 2,000 events; at most ten.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(CourseQuery), responses((status = 200, description = "The changes, the latest first", body = Page<LatestChange>)))]
#[get("/overview/changes")]
pub async fn list_latest_changes(
    app: web::Data<App>,
    who: Asker,
    query: web::Query<CourseQuery>,
) -> Handled {
    let work = move |app: &App, who: &Who| app.list_latest_changes(who, query.unit.as_deref());
    json_for(app, who, work).await
}
