//! Departments: listed, made, renamed, ended, given matters.

use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::programme::stale;
use super::session::{Who, unit_ref};
use super::unit::find_unit;
use super::user::{login_of, name_of, units_of};
use super::{App, AppError, AppResult, Code};
use zhenxing_api_types::Page;
use zhenxing_api_types::user::{ChangeDepartment, CreateDepartment, Department as Wire};
use zhenxing_domain::policy::Action;
use zhenxing_storage::department::{self, Department};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, event};

impl App {
    /// Departments that the asker may see.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_departments(&self, who: &Who, ask: &PageAsk) -> AppResult<Page<Wire>> {
        let scope = who.scope(Action::ReadUsers)?;
        let limit = ask.limit()?;
        let after = ask.after::<i64>(&"departments")?.unwrap_or(0);
        let today = self.clock.today();
        self.db.read(|conn| {
            let rows = department::list(conn, &scope, after, limit + 1, today)?;
            let units = units_of(self, conn, rows.iter().map(|row| row.unit))?;
            let rows: Vec<(i64, Wire)> = rows
                .into_iter()
                .filter_map(|row| Some((row.id, view(&row, units.get(&row.unit)?))))
                .collect();
            let paged = page::page(rows, limit, &"departments", |row| row.0);
            Ok(Page {
                items: paged.items.into_iter().map(|row| row.1).collect(),
                next_cursor: paged.next_cursor,
                total: None,
            })
        })
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
        let admit = |conn: &mut Conn| find_unit(conn, &scope, &new.unit, today, "unit");
        self.write_once(sent, admit, |conn, unit| {
            let there = department::of_units(conn, &scope, &[unit.id], today)?;
            if there.iter().any(|one| one.code == code.as_str()) {
                return Err(AppError::refused(
                    Code::Exists,
                    Some("code"),
                    "该单位已有此代码的部门，请更换代码或修改原部门",
                    "The unit has a department of this code; choose another, or change that one",
                ));
            }
            department::ensure(conn, unit.id, code.as_str(), &name, &new.matters, from)?;
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
                    return Err(AppError::invalid(
                        "until",
                        "最后一天不能早于设立之日",
                        "The last day is not before the first",
                    ));
                }
            };
            department::update(conn, &department)?;
            department.revision += 1;
            self.department_changed(conn, &unit, &department, "department.changed", 200)
        })
    }

    fn department(&self, conn: &mut Conn, unit: &Placed, code: &str) -> AppResult<Department> {
        let system = zhenxing_domain::policy::Scope::bypass_for_system_work();
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
