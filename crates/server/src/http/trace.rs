//! From whom and where a request comes, kept while it is worked on, and the line of the audit trail when it is refused.

use super::problem::Failure;
use crate::app::App;
use crate::app::session::Who;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;
use std::cell::{Cell, RefCell};
use zhenxing_domain::audit::AuditKind;
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_storage::audit::{Line, Origin};

/// The header with a request's number, which the trail names too.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest subject that a refusal names.
const SUBJECT: usize = 100;

tokio::task_local! {
    static ORIGIN: RefCell<Origin>;
    /// Whether somebody looks as another person: each of his requests is a line.
    static LOOKS: Cell<bool>;
}

/// The origin of the request that this task works on.
pub fn origin() -> Origin {
    ORIGIN
        .try_with(|origin| origin.borrow().clone())
        .unwrap_or_default()
}

/// Who asks, as far as the trail is concerned.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    account: AccountId,
    for_account: Option<AccountId>,
    unit: UnitId,
    looks: bool,
}

impl Asked {
    /// By that account.
    pub fn by(who: &Who) -> Asked {
        let acting = who.signed_in.acting.as_ref();
        Asked {
            account: acting.map_or(who.account(), |acting| acting.by),
            for_account: acting.map(|_| who.account()),
            unit: who.unit(),
            looks: who.only_looks(),
        }
    }

    /// Completes an origin.
    pub fn within(self, mut origin: Origin) -> Origin {
        origin.account = Some(self.account);
        origin.for_account = self.for_account;
        origin.unit = Some(self.unit);
        origin
    }

    /// Keeps it for the request that this task works on.
    pub fn keep(self) {
        let _outside = LOOKS.try_with(|looks| looks.set(self.looks));
        // Outside a request there is nothing to keep it for.
        let _outside = ORIGIN.try_with(|origin| {
            let known = self.within(origin.take());
            origin.replace(known);
        });
    }
}

/// Gives a request its number, keeps its origin, and notes a refusal.
///
/// # Errors
/// What the service returns.
pub async fn trace(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let app = request.app_data::<web::Data<App>>().cloned();
    let mut number = [0_u8; 8];
    let random = getrandom::fill(&mut number);
    let number = i64::from_le_bytes(number);
    let origin = Origin {
        request: random.is_ok().then_some(number),
        address: request.peer_addr().map(|address| address.ip().to_string()),
        ..Origin::default()
    };
    let work = async {
        let looked_at = app.clone();
        let mut response = next.call(request).await?.map_into_boxed_body();
        if let (Some(app), Some(code)) = (app, refusal(&response)) {
            app.note(line(&app, &response, AuditKind::Refusal, code));
        } else if let Some(app) = looked_at.filter(|_| LOOKS.with(Cell::get)) {
            app.note(line(&app, &response, AuditKind::View, "ok"));
        }
        if let Ok(value) = HeaderValue::from_str(&request_name(number)) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        Ok(response)
    };
    let work = LOOKS.scope(Cell::new(false), work);
    ORIGIN.scope(RefCell::new(origin), work).await
}

/// A request's number as it is shown.
pub fn request_name(number: i64) -> String {
    format!("{number:016x}")
}

/// The code of an answer that belongs into the trail: policy said no, or a token was not good.
fn refusal(response: &ServiceResponse) -> Option<&'static str> {
    let error = response.response().error()?;
    let code = error.as_error::<Failure>()?.code()?;
    let told = match response.status().as_u16() {
        401 => response.request().headers().contains_key(AUTHORIZATION),
        403 => true,
        404 => origin().account.is_some(),
        _ => false,
    };
    told.then_some(code)
}

fn line(app: &App, response: &ServiceResponse, kind: AuditKind, code: &str) -> Line {
    let request = response.request();
    let pattern = request.match_pattern().unwrap_or_default();
    let path = pattern.strip_prefix(super::BASE).unwrap_or_default();
    let names: Vec<&str> = request
        .match_info()
        .iter()
        .map(|(_, value)| value)
        .filter(|value| is_name(value))
        .collect();
    let what = format!("{} {path}", request.method());
    let mut line = Line::new(kind, &what, &names.join(" "), code, app.clock.now());
    line.origin = origin();
    line
}

/// Whether a part of a path is a number or code, which the trail may hold, rather than somebody's free words.
fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    text.len() <= SUBJECT && text.bytes().all(plain) && !holds_id_number(text)
}
