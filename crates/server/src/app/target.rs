//! Targets of units: what each has to reach by when, and what those below make together.

use super::course::{PERIODS, standing_view};
use super::figure::{counts_units, figures_scope, value};
use super::page::whole;
use super::session::{Who, line_of, unit_ref};
use super::unit::find_unit;
use super::{App, AppError, AppResult};
use crate::clock::instant;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::Page;
use zhenxing_api_types::course::PathPoint;
use zhenxing_api_types::programme::Target as PlanTarget;
use zhenxing_api_types::target::{
    TargetComparison, TargetLine, TargetMethod, TargetSum, TargetTable, TargetVersion, UnitTarget,
    UnitTargets,
};
use zhenxing_domain::course::{Aim, Path, Point};
use zhenxing_domain::figure::Tally;
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::package::{MetricDef, MetricKind};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::target::{Part, together};
use zhenxing_storage::Conn;
use zhenxing_storage::target::{self, Target};
use zhenxing_storage::unit::Placed;

/// The latest figures of units, with the day that they are of.
pub(super) struct Latest {
    period: Option<String>,
    day: Option<NaiveDate>,
    tallies: BTreeMap<UnitId, Tally>,
    /// From which figure each set out: its path begins there.
    begins: BTreeMap<UnitId, Point>,
}

/// Among how many of the first periods the figure is looked for from which a unit set out.
const BEGINNING: usize = 12;

impl Latest {
    /// Whether a unit, or one below it, is expected to have the metric: yes where nothing is known.
    pub(super) fn expects(&self, unit: UnitId) -> bool {
        let tally = self.tallies.get(&unit);
        tally.is_none_or(|tally| tally.expected_units > 0)
    }
}

