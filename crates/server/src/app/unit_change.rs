//! Changes of the tree: shown before they are made, made in one transaction, listed, taken back before their day.

use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::session::Who;
use super::unit::find_bearer;
use super::unit_change_effect::{Ground, Known};
use super::{App, AppError, AppResult, Code};
use crate::clock::instant;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_api_types::unit_change::{
    NewUnitChange, UnitChange, UnitChangeDetail, UnitChangeEffect, UnitChangeKind, UnitChangeState,
    UnitPlacement, WithdrawUnitChange,
};
use zhenxing_api_types::{Page, UnitRef};
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::unit_change::{
    Change, ChangeError, ChangeKind, ChangeState, Heir, Piece, Plan, check_day, plan,
};
use zhenxing_storage::unit::{self, NewPlacement, NewUnit, Placed, open_end};
use zhenxing_storage::unit_change::{self as kept, ChangeFilter, NewChange, Stored};
use zhenxing_storage::{Conn, event, figure, ledger_tally, placement, task_tally};

const TEXT_LENGTH: usize = 500;
const MOST_UNITS: usize = 500;

/// What a list of changes is narrowed to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChangeAsk {
    /// The unit at or below which they changed something.
    pub unit: Option<String>,
    /// Where they stand.
    pub state: Option<UnitChangeState>,
}

/// What is kept of a change beside its effect.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    units: Vec<UnitRef>,
    pub(super) result: Vec<UnitRef>,
    pub(super) reason: String,
    locked_cause: Option<String>,
}

impl App {
    /// Makes a change of the tree, or shows what it would do.
    ///
    /// # Errors
    /// Refusals that name the field and say what to do.
    pub fn create_unit_change(
        &self,
        who: &Who,
        sent: &Sent,
        new: &NewUnitChange,
        dry_run: bool,
    ) -> AppResult<Answer> {
        let admit = |_: &mut Conn| who.scope(Action::ManageUnits);
        let answer = self.write_once(sent, admit, |conn, scope| {
            let by = Some((who.account(), who.signed_in.name.clone()));
            let detail = self.change_units(conn, &scope, by, new, dry_run)?;
            let id = detail.change.id;
            let status = if dry_run { 200 } else { 201 };
            let answer = Answer::new(status, &detail)?;
            Ok(match id {
                Some(id) => answer.at(format!("/api/v1/unit-changes/{id}")),
                None => answer,
            })
        })?;
        if !dry_run && let Err(error) = self.settle_mergers() {
            tracing::error!(%error, "records stay with the ended units; the hourly job moves them");
        }
        Ok(answer)
    }

    /// Moves a unit with everything below it to another unit above, for the operator at the command line.
    ///
    /// # Errors
    /// Refusals that name the argument.
    pub fn move_unit(&self, code: &str, parent: &str, from: NaiveDate) -> AppResult<()> {
        let new = NewUnitChange {
            kind: UnitChangeKind::Move,
            from,
            units: vec![code.to_owned()],
            name: None,
            code: None,
            parent: Some(parent.to_owned()),
            unit_kind: None,
            pieces: Vec::new(),
            reason: "zhenxing units move".to_owned(),
            locked_cause: None,
        };
        let system = Scope::bypass_for_system_work();
        self.db.write(|conn| {
            self.change_units(conn, &system, None, &new, false)
                .map(|_| ())
        })
    }

