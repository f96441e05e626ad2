//! A city's data: the real tree, forty metrics of sixty months for every village, a year of reports, tasks.

use crate::Done;
use crate::database::Database;
use crate::load::millis;
use crate::package;
use crate::stats::{Rounds, float};
use std::collections::BTreeMap;
use std::time::Instant;
use uuid::Uuid;
use zhenxing_domain::figure::Measure;
use zhenxing_domain::ids::{AccountId, MetricId};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::report::ReportState;
use zhenxing_domain::unit::Level;
use zhenxing_storage::figure::{self, Observation, Observed};
use zhenxing_storage::report::Report;
use zhenxing_storage::report_write::{self, NewVersion};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, Db, StorageError};

/// The day that the server takes for today.
pub const TODAY: &str = "2026-11-24";

/// The month that runs.
pub const MONTH: &str = "2026-11";

/// How many periods of the last year have reports.
const REPORTED: usize = 12;

/// How much is made.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Months of observations.
    pub months: usize,
    /// Rounds of each measurement.
    pub rounds: usize,
    /// Seconds that each load lasts.
    pub seconds: u64,
    /// Approvals of each round.
    pub approvals: usize,
    /// One record of so many is kept in the ledgers.
    pub ledgers: usize,
}

/// One observation.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The period's key.
    pub period: i32,
    /// The metric's number.
    pub metric: i64,
    /// The unit's number.
    pub unit: i64,
    /// The unit's shard.
    pub home_shard: i64,
    /// The figure.
    pub value: i64,
    /// Whether it waits for approval.
    pub pending: bool,
}

impl Row {
    /// What is approved, and what waits.
    pub fn sides(&self) -> (Option<i64>, Option<i64>) {
        match self.pending {
            true => (None, Some(self.value)),
            false => (Some(self.value), None),
        }
    }
}

/// What was made, and how quickly.
#[derive(Debug, Default)]
pub struct City {
    /// Units of the tree.
    pub units: usize,
    /// Rows that were loaded.
    pub loaded: i64,
    /// Rows a second by the database's own means, a round each.
    pub floor: Rounds,
    /// Rows a second by the storage.
    pub storage: Rounds,
    /// The one over the other.
    pub ratio: Rounds,
    /// Reports that wait for approval.
    pub waiting: Vec<Uuid>,
    /// Drafts.
    pub drafts: Vec<Uuid>,
}

/// The periods, the running one first.
///
/// # Errors
/// When there is no such month.
pub fn periods(months: usize) -> Done<Vec<Period>> {
    let now = Period::parse(MONTH).map_err(|error| error.to_string())?;
    let earlier = std::iter::successors(Some(now), |period| period.previous());
    Ok(earlier.take(months).collect())
}

/// Fills a database that has its tree and accounts, and nothing else.
///
/// # Errors
/// What the database says, or that fewer rows came in than were sent.
pub fn fill(database: &Database, size: Size) -> Done<City> {
    let db = Db::open(&database.url(), 2).map_err(said)?;
    let system = Scope::bypass_for_system_work();
    let periods = periods(size.months)?;
    let now = *periods.first().ok_or("no period")?;
    let units = db
        .read(|conn| unit::all(conn, &system, now.last_day()))
        .map_err(said)?;
    let villages: Vec<Placed> = units
        .iter()
        .filter(|unit| unit.level == Level::Village)
        .cloned()
        .collect();
    let codes = package::metrics();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let metrics = db
        .write(|conn| zhenxing_storage::metric::ensure(conn, &codes))
        .map_err(said)?;
    let mut city = City {
        units: units.len(),
        ..City::default()
    };
    let made = Made {
        db: &db,
        database,
        villages: &villages,
        metrics: &metrics,
    };
    made.observations(&mut city, &periods, size.rounds)?;
    made.reports(&mut city, &periods)?;
    database.count_values()?;
    Ok(city)
}

struct Made<'a> {
    db: &'a Db,
    database: &'a Database,
    villages: &'a [Placed],
    metrics: &'a BTreeMap<String, MetricId>,
}

