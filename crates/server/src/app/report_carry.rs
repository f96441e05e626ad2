//! What stands in a report from elsewhere: values approved before, and fields carried over from forms that come once.

use super::report::values_of;
use super::report_write::put;
use super::{App, AppResult};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{FieldValue, FormDef};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_storage::report::Report;
use zhenxing_storage::{Conn, report_grid};

/// The period and the values that were approved last.
pub(crate) type Before = (Period, BTreeMap<String, FieldValue>);

/// What is carried over, by unit and field.
#[derive(Debug, Default)]
pub(crate) struct CarriedOver(BTreeMap<UnitId, BTreeMap<String, i64>>);

impl CarriedOver {
    /// Puts it into a report; what is not approved by now is empty.
    pub fn put(&self, form: &FormDef, stored: &mut Report) -> AppResult<()> {
        if form.carried().next().is_none() {
            return Ok(());
        }
        let mut values = values_of(&stored.values)?;
        let known = self.0.get(&stored.unit);
        for (field, _) in form.carried() {
            match known.and_then(|known| known.get(&field.code)) {
                Some(number) => {
                    values.insert(field.code.clone(), FieldValue::Integer(*number));
                }
                None => {
                    values.remove(&field.code);
                }
            }
        }
        put(form, stored, &values)
    }
}

impl App {
    /// What a form carries over for units, as it is approved by now: one statement for each form that it comes from.
    pub(crate) fn carried(
        &self,
        conn: &mut Conn,
        form: &FormDef,
        units: &[UnitId],
    ) -> AppResult<CarriedOver> {
        let sources: BTreeSet<&str> = form.carried().map(|(_, from)| from.form.as_str()).collect();
        let mut found = CarriedOver::default();
        for code in sources {
            let source = self.form(code)?;
            let Some(period) = source.only_period() else {
                continue;
            };
            let system = Scope::bypass_for_system_work();
            let today = self.clock.today();
            for report in report_grid::of_units(conn, &system, units, code, period, today)? {
                let Some(text) = &report.approved_values else {
                    continue;
                };
                let numbers = source.numbers(&values_of(text)?);
                let own = found.0.entry(report.unit).or_default();
                for (field, from) in form.carried().filter(|(_, from)| from.form == code) {
                    let number = numbers.get(&from.field);
                    own.extend(number.map(|number| (field.code.clone(), *number)));
                }
            }
        }
        Ok(found)
    }

    /// The values of units that were approved last before a period, with their periods: one statement.
    pub(crate) fn approved_before(
        &self,
        conn: &mut Conn,
        form: &FormDef,
        units: &[UnitId],
        period: Period,
    ) -> AppResult<BTreeMap<UnitId, Before>> {
        let system = Scope::bypass_for_system_work();
        let today = self.clock.today();
        let found = report_grid::approved_before(conn, &system, units, &form.code, period, today)?;
        let mut before = BTreeMap::new();
        for report in found {
            if let Some(text) = &report.approved_values {
                before.insert(report.unit, (report.period, values_of(text)?));
            }
        }
        Ok(before)
    }

    /// The values of the unit that were approved last before the report's period, and their period.
    pub(crate) fn previous_values(
        &self,
        conn: &mut Conn,
        form: &FormDef,
        stored: &Report,
    ) -> AppResult<Option<Before>> {
        let mut found = self.approved_before(conn, form, &[stored.unit], stored.period)?;
        Ok(found.remove(&stored.unit))
    }
}
