//! From settings to a server that can answer: database, package, divisions, periods, accounts.

use super::derived::Derivations;
use super::edition::{Standing, listed, publish};
use super::kept::Kept;
use super::password::hash_password;
use super::session::random_text;
use super::{App, AppError, AppResult, import, ledger};
use crate::clock::Clock;
use crate::package::Loaded;
use crate::personal::Personal;
use crate::settings::Settings;
use crate::store::FileStore;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use tokio::sync::Semaphore;
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::package::{MetricStatus, Package};
use zhenxing_domain::policy::{DataScope, Matters, Role, Scope};
use zhenxing_domain::unit::{Level, UnitKind};
use zhenxing_storage::account::{self, NewAccount, NewGrant};
use zhenxing_storage::figure::Shapes;
use zhenxing_storage::unit::{self, Placed, UnitFilter};
use zhenxing_storage::{Conn, Db, department, figure, metric, migrate, period, record, session};

/// The metrics of a package under their numbers in the database, and which units each active one expects.
///
/// # Errors
/// What the database says.
pub fn numbered(db: &Db, package: &Package) -> AppResult<(BTreeMap<String, MetricId>, Shapes)> {
    let codes = package.metrics.iter().map(|metric| metric.code.as_str());
    let codes: Vec<&str> = codes.collect();
    let metrics = db.write(|conn| metric::ensure(conn, &codes))?;
    let shapes = package
        .metrics
        .iter()
        .filter(|metric| metric.status == MetricStatus::Active)
        .filter_map(|metric| Some((*metrics.get(&metric.code)?, metric.applies_to.clone())))
        .collect();
    Ok((metrics, shapes))
}

impl App {
    /// Opens the database, brings it up to date and takes the package in.
    ///
    /// # Errors
    /// What stands in the way, in words for the operator.
    pub fn open(settings: Settings, loaded: Loaded) -> AppResult<App> {
        std::fs::create_dir_all(&settings.data_dir).map_err(|error| {
            AppError::Internal(format!(
                "--data-dir {}: {error}",
                settings.data_dir.display()
            ))
        })?;
        let db = Db::open(&settings.database(), settings.database_connections)?;
        migrate::up(&db)?;
        let clock = Clock::new(settings.today);
        let allowed = settings.publish_package || !settings.production;
        if let Standing::Changed(changes) = publish(&db, &loaded, clock.now(), allowed)? {
            tracing::info!(
                "the package was published, with these changes:\n{}",
                listed(&changes)
            );
        }
        let package = loaded.package;
        let (metrics, shapes) = numbered(&db, &package)?;
        let secret = match &settings.jwt_secret {
            Some(secret) => secret.clone(),
            None => kept_secret(&settings.data_dir, "jwt-secret", 32)?,
        };
        let personal = match &settings.personal_key {
            Some(secret) => secret.clone(),
            None => kept_secret(&settings.data_dir, "personal-key", 32)?,
        };
        let personal = Personal::new(&personal, &settings.personal_old_keys)?;
        let derivations = Derivations::of(&package, &metrics);
        let slots = db.write(|conn| record::give_slots(conn, &ledger::wanted_slots(&package)))?;
        let files = FileStore::open(&settings)?;
        let turns = Arc::new(Semaphore::new(db.at_once()));
        let mut app = App {
            db,
            package,
            map: loaded.map,
            readings: loaded.readings,
            metrics,
            shapes,
            clock,
            settings,
            demonstration: false,
            demonstration_data: false,
            description: OnceLock::new(),
            secret,
            in_flight: Mutex::new(HashSet::new()),
            audit: Mutex::default(),
            kept: Kept::default(),
            turns,
            files,
            personal,
            derivations,
            slots,
            decoy_hash: hash_password("no account has this password")?,
        };
        if let Some(csv) = &loaded.divisions {
            app.first_divisions(csv)?;
        }
        app.open_periods()?;
        app.open_derived()?;
        app.take_former_tags()?;
        app.settle_mergers()?;
        app.first_departments()?;
        app.demonstration = app.db.read(account::has_demonstration)?;
        app.demonstration_data = app.has_demonstration_data()?;
        Ok(app)
    }

    /// Imports the package's divisions into an empty tree.
    fn first_divisions(&self, csv: &[u8]) -> AppResult<()> {
        let system = Scope::bypass_for_system_work();
        let one = UnitFilter {
            limit: 1,
            ..UnitFilter::default()
        };
        let today = self.clock.today();
        let found = self
            .db
            .read(|conn| unit::list(conn, &system, &one, today))?;
        if found.is_empty() {
            self.import_as_system(csv, false)?;
        }
        Ok(())
    }

    /// Opens every period that has come: its expected units stand in the figures before anybody reports.
    ///
    /// # Errors
    /// What the database says.
    pub fn open_periods(&self) -> AppResult<usize> {
        let known: HashSet<(String, i32)> = self.db.read(period::all_keys)?.into_iter().collect();
        let mut opened = 0;
        for form in &self.package.forms {
            for period in self.periods(form) {
                if known.contains(&(form.code.clone(), period.key())) {
                    continue;
                }
                self.db.write(|conn| -> AppResult<()> {
                    if period::add(conn, &form.code, period)? {
                        let inner = inner_units(conn, period.last_day())?;
                        let metrics = self.metrics_of_form(&form.code);
                        figure::queue(conn, &[period], &metrics, &inner, self.clock.now())?;
                    }
                    Ok(())
                })?;
                opened += 1;
            }
        }
        Ok(opened)
    }

