//! Editions: definitions that apply from a period on, and the follow-on of the plan.
//!
//! The newest edition of a form stands among the package's forms; those that it replaced are kept, so that what was
//! reported under them keeps its meaning.

use super::Package;
use super::form::FormDef;
use super::metric::{Comparison, Deadline, MetricDef, TargetDef};
use super::sink::{At, Sink, both};
use crate::period::Period;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// An edition of a form that a later one replaced, with the metrics that it feeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarlierForm {
    /// The form as it was.
    pub form: FormDef,
    /// Its metrics as they were.
    pub metrics: Vec<MetricDef>,
}

/// The plan of the years after the plan: the same projects and matters, new dates, targets of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowOn {
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day; nothing while it is to be set (待定).
    pub valid_until: Option<NaiveDate>,
    /// What is still open, in Chinese.
    pub note_zh: String,
    /// What is still open, in English.
    pub note_en: String,
}

/// A form as its file writes it, with its metrics and the place of its heading.
pub(super) struct WrittenForm {
    /// The form.
    pub(super) form: FormDef,
    /// Its metrics.
    pub(super) metrics: Vec<MetricDef>,
    /// The place of its heading.
    pub(super) at: At,
}

impl Package {
    /// The definition of a form that applies to a period.
    pub fn form_at(&self, code: &str, period: Period) -> Option<&FormDef> {
        let applies = |form: &&FormDef| form.from.is_none_or(|from| from <= period);
        let newest = self.form(code).filter(applies);
        newest.or_else(|| self.earlier_at(code, period).map(|edition| &edition.form))
    }

    /// The active metrics that a form feeds in a period.
    pub fn metrics_at(&self, form_code: &str, period: Period) -> Vec<&MetricDef> {
        let newest = self.form(form_code);
        let replaced = newest.is_none_or(|form| form.from.is_some_and(|from| from > period));
        let edition = self.earlier_at(form_code, period).filter(|_| replaced);
        let (own, from) = match edition {
            Some(edition) => (edition.metrics.iter(), edition.form.from),
            None => (self.metrics.iter(), newest.and_then(|form| form.from)),
        };
        let feeds = |metric: &&MetricDef| {
            metric.is_fed_by(form_code) && (edition.is_some() || metric.from == from)
        };
        own.filter(feeds).collect()
    }

    /// The definition of a metric that applies to a period; the newest where it is fed by no form.
    pub fn metric_at(&self, code: &str, period: Period) -> Option<&MetricDef> {
        let newest = self.metric(code)?;
        let form = newest.source.form().unwrap_or_default();
        let mut own = self.metrics_at(form, period).into_iter();
        own.find(|metric| metric.code == code).or(Some(newest))
    }

    /// The targets of a metric that hold on a day.
    pub fn targets_on(&self, metric_code: &str, day: NaiveDate) -> Vec<&TargetDef> {
        let holds = |target: &&TargetDef| {
            target.valid_from <= day && target.valid_until.is_none_or(|last| day <= last)
        };
        let own = self
            .targets
            .iter()
            .filter(|target| target.metric == metric_code);
        own.filter(holds).collect()
    }

    fn earlier_at(&self, code: &str, period: Period) -> Option<&EarlierForm> {
        let own = self
            .earlier
            .iter()
            .filter(|edition| edition.form.code == code);
        let applies = |edition: &&EarlierForm| edition.form.from.is_none_or(|from| from <= period);
        own.filter(applies).max_by_key(|edition| edition.form.from)
    }

