//! Figures: one metric over the tree, and the overview.

use super::programme::parse_period;
use super::session::{Who, line_of, unit_ref};
use super::standing::{MatterStandings, point};
use super::target::{next_of, own_targets, shown_targets};
use super::unit::find_bearer;
use super::{App, AppError, AppResult, Code};
use crate::clock::instant;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_api_types::course::Standing;
use zhenxing_api_types::{Figure, FigureTree, MetricFigure, Overview, ProjectTile};
use zhenxing_domain::course::Point;
use zhenxing_domain::figure::{Tally, basis_points};
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::package::{
    FormDef, MetricDef, MetricKind, MetricSource, MetricStatus, OverTime,
};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::unit::Level;
use zhenxing_storage::figure::{self, PeriodTallies, Shapes};
use zhenxing_storage::target::Target;
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, placement, report, target};

impl App {
    /// A metric at a unit and directly below it.
    ///
    /// # Errors
    /// `not_found`, or a refusal that names the parameter.
    pub fn get_figures(
        &self,
        who: &Who,
        code: &str,
        period: Option<&str>,
        unit: Option<&str>,
    ) -> AppResult<FigureTree> {
        let (metric, form, id) = self.active_metric(code)?;
        let scope = figures_scope(who, metric)?;
        let spans = self.chosen_spans(metric, form, period)?;
        let day = spans.shown.last_day();
        self.db.read(|conn| {
            let placed = self.chosen_unit(conn, who, &scope, unit, day)?;
            let below = if placed.level < metric.applies_to.level {
                self.below(conn, &scope, &placed, day)?
            } else {
                Vec::new()
            };
            let (own, ancestors) = line_of(conn, &placed.path, day)?;
            let mut all = below.clone();
            all.push(own.clone());
            let shapes = self.shape(id);
            let system = Scope::bypass_for_system_work();
            let first = self.over(form, day).last().copied();
            let read: BTreeSet<Period> = spans.all().chain(first).collect();
            let read: Vec<Period> = read.into_iter().collect();
            let tallies = self.tallies(conn, &system, &read, &shapes, &all)?;
            let reports = match spans.now.as_slice() {
                [one] => self.reports_behind(conn, who, form, *one, &all)?,
                _ => BTreeMap::new(),
            };
            let line = target::of_line(conn, &system, &own, Some(&[id]))?;
            let line = own_targets(metric, &own, id, &line);
            let held = target::of_units(conn, &system, &all, Some(&[id]))?;
            let view = |unit: &Placed| -> AppResult<Figure> {
                let tally = spans.sum(&spans.now, &tallies, unit, id)?;
                let next = next_of(held.iter().filter(|target| target.unit == unit.id), day);
                let target = next.map(|target| target.value);
                let figure = figure_view(metric, unit, tally, reports.get(&unit.id));
                Ok(Figure { target, ..figure })
            };
            Ok(FigureTree {
                metric: self.metric_view_on(metric, day, &shown_targets(&own, day, &line)),
                period: spans.shown.to_string(),
                ancestors: ancestors.iter().map(unit_ref).collect(),
                total: view(&own)?,
                children: below
                    .iter()
                    .map(|unit| {
                        let own = held.iter().filter(|target| target.unit == unit.id);
                        let ends = [first, spans.now.first().copied()].into_iter().flatten();
                        let points = ends.filter_map(|end| point(metric, id, unit, end, &tallies));
                        let own: Vec<&Target> = own.collect();
                        // Without a figure to set out from no path can be told.
                        let points: Vec<Point> = points.collect();
                        let judged = (points.len() == 2)
                            .then(|| self.judged(metric, unit, &own, points))
                            .flatten();
                        let past = spans.sum(&spans.before, &tallies, unit, id)?;
                        Ok(Figure {
                            previous_value: shown(metric, unit, past)
                                .filter(|_| past.approved_units > 0),
                            standing: judged,
                            ..view(unit)?
                        })
                    })
                    .collect::<AppResult<_>>()?,
                as_of: self.as_of(conn)?,
            })
        })
    }

    /// The overview of a unit for a period.
    ///
    /// # Errors
    /// `not_found`, or a refusal that names the parameter.
    pub fn get_overview(
        &self,
        who: &Who,
        period: Option<&str>,
        unit: Option<&str>,
    ) -> AppResult<Overview> {
        let scope = who.scope(Action::ReadFigures)?;
        let form = self.overview_form()?;
        let period = self.chosen_period(form, period)?;
        let day = period.last_day();
        self.db.read(|conn| {
            let placed = self.chosen_unit(conn, who, &scope, unit, day)?;
            let (own, ancestors) = line_of(conn, &placed.path, day)?;
            let standings = self.matter_standings(conn, &scope, &own, day)?;
            Ok(Overview {
                unit: unit_ref(&own),
                ancestors: ancestors.iter().map(unit_ref).collect(),
                period: period.to_string(),
                periods: self.periods(form).iter().map(Period::to_string).collect(),
                projects: self.project_tiles(&standings),
                metrics: self.metric_figures(conn, &scope, &own, Some(period))?,
                as_of: self.as_of(conn)?,
            })
        })
    }

