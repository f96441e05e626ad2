//! A metric of a unit against its path over time.

use super::figure::{counts_units, figures_scope, value};
use super::session::{Who, unit_ref};
use super::target::{asked, own_targets, shown_targets};
use super::{App, AppResult};
use chrono::{Datelike, NaiveDate};
use zhenxing_api_types::course::{Course, CoursePoint, Forecast, PathPoint, Standing};
use zhenxing_domain::course::Aim;
use zhenxing_domain::course::{self, Pace, Path, Point};
use zhenxing_domain::package::{MetricDef, MetricKind, TargetDef};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::Level;
use zhenxing_storage::target;
use zhenxing_storage::target::Target;

/// How many periods are shown at most: five years of months.
pub(super) const PERIODS: usize = 60;

impl App {
    /// A metric of a unit over time.
    ///
    /// # Errors
    /// `not_found`, or a refusal that names the parameter.
    pub fn get_course(&self, who: &Who, code: &str, unit: Option<&str>) -> AppResult<Course> {
        let (metric, form, id) = self.active_metric(code)?;
        let scope = figures_scope(who, metric)?;
        let today = self.clock.today();
        let over = self.periods(form).into_iter();
        let over = over.filter(|period| period.last_day() < today);
        let mut periods: Vec<Period> = over.take(PERIODS).collect();
        periods.reverse();
        self.db.read(|conn| {
            let placed = self.chosen_unit(conn, who, &scope, unit, today)?;
            let one = std::slice::from_ref(&placed);
            // The unit is one that the asker may see by today's tree; in past periods it may have stood elsewhere.
            let system = Scope::bypass_for_system_work();
            let tallies = self.tallies(conn, &system, &periods, &self.shape(id), one)?;
            let point = |period: &Period| {
                let tally = tallies.get(&(*period, placed.id, id))?;
                Some(CoursePoint {
                    period: period.to_string(),
                    day: period.last_day(),
                    value: value(metric, *tally).filter(|_| tally.approved_units > 0)?,
                    approved_units: tally.approved_units,
                    expected_units: tally.expected_units,
                })
            };
            let held = target::of_line(conn, &system, &placed, Some(&[id]))?;
            let held = own_targets(metric, &placed, id, &held);
            let mut course = Course {
                metric: self.metric_view_on(metric, today, &shown_targets(&placed, today, &held)),
                unit: unit_ref(&placed),
                points: periods.iter().filter_map(point).collect(),
                path: Vec::new(),
                standing: None,
                missing: None,
                wanted: None,
                pace: None,
                needed_pace: None,
                forecast: None,
                as_of: self.as_of(conn)?,
            };
            judge(
                &mut course,
                self.asked_of(metric, placed.level, &held),
                today,
            );
            if let Some(ahead) = course.forecast.as_mut().filter(|_| counts_units(metric)) {
                // There are never more units than all.
                for value in [&mut ahead.value, &mut ahead.low, &mut ahead.high] {
                    *value = (*value).clamp(0, 10_000);
                }
            }
            Ok(course)
        })
    }

    /// What a unit is asked: by its own targets, or else by the plan's for its level.
    pub(super) fn asked_of(
        &self,
        metric: &MetricDef,
        level: Level,
        held: &[&Target],
    ) -> Vec<(Aim, Point)> {
        if held.is_empty() {
            let plan = self.targets_for(metric, level).into_iter();
            return plan.filter_map(course::dated).collect();
        }
        held.iter().map(|target| asked(target)).collect()
    }

    /// The targets of the plan by which a unit of a level is judged: its own level's; of a share also those of the level
    /// above, as far as it has none itself.
    pub(super) fn targets_for(&self, metric: &MetricDef, level: Level) -> Vec<&TargetDef> {
        let all = self.package.targets.iter();
        let all: Vec<&TargetDef> = all.filter(|target| target.metric == metric.code).collect();
        let own: Vec<&TargetDef> = all.iter().filter(|at| at.level == level).copied().collect();
        if own.is_empty() && metric.kind == MetricKind::Ratio && level < metric.applies_to.level {
            return all;
        }
        own
    }
}

/// A standing with what is missing.
pub(super) fn standing_view(standing: course::Standing) -> (Standing, i64) {
    match standing {
        course::Standing::Reached => (Standing::Reached, 0),
        course::Standing::OnCourse => (Standing::OnCourse, 0),
        course::Standing::Behind { missing } => (Standing::Behind, missing),
        course::Standing::Missed { missing } => (Standing::Missed, missing),
    }
}

/// Puts the path, the standing and the forecast beside the figures.
fn judge(course: &mut Course, asked: Vec<(Aim, Point)>, today: NaiveDate) {
    let at = |point: &CoursePoint| Point {
        day: point.day,
        value: point.value,
    };
    let first = course.points.first().map(at);
    let last = course.points.last().map(at);
    let path = Path::of_points(asked, first);
    let nearly_all = |point: &&CoursePoint| point.approved_units * 10 >= point.expected_units * 9;
    let pace = Pace::of(course.points.iter().filter(nearly_all).map(at).collect());
    if let (Some(path), Some(last)) = (&path, last) {
        let (standing, missing) = standing_view(path.standing(last));
        course.standing = Some(standing);
        course.missing = Some(missing);
        course.wanted = Some(path.wanted(last.day));
        course.needed_pace = path.needed_pace(last);
    }
    if let Some(path) = &path {
        let points = path.points().iter();
        course.path = points
            .map(|point| PathPoint {
                day: point.day,
                value: point.value,
            })
            .collect();
    }
    let next = path.and_then(|path| path.next_target(today));
    let next = next.map(|target| target.day).filter(|day| *day >= today);
    let year_end = NaiveDate::from_ymd_opt(today.year(), 12, 31);
    if let (Some(pace), Some(day)) = (pace, next.or(year_end)) {
        course.pace = Some(pace.a_month());
        course.forecast = pace.forecast(day).map(|forecast| Forecast {
            day: forecast.day,
            value: forecast.value,
            low: forecast.low,
            high: forecast.high,
        });
    }
}
