//! Personal data shown in full (Convention 6): to who holds that right, with a reason, and a line of the trail that is
//! written before the answer is given.

use super::session::Who;
use super::{App, AppError, AppResult};
use crate::clock::instant;
use zhenxing_api_types::user::{RevealPhone, RevealedPhone};
use zhenxing_domain::audit::AuditKind;
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::policy::Action;
use zhenxing_storage::audit::{self, Line};

/// How long a page may show it.
pub(crate) const SHOWN: i64 = 60_000_000;
const REASON_LENGTH: usize = 200;

impl App {
    /// The phone of an account in full.
    ///
    /// # Errors
    /// A refusal that names `reason`; `not_found` when the account may not be seen or has none.
    pub fn reveal_phone(
        &self,
        who: &Who,
        login: &str,
        ask: &RevealPhone,
    ) -> AppResult<RevealedPhone> {
        let scope = who.scope(Action::RevealPersonal)?;
        let reason = reason_of(&ask.reason)?;
        let now = self.clock.now();
        self.db.write(|conn| {
            let account = self.find_account(conn, &scope, login, "login")?;
            let phone = account
                .phone
                .ok_or_else(|| AppError::not_found("phone", "手机号", "phone"))?;
            let subject = format!("{} {reason}", account.login);
            let kind = AuditKind::Read;
            let line = Line::new(kind, "account.phone_revealed", &subject, "ok", now);
            audit::record(conn, &[line])?;
            Ok(RevealedPhone {
                phone,
                until: instant(now + SHOWN),
            })
        })
    }
}

pub(crate) fn reason_of(text: &str) -> AppResult<&str> {
    let reason = text.trim();
    if reason.is_empty()
        || reason.chars().count() > REASON_LENGTH
        || reason.contains(char::is_control)
        || holds_id_number(reason)
    {
        return Err(AppError::invalid(
            "reason",
            "请填写查看原因，1至200字，不得含有身份证号码",
            "Say why, in 1 to 200 characters without an identity number",
        ));
    }
    Ok(reason)
}

/// A phone as it is shown: its middle four digits hidden.
pub(crate) fn masked_phone(phone: &str) -> String {
    let count = phone.chars().filter(char::is_ascii_digit).count();
    let first = count.saturating_sub(4) / 2;
    let mut at = 0;
    let hide = |sign: char| {
        if !sign.is_ascii_digit() {
            return sign;
        }
        let hidden = (first..first + 4).contains(&at);
        at += 1;
        if hidden { '*' } else { sign }
    };
    phone.chars().map(hide).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_middle_of_a_phone_is_hidden() {
        assert_eq!(super::masked_phone("13812345678"), "138****5678");
        assert_eq!(super::masked_phone("0317-2012345"), "031*-***2345");
        assert_eq!(super::masked_phone("2012345"), "2****45");
    }
}