    pub(crate) fn change_units(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        by: Option<(AccountId, String)>,
        new: &NewUnitChange,
        dry_run: bool,
    ) -> AppResult<UnitChangeDetail> {
        check_texts(new)?;
        check_day(new.from).map_err(refused)?;
        unit::lock_tree(conn)?;
        let ground = self.survey(conn, scope, new)?;
        let change = asked_change(new, &ground.known)?;
        let next = UnitId(unit::last(conn)? + 1);
        let plan = plan(&ground.part, &change, next).map_err(refused)?;
        self.admit_plan(conn, new, &ground, &plan)?;
        let periods = self.periods_since(conn, new.from, &plan.touched)?;
        if new.locked_cause.is_none()
            && let Some(locked) = periods.iter().find(|period| period.2)
        {
            return Err(locked_period(locked.1));
        }
        let effect = self.effect(conn, new, &ground, &plan, &periods)?;
        let asked = Asked {
            units: ground.subjects(),
            result: ground.result(&plan),
            reason: new.reason.trim().to_owned(),
            locked_cause: new.locked_cause.clone(),
        };
        let mut change = UnitChange {
            id: None,
            kind: new.kind,
            from: new.from,
            state: ChangeState::on(self.clock.today(), new.from, false).into(),
            units: asked.units.clone(),
            result: asked.result.clone(),
            reason: asked.reason.clone(),
            locked_cause: asked.locked_cause.clone(),
            by: by.as_ref().map(|by| by.1.clone()),
            at: instant(self.clock.now()),
            withdrawn_at: None,
            withdrawn_reason: None,
        };
        if !dry_run {
            let account = by.map(|by| by.0);
            let id =
                self.carry_out_change(conn, new, &ground, &plan, (account, &asked, &effect))?;
            let touched: Vec<UnitId> = plan.touched.iter().copied().collect();
            self.queue_periods(conn, &periods, &touched)?;
            self.fold_derived_since(conn, new.from, &touched)?;
            change.id = Some(id);
        }
        Ok(UnitChangeDetail {
            dry_run,
            change,
            effect,
        })
    }

    /// Reads the units that a change names with what stands below and above them, as far as the asker administers them.
    fn survey(&self, conn: &mut Conn, scope: &Scope, new: &NewUnitChange) -> AppResult<Ground> {
        let system = Scope::bypass_for_system_work();
        let children = new.pieces.iter().flat_map(|piece| &piece.children);
        let codes: Vec<String> = new
            .units
            .iter()
            .chain(&new.parent)
            .chain(&new.code)
            .chain(children)
            .cloned()
            .collect();
        let found = unit::by_codes(conn, &system, &codes, new.from)?;
        let named: BTreeMap<String, Placed> = found
            .into_iter()
            .map(|unit| (unit.code.clone(), unit))
            .collect();
        let mut subjects = Vec::new();
        for code in &new.units {
            subjects.push(named.get(code).cloned().ok_or_else(|| absent("units"))?);
        }
        if let (UnitChangeKind::Merge, Some(code)) = (new.kind, &new.code) {
            let heir = named.get(code).cloned();
            subjects.extend(heir.filter(|heir| !new.units.contains(&heir.code)));
        }
        let parent = match &new.parent {
            None => None,
            Some(code) => Some(named.get(code).cloned().ok_or_else(|| absent("parent"))?),
        };
        self.admit_units(conn, scope, &subjects, parent.as_ref())?;
        let deep = !matches!(
            new.kind,
            UnitChangeKind::Rename | UnitChangeKind::Reclassify
        );
        let paths: Vec<String> = subjects.iter().map(|unit| unit.path.clone()).collect();
        let lines = subjects.iter().chain(&parent).flat_map(Placed::lineage);
        let lines: BTreeSet<UnitId> = lines.collect();
        let lines: Vec<UnitId> = lines.into_iter().collect();
        let below = if deep { &paths[..] } else { &[] };
        let all = placement::part(conn, &system, below, &lines, new.from)?;
        Ok(Ground::new(all, subjects, parent, named))
    }

    /// A unit is changed by who administers the unit above it; to another unit above, by who administers that too.
    fn admit_units(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        subjects: &[Placed],
        parent: Option<&Placed>,
    ) -> AppResult<()> {
        let system = Scope::bypass_for_system_work();
        let ids: Vec<UnitId> = subjects.iter().chain(parent).map(|unit| unit.id).collect();
        let today = placement::last_by_ids(conn, &system, &ids, self.clock.today())?;
        let now = |unit: &Placed| {
            let found = today.iter().find(|other| other.id == unit.id);
            found.map_or(unit.path.clone(), |found| found.path.clone())
        };
        for unit in subjects {
            if !scope.covers(above(&now(unit)), None, None) {
                return Err(absent("units"));
            }
        }
        if parent.is_some_and(|parent| !scope.covers(&now(parent), None, None)) {
            return Err(absent("parent"));
        }
        Ok(())
    }

