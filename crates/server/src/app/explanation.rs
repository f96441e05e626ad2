//! Where a figure comes from (由来): its formula, the units that make it, the reports behind it, and others beside it.

use super::figure::{Spans, figure_view, figures_scope, shown};
use super::page::{self, PageAsk};
use super::report::values_of;
use super::session::{Who, line_of, unit_ref};
use super::target::{own_targets, shown_targets};
use super::{App, AppError, AppResult};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_api_types::Figure;
use zhenxing_api_types::explanation::{
    Compared, ComparedWith, Contribution, ExplainedField, ExplainedReport, Explanation, Formula,
};
use zhenxing_domain::figure::{basis_points, median};
use zhenxing_domain::ids::MetricId;
use zhenxing_domain::package::{Expression, FormDef, MetricDef, MetricKind, MetricSource};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_storage::figure::PeriodTallies;
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, report, target};

/// What is explained.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExplanationAsk {
    /// The metric's code.
    pub metric: String,
    /// The period; the latest that is over without it.
    pub period: Option<String>,
    /// The unit's code; the asker's own without it.
    pub unit: Option<String>,
}

/// A metric with all that its figures are made from.
struct Subject<'a> {
    metric: &'a MetricDef,
    form: &'a FormDef,
    id: MetricId,
    spans: Spans,
}

/// The units around a figure: the one, those below it, and its peers.
struct Around {
    own: Placed,
    ancestors: Vec<Placed>,
    below: Vec<Placed>,
    peers: Vec<Placed>,
}

impl App {
    /// Where a figure comes from.
    ///
    /// # Errors
    /// `not_found`, or a refusal that names the parameter.
    pub fn get_explanation(
        &self,
        who: &Who,
        ask: &ExplanationAsk,
        paged: &PageAsk,
    ) -> AppResult<Explanation> {
        let limit = paged.limit()?;
        let after = paged.after::<(Reverse<i64>, String)>(ask)?;
        let (mut whole, units) = self.explained(who, ask)?;
        let key =
            |row: &Contribution| (Reverse(row.figure.numerator), row.figure.unit.code.clone());
        let most = usize::try_from(limit)
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        let rest = units
            .into_iter()
            .filter(|row| after.as_ref().is_none_or(|after| key(row) > *after));
        let paged = page::page(rest.take(most).collect(), limit, ask, key);
        whole.units = paged.items;
        whole.next_cursor = paged.next_cursor;
        Ok(whole)
    }

    /// An explanation without a page of its units, and all of them.
    pub(crate) fn explained(
        &self,
        who: &Who,
        ask: &ExplanationAsk,
    ) -> AppResult<(Explanation, Vec<Contribution>)> {
        let (metric, form, id) = self.active_metric(&ask.metric)?;
        let scope = figures_scope(who, metric)?;
        let subject = Subject {
            metric,
            form,
            id,
            spans: self.chosen_spans(metric, form, ask.period.as_deref())?,
        };
        let day = subject.spans.shown.last_day();
        self.db.read(|conn| {
            let around = self.around(conn, who, &scope, ask.unit.as_deref(), &subject)?;
            let mut all = around.below.clone();
            all.extend(around.peers.iter().cloned());
            all.push(around.own.clone());
            let system = Scope::bypass_for_system_work();
            let shape = self.shape(id);
            let now = self.tallies(conn, &system, &subject.spans.now, &shape, &all)?;
            let compared = self.compared(conn, &subject, &around, &now)?;
            let spans = &subject.spans;
            let view = |unit: &Placed, id: Option<&Uuid>| -> AppResult<Figure> {
                let tally = spans.sum(&spans.now, &now, unit, subject.id)?;
                Ok(figure_view(metric, unit, tally, id))
            };
            let total = view(&around.own, None)?;
            let mut units = Vec::new();
            for unit in &around.below {
                let figure = view(unit, None)?;
                let share = basis_points(figure.numerator, total.numerator);
                units.push(Contribution { figure, share });
            }
            units.sort_by_key(|row| (Reverse(row.figure.numerator), row.figure.unit.code.clone()));
            let (numerator, denominator) = formulas(metric, form);
            let held = target::of_line(conn, &system, &around.own, Some(&[id]))?;
            let held = own_targets(metric, &around.own, id, &held);
            let explanation = Explanation {
                metric: self.metric_view_on(metric, day, &shown_targets(&around.own, day, &held)),
                form: form.code.clone(),
                period: spans.shown.to_string(),
                periods: self.periods(form).iter().map(Period::to_string).collect(),
                ancestors: around.ancestors.iter().map(unit_ref).collect(),
                total,
                numerator,
                denominator,
                compared,
                units: Vec::new(),
                count: i64::try_from(units.len()).unwrap_or(i64::MAX),
                next_cursor: None,
                reports: self.reports_of(conn, who, &subject, &around.own)?,
                as_of: self.as_of(conn)?,
            };
            Ok((explanation, units))
        })
    }

