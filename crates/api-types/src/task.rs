//! Tasks (任务): a matter given to one unit for a period.

use crate::extension::{ExtensionAction, ExtensionState};
use crate::file::File;
use crate::report::Light;
use crate::report_bulk::RowRefusal;
use crate::target::{TargetComparison, UnitWeight};
use crate::unit::{Level, UnitKind, UnitRef};
use uuid::Uuid;

mirror! {
    /// Where a task stands.
    TaskState from zhenxing_domain::task::TaskState {
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
}

mirror! {
    /// What somebody does to a task.
    TaskAction from zhenxing_domain::task::TaskAction {
        /// 签收, by the unit or the one directly above in its place (代办).
        Accept,
        /// 开始办理, by the unit.
        Start,
        /// 反馈, by the unit, with what was done.
        Report,
        /// 审核通过, by a unit above.
        Pass,
        /// 退回重办, by a unit above, with a reason.
        Return,
        /// 销号, by a unit above.
        Close,
        /// 暂缓, by a unit above, with a reason.
        Suspend,
        /// 恢复办理, by a unit above.
        Resume,
        /// 终止, by a unit above, with a reason.
        Terminate,
    }
}

mirror! {
    /// What a unit asks of the one above.
    RequestKind from zhenxing_domain::task::RequestKind {
        /// 延期, until a day, asked before the due day.
        Extension,
        /// 申请改派, to another unit.
        Reassignment,
    }
}

wire! {
    /// A department (部门) of the programme.
    pub struct DepartmentRef {
        /// The code.
        pub code: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
    }
}

wire! {
    /// A task.
    pub struct Task {
        /// Its number.
        pub id: Uuid,
        /// The project's code.
        pub project: String,
        /// The matter's code.
        pub matter: String,
        /// The period.
        pub period: String,
        /// The unit whose task it is.
        pub unit: UnitRef,
        /// The name of the unit above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_name: Option<String>,
        /// Where it stands.
        pub state: TaskState,
        /// Grows with every change.
        pub revision: i64,
        /// By the end of which day it is to be done.
        pub due: chrono::NaiveDate,
        /// The light; what is reported, finished, suspended or given up is never late.
        pub light: Light,
        /// The lead department (牵头单位).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub lead_department: Option<DepartmentRef>,
        /// The responsible departments (责任单位).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub responsible_departments: Vec<DepartmentRef>,
        /// The number of the act that handed it down.
        pub hand_down: Uuid,
        /// The unit that handed it down.
        pub issued_by_unit: String,
        /// The name of who handed it down.
        pub issued_by: String,
        /// When it was handed down.
        pub issued_at: chrono::DateTime<chrono::Utc>,
        /// What was said with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
        /// What was asked about it and waits for a decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub waiting: Option<RequestKind>,
        /// What the one who asks may do with it now.
        pub actions: Vec<TaskAction>,
        /// What the one who asks may ask about it now.
        pub may_ask: Vec<RequestKind>,
        /// Whether the one who asks may decide what waits.
        pub may_decide: bool,
        /// Whether the one who asks may write a note.
        pub may_note: bool,
    }
}

wire! {
    /// A task that is handed to one unit.
    #[serde(deny_unknown_fields)]
    pub struct CreateTask {
        /// The matter's code.
        pub matter: String,
        /// The period.
        pub period: String,
        /// The unit's code.
        pub unit: String,
        /// By the end of which day it is to be done.
        pub due: chrono::NaiveDate,
        /// The lead department's code; the matter's own without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub lead_department: Option<String>,
        /// The responsible departments' codes; the matter's own without them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub responsible_departments: Option<Vec<String>>,
        /// What is said with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
    }
}

/// What waits for the one who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskQueue {
    /// The own unit's tasks that are not yet reported.
    ToDo,
    /// What the units directly below have reported.
    ToReview,
    /// What the units directly below have asked.
    ToDecide,
}

