//! What one account may give to another: part of the policy, which alone decides it.
//!
//! Nobody gives what he does not administer: a grant must lie within the units and matters of the giver's own grant as
//! administrator, and whoever holds more than that is not administered by him at all. Otherwise the reset of a password
//! would be a way up.

use crate::policy::{Action, Actor, DataScope, Grant, Role, ScopePart};

/// Why something is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotGiven {
    /// The asker administers nothing.
    #[error("the account administers no accounts")]
    NoAdministrator,
    /// It reaches units that the asker does not administer.
    #[error("it reaches units or matters that the asker does not administer")]
    Beyond,
    /// Only who administers everything appoints auditors.
    #[error("only who administers all units appoints auditors")]
    Auditor,
    /// Nobody is both administrator and auditor.
    #[error("nobody is both administrator and auditor")]
    BothOffices,
    /// Nobody changes what he may do himself.
    #[error("nobody administers himself")]
    Oneself,
    /// An administrator of the same or a higher unit.
    #[error("an administrator of the same or a higher unit")]
    Peer,
}

impl Actor {
    /// Whether the actor may see to it that `holder`, an account with its unit's path and all its grants, exists as it
    /// is: make it so, change it, reset its password.
    ///
    /// # Errors
    /// [`NotGiven`] says why not.
    pub fn may_administer(&self, holder: &Actor) -> Result<(), NotGiven> {
        if holder.account == self.account {
            return Err(NotGiven::Oneself);
        }
        let own = self
            .scope(Action::ManageUsers)
            .map_err(|_| NotGiven::NoAdministrator)?;
        let within = |part: &ScopePart| own.parts().iter().any(|mine| mine.contains(part));
        if !own.covers(&holder.unit_path, None, None) {
            return Err(NotGiven::Beyond);
        }
        for grant in &holder.grants {
            if !holder.parts_of(grant).iter().all(within) {
                return Err(NotGiven::Beyond);
            }
        }
        let all = own.parts().iter().any(|part| part.path().is_none());
        if holder.holds(Role::Auditor) && !all {
            return Err(NotGiven::Auditor);
        }
        if holder.holds(Role::Auditor) && holder.holds(Role::Administrator) {
            return Err(NotGiven::BothOffices);
        }
        Ok(())
    }

    /// Whether the actor may look as another person to help: never as an auditor, and as an administrator only of a
    /// unit below his own.
    ///
    /// # Errors
    /// [`NotGiven`] says why not.
    pub fn may_view_as(&self, other: &Actor) -> Result<(), NotGiven> {
        self.may_administer(other)?;
        if other.holds(Role::Auditor) {
            return Err(NotGiven::Auditor);
        }
        let below = other.unit_path.starts_with(&self.unit_path) && other.unit != self.unit;
        if other.holds(Role::Administrator) && !below {
            return Err(NotGiven::Peer);
        }
        Ok(())
    }

    /// Whether the actor may appoint a deputy who acts for somebody absent with his grants.
    ///
    /// # Errors
    /// [`NotGiven`] says why not.
    pub fn may_appoint(&self, absent: &Actor, deputy: &Actor) -> Result<(), NotGiven> {
        self.may_administer(absent)?;
        self.may_administer(deputy)?;
        if absent.account == deputy.account {
            return Err(NotGiven::Oneself);
        }
        let either = |role| absent.holds(role) || deputy.holds(role);
        if either(Role::Auditor) && either(Role::Administrator) {
            return Err(NotGiven::BothOffices);
        }
        Ok(())
    }

    fn holds(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }
}

