//! Extensions of due days (延期).

use crate::unit::UnitRef;
use uuid::Uuid;

mirror! {
    /// Where an extension stands.
    ExtensionState from zhenxing_domain::extension::ExtensionState {
        /// 待批准
        Asked,
        /// 同意
        Granted,
        /// 不同意
        Refused,
        /// 已撤回
        Withdrawn,
    }
}

mirror! {
    /// What is done with an extension that was asked.
    ExtensionAction from zhenxing_domain::extension::ExtensionAction {
        /// 同意, by who checks the unit's reports.
        Grant,
        /// 不同意, with a reason, by who checks the unit's reports.
        Refuse,
        /// 撤回, by who fills in the unit's reports.
        Withdraw,
    }
}

wire! {
    /// Asks for an extension, before the due day.
    #[serde(deny_unknown_fields)]
    pub struct AskExtension {
        /// The form's code.
        pub form: String,
        /// The unit's code.
        pub unit: String,
        /// The period.
        pub period: String,
        /// The day that is asked for.
        pub until: chrono::NaiveDate,
        /// Why.
        pub reason: String,
    }
}

wire! {
    /// Decides about an extension, or takes it back.
    #[serde(deny_unknown_fields)]
    pub struct ActOnExtension {
        /// What is done.
        pub action: ExtensionAction,
        /// Why; required for `refuse`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
    }
}

wire! {
    /// An extension.
    pub struct Extension {
        /// Its number.
        pub id: Uuid,
        /// The form's code.
        pub form: String,
        /// The unit.
        pub unit: UnitRef,
        /// The name of the unit above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_name: Option<String>,
        /// The period.
        pub period: String,
        /// Where it stands.
        pub state: ExtensionState,
        /// Grows with every change.
        pub revision: i64,
        /// The due day that it is to move.
        pub due: chrono::NaiveDate,
        /// The day that is asked for.
        pub until: chrono::NaiveDate,
        /// Why it is asked.
        pub reason: String,
        /// The name of who asked.
        pub asked_by: String,
        /// When it was asked.
        pub asked_at: chrono::DateTime<chrono::Utc>,
        /// The name of who decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub decided_by: Option<String>,
        /// When it was decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub decided_at: Option<chrono::DateTime<chrono::Utc>>,
        /// What was said with the decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub decision: Option<String>,
        /// What the one who asks may do with it now.
        pub actions: Vec<ExtensionAction>,
    }
}