    fn around(
        &self,
        conn: &mut Conn,
        who: &Who,
        scope: &Scope,
        unit: Option<&str>,
        subject: &Subject<'_>,
    ) -> AppResult<Around> {
        let day = subject.spans.shown.last_day();
        let placed = self.chosen_unit(conn, who, scope, unit, day)?;
        let (own, ancestors) = line_of(conn, &placed.path, day)?;
        let below = if own.level < subject.metric.applies_to.level {
            self.below(conn, scope, &own, day)?
        } else {
            Vec::new()
        };
        let mut peers = match ancestors.last() {
            Some(above) => self.below(conn, scope, above, day)?,
            None => Vec::new(),
        };
        peers.retain(|unit| unit.id != own.id);
        Ok(Around {
            own,
            ancestors,
            below,
            peers,
        })
    }

    /// The period before, the same one of last year, and the median of the peers that the asker sees.
    fn compared(
        &self,
        conn: &mut Conn,
        subject: &Subject<'_>,
        around: &Around,
        now: &PeriodTallies,
    ) -> AppResult<Vec<Compared>> {
        let (spans, metric) = (&subject.spans, subject.metric);
        let year_ago = spans.shown.last_year();
        let year_ago = year_ago.and_then(|period| self.spans(metric, subject.form, period));
        let mut compared = Vec::new();
        let mut asked: Vec<(ComparedWith, Period, &[Period])> = Vec::new();
        if let Some(before) = spans.shown.previous().filter(|_| !spans.before.is_empty()) {
            asked.push((ComparedWith::Previous, before, &spans.before));
        }
        if let Some(past) = year_ago.as_ref() {
            let same = asked.iter().any(|(_, period, _)| *period == past.shown);
            if !same {
                asked.push((ComparedWith::LastYear, past.shown, &past.now));
            }
        }
        let periods: BTreeSet<Period> = asked.iter().flat_map(|row| row.2).copied().collect();
        let periods: Vec<Period> = periods.into_iter().collect();
        let system = Scope::bypass_for_system_work();
        let one = std::slice::from_ref(&around.own);
        let past = self.tallies(conn, &system, &periods, &self.shape(subject.id), one)?;
        for (with, period, of) in asked {
            let tally = spans.sum(of, &past, &around.own, subject.id)?;
            let value = shown(metric, &around.own, tally).filter(|_| tally.approved_units > 0);
            compared.push(Compared {
                with,
                period: period.to_string(),
                value,
                units: 1,
            });
        }
        let mut values = Vec::new();
        for peer in &around.peers {
            let tally = spans.sum(&spans.now, now, peer, subject.id)?;
            values.extend(shown(metric, peer, tally).filter(|_| tally.approved_units > 0));
        }
        if !values.is_empty() {
            compared.push(Compared {
                with: ComparedWith::Peers,
                period: spans.shown.to_string(),
                units: i64::try_from(values.len()).unwrap_or(i64::MAX),
                value: median(values),
            });
        }
        Ok(compared)
    }

