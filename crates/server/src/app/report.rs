//! Reports: begun, saved, submitted, checked, approved, returned, opened again.

use super::due::Granted;
use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::programme::stale;
use super::report_view::{report_number, summaries, tell_changes, version_view};
use super::report_write::{
    Change, Locked, begun_already, carry_out, check_reasons, fill, locked, plain, transit,
};
use super::session::Who;
use super::{App, AppError, AppResult, Code};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;
use zhenxing_api_types::Page;
use zhenxing_api_types::report::{
    ActOnReport, CreateReport, ReportState as WireState, ReportSummary, ReportVersion, SaveReport,
};
use zhenxing_domain::package::{FieldValue, FormDef};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::report::{ReportAction, ReportState};
use zhenxing_storage::report::{self, Report, ReportFilter};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, StorageError, placement};

/// What a list of reports is narrowed to.
#[derive(Debug, Clone, Serialize)]
pub struct ReportAsk {
    /// The form.
    pub form: String,
    /// The period; the current one without it.
    pub period: Option<String>,
    /// The unit at or below which they stand.
    pub unit: Option<String>,
    /// The state.
    pub state: Option<WireState>,
    /// Only those with something to be looked at, or only those without.
    pub exceptions: Option<bool>,
    /// Only late ones (补报), or only those in time.
    pub late: Option<bool>,
}

/// Values from their stored text.
pub(crate) fn values_of(text: &str) -> AppResult<BTreeMap<String, FieldValue>> {
    serde_json::from_str(text)
        .map_err(|error| AppError::Internal(format!("stored values: {error}")))
}

/// Texts by code from their stored text.
pub(crate) fn explanations_of(text: &str) -> AppResult<BTreeMap<String, String>> {
    serde_json::from_str(text).map_err(|error| AppError::Internal(format!("stored texts: {error}")))
}

pub(crate) fn absent() -> AppError {
    AppError::not_found("id", "报送", "report")
}

