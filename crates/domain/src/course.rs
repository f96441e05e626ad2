//! Figures against their path: where a metric should stand on a day, how fast it moves, and where that leads.
//!
//! The path runs straight from one dated target to the next, beginning at the figure from which the plan set out. The pace
//! is the median of the slopes between all pairs of figures (Theil and Sen's estimator), so that one odd period among many
//! does not turn it; the range of a forecast lies between the tenth and the ninetieth percentile of those slopes.
//! Everything is whole numbers, so that a browser and a server say the same.

use crate::package::{Comparison, Deadline, TargetDef};
use chrono::NaiveDate;

/// A figure, or a target, on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The last day of the period that it is of, or the day by which it is to be reached.
    pub day: NaiveDate,
    /// The value, scaled as the metric says.
    pub value: i64,
}

/// What a target asks of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// At least the path's value.
    AtLeast,
    /// At most the path's value.
    AtMost,
    /// The path's value, give or take (“35%左右”).
    About {
        /// How far from it still counts, scaled.
        tolerance: i64,
    },
}

impl Aim {
    /// How much a value misses what is asked: nought when it does not.
    pub fn missing(self, value: i64, wanted: i64) -> i64 {
        match self {
            Aim::AtLeast => wanted.saturating_sub(value).max(0),
            Aim::AtMost => value.saturating_sub(wanted).max(0),
            Aim::About { tolerance } => {
                let off = i64::try_from(value.abs_diff(wanted)).unwrap_or(i64::MAX);
                off.saturating_sub(tolerance.max(0)).max(0)
            }
        }
    }
}

/// The way from where the plan set out through its dated targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    aim: Aim,
    points: Vec<Point>,
}

/// Why there is no path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// No target has a value and a day.
    #[error("no target has a value and a day")]
    NoTarget,
    /// Two points stand on one day.
    #[error("two points stand on {0}")]
    TwoOnOneDay(NaiveDate),
}

impl Path {
    /// A path through targets in any order; without a beginning the first target is asked from the first day on.
    ///
    /// # Errors
    /// When there is no target, or two stand on one day. A beginning on or after the first target is left out.
    pub fn new(aim: Aim, begin: Option<Point>, mut targets: Vec<Point>) -> Result<Path, PathError> {
        targets.sort_by_key(|point| point.day);
        let first = targets.first().ok_or(PathError::NoTarget)?.day;
        for (point, next) in targets.iter().zip(targets.iter().skip(1)) {
            if point.day == next.day {
                return Err(PathError::TwoOnOneDay(point.day));
            }
        }
        let mut points: Vec<Point> = begin.into_iter().filter(|at| at.day < first).collect();
        points.extend(targets);
        Ok(Path { aim, points })
    }

    /// The path through those targets that have a value and a day, all compared in the way of the first; nothing where
    /// there is none.
    pub fn of_targets(targets: &[&TargetDef], begin: Option<Point>) -> Option<Path> {
        Path::of_points(targets.iter().filter_map(|target| dated(target)), begin)
    }

    /// The path through points that are asked for, all compared in the way of the first; nothing where there is none.
    pub fn of_points(
        asked: impl IntoIterator<Item = (Aim, Point)>,
        begin: Option<Point>,
    ) -> Option<Path> {
        let mut aim = None;
        let mut points: Vec<Point> = Vec::new();
        for (own, point) in asked {
            if *aim.get_or_insert(own) == own {
                points.push(point);
            }
        }
        Path::new(aim?, begin, points).ok()
    }

    /// How a figure compares with the path.
    pub fn aim(&self) -> Aim {
        self.aim
    }

    /// The points, the earliest first.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// What the path asks on a day: straight between two points, the first before them, the last after them.
    pub fn wanted(&self, day: NaiveDate) -> i64 {
        let after = self.points.iter().find(|point| point.day >= day);
        let before = self.points.iter().rev().find(|point| point.day <= day);
        match (before, after) {
            (Some(before), Some(after)) if before.day < after.day => between(*before, *after, day),
            (Some(point), _) | (None, Some(point)) => point.value,
            (None, None) => 0,
        }
    }

    /// The target that is next on a day or falls on it; the last one once all have passed.
    pub fn next_target(&self, day: NaiveDate) -> Option<Point> {
        let next = self.points.iter().find(|point| point.day >= day);
        next.or(self.points.last()).copied()
    }

    /// How a figure stands against the path on its own day.
    pub fn standing(&self, figure: Point) -> Standing {
        let last = self.points.last();
        let all = last.map_or(0, |last| self.aim.missing(figure.value, last.value));
        let now = self.aim.missing(figure.value, self.wanted(figure.day));
        let over = last.is_some_and(|last| figure.day >= last.day);
        match (all, now) {
            (0, _) => Standing::Reached,
            (all, _) if over => Standing::Missed { missing: all },
            (_, 0) => Standing::OnCourse,
            (_, missing) => Standing::Behind { missing },
        }
    }

