//! The programme package: a plan (方案) as data. These are its types, its rules, its expressions, and [`load`],
//! which reads them from the texts of TOML files.

pub mod calendar;
pub mod catalogue;
pub mod check;
pub mod derive;
pub mod diff;
pub mod edition;
pub mod expression;
pub mod form;
pub mod ledger;
pub mod metric;
pub mod number;
pub mod schedule;

mod derive_sort;
mod derive_text;
mod derive_token;
mod error;
mod load;
mod read_calendar;
mod read_catalogue;
mod read_field;
mod read_form;
mod read_ledger;
mod read_matter;
mod read_metric;
mod read_rule;
mod read_target;
mod reader;
mod sink;
mod words;

use crate::figure::Measure;
use crate::period::Period;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use calendar::{Calendar, Deadlines, Light};
pub use catalogue::{
    DepartmentDef, Flow, FlowStep, LedgerDef, ListItem, ListStatus, Matter, NamedList, Phrase,
    Programme, Project, Setting, SettingValue, TagDef,
};
pub use check::{Finding, Severity};
pub use derive::{Condition, Derivation, Joined, Link, Operand, Selection};
pub use diff::{Change, ChangeKind, MemberChange, diff};
pub use edition::{EarlierForm, FollowOn};
pub use error::{PackageError, SourceFile};
pub use expression::Expression;
pub use form::{Carried, FieldDef, FieldKind, FieldValue, FormDef, RuleDef, RuleKind, Section};
pub use ledger::{
    MoveDef, RecordDef, RecordField, RecordKind, RecordRule, RecordSection, Replace, StateDef, Term,
};
pub use load::load;
pub use metric::{
    AppliesTo, Better, Comparison, Deadline, MetricDef, MetricKind, MetricSource, MetricStatus,
    OverTime, TargetDef,
};
pub use schedule::{Moment, Schedule, ScheduleDates};
pub use words::Words;

/// A programme with everything it names. Every code that it refers to exists in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// The plan itself.
    pub programme: Programme,
    /// The projects (工程), in their order.
    pub projects: Vec<Project>,
    /// The matters (实事), in the order of their codes.
    pub matters: Vec<Matter>,
    /// The departments that matters name.
    pub departments: Vec<DepartmentDef>,
    /// The ledgers (台账) that matters keep.
    pub ledgers: Vec<LedgerDef>,
    /// The tags (单位标签) with which units are marked.
    #[serde(default)]
    pub tags: Vec<TagDef>,
    /// The metrics (指标) of all matters.
    pub metrics: Vec<MetricDef>,
    /// The targets (目标值) of all metrics.
    pub targets: Vec<TargetDef>,
    /// The forms (报送表), each in its newest edition.
    pub forms: Vec<FormDef>,
    /// Holidays and shifted working days.
    pub calendar: Calendar,
    /// How deadlines are set and shown.
    pub deadlines: Deadlines,
    /// Phrases with which reports are returned.
    pub phrases: Vec<Phrase>,
    /// The editions of forms that later ones replaced.
    pub earlier: Vec<EarlierForm>,
    /// The plan of the years after.
    pub follow_on: Option<FollowOn>,
}

impl Package {
    /// The matter of that code.
    pub fn matter(&self, code: &str) -> Option<&Matter> {
        self.matters.iter().find(|matter| matter.code == code)
    }

    /// The newest edition of the form of that code.
    pub fn form(&self, code: &str) -> Option<&FormDef> {
        self.forms.iter().find(|form| form.code == code)
    }

    /// When a period of a form opens and is due, on working days where the office wants it so; nothing for a historical one.
    pub fn dates(&self, form: &FormDef, period: Period) -> Option<ScheduleDates> {
        let dates = form.dates(period)?;
        Some(if self.deadlines.move_to_working_day {
            dates.on_working_days(&self.calendar)
        } else {
            dates
        })
    }

    /// The metric of that code.
    pub fn metric(&self, code: &str) -> Option<&MetricDef> {
        self.metrics.iter().find(|metric| metric.code == code)
    }

    /// The active metrics that a form feeds in any of its editions.
    pub fn metrics_of_form<'a>(
        &'a self,
        form_code: &'a str,
    ) -> impl Iterator<Item = &'a MetricDef> {
        self.metrics
            .iter()
            .filter(move |metric| metric.is_fed_by(form_code))
    }

    /// The ledger of that code.
    pub fn ledger(&self, code: &str) -> Option<&LedgerDef> {
        self.ledgers.iter().find(|ledger| ledger.code == code)
    }

    /// The codes of the matters for which a ledger is kept.
    pub fn matters_of_ledger<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a str> {
        let keeping = self
            .matters
            .iter()
            .filter(move |matter| matter.kept.iter().any(|kept| kept == code));
        keeping.map(|matter| matter.code.as_str())
    }

    /// The targets of a metric.
    pub fn targets_of<'a>(&'a self, metric_code: &'a str) -> impl Iterator<Item = &'a TargetDef> {
        self.targets
            .iter()
            .filter(move |target| target.metric == metric_code)
    }

    /// What one report of a period says for each active metric of its form, as defined for that period. A metric
    /// whose inputs are missing, or whose sum does not fit, is absent.
    pub fn measures(
        &self,
        form_code: &str,
        period: Period,
        values: &BTreeMap<String, i64>,
    ) -> BTreeMap<String, Measure> {
        self.metrics_at(form_code, period)
            .into_iter()
            .filter_map(|metric| Some((metric.code.clone(), metric.evaluate(values)?)))
            .collect()
    }
}
