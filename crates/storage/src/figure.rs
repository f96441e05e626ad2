//! Observations and the figures of the units above them.
//!
//! A figure above is recomputed from the figures directly below it, never changed by a difference. So folding twice
//! changes nothing, and what is folded late is folded right.

use crate::db::Conn;
use crate::dialect::{Column, Dialect, Lock};
use crate::error::StorageError;
use crate::failpoint::Failpoint;
use crate::rollup;
use crate::sql::{Statement, sql};
use crate::unit::{self, Placed};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::figure::{Measure, Tally};
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::package::AppliesTo;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::Level;

/// How many figures one statement takes.
const BATCH: usize = 5_000;

/// Which units are expected to have each metric.
pub type Shapes = BTreeMap<MetricId, AppliesTo>;

/// What one unit reports for one metric: the approved and the waiting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Observed {
    /// What is approved.
    pub approved: Option<Measure>,
    /// What waits for approval.
    pub pending: Option<Measure>,
}

/// What one unit reports for a period, by metric.
#[derive(Debug, Clone)]
pub struct Observation {
    /// The unit where it stands today.
    pub unit: Placed,
    /// The period.
    pub period: Period,
    /// What it reports.
    pub observed: BTreeMap<MetricId, Observed>,
}

/// Writes what units report and queues the units above them.
///
/// # Errors
/// What the database says.
pub fn observe(conn: &mut Conn, all: &[Observation], now: i64) -> Result<(), StorageError> {
    record(conn, all)?;
    let mut queued = Vec::new();
    for one in all {
        for metric in one.observed.keys() {
            queued.push(serde_json::json!([
                one.period.key(),
                metric.0,
                one.unit.id.0,
                now
            ]));
        }
    }
    queue_rows(conn, &queued)
}

/// Writes what units report and queues nothing: for many at once, whose units above the caller queues.
///
/// # Errors
/// What the database says.
pub fn record(conn: &mut Conn, all: &[Observation]) -> Result<(), StorageError> {
    let number = |measure: Option<Measure>| measure.map(|measure| measure.numerator);
    let over = |measure: Option<Measure>| measure.map(|measure| measure.denominator);
    let mut rows = Vec::new();
    for one in all {
        for (metric, seen) in &one.observed {
            rows.push(serde_json::json!([
                one.period.key(),
                metric.0,
                one.unit.id.0,
                one.unit.home_shard,
                number(seen.approved),
                over(seen.approved),
                number(seen.pending),
                over(seen.pending)
            ]));
        }
    }
    let big = Column::Big;
    let columns = [Column::Int, big, big, big, big, big, big, big];
    let dialect = conn.dialect();
    for part in rows.chunks(BATCH) {
        conn.run(
            sql("INSERT INTO observation (period, metric_id, unit_id, home_shard, approved_num, approved_den, pending_num, pending_den) ")
                .rows_of(dialect, &columns, &serde_json::Value::from(part))
                .then(" ON CONFLICT (period, metric_id, unit_id, home_shard) DO UPDATE SET \
                       approved_num = excluded.approved_num, approved_den = excluded.approved_den, \
                       pending_num = excluded.pending_num, pending_den = excluded.pending_den"),
        )?;
    }
    Ok(())
}

/// Queues units whose figures, and those above them, are to be recomputed.
///
/// # Errors
/// What the database says.
pub fn queue(
    conn: &mut Conn,
    periods: &[Period],
    metrics: &[MetricId],
    units: &[UnitId],
    now: i64,
) -> Result<(), StorageError> {
    let mut rows = Vec::new();
    for period in periods {
        for metric in metrics {
            for unit in units {
                rows.push(serde_json::json!([period.key(), metric.0, unit.0, now]));
            }
        }
    }
    queue_rows(conn, &rows)
}

fn queue_rows(conn: &mut Conn, rows: &[serde_json::Value]) -> Result<(), StorageError> {
    let dialect = conn.dialect();
    for part in rows.chunks(BATCH) {
        conn.run(
            sql("INSERT INTO rollup_queue (period, metric_id, unit_id, queued_at) ").rows_of(
                dialect,
                &[Column::Int, Column::Big, Column::Big, Column::Big],
                &serde_json::Value::from(part),
            ),
        )?;
    }
    Ok(())
}

