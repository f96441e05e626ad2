//! Acting for another: a deputy for somebody absent, an administrator who looks as another person to help.

use super::session::Who;
use super::user::forbidden;
use super::{App, AppError, AppResult};
use crate::clock::instant;
use chrono::{NaiveDate, TimeDelta};
use zhenxing_api_types::session::{Absent, Acting as ActingWire, ActingMode, BeginActing, Tokens};
use zhenxing_domain::audit::AuditKind;
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::ids::AccountId;
use zhenxing_domain::policy::Action;
use zhenxing_storage::audit::{self, Line};
use zhenxing_storage::leave::{self, Leave};
use zhenxing_storage::session::{self, Acting, Mode};

const MINUTE: i64 = 60_000_000;
const VIEW_MINUTES: i64 = 15;
const DEPUTY_MINUTES: i64 = 8 * 60;
const REASON_LENGTH: usize = 200;

impl App {
    /// Begins a session in which the asker acts for another.
    ///
    /// # Errors
    /// Refusals that name `login` or `reason`.
    pub fn begin_acting(&self, who: &Who, ask: &BeginActing) -> AppResult<Tokens> {
        if who.signed_in.acting.is_some() {
            return Err(forbidden(
                "请先结束当前的代理或协助查看",
                "End the present session for another first",
            ));
        }
        let reason = reason_of(ask)?;
        let (account, most) = match ask.mode {
            ActingMode::View => (self.viewed(who, ask)?, VIEW_MINUTES),
            ActingMode::Deputy => self.represented(who, ask)?,
        };
        let now = self.clock.now();
        let (mode, what) = match ask.mode {
            ActingMode::View => (Mode::View, "session.view_begun"),
            ActingMode::Deputy => (Mode::Deputy, "session.deputy_begun"),
        };
        let acting = Acting {
            by: who.account(),
            login: who.signed_in.login.clone(),
            name: who.signed_in.name.clone(),
            mode,
            reason: reason.clone(),
            until: now + most * MINUTE,
        };
        self.db.write(|conn| {
            let session = session::begin_acting(conn, &acting, account, now)?;
            let subject = reason.unwrap_or_default();
            let mut line = Line::new(AuditKind::View, what, &subject, "ok", now);
            line.origin.for_account = Some(account);
            audit::record(conn, &[line])?;
            let seconds = most * 60;
            Ok(Tokens {
                access_token: self.access_token(account, Some(acting.by), session, seconds)?,
                expires_in: seconds,
                refresh_token: None,
            })
        })
    }

    fn viewed(&self, who: &Who, ask: &BeginActing) -> AppResult<AccountId> {
        let scope = who.scope(Action::ManageUsers)?;
        self.db.read(|conn| {
            let account = self.find_account(conn, &scope, &ask.login, "login")?;
            who.may_view_as(&account)?;
            if !account.active {
                return Err(AppError::invalid(
                    "login",
                    "该账户已停用，不能协助查看",
                    "The account is switched off",
                ));
            }
            Ok(account.id)
        })
    }

    /// The absent account, and the minutes that are left of the leave, at most a day's work.
    fn represented(&self, who: &Who, ask: &BeginActing) -> AppResult<(AccountId, i64)> {
        let today = self.clock.today();
        let absent = self
            .db
            .read(|conn| leave::deputy_for(conn, who.account(), today))?;
        let found = absent.into_iter().find(|leave| leave.login == ask.login);
        let leave = found.ok_or_else(|| super::user::absent("login"))?;
        let most = if leave.ends == today {
            minutes_left_today(self.clock.now(), today).unwrap_or(DEPUTY_MINUTES)
        } else {
            DEPUTY_MINUTES
        };
        Ok((AccountId(leave.account), most.clamp(1, DEPUTY_MINUTES)))
    }
}

/// Minutes until midnight in Asia/Shanghai, if the day is the true one.
fn minutes_left_today(now: i64, today: NaiveDate) -> Option<i64> {
    let midnight = today.succ_opt()?.and_hms_opt(0, 0, 0)? - TimeDelta::hours(8);
    let left = midnight.and_utc().timestamp_micros() - now;
    (left > 0).then_some(left / MINUTE)
}

fn reason_of(ask: &BeginActing) -> AppResult<Option<String>> {
    let reason = ask.reason.as_deref().map(str::trim).unwrap_or_default();
    let needed = ask.mode == ActingMode::View;
    if (needed && reason.is_empty())
        || reason.chars().count() > REASON_LENGTH
        || holds_id_number(reason)
    {
        return Err(AppError::invalid(
            "reason",
            "请填写协助查看的事由，1至200字，不得含有身份证号码",
            "Say why, in 1 to 200 characters without an identity number",
        ));
    }
    Ok((!reason.is_empty()).then(|| reason.to_owned()))
}

pub(crate) fn acting_view(acting: &Acting) -> ActingWire {
    ActingWire {
        by: acting.login.clone(),
        by_name: acting.name.clone(),
        mode: match acting.mode {
            Mode::View => ActingMode::View,
            Mode::Deputy => ActingMode::Deputy,
        },
        reason: acting.reason.clone(),
        until: instant(acting.until),
    }
}

pub(crate) fn absent_view(leave: Leave) -> Absent {
    Absent {
        login: leave.login,
        name: leave.name,
        until: leave.ends,
    }
}