    /// What stands against a plan in the tree around it: later changes, codes that are taken.
    fn admit_plan(
        &self,
        conn: &mut Conn,
        new: &NewUnitChange,
        ground: &Ground,
        plan: &Plan,
    ) -> AppResult<()> {
        let planned = new.from > self.clock.today();
        let parents = plan.placed.iter().filter_map(|place| place.parent);
        for unit in parents.chain(plan.ended.iter().copied()) {
            if let Some(placed) = ground
                .placed(unit)
                .filter(|unit| unit.valid_to < open_end())
            {
                return Err(changed_later(&placed.name, placed.valid_to));
            }
        }
        for unit in plan
            .placed
            .iter()
            .map(|place| place.unit)
            .chain(plan.ended.iter().copied())
        {
            let Some(placed) = ground.placed(unit) else {
                continue;
            };
            if placed.valid_to < open_end() {
                return Err(changed_later(&placed.name, placed.valid_to));
            }
            let ends = plan.ended.contains(&unit);
            if placed.valid_from == new.from && (planned || ends) {
                return Err(changed_later(&placed.name, new.from));
            }
        }
        if let Some(day) = placement::placed_later(conn, &ground.paths(), new.from)? {
            return Err(changed_later("该单位或其下级单位", day));
        }
        let changed: Vec<UnitId> = plan.placed.iter().map(|place| place.unit).collect();
        let fresh = |place: &&zhenxing_domain::unit_change::Place| {
            let old = ground.part.get(&place.unit);
            old.is_none_or(|old| old.code != place.code)
        };
        let codes: Vec<String> = plan
            .placed
            .iter()
            .filter(fresh)
            .map(|place| place.code.clone())
            .collect();
        let except: Vec<UnitId> = changed.iter().chain(&plan.ended).copied().collect();
        match placement::codes_taken(conn, &codes, &except, new.from)?.first() {
            None => Ok(()),
            Some(code) => Err(AppError::refused(
                Code::Exists,
                Some("code"),
                format!("代码{code}已被其他单位使用，请核对后换用新的代码"),
                format!("The code {code} belongs to another unit; check it and give another one"),
            )),
        }
    }

    /// Every period that a form has whose tree a change from that day on touches, with whether it is locked.
    fn periods_since(
        &self,
        conn: &mut Conn,
        from: NaiveDate,
        touched: &BTreeSet<UnitId>,
    ) -> AppResult<Vec<(String, Period, bool)>> {
        let mut periods = Vec::new();
        if touched.is_empty() {
            return Ok(periods);
        }
        for (form, key, locked) in kept::periods(conn)? {
            let period =
                Period::from_key(key).map_err(|error| AppError::Internal(error.to_string()))?;
            if period.last_day() >= from {
                periods.push((form, period, locked));
            }
        }
        Ok(periods)
    }

    fn queue_periods(
        &self,
        conn: &mut Conn,
        periods: &[(String, Period, bool)],
        units: &[UnitId],
    ) -> AppResult<()> {
        let now = self.clock.now();
        task_tally::queue_all(conn, units)?;
        ledger_tally::queue_all(conn, units)?;
        let mut forms: BTreeMap<&str, Vec<Period>> = BTreeMap::new();
        for (form, period, _) in periods {
            forms.entry(form).or_default().push(*period);
        }
        for (form, periods) in forms {
            let metrics = self.metrics_of_form(form);
            figure::queue(conn, &periods, &metrics, units, now)?;
        }
        Ok(())
    }