impl App {
    /// The targets of one unit, of the matters that the asker may see.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_unit_targets(
        &self,
        who: &Who,
        unit: Option<&str>,
        matter: Option<&str>,
    ) -> AppResult<UnitTargets> {
        let scope = who.scope(Action::ReadFigures)?;
        if matter.is_some_and(|code| self.package.matter(code).is_none()) {
            return Err(AppError::not_found("matter", "实事", "matter"));
        }
        let today = self.clock.today();
        let seen: BTreeMap<MetricId, &MetricDef> = self
            .package
            .metrics
            .iter()
            .filter(|metric| matter.is_none_or(|code| metric.matter == code))
            .filter(|metric| !scope.for_matter(&metric.matter).parts().is_empty())
            .filter_map(|metric| Some((*self.metrics.get(&metric.code)?, metric)))
            .collect();
        self.db.read(|conn| {
            let placed = self.chosen_unit(conn, who, &scope, unit, today)?;
            let one = std::slice::from_ref(&placed);
            let held = target::of_units(conn, &scope, one, None)?;
            let shown = held.iter().filter_map(|target| {
                let metric = seen.get(&target.metric)?;
                let covered = scope.covers(&placed.path, Some(&metric.matter), None);
                covered.then(|| target_view(metric, target))
            });
            Ok(UnitTargets {
                unit: unit_ref(&placed),
                targets: shown.collect(),
            })
        })
    }

    /// The targets of a metric at a unit and directly below it, with the latest figures.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_target_table(
        &self,
        who: &Who,
        code: &str,
        unit: Option<&str>,
    ) -> AppResult<TargetTable> {
        let (metric, id) = self.any_metric(code, "code")?;
        let scope = figures_scope(who, metric)?;
        let sets = who.scope(Action::SetTargets).ok();
        let today = self.clock.today();
        self.db.read(|conn| {
            let placed = self.chosen_unit(conn, who, &scope, unit, today)?;
            let below = if placed.level < metric.applies_to.level {
                self.below(conn, &scope, &placed, today)?
            } else {
                Vec::new()
            };
            let (own, ancestors) = line_of(conn, &placed.path, today)?;
            let mut all = below.clone();
            all.push(own.clone());
            let system = Scope::bypass_for_system_work();
            let held = target::of_units(conn, &system, &all, Some(&[id]))?;
            let latest = self.latest(conn, metric, id, &all)?;
            let line = |unit: &Placed, asked: Vec<UnitTarget>| {
                let may_set = sets.as_ref().is_some_and(|sets| {
                    sets.covers_from_above(&unit.path, Some(metric.matter.as_str()))
                });
                target_line(metric, unit, asked, &latest, may_set)
            };
            let of = |unit: &Placed| -> Vec<UnitTarget> {
                let asked = held.iter().filter(|target| target.unit == unit.id);
                asked.map(|target| target_view(metric, target)).collect()
            };
            let children: Vec<TargetLine> = below.iter().map(|unit| line(unit, of(unit))).collect();
            let above = target::of_line(conn, &system, &own, Some(&[id]))?;
            let own = line(&own, self.asked_above(metric, &own, id, &above));
            let method = method(metric, &children);
            Ok(TargetTable {
                metric: self.metric_view(metric),
                period: latest.period.clone(),
                ancestors: ancestors.iter().map(unit_ref).collect(),
                sums: sums(&own, &children, method, &latest, &below),
                own,
                children,
                method,
            })
        })
    }

    /// Every version of a unit's targets in a metric.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_target_versions(
        &self,
        who: &Who,
        code: &str,
        unit: &str,
        by: Option<NaiveDate>,
    ) -> AppResult<Page<TargetVersion>> {
        let (metric, id) = self.any_metric(code, "metric")?;
        let scope = figures_scope(who, metric)?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let placed = find_unit(conn, &scope, unit, today, "unit")?;
            let found = target::history(conn, placed.id, id, by)?;
            let view = |version: &target::Version| TargetVersion {
                target: target_view(metric, &version.target),
                withdrawn: version.withdrawn,
                reason: version.reason.clone(),
                set_by: version.set_by.clone(),
                set_at: instant(version.set_at),
            };
            Ok(whole(found.iter().map(view).collect()))
        })
    }

    /// A metric of the package, with figures or not.
    pub(super) fn any_metric(&self, code: &str, field: &str) -> AppResult<(&MetricDef, MetricId)> {
        let metric = self.package.metric(code);
        let id = self.metrics.get(code).copied();
        let found = metric.zip(id);
        found.ok_or_else(|| AppError::not_found(field, "指标", "metric"))
    }

    /// The latest figures of units in a metric; none where it has none yet.
    pub(super) fn latest(
        &self,
        conn: &mut Conn,
        metric: &MetricDef,
        id: MetricId,
        units: &[Placed],
    ) -> AppResult<Latest> {
        let Ok((_, form, _)) = self.active_metric(&metric.code) else {
            return Ok(Latest {
                period: None,
                day: None,
                tallies: BTreeMap::new(),
                begins: BTreeMap::new(),
            });
        };
        let spans = self.chosen_spans(metric, form, None)?;
        let system = Scope::bypass_for_system_work();
        let mut first: Vec<Period> = self.periods(form).into_iter().take(PERIODS).collect();
        first.reverse();
        first.truncate(BEGINNING);
        let periods: Vec<Period> = first.iter().chain(&spans.now).copied().collect();
        let found = self.tallies(conn, &system, &periods, &self.shape(id), units)?;
        let mut tallies = BTreeMap::new();
        let mut begins = BTreeMap::new();
        for unit in units {
            tallies.insert(unit.id, spans.sum(&spans.now, &found, unit, id)?);
            let begin = first.iter().find_map(|period| {
                let tally = found.get(&(*period, unit.id, id))?;
                let day = period.last_day();
                let value = value(metric, *tally).filter(|_| tally.approved_units > 0)?;
                Some(Point { day, value })
            });
            begins.extend(begin.map(|begin| (unit.id, begin)));
        }
        Ok(Latest {
            period: Some(spans.shown.to_string()),
            day: Some(spans.shown.last_day()),
            tallies,
            begins,
        })
    }

    /// The targets by which a unit is judged: its own, those of a unit above that its share goes by, or the plan's.
    pub(super) fn asked_above(
        &self,
        metric: &MetricDef,
        unit: &Placed,
        id: MetricId,
        held: &[Target],
    ) -> Vec<UnitTarget> {
        let asked = own_targets(metric, unit, id, held);
        if asked.is_empty() {
            return self.of_plan(metric, unit);
        }
        let view = |target: &&Target| UnitTarget {
            version: if target.unit == unit.id {
                target.version
            } else {
                0
            },
            ..target_view(metric, target)
        };
        asked.iter().map(view).collect()
    }

    /// The dated targets of the plan for a unit's level.
    fn of_plan(&self, metric: &MetricDef, unit: &Placed) -> Vec<UnitTarget> {
        let plan = self.targets_for(metric, unit.level).into_iter();
        let dated = plan.filter_map(zhenxing_domain::course::dated);
        let view = |(aim, point): (Aim, Point)| {
            let (comparison, tolerance) = comparison_view(aim);
            UnitTarget {
                metric: metric.code.clone(),
                by: point.day,
                value: point.value,
                comparison,
                tolerance,
                version: 0,
                task: None,
            }
        };
        dated.map(view).collect()
    }
}

