//! Where figures come from.

use super::extract::{Signed, file, json, page_ask};
use super::{Handled, block};
use crate::app::App;
use crate::app::explanation::ExplanationAsk;
use crate::app::sheet::FileFormat;
use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::explanation::Explanation;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(export_explanation).service(get_explanation);
}

/// Of which unit and period, and which page of the units below.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExplanationQuery {
    /// The period; the latest that is over without it.
    period: Option<String>,
    /// The unit's code; the asker's own without it.
    unit: Option<String>,
    /// How many units, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// Where a figure comes from (由来): its formula, the units that make it, the reports behind it, and others beside it.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(("code" = String, Path, description = "The metric's code"), ExplanationQuery), responses((status = 200, description = "The explanation", body = Explanation)))]
#[get("/metrics/{code}/explanation")]
pub async fn get_explanation(
    app: web::Data<App>,
    who: Signed,
    code: web::Path<String>,
    query: web::Query<ExplanationQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    let ask = ExplanationAsk {
        metric: code.into_inner(),
        period: query.period,
        unit: query.unit,
    };
    let work = move |app: &App| app.get_explanation(&who.0, &ask, &page);
    json(&block(app, work).await?)
}

/// Of which unit and period, and what kind of file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExplanationExportQuery {
    /// What kind of file.
    format: FileFormat,
    /// The period; the latest that is over without it.
    period: Option<String>,
    /// The unit's code; the asker's own without it.
    unit: Option<String>,
}

/// The same as a CSV file or an Excel workbook with Chinese headings and every unit below; a line of the audit trail.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(("code" = String, Path, description = "The metric's code"), ExplanationExportQuery), responses((status = 200, description = "The file: `text/csv`, or an Excel workbook", content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/metrics/{code}/explanation/export")]
pub async fn export_explanation(
    app: web::Data<App>,
    who: Signed,
    code: web::Path<String>,
    query: web::Query<ExplanationExportQuery>,
) -> Handled {
    let query = query.into_inner();
    let format = query.format;
    let ask = ExplanationAsk {
        metric: code.into_inner(),
        period: query.period,
        unit: query.unit,
    };
    let work = move |app: &App| app.export_explanation(&who.0, &ask, format);
    Ok(file("figure", format, block(app, work).await?))
}