    /// How much a figure has to move in each thirty days, from its day to the next target, to be there in time; nothing
    /// when it is there or the day has come.
    pub fn needed_pace(&self, figure: Point) -> Option<i64> {
        let target = self.next_target(figure.day)?;
        let days = (target.day - figure.day).num_days();
        let way = target.value.checked_sub(figure.value)?;
        if days <= 0 || self.aim.missing(figure.value, target.value) == 0 {
            return None;
        }
        let month = i128::from(way) * 30;
        i64::try_from(away_from_zero(month, i128::from(days))).ok()
    }
}

/// What a target of the plan asks by a day; nothing where it has no value or no day, or asks a direction alone.
pub fn dated(target: &TargetDef) -> Option<(Aim, Point)> {
    let aim = match target.comparison {
        Comparison::AtLeast => Aim::AtLeast,
        Comparison::AtMost => Aim::AtMost,
        Comparison::About { tolerance } => Aim::About { tolerance },
        Comparison::Rising | Comparison::SetPerUnit | Comparison::ToBeSet => return None,
    };
    match (target.value, target.by) {
        (Some(value), Deadline::On(day)) => Some((aim, Point { day, value })),
        _ => None,
    }
}

/// How a figure stands against its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// What the last target asks is reached.
    Reached,
    /// As far as the path asks by now.
    OnCourse,
    /// Less far (滞后).
    Behind {
        /// By how much, scaled.
        missing: i64,
    },
    /// The last day has come without it (逾期).
    Missed {
        /// By how much, scaled.
        missing: i64,
    },
}

/// Where the present pace leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// The day.
    pub day: NaiveDate,
    /// The value at the median pace.
    pub value: i64,
    /// The value at the slowest tenth of paces.
    pub low: i64,
    /// The value at the fastest tenth of paces.
    pub high: i64,
}

/// The slopes between all pairs of figures, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    last: Point,
    /// Millionths a day.
    slopes: Vec<i128>,
}

/// Of how many of the latest figures the pace is taken.
const LATEST: usize = 24;
const SCALE: i128 = 1_000_000;

impl Pace {
    /// The pace of figures in any order: of the latest twenty-four; nothing with fewer than three, which say no more than
    /// a line.
    pub fn of(mut figures: Vec<Point>) -> Option<Pace> {
        figures.sort_by_key(|figure| figure.day);
        figures.dedup_by_key(|figure| figure.day);
        let figures = figures.split_off(figures.len().saturating_sub(LATEST));
        if figures.len() < 3 {
            return None;
        }
        let mut slopes = Vec::new();
        for (place, from) in figures.iter().enumerate() {
            for to in figures.iter().skip(place + 1) {
                let rise = i128::from(to.value) - i128::from(from.value);
                slopes.push(rise * SCALE / i128::from((to.day - from.day).num_days()));
            }
        }
        slopes.sort_unstable();
        let last = *figures.last()?;
        Some(Pace { last, slopes })
    }

    /// How much it moves in thirty days, at the median of the slopes.
    pub fn a_month(&self) -> i64 {
        i64::try_from(self.at(50) * 30 / SCALE).unwrap_or(0)
    }

    /// Where it leads by a day, from the latest figure on; nothing before that.
    pub fn forecast(&self, day: NaiveDate) -> Option<Forecast> {
        let days = i128::from((day - self.last.day).num_days());
        if days < 0 {
            return None;
        }
        let from = i128::from(self.last.value);
        let to = |percent| i64::try_from(from + self.at(percent) * days / SCALE).ok();
        Some(Forecast {
            day,
            value: to(50)?,
            low: to(10)?,
            high: to(90)?,
        })
    }

    /// The slope at a percentile: that of the place itself, or in the middle of the two beside it.
    fn at(&self, percent: usize) -> i128 {
        let doubled = (self.slopes.len().saturating_sub(1)) * percent * 2 / 100;
        let slope = |place: usize| self.slopes.get(place).copied().unwrap_or(0);
        i128::midpoint(slope(doubled / 2), slope(doubled.div_ceil(2)))
    }
}

/// The value between two points, rounded towards the one before.
fn between(before: Point, after: Point, day: NaiveDate) -> i64 {
    let whole = i128::from((after.day - before.day).num_days()).max(1);
    let gone = i128::from((day - before.day).num_days());
    let rise = i128::from(after.value) - i128::from(before.value);
    let value = i128::from(before.value) + rise * gone / whole;
    i64::try_from(value).unwrap_or(after.value)
}

fn away_from_zero(number: i128, by: i128) -> i128 {
    let rest = i128::from(number % by != 0);
    number / by + rest * number.signum()
}
