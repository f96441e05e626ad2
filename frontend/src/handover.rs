//! The browser loads first what reporting needs. Who opens a page of administration goes on in the whole workspace, which
//! is loaded then: the first one ends, and the whole one begins at the same address as who was signed in, also where he
//! acts for another.

use crate::app::App;
use crate::components::waiting;
use crate::hooks::use_session;
use std::cell::RefCell;
use web_sys::Element;
use web_sys::js_sys::{Function, Object, Reflect};
use web_sys::wasm_bindgen::{JsCast, JsValue};
use yew::AppHandle;
use yew::platform::spawn_local;
use yew::prelude::*;

thread_local! {
    static DRAWN: RefCell<Option<AppHandle<App>>> = const { RefCell::new(None) };
}

/// Keeps what is drawn, to end it when the whole workspace takes over.
pub fn keep(drawn: AppHandle<App>) {
    DRAWN.replace(Some(drawn));
}

/// What the page's script holds; it is made by `build/bundle.mjs`.
fn script() -> Option<Object> {
    let window = web_sys::window()?;
    let script = Reflect::get(&window, &JsValue::from_str("zhenxing")).ok()?;
    script.dyn_into().ok()
}

/// The access token that the first workspace handed over, once.
pub fn taken() -> Option<String> {
    let (script, name) = (script()?, JsValue::from_str("token"));
    let token = Reflect::get(&script, &name).ok()?.as_string();
    Reflect::set(&script, &name, &JsValue::UNDEFINED).ok()?;
    token
}

/// Asks the script for the whole workspace.
fn call(token: Option<String>) -> Option<()> {
    let script = script()?;
    let whole = Reflect::get(&script, &JsValue::from_str("whole")).ok()?;
    let whole: Function = whole.dyn_into().ok()?;
    let token = token.map_or(JsValue::UNDEFINED, |token| JsValue::from_str(&token));
    whole.call1(&script, &token).ok().map(drop)
}

/// Draws a chart into an element, or takes it away where the option is empty; the script loads what draws it.
pub fn chart(element: &Element, option: &str) {
    let drawn = || -> Option<()> {
        let script = script()?;
        let chart = Reflect::get(&script, &JsValue::from_str("chart")).ok()?;
        let chart: Function = chart.dyn_into().ok()?;
        chart
            .call2(&script, element.as_ref(), &JsValue::from_str(option))
            .ok()
            .map(drop)
    };
    // Without the script there is no picture; the table beside it says the same.
    let _drawn = drawn();
}

/// A page that the whole workspace alone has: goes on there.
#[function_component]
pub fn Onward() -> Html {
    let session = use_session();
    use_effect_with((), move |()| {
        spawn_local(async move {
            if let Some(drawn) = DRAWN.take() {
                drawn.destroy();
            }
            // Without the script the page stays empty until it is loaded anew, which loads the whole workspace.
            let _called = call(session.and_then(|session| session.client.access()));
        });
    });
    waiting()
}
