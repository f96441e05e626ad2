//! The one place where access is decided. Fail-closed: without a rule nothing is allowed and no row is seen.
//!
//! A grant is a role with a data scope, departments and matters. [`Actor::scope`] makes the [`Scope`] that every
//! storage read takes; nothing else can make one.

use crate::ids::{AccountId, DepartmentId, UnitId};
use crate::package::{FormDef, LedgerDef, RecordDef};
use crate::task::Side;
use crate::unit::Level;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What an account does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 填报员: fills reports.
    Filler,
    /// 审核员: checks what came in from below.
    Checker,
    /// 审定员: approves.
    Approver,
    /// 查阅: sees and does not act.
    Viewer,
    /// 统筹员: hands tasks down, follows them, and sees what comes in.
    Coordinator,
    /// 系统管理员: divisions, periods and people, no figures.
    Administrator,
    /// 审计员: reads the audit trail, and nothing that is reported.
    Auditor,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 7] = [
        Role::Filler,
        Role::Checker,
        Role::Approver,
        Role::Viewer,
        Role::Coordinator,
        Role::Administrator,
        Role::Auditor,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Filler => "filler",
            Role::Checker => "checker",
            Role::Approver => "approver",
            Role::Viewer => "viewer",
            Role::Coordinator => "coordinator",
            Role::Administrator => "administrator",
            Role::Auditor => "auditor",
        }
    }

    /// The role of that name.
    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// The five data scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataScope {
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

impl DataScope {
    /// All scopes.
    pub const ALL: [DataScope; 5] = [
        DataScope::All,
        DataScope::Custom,
        DataScope::Unit,
        DataScope::UnitAndBelow,
        DataScope::Own,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            DataScope::All => "all",
            DataScope::Custom => "custom",
            DataScope::Unit => "unit",
            DataScope::UnitAndBelow => "unit_and_below",
            DataScope::Own => "own",
        }
    }

    /// The scope of that name.
    pub fn parse(text: &str) -> Option<DataScope> {
        DataScope::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
    }
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read the programme: projects, matters, metrics, forms.
    ReadProgramme,
    /// Read units.
    ReadUnits,
    /// Read figures.
    ReadFigures,
    /// Read reports.
    ReadReports,
    /// Save and submit reports.
    FillReports,
    /// Check reports, or return them.
    CheckReports,
    /// Approve reports, or return them.
    ApproveReports,
    /// Open an approved report again.
    ReviseReports,
    /// Open and lock periods.
    ManagePeriods,
    /// Import and move units.
    ManageUnits,
    /// Read accounts and departments.
    ReadUsers,
    /// Read the stream of events.
    ReadEvents,
    /// Read and export the audit trail.
    ReadAudit,
    /// Make and change accounts, grants and departments, and look as another person to help.
    ManageUsers,
    /// See personal data in full, with a reason.
    RevealPersonal,
    /// Hand in complaints and suggestions, and read one's own.
    GiveFeedback,
    /// Read and answer the complaints and suggestions addressed to one's unit.
    AnswerFeedback,
    /// Read tasks.
    ReadTasks,
    /// Sign for a unit's tasks, work on them and report what was done.
    WorkTasks,
    /// Hand tasks down, check what was done, and decide what is asked about them.
    ManageTasks,
    /// Set and withdraw targets of the units below.
    SetTargets,
    /// Read the records of ledgers, personal data masked.
    ReadRecords,
    /// Enter, change and delete records of ledgers, and see in full, with a reason, the personal data that they hold.
    KeepRecords,
    /// Move records of ledgers from one state into another.
    MoveRecords,
}

impl Action {
    /// All actions.
    pub const ALL: [Action; 24] = [
        Action::ReadProgramme,
        Action::ReadUnits,
        Action::ReadFigures,
        Action::ReadReports,
        Action::FillReports,
        Action::CheckReports,
        Action::ApproveReports,
        Action::ReviseReports,
        Action::ManagePeriods,
        Action::ManageUnits,
        Action::ReadUsers,
        Action::ReadEvents,
        Action::ReadAudit,
        Action::ManageUsers,
        Action::RevealPersonal,
        Action::GiveFeedback,
        Action::AnswerFeedback,
        Action::ReadTasks,
        Action::WorkTasks,
        Action::ManageTasks,
        Action::SetTargets,
        Action::ReadRecords,
        Action::KeepRecords,
        Action::MoveRecords,
    ];
}

