//! Tasks (任务): a matter given to one unit for a period, its states, and how far a matter is handed down.

use crate::extension::{WishError, check_wish};
use crate::package::Matter;
use crate::unit::Level;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where a task stands (任务的状态). 审核 is what is done with a task that is 已反馈.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// 交办: given, and not yet signed for.
    Issued,
    /// 签收
    Accepted,
    /// 办理中
    Working,
    /// 反馈: the result waits to be checked (审核).
    Reported,
    /// 办结
    Completed,
    /// 销号
    Closed,
    /// 暂缓
    Suspended,
    /// 终止
    Terminated,
}

/// What somebody does to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskAction {
    /// 签收
    Accept,
    /// 开始办理
    Start,
    /// 反馈, with what was done.
    Report,
    /// 审核通过
    Pass,
    /// 退回重办, with a reason.
    Return,
    /// 销号
    Close,
    /// 暂缓, with a reason.
    Suspend,
    /// 恢复办理
    Resume,
    /// 终止, with a reason.
    Terminate,
}

/// Who does something to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The unit whose task it is.
    Doer,
    /// A unit above it.
    Above,
}

/// Why an action is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TaskError {
    /// The task's state does not allow the action.
    #[error("a task in state {state:?} does not allow {action:?}")]
    NotFrom {
        /// The state it is in.
        state: TaskState,
        /// What was tried.
        action: TaskAction,
    },
    /// The action needs words and has none: what was done, or a reason.
    #[error("{0:?} needs words")]
    WordsMissing(TaskAction),
}

impl TaskState {
    /// All states.
    pub const ALL: [TaskState; 8] = [
        TaskState::Issued,
        TaskState::Accepted,
        TaskState::Working,
        TaskState::Reported,
        TaskState::Completed,
        TaskState::Closed,
        TaskState::Suspended,
        TaskState::Terminated,
    ];

    /// The states in which it counts against its due day: what was not yet reported.
    pub const RUNNING: [TaskState; 3] =
        [TaskState::Issued, TaskState::Accepted, TaskState::Working];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            TaskState::Issued => "issued",
            TaskState::Accepted => "accepted",
            TaskState::Working => "working",
            TaskState::Reported => "reported",
            TaskState::Completed => "completed",
            TaskState::Closed => "closed",
            TaskState::Suspended => "suspended",
            TaskState::Terminated => "terminated",
        }
    }

    /// The state of that name.
    pub fn parse(text: &str) -> Option<TaskState> {
        TaskState::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// Whether the unit has still to do something about it; only then it can be late, and only then an extension or
    /// another unit is asked for.
    pub fn is_running(self) -> bool {
        TaskState::RUNNING.contains(&self)
    }

    /// Whether it weighs on its unit: what is finished, suspended or given up does not.
    pub fn is_open(self) -> bool {
        self.is_running() || self == TaskState::Reported
    }

    /// The state after the action. `before` is the state in which it was suspended; `words` says whether words came
    /// with the action.
    ///
    /// # Errors
    /// [`TaskError`] that says why the action is not possible.
    pub fn apply(
        self,
        action: TaskAction,
        before: Option<TaskState>,
        words: bool,
    ) -> Result<TaskState, TaskError> {
        use TaskAction as A;
        use TaskState as S;
        let next = match (self, action) {
            (S::Issued, A::Accept) => S::Accepted,
            (S::Accepted, A::Start) => S::Working,
            (S::Accepted | S::Working, A::Report) => S::Reported,
            (S::Reported, A::Pass) => S::Completed,
            (S::Reported | S::Completed, A::Return) => S::Working,
            (S::Completed, A::Close) => S::Closed,
            (S::Issued | S::Accepted | S::Working | S::Reported, A::Suspend) => S::Suspended,
            (S::Suspended, A::Resume) => before.unwrap_or(S::Issued),
            (S::Issued | S::Accepted | S::Working | S::Reported | S::Suspended, A::Terminate) => {
                S::Terminated
            }
            (state, action) => return Err(TaskError::NotFrom { state, action }),
        };
        if action.needs_words() && !words {
            return Err(TaskError::WordsMissing(action));
        }
        Ok(next)
    }
}

impl TaskAction {
    /// All actions.
    pub const ALL: [TaskAction; 9] = [
        TaskAction::Accept,
        TaskAction::Start,
        TaskAction::Report,
        TaskAction::Pass,
        TaskAction::Return,
        TaskAction::Close,
        TaskAction::Suspend,
        TaskAction::Resume,
        TaskAction::Terminate,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            TaskAction::Accept => "accept",
            TaskAction::Start => "start",
            TaskAction::Report => "report",
            TaskAction::Pass => "pass",
            TaskAction::Return => "return",
            TaskAction::Close => "close",
            TaskAction::Suspend => "suspend",
            TaskAction::Resume => "resume",
            TaskAction::Terminate => "terminate",
        }
    }

    /// Whether the unit itself does it, or a unit above.
    pub fn side(self) -> Side {
        match self {
            TaskAction::Accept | TaskAction::Start | TaskAction::Report => Side::Doer,
            TaskAction::Pass
            | TaskAction::Return
            | TaskAction::Close
            | TaskAction::Suspend
            | TaskAction::Resume
            | TaskAction::Terminate => Side::Above,
        }
    }

    /// Whether it says what was done, or why.
    pub fn needs_words(self) -> bool {
        matches!(
            self,
            TaskAction::Report | TaskAction::Return | TaskAction::Suspend | TaskAction::Terminate
        )
    }
}

/// What a unit asks of the one above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// 延期, until a day.
    Extension,
    /// 申请改派, to another unit.
    Reassignment,
}

