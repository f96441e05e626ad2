//! Many reports saved, checked, approved or returned in one request, with an answer for each row.

use super::due::Granted;
use super::once::{Answer, Sent};
use super::programme::{stale, wire_name};
use super::report::{absent, explanations_of, values_of};
use super::report_carry::{Before, CarriedOver};
use super::report_write::{
    Change, Locked, Reporter, admit_source, carry_out, check_reasons, fill, locked, plain, transit,
};
use super::session::{Who, unit_ref};
use super::{App, AppError, AppResult, Code};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_api_types::report::{Finding, ReportSummary, domain_values};
use zhenxing_api_types::report_bulk::{
    BulkAct, BulkAction, BulkFilter, BulkResult, BulkSave, BulkSaveRow, RowOutcome, RowRefusal,
    RowResult,
};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::FormDef;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::report::{ReportAction, ReportState};
use zhenxing_storage::report::{self, Report, ReportFilter};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, placement, report_grid};

const MOST_ROWS: usize = 500;

/// What the rows of a request are judged by, read at once.
struct Known<'a> {
    form: &'a FormDef,
    period: Period,
    locked: bool,
    units: BTreeMap<String, Reporter>,
    reports: BTreeMap<UnitId, Report>,
    previous: BTreeMap<UnitId, Before>,
    carried: CarriedOver,
    granted: Granted,
    source: Option<&'a str>,
}

/// What is decided about a row before anything is written.
enum Decided {
    Unchanged(Box<Report>),
    /// A change, with what stands against its submission.
    Change(Box<Change>, Option<AppError>),
}

/// A row on its way: its place, its unit's code, what was decided.
struct Row {
    unit: Option<String>,
    decided: AppResult<Decided>,
}

impl App {
    /// Saves many units' values of one form and period, and submits them if asked: row by row, what is refused stays as it
    /// was.
    ///
    /// # Errors
    /// Refusals of the request as a whole; those of rows stand in the answer.
    pub fn bulk_save(
        &self,
        who: &Who,
        sent: &Sent,
        ask: &BulkSave,
        dry_run: bool,
    ) -> AppResult<Answer> {
        who.scope(Action::FillReports)?;
        let form = self.form(&ask.form)?;
        let scope = who.scope_on(Action::FillReports, form)?;
        let period = self.period_of(form, &ask.period, "period")?;
        let form = self.form_at(&form.code, period)?;
        self.admit_opened(form, period)?;
        check_count(ask.rows.len(), "rows")?;
        admit_source(ask.source_document.as_deref())?;
        let admit = |conn: &mut Conn| self.known(conn, &scope, form, period, ask);
        self.write_once(sent, admit, |conn, known| {
            let mut seen = BTreeSet::new();
            let mut rows = Vec::with_capacity(ask.rows.len());
            for row in &ask.rows {
                let decided = if seen.insert(row.unit.as_str()) {
                    self.decide_save(who, &known, row, ask.submit)
                } else {
                    Err(repeated())
                };
                rows.push(Row {
                    unit: Some(row.unit.clone()),
                    decided,
                });
            }
            let units = known.units.into_values().map(|reporter| reporter.unit);
            let units = units.map(|unit| (unit.id, unit)).collect();
            let mut answer = self.settle_rows(conn, who, rows, &units, dry_run)?;
            for (row, asked) in answer.rows.iter_mut().zip(&ask.rows) {
                let id = row.unit.as_deref().and_then(|code| {
                    let found = units.values().find(|unit| unit.code == code);
                    found.map(|unit| unit.id)
                });
                if row.report.is_some() {
                    let before = id.and_then(|id| known.previous.get(&id));
                    let previous = before.map(|(_, values)| values);
                    let mut findings =
                        form.check(&domain_values(&asked.values), previous, &asked.explanations);
                    findings.extend(form.check_source(period, ask.source_document.as_deref()));
                    row.findings = findings.into_iter().map(Finding::from).collect();
                }
            }
            Answer::new(200, &answer)
        })
    }

