//! Extensions (延期): asked, decided, taken back.

use super::due::Granted;
use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::programme::stale;
use super::report_write::{Locked, check_reasons, locked, plain};
use super::session::{Who, unit_ref};
use super::{App, AppError, AppResult, Code};
use crate::clock::instant;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;
use zhenxing_api_types::Page;
use zhenxing_api_types::extension::{
    ActOnExtension, AskExtension, Extension as View, ExtensionAction as WireAction,
    ExtensionState as WireState,
};
use zhenxing_domain::extension::{
    ExtensionAction, ExtensionError, ExtensionState, WishError, check_wish,
};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::FormDef;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Refused, Scope};
use zhenxing_storage::extension::{self, Extension, ExtensionFilter};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, StorageError, event, placement, report_grid};

/// What a list of extensions is narrowed to.
#[derive(Debug, Clone, Serialize)]
pub struct ExtensionAsk {
    /// The form.
    pub form: String,
    /// The period; the current one without it.
    pub period: Option<String>,
    /// The unit at or below which they stand.
    pub unit: Option<String>,
    /// The state.
    pub state: Option<WireState>,
}

impl App {
    /// Extensions that the asker may see, in the order in which they were asked.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_extensions(
        &self,
        who: &Who,
        ask: &ExtensionAsk,
        paged: &PageAsk,
    ) -> AppResult<Page<View>> {
        let scope = who.scope(Action::ReadReports)?;
        let form = self.form(&ask.form)?;
        let limit = paged.limit()?;
        let period = self.asked_period(form, ask.period.as_deref())?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let below = self.path_below(conn, &scope, ask.unit.as_deref(), period.last_day())?;
            let filter = ExtensionFilter {
                form: &form.code,
                matter: &form.matter,
                period,
                below: below.as_deref(),
                state: ask.state.map(Into::into),
                after: paged.after(ask)?,
                limit: limit + 1,
            };
            let rows = extension::list(conn, &scope, &filter, today)?;
            let found = page::page(rows, limit, ask, |row| row.id);
            Ok(Page {
                items: self.extension_views(conn, who, &found.items)?,
                next_cursor: found.next_cursor,
                total: None,
            })
        })
    }

    /// One extension.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_extension(&self, who: &Who, id: &str) -> AppResult<Answer> {
        self.db.read(|conn| {
            let found = self.seen_extension(conn, who, id)?;
            self.extension_answer(conn, who, 200, found)
        })
    }

    /// Asks for an extension of what a unit has to fill in.
    ///
    /// # Errors
    /// Refusals that name the field; `exists` when one waits already, `wrong_state` when nothing is to be filled in.
    pub fn ask_extension(&self, who: &Who, sent: &Sent, ask: &AskExtension) -> AppResult<Answer> {
        who.scope(Action::FillReports)?;
        let form = self.form(&ask.form)?;
        let scope = who.scope_on(Action::FillReports, form)?;
        let period = self.period_of(form, &ask.period, "period")?;
        self.admit_opened(form, period)?;
        check_reasons(Some(&ask.reason), &BTreeMap::new())?;
        let reason = plain(Some(&ask.reason))
            .ok_or_else(|| AppError::invalid("reason", "请写明延期原因", "Give a reason"))?;
        let admit = |conn: &mut Conn| {
            let mut found = self.reporters(conn, &scope, form, period, &[&ask.unit])?;
            let found = found.remove(&ask.unit);
            let reporter = found.ok_or_else(|| AppError::not_found("unit", "单位", "unit"))?;
            reporter.admit()?;
            Ok(reporter.unit)
        };
        self.write_once(sent, admit, |conn, unit| {
            let due = self.movable_due(conn, form, period, &unit, ask)?;
            let now = self.clock.now();
            let new = Extension {
                id: 0,
                public_id: Uuid::now_v7(),
                form: form.code.clone(),
                matter: form.matter.clone(),
                unit: unit.id,
                path: unit.path.clone(),
                period,
                state: ExtensionState::Asked,
                revision: 1,
                due,
                until: ask.until,
                reason: reason.to_owned(),
                asked_by: (who.account(), who.signed_in.name.clone()),
                asked_at: now,
                decided_by: None,
                decided_at: None,
                decision: None,
            };
            match extension::insert(conn, &new, unit.home_shard) {
                Err(StorageError::Duplicate(_)) => return Err(waits_already()),
                other => other?,
            }
            let subject = new.public_id.to_string();
            event::append(conn, "extension.asked", &subject, Some(unit.id), now)?;
            let answer = self.extension_answer(conn, who, 201, new)?;
            Ok(answer.at(format!("/api/v1/extensions/{subject}")))
        })
    }

    /// The due day that an extension would move, if it may be asked.
    fn movable_due(
        &self,
        conn: &mut Conn,
        form: &FormDef,
        period: Period,
        unit: &Placed,
        ask: &AskExtension,
    ) -> AppResult<chrono::NaiveDate> {
        if Locked::read(conn)?.holds(&form.code, period) {
            return Err(locked());
        }
        let today = self.clock.today();
        let system = Scope::bypass_for_system_work();
        let found = report_grid::of_units(conn, &system, &[unit.id], &form.code, period, today)?;
        if found.iter().any(|report| report.submitted_at.is_some()) {
            return Err(AppError::refused(
                Code::WrongState,
                Some("period"),
                "本期已经提交，不需要延期",
                "The report was submitted already; it needs no extension",
            ));
        }
        let granted = Granted::read(conn, &[unit.id])?.until(unit.id, &form.code, period);
        let due = self.dates(form, period, granted);
        let due = due.map(|dates| dates.fill_due);
        let most = self.package.deadlines.extension_max_days;
        check_wish(today, due, ask.until, most).map_err(refused_wish)
    }

    /// Grants, refuses or takes back an extension whose revision the asker has seen.
    ///
    /// # Errors
    /// `not_found`, `stale`, `wrong_state`, or a reason that is missing.
    pub fn act_on_extension(
        &self,
        who: &Who,
        sent: &Sent,
        id: &str,
        revision: i64,
        act: &ActOnExtension,
    ) -> AppResult<Answer> {
        check_reasons(act.reason.as_deref(), &BTreeMap::new())?;
        let action = ExtensionAction::from(act.action);
        let reason = plain(act.reason.as_deref());
        let admit = |conn: &mut Conn| {
            let found = self.seen_extension(conn, who, id)?;
            self.admit_decision(who, &found, action)?;
            Ok(found)
        };
        self.write_once(sent, admit, |conn, mut found| {
            if found.revision != revision {
                return Err(stale());
            }
            found.state = found
                .state
                .apply(action, reason.is_some())
                .map_err(refused_decision)?;
            let now = self.clock.now();
            found.revision += 1;
            found.decided_by = Some((who.account(), who.signed_in.name.clone()));
            found.decided_at = Some(now);
            found.decision = reason.map(str::to_owned);
            if !extension::decide(conn, &found)? {
                return Err(stale());
            }
            let kind = format!("extension.{}", found.state.as_str());
            let subject = found.public_id.to_string();
            event::append(conn, &kind, &subject, Some(found.unit), now)?;
            self.extension_answer(conn, who, 200, found)
        })
    }

    fn seen_extension(&self, conn: &mut Conn, who: &Who, id: &str) -> AppResult<Extension> {
        let scope = who.scope_or_absent(Action::ReadReports, "id", "延期申请", "extension")?;
        let absent = || AppError::not_found("id", "延期申请", "extension");
        let id = Uuid::parse_str(id).map_err(|_| absent())?;
        extension::get(conn, &scope, id, self.clock.today())?.ok_or_else(absent)
    }

    /// Whether the asker may do this with the extension: it is decided where the unit's reports are checked.
    fn admit_decision(
        &self,
        who: &Who,
        found: &Extension,
        action: ExtensionAction,
    ) -> AppResult<()> {
        let form = self.form(&found.form)?;
        let needed = match action {
            ExtensionAction::Withdraw => Action::FillReports,
            ExtensionAction::Grant | ExtensionAction::Refuse => decides_extensions(form),
        };
        let scope = who.scope_on(needed, form)?;
        if scope.covers(&found.path, Some(&found.matter), Some(found.asked_by.0)) {
            Ok(())
        } else {
            Err(Refused(needed).into())
        }
    }

    fn extension_answer(
        &self,
        conn: &mut Conn,
        who: &Who,
        status: u16,
        found: Extension,
    ) -> AppResult<Answer> {
        let revision = found.revision;
        let views = self.extension_views(conn, who, &[found])?;
        let view = views.first();
        let view = view.ok_or_else(|| AppError::Internal("an extension without a view".into()))?;
        Ok(Answer::new(status, view)?.tagged(revision))
    }

    fn extension_views(
        &self,
        conn: &mut Conn,
        who: &Who,
        rows: &[Extension],
    ) -> AppResult<Vec<View>> {
        let ids: Vec<UnitId> = rows.iter().map(|row| row.unit).collect();
        let system = Scope::bypass_for_system_work();
        let units = placement::last_by_ids(conn, &system, &ids, self.clock.today())?;
        let units: BTreeMap<UnitId, Placed> =
            units.into_iter().map(|unit| (unit.id, unit)).collect();
        rows.iter()
            .map(|row| {
                let unit = units.get(&row.unit);
                let unit = unit.ok_or_else(|| {
                    AppError::Internal(format!("unit {} has no place", row.unit.0))
                })?;
                Ok(self.extension_view(who, row, unit))
            })
            .collect()
    }

    fn extension_view(&self, who: &Who, row: &Extension, unit: &Placed) -> View {
        let may = |action: &ExtensionAction| {
            row.state.apply(*action, true).is_ok() && self.admit_decision(who, row, *action).is_ok()
        };
        let actions = ExtensionAction::ALL.into_iter().filter(may);
        View {
            id: row.public_id,
            form: row.form.clone(),
            unit: unit_ref(unit),
            parent_name: unit.above.as_ref().map(|above| above.1.clone()),
            period: row.period.to_string(),
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
            actions: actions.map(WireAction::from).collect(),
        }
    }
}