/// What a target asks by its day.
pub(super) fn asked(target: &Target) -> (Aim, Point) {
    let point = Point {
        day: target.by,
        value: target.value,
    };
    (target.comparison, point)
}

/// The targets by which a unit is judged, of those held along its line: its own, or for a share above the reporting units
/// those of the nearest unit above that has some.
pub(super) fn own_targets<'a>(
    metric: &MetricDef,
    unit: &Placed,
    id: MetricId,
    held: &'a [Target],
) -> Vec<&'a Target> {
    let inherits = metric.kind == MetricKind::Ratio && unit.level < metric.applies_to.level;
    let mut line = unit.lineage();
    line.reverse();
    line.truncate(if inherits { usize::MAX } else { 1 });
    let of = |unit: &UnitId| -> Vec<&'a Target> {
        let own = held.iter();
        own.filter(|target| target.unit == *unit && target.metric == id)
            .collect()
    };
    let mut found = line.iter().map(of).filter(|own| !own.is_empty());
    found.next().unwrap_or_default()
}

/// The target that is next on a day or falls on it; the last one once all have passed. They come by day.
pub(super) fn next_of<'a>(
    mut held: impl Iterator<Item = &'a Target>,
    day: NaiveDate,
) -> Option<&'a Target> {
    let mut last = None;
    let next = held.find(|target| {
        last = Some(*target);
        target.by >= day
    });
    next.or(last)
}

/// A unit's targets as they stand beside its figure: the one that is next first.
pub(super) fn shown_targets(unit: &Placed, day: NaiveDate, held: &[&Target]) -> Vec<PlanTarget> {
    let mut held = held.to_vec();
    held.sort_by_key(|target| (target.by < day, target.by));
    let view = |target: &&Target| {
        let (comparison, tolerance) = comparison_view(target.comparison);
        PlanTarget {
            level: unit.level.into(),
            value: Some(target.value),
            deadline: "on".to_owned(),
            by: Some(target.by),
            comparison: super::programme::wire_name(&comparison),
            tolerance,
            aim: false,
            own: true,
            exact_text_zh: None,
            valid_from: target.by,
            valid_until: Some(target.by),
        }
    };
    held.iter().map(view).collect()
}

pub(super) fn comparison_view(aim: Aim) -> (TargetComparison, Option<i64>) {
    match aim {
        Aim::AtLeast => (TargetComparison::AtLeast, None),
        Aim::AtMost => (TargetComparison::AtMost, None),
        Aim::About { tolerance } => (TargetComparison::About, Some(tolerance)),
    }
}

fn target_view(metric: &MetricDef, target: &Target) -> UnitTarget {
    let (comparison, tolerance) = comparison_view(target.comparison);
    UnitTarget {
        metric: metric.code.clone(),
        by: target.by,
        value: target.value,
        comparison,
        tolerance,
        version: target.version,
        task: target.task,
    }
}

fn aim_of(target: &UnitTarget) -> Aim {
    match target.comparison {
        TargetComparison::AtLeast => Aim::AtLeast,
        TargetComparison::AtMost => Aim::AtMost,
        TargetComparison::About => Aim::About {
            tolerance: target.tolerance.unwrap_or(0),
        },
    }
}

