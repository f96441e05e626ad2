//! Figures that are derived from ledgers: which of them a changed record touches, and deriving them anew.

use super::{App, AppResult};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::figure::Measure;
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::package::{
    AppliesTo, Derivation, FormDef, MetricDef, MetricKind, MetricSource, MetricStatus, Moment,
    Package, Schedule,
};
use zhenxing_domain::period::{Cadence, Period};
use zhenxing_domain::policy::Scope;
use zhenxing_domain::record::{Change, Days, Look, Need, Reach, derive, needs, reaches};
use zhenxing_domain::unit::Level;
use zhenxing_storage::derived::{self, Wanted};
use zhenxing_storage::figure::{self, Observation, Observed};
use zhenxing_storage::record_look::{OnDay, Records};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, ledger_tally, placement, record_former};

/// How many figures are derived in one transaction.
const BATCH: i64 = 1_000;

/// A metric that is derived.
#[derive(Debug, Clone)]
pub(crate) struct Derived {
    id: MetricId,
    matter: String,
    level: Level,
    kind: MetricKind,
    text: String,
    numerator: Derivation,
    denominator: Option<Derivation>,
    needs: Vec<Need>,
}

/// A figure as it was derived.
struct Measured {
    metric: MetricId,
    level: Level,
    unit: UnitId,
    period: Period,
    measure: Option<Measure>,
}

/// How figures are derived, by metric and by the ledgers into which they look.
#[derive(Debug, Clone, Default)]
pub(crate) struct Derivations {
    metrics: BTreeMap<MetricId, Derived>,
    reaches: BTreeMap<String, Vec<(MetricId, Vec<Reach>)>>,
    rounds: BTreeMap<String, FormDef>,
}

impl Derivations {
    /// Those of the active metrics of a package.
    pub(crate) fn of(package: &Package, numbers: &BTreeMap<String, MetricId>) -> Derivations {
        let mut found = Derivations::default();
        let active = package.metrics.iter();
        for metric in active.filter(|metric| metric.status == MetricStatus::Active) {
            let Some(id) = numbers.get(&metric.code) else {
                continue;
            };
            if let Some(one) = Derived::of(*id, metric) {
                found.add(package, one);
            }
        }
        found
    }

    fn add(&mut self, package: &Package, one: Derived) {
        let sides = || std::iter::once(&one.numerator).chain(&one.denominator);
        let ledgers: BTreeSet<String> = sides().flat_map(Derivation::ledgers).collect();
        for ledger in ledgers {
            let ways = sides().flat_map(|side| reaches(side, &ledger)).collect();
            let own = self.reaches.entry(ledger).or_default();
            own.push((one.id, ways));
        }
        if let Some(round) = round(package, &one.matter) {
            self.rounds.insert(one.matter.clone(), round);
        }
        self.metrics.insert(one.id, one);
    }

    /// The metrics.
    pub(crate) fn ids(&self) -> Vec<MetricId> {
        self.metrics.keys().copied().collect()
    }

    /// The round by whose periods the derived metrics of a matter go.
    pub(crate) fn round(&self, matter: &str) -> Option<&FormDef> {
        self.rounds.get(matter)
    }
}

impl Derived {
    fn of(id: MetricId, metric: &MetricDef) -> Option<Derived> {
        let MetricSource::Derived {
            numerator: Some(numerator),
            denominator,
            text,
            ..
        } = &metric.source
        else {
            return None;
        };
        let sides = std::iter::once(numerator).chain(denominator);
        Some(Derived {
            id,
            matter: metric.matter.clone(),
            level: metric.applies_to.level,
            kind: metric.kind,
            text: text.clone(),
            numerator: numerator.clone(),
            denominator: denominator.clone(),
            needs: sides.flat_map(needs).collect(),
        })
    }

    /// The ledgers from which it selects.
    fn ledgers(&self) -> BTreeSet<&str> {
        let needs = self.needs.iter();
        needs.map(|need| need.ledger.as_str()).collect()
    }

    fn selects(&self, ledger: &str) -> bool {
        self.needs.iter().any(|need| need.ledger == ledger)
    }

