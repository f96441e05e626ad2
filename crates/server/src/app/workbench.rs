//! The workbench: what waits for the asker, and his unit's figures.

use super::due::Granted;
use super::extension::decides_extensions;
use super::session::{Who, unit_ref};
use super::{App, AppError, AppResult};
use chrono::NaiveDate;
use zhenxing_api_types::report::{Due, Light, ReportState as WireState};
use zhenxing_api_types::workbench::{Backlog, Progress, Waiting, WaitingExtensions, Workbench};
use zhenxing_domain::figure::Tally;
use zhenxing_domain::package::FormDef;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::report::ReportState;
use zhenxing_domain::unit::Level;
use zhenxing_storage::extension::{self, Decided};
use zhenxing_storage::report::{self, Counted, Report};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, placement};

/// What the asker's own unit has to do with forms.
#[derive(Default)]
struct Own {
    to_fill: Vec<Due>,
    handed_in: Vec<Due>,
    backlog: Vec<Backlog>,
}

/// Whether a report is still with who fills it in.
fn is_open(state: ReportState) -> bool {
    matches!(state, ReportState::Draft | ReportState::Returned)
}

type Counts = Vec<(String, Period, ReportState, i64)>;

impl App {
    /// What waits for the asker.
    ///
    /// # Errors
    /// What the database says.
    pub fn get_workbench(&self, who: &Who) -> AppResult<Workbench> {
        let today = self.clock.today();
        let system = Scope::bypass_for_system_work();
        self.db.read(|conn| {
            let found = unit::by_ids(conn, &system, &[who.unit()], today)?;
            let own = found
                .into_iter()
                .next()
                .ok_or_else(|| AppError::not_found("unit", "单位", "unit"))?;
            let Own {
                to_fill,
                handed_in,
                backlog,
            } = self.own_dues(conn, who, &own)?;
            let to_review = self.to_review(conn, who)?;
            let to_extend = self.to_extend(conn, who)?;
            let progress = self.progress(conn, who, &own)?;
            let figures = match who.scope(Action::ReadFigures) {
                Err(_) => Vec::new(),
                Ok(scope) => self.metric_figures(conn, &scope, &own, None)?,
            };
            let below = progress.iter().filter(|row| row.can_fill);
            let days = to_fill.iter().filter_map(|due| due.fill_due);
            let next_deadline = days
                .chain(to_review.iter().filter_map(|waiting| waiting.due))
                .chain(to_extend.iter().map(|waiting| waiting.due))
                .chain(below.filter_map(|row| row.fill_due))
                .min();
            Ok(Workbench {
                unit: unit_ref(&own),
                today,
                next_deadline,
                to_fill,
                handed_in,
                backlog,
                to_review,
                to_extend,
                progress,
                figures,
            })
        })
    }

    /// What the asker's own unit has to fill in, the current period of each form first, and what it handed in.
    fn own_dues(&self, conn: &mut Conn, who: &Who, own: &Placed) -> AppResult<Own> {
        let mut all = Own::default();
        let Ok(scope) = who.scope(Action::FillReports) else {
            return Ok(all);
        };
        let today = self.clock.today();
        let reports = report::all_of_unit(conn, &scope, own.id, today)?;
        let spans = placement::spans(conn, &scope, own.id, today)?;
        let granted = Granted::read(conn, &[own.id])?;
        for form in &self.package.forms {
            let fills = who.scope_on(Action::FillReports, form);
            if !fills.is_ok_and(|scope| scope.covers(&own.path, Some(&form.matter), None)) {
                continue;
            }
            let mut late = Vec::new();
            for period in self.periods(form) {
                let then = spans.iter().find(|span| span.holds_on(period.last_day()));
                let kind = then.map(placement::Span::unit_kind).transpose()?;
                if !kind.is_some_and(|kind| form.applies_to.includes(kind)) {
                    continue;
                }
                let found = reports
                    .iter()
                    .find(|report| report.form == form.code && report.period == period);
                let granted = granted.until(own.id, &form.code, period);
                let due = self.own_due(form, period, own, found, granted);
                let waits = found.is_none() && form.is_historical(period);
                if found.is_some_and(|report| !is_open(report.state)) {
                    if period == self.current_period(form) {
                        all.handed_in.push(due);
                    }
                } else if waits && all.to_fill.iter().any(|due| due.form == form.code) {
                    late.push(period.to_string());
                } else {
                    all.to_fill.push(due);
                }
            }
            if !late.is_empty() {
                all.backlog.push(Backlog {
                    form: form.code.clone(),
                    form_name_zh: form.name_zh.clone(),
                    form_name_en: form.name_en.clone(),
                    periods: late,
                });
            }
        }
        Ok(all)
    }

    fn own_due(
        &self,
        form: &FormDef,
        period: Period,
        own: &Placed,
        found: Option<&Report>,
        granted: Option<NaiveDate>,
    ) -> Due {
        let state = found.map(|report| report.state);
        let revising = found.is_some_and(|report| report.revising);
        let dates = self.dates(form, period, granted).filter(|_| !revising);
        let fill_due = dates.map(|dates| dates.fill_due);
        Due {
            form: form.code.clone(),
            period: period.to_string(),
            unit: unit_ref(own),
            parent_name: own.above.as_ref().map(|above| above.1.clone()),
            report: found.map(|report| report.public_id),
            state: state.map(WireState::from).into(),
            fill_due,
            extended: granted.is_some(),
            light: self.fill_light(fill_due, state),
        }
    }