/// Whether a grant says what it needs to: units where its scope is a custom one, and only there.
pub fn is_complete(grant: &Grant) -> bool {
    (grant.scope == DataScope::Custom) != grant.custom_paths.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AccountId, UnitId};
    use crate::policy::Matters;
    use std::collections::{BTreeMap, BTreeSet};

    fn grant(role: Role, scope: DataScope, matters: &[&str]) -> Grant {
        let codes: BTreeSet<String> = matters.iter().map(|code| (*code).to_owned()).collect();
        Grant {
            role,
            scope,
            custom_paths: Vec::new(),
            departments: BTreeMap::new(),
            matters: if codes.is_empty() {
                Matters::All
            } else {
                Matters::These(codes)
            },
        }
    }

    fn at(account: i64, path: &str, grants: Vec<Grant>) -> Actor {
        let unit = path.trim_matches('/').rsplit('/').next();
        Actor {
            account: AccountId(account),
            unit: UnitId(unit.unwrap_or_default().parse().unwrap()),
            unit_path: path.to_owned(),
            grants,
        }
    }

    fn county() -> Actor {
        let own = grant(Role::Administrator, DataScope::UnitAndBelow, &[]);
        at(1, "/1/20/", vec![own])
    }

    fn city() -> Actor {
        at(
            2,
            "/1/",
            vec![grant(Role::Administrator, DataScope::All, &[])],
        )
    }

    #[test]
    fn nobody_gives_more_than_he_administers() {
        use DataScope as S;
        use NotGiven as N;
        use Role as R;
        let beyond = Err(N::Beyond);
        let cases = [
            ("/1/20/300/", R::Filler, S::Unit, Ok(()), Ok(())),
            ("/1/20/", R::Approver, S::UnitAndBelow, Ok(()), Ok(())),
            ("/1/20/", R::Administrator, S::UnitAndBelow, Ok(()), Ok(())),
            ("/1/20/300/", R::Viewer, S::All, beyond, Ok(())),
            ("/1/30/", R::Viewer, S::Unit, beyond, Ok(())),
            ("/1/", R::Viewer, S::Unit, beyond, Ok(())),
            ("/1/20/", R::Auditor, S::Unit, Err(N::Auditor), Ok(())),
            ("/1/", R::Auditor, S::All, beyond, Ok(())),
        ];
        for (path, role, scope, by_county, by_city) in cases {
            let holder = at(9, path, vec![grant(role, scope, &[])]);
            assert_eq!(
                county().may_administer(&holder),
                by_county,
                "{path} {role:?}"
            );
            assert_eq!(city().may_administer(&holder), by_city, "{path} {role:?}");
        }
    }

    #[test]
    fn a_custom_scope_must_lie_within() {
        for (path, expected) in [("/1/20/300/", Ok(())), ("/1/30/", Err(NotGiven::Beyond))] {
            let mut custom = grant(Role::Viewer, DataScope::Custom, &[]);
            assert!(!is_complete(&custom));
            custom.custom_paths = vec![path.to_owned()];
            assert!(is_complete(&custom));
            let holder = at(9, "/1/20/", vec![custom]);
            assert_eq!(county().may_administer(&holder), expected, "{path}");
        }
    }

    #[test]
    fn matters_narrow_what_is_given() {
        let narrow = grant(
            Role::Administrator,
            DataScope::UnitAndBelow,
            &["M05", "M12"],
        );
        let giver = at(1, "/1/20/", vec![narrow]);
        let cases: [(&[&str], Result<(), NotGiven>); 3] = [
            (&["M12"], Ok(())),
            (&["M12", "M15"], Err(NotGiven::Beyond)),
            (&[], Err(NotGiven::Beyond)),
        ];
        for (matters, expected) in cases {
            let holder = at(
                9,
                "/1/20/",
                vec![grant(Role::Filler, DataScope::Unit, matters)],
            );
            assert_eq!(giver.may_administer(&holder), expected, "{matters:?}");
        }
    }

    #[test]
    fn nobody_administers_himself_or_without_the_office() {
        let holder = at(9, "/1/20/300/", vec![]);
        let checker = grant(Role::Checker, DataScope::UnitAndBelow, &[]);
        let checker = at(1, "/1/20/", vec![checker]);
        assert_eq!(
            checker.may_administer(&holder),
            Err(NotGiven::NoAdministrator)
        );
        assert_eq!(county().may_administer(&county()), Err(NotGiven::Oneself));
        let exact = grant(Role::Administrator, DataScope::Unit, &[]);
        let exact = at(1, "/1/20/", vec![exact]);
        assert_eq!(exact.may_administer(&holder), Err(NotGiven::Beyond));
    }

    #[test]
    fn offices_stay_apart() {
        let admin = || grant(Role::Administrator, DataScope::Unit, &[]);
        let auditor = || grant(Role::Auditor, DataScope::Unit, &[]);
        let both = at(9, "/1/20/", vec![admin(), auditor()]);
        assert_eq!(city().may_administer(&both), Err(NotGiven::BothOffices));
        let absent = at(9, "/1/20/", vec![auditor()]);
        let deputy = at(10, "/1/20/", vec![admin()]);
        let appointed = city().may_appoint(&absent, &deputy);
        assert_eq!(appointed, Err(NotGiven::BothOffices));
        let plain = at(11, "/1/20/", vec![]);
        assert_eq!(city().may_appoint(&deputy, &plain), Ok(()));
        assert_eq!(
            county().may_appoint(&plain, &county()),
            Err(NotGiven::Oneself)
        );
    }

    #[test]
    fn help_looks_down_and_never_as_an_auditor() {
        use NotGiven as N;
        let cases = [
            ("/1/20/300/", Role::Filler, Ok(()), Ok(())),
            ("/1/20/300/", Role::Administrator, Ok(()), Ok(())),
            ("/1/20/", Role::Administrator, Err(N::Peer), Ok(())),
            ("/1/20/", Role::Auditor, Err(N::Auditor), Err(N::Auditor)),
            ("/1/30/", Role::Filler, Err(N::Beyond), Ok(())),
        ];
        for (path, role, by_county, by_city) in cases {
            let other = at(9, path, vec![grant(role, DataScope::Unit, &[])]);
            assert_eq!(county().may_view_as(&other), by_county, "{path} {role:?}");
            assert_eq!(city().may_view_as(&other), by_city, "{path} {role:?}");
        }
    }
}
