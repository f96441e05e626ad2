//! How tasks stand at and below a unit, without reading the leaves.

use super::session::{Who, unit_ref};
use super::task::Seer;
use super::{App, AppError, AppResult};
use std::collections::BTreeMap;
use zhenxing_api_types::UnitRef;
use zhenxing_api_types::report::Light;
use zhenxing_api_types::task::{
    LevelCounts, MatterProgress, TaskCounts, TaskNode, TaskProgress, TaskTree,
};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::Matter;
use zhenxing_domain::period::{Cadence, Period};
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::task::{TaskState, check_hand_down};
use zhenxing_domain::unit::Level;
use zhenxing_storage::Conn;
use zhenxing_storage::task::{self, Task};
use zhenxing_storage::task_tally::{self, Count};
use zhenxing_storage::unit::{self, Placed};

impl App {
    /// A matter in a period at a unit and directly below it; this year at one's own unit where nothing is said.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn get_task_tree(
        &self,
        who: &Who,
        code: &str,
        period: Option<&str>,
        unit: Option<&str>,
    ) -> AppResult<TaskTree> {
        let matter = self.matter(code, "matter")?;
        let scope = who
            .signed_in
            .actor
            .scope_on_matter(Action::ReadTasks, &matter.code)?;
        let period = self.asked_or_this_year(Some(matter), period)?;
        let today = self.clock.today();
        let seer = self.seer(who);
        self.db.read(|conn| {
            let at = self.unit_or_own(conn, who, &scope, unit, "unit")?;
            let mut below = unit::children(conn, &scope, &[at.id], today)?;
            below.retain(|unit| matter.levels.contains(&unit.level));
            let ids: Vec<UnitId> = below.iter().map(|unit| unit.id).chain([at.id]).collect();
            let tasks = task::of_units(conn, &scope, &matter.code, period, &ids, today)?;
            let tasks: BTreeMap<UnitId, Task> =
                tasks.into_iter().map(|task| (task.unit, task)).collect();
            let counts = task_tally::of_matter(conn, at.id, &matter.code, period)?;
            let above = unit::by_ids(conn, &scope, &at.lineage(), today)?;
            let above = above.iter().filter(|unit| unit.id != at.id);
            let mut above: Vec<UnitRef> = above.map(unit_ref).collect();
            above.sort_by_key(|unit| unit.level);
            let node = |unit: &Placed| self.node(&seer, matter, unit, &tasks, &counts);
            let wanted = at.level.below();
            let manages = who
                .signed_in
                .actor
                .scope_on_matter(Action::ManageTasks, &matter.code)
                .is_ok_and(|scope| scope.covers(&at.path, Some(&matter.code), None));
            let may_hand_down = manages
                && wanted.is_some_and(|_| {
                    Level::ALL
                        .into_iter()
                        .any(|level| check_hand_down(matter, at.level, level).is_ok())
                });
            Ok(TaskTree {
                matter: matter.code.clone(),
                period: period.to_string(),
                unit: node(&at),
                above,
                rows: below.iter().map(node).collect(),
                may_hand_down,
            })
        })
    }

    /// How the tasks at and below a unit stand, by matter and period; those of one year where it is named.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn get_task_progress(
        &self,
        who: &Who,
        unit: Option<&str>,
        year: Option<u16>,
    ) -> AppResult<TaskProgress> {
        let scope = who.scope(Action::ReadTasks)?;
        self.db.read(|conn| {
            let at = self.unit_or_own(conn, who, &scope, unit, "unit")?;
            let counts = task_tally::of_unit(conn, &scope, &at, year)?;
            let mut of: BTreeMap<(&str, Period), Vec<&Count>> = BTreeMap::new();
            for count in &counts {
                of.entry((&count.matter, count.period))
                    .or_default()
                    .push(count);
            }
            let matters = of.into_iter().filter_map(|((code, period), counts)| {
                let matter = self.package.matter(code)?;
                Some(self.matter_progress(matter, period, &counts))
            });
            Ok(TaskProgress {
                unit: unit_ref(&at),
                matters: matters.collect(),
            })
        })
    }

    fn matter_progress(
        &self,
        matter: &Matter,
        period: Period,
        counts: &[&Count],
    ) -> MatterProgress {
        let together = self.together(counts.iter().copied());
        let running = counts.iter().filter(|count| count.state.is_running());
        MatterProgress {
            project: matter.project.clone(),
            matter: matter.code.clone(),
            period: period.to_string(),
            next_due: running.map(|count| count.due).min(),
            light: light_of(&together),
            counts: together,
        }
    }

    /// The unit that is asked for, or one's own.
    pub(super) fn unit_or_own(
        &self,
        conn: &mut Conn,
        who: &Who,
        scope: &Scope,
        code: Option<&str>,
        field: &str,
    ) -> AppResult<Placed> {
        let today = self.clock.today();
        match code {
            Some(code) => super::unit::find_unit(conn, scope, code, today, field),
            None => {
                let own = unit::by_ids(conn, scope, &[who.unit()], today)?;
                let own = own.into_iter().next();
                own.ok_or_else(|| AppError::not_found(field, "单位", "unit"))
            }
        }
    }

    /// The period that is asked for, or this year.
    fn asked_or_this_year(&self, matter: Option<&Matter>, text: Option<&str>) -> AppResult<Period> {
        match text {
            Some(text) => self.task_period(matter, text, "period"),
            None => Period::containing(self.clock.today(), Cadence::Yearly)
                .map_err(|error| AppError::Internal(error.to_string())),
        }
    }

    fn node(
        &self,
        seer: &Seer<'_>,
        matter: &Matter,
        unit: &Placed,
        tasks: &BTreeMap<UnitId, Task>,
        counts: &[Count],
    ) -> TaskNode {
        let own = || counts.iter().filter(|count| count.unit == unit.id);
        let levels = Level::ALL.into_iter().filter_map(|level| {
            let of_level = || own().filter(|count| count.level == level);
            of_level().next()?;
            Some(LevelCounts {
                level: level.into(),
                counts: self.together(of_level()),
            })
        });
        TaskNode {
            unit: unit_ref(unit),
            task: tasks.get(&unit.id).map(|task| seer.view(task.clone())),
            below: self.together(own()),
            levels: levels.collect(),
            opens: matter.lowest_level() > Some(unit.level),
        }
    }

    /// Counts put together, with what is due soon and overdue today.
    fn together<'a>(&self, counts: impl Iterator<Item = &'a Count>) -> TaskCounts {
        let mut sum = TaskCounts::default();
        for count in counts {
            let place = match count.state {
                TaskState::Issued => &mut sum.issued,
                TaskState::Accepted => &mut sum.accepted,
                TaskState::Working => &mut sum.working,
                TaskState::Reported => &mut sum.reported,
                TaskState::Completed => &mut sum.completed,
                TaskState::Closed => &mut sum.closed,
                TaskState::Suspended => &mut sum.suspended,
                TaskState::Terminated => &mut sum.terminated,
            };
            *place += count.tasks;
            if count.state.is_running() {
                match self.light(Some(count.due)) {
                    Light::Normal => {}
                    Light::Soon => sum.soon += count.tasks,
                    Light::Overdue => sum.overdue += count.tasks,
                }
            }
        }
        sum
    }
}

fn light_of(counts: &TaskCounts) -> Light {
    if counts.overdue > 0 {
        Light::Overdue
    } else if counts.soon > 0 {
        Light::Soon
    } else {
        Light::Normal
    }
}