/// Whether the role may do the action at all.
pub fn role_allows(role: Role, action: Action) -> bool {
    use Action as A;
    let everybody = matches!(
        action,
        A::ReadProgramme
            | A::ReadUnits
            | A::ReadFigures
            | A::ReadReports
            | A::ReadTasks
            | A::ReadRecords
    );
    if action == A::GiveFeedback {
        return true;
    }
    let tasks = matches!(action, A::WorkTasks | A::ManageTasks);
    let records = matches!(action, A::KeepRecords | A::MoveRecords);
    match role {
        Role::Filler => everybody || records || matches!(action, A::FillReports | A::WorkTasks),
        Role::Checker => {
            everybody
                || tasks
                || records
                || matches!(action, A::CheckReports | A::FillReports | A::AnswerFeedback)
        }
        Role::Approver => {
            everybody
                || tasks
                || records
                || matches!(
                    action,
                    A::ApproveReports | A::ReviseReports | A::AnswerFeedback | A::SetTargets
                )
        }
        Role::Viewer => everybody,
        Role::Coordinator => everybody || tasks || records || action == A::SetTargets,
        Role::Administrator => matches!(
            action,
            A::ReadProgramme
                | A::ReadUnits
                | A::ManagePeriods
                | A::ManageUnits
                | A::ReadUsers
                | A::ReadEvents
                | A::ManageUsers
                | A::RevealPersonal
                | A::AnswerFeedback
        ),
        Role::Auditor => matches!(action, A::ReadProgramme | A::ReadUnits | A::ReadAudit),
    }
}

/// The matters that a grant covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matters {
    /// Every matter.
    All,
    /// These codes only.
    These(BTreeSet<String>),
}

impl Matters {
    /// Whether the matter is covered; what is about no matter is.
    pub fn covers(&self, matter: Option<&str>) -> bool {
        match (self, matter) {
            (Matters::All, _) | (_, None) => true,
            (Matters::These(codes), Some(code)) => codes.contains(code),
        }
    }
}

/// A role within a scope, for departments and matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The data scope.
    pub scope: DataScope,
    /// The units of [`DataScope::Custom`], by their paths of today.
    pub custom_paths: Vec<String>,
    /// The departments with the matters that each holds today; none means that the grant is not bound to one. A grant
    /// that is bound covers only matters of its departments.
    pub departments: BTreeMap<DepartmentId, BTreeSet<String>>,
    /// The matters.
    pub matters: Matters,
}

impl Grant {
    /// The matters that it covers: its own, narrowed to those of its departments where it is bound to some.
    pub(crate) fn covered(&self) -> Matters {
        if self.departments.is_empty() {
            return self.matters.clone();
        }
        let held = self.departments.values().flatten();
        let kept = held.filter(|code| self.matters.covers(Some(code.as_str())));
        Matters::These(kept.cloned().collect())
    }
}

/// Who asks: an account with its unit of today and its grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// Its unit.
    pub unit: UnitId,
    /// The unit's path of today, `/1/20/300/`.
    pub unit_path: String,
    /// Its grants.
    pub grants: Vec<Grant>,
}

/// One part of a scope: units by path, matters, and perhaps the account's own things only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopePart {
    path: Option<String>,
    exact: bool,
    matters: Matters,
    own: Option<AccountId>,
}

impl ScopePart {
    /// The path under which units are seen; nothing means every unit.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Whether only the unit with exactly this path is seen, not those below.
    pub fn exact(&self) -> bool {
        self.exact
    }

    /// The matters seen.
    pub fn matters(&self) -> &Matters {
        &self.matters
    }

    /// The account whose own things alone are seen, if so bound.
    pub fn own(&self) -> Option<AccountId> {
        self.own
    }

    /// Whether everything that another part sees is seen by this one too.
    pub(crate) fn contains(&self, other: &ScopePart) -> bool {
        let by_path = match (&self.path, &other.path) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(path)) if self.exact => other.exact && own == path,
            (Some(own), Some(path)) => path.starts_with(own.as_str()),
        };
        let by_matter = match (&self.matters, &other.matters) {
            (Matters::All, _) => true,
            (Matters::These(_), Matters::All) => false,
            (Matters::These(own), Matters::These(codes)) => codes.is_subset(own),
        };
        by_path && by_matter && self.own.is_none()
    }

    fn covers(&self, path: &str, matter: Option<&str>, owner: Option<AccountId>) -> bool {
        let by_path = match &self.path {
            None => true,
            Some(own) if self.exact => own == path,
            Some(own) => path.starts_with(own.as_str()),
        };
        by_path
            && self.matters.covers(matter)
            && self
                .own
                .is_none_or(|own| owner.is_none_or(|who| who == own))
    }
}

