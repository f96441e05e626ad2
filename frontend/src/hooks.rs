//! Fetching.

use crate::state::{Phase, Session};
use std::future::Future;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_client::{Client, ClientError};
use zhenxing_domain::package::FormDef;

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

/// Fetches when the dependencies change, and again when the callback is called.
#[hook]
pub fn use_load<T, D, F, Fut>(deps: D, make: F) -> (Load<T>, Callback<()>)
where
    T: Clone + 'static,
    D: PartialEq + Clone + 'static,
    F: FnOnce(Client, D) -> Fut + 'static,
    Fut: Future<Output = Result<T, ClientError>> + 'static,
{
    let state = use_state(|| Load::Waiting);
    let round = use_state(|| 0_u32);
    let session = use_session();
    {
        let state = state.clone();
        use_effect_with((deps, *round), move |(deps, _)| {
            let deps = deps.clone();
            if let Some(session) = session {
                spawn_local(async move {
                    match make(session.client.clone(), deps).await {
                        Ok(value) => state.set(Load::Ready(value)),
                        Err(error) => {
                            if matches!(error.code(), Some("invalid_refresh" | "unauthenticated")) {
                                session.change.emit(Phase::Out);
                            }
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

/// The definition of a form.
pub async fn definition(client: &Client, form: &str) -> Result<Rc<FormDef>, ClientError> {
    let form = client.form(form).await?;
    serde_json::from_str(&form.definition)
        .map(Rc::new)
        .map_err(|error| ClientError::Decode(error.to_string()))
}

/// Names the page in the browser's title.
#[hook]
pub fn use_title(title: &'static str) {
    use_effect_with((), move |()| {
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            document.set_title(&format!("{title} · 振兴工作台"));
        }
    });
}
