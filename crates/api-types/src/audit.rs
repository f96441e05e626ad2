//! The audit trail (审计).

mirror! {
    /// What a line of the trail tells of.
    AuditKind from zhenxing_domain::audit::AuditKind {
        /// 登录
        SignIn,
        /// 拒绝访问
        Refusal,
        /// 查看个人信息
        Read,
        /// 导出
        Export,
        /// 变更
        Change,
        /// 协助查看
        View,
    }
}

wire! {
    /// Somebody who did something.
    pub struct AuditAccount {
        /// The name to sign in with, as it is today.
        pub login: String,
        /// The person's or office's name.
        pub name: String,
    }
}

wire! {
    /// A unit that a line tells of.
    pub struct AuditUnit {
        /// The code of today.
        pub code: String,
        /// The name of today.
        pub name: String,
    }
}

wire! {
    /// A line of the audit trail. It carries identifiers, never personal data of others or secrets.
    pub struct AuditEntry {
        /// The number in the chain, without gaps.
        pub seq: i64,
        /// When.
        pub at: chrono::DateTime<chrono::Utc>,
        /// What it tells of.
        pub kind: AuditKind,
        /// What was done (`report.submit`, `session.begin` …) or asked (`GET /reports/{id}`).
        pub what: String,
        /// To what: a report's number, a unit's code …; empty where nothing is named.
        pub subject: String,
        /// Which account it was done to, where the subject is the number of one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub subject_account: Option<AuditAccount>,
        /// Who; absent when nobody was signed in, or the system itself did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub account: Option<AuditAccount>,
        /// For whom, where somebody acted for another.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub for_account: Option<AuditAccount>,
        /// The unit concerned, or that of the account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit: Option<AuditUnit>,
        /// `ok`, or the code of the refusal.
        pub outcome: String,
        /// The request, as its answer's X-Request-Id names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub request: Option<String>,
        /// The client's address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub address: Option<String>,
    }
}
