//! Changes of reports: decided one by one, written together with their versions, figures and events.

use super::programme::stale;
use super::report::{explanations_of, values_of};
use super::session::Who;
use super::{App, AppError, AppResult, Code};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_api_types::report::{Finding, Values, domain_values};
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::ids::{AccountId, MetricId, UnitId};
use zhenxing_domain::package::{FieldValue, FormDef, RuleKind, Severity};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::report::{Circumstances, ReportAction, ReportState, TransitionError};
use zhenxing_storage::figure::{self, Observation, Observed};
use zhenxing_storage::report::Report;
use zhenxing_storage::report_write::{self, NewVersion};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, event, period, placement};

const REASON_LENGTH: usize = 500;

/// A change that is decided and waits to be written.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// The report as it is to be.
    pub report: Report,
    /// The unit's shard, where the report is begun with this.
    pub begun_at: Option<i64>,
    /// What is done.
    pub action: ReportAction,
    /// Why.
    pub reason: Option<String>,
}

/// Which periods of which forms are locked.
pub(crate) struct Locked(BTreeSet<(String, i32)>);

impl Locked {
    /// As it stands now.
    pub fn read(conn: &mut Conn) -> AppResult<Locked> {
        Ok(Locked(period::locked(conn)?.into_iter().collect()))
    }

    /// Whether that period of the form is.
    pub fn holds(&self, form: &str, period: Period) -> bool {
        self.0.contains(&(form.to_owned(), period.key()))
    }
}

impl App {
    /// Refuses a period that has not opened.
    pub(crate) fn admit_opened(&self, form: &FormDef, period: Period) -> AppResult<()> {
        let opens = self.package.dates(form, period).map(|dates| dates.opens);
        if opens.is_some_and(|day| day > self.clock.today()) {
            return Err(AppError::refused(
                Code::PeriodNotOpen,
                Some("period"),
                format!("{period}期尚未开始填报"),
                format!("Period {period} has not opened yet"),
            ));
        }
        Ok(())
    }

    /// The units of those codes for which the asker may act, by code, and whether the period's tree has them among those
    /// that report the form.
    pub(crate) fn reporters(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        form: &FormDef,
        period: Period,
        codes: &[&str],
    ) -> AppResult<BTreeMap<String, Reporter>> {
        let (day, today) = (period.last_day(), self.clock.today());
        let mut found = placement::bearers(conn, scope, codes, day, today)?;
        found.retain(|_, unit| scope.covers(&unit.path, Some(&form.matter), None));
        let ids: Vec<UnitId> = found.values().map(|unit| unit.id).collect();
        let system = Scope::bypass_for_system_work();
        let then = unit::by_ids(conn, &system, &ids, day)?;
        let expected = |id: UnitId| {
            let mut then = then.iter().filter(|then| then.id == id);
            then.any(|then| form.applies_to.includes(then.kind))
        };
        let reporter = |(code, unit): (String, Placed)| {
            let expected = expected(unit.id);
            (code, Reporter { unit, expected })
        };
        Ok(found.into_iter().map(reporter).collect())
    }

    /// An empty draft of a unit.
    pub(crate) fn blank(
        &self,
        by: AccountId,
        form: &FormDef,
        period: Period,
        unit: &Placed,
        id: Option<Uuid>,
    ) -> Report {
        Report {
            id: 0,
            public_id: id.unwrap_or_else(Uuid::now_v7),
            form: form.code.clone(),
            matter: form.matter.clone(),
            unit: unit.id,
            path: unit.path.clone(),
            period,
            state: ReportState::Draft,
            revision: 1,
            revising: false,
            filled_by: by,
            values: String::new(),
            explanations: String::new(),
            approved_values: None,
            reason: None,
            field_reasons: "{}".to_owned(),
            exceptions: 0,
            late: false,
            headline: None,
            submitted_at: None,
            source_document: None,
            updated_at: self.clock.now(),
        }
    }

    /// The form's rules, before a report leaves its unit.
    pub(crate) fn judge(
        &self,
        form: &FormDef,
        stored: &mut Report,
        previous: Option<&BTreeMap<String, FieldValue>>,
        due: Option<chrono::NaiveDate>,
    ) -> AppResult<()> {
        let values = values_of(&stored.values)?;
        let explanations = explanations_of(&stored.explanations)?;
        let mut findings = form.check(&values, previous, &explanations);
        findings.extend(form.check_source(stored.period, stored.source_document.as_deref()));
        if findings.iter().any(|finding| finding.blocks()) {
            return Err(AppError::findings(
                findings.into_iter().map(Finding::from).collect(),
            ));
        }
        // What came in time the first time stays so when it is returned or revised.
        if stored.submitted_at.is_none() {
            stored.late = due.is_some_and(|due| due < self.clock.today());
        }
        let looked_at = findings.iter().filter(|finding| {
            finding.severity == Severity::NeedsExplanation || jumps(form, finding)
        });
        let count = i32::try_from(looked_at.count()).unwrap_or(i32::MAX);
        stored.exceptions = count.saturating_add(i32::from(stored.late));
        stored.submitted_at = Some(self.clock.now());
        stored.reason = None;
        stored.field_reasons = "{}".to_owned();
        Ok(())
    }

