//! `statistics`: many figures at once.

use super::extract::{Asker, Signed, file, json_for};
use super::{Handled, block};
use crate::app::App;
use crate::app::sheet::FileFormat;
use crate::app::statistics::StatisticsAsk;
use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::statistics::Statistics;
use zhenxing_api_types::unit::Level;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(export_statistics).service(get_statistics);
}

/// Which metrics, units and periods. Lists are separated by commas.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatisticsQuery {
    /// Codes of metrics, 1 to 40.
    metrics: String,
    /// The code of the unit below which the units stand; the asker's own without it.
    unit: Option<String>,
    /// The level of the units below it; those directly below without it.
    level: Option<Level>,
    /// Codes of chosen units, 1 to 200, in place of `unit` and `level`.
    units: Option<String>,
    /// Periods or ranges of them, 1 to 60 in all: `2024-01..2024-12,2024`.
    periods: String,
}

impl From<StatisticsQuery> for StatisticsAsk {
    fn from(query: StatisticsQuery) -> StatisticsAsk {
        StatisticsAsk {
            metrics: query.metrics,
            unit: query.unit,
            level: query.level,
            units: query.units,
            periods: query.periods,
        }
    }
}

/// Figures of many metrics at many units over many periods (统计分析), at most 20,000 stored figures at once.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(StatisticsQuery), responses((status = 200, description = "The figures between their axes", body = Statistics)))]
#[get("/statistics")]
pub async fn get_statistics(
    app: web::Data<App>,
    who: Asker,
    query: web::Query<StatisticsQuery>,
) -> Handled {
    let ask = query.into_inner().into();
    json_for(app, who, move |app, who| app.get_statistics(who, &ask)).await
}

/// Which figures, and what kind of file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatisticsExportQuery {
    /// What kind of file.
    format: FileFormat,
    /// Codes of metrics, 1 to 40.
    metrics: String,
    /// The code of the unit below which the units stand; the asker's own without it.
    unit: Option<String>,
    /// The level of the units below it; those directly below without it.
    level: Option<Level>,
    /// Codes of chosen units, 1 to 200, in place of `unit` and `level`.
    units: Option<String>,
    /// Periods or ranges of them, 1 to 60 in all: `2024-01..2024-12,2024`.
    periods: String,
}

/// The same figures as a CSV file or an Excel workbook with Chinese headings; a line of the audit trail.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(StatisticsExportQuery), responses((status = 200, description = "The file: `text/csv`, or an Excel workbook", content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/statistics/export")]
pub async fn export_statistics(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<StatisticsExportQuery>,
) -> Handled {
    let query = query.into_inner();
    let format = query.format;
    let ask = StatisticsAsk {
        metrics: query.metrics,
        unit: query.unit,
        level: query.level,
        units: query.units,
        periods: query.periods,
    };
    let work = move |app: &App| app.export_statistics(&who.0, &ask, format);
    Ok(file("statistics", format, block(app, work).await?))
}
