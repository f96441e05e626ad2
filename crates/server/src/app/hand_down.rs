//! Handing matters down (任务分解): whom it reaches, what it weighs on them, and the tasks that it makes.

use super::hand_down_target::Shared;
use super::once::{Answer, Sent};
use super::session::{Who, unit_ref};
use super::task::{said, system};
use super::unit::find_unit;
use super::{App, AppError, AppResult, Code};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_api_types::task::{
    Burden, CreateHandDown, CreateTask, HandDown as View, HandDownLevel, HandDownTo, OwnDue,
};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::Matter;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::task::{HandDownError, check_hand_down};
use zhenxing_domain::unit::{Level, UnitKind};
use zhenxing_storage::hand_down::{self, Meant, NewHandDown};
use zhenxing_storage::target::{self, NewTarget};
use zhenxing_storage::task::{self, NewTask};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, StorageError, event, task_tally};

/// How many units may be named in one request.
const MOST_UNITS: usize = 10_000;

/// What is handed down, as far as it can be said without the database.
struct Wish<'a> {
    matter: &'a Matter,
    period: Period,
    due: Option<NaiveDate>,
    lead: Option<String>,
    responsible: Vec<String>,
    note: Option<&'a str>,
}

/// A unit that is given a task.
pub(super) struct Given {
    pub unit: Placed,
    due: NaiveDate,
    lead: Option<String>,
    responsible: Vec<String>,
    pub between: bool,
}

/// What a hand-down would do.
struct Plan {
    within: Placed,
    given: Vec<Given>,
    existing: Vec<Placed>,
    burden: Vec<Burden>,
    shared: Vec<Shared>,
}

impl App {
    /// Hands a matter to one unit.
    ///
    /// # Errors
    /// Refusals that name the field; `exists` when the unit has it for that period.
    pub fn create_task(&self, who: &Who, sent: &Sent, new: &CreateTask) -> AppResult<Answer> {
        let matter = self.matter(&new.matter, "matter")?;
        let scope = who
            .signed_in
            .actor
            .scope_on_matter(Action::ManageTasks, &matter.code)?;
        let lead = new.lead_department.as_deref();
        let responsible = new.responsible_departments.as_deref();
        let wish = self.wish(
            matter,
            &new.period,
            Some(new.due),
            (lead, responsible),
            new.note.as_deref(),
        )?;
        let own = self.own_level(who)?;
        let today = self.clock.today();
        let admit = |conn: &mut Conn| {
            let found = find_unit(conn, &scope, &new.unit, today, "unit")?;
            check_hand_down(matter, own, found.level)
                .map_err(|error| refused_level(matter, error, "unit"))?;
            Ok(found)
        };
        self.write_once(sent, admit, |conn, unit| {
            let given = Given {
                due: new.due,
                lead: wish.lead.clone(),
                responsible: wish.responsible.clone(),
                between: false,
                unit,
            };
            let now = self.clock.now();
            let one = std::slice::from_ref(&given);
            let tasks = self.hand_to(conn, who, &wish, who.unit(), (one, &[]), now)?;
            let made = tasks.1.into_iter().next().map(|new| task::Made {
                new,
                unit: &given.unit,
                hand_down: tasks.0,
                issuer: &who.signed_in.name,
                issuer_unit: &who.signed_in.unit_name,
                note: wish.note,
            });
            let made = made.ok_or_else(|| AppError::Internal("no task was made".to_owned()))?;
            let id = made.new.public_id;
            event::append(
                conn,
                "task.created",
                &id.to_string(),
                Some(given.unit.id),
                now,
            )?;
            let answer = self.task_answer(who, 201, made.task(now))?;
            Ok(answer.at(format!("/api/v1/tasks/{id}")))
        })
    }

