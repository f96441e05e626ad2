//! Words of accounts.

use crate::format;
use yew::prelude::*;
use zhenxing_api_types::session::{DataScope, Grant, Role};
use zhenxing_api_types::user::User;

/// Every role, as the form offers them.
pub const ROLES: [(&str, Role); 7] = [
    ("filler", Role::Filler),
    ("checker", Role::Checker),
    ("approver", Role::Approver),
    ("viewer", Role::Viewer),
    ("coordinator", Role::Coordinator),
    ("administrator", Role::Administrator),
    ("auditor", Role::Auditor),
];

/// Every data scope, as the form offers them.
pub const SCOPES: [(&str, DataScope); 5] = [
    ("unit", DataScope::Unit),
    ("unit_and_below", DataScope::UnitAndBelow),
    ("custom", DataScope::Custom),
    ("own", DataScope::Own),
    ("all", DataScope::All),
];

/// The roles of an account, each once.
pub fn roles(user: &User) -> String {
    let mut names: Vec<String> = user
        .grants
        .iter()
        .map(|grant| format::role(grant.role))
        .collect();
    names.dedup();
    if names.is_empty() {
        return t!("grants-none");
    }
    names.join(&t!("list-separator"))
}

/// Where a grant reaches.
pub fn scope(scope: DataScope) -> String {
    match scope {
        DataScope::All => t!("scope-all"),
        DataScope::Custom => t!("scope-custom"),
        DataScope::Unit => t!("scope-unit"),
        DataScope::UnitAndBelow => t!("scope-below"),
        DataScope::Own => t!("scope-own"),
    }
}

/// A grant in one line.
pub fn grant(grant: &Grant) -> String {
    let mut parts = vec![format::role(grant.role), scope(grant.scope)];
    let separator = t!("list-separator");
    if !grant.units.is_empty() {
        parts.push(t!("grant-units", units = grant.units.join(&separator)));
    }
    if !grant.departments.is_empty() {
        parts.push(t!(
            "grant-departments",
            departments = grant.departments.join(&separator)
        ));
    }
    if let Some(matters) = &grant.matters {
        parts.push(t!("grant-matters", matters = matters.join(&separator)));
    }
    parts.join(" · ")
}

/// Where an account stands, as a label.
pub fn state(user: &User) -> Html {
    let (class, word) = match (user.active, user.password_change_required) {
        (false, _) => ("zx-label-plain", t!("user-inactive")),
        (true, true) => ("zx-label-amber", t!("user-one-time")),
        (true, false) => ("zx-label-green", t!("user-active")),
    };
    html! { <span class={classes!("zx-label", class)}>{ word }</span> }
}
