//! Accounts: listed, made, changed, switched off and on, transferred, represented while absent.

use super::department::nearest;
use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::programme::stale;
use super::reveal::masked_phone;
use super::session::{Who, unit_ref};
use super::unit::find_unit;
use super::{App, AppError, AppResult, Code};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::Page;
use zhenxing_api_types::session::Grant as WireGrant;
use zhenxing_api_types::user::{
    ActOnUser, ChangeUser, CreateUser, Leave, Transfer, User, UserAction, UserDetail,
};
use zhenxing_domain::delegation::{NotGiven, is_complete};
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::ids::{AccountId, DepartmentId, UnitId};
use zhenxing_domain::password::Login;
use zhenxing_domain::policy::{Action, Actor, DataScope, Grant, Matters, Scope};
use zhenxing_storage::account::{self, Account, AccountFilter, Managed, NewGrant};
use zhenxing_storage::department;
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, StorageError, event, leave, session};

const NAME_LENGTH: usize = 50;

/// What a list of accounts is narrowed to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UserAsk {
    /// Part of the name or of the name to sign in with.
    pub q: Option<String>,
    /// The unit at or below which they stand.
    pub unit: Option<String>,
    /// Whether those of the units below are meant too; they are without it.
    pub below: Option<bool>,
    /// Whether they may sign in.
    pub active: Option<bool>,
}

/// An account as policy looks at it before it is administered.
pub(crate) struct Checked(Actor);

impl Checked {
    pub(crate) fn of(account: &Account) -> Checked {
        let grants = account.grants.iter().map(|(grant, _)| grant.clone());
        Checked::with(account.id, account.unit, &account.path, grants.collect())
    }

    pub(crate) fn with(id: AccountId, unit: UnitId, path: &str, grants: Vec<Grant>) -> Checked {
        Checked(Actor {
            account: id,
            unit,
            unit_path: path.to_owned(),
            grants,
        })
    }
}

impl Who {
    /// Asks policy whether the asker may administer an account.
    pub(crate) fn may_administer(&self, account: &Checked, field: &str) -> AppResult<()> {
        let may = self.signed_in.actor.may_administer(&account.0);
        may.map_err(|why| not_given(why, field))
    }

    pub(crate) fn may_view_as(&self, account: &Account) -> AppResult<()> {
        let may = self.signed_in.actor.may_view_as(&Checked::of(account).0);
        may.map_err(|why| not_given(why, "login"))
    }
}

/// A refusal for a reason of its own.
pub(crate) fn forbidden(zh: &str, en: &str) -> AppError {
    AppError::refused(Code::Forbidden, None, zh, en)
}

fn not_given(why: NotGiven, field: &str) -> AppError {
    let zh = match why {
        NotGiven::NoAdministrator => "您没有账户管理授权，请联系上级管理员",
        NotGiven::Beyond => "该账户的单位、数据范围或实事超出您的管理范围，请由上级管理员办理",
        NotGiven::Auditor => "审计员账户由全市范围的管理员办理，不得协助查看",
        NotGiven::BothOffices => "同一人不能既任系统管理员又任审计员",
        NotGiven::Oneself => "不能对本人办理此项，请由其他管理员办理",
        NotGiven::Peer => "不能协助查看同级或上级管理员",
    };
    AppError::refused(Code::Forbidden, Some(field), zh, format!("Refused: {why}"))
}

pub(crate) fn absent(field: &str) -> AppError {
    AppError::not_found(field, "账户", "account")
}

/// A grant as it is stored and as policy sees it.
pub(crate) type Resolved = (NewGrant, Grant);