    /// Hands a matter down to many units, all of it or nothing, or shows what that would do.
    ///
    /// # Errors
    /// Refusals that name the field; `exists` when units have the matter for that period and are not to be skipped.
    pub fn create_hand_down(
        &self,
        who: &Who,
        sent: &Sent,
        ask: &CreateHandDown,
    ) -> AppResult<Answer> {
        let matter = self.matter(&ask.matter, "matter")?;
        let scope = who
            .signed_in
            .actor
            .scope_on_matter(Action::ManageTasks, &matter.code)?;
        let lead = ask.lead_department.as_deref();
        let responsible = ask.responsible_departments.as_deref();
        let wish = self.wish(
            matter,
            &ask.period,
            ask.due,
            (lead, responsible),
            ask.note.as_deref(),
        )?;
        let plan = |conn: &mut Conn| self.plan(conn, who, &scope, &wish, ask);
        if ask.dry_run {
            let plan = self.db.read(plan)?;
            return Answer::new(200, &view(&plan, None));
        }
        self.write_once(sent, plan, |conn, plan| {
            if let Some(first) = plan.existing.first().filter(|_| !ask.skip_existing) {
                return Err(has_it(first, plan.existing.len()));
            }
            if plan.given.is_empty() {
                return Err(AppError::invalid(
                    "to",
                    "所选单位本期都已有该任务，没有需要下达的单位",
                    "Every unit that was chosen has this matter for the period; nothing is to be handed down",
                ));
            }
            let now = self.clock.now();
            let all = (plan.given.as_slice(), plan.shared.as_slice());
            let (id, _) = self.hand_to(conn, who, &wish, plan.within.id, all, now)?;
            event::append(conn, "task.handed_down", &id.to_string(), Some(plan.within.id), now)?;
            Answer::new(201, &view(&plan, Some(id)))
        })
    }

    fn own_level(&self, who: &Who) -> AppResult<Level> {
        let level = who.signed_in.actor.level();
        level.ok_or_else(|| AppError::Internal("a unit without a level".to_owned()))
    }

