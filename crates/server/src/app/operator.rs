//! What the operator does at the command line: the first accounts, which nobody above can make.

use super::password::one_time;
use super::unit::find_unit;
use super::user::{login_of, login_taken, name_of};
use super::{App, AppResult};
use crate::settings::AddAccount;
use zhenxing_api_types::session::Grant;
use zhenxing_domain::ids::AccountId;
use zhenxing_domain::policy::Scope;
use zhenxing_storage::account::{self, Managed};
use zhenxing_storage::event;

impl App {
    /// Makes an account with one grant and gives back its one-time password, which is kept nowhere else.
    ///
    /// # Errors
    /// Refusals that name the field; `exists` when the name is taken.
    pub fn add_account(&self, ask: &AddAccount) -> AppResult<String> {
        let system = Scope::bypass_for_system_work();
        let login = login_of(&ask.login)?;
        let name = name_of(&ask.name, "name")?;
        let grant = Grant {
            role: ask.role.into(),
            scope: ask.scope.into(),
            units: Vec::new(),
            departments: ask.departments.clone(),
            matters: None,
        };
        let (password, hash) = one_time()?;
        let now = self.clock.now();
        self.db.write(|conn| {
            let unit = find_unit(conn, &system, &ask.unit, self.clock.today(), "unit")?;
            let grants = self.resolve(conn, &unit, std::slice::from_ref(&grant))?;
            let managed = Managed {
                login: login.as_str().to_owned(),
                name: name.clone(),
                phone: None,
                unit: unit.id,
                grants: grants.into_iter().map(|(stored, _)| stored).collect(),
            };
            let made = account::create_many(conn, &[managed], now).map_err(login_taken)?;
            let id = made.get(login.as_str()).copied().unwrap_or(AccountId(0));
            account::set_passwords(conn, &[(id, hash.clone())], true)?;
            event::append(
                conn,
                "account.created",
                &id.0.to_string(),
                Some(unit.id),
                now,
            )?;
            Ok(password.clone())
        })
    }
}
