//! How much one client may ask in a minute.

use super::problem::Failure;
use crate::app::App;
use crate::app::error::{AppError, Code};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, web};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

const MINUTE: i64 = 60_000_000;

/// Counters by client and kind of request, for the minute that runs.
#[derive(Debug, Default)]
pub struct Limiter {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    minute: i64,
    by_client: HashMap<(Option<IpAddr>, bool), u32>,
}

struct Verdict {
    limit: u32,
    left: Option<u32>,
    reset: i64,
}

impl Limiter {
    fn ask(&self, client: Option<IpAddr>, sign_in: bool, limit: u32, now: i64) -> Verdict {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now / MINUTE;
        if counts.minute != minute {
            counts.minute = minute;
            counts.by_client.clear();
        }
        let count = counts.by_client.entry((client, sign_in)).or_default();
        *count = count.saturating_add(1);
        Verdict {
            limit,
            left: limit.checked_sub(*count),
            reset: ((minute + 1) * MINUTE - now) / 1_000_000 + 1,
        }
    }
}

/// Counts requests and refuses what is too much, with the headers that tell how much is left.
///
/// # Errors
/// What the service returns.
pub async fn limit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let (Some(app), Some(limiter)) = (
        request.app_data::<web::Data<App>>().cloned(),
        request.app_data::<web::Data<Limiter>>().cloned(),
    ) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    if !request.path().starts_with(super::BASE) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let sign_in = request.path() == "/api/v1/session" && request.method() == "POST";
    let most = if sign_in {
        app.settings.sign_in_limit
    } else {
        app.settings.rate_limit
    };
    let client = request.peer_addr().map(|address| address.ip());
    let verdict = limiter.ask(client, sign_in, most, app.clock.now());
    let mut response = if verdict.left.is_some() {
        next.call(request).await?.map_into_boxed_body()
    } else {
        let failure = Failure::from(AppError::refused(
            Code::TooMany,
            None,
            format!("请求过于频繁，请{}秒后再试", verdict.reset),
            format!("Too many requests; try again in {} seconds", verdict.reset),
        ));
        let answer: HttpResponse = HttpResponse::from_error(failure);
        request.into_response(answer)
    };
    tell(response.headers_mut(), &verdict);
    Ok(response)
}

fn tell(headers: &mut HeaderMap, verdict: &Verdict) {
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("ratelimit-limit", verdict.limit.to_string());
    set("ratelimit-remaining", verdict.left.unwrap_or(0).to_string());
    set("ratelimit-reset", verdict.reset.to_string());
    if verdict.left.is_none() {
        set("retry-after", verdict.reset.to_string());
    }
}
