//! Many accounts at once: one for every unit of a level, or from a sheet.

use super::import::{fault, faulty, read_csv};
use super::once::{Answer, Sent};
use super::session::Who;
use super::unit::find_unit;
use super::user::{Checked, Resolved, login_of, name_of, phone_of};
use super::{App, AppError, AppResult};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::LineError;
use zhenxing_api_types::session::Grant as WireGrant;
use zhenxing_api_types::user::{GenerateUsers, UsersMade};
use zhenxing_domain::ids::AccountId;
use zhenxing_domain::policy::{Action, DataScope, Role};
use zhenxing_storage::account::{self, Managed};
use zhenxing_storage::unit::{self, Placed, UnitFilter};
use zhenxing_storage::{Conn, event};

const COLUMNS: [&str; 7] = [
    "单位编码",
    "用户名",
    "姓名",
    "角色",
    "数据范围",
    "电话",
    "实事",
];
/// More units than any tree has.
const ALL: i64 = 1_000_000;

/// A row of a sheet.
struct Row {
    line: u64,
    unit: String,
    login: String,
    name: String,
    phone: Option<String>,
    grant: WireGrant,
}

impl App {
    /// Makes one account for every unit of a level at or below a unit.
    ///
    /// # Errors
    /// Refusals that name the field.
    pub fn generate_users(
        &self,
        who: &Who,
        sent: &Sent,
        ask: &GenerateUsers,
        dry_run: bool,
    ) -> AppResult<Answer> {
        let scope = who.scope(Action::ManageUsers)?;
        if !ask.login.contains("{code}") {
            return Err(AppError::invalid(
                "login",
                "用户名须含有{code}，以单位编码区分",
                "The name to sign in with must contain {code}",
            ));
        }
        let today = self.clock.today();
        let admit = |conn: &mut Conn| {
            let top = find_unit(conn, &scope, &ask.unit, today, "unit")?;
            let filter = UnitFilter {
                level: Some(ask.level.into()),
                below: Some(top.path.clone()),
                limit: ALL,
                ..UnitFilter::default()
            };
            let units = unit::list(conn, &scope, &filter, today)?;
            let grant = WireGrant {
                role: ask.role,
                scope: ask.scope,
                units: Vec::new(),
                departments: Vec::new(),
                matters: ask.matters.clone(),
            };
            let resolved = self.resolve(conn, &top, std::slice::from_ref(&grant))?;
            let mut managed = Vec::new();
            for unit in &units {
                who.may_administer(&holder(unit, &resolved), "scope")?;
                managed.push(Managed {
                    login: login_of(&ask.login.replace("{code}", &unit.code))?
                        .as_str()
                        .to_owned(),
                    name: name_of(&ask.name.replace("{unit}", &unit.name), "name")?,
                    phone: None,
                    unit: unit.id,
                    grants: resolved.iter().map(|(stored, _)| stored.clone()).collect(),
                });
            }
            Ok(managed)
        };
        self.write_once(sent, admit, |conn, managed| {
            let logins: Vec<&str> = managed.iter().map(|one| one.login.as_str()).collect();
            let taken: BTreeSet<String> = account::taken(conn, &logins)?.into_iter().collect();
            let (there, new): (Vec<Managed>, Vec<Managed>) = managed
                .into_iter()
                .partition(|one| taken.contains(&one.login));
            self.make(conn, &new, there.len(), dry_run)
        })
    }

    /// Makes accounts and answers what was done.
    fn make(
        &self,
        conn: &mut Conn,
        new: &[Managed],
        unchanged: usize,
        dry_run: bool,
    ) -> AppResult<Answer> {
        if !dry_run && !new.is_empty() {
            let now = self.clock.now();
            account::create_many(conn, new, now)?;
            let subject = new.len().to_string();
            event::append(conn, "accounts.created", &subject, None, now)?;
        }
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Answer::new(
            200,
            &UsersMade {
                dry_run,
                created: count(new.len()),
                unchanged: count(unchanged),
                logins: new.iter().map(|one| one.login.clone()).collect(),
            },
        )
    }

    /// Makes accounts from a sheet: all of them or none.
    ///
    /// # Errors
    /// `faulty_lines` with every fault; nothing is changed then.
    pub fn import_users(
        &self,
        who: &Who,
        sent: &Sent,
        csv: &[u8],
        dry_run: bool,
    ) -> AppResult<Answer> {
        let scope = who.scope(Action::ManageUsers)?;
        let (rows, mut errors) = read_csv(csv, &COLUMNS, row);
        let admit = |conn: &mut Conn| {
            let codes: BTreeSet<&str> = rows.iter().map(|row| row.unit.as_str()).collect();
            let codes: Vec<&str> = codes.into_iter().collect();
            let units = unit::by_codes(conn, &scope, &codes, self.clock.today())?;
            let units: BTreeMap<&str, &Placed> = units
                .iter()
                .map(|unit| (unit.code.as_str(), unit))
                .collect();
            let logins: Vec<&str> = rows.iter().map(|row| row.login.as_str()).collect();
            let mut taken: BTreeSet<String> = account::taken(conn, &logins)?.into_iter().collect();
            let mut managed = Vec::new();
            for row in &rows {
                match self.managed(conn, who, row, &units, &mut taken) {
                    Ok(one) => managed.push(one),
                    Err(error) => errors.push(error),
                }
            }
            if errors.is_empty() {
                Ok(managed)
            } else {
                errors.sort_by_key(|error| error.line);
                Err(faulty(errors))
            }
        };
        self.write_once(sent, admit, |conn, managed| {
            self.make(conn, &managed, 0, dry_run)
        })
    }