    /// Writes changes with their versions, figures and events; the units are where they stand today, those of changes that
    /// figures follow from are needed. Gives what was written; a change that somebody else overtook is not in it.
    pub(crate) fn keep_all(
        &self,
        conn: &mut Conn,
        who: &Who,
        mut changes: Vec<Change>,
        units: &BTreeMap<UnitId, Placed>,
    ) -> AppResult<Vec<Change>> {
        let now = self.clock.now();
        for change in &mut changes {
            change.report.updated_at = now;
            if change.begun_at.is_none() {
                change.report.revision += 1;
            }
        }
        let fresh: Vec<(&Report, i64)> = changes
            .iter()
            .filter_map(|change| Some((&change.report, change.begun_at?)))
            .collect();
        let begun = report_write::insert(conn, &fresh)?;
        let others: Vec<&Report> = changes
            .iter()
            .filter(|change| change.begun_at.is_none())
            .map(|change| &change.report)
            .collect();
        let moved = report_write::update(conn, &others)?;
        changes.retain_mut(|change| match change.begun_at {
            None => moved.contains(&change.report.id),
            Some(_) => match begun.get(&change.report.unit) {
                None => false,
                Some(id) => {
                    change.report.id = *id;
                    true
                }
            },
        });
        if !changes.is_empty() {
            self.follow(conn, who, &changes, units)?;
        }
        Ok(changes)
    }

    /// What follows from changes that were written.
    fn follow(
        &self,
        conn: &mut Conn,
        who: &Who,
        changes: &[Change],
        units: &BTreeMap<UnitId, Placed>,
    ) -> AppResult<()> {
        let versions: Vec<NewVersion<'_>> = changes
            .iter()
            .map(|change| NewVersion {
                report: &change.report,
                action: change.action.as_str(),
                reason: change.reason.as_deref(),
            })
            .collect();
        report_write::add_versions(conn, &versions, who.account())?;
        let mut observations = Vec::new();
        for change in changes
            .iter()
            .filter(|change| change.action != ReportAction::Save)
        {
            if let Some(unit) = units.get(&change.report.unit) {
                let form = self.form_at(&change.report.form, change.report.period)?;
                observations.push(Observation {
                    unit: unit.clone(),
                    period: change.report.period,
                    observed: self.observed(form, &change.report)?,
                });
            }
        }
        figure::observe(conn, &observations, self.clock.now())?;
        let events: Vec<_> = changes
            .iter()
            .map(|change| {
                let subject = change.report.public_id.to_string();
                (event_kind(change), subject, Some(change.report.unit))
            })
            .collect();
        event::append_all(conn, &events, self.clock.now())?;
        Ok(())
    }

