//! Departments: listed, made, renamed, ended, given matters.

use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::programme::stale;
use super::session::{Who, unit_ref};
use super::unit::find_unit;
use super::user::{login_of, name_of, search_of, units_of};
use super::{App, AppError, AppResult, Code};
use serde::Serialize;
use std::collections::BTreeMap;
use zhenxing_api_types::Page;
use zhenxing_api_types::user::{ChangeDepartment, CreateDepartment, Department as Wire};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_storage::department::{self, Department, DepartmentFilter};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, StorageError, event};

/// What a list of departments is narrowed to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DepartmentAsk {
    /// Part of the name.
    pub q: Option<String>,
    /// The unit at or below which they stand.
    pub unit: Option<String>,
    /// The unit whose accounts can be bound to them.
    pub serves: Option<String>,
}

/// The departments to which grants of a unit's accounts can be bound: its own and those of the units above it. Where
/// several of them have one code, the nearest one is meant.
pub(crate) fn nearest(all: Vec<Department>, line: &[UnitId]) -> Vec<Department> {
    let depth = |one: &Department| line.iter().position(|unit| *unit == one.unit);
    let mut kept: BTreeMap<String, Department> = BTreeMap::new();
    for one in all {
        let farther = kept
            .get(&one.code)
            .is_some_and(|there| depth(there) > depth(&one));
        if !farther {
            kept.insert(one.code.clone(), one);
        }
    }
    let mut kept: Vec<Department> = kept.into_values().collect();
    kept.sort_by_key(|one| one.id);
    kept
}