#[derive(Queryable)]
struct Queued {
    id: i64,
    period: i32,
    metric: i64,
    unit: i64,
}

/// Claims at most so many queued rows and recomputes what they touch; returns how many rows it took.
///
/// # Errors
/// What the database says, or [`StorageError::Overflow`].
pub fn fold(conn: &mut Conn, shapes: &Shapes, limit: i64) -> Result<usize, StorageError> {
    conn.lock(Lock::Fold)?;
    let queued = conn.rows::<(BigInt, Integer, BigInt, BigInt), Queued>(
        sql("SELECT id, period, metric_id, unit_id FROM rollup_queue ORDER BY id LIMIT ")
            .big(limit),
    )?;
    if queued.is_empty() {
        return Ok(0);
    }
    crate::reach(Failpoint::FoldClaimed);
    let mut work: BTreeMap<i32, (BTreeSet<MetricId>, BTreeSet<UnitId>)> = BTreeMap::new();
    for row in &queued {
        let (metrics, units) = work.entry(row.period).or_default();
        metrics.insert(MetricId(row.metric));
        units.insert(UnitId(row.unit));
    }
    rollup::raise(conn, work.keys().copied())?;
    for (key, (metrics, units)) in work {
        let period = period_of(key)?;
        let shapes: Shapes = shapes
            .iter()
            .filter(|(metric, _)| metrics.contains(metric))
            .map(|(metric, shape)| (*metric, shape.clone()))
            .collect();
        recompute(conn, period, &shapes, &units)?;
    }
    crate::reach(Failpoint::FoldRecomputed);
    let ids: Vec<i64> = queued.iter().map(|row| row.id).collect();
    let dialect = conn.dialect();
    conn.run(sql("DELETE FROM rollup_queue WHERE id").among(dialect, &ids))?;
    crate::reach(Failpoint::FoldDeleted);
    Ok(ids.len())
}

/// Recomputes the units and all above them, from the bottom up.
fn recompute(
    conn: &mut Conn,
    period: Period,
    shapes: &Shapes,
    units: &BTreeSet<UnitId>,
) -> Result<(), StorageError> {
    let day = period.last_day();
    let system = Scope::bypass_for_system_work();
    let wanted: Vec<UnitId> = units.iter().copied().collect();
    let placed = unit::by_ids(conn, &system, &wanted, day)?;
    let standing: BTreeSet<UnitId> = placed.iter().map(|unit| unit.id).collect();
    let gone: Vec<i64> = units.difference(&standing).map(|unit| unit.0).collect();
    drop_figures(conn, period, shapes, &gone)?;
    let lines: BTreeSet<UnitId> = placed.iter().flat_map(Placed::lineage).collect();
    let lines: Vec<UnitId> = lines.into_iter().collect();
    let all = unit::by_ids(conn, &system, &lines, day)?;
    for level in [Level::Township, Level::County, Level::City] {
        let group: Vec<Placed> = all
            .iter()
            .filter(|unit| unit.level == level)
            .cloned()
            .collect();
        if !group.is_empty() {
            recompute_group(conn, period, shapes, &group)?;
        }
    }
    Ok(())
}

