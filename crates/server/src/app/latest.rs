//! What changed lately at a unit and below it.

use super::page::whole;
use super::session::Who;
use super::{App, AppResult};
use crate::clock::instant;
use std::collections::BTreeMap;
use uuid::Uuid;
use zhenxing_api_types::{LatestChange, Page};
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_storage::event::{self, Event};
use zhenxing_storage::report::Report;
use zhenxing_storage::{placement, report_grid};

/// How many are shown.
const SHOWN: i64 = 10;
/// Among how many of the latest events they are looked for.
const WINDOW: i64 = 2_000;

/// The events that say where a report went.
const KINDS: [&str; 5] = [
    "report.submitted",
    "report.checked",
    "report.approved",
    "report.returned",
    "report.reopened",
];

impl App {
    /// The latest steps of reports at a unit and below it, as far as the asker may see reports.
    ///
    /// # Errors
    /// `not_found` for a unit outside the scope, or a refusal when no grant allows it.
    pub fn list_latest_changes(
        &self,
        who: &Who,
        unit: Option<&str>,
    ) -> AppResult<Page<LatestChange>> {
        let scope = who.scope(Action::ReadReports)?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let placed = self.chosen_unit(conn, who, &scope, unit, today)?;
            let asked = (&KINDS[..], placed.path.as_str());
            let events = event::latest(conn, &scope, asked, (WINDOW, SHOWN), today)?;
            let numbers: Vec<Uuid> = events.iter().filter_map(number).collect();
            let reports = report_grid::by_numbers(conn, &scope, &numbers, today)?;
            let units: Vec<_> = reports.iter().map(|report| report.unit).collect();
            let system = Scope::bypass_for_system_work();
            let units = placement::last_by_ids(conn, &system, &units, today)?;
            let units: BTreeMap<_, _> = units.iter().map(|unit| (unit.id, unit)).collect();
            let reports: BTreeMap<Uuid, &Report> =
                reports.iter().map(|one| (one.public_id, one)).collect();
            let view = |event: &Event| {
                let report = reports.get(&number(event)?)?;
                let form = self.package.form(&report.form)?;
                Some(LatestChange {
                    at: instant(event.at),
                    kind: event.kind.clone(),
                    unit: super::session::unit_ref(units.get(&report.unit)?),
                    form: form.code.clone(),
                    form_zh: form.name_zh.clone(),
                    form_en: form.name_en.clone(),
                    period: report.period.to_string(),
                    report: report.public_id,
                })
            };
            Ok(whole(events.iter().filter_map(view).collect()))
        })
    }
}

fn number(event: &Event) -> Option<Uuid> {
    Uuid::parse_str(&event.subject).ok()
}
