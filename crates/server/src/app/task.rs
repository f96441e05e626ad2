//! Tasks (任务): listed, read, signed for, worked on, checked.

use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::programme::{parse_period, stale};
use super::report_bulk::{check_count, refusal};
use super::report_write::{check_reasons, plain};
use super::session::Who;
use super::{App, AppError, AppResult, Code};
use crate::clock::instant;
use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_api_types::report::Light;
use zhenxing_api_types::task::{
    ActOnTask, BulkActOnTasks, DepartmentRef, RequestKind as WireKind, SeenTask, Task as View,
    TaskAction as WireAction, TaskBulkResult, TaskQueue, TaskRowResult, TaskState as WireState,
};
use zhenxing_api_types::{Page, UnitRef};
use zhenxing_domain::package::Matter;
use zhenxing_domain::period::{Cadence, Period};
use zhenxing_domain::policy::{Action, Scope, TaskRights};
use zhenxing_domain::task::{RequestKind, Side, TaskAction, TaskError, TaskState, check_request};
use zhenxing_storage::task::{self, Task, TaskFilter};
use zhenxing_storage::task_entry::{self, NewEntry};
use zhenxing_storage::{Conn, event, task_request, task_tally};

/// How many years ahead a matter can be handed down.
const YEARS_AHEAD: i32 = 5;

/// What a list of tasks is narrowed to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TaskAsk {
    /// The project.
    pub project: Option<String>,
    /// The matter.
    pub matter: Option<String>,
    /// The period.
    pub period: Option<String>,
    /// The unit at or below which they stand.
    pub unit: Option<String>,
    /// Where they stand.
    pub state: Option<WireState>,
    /// The light: soon or overdue.
    pub light: Option<Light>,
    /// What waits for the asker.
    pub queue: Option<TaskQueue>,
    /// The act that handed them down.
    pub hand_down: Option<String>,
}