    /// Everything that the rows are judged by: a fixed number of statements.
    fn known<'a>(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        form: &'a FormDef,
        period: Period,
        ask: &'a BulkSave,
    ) -> AppResult<Known<'a>> {
        let today = self.clock.today();
        let codes: Vec<&str> = ask.rows.iter().map(|row| row.unit.as_str()).collect();
        let units = self.reporters(conn, scope, form, period, &codes)?;
        let ids: Vec<UnitId> = units.values().map(|reporter| reporter.unit.id).collect();
        let reports = report_grid::of_units(conn, scope, &ids, &form.code, period, today)?;
        Ok(Known {
            form,
            period,
            locked: Locked::read(conn)?.holds(&form.code, period),
            units,
            reports: reports
                .into_iter()
                .map(|report| (report.unit, report))
                .collect(),
            previous: self.approved_before(conn, form, &ids, period)?,
            carried: self.carried(conn, form, &ids)?,
            granted: Granted::read(conn, &ids)?,
            source: ask.source_document.as_deref(),
        })
    }

    /// Decides about a row as [`App::create_report`] and [`App::save_report`] decide about one report.
    fn decide_save(
        &self,
        who: &Who,
        known: &Known<'_>,
        row: &BulkSaveRow,
        submit: bool,
    ) -> AppResult<Decided> {
        let form = known.form;
        let reporter = known.units.get(&row.unit);
        let reporter = reporter.ok_or_else(|| AppError::not_found("unit", "单位", "unit"))?;
        reporter.admit()?;
        let unit = &reporter.unit;
        let (mut stored, begun_at) = match known.reports.get(&unit.id) {
            Some(stored) => (stored.clone(), None),
            None if row.revision.is_some() => return Err(stale()),
            None if known.locked => return Err(locked()),
            None => {
                let blank = self.blank(who.account(), form, known.period, unit, None);
                (blank, Some(unit.home_shard))
            }
        };
        if begun_at.is_none() {
            let revision = row.revision.ok_or_else(stale)?;
            let waits = matches!(stored.state, ReportState::Draft | ReportState::Returned);
            if holds(known, &stored, row)? && !(submit && waits) {
                return Ok(Decided::Unchanged(Box::new(stored)));
            }
            transit(
                form,
                &mut stored,
                ReportAction::Save,
                revision,
                known.locked,
                None,
            )?;
        }
        fill(
            form,
            &mut stored,
            &row.values,
            &row.explanations,
            known.source,
        )?;
        known.carried.put(form, &mut stored)?;
        stored.filled_by = who.account();
        let mut change = Change {
            report: stored,
            begun_at,
            action: ReportAction::Save,
            reason: None,
        };
        let refused = if submit {
            self.submitted(form, &mut change, known).err()
        } else {
            None
        };
        Ok(Decided::Change(Box::new(change), refused))
    }

    /// Makes a saved draft a submitted report, unless the rules stand against it.
    fn submitted(&self, form: &FormDef, change: &mut Change, known: &Known<'_>) -> AppResult<()> {
        let mut next = change.report.clone();
        let revision = next.revision;
        transit(
            form,
            &mut next,
            ReportAction::Submit,
            revision,
            known.locked,
            None,
        )?;
        let before = known.previous.get(&next.unit);
        let previous = before.map(|(_, values)| values);
        let granted = known.granted.until(next.unit, &form.code, known.period);
        let due = self.dates(form, known.period, granted);
        let due = due.map(|dates| dates.fill_due);
        self.judge(form, &mut next, previous, due)?;
        change.report = next;
        change.action = ReportAction::Submit;
        Ok(())
    }

    /// Checks, approves or returns many reports, row by row.
    ///
    /// # Errors
    /// Refusals of the request as a whole; those of rows stand in the answer.
    pub fn bulk_act(
        &self,
        who: &Who,
        sent: &Sent,
        ask: &BulkAct,
        dry_run: bool,
    ) -> AppResult<Answer> {
        let scope = self.bulk_scope(who, ask)?;
        check_reasons(ask.reason.as_deref(), &BTreeMap::new())?;
        let reason = plain(ask.reason.as_deref());
        if ask.action == BulkAction::Return && reason.is_none() {
            return Err(AppError::invalid("reason", "请写明原因", "Give a reason"));
        }
        check_choice(ask)?;
        let action = ReportAction::from(ask.action);
        let admit = |_: &mut Conn| Ok(());
        self.write_once(sent, admit, |conn, ()| {
            let (asked, found, remaining) = match &ask.filter {
                Some(filter) => self.filtered(conn, &scope, ask, filter)?,
                None => self.named(conn, who, ask)?,
            };
            let locked = Locked::read(conn)?;
            let system = Scope::bypass_for_system_work();
            let ids: Vec<UnitId> = found.values().map(|report| report.unit).collect();
            let units = placement::last_by_ids(conn, &system, &ids, self.clock.today())?;
            let units: BTreeMap<UnitId, Placed> =
                units.into_iter().map(|unit| (unit.id, unit)).collect();
            let mut seen = BTreeSet::new();
            let rows = asked.into_iter().map(|(id, revision)| {
                let stored = found.get(&id);
                let code = stored.and_then(|stored| units.get(&stored.unit));
                let decided = match stored {
                    Some(_) if !seen.insert(id) => Err(repeated()),
                    Some(stored) => self.decide_act(who, stored, action, revision, &locked, reason),
                    None => Err(absent()),
                };
                Row {
                    unit: code.map(|unit| unit.code.clone()),
                    decided,
                }
            });
            let rows = rows.collect();
            let mut answer = self.settle_rows(conn, who, rows, &units, dry_run)?;
            answer.remaining = remaining;
            Answer::new(200, &answer)
        })
    }

    /// Where the asker may do this; a return is the checker's or the approver's.
    fn bulk_scope(&self, who: &Who, ask: &BulkAct) -> AppResult<Scope> {
        match ask.action {
            BulkAction::Check => who.scope(Action::CheckReports),
            BulkAction::Approve => who.scope(Action::ApproveReports),
            BulkAction::Return => {
                let checked = ask.filter.as_ref().and_then(|filter| filter.state)
                    == Some(ReportState::Checked.into());
                let (first, second) = if checked {
                    (Action::ApproveReports, Action::CheckReports)
                } else {
                    (Action::CheckReports, Action::ApproveReports)
                };
                if ask.filter.is_some() {
                    who.scope(first)
                } else {
                    who.scope(first).or_else(|_| who.scope(second))
                }
            }
        }
    }

    /// The reports that a filter finds, those with exceptions first, and how many it leaves for the next request.
    fn filtered(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        ask: &BulkAct,
        filter: &BulkFilter,
    ) -> AppResult<Found> {
        let form = self.form(&filter.form)?;
        let period = self.begun_period(form, &filter.period)?;
        let today = self.clock.today();
        let below = self.path_below(conn, scope, filter.unit.as_deref(), period.last_day())?;
        let state = match (filter.state, ask.action) {
            (Some(state), _) => state.into(),
            (None, BulkAction::Approve) => ReportState::Checked,
            (None, BulkAction::Check | BulkAction::Return) => ReportState::Submitted,
        };
        let narrowed = ReportFilter {
            form: form.code.clone(),
            matter: form.matter.clone(),
            period,
            below,
            state: Some(state),
            exceptions: filter.without_exceptions.then_some(false),
            late: None,
            after: None,
            limit: i64::try_from(MOST_ROWS).unwrap_or(i64::MAX),
        };
        let count = report::count(conn, scope, &narrowed, today)?;
        if Some(count) != ask.expected_count {
            return Err(AppError::refused(
                Code::CountChanged,
                Some("expected_count"),
                format!("符合条件的报送现有{count}件，与确认时的数量不同，请核对后重新确认"),
                format!("The filter finds {count} reports now; look again and confirm that number"),
            ));
        }
        let rows = report::list(conn, scope, &narrowed, today)?;
        let asked: Vec<(Uuid, i64)> = rows
            .iter()
            .map(|report| (report.public_id, report.revision))
            .collect();
        let remaining = count - i64::try_from(asked.len()).unwrap_or(count);
        let found = rows
            .into_iter()
            .map(|report| (report.public_id, report))
            .collect();
        Ok((asked, found, remaining))
    }

    /// The reports that the request names, as far as the asker sees them.
    fn named(&self, conn: &mut Conn, who: &Who, ask: &BulkAct) -> AppResult<Found> {
        let scope = who.scope(Action::ReadReports)?;
        let asked: Vec<(Uuid, i64)> = ask
            .reports
            .iter()
            .map(|report| (report.id, report.revision))
            .collect();
        let ids: Vec<Uuid> = asked.iter().map(|(id, _)| *id).collect();
        let rows = report_grid::by_numbers(conn, &scope, &ids, self.clock.today())?;
        let found = rows
            .into_iter()
            .map(|report| (report.public_id, report))
            .collect();
        Ok((asked, found, 0))
    }

    /// Decides about a report as [`App::act_on_report`] does.
    fn decide_act(
        &self,
        who: &Who,
        stored: &Report,
        action: ReportAction,
        revision: i64,
        locked: &Locked,
        reason: Option<&str>,
    ) -> AppResult<Decided> {
        self.admit_action(who, stored, action)?;
        let mut next = stored.clone();
        let held = locked.holds(&next.form, next.period);
        let form = self.form_at(&next.form, next.period)?;
        transit(form, &mut next, action, revision, held, reason)?;
        carry_out(&mut next, action, reason, &BTreeMap::new())?;
        let change = Change {
            report: next,
            begun_at: None,
            action,
            reason: reason.map(str::to_owned),
        };
        Ok(Decided::Change(Box::new(change), None))
    }

    /// Writes what was decided, unless only a trial is asked, and says row by row what became of it.
    fn settle_rows(
        &self,
        conn: &mut Conn,
        who: &Who,
        rows: Vec<Row>,
        units: &BTreeMap<UnitId, Placed>,
        dry_run: bool,
    ) -> AppResult<BulkResult> {
        let changes: Vec<Change> = rows
            .iter()
            .filter_map(|row| match &row.decided {
                Ok(Decided::Change(change, _)) => Some((**change).clone()),
                _ => None,
            })
            .collect();
        let kept = if dry_run {
            changes
        } else {
            self.keep_all(conn, who, changes, units)?
        };
        let kept: BTreeMap<UnitId, Vec<Report>> =
            kept.into_iter().fold(BTreeMap::new(), |mut map, change| {
                map.entry(change.report.unit)
                    .or_insert_with(Vec::new)
                    .push(change.report);
                map
            });
        let ids: Vec<UnitId> = units.keys().copied().collect();
        let granted = Granted::read(conn, &ids)?;
        let shown = |report: &Report| -> AppResult<Option<ReportSummary>> {
            let Some(unit) = units.get(&report.unit) else {
                return Ok(None);
            };
            let parent = unit.above.as_ref().map(|above| above.1.clone());
            self.summary(report, unit_ref(unit), parent, &granted)
                .map(Some)
        };
        let mut result = BulkResult {
            dry_run,
            done: 0,
            unchanged: 0,
            refused: 0,
            remaining: 0,
            rows: Vec::with_capacity(rows.len()),
        };
        for (row, at) in rows.into_iter().zip(0_i64..) {
            let view = row_view(row, at, &kept, &shown)?;
            match view.outcome {
                RowOutcome::Refused => result.refused += 1,
                RowOutcome::Unchanged => result.unchanged += 1,
                _ => result.done += 1,
            }
            result.rows.push(view);
        }
        Ok(result)
    }
}

