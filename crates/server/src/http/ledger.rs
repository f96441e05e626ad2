//! `ledgers` and their records.

use super::Handled;
use super::extract::{
    Asker, Body, Narrowed, answered, json_for, page_ask, revision, sent, tagged, work_for,
};
use crate::app::App;
use crate::app::figure_records::FigureRecordsAsk;
use crate::app::record::RecordAsk;
use actix_web::{HttpRequest, get, post, put, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::ledger::{
    EditRecord, FigureRecords, Ledger, LedgerList, MoveRecord, NewRecord, Record, RecordReason,
    RecordVersion, RevealField, RevealedField, SavedRecord,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_ledgers)
        .service(get_ledger)
        .service(list_records)
        .service(create_record)
        .service(get_record)
        .service(edit_record)
        .service(move_record)
        .service(delete_record)
        .service(restore_record)
        .service(list_record_versions)
        .service(reveal_record_field)
        .service(list_figure_records);
}

/// The ledgers (台账) of the programme, with how many records the asker's units have.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", responses((status = 200, description = "The ledgers", body = LedgerList)))]
#[get("/ledgers")]
pub async fn list_ledgers(app: web::Data<App>, who: Asker) -> Handled {
    json_for(app, who, App::list_ledgers).await
}

/// A ledger with its definition.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code")), responses((status = 200, description = "The ledger", body = Ledger)))]
#[get("/ledgers/{code}")]
pub async fn get_ledger(app: web::Data<App>, who: Asker, code: web::Path<String>) -> Handled {
    json_for(app, who, move |app, who| app.get_ledger(who, &code)).await
}

/// What a list of records is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecordQuery {
    /// The code of the unit at or below which their units stand.
    unit: Option<String>,
    /// How their titles begin, in characters or in pinyin.
    q: Option<String>,
    /// The state.
    state: Option<String>,
    /// `field:value`, several parted by commas; days and numbers as `field:from..to`. Only declared filters, each of which can
    /// also stand alone: `filter.field=value`.
    filter: Option<String>,
    /// `latest` first, or by `title`.
    sort: Option<String>,
    /// Whether the deleted ones are wanted instead.
    deleted: Option<bool>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
    /// Whether the total is wanted. Where a filter narrows the list, it is counted up to 10,001, which says that there are more than
    /// 10,000; where nothing does, a large total is the one that was counted last.
    total: Option<bool>,
}

/// Records of a ledger, personal data masked.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code"), RecordQuery), responses((status = 200, description = "A page of records", body = Page<Record>)))]
#[get("/ledgers/{code}/records")]
pub async fn list_records(
    app: web::Data<App>,
    who: Asker,
    code: web::Path<String>,
    narrowed: Narrowed<RecordQuery>,
) -> Handled {
    let query = narrowed.query;
    let page = page_ask(query.limit, query.cursor, query.total);
    let ask = RecordAsk {
        fields: narrowed.fields,
        unit: query.unit,
        q: query.q,
        state: query.state,
        filter: query.filter,
        sort: query.sort,
        deleted: query.deleted.unwrap_or(false),
    };
    json_for(app, who, move |app, who| {
        app.list_records(who, &code, &ask, &page)
    })
    .await
}

/// Enters a record, or says what stands against it.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = NewRecord, responses((status = 201, description = "The record", body = SavedRecord), (status = 200, description = "What would be kept", body = SavedRecord)))]
#[post("/ledgers/{code}/records")]
pub async fn create_record(
    app: web::Data<App>,
    who: Asker,
    code: web::Path<String>,
    request: HttpRequest,
    body: Body<NewRecord>,
) -> Handled {
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.create_record(who, &sent, &code, &body.value)
    });
    Ok(answered(answer.await?))
}

/// One record, personal data masked.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code"), ("id" = String, Path, description = "The record's number")), responses((status = 200, description = "The record", body = Record), (status = 304, description = "The client has it")))]
#[get("/ledgers/{code}/records/{id}")]
pub async fn get_record(
    app: web::Data<App>,
    who: Asker,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Handled {
    let answer = work_for(app, who, move |app, who| {
        app.get_record(who, &path.0, &path.1)
    });
    Ok(tagged(&request, answer.await?))
}

/// Changes a record whose revision was seen, or says what stands against it.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code"), ("id" = String, Path, description = "The record's number"), ("If-Match" = String, Header, description = "The tag that was seen"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = EditRecord, responses((status = 200, description = "The record", body = SavedRecord)))]
#[put("/ledgers/{code}/records/{id}")]
pub async fn edit_record(
    app: web::Data<App>,
    who: Asker,
    path: web::Path<(String, String)>,
    request: HttpRequest,
    body: Body<EditRecord>,
) -> Handled {
    let seen = revision(&request)?;
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.edit_record(who, &sent, (&path.0, &path.1), seen, &body.value)
    });
    Ok(answered(answer.await?))
}

