//! What was typed and not saved is not lost by a click: leaving asks first.

use crate::components::confirm::Confirm;
use gloo_events::{EventListener, EventListenerOptions};
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;
use yew_router::history::{BrowserHistory, History};

/// While `unsaved`, a link inside the workspace asks before it is followed, and the browser asks before the page is
/// closed. Gives the question to draw.
#[hook]
pub fn use_leave_warning(unsaved: bool) -> Html {
    let wanted = use_state(|| None::<String>);
    {
        let wanted = wanted.clone();
        use_effect_with(unsaved, move |unsaved| {
            let listeners = unsaved.then(|| (catch_clicks(wanted), catch_closing()));
            move || drop(listeners)
        });
    }
    let Some(address) = (*wanted).clone() else {
        return Html::default();
    };
    let stay = {
        let wanted = wanted.clone();
        Callback::from(move |()| wanted.set(None))
    };
    let leave = Callback::from(move |()| {
        wanted.set(None);
        BrowserHistory::new().push(address.clone());
    });
    html! {
        <Confirm title={t!("leave-title")} act={t!("leave")} confirm={leave} cancel={stay}><p>{ t!("leave-text") }</p></Confirm>
    }
}

/// Catches clicks on links before the router sees them.
fn catch_clicks(wanted: UseStateHandle<Option<String>>) -> Option<EventListener> {
    let document = web_sys::window()?.document()?;
    let options = EventListenerOptions {
        phase: gloo_events::EventListenerPhase::Capture,
        passive: false,
    };
    Some(EventListener::new_with_options(
        &document,
        "click",
        options,
        move |event| {
            let link = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                .and_then(|element| element.closest("a[href^='/']").ok().flatten())
                .and_then(|link| link.get_attribute("href"));
            if let Some(address) = link {
                event.prevent_default();
                event.stop_propagation();
                wanted.set(Some(address));
            }
        },
    ))
}

/// Lets the browser ask before the page is closed or loaded anew.
fn catch_closing() -> Option<EventListener> {
    let window = web_sys::window()?;
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(
        &window,
        "beforeunload",
        options,
        |event| event.prevent_default(),
    ))
}
