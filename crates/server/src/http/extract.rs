//! Taking requests apart.

use super::Handled;
use super::problem::Failure;
use super::trace::{self, Asked};
use crate::app::error::{AppError, Code};
use crate::app::once::{Answer, Sent};
use crate::app::page::PageAsk;
use crate::app::password::change_first;
use crate::app::programme::stale;
use crate::app::session::{Claimed, Who, read_only, unauthenticated};
use crate::app::sheet::FileFormat;
use crate::app::{App, AppResult};
use actix_web::dev::Payload;
use actix_web::error::QueryPayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    AUTHORIZATION, CONTENT_DISPOSITION, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION,
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde::de::DeserializeOwned;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::ids::AccountId;
use zhenxing_storage::audit::on_behalf_of;
use zhenxing_storage::idempotency::Key;

/// How parameters begin that name a field.
const FIELD: &str = "filter.";

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// Somebody with a good token. Whether the session lasts, the account is active and what it may do now is read where the
/// work is done ([`work_for`]): one trip to the threads that wait for the database, not two.
#[derive(Debug, Clone, Copy)]
pub struct Asker {
    claimed: Claimed,
    reads: bool,
}

impl FromRequest for Asker {
    type Error = Failure;
    type Future = Ready<Result<Asker, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(claimed(request).map(|claimed| Asker {
            claimed,
            reads: request.method().is_safe(),
        }))
    }
}

/// Finds out who asks and runs blocking work for him beside the event loop.
///
/// # Errors
/// `unauthenticated`, or what the work returns.
pub async fn work_for<T: Send + 'static>(
    app: web::Data<App>,
    asker: Asker,
    work: impl FnOnce(&App, &Who) -> AppResult<T> + Send + 'static,
) -> Result<T, Failure> {
    let origin = trace::origin();
    let (asked, done) = super::block(app, move |app| {
        let who = app.authenticate(asker.claimed)?;
        let asked = Asked::by(&who);
        let done = on_behalf_of(asked.within(origin), || {
            admit(&who, asker.reads).and_then(|()| work(app, &who))
        });
        Ok((asked, done))
    })
    .await?;
    asked.keep();
    Ok(done?)
}

/// Finds out who asks and answers him what the work returns. It is written as JSON where it was made: what it holds is given
/// back by the thread that took it, and only the text goes to the event loop.
///
/// # Errors
/// `unauthenticated`, or what the work returns.
pub async fn json_for<T: serde::Serialize>(
    app: web::Data<App>,
    asker: Asker,
    work: impl FnOnce(&App, &Who) -> AppResult<T> + Send + 'static,
) -> Handled {
    let written = work_for(app, asker, move |app, who| {
        serde_json::to_vec(&work(app, who)?).map_err(|error| AppError::Internal(error.to_string()))
    });
    let body = written.await?;
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .content_type("application/json")
        .body(body))
}

/// Refuses who has to change the password first, and who only looks and would change something.
fn admit(who: &Who, reads: bool) -> AppResult<()> {
    if who.signed_in.one_time && who.signed_in.acting.is_none() {
        return Err(change_first());
    }
    if !reads && who.only_looks() {
        return Err(read_only());
    }
    Ok(())
}

fn claimed(request: &HttpRequest) -> Result<Claimed, Failure> {
    let app = request.app_data::<web::Data<App>>();
    let app = app.ok_or_else(|| AppError::Internal("no application".to_owned()))?;
    let header = request.headers().get(AUTHORIZATION);
    let token = header
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Bearer "));
    Ok(app.claimed(token.ok_or_else(unauthenticated)?)?)
}

/// The account that asks, with a password of its own, where a handler has to know it before the work.
pub struct Signed(pub Who);

impl FromRequest for Signed {
    type Error = Failure;
    type Future = Extracting<Signed>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let anyone = SignedAnyhow::from_request(request, payload);
        let reads = request.method().is_safe();
        Box::pin(async move {
            let SignedAnyhow(who) = anyone.await?;
            admit(&who, reads)?;
            Ok(Signed(who))
        })
    }
}

