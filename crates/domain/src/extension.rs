//! Extensions (延期): asked before the due day by who fills in, decided by who checks.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where an extension stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionState {
    /// 待批准
    Asked,
    /// 同意
    Granted,
    /// 不同意
    Refused,
    /// 已撤回
    Withdrawn,
}

/// What is done with an extension that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionAction {
    /// 同意
    Grant,
    /// 不同意, with a reason.
    Refuse,
    /// 撤回, by the one who asked.
    Withdraw,
}

/// Why an action is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ExtensionError {
    /// It was decided or withdrawn already.
    #[error("an extension in state {state:?} does not allow {action:?}")]
    NotFrom {
        /// The state it is in.
        state: ExtensionState,
        /// What was tried.
        action: ExtensionAction,
    },
    /// A refusal needs a reason.
    #[error("{0:?} needs a reason")]
    ReasonMissing(ExtensionAction),
}

/// Why an extension cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WishError {
    /// The period has no due day.
    #[error("the period has no due day")]
    NeverDue,
    /// The due day is over.
    #[error("the due day {0} is over")]
    TooLate(NaiveDate),
    /// The new day is not later than the due day.
    #[error("the new day is not after {0}")]
    NotLater(NaiveDate),
    /// The new day is too far away.
    #[error("the new day is after {0}")]
    TooFar(NaiveDate),
}

/// Whether on that day an extension beyond the due day may be asked until another, at most so many days later.
///
/// # Errors
/// [`WishError`] that says why not.
pub fn check_wish(
    today: NaiveDate,
    due: Option<NaiveDate>,
    until: NaiveDate,
    most_days: u32,
) -> Result<NaiveDate, WishError> {
    let due = due.ok_or(WishError::NeverDue)?;
    let last = due
        .checked_add_days(Days::new(u64::from(most_days)))
        .unwrap_or(due);
    if today > due {
        Err(WishError::TooLate(due))
    } else if until <= due {
        Err(WishError::NotLater(due))
    } else if until > last {
        Err(WishError::TooFar(last))
    } else {
        Ok(due)
    }
}

impl ExtensionState {
    /// All states.
    pub const ALL: [ExtensionState; 4] = [
        ExtensionState::Asked,
        ExtensionState::Granted,
        ExtensionState::Refused,
        ExtensionState::Withdrawn,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            ExtensionState::Asked => "asked",
            ExtensionState::Granted => "granted",
            ExtensionState::Refused => "refused",
            ExtensionState::Withdrawn => "withdrawn",
        }
    }

    /// The state of that name.
    pub fn parse(text: &str) -> Option<ExtensionState> {
        ExtensionState::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// The state after the action.
    ///
    /// # Errors
    /// [`ExtensionError`] that says why the action is not possible.
    pub fn apply(
        self,
        action: ExtensionAction,
        reason: bool,
    ) -> Result<ExtensionState, ExtensionError> {
        if self != ExtensionState::Asked {
            return Err(ExtensionError::NotFrom {
                state: self,
                action,
            });
        }
        match action {
            ExtensionAction::Grant => Ok(ExtensionState::Granted),
            ExtensionAction::Refuse if !reason => Err(ExtensionError::ReasonMissing(action)),
            ExtensionAction::Refuse => Ok(ExtensionState::Refused),
            ExtensionAction::Withdraw => Ok(ExtensionState::Withdrawn),
        }
    }
}

impl ExtensionAction {
    /// All actions.
    pub const ALL: [ExtensionAction; 3] = [
        ExtensionAction::Grant,
        ExtensionAction::Refuse,
        ExtensionAction::Withdraw,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_action_is_decided() {
        use ExtensionAction as A;
        use ExtensionState as S;
        for state in S::ALL {
            assert_eq!(S::parse(state.as_str()), Some(state));
            for action in A::ALL {
                let expected = match (state, action) {
                    (S::Asked, A::Grant) => Ok(S::Granted),
                    (S::Asked, A::Refuse) => Ok(S::Refused),
                    (S::Asked, A::Withdraw) => Ok(S::Withdrawn),
                    _ => Err(ExtensionError::NotFrom { state, action }),
                };
                assert_eq!(state.apply(action, true), expected);
            }
        }
        let bare = S::Asked.apply(A::Refuse, false);
        assert_eq!(bare, Err(ExtensionError::ReasonMissing(A::Refuse)));
        assert_eq!(S::Asked.apply(A::Grant, false), Ok(S::Granted));
    }

    #[test]
    fn an_extension_is_asked_in_time_and_for_a_while() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let due = day("2026-12-20");
        for (today, asked_of, until, expected) in [
            ("2026-12-20", Some(due), "2026-12-21", Ok(due)),
            ("2026-11-24", Some(due), "2027-01-19", Ok(due)),
            (
                "2026-11-24",
                Some(due),
                "2027-01-20",
                Err(WishError::TooFar(day("2027-01-19"))),
            ),
            (
                "2026-11-24",
                Some(due),
                "2026-12-20",
                Err(WishError::NotLater(due)),
            ),
            (
                "2026-12-21",
                Some(due),
                "2026-12-31",
                Err(WishError::TooLate(due)),
            ),
            ("2026-11-24", None, "2026-12-31", Err(WishError::NeverDue)),
        ] {
            let got = check_wish(day(today), asked_of, day(until), 30);
            assert_eq!(got, expected, "{today} {until}");
        }
    }
}
