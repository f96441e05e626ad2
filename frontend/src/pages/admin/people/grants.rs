//! The grants of an account in a form: role, data scope, and what narrows them.

use super::words_of::{self, ROLES, SCOPES};
use crate::components::field::Select;
use crate::components::unit_picker::UnitPicker;
use crate::draft::piece_of;
use crate::format;
use crate::hooks::{Load, use_load};
use crate::i18n::{named, use_language};
use yew::prelude::*;
use zhenxing_api_types::session::{DataScope, Grant, Role};
use zhenxing_api_types::unit::Unit;

/// The properties of the grants.
#[derive(Clone, PartialEq, Properties)]
pub struct GrantsProps {
    /// The code of the account's unit: its departments and those above are offered. Empty while none is chosen.
    pub unit: String,
    /// As they stand.
    pub grants: Vec<Grant>,
    /// Takes them changed.
    pub change: Callback<Vec<Grant>>,
}

/// A grant as most accounts have it.
pub fn usual() -> Grant {
    Grant {
        role: Role::Filler,
        scope: DataScope::Unit,
        units: Vec::new(),
        departments: Vec::new(),
        matters: None,
    }
}

/// The grants.
#[function_component]
pub fn Grants(props: &GrantsProps) -> Html {
    use_language();
    let (known, _) = use_load(props.unit.clone(), |session, unit| async move {
        let matters = session.client.matters("").await?.items;
        let serving = [("serves", unit.as_str()), ("limit", "200")];
        let departments = if unit.is_empty() {
            Vec::new()
        } else {
            session.client.departments(&serving).await?.items
        };
        Ok((matters, departments))
    });
    let (matters, departments) = match &known {
        Load::Ready((matters, departments)) => (
            matters
                .iter()
                .map(|matter| {
                    (
                        matter.code.clone(),
                        format!(
                            "{} {}",
                            matter.code,
                            named(&matter.name_zh, &matter.name_en)
                        ),
                    )
                })
                .collect(),
            departments
                .iter()
                .map(|department| {
                    (
                        department.code.clone(),
                        t!(
                            "with-unit",
                            name = department.name.clone(),
                            unit = department.unit.name.clone()
                        ),
                    )
                })
                .collect(),
        ),
        Load::Waiting | Load::Failed(_) => (Vec::new(), Vec::new()),
    };
    let add = {
        let (grants, change) = (props.grants.clone(), props.change.clone());
        Callback::from(move |_: MouseEvent| {
            let mut next = grants.clone();
            next.push(usual());
            change.emit(next);
        })
    };
    let one = |(place, grant): (usize, &Grant)| {
        let set = {
            let (grants, change) = (props.grants.clone(), props.change.clone());
            Callback::from(move |grant: Option<Grant>| {
                let mut next = grants.clone();
                match grant {
                    Some(grant) => {
                        if let Some(own) = next.get_mut(place) {
                            *own = grant;
                        }
                    }
                    None => {
                        next.remove(place);
                    }
                }
                change.emit(next);
            })
        };
        html! { <OneGrant key={place} {place} grant={grant.clone()} {set} matters={Known::clone(&matters)} departments={Known::clone(&departments)} /> }
    };
    html! {
        <>
            { for props.grants.iter().enumerate().map(one) }
            <p><button type="button" class="zx-button" onclick={add}>{ t!("grant-add") }</button></p>
        </>
    }
}

/// Code and name of what can be chosen.
type Known = Vec<(String, String)>;

#[derive(Clone, PartialEq, Properties)]
struct OneProps {
    place: usize,
    grant: Grant,
    set: Callback<Option<Grant>>,
    matters: Known,
    departments: Known,
}

impl OneProps {
    fn change<T: 'static>(&self, change: impl Fn(&mut Grant, T) + 'static) -> Callback<T> {
        piece_of(&self.grant, &self.set.reform(Some), change)
    }
}

