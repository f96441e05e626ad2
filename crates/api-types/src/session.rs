//! Signing in, staying signed in, and who I am.

use crate::unit::UnitRef;

/// Where the refresh token travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// In the body: for apps and other systems.
    #[default]
    Body,
    /// In an HttpOnly cookie: for browsers.
    Cookie,
}

wire! {
    /// Name and password.
    #[serde(deny_unknown_fields)]
    pub struct SignIn {
        /// The account's name.
        pub login: String,
        /// The password.
        pub password: String,
        /// Where the refresh token shall travel.
        #[serde(default)]
        pub transport: Transport,
    }
}

wire! {
    /// Asks for a new access token.
    #[serde(deny_unknown_fields)]
    pub struct Refresh {
        /// The refresh token; left out when the cookie holds it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub refresh_token: Option<String>,
    }
}

wire! {
    /// What a signed-in client holds.
    pub struct Tokens {
        /// Goes into `Authorization: Bearer …`.
        pub access_token: String,
        /// Seconds until the access token ends.
        pub expires_in: i64,
        /// Gives the next access token, once; absent when it travels in the cookie.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub refresh_token: Option<String>,
    }
}

mirror! {
    /// What an account does.
    Role from zhenxing_domain::policy::Role {
        /// 填报员
        Filler,
        /// 审核员
        Checker,
        /// 审定员
        Approver,
        /// 查阅
        Viewer,
        /// 统筹员: hands tasks down and follows them.
        Coordinator,
        /// 系统管理员
        Administrator,
        /// 审计员
        Auditor,
    }
}

mirror! {
    /// The data scope of a grant.
    DataScope from zhenxing_domain::policy::DataScope {
        /// 全部
        All,
        /// 自定义
        Custom,
        /// 本单位
        Unit,
        /// 本单位及以下
        UnitAndBelow,
        /// 仅本人
        Own,
    }
}

mirror! {
    /// What an account may do somewhere.
    Action from zhenxing_domain::policy::Action {
        /// See the programme.
        ReadProgramme,
        /// See units.
        ReadUnits,
        /// See figures.
        ReadFigures,
        /// See reports.
        ReadReports,
        /// Save and submit reports.
        FillReports,
        /// Check reports, or return them.
        CheckReports,
        /// Approve reports, or return them.
        ApproveReports,
        /// Open approved reports again.
        ReviseReports,
        /// Lock and open periods.
        ManagePeriods,
        /// Import and move units.
        ManageUnits,
        /// See accounts and departments.
        ReadUsers,
        /// See the stream of events.
        ReadEvents,
        /// See and export the audit trail.
        ReadAudit,
        /// Make and change accounts, grants and departments, and look as another person to help.
        ManageUsers,
        /// See personal data in full, with a reason.
        RevealPersonal,
        /// Hand in complaints and suggestions, and see one's own.
        GiveFeedback,
        /// See and answer the complaints and suggestions addressed to one's unit.
        AnswerFeedback,
        /// See tasks.
        ReadTasks,
        /// Sign for a unit's tasks, work on them and report what was done.
        WorkTasks,
        /// Hand tasks down, check what was done, and decide what is asked about them.
        ManageTasks,
        /// Set and withdraw targets of the units below.
        SetTargets,
        /// See records of ledgers, personal data masked.
        ReadRecords,
        /// Enter, change and delete records of ledgers.
        KeepRecords,
        /// Move records of ledgers from one state into another.
        MoveRecords,
    }
}

wire! {
    /// A grant.
    #[serde(deny_unknown_fields)]
    pub struct Grant {
        /// The role.
        pub role: Role,
        /// The data scope.
        pub scope: DataScope,
        /// Codes of the units of a custom scope.
        #[serde(default)]
        pub units: Vec<String>,
        /// Codes of the departments, of the account's unit or above it, to whose matters it is bound.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub departments: Vec<String>,
        /// Codes of the matters; absent means all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub matters: Option<Vec<String>>,
    }
}

wire! {
    /// A new password in place of the present one.
    #[serde(deny_unknown_fields)]
    pub struct ChangePassword {
        /// The present password, also where it is a one-time password.
        pub current: String,
        /// The new one.
        pub new: String,
    }
}

/// How somebody acts for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActingMode {
    /// 协助查看: an administrator sees what the other sees, for fifteen minutes, and changes nothing.
    View,
    /// 代理: the deputy does the work of somebody who is absent.
    Deputy,
}

wire! {
    /// Asks for a session in which the asker acts for another.
    #[serde(deny_unknown_fields)]
    pub struct BeginActing {
        /// The name with which the other signs in.
        pub login: String,
        /// How.
        pub mode: ActingMode,
        /// Why; needed to look as another person, and kept in the audit trail.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
    }
}

wire! {
    /// Who acts for the account of this session.
    pub struct Acting {
        /// The name with which he signs in.
        pub by: String,
        /// His name.
        pub by_name: String,
        /// How.
        pub mode: ActingMode,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// Until when.
        pub until: chrono::DateTime<chrono::Utc>,
    }
}

wire! {
    /// Somebody absent for whom the account may act.
    pub struct Absent {
        /// The name with which he signs in.
        pub login: String,
        /// His name.
        pub name: String,
        /// The last day.
        pub until: chrono::NaiveDate,
    }
}

wire! {
    /// Who I am and what I may do.
    pub struct Me {
        /// The account's name.
        pub login: String,
        /// The person's or the office's name.
        pub name: String,
        /// The account's unit.
        pub unit: UnitRef,
        /// The units above it, from the city down.
        pub ancestors: Vec<UnitRef>,
        /// The grants.
        pub grants: Vec<Grant>,
        /// What is allowed somewhere; where, the lists say.
        pub actions: Vec<Action>,
        /// Who acts for this account in this session, where that is another: show it all the time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub acting: Option<Acting>,
        /// For whom I may act as deputy today.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub deputy_for: Vec<Absent>,
        /// The server's day, in Asia/Shanghai.
        pub today: chrono::NaiveDate,
        /// Whether the server runs with demonstration accounts.
        pub demonstration: bool,
        /// Whether the server shows the made-up reports of the demonstration.
        #[serde(default)]
        pub demonstration_data: bool,
    }
}
