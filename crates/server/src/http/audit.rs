//! `audit`: the trail, to be read and exported by the auditor.

use super::extract::{Signed, json, page_ask};
use super::{Handled, block};
use crate::app::App;
use crate::app::audit::{AuditAsk, Export};
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::audit::{AuditEntry, AuditKind};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(export_audit).service(list_audit);
}

/// What the trail is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// From when on.
    from: Option<DateTime<Utc>>,
    /// Before when.
    to: Option<DateTime<Utc>>,
    /// What the lines tell of.
    kind: Option<AuditKind>,
    /// The account that asked, by the name to sign in with.
    account: Option<String>,
    /// The code of the unit at or below which they happened.
    unit: Option<String>,
    /// `ok`, or the code of a refusal.
    outcome: Option<String>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// The audit trail (审计), latest first.
#[utoipa::path(tag = "audit", context_path = "/api/v1", params(AuditQuery), responses((status = 200, description = "A page of the trail", body = Page<AuditEntry>)))]
#[get("/audit")]
pub async fn list_audit(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<AuditQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    let ask = AuditAsk {
        from: query.from,
        to: query.to,
        kind: query.kind,
        account: query.account,
        unit: query.unit,
        outcome: query.outcome,
    };
    json(&block(app, move |app| app.list_audit(&who.0, &ask, &page)).await?)
}

/// What an export is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditExportQuery {
    /// From when on.
    from: Option<DateTime<Utc>>,
    /// Before when.
    to: Option<DateTime<Utc>>,
    /// What the lines tell of.
    kind: Option<AuditKind>,
    /// The account that asked, by the name to sign in with.
    account: Option<String>,
    /// The code of the unit at or below which they happened.
    unit: Option<String>,
    /// `ok`, or the code of a refusal.
    outcome: Option<String>,
}

/// The audit trail as CSV in UTF-8 with a byte order mark, latest first, up to the line that was the last when the
/// export began. The export is itself a line of the trail.
#[utoipa::path(tag = "audit", context_path = "/api/v1", params(AuditExportQuery), responses((status = 200, description = "The trail", body = String, content_type = "text/csv")))]
#[get("/audit/export")]
pub async fn export_audit(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<AuditExportQuery>,
) -> Handled {
    let query = query.into_inner();
    let ask = AuditAsk {
        from: query.from,
        to: query.to,
        kind: query.kind,
        account: query.account,
        unit: query.unit,
        outcome: query.outcome,
    };
    let export = block(app.clone(), move |app| app.begin_export(&who.0, &ask)).await?;
    let parts = futures_util::stream::try_unfold((app, export), |(app, export)| async move {
        let Export::Open(open) = export else {
            return Ok::<_, super::problem::Failure>(None);
        };
        let (text, rest) = block(app.clone(), move |app| app.export_part(open)).await?;
        Ok(Some((web::Bytes::from(text), (app, rest))))
    });
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""))
        .content_type("text/csv; charset=utf-8")
        .streaming(Box::pin(parts)))
}