fn recompute_group(
    conn: &mut Conn,
    period: Period,
    shapes: &Shapes,
    group: &[Placed],
) -> Result<(), StorageError> {
    let system = Scope::bypass_for_system_work();
    let parents: Vec<UnitId> = group.iter().map(|unit| unit.id).collect();
    let level = group.first().map(|unit| unit.level);
    let reaches_below = shapes.values().any(|shape| Some(shape.level) > level);
    let below = if reaches_below {
        unit::children(conn, &system, &parents, period.last_day())?
    } else {
        Vec::new()
    };
    let metrics: Vec<MetricId> = shapes.keys().copied().collect();
    let mut own: Vec<UnitId> = parents;
    own.extend(
        below
            .iter()
            .filter(|unit| is_leaf(unit))
            .map(|unit| unit.id),
    );
    let observed = observations(conn, period, &metrics, &own)?;
    let inner: Vec<UnitId> = below
        .iter()
        .filter(|unit| !is_leaf(unit))
        .map(|unit| unit.id)
        .collect();
    let stored = of_one(stored(conn, &[period], &metrics, &inner)?);
    let mut below_of: BTreeMap<UnitId, Vec<&Placed>> = BTreeMap::new();
    for unit in &below {
        if let Some(parent) = unit.parent {
            below_of.entry(parent).or_default().push(unit);
        }
    }
    let mut rows = Vec::new();
    for parent in group {
        for (metric, shape) in shapes {
            let seen = |unit: &Placed| {
                observed
                    .get(&(unit.id, *metric))
                    .copied()
                    .unwrap_or_default()
            };
            let mut tally = own_tally(parent, shape, seen(parent));
            for child in below_of.get(&parent.id).into_iter().flatten() {
                let part = if is_leaf(child) {
                    own_tally(child, shape, seen(child))
                } else {
                    stored
                        .get(&(child.id, *metric))
                        .copied()
                        .unwrap_or_default()
                };
                tally = tally.checked_add(part)?;
            }
            rows.push(rollup_row(parent, period, *metric, tally));
        }
    }
    store(conn, &rows)
}

fn is_leaf(unit: &Placed) -> bool {
    unit.level == Level::Village
}

type Observations = BTreeMap<(UnitId, MetricId), Observed>;

/// What the unit itself adds: what it reports, and whether it is expected to.
fn own_tally(unit: &Placed, shape: &AppliesTo, seen: Observed) -> Tally {
    if !shape.includes(unit.kind) {
        return Tally::default();
    }
    Tally {
        approved: seen.approved.unwrap_or_default(),
        pending: seen.pending.unwrap_or_default(),
        approved_units: i64::from(seen.approved.is_some()),
        pending_units: i64::from(seen.pending.is_some()),
        expected_units: 1,
    }
}

fn rollup_row(unit: &Placed, period: Period, metric: MetricId, tally: Tally) -> serde_json::Value {
    serde_json::json!([
        unit.parent.map_or(0, |parent| parent.0),
        period.key(),
        metric.0,
        unit.id.0,
        tally.approved.numerator,
        tally.approved.denominator,
        tally.pending.numerator,
        tally.pending.denominator,
        tally.approved_units,
        tally.pending_units,
        tally.expected_units
    ])
}

fn store(conn: &mut Conn, rows: &[serde_json::Value]) -> Result<(), StorageError> {
    let big = Column::Big;
    let columns = [
        big,
        Column::Int,
        big,
        big,
        big,
        big,
        big,
        big,
        big,
        big,
        big,
    ];
    let dialect = conn.dialect();
    for part in rows.chunks(500) {
        conn.run(
            sql("INSERT INTO rollup (parent_id, period, metric_id, unit_id, approved_num, approved_den, pending_num, pending_den, approved_units, pending_units, expected_units) ")
                .rows_of(dialect, &columns, &serde_json::Value::from(part))
                .then(" ON CONFLICT (unit_id, period, metric_id) DO UPDATE SET parent_id = excluded.parent_id, \
                       approved_num = excluded.approved_num, approved_den = excluded.approved_den, \
                       pending_num = excluded.pending_num, pending_den = excluded.pending_den, \
                       approved_units = excluded.approved_units, pending_units = excluded.pending_units, \
                       expected_units = excluded.expected_units"),
        )?;
    }
    Ok(())
}

/// A unit that does not stand in a period has no figures there.
fn drop_figures(
    conn: &mut Conn,
    period: Period,
    shapes: &Shapes,
    gone: &[i64],
) -> Result<(), StorageError> {
    if gone.is_empty() {
        return Ok(());
    }
    let metrics: Vec<i64> = shapes.keys().map(|metric| metric.0).collect();
    let dialect = conn.dialect();
    conn.run(
        sql("DELETE FROM rollup WHERE period = ")
            .int(period.key())
            .then(" AND unit_id")
            .among(dialect, gone)
            .then(" AND metric_id")
            .among(dialect, &metrics),
    )?;
    Ok(())
}

#[derive(Queryable)]
struct ObservationRow {
    period: i32,
    unit: i64,
    metric: i64,
    approved_num: Option<i64>,
    approved_den: Option<i64>,
    pending_num: Option<i64>,
    pending_den: Option<i64>,
}

