//! Changes of the tree: the wanted tree is compared with the one that stands, and only what differs is placed anew.

use super::{App, AppError, AppResult};
use crate::readings::Readings;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::{DivisionCode, Level};
use zhenxing_storage::unit::{self, NewPlacement, NewUnit, Placed};
use zhenxing_storage::{Conn, figure, ledger_tally, period, task_tally};

/// A unit as it shall stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The level.
    pub level: Level,
    /// The code of the unit above.
    pub parent: Option<String>,
}

/// What a change did, or would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// New units.
    pub created: i64,
    /// Units whose name or parent changed.
    pub changed: i64,
    /// Units as they were.
    pub unchanged: i64,
}

impl App {
    /// Brings units to what is wanted from a day on; the others stay, but move along with those above them.
    /// The tree's lock must be held.
    pub(crate) fn reshape(
        &self,
        conn: &mut Conn,
        wanted: &[Wanted],
        from: NaiveDate,
        apply: bool,
    ) -> AppResult<Changes> {
        let system = Scope::bypass_for_system_work();
        let standing = unit::all(conn, &system, from)?;
        let before: BTreeMap<&str, &Placed> = standing
            .iter()
            .map(|unit| (unit.code.as_str(), unit))
            .collect();
        let mut changes = Changes::default();
        let mut missing = Vec::new();
        for want in wanted {
            match before.get(want.code.as_str()) {
                None => missing.push(want),
                Some(unit) => {
                    let parent = unit.above.as_ref().map(|above| above.0.as_str());
                    if unit.name == want.name && parent == want.parent.as_deref() {
                        changes.unchanged += 1;
                    } else {
                        changes.changed += 1;
                    }
                }
            }
        }
        changes.created = i64::try_from(missing.len()).unwrap_or(i64::MAX);
        if !apply || (changes.created == 0 && changes.changed == 0) {
            return Ok(changes);
        }
        let ids = make_missing(conn, wanted, &before)?;
        let placements = new_placements(wanted, &standing, &ids, from, &self.readings)?;
        let touched: BTreeSet<UnitId> = placements
            .iter()
            .map(|new| new.unit)
            .chain(old_parents(&placements, &standing))
            .collect();
        unit::place(conn, &placements, None)?;
        self.queue_since(conn, from, &touched)?;
        Ok(changes)
    }

    /// Queues units for every metric and every period whose tree a change from that day on touches.
    fn queue_since(
        &self,
        conn: &mut Conn,
        from: NaiveDate,
        units: &BTreeSet<UnitId>,
    ) -> AppResult<()> {
        let units: Vec<UnitId> = units.iter().copied().collect();
        task_tally::queue_all(conn, &units)?;
        ledger_tally::queue_all(conn, &units)?;
        let now = self.clock.now();
        for (form, key) in period::all_keys(conn)? {
            let period =
                Period::from_key(key).map_err(|error| AppError::Internal(error.to_string()))?;
            if period.last_day() >= from {
                let metrics = self.metrics_of_form(&form);
                figure::queue(conn, &[period], &metrics, &units, now)?;
            }
        }
        self.fold_derived_since(conn, from, &units)
    }

    /// The stored numbers of the metrics that a form feeds.
    pub(crate) fn metrics_of_form(&self, form: &str) -> Vec<MetricId> {
        let metrics = self.package.metrics_of_form(form);
        metrics
            .filter_map(|metric| self.metrics.get(&metric.code).copied())
            .collect()
    }
}

/// Numbers of all wanted units by code, those that are new made first, from the top down.
fn make_missing(
    conn: &mut Conn,
    wanted: &[Wanted],
    before: &BTreeMap<&str, &Placed>,
) -> AppResult<BTreeMap<String, UnitId>> {
    let mut ids: BTreeMap<String, UnitId> = before
        .iter()
        .map(|(code, unit)| ((*code).to_owned(), unit.id))
        .collect();
    let mut shards: BTreeMap<String, UnitId> = before
        .iter()
        .map(|(code, unit)| ((*code).to_owned(), UnitId(unit.home_shard)))
        .collect();
    for level in Level::ALL {
        let missing: Vec<&Wanted> = wanted
            .iter()
            .filter(|want| want.level == level && !ids.contains_key(&want.code))
            .collect();
        let shard_of = |want: &Wanted| match want.level {
            Level::City | Level::County => None,
            Level::Township | Level::Village => want
                .parent
                .as_ref()
                .and_then(|parent| shards.get(parent))
                .copied(),
        };
        let mut units = Vec::new();
        for want in &missing {
            units.push(NewUnit {
                level,
                home_shard: shard_of(want),
            });
        }
        let made = unit::create(conn, &units)?;
        for ((want, unit), id) in missing.iter().zip(&units).zip(made) {
            ids.insert(want.code.clone(), id);
            shards.insert(want.code.clone(), unit.home_shard.unwrap_or(id));
        }
    }
    Ok(ids)
}

struct Stand<'a> {
    name: &'a str,
    parent: Option<&'a str>,
    level: Level,
}

/// The placements of all units whose code, name, parent or path differ from what stands.
fn new_placements(
    wanted: &[Wanted],
    standing: &[Placed],
    ids: &BTreeMap<String, UnitId>,
    from: NaiveDate,
    readings: &Readings,
) -> AppResult<Vec<NewPlacement>> {
    let mut tree: BTreeMap<&str, Stand<'_>> = BTreeMap::new();
    for unit in standing {
        let parent = unit.above.as_ref().map(|above| above.0.as_str());
        tree.insert(
            &unit.code,
            Stand {
                name: &unit.name,
                parent,
                level: unit.level,
            },
        );
    }
    for want in wanted {
        let parent = want.parent.as_deref();
        tree.insert(
            &want.code,
            Stand {
                name: &want.name,
                parent,
                level: want.level,
            },
        );
    }
    let old: BTreeMap<&str, &Placed> = standing
        .iter()
        .map(|unit| (unit.code.as_str(), unit))
        .collect();
    let mut paths: BTreeMap<&str, String> = BTreeMap::new();
    let mut placements = Vec::new();
    for level in Level::ALL {
        for (code, stand) in tree.iter().filter(|(_, stand)| stand.level == level) {
            let id = ids
                .get(*code)
                .copied()
                .ok_or_else(|| AppError::Internal(format!("unit {code} has no number")))?;
            let above = stand.parent.and_then(|parent| paths.get(parent));
            let path = format!("{}{}/", above.map_or("/", String::as_str), id.0);
            let same = old
                .get(code)
                .is_some_and(|unit| unit.path == path && unit.name == stand.name);
            if !same {
                let (pinyin, initials) = readings.spell(stand.name);
                let read = || DivisionCode::parse(code).map(|read| read.kind(level, stand.name));
                let kind = match old.get(code) {
                    Some(unit) => unit.kind,
                    None => read().map_err(|error| AppError::Internal(error.to_string()))?,
                };
                placements.push(NewPlacement {
                    kind,
                    unit: id,
                    valid_from: from,
                    parent: stand.parent.and_then(|parent| ids.get(parent)).copied(),
                    path: path.clone(),
                    code: (*code).to_owned(),
                    name: stand.name.to_owned(),
                    pinyin,
                    initials,
                });
            }
            paths.insert(code, path);
        }
    }
    Ok(placements)
}

fn old_parents(placements: &[NewPlacement], standing: &[Placed]) -> Vec<UnitId> {
    let placed: BTreeSet<UnitId> = placements.iter().map(|new| new.unit).collect();
    let moved = standing.iter().filter(|unit| placed.contains(&unit.id));
    moved.filter_map(|unit| unit.parent).collect()
}