impl RequestKind {
    /// All kinds.
    pub const ALL: [RequestKind; 2] = [RequestKind::Extension, RequestKind::Reassignment];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            RequestKind::Extension => "extension",
            RequestKind::Reassignment => "reassignment",
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<RequestKind> {
        RequestKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// Why something cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RequestError {
    /// Nothing is to be done about the task any more.
    #[error("a task in state {0:?} takes no requests")]
    NotRunning(TaskState),
    /// An extension names a day, and nothing else does.
    #[error("the day is missing")]
    DayMissing,
    /// The day does not fit.
    #[error(transparent)]
    Wish(#[from] WishError),
}

/// Whether on that day this may be asked about a task: an extension before its due day, for at most so many days.
///
/// # Errors
/// [`RequestError`] that says why not.
pub fn check_request(
    kind: RequestKind,
    state: TaskState,
    today: NaiveDate,
    due: NaiveDate,
    until: Option<NaiveDate>,
    most_days: u32,
) -> Result<(), RequestError> {
    if !state.is_running() {
        return Err(RequestError::NotRunning(state));
    }
    if kind == RequestKind::Extension {
        let until = until.ok_or(RequestError::DayMissing)?;
        check_wish(today, Some(due), until, most_days)?;
    }
    Ok(())
}

/// Why a matter is not handed down so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HandDownError {
    /// The matter ends above that level.
    #[error("the matter is handed down to {lowest:?} at most, not to {wanted:?}")]
    TooFar {
        /// The lowest level that the matter names.
        lowest: Option<Level>,
        /// What was wanted.
        wanted: Level,
    },
    /// The matter does not name that level.
    #[error("the matter is not given to {0:?}")]
    NotNamed(Level),
    /// The level is not below the one that hands down.
    #[error("{wanted:?} is not below {own:?}")]
    NotBelow {
        /// Who hands down.
        own: Level,
        /// What was wanted.
        wanted: Level,
    },
}

/// Whether a unit of one level may hand a matter down to another level: below itself, and as far as the matter names.
///
/// # Errors
/// [`HandDownError`] that says why not.
pub fn check_hand_down(matter: &Matter, own: Level, wanted: Level) -> Result<(), HandDownError> {
    let lowest = matter.lowest_level();
    if lowest.is_none_or(|lowest| wanted > lowest) {
        return Err(HandDownError::TooFar { lowest, wanted });
    }
    if !matter.levels.contains(&wanted) {
        return Err(HandDownError::NotNamed(wanted));
    }
    if wanted <= own {
        return Err(HandDownError::NotBelow { own, wanted });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_action_is_decided() {
        use TaskAction as A;
        use TaskState as S;
        let allowed = [
            (S::Issued, A::Accept, S::Accepted),
            (S::Accepted, A::Start, S::Working),
            (S::Accepted, A::Report, S::Reported),
            (S::Working, A::Report, S::Reported),
            (S::Reported, A::Pass, S::Completed),
            (S::Reported, A::Return, S::Working),
            (S::Completed, A::Return, S::Working),
            (S::Completed, A::Close, S::Closed),
            (S::Issued, A::Suspend, S::Suspended),
            (S::Accepted, A::Suspend, S::Suspended),
            (S::Working, A::Suspend, S::Suspended),
            (S::Reported, A::Suspend, S::Suspended),
            (S::Suspended, A::Resume, S::Reported),
            (S::Issued, A::Terminate, S::Terminated),
            (S::Accepted, A::Terminate, S::Terminated),
            (S::Working, A::Terminate, S::Terminated),
            (S::Reported, A::Terminate, S::Terminated),
            (S::Suspended, A::Terminate, S::Terminated),
        ];
        for state in S::ALL {
            assert_eq!(S::parse(state.as_str()), Some(state));
            for action in A::ALL {
                let expected = allowed.iter().find(|(s, a, _)| (*s, *a) == (state, action));
                let got = state.apply(action, Some(S::Reported), true);
                let bare = state.apply(action, Some(S::Reported), false);
                match expected {
                    None => assert_eq!(got, Err(TaskError::NotFrom { state, action })),
                    Some((_, _, next)) => {
                        assert_eq!(got, Ok(*next));
                        let wanted = if action.needs_words() {
                            Err(TaskError::WordsMissing(action))
                        } else {
                            Ok(*next)
                        };
                        assert_eq!(bare, wanted);
                    }
                }
            }
        }
    }

    #[test]
    fn a_unit_works_and_the_one_above_decides() {
        let own: Vec<TaskAction> = TaskAction::ALL
            .into_iter()
            .filter(|action| action.side() == Side::Doer)
            .collect();
        let expected = [TaskAction::Accept, TaskAction::Start, TaskAction::Report];
        assert_eq!(own, expected);
    }

    #[test]
    fn what_is_asked_and_when() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let due = day("2026-12-20");
        let ask = |kind, state, today: &str, until: Option<&str>| {
            check_request(kind, state, day(today), due, until.map(day), 30)
        };
        let working = TaskState::Working;
        let extension = RequestKind::Extension;
        assert_eq!(
            ask(extension, working, "2026-12-20", Some("2026-12-31")),
            Ok(())
        );
        assert_eq!(
            ask(extension, working, "2026-12-21", Some("2026-12-31")),
            Err(RequestError::Wish(WishError::TooLate(due)))
        );
        assert_eq!(
            ask(extension, working, "2026-12-20", None),
            Err(RequestError::DayMissing)
        );
        let again = ask(RequestKind::Reassignment, working, "2026-12-21", None);
        assert_eq!(again, Ok(()));
        for state in TaskState::ALL {
            let asked = ask(RequestKind::Reassignment, state, "2026-12-01", None);
            assert_eq!(asked.is_ok(), state.is_running(), "{state:?}");
        }
    }
}