impl App {
    /// Tasks that the asker may see, by due day.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_tasks(&self, who: &Who, ask: &TaskAsk, paged: &PageAsk) -> AppResult<Page<View>> {
        let scope = who.scope(Action::ReadTasks)?;
        let limit = paged.limit()?;
        let today = self.clock.today();
        let states = self.asked_states(ask);
        let matter = ask.matter.as_deref();
        let matter = matter.map(|code| self.matter(code, "matter")).transpose()?;
        let period = ask.period.as_deref();
        let period = period.map(|text| self.task_period(matter, text, "period"));
        let period = period.transpose()?;
        if let Some(code) = ask.project.as_deref() {
            let mut all = self.package.projects.iter();
            let found = all.find(|project| project.code == code);
            found.ok_or_else(|| AppError::not_found("project", "工程", "project"))?;
        }
        let hand_down = ask.hand_down.as_deref().map(Uuid::parse_str);
        let hand_down = hand_down
            .transpose()
            .map_err(|_| AppError::not_found("hand_down", "下达记录", "hand-down"))?;
        self.db.read(|conn| {
            let below = self.path_below(conn, &scope, ask.unit.as_deref(), today)?;
            let own = who.unit();
            let queue = ask.queue;
            let filter = TaskFilter {
                project: ask.project.as_deref(),
                matter: ask.matter.as_deref(),
                period,
                hand_down,
                below: below.as_deref(),
                unit: queue.filter(|queue| *queue == TaskQueue::ToDo).map(|_| own),
                parent: queue.filter(|queue| *queue != TaskQueue::ToDo).map(|_| own),
                states: states.as_deref().unwrap_or_default(),
                due: ask.light.and_then(|light| self.days_in(light)),
                waiting: queue == Some(TaskQueue::ToDecide),
                after: paged.after(ask)?,
                limit: limit + 1,
            };
            if states.as_ref().is_some_and(Vec::is_empty) {
                return Ok(page::whole(Vec::new()));
            }
            let rows = task::list(conn, &scope, &filter, today)?;
            let found = page::page(rows, limit, ask, |row| (row.due, row.id));
            let total = paged
                .total
                .then(|| task::count(conn, &scope, &filter, today));
            let seer = self.seer(who);
            Ok(Page {
                items: found.items.into_iter().map(|row| seer.view(row)).collect(),
                next_cursor: found.next_cursor,
                total: total.transpose()?,
            })
        })
    }

    /// The states that are asked for: those of the queue and the light, narrowed to the one that is named; nothing where
    /// all are.
    fn asked_states(&self, ask: &TaskAsk) -> Option<Vec<TaskState>> {
        let mut states: Vec<TaskState> = match (ask.queue, ask.light) {
            (Some(TaskQueue::ToReview), None | Some(Light::Normal)) => vec![TaskState::Reported],
            (Some(TaskQueue::ToReview), Some(_)) => Vec::new(),
            (Some(_), _) | (_, Some(Light::Soon | Light::Overdue)) => TaskState::RUNNING.to_vec(),
            (None, _) => TaskState::ALL.to_vec(),
        };
        if let Some(state) = ask.state {
            let state = TaskState::from(state);
            states.retain(|one| *one == state);
        }
        (states.len() < TaskState::ALL.len()).then_some(states)
    }

    /// The first and the last day of what is due in a light; nothing for 正常, which is no filter.
    fn days_in(&self, light: Light) -> Option<(NaiveDate, NaiveDate)> {
        let today = self.clock.today();
        let soon = Days::new(u64::from(self.package.deadlines.soon_days));
        match light {
            Light::Normal => None,
            Light::Soon => Some((today, today.checked_add_days(soon).unwrap_or(today))),
            Light::Overdue => Some((NaiveDate::default(), today.pred_opt().unwrap_or(today))),
        }
    }

    /// One task.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_task(&self, who: &Who, id: &str) -> AppResult<Answer> {
        self.db.read(|conn| {
            let found = self.seen_task(conn, who, id)?;
            self.task_answer(who, 200, found)
        })
    }

    /// Signs for a task, works on it, reports it, checks it, gives it back, closes it, suspends it or gives it up; the
    /// asker has seen its revision.
    ///
    /// # Errors
    /// `not_found`, `stale`, `wrong_state`, or words that are missing.
    pub fn act_on_task(
        &self,
        who: &Who,
        sent: &Sent,
        id: &str,
        revision: i64,
        act: &ActOnTask,
    ) -> AppResult<Answer> {
        let action = TaskAction::from(act.action);
        let words = said(act.words.as_deref())?;
        let admit = |conn: &mut Conn| {
            let found = self.seen_task(conn, who, id)?;
            let rights = who.signed_in.actor.task_rights();
            rights.admit(action.side(), &found.matter, &found.path)?;
            Ok(found)
        };
        self.write_once(sent, admit, |conn, found| {
            let moved = moved(found, revision, action, words)?;
            self.carry_out_tasks(conn, who, std::slice::from_ref(&moved), action, words)?;
            self.task_answer(who, 200, moved)
        })
    }

    /// Does the same to many tasks: row by row, what is refused stays as it was.
    ///
    /// # Errors
    /// Refusals of the request as a whole; those of rows stand in the answer.
    pub fn bulk_act_on_tasks(
        &self,
        who: &Who,
        sent: &Sent,
        ask: &BulkActOnTasks,
    ) -> AppResult<Answer> {
        let scope = who.scope(Action::ReadTasks)?;
        let action = TaskAction::from(ask.action);
        let words = said(ask.words.as_deref())?;
        check_count(ask.tasks.len(), "tasks")?;
        let seer = self.seer(who);
        let today = self.clock.today();
        let admit = |conn: &mut Conn| {
            let ids: Vec<Uuid> = ask.tasks.iter().map(|seen| seen.id).collect();
            let found = task::by_numbers(conn, &scope, &ids, today)?;
            Ok(found
                .into_iter()
                .map(|task| (task.public_id, task))
                .collect::<BTreeMap<Uuid, Task>>())
        };
        self.write_once(sent, admit, |conn, mut found| {
            let mut done = Vec::new();
            let mut rows = Vec::new();
            for (row, seen) in (0_i64..).zip(&ask.tasks) {
                let decided = decide_row(&seer.rights, &mut found, seen, action, words);
                let (task, refused) = match decided {
                    Ok(moved) => (Some(seer.view(moved.clone())), {
                        done.push(moved);
                        None
                    }),
                    Err(error) => (None, Some(refusal(error)?)),
                };
                rows.push(TaskRowResult {
                    row,
                    task,
                    refusal: refused,
                });
            }
            if !ask.dry_run && !done.is_empty() {
                self.carry_out_tasks(conn, who, &done, action, words)?;
            }
            let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
            Answer::new(
                200,
                &TaskBulkResult {
                    dry_run: ask.dry_run,
                    done: count(done.len()),
                    refused: count(rows.len() - done.len()),
                    rows,
                },
            )
        })
    }

    /// Writes tasks that were moved, what was said with it, and what follows.
    fn carry_out_tasks(
        &self,
        conn: &mut Conn,
        who: &Who,
        moved: &[Task],
        action: TaskAction,
        words: Option<&str>,
    ) -> AppResult<()> {
        let now = self.clock.now();
        if !task::update(conn, moved, now)? {
            return Err(stale());
        }
        if moved.iter().any(|task| !task.state.is_running()) {
            let ids: Vec<i64> = moved.iter().map(|task| task.id).collect();
            task_request::drop_waiting(conn, &ids, now)?;
        }
        let entries: Vec<NewEntry> = moved
            .iter()
            .map(|task| entry_of(task, action.as_str(), words))
            .collect();
        task_entry::add(conn, &entries, who.account(), now)?;
        queue_tallies(conn, moved)?;
        let kind = format!("task.{}", action.as_str());
        let events: Vec<_> = moved
            .iter()
            .map(|task| (kind.as_str(), task.public_id.to_string(), Some(task.unit)))
            .collect();
        Ok(event::append_all(conn, &events, now)?)
    }

    pub(crate) fn seen_task(&self, conn: &mut Conn, who: &Who, id: &str) -> AppResult<Task> {
        let scope = who.scope_or_absent(Action::ReadTasks, "id", "任务", "task")?;
        let absent = || AppError::not_found("id", "任务", "task");
        let id = Uuid::parse_str(id).map_err(|_| absent())?;
        task::get(conn, &scope, id, self.clock.today())?.ok_or_else(absent)
    }

    pub(crate) fn task_answer(&self, who: &Who, status: u16, found: Task) -> AppResult<Answer> {
        let revision = found.revision;
        let view = self.seer(who).view(found);
        Ok(Answer::new(status, &view)?.tagged(revision))
    }

    /// The matter of that code.
    pub(crate) fn matter(&self, code: &str, field: &str) -> AppResult<&Matter> {
        let found = self.package.matter(code);
        found.ok_or_else(|| AppError::not_found(field, "实事", "matter"))
    }

    /// A period for which a matter can be handed down: of the plan's time or the years to come, a year or as long as the
    /// matter's own periods.
    pub(crate) fn task_period(
        &self,
        matter: Option<&Matter>,
        text: &str,
        field: &str,
    ) -> AppResult<Period> {
        let period = parse_period(text, field)?;
        let first = self.package.programme.valid_from.year();
        let last = self.clock.today().year() + YEARS_AHEAD;
        if !(first..=last).contains(&i32::from(period.year())) {
            return Err(AppError::refused(
                Code::InvalidParameter,
                Some(field),
                format!("期次应在{first}年至{last}年之间"),
                format!("The period lies between {first} and {last}"),
            ));
        }
        let own = matter.and_then(|matter| matter.cadence);
        if own.is_some_and(|own| ![own, Cadence::Yearly].contains(&period.cadence())) {
            return Err(AppError::refused(
                Code::InvalidParameter,
                Some(field),
                "该实事按年度或其报送周期下达，请改选期次",
                "This matter is handed down for a year or for a period of its own cadence",
            ));
        }
        Ok(period)
    }

    /// How somebody sees tasks.
    pub(crate) fn seer<'a>(&'a self, who: &Who) -> Seer<'a> {
        Seer {
            app: self,
            today: self.clock.today(),
            rights: who.signed_in.actor.task_rights(),
        }
    }
}