    /// The reports behind a unit's own figure, as far as the asker may see reports.
    fn reports_of(
        &self,
        conn: &mut Conn,
        who: &Who,
        subject: &Subject<'_>,
        unit: &Placed,
    ) -> AppResult<Vec<ExplainedReport>> {
        let Ok(scope) = who.scope(Action::ReadReports) else {
            return Ok(Vec::new());
        };
        if unit.level != subject.form.applies_to.level {
            return Ok(Vec::new());
        }
        let scope = scope.for_matter(&subject.metric.matter);
        let all = report::all_of_unit(conn, &scope, unit.id, self.clock.today())?;
        let behind = all.iter().filter(|report| {
            report.form == subject.form.code && subject.spans.now.contains(&report.period)
        });
        behind
            .map(|report| {
                let form = self.form_at(&subject.form.code, report.period)?;
                let text = report.approved_values.as_deref();
                let numbers = form.numbers(&values_of(text.unwrap_or(&report.values))?);
                let measure = subject.metric.evaluate(&numbers);
                Ok(ExplainedReport {
                    id: report.public_id,
                    period: report.period.to_string(),
                    state: report.state.into(),
                    approved: text.is_some(),
                    fields: fields(subject.metric, form, &numbers),
                    numerator: measure.map(|measure| measure.numerator),
                    denominator: measure
                        .filter(|_| has_denominator(subject.metric))
                        .map(|measure| measure.denominator),
                })
            })
            .collect::<Result<Vec<_>, AppError>>()
    }
}

fn has_denominator(metric: &MetricDef) -> bool {
    formula_of(metric).1.is_some()
}

/// The expressions of a metric: its numerator and its denominator.
fn formula_of(metric: &MetricDef) -> (Option<Expression>, Option<&Expression>) {
    match &metric.source {
        MetricSource::Reported { field, .. } => (Some(Expression::Field(field.clone())), None),
        MetricSource::Computed {
            numerator,
            denominator,
            ..
        } => (Some(numerator.clone()), denominator.as_ref()),
        MetricSource::Derived { .. } => (None, None),
    }
}

fn formulas(metric: &MetricDef, form: &FormDef) -> (Formula, Option<Formula>) {
    let view = |expression: &Expression| {
        let words = expression.words(form);
        let condition = expression.is_truth();
        let fields = expression.fields();
        let field = fields.first().and_then(|code| form.field(code));
        let decimals = field.and_then(|field| field.kind.decimals());
        Formula {
            zh: words.zh,
            en: words.en,
            condition,
            decimals: decimals.filter(|_| !condition).unwrap_or(0),
        }
    };
    let (numerator, denominator) = formula_of(metric);
    // What is derived from ledgers is told by its definition, and the parts of a share are counted.
    let share = metric.kind == MetricKind::Ratio;
    let derived = || Formula {
        zh: metric.definition_zh.clone(),
        en: metric.definition_en.clone(),
        condition: false,
        decimals: if share { 0 } else { metric.decimals },
    };
    let is_derived = matches!(metric.source, MetricSource::Derived { .. });
    let of_derived = || (is_derived && share).then(derived);
    (
        numerator.as_ref().map_or_else(derived, view),
        denominator.map(view).or_else(of_derived),
    )
}

/// The fields that a metric takes, each once, in the order of the form; for a computed one also those that make it.
fn fields(
    metric: &MetricDef,
    form: &FormDef,
    numbers: &BTreeMap<String, i64>,
) -> Vec<ExplainedField> {
    let (numerator, denominator) = formula_of(metric);
    let named = numerator.iter().chain(denominator);
    let direct: BTreeSet<&str> = named.flat_map(Expression::fields).collect();
    let within = direct
        .iter()
        .filter_map(|code| form.field(code)?.computed.as_ref());
    let within: BTreeSet<&str> = within.flat_map(Expression::fields).collect();
    let wanted = form.fields().filter(|field| {
        direct.contains(field.code.as_str()) || within.contains(field.code.as_str())
    });
    wanted
        .map(|field| ExplainedField {
            code: field.code.clone(),
            name_zh: field.name_zh.clone(),
            name_en: field.name_en.clone(),
            unit_zh: field.unit_zh.clone(),
            unit_en: field.unit_en.clone(),
            decimals: field.kind.decimals().unwrap_or(0),
            value: numbers.get(&field.code).copied(),
        })
        .collect()
}