    /// What a unit has; nothing where it holds no record that the metric looks at, or a share has nothing to be one of.
    fn measure(&self, unit: UnitId, days: &Days, records: &OnDay<'_>) -> Option<Measure> {
        let holds = |need: &Need| !records.held(&need.ledger, unit).is_empty();
        if !self.needs.iter().any(holds) {
            return None;
        }
        let numerator = derive(&self.numerator, unit, days, records)?;
        let denominator = match &self.denominator {
            Some(below) => derive(below, unit, days, records)?,
            None => 1,
        };
        let empty = self.kind == MetricKind::Ratio && denominator == 0;
        (!empty).then_some(Measure {
            numerator,
            denominator,
        })
    }
}

/// A derived metric goes by the periods of its matter, from the plan's first year on. Nothing of it is ever due.
fn round(package: &Package, matter: &str) -> Option<FormDef> {
    let found = package.matter(matter)?;
    let cadence = found.cadence.unwrap_or(Cadence::Yearly);
    let never = chrono::NaiveDate::from_ymd_opt(2999, 12, 31)?;
    let everyone = AppliesTo {
        level: Level::Village,
        kinds: Vec::new(),
        tags: Vec::new(),
    };
    let after = Moment::AfterEnd { days: 1 };
    Some(FormDef {
        code: String::new(),
        matter: matter.to_owned(),
        name_zh: found.name_zh.clone(),
        name_en: found.name_en.clone(),
        cadence,
        from: None,
        first_period: Period::containing(package.programme.valid_from, cadence).ok()?,
        last_period: None,
        historical_until: Period::containing(never, cadence).ok(),
        applies_to: everyone,
        fill_levels: Vec::new(),
        check_level: None,
        approve_level: Level::City,
        sections: Vec::new(),
        rules: Vec::new(),
        settings: Vec::new(),
        schedule: Schedule {
            opens: after,
            fill_due: after,
            check_due: None,
            approve_due: after,
        },
        explanation_max_len: 0,
    })
}