/// The account that asks, also one that has to change its password first.
pub struct SignedAnyhow(pub Who);

impl FromRequest for SignedAnyhow {
    type Error = Failure;
    type Future = Extracting<SignedAnyhow>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let app = request.app_data::<web::Data<App>>().cloned();
        let claimed = claimed(request);
        Box::pin(async move {
            let app = app.ok_or_else(|| AppError::Internal("no application".to_owned()))?;
            let claimed = claimed?;
            let who = super::block(app, move |app| app.authenticate(claimed)).await?;
            Asked::by(&who).keep();
            Ok(SignedAnyhow(who))
        })
    }
}

/// The bytes of a body.
pub struct Raw(pub web::Bytes);

impl FromRequest for Raw {
    type Error = Failure;
    type Future = Extracting<Raw>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            bytes.await.map(Raw).map_err(|error| {
                if error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE {
                    let zh = "提交内容超过大小限制（表单1 MB，区划文件16 MB，附件32 MB）";
                    let en = "The body is larger than allowed (1 MB, divisions 16 MB, files 32 MB)";
                    AppError::refused(Code::TooLarge, None, zh, en).into()
                } else {
                    malformed(None, &error.to_string()).into()
                }
            })
        })
    }
}

/// A JSON body and its bytes.
pub struct Body<T> {
    /// What was sent.
    pub value: T,
    /// As it was sent.
    pub bytes: web::Bytes,
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Failure;
    type Future = Extracting<Body<T>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let raw = Raw::from_request(request, payload);
        Box::pin(async move {
            let Raw(bytes) = raw.await?;
            let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
            let mut reader = serde_json::Deserializer::from_slice(text);
            let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
                let path = error.path().to_string();
                malformed(
                    field_of(&path, &error.inner().to_string()),
                    &error.inner().to_string(),
                )
            })?;
            reader
                .end()
                .map_err(|error| malformed(None, &error.to_string()))?;
            Ok(Body { value, bytes })
        })
    }
}

/// The field that serde stumbled over: its path, or the name in a message about a missing or unknown field.
fn field_of(path: &str, message: &str) -> Option<String> {
    let named = message
        .strip_prefix("missing field `")
        .or_else(|| message.strip_prefix("unknown field `"))
        .and_then(|rest| rest.split('`').next());
    match named {
        Some(name) => Some(name.to_owned()),
        None if path == "." || path == "?" => None,
        None => Some(path.to_owned()),
    }
}

fn malformed(field: Option<String>, message: &str) -> AppError {
    AppError::refused(
        Code::MalformedBody,
        field.as_deref(),
        format!("请求内容不是所要求的JSON格式：{message}"),
        format!("The body is not the JSON that is asked for: {message}"),
    )
}

/// Wrong parameters of the address become problems.
pub fn query_config() -> web::QueryConfig {
    web::QueryConfig::default().error_handler(|error, _| Failure::from(wrong_query(&error)).into())
}

fn wrong_query(error: &QueryPayloadError) -> AppError {
    let message = error.to_string();
    let named = message.split('`').nth(1).map(str::to_owned);
    AppError::refused(
        Code::InvalidParameter,
        named.as_deref(),
        format!("请求参数不正确：{message}"),
        format!("A parameter is wrong: {message}"),
    )
}

/// The parameters of a list of records: those of every list, and beside them the fields whose values are asked for.
pub struct Narrowed<T> {
    /// Those of every list.
    pub query: T,
    /// `filter.CODE=value`, by the codes of the fields.
    pub fields: Vec<(String, String)>,
}