    /// Writes what a plan says, the change itself and its event.
    fn carry_out_change(
        &self,
        conn: &mut Conn,
        new: &NewUnitChange,
        ground: &Ground,
        plan: &Plan,
        (account, asked, effect): (Option<AccountId>, &Asked, &UnitChangeEffect),
    ) -> AppResult<Uuid> {
        let kind = ChangeKind::from(new.kind).as_str();
        let main = ground.main(self.clock.today())?;
        let now = self.clock.now();
        let change = NewChange {
            public_id: Uuid::now_v7(),
            kind,
            valid_from: new.from,
            unit: main,
            asked: text_of(asked)?,
            effect: text_of(effect)?,
            account,
            created_at: now,
        };
        let number = kept::insert(conn, &change)?;
        let created: Vec<NewUnit> = plan
            .placed
            .iter()
            .filter(|place| plan.created.contains(&place.unit))
            .map(|place| NewUnit {
                level: place.level,
                home_shard: unit::lineage(&place.path)
                    .get(1)
                    .copied()
                    .filter(|shard| *shard != place.unit),
            })
            .collect();
        if unit::create(conn, &created)? != plan.created {
            return Err(AppError::Internal(
                "the tree's lock was not held".to_owned(),
            ));
        }
        let placements: Vec<NewPlacement> = plan
            .placed
            .iter()
            .map(|place| {
                let (pinyin, initials) = self.readings.spell(&place.name);
                NewPlacement {
                    unit: place.unit,
                    valid_from: new.from,
                    parent: place.parent,
                    path: place.path.clone(),
                    code: place.code.clone(),
                    kind: place.kind,
                    name: place.name.clone(),
                    pinyin,
                    initials,
                }
            })
            .collect();
        unit::place(conn, &placements, Some(number))?;
        placement::end(conn, &plan.ended, new.from, number)?;
        let subject = change.public_id.to_string();
        event::append(conn, "units.changed", &subject, Some(main), now)?;
        Ok(change.public_id)
    }