/// What an actor may see for one action. Only this module makes one; storage reads take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    parts: Vec<ScopePart>,
}

impl Scope {
    /// The parts; a row is seen when one part covers it. No parts, no rows.
    pub fn parts(&self) -> &[ScopePart] {
        &self.parts
    }

    /// Whether a thing at the unit with that path, of that matter, of that owner, is within the scope.
    pub fn covers(&self, path: &str, matter: Option<&str>, owner: Option<AccountId>) -> bool {
        self.parts
            .iter()
            .any(|part| part.covers(path, matter, owner))
    }

    /// Whether the unit that stands directly above that path is within the scope: targets are set from above. Above the
    /// topmost unit stands nobody, so it sets its own.
    pub fn covers_from_above(&self, path: &str, matter: Option<&str>) -> bool {
        let over = above(path).filter(|over| over.len() > 1);
        self.covers(over.unwrap_or(path), matter, None)
    }

    /// The part of the scope that covers a matter; without it no rows.
    pub fn for_matter(&self, matter: &str) -> Scope {
        let parts = self.parts.iter();
        let covering = parts.filter(|part| part.matters.covers(Some(matter)));
        Scope {
            parts: covering.cloned().collect(),
        }
    }

    /// The scope of the system's own work: jobs, imports at start, commands of the operator. A bypass, and named so.
    pub fn bypass_for_system_work() -> Scope {
        let everything = ScopePart {
            path: None,
            exact: false,
            matters: Matters::All,
            own: None,
        };
        Scope {
            parts: vec![everything],
        }
    }
}

/// What an actor may do with tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRights {
    unit_path: String,
    work: Option<Scope>,
    manage: Option<Scope>,
}

impl TaskRights {
    /// Whether the actor may act on that side of a task of the unit with that path. A unit works on its own tasks, and
    /// the one directly above in its place (代办); who decides about a task stands above its unit.
    ///
    /// # Errors
    /// [`Refused`] when the actor may not.
    pub fn admit(&self, side: Side, matter: &str, path: &str) -> Result<(), Refused> {
        let (action, scope) = match side {
            Side::Doer => (Action::WorkTasks, &self.work),
            Side::Above => (Action::ManageTasks, &self.manage),
        };
        let stands = match side {
            Side::Doer => path == self.unit_path || above(path) == Some(self.unit_path.as_str()),
            Side::Above => level_of(&self.unit_path) < level_of(path),
        };
        let covered = scope
            .as_ref()
            .is_some_and(|scope| scope.covers(path, Some(matter), None));
        if stands && covered {
            Ok(())
        } else {
            Err(Refused(action))
        }
    }
}

/// A refusal: no grant allows the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no grant allows {0:?}")]
pub struct Refused(pub Action);

impl Actor {
    /// The scope in which the actor may do the action.
    ///
    /// # Errors
    /// [`Refused`] when no grant allows it anywhere.
    pub fn scope(&self, action: Action) -> Result<Scope, Refused> {
        let grants = self
            .grants
            .iter()
            .filter(|grant| role_allows(grant.role, action));
        let parts: Vec<ScopePart> = grants.flat_map(|grant| self.parts_of(grant)).collect();
        if parts.is_empty() {
            Err(Refused(action))
        } else {
            Ok(Scope { parts })
        }
    }

    /// The level of the actor's unit: how deep its path goes.
    pub fn level(&self) -> Option<Level> {
        level_of(&self.unit_path)
    }

    /// Whether the actor may share with everybody what shows things of an action: who sees them in the whole tree may.
    pub fn may_share_with_all(&self, action: Action) -> bool {
        let root = |path: &str| path.matches('/').count() <= 2;
        let whole = |part: &ScopePart| {
            part.own.is_none() && !part.exact && part.path.as_deref().is_none_or(root)
        };
        self.scope(action)
            .is_ok_and(|scope| scope.parts.iter().any(whole))
    }

    /// The scope in which the actor may do the action with reports of a form. A form is filled in at the levels that it
    /// names, in place of the unit where they stand above it (代填); it is checked and approved at its level or above.
    ///
    /// # Errors
    /// [`Refused`] when no grant covers the form's matter, or the form names other levels.
    pub fn scope_on(&self, action: Action, form: &FormDef) -> Result<Scope, Refused> {
        let scope = self.scope(action)?.for_matter(&form.matter);
        let stands = |most: Level| self.level().is_some_and(|level| level <= most);
        let admitted = match action {
            Action::FillReports => self
                .level()
                .is_some_and(|level| form.fill_levels.contains(&level)),
            Action::CheckReports => form.check_level.is_some_and(stands),
            Action::ApproveReports | Action::ReviseReports => stands(form.approve_level),
            _ => true,
        };
        if admitted && !scope.parts.is_empty() {
            Ok(scope)
        } else {
            Err(Refused(action))
        }
    }