impl Made<'_> {
    /// Loads every other period by the database's own means and the others by the storage, into the same table, so that
    /// both meet it at the same size. A round is a part of the periods.
    fn observations(&self, city: &mut City, periods: &[Period], rounds: usize) -> Done<()> {
        let earlier: Vec<Period> = periods.iter().rev().copied().collect();
        for part in earlier.chunks(earlier.len().div_ceil(rounds)) {
            let (mut floor, mut storage) = ((0, 0.0), (0, 0.0));
            for (index, period) in part.iter().enumerate() {
                let rows = self.rows(*period);
                let count = rows.len();
                if index % 2 == 0 {
                    let took = self.database.load(&rows)?;
                    floor = (floor.0 + count, floor.1 + took.as_secs_f64());
                } else {
                    let took = self.by_storage(*period, &rows)?;
                    storage = (storage.0 + count, storage.1 + took);
                }
                city.loaded += i64::try_from(count).unwrap_or(i64::MAX);
            }
            let rate = |(count, seconds): (usize, f64)| float(count) / seconds;
            if floor.0 > 0 && storage.0 > 0 {
                println!("  loading: {:.0}/s of {:.0}/s", rate(storage), rate(floor));
                city.floor.0.push(rate(floor));
                city.storage.0.push(rate(storage));
                city.ratio.0.push(rate(storage) / rate(floor));
            }
        }
        let found = self
            .database
            .number("SELECT count(*) AS number FROM observation")?;
        if found == city.loaded {
            return Ok(());
        }
        Err(format!(
            "{} rows were loaded, {found} are there",
            city.loaded
        ))
    }

    fn rows(&self, period: Period) -> Vec<Row> {
        let current = period.to_string() == MONTH;
        let mut rows = Vec::with_capacity(self.metrics.len() * self.villages.len());
        for (code, metric) in self.metrics {
            // Of the running month the first form waits for approval and the second is being filled in.
            let pending = current && package::is_of(code, package::FORMS[0]);
            if current && package::is_of(code, package::FORMS[1]) {
                continue;
            }
            rows.extend(self.villages.iter().map(|unit| Row {
                period: period.key(),
                metric: metric.0,
                unit: unit.id.0,
                home_shard: unit.home_shard,
                value: drawn(metric.0, unit.id.0, i64::from(period.key())),
                pending,
            }));
        }
        rows
    }

    fn by_storage(&self, period: Period, rows: &[Row]) -> Done<f64> {
        let mut by_unit: BTreeMap<i64, BTreeMap<MetricId, Observed>> = BTreeMap::new();
        for row in rows {
            let measure = |side: Option<i64>| {
                side.map(|numerator| Measure {
                    numerator,
                    denominator: 1,
                })
            };
            let (approved, pending) = row.sides();
            let seen = Observed {
                approved: measure(approved),
                pending: measure(pending),
            };
            let own = by_unit.entry(row.unit).or_default();
            own.insert(MetricId(row.metric), seen);
        }
        let all: Vec<Observation> = self
            .villages
            .iter()
            .filter_map(|unit| {
                Some(Observation {
                    unit: unit.clone(),
                    period,
                    observed: by_unit.remove(&unit.id.0)?,
                })
            })
            .collect();
        let begun = Instant::now();
        let done = self.db.write(|conn| figure::record(conn, &all));
        done.map_err(said)?;
        Ok(millis(begun.elapsed()) / 1000.0)
    }

    fn reports(&self, city: &mut City, periods: &[Period]) -> Done<()> {
        let filler = self
            .database
            .number("SELECT id AS number FROM account WHERE login = 'village'")?;
        for period in periods.iter().skip(1).take(REPORTED) {
            self.period(*period, package::FORMS[0], ReportState::Approved, filler)?;
        }
        let now = *periods.first().ok_or("no period")?;
        city.waiting = self.period(now, package::FORMS[0], ReportState::Checked, filler)?;
        city.drafts = self.period(now, package::FORMS[1], ReportState::Draft, filler)?;
        Ok(())
    }

    /// A report of every village.
    fn period(
        &self,
        period: Period,
        form: &str,
        state: ReportState,
        filler: i64,
    ) -> Done<Vec<Uuid>> {
        let mut numbers = Vec::new();
        for part in self.villages.chunks(500) {
            let reports: Vec<(Report, i64)> = part
                .iter()
                .map(|unit| {
                    (
                        self.report(unit, period, form, state, filler),
                        unit.home_shard,
                    )
                })
                .collect();
            numbers.extend(reports.iter().map(|(report, _)| report.public_id));
            self.db
                .write(|conn| write_reports(conn, reports, filler))
                .map_err(said)?;
        }
        Ok(numbers)
    }

    fn report(
        &self,
        unit: &Placed,
        period: Period,
        form: &str,
        state: ReportState,
        filler: i64,
    ) -> Report {
        let values: BTreeMap<String, i64> = (1..=package::FIELDS)
            .filter_map(|field| {
                let metric = self.metrics.get(&package::metric(form, field))?;
                let value = drawn(metric.0, unit.id.0, i64::from(period.key()));
                Some((format!("f{field:02}"), value))
            })
            .collect();
        let values = serde_json::json!(values).to_string();
        Report {
            id: 0,
            public_id: Uuid::now_v7(),
            form: form.to_owned(),
            matter: package::MATTER.to_owned(),
            unit: unit.id,
            path: unit.path.clone(),
            period,
            state,
            revision: 1,
            revising: false,
            filled_by: AccountId(filler),
            approved_values: (state == ReportState::Approved).then(|| values.clone()),
            values,
            explanations: "{}".to_owned(),
            reason: None,
            field_reasons: "{}".to_owned(),
            exceptions: 0,
            late: false,
            headline: None,
            source_document: None,
            submitted_at: (state != ReportState::Draft).then_some(0),
            updated_at: 0,
        }
    }
}

fn write_reports(
    conn: &mut Conn,
    reports: Vec<(Report, i64)>,
    filler: i64,
) -> Result<(), StorageError> {
    let all: Vec<(&Report, i64)> = reports.iter().map(|(one, shard)| (one, *shard)).collect();
    let numbers = report_write::insert(conn, &all)?;
    let mut written: Vec<Report> = reports.into_iter().map(|(report, _)| report).collect();
    for report in &mut written {
        report.id = numbers.get(&report.unit).copied().unwrap_or_default();
    }
    let versions: Vec<NewVersion<'_>> = written
        .iter()
        .map(|report| NewVersion {
            report,
            action: "save",
            reason: None,
        })
        .collect();
    report_write::add_versions(conn, &versions, AccountId(filler))
}

/// A figure that is the same each time it is drawn.
fn drawn(metric: i64, unit: i64, period: i64) -> i64 {
    let mixed = metric
        .wrapping_mul(0x9E37_79B9)
        .wrapping_add(unit.wrapping_mul(0x85EB_CA6B))
        .wrapping_add(period.wrapping_mul(0xC2B2_AE35));
    (mixed ^ (mixed >> 15)).rem_euclid(10_000)
}

fn said(error: StorageError) -> String {
    error.to_string()
}