    /// What is said about a hand-down apart from the units.
    fn wish<'a>(
        &self,
        matter: &'a Matter,
        period: &str,
        due: Option<NaiveDate>,
        (lead, responsible): (Option<&str>, Option<&[String]>),
        note: Option<&'a str>,
    ) -> AppResult<Wish<'a>> {
        let period = self.task_period(Some(matter), period, "period")?;
        if due.is_some_and(|due| due < self.clock.today()) {
            return Err(too_early("due", self.clock.today()));
        }
        let known = |code: &str, field: &str| {
            if self.package.departments.iter().any(|one| one.code == code) {
                return Ok(code.to_owned());
            }
            Err(AppError::invalid(
                field,
                format!("方案中没有代码为{code}的部门"),
                format!("The programme has no department {code}"),
            ))
        };
        let lead = match lead {
            Some(code) => Some(known(code, "lead_department")?),
            None => matter.lead_departments.first().cloned(),
        };
        let responsible = match responsible {
            Some(codes) => codes
                .iter()
                .map(|code| known(code, "responsible_departments"))
                .collect::<AppResult<_>>()?,
            None => matter.responsible_departments.clone(),
        };
        Ok(Wish {
            matter,
            period,
            due,
            lead,
            responsible,
            note: said(note).map_err(|error| error.about("note"))?,
        })
    }

    fn plan(
        &self,
        conn: &mut Conn,
        who: &Who,
        scope: &Scope,
        wish: &Wish<'_>,
        ask: &CreateHandDown,
    ) -> AppResult<Plan> {
        let within = self.unit_or_own(conn, who, scope, ask.within.as_deref(), "within")?;
        let mut meant = self.meant(conn, scope, wish, &within, &ask.to)?;
        self.set_own_dues(&mut meant, &ask.own_dues)?;
        let between = self.between(conn, who, wish, &within, &meant)?;
        let ids: Vec<UnitId> = between
            .iter()
            .chain(&meant)
            .map(|one| one.unit.id)
            .collect();
        let having = hand_down::having(conn, &wish.matter.code, wish.period, &ids)?;
        let burden = self.burden(conn, &within, &meant, &having)?;
        let (existing, given): (Vec<Given>, Vec<Given>) = between
            .into_iter()
            .chain(meant)
            .partition(|one| having.contains(&one.unit.id));
        let existing = existing.into_iter().filter(|one| !one.between);
        let shared = self.share_targets(conn, who, wish.matter, &within, &given, &ask.targets)?;
        Ok(Plan {
            within,
            given,
            existing: existing.map(|one| one.unit).collect(),
            burden,
            shared,
        })
    }

    /// The units that are meant, each with its due day and departments.
    fn meant(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        wish: &Wish<'_>,
        within: &Placed,
        to: &HandDownTo,
    ) -> AppResult<Vec<Given>> {
        let today = self.clock.today();
        let reach = |level: Level, field: &str| {
            check_hand_down(wish.matter, within.level, level)
                .map_err(|error| refused_level(wish.matter, error, field))
        };
        let units = match to {
            HandDownTo::Level { level, kinds, tags } => {
                let level = Level::from(*level);
                reach(level, "to.level")?;
                let kinds: Vec<UnitKind> = kinds.iter().copied().map(Into::into).collect();
                let kinds = kinds.as_slice();
                let marks = self.marks();
                let meant = Meant {
                    within,
                    level,
                    kinds,
                    tags,
                    marks: marks.as_ref(),
                };
                hand_down::units_meant(conn, scope, meant, today)?
            }
            HandDownTo::Units { units } => {
                let found = named(conn, scope, units, within, today)?;
                for unit in &found {
                    reach(unit.level, "to.units")?;
                }
                found
            }
            HandDownTo::AsBefore { period } => {
                return self.as_before(conn, scope, wish, within, period);
            }
        };
        if units.is_empty() {
            return Err(AppError::invalid(
                "to",
                "没有符合条件的单位，请调整层级、类型或标签",
                "No unit fits; choose another level, kind or tag",
            ));
        }
        let due = wish
            .due
            .ok_or_else(|| AppError::invalid("due", "请填写完成时限", "Say by when"))?;
        Ok(units
            .into_iter()
            .map(|unit| Given {
                unit,
                due,
                lead: wish.lead.clone(),
                responsible: wish.responsible.clone(),
                between: false,
            })
            .collect())
    }

    /// The units that had the matter in an earlier period, as they had it, as many years later.
    fn as_before(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        wish: &Wish<'_>,
        within: &Placed,
        period: &str,
    ) -> AppResult<Vec<Given>> {
        let field = "to.period";
        let period = self.task_period(Some(wish.matter), period, field)?;
        let years = i32::from(wish.period.year()) - i32::from(period.year());
        if period >= wish.period || period.cadence() != wish.period.cadence() {
            return Err(AppError::invalid(
                field,
                "请选择本期之前的同类期次",
                "Name an earlier period of the same length",
            ));
        }
        let today = self.clock.today();
        let rows = hand_down::before(conn, &wish.matter.code, period, within, today)?;
        let ids: Vec<UnitId> = rows.iter().map(|row| row.unit).collect();
        let units = unit::by_ids(conn, scope, &ids, today)?;
        let mut rows: BTreeMap<UnitId, hand_down::Before> =
            rows.into_iter().map(|row| (row.unit, row)).collect();
        let mut given = Vec::with_capacity(units.len());
        for unit in units {
            let Some(row) = rows.remove(&unit.id) else {
                continue;
            };
            let moved = later(row.due, years);
            given.push(Given {
                due: wish.due.unwrap_or(moved).max(today),
                lead: row.lead_department,
                responsible: serde_json::from_str(&row.responsible_departments)
                    .map_err(|error| AppError::Internal(error.to_string()))?,
                between: false,
                unit,
            });
        }
        if given.is_empty() {
            return Err(AppError::invalid(
                field,
                format!("{period}没有下达过该任务"),
                format!("This matter was not handed down for {period}"),
            ));
        }
        Ok(given)
    }

    fn set_own_dues(&self, meant: &mut [Given], own: &[OwnDue]) -> AppResult<()> {
        let mut dues: BTreeMap<&str, (usize, NaiveDate)> = BTreeMap::new();
        for (index, row) in own.iter().enumerate() {
            if row.due < self.clock.today() {
                return Err(too_early(
                    &format!("own_dues[{index}].due"),
                    self.clock.today(),
                ));
            }
            dues.insert(&row.unit, (index, row.due));
        }
        for one in meant.iter_mut() {
            if let Some((_, due)) = dues.remove(one.unit.code.as_str()) {
                one.due = due;
            }
        }
        match dues.values().next() {
            None => Ok(()),
            Some((index, _)) => Err(AppError::invalid(
                &format!("own_dues[{index}].unit"),
                "该单位不在下达范围内",
                "This unit is not among those that are meant",
            )),
        }
    }

    /// The units between who hands down and those that are meant, at the levels that the matter names: they are given
    /// theirs, due when the last of those below is.
    fn between(
        &self,
        conn: &mut Conn,
        who: &Who,
        wish: &Wish<'_>,
        within: &Placed,
        meant: &[Given],
    ) -> AppResult<Vec<Given>> {
        let own: BTreeSet<UnitId> = meant.iter().map(|one| one.unit.id).collect();
        let mut dues: BTreeMap<UnitId, NaiveDate> = BTreeMap::new();
        for one in meant {
            let line = one.unit.lineage();
            let from = line.iter().position(|id| *id == who.unit());
            let first = from
                .map(|from| from + 1)
                .or(line.iter().position(|id| *id == within.id));
            let inner = line.len().saturating_sub(1);
            for id in line.iter().take(inner).skip(first.unwrap_or(inner)) {
                if !own.contains(id) {
                    let due = dues.entry(*id).or_insert(one.due);
                    *due = one.due.max(*due);
                }
            }
        }
        let ids: Vec<UnitId> = dues.keys().copied().collect();
        let units = unit::by_ids(conn, &system(), &ids, self.clock.today())?;
        Ok(units
            .into_iter()
            .filter(|unit| wish.matter.levels.contains(&unit.level))
            .filter_map(|unit| {
                Some(Given {
                    due: *dues.get(&unit.id)?,
                    lead: wish.lead.clone(),
                    responsible: wish.responsible.clone(),
                    between: true,
                    unit,
                })
            })
            .collect())
    }

    /// What it weighs on villages, by the units directly below.
    fn burden(
        &self,
        conn: &mut Conn,
        within: &Placed,
        meant: &[Given],
        having: &BTreeSet<UnitId>,
    ) -> AppResult<Vec<Burden>> {
        let villages = || {
            let all = meant.iter().map(|one| &one.unit);
            all.filter(|unit| unit.level == Level::Village && !having.contains(&unit.id))
        };
        let ids: Vec<UnitId> = villages().map(|unit| unit.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let open = hand_down::open_tasks(conn, &ids)?;
        let mut sums: BTreeMap<UnitId, (i64, i64, i64)> = BTreeMap::new();
        for unit in villages() {
            let line = unit.lineage();
            let place = line.iter().position(|id| *id == within.id);
            let below = place.and_then(|place| line.get(place + 1)).copied();
            let (count, together, most) = sums.entry(below.unwrap_or(unit.id)).or_default();
            let own = open.get(&unit.id).copied().unwrap_or(0);
            *count += 1;
            *together += own;
            *most = own.max(*most);
        }
        let below: Vec<UnitId> = sums.keys().copied().collect();
        let units = unit::by_ids(conn, &system(), &below, self.clock.today())?;
        Ok(units
            .iter()
            .filter_map(|unit| {
                let (villages, open, most) = *sums.get(&unit.id)?;
                Some(Burden {
                    unit: unit_ref(unit),
                    villages,
                    gain: 1,
                    open,
                    most,
                })
            })
            .collect())
    }

    /// Makes the tasks of a hand-down.
    fn hand_to(
        &self,
        conn: &mut Conn,
        who: &Who,
        wish: &Wish<'_>,
        from: UnitId,
        (given, shared): (&[Given], &[Shared]),
        now: i64,
    ) -> AppResult<(Uuid, Vec<NewTask>)> {
        let act = NewHandDown {
            public_id: Uuid::now_v7(),
            matter: wish.matter.code.clone(),
            period: wish.period,
            unit: from,
            note: wish.note.map(str::to_owned),
            tasks: i64::try_from(given.len()).unwrap_or(i64::MAX),
            by: who.account(),
        };
        let number = hand_down::insert(conn, &act, now)?;
        let tasks: Vec<NewTask> = given
            .iter()
            .map(|one| NewTask {
                public_id: Uuid::now_v7(),
                project: wish.matter.project.clone(),
                matter: wish.matter.code.clone(),
                period: wish.period,
                unit: one.unit.id,
                level: one.unit.level,
                home_shard: one.unit.home_shard,
                due: one.due,
                lead_department: one.lead.clone(),
                responsible_departments: one.responsible.clone(),
            })
            .collect();
        match task::insert(conn, &tasks, number, now) {
            Err(StorageError::Duplicate(_)) => {
                let first = given.first().map(|one| &one.unit);
                return Err(first.map_or_else(
                    || AppError::Internal("a task of no unit".to_owned()),
                    |unit| has_it(unit, 1),
                ));
            }
            other => other?,
        }
        for one in shared {
            let targets: Vec<NewTarget> = one.targets(&tasks).collect();
            let reason = wish.note.unwrap_or("随任务下达");
            target::set_many(conn, &targets, reason, who.account(), now)?;
        }
        let above: BTreeSet<UnitId> = given.iter().filter_map(|one| one.unit.parent).collect();
        task_tally::queue(conn, &above, &wish.matter.code, wish.period)?;
        Ok((act.public_id, tasks))
    }
}

