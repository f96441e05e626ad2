//! How matters stand: the figures of each against the path to what is asked of the unit.

use super::course::{PERIODS, standing_view};
use super::figure::value;
use super::target::own_targets;
use super::{App, AppResult};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::course::Standing;
use zhenxing_domain::course::{Path, Point};
use zhenxing_domain::figure::Tally;
use zhenxing_domain::ids::MetricId;
use zhenxing_domain::package::{FormDef, MetricDef};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_storage::figure::{PeriodTallies, Shapes};
use zhenxing_storage::target::Target;
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, target};

/// How the matters of a unit stand, by their codes; a matter that nothing is asked of, or that has no figure, is left out.
pub(crate) type MatterStandings = BTreeMap<String, Standing>;

impl App {
    /// How the matters of a unit stand by their figures until a day: the worst of their metrics counts. What else speaks of
    /// a matter, such as its tasks, is joined by [`worse`].
    pub(crate) fn matter_standings(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        unit: &Placed,
        until: NaiveDate,
    ) -> AppResult<MatterStandings> {
        let system = Scope::bypass_for_system_work();
        let held = target::of_line(conn, &system, unit, None)?;
        let mut asked: Vec<(&MetricDef, MetricId, Vec<Period>)> = Vec::new();
        for metric in self.active_metrics() {
            let seen = !scope.for_matter(&metric.matter).parts().is_empty();
            if let (true, Ok((_, form, id))) = (seen, self.active_metric(&metric.code)) {
                let own = own_targets(metric, unit, id, &held);
                if !self.asked_of(metric, unit.level, &own).is_empty() {
                    asked.push((metric, id, ends(self.over(form, until))));
                }
            }
        }
        let periods: BTreeSet<Period> = asked.iter().flat_map(|row| row.2.clone()).collect();
        let periods: Vec<Period> = periods.into_iter().collect();
        let ids: Vec<MetricId> = asked.iter().map(|row| row.1).collect();
        let shapes = self.shapes.iter();
        let shapes: Shapes = shapes
            .filter(|(id, _)| ids.contains(id))
            .map(|(id, shape)| (*id, shape.clone()))
            .collect();
        // The unit is one that the asker may see by today's tree; in past periods it may have stood elsewhere.
        let one = std::slice::from_ref(unit);
        let tallies = self.tallies(conn, &system, &periods, &shapes, one)?;
        let mut found = MatterStandings::new();
        for (metric, id, periods) in &asked {
            let points = periods.iter().rev();
            let points = points.filter_map(|period| point(metric, *id, unit, *period, &tallies));
            let own = own_targets(metric, unit, *id, &held);
            if let Some(standing) = self.judged(metric, unit, &own, points.collect()) {
                worse(&mut found, &metric.matter, standing);
            }
        }
        Ok(found)
    }

    /// How a figure of a unit stands; nothing without a path or a figure.
    pub(crate) fn judged(
        &self,
        metric: &MetricDef,
        unit: &Placed,
        held: &[&Target],
        points: Vec<Point>,
    ) -> Option<Standing> {
        let asked = self.asked_of(metric, unit.level, held);
        let path = Path::of_points(asked, points.first().copied())?;
        let last = points.last()?;
        Some(standing_view(path.standing(*last)).0)
    }

    /// The periods of a form that are over by a day and by today, latest first, as many as a course shows.
    pub(crate) fn over(&self, form: &FormDef, until: NaiveDate) -> Vec<Period> {
        let today = self.clock.today();
        let over = |period: &Period| period.last_day() < today && period.last_day() <= until;
        let all = self.periods(form).into_iter();
        all.filter(over).take(PERIODS).collect()
    }
}

/// How many periods are looked at from either end: the first figure and the latest are among them unless many are missing.
const ENDS: usize = 3;

/// The first and the latest of periods: a standing needs no more of a course than where it set out and where it is.
fn ends(mut latest_first: Vec<Period>) -> Vec<Period> {
    if latest_first.len() > 2 * ENDS {
        let begin = latest_first.len() - ENDS;
        latest_first.drain(ENDS..begin);
    }
    latest_first
}

/// The figure of a period as a point of a course.
pub(crate) fn point(
    metric: &MetricDef,
    id: MetricId,
    unit: &Placed,
    period: Period,
    tallies: &PeriodTallies,
) -> Option<Point> {
    let tally: Tally = *tallies.get(&(period, unit.id, id))?;
    let value = value(metric, tally).filter(|_| tally.approved_units > 0)?;
    Some(Point {
        day: period.last_day(),
        value,
    })
}

/// Joins what is known of a matter: the worse counts.
pub(crate) fn worse(all: &mut MatterStandings, matter: &str, standing: Standing) {
    let rank = |standing: Standing| match standing {
        Standing::Reached => 0,
        Standing::OnCourse => 1,
        Standing::Behind => 2,
        Standing::Missed => 3,
    };
    let held = all.entry(matter.to_owned()).or_insert(standing);
    if rank(standing) > rank(*held) {
        *held = standing;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_course_is_looked_at_from_its_ends() {
        let period = |text: &str| Period::parse(text).unwrap();
        let months: Vec<Period> = (1..=9)
            .map(|month| period(&format!("2025-0{month}")))
            .rev()
            .collect();
        let kept: Vec<String> = ends(months).iter().map(Period::to_string).collect();
        assert_eq!(
            kept,
            [
                "2025-09", "2025-08", "2025-07", "2025-03", "2025-02", "2025-01"
            ]
        );
    }

    #[test]
    fn the_worst_of_a_matter_counts() {
        let mut all = MatterStandings::new();
        for (matter, standing) in [
            ("M12", Standing::Reached),
            ("M12", Standing::Missed),
            ("M12", Standing::OnCourse),
            ("M08", Standing::Behind),
        ] {
            worse(&mut all, matter, standing);
        }
        assert_eq!(all.get("M12"), Some(&Standing::Missed));
        assert_eq!(all.get("M08"), Some(&Standing::Behind));
    }
}