    /// The scope in which the actor may do the action with tasks of a matter.
    ///
    /// # Errors
    /// [`Refused`] when no grant covers the matter.
    pub fn scope_on_matter(&self, action: Action, matter: &str) -> Result<Scope, Refused> {
        let scope = self.scope(action)?.for_matter(matter);
        if scope.parts.is_empty() {
            Err(Refused(action))
        } else {
            Ok(scope)
        }
    }

    /// The scope in which the actor may do the action with records of a ledger that is kept for some matters. A ledger is
    /// filled in at the levels that it names. A restricted one is seen by grants alone that are bound to a department which
    /// holds one of its matters: by the organisation line.
    ///
    /// # Errors
    /// [`Refused`] when no grant covers any of the matters, or the ledger names other levels.
    pub fn scope_on_ledger(
        &self,
        action: Action,
        ledger: &LedgerDef,
        matters: &[&str],
    ) -> Result<Scope, Refused> {
        let fills = |record: &RecordDef| {
            let level = self.level();
            level.is_some_and(|level| record.fill_levels.contains(&level))
        };
        let admitted = match (&ledger.record, action) {
            (None, _) => false,
            (Some(record), Action::KeepRecords) => fills(record),
            (Some(_), _) => true,
        };
        let grants = self.grants.iter().filter(|grant| {
            role_allows(grant.role, action) && (!ledger.restricted || !grant.departments.is_empty())
        });
        let covers = |part: &ScopePart| {
            matters.is_empty() && !ledger.restricted
                || matters.iter().any(|code| part.matters.covers(Some(code)))
        };
        let parts: Vec<ScopePart> = grants
            .flat_map(|grant| self.parts_of(grant))
            .filter(covers)
            .collect();
        if admitted && !parts.is_empty() {
            Ok(Scope { parts })
        } else {
            Err(Refused(action))
        }
    }

    /// Whether a grant of the actor is bound to a department: fields that the organisation line alone sees are hidden from
    /// everybody else.
    pub fn is_of_a_department(&self) -> bool {
        let mut grants = self.grants.iter();
        grants.any(|grant| !grant.departments.is_empty())
    }

    /// What the actor may do with tasks, to be asked of many.
    pub fn task_rights(&self) -> TaskRights {
        TaskRights {
            unit_path: self.unit_path.clone(),
            work: self.scope(Action::WorkTasks).ok(),
            manage: self.scope(Action::ManageTasks).ok(),
        }
    }

    /// Whether the actor may hand files in: who may write on tasks may.
    ///
    /// # Errors
    /// [`Refused`] when no grant allows it.
    pub fn admit_files(&self) -> Result<(), Refused> {
        let work = self.scope(Action::WorkTasks);
        work.or_else(|_| self.scope(Action::ManageTasks)).map(drop)
    }

    /// Whether the actor may read a file. While it belongs to nothing it is its uploader's alone; then whoever sees what it
    /// belongs to may read it.
    pub fn reads_file(&self, uploader: AccountId, belongs: Option<bool>) -> bool {
        belongs.unwrap_or(uploader == self.account)
    }

    pub(crate) fn parts_of(&self, grant: &Grant) -> Vec<ScopePart> {
        let matters = grant.covered();
        let part = |path: Option<String>, exact, own| ScopePart {
            path,
            exact,
            matters: matters.clone(),
            own,
        };
        match grant.scope {
            DataScope::All => vec![part(None, false, None)],
            DataScope::Custom => grant
                .custom_paths
                .iter()
                .map(|path| part(Some(path.clone()), false, None))
                .collect(),
            DataScope::Unit => vec![part(Some(self.unit_path.clone()), true, None)],
            DataScope::UnitAndBelow => vec![part(Some(self.unit_path.clone()), false, None)],
            DataScope::Own => vec![part(Some(self.unit_path.clone()), true, Some(self.account))],
        }
    }
}

/// The level of a unit: how deep its path goes.
pub fn level_of(path: &str) -> Option<Level> {
    let depth = path.split('/').filter(|part| !part.is_empty());
    Level::ALL.into_iter().nth(depth.count().checked_sub(1)?)
}

/// The path of the unit directly above.
fn above(path: &str) -> Option<&str> {
    let inner = path.strip_suffix('/')?;
    let end = inner.rfind('/')?;
    inner.get(..=end)
}

#[cfg(test)]
mod tests;