impl App {
    /// Departments that the asker may see.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_departments(
        &self,
        who: &Who,
        ask: &DepartmentAsk,
        paged: &PageAsk,
    ) -> AppResult<Page<Wire>> {
        let scope = who.scope(Action::ReadUsers)?;
        let limit = paged.limit()?;
        search_of(ask.q.as_deref())?;
        let filter = DepartmentFilter {
            search: ask.q.clone().filter(|text| !text.is_empty()),
            below: None,
            after: paged.after::<i64>(ask)?.unwrap_or(0),
            limit: limit + 1,
        };
        self.db.read(|conn| {
            let rows = self.departments(conn, &scope, ask, filter)?;
            let units = units_of(self, conn, rows.iter().map(|row| row.unit))?;
            let rows: Vec<(i64, Wire)> = rows
                .into_iter()
                .filter_map(|row| Some((row.id, view(&row, units.get(&row.unit)?))))
                .collect();
            let paged = page::page(rows, limit, ask, |row| row.0);
            Ok(Page {
                items: paged.items.into_iter().map(|row| row.1).collect(),
                next_cursor: paged.next_cursor,
                total: None,
            })
        })
    }

    fn departments(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        ask: &DepartmentAsk,
        mut filter: DepartmentFilter,
    ) -> AppResult<Vec<Department>> {
        let today = self.clock.today();
        if let Some(code) = &ask.unit {
            filter.below = Some(find_unit(conn, scope, code, today, "unit")?.path);
        }
        let Some(code) = &ask.serves else {
            return Ok(department::list(conn, scope, &filter, today)?);
        };
        // The line of a unit has few departments: they are read whole, because the nearest of a code hides the others.
        let line = find_unit(conn, scope, code, today, "serves")?.lineage();
        let all = nearest(department::of_units(conn, scope, &line, today)?, &line);
        let named = |one: &Department| {
            let search = filter.search.as_deref().unwrap_or_default();
            one.id > filter.after && one.valid_from <= today && one.name.contains(search)
        };
        let most = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        Ok(all.into_iter().filter(named).take(most).collect())
    }

    /// Makes a department of a unit.
    ///
    /// # Errors
    /// Refusals that name the field; `exists` when the unit has one of that code.
    pub fn create_department(
        &self,
        who: &Who,
        sent: &Sent,
        new: &CreateDepartment,
    ) -> AppResult<Answer> {
        let scope = who.scope(Action::ManageUsers)?;
        let code = login_of(&new.code).map_err(|_| {
            AppError::invalid(
                "code",
                "部门代码应为2至32位小写字母、数字、点、连字符或下划线，以字母或数字开头",
                "A department's code has 2 to 32 small letters, digits, dots, hyphens or underscores and begins with a letter or digit",
            )
        })?;
        let name = name_of(&new.name, "name")?;
        self.known_matters(&new.matters, "matters")?;
        let today = self.clock.today();
        let from = new.from.unwrap_or(today);
        if from >= unit::open_end() {
            return Err(AppError::invalid(
                "from",
                "设立日期过晚，请核对",
                "The first day is too late",
            ));
        }
        let admit = |conn: &mut Conn| find_unit(conn, &scope, &new.unit, today, "unit");
        self.write_once(sent, admit, |conn, unit| {
            let there = department::of_units(conn, &scope, &[unit.id], today)?;
            if there.iter().any(|one| one.code == code.as_str()) {
                return Err(taken());
            }
            let names = (code.as_str(), name.as_str());
            department::create(conn, unit.id, names, &new.matters, from).map_err(|error| {
                match error {
                    StorageError::Duplicate(_) => taken(),
                    other => other.into(),
                }
            })?;
            let made = self.department(conn, &unit, code.as_str())?;
            self.department_changed(conn, &unit, &made, "department.created", 201)
        })
    }

    /// Changes a department's name and matters, or sets its last day.
    ///
    /// # Errors
    /// Refusals that name the field; `stale` when somebody was quicker.
    pub fn change_department(
        &self,
        who: &Who,
        (unit, code): (&str, &str),
        revision: i64,
        ask: &ChangeDepartment,
    ) -> AppResult<Answer> {
        let scope = who.scope(Action::ManageUsers)?;
        let name = name_of(&ask.name, "name")?;
        self.known_matters(&ask.matters, "matters")?;
        let today = self.clock.today();
        self.db.write(|conn| {
            let unit = find_unit(conn, &scope, unit, today, "code")?;
            let mut department = self.department(conn, &unit, code)?;
            if department.revision != revision {
                return Err(stale());
            }
            department.name = name;
            department.matters = ask.matters.clone();
            department.valid_to = match ask.until {
                None => unit::open_end(),
                Some(last) if last >= department.valid_from && last < unit::open_end() => {
                    last.succ_opt().unwrap_or_else(unit::open_end)
                }
                Some(_) => {
                    let first = department.valid_from;
                    return Err(AppError::invalid(
                        "until",
                        format!("截止日不能早于设立日（{first}），请核对"),
                        format!("The last day is not before the first, {first}"),
                    ));
                }
            };
            department::update(conn, &department)?;
            department.revision += 1;
            self.department_changed(conn, &unit, &department, "department.changed", 200)
        })
    }

    fn department(&self, conn: &mut Conn, unit: &Placed, code: &str) -> AppResult<Department> {
        let system = Scope::bypass_for_system_work();
        let found = department::of_units(conn, &system, &[unit.id], self.clock.today())?;
        let mut found = found.into_iter().filter(|one| one.code == code);
        found
            .next()
            .ok_or_else(|| AppError::not_found("department", "部门", "department"))
    }

    fn department_changed(
        &self,
        conn: &mut Conn,
        unit: &Placed,
        department: &Department,
        kind: &str,
        status: u16,
    ) -> AppResult<Answer> {
        let now = self.clock.now();
        event::append(conn, kind, &department.code, Some(unit.id), now)?;
        let answer = Answer::new(status, &view(department, unit))?;
        Ok(answer.tagged(department.revision))
    }
}

fn taken() -> AppError {
    AppError::refused(
        Code::Exists,
        Some("code"),
        "该单位已有此代码的部门，请更换代码或修改原部门",
        "The unit has a department of this code; choose another, or change that one",
    )
}

fn view(department: &Department, unit: &Placed) -> Wire {
    let last = (department.valid_to < unit::open_end()).then(|| department.valid_to.pred_opt());
    Wire {
        code: department.code.clone(),
        name: department.name.clone(),
        unit: unit_ref(unit),
        valid_from: department.valid_from,
        valid_until: last.flatten(),
        matters: department.matters.clone(),
        revision: department.revision,
    }
}