    /// The city's departments, as the package names them.
    fn first_departments(&self) -> AppResult<()> {
        let system = Scope::bypass_for_system_work();
        let today = self.clock.today();
        self.db.write(|conn| {
            let filter = UnitFilter {
                level: Some(Level::City),
                limit: 1,
                ..UnitFilter::default()
            };
            let Some(city) = unit::list(conn, &system, &filter, today)?
                .into_iter()
                .next()
            else {
                return Ok(());
            };
            for department in self
                .package
                .departments
                .iter()
                .filter(|one| one.level == Level::City)
            {
                let matters: Vec<String> = self
                    .package
                    .matters
                    .iter()
                    .filter(|matter| matter.lead_departments.contains(&department.code))
                    .map(|matter| matter.code.clone())
                    .collect();
                let from = import::first_day();
                department::ensure(
                    conn,
                    city.id,
                    &department.code,
                    &department.name_zh,
                    &matters,
                    from,
                )?;
            }
            Ok(())
        })
    }

    /// Makes the accounts of a first look, unless they are there; returns their password.
    ///
    /// # Errors
    /// What the database says, or that the tree has no place for them.
    pub fn demonstration_accounts(&mut self) -> AppResult<String> {
        let password = kept_secret(&self.settings.data_dir, "demo-password", 6)?;
        let there = self.db.read(|conn| session::credentials(conn, "village"))?;
        if there.is_none() {
            let hash = hash_password(&password)?;
            let now = self.clock.now();
            let today = self.clock.today();
            self.db.write(|conn| -> AppResult<()> {
                for new in demonstration(conn, today, &hash)? {
                    account::create(conn, &new, now)?;
                }
                Ok(())
            })?;
        }
        self.demonstration = true;
        Ok(password)
    }
}

/// Every unit above the villages on a day.
pub(crate) fn inner_units(conn: &mut Conn, day: chrono::NaiveDate) -> AppResult<Vec<UnitId>> {
    let system = Scope::bypass_for_system_work();
    let mut found = Vec::new();
    for level in [Level::City, Level::County, Level::Township] {
        let filter = UnitFilter {
            level: Some(level),
            limit: 100_000,
            ..UnitFilter::default()
        };
        found.extend(
            unit::list(conn, &system, &filter, day)?
                .into_iter()
                .map(|unit| unit.id),
        );
    }
    Ok(found)
}

/// A secret that is made once and kept in the data folder, readable by its owner alone.
fn kept_secret(dir: &Path, name: &str, bytes: usize) -> AppResult<String> {
    let path = dir.join(name);
    let failed = |error: std::io::Error| AppError::Internal(format!("{}: {error}", path.display()));
    match std::fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        _ => {
            let secret = random_text(bytes)?;
            std::fs::write(&path, &secret).map_err(failed)?;
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
                    .map_err(failed)?;
            }
            Ok(secret)
        }
    }
}

fn demonstration(
    conn: &mut Conn,
    today: chrono::NaiveDate,
    hash: &str,
) -> AppResult<Vec<NewAccount>> {
    let (city, county, township, villages) = places(conn, today)?;
    let mut accounts = Vec::new();
    let mut add = |login: &str, name: String, unit: &Placed, grants: &[(Role, DataScope)]| {
        accounts.push(NewAccount {
            login: login.to_owned(),
            name,
            unit: unit.id,
            password_hash: hash.to_owned(),
            demonstration: true,
            grants: grants
                .iter()
                .map(|(role, scope)| NewGrant {
                    role: *role,
                    scope: *scope,
                    units: Vec::new(),
                    departments: Vec::new(),
                    matters: Matters::All,
                })
                .collect(),
        });
    };
    for (index, village) in villages.iter().enumerate().take(2) {
        let login = if index == 0 { "village" } else { "village2" };
        let name = format!("{}填报员", village.name);
        add(login, name, village, &[(Role::Filler, DataScope::Unit)]);
    }
    let below = DataScope::UnitAndBelow;
    add(
        "township",
        format!("{}审核员", township.name),
        &township,
        &[(Role::Checker, below)],
    );
    add(
        "county",
        format!("{}审定员", county.name),
        &county,
        &[(Role::Approver, below)],
    );
    add(
        "city",
        format!("{}委组织部", city.name),
        &city,
        &[(Role::Coordinator, below)],
    );
    add(
        "admin",
        "系统管理员".to_owned(),
        &city,
        &[(Role::Administrator, DataScope::All)],
    );
    add(
        "auditor",
        "审计员".to_owned(),
        &city,
        &[(Role::Auditor, DataScope::All)],
    );
    Ok(accounts)
}

type Places = (Placed, Placed, Placed, Vec<Placed>);

/// The first township with at least two administrative villages, by code, and what stands above and below it.
fn places(conn: &mut Conn, today: chrono::NaiveDate) -> AppResult<Places> {
    let system = Scope::bypass_for_system_work();
    let nowhere = || {
        AppError::Internal("the tree has no township with two administrative villages".to_owned())
    };
    let townships = UnitFilter {
        level: Some(Level::Township),
        limit: 10_000,
        ..UnitFilter::default()
    };
    for township in unit::list(conn, &system, &townships, today)? {
        if township.kind != UnitKind::Town {
            continue;
        }
        let below = unit::children(conn, &system, &[township.id], today)?;
        let villages: Vec<Placed> = below
            .into_iter()
            .filter(|unit| unit.kind == UnitKind::AdministrativeVillage)
            .collect();
        if villages.len() >= 2 {
            let line = unit::by_ids(conn, &system, &township.lineage(), today)?;
            let at = |level: Level| {
                line.iter()
                    .find(|unit| unit.level == level)
                    .cloned()
                    .ok_or_else(nowhere)
            };
            return Ok((at(Level::City)?, at(Level::County)?, township, villages));
        }
    }
    Err(nowhere())
}