/// Somebody who sees tasks, and what he may do with them.
pub(crate) struct Seer<'a> {
    app: &'a App,
    today: NaiveDate,
    pub(crate) rights: TaskRights,
}

impl Seer<'_> {
    /// A task as he sees it.
    pub(crate) fn view(&self, task: Task) -> View {
        let may = |side| self.rights.admit(side, &task.matter, &task.path).is_ok();
        let (does, decides) = (may(Side::Doer), may(Side::Above));
        let on_side = |side| match side {
            Side::Doer => does,
            Side::Above => decides,
        };
        let possible = |action: &TaskAction| {
            on_side(action.side()) && task.state.apply(*action, task.before, true).is_ok()
        };
        let actions = TaskAction::ALL.into_iter().filter(possible);
        let asks = |kind: &RequestKind| {
            let until = task.due.succ_opt();
            let fits = check_request(*kind, task.state, self.today, task.due, until, 1);
            does && task.waiting.is_none() && fits.is_ok()
        };
        let due = Some(task.due).filter(|_| task.state.is_running());
        View {
            id: task.public_id,
            project: task.project,
            matter: task.matter,
            period: task.period.to_string(),
            unit: UnitRef {
                code: task.code,
                name: task.name,
                level: task.level.into(),
            },
            parent_name: task.parent_name,
            state: task.state.into(),
            revision: task.revision,
            due: task.due,
            light: self.app.light(due),
            lead_department: task.lead_department.as_deref().map(|code| self.named(code)),
            responsible_departments: task
                .responsible_departments
                .iter()
                .map(|code| self.named(code))
                .collect(),
            hand_down: task.hand_down,
            issued_by_unit: task.issuer_unit,
            issued_by: task.issuer,
            issued_at: instant(task.issued_at),
            note: task.note,
            waiting: task.waiting.map(WireKind::from),
            actions: actions.map(WireAction::from).collect(),
            may_ask: RequestKind::ALL
                .into_iter()
                .filter(asks)
                .map(WireKind::from)
                .collect(),
            may_decide: decides && task.waiting.is_some(),
            may_note: does || decides,
        }
    }

    /// A department by its code; by the code alone where the package names it no more.
    fn named(&self, code: &str) -> DepartmentRef {
        let mut all = self.app.package.departments.iter();
        let found = all.find(|department| department.code == code);
        let name = |name: fn(&zhenxing_domain::package::DepartmentDef) -> &String| {
            found.map_or_else(|| code.to_owned(), |department| name(department).clone())
        };
        DepartmentRef {
            code: code.to_owned(),
            name_zh: name(|department| &department.name_zh),
            name_en: name(|department| &department.name_en),
        }
    }
}

