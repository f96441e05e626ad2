//! Reports: begun, saved, submitted, checked, approved, returned, opened again.

use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::programme::stale;
use super::report_view::{report_number, summaries, version_view};
use super::session::Who;
use super::unit::find_unit;
use super::{App, AppError, AppResult, Code};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;
use zhenxing_api_types::Page;
use zhenxing_api_types::report::{
    ActOnReport, CreateReport, Due, DueState, Finding, Light, ReportState as WireState,
    ReportSummary, ReportVersion, SaveReport, domain_values,
};
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::ids::MetricId;
use zhenxing_domain::package::{FieldValue, FormDef, Severity};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::report::{Circumstances, ReportAction, ReportState, TransitionError};
use zhenxing_storage::figure::{self, Observed};
use zhenxing_storage::report::{self, DueFilter, Report, ReportFilter};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, StorageError, event, period};

const REASON_LENGTH: usize = 500;
const SOON_DAYS: i64 = 7;

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
}

/// What a list of dues is narrowed to.
#[derive(Debug, Clone, Serialize)]
pub struct DueAsk {
    /// The form.
    pub form: String,
    /// The period; the current one without it.
    pub period: Option<String>,
    /// The state.
    pub state: Option<DueState>,
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

fn text_of(value: &impl Serialize) -> AppResult<String> {
    serde_json::to_string(value).map_err(|error| AppError::Internal(error.to_string()))
}

fn absent() -> AppError {
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
        let period = match &ask.period {
            Some(text) => self.begun_period(form, text)?,
            None => self.current_period(form),
        };
        let today = self.clock.today();
        self.db.read(|conn| {
            let below = match &ask.unit {
                None => None,
                Some(code) => Some(find_unit(conn, &scope, code, today, "unit")?.path),
            };
            let filter = ReportFilter {
                form: form.code.clone(),
                matter: form.matter.clone(),
                period,
                below,
                state: ask.state.map(Into::into),
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

    /// Units for which the asker may fill in a form, with where each stands.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_dues(&self, who: &Who, ask: &DueAsk, paged: &PageAsk) -> AppResult<Page<Due>> {
        let scope = who.scope(Action::FillReports)?;
        let form = self.form(&ask.form)?;
        let limit = paged.limit()?;
        let period = match &ask.period {
            Some(text) => self.begun_period(form, text)?,
            None => self.current_period(form),
        };
        let after: Option<String> = paged.after(ask)?;
        let filter = DueFilter {
            form: &form.code,
            matter: &form.matter,
            kinds: &form.applies_to.kinds,
            period,
            unit: None,
            state: ask.state.map(stored_state),
            after: after.as_deref(),
            limit: limit + 1,
        };
        let today = self.clock.today();
        let rows = self
            .db
            .read(|conn| report::dues(conn, &scope, &filter, today))?;
        let rows = rows
            .into_iter()
            .map(|row| self.due_view(form, period, row))
            .collect::<AppResult<Vec<_>>>()?;
        Ok(page::page(rows, limit, ask, |row| row.unit.code.clone()))
    }

    fn due_view(&self, form: &FormDef, period: Period, row: report::Due) -> AppResult<Due> {
        let level = zhenxing_domain::unit::Level::parse(&row.level)
            .ok_or_else(|| AppError::Internal(format!("level {}", row.level)))?;
        let state = row.report.map(|(_, state)| state);
        Ok(Due {
            form: form.code.clone(),
            period: period.to_string(),
            unit: zhenxing_api_types::UnitRef {
                code: row.code,
                name: row.name,
                level: level.into(),
            },
            parent_name: row.parent_name,
            report: row.report.map(|(id, _)| id),
            state: state.map(WireState::from).into(),
            fill_due: form.dates(period).map(|dates| dates.fill_due),
            light: self.fill_light(form, period, state),
        })
    }

    /// The light of something to be filled in: what is submitted is never late, what is historical neither.
    pub(crate) fn fill_light(
        &self,
        form: &FormDef,
        period: Period,
        state: Option<ReportState>,
    ) -> Light {
        let waits = matches!(
            state,
            None | Some(ReportState::Draft | ReportState::Returned)
        );
        let due = form.dates(period).map(|dates| dates.fill_due);
        self.light(due.filter(|_| waits))
    }

    /// The light of a day by which something is due.
    pub(crate) fn light(&self, due: Option<chrono::NaiveDate>) -> Light {
        let left = due.map(|day| (day - self.clock.today()).num_days());
        match left {
            Some(days) if days < 0 => Light::Overdue,
            Some(days) if days <= SOON_DAYS => Light::Soon,
            _ => Light::Normal,
        }
    }

    /// One report.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_report(&self, who: &Who, id: &str) -> AppResult<Answer> {
        let (scope, id) = self.readable(who, id)?;
        self.db.read(|conn| {
            let stored = self.find(conn, &scope, id)?;
            let view = self.report_view(conn, who, &stored)?;
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
            let rows = rows
                .into_iter()
                .map(version_view)
                .collect::<AppResult<Vec<_>>>()?;
            Ok(page::page(rows, limit, &id, |row| row.revision))
        })
    }

    fn readable(&self, who: &Who, id: &str) -> AppResult<(Scope, Uuid)> {
        let scope = who.scope_or_absent(Action::ReadReports, "id", "报送", "report")?;
        Ok((scope, report_number(id)?))
    }

    fn find(&self, conn: &mut Conn, scope: &Scope, id: Uuid) -> AppResult<Report> {
        report::get(conn, scope, id, self.clock.today())?.ok_or_else(absent)
    }

    /// Begins a report as a draft.
    ///
    /// # Errors
    /// Refusals that name the field; `exists` when the unit has one already.
    pub fn create_report(&self, who: &Who, sent: &Sent, new: &CreateReport) -> AppResult<Answer> {
        let scope = who.scope(Action::FillReports)?;
        if new.id.is_some_and(|id| id.get_version_num() != 7) {
            return Err(AppError::invalid(
                "id",
                "报送编号应为UUIDv7",
                "A report's own number is a UUIDv7",
            ));
        }
        let form = self.form(&new.form)?;
        let period = self.period_of(form, &new.period, "period")?;
        let today = self.clock.today();
        let admit = |conn: &mut Conn| {
            let unit = find_unit(conn, &scope, &new.unit, today, "unit")?;
            if !scope.covers(&unit.path, Some(&form.matter), None) {
                return Err(AppError::not_found("unit", "单位", "unit"));
            }
            if !form.applies_to.includes(unit.kind) {
                return Err(AppError::invalid(
                    "unit",
                    format!("“{}”不在本表的填报范围内", unit.name),
                    format!("{} is not among the units that report this form", unit.name),
                ));
            }
            Ok(unit)
        };
        self.write_once(sent, admit, |conn, unit| {
            self.begin(conn, who, form, period, &unit, new)
        })
    }

    /// A period that has begun: what can be listed.
    fn begun_period(&self, form: &FormDef, text: &str) -> AppResult<Period> {
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
        let opens = form.dates(period).map(|dates| dates.opens);
        if opens.is_some_and(|day| day > self.clock.today()) {
            return Err(AppError::refused(
                Code::PeriodNotOpen,
                Some("period"),
                format!("{period}期尚未开始填报"),
                format!("Period {period} has not opened yet"),
            ));
        }
        if period::get(conn, &form.code, period)?.is_some_and(|row| row.locked) {
            return Err(locked());
        }
        let now = self.clock.now();
        let mut stored = Report {
            id: 0,
            public_id: new.id.unwrap_or_else(Uuid::now_v7),
            form: form.code.clone(),
            matter: form.matter.clone(),
            unit: unit.id,
            path: unit.path.clone(),
            period,
            state: ReportState::Draft,
            revision: 1,
            revising: false,
            filled_by: who.account(),
            values: String::new(),
            explanations: String::new(),
            approved_values: None,
            reason: None,
            field_reasons: "{}".to_owned(),
            exceptions: 0,
            headline: None,
            submitted_at: None,
            updated_at: now,
        };
        fill(form, &mut stored, &new.values, &new.explanations)?;
        stored.id = match report::insert(conn, &stored, unit.home_shard) {
            Err(StorageError::Duplicate(_)) => {
                return Err(AppError::refused(
                    Code::Exists,
                    Some("unit"),
                    "该单位本期已有报送，请打开已有的继续填写",
                    "The unit has a report for this period already; open that one",
                ));
            }
            other => other?,
        };
        report::add_version(conn, &stored, "save", who.account(), None)?;
        event::append(
            conn,
            "report.created",
            &stored.public_id.to_string(),
            Some(stored.unit),
            now,
        )?;
        let view = self.report_view(conn, who, &stored)?;
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
            self.transit(conn, &mut stored, ReportAction::Save, revision, None)?;
            let form = self.form(&stored.form)?;
            fill(form, &mut stored, &save.values, &save.explanations)?;
            stored.filled_by = who.account();
            self.keep(conn, who, form, &mut stored, ReportAction::Save, None)
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
        let reason = act
            .reason
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        check_reasons(act)?;
        let admit = |conn: &mut Conn| {
            let stored = self.find(conn, &scope, id)?;
            self.admit_action(who, &stored, action)?;
            Ok(stored)
        };
        self.write_once(sent, admit, |conn, mut stored| {
            let form = self.form(&stored.form)?;
            self.transit(conn, &mut stored, action, revision, reason)?;
            self.carry_out(conn, form, &mut stored, action, act)?;
            self.keep(conn, who, form, &mut stored, action, reason)
        })
    }

    /// Whether the asker may do this with that report: who may not, but sees it, is told so.
    fn admit_action(&self, who: &Who, stored: &Report, action: ReportAction) -> AppResult<()> {
        let needed = match action {
            ReportAction::Save | ReportAction::Submit => Action::FillReports,
            ReportAction::Check => Action::CheckReports,
            ReportAction::Approve => Action::ApproveReports,
            ReportAction::Revise => Action::ReviseReports,
            ReportAction::Return if stored.state == ReportState::Checked => Action::ApproveReports,
            ReportAction::Return => Action::CheckReports,
        };
        let scope = who.scope(needed)?;
        if scope.covers(&stored.path, Some(&stored.matter), Some(stored.filled_by)) {
            Ok(())
        } else {
            Err(zhenxing_domain::policy::Refused(needed).into())
        }
    }

    fn transit(
        &self,
        conn: &mut Conn,
        stored: &mut Report,
        action: ReportAction,
        revision: i64,
        reason: Option<&str>,
    ) -> AppResult<()> {
        if stored.revision != revision {
            return Err(stale());
        }
        let row = period::get(conn, &stored.form, stored.period)?;
        let about = Circumstances {
            locked: row.is_some_and(|row| row.locked),
            revision: stored.revising,
            reason: reason.is_some(),
        };
        stored.state = stored
            .state
            .apply(action, about)
            .map_err(refused_transition)?;
        Ok(())
    }

    fn carry_out(
        &self,
        conn: &mut Conn,
        form: &FormDef,
        stored: &mut Report,
        action: ReportAction,
        act: &ActOnReport,
    ) -> AppResult<()> {
        match action {
            ReportAction::Submit => self.judge(conn, form, stored)?,
            ReportAction::Approve => {
                stored.approved_values = Some(stored.values.clone());
                stored.revising = false;
            }
            ReportAction::Return => {
                stored.reason = act.reason.clone();
                stored.field_reasons = text_of(&act.field_reasons)?;
            }
            ReportAction::Revise => {
                stored.reason = act.reason.clone();
                stored.revising = true;
            }
            ReportAction::Save | ReportAction::Check => {}
        }
        Ok(())
    }

    /// The form's rules, before a report leaves its unit.
    fn judge(&self, conn: &mut Conn, form: &FormDef, stored: &mut Report) -> AppResult<()> {
        let previous = self.previous_values(conn, form, stored)?;
        let values = values_of(&stored.values)?;
        let explanations = explanations_of(&stored.explanations)?;
        let findings = form.check(&values, previous.as_ref(), &explanations);
        if findings.iter().any(|finding| finding.blocks()) {
            return Err(AppError::findings(
                findings.into_iter().map(Finding::from).collect(),
            ));
        }
        let explained = findings
            .iter()
            .filter(|finding| finding.severity == Severity::NeedsExplanation);
        stored.exceptions = i32::try_from(explained.count()).unwrap_or(i32::MAX);
        stored.submitted_at = Some(self.clock.now());
        stored.reason = None;
        stored.field_reasons = "{}".to_owned();
        Ok(())
    }

    /// Writes the report, its version, its figures and its event, and answers with it.
    fn keep(
        &self,
        conn: &mut Conn,
        who: &Who,
        form: &FormDef,
        stored: &mut Report,
        action: ReportAction,
        reason: Option<&str>,
    ) -> AppResult<Answer> {
        stored.revision += 1;
        stored.updated_at = self.clock.now();
        if !report::update(conn, stored)? {
            return Err(stale());
        }
        report::add_version(conn, stored, action.as_str(), who.account(), reason)?;
        if action != ReportAction::Save {
            let system = Scope::bypass_for_system_work();
            let placed = unit::by_ids(conn, &system, &[stored.unit], self.clock.today())?;
            for unit in &placed {
                let observed = self.observed(form, stored)?;
                figure::observe(conn, stored.period, unit, &observed, stored.updated_at)?;
            }
        }
        let kind = format!("report.{}", past(action));
        event::append(
            conn,
            &kind,
            &stored.public_id.to_string(),
            Some(stored.unit),
            stored.updated_at,
        )?;
        let view = self.report_view(conn, who, stored)?;
        Ok(Answer::new(200, &view)?.tagged(stored.revision))
    }

    /// What a report says for each metric: the approved, and the waiting beside it.
    fn observed(&self, form: &FormDef, stored: &Report) -> AppResult<BTreeMap<MetricId, Observed>> {
        let measures = |text: &str| -> AppResult<_> {
            let numbers = form.numbers(&values_of(text)?);
            Ok(self.package.measures(&form.code, &numbers))
        };
        let approved = stored
            .approved_values
            .as_deref()
            .map(measures)
            .transpose()?
            .unwrap_or_default();
        let pending = if stored.state.is_pending() {
            measures(&stored.values)?
        } else {
            BTreeMap::new()
        };
        let metrics = self.package.metrics_of_form(&form.code);
        Ok(metrics
            .filter_map(|metric| {
                let id = *self.metrics.get(&metric.code)?;
                let seen = Observed {
                    approved: approved.get(&metric.code).copied(),
                    pending: pending.get(&metric.code).copied(),
                };
                Some((id, seen))
            })
            .collect())
    }
}

fn past(action: ReportAction) -> &'static str {
    match action {
        ReportAction::Save => "saved",
        ReportAction::Submit => "submitted",
        ReportAction::Check => "checked",
        ReportAction::Approve => "approved",
        ReportAction::Return => "returned",
        ReportAction::Revise => "reopened",
    }
}

fn stored_state(state: DueState) -> Option<ReportState> {
    match state {
        DueState::NotStarted => None,
        DueState::Draft => Some(ReportState::Draft),
        DueState::Submitted => Some(ReportState::Submitted),
        DueState::Checked => Some(ReportState::Checked),
        DueState::Approved => Some(ReportState::Approved),
        DueState::Returned => Some(ReportState::Returned),
    }
}

/// Puts values into a draft, if its fields can hold them.
fn fill(
    form: &FormDef,
    stored: &mut Report,
    values: &zhenxing_api_types::report::Values,
    explanations: &BTreeMap<String, String>,
) -> AppResult<()> {
    let values = domain_values(values);
    let mut findings = form.check_draft(&values);
    findings.extend(form.check_explanations(explanations));
    if !findings.is_empty() {
        return Err(AppError::findings(
            findings.into_iter().map(Finding::from).collect(),
        ));
    }
    let numbers = form.numbers(&values);
    let computed = form.fields().find(|field| field.computed.is_some());
    stored.headline = computed.and_then(|field| numbers.get(&field.code)).copied();
    stored.values = text_of(&values)?;
    stored.explanations = text_of(explanations)?;
    Ok(())
}

fn check_reasons(act: &ActOnReport) -> AppResult<()> {
    let long = |text: &str| text.chars().count() > REASON_LENGTH;
    if act.reason.as_deref().is_some_and(long) || act.field_reasons.values().any(|text| long(text))
    {
        return Err(AppError::invalid(
            "reason",
            format!("原因不能超过{REASON_LENGTH}字，请精简"),
            format!("A reason has at most {REASON_LENGTH} characters; shorten it"),
        ));
    }
    let texts = act.reason.iter().chain(act.field_reasons.values());
    if texts.into_iter().any(|text| holds_id_number(text)) {
        return Err(AppError::invalid(
            "reason",
            "原因中有身份证号码，此处不需要，请删去",
            "The reason holds an identity number; remove it, nobody needs it here",
        ));
    }
    Ok(())
}

fn locked() -> AppError {
    AppError::refused(
        Code::PeriodLocked,
        Some("period"),
        "本期已锁定，如需更正请由审定单位发起更正并写明原因",
        "The period is locked; it changes only by a revision that names its cause",
    )
}

fn refused_transition(error: TransitionError) -> AppError {
    match error {
        TransitionError::NotFrom { .. } => AppError::refused(
            Code::WrongState,
            Some("action"),
            "报送的当前状态不能进行这项操作，请刷新后查看",
            error.to_string(),
        ),
        TransitionError::Locked(_) => locked(),
        TransitionError::ReasonMissing(_) => {
            AppError::invalid("reason", "请写明原因", "Give a reason")
        }
    }
}