    /// Changes of the tree, past and coming, the latest day first.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_unit_changes(
        &self,
        who: &Who,
        ask: &ChangeAsk,
        paged: &PageAsk,
    ) -> AppResult<Page<UnitChange>> {
        let scope = who.scope(Action::ReadUnits)?;
        let limit = paged.limit()?;
        let today = self.clock.today();
        let before: Option<(NaiveDate, i64)> = paged.after(ask)?;
        self.db.read(|conn| {
            let below = self.path_below(conn, &scope, ask.unit.as_deref(), today)?;
            let filter = ChangeFilter {
                below,
                withdrawn: ask.state.map(|state| state == UnitChangeState::Withdrawn),
                first: (ask.state == Some(UnitChangeState::Planned))
                    .then(|| today.succ_opt())
                    .flatten(),
                last: (ask.state == Some(UnitChangeState::Effective)).then_some(today),
                before,
                limit: limit + 1,
            };
            let rows = kept::list(conn, &scope, &filter, today)?;
            let rows = rows
                .into_iter()
                .map(|row| Ok((row.valid_from, row.id, self.change_view(&row)?)))
                .collect::<AppResult<Vec<_>>>()?;
            let paged = page::page(rows, limit, ask, |row| (row.0, row.1));
            Ok(Page {
                items: paged.items.into_iter().map(|row| row.2).collect(),
                next_cursor: paged.next_cursor,
                total: None,
            })
        })
    }

    /// One change with what it does, for who administers units.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_unit_change(&self, who: &Who, id: &str) -> AppResult<Answer> {
        let (scope, id) = changeable(who, id)?;
        self.db.read(|conn| {
            let stored = self.find_change(conn, &scope, id)?;
            let change = self.change_view(&stored)?;
            let tag = match change.state {
                UnitChangeState::Planned => 1,
                UnitChangeState::Effective => 2,
                UnitChangeState::Withdrawn => 3,
            };
            let detail = UnitChangeDetail {
                dry_run: false,
                change,
                effect: read_text(&stored.effect)?,
            };
            Ok(Answer::new(200, &detail)?.tagged(tag))
        })
    }

    /// Takes a planned change back.
    ///
    /// # Errors
    /// `not_found`, `wrong_state` when its day has come or another change stands on it.
    pub fn withdraw_unit_change(
        &self,
        who: &Who,
        sent: &Sent,
        id: &str,
        ask: &WithdrawUnitChange,
    ) -> AppResult<Answer> {
        let (scope, id) = changeable(who, id)?;
        check_text("reason", &ask.reason)?;
        let admit = |conn: &mut Conn| {
            unit::lock_tree(conn)?;
            self.find_change(conn, &scope, id)
        };
        self.write_once(sent, admit, |conn, stored| {
            let system = Scope::bypass_for_system_work();
            let today = self.clock.today();
            let line = placement::last_by_ids(conn, &system, &[UnitId(stored.unit)], today)?;
            let administers = |unit: &Placed| scope.covers(above(&unit.path), None, None);
            if !line.iter().all(administers) {
                return Err(zhenxing_domain::policy::Refused(Action::ManageUnits).into());
            }
            let withdrawn = stored.withdrawn_at.is_some();
            let state = ChangeState::on(today, stored.valid_from, withdrawn);
            state.withdraw().map_err(|_| not_planned())?;
            if placement::built_upon(conn, stored.id)? {
                return Err(stands_on_it());
            }
            let touched = placement::touched_by(conn, stored.id)?;
            placement::undo(conn, stored.id)?;
            let periods = self.periods_since(conn, stored.valid_from, &touched)?;
            let units: Vec<UnitId> = touched.into_iter().collect();
            self.queue_periods(conn, &periods, &units)?;
            self.fold_derived_since(conn, stored.valid_from, &units)?;
            let now = self.clock.now();
            if !kept::withdraw(conn, stored.id, who.account(), ask.reason.trim(), now)? {
                return Err(not_planned());
            }
            let main = Some(UnitId(stored.unit));
            event::append(conn, "units.change_withdrawn", &id.to_string(), main, now)?;
            let after = self.find_change(conn, &scope, id)?;
            Answer::new(200, &self.change_view(&after)?)
        })
    }

    /// Where and under which names a unit stood, earliest first.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_unit_placements(&self, who: &Who, code: &str) -> AppResult<Page<UnitPlacement>> {
        let scope = who.scope_or_absent(Action::ReadUnits, "code", "单位", "unit")?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let unit = find_bearer(conn, &scope, code, (today, today), "code")?;
            let spans = placement::spans(conn, &scope, unit.id, today)?;
            let rows = spans.into_iter().map(span_view);
            Ok(page::whole(rows.collect::<AppResult<Vec<_>>>()?))
        })
    }

    fn find_change(&self, conn: &mut Conn, scope: &Scope, id: Uuid) -> AppResult<Stored> {
        let found = kept::get(conn, scope, id, self.clock.today())?;
        found.ok_or_else(no_change)
    }

    fn change_view(&self, stored: &Stored) -> AppResult<UnitChange> {
        let asked: Asked = read_text(&stored.asked)?;
        let kind = ChangeKind::parse(&stored.kind);
        let kind = kind.ok_or_else(|| AppError::Internal(format!("change {}", stored.kind)))?;
        let withdrawn = stored.withdrawn_at.is_some();
        Ok(UnitChange {
            id: Some(number_of(&stored.public_id)?),
            kind: kind.into(),
            from: stored.valid_from,
            state: ChangeState::on(self.clock.today(), stored.valid_from, withdrawn).into(),
            units: asked.units,
            result: asked.result,
            reason: asked.reason,
            locked_cause: asked.locked_cause,
            by: stored.by.clone(),
            at: instant(stored.created_at),
            withdrawn_at: stored.withdrawn_at.map(instant),
            withdrawn_reason: stored.withdrawn_reason.clone(),
        })
    }
}

fn span_view(span: placement::Span) -> AppResult<UnitPlacement> {
    Ok(UnitPlacement {
        from: span.valid_from,
        until: (span.valid_to < open_end())
            .then(|| span.valid_to.pred_opt())
            .flatten(),
        kind: span.unit_kind()?.into(),
        code: span.code,
        name: span.name,
        parent: span.above_code,
        parent_name: span.above_name,
        change: span.change.as_deref().map(number_of).transpose()?,
    })
}

/// The path of the unit above.
fn above(path: &str) -> &str {
    let inner = path.strip_suffix('/').unwrap_or(path);
    let end = inner.rfind('/').map_or(0, |at| at + 1);
    path.get(..end).unwrap_or("/")
}

fn number_of(bytes: &[u8]) -> AppResult<Uuid> {
    Uuid::from_slice(bytes).map_err(|error| AppError::Internal(error.to_string()))
}