    /// Reports that wait for the asker's check or approval, by form and period: one statement for each step.
    fn to_review(&self, conn: &mut Conn, who: &Who) -> AppResult<Vec<Waiting>> {
        let steps = [
            (Action::CheckReports, ReportState::Submitted),
            (Action::ApproveReports, ReportState::Checked),
        ];
        let mut waiting = Vec::new();
        for (action, state) in steps {
            let Ok(scope) = who.scope(action) else {
                continue;
            };
            let forms = self.package.forms.iter();
            let counted: Vec<Counted<'_>> = forms
                .filter(|form| who.scope_on(action, form).is_ok())
                .map(|form| Counted { form, period: None })
                .collect();
            let today = self.clock.today();
            let counts = report::count_states(conn, &scope, &counted, &[state], today)?;
            for (code, period, state, count) in counts {
                waiting.push(self.waiting(self.form(&code)?, period, state, count));
            }
        }
        Ok(waiting)
    }

    /// Extensions that wait for the asker's decision, by form and period.
    fn to_extend(&self, conn: &mut Conn, who: &Who) -> AppResult<Vec<WaitingExtensions>> {
        let decides = |form| {
            let scope = who.scope_on(decides_extensions(form), form).ok()?;
            Some(Decided {
                form: &form.code,
                matter: &form.matter,
                scope,
            })
        };
        let decided: Vec<Decided<'_>> = self.package.forms.iter().filter_map(decides).collect();
        let counts = extension::count_asked(conn, &decided, self.clock.today())?;
        let view = |(code, period, count, due): (String, Period, i64, NaiveDate)| {
            let form = self.form(&code)?;
            Ok(WaitingExtensions {
                form_name_zh: form.name_zh.clone(),
                form_name_en: form.name_en.clone(),
                form: code,
                period: period.to_string(),
                count,
                due,
                light: self.light(Some(due)),
            })
        };
        counts.into_iter().map(view).collect()
    }

    fn waiting(&self, form: &FormDef, period: Period, state: ReportState, count: i64) -> Waiting {
        let dates = self.package.dates(form, period);
        let due = match state {
            ReportState::Submitted => dates.and_then(|dates| dates.check_due),
            _ => dates.map(|dates| dates.approve_due),
        };
        Waiting {
            form: form.code.clone(),
            form_name_zh: form.name_zh.clone(),
            form_name_en: form.name_en.clone(),
            period: period.to_string(),
            state: state.into(),
            count,
            due,
            light: self.light(due),
        }
    }

    /// How far the current period of each form has come under the asker's unit.
    fn progress(&self, conn: &mut Conn, who: &Who, own: &Placed) -> AppResult<Vec<Progress>> {
        let Ok(scope) = who.scope(Action::ReadReports) else {
            return Ok(Vec::new());
        };
        if own.level == Level::Village {
            return Ok(Vec::new());
        }
        let seen = |form: &&FormDef| !scope.for_matter(&form.matter).parts().is_empty();
        let forms: Vec<&FormDef> = self.package.forms.iter().filter(seen).collect();
        let counted: Vec<Counted<'_>> = forms
            .iter()
            .map(|form| Counted {
                form,
                period: Some(self.current_period(form)),
            })
            .collect();
        let states = [
            ReportState::Submitted,
            ReportState::Checked,
            ReportState::Approved,
            ReportState::Returned,
        ];
        let counts = report::count_states(conn, &scope, &counted, &states, self.clock.today())?;
        let periods: Vec<Period> = counted.iter().filter_map(|one| one.period).collect();
        let one = std::slice::from_ref(own);
        let tallies = self.tallies(conn, &scope, &periods, &self.shapes, one)?;
        let rows = forms.iter().zip(periods).map(|(form, period)| {
            let metric = self.metrics_of_form(&form.code).first().copied();
            let tally = metric.and_then(|id| tallies.get(&(period, own.id, id)));
            self.progress_row(
                who,
                form,
                period,
                tally.copied().unwrap_or_default(),
                &counts,
            )
        });
        Ok(rows.collect())
    }

    fn progress_row(
        &self,
        who: &Who,
        form: &FormDef,
        period: Period,
        tally: Tally,
        counts: &Counts,
    ) -> Progress {
        let of = |state: ReportState| {
            let mut own = counts.iter().filter(|count| count.0 == form.code);
            let found = own.find(|count| count.2 == state);
            found.map_or(0, |count| count.3)
        };
        let (submitted, checked) = (of(ReportState::Submitted), of(ReportState::Checked));
        let approved = of(ReportState::Approved);
        let missing = tally.expected_units - submitted - checked - approved;
        let can_fill = missing > 0 && who.scope_on(Action::FillReports, form).is_ok();
        let due = self.package.dates(form, period).map(|dates| dates.fill_due);
        Progress {
            form: form.code.clone(),
            form_name_zh: form.name_zh.clone(),
            form_name_en: form.name_en.clone(),
            period: period.to_string(),
            expected: tally.expected_units,
            submitted,
            checked,
            approved,
            returned: of(ReportState::Returned),
            can_fill,
            fill_due: due,
            light: if missing > 0 {
                self.light(due)
            } else {
                Light::Normal
            },
        }
    }
}