impl App {
    /// Accounts that the asker may see, by name.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_users(&self, who: &Who, ask: &UserAsk, paged: &PageAsk) -> AppResult<Page<User>> {
        let scope = who.scope(Action::ReadUsers)?;
        let limit = paged.limit()?;
        let today = self.clock.today();
        search_of(ask.q.as_deref())?;
        self.db.read(|conn| {
            let unit = match &ask.unit {
                None => None,
                Some(code) => Some(find_unit(conn, &scope, code, today, "unit")?),
            };
            let (alone, below) = match unit {
                Some(unit) if ask.below == Some(false) => (Some(unit.id), None),
                unit => (None, unit.map(|unit| unit.path)),
            };
            let filter = AccountFilter {
                search: ask.q.clone().filter(|text| !text.is_empty()),
                alone,
                below,
                active: ask.active,
                after: paged.after(ask)?,
                limit: limit + 1,
            };
            let rows = account::list(conn, &scope, &filter, today)?;
            let rows = self.user_views(conn, &rows)?;
            Ok(page::page(rows, limit, ask, |row| row.login.clone()))
        })
    }

    pub(crate) fn user_views(&self, conn: &mut Conn, rows: &[Account]) -> AppResult<Vec<User>> {
        let custom = rows.iter().flat_map(|row| &row.grants);
        let custom = custom.flat_map(|(_, units)| units.iter().copied().map(UnitId));
        let wanted: Vec<UnitId> = custom.chain(rows.iter().map(|row| row.unit)).collect();
        let units = units_of(self, conn, wanted.into_iter())?;
        let grants: Vec<&Grant> = rows
            .iter()
            .flat_map(|row| row.grants.iter().map(|(grant, _)| grant))
            .collect();
        let departments = departments_of(conn, &grants)?;
        let view = |row: &Account| {
            let unit = units.get(&row.unit)?;
            let grants = row.grants.iter();
            let all = || units.values();
            Some(User {
                login: row.login.clone(),
                name: row.name.clone(),
                unit: unit_ref(unit),
                active: row.active,
                password_change_required: row.one_time,
                phone: row.phone.as_deref().map(masked_phone),
                grants: grants
                    .map(|(grant, _)| grant_view(grant, all(), &departments))
                    .collect(),
                revision: row.revision,
            })
        };
        Ok(rows.iter().filter_map(view).collect())
    }

    /// One account.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_user(&self, who: &Who, login: &str) -> AppResult<Answer> {
        let scope = who.scope(Action::ReadUsers)?;
        self.db.read(|conn| {
            let account = self.find_account(conn, &scope, login, "login")?;
            self.user_detail(conn, who, &account, 200)
        })
    }

    pub(crate) fn find_account(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        login: &str,
        field: &str,
    ) -> AppResult<Account> {
        let found = account::by_logins(conn, scope, &[login], self.clock.today())?;
        found.into_iter().next().ok_or_else(|| absent(field))
    }

    fn user_detail(
        &self,
        conn: &mut Conn,
        who: &Who,
        account: &Account,
        status: u16,
    ) -> AppResult<Answer> {
        let views = self.user_views(conn, std::slice::from_ref(account))?;
        let user = views.into_iter().next().ok_or_else(|| absent("login"))?;
        let today = self.clock.today();
        let leave = leave::of_account(conn, account.id, today)?.map(|leave| Leave {
            from: leave.starts,
            until: leave.ends,
            deputy: leave.login,
            deputy_name: leave.name,
        });
        let transfer = match leave::waiting_transfer(conn, account.id)? {
            None => None,
            Some((unit, from)) => {
                let units = units_of(self, conn, std::iter::once(unit))?;
                let unit = units.get(&unit).map(unit_ref);
                unit.map(|unit| Transfer { from, unit })
            }
        };
        let detail = UserDetail {
            user,
            leave,
            transfer,
            may_change: who.may_administer(&Checked::of(account), "login").is_ok(),
            may_view_as: account.active && who.may_view_as(account).is_ok(),
        };
        let place = format!("/api/v1/users/{}", account.login);
        let answer = Answer::new(status, &detail)?.tagged(account.revision);
        Ok(if status == 201 {
            answer.at(place)
        } else {
            answer
        })
    }

    /// Makes an account.
    ///
    /// # Errors
    /// Refusals that name the field; `exists` when the name is taken.
    pub fn create_user(&self, who: &Who, sent: &Sent, new: &CreateUser) -> AppResult<Answer> {
        let scope = who.scope(Action::ManageUsers)?;
        let login = login_of(&new.login)?;
        let name = name_of(&new.name, "name")?;
        let phone = phone_of(new.phone.as_deref())?;
        let today = self.clock.today();
        let admit = |conn: &mut Conn| {
            let unit = find_unit(conn, &scope, &new.unit, today, "unit")?;
            let grants = self.resolve(conn, &unit, &new.grants)?;
            let seen = grants.iter().map(|(_, seen)| seen.clone()).collect();
            let holder = Checked::with(AccountId(0), unit.id, &unit.path, seen);
            who.may_administer(&holder, "grants")?;
            Ok((unit, grants))
        };
        self.write_once(sent, admit, |conn, (unit, grants)| {
            let managed = Managed {
                login: login.as_str().to_owned(),
                name,
                phone,
                unit: unit.id,
                grants: grants.into_iter().map(|(stored, _)| stored).collect(),
            };
            let now = self.clock.now();
            let made = account::create_many(conn, &[managed], now).map_err(login_taken)?;
            let id = made.get(login.as_str()).map_or(0, |id| id.0);
            let (kind, subject) = ("account.created", id.to_string());
            event::append(conn, kind, &subject, Some(unit.id), now)?;
            let system = Scope::bypass_for_system_work();
            let account = self.find_account(conn, &system, login.as_str(), "login")?;
            self.user_detail(conn, who, &account, 201)
        })
    }

    /// Changes an account's names, phone and grants.
    ///
    /// # Errors
    /// Refusals that name the field; `stale` when somebody was quicker.
    pub fn change_user(
        &self,
        who: &Who,
        login: &str,
        revision: i64,
        ask: &ChangeUser,
    ) -> AppResult<Answer> {
        let scope = who.scope(Action::ManageUsers)?;
        let new_login = login_of(&ask.login)?;
        let name = name_of(&ask.name, "name")?;
        let phone = phone_of(ask.phone.as_deref())?;
        self.db.write(|conn| {
            let mut account = self.administered(conn, who, &scope, login, revision)?;
            let unit = self.place(conn, account.unit)?;
            let grants = self.resolve(conn, &unit, &ask.grants)?;
            let seen = grants.iter().map(|(_, seen)| seen.clone()).collect();
            let holder = Checked::with(account.id, unit.id, &unit.path, seen);
            who.may_administer(&holder, "grants")?;
            account.login = new_login.as_str().to_owned();
            account.name = name;
            if ask.phone.is_some() {
                account.phone = phone;
            }
            account::update(conn, &account).map_err(login_taken)?;
            let stored: Vec<NewGrant> = grants.into_iter().map(|(stored, _)| stored).collect();
            zhenxing_storage::grant::replace(conn, account.id, &stored)?;
            self.changed(conn, who, &account, "account.changed")
        })
    }

    /// The account that is to be changed, as the asker saw it.
    fn administered(
        &self,
        conn: &mut Conn,
        who: &Who,
        scope: &Scope,
        login: &str,
        revision: i64,
    ) -> AppResult<Account> {
        let account = self.find_account(conn, scope, login, "login")?;
        who.may_administer(&Checked::of(&account), "login")?;
        if account.revision != revision {
            return Err(stale());
        }
        Ok(account)
    }

    fn place(&self, conn: &mut Conn, id: UnitId) -> AppResult<Placed> {
        let mut found = units_of(self, conn, std::iter::once(id))?;
        found
            .remove(&id)
            .ok_or_else(|| AppError::not_found("unit", "单位", "unit"))
    }

    /// Writes the event and answers with the account as it is now.
    fn changed(
        &self,
        conn: &mut Conn,
        who: &Who,
        account: &Account,
        kind: &str,
    ) -> AppResult<Answer> {
        let subject = account.id.0.to_string();
        event::append(conn, kind, &subject, Some(account.unit), self.clock.now())?;
        let system = Scope::bypass_for_system_work();
        let account = self.find_account(conn, &system, &account.login, "login")?;
        self.user_detail(conn, who, &account, 200)
    }

    /// Switches an account off or on, transfers it, begins or ends its leave.
    ///
    /// # Errors
    /// Refusals that name the field; `stale` when somebody was quicker.
    pub fn act_on_user(
        &self,
        who: &Who,
        sent: &Sent,
        login: &str,
        revision: i64,
        ask: &ActOnUser,
    ) -> AppResult<Answer> {
        let scope = who.scope(Action::ManageUsers)?;
        only_what_it_takes(ask)?;
        // Asked again with a repeat, whose revision has passed by then: the kept answer is found after policy said yes.
        let admit = |conn: &mut Conn| {
            let account = self.find_account(conn, &scope, login, "login")?;
            who.may_administer(&Checked::of(&account), "login")?;
            Ok(account)
        };
        self.write_once(sent, admit, |conn, account| {
            if account.revision != revision {
                return Err(stale());
            }
            match ask.action {
                UserAction::Deactivate => self.switch(conn, who, account, false),
                UserAction::Reactivate => self.switch(conn, who, account, true),
                UserAction::Transfer => self.transfer(conn, who, &scope, account, ask),
                UserAction::Leave => self.leave(conn, who, &scope, &account, ask),
                UserAction::Return => self.come_back(conn, who, &account),
            }
        })
    }

    fn switch(
        &self,
        conn: &mut Conn,
        who: &Who,
        mut account: Account,
        active: bool,
    ) -> AppResult<Answer> {
        if account.active == active {
            let (zh, en) = if active {
                ("该账户已经启用", "The account is active already")
            } else {
                ("该账户已经停用", "The account is switched off already")
            };
            return Err(AppError::refused(Code::WrongState, Some("action"), zh, en));
        }
        account.active = active;
        account::update(conn, &account)?;
        if !active {
            session::end_all(conn, &[account.id], None, self.clock.now())?;
        }
        let kind = if active {
            "account.reactivated"
        } else {
            "account.deactivated"
        };
        self.changed(conn, who, &account, kind)
    }

    fn transfer(
        &self,
        conn: &mut Conn,
        who: &Who,
        scope: &Scope,
        mut account: Account,
        ask: &ActOnUser,
    ) -> AppResult<Answer> {
        let today = self.clock.today();
        let code = needed(
            ask.unit.as_deref(),
            "unit",
            "请填写调入单位",
            "the new unit",
        )?;
        let from = ask.from.unwrap_or(today);
        not_before(from, today, "from")?;
        let unit = find_unit(conn, scope, code, today, "unit")?;
        if unit.id == account.unit {
            // Back to the present unit: a transfer that has not come is taken back.
            if leave::cancel_transfer(conn, account.id)? > 0 {
                account::update(conn, &account)?;
                return self.changed(conn, who, &account, "account.transfer_cancelled");
            }
            return Err(AppError::invalid(
                "unit",
                "调入单位就是现单位",
                "The account stands at this unit already",
            ));
        }
        let kept: Vec<(Grant, NewGrant)> = account
            .grants
            .iter()
            .filter(|(grant, _)| grant.scope != DataScope::Custom && grant.departments.is_empty())
            .map(|(grant, _)| (grant.clone(), stored(grant)))
            .collect();
        let seen = kept.iter().map(|(grant, _)| grant.clone()).collect();
        let holder = Checked::with(account.id, unit.id, &unit.path, seen);
        who.may_administer(&holder, "unit")?;
        let old = account.unit;
        leave::transfer(conn, account.id, old, unit.id, from, from <= today)?;
        if from <= today {
            account.unit = unit.id;
            let grants: Vec<NewGrant> = kept.into_iter().map(|(_, stored)| stored).collect();
            zhenxing_storage::grant::replace(conn, account.id, &grants)?;
            session::end_all(conn, &[account.id], None, self.clock.now())?;
        }
        account::update(conn, &account)?;
        self.changed(conn, who, &account, "account.transferred")
    }

    fn leave(
        &self,
        conn: &mut Conn,
        who: &Who,
        scope: &Scope,
        account: &Account,
        ask: &ActOnUser,
    ) -> AppResult<Answer> {
        let today = self.clock.today();
        let deputy = needed(
            ask.deputy.as_deref(),
            "deputy",
            "请填写代理人的用户名",
            "the deputy's name",
        )?;
        let from = ask.from.unwrap_or(today);
        not_before(from, today, "from")?;
        let until = ask.until.ok_or_else(|| {
            AppError::invalid("until", "请填写离岗截止日", "Say the last day of the leave")
        })?;
        not_before(until, from, "until")?;
        let deputy = self.find_account(conn, scope, deputy, "deputy")?;
        let (absent, stands_in) = (Checked::of(account), Checked::of(&deputy));
        let may = who.signed_in.actor.may_appoint(&absent.0, &stands_in.0);
        may.map_err(|why| not_given(why, "deputy"))?;
        if !deputy.active {
            return Err(AppError::invalid(
                "deputy",
                "代理人账户已停用，请另选",
                "The deputy's account is switched off; choose another",
            ));
        }
        leave::begin(conn, account.id, deputy.id, from, until, today)?;
        session::end_deputies(conn, account.id, self.clock.now())?;
        account::update(conn, account)?;
        self.changed(conn, who, account, "account.leave_begun")
    }

    fn come_back(&self, conn: &mut Conn, who: &Who, account: &Account) -> AppResult<Answer> {
        if leave::end(conn, account.id, self.clock.today())? == 0 {
            return Err(AppError::refused(
                Code::WrongState,
                Some("action"),
                "该账户没有离岗安排",
                "The account has no leave",
            ));
        }
        session::end_deputies(conn, account.id, self.clock.now())?;
        account::update(conn, account)?;
        self.changed(conn, who, account, "account.leave_ended")
    }

    /// Does the transfers whose day has come.
    ///
    /// # Errors
    /// What the database says.
    pub fn do_transfers(&self) -> AppResult<()> {
        let today = self.clock.today();
        let now = self.clock.now();
        self.db.write(|conn| {
            for (account, unit) in leave::do_transfers(conn, today)? {
                let subject = account.0.to_string();
                event::append(conn, "account.transferred", &subject, Some(unit), now)?;
            }
            Ok(())
        })
    }

    /// Grants as they are asked for, for an account at a unit.
    ///
    /// # Errors
    /// Refusals that name `grants`.
    pub(crate) fn resolve(
        &self,
        conn: &mut Conn,
        unit: &Placed,
        asked: &[WireGrant],
    ) -> AppResult<Vec<Resolved>> {
        let system = Scope::bypass_for_system_work();
        let today = self.clock.today();
        let codes: BTreeSet<&str> = asked
            .iter()
            .flat_map(|one| one.units.iter().map(String::as_str))
            .collect();
        let codes: Vec<&str> = codes.into_iter().collect();
        let units = if codes.is_empty() {
            Vec::new()
        } else {
            unit::by_codes(conn, &system, &codes, today)?
        };
        let bound = asked.iter().any(|one| !one.departments.is_empty());
        let departments = if bound {
            let line = unit.lineage();
            nearest(department::of_units(conn, &system, &line, today)?, &line)
        } else {
            Vec::new()
        };
        let one = |ask: &WireGrant| self.resolve_one(ask, &units, &departments);
        asked.iter().map(one).collect()
    }

    fn resolve_one(
        &self,
        ask: &WireGrant,
        units: &[Placed],
        departments: &[department::Department],
    ) -> AppResult<Resolved> {
        let wrong = |zh: &str, en: &str| AppError::invalid("grants", zh, en);
        let mut stored = NewGrant {
            role: ask.role.into(),
            scope: ask.scope.into(),
            units: Vec::new(),
            departments: Vec::new(),
            matters: Matters::All,
        };
        let mut seen = Grant {
            role: stored.role,
            scope: stored.scope,
            custom_paths: Vec::new(),
            departments: BTreeMap::new(),
            matters: Matters::All,
        };
        for code in &ask.units {
            let unit = units.iter().find(|unit| unit.code == *code);
            let unit = unit.ok_or_else(|| wrong("授权中的单位不存在", "A grant names no unit"))?;
            stored.units.push(unit.id);
            seen.custom_paths.push(unit.path.clone());
        }
        for code in &ask.departments {
            let found = departments.iter().find(|one| one.code == *code);
            let found = found.ok_or_else(|| {
                wrong(
                    "授权中的部门不在本单位或其上级单位",
                    "A grant names no department of the unit or above it",
                )
            })?;
            stored.departments.push(DepartmentId(found.id));
            let held = found.matters.iter().cloned().collect();
            seen.departments.insert(DepartmentId(found.id), held);
        }
        if let Some(matters) = &ask.matters {
            self.known_matters(matters, "grants")?;
            stored.matters = Matters::These(matters.iter().cloned().collect());
            seen.matters = stored.matters.clone();
        }
        if !is_complete(&seen) {
            return Err(wrong(
                "自定义范围须列出单位，其他范围不得列出单位",
                "A custom scope lists units, and no other scope does",
            ));
        }
        Ok((stored, seen))
    }

    pub(crate) fn known_matters(&self, codes: &[String], field: &str) -> AppResult<()> {
        let known = |code: &String| self.package.matters.iter().any(|one| one.code == *code);
        match codes.iter().find(|code| !known(code)) {
            None => Ok(()),
            Some(code) => Err(AppError::invalid(
                field,
                format!("方案中没有实事{code}"),
                format!("The programme has no matter {code}"),
            )),
        }
    }
}