/// Reports in the order of the answer with the revisions seen, the reports themselves, and how many are left.
type Found = (Vec<(Uuid, i64)>, BTreeMap<Uuid, Report>, i64);

fn row_view(
    row: Row,
    at: i64,
    kept: &BTreeMap<UnitId, Vec<Report>>,
    shown: &impl Fn(&Report) -> AppResult<Option<ReportSummary>>,
) -> AppResult<RowResult> {
    let (outcome, report, refused) = match row.decided {
        Err(error) => (RowOutcome::Refused, None, Some(error)),
        Ok(Decided::Unchanged(report)) => (RowOutcome::Unchanged, shown(&report)?, None),
        Ok(Decided::Change(change, refused)) => {
            let written = kept.get(&change.report.unit).into_iter().flatten();
            let mut written = written.filter(|report| report.public_id == change.report.public_id);
            match written.next() {
                None => (RowOutcome::Refused, None, Some(stale())),
                Some(report) => (outcome_of(change.action), shown(report)?, refused),
            }
        }
    };
    let (refusal, findings) = match refused {
        None => (None, Vec::new()),
        Some(error) => refusal_of(error)?,
    };
    Ok(RowResult {
        row: at,
        unit: row.unit,
        outcome,
        report,
        findings,
        refusal,
    })
}

