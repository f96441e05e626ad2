//! What a change of the tree does, worked out before it is made: units, reports, accounts, periods, expected units.

use super::{App, AppError, AppResult};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::UnitRef;
use zhenxing_api_types::unit_change::{
    ExpectedShift, NewUnitChange, OpenReport, StrandedAccount, TargetShift, TouchedPeriod,
    UnitChangeEffect, UnitShift,
};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{AppliesTo, MetricStatus};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::{Level, UnitKind};
use zhenxing_domain::unit_change::{Part, Place, Plan};
use zhenxing_storage::placement::KindCounts;
use zhenxing_storage::unit::{Placed, lineage};
use zhenxing_storage::{Conn, placement, unit_change as kept};

const SHOWN: usize = 100;
const SHOWN_ROWS: i64 = 50;

/// The units that a request names by code.
pub(crate) struct Known {
    named: BTreeMap<String, Placed>,
    parent: Option<Placed>,
}

impl Known {
    /// The number of the unit with that code.
    pub fn id(&self, code: &str) -> Option<UnitId> {
        self.named.get(code).map(|unit| unit.id)
    }

    /// The numbers of the units with those codes, or the refusal that names the field.
    pub fn ids(&self, codes: &[String], field: &str) -> AppResult<Vec<UnitId>> {
        let id = |code: &String| {
            let found = self.id(code);
            found.ok_or_else(|| AppError::not_found(field, "单位", "unit"))
        };
        codes.iter().map(id).collect()
    }

    /// The unit above that is asked for.
    pub fn parent(&self) -> Option<UnitId> {
        self.parent.as_ref().map(|unit| unit.id)
    }

    /// The unit above one of the named.
    pub fn parent_of(&self, unit: UnitId) -> Option<UnitId> {
        let mut named = self.named.values().filter(|named| named.id == unit);
        named.next().and_then(|named| named.parent)
    }
}

/// The part of the tree that a change looks at, as stored and as the domain takes it.
pub(crate) struct Ground {
    /// As the domain takes it.
    pub part: Part,
    /// What the request names.
    pub known: Known,
    placed: BTreeMap<UnitId, Placed>,
    subjects: Vec<Placed>,
}

impl Ground {
    pub fn new(
        all: Vec<Placed>,
        subjects: Vec<Placed>,
        parent: Option<Placed>,
        named: BTreeMap<String, Placed>,
    ) -> Ground {
        let place = |unit: &Placed| Place {
            unit: unit.id,
            level: unit.level,
            kind: unit.kind,
            parent: unit.parent,
            path: unit.path.clone(),
            code: unit.code.clone(),
            name: unit.name.clone(),
        };
        Ground {
            part: all.iter().map(|unit| (unit.id, place(unit))).collect(),
            known: Known { named, parent },
            placed: all.into_iter().map(|unit| (unit.id, unit)).collect(),
            subjects,
        }
    }

    /// A unit as stored.
    pub fn placed(&self, unit: UnitId) -> Option<&Placed> {
        self.placed.get(&unit)
    }

    /// The first of the units that the change names, or the next above it that stands today already.
    pub fn main(&self, today: NaiveDate) -> AppResult<UnitId> {
        let line = self
            .subjects
            .first()
            .map(Placed::lineage)
            .unwrap_or_default();
        let stands = |unit: &UnitId| {
            self.placed(*unit)
                .is_some_and(|one| one.valid_from <= today)
        };
        let found = line.into_iter().rev().find(stands);
        found.ok_or_else(|| AppError::not_found("units", "单位", "unit"))
    }

    /// The paths of the units that the change names.
    pub fn paths(&self) -> Vec<String> {
        self.subjects.iter().map(|unit| unit.path.clone()).collect()
    }

    /// The units that the change names, as they stood.
    pub fn subjects(&self) -> Vec<UnitRef> {
        self.subjects.iter().map(super::session::unit_ref).collect()
    }

