//! Keys that act on the page as a whole.

use crate::format::is_typing;
use gloo_events::EventListener;
use web_sys::KeyboardEvent;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;

/// Tells the key that was pressed, unless it is typed into a field, belongs to a dialog, or is the browser's.
#[hook]
pub fn use_keys(pressed: Callback<String>) {
    use_effect(move || {
        let document = web_sys::window().and_then(|window| window.document());
        let listener = document.map(|document| {
            let page = document.clone();
            EventListener::new(&document, "keydown", move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                let dialog = page.query_selector("dialog[open]").ok().flatten();
                if dialog.is_none() && !is_typing(event) {
                    pressed.emit(event.key());
                }
            })
        });
        move || drop(listener)
    });
}
