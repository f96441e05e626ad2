//! The workbench: what waits for the asker, and his unit's figures.

use super::session::{Who, unit_ref};
use super::{App, AppError, AppResult};
use zhenxing_api_types::report::{Due, ReportState as WireState};
use zhenxing_api_types::workbench::{Progress, Waiting, Workbench};
use zhenxing_domain::package::FormDef;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::report::ReportState;
use zhenxing_domain::unit::Level;
use zhenxing_storage::report::{self, Report};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, figure};

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
            let to_fill = self.to_fill(conn, who, &own)?;
            let to_review = self.to_review(conn, who)?;
            let progress = self.progress(conn, who, &own)?;
            let figures = match who.scope(Action::ReadFigures) {
                Err(_) => Vec::new(),
                Ok(scope) => {
                    let period = self.settled_period(self.overview_form()?);
                    self.metric_figures(conn, &scope, &own, period, true)?
                }
            };
            let days = to_fill.iter().filter_map(|due| due.fill_due);
            let next_deadline = days
                .chain(to_review.iter().filter_map(|waiting| waiting.due))
                .min();
            Ok(Workbench {
                unit: unit_ref(&own),
                today,
                next_deadline,
                to_fill,
                to_review,
                progress,
                figures,
            })
        })
    }

    /// What the asker's own unit has to fill in, the current period first.
    fn to_fill(&self, conn: &mut Conn, who: &Who, own: &Placed) -> AppResult<Vec<Due>> {
        let Ok(scope) = who.scope(Action::FillReports) else {
            return Ok(Vec::new());
        };
        let reports = report::all_of_unit(conn, &scope, own.id, self.clock.today())?;
        let mut dues = Vec::new();
        for form in self
            .package
            .forms
            .iter()
            .filter(|form| form.applies_to.includes(own.kind))
        {
            if !scope.covers(&own.path, Some(&form.matter), None) {
                continue;
            }
            for period in self.periods(form) {
                let found = reports
                    .iter()
                    .find(|report| report.form == form.code && report.period == period);
                dues.extend(self.open_due(form, period, own, found));
            }
        }
        Ok(dues)
    }

    fn open_due(
        &self,
        form: &FormDef,
        period: Period,
        own: &Placed,
        found: Option<&Report>,
    ) -> Option<Due> {
        let state = found.map(|report| report.state);
        if !matches!(
            state,
            None | Some(ReportState::Draft | ReportState::Returned)
        ) {
            return None;
        }
        Some(Due {
            form: form.code.clone(),
            period: period.to_string(),
            unit: unit_ref(own),
            parent_name: own.above.as_ref().map(|above| above.1.clone()),
            report: found.map(|report| report.public_id),
            state: state.map(WireState::from).into(),
            fill_due: form.dates(period).map(|dates| dates.fill_due),
            light: self.fill_light(form, period, state),
        })
    }

    /// Reports that wait for the asker's check or approval, by form and period.
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
            for form in &self.package.forms {
                let counts = report::count_states(
                    conn,
                    &scope,
                    &form.code,
                    &form.matter,
                    &[state],
                    None,
                    self.clock.today(),
                )?;
                waiting.extend(counts.into_iter().map(|(period, state, count)| {
                    let dates = form.dates(period);
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
                }));
            }
        }
        Ok(waiting)
    }

    /// How far the current period of each form has come under the asker's unit.
    fn progress(&self, conn: &mut Conn, who: &Who, own: &Placed) -> AppResult<Vec<Progress>> {
        let Ok(scope) = who.scope(Action::ReadReports) else {
            return Ok(Vec::new());
        };
        if own.level == Level::Village {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        for form in &self.package.forms {
            let period = self.current_period(form);
            let states = [
                ReportState::Submitted,
                ReportState::Checked,
                ReportState::Approved,
                ReportState::Returned,
            ];
            let counts = report::count_states(
                conn,
                &scope,
                &form.code,
                &form.matter,
                &states,
                Some(period),
                self.clock.today(),
            )?;
            let of = |state: ReportState| {
                let found = counts.iter().find(|count| count.1 == state);
                found.map_or(0, |count| count.2)
            };
            let tallies = figure::tallies(
                conn,
                &scope,
                period,
                &self.shapes,
                std::slice::from_ref(own),
            )?;
            let ids = self.metrics_of_form(&form.code);
            let expected = ids.first().and_then(|id| tallies.get(&(own.id, *id)));
            rows.push(Progress {
                form: form.code.clone(),
                form_name_zh: form.name_zh.clone(),
                form_name_en: form.name_en.clone(),
                period: period.to_string(),
                expected: expected.map_or(0, |tally| tally.expected_units),
                submitted: of(ReportState::Submitted),
                checked: of(ReportState::Checked),
                approved: of(ReportState::Approved),
                returned: of(ReportState::Returned),
            });
        }
        Ok(rows)
    }
}
