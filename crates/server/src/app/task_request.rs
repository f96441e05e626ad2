//! What units ask about their tasks, and what is decided about it: 延期, 申请改派.

use super::once::{Answer, Sent};
use super::page::whole;
use super::programme::stale;
use super::report_write::plain;
use super::session::Who;
use super::task::{Seer, entry_of, queue_tallies, said};
use super::unit::find_unit;
use super::{App, AppError, AppResult, Code};
use crate::clock::instant;
use uuid::Uuid;
use zhenxing_api_types::Page;
use zhenxing_api_types::extension::ExtensionAction as WireAction;
use zhenxing_api_types::task::{AskAboutTask, DecideTaskRequest, TaskRequest as View};
use zhenxing_domain::extension::{ExtensionAction, ExtensionState};
use zhenxing_domain::task::{RequestError, RequestKind, Side, TaskState, check_request};
use zhenxing_storage::task::{self, Task};
use zhenxing_storage::task_request::{self, TaskRequest};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, StorageError, event, task_entry};

impl App {
    /// What was asked about a task, the latest first.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_task_requests(&self, who: &Who, id: &str) -> AppResult<Page<View>> {
        let seer = self.seer(who);
        self.db.read(|conn| {
            let found = self.seen_task(conn, who, id)?;
            let rows = task_request::of_task(conn, &found)?;
            let rows = rows.iter().map(|row| view(&seer, &found, row));
            Ok(whole(rows.collect()))
        })
    }

    /// Asks for more time, or for the task to be given to another unit.
    ///
    /// # Errors
    /// Refusals that name the field; `exists` when something waits already, `wrong_state` when nothing is to be done.
    pub fn ask_about_task(
        &self,
        who: &Who,
        sent: &Sent,
        id: &str,
        ask: &AskAboutTask,
    ) -> AppResult<Answer> {
        let kind = RequestKind::from(ask.kind);
        let reason = said(Some(&ask.reason)).map_err(|error| error.about("reason"))?;
        let reason =
            reason.ok_or_else(|| AppError::invalid("reason", "请写明原因", "Give a reason"))?;
        let seer = self.seer(who);
        let admit = |conn: &mut Conn| {
            let found = self.seen_task(conn, who, id)?;
            seer.rights.admit(Side::Doer, &found.matter, &found.path)?;
            Ok(found)
        };
        self.write_once(sent, admit, |conn, mut found| {
            let most = self.package.deadlines.extension_max_days;
            let today = self.clock.today();
            check_request(kind, found.state, today, found.due, ask.until, most)
                .map_err(refused_request)?;
            let now = self.clock.now();
            let new = TaskRequest {
                id: 0,
                public_id: Uuid::now_v7(),
                kind,
                state: ExtensionState::Asked,
                revision: 1,
                due: found.due,
                until: ask.until.filter(|_| kind == RequestKind::Extension),
                reason: reason.to_owned(),
                asked_by: (who.account(), who.signed_in.name.clone()),
                asked_at: now,
                decided_by: None,
                decided_at: None,
                decision: None,
            };
            match task_request::insert(conn, &found, &new) {
                Err(StorageError::Duplicate(_)) => return Err(waits_already()),
                other => other?,
            }
            found.waiting = Some(kind);
            found.revision += 1;
            self.keep_request(conn, who, &found, &new, &[])?;
            let answer = Answer::new(201, &view(&seer, &found, &new))?.tagged(new.revision);
            let place = format!(
                "/api/v1/tasks/{}/requests/{}",
                found.public_id, new.public_id
            );
            Ok(answer.at(place))
        })
    }

    /// Grants, refuses or takes back what was asked; its revision was seen.
    ///
    /// # Errors
    /// `not_found`, `stale`, `wrong_state`, a reason or a unit that is missing, `exists` when that unit has the matter.
    pub fn decide_task_request(
        &self,
        who: &Who,
        sent: &Sent,
        (id, request): (&str, &str),
        revision: i64,
        ask: &DecideTaskRequest,
    ) -> AppResult<Answer> {
        let action = ExtensionAction::from(ask.action);
        let reason = said(ask.reason.as_deref()).map_err(|error| error.about("reason"))?;
        let seer = self.seer(who);
        let admit = |conn: &mut Conn| {
            let found = self.seen_task(conn, who, id)?;
            let absent = || AppError::not_found("request", "申请", "request");
            let request = Uuid::parse_str(request).map_err(|_| absent())?;
            let request = task_request::get(conn, &found, request)?.ok_or_else(absent)?;
            let side = side_of(action);
            seer.rights.admit(side, &found.matter, &found.path)?;
            Ok((found, request))
        };
        self.write_once(sent, admit, |conn, (mut found, mut request)| {
            if request.revision != revision {
                return Err(stale());
            }
            request.state = request
                .state
                .apply(action, reason.is_some())
                .map_err(super::extension::refused_decision)?;
            request.revision += 1;
            let now = self.clock.now();
            request.decided_by = Some((who.account(), who.signed_in.name.clone()));
            request.decided_at = Some(now);
            request.decision = reason.map(str::to_owned);
            if !task_request::decide(conn, &request)? {
                return Err(stale());
            }
            found.waiting = None;
            found.revision += 1;
            let before = found.clone();
            if request.state == ExtensionState::Granted {
                self.grant(
                    conn,
                    &seer,
                    &mut found,
                    &request,
                    plain(ask.unit.as_deref()),
                )?;
            }
            self.keep_request(conn, who, &found, &request, &[before])?;
            Ok(Answer::new(200, &view(&seer, &found, &request))?.tagged(request.revision))
        })
    }

    /// What a grant changes: the due day, or the unit, which begins anew.
    fn grant(
        &self,
        conn: &mut Conn,
        seer: &Seer<'_>,
        task: &mut Task,
        request: &TaskRequest,
        unit: Option<&str>,
    ) -> AppResult<()> {
        match request.kind {
            RequestKind::Extension if unit.is_some() => Err(AppError::invalid(
                "unit",
                "延期申请不涉及改派，请不要填写单位",
                "An extension gives the task to no other unit",
            )),
            RequestKind::Extension => {
                task.due = request.until.unwrap_or(task.due);
                Ok(())
            }
            RequestKind::Reassignment => {
                let code = unit.ok_or_else(|| {
                    AppError::invalid(
                        "unit",
                        "请选择改派到的单位",
                        "Name the unit that is given the task",
                    )
                })?;
                let found = find_unit(
                    conn,
                    &super::task::system(),
                    code,
                    self.clock.today(),
                    "unit",
                )?;
                let within = seer.rights.admit(Side::Above, &task.matter, &found.path);
                within.map_err(|_| AppError::not_found("unit", "单位", "unit"))?;
                give_to(task, &found)
            }
        }
    }

    /// Writes a task about which something was asked or decided, with what follows.
    fn keep_request(
        &self,
        conn: &mut Conn,
        who: &Who,
        task: &Task,
        request: &TaskRequest,
        before: &[Task],
    ) -> AppResult<()> {
        let now = self.clock.now();
        let written = task::update(conn, std::slice::from_ref(task), now);
        let written = match written {
            Err(StorageError::Duplicate(_)) => return Err(has_it_already()),
            other => other?,
        };
        if !written {
            return Err(stale());
        }
        let said = match request.state {
            ExtensionState::Asked => Some(request.reason.as_str()),
            _ => request.decision.as_deref(),
        };
        let kind = format!("{}.{}", request.kind.as_str(), request.state.as_str());
        let mut entry = entry_of(task, &kind, said);
        entry.until = request.until;
        entry.from_unit = before
            .iter()
            .map(|before| before.unit)
            .find(|unit| *unit != task.unit);
        task_entry::add(conn, &[entry], who.account(), now)?;
        queue_tallies(conn, before)?;
        queue_tallies(conn, std::slice::from_ref(task))?;
        let subject = task.public_id.to_string();
        Ok(event::append(
            conn,
            &format!("task.{kind}"),
            &subject,
            Some(task.unit),
            now,
        )?)
    }
}