    /// What a report says for each metric: the approved, and the waiting beside it.
    pub(crate) fn observed(
        &self,
        form: &FormDef,
        stored: &Report,
    ) -> AppResult<BTreeMap<MetricId, Observed>> {
        let measures = |text: &str| -> AppResult<_> {
            let numbers = form.numbers(&values_of(text)?);
            Ok(self.package.measures(&form.code, stored.period, &numbers))
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
        let metrics = self.package.metrics_at(&form.code, stored.period);
        Ok(metrics
            .into_iter()
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

/// Whether a rule about big moves found something.
fn jumps(form: &FormDef, finding: &zhenxing_domain::package::Finding) -> bool {
    let rule = form.rule(&finding.rule);
    rule.is_some_and(|rule| matches!(rule.kind, RuleKind::Jump { .. }))
}

/// Moves a report whose revision was seen to its next state.
pub(crate) fn transit(
    form: &FormDef,
    stored: &mut Report,
    action: ReportAction,
    revision: i64,
    locked: bool,
    reason: Option<&str>,
) -> AppResult<()> {
    if stored.revision != revision {
        return Err(stale());
    }
    let about = Circumstances {
        locked,
        revision: stored.revising,
        reason: reason.is_some(),
        unchecked: form.check_level.is_none(),
    };
    stored.state = stored
        .state
        .apply(action, about)
        .map_err(refused_transition)?;
    Ok(())
}

/// What an action leaves in a report beside its state.
pub(crate) fn carry_out(
    stored: &mut Report,
    action: ReportAction,
    reason: Option<&str>,
    field_reasons: &BTreeMap<String, String>,
) -> AppResult<()> {
    match action {
        ReportAction::Approve => {
            stored.approved_values = Some(stored.values.clone());
            stored.revising = false;
        }
        ReportAction::Return => {
            stored.reason = reason.map(str::to_owned);
            stored.field_reasons = text_of(field_reasons)?;
        }
        ReportAction::Revise => {
            stored.reason = reason.map(str::to_owned);
            stored.revising = true;
        }
        ReportAction::Save | ReportAction::Submit | ReportAction::Check => {}
    }
    Ok(())
}

/// Refuses a source document that no report may name.
pub(crate) fn admit_source(source: Option<&str>) -> AppResult<()> {
    match source.and_then(FormDef::check_source_text) {
        None => Ok(()),
        Some(finding) => Err(AppError::findings(vec![finding.into()])),
    }
}

/// Puts values into a draft, if its fields can hold them; a source document that is not sent stays as it was.
pub(crate) fn fill(
    form: &FormDef,
    stored: &mut Report,
    values: &Values,
    explanations: &BTreeMap<String, String>,
    source: Option<&str>,
) -> AppResult<()> {
    let values = domain_values(values);
    let mut findings = form.check_draft(&values);
    findings.extend(form.check_explanations(explanations));
    findings.extend(source.and_then(FormDef::check_source_text));
    if !findings.is_empty() {
        return Err(AppError::findings(
            findings.into_iter().map(Finding::from).collect(),
        ));
    }
    put(form, stored, &values)?;
    stored.explanations = text_of(explanations)?;
    if let Some(text) = source {
        stored.source_document = plain(Some(text)).map(str::to_owned);
    }
    Ok(())
}

/// Puts values into a report, and the figure that lists show.
pub(crate) fn put(
    form: &FormDef,
    stored: &mut Report,
    values: &BTreeMap<String, FieldValue>,
) -> AppResult<()> {
    let numbers = form.numbers(values);
    let computed = form.fields().find(|field| field.computed.is_some());
    stored.headline = computed.and_then(|field| numbers.get(&field.code)).copied();
    stored.values = text_of(values)?;
    Ok(())
}

/// A reason without the blanks around it; an empty one is none.
pub(crate) fn plain(reason: Option<&str>) -> Option<&str> {
    reason.map(str::trim).filter(|text| !text.is_empty())
}

/// Refuses reasons that are too long or hold identity numbers.
pub(crate) fn check_reasons(
    reason: Option<&str>,
    field_reasons: &BTreeMap<String, String>,
) -> AppResult<()> {
    let texts = || {
        let single = field_reasons.values().map(String::as_str);
        reason.into_iter().chain(single)
    };
    if texts().any(|text| text.chars().count() > REASON_LENGTH) {
        return Err(AppError::invalid(
            "reason",
            format!("原因不能超过{REASON_LENGTH}字，请精简"),
            format!("A reason has at most {REASON_LENGTH} characters; shorten it"),
        ));
    }
    if texts().any(holds_id_number) {
        return Err(AppError::invalid(
            "reason",
            "原因中有身份证号码，此处不需要，请删去",
            "The reason holds an identity number; remove it, nobody needs it here",
        ));
    }
    Ok(())
}

/// The period is locked.
pub(crate) fn locked() -> AppError {
    AppError::refused(
        Code::PeriodLocked,
        Some("period"),
        "本期已锁定，如需更正请由审定单位发起更正并写明原因",
        "The period is locked; it changes only by a revision that names its cause",
    )
}

/// The unit has a report already.
pub(crate) fn begun_already() -> AppError {
    AppError::refused(
        Code::Exists,
        Some("unit"),
        "该单位本期已有报送，请打开已有的继续填写",
        "The unit has a report for this period already; open that one",
    )
}

/// A unit that somebody wants to report for, where it stands today or stood last.
pub(crate) struct Reporter {
    /// The unit.
    pub unit: Placed,
    expected: bool,
}

impl Reporter {
    /// The unit is expected to report the form for the period, or the refusal that names it.
    pub fn admit(&self) -> AppResult<()> {
        if self.expected {
            return Ok(());
        }
        let name = &self.unit.name;
        Err(AppError::invalid(
            "unit",
            format!("“{name}”不在本表本期的填报范围内，请核对单位和期次"),
            format!(
                "{name} is not among the units that report this form for this period; check the unit and the period"
            ),
        ))
    }
}

/// A value as the database keeps it.
pub(crate) fn text_of(value: &impl Serialize) -> AppResult<String> {
    serde_json::to_string(value).map_err(|error| AppError::Internal(error.to_string()))
}

fn event_kind(change: &Change) -> &'static str {
    match change.action {
        ReportAction::Save if change.begun_at.is_some() => "report.created",
        ReportAction::Save => "report.saved",
        ReportAction::Submit => "report.submitted",
        ReportAction::Check => "report.checked",
        ReportAction::Approve => "report.approved",
        ReportAction::Return => "report.returned",
        ReportAction::Revise => "report.reopened",
    }
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
