//! Use cases: each reads as the sentence that describes it.

pub mod acting;
pub mod audit;
pub mod comparison;
pub mod course;
mod cube;
pub mod department;
mod derived;
pub mod due;
pub mod edition;
pub mod error;
pub mod event;
pub mod explanation;
pub mod export;
pub mod extension;
pub mod feedback;
pub mod figure;
pub mod figure_records;
pub mod file;
pub mod hand_down;
mod hand_down_target;
pub mod import;
mod kept;
pub mod latest;
pub mod ledger;
pub mod map;
mod merger;
pub mod once;
mod operator;
pub mod page;
pub mod password;
pub mod phrase;
pub mod programme;
pub mod record;
mod record_files;
mod record_merge;
mod record_values;
mod record_write;
pub mod report;
pub mod report_bulk;
pub mod report_carry;
pub mod report_grid;
pub mod report_view;
pub(crate) mod report_write;
mod reveal;
pub mod roster;
mod roster_columns;
mod roster_match;
mod roster_people;
pub mod roster_replace;
mod roster_units;
pub(crate) mod roster_write;
pub mod rotate;
pub mod session;
pub mod setup;
pub mod sheet;
mod standing;
pub mod statistics;
pub mod tag;
pub mod target;
mod target_sheet;
mod target_write;
pub mod task;
pub mod task_entry;
pub mod task_request;
pub mod task_tree;
pub mod tree;
pub mod unit;
pub mod unit_change;
mod unit_change_effect;
pub mod user;
pub mod user_many;
pub mod view;
pub mod workbench;

use crate::clock::Clock;
use crate::personal::Personal;
use crate::readings::Readings;
use crate::settings::Settings;
use crate::store::FileStore;
use derived::Derivations;
use kept::Kept;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};
use tokio::sync::Semaphore;
use zhenxing_api_types::map::ProgrammeMap;
use zhenxing_domain::ids::MetricId;
use zhenxing_domain::package::{FormDef, MetricDef, MetricStatus, Package};
use zhenxing_domain::period::Period;
use zhenxing_storage::Db;
use zhenxing_storage::audit::Line;
use zhenxing_storage::figure::Shapes;
use zhenxing_storage::idempotency::Key;
use zhenxing_storage::record::Slot;

pub use error::{AppError, AppResult, Code, Refusal};

/// What every use case works with.
pub struct App {
    /// The database.
    pub db: Db,
    /// The programme.
    pub package: Package,
    /// The programme's map, where its package ships one.
    pub map: Option<ProgrammeMap>,
    /// How the places of the programme are read.
    pub readings: Readings,
    /// The stored number of each metric.
    pub metrics: BTreeMap<String, MetricId>,
    /// Which units are expected to have each active metric.
    pub shapes: Shapes,
    /// The time.
    pub clock: Clock,
    /// How the server runs.
    pub settings: Settings,
    /// Whether demonstration accounts exist.
    pub demonstration: bool,
    /// Whether the reports of the demonstration are loaded.
    pub demonstration_data: bool,
    /// The API's own description for this package, once it was asked for.
    pub(crate) description: OnceLock<String>,
    pub(crate) secret: String,
    pub(crate) in_flight: Mutex<HashSet<Key>>,
    pub(crate) audit: Mutex<Vec<Line>>,
    pub(crate) kept: Kept,
    /// Whose turn it is to work beside the event loop.
    pub(crate) turns: Arc<Semaphore>,
    pub(crate) files: FileStore,
    pub(crate) personal: Personal,
    pub(crate) derivations: Derivations,
    pub(crate) slots: BTreeMap<(String, String), Slot>,
    pub(crate) decoy_hash: String,
}

impl App {
    /// The active metrics, headline metrics first.
    pub fn active_metrics(&self) -> Vec<&MetricDef> {
        let mut found: Vec<&MetricDef> = self
            .package
            .metrics
            .iter()
            .filter(|metric| metric.status == MetricStatus::Active)
            .collect();
        found.sort_by_key(|metric| !metric.headline);
        found
    }

    /// The form of that code.
    pub(crate) fn form(&self, code: &str) -> AppResult<&FormDef> {
        self.package
            .form(code)
            .ok_or_else(|| AppError::not_found("form", "报送表", "form"))
    }

    /// The form by whose periods a metric goes: that which feeds it, or the round of its matter where it is derived.
    pub(crate) fn form_of(&self, metric: &MetricDef) -> Option<&FormDef> {
        match metric.source.form() {
            Some(code) => self.package.form(code),
            None => self.derivations.round(&metric.matter),
        }
    }

    /// The form of that code as it is defined for a period.
    pub(crate) fn form_at(&self, code: &str, period: Period) -> AppResult<&FormDef> {
        self.package
            .form_at(code, period)
            .ok_or_else(|| AppError::not_found("form", "报送表", "form"))
    }

    /// The period that is to be filled in now: the latest that has opened.
    pub(crate) fn current_period(&self, form: &FormDef) -> Period {
        let today = self.clock.today();
        let now = Period::containing(today, form.cadence).unwrap_or(form.first_period);
        let opened = self
            .package
            .dates(form, now)
            .is_none_or(|dates| dates.opens <= today);
        let current = if opened { Some(now) } else { now.previous() };
        let current = current
            .filter(|period| *period >= form.first_period)
            .unwrap_or(form.first_period);
        form.last_period.map_or(current, |last| current.min(last))
    }

    /// The periods that a form has had so far, latest first.
    pub(crate) fn periods(&self, form: &FormDef) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut next = Some(self.current_period(form));
        while let Some(period) = next.filter(|period| *period >= form.first_period) {
            periods.push(period);
            next = period.previous();
        }
        periods
    }

    /// The latest period that is over: what the overview shows first.
    pub(crate) fn settled_period(&self, form: &FormDef) -> Period {
        let today = self.clock.today();
        let periods = self.periods(form);
        let over = periods.iter().find(|period| period.last_day() < today);
        over.copied().unwrap_or(form.first_period)
    }
}