/// To whom a matter is handed down.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum HandDownTo {
    /// All units of a level.
    Level {
        /// The level.
        level: Level,
        /// Their kinds; empty means every kind of the level.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        kinds: Vec<UnitKind>,
        /// Tags (重点村, 脱贫县) of which they carry at least one today; empty means all units.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
    },
    /// Chosen units.
    Units {
        /// Their codes.
        units: Vec<String>,
    },
    /// The units that had the matter in an earlier period, with their departments and, moved on by as many years, their
    /// due days.
    AsBefore {
        /// The earlier period.
        period: String,
    },
}

wire! {
    /// A unit's own due day.
    #[serde(deny_unknown_fields)]
    pub struct OwnDue {
        /// The unit's code.
        pub unit: String,
        /// By the end of which day it is to be done.
        pub due: chrono::NaiveDate,
    }
}

/// How a target is given to the units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HandDownShare {
    /// The same value for every unit.
    Same,
    /// A total in equal shares.
    Equal,
    /// A total in proportion to `weights`, or to the figures of `weight_metric`.
    Proportional,
    /// Each its own, by `values`: typed in or from a sheet.
    Each,
}

wire! {
    /// A unit's own value.
    #[serde(deny_unknown_fields)]
    pub struct UnitValue {
        /// The unit's code.
        pub unit: String,
        /// The value, scaled by the metric's decimals.
        pub value: i64,
    }
}

wire! {
    /// A target that goes with a matter. The units between are given the sum of those below them, or of a share the same
    /// value.
    #[serde(deny_unknown_fields)]
    pub struct HandDownTarget {
        /// The metric's code, one of the matter's.
        pub metric: String,
        /// The day by which it is to be reached.
        pub by: chrono::NaiveDate,
        /// How a figure compares with it.
        #[serde(default)]
        pub comparison: TargetComparison,
        /// How far from it still counts, for `about`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tolerance: Option<i64>,
        /// How it is given.
        pub share: HandDownShare,
        /// The value of each unit for `same`, the total for `equal` and `proportional`, scaled by the metric's decimals.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<i64>,
        /// For `each`: by unit; those that are not named get none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub values: Vec<UnitValue>,
        /// For `proportional`: the metric, a sum, whose figures are the weights.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub weight_metric: Option<String>,
        /// The period of those figures; the latest that is over without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub weight_period: Option<String>,
        /// For `proportional`: weights by unit, such as its population; those that are not named get nothing.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub weights: Vec<UnitWeight>,
    }
}

wire! {
    /// What the targets of the units that are meant make together, beside the target of the unit within which the matter is
    /// handed down.
    pub struct HandDownTargetSum {
        /// The metric's code.
        pub metric: String,
        /// The day.
        pub by: chrono::NaiveDate,
        /// How many units are given one.
        pub units: i64,
        /// What they make together; absent for shares that differ.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub together: Option<i64>,
        /// The target above for that day, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub above: Option<i64>,
        /// What they make together less the target above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub difference: Option<i64>,
    }
}

wire! {
    /// A matter that is handed down (任务分解): all of it or nothing.
    #[serde(deny_unknown_fields)]
    pub struct CreateHandDown {
        /// The matter's code.
        pub matter: String,
        /// The period.
        pub period: String,
        /// The code of the unit below which it is handed down; one's own without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub within: Option<String>,
        /// To whom.
        pub to: HandDownTo,
        /// By the end of which day it is to be done; may be absent for `as_before`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due: Option<chrono::NaiveDate>,
        /// Units that have a due day of their own.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub own_dues: Vec<OwnDue>,
        /// The lead department's code; the matter's own without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub lead_department: Option<String>,
        /// The responsible departments' codes; the matter's own without them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub responsible_departments: Option<Vec<String>>,
        /// What is said with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
        /// Targets that go with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub targets: Vec<HandDownTarget>,
        /// Whether units that have the matter for that period already are left as they are; without it they are a
        /// refusal.
        #[serde(default)]
        pub skip_existing: bool,
        /// Whether it is only shown what would happen.
        #[serde(default)]
        pub dry_run: bool,
    }
}