    fn managed(
        &self,
        conn: &mut Conn,
        who: &Who,
        row: &Row,
        units: &BTreeMap<&str, &Placed>,
        taken: &mut BTreeSet<String>,
    ) -> Result<Managed, LineError> {
        let wrong = |column: &str, error: &AppError| match error {
            AppError::Refused(refusal) => {
                let message = format!("{} ({})", refusal.zh, refusal.en);
                fault(row.line, Some(column), "invalid", &message)
            }
            other => fault(row.line, Some(column), "invalid", &other.to_string()),
        };
        let unit = units.get(row.unit.as_str()).ok_or_else(|| {
            let message = "单位不存在或不在您的管理范围内 (no unit of yours has this code)";
            fault(row.line, Some("单位编码"), "unit_unknown", message)
        })?;
        if !taken.insert(row.login.clone()) {
            let message = "用户名已被使用或在文件中重复 (this name is taken or stands twice)";
            return Err(fault(row.line, Some("用户名"), "login_taken", message));
        }
        let resolved = self
            .resolve(conn, unit, std::slice::from_ref(&row.grant))
            .map_err(|error| wrong("实事", &error))?;
        who.may_administer(&holder(unit, &resolved), "grants")
            .map_err(|error| wrong("角色", &error))?;
        Ok(Managed {
            login: row.login.clone(),
            name: row.name.clone(),
            phone: row.phone.clone(),
            unit: unit.id,
            grants: resolved.into_iter().map(|(stored, _)| stored).collect(),
        })
    }
}

fn holder(unit: &Placed, resolved: &[Resolved]) -> Checked {
    let seen = resolved.iter().map(|(_, seen)| seen.clone()).collect();
    Checked::with(AccountId(0), unit.id, &unit.path, seen)
}

fn row(line: u64, record: &csv::StringRecord) -> Result<Row, LineError> {
    let cell = |at: usize| record.get(at).unwrap_or_default().trim();
    let said = |column: &'static str| {
        move |error: AppError| {
            let message = match &error {
                AppError::Refused(refusal) => format!("{} ({})", refusal.zh, refusal.en),
                other => other.to_string(),
            };
            fault(line, Some(column), "invalid", &message)
        }
    };
    let role = role_of(cell(3)).ok_or_else(|| {
        let message = "角色应为填报员、审核员、审定员、查阅、系统管理员或审计员 (no such role)";
        fault(line, Some("角色"), "role", message)
    })?;
    let scope = scope_of(cell(4)).ok_or_else(|| {
        let message = "数据范围应为本单位、本单位及以下、仅本人或全部 (no such data scope)";
        fault(line, Some("数据范围"), "scope", message)
    })?;
    let matters: Vec<String> = cell(6)
        .split(['、', ' ', ';', '；'])
        .filter(|code| !code.is_empty())
        .map(str::to_owned)
        .collect();
    Ok(Row {
        line,
        unit: cell(0).to_owned(),
        login: login_of(cell(1))
            .map_err(said("用户名"))?
            .as_str()
            .to_owned(),
        name: name_of(cell(2), "name").map_err(said("姓名"))?,
        phone: phone_of(Some(cell(5))).map_err(said("电话"))?,
        grant: WireGrant {
            role: role.into(),
            scope: scope.into(),
            units: Vec::new(),
            departments: Vec::new(),
            matters: (!matters.is_empty()).then_some(matters),
        },
    })
}

fn role_of(text: &str) -> Option<Role> {
    match text {
        "填报员" => Some(Role::Filler),
        "审核员" => Some(Role::Checker),
        "审定员" => Some(Role::Approver),
        "查阅" => Some(Role::Viewer),
        "统筹员" => Some(Role::Coordinator),
        "系统管理员" => Some(Role::Administrator),
        "审计员" => Some(Role::Auditor),
        other => Role::parse(other),
    }
}

fn scope_of(text: &str) -> Option<DataScope> {
    match text {
        "" | "本单位" => Some(DataScope::Unit),
        "本单位及以下" => Some(DataScope::UnitAndBelow),
        "仅本人" => Some(DataScope::Own),
        "全部" => Some(DataScope::All),
        other => DataScope::parse(other).filter(|scope| *scope != DataScope::Custom),
    }
}
