//! The audit trail (审计): what kinds of lines it has, and the text of a line that its hash is taken over.

use serde::{Deserialize, Serialize};

/// What a line of the trail tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// 登录: a sign-in, also one that failed, and the end of a session.
    SignIn,
    /// 拒绝访问: something was asked that policy does not allow.
    Refusal,
    /// 查看个人信息: personal data was shown in full.
    Read,
    /// 导出: data left in a file.
    Export,
    /// 变更: something was changed.
    Change,
    /// 协助查看: somebody looked as another person.
    View,
}

impl AuditKind {
    /// All kinds.
    pub const ALL: [AuditKind; 6] = [
        AuditKind::SignIn,
        AuditKind::Refusal,
        AuditKind::Read,
        AuditKind::Export,
        AuditKind::Change,
        AuditKind::View,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            AuditKind::SignIn => "sign_in",
            AuditKind::Refusal => "refusal",
            AuditKind::Read => "read",
            AuditKind::Export => "export",
            AuditKind::Change => "change",
            AuditKind::View => "view",
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<AuditKind> {
        AuditKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// A line of the trail as it is chained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The number, without gaps.
    pub seq: i64,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What it tells of.
    pub kind: String,
    /// What was done, or asked.
    pub what: String,
    /// To what.
    pub subject: String,
    /// Who.
    pub account: Option<i64>,
    /// For whom, where somebody acted for another.
    pub for_account: Option<i64>,
    /// The unit.
    pub unit: Option<i64>,
    /// How it ended: `ok` or the code of a refusal.
    pub outcome: String,
    /// The request.
    pub request: Option<i64>,
    /// The client's address.
    pub address: Option<String>,
}

impl Link {
    /// The text that is hashed: the fields as a JSON list in the order in which they are declared.
    pub fn canonical(&self) -> String {
        serde_json::json!([
            self.seq,
            self.at,
            self.kind,
            self.what,
            self.subject,
            self.account,
            self.for_account,
            self.unit,
            self.outcome,
            self.request,
            self.address,
        ])
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_as_they_are_written() {
        for kind in AuditKind::ALL {
            assert_eq!(AuditKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(AuditKind::parse("gossip"), None);
    }

    #[test]
    fn a_line_has_one_text_and_no_two_lines_share_it() {
        let line = Link {
            seq: 7,
            at: 1,
            kind: "change".to_owned(),
            what: "report.saved".to_owned(),
            subject: "a\",\"b".to_owned(),
            account: Some(3),
            for_account: None,
            unit: Some(9),
            outcome: "ok".to_owned(),
            request: Some(5),
            address: Some("10.0.0.1".to_owned()),
        };
        assert_eq!(
            line.canonical(),
            r#"[7,1,"change","report.saved","a\",\"b",3,null,9,"ok",5,"10.0.0.1"]"#
        );
        let other = Link {
            account: None,
            for_account: Some(3),
            ..line.clone()
        };
        assert_ne!(line.canonical(), other.canonical());
    }
}
