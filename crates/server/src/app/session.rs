//! Signing in and staying signed in.

use super::acting::{absent_view, acting_view};
use super::page::hex;
use super::password::matches;
use super::user::{departments_of, grant_view};
use super::{App, AppError, AppResult, Code};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zhenxing_api_types::UnitRef;
use zhenxing_api_types::session::{Me, SignIn, Tokens};
use zhenxing_domain::audit::AuditKind;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::package::FormDef;
use zhenxing_domain::policy::{Action, Grant, Scope};
use zhenxing_storage::audit::{self, Line};
use zhenxing_storage::session::{self, Failures, Mode, SignedIn};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, leave, placement};

const REFRESH_DAYS: i64 = 14;
const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;
/// So long after its use a refresh token may be used again: an answer that never came is asked for once more, such as by a page that
/// was left before it.
const AGAIN: i64 = MINUTE / 3;

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: String,
    /// Who acts for the subject, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    act: Option<String>,
    sid: i64,
    iat: i64,
    exp: i64,
}

/// What an access token says: nothing of what the account may do now.
#[derive(Debug, Clone, Copy)]
pub struct Claimed {
    /// The account.
    pub account: AccountId,
    /// The session.
    pub session: i64,
}

/// An account in its session.
#[derive(Debug, Clone)]
pub struct Who {
    /// The account with its grants.
    pub signed_in: SignedIn,
    /// The session.
    pub session: i64,
}

impl Who {
    /// The scope for an action.
    ///
    /// # Errors
    /// A refusal when no grant allows it.
    pub fn scope(&self, action: Action) -> AppResult<Scope> {
        Ok(self.signed_in.actor.scope(action)?)
    }

    /// The scope for an action on reports of a form.
    ///
    /// # Errors
    /// A refusal when no grant allows it, or the form is filled in, checked and approved at other levels.
    pub fn scope_on(&self, action: Action, form: &FormDef) -> AppResult<Scope> {
        Ok(self.signed_in.actor.scope_on(action, form)?)
    }

    /// The scope for an action on a thing that is named: without one the thing is not there.
    ///
    /// # Errors
    /// A refusal that says nothing about whether the thing exists.
    pub fn scope_or_absent(
        &self,
        action: Action,
        field: &str,
        zh: &str,
        en: &str,
    ) -> AppResult<Scope> {
        let scope = self.signed_in.actor.scope(action);
        scope.map_err(|_| AppError::not_found(field, zh, en))
    }

    /// Whether somebody looks as this account and changes nothing.
    pub fn only_looks(&self) -> bool {
        let acting = self.signed_in.acting.as_ref();
        acting.is_some_and(|acting| acting.mode == Mode::View)
    }

    /// The account's number.
    pub fn account(&self) -> AccountId {
        self.signed_in.actor.account
    }

    /// The account's unit.
    pub fn unit(&self) -> UnitId {
        self.signed_in.actor.unit
    }
}

/// Random bytes as text.
///
/// # Errors
/// When the system has no randomness.
pub fn random_text(bytes: usize) -> AppResult<String> {
    let mut buffer = vec![0_u8; bytes];
    getrandom::fill(&mut buffer)
        .map_err(|error| AppError::Internal(format!("randomness: {error}")))?;
    Ok(hex(&buffer))
}

impl App {
    /// Signs an account in.
    ///
    /// # Errors
    /// `wrong_credentials`, the same for an unknown name, a wrong password and an account that is switched off;
    /// `account_locked` after too many of them.
    pub fn sign_in(&self, ask: &SignIn) -> AppResult<Tokens> {
        let name = name_hash(&ask.login);
        let (found, failures) = self.db.read(|conn| -> AppResult<_> {
            let found = session::credentials(conn, &ask.login)?;
            Ok((found, session::failures(conn, &name)?))
        })?;
        let asked = found.as_ref().map(|found| (found.id, found.unit));
        let now = self.clock.now();
        if failures.locked_until > now {
            self.note(self.begin_line(asked, "account_locked"));
            return Err(self.locked(failures.locked_until - now));
        }
        let hash = found.as_ref().map(|found| found.password_hash.as_str());
        let right = matches(&ask.password, hash, &self.decoy_hash);
        let Some(found) = found.filter(|found| right && found.active) else {
            return self.fail_sign_in(&name, failures, asked);
        };
        self.db.write(|conn| {
            if failures.count > 0 {
                session::forget_failures(conn, std::slice::from_ref(&name))?;
            }
            let session = session::begin(conn, AccountId(found.id), now)?;
            let line = self.begin_line(asked, "ok");
            audit::record(conn, &[line])?;
            self.tokens(conn, AccountId(found.id), session)
        })
    }

