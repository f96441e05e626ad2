//! Passwords: hashed, compared, chosen, handed out once.

use super::session::Who;
use super::user::{Checked, forbidden};
use super::{App, AppError, AppResult, Code};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use sha2::{Digest, Sha256};
use zhenxing_api_types::session::ChangePassword;
use zhenxing_api_types::user::{IssuePasswords, IssuedPassword, IssuedPasswords};
use zhenxing_domain::ids::AccountId;
use zhenxing_domain::password::{PasswordFault, check_password};
use zhenxing_domain::policy::Action;
use zhenxing_storage::{account, event, session};

/// How many accounts get passwords in one request.
const MOST: usize = 10_000;
/// Signs that are not taken for one another on paper.
const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789+";
const ONE_TIME_LENGTH: usize = 16;
/// The mark of a one-time password's hash: it is long and random, so a fast hash hides it as well as a slow one.
const FAST: &str = "sha256:";

/// The hash of a password.
///
/// # Errors
/// When the system has no randomness.
pub fn hash_password(password: &str) -> AppResult<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| AppError::Internal(format!("hashing a password: {error}")))
}

/// Whether a password has that hash. Without a slow hash to compare with, the decoy is compared instead, so that the
/// time says nothing about the account.
pub(crate) fn matches(password: &str, hash: Option<&str>, decoy: &str) -> bool {
    let slow = |hash: &str| {
        PasswordHash::new(hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    };
    match hash.filter(|hash| hash.starts_with(FAST) || !hash.is_empty()) {
        Some(hash) if hash.starts_with(FAST) => {
            slow(decoy);
            hash == fast_hash(password)
        }
        Some(hash) => slow(hash),
        None => {
            slow(decoy);
            false
        }
    }
}

fn fast_hash(password: &str) -> String {
    let digest = Sha256::digest(password.as_bytes());
    format!("{FAST}{}", super::page::hex(&digest))
}

/// A one-time password with its hash: sixteen signs in groups of four, 80 bits.
pub(crate) fn one_time() -> AppResult<(String, String)> {
    let mut random = [0_u8; ONE_TIME_LENGTH];
    getrandom::fill(&mut random)
        .map_err(|error| AppError::Internal(format!("randomness: {error}")))?;
    let mut text = String::new();
    for (place, byte) in random.iter().enumerate() {
        if place > 0 && place.is_multiple_of(4) {
            text.push('-');
        }
        let sign = SIGNS.get(usize::from(byte % 32));
        text.push(sign.map_or('x', |sign| char::from(*sign)));
    }
    let hash = fast_hash(&text);
    Ok((text, hash))
}

impl App {
    /// Changes the asker's own password, and ends his other sessions.
    ///
    /// # Errors
    /// Refusals that name `current` or `new`.
    pub fn change_password(&self, who: &Who, ask: &ChangePassword) -> AppResult<()> {
        if who.signed_in.acting.is_some() {
            return Err(forbidden(
                "密码只能由本人修改",
                "Only the person himself changes his password",
            ));
        }
        let login = &who.signed_in.login;
        let found = self.db.read(|conn| session::credentials(conn, login))?;
        let hash = found.as_ref().map(|found| found.password_hash.as_str());
        if !matches(&ask.current, hash, &self.decoy_hash) {
            return Err(AppError::invalid(
                "current",
                "当前密码不正确，请重新输入",
                "The present password is wrong",
            ));
        }
        if ask.new == ask.current {
            return Err(AppError::invalid(
                "new",
                "新密码不能与当前密码相同",
                "The new password must differ from the present one",
            ));
        }
        self.check_chosen(&ask.new, login)?;
        let hash = hash_password(&ask.new)?;
        let now = self.clock.now();
        self.db.write(|conn| {
            let account = who.account();
            account::set_passwords(conn, &[(account, hash)], false)?;
            session::end_all(conn, &[account], Some(who.session), now)?;
            let (kind, subject) = ("account.password_changed", account.0.to_string());
            event::append(conn, kind, &subject, Some(who.unit()), now)?;
            Ok(())
        })
    }

    /// Whether a password that somebody chose is good enough.
    ///
    /// # Errors
    /// A refusal that names `new`.
    pub fn check_chosen(&self, password: &str, login: &str) -> AppResult<()> {
        let shortest = usize::from(self.settings.password_length);
        check_password(password, login, shortest).map_err(|fault| {
            let zh = match fault {
                PasswordFault::TooShort(least) => format!("密码至少{least}位，请加长"),
                PasswordFault::TooLong => "密码不能超过128位".to_owned(),
                PasswordFault::HoldsLogin => "密码不能包含用户名，请更换".to_owned(),
                PasswordFault::Common => "密码过于常见或有规律，容易被猜到，请更换".to_owned(),
            };
            AppError::invalid("new", zh, format!("Choose another password: {fault}"))
        })
    }

    /// Gives accounts new one-time passwords and ends their sessions. The passwords are in this answer and nowhere else:
    /// asked again, others are given.
    ///
    /// # Errors
    /// Refusals that name `logins`.
    pub fn issue_passwords(&self, who: &Who, ask: &IssuePasswords) -> AppResult<IssuedPasswords> {
        let scope = who.scope(Action::ManageUsers)?;
        if ask.logins.is_empty() || ask.logins.len() > MOST {
            return Err(AppError::invalid(
                "logins",
                "一次可为1至10000个账户发放密码",
                "1 to 10,000 accounts get passwords at once",
            ));
        }
        let wanted: std::collections::BTreeSet<&str> =
            ask.logins.iter().map(String::as_str).collect();
        let wanted: Vec<&str> = wanted.into_iter().collect();
        let today = self.clock.today();
        let now = self.clock.now();
        self.db.write(|conn| {
            let found = account::by_logins(conn, &scope, &wanted, today)?;
            if found.len() != wanted.len() {
                return Err(AppError::not_found("logins", "账户", "account"));
            }
            for account in &found {
                who.may_administer(&Checked::of(account), "logins")?;
            }
            let units = super::user::units_of(self, conn, found.iter().map(|one| one.unit))?;
            let mut items = Vec::new();
            let mut hashes = Vec::new();
            for one in &found {
                let (password, hash) = one_time()?;
                hashes.push((one.id, hash));
                if let Some(unit) = units.get(&one.unit) {
                    items.push(IssuedPassword {
                        login: one.login.clone(),
                        name: one.name.clone(),
                        unit: super::session::unit_ref(unit),
                        password,
                    });
                }
            }
            items.sort_by(|a, b| (&a.unit.code, &a.login).cmp(&(&b.unit.code, &b.login)));
            account::set_passwords(conn, &hashes, true)?;
            let ids: Vec<AccountId> = hashes.iter().map(|(id, _)| *id).collect();
            session::end_all(conn, &ids, None, now)?;
            self.forget_failures_of(conn, &found)?;
            let (subject, unit) = match found.as_slice() {
                [one] => (one.id.0.to_string(), Some(one.unit)),
                many => (many.len().to_string(), None),
            };
            event::append(conn, "account.password_issued", &subject, unit, now)?;
            Ok(IssuedPasswords { items })
        })
    }
}

/// A session whose account has to change its password first does nothing else.
pub(crate) fn change_first() -> AppError {
    AppError::refused(
        Code::PasswordChangeRequired,
        None,
        "您使用的是一次性密码，请先修改密码，再办理其他业务",
        "The password is a one-time password: change it before anything else (PUT /session/password)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_passwords_differ_and_are_known_by_their_hash() -> AppResult<()> {
        let decoy = hash_password("decoy")?;
        let (one, hash) = one_time()?;
        let (other, _) = one_time()?;
        assert_ne!(one, other);
        assert_eq!(one.len(), 19);
        assert!(matches(&one, Some(&hash), &decoy));
        assert!(!matches(&other, Some(&hash), &decoy));
        assert!(!matches("decoy", Some(""), &decoy));
        assert!(!matches("decoy", None, &decoy));
        Ok(())
    }
}