/// Whether a field is sent that the action does not take.
fn only_what_it_takes(ask: &ActOnUser) -> AppResult<()> {
    use UserAction as A;
    let fields = [
        ("unit", ask.unit.is_some(), &[A::Transfer][..]),
        ("from", ask.from.is_some(), &[A::Transfer, A::Leave]),
        ("until", ask.until.is_some(), &[A::Leave]),
        ("deputy", ask.deputy.is_some(), &[A::Leave]),
    ];
    let wrong = |(_, given, taken): &&(&str, bool, &[A])| *given && !taken.contains(&ask.action);
    match fields.iter().find(wrong) {
        None => Ok(()),
        Some((field, _, _)) => Err(AppError::invalid(
            field,
            "这项操作不使用该内容，请去掉",
            "The action does not take this field; leave it out",
        )),
    }
}

fn stored(grant: &Grant) -> NewGrant {
    NewGrant {
        role: grant.role,
        scope: grant.scope,
        units: Vec::new(),
        departments: Vec::new(),
        matters: grant.matters.clone(),
    }
}

fn needed<'a>(value: Option<&'a str>, field: &str, zh: &str, en: &str) -> AppResult<&'a str> {
    value.ok_or_else(|| AppError::invalid(field, zh, format!("Say {en}")))
}