type ObservationSql = (
    Integer,
    BigInt,
    BigInt,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<BigInt>,
);

fn measure(numerator: Option<i64>, denominator: Option<i64>) -> Option<Measure> {
    Some(Measure {
        numerator: numerator?,
        denominator: denominator?,
    })
}

fn observations(
    conn: &mut Conn,
    period: Period,
    metrics: &[MetricId],
    units: &[UnitId],
) -> Result<Observations, StorageError> {
    let found = observations_of(conn, &[period], metrics, units)?;
    Ok(found
        .into_iter()
        .map(|((_, unit, metric), seen)| ((unit, metric), seen))
        .collect())
}

fn observations_of(
    conn: &mut Conn,
    periods: &[Period],
    metrics: &[MetricId],
    units: &[UnitId],
) -> Result<BTreeMap<(Period, UnitId, MetricId), Observed>, StorageError> {
    if units.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = conn.rows::<ObservationSql, ObservationRow>(keyed(
        conn.dialect(),
        sql("SELECT period, unit_id, metric_id, approved_num, approved_den, pending_num, pending_den FROM observation WHERE period"),
        periods,
        metrics,
        units,
    ))?;
    rows.into_iter()
        .map(|row| {
            let seen = Observed {
                approved: measure(row.approved_num, row.approved_den),
                pending: measure(row.pending_num, row.pending_den),
            };
            let key = (
                period_of(row.period)?,
                UnitId(row.unit),
                MetricId(row.metric),
            );
            Ok((key, seen))
        })
        .collect()
}

pub(crate) fn period_of(key: i32) -> Result<Period, StorageError> {
    Period::from_key(key).map_err(|error| StorageError::corrupt("period", error))
}

/// The keys of periods, as statements list them.
pub(crate) fn keys(periods: &[Period]) -> Vec<i64> {
    let key = |period: &Period| i64::from(period.key());
    periods.iter().map(key).collect()
}

fn keyed(
    dialect: Dialect,
    begin: Statement,
    periods: &[Period],
    metrics: &[MetricId],
    units: &[UnitId],
) -> Statement {
    let periods = keys(periods);
    let metrics: Vec<i64> = metrics.iter().map(|metric| metric.0).collect();
    let units: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    let begun = begin.among(dialect, &periods);
    let begun = if metrics.len() < MANY {
        begun.then(" AND metric_id").among(dialect, &metrics)
    } else {
        begun.among_read("metric_id", dialect, &metrics)
    };
    begun.then(" AND unit_id").among_many(dialect, &units)
}

/// From so many metrics on, what a unit has in a period is read along the index and the metrics are picked out of it: that
/// costs less than to descend the index once for each metric.
const MANY: usize = 8;

pub(crate) type RollupSql = (
    Integer,
    BigInt,
    BigInt,
    BigInt,
    BigInt,
    BigInt,
    BigInt,
    BigInt,
    BigInt,
    BigInt,
);

#[derive(Queryable)]
pub(crate) struct RollupRow {
    period: i32,
    unit: i64,
    metric: i64,
    approved_num: i64,
    approved_den: i64,
    pending_num: i64,
    pending_den: i64,
    approved_units: i64,
    pending_units: i64,
    expected_units: i64,
}

impl RollupRow {
    pub(crate) fn read(self) -> Result<((Period, UnitId, MetricId), Tally), StorageError> {
        let tally = Tally {
            approved: Measure {
                numerator: self.approved_num,
                denominator: self.approved_den,
            },
            pending: Measure {
                numerator: self.pending_num,
                denominator: self.pending_den,
            },
            approved_units: self.approved_units,
            pending_units: self.pending_units,
            expected_units: self.expected_units,
        };
        let key = (
            period_of(self.period)?,
            UnitId(self.unit),
            MetricId(self.metric),
        );
        Ok((key, tally))
    }
}

/// Tallies by unit and metric.
pub type Tallies = BTreeMap<(UnitId, MetricId), Tally>;

/// Tallies by period, unit and metric.
pub type PeriodTallies = BTreeMap<(Period, UnitId, MetricId), Tally>;