    /// The active metrics of a unit within a period, beside their values of the period before; without a period the
    /// headline metrics, each in the latest period of its form that is over.
    pub(crate) fn metric_figures(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        unit: &Placed,
        within: Option<Period>,
    ) -> AppResult<Vec<MetricFigure>> {
        let mut chosen = Vec::new();
        for metric in self.active_metrics() {
            let wanted = metric.headline || within.is_some();
            if !wanted || scope.for_matter(&metric.matter).parts().is_empty() {
                continue;
            }
            let form = self.form_of(metric);
            let id = self.metrics.get(&metric.code).copied();
            if let (Some(form), Some(id)) = (form, id) {
                let span = within.unwrap_or_else(|| self.settled_period(form));
                if let Some(spans) = self.spans(metric, form, span) {
                    chosen.push((metric, id, spans));
                }
            }
        }
        let periods = chosen.iter().flat_map(|(_, _, spans)| spans.all());
        let periods: BTreeSet<Period> = periods.collect();
        let periods: Vec<Period> = periods.into_iter().collect();
        let one = std::slice::from_ref(unit);
        // The unit is one that the asker may see by today's tree; on the period's tree it may have stood elsewhere.
        let system = Scope::bypass_for_system_work();
        let tallies = self.tallies(conn, &system, &periods, &self.shapes, one)?;
        let held = target::of_line(conn, &system, unit, None)?;
        let view =
            |(metric, id, spans): &(&MetricDef, MetricId, Spans)| -> AppResult<MetricFigure> {
                let now = spans.sum(&spans.now, &tallies, unit, *id)?;
                let past = spans.sum(&spans.before, &tallies, unit, *id)?;
                let day = spans.shown.last_day();
                let own = own_targets(metric, unit, *id, &held);
                Ok(MetricFigure {
                    metric: self.metric_view_on(metric, day, &shown_targets(unit, day, &own)),
                    figure: figure_view(metric, unit, now, None),
                    period: spans.shown.to_string(),
                    previous_value: (past.approved_units > 0)
                        .then(|| value(metric, past))
                        .flatten(),
                })
            };
        chosen.iter().map(view).collect()
    }

    /// The periods of a metric's form that lie within a period: all of them for what adds up, the last for a stock.
    pub(crate) fn spans(
        &self,
        metric: &MetricDef,
        form: &FormDef,
        within: Period,
    ) -> Option<Spans> {
        let current = self.current_period(form);
        // Hundreds of spans are asked for at once, so that no list of all periods is made for each.
        let inside = |span: Period| -> Vec<Period> {
            let (first, last) = (span.first_day(), span.last_day());
            let ends = Period::containing(last, form.cadence).ok();
            let ends = ends.and_then(|period| match period.last_day() <= last {
                true => Some(period),
                false => period.previous(),
            });
            let latest = ends.map(|period| period.min(current));
            let found = std::iter::successors(latest, |period| period.previous())
                .take_while(|period| *period >= form.first_period && period.first_day() >= first);
            match metric.over_time {
                OverTime::Flow => found.collect(),
                OverTime::Stock => found.take(1).collect(),
            }
        };
        let now = inside(within);
        let last = *now.first()?;
        let shown = match metric.over_time {
            OverTime::Flow => within,
            OverTime::Stock => last,
        };
        Some(Spans {
            before: shown.previous().map(inside).unwrap_or_default(),
            shown,
            now,
        })
    }

    pub(crate) fn shape(&self, id: MetricId) -> Shapes {
        let shape = self.shapes.get(&id).cloned();
        shape.map(|shape| (id, shape)).into_iter().collect()
    }

    pub(crate) fn active_metric(&self, code: &str) -> AppResult<(&MetricDef, &FormDef, MetricId)> {
        let absent = || AppError::not_found("code", "指标", "metric");
        let metric = self.package.metric(code).ok_or_else(absent)?;
        let id = self.metrics.get(code).copied();
        let form = self
            .form_of(metric)
            .filter(|_| metric.status == MetricStatus::Active);
        match (id, form) {
            (Some(id), Some(form)) => Ok((metric, form, id)),
            _ => Err(AppError::refused(
                Code::NotFound,
                Some("code"),
                "该指标来自尚未启用的台账或报表，暂无数据",
                "This metric comes from a ledger or form that is not in use yet; it has no figures",
            )),
        }
    }