fn not_before(day: NaiveDate, first: NaiveDate, field: &str) -> AppResult<()> {
    // A day beyond all calendars is as wrong as one that is over.
    let most = first.checked_add_months(chrono::Months::new(120));
    if day < first || most.is_some_and(|most| day > most) {
        return Err(AppError::invalid(
            field,
            format!("日期应在{first}及以后，且不超过十年"),
            format!("The day is {first} or later, within ten years"),
        ));
    }
    Ok(())
}

pub(crate) fn login_taken(error: StorageError) -> AppError {
    match error {
        StorageError::Duplicate(_) => AppError::refused(
            Code::Exists,
            Some("login"),
            "该用户名已被使用，请更换",
            "This name is taken; choose another",
        ),
        other => other.into(),
    }
}

/// What names are searched for.
pub(crate) fn search_of(text: Option<&str>) -> AppResult<()> {
    match text {
        Some(text) if text.chars().count() > NAME_LENGTH => Err(AppError::refused(
            Code::InvalidParameter,
            Some("q"),
            "查询内容不能超过50字",
            "`q` has at most 50 characters",
        )),
        _ => Ok(()),
    }
}

/// A name to sign in with.
pub(crate) fn login_of(text: &str) -> AppResult<Login> {
    Login::parse(text).ok_or_else(|| {
        AppError::invalid(
            "login",
            "用户名应为2至32位小写字母、数字、点、连字符或下划线，以字母或数字开头，不得为身份证号码",
            "A name to sign in with has 2 to 32 small letters, digits, dots, hyphens or underscores, begins with a letter or digit and is no identity number",
        )
    })
}