wire! {
    /// How many units of a level are given a task.
    pub struct HandDownLevel {
        /// The level.
        pub level: Level,
        /// How many are given one.
        pub given: i64,
        /// How many have one already.
        pub existing: i64,
        /// Whether they stand between who hands down and who was meant, and are given theirs so that the tree is whole.
        pub between: bool,
    }
}

wire! {
    /// What a hand-down weighs on the villages of a unit directly below who hands down.
    pub struct Burden {
        /// The unit.
        pub unit: UnitRef,
        /// How many of its villages, or it itself where it is one, are given a task.
        pub villages: i64,
        /// How many items each of them gains.
        pub gain: i64,
        /// How many open items they have together now.
        pub open: i64,
        /// How many the most loaded of them has now.
        pub most: i64,
    }
}

wire! {
    /// A matter that was handed down, or would be.
    pub struct HandDown {
        /// Its number; absent in a dry run.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<Uuid>,
        /// Whether nothing was changed.
        pub dry_run: bool,
        /// How many tasks were made, or would be.
        pub tasks: i64,
        /// By level, from the top down.
        pub levels: Vec<HandDownLevel>,
        /// What it weighs on villages, by the units directly below the one within which it is handed down.
        pub burden: Vec<Burden>,
        /// What its targets make together.
        pub targets: Vec<HandDownTargetSum>,
    }
}

wire! {
    /// Does something to a task.
    #[serde(deny_unknown_fields)]
    pub struct ActOnTask {
        /// What is done.
        pub action: TaskAction,
        /// What was done, or why; required for `report`, `return`, `suspend` and `terminate`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub words: Option<String>,
    }
}

wire! {
    /// A task among many, by its revision.
    #[serde(deny_unknown_fields)]
    pub struct SeenTask {
        /// Its number.
        pub id: Uuid,
        /// The revision that was seen.
        pub revision: i64,
    }
}

wire! {
    /// Does the same to many tasks, each on its own.
    #[serde(deny_unknown_fields)]
    pub struct BulkActOnTasks {
        /// What is done.
        pub action: TaskAction,
        /// What was done, or why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub words: Option<String>,
        /// The tasks, at most 500.
        pub tasks: Vec<SeenTask>,
        /// Whether it is only tried.
        #[serde(default)]
        pub dry_run: bool,
    }
}

wire! {
    /// What became of one task of many.
    pub struct TaskRowResult {
        /// The place in the request, counted from nought.
        pub row: i64,
        /// The task as it is now; as it would be in a dry run.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub task: Option<Task>,
        /// Why it was refused; then nothing was changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub refusal: Option<RowRefusal>,
    }
}

wire! {
    /// What became of many tasks.
    pub struct TaskBulkResult {
        /// Whether nothing was changed because only a trial was asked.
        pub dry_run: bool,
        /// How many were changed.
        pub done: i64,
        /// How many were refused.
        pub refused: i64,
        /// Row by row, in the order of the request.
        pub rows: Vec<TaskRowResult>,
    }
}

wire! {
    /// Writes a progress note on a task.
    #[serde(deny_unknown_fields)]
    pub struct CreateNote {
        /// What is said.
        pub words: String,
        /// The numbers of files (附件) that the asker handed in for it, nine at most.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub files: Vec<Uuid>,
    }
}

wire! {
    /// Asks for something about a task.
    #[serde(deny_unknown_fields)]
    pub struct AskAboutTask {
        /// What is asked.
        pub kind: RequestKind,
        /// The new day of an extension.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<chrono::NaiveDate>,
        /// Why.
        pub reason: String,
    }
}

wire! {
    /// Decides what was asked about a task, or takes it back.
    #[serde(deny_unknown_fields)]
    pub struct DecideTaskRequest {
        /// What is done.
        pub action: ExtensionAction,
        /// Why; required for `refuse`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// The code of the unit that is given the task, where a reassignment is granted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit: Option<String>,
    }
}