impl App {
    /// Queues the figures that changed records of a ledger touch.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn queue_derived(
        &self,
        conn: &mut Conn,
        ledger: &str,
        changes: &[Change<'_>],
    ) -> AppResult<()> {
        let Some(reaches) = self.derivations.reaches.get(ledger) else {
            return Ok(());
        };
        let merged = record_former::any(conn)?;
        let mut wanted = self.first_and_last(conn, ledger, changes, merged)?;
        for (metric, reaches) in reaches {
            let periods = self.derived_periods(*metric);
            for reach in reaches {
                let shown = changes.iter().map(|change| {
                    let periods = reach.periods(*change, &periods);
                    (*change, periods)
                });
                let shown = shown.filter(|(_, periods)| !periods.is_empty());
                let (changes, shown): (Vec<Change<'_>>, Vec<Vec<Period>>) = shown.unzip();
                if changes.is_empty() {
                    continue;
                }
                let units = derived::units(conn, &reach.way, &changes, merged)?;
                for (units, shown) in units.into_iter().zip(shown) {
                    for unit in units {
                        wanted.extend(shown.iter().map(|period| (*period, *metric, unit)));
                    }
                }
            }
        }
        if !wanted.is_empty() {
            derived::queue(conn, &wanted)?;
        }
        Ok(())
    }

    /// The figures, in every period, of units that hold some record now and held none, or the other way round: without a
    /// record a unit has no figure, with one that does not count it may have nought. The counts are those after the changes.
    fn first_and_last(
        &self,
        conn: &mut Conn,
        ledger: &str,
        changes: &[Change<'_>],
        merged: bool,
    ) -> AppResult<BTreeSet<Wanted>> {
        let mut wanted = match merged {
            true => self.since_when(conn, ledger, changes)?,
            false => BTreeSet::new(),
        };
        let mut gained: BTreeMap<UnitId, i64> = BTreeMap::new();
        for change in changes {
            if let Some(before) = change.before {
                *gained.entry(before.unit).or_default() -= 1;
            }
            if let Some(after) = change.after {
                *gained.entry(after.unit).or_default() += 1;
            }
        }
        gained.retain(|_, by| *by != 0);
        let metrics = self.derivations.metrics.values();
        let metrics: Vec<&Derived> = metrics.filter(|one| one.selects(ledger)).collect();
        if gained.is_empty() || metrics.is_empty() {
            return Ok(wanted);
        }
        let units: Vec<UnitId> = gained.keys().copied().collect();
        let ledgers: BTreeSet<&str> = metrics.iter().flat_map(|one| one.ledgers()).collect();
        let ledgers: Vec<&str> = ledgers.into_iter().collect();
        let held = derived::holdings(conn, &ledgers, &units)?;
        for one in metrics {
            for (unit, by) in &gained {
                let own = one.ledgers().into_iter();
                let own = own.filter_map(|ledger| held.get(&(ledger.to_owned(), *unit)));
                let now: i64 = own.sum();
                if (now == 0) != (now == *by) {
                    let periods = self.derived_periods(one.id).into_iter();
                    wanted.extend(periods.map(|period| (period, one.id, *unit)));
                }
            }
        }
        Ok(wanted)
    }

    /// The figures, in every period, of units that hold or held records that were merged, where one came or went: who held
    /// some record differs from period to period there, and counts of today do not tell it.
    fn since_when(
        &self,
        conn: &mut Conn,
        ledger: &str,
        changes: &[Change<'_>],
    ) -> AppResult<BTreeSet<Wanted>> {
        let mut ids = Vec::new();
        let mut now: Vec<(i64, UnitId)> = Vec::new();
        for change in changes {
            let (before, after) = (change.before, change.after);
            if before.map(|one| one.unit) == after.map(|one| one.unit) {
                continue;
            }
            for one in before.into_iter().chain(after) {
                ids.push(one.id);
                now.push((one.id, one.unit));
            }
        }
        let metrics = self.derivations.metrics.values();
        let metrics: Vec<&Derived> = metrics.filter(|one| one.selects(ledger)).collect();
        if ids.is_empty() || metrics.is_empty() {
            return Ok(BTreeSet::new());
        }
        let spans = record_former::spans(conn, &ids)?;
        let mut units: BTreeSet<UnitId> = spans.values().flatten().map(|one| one.1).collect();
        let moved = now.iter().filter(|(id, _)| spans.contains_key(id));
        units.extend(moved.map(|(_, unit)| *unit));
        let ledgers: BTreeSet<&str> = metrics.iter().flat_map(|one| one.ledgers()).collect();
        let ledgers: Vec<&str> = ledgers.into_iter().collect();
        let now: BTreeSet<UnitId> = now.into_iter().map(|(_, unit)| unit).collect();
        let now: Vec<UnitId> = now.into_iter().collect();
        units.extend(record_former::heirs(conn, &ledgers, &now)?);
        let mut wanted = BTreeSet::new();
        for one in metrics {
            for period in self.derived_periods(one.id) {
                wanted.extend(units.iter().map(|unit| (period, one.id, *unit)));
            }
        }
        Ok(wanted)
    }

    /// Queues the figures of two units, from a day on, that are derived from ledgers of which records went from one to the other.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn queue_handed_over<'a>(
        &self,
        conn: &mut Conn,
        ledgers: impl Iterator<Item = &'a String>,
        units: [UnitId; 2],
        from: chrono::NaiveDate,
    ) -> AppResult<()> {
        let mut wanted = BTreeSet::new();
        let reaches = ledgers.filter_map(|ledger| self.derivations.reaches.get(ledger));
        for (metric, _) in reaches.flatten() {
            let periods = self.derived_periods(*metric).into_iter();
            for period in periods.filter(|period| period.last_day() >= from) {
                wanted.extend(units.map(|unit| (period, *metric, unit)));
            }
        }
        if !wanted.is_empty() {
            derived::queue(conn, &wanted)?;
        }
        Ok(())
    }

    /// The periods that a derived metric has had so far.
    fn derived_periods(&self, metric: MetricId) -> Vec<Period> {
        let round = self
            .derivations
            .metrics
            .get(&metric)
            .and_then(|one| self.derivations.round(&one.matter));
        round.map_or_else(Vec::new, |round| self.periods(round))
    }

    /// Opens the periods that have come for derived metrics, and those whose definition has changed: their expected units
    /// stand in the figures, and what is derived is derived anew.
    ///
    /// # Errors
    /// What the database says.
    pub fn open_derived(&self) -> AppResult<usize> {
        let known = self.db.read(derived::periods)?;
        let known: BTreeMap<(MetricId, Period), String> = known
            .into_iter()
            .map(|(metric, period, text)| ((metric, period), text))
            .collect();
        let mut opened = 0;
        for one in self.derivations.metrics.values() {
            for period in self.derived_periods(one.id) {
                if known.get(&(one.id, period)) == Some(&one.text) {
                    continue;
                }
                self.db.write(|conn| self.open_one(conn, one, period))?;
                opened += 1;
            }
        }
        Ok(opened)
    }

    fn open_one(&self, conn: &mut Conn, one: &Derived, period: Period) -> AppResult<()> {
        let inner = super::setup::inner_units(conn, period.last_day())?;
        figure::queue(conn, &[period], &[one.id], &inner, self.clock.now())?;
        let ledgers: Vec<&str> = one.ledgers().into_iter().collect();
        let units = ledger_tally::holders(conn, &ledgers)?;
        let wanted = units.into_iter().map(|unit| (period, one.id, unit));
        derived::queue(conn, &wanted.collect())?;
        derived::note_period(conn, one.id, period, &one.text)?;
        Ok(())
    }

    /// Queues units for every derived metric and every period whose tree a change from that day on touches.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn fold_derived_since(
        &self,
        conn: &mut Conn,
        from: chrono::NaiveDate,
        units: &[UnitId],
    ) -> AppResult<()> {
        let mut since: BTreeMap<Period, Vec<MetricId>> = BTreeMap::new();
        for (metric, period, _) in derived::periods(conn)? {
            if period.last_day() >= from && self.derivations.metrics.contains_key(&metric) {
                since.entry(period).or_default().push(metric);
            }
        }
        for (period, metrics) in since {
            figure::queue(conn, &[period], &metrics, units, self.clock.now())?;
        }
        Ok(())
    }

    /// Derives until nothing waits; returns how many rows it took. Records are read and figures derived outside the
    /// transaction that writes them, so that the embedded database's one writer does not wait for it; what changes meanwhile
    /// is in the queue again.
    ///
    /// # Errors
    /// What the database says.
    pub fn derive_all(&self) -> AppResult<usize> {
        let mut total = 0;
        loop {
            let waiting = self.db.read(|conn| derived::waiting(conn, BATCH))?;
            if waiting.ids.is_empty() {
                return Ok(total);
            }
            let measured = self.db.read(|conn| self.measured(conn, &waiting.wanted))?;
            let kept = |conn: &mut Conn| self.keep_measured(conn, &waiting.ids, measured);
            if self.db.write(kept)? {
                total += waiting.ids.len();
            }
        }
    }

    /// What the figures are by the records as they stand; those of several metrics are read once.
    fn measured(&self, conn: &mut Conn, wanted: &BTreeSet<Wanted>) -> AppResult<Vec<Measured>> {
        let mut by_metric: BTreeMap<MetricId, BTreeMap<UnitId, BTreeSet<Period>>> = BTreeMap::new();
        for (period, metric, unit) in wanted {
            let units = by_metric.entry(*metric).or_default();
            units.entry(*unit).or_default().insert(*period);
        }
        let mut records = Records::over_time(conn)?;
        let mut all = Vec::new();
        for (metric, units) in by_metric {
            let Some(one) = self.derivations.metrics.get(&metric) else {
                continue;
            };
            let ids: Vec<UnitId> = units.keys().copied().collect();
            for need in &one.needs {
                records.read_held(conn, need, &ids)?;
            }
            for (unit, periods) in units {
                all.extend(periods.into_iter().map(|period| Measured {
                    metric,
                    level: one.level,
                    unit,
                    period,
                    measure: one.measure(unit, &Days::of(period), &records.on(period.last_day())),
                }));
            }
        }
        Ok(all)
    }

    /// Writes what was derived, unless somebody else derived some of it meanwhile; says whether it did.
    fn keep_measured(
        &self,
        conn: &mut Conn,
        waiting: &[i64],
        measured: Vec<Measured>,
    ) -> AppResult<bool> {
        if !derived::take(conn, waiting)? {
            return Ok(false);
        }
        let ids: BTreeSet<UnitId> = measured.iter().map(|one| one.unit).collect();
        let ids: Vec<UnitId> = ids.into_iter().collect();
        let system = Scope::bypass_for_system_work();
        let placed = placement::last_by_ids(conn, &system, &ids, self.clock.today())?;
        let placed: BTreeMap<UnitId, Placed> =
            placed.into_iter().map(|unit| (unit.id, unit)).collect();
        let observed = measured.into_iter().filter_map(|one| {
            let unit = placed.get(&one.unit)?;
            let seen = Observed {
                approved: one.measure,
                pending: None,
            };
            (unit.level == one.level).then(|| Observation {
                unit: unit.clone(),
                period: one.period,
                observed: [(one.metric, seen)].into(),
            })
        });
        figure::observe(conn, &observed.collect::<Vec<_>>(), self.clock.now())?;
        Ok(true)
    }
}
