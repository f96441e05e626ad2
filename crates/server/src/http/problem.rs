//! The one place where errors become HTTP.

use super::trace::REQUEST_ID;
use crate::app::error::{AppError, Code, Refusal};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError};
use std::fmt;
use zhenxing_api_types::Problem;

/// An error on its way out.
#[derive(Debug)]
pub struct Failure(AppError);

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Failure(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Status, code and titles of a refusal.
fn words(code: Code) -> (u16, &'static str, &'static str, &'static str) {
    match code {
        Code::MalformedBody => (
            400,
            "malformed_body",
            "请求内容格式不正确",
            "The body is malformed",
        ),
        Code::InvalidParameter => (
            400,
            "invalid_parameter",
            "请求参数不正确",
            "A parameter is wrong",
        ),
        Code::InvalidField => (
            422,
            "invalid_field",
            "填写内容不符合要求",
            "A field is wrong",
        ),
        Code::InvalidCursor => (
            400,
            "invalid_cursor",
            "翻页位置无效",
            "The cursor is not valid",
        ),
        Code::Unauthenticated => (401, "unauthenticated", "尚未登录", "Not signed in"),
        Code::TokenExpired => (
            401,
            "token_expired",
            "登录凭证已过期",
            "The access token has ended",
        ),
        Code::WrongCredentials => (
            401,
            "wrong_credentials",
            "用户名或密码不正确",
            "Wrong name or password",
        ),
        Code::InvalidRefresh => (
            401,
            "invalid_refresh",
            "登录已失效",
            "The session has ended",
        ),
        Code::Forbidden => (403, "forbidden", "没有操作权限", "Not allowed"),
        Code::NotFound => (404, "not_found", "没有找到", "Not found"),
        Code::Exists => (409, "exists", "已经存在", "It exists already"),
        Code::WrongState => (
            409,
            "wrong_state",
            "当前状态不能进行这项操作",
            "The state does not allow it",
        ),
        Code::PeriodLocked => (409, "period_locked", "本期已锁定", "The period is locked"),
        Code::PeriodNotOpen => (
            409,
            "period_not_open",
            "本期尚未开始",
            "The period has not opened",
        ),
        Code::StillRunning => (
            409,
            "still_running",
            "同一请求正在处理",
            "The first request is still running",
        ),
        Code::Stale => (412, "stale", "内容已被他人修改", "Somebody else changed it"),
        Code::FileKind => (
            422,
            "file_kind",
            "不接收这种文件",
            "Files of this kind are not taken",
        ),
        Code::TooLarge => (413, "too_large", "提交内容过大", "The body is too large"),
        Code::RulesBroken => (
            422,
            "rules_broken",
            "填报内容未通过校验",
            "The report breaks rules",
        ),
        Code::KeyReused => (
            422,
            "key_reused",
            "幂等键已被使用",
            "The key was used before",
        ),
        Code::FaultyLines => (422, "faulty_lines", "文件有错误", "The file has faults"),
        Code::IfMatchRequired => (
            428,
            "if_match_required",
            "缺少版本标识",
            "If-Match is missing",
        ),
        Code::CountChanged => (409, "count_changed", "数量已变化", "The number has changed"),
        Code::PasswordChangeRequired => (
            403,
            "password_change_required",
            "请先修改密码",
            "Change the password first",
        ),
        Code::AccountLocked => (
            401,
            "account_locked",
            "账户已暂时锁定",
            "The account is locked for now",
        ),
        Code::ReadOnlyView => (
            403,
            "read_only_view",
            "协助查看期间不能办理业务",
            "Nothing is changed while looking as another person",
        ),
        Code::TooMany => (
            429,
            "too_many_requests",
            "请求过于频繁",
            "Too many requests",
        ),
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// The stable code of a refusal; nothing when the server itself failed.
    pub fn code(&self) -> Option<&'static str> {
        match &self.0 {
            AppError::Refused(refusal) => Some(words(refusal.code).1),
            AppError::Storage(_) | AppError::Internal(_) => None,
        }
    }

    fn problem(&self, english: bool) -> Problem {
        match &self.0 {
            AppError::Refused(refusal) => refused(refusal, english),
            AppError::Storage(_) | AppError::Internal(_) => internal(english),
        }
    }

    fn answer(&self, english: bool) -> HttpResponse {
        let problem = self.problem(english);
        let body = serde_json::to_string(&problem).unwrap_or_default();
        HttpResponse::build(self.status_code())
            .content_type("application/problem+json")
            .insert_header(("Content-Language", if english { "en" } else { "zh-CN" }))
            .insert_header(("Cache-Control", "no-store"))
            .body(body)
    }
}

fn refused(refusal: &Refusal, english: bool) -> Problem {
    let (status, code, zh, en) = words(refusal.code);
    Problem {
        r#type: format!("urn:zhenxing:problem:{code}"),
        status,
        code: code.to_owned(),
        title: if english { en } else { zh }.to_owned(),
        detail: if english { &refusal.en } else { &refusal.zh }.clone(),
        field: refusal.field.clone(),
        findings: refusal.findings.clone(),
        lines: refusal.lines.clone(),
    }
}

fn internal(english: bool) -> Problem {
    let (title, detail) = if english {
        (
            "The server failed",
            "Nothing was changed; try again, and tell the operator if it stays so",
        )
    } else {
        (
            "系统出现故障",
            "未作任何改动，请稍后重试；如仍不行，请联系系统管理员",
        )
    };
    Problem {
        r#type: "urn:zhenxing:problem:internal".to_owned(),
        status: 500,
        code: "internal".to_owned(),
        title: title.to_owned(),
        detail: detail.to_owned(),
        field: None,
        findings: Vec::new(),
        lines: Vec::new(),
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        let status = match &self.0 {
            AppError::Refused(refusal) => words(refusal.code).0,
            AppError::Storage(_) | AppError::Internal(_) => 500,
        };
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.answer(false)
    }
}

/// Whether English comes before Chinese in what the client accepts.
fn prefers_english(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let first = accepted
        .split(',')
        .map(|part| part.trim().to_ascii_lowercase())
        .find(|part| part.starts_with("en") || part.starts_with("zh"));
    first.is_some_and(|part| part.starts_with("en"))
}

/// Writes problems in the language asked for, and logs what is the server's own fault, once.
///
/// # Errors
/// What the service returns.
pub async fn localise(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let english = prefers_english(request.headers());
    let response = next.call(request).await?.map_into_boxed_body();
    let answer = response
        .response()
        .error()
        .and_then(|error| error.as_error::<Failure>())
        .map(|failure| {
            if let AppError::Storage(_) | AppError::Internal(_) = &failure.0 {
                // Not the path itself: what somebody wrote there may be an identity number.
                let path = response.request().match_pattern().unwrap_or_default();
                tracing::error!(error = %failure.0, path, "a request failed");
            }
            failure.answer(english)
        });
    Ok(match answer {
        Some(mut answer) => {
            if let Some(number) = response.headers().get(REQUEST_ID).cloned() {
                answer.headers_mut().insert(REQUEST_ID, number);
            }
            response.into_response(answer)
        }
        None => response,
    })
}