/// Without the period, where there is one alone.
fn of_one(found: PeriodTallies) -> Tallies {
    let found = found.into_iter();
    found
        .map(|((_, unit, metric), tally)| ((unit, metric), tally))
        .collect()
}

fn stored(
    conn: &mut Conn,
    periods: &[Period],
    metrics: &[MetricId],
    units: &[UnitId],
) -> Result<PeriodTallies, StorageError> {
    if units.is_empty() {
        return Ok(PeriodTallies::new());
    }
    let rows = conn.rows::<RollupSql, RollupRow>(keyed(
        conn.dialect(),
        sql(ROLLUP),
        periods,
        metrics,
        units,
    ))?;
    rows.into_iter().map(RollupRow::read).collect()
}

pub(crate) const ROLLUP: &str = "SELECT period, unit_id, metric_id, approved_num, approved_den, pending_num, pending_den, \
     approved_units, pending_units, expected_units FROM rollup WHERE period";

/// The figures of the units that the scope covers, for metrics in several periods: two statements in all.
///
/// # Errors
/// What the database says.
pub fn tallies_of<'a>(
    conn: &mut Conn,
    scope: &Scope,
    periods: &[Period],
    shapes: &Shapes,
    units: impl IntoIterator<Item = &'a Placed>,
) -> Result<PeriodTallies, StorageError> {
    let seen = |unit: &&Placed| scope.covers(&unit.path, None, None);
    let units: Vec<&Placed> = units.into_iter().filter(seen).collect();
    let metrics: Vec<MetricId> = shapes.keys().copied().collect();
    let split = |leaf: bool| -> Vec<UnitId> {
        let chosen = units.iter().filter(|unit| is_leaf(unit) == leaf);
        chosen.map(|unit| unit.id).collect()
    };
    let mut found = stored(conn, periods, &metrics, &split(false))?;
    let observed = observations_of(conn, periods, &metrics, &split(true))?;
    for period in periods {
        for unit in units.iter().filter(|unit| is_leaf(unit)) {
            for (metric, shape) in shapes {
                let key = (*period, unit.id, *metric);
                let seen = observed.get(&key).copied().unwrap_or_default();
                found.insert(key, own_tally(unit, shape, seen));
            }
        }
    }
    Ok(found)
}

/// When the oldest change that is not folded yet was queued; nothing when all are in.
///
/// # Errors
/// What the database says.
pub fn oldest_queued(conn: &mut Conn) -> Result<Option<i64>, StorageError> {
    conn.first::<BigInt, i64>(sql(
        "SELECT queued_at FROM rollup_queue ORDER BY id LIMIT 1",
    ))
}

/// All figures of a period computed from the observations alone, walking every unit's line upwards: what tests
/// compare the stored figures with.
///
/// # Errors
/// What the database says.
pub fn recompute_naively(
    conn: &mut Conn,
    shapes: &Shapes,
    period: Period,
) -> Result<Tallies, StorageError> {
    let system = Scope::bypass_for_system_work();
    let units = unit::all(conn, &system, period.last_day())?;
    let metrics: Vec<MetricId> = shapes.keys().copied().collect();
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    let observed = observations(conn, period, &metrics, &ids)?;
    let leaves: BTreeSet<UnitId> = units.iter().filter(|u| is_leaf(u)).map(|u| u.id).collect();
    let mut totals = Tallies::new();
    for unit in &units {
        for (metric, shape) in shapes {
            let seen = observed.get(&(unit.id, *metric)).copied();
            let own = own_tally(unit, shape, seen.unwrap_or_default());
            for above in unit.lineage() {
                if !leaves.contains(&above) {
                    let total = totals.entry((above, *metric)).or_default();
                    *total = total.checked_add(own)?;
                }
            }
        }
    }
    Ok(totals)
}

/// All stored figures of a period.
///
/// # Errors
/// What the database says.
pub fn stored_whole(conn: &mut Conn, period: Period) -> Result<Tallies, StorageError> {
    let rows = conn.rows::<RollupSql, RollupRow>(sql(ROLLUP).then(" = ").int(period.key()))?;
    let found: Result<PeriodTallies, StorageError> =
        rows.into_iter().map(RollupRow::read).collect();
    Ok(of_one(found?))
}