fn outcome_of(action: ReportAction) -> RowOutcome {
    match action {
        ReportAction::Save | ReportAction::Revise => RowOutcome::Saved,
        ReportAction::Submit => RowOutcome::Submitted,
        ReportAction::Check => RowOutcome::Checked,
        ReportAction::Approve => RowOutcome::Approved,
        ReportAction::Return => RowOutcome::Returned,
    }
}

/// A refusal as a row shows it; what failed in the server itself ends the whole request.
fn refusal_of(error: AppError) -> AppResult<(Option<RowRefusal>, Vec<Finding>)> {
    let findings = match &error {
        AppError::Refused(refusal) => refusal.findings.clone(),
        _ => Vec::new(),
    };
    Ok((Some(refusal(error)?), findings))
}

/// A refusal as an answer for one row; what is no refusal fails the request.
pub(crate) fn refusal(error: AppError) -> AppResult<RowRefusal> {
    match error {
        AppError::Refused(refusal) => Ok(RowRefusal {
            code: wire_name(&refusal.code),
            field: refusal.field,
            message_zh: refusal.zh,
            message_en: refusal.en,
        }),
        other => Err(other),
    }
}

/// Whether a report holds just what a row brings.
fn holds(known: &Known<'_>, stored: &Report, row: &BulkSaveRow) -> AppResult<bool> {
    let mut own = values_of(&stored.values)?;
    let mut sent = domain_values(&row.values);
    for (field, _) in known.form.carried() {
        own.remove(&field.code);
        sent.remove(&field.code);
    }
    let source = plain(known.source);
    let same = own == sent && (source.is_none() || source == stored.source_document.as_deref());
    Ok(same && explanations_of(&stored.explanations)? == row.explanations)
}