/// The units of those codes below a unit, each once.
fn named(
    conn: &mut Conn,
    scope: &Scope,
    codes: &[String],
    within: &Placed,
    today: NaiveDate,
) -> AppResult<Vec<Placed>> {
    if codes.is_empty() || codes.len() > MOST_UNITS {
        return Err(AppError::invalid(
            "to.units",
            format!("请选择1至{MOST_UNITS}个单位"),
            format!("Name 1 to {MOST_UNITS} units"),
        ));
    }
    let found = unit::by_codes(conn, scope, codes, today)?;
    let below = |unit: &Placed| unit.path.starts_with(&within.path);
    let known: BTreeSet<&str> = found
        .iter()
        .filter(|unit| below(unit))
        .map(|unit| unit.code.as_str())
        .collect();
    if let Some(index) = codes.iter().position(|code| !known.contains(code.as_str())) {
        return Err(AppError::not_found(
            &format!("to.units[{index}]"),
            "单位",
            "unit",
        ));
    }
    Ok(found)
}

/// The same day some years later; the last of February where there is no 29th.
fn later(day: NaiveDate, years: i32) -> NaiveDate {
    let year = day.year() + years;
    day.with_year(year)
        .or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
        .unwrap_or(day)
}

fn view(plan: &Plan, id: Option<Uuid>) -> View {
    let mut levels: BTreeMap<(Level, bool), (i64, i64)> = BTreeMap::new();
    for one in &plan.given {
        levels.entry((one.unit.level, one.between)).or_default().0 += 1;
    }
    for unit in &plan.existing {
        levels.entry((unit.level, false)).or_default().1 += 1;
    }
    View {
        id,
        dry_run: id.is_none(),
        tasks: i64::try_from(plan.given.len()).unwrap_or(i64::MAX),
        levels: levels
            .into_iter()
            .map(|((level, between), (given, existing))| HandDownLevel {
                level: level.into(),
                given,
                existing,
                between,
            })
            .collect(),
        burden: plan.burden.clone(),
        targets: plan.shared.iter().map(|one| one.sum.clone()).collect(),
    }
}