/// What who decides the extensions of a form must be allowed: they are decided where its reports are checked first.
pub(super) fn decides_extensions(form: &FormDef) -> Action {
    match form.check_level {
        Some(_) => Action::CheckReports,
        None => Action::ApproveReports,
    }
}

fn waits_already() -> AppError {
    AppError::refused(
        Code::Exists,
        Some("unit"),
        "该单位本期已有待批准的延期申请，请等待批准或先撤回",
        "An extension for this unit and period waits already; await the decision or withdraw it",
    )
}

pub(crate) fn refused_wish(error: WishError) -> AppError {
    match error {
        WishError::NeverDue => AppError::refused(
            Code::WrongState,
            Some("period"),
            "历史补录没有截止日，不需要延期",
            "A historical period has no due day and needs no extension",
        ),
        WishError::TooLate(due) => AppError::refused(
            Code::WrongState,
            Some("period"),
            format!("截止日{due}已过，不能再申请延期，请直接补报"),
            format!("The due day {due} is over; submit late instead"),
        ),
        WishError::NotLater(due) => AppError::invalid(
            "until",
            format!("延期后的日期应晚于截止日{due}"),
            format!("The new day must be after the due day {due}"),
        ),
        WishError::TooFar(last) => AppError::invalid(
            "until",
            format!("延期最迟到{last}，请改选日期"),
            format!("An extension reaches {last} at the latest; choose another day"),
        ),
    }
}

pub(crate) fn refused_decision(error: ExtensionError) -> AppError {
    match error {
        ExtensionError::NotFrom { .. } => AppError::refused(
            Code::WrongState,
            Some("action"),
            "该延期申请已经办结或撤回，请刷新后查看",
            error.to_string(),
        ),
        ExtensionError::ReasonMissing(_) => {
            AppError::invalid("reason", "请写明不同意的原因", "Give a reason")
        }
    }
}