    /// Counts a failure, and locks the name when there are too many: also one that no account has.
    fn fail_sign_in(
        &self,
        name: &str,
        mut failures: Failures,
        asked: Option<(i64, i64)>,
    ) -> AppResult<Tokens> {
        let now = self.clock.now();
        let pause = self.settings.lock_minutes * MINUTE;
        if failures.last_at + pause < now {
            failures.count = 0;
        }
        failures.count += 1;
        failures.last_at = now;
        let locked = failures.count >= self.settings.lock_after;
        if locked {
            failures.locked_until = now + pause;
            failures.count = 0;
        }
        self.db.write(|conn| -> AppResult<()> {
            session::set_failures(conn, name, failures)?;
            let mut lines = vec![self.begin_line(asked, "wrong_credentials")];
            if locked {
                let mut line = self.begin_line(asked, "account_locked");
                line.what = "account.locked".to_owned();
                lines.push(line);
            }
            Ok(audit::record(conn, &lines)?)
        })?;
        if locked {
            return Err(self.locked(pause));
        }
        Err(AppError::refused(
            Code::WrongCredentials,
            None,
            "用户名或密码不正确，请重新输入",
            "The name or the password is wrong",
        ))
    }

    fn locked(&self, left: i64) -> AppError {
        let minutes = (left + MINUTE - 1) / MINUTE;
        AppError::refused(
            Code::AccountLocked,
            None,
            format!(
                "连续多次登录失败，该用户名已暂时锁定，请{minutes}分钟后再试，或请管理员重置密码"
            ),
            format!(
                "Too many failed sign-ins: try again in {minutes} minutes, or ask an administrator for a new password"
            ),
        )
    }

    /// Forgets the failed sign-ins of accounts.
    pub(crate) fn forget_failures_of(
        &self,
        conn: &mut Conn,
        accounts: &[zhenxing_storage::account::Account],
    ) -> AppResult<()> {
        let hashes: Vec<String> = accounts.iter().map(|one| name_hash(&one.login)).collect();
        Ok(session::forget_failures(conn, &hashes)?)
    }

    /// The line of a sign-in by an account of a unit; nobody's where no account has the name.
    fn begin_line(&self, asked: Option<(i64, i64)>, outcome: &str) -> Line {
        let now = self.clock.now();
        let mut line = Line::new(AuditKind::SignIn, "session.begin", "", outcome, now);
        line.origin.account = asked.map(|(account, _)| AccountId(account));
        line.origin.unit = asked.map(|(_, unit)| UnitId(unit));
        line
    }

    fn tokens(&self, conn: &mut Conn, account: AccountId, session: i64) -> AppResult<Tokens> {
        let refresh = random_text(32)?;
        let now = self.clock.now();
        session::add_refresh_token(
            conn,
            &Sha256::digest(refresh.as_bytes()),
            session,
            now + REFRESH_DAYS * DAY,
        )?;
        let seconds = self.settings.access_minutes * 60;
        Ok(Tokens {
            access_token: self.access_token(account, None, session, seconds)?,
            expires_in: seconds,
            refresh_token: Some(refresh),
        })
    }

