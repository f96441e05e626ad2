//! Figures of the units above the villages, kept in memory between requests. A copy is used where the database says that its
//! period has not been recomputed since; so every server shows what is stored, however many there are.

use super::{App, AppResult};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zhenxing_domain::figure::Tally;
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::Level;
use zhenxing_storage::figure::{self, PeriodTallies, Shapes};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, rollup};

/// How many figures are kept at most: some forty megabytes.
const MOST: u64 = 400_000;
/// How many units and periods they belong to, as far as can be said beforehand.
const ITEMS: usize = 10_000;

/// What a unit has in a period.
#[derive(Debug)]
pub(crate) struct Copied {
    version: i64,
    /// By metric, in the order of their numbers.
    tallies: Vec<(MetricId, Tally)>,
}

impl Copied {
    /// The figure of a metric.
    pub(crate) fn get(&self, metric: MetricId) -> Option<&Tally> {
        let place = self.tallies.binary_search_by_key(&metric, |(id, _)| *id);
        let found = place.ok().and_then(|place| self.tallies.get(place));
        found.map(|(_, tally)| tally)
    }
}

/// Copies by period and unit.
pub(crate) type Copies = BTreeMap<(Period, UnitId), Arc<Copied>>;

#[derive(Clone)]
struct ByFigures;

impl Weighter<(Period, UnitId), Arc<Copied>> for ByFigures {
    fn weight(&self, _key: &(Period, UnitId), copied: &Arc<Copied>) -> u64 {
        u64::try_from(copied.tallies.len()).map_or(MOST, |figures| figures + 1)
    }
}

/// The copies of one server.
pub(crate) struct Kept(Cache<(Period, UnitId), Arc<Copied>, ByFigures>);

impl Default for Kept {
    fn default() -> Self {
        Self(Cache::with_weighter(ITEMS, MOST, ByFigures))
    }
}

impl Kept {
    /// What the units that the scope covers have in each of the periods: one statement, and one more for what is not kept or
    /// has changed.
    pub(crate) fn of(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        periods: &[Period],
        units: &[&Placed],
    ) -> AppResult<Copies> {
        if units.is_empty() {
            return Ok(Copies::new());
        }
        // The versions are read before the figures: what is recomputed in between is at worst read again the next time.
        let versions = rollup::versions(conn, periods)?;
        let seen = |unit: &&Placed| scope.covers(&unit.path, None, None);
        let units: Vec<&Placed> = units.iter().copied().filter(seen).collect();
        let mut copies = Copies::new();
        let mut missing: (BTreeSet<Period>, BTreeSet<UnitId>) = Default::default();
        for (period, version) in &versions {
            for unit in &units {
                let key = (*period, unit.id);
                match self.0.get(&key).filter(|kept| kept.version == *version) {
                    Some(kept) => drop(copies.insert(key, kept)),
                    None => {
                        missing.0.insert(*period);
                        missing.1.insert(unit.id);
                    }
                }
            }
        }
        if missing.0.is_empty() {
            return Ok(copies);
        }
        let periods: Vec<Period> = missing.0.into_iter().collect();
        let units: Vec<&Placed> = units
            .iter()
            .copied()
            .filter(|unit| missing.1.contains(&unit.id))
            .collect();
        let mut found = rollup::of_units(conn, scope, &periods, &units)?;
        for period in periods {
            for unit in &units {
                let key = (period, unit.id);
                let mut tallies = found.remove(&key).unwrap_or_default();
                tallies.sort_unstable_by_key(|(metric, _)| *metric);
                let version = versions.get(&period).copied().unwrap_or_default();
                let copied = Arc::new(Copied { version, tallies });
                self.0.insert(key, Arc::clone(&copied));
                copies.insert(key, copied);
            }
        }
        Ok(copies)
    }
}

impl App {
    /// The figures of the units that the scope covers: of villages from what they report, of those above from what is kept.
    pub(crate) fn tallies<'a>(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        periods: &[Period],
        shapes: &Shapes,
        units: impl IntoIterator<Item = &'a Placed>,
    ) -> AppResult<PeriodTallies> {
        let (villages, above) = split(units);
        let mut found = figure::tallies_of(conn, scope, periods, shapes, villages)?;
        for ((period, unit), copied) in self.kept.of(conn, scope, periods, &above)? {
            let asked = copied.tallies.iter();
            let asked = asked.filter(|(metric, _)| shapes.contains_key(metric));
            found.extend(asked.map(|(metric, tally)| ((period, unit, *metric), *tally)));
        }
        Ok(found)
    }
}

/// The villages, and the units above them.
pub(crate) fn split<'a>(
    units: impl IntoIterator<Item = &'a Placed>,
) -> (Vec<&'a Placed>, Vec<&'a Placed>) {
    let village = |unit: &&Placed| unit.level == Level::Village;
    units.into_iter().partition(village)
}
