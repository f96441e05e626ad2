//! Fetching, titles, and what is lost by leaving.

use crate::i18n::{shown, use_language};
use crate::state::{Phase, Session};
use std::any::Any;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::Page;
use zhenxing_client::{Client, ClientError};
use zhenxing_domain::package::FormDef;

/// What stands behind the question mark of an address.
pub type Query = BTreeMap<String, String>;

/// What is being fetched.
#[derive(Debug, Clone, PartialEq)]
pub enum Load<T> {
    /// On its way.
    Waiting,
    /// Here.
    Ready(T),
    /// It did not come.
    Failed(ClientError),
}

/// The session.
#[hook]
pub fn use_session() -> Option<Session> {
    use_context::<Session>()
}

/// Says a failure to the session: who is no longer signed in is shown the sign-in.
fn noticed(session: &Session, error: &ClientError) {
    if matches!(error.code(), Some("invalid_refresh" | "unauthenticated")) {
        session.change.emit(Phase::Out);
    }
    if error.code() == Some("password_change_required") {
        session.change.emit(Phase::Change);
    }
}

/// What a fetch brings, whatever it is: the hook below is written once for all types, for each of them is loaded by the
/// browser.
type Fetched = Result<Rc<dyn Any>, ClientError>;

/// Begins a fetch.
type Begin = Box<dyn FnOnce(Session) -> Pin<Box<dyn Future<Output = Fetched>>>>;

/// Fetches when the turn changes, and again when the callback is called.
#[hook]
fn use_fetch(turn: u32, begin: Begin) -> (Load<Rc<dyn Any>>, Callback<()>) {
    let state = use_state(|| Load::Waiting);
    let round = use_state(|| 0_u32);
    let latest = use_mut_ref(|| 0_u32);
    let session = use_session();
    {
        let state = state.clone();
        use_effect_with((turn, *round), move |_| {
            // What was asked for later is what is shown, whatever comes first.
            let turn = latest.borrow().wrapping_add(1);
            latest.replace(turn);
            if let Some(session) = session {
                spawn_local(async move {
                    let done = begin(session.clone()).await;
                    if *latest.borrow() != turn {
                        return;
                    }
                    match done {
                        Ok(value) => state.set(Load::Ready(value)),
                        Err(error) => {
                            noticed(&session, &error);
                            state.set(Load::Failed(error));
                        }
                    }
                });
            }
        });
    }
    let again = {
        let round = round.clone();
        Callback::from(move |()| round.set(round.wrapping_add(1)))
    };
    ((*state).clone(), again)
}

/// Fetches when the dependencies change, and again when the callback is called.
#[hook]
pub fn use_load<T, D, F, Fut>(deps: D, make: F) -> (Load<T>, Callback<()>)
where
    T: Clone + 'static,
    D: PartialEq + Clone + 'static,
    F: FnOnce(Session, D) -> Fut + 'static,
    Fut: Future<Output = Result<T, ClientError>> + 'static,
{
    let held = use_mut_ref(|| (0_u32, None::<Rc<dyn Any>>));
    let turn = {
        let mut held = held.borrow_mut();
        let same = held.1.as_ref().and_then(|old| old.downcast_ref::<D>()) == Some(&deps);
        if !same {
            *held = (held.0.wrapping_add(1), Some(Rc::new(deps.clone())));
        }
        held.0
    };
    let begin: Begin = Box::new(move |session| {
        let fetch = make(session, deps);
        Box::pin(async move {
            let value: Rc<dyn Any> = Rc::new(fetch.await?);
            Ok(value)
        })
    });
    let (load, again) = use_fetch(turn, begin);
    let load = match load {
        Load::Waiting => Load::Waiting,
        Load::Failed(error) => Load::Failed(error),
        // One hook always fetches one type.
        Load::Ready(value) => value
            .downcast_ref::<T>()
            .map_or(Load::Waiting, |value| Load::Ready(value.clone())),
    };
    (load, again)
}