impl App {
    /// Reports that the asker may see, those with explained rules first.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_reports(
        &self,
        who: &Who,
        ask: &ReportAsk,
        paged: &PageAsk,
    ) -> AppResult<Page<ReportSummary>> {
        let scope = who.scope(Action::ReadReports)?;
        let form = self.form(&ask.form)?;
        let limit = paged.limit()?;
        let period = self.asked_period(form, ask.period.as_deref())?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let below = self.path_below(conn, &scope, ask.unit.as_deref(), period.last_day())?;
            let filter = ReportFilter {
                form: form.code.clone(),
                matter: form.matter.clone(),
                period,
                below,
                state: ask.state.map(Into::into),
                exceptions: ask.exceptions,
                late: ask.late,
                after: paged.after(ask)?,
                limit: limit + 1,
            };
            let rows = report::list(conn, &scope, &filter, today)?;
            let rows = summaries(self, conn, &rows)?;
            let answer = page::page(rows, limit, ask, |row| (row.0, row.1));
            let total = if paged.total {
                Some(report::count(conn, &scope, &filter, today)?)
            } else {
                None
            };
            Ok(Page {
                items: answer.items.into_iter().map(|row| row.2).collect(),
                next_cursor: answer.next_cursor,
                total,
            })
        })
    }

    /// One report.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_report(&self, who: &Who, id: &str) -> AppResult<Answer> {
        let (scope, id) = self.readable(who, id)?;
        self.db.read(|conn| {
            let stored = self.find(conn, &scope, id)?;
            let granted = Granted::read(conn, &[stored.unit])?;
            let view = self.report_view(conn, who, &stored, &granted)?;
            Ok(Answer::new(200, &view)?.tagged(stored.revision))
        })
    }

    /// The versions of a report, latest first.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_versions(
        &self,
        who: &Who,
        id: &str,
        paged: &PageAsk,
    ) -> AppResult<Page<ReportVersion>> {
        let (scope, id) = self.readable(who, id)?;
        let limit = paged.limit()?;
        let before = paged.after::<i64>(&id)?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let stored = self.find(conn, &scope, id)?;
            let rows = report::versions(conn, &stored, before, limit + 1, today)?;
            let mut rows = rows
                .into_iter()
                .map(version_view)
                .collect::<AppResult<Vec<_>>>()?;
            tell_changes(&mut rows);
            Ok(page::page(rows, limit, &id, |row| row.revision))
        })
    }

    pub(crate) fn readable(&self, who: &Who, id: &str) -> AppResult<(Scope, Uuid)> {
        let scope = who.scope_or_absent(Action::ReadReports, "id", "报送", "report")?;
        Ok((scope, report_number(id)?))
    }

    pub(crate) fn find(&self, conn: &mut Conn, scope: &Scope, id: Uuid) -> AppResult<Report> {
        report::get(conn, scope, id, self.clock.today())?.ok_or_else(absent)
    }

    /// Begins a report as a draft.
    ///
    /// # Errors
    /// Refusals that name the field; `exists` when the unit has one already.
    pub fn create_report(&self, who: &Who, sent: &Sent, new: &CreateReport) -> AppResult<Answer> {
        who.scope(Action::FillReports)?;
        if new.id.is_some_and(|id| id.get_version_num() != 7) {
            return Err(AppError::invalid(
                "id",
                "报送编号应为UUIDv7",
                "A report's own number is a UUIDv7",
            ));
        }
        let form = self.form(&new.form)?;
        let scope = who.scope_on(Action::FillReports, form)?;
        let period = self.period_of(form, &new.period, "period")?;
        let form = self.form_at(&form.code, period)?;
        let admit = |conn: &mut Conn| {
            let found = self.reporters(conn, &scope, form, period, &[&new.unit])?;
            let found = found.into_values().next();
            let reporter = found.ok_or_else(|| AppError::not_found("unit", "单位", "unit"))?;
            reporter.admit()?;
            Ok(reporter.unit)
        };
        self.write_once(sent, admit, |conn, unit| {
            self.begin(conn, who, form, period, &unit, new)
        })
    }

    /// The period that a list is asked for: the current one where none is named.
    pub(crate) fn asked_period(&self, form: &FormDef, text: Option<&str>) -> AppResult<Period> {
        match text {
            Some(text) => self.begun_period(form, text),
            None => Ok(self.current_period(form)),
        }
    }

    /// A period that has begun: what can be listed.
    pub(crate) fn begun_period(&self, form: &FormDef, text: &str) -> AppResult<Period> {
        let period = self.period_of(form, text, "period")?;
        if period > self.current_period(form) {
            return Err(AppError::refused(
                Code::InvalidParameter,
                Some("period"),
                format!("{text}期尚未开始"),
                format!("Period {text} has not begun"),
            ));
        }
        Ok(period)
    }

    fn begin(
        &self,
        conn: &mut Conn,
        who: &Who,
        form: &FormDef,
        period: Period,
        unit: &Placed,
        new: &CreateReport,
    ) -> AppResult<Answer> {
        self.admit_opened(form, period)?;
        if Locked::read(conn)?.holds(&form.code, period) {
            return Err(locked());
        }
        let mut stored = self.blank(who.account(), form, period, unit, new.id);
        fill(
            form,
            &mut stored,
            &new.values,
            &new.explanations,
            new.source_document.as_deref(),
        )?;
        let change = Change {
            report: stored,
            begun_at: Some(unit.home_shard),
            action: ReportAction::Save,
            reason: None,
        };
        let kept = match self.keep_all(conn, who, vec![change], &BTreeMap::new()) {
            Err(AppError::Storage(StorageError::Duplicate(_))) => Err(begun_already()),
            other => other,
        }?;
        let stored = kept.into_iter().next().ok_or_else(begun_already)?.report;
        let granted = Granted::read(conn, &[stored.unit])?;
        let view = self.report_view(conn, who, &stored, &granted)?;
        let answer = Answer::new(201, &view)?.tagged(1);
        Ok(answer.at(format!("/api/v1/reports/{}", stored.public_id)))
    }

    /// Saves a draft whose revision the asker has seen.
    ///
    /// # Errors
    /// `not_found`, `stale`, `wrong_state`, `period_locked`, or what the fields cannot hold.
    pub fn save_report(
        &self,
        who: &Who,
        id: &str,
        revision: i64,
        save: &SaveReport,
    ) -> AppResult<Answer> {
        let (scope, id) = self.readable(who, id)?;
        self.db.write(|conn| {
            let mut stored = self.find(conn, &scope, id)?;
            self.admit_action(who, &stored, ReportAction::Save)?;
            let locked = Locked::read(conn)?.holds(&stored.form, stored.period);
            let form = self.form_at(&stored.form, stored.period)?;
            transit(
                form,
                &mut stored,
                ReportAction::Save,
                revision,
                locked,
                None,
            )?;
            fill(
                form,
                &mut stored,
                &save.values,
                &save.explanations,
                save.source_document.as_deref(),
            )?;
            let carried = self.carried(conn, form, &[stored.unit])?;
            carried.put(form, &mut stored)?;
            stored.filled_by = who.account();
            let granted = Granted::read(conn, &[stored.unit])?;
            self.keep(conn, who, stored, (ReportAction::Save, None), &granted)
        })
    }

    /// Submits, checks, approves, returns or opens a report again.
    ///
    /// # Errors
    /// `not_found`, `stale`, `wrong_state`, `period_locked`, `rules_broken`, or a reason that is missing.
    pub fn act_on_report(
        &self,
        who: &Who,
        sent: &Sent,
        id: &str,
        revision: i64,
        act: &ActOnReport,
    ) -> AppResult<Answer> {
        let (scope, id) = self.readable(who, id)?;
        let action = ReportAction::from(act.action);
        let reason = plain(act.reason.as_deref());
        check_reasons(act.reason.as_deref(), &act.field_reasons)?;
        let admit = |conn: &mut Conn| {
            let stored = self.find(conn, &scope, id)?;
            self.admit_action(who, &stored, action)?;
            Ok(stored)
        };
        self.write_once(sent, admit, |conn, mut stored| {
            let form = self.form_at(&stored.form, stored.period)?;
            let locked = Locked::read(conn)?.holds(&stored.form, stored.period);
            transit(form, &mut stored, action, revision, locked, reason)?;
            let granted = Granted::read(conn, &[stored.unit])?;
            if action == ReportAction::Submit {
                let carried = self.carried(conn, form, &[stored.unit])?;
                carried.put(form, &mut stored)?;
                let previous = self.previous_values(conn, form, &stored)?;
                let before = previous.as_ref().map(|(_, values)| values);
                let until = granted.until(stored.unit, &form.code, stored.period);
                let due = self.dates(form, stored.period, until);
                let due = due.map(|dates| dates.fill_due);
                self.judge(form, &mut stored, before, due)?;
            }
            carry_out(&mut stored, action, reason, &act.field_reasons)?;
            self.keep(conn, who, stored, (action, reason), &granted)
        })
    }

    /// Writes one change and answers with the report.
    fn keep(
        &self,
        conn: &mut Conn,
        who: &Who,
        stored: Report,
        (action, reason): (ReportAction, Option<&str>),
        granted: &Granted,
    ) -> AppResult<Answer> {
        let units = if action == ReportAction::Save {
            Vec::new()
        } else {
            let system = Scope::bypass_for_system_work();
            placement::last_by_ids(conn, &system, &[stored.unit], self.clock.today())?
        };
        let units = units.into_iter().map(|unit| (unit.id, unit)).collect();
        let change = Change {
            report: stored,
            begun_at: None,
            action,
            reason: reason.map(str::to_owned),
        };
        let kept = self.keep_all(conn, who, vec![change], &units)?;
        let stored = kept.into_iter().next().ok_or_else(stale)?.report;
        let view = self.report_view(conn, who, &stored, granted)?;
        Ok(Answer::new(200, &view)?.tagged(stored.revision))
    }

    /// Whether the asker may do this with that report: who may not, but sees it, is told so.
    pub(crate) fn admit_action(
        &self,
        who: &Who,
        stored: &Report,
        action: ReportAction,
    ) -> AppResult<()> {
        let needed = match action {
            ReportAction::Save | ReportAction::Submit => Action::FillReports,
            ReportAction::Check => Action::CheckReports,
            ReportAction::Approve => Action::ApproveReports,
            ReportAction::Revise => Action::ReviseReports,
            ReportAction::Return if stored.state == ReportState::Checked => Action::ApproveReports,
            ReportAction::Return => Action::CheckReports,
        };
        let scope = who.scope_on(needed, self.form_at(&stored.form, stored.period)?)?;
        if scope.covers(&stored.path, Some(&stored.matter), Some(stored.filled_by)) {
            Ok(())
        } else {
            Err(zhenxing_domain::policy::Refused(needed).into())
        }
    }
}