wire! {
    /// What was asked about a task.
    pub struct TaskRequest {
        /// Its number.
        pub id: Uuid,
        /// What was asked.
        pub kind: RequestKind,
        /// Where it stands.
        pub state: ExtensionState,
        /// Grows with every change.
        pub revision: i64,
        /// The due day when it was asked.
        pub due: chrono::NaiveDate,
        /// The new day of an extension.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<chrono::NaiveDate>,
        /// Why.
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

wire! {
    /// An entry of a task's history.
    pub struct TaskEntry {
        /// Its number.
        pub id: Uuid,
        /// `note`, an action of [`TaskAction`], or a request with what became of it: `extension.asked`,
        /// `reassignment.granted`.
        pub kind: String,
        /// Where the task stood after it.
        pub state: TaskState,
        /// What was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub words: Option<String>,
        /// The day that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<chrono::NaiveDate>,
        /// The name of the unit whose task it was before, where it was given to another.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from_unit: Option<String>,
        /// The name of who did it.
        pub by: String,
        /// The name of that person's unit.
        pub by_unit: String,
        /// The deputy's name, where a deputy did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub deputy: Option<String>,
        /// When.
        pub at: chrono::DateTime<chrono::Utc>,
        /// The files of a note.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub files: Vec<File>,
    }
}

wire! {
    /// How many tasks stand where.
    #[derive(Default, Copy)]
    pub struct TaskCounts {
        /// 交办
        pub issued: i64,
        /// 签收
        pub accepted: i64,
        /// 办理中
        pub working: i64,
        /// 反馈, waiting to be checked.
        pub reported: i64,
        /// 办结
        pub completed: i64,
        /// 销号
        pub closed: i64,
        /// 暂缓
        pub suspended: i64,
        /// 终止
        pub terminated: i64,
        /// Of those that are not yet reported: due soon (临期).
        pub soon: i64,
        /// Of those that are not yet reported: overdue (逾期).
        pub overdue: i64,
    }
}

wire! {
    /// The tasks of one level below a unit.
    pub struct LevelCounts {
        /// The level.
        pub level: Level,
        /// How many stand where.
        pub counts: TaskCounts,
    }
}

wire! {
    /// A unit in the tree of a matter.
    pub struct TaskNode {
        /// The unit.
        pub unit: UnitRef,
        /// Its own task, where it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub task: Option<Task>,
        /// All tasks below it together.
        pub below: TaskCounts,
        /// The same by level, from the top down.
        pub levels: Vec<LevelCounts>,
        /// Whether units stand below it to which the matter goes.
        pub opens: bool,
    }
}

wire! {
    /// A matter in a period as it stands at a unit and directly below it.
    pub struct TaskTree {
        /// The matter's code.
        pub matter: String,
        /// The period.
        pub period: String,
        /// The unit, with its own task and all below it.
        pub unit: TaskNode,
        /// The units above it that the asker sees, from the top down.
        pub above: Vec<UnitRef>,
        /// The units directly below it.
        pub rows: Vec<TaskNode>,
        /// Whether the asker may hand the matter down from here.
        pub may_hand_down: bool,
    }
}

wire! {
    /// A matter in a period as it stands at and below a unit.
    pub struct MatterProgress {
        /// The project's code.
        pub project: String,
        /// The matter's code.
        pub matter: String,
        /// The period.
        pub period: String,
        /// All tasks below the unit, and its own.
        pub counts: TaskCounts,
        /// The earliest due day of those that are not yet reported.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next_due: Option<chrono::NaiveDate>,
        /// The light: overdue when one is overdue, soon when one is due soon.
        pub light: Light,
    }
}

wire! {
    /// How the tasks at and below a unit stand, by matter.
    pub struct TaskProgress {
        /// The unit.
        pub unit: UnitRef,
        /// By matter and period.
        pub matters: Vec<MatterProgress>,
    }
}