#[function_component]
fn OneGrant(props: &OneProps) -> Html {
    use_language();
    let grant = &props.grant;
    let role = props.change(|grant, code: String| {
        if let Some((_, role)) = ROLES.iter().find(|(own, _)| *own == code) {
            grant.role = *role;
        }
    });
    let scope = props.change(|grant, code: String| {
        if let Some((_, scope)) = SCOPES.iter().find(|(own, _)| *own == code) {
            grant.scope = *scope;
            if *scope != DataScope::Custom {
                grant.units.clear();
            }
        }
    });
    let roles: Known = ROLES
        .iter()
        .map(|(code, role)| ((*code).to_owned(), format::role(*role)))
        .collect();
    let scopes: Known = SCOPES
        .iter()
        .map(|(code, scope)| ((*code).to_owned(), words_of::scope(*scope)))
        .collect();
    let own_role = ROLES
        .iter()
        .find(|(_, role)| *role == grant.role)
        .map_or("", |(code, _)| code);
    let own_scope = SCOPES
        .iter()
        .find(|(_, scope)| *scope == grant.scope)
        .map_or("", |(code, _)| code);
    let unit = props.change(|grant, unit: Option<Unit>| {
        if let Some(unit) = unit.filter(|unit| !grant.units.contains(&unit.code)) {
            grant.units.push(unit.code);
        }
    });
    let no_unit = props.change(|grant, code: String| grant.units.retain(|own| *own != code));
    let department = props.change(|grant, code: String| {
        if !code.is_empty() && !grant.departments.contains(&code) {
            grant.departments.push(code);
        }
    });
    let no_department =
        props.change(|grant, code: String| grant.departments.retain(|own| *own != code));
    let matter = props.change(|grant, code: String| {
        if code.is_empty() {
            return;
        }
        let matters = grant.matters.get_or_insert_default();
        if !matters.contains(&code) {
            matters.push(code);
        }
    });
    let no_matter = props.change(|grant, code: String| {
        let left: Vec<String> = grant
            .matters
            .iter()
            .flatten()
            .filter(|own| **own != code)
            .cloned()
            .collect();
        grant.matters = (!left.is_empty()).then_some(left);
    });
    let set = props.set.clone();
    let remove = Callback::from(move |_: MouseEvent| set.emit(None));
    let matters: &[String] = grant.matters.as_deref().unwrap_or_default();
    html! {
        <fieldset class="zx-grant"><legend>{ t!("grant", number = props.place + 1) }</legend>
            <Select label={t!("role")} value={own_role} choices={roles} change={role} />
            <Select label={t!("scope")} value={own_scope} choices={scopes} change={scope} />
            if grant.scope == DataScope::Custom {
                <UnitPicker id={format!("grant-unit-{}", props.place)} label={t!("grant-unit-add")} several={true} chosen={unit} />
                { tags(&grant.units, &[], &no_unit) }
            }
            if !props.departments.is_empty() {
                <Select label={t!("grant-department")} value="" several={true} choices={offered(&props.departments, grant.departments.is_empty(), t!("grant-any-department"))} change={department} />
                { tags(&grant.departments, &props.departments, &no_department) }
            }
            <Select label={t!("grant-matter")} value="" several={true} choices={offered(&props.matters, matters.is_empty(), t!("grant-any-matter"))} change={matter} />
            { tags(matters, &props.matters, &no_matter) }
            <button type="button" class="zx-button" onclick={remove}>{ t!("grant-remove") }</button>
        </fieldset>
    }
}

/// What can be added; without anything chosen it is not narrowed.
fn offered(known: &Known, open: bool, any: String) -> Known {
    let first = if open { any } else { t!("grant-more") };
    let mut choices = vec![(String::new(), first)];
    choices.extend(known.iter().cloned());
    choices
}

/// What was chosen, each with a button that takes it out.
fn tags(codes: &[String], known: &[(String, String)], out: &Callback<String>) -> Html {
    let tag = |code: &String| {
        let name = known
            .iter()
            .find(|(own, _)| own == code)
            .map_or(code, |(_, name)| name);
        let remove = {
            let (out, code) = (out.clone(), code.clone());
            Callback::from(move |_: MouseEvent| out.emit(code.clone()))
        };
        html! { <li class="zx-tag">{ name }<button type="button" class="zx-plain" aria-label={t!("take-out", name = name.clone())} onclick={remove}>{ "×" }</button></li> }
    };
    html! { <ul class="zx-tags">{ for codes.iter().map(tag) }</ul> }
}