fn changeable(who: &Who, id: &str) -> AppResult<(Scope, Uuid)> {
    let scope = who.scope(Action::ManageUnits)?;
    let id = Uuid::parse_str(id).map_err(|_| no_change())?;
    Ok((scope, id))
}

fn text_of(value: &impl Serialize) -> AppResult<String> {
    serde_json::to_string(value).map_err(|error| AppError::Internal(error.to_string()))
}

pub(super) fn read_text<T: serde::de::DeserializeOwned>(text: &str) -> AppResult<T> {
    serde_json::from_str(text).map_err(|error| AppError::Internal(format!("a change: {error}")))
}

/// The change in the domain's words; what its kind does not use is refused, so that nobody believes it was done.
fn asked_change(new: &NewUnitChange, known: &Known) -> AppResult<Change> {
    use UnitChangeKind as K;
    let given = [
        ("name", new.name.is_some(), &[K::Rename, K::Merge][..]),
        ("code", new.code.is_some(), &[K::Rename, K::Merge]),
        ("parent", new.parent.is_some(), &[K::Move, K::Merge]),
        ("unit_kind", new.unit_kind.is_some(), &[K::Reclassify]),
        ("pieces", !new.pieces.is_empty(), &[K::Split]),
    ];
    if let Some((field, ..)) = given.iter().find(|one| one.1 && !one.2.contains(&new.kind)) {
        return Err(AppError::invalid(
            field,
            "这一类调整不使用此项，请删去或改选调整类别",
            "This kind of change does not use the field; remove it or choose another kind",
        ));
    }
    let units = known.ids(&new.units, "units")?;
    let first = units.first().copied().ok_or_else(|| missing("units"))?;
    if matches!(new.kind, K::Rename | K::Split) && units.len() > 1 {
        return Err(AppError::invalid(
            "units",
            "更名和拆分每次只办理一个单位",
            "A rename or a split is about one unit",
        ));
    }
    Ok(match new.kind {
        K::Rename if new.name.is_none() && new.code.is_none() => return Err(missing("name")),
        K::Rename => Change::Rename(first, new.name.clone(), new.code.clone()),
        K::Move => Change::Move(units, known.parent().ok_or_else(|| missing("parent"))?),
        K::End => Change::End(units),
        K::Reclassify => {
            let kind = new.unit_kind.ok_or_else(|| missing("unit_kind"))?;
            Change::Reclassify(units, kind.into())
        }
        K::Split => {
            let piece = |piece: &zhenxing_api_types::unit_change::UnitPiece| {
                Ok(Piece {
                    code: piece.code.clone(),
                    name: piece.name.clone(),
                    children: known.ids(&piece.children, "pieces")?,
                })
            };
            let pieces: AppResult<Vec<Piece>> = new.pieces.iter().map(piece).collect();
            Change::Split(first, pieces?)
        }
        K::Merge => {
            let code = new.code.clone().ok_or_else(|| missing("code"))?;
            let heir = match known.id(&code) {
                Some(unit) => Heir::Standing(unit, new.name.clone()),
                None => Heir::New {
                    code,
                    name: new.name.clone().ok_or_else(|| missing("name"))?,
                    parent: known
                        .parent()
                        .or_else(|| known.parent_of(first))
                        .ok_or_else(|| missing("parent"))?,
                },
            };
            Change::Merge(units, heir)
        }
    })
}

fn check_texts(new: &NewUnitChange) -> AppResult<()> {
    check_text("reason", &new.reason)?;
    if let Some(cause) = &new.locked_cause {
        check_text("locked_cause", cause)?;
    }
    let children = new.pieces.iter().map(|piece| piece.children.len());
    if new.units.len() > MOST_UNITS || new.pieces.len() + children.sum::<usize>() > MOST_UNITS {
        return Err(AppError::invalid(
            "units",
            format!("一次调整最多涉及{MOST_UNITS}个单位，请分次办理"),
            format!("One change names at most {MOST_UNITS} units; make several"),
        ));
    }
    Ok(())
}