    /// The units that stand instead.
    pub fn result(&self, plan: &Plan) -> Vec<UnitRef> {
        let named = |unit: UnitId| self.subjects.iter().any(|subject| subject.id == unit);
        let mut found: Vec<UnitRef> = plan
            .placed
            .iter()
            .filter(|place| plan.created.contains(&place.unit) || named(place.unit))
            .map(place_ref)
            .collect();
        // Who takes over without a change of his own stands as he stood.
        let stays = |unit: &&Placed| {
            !plan.ended.contains(&unit.id) && !plan.placed.iter().any(|new| new.unit == unit.id)
        };
        let staying = self.subjects.iter().filter(stays);
        found.extend(staying.map(super::session::unit_ref));
        found
    }

    fn unit_ref(&self, unit: UnitId) -> Option<UnitRef> {
        self.placed.get(&unit).map(super::session::unit_ref)
    }
}

fn place_ref(place: &Place) -> UnitRef {
    UnitRef {
        code: place.code.clone(),
        name: place.name.clone(),
        level: place.level.into(),
    }
}

type Periods = [(String, Period, bool)];

impl App {
    /// What a plan does, beyond the units themselves.
    pub(crate) fn effect(
        &self,
        conn: &mut Conn,
        new: &NewUnitChange,
        ground: &Ground,
        plan: &Plan,
        periods: &Periods,
    ) -> AppResult<UnitChangeEffect> {
        let system = Scope::bypass_for_system_work();
        let shifted = plan.placed.iter().filter(|place| {
            let old = ground.part.get(&place.unit);
            old.is_some_and(|old| old.path != place.path)
        });
        let mut moved: Vec<UnitId> = shifted.map(|place| place.unit).collect();
        moved.extend(&plan.ended);
        let (open_reports_count, open) =
            kept::open_reports(conn, &system, &moved, SHOWN_ROWS, new.from)?;
        let (accounts_count, accounts) =
            kept::accounts_at(conn, &system, &plan.ended, SHOWN_ROWS, new.from)?;
        let counts = self.counts(conn, new, ground, plan)?;
        let report = |(id, form, key, unit, state): kept::Open| {
            Some(OpenReport {
                id,
                form,
                period: Period::from_key(key).ok()?.to_string(),
                unit: ground.unit_ref(UnitId(unit))?,
                state: state.into(),
            })
        };
        let account = |(login, name, unit): (String, String, i64)| {
            let unit = ground.unit_ref(UnitId(unit))?;
            Some(StrandedAccount { login, name, unit })
        };
        let mut placed: Vec<&Place> = plan.placed.iter().collect();
        placed.sort_by_key(|place| (place.level, place.code.clone()));
        let created = plan
            .placed
            .iter()
            .filter(|place| plan.created.contains(&place.unit));
        Ok(UnitChangeEffect {
            placed_count: i64::try_from(placed.len()).unwrap_or(i64::MAX),
            placed: placed
                .into_iter()
                .take(SHOWN)
                .map(|place| shift_view(place, ground, plan))
                .collect(),
            created: created.map(place_ref).collect(),
            ended: plan
                .ended
                .iter()
                .filter_map(|unit| ground.unit_ref(*unit))
                .collect(),
            open_reports_count,
            open_reports: open.into_iter().filter_map(report).collect(),
            accounts_count,
            accounts: accounts.into_iter().filter_map(account).collect(),
            periods: periods
                .iter()
                .map(|(form, period, locked)| TouchedPeriod {
                    form: form.clone(),
                    period: period.to_string(),
                    locked: *locked,
                })
                .collect(),
            expected: self.expected(&counts),
            targets: self.targets(&counts),
        })
    }

