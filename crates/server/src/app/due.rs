//! What is due: by when, with extensions, in which light, and the list of it.

use super::page::{self, PageAsk};
use super::session::Who;
use super::{App, AppError, AppResult, Code};
use chrono::{Days, NaiveDate};
use serde::Serialize;
use std::collections::BTreeMap;
use zhenxing_api_types::Page;
use zhenxing_api_types::report::{Due, DueState, Light, ReportState as WireState};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{FormDef, ScheduleDates};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::report::ReportState;
use zhenxing_storage::report::{self, DueBetween, DueFilter, Report};
use zhenxing_storage::unit::open_end;
use zhenxing_storage::{Conn, StorageError, extension};

/// What a list of dues is narrowed to.
#[derive(Debug, Clone, Serialize)]
pub struct DueAsk {
    /// The form.
    pub form: String,
    /// The period; the current one without it.
    pub period: Option<String>,
    /// The unit at or below which they stand.
    pub unit: Option<String>,
    /// The state.
    pub state: Option<DueState>,
    /// The light: soon or overdue.
    pub light: Option<Light>,
}

/// Rows of a page of dues with the form and the period that they are of.
pub(crate) struct DueRows<'a, T> {
    pub form: &'a FormDef,
    pub period: Period,
    pub limit: i64,
    pub rows: Vec<T>,
}

/// Until when extensions were granted.
pub(crate) struct Granted(BTreeMap<(UnitId, String, i32), NaiveDate>);

impl Granted {
    /// Those of units; one statement.
    pub fn read(conn: &mut Conn, units: &[UnitId]) -> AppResult<Granted> {
        let rows = extension::granted(conn, units)?;
        // The latest comes last.
        let rows = rows.into_iter();
        Ok(Granted(
            rows.map(|(unit, form, period, until)| ((unit, form, period.key()), until))
                .collect(),
        ))
    }

    /// That of a unit for a form and a period.
    pub fn until(&self, unit: UnitId, form: &str, period: Period) -> Option<NaiveDate> {
        self.0.get(&(unit, form.to_owned(), period.key())).copied()
    }
}

impl App {
    /// When a period of a form opens and is due for a unit with an extension until that day, or without.
    pub(crate) fn dates(
        &self,
        form: &FormDef,
        period: Period,
        granted: Option<NaiveDate>,
    ) -> Option<ScheduleDates> {
        let dates = self.package.dates(form, period)?;
        Some(dates.extended(granted))
    }

    /// By when the next step of a report is due; nothing where none is, and for a revision.
    pub(crate) fn step_due(
        &self,
        form: &FormDef,
        stored: &Report,
        granted: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        let dates = self.dates(form, stored.period, granted)?;
        match stored.state {
            _ if stored.revising => None,
            ReportState::Draft | ReportState::Returned => Some(dates.fill_due),
            ReportState::Submitted => dates.check_due.or(Some(dates.approve_due)),
            ReportState::Checked => Some(dates.approve_due),
            ReportState::Approved => None,
        }
    }

    /// The light of something to be filled in: what is submitted is never late, what is historical neither.
    pub(crate) fn fill_light(&self, due: Option<NaiveDate>, state: Option<ReportState>) -> Light {
        let waits = matches!(
            state,
            None | Some(ReportState::Draft | ReportState::Returned)
        );
        self.light(due.filter(|_| waits))
    }

    /// The light of a day by which something is due.
    pub(crate) fn light(&self, due: Option<NaiveDate>) -> Light {
        let soon = self.package.deadlines.soon_days;
        zhenxing_domain::package::Light::of(due, self.clock.today(), soon).into()
    }

    /// Units for which the asker may fill in a form, with where each stands.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_dues(&self, who: &Who, ask: &DueAsk, paged: &PageAsk) -> AppResult<Page<Due>> {
        who.scope(Action::FillReports)?;
        let scope = who.scope_on(Action::FillReports, self.form(&ask.form)?)?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let found = self.due_rows(conn, &scope, ask, paged, |conn, filter| {
                report::dues(conn, &scope, filter, today)
            })?;
            let rows = found
                .rows
                .into_iter()
                .map(|row| self.due_view(found.form, found.period, row))
                .collect::<AppResult<Vec<_>>>()?;
            Ok(page::page(rows, found.limit, ask, |row| {
                row.unit.code.clone()
            }))
        })
    }

    /// The rows that `read` gives for what is asked, one more than the page holds.
    pub(crate) fn due_rows<T>(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        ask: &DueAsk,
        paged: &PageAsk,
        read: impl FnOnce(&mut Conn, &DueFilter<'_>) -> Result<Vec<T>, StorageError>,
    ) -> AppResult<DueRows<'_, T>> {
        let form = self.form(&ask.form)?;
        let limit = paged.limit()?;
        let period = self.asked_period(form, ask.period.as_deref())?;
        let form = self.form_at(&form.code, period)?;
        let after: Option<String> = paged.after(ask)?;
        let below = self.path_below(conn, scope, ask.unit.as_deref(), period.last_day())?;
        let filter = DueFilter {
            form: &form.code,
            matter: &form.matter,
            kinds: &form.applies_to.all_kinds(),
            period,
            below: below.as_deref(),
            state: ask.state.map(stored_state),
            due: match ask.light {
                None => None,
                Some(light) => Some(self.due_between(form, period, light)?),
            },
            after: after.as_deref(),
            limit: limit + 1,
        };
        let rows = read(conn, &filter)?;
        Ok(DueRows {
            form,
            period,
            limit,
            rows,
        })
    }

    /// Between which days something is due that stands in a light now.
    fn due_between(&self, form: &FormDef, period: Period, light: Light) -> AppResult<DueBetween> {
        let today = self.clock.today();
        let soon = u64::from(self.package.deadlines.soon_days);
        let last = today.checked_add_days(Days::new(soon)).unwrap_or(today);
        let (first, last) = match light {
            Light::Soon => (today, last),
            Light::Overdue => (NaiveDate::default(), today.pred_opt().unwrap_or(today)),
            Light::Normal => {
                return Err(AppError::refused(
                    Code::InvalidParameter,
                    Some("light"),
                    "只能按临期（soon）或逾期（overdue）筛选",
                    "`light` is soon or overdue",
                ));
            }
        };
        // What is historical has no due day, so nothing of it lies between any two.
        let usual = self.package.dates(form, period);
        Ok(DueBetween {
            usual: usual.map_or(open_end(), |dates| dates.fill_due),
            first,
            last,
        })
    }

    pub(crate) fn due_view(
        &self,
        form: &FormDef,
        period: Period,
        row: report::Due,
    ) -> AppResult<Due> {
        let level = zhenxing_domain::unit::Level::parse(&row.level)
            .ok_or_else(|| AppError::Internal(format!("level {}", row.level)))?;
        let state = row.report.map(|(_, state)| state);
        let due = self.dates(form, period, row.granted);
        let fill_due = due.map(|dates| dates.fill_due);
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
            fill_due,
            extended: row.granted.is_some(),
            light: self.fill_light(fill_due, state),
        })
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
