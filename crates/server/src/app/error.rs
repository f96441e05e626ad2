//! Why a use case did not do what was asked. Nothing here knows of HTTP.

use zhenxing_api_types::LineError;
use zhenxing_api_types::report::Finding;
use zhenxing_storage::StorageError;

/// The stable code of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The body is no JSON or has the wrong shape.
    MalformedBody,
    /// A parameter of the address is wrong.
    InvalidParameter,
    /// A field has a wrong value.
    InvalidField,
    /// A cursor does not belong to this list.
    InvalidCursor,
    /// Nobody is signed in.
    Unauthenticated,
    /// The access token has ended.
    TokenExpired,
    /// Name or password are wrong.
    WrongCredentials,
    /// The refresh token is not valid, or was used before.
    InvalidRefresh,
    /// No grant allows it.
    Forbidden,
    /// It is not there, or may not be seen.
    NotFound,
    /// It exists already.
    Exists,
    /// The report's state does not allow it.
    WrongState,
    /// The period is locked.
    PeriodLocked,
    /// The period has not opened.
    PeriodNotOpen,
    /// The first request with this key is still running.
    StillRunning,
    /// Somebody else changed it.
    Stale,
    /// The header If-Match is missing.
    IfMatchRequired,
    /// The body is too large.
    TooLarge,
    /// The file is of a kind that is not taken.
    FileKind,
    /// The form's rules stand against it.
    RulesBroken,
    /// The key was used with another body.
    KeyReused,
    /// The file has faulty lines.
    FaultyLines,
    /// The filter finds another number of things than was confirmed.
    CountChanged,
    /// Too many requests.
    #[serde(rename = "too_many_requests")]
    TooMany,
    /// The password is a one-time password and must be changed first.
    PasswordChangeRequired,
    /// Too many failed sign-ins.
    AccountLocked,
    /// Who looks as another person changes nothing.
    ReadOnlyView,
}

/// A refusal with its words.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// The field, parameter or header at fault.
    pub field: Option<String>,
    /// What is wrong here and what to do, in Chinese.
    pub zh: String,
    /// What is wrong here and what to do, in English.
    pub en: String,
    /// What the form's rules found.
    pub findings: Vec<Finding>,
    /// Faulty lines of a file.
    pub lines: Vec<LineError>,
}

/// An error of a use case.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// It was refused, for a reason that the asker can act on.
    #[error("{}", .0.en)]
    Refused(Box<Refusal>),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Something that should not happen.
    #[error("{0}")]
    Internal(String),
}

/// What a use case gives back.
pub type AppResult<T> = Result<T, AppError>;

impl AppError {
    /// A refusal.
    pub fn refused(
        code: Code,
        field: Option<&str>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> AppError {
        AppError::Refused(Box::new(Refusal {
            code,
            field: field.map(str::to_owned),
            zh: zh.into(),
            en: en.into(),
            findings: Vec::new(),
            lines: Vec::new(),
        }))
    }

    /// A thing that is not there, or may not be seen.
    pub fn not_found(field: &str, zh: &str, en: &str) -> AppError {
        AppError::refused(
            Code::NotFound,
            Some(field),
            format!("没有找到该{zh}，或不在您的权限范围内"),
            format!("This {en} does not exist or is outside what you may see"),
        )
    }

    /// A field with a wrong value.
    pub fn invalid(field: &str, zh: impl Into<String>, en: impl Into<String>) -> AppError {
        AppError::refused(Code::InvalidField, Some(field), zh, en)
    }

    /// The same refusal of another field.
    pub fn about(mut self, field: &str) -> AppError {
        if let AppError::Refused(refusal) = &mut self {
            refusal.field = Some(field.to_owned());
        }
        self
    }

    /// The same refusal of a field of a part.
    pub fn within(mut self, part: &str) -> AppError {
        if let AppError::Refused(refusal) = &mut self {
            let field = refusal.field.take();
            refusal.field =
                Some(field.map_or_else(|| part.to_owned(), |field| format!("{part}.{field}")));
        }
        self
    }

    /// A report that the form's rules refuse.
    pub fn findings(findings: Vec<Finding>) -> AppError {
        AppError::Refused(Box::new(Refusal {
            code: Code::RulesBroken,
            field: findings.first().and_then(|finding| finding.field.clone()),
            zh: "填报内容未通过校验，请按提示修改或填写情况说明".to_owned(),
            en: "The report does not pass the form's rules; correct or explain what they point at"
                .to_owned(),
            findings,
            lines: Vec::new(),
        }))
    }

    /// Whether it is a refusal with that code.
    pub fn is(&self, code: Code) -> bool {
        matches!(self, AppError::Refused(refusal) if refusal.code == code)
    }
}

impl From<zhenxing_domain::policy::Refused> for AppError {
    fn from(refused: zhenxing_domain::policy::Refused) -> Self {
        AppError::refused(
            Code::Forbidden,
            None,
            "您的账户没有这项操作的授权，请联系本级管理员",
            format!("{refused}; ask your administrator"),
        )
    }
}