    /// The form whose periods the overview offers: that of the first headline metric.
    pub(crate) fn overview_form(&self) -> AppResult<&FormDef> {
        let metrics = self.active_metrics().into_iter();
        let mut forms = metrics.filter_map(|metric| self.package.form(metric.source.form()?));
        forms
            .next()
            .ok_or_else(|| AppError::not_found("form", "报送表", "form"))
    }

    /// The periods of a metric's form that make its figure: one of the form's own, or those within one that the overview
    /// offers.
    pub(crate) fn chosen_spans(
        &self,
        metric: &MetricDef,
        form: &FormDef,
        text: Option<&str>,
    ) -> AppResult<Spans> {
        let own = self.chosen_period(form, text);
        let within = match own {
            Err(_) => self.chosen_period(self.overview_form()?, text)?,
            Ok(period) => period,
        };
        self.spans(metric, form, within)
            .ok_or_else(|| no_figures(&within.to_string()))
    }

    pub(crate) fn chosen_period(&self, form: &FormDef, text: Option<&str>) -> AppResult<Period> {
        match text {
            None => Ok(self.settled_period(form)),
            Some(text) => {
                let period = parse_period(text, "period")?;
                if self.periods(form).contains(&period) {
                    return Ok(period);
                }
                Err(no_figures(text))
            }
        }
    }

    pub(crate) fn chosen_unit(
        &self,
        conn: &mut Conn,
        who: &Who,
        scope: &Scope,
        code: Option<&str>,
        day: chrono::NaiveDate,
    ) -> AppResult<Placed> {
        match code {
            Some(code) => {
                let today = self.clock.today();
                let now = find_bearer(conn, scope, code, (day, today), "unit")?;
                self.place_on(conn, now.id, day)
            }
            None => {
                let today = self.clock.today();
                let own = unit::by_ids(conn, scope, &[who.unit()], today)?;
                let own = own.first().ok_or_else(absent_unit)?;
                self.place_on(conn, own.id, day)
            }
        }
    }

    /// The units directly below one on a day, as far as the asker sees what stands below it today, or them themselves.
    pub(crate) fn below(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        placed: &Placed,
        day: chrono::NaiveDate,
    ) -> AppResult<Vec<Placed>> {
        let system = Scope::bypass_for_system_work();
        let today = self.clock.today();
        let mut below = unit::children(conn, &system, &[placed.id], day)?;
        let mut ids: Vec<UnitId> = below.iter().map(|unit| unit.id).collect();
        ids.push(placed.id);
        let seen = placement::last_by_ids(conn, &system, &ids, today)?;
        let covers = |id: UnitId, more: &str| {
            let mut now = seen.iter().filter(|unit| unit.id == id);
            now.any(|now| scope.covers(&format!("{}{more}", now.path), None, None))
        };
        if !covers(placed.id, "0/") {
            below.retain(|unit| covers(unit.id, ""));
        }
        Ok(below)
    }

    fn place_on(&self, conn: &mut Conn, unit: UnitId, day: chrono::NaiveDate) -> AppResult<Placed> {
        let system = Scope::bypass_for_system_work();
        let found = unit::by_ids(conn, &system, &[unit], day)?;
        let first = found.into_iter().next();
        first.ok_or_else(absent_unit)
    }

    /// The reports behind the figures of the units, as far as the asker may see reports.
    fn reports_behind(
        &self,
        conn: &mut Conn,
        who: &Who,
        form: &FormDef,
        period: Period,
        units: &[Placed],
    ) -> AppResult<BTreeMap<UnitId, Uuid>> {
        let Ok(scope) = who.scope(Action::ReadReports) else {
            return Ok(BTreeMap::new());
        };
        let leaves: Vec<UnitId> = units
            .iter()
            .filter(|unit| unit.level == form.applies_to.level)
            .map(|unit| unit.id)
            .collect();
        let today = self.clock.today();
        let found = report::numbers_of_units(conn, &scope, &leaves, form, period, today)?;
        Ok(found.into_iter().collect())
    }

    /// Up to which instant approvals are in the figures.
    pub(crate) fn as_of(&self, conn: &mut Conn) -> AppResult<chrono::DateTime<chrono::Utc>> {
        let oldest = figure::oldest_queued(conn)?;
        Ok(instant(oldest.unwrap_or_else(|| self.clock.now())))
    }