fn check_text(field: &str, text: &str) -> AppResult<()> {
    if !(1..=TEXT_LENGTH).contains(&text.trim().chars().count()) {
        return Err(AppError::invalid(
            field,
            format!("请写明原因和文号，不超过{TEXT_LENGTH}字"),
            format!(
                "Give the reason and the document's number in at most {TEXT_LENGTH} characters"
            ),
        ));
    }
    if holds_id_number(text) {
        return Err(AppError::invalid(
            field,
            "原因中有身份证号码，此处不需要，请删去",
            "The reason holds an identity number; remove it, nobody needs it here",
        ));
    }
    Ok(())
}

fn absent(field: &str) -> AppError {
    AppError::not_found(field, "单位", "unit")
}

fn no_change() -> AppError {
    AppError::not_found("id", "区划调整", "change")
}

fn missing(field: &str) -> AppError {
    AppError::invalid(
        field,
        "这一类调整需要填写此项",
        "This kind of change needs the field",
    )
}

fn locked_period(period: Period) -> AppError {
    AppError::refused(
        Code::PeriodLocked,
        Some("from"),
        format!(
            "{period}期已锁定，这次调整会改变其数字。请改为自{}之后的某月1日起生效；确需追溯的，填写追溯原因后重新提交",
            period.last_day()
        ),
        format!(
            "Period {period} is locked and this change would alter its figures. Let it begin after {}, or give the cause in `locked_cause`",
            period.last_day()
        ),
    )
}

fn changed_later(name: &str, day: NaiveDate) -> AppError {
    AppError::refused(
        Code::WrongState,
        Some("from"),
        format!(
            "“{name}”自{day}起已有另一项调整。请改为在其后生效；那项调整尚未生效的，可先撤回再合并办理"
        ),
        format!(
            "Another change of {name} begins on {day}. Let this one begin after it, or withdraw that one first if its day has not come"
        ),
    )
}

fn not_planned() -> AppError {
    AppError::refused(
        Code::WrongState,
        Some("id"),
        "该项调整已经生效或已撤回，不能再撤回；需要改正的，请另行办理一项调整",
        "The change is in force or was withdrawn before; make another change to correct it",
    )
}

fn stands_on_it() -> AppError {
    AppError::refused(
        Code::WrongState,
        Some("id"),
        "另有调整以该项调整为前提，请先撤回后一项",
        "Another change stands on this one; withdraw that first",
    )
}

/// A refusal of the domain, with the field that it is about.
fn refused(error: ChangeError) -> AppError {
    let (field, zh) = match &error {
        ChangeError::NotFirstOfMonth => ("from", "区划调整应自某月1日起生效".to_owned()),
        ChangeError::Absent => ("units", "该单位在这一天尚未设立或已撤销".to_owned()),
        ChangeError::Levels => ("units", "一次调整的单位应为同一层级".to_owned()),
        ChangeError::Cycle => ("parent", "单位不能改隶于自身或其下级单位".to_owned()),
        ChangeError::WrongLevel => ("parent", "上级单位的层级不符，应为紧邻的上一级".to_owned()),
        ChangeError::Code(code) => ("code", format!("“{code}”不是该层级的12位区划代码，请核对")),
        ChangeError::Name => ("name", "名称应为1至100字".to_owned()),
        ChangeError::CodeTwice(code) => ("pieces", format!("代码{code}重复，请核对")),
        ChangeError::TooFew => ("units", "合并和拆分至少涉及两个单位".to_owned()),
        ChangeError::HasUnitsBelow(name) => {
            ("units", format!("“{name}”还有下级单位，请先将其改隶或合并"))
        }
        ChangeError::NotDistributed => {
            ("pieces", "每个下级单位应划入且只划入一个新单位".to_owned())
        }
        ChangeError::KindLevel => ("unit_kind", "该类别不属于这一层级".to_owned()),
        ChangeError::NothingChanges => ("units", "与现状相同，没有需要调整的内容".to_owned()),
        ChangeError::City => ("units", "市本级只能更名".to_owned()),
    };
    let mut en = error.to_string();
    if let Some(first) = en.get(..1).map(str::to_ascii_uppercase) {
        en.replace_range(..1, &first);
    }
    AppError::invalid(field, zh, en)
}