/// A name of somebody or something.
pub(crate) fn name_of(text: &str, field: &str) -> AppResult<String> {
    let name = text.trim();
    let length = name.chars().count();
    if length == 0
        || length > NAME_LENGTH
        || name.contains(char::is_control)
        || holds_id_number(name)
    {
        return Err(AppError::invalid(
            field,
            "名称应为1至50个字，不得含有身份证号码",
            "A name has 1 to 50 characters and holds no identity number",
        ));
    }
    Ok(name.to_owned())
}

/// A phone: digits with perhaps a plus, spaces and hyphens; an empty text is none.
pub(crate) fn phone_of(text: Option<&str>) -> AppResult<Option<String>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let plain = |sign: char| sign.is_ascii_digit() || "+- ".contains(sign);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if !text.chars().all(plain) || !(7..=15).contains(&digits) {
        return Err(AppError::invalid(
            "phone",
            "电话应为7至15位数字",
            "A phone has 7 to 15 digits",
        ));
    }
    Ok(Some(text.to_owned()))
}

/// A grant as it is shown.
pub(crate) fn grant_view<'a>(
    grant: &Grant,
    custom: impl Iterator<Item = &'a Placed>,
    departments: &BTreeMap<i64, String>,
) -> WireGrant {
    let units = custom.filter(|unit| grant.custom_paths.contains(&unit.path));
    let bound = grant.departments.keys();
    WireGrant {
        role: grant.role.into(),
        scope: grant.scope.into(),
        units: units.map(|unit| unit.code.clone()).collect(),
        departments: bound
            .filter_map(|id| departments.get(&id.0).cloned())
            .collect(),
        matters: match &grant.matters {
            Matters::All => None,
            Matters::These(codes) => Some(codes.iter().cloned().collect()),
        },
    }
}

/// The codes of the departments to which grants are bound.
pub(crate) fn departments_of(
    conn: &mut Conn,
    grants: &[&Grant],
) -> AppResult<BTreeMap<i64, String>> {
    let ids: BTreeSet<i64> = grants
        .iter()
        .flat_map(|grant| grant.departments.keys().map(|id| id.0))
        .collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    Ok(department::codes(conn, &ids)?)
}

/// Units by their numbers.
pub(crate) fn units_of(
    app: &App,
    conn: &mut Conn,
    ids: impl Iterator<Item = UnitId>,
) -> AppResult<BTreeMap<UnitId, Placed>> {
    let system = Scope::bypass_for_system_work();
    let ids: BTreeSet<UnitId> = ids.collect();
    let ids: Vec<UnitId> = ids.into_iter().collect();
    let found = unit::by_ids(conn, &system, &ids, app.clock.today())?;
    Ok(found.into_iter().map(|unit| (unit.id, unit)).collect())
}
