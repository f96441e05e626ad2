//! The grid: many units' reports of one form and period side by side.

use super::due::DueAsk;
use super::page::{self, PageAsk};
use super::report::{explanations_of, values_of};
use super::report_write::Locked;
use super::session::Who;
use super::{App, AppResult};
use zhenxing_api_types::Page;
use zhenxing_api_types::report::{Finding, wire_values};
use zhenxing_api_types::report_bulk::GridRow;
use zhenxing_domain::package::FormDef;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::report::ReportState;
use zhenxing_storage::report_grid;

/// What a row of the grid is judged by.
struct Around<'a> {
    form: &'a FormDef,
    period: Period,
    locked: bool,
    opened: bool,
    fills: Option<Scope>,
}

impl App {
    /// Units that are expected to report, with their values and those approved for the period before.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn get_grid(&self, who: &Who, ask: &DueAsk, paged: &PageAsk) -> AppResult<Page<GridRow>> {
        let scope = who.scope(Action::ReadReports)?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let found = self.due_rows(conn, &scope, ask, paged, |conn, filter| {
                report_grid::grid(conn, &scope, filter, today)
            })?;
            let (form, period) = (found.form, found.period);
            let around = Around {
                form,
                period,
                locked: Locked::read(conn)?.holds(&form.code, period),
                opened: self.admit_opened(form, period).is_ok(),
                fills: who.scope_on(Action::FillReports, form).ok(),
            };
            let rows = found
                .rows
                .into_iter()
                .map(|row| self.grid_view(&around, row))
                .collect::<AppResult<Vec<_>>>()?;
            Ok(page::page(rows, found.limit, ask, |row| {
                row.due.unit.code.clone()
            }))
        })
    }

    fn grid_view(&self, around: &Around<'_>, row: report_grid::GridRow) -> AppResult<GridRow> {
        let form = around.form;
        let state = row.due.report.map(|(_, state)| state);
        let sheet = row.sheet;
        let revising = sheet.as_ref().is_some_and(|sheet| sheet.revising);
        let owner = sheet.as_ref().map(|sheet| sheet.filled_by);
        let mine = around
            .fills
            .as_ref()
            .is_some_and(|scope| scope.covers(&row.path, Some(&form.matter), owner));
        let editable = matches!(
            state,
            None | Some(ReportState::Draft | ReportState::Returned)
        );
        let hidden = state.is_some() && sheet.is_none();
        let open = around.opened && (!around.locked || revising);
        let previous = row.previous.as_deref().map(values_of).transpose()?;
        let mut view = GridRow {
            due: self.due_view(form, around.period, row.due)?,
            revision: None,
            values: Default::default(),
            explanations: Default::default(),
            source_document: None,
            previous: None,
            findings: Vec::new(),
            reason: None,
            field_reasons: Default::default(),
            can_save: mine && editable && open && !hidden,
        };
        if let Some(sheet) = sheet {
            let values = values_of(&sheet.values)?;
            view.explanations = explanations_of(&sheet.explanations)?;
            let mut findings = form.check(&values, previous.as_ref(), &view.explanations);
            findings.extend(form.check_source(around.period, sheet.source_document.as_deref()));
            view.source_document = sheet.source_document;
            view.findings = findings.into_iter().map(Finding::from).collect();
            view.values = wire_values(values);
            view.revision = Some(sheet.revision);
            view.reason = sheet.reason;
            view.field_reasons = explanations_of(&sheet.field_reasons)?;
        }
        view.previous = previous.map(wire_values);
        Ok(view)
    }
}