pub(crate) fn check_count(rows: usize, field: &str) -> AppResult<()> {
    if (1..=MOST_ROWS).contains(&rows) {
        return Ok(());
    }
    Err(AppError::invalid(
        field,
        format!("每次应有1至{MOST_ROWS}行，请分批提交"),
        format!("Send 1 to {MOST_ROWS} rows at a time"),
    ))
}

/// Either reports are named, or a filter with the number that it is known to find.
fn check_choice(ask: &BulkAct) -> AppResult<()> {
    match (&ask.filter, ask.expected_count) {
        (None, _) => check_count(ask.reports.len(), "reports"),
        (Some(_), _) if !ask.reports.is_empty() => Err(AppError::invalid(
            "filter",
            "请只选其一：逐件指定报送，或按条件筛选",
            "Name reports or give a filter, not both",
        )),
        (Some(_), None) => Err(AppError::invalid(
            "expected_count",
            "按条件办理时，请带上已确认的件数",
            "With a filter, send the number of reports that was confirmed",
        )),
        (Some(_), Some(_)) => Ok(()),
    }
}

fn repeated() -> AppError {
    AppError::invalid(
        "rows",
        "同一单位或报送在本次提交中出现了两次，请删去重复的一行",
        "The same unit or report stands in the request twice; remove one row",
    )
}
