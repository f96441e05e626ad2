//! Complaints and suggestions (意见建议): what they are, and their way to an answer.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What somebody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackKind {
    /// 意见
    Opinion,
    /// 建议
    Suggestion,
    /// 问题
    Problem,
    /// 减负投诉: a complaint about a burden on the grass roots.
    BurdenComplaint,
}

impl FeedbackKind {
    /// All kinds.
    pub const ALL: [FeedbackKind; 4] = [
        FeedbackKind::Opinion,
        FeedbackKind::Suggestion,
        FeedbackKind::Problem,
        FeedbackKind::BurdenComplaint,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            FeedbackKind::Opinion => "opinion",
            FeedbackKind::Suggestion => "suggestion",
            FeedbackKind::Problem => "problem",
            FeedbackKind::BurdenComplaint => "burden_complaint",
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<FeedbackKind> {
        FeedbackKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackState {
    /// 已提交
    Submitted,
    /// 已受理
    Accepted,
    /// 已答复
    Answered,
    /// 满意
    Satisfied,
    /// 不满意: after the second answer.
    Dissatisfied,
}

/// What somebody does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackAction {
    /// 受理
    Accept,
    /// 答复
    Answer,
    /// 满意
    Satisfy,
    /// 不满意
    Dissatisfy,
}

/// Why an action is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("feedback in state {state:?} does not allow {action:?}")]
pub struct NotFrom {
    /// The state it is in.
    pub state: FeedbackState,
    /// What was tried.
    pub action: FeedbackAction,
}

impl FeedbackState {
    /// All states.
    pub const ALL: [FeedbackState; 5] = [
        FeedbackState::Submitted,
        FeedbackState::Accepted,
        FeedbackState::Answered,
        FeedbackState::Satisfied,
        FeedbackState::Dissatisfied,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            FeedbackState::Submitted => "submitted",
            FeedbackState::Accepted => "accepted",
            FeedbackState::Answered => "answered",
            FeedbackState::Satisfied => "satisfied",
            FeedbackState::Dissatisfied => "dissatisfied",
        }
    }

    /// The state of that name.
    pub fn parse(text: &str) -> Option<FeedbackState> {
        FeedbackState::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// The state after the action. Who is not satisfied opens it again, once.
    ///
    /// # Errors
    /// [`NotFrom`] when the state does not allow it.
    pub fn apply(self, action: FeedbackAction, reopened: bool) -> Result<FeedbackState, NotFrom> {
        use FeedbackAction as A;
        use FeedbackState as S;
        match (self, action) {
            (S::Submitted, A::Accept) => Ok(S::Accepted),
            (S::Accepted, A::Answer) => Ok(S::Answered),
            (S::Answered, A::Satisfy) => Ok(S::Satisfied),
            (S::Answered, A::Dissatisfy) if reopened => Ok(S::Dissatisfied),
            (S::Answered, A::Dissatisfy) => Ok(S::Submitted),
            (state, action) => Err(NotFrom { state, action }),
        }
    }
}

impl FeedbackAction {
    /// All actions.
    pub const ALL: [FeedbackAction; 4] = [
        FeedbackAction::Accept,
        FeedbackAction::Answer,
        FeedbackAction::Satisfy,
        FeedbackAction::Dissatisfy,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            FeedbackAction::Accept => "accept",
            FeedbackAction::Answer => "answer",
            FeedbackAction::Satisfy => "satisfy",
            FeedbackAction::Dissatisfy => "dissatisfy",
        }
    }

    /// Whether it is the author's own; the others are those of the office that answers.
    pub fn is_authors(self) -> bool {
        matches!(self, FeedbackAction::Satisfy | FeedbackAction::Dissatisfy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_action_is_decided() {
        use FeedbackAction as A;
        use FeedbackState as S;
        for reopened in [false, true] {
            let end = if reopened {
                S::Dissatisfied
            } else {
                S::Submitted
            };
            let allowed = [
                (S::Submitted, A::Accept, S::Accepted),
                (S::Accepted, A::Answer, S::Answered),
                (S::Answered, A::Satisfy, S::Satisfied),
                (S::Answered, A::Dissatisfy, end),
            ];
            for state in S::ALL {
                for action in A::ALL {
                    let found = allowed.iter().find(|one| (one.0, one.1) == (state, action));
                    let expected = found.map_or(Err(NotFrom { state, action }), |one| Ok(one.2));
                    assert_eq!(state.apply(action, reopened), expected);
                }
            }
        }
    }

    #[test]
    fn names_read_as_they_are_written() {
        for kind in FeedbackKind::ALL {
            assert_eq!(FeedbackKind::parse(kind.as_str()), Some(kind));
        }
        for state in FeedbackState::ALL {
            assert_eq!(FeedbackState::parse(state.as_str()), Some(state));
        }
    }
}