/// Moves a record whose revision was seen into another state.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code"), ("id" = String, Path, description = "The record's number"), ("If-Match" = String, Header, description = "The tag that was seen"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = MoveRecord, responses((status = 200, description = "The record", body = SavedRecord)))]
#[post("/ledgers/{code}/records/{id}/moves")]
pub async fn move_record(
    app: web::Data<App>,
    who: Asker,
    path: web::Path<(String, String)>,
    request: HttpRequest,
    body: Body<MoveRecord>,
) -> Handled {
    let seen = revision(&request)?;
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.move_record(who, &sent, (&path.0, &path.1), seen, &body.value)
    });
    Ok(answered(answer.await?))
}

/// Deletes a record whose revision was seen; it can be restored.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code"), ("id" = String, Path, description = "The record's number"), ("If-Match" = String, Header, description = "The tag that was seen"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = RecordReason, responses((status = 200, description = "The record", body = Record)))]
#[post("/ledgers/{code}/records/{id}/delete")]
pub async fn delete_record(
    app: web::Data<App>,
    who: Asker,
    path: web::Path<(String, String)>,
    request: HttpRequest,
    body: Body<RecordReason>,
) -> Handled {
    taken_away(app, who, path, request, body, false).await
}

/// Restores a deleted record whose revision was seen.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code"), ("id" = String, Path, description = "The record's number"), ("If-Match" = String, Header, description = "The tag that was seen"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = RecordReason, responses((status = 200, description = "The record", body = Record)))]
#[post("/ledgers/{code}/records/{id}/restore")]
pub async fn restore_record(
    app: web::Data<App>,
    who: Asker,
    path: web::Path<(String, String)>,
    request: HttpRequest,
    body: Body<RecordReason>,
) -> Handled {
    taken_away(app, who, path, request, body, true).await
}

async fn taken_away(
    app: web::Data<App>,
    who: Asker,
    path: web::Path<(String, String)>,
    request: HttpRequest,
    body: Body<RecordReason>,
    restore: bool,
) -> Handled {
    let seen = revision(&request)?;
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        let at = (path.0.as_str(), path.1.as_str());
        app.delete_record(who, &sent, at, seen, (restore, &body.value))
    });
    Ok(answered(answer.await?))
}

/// What a list of versions is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VersionQuery {
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// The versions of a record, the latest first, each with what changed.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code"), ("id" = String, Path, description = "The record's number"), VersionQuery), responses((status = 200, description = "A page of versions", body = Page<RecordVersion>)))]
#[get("/ledgers/{code}/records/{id}/versions")]
pub async fn list_record_versions(
    app: web::Data<App>,
    who: Asker,
    path: web::Path<(String, String)>,
    query: web::Query<VersionQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    json_for(app, who, move |app, who| {
        app.list_record_versions(who, &path.0, &path.1, &page)
    })
    .await
}

/// A personal value of a record in full, to who keeps it, with a reason that stands in the audit trail.
#[utoipa::path(tag = "ledgers", context_path = "/api/v1", params(("code" = String, Path, description = "The ledger's code"), ("id" = String, Path, description = "The record's number")), request_body = RevealField, responses((status = 200, description = "The value", body = RevealedField)))]
#[post("/ledgers/{code}/records/{id}/reveal")]
pub async fn reveal_record_field(
    app: web::Data<App>,
    who: Asker,
    path: web::Path<(String, String)>,
    body: Body<RevealField>,
) -> Handled {
    json_for(app, who, move |app, who| {
        app.reveal_record_field(who, &path.0, &path.1, &body.value)
    })
    .await
}

/// Of which unit, period and side, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FigureRecordsQuery {
    /// The code of a unit of the metric's level; the asker's own without it.
    unit: Option<String>,
    /// A period of the metric; the latest that is over without it.
    period: Option<String>,
    /// `numerator` or `denominator`; the numerator without it.
    side: Option<String>,
    /// How many records, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// The records behind a derived figure: those that count, those that do not, and why not. Personal data is masked.
#[utoipa::path(tag = "figures", context_path = "/api/v1", params(("code" = String, Path, description = "The metric's code"), FigureRecordsQuery), responses((status = 200, description = "The selections and a page of their records", body = FigureRecords)))]
#[get("/metrics/{code}/records")]
pub async fn list_figure_records(
    app: web::Data<App>,
    who: Asker,
    code: web::Path<String>,
    query: web::Query<FigureRecordsQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    let ask = FigureRecordsAsk {
        metric: code.into_inner(),
        period: query.period,
        unit: query.unit,
        side: query.side,
    };
    json_for(app, who, move |app, who| {
        app.list_figure_records(who, &ask, &page)
    })
    .await
}