impl<T: DeserializeOwned> FromRequest for Narrowed<T> {
    type Error = Failure;
    type Future = Ready<Result<Narrowed<T>, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parts = request.query_string().split('&');
        let (fields, others): (Vec<&str>, Vec<&str>) =
            parts.partition(|part| part.starts_with(FIELD));
        let read = || {
            let query = web::Query::<T>::from_query(&others.join("&"))?.into_inner();
            let fields = web::Query::<Vec<(String, String)>>::from_query(&fields.join("&"))?;
            let fields = fields.into_inner().into_iter();
            let coded = |(name, value): (String, String)| {
                let code = name.strip_prefix(FIELD).unwrap_or_default();
                (code.to_owned(), value)
            };
            Ok(Narrowed {
                query,
                fields: fields.map(coded).collect(),
            })
        };
        ready(read().map_err(|error| wrong_query(&error).into()))
    }
}

/// The revision in If-Match.
///
/// # Errors
/// `if_match_required` or `stale`.
pub fn revision(request: &HttpRequest) -> AppResult<i64> {
    let header = request
        .headers()
        .get(IF_MATCH)
        .and_then(|value| value.to_str().ok());
    let Some(text) = header else {
        return Err(AppError::refused(
            Code::IfMatchRequired,
            Some("If-Match"),
            "请在If-Match中带上读取时的ETag",
            "Send the ETag that you read as If-Match",
        ));
    };
    let number = text
        .trim()
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    number
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(stale)
}

/// Whoever asks, known or not yet.
pub trait Asking {
    /// The account's number.
    fn account(&self) -> AccountId;
}

impl Asking for Who {
    fn account(&self) -> AccountId {
        Who::account(self)
    }
}

impl Asking for Asker {
    fn account(&self) -> AccountId {
        self.claimed.account
    }
}

/// The idempotency key with the hash of the body.
///
/// # Errors
/// A key of a wrong shape.
pub fn sent(request: &HttpRequest, by: &impl Asking, body: &[u8]) -> AppResult<Sent> {
    let header = request.headers().get("Idempotency-Key");
    let key = match header {
        None => None,
        Some(value) => {
            let text = value.to_str().unwrap_or_default();
            if text.is_empty() || text.len() > 200 || holds_id_number(text) {
                return Err(AppError::refused(
                    Code::InvalidParameter,
                    Some("Idempotency-Key"),
                    "幂等键应为1至200个可见字符，不得含有身份证号码",
                    "An idempotency key has 1 to 200 visible characters and holds no identity number",
                ));
            }
            Some(Key {
                account: by.account(),
                route: format!("{} {}", request.method(), request.path()),
                key: text.to_owned(),
            })
        }
    };
    // The revision that was seen belongs to what was asked.
    let seen = request
        .headers()
        .get(IF_MATCH)
        .map_or(&b""[..], |value| value.as_bytes());
    let whole = [body, b"\n", seen, b"\n", request.query_string().as_bytes()].concat();
    Ok(Sent {
        key,
        body_hash: Sent::hash(&whole),
    })
}

/// What a list is asked for.
pub fn page_ask(limit: Option<i64>, cursor: Option<String>, total: Option<bool>) -> PageAsk {
    PageAsk {
        limit,
        cursor,
        total: total.unwrap_or(false),
    }
}

/// Sends a JSON body.
pub fn json(value: &impl serde::Serialize) -> Handled {
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(value))
}

/// Sends a file.
pub fn file(name: &str, format: FileFormat, bytes: Vec<u8>) -> HttpResponse {
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.suffix());
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .content_type(format.media_type())
        .body(bytes)
}

/// Sends the answer of a write, or of a read that has a tag.
pub fn answered(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response
        .insert_header(("Cache-Control", "no-store"))
        .content_type("application/json");
    if let Some(etag) = answer.etag {
        response.insert_header((ETAG, etag));
    }
    if let Some(location) = answer.location {
        response.insert_header((LOCATION, location));
    }
    response.body(answer.body)
}

/// Sends a tagged thing, or 304 when the client has it.
pub fn tagged(request: &HttpRequest, answer: Answer) -> HttpResponse {
    let known = request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    match (known, &answer.etag) {
        (Some(known), Some(etag)) if known == etag => HttpResponse::NotModified()
            .insert_header((ETAG, etag.clone()))
            .finish(),
        _ => answered(answer),
    }
}
