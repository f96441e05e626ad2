//! A report as it is shown, with what the asker may do now.

use super::due::Granted;
use super::report::{explanations_of, values_of};
use super::session::{Who, line_of, unit_ref};
use super::{App, AppError, AppResult};
use crate::clock::instant;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_api_types::UnitRef;
use zhenxing_api_types::report::{
    FieldChange, Finding, Report, ReportAction, ReportSummary, ReportVersion, Values, wire_values,
};
use zhenxing_domain::package::{FieldValue, FormDef};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::report::ReportState;
use zhenxing_storage::report::{Report as Stored, Version};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, period, placement};

impl App {
    /// One report whole.
    pub(crate) fn report_view(
        &self,
        conn: &mut Conn,
        who: &Who,
        stored: &Stored,
        granted: &Granted,
    ) -> AppResult<Report> {
        let form = self.form_at(&stored.form, stored.period)?;
        let today = self.clock.today();
        let system = Scope::bypass_for_system_work();
        let day = self.tree_day(stored.period);
        let then = placement::last_by_ids(conn, &system, &[stored.unit], day)?;
        let (path, day) = match then.first() {
            Some(then) => (&then.path, day),
            None => (&stored.path, today),
        };
        let (own, ancestors) = line_of(conn, path, day)?;
        let previous = self.previous_values(conn, form, stored)?;
        let locked = period::get(conn, &form.code, stored.period)?.is_some_and(|row| row.locked);
        let values = values_of(&stored.values)?;
        let explanations = explanations_of(&stored.explanations)?;
        let before = previous.as_ref().map(|(_, values)| values);
        let mut findings = form.check(&kept_fields(form, &values), before, &explanations);
        findings.extend(form.check_source(stored.period, stored.source_document.as_deref()));
        let (can_save, actions) = allowed(who, form, stored, locked);
        let parent_name = own.above.as_ref().map(|above| above.1.clone());
        Ok(Report {
            summary: self.summary(stored, unit_ref(&own), parent_name, granted)?,
            ancestors: ancestors.iter().map(unit_ref).collect(),
            values: wire_values(values),
            explanations,
            source_document: stored.source_document.clone(),
            historical: form.is_historical(stored.period),
            previous_period: previous.as_ref().map(|(period, _)| period.to_string()),
            previous: previous.map(|(_, values)| wire_values(values)),
            findings: findings.into_iter().map(Finding::from).collect(),
            reason: stored.reason.clone(),
            field_reasons: explanations_of(&stored.field_reasons)?,
            actions,
            can_save,
            locked,
        })
    }

    /// The day whose tree a period is shown on: its last, or today while it runs.
    pub(crate) fn tree_day(&self, period: Period) -> chrono::NaiveDate {
        period.last_day().min(self.clock.today())
    }

    /// A report as lists show it.
    pub(crate) fn summary(
        &self,
        stored: &Stored,
        unit: UnitRef,
        parent_name: Option<String>,
        granted: &Granted,
    ) -> AppResult<ReportSummary> {
        let form = self.form(&stored.form)?;
        let granted = granted.until(stored.unit, &stored.form, stored.period);
        let due = self.step_due(form, stored, granted);
        Ok(ReportSummary {
            id: stored.public_id,
            form: stored.form.clone(),
            unit,
            parent_name,
            period: stored.period.to_string(),
            state: stored.state.into(),
            revision: stored.revision,
            submitted_at: stored.submitted_at.map(instant),
            updated_at: instant(stored.updated_at),
            exceptions: stored.exceptions,
            late: stored.late,
            due,
            light: self.light(due),
            headline: stored.headline,
        })
    }
}

/// Without the values of fields that a later edition of the form no longer has: they stay in the report and are no fault.
fn kept_fields(
    form: &FormDef,
    values: &BTreeMap<String, FieldValue>,
) -> BTreeMap<String, FieldValue> {
    let known = values.iter().filter(|(code, _)| form.field(code).is_some());
    known
        .map(|(code, value)| (code.clone(), value.clone()))
        .collect()
}