/// A list that comes page by page.
#[derive(Debug, Clone, PartialEq)]
pub struct Pages<T> {
    /// What has come so far.
    pub load: Load<Rc<Vec<T>>>,
    /// Whether there is more.
    pub has_more: bool,
    /// Brings the next page.
    pub more: Callback<()>,
    /// Begins again from the first page.
    pub again: Callback<()>,
}

/// Fetches a list page by page; begins again when the dependencies change. `make` is called with the cursor, which is
/// empty for the first page.
#[hook]
pub fn use_pages<T, D, F, Fut>(deps: D, make: F) -> Pages<T>
where
    T: Clone + 'static,
    D: PartialEq + Clone + 'static,
    F: FnOnce(Session, D, String) -> Fut + Clone + 'static,
    Fut: Future<Output = Result<Page<T>, ClientError>> + 'static,
{
    let rows = use_mut_ref(Vec::<T>::new);
    let asked = use_state(|| None::<(D, String)>);
    let current = asked.as_ref().filter(|(of, _)| *of == deps);
    let cursor = current.map_or_else(String::new, |(_, cursor)| cursor.clone());
    let (load, again) = {
        let rows = Rc::clone(&rows);
        use_load(
            (deps.clone(), cursor),
            move |session, (deps, cursor): (D, String)| async move {
                let first = cursor.is_empty();
                let page = make(session, deps.clone(), cursor).await?;
                let mut held = rows.borrow_mut();
                if first {
                    held.clear();
                }
                held.extend(page.items);
                Ok((deps, Rc::new(held.clone()), page.next_cursor))
            },
        )
    };
    let next = match &load {
        Load::Ready((of, _, next)) if *of == deps => next.clone(),
        _ => None,
    };
    let more = {
        let (asked, next, deps) = (asked.clone(), next.clone(), deps.clone());
        Callback::from(move |()| {
            if let Some(cursor) = next.clone() {
                asked.set(Some((deps.clone(), cursor)));
            }
        })
    };
    let restart = {
        let asked = asked.clone();
        Callback::from(move |()| {
            asked.set(None);
            again.emit(());
        })
    };
    Pages {
        load: match load {
            Load::Ready((of, rows, _)) if of == deps => Load::Ready(rows),
            Load::Ready(_) | Load::Waiting => Load::Waiting,
            Load::Failed(error) => Load::Failed(error),
        },
        has_more: next.is_some(),
        more,
        again: restart,
    }
}

/// The definition of a form that applies to a period.
///
/// # Errors
/// A problem, or what the network says.
pub async fn definition(
    client: &Client,
    form: &str,
    period: &str,
) -> Result<Rc<FormDef>, ClientError> {
    let form = client.form(form, period).await?;
    zhenxing_client::read(&form.definition)
        .map(Rc::new)
        .map_err(|error| ClientError::Decode(error.to_string()))
}

/// Names the page in the browser's title.
#[hook]
pub fn use_title(title: String) {
    let lang = use_language();
    use_effect_with((title, lang), move |(title, _)| {
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            document.set_title(&format!("{title} · {}", t!("product")));
        }
    });
}

/// What stands behind the question mark, read.
#[hook]
pub fn use_query() -> Query {
    let location = use_location();
    location
        .and_then(|location| location.query::<Query>().ok())
        .unwrap_or_default()
}

/// Goes to an address of the workspace, given its path.
#[hook]
pub fn use_go<R: Routable + 'static>() -> Callback<(R, Query)> {
    let navigator = use_navigator();
    Callback::from(move |(route, query): (R, Query)| {
        if let Some(navigator) = &navigator {
            if query.is_empty() {
                navigator.push(&route);
            } else {
                // A query of texts can always be written.
                let _written = navigator.push_with_query(&route, &query);
            }
        }
    })
}

/// A query with one part changed; an empty value takes the part out.
pub fn with(query: &Query, name: &str, value: &str) -> Query {
    let mut next = query.clone();
    if value.is_empty() {
        next.remove(name);
    } else {
        next.insert(name.to_owned(), value.to_owned());
    }
    next
}

/// The language that is shown, as a dependency of what the server words.
pub fn language() -> &'static str {
    shown().tag()
}
