//! Rosters (花名册) of ledgers, and records of one person that become one.

use super::Handled;
use super::extract::{Asker, Body, Raw, answered, revision, sent, work_for};
use crate::app::roster::RosterAsk;
use crate::app::roster_replace::Replacing;
use crate::app::{App, AppError, AppResult, Code};
use actix_web::{HttpRequest, post, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::ledger::Record;
use zhenxing_api_types::roster::{MergeRecords, NewReplacement, RosterImport};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let large = || web::PayloadConfig::new(16 << 20);
    config
        .service(merge_records)
        .service(
            web::resource("/ledgers/{code}/imports")
                .app_data(large())
                .route(web::post().to(import_roster)),
        )
        .service(
            web::resource("/ledgers/{code}/replacements")
                .app_data(large())
                .route(web::post().to(replace_term)),
        );
}

/// With what a roster is taken.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RosterQuery {
    /// Says what would become of each row and keeps nothing.
    dry_run: Option<bool>,
    /// Keeps the good rows although others are faulty.
    skip_faulty: Option<bool>,
    /// The code of the unit of rows that name none; the asker's own without it.
    unit: Option<String>,
    /// What columns fill, as JSON text: a heading with the code of its field (`unit` for the unit, `person.name` for a field of
    /// the person whom `person` names), or null to leave it out. Columns that it does not name are found by their headings.
    mapping: Option<String>,
    /// The day from which the rows take the place of all who are in office in their units, where the ledger allows it.
    replace_from: Option<NaiveDate>,
    /// Why the former ones leave; what the act is called without it.
    reason: Option<String>,
    /// Values that all rows share, as JSON text; a row's own comes first.
    common: Option<String>,
}

impl RosterQuery {
    /// What the rows do where they replace those in office.
    fn replacing(&mut self) -> AppResult<Option<Replacing>> {
        let Some(day) = self.replace_from else {
            return match self.reason.is_some() || self.common.is_some() {
                true => Err(wrong("replace_from")),
                false => Ok(None),
            };
        };
        let common = self.common.as_deref().unwrap_or("{}");
        Ok(Some(Replacing {
            day,
            reason: self.reason.take(),
            common: serde_json::from_str(common).map_err(|_| wrong("common"))?,
        }))
    }
}

fn wrong(parameter: &str) -> AppError {
    AppError::refused(
        Code::InvalidParameter,
        Some(parameter),
        "整届替换须写明日期（replace_from），统一填写的内容（common）应为JSON",
        "A replacement has a day (`replace_from`), and what all rows share (`common`) is JSON text",
    )
}

/// Takes records from a sheet, CSV in UTF-8 or Excel, whose columns are called as the fields: all of them or none. People
/// whom rows name are found by identity number or name, or made along; what is known already is changed and never doubled.
#[utoipa::path(post, path = "/ledgers/{code}/imports", tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code"), RosterQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file: one of its first ten lines names the columns"), responses((status = 200, description = "What became of the rows, or would become of them", body = RosterImport)))]
pub async fn import_roster(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    code: web::Path<String>,
    query: web::Query<RosterQuery>,
    body: Raw,
) -> Handled {
    let sent = sent(&request, &who, &body.0)?;
    let mut query = query.into_inner();
    let ask = RosterAsk {
        replace: query.replacing()?,
        dry_run: query.dry_run.unwrap_or(false),
        skip_faulty: query.skip_faulty.unwrap_or(false),
        unit: query.unit,
        mapping: query.mapping,
    };
    let answer = work_for(app, who, move |app, who| {
        app.import_roster(who, &sent, &code, &ask, &body.0)
    });
    Ok(answered(answer.await?))
}

/// Replaces those in office in units (换届): all who are in office there leave on a day, and the next begin on it, each in a
/// record of its own, also who stays. All of them or none; a sheet does the same by `imports` with `replace_from`.
#[utoipa::path(post, path = "/ledgers/{code}/replacements", tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code: one whose term is replaced"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = NewReplacement, responses((status = 200, description = "Who made way for whom, or would", body = RosterImport)))]
pub async fn replace_term(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    code: web::Path<String>,
    body: Body<NewReplacement>,
) -> Handled {
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.replace_term(who, &sent, &code, &body.value)
    });
    Ok(answered(answer.await?))
}

/// Makes one record of two that are of one person: what names the one that goes names the other from now on, what the one that
/// stays lacks is taken from it, and its history stays.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code: `person`"), ("id" = String, Path, description = "The number of the record that goes"), ("If-Match" = String, Header, description = "The ETag that was read of it"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = MergeRecords, responses((status = 200, description = "The record that stays", body = Record)))]
#[post("/ledgers/{code}/records/{id}/merge")]
pub async fn merge_records(
    app: web::Data<App>,
    who: Asker,
    path: web::Path<(String, String)>,
    request: HttpRequest,
    body: Body<MergeRecords>,
) -> Handled {
    let seen = revision(&request)?;
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        let at = (path.0.as_str(), path.1.as_str());
        app.merge_records(who, &sent, at, seen, &body.value)
    });
    Ok(answered(answer.await?))
}