/// What the asker may do with a report now.
fn allowed(who: &Who, form: &FormDef, stored: &Stored, locked: bool) -> (bool, Vec<ReportAction>) {
    let may = |action: Action| {
        who.scope_on(action, form).is_ok_and(|scope| {
            scope.covers(&stored.path, Some(&stored.matter), Some(stored.filled_by))
        })
    };
    let open = !locked || stored.revising;
    let mut actions = Vec::new();
    let mut can_save = false;
    match stored.state {
        ReportState::Draft | ReportState::Returned if open && may(Action::FillReports) => {
            can_save = true;
            actions.push(ReportAction::Submit);
        }
        ReportState::Submitted if open && may(Action::CheckReports) => {
            actions.extend([ReportAction::Check, ReportAction::Return]);
        }
        ReportState::Checked if open && may(Action::ApproveReports) => {
            actions.extend([ReportAction::Approve, ReportAction::Return]);
        }
        ReportState::Approved if may(Action::ReviseReports) => actions.push(ReportAction::Revise),
        _ => {}
    }
    (can_save, actions)
}

/// The summaries of reports of one period, their units read at once as they stood in it.
pub(crate) fn summaries(
    app: &App,
    conn: &mut Conn,
    rows: &[Stored],
) -> AppResult<Vec<(i32, i64, ReportSummary)>> {
    let ids: Vec<_> = rows.iter().map(|row| row.unit).collect();
    let system = Scope::bypass_for_system_work();
    let Some(day) = rows.first().map(|row| app.tree_day(row.period)) else {
        return Ok(Vec::new());
    };
    let mut units = placement::last_by_ids(conn, &system, &ids, day)?;
    if units.len() < rows.len() {
        let known: Vec<_> = units.iter().map(|unit| unit.id).collect();
        let later = ids.iter().filter(|id| !known.contains(id));
        let later: Vec<_> = later.copied().collect();
        let today = app.clock.today();
        units.extend(placement::last_by_ids(conn, &system, &later, today)?);
    }
    let granted = Granted::read(conn, &ids)?;
    let units: BTreeMap<_, &Placed> = units.iter().map(|unit| (unit.id, unit)).collect();
    rows.iter()
        .map(|row| {
            let unit = units.get(&row.unit);
            let unit = unit
                .ok_or_else(|| AppError::Internal(format!("unit {} has no place", row.unit.0)))?;
            let parent = unit.above.as_ref().map(|above| above.1.clone());
            let summary = app.summary(row, unit_ref(unit), parent, &granted)?;
            Ok((row.exceptions, row.id, summary))
        })
        .collect()
}

/// A version as it is shown.
pub(crate) fn version_view(version: Version) -> AppResult<ReportVersion> {
    let state = ReportState::parse(&version.state)
        .ok_or_else(|| AppError::Internal(format!("state {}", version.state)))?;
    Ok(ReportVersion {
        revision: version.revision,
        action: version.action,
        state: state.into(),
        by: version.by,
        deputy: version.deputy,
        by_unit: version.by_unit,
        at: instant(version.at),
        reason: version.reason,
        values: wire_values(values_of(&version.values)?),
        explanations: explanations_of(&version.explanations)?,
        changes: Vec::new(),
        source_document: version.source_document,
    })
}

/// Says of each version what it changed against the one after it in the list; the first version of all changed nothing
/// before it.
pub(crate) fn tell_changes(versions: &mut [ReportVersion]) {
    let nothing = Values::new();
    let changes: Vec<_> = versions
        .iter()
        .enumerate()
        .map(|(at, version)| {
            let before = versions
                .get(at + 1)
                .map_or(&nothing, |before| &before.values);
            differences(before, &version.values)
        })
        .collect();
    for (version, changes) in versions.iter_mut().zip(changes) {
        version.changes = changes;
    }
}

fn differences(before: &Values, after: &Values) -> Vec<FieldChange> {
    let codes: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    codes
        .into_iter()
        .filter(|code| before.get(*code) != after.get(*code))
        .map(|code| FieldChange {
            field: code.clone(),
            from: before.get(code).cloned(),
            to: after.get(code).cloned(),
        })
        .collect()
}

/// The number of a report, or a refusal that says nothing more.
pub(crate) fn report_number(text: &str) -> AppResult<Uuid> {
    Uuid::parse_str(text).map_err(|_| AppError::not_found("id", "报送", "report"))
}