    /// Puts forms into the package: the newest edition of each among the forms, the others beside them.
    pub(super) fn take_forms(&mut self, mut written: Vec<WrittenForm>, sink: &Sink) {
        written.sort_by(|a, b| (&a.form.code, a.form.from).cmp(&(&b.form.code, b.form.from)));
        let mut rest = written.into_iter().peekable();
        while let Some(first) = rest.next() {
            if first.form.from.is_some() {
                without_first(&first, sink);
            }
            let mut newest = first;
            while let Some(mut next) =
                rest.next_if(|next| next.form.code == newest.form.code && next.form.from.is_some())
            {
                follow(&newest, &mut next, sink);
                let old = std::mem::replace(&mut newest, next);
                self.earlier.push(EarlierForm {
                    form: old.form,
                    metrics: old.metrics,
                });
            }
            self.metrics.extend(newest.metrics);
            self.forms.push(newest.form);
        }
        let dropped: Vec<MetricDef> = self
            .earlier
            .iter()
            .rev()
            .flat_map(|edition| edition.metrics.iter().cloned())
            .collect();
        for metric in dropped {
            if self.metric(&metric.code).is_none() {
                self.metrics.push(metric);
            }
        }
    }

    /// Targets of the plan end with the follow-on; what it sets itself holds from its first day, and what it says
    /// nothing about is to be set.
    pub(super) fn follow_targets(&mut self, own: Vec<TargetDef>) {
        let Some(follow_on) = &self.follow_on else {
            return;
        };
        let first = follow_on.valid_from;
        let mut next: Vec<TargetDef> = Vec::new();
        for target in &mut self.targets {
            target.valid_until = first.checked_sub_days(Days::new(1));
            let same =
                |other: &TargetDef| (&other.metric, other.level) == (&target.metric, target.level);
            if !own.iter().chain(&next).any(same) {
                next.push(TargetDef {
                    metric: target.metric.clone(),
                    level: target.level,
                    value: None,
                    by: Deadline::EachYear,
                    comparison: Comparison::ToBeSet,
                    aim: target.aim,
                    exact_text_zh: None,
                    valid_from: first,
                    valid_until: follow_on.valid_until,
                });
            }
        }
        let set = own.into_iter().map(|target| TargetDef {
            valid_from: first,
            valid_until: follow_on.valid_until,
            ..target
        });
        self.targets.extend(set);
        self.targets.extend(next);
    }
}

fn without_first(written: &WrittenForm, sink: &Sink) {
    sink.note(
        &written.at,
        "edition_first",
        both(
            format!("报送表“{}”只有带 from 的版本", written.form.code),
            format!("the form `{}` has no edition without `from`", written.form.code),
        ),
        both(
            "请保留最初的版本（不写 from），新版本另写一个文件",
            "keep its first edition, which has no `from`, and write the new one in a file of its own",
        ),
    );
}

/// An edition takes its first period from the one before, and keeps what its figures are compared by.
fn follow(before: &WrittenForm, next: &mut WrittenForm, sink: &Sink) {
    let (old, new) = (&before.form, &mut next.form);
    new.first_period = old.first_period;
    new.historical_until = new.historical_until.or(old.historical_until);
    if (&old.matter, old.cadence, &old.applies_to) != (&new.matter, new.cadence, &new.applies_to) {
        sink.note(
            &next.at,
            "edition_differs",
            both(
                "新版本的实事、周期或填报范围与原版本不同",
                "the edition has another matter, cadence or set of units than the one before",
            ),
            both(
                "这几项不能改；确需改变的，请另设一张报送表",
                "keep them, or make another form",
            ),
        );
    }
    for metric in &next.metrics {
        let same = before
            .metrics
            .iter()
            .find(|other| other.code == metric.code);
        if same.is_some_and(|other| !metric.compares_with(other)) {
            sink.note(
                &next.at,
                "edition_metric",
                both(
                    format!(
                        "指标“{}”在新版本中改了类型、小数位数、计量单位或范围",
                        metric.code
                    ),
                    format!(
                        "the metric `{}` has another kind, unit or set of units in this edition",
                        metric.code
                    ),
                ),
                both(
                    "不能与以前的数相比的，请另取指标代码",
                    "what does not compare with the figures before needs a code of its own",
                ),
            );
        }
    }
}
