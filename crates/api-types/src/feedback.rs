//! Complaints and suggestions (意见建议).

use crate::unit::UnitRef;
use uuid::Uuid;

mirror! {
    /// What somebody writes.
    FeedbackKind from zhenxing_domain::feedback::FeedbackKind {
        /// 意见
        Opinion,
        /// 建议
        Suggestion,
        /// 问题
        Problem,
        /// 减负投诉
        BurdenComplaint,
    }
}

mirror! {
    /// Where it stands.
    FeedbackState from zhenxing_domain::feedback::FeedbackState {
        /// 已提交
        Submitted,
        /// 已受理
        Accepted,
        /// 已答复
        Answered,
        /// 满意
        Satisfied,
        /// 不满意
        Dissatisfied,
    }
}

mirror! {
    /// What somebody does about it.
    FeedbackAction from zhenxing_domain::feedback::FeedbackAction {
        /// 受理
        Accept,
        /// 答复
        Answer,
        /// 满意
        Satisfy,
        /// 不满意: opens it again, once.
        Dissatisfy,
    }
}

/// Who is to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeedbackTo {
    /// The unit above.
    #[default]
    Above,
    /// The city's office; nobody in between sees it.
    City,
}

/// Which of them: those that I wrote, or those that my unit answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeedbackBox {
    /// Those that I wrote.
    #[default]
    Own,
    /// Those that my unit answers.
    Received,
}

wire! {
    /// A complaint or suggestion to hand in.
    #[serde(deny_unknown_fields)]
    pub struct NewFeedback {
        /// What it is.
        pub kind: FeedbackKind,
        /// What is said, at most 1,000 characters, without identity numbers.
        pub text: String,
        /// The page from which it is written.
        #[serde(default)]
        pub page: String,
        /// Who is to answer.
        #[serde(default)]
        pub to: FeedbackTo,
        /// Whether who answers may see the name and get in touch.
        #[serde(default)]
        pub contact_consent: bool,
    }
}

wire! {
    /// A complaint or suggestion in a list.
    pub struct Feedback {
        /// Its number.
        pub id: Uuid,
        /// What it is.
        pub kind: FeedbackKind,
        /// Where it stands.
        pub state: FeedbackState,
        /// The beginning of what is said, or all of it.
        pub text: String,
        /// The page from which it was written.
        pub page: String,
        /// The unit from which it comes.
        pub unit: UnitRef,
        /// The unit that answers.
        pub to: UnitRef,
        /// Who wrote it, where he agreed to be named, and to himself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub author: Option<String>,
        /// Whether it was opened again.
        pub reopened: bool,
        /// Whether the asker wrote it.
        pub own: bool,
        /// When it was handed in.
        pub created_at: chrono::DateTime<chrono::Utc>,
        /// Days until the first answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub answer_days: Option<i64>,
    }
}

wire! {
    /// What was written or done about it.
    pub struct FeedbackStep {
        /// `submit`, or the action.
        pub action: String,
        /// What was written.
        pub text: String,
        /// When.
        pub at: chrono::DateTime<chrono::Utc>,
    }
}

wire! {
    /// A complaint or suggestion with what became of it.
    pub struct FeedbackDetail {
        /// What it is and where it stands.
        pub feedback: Feedback,
        /// What was written and done, in order.
        pub steps: Vec<FeedbackStep>,
        /// What the asker may do now.
        pub actions: Vec<FeedbackAction>,
    }
}

wire! {
    /// An action on a complaint or suggestion.
    #[serde(deny_unknown_fields)]
    pub struct ActOnFeedback {
        /// What to do.
        pub action: FeedbackAction,
        /// The answer, or what is not satisfying; needed for both.
        #[serde(default)]
        pub text: String,
    }
}

wire! {
    /// How many complaints and suggestions of a kind stand in a state at the unit that answers them.
    pub struct FeedbackCount {
        /// The unit that answers.
        pub unit: UnitRef,
        /// The kind.
        pub kind: FeedbackKind,
        /// The state.
        pub state: FeedbackState,
        /// How many.
        pub count: i64,
        /// How many of them have had an answer.
        pub answered: i64,
        /// The days until the first answer, added up over those.
        pub answer_days: i64,
    }
}
