//! What is filled in piece by piece, and a list's filters that stand in the link.

use crate::hooks::{Query, use_go, use_query, with};
use crate::routes::Route;
use std::ops::Deref;
use yew::prelude::*;
use zhenxing_api_types::unit::Unit;

/// A draft that a component holds while it is filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Drafted<T> {
    state: UseStateHandle<T>,
}

impl<T> Deref for Drafted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.state
    }
}

impl<T: Clone + 'static> Drafted<T> {
    /// Takes one piece of it.
    pub fn piece<V: 'static>(&self, set: impl Fn(&mut T, V) + 'static) -> Callback<V> {
        let state = self.state.clone();
        let change = Callback::from(move |next| state.set(next));
        piece_of(&**self, &change, set)
    }

    /// As it stands.
    pub fn taken(&self) -> T {
        (*self.state).clone()
    }
}

/// Holds a draft.
#[hook]
pub fn use_draft<T: 'static>(first: impl FnOnce() -> T) -> Drafted<T> {
    Drafted {
        state: use_state(first),
    }
}

/// Takes one piece of a draft that somebody else holds.
pub fn piece_of<T: Clone + 'static, V: 'static>(
    draft: &T,
    change: &Callback<T>,
    set: impl Fn(&mut T, V) + 'static,
) -> Callback<V> {
    let draft = draft.clone();
    change.reform(move |value: V| {
        let mut next = draft.clone();
        set(&mut next, value);
        next
    })
}

/// A unit that was picked: its code and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
}

impl From<Unit> for Picked {
    fn from(unit: Unit) -> Picked {
        Picked {
            code: unit.code,
            name: unit.name,
        }
    }
}

/// The name of what was picked; empty while nothing is.
pub fn picked_name(picked: Option<&Picked>) -> String {
    picked.map_or_else(String::new, |picked| picked.name.clone())
}

/// The filters of a list, which stand in the link of its page.
#[derive(Clone, PartialEq)]
pub struct Filters {
    /// The filters.
    pub query: Query,
    route: Route,
    go: Callback<(Route, Query)>,
}

/// The filters of the list on a page.
#[hook]
pub fn use_filters(route: Route) -> Filters {
    Filters {
        query: use_query(),
        route,
        go: use_go::<Route>(),
    }
}

impl Filters {
    /// A filter's value; empty where it is none.
    pub fn of(&self, name: &str) -> String {
        self.query.get(name).cloned().unwrap_or_default()
    }

    /// Takes a filter's value.
    pub fn change(&self, name: &str) -> Callback<String> {
        let (query, route, name) = (self.query.clone(), self.route.clone(), name.to_owned());
        self.go
            .reform(move |value: String| (route.clone(), with(&query, &name, &value)))
    }

    /// Takes a unit: `unit` is its code, `unit_name` what is shown.
    pub fn unit(&self) -> Callback<Option<Unit>> {
        let (query, route) = (self.query.clone(), self.route.clone());
        self.go.reform(move |unit: Option<Unit>| {
            let (code, name) = unit.map(|unit| (unit.code, unit.name)).unwrap_or_default();
            let next = with(&with(&query, "unit", &code), "unit_name", &name);
            (route.clone(), next)
        })
    }

    /// Takes every filter away.
    pub fn none(&self) -> Callback<MouseEvent> {
        let route = self.route.clone();
        self.go
            .reform(move |_: MouseEvent| (route.clone(), Query::new()))
    }
}