    /// How many units of each kind stand at or below each unit above, before and after.
    fn counts(
        &self,
        conn: &mut Conn,
        new: &NewUnitChange,
        ground: &Ground,
        plan: &Plan,
    ) -> AppResult<Vec<Counted>> {
        let system = Scope::bypass_for_system_work();
        let after: BTreeMap<UnitId, &Place> = plan
            .placed
            .iter()
            .map(|place| (place.unit, place))
            .collect();
        let place_of = |unit: &UnitId| after.get(unit).copied().or_else(|| ground.part.get(unit));
        let paths = plan.touched.iter().flat_map(|unit| {
            let places = [ground.part.get(unit), after.get(unit).copied()];
            places.into_iter().flatten().map(|place| place.path.clone())
        });
        let lines: BTreeSet<UnitId> = paths.flat_map(|path| lineage(&path)).collect();
        let inner: Vec<UnitId> = lines
            .into_iter()
            .filter(|unit| place_of(unit).is_some_and(|place| place.level != Level::Village))
            .collect();
        let before = placement::count_kinds(conn, &system, &inner, new.from)?;
        let mut now = before.clone();
        let ended = plan.ended.iter().filter_map(|unit| ground.part.get(unit));
        let old = plan
            .placed
            .iter()
            .filter_map(|new| ground.part.get(&new.unit));
        for place in ended.chain(old) {
            add(&mut now, place, -1);
        }
        for place in &plan.placed {
            add(&mut now, place, 1);
        }
        let mut counted: Vec<Counted> = inner
            .iter()
            .filter_map(|unit| {
                let place = ground.part.get(unit).or_else(|| place_of(unit))?;
                Some(Counted {
                    level: place.level,
                    unit: place_ref(place),
                    before: before.get(unit).cloned().unwrap_or_default(),
                    after: now.get(unit).cloned().unwrap_or_default(),
                })
            })
            .collect();
        counted.sort_by(|a, b| (a.level, &a.unit.code).cmp(&(b.level, &b.unit.code)));
        Ok(counted)
    }

    fn expected(&self, counts: &[Counted]) -> Vec<ExpectedShift> {
        let mut rows = Vec::new();
        for form in &self.package.forms {
            for counted in counts {
                let (before, after) = counted.of(&form.applies_to);
                if before != after || counted.level == Level::City {
                    rows.push(ExpectedShift {
                        form: form.code.clone(),
                        form_name_zh: form.name_zh.clone(),
                        form_name_en: form.name_en.clone(),
                        unit: counted.unit.clone(),
                        before,
                        after,
                    });
                }
            }
        }
        rows
    }

    fn targets(&self, counts: &[Counted]) -> Vec<TargetShift> {
        let Some(city) = counts.iter().find(|counted| counted.level == Level::City) else {
            return Vec::new();
        };
        let with_target = |code: &str| self.package.targets.iter().any(|one| one.metric == code);
        let metrics = self.package.metrics.iter();
        metrics
            .filter(|metric| metric.status == MetricStatus::Active && with_target(&metric.code))
            .filter_map(|metric| {
                let (before, after) = city.of(&metric.applies_to);
                (before != after).then(|| TargetShift {
                    metric: metric.code.clone(),
                    metric_name_zh: metric.name_zh.clone(),
                    metric_name_en: metric.name_en.clone(),
                    before,
                    after,
                })
            })
            .collect()
    }
}

struct Counted {
    level: Level,
    unit: UnitRef,
    before: BTreeMap<UnitKind, i64>,
    after: BTreeMap<UnitKind, i64>,
}

impl Counted {
    fn of(&self, shape: &AppliesTo) -> (i64, i64) {
        let sum = |counts: &BTreeMap<UnitKind, i64>| {
            let expected = counts.iter().filter(|(kind, _)| shape.includes(**kind));
            expected.map(|(_, count)| count).sum()
        };
        (sum(&self.before), sum(&self.after))
    }
}

/// Adds a unit to every unit on its line, or takes it away.
fn add(counts: &mut KindCounts, place: &Place, by: i64) {
    for unit in lineage(&place.path) {
        *counts
            .entry(unit)
            .or_default()
            .entry(place.kind)
            .or_default() += by;
    }
}

fn shift_view(place: &Place, ground: &Ground, plan: &Plan) -> UnitShift {
    let old = ground.part.get(&place.unit);
    let now = |unit: UnitId| {
        let new = plan.placed.iter().find(|place| place.unit == unit);
        new.or_else(|| ground.part.get(&unit)).map(place_ref)
    };
    UnitShift {
        unit: place_ref(place),
        unit_kind: place.kind.into(),
        parent: place.parent.and_then(now),
        before: old.map(place_ref),
        kind_before: old.map(|old| old.kind.into()),
        parent_before: old
            .and_then(|old| old.parent)
            .and_then(|parent| ground.part.get(&parent))
            .map(place_ref),
    }
}
