//! Accounts and departments.

use crate::session::{DataScope, Grant, Role};
use crate::unit::{Level, UnitRef};

wire! {
    /// An account in a list.
    pub struct User {
        /// The account's name.
        pub login: String,
        /// The person's or office's name.
        pub name: String,
        /// The unit.
        pub unit: UnitRef,
        /// Whether it may sign in.
        pub active: bool,
        /// Whether it has no password of its own yet: a one-time password, or none.
        pub password_change_required: bool,
        /// The phone, its middle four digits hidden.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub phone: Option<String>,
        /// The grants.
        pub grants: Vec<Grant>,
        /// The number of its changes, to be sent as If-Match.
        pub revision: i64,
    }
}

wire! {
    /// A leave of absence (离岗) with its deputy.
    pub struct Leave {
        /// The first day.
        pub from: chrono::NaiveDate,
        /// The last day.
        pub until: chrono::NaiveDate,
        /// The name with which the deputy signs in.
        pub deputy: String,
        /// The deputy's name.
        pub deputy_name: String,
    }
}

wire! {
    /// A transfer (调动) that has not come yet.
    pub struct Transfer {
        /// The first day at the new unit.
        pub from: chrono::NaiveDate,
        /// The new unit.
        pub unit: UnitRef,
    }
}

wire! {
    /// An account with what is to come, and what the asker may do with it.
    pub struct UserDetail {
        /// The account.
        pub user: User,
        /// The leave that runs or is to come.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub leave: Option<Leave>,
        /// The transfer that is to come.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub transfer: Option<Transfer>,
        /// Whether the asker may change it.
        pub may_change: bool,
        /// Whether the asker may look as this person to help (协助查看).
        pub may_view_as: bool,
    }
}

wire! {
    /// An account to be made. It gets its one-time password by `POST /users/passwords`.
    #[serde(deny_unknown_fields)]
    pub struct CreateUser {
        /// The name to sign in with: 2 to 32 small letters, digits, dots, hyphens or underscores.
        pub login: String,
        /// The person's or office's name.
        pub name: String,
        /// The unit's code.
        pub unit: String,
        /// The phone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub phone: Option<String>,
        /// The grants.
        pub grants: Vec<Grant>,
    }
}

wire! {
    /// An account as it shall be.
    #[serde(deny_unknown_fields)]
    pub struct ChangeUser {
        /// The name to sign in with.
        pub login: String,
        /// The person's or office's name.
        pub name: String,
        /// The phone: absent leaves it as it is, an empty text takes it away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub phone: Option<String>,
        /// The grants, in place of the present ones.
        pub grants: Vec<Grant>,
    }
}

/// What is done with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserAction {
    /// 停用: it signs in no more; what it did stays.
    Deactivate,
    /// 启用: it signs in again.
    Reactivate,
    /// 调动: to `unit` from `from` on; its grants about its own unit go along, those on custom units or departments end. To
    /// its present unit: a transfer that has not come is taken back.
    Transfer,
    /// 离岗: absent from `from` until `until`; `deputy` may act meanwhile.
    Leave,
    /// 返岗: the leave ends now.
    Return,
}

wire! {
    /// An action on an account.
    #[serde(deny_unknown_fields)]
    pub struct ActOnUser {
        /// What is done.
        pub action: UserAction,
        /// The new unit's code, for a transfer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit: Option<String>,
        /// The first day, for a transfer or a leave; today without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<chrono::NaiveDate>,
        /// The last day, for a leave.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<chrono::NaiveDate>,
        /// The name with which the deputy signs in, for a leave.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub deputy: Option<String>,
    }
}

wire! {
    /// Why somebody's phone is wanted in full. The reason stands in the audit trail.
    #[serde(deny_unknown_fields)]
    pub struct RevealPhone {
        /// Why, 1 to 200 characters.
        pub reason: String,
    }
}

wire! {
    /// A phone in full.
    pub struct RevealedPhone {
        /// The phone.
        pub phone: String,
        /// Until when a page may show it.
        pub until: chrono::DateTime<chrono::Utc>,
    }
}

wire! {
    /// Accounts that shall get new one-time passwords. Their present passwords and sessions end.
    #[serde(deny_unknown_fields)]
    pub struct IssuePasswords {
        /// The names with which they sign in, 1 to 10,000.
        pub logins: Vec<String>,
    }
}

wire! {
    /// A one-time password, to be handed over and changed at the first sign-in.
    pub struct IssuedPassword {
        /// The name to sign in with.
        pub login: String,
        /// The person's or office's name.
        pub name: String,
        /// The unit.
        pub unit: UnitRef,
        /// The password. It is shown here and nowhere else.
        pub password: String,
    }
}

wire! {
    /// One-time passwords, by unit and name.
    pub struct IssuedPasswords {
        /// The passwords.
        pub items: Vec<IssuedPassword>,
    }
}

wire! {
    /// A department to be made.
    #[serde(deny_unknown_fields)]
    pub struct CreateDepartment {
        /// The unit's code.
        pub unit: String,
        /// Its code: 2 to 32 small letters, digits, dots, hyphens or underscores.
        pub code: String,
        /// Its name.
        pub name: String,
        /// The first day; today without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<chrono::NaiveDate>,
        /// Codes of the matters that it holds.
        pub matters: Vec<String>,
    }
}

wire! {
    /// A department as it shall be.
    #[serde(deny_unknown_fields)]
    pub struct ChangeDepartment {
        /// Its name.
        pub name: String,
        /// Codes of the matters that it holds.
        pub matters: Vec<String>,
        /// Its last day; absent leaves it without an end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<chrono::NaiveDate>,
    }
}

wire! {
    /// A department of a unit.
    pub struct Department {
        /// The code, as the programme names it.
        pub code: String,
        /// The Chinese name.
        pub name: String,
        /// The unit.
        pub unit: UnitRef,
        /// The first day.
        pub valid_from: chrono::NaiveDate,
        /// The last day, where it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub valid_until: Option<chrono::NaiveDate>,
        /// Codes of the matters that it leads.
        pub matters: Vec<String>,
        /// The number of its changes, to be sent as If-Match.
        pub revision: i64,
    }
}

wire! {
    /// One account for every unit of a level at or below a unit.
    #[serde(deny_unknown_fields)]
    pub struct GenerateUsers {
        /// The code of the unit at or below which they are made.
        pub unit: String,
        /// The level of the units that get one.
        pub level: Level,
        /// The role.
        pub role: Role,
        /// The data scope: `unit`, `unit_and_below` or `own`.
        pub scope: DataScope,
        /// The name to sign in with; `{code}` stands for the unit's code and must be in it.
        pub login: String,
        /// The name; `{unit}` stands for the unit's name.
        pub name: String,
        /// Codes of the matters; absent means all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub matters: Option<Vec<String>>,
    }
}

wire! {
    /// What the making of many accounts did, or would do.
    pub struct UsersMade {
        /// Whether nothing was made.
        pub dry_run: bool,
        /// How many are new.
        pub created: i64,
        /// How many were there already under that name.
        pub unchanged: i64,
        /// The names of the new ones, to be given one-time passwords with `POST /users/passwords`.
        pub logins: Vec<String>,
    }
}