fn target_line(
    metric: &MetricDef,
    unit: &Placed,
    targets: Vec<UnitTarget>,
    latest: &Latest,
    may_set: bool,
) -> TargetLine {
    let tally = latest.tallies.get(&unit.id).copied();
    let reported = tally.filter(|tally| tally.approved_units > 0);
    let shown = reported.and_then(|tally| value(metric, tally));
    let tally = tally.unwrap_or_default();
    let weight = match metric.kind {
        MetricKind::Sum => 0,
        MetricKind::Ratio if counts_units(metric) => tally.expected_units,
        MetricKind::Ratio => tally.approved.denominator,
    };
    let asked = targets.iter().map(|target| {
        let point = Point {
            day: target.by,
            value: target.value,
        };
        (aim_of(target), point)
    });
    let path = Path::of_points(asked, latest.begins.get(&unit.id).copied());
    let at = latest.day.zip(shown);
    let at = at.map(|(day, value)| Point { day, value });
    let next = path.as_ref().zip(at);
    let next = next.and_then(|(path, at)| path.next_target(at.day));
    let missing = path.as_ref().zip(at).zip(next);
    TargetLine {
        unit: unit_ref(unit),
        value: shown,
        weight,
        standing: path
            .as_ref()
            .zip(at)
            .map(|(path, at)| standing_view(path.standing(at)).0),
        missing: missing.map(|((path, at), next)| path.aim().missing(at.value, next.value)),
        needed_pace: path
            .as_ref()
            .zip(at)
            .and_then(|(path, at)| path.needed_pace(at)),
        next: next.map(|next| PathPoint {
            day: next.day,
            value: next.value,
        }),
        targets,
        may_set,
    }
}

fn method(metric: &MetricDef, children: &[TargetLine]) -> TargetMethod {
    let weighed = children.iter().any(|line| line.weight > 0);
    match metric.kind {
        MetricKind::Sum => TargetMethod::Sum,
        MetricKind::Ratio if !weighed => TargetMethod::None,
        MetricKind::Ratio if counts_units(metric) => TargetMethod::WeighedByUnits,
        MetricKind::Ratio => TargetMethod::WeighedByDenominators,
    }
}

/// Day by day what the targets below make together, beside the target above.
fn sums(
    own: &TargetLine,
    children: &[TargetLine],
    method: TargetMethod,
    latest: &Latest,
    below: &[Placed],
) -> Vec<TargetSum> {
    let all = children.iter().chain([own]);
    let days: BTreeSet<NaiveDate> = all
        .flat_map(|line| line.targets.iter().map(|target| target.by))
        .collect();
    let counted: Vec<&TargetLine> = children
        .iter()
        .zip(below)
        .filter(|(_, unit)| latest.expects(unit.id))
        .map(|(line, _)| line)
        .collect();
    let on = |line: &TargetLine, day: NaiveDate| {
        line.targets
            .iter()
            .find(|target| target.by == day)
            .map(|target| (target.value, line.weight))
    };
    days.into_iter()
        .map(|day| {
            let parts: Vec<(i64, i64)> = counted.iter().filter_map(|line| on(line, day)).collect();
            let above = own.targets.iter().find(|target| target.by == day);
            let made = made_together(&parts, method);
            let both = above.zip(made);
            let complete = parts.len() == counted.len();
            TargetSum {
                by: day,
                above: above.map(|target| target.value),
                together: made,
                with_target: count(parts.len()),
                units: count(counted.len()),
                difference: both.map(|(above, made)| made.saturating_sub(above.value)),
                adds_up: both
                    .map(|(above, made)| complete && aim_of(above).missing(made, above.value) == 0),
            }
        })
        .collect()
}

fn made_together(parts: &[(i64, i64)], method: TargetMethod) -> Option<i64> {
    if parts.is_empty() {
        return None;
    }
    match method {
        TargetMethod::Sum => {
            let sum: i128 = parts.iter().map(|(value, _)| i128::from(*value)).sum();
            i64::try_from(sum).ok()
        }
        TargetMethod::None => None,
        TargetMethod::WeighedByUnits | TargetMethod::WeighedByDenominators => {
            let parts = parts.iter().map(|(value, weight)| Part {
                value: *value,
                weight: *weight,
            });
            together(&parts.collect::<Vec<_>>())
        }
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
