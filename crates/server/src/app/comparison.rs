//! A report beside last period, last year and its neighbours.

use super::report::values_of;
use super::session::Who;
use super::{App, AppResult};
use std::collections::BTreeMap;
use zhenxing_api_types::report_bulk::{ComparedField, Comparison};
use zhenxing_domain::figure::median;
use zhenxing_domain::package::FormDef;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_storage::report::Report;
use zhenxing_storage::{Conn, report_grid, unit};

type Numbers = BTreeMap<String, i64>;

impl App {
    /// A report beside what was approved for the period before and for the same period of last year, and beside the median
    /// of the other units under the same one.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_comparison(&self, who: &Who, id: &str) -> AppResult<Comparison> {
        let (scope, id) = self.readable(who, id)?;
        self.db.read(|conn| {
            let stored = self.find(conn, &scope, id)?;
            let form = self.form(&stored.form)?;
            let before = self.previous_values(conn, form, &stored)?;
            let previous_period = before.as_ref().map(|(period, _)| *period);
            let previous = before.map(|(_, values)| form.numbers(&values));
            let previous = previous.unwrap_or_default();
            let year_before = stored.period.last_year();
            let last_year_period = year_before.filter(|period| form.has_period(*period));
            let last_year = self.approved_numbers(conn, form, &stored, last_year_period)?;
            let neighbours = self.neighbours(conn, &scope, form, &stored)?;
            let own = form.numbers(&values_of(&stored.values)?);
            let numeric = form
                .fields()
                .filter(|field| field.kind.decimals().is_some());
            let fields = numeric.map(|field| {
                let of = |numbers: &Numbers| numbers.get(&field.code).copied();
                let others = neighbours.iter().filter_map(of).collect();
                ComparedField {
                    field: field.code.clone(),
                    value: of(&own),
                    previous: of(&previous),
                    last_year: of(&last_year),
                    median: median(others),
                }
            });
            Ok(Comparison {
                previous_period: previous_period.map(|period| period.to_string()),
                last_year_period: last_year_period.map(|period| period.to_string()),
                neighbours: i64::try_from(neighbours.len()).unwrap_or(i64::MAX),
                fields: fields.collect(),
            })
        })
    }

    /// What was approved for the unit in another period.
    fn approved_numbers(
        &self,
        conn: &mut Conn,
        form: &FormDef,
        stored: &Report,
        period: Option<Period>,
    ) -> AppResult<Numbers> {
        let Some(period) = period else {
            return Ok(Numbers::new());
        };
        let system = Scope::bypass_for_system_work();
        let today = self.clock.today();
        let unit = [stored.unit];
        let found = report_grid::of_units(conn, &system, &unit, &form.code, period, today)?;
        match found.into_iter().find_map(|report| report.approved_values) {
            None => Ok(Numbers::new()),
            Some(text) => Ok(form.numbers(&values_of(&text)?)),
        }
    }

    /// What the other units under the same one say, submitted or approved.
    fn neighbours(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        form: &FormDef,
        stored: &Report,
    ) -> AppResult<Vec<Numbers>> {
        let line = unit::lineage(&stored.path);
        let Some(parent) = line.iter().rev().nth(1) else {
            return Ok(Vec::new());
        };
        let found = report_grid::neighbours(conn, scope, *parent, stored, self.clock.today())?;
        let counted = found.iter().filter_map(|report| {
            if report.state.is_pending() {
                Some(report.values.as_str())
            } else {
                report.approved_values.as_deref()
            }
        });
        counted
            .map(|text| Ok(form.numbers(&values_of(text)?)))
            .collect()
    }
}
