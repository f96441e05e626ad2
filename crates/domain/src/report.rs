//! A report: its states, and the actions that move it from one to the next.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where a report stands (数据报送的状态). 待填报 is the absence of a report; 逾期未报 follows from the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// 暂存
    Draft,
    /// 待乡镇审核
    Submitted,
    /// 待县级审定
    Checked,
    /// 已审定
    Approved,
    /// 退回修改
    Returned,
}

/// What somebody does to a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportAction {
    /// 暂存
    Save,
    /// 提交
    Submit,
    /// 审核通过
    Check,
    /// 审定
    Approve,
    /// 退回修改
    Return,
    /// 更正: opens an approved report again, with its cause.
    Revise,
}

/// Why an action is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TransitionError {
    /// The report's state does not allow the action.
    #[error("a report in state {state:?} does not allow {action:?}")]
    NotFrom {
        /// The state it is in.
        state: ReportState,
        /// What was tried.
        action: ReportAction,
    },
    /// The period is locked: only a revision with its cause may change it.
    #[error("the period is locked; {0:?} needs a revision")]
    Locked(ReportAction),
    /// The action needs a reason and has none.
    #[error("{0:?} needs a reason")]
    ReasonMissing(ReportAction),
}

/// What a transition is judged by, beside the state.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances {
    /// The period is locked (已锁定).
    pub locked: bool,
    /// The report is a revision of something approved before.
    pub revision: bool,
    /// A reason was given.
    pub reason: bool,
    /// Nobody checks the form: what is submitted waits for approval at once.
    pub unchecked: bool,
}

impl ReportState {
    /// All states.
    pub const ALL: [ReportState; 5] = [
        ReportState::Draft,
        ReportState::Submitted,
        ReportState::Checked,
        ReportState::Approved,
        ReportState::Returned,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            ReportState::Draft => "draft",
            ReportState::Submitted => "submitted",
            ReportState::Checked => "checked",
            ReportState::Approved => "approved",
            ReportState::Returned => "returned",
        }
    }

    /// The state of that name.
    pub fn parse(text: &str) -> Option<ReportState> {
        ReportState::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// Whether its figures wait for a decision (待审定).
    pub fn is_pending(self) -> bool {
        matches!(self, ReportState::Submitted | ReportState::Checked)
    }

    /// The state after the action.
    ///
    /// # Errors
    /// [`TransitionError`] that says why the action is not possible.
    pub fn apply(
        self,
        action: ReportAction,
        about: Circumstances,
    ) -> Result<ReportState, TransitionError> {
        use ReportAction as A;
        use ReportState as S;
        let next = match (self, action) {
            (S::Draft | S::Returned, A::Save) => S::Draft,
            (S::Draft | S::Returned, A::Submit) if about.unchecked => S::Checked,
            (S::Draft | S::Returned, A::Submit) => S::Submitted,
            (S::Submitted, A::Check) => S::Checked,
            (S::Checked, A::Approve) => S::Approved,
            (S::Submitted | S::Checked, A::Return) => S::Returned,
            (S::Approved, A::Revise) => S::Draft,
            (state, action) => return Err(TransitionError::NotFrom { state, action }),
        };
        if matches!(action, A::Return | A::Revise) && !about.reason {
            return Err(TransitionError::ReasonMissing(action));
        }
        if about.locked && !about.revision && action != A::Revise {
            return Err(TransitionError::Locked(action));
        }
        Ok(next)
    }
}

impl ReportAction {
    /// All actions.
    pub const ALL: [ReportAction; 6] = [
        ReportAction::Save,
        ReportAction::Submit,
        ReportAction::Check,
        ReportAction::Approve,
        ReportAction::Return,
        ReportAction::Revise,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            ReportAction::Save => "save",
            ReportAction::Submit => "submit",
            ReportAction::Check => "check",
            ReportAction::Approve => "approve",
            ReportAction::Return => "return",
            ReportAction::Revise => "revise",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_action_is_decided() {
        use ReportAction as A;
        use ReportState as S;
        let allowed = [
            (S::Draft, A::Save, S::Draft),
            (S::Draft, A::Submit, S::Submitted),
            (S::Returned, A::Save, S::Draft),
            (S::Returned, A::Submit, S::Submitted),
            (S::Submitted, A::Check, S::Checked),
            (S::Submitted, A::Return, S::Returned),
            (S::Checked, A::Approve, S::Approved),
            (S::Checked, A::Return, S::Returned),
            (S::Approved, A::Revise, S::Draft),
        ];
        for state in S::ALL {
            for action in A::ALL {
                let expected = allowed.iter().find(|(s, a, _)| (*s, *a) == (state, action));
                let about = Circumstances {
                    reason: true,
                    ..Default::default()
                };
                let got = state.apply(action, about);
                match expected {
                    Some((_, _, next)) => assert_eq!(got, Ok(*next)),
                    None => assert_eq!(got, Err(TransitionError::NotFrom { state, action })),
                }
            }
        }
    }

    #[test]
    fn a_locked_period_moves_by_revision_only() {
        let locked = Circumstances {
            locked: true,
            reason: true,
            ..Circumstances::default()
        };
        assert_eq!(
            ReportState::Draft.apply(ReportAction::Submit, locked),
            Err(TransitionError::Locked(ReportAction::Submit))
        );
        assert_eq!(
            ReportState::Approved.apply(ReportAction::Revise, locked),
            Ok(ReportState::Draft)
        );
        let revision = Circumstances {
            revision: true,
            ..locked
        };
        assert_eq!(
            ReportState::Draft.apply(ReportAction::Submit, revision),
            Ok(ReportState::Submitted)
        );
    }

    #[test]
    fn without_a_check_a_submission_waits_for_approval() {
        let unchecked = Circumstances {
            unchecked: true,
            ..Circumstances::default()
        };
        for state in [ReportState::Draft, ReportState::Returned] {
            assert_eq!(
                state.apply(ReportAction::Submit, unchecked),
                Ok(ReportState::Checked)
            );
        }
    }

    #[test]
    fn a_return_and_a_revision_need_a_reason() {
        for (state, action) in [
            (ReportState::Checked, ReportAction::Return),
            (ReportState::Approved, ReportAction::Revise),
        ] {
            assert_eq!(
                state.apply(action, Circumstances::default()),
                Err(TransitionError::ReasonMissing(action))
            );
        }
    }
}