    fn project_tiles(&self, standings: &MatterStandings) -> Vec<ProjectTile> {
        let tile = |project: &zhenxing_domain::package::Project| {
            let matters: Vec<&str> = self
                .package
                .matters
                .iter()
                .filter(|matter| matter.project == project.code)
                .map(|matter| matter.code.as_str())
                .collect();
            let active: Vec<&MetricDef> = self
                .package
                .metrics
                .iter()
                .filter(|metric| {
                    metric.status == MetricStatus::Active
                        && matters.contains(&metric.matter.as_str())
                })
                .collect();
            let with_figures = matters
                .iter()
                .filter(|code| active.iter().any(|metric| metric.matter == **code));
            let standing = |wanted: &[Standing]| {
                let found = matters.iter().filter_map(|code| standings.get(*code));
                count(found.filter(|standing| wanted.contains(standing)).count())
            };
            ProjectTile {
                code: project.code.clone(),
                name_zh: project.name_zh.clone(),
                name_en: project.name_en.clone(),
                matters: count(matters.len()),
                matters_with_figures: count(with_figures.count()),
                on_course: standing(&[Standing::Reached, Standing::OnCourse]),
                behind: standing(&[Standing::Behind]),
                overdue: standing(&[Standing::Missed]),
                headline: active
                    .iter()
                    .filter(|metric| metric.headline)
                    .map(|metric| metric.code.clone())
                    .collect(),
            }
        };
        self.package.projects.iter().map(tile).collect()
    }
}

/// The periods whose figures make one figure, and those of the figure before it.
pub(crate) struct Spans {
    pub shown: Period,
    pub now: Vec<Period>,
    pub before: Vec<Period>,
}

impl Spans {
    fn all(&self) -> impl Iterator<Item = Period> {
        self.now.iter().chain(&self.before).copied()
    }

    pub(crate) fn sum(
        &self,
        periods: &[Period],
        tallies: &PeriodTallies,
        unit: &Placed,
        metric: MetricId,
    ) -> AppResult<Tally> {
        let found = periods
            .iter()
            .filter_map(|period| tallies.get(&(*period, unit.id, metric)));
        let sum = found
            .copied()
            .try_fold(Tally::default(), Tally::checked_add);
        sum.map_err(|error| AppError::Internal(error.to_string()))
    }
}

/// Where the asker sees figures of a metric; who sees them nowhere is told of no such metric.
pub(crate) fn figures_scope(who: &Who, metric: &MetricDef) -> AppResult<Scope> {
    let scope = who.scope(Action::ReadFigures)?.for_matter(&metric.matter);
    if scope.parts().is_empty() {
        return Err(AppError::not_found("code", "指标", "metric"));
    }
    Ok(scope)
}

fn absent_unit() -> AppError {
    AppError::not_found("unit", "单位", "unit")
}

fn no_figures(period: &str) -> AppError {
    AppError::refused(
        Code::InvalidParameter,
        Some("period"),
        format!("{period}不是可查询的期次"),
        format!("{period} is no period that has figures"),
    )
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Whether a ratio counts units: each reporting unit adds one to its denominator.
pub(crate) fn counts_units(metric: &MetricDef) -> bool {
    metric.kind == MetricKind::Ratio
        && matches!(
            metric.source,
            MetricSource::Computed {
                denominator: None,
                ..
            }
        )
}

/// What is shown: a sum once something is approved; a share of units over the expected ones; any other share over its
/// own denominator.
pub(crate) fn value(metric: &MetricDef, tally: Tally) -> Option<i64> {
    match metric.kind {
        MetricKind::Sum => (tally.approved_units > 0).then_some(tally.approved.numerator),
        MetricKind::Ratio if counts_units(metric) => {
            basis_points(tally.approved.numerator, tally.expected_units)
        }
        MetricKind::Ratio => basis_points(tally.approved.numerator, tally.approved.denominator),
    }
}

/// What is shown at a unit: a village without an approved figure shows none.
pub(crate) fn shown(metric: &MetricDef, unit: &Placed, tally: Tally) -> Option<i64> {
    let only_own = unit.level == Level::Village && tally.approved_units == 0;
    if only_own { None } else { value(metric, tally) }
}

/// A figure as it is shown at a unit, with the report behind it.
pub(crate) fn figure_view(
    metric: &MetricDef,
    unit: &Placed,
    tally: Tally,
    report: Option<&Uuid>,
) -> Figure {
    let of_reported = counts_units(metric)
        .then(|| basis_points(tally.approved.numerator, tally.approved_units))
        .flatten();
    Figure {
        unit: unit_ref(unit),
        value: shown(metric, unit, tally),
        value_of_reported: of_reported,
        numerator: tally.approved.numerator,
        denominator: tally.approved.denominator,
        pending_numerator: tally.pending.numerator,
        pending_denominator: tally.pending.denominator,
        approved_units: tally.approved_units,
        pending_units: tally.pending_units,
        expected_units: tally.expected_units,
        target: None,
        previous_value: None,
        standing: None,
        report: report.copied(),
    }
}
