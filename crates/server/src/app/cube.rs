//! Metrics × units × periods, and the figures between them: what is stored is held as it was read, and each cell is made when
//! it is asked for.

use super::figure::Spans;
use super::kept::{Copied, split};
use super::{App, AppError, AppResult};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zhenxing_domain::figure::Tally;
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::package::MetricDef;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::Level;
use zhenxing_storage::Conn;
use zhenxing_storage::figure::{self, Shapes};
use zhenxing_storage::unit::Placed;

/// The figures of an answer with what they were made from, for those who go on to write them into a file.
pub(crate) struct Cube<'a> {
    pub above: Option<Placed>,
    pub ancestors: Vec<Placed>,
    pub metrics: Vec<Row<'a>>,
    pub units: Vec<Placed>,
    pub periods: Vec<Period>,
    /// Unit by unit.
    pub stored: Vec<StoredUnit>,
    pub left_out: Vec<String>,
    pub as_of: chrono::DateTime<chrono::Utc>,
}

/// A metric of an answer.
pub(crate) struct Row<'a> {
    pub metric: &'a MetricDef,
    pub id: MetricId,
    /// The units at which the asker sees it; nothing where he sees it at all.
    pub mask: Option<BTreeSet<UnitId>>,
    /// Of each period, which stored periods make its figure; nothing where none can.
    pub places: Vec<Option<Vec<usize>>>,
}

/// What is stored of a unit, period by period.
pub(crate) struct StoredUnit(Vec<Stored>);

/// What is stored of a unit in a period.
enum Stored {
    /// What a village reports.
    Own(BTreeMap<MetricId, Tally>),
    /// What stands at a unit above.
    Kept(Option<Arc<Copied>>),
}

impl Cube<'_> {
    /// How many cells there are.
    pub(crate) fn cells(&self) -> usize {
        self.metrics.len() * self.units.len() * self.periods.len()
    }

    /// Goes through the cells in their order: metric by metric, in it unit by unit, in it period by period.
    pub(crate) fn each(
        &self,
        mut visit: impl FnMut(&MetricDef, &Placed, Option<Tally>),
    ) -> AppResult<()> {
        for row in &self.metrics {
            for (unit, stored) in self.units.iter().zip(&self.stored) {
                let seen = row.mask.as_ref().is_none_or(|mask| mask.contains(&unit.id));
                for places in &row.places {
                    let places = places.as_ref().filter(|_| seen);
                    let sum = places
                        .map(|places| stored.sum(places, row.id))
                        .transpose()?;
                    visit(row.metric, unit, sum.filter(|tally| !tally.is_empty()));
                }
            }
        }
        Ok(())
    }
}

impl StoredUnit {
    /// A metric over the periods at these places.
    fn sum(&self, places: &[usize], metric: MetricId) -> AppResult<Tally> {
        let found = places.iter().filter_map(|place| match self.0.get(*place)? {
            Stored::Own(figures) => figures.get(&metric),
            Stored::Kept(copied) => copied.as_ref()?.get(metric),
        });
        let sum = { found }.try_fold(Tally::default(), |sum, tally| sum.checked_add(*tally));
        sum.map_err(|error| AppError::Internal(error.to_string()))
    }
}

/// Where the periods that make a cell stand among those that are stored.
pub(crate) fn places(stored: &[Period], spans: &Spans) -> Vec<usize> {
    let place = |period: &Period| stored.binary_search(period).ok();
    spans.now.iter().filter_map(place).collect()
}

impl App {
    /// What is stored of the units in the periods. They are those that the asker may see by today's tree; on the periods' trees
    /// they may have stood elsewhere.
    pub(super) fn stored(
        &self,
        conn: &mut Conn,
        metrics: &BTreeSet<MetricId>,
        periods: &[Period],
        units: &[Placed],
    ) -> AppResult<Vec<StoredUnit>> {
        let system = Scope::bypass_for_system_work();
        let (villages, above) = split(units);
        let copies = self.kept.of(conn, &system, periods, &above)?;
        let shapes = self.shapes.iter().filter(|(id, _)| metrics.contains(id));
        let shapes: Shapes = shapes.map(|(id, shape)| (*id, shape.clone())).collect();
        let mut own = figure::tallies_of(conn, &system, periods, &shapes, villages)?;
        let mut in_period = |unit: &Placed, period: Period| match unit.level {
            Level::Village => {
                let figures = metrics
                    .iter()
                    .filter_map(|metric| Some((*metric, own.remove(&(period, unit.id, *metric))?)));
                Stored::Own(figures.collect())
            }
            _ => Stored::Kept(copies.get(&(period, unit.id)).cloned()),
        };
        let mut of_unit = |unit: &Placed| {
            let all = periods.iter().map(|period| in_period(unit, *period));
            StoredUnit(all.collect())
        };
        Ok(units.iter().map(&mut of_unit).collect())
    }
}
