//! Accounts and departments.

use super::page::{self, PageAsk};
use super::session::{Who, grant_view, unit_ref};
use super::{App, AppResult};
use std::collections::BTreeMap;
use zhenxing_api_types::user::{Department, User};
use zhenxing_api_types::{Page, UnitRef};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_storage::Conn;
use zhenxing_storage::account;
use zhenxing_storage::unit::{self, Placed};

impl App {
    /// Accounts that the asker may see, by name.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_users(&self, who: &Who, ask: &PageAsk) -> AppResult<Page<User>> {
        let scope = who.scope(Action::ReadUsers)?;
        let limit = ask.limit()?;
        let after = ask.after::<String>(&"users")?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let rows = account::list_accounts(conn, &scope, after.as_deref(), limit + 1, today)?;
            let custom = rows
                .iter()
                .flat_map(|row| row.grants.iter().flat_map(|(_, units)| units));
            let mut wanted: Vec<UnitId> = custom.map(|unit| UnitId(*unit)).collect();
            wanted.extend(rows.iter().map(|row| row.unit));
            let units = units_of(self, conn, &wanted)?;
            let all: Vec<Placed> = units.values().cloned().collect();
            let view = |row: account::Listed| {
                let unit = units.get(&row.unit)?;
                Some(User {
                    login: row.login,
                    name: row.name,
                    unit: unit_ref(unit),
                    active: row.active,
                    grants: row
                        .grants
                        .iter()
                        .map(|(grant, _)| grant_view(grant, &all))
                        .collect(),
                })
            };
            let rows: Vec<User> = rows.into_iter().filter_map(view).collect();
            Ok(page::page(rows, limit, &"users", |row| row.login.clone()))
        })
    }

    /// Departments that the asker may see.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_departments(&self, who: &Who, ask: &PageAsk) -> AppResult<Page<Department>> {
        let scope = who.scope(Action::ReadUsers)?;
        let limit = ask.limit()?;
        let after = ask.after::<i64>(&"departments")?.unwrap_or(0);
        let today = self.clock.today();
        self.db.read(|conn| {
            let rows = account::list_departments(conn, &scope, after, limit + 1, today)?;
            let wanted: Vec<UnitId> = rows.iter().map(|row| row.unit).collect();
            let units = units_of(self, conn, &wanted)?;
            let rows: Vec<(i64, Department)> = rows
                .into_iter()
                .filter_map(|row| {
                    let unit: UnitRef = units.get(&row.unit).map(unit_ref)?;
                    let department = Department {
                        code: row.code,
                        name: row.name,
                        unit,
                        valid_from: row.valid_from,
                        matters: row.matters,
                    };
                    Some((row.id, department))
                })
                .collect();
            let paged = page::page(rows, limit, &"departments", |row| row.0);
            Ok(Page {
                items: paged.items.into_iter().map(|row| row.1).collect(),
                next_cursor: paged.next_cursor,
                total: None,
            })
        })
    }
}

fn units_of(app: &App, conn: &mut Conn, ids: &[UnitId]) -> AppResult<BTreeMap<UnitId, Placed>> {
    let system = Scope::bypass_for_system_work();
    let found = unit::by_ids(conn, &system, ids, app.clock.today())?;
    Ok(found.into_iter().map(|unit| (unit.id, unit)).collect())
}