/// Gives a task to another unit of the same level, which has still to sign for it.
fn give_to(task: &mut Task, unit: &Placed) -> AppResult<()> {
    if unit.level != task.level || unit.id == task.unit {
        return Err(AppError::invalid(
            "unit",
            "请选择另一个同级单位",
            "Name another unit of the same level",
        ));
    }
    task.unit = unit.id;
    task.path.clone_from(&unit.path);
    task.code.clone_from(&unit.code);
    task.name.clone_from(&unit.name);
    task.home_shard = unit.home_shard;
    task.parent_name = unit.above.as_ref().map(|above| above.1.clone());
    task.state = TaskState::Issued;
    task.before = None;
    Ok(())
}

fn side_of(action: ExtensionAction) -> Side {
    match action {
        ExtensionAction::Withdraw => Side::Doer,
        ExtensionAction::Grant | ExtensionAction::Refuse => Side::Above,
    }
}

fn view(seer: &Seer<'_>, task: &Task, row: &TaskRequest) -> View {
    let may = |action: &ExtensionAction| {
        row.state.apply(*action, true).is_ok()
            && seer
                .rights
                .admit(side_of(*action), &task.matter, &task.path)
                .is_ok()
    };
    View {
        id: row.public_id,
        kind: row.kind.into(),
        state: row.state.into(),
        revision: row.revision,
        due: row.due,
        until: row.until,
        reason: row.reason.clone(),
        asked_by: row.asked_by.1.clone(),
        asked_at: instant(row.asked_at),
        decided_by: row.decided_by.as_ref().map(|(_, name)| name.clone()),
        decided_at: row.decided_at.map(instant),
        decision: row.decision.clone(),
        actions: ExtensionAction::ALL
            .into_iter()
            .filter(may)
            .map(WireAction::from)
            .collect(),
    }
}

fn waits_already() -> AppError {
    AppError::refused(
        Code::Exists,
        Some("kind"),
        "该任务已有待批准的申请，请等待批准或先撤回",
        "Something asked about this task waits already; await the decision or withdraw it",
    )
}

fn has_it_already() -> AppError {
    AppError::refused(
        Code::Exists,
        Some("unit"),
        "该单位本期已有这项任务，请改派到其他单位",
        "That unit has this matter for the period already; choose another",
    )
}

fn refused_request(error: RequestError) -> AppError {
    match error {
        RequestError::NotRunning(_) => AppError::refused(
            Code::WrongState,
            Some("kind"),
            "任务已反馈、办结、暂缓或终止，不需要申请",
            error.to_string(),
        ),
        RequestError::DayMissing => AppError::invalid(
            "until",
            "请填写延期后的日期",
            "Name the day that is asked for",
        ),
        RequestError::Wish(wish) => super::extension::refused_wish(wish),
    }
}
