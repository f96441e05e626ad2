//! `reports` and `dues`.

use super::extract::{
    Asker, Body, Signed, answered, json, json_for, page_ask, revision, sent, tagged, work_for,
};
use super::{Handled, block};
use crate::app::App;
use crate::app::due::DueAsk;
use crate::app::report::ReportAsk;
use actix_web::{HttpRequest, get, post, put, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::report::{
    ActOnReport, CreateReport, Due, DueState, Light, Report, ReportState, ReportSummary,
    ReportVersion, SaveReport,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_dues)
        .service(list_reports)
        .service(create_report)
        .service(get_report)
        .service(save_report)
        .service(act_on_report)
        .service(list_report_versions);
}

/// What a list of dues is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DueQuery {
    /// The form's code.
    form: String,
    /// The period; the current one without it.
    period: Option<String>,
    /// The code of the unit at or below which they stand.
    unit: Option<String>,
    /// Where they stand.
    state: Option<DueState>,
    /// Only what still waits to be filled in and is due soon (临期) or overdue (逾期未报): `soon` or `overdue`.
    light: Option<Light>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

impl DueQuery {
    /// What is asked, how many rows, and where to go on.
    pub(super) fn split(self) -> (DueAsk, Option<i64>, Option<String>) {
        let ask = DueAsk {
            form: self.form,
            period: self.period,
            unit: self.unit,
            state: self.state,
            light: self.light,
        };
        (ask, self.limit, self.cursor)
    }
}

/// Units for which the asker may fill in a form, with where each stands.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(DueQuery), responses((status = 200, description = "A page of dues", body = Page<Due>)))]
#[get("/dues")]
pub async fn list_dues(app: web::Data<App>, who: Asker, query: web::Query<DueQuery>) -> Handled {
    let (ask, limit, cursor) = query.into_inner().split();
    let page = page_ask(limit, cursor, None);
    json_for(app, who, move |app, who| app.list_dues(who, &ask, &page)).await
}

/// What a list of reports is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The form's code.
    form: String,
    /// The period; the current one without it.
    period: Option<String>,
    /// The code of the unit at or below which they stand.
    unit: Option<String>,
    /// The state.
    state: Option<ReportState>,
    /// Only those with something to be looked at, or only those without.
    exceptions: Option<bool>,
    /// Only late ones (补报), or only those in time.
    late: Option<bool>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
    /// Whether the total is wanted.
    total: Option<bool>,
}

/// Reports that the asker may see; those with explained rules come first.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(ReportQuery), responses((status = 200, description = "A page of reports", body = Page<ReportSummary>)))]
#[get("/reports")]
pub async fn list_reports(
    app: web::Data<App>,
    who: Asker,
    query: web::Query<ReportQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, query.total);
    let ask = ReportAsk {
        form: query.form,
        period: query.period,
        unit: query.unit,
        state: query.state,
        exceptions: query.exceptions,
        late: query.late,
    };
    json_for(app, who, move |app, who| app.list_reports(who, &ask, &page)).await
}

/// Begins a report as a draft (暂存).
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = CreateReport, responses((status = 201, description = "The report", body = Report)))]
#[post("/reports")]
pub async fn create_report(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    body: Body<CreateReport>,
) -> Handled {
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.create_report(who, &sent, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// One report with its rules' findings and what the asker may do.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("id" = String, Path, description = "The report's number")), responses((status = 200, description = "The report", body = Report), (status = 304, description = "As the client has it")))]
#[get("/reports/{id}")]
pub async fn get_report(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    id: web::Path<String>,
) -> Handled {
    let answer = work_for(app, who, move |app, who| app.get_report(who, &id)).await?;
    Ok(tagged(&request, answer))
}

/// Saves a draft (暂存): replaces its values and explanations.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("id" = String, Path, description = "The report's number"), ("If-Match" = String, Header, description = "The ETag that was read")), request_body = SaveReport, responses((status = 200, description = "The report", body = Report)))]
#[put("/reports/{id}")]
pub async fn save_report(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<SaveReport>,
) -> Handled {
    let revision = revision(&request)?;
    let answer = work_for(app, who, move |app, who| {
        app.save_report(who, &id, revision, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// Submits (提交), checks (审核), approves (审定), returns (退回修改) or opens again (更正) a report.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("id" = String, Path, description = "The report's number"), ("If-Match" = String, Header, description = "The ETag that was read"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = ActOnReport, responses((status = 200, description = "The report", body = Report)))]
#[post("/reports/{id}/actions")]
pub async fn act_on_report(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<ActOnReport>,
) -> Handled {
    let revision = revision(&request)?;
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.act_on_report(who, &sent, &id, revision, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// Pages without filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many rows, 1 to 200; 50 without it.
    pub(super) limit: Option<i64>,
    /// Where to go on.
    pub(super) cursor: Option<String>,
}

/// The versions of a report, latest first.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(("id" = String, Path, description = "The report's number"), PageQuery), responses((status = 200, description = "A page of versions", body = Page<ReportVersion>)))]
#[get("/reports/{id}/versions")]
pub async fn list_report_versions(
    app: web::Data<App>,
    who: Signed,
    id: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    json(&block(app, move |app| app.list_versions(&who.0, &id, &page)).await?)
}