    /// An access token for an account in a session, perhaps with another who acts for it.
    pub(crate) fn access_token(
        &self,
        account: AccountId,
        act: Option<AccountId>,
        session: i64,
        seconds: i64,
    ) -> AppResult<String> {
        let issued = self.clock.now() / 1_000_000;
        let claims = Claims {
            sub: account.0.to_string(),
            act: act.map(|act| act.0.to_string()),
            sid: session,
            iat: issued,
            exp: issued + seconds,
        };
        let key = EncodingKey::from_secret(self.secret.as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
            .map_err(|error| AppError::Internal(format!("signing a token: {error}")))
    }

    /// Gives new tokens for a refresh token, once. A token that comes back later ends its session: somebody has a copy.
    ///
    /// # Errors
    /// `invalid_refresh`.
    pub fn refresh(&self, token: &str) -> AppResult<Tokens> {
        let hash = Sha256::digest(token.as_bytes());
        let now = self.clock.now();
        let done = self.db.write(|conn| -> AppResult<Option<Tokens>> {
            let Some(found) = session::refresh_token(conn, &hash)? else {
                return Ok(None);
            };
            let live = found.ended_at.is_none() && found.expires_at > now && found.active;
            let copied = found.used_at.is_some_and(|used| now - used > AGAIN);
            if copied {
                session::end(conn, found.session, now)?;
                let (kind, what) = (AuditKind::SignIn, "session.refresh");
                let mut line = Line::new(kind, what, "", "invalid_refresh", now);
                line.origin.account = Some(AccountId(found.account));
                audit::record(conn, &[line])?;
                return Ok(None);
            }
            if !live {
                return Ok(None);
            }
            session::use_refresh_token(conn, &hash, now)?;
            self.tokens(conn, AccountId(found.account), found.session)
                .map(Some)
        })?;
        done.ok_or_else(|| {
            AppError::refused(
                Code::InvalidRefresh,
                Some("refresh_token"),
                "登录已失效，请重新登录",
                "The session has ended; sign in again",
            )
        })
    }

    /// Ends this session, or all of the account.
    ///
    /// # Errors
    /// What the database says.
    pub fn sign_out(&self, who: &Who, everywhere: bool) -> AppResult<()> {
        let now = self.clock.now();
        self.db.write(|conn| {
            // Who acts for another ends that session alone: the other goes on working.
            if everywhere && who.signed_in.acting.is_none() {
                session::end_all(conn, &[who.account()], None, now)?;
            } else {
                session::end(conn, who.session, now)?;
            }
            let line = Line::new(AuditKind::SignIn, "session.end", "", "ok", now);
            audit::record(conn, &[line])?;
            Ok(())
        })
    }

    /// What an access token says, if it is ours and has not ended.
    ///
    /// # Errors
    /// `token_expired` or `unauthenticated`.
    pub fn claimed(&self, token: &str) -> AppResult<Claimed> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        let key = DecodingKey::from_secret(self.secret.as_bytes());
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)
            .map_err(|error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::ExpiredSignature => AppError::refused(
                    Code::TokenExpired,
                    Some("Authorization"),
                    "登录凭证已过期，请刷新后重试",
                    "The access token has ended; refresh it",
                ),
                _ => unauthenticated(),
            })?
            .claims;
        Ok(Claimed {
            account: AccountId(claims.sub.parse().map_err(|_| unauthenticated())?),
            session: claims.sid,
        })
    }

    /// Who an access token speaks for, as of now: its session must last, and the account be active.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub fn authenticate(&self, claimed: Claimed) -> AppResult<Who> {
        let today = self.clock.today();
        let now = self.clock.now();
        let Claimed { account, session } = claimed;
        let found = self
            .db
            .read(|conn| session::signed_in(conn, session, account, today, now))?;
        let signed_in = found.ok_or_else(unauthenticated)?;
        Ok(Who { signed_in, session })
    }

    /// Who I am and what I may do.
    ///
    /// # Errors
    /// What the database says.
    pub fn me(&self, who: &Who) -> AppResult<Me> {
        let actor = &who.signed_in.actor;
        let today = self.clock.today();
        let system = Scope::bypass_for_system_work();
        let ((own, ancestors), custom, departments, absent) =
            self.db.read(|conn| -> AppResult<_> {
                let line = line_of(conn, &actor.unit_path, today)?;
                let custom: Vec<UnitId> = actor
                    .grants
                    .iter()
                    .flat_map(|grant| grant.custom_paths.iter())
                    .filter_map(|path| unit::lineage(path).last().copied())
                    .collect();
                let custom = unit::by_ids(conn, &system, &custom, today)?;
                let grants: Vec<&Grant> = actor.grants.iter().collect();
                let departments = departments_of(conn, &grants)?;
                let absent = match &who.signed_in.acting {
                    None => leave::deputy_for(conn, actor.account, today)?,
                    Some(_) => Vec::new(),
                };
                Ok((line, custom, departments, absent))
            })?;
        Ok(Me {
            login: who.signed_in.login.clone(),
            name: who.signed_in.name.clone(),
            unit: unit_ref(&own),
            ancestors: ancestors.iter().map(unit_ref).collect(),
            grants: actor
                .grants
                .iter()
                .map(|grant| grant_view(grant, custom.iter(), &departments))
                .collect(),
            actions: Action::ALL
                .into_iter()
                .filter(|action| actor.scope(*action).is_ok())
                .map(Into::into)
                .collect(),
            acting: who.signed_in.acting.as_ref().map(acting_view),
            deputy_for: absent.into_iter().map(absent_view).collect(),
            today,
            demonstration: self.demonstration,
            demonstration_data: self.demonstration_data,
        })
    }
}

/// What the failures of a name are kept under.
fn name_hash(login: &str) -> String {
    hex(&Sha256::digest(login.as_bytes()))
}

/// The unit at the end of a path and those above it, from the city down, as they stand on a day or stood last.
pub(crate) fn line_of(
    conn: &mut Conn,
    path: &str,
    day: chrono::NaiveDate,
) -> AppResult<(Placed, Vec<Placed>)> {
    let system = Scope::bypass_for_system_work();
    let ids = unit::lineage(path);
    let mut line = placement::last_by_ids(conn, &system, &ids, day)?;
    line.sort_by_key(|placed| placed.level);
    let at = line
        .iter()
        .position(|placed| Some(&placed.id) == ids.last());
    let at = at.ok_or_else(|| AppError::Internal(format!("{path} has no place on {day}")))?;
    let own = line.remove(at);
    Ok((own, line))
}

/// A unit by its code and name.
pub(crate) fn unit_ref(unit: &Placed) -> UnitRef {
    UnitRef {
        code: unit.code.clone(),
        name: unit.name.clone(),
        level: unit.level.into(),
    }
}

/// Who looks as another person changes nothing.
pub(crate) fn read_only() -> AppError {
    AppError::refused(
        Code::ReadOnlyView,
        None,
        "协助查看期间只能查看，不能办理业务，请先结束协助查看",
        "Looking as another person changes nothing; end it first",
    )
}

/// Nobody is signed in.
pub(crate) fn unauthenticated() -> AppError {
    AppError::refused(
        Code::Unauthenticated,
        Some("Authorization"),
        "请先登录",
        "Sign in first",
    )
}