fn too_early(field: &str, today: NaiveDate) -> AppError {
    AppError::invalid(
        field,
        format!("完成时限不能早于今天（{today}）"),
        format!("The due day must not be before today, {today}"),
    )
}

fn has_it(first: &Placed, count: usize) -> AppError {
    AppError::refused(
        Code::Exists,
        Some("to"),
        format!(
            "{}等{count}个单位本期已有该任务，请跳过这些单位或重新选择",
            first.name
        ),
        format!(
            "{count} units, {} among them, have this matter for the period already; skip them or choose again",
            first.name
        ),
    )
}

fn refused_level(matter: &Matter, error: HandDownError, field: &str) -> AppError {
    let lowest = match matter.lowest_level() {
        Some(Level::Village) => "村（社区）",
        Some(Level::Township) => "乡镇（街道）",
        Some(Level::County) => "县（市、区）",
        Some(Level::City) | None => "市",
    };
    let zh = match error {
        HandDownError::TooFar { .. } => {
            format!("“{}”最多分解到{lowest}，不再向下分解", matter.name_zh)
        }
        HandDownError::NotNamed(_) => format!("“{}”不分解到这一级", matter.name_zh),
        HandDownError::NotBelow { .. } => "只能向下级单位分解，请重新选择".to_owned(),
    };
    AppError::invalid(field, zh, error.to_string())
}