/// Words that came with an act: not too long, without identity numbers.
pub(crate) fn said(words: Option<&str>) -> AppResult<Option<&str>> {
    check_reasons(words, &BTreeMap::new()).map_err(|error| error.about("words"))?;
    Ok(plain(words))
}

/// The task after an action of somebody who saw that revision.
fn moved(
    mut task: Task,
    revision: i64,
    action: TaskAction,
    words: Option<&str>,
) -> AppResult<Task> {
    if task.revision != revision {
        return Err(stale());
    }
    let next = task
        .state
        .apply(action, task.before, words.is_some())
        .map_err(refused_action)?;
    task.before = Some(task.state).filter(|_| next == TaskState::Suspended);
    task.state = next;
    task.revision += 1;
    if !next.is_running() {
        task.waiting = None;
    }
    Ok(task)
}

/// What becomes of one task of many; each is taken once.
fn decide_row(
    rights: &TaskRights,
    found: &mut BTreeMap<Uuid, Task>,
    seen: &SeenTask,
    action: TaskAction,
    words: Option<&str>,
) -> AppResult<Task> {
    let task = found.remove(&seen.id);
    let task = task.ok_or_else(|| AppError::not_found("id", "任务", "task"))?;
    rights.admit(action.side(), &task.matter, &task.path)?;
    moved(task, seen.revision, action, words)
}

pub(crate) fn entry_of(task: &Task, kind: &str, words: Option<&str>) -> NewEntry {
    NewEntry {
        public_id: Uuid::now_v7(),
        task: task.id,
        kind: kind.to_owned(),
        state: task.state,
        words: words.map(str::to_owned),
        until: None,
        from_unit: None,
    }
}

/// Queues the units above tasks to be counted again.
pub(crate) fn queue_tallies(conn: &mut Conn, tasks: &[Task]) -> AppResult<()> {
    let mut above: BTreeMap<(&str, Period), BTreeSet<_>> = BTreeMap::new();
    for task in tasks {
        let key = (task.matter.as_str(), task.period);
        above.entry(key).or_default().extend(task.parent());
    }
    for ((matter, period), units) in above {
        task_tally::queue(conn, &units, matter, period)?;
    }
    Ok(())
}

fn refused_action(error: TaskError) -> AppError {
    match error {
        TaskError::NotFrom { .. } => AppError::refused(
            Code::WrongState,
            Some("action"),
            "任务当前状态不能进行该操作，请刷新后查看",
            error.to_string(),
        ),
        TaskError::WordsMissing(TaskAction::Report) => {
            AppError::invalid("words", "请写明办理结果", "Say what was done")
        }
        TaskError::WordsMissing(_) => AppError::invalid("words", "请写明原因", "Give a reason"),
    }
}

/// The scope of the system over the tasks that a use case has admitted already.
pub(crate) fn system() -> Scope {
    Scope::bypass_for_system_work()
}
