//! 登录

use crate::components::alert;
use crate::components::field::TextField;
use crate::components::masthead::LanguageSwitch;
use crate::format;
use crate::hooks::{use_session, use_title};
use crate::state;
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Name and password. The address stays, so that the page that was asked for follows.
#[function_component]
pub fn SignIn() -> Html {
    use_title(t!("sign-in"));
    let session = use_session();
    let login = use_state(String::new);
    let password = use_state(String::new);
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let form = use_node_ref();
    {
        let form = form.clone();
        use_effect_with((), move |()| {
            let first = form
                .cast::<web_sys::Element>()
                .and_then(|form| form.query_selector("input").ok().flatten());
            if let Some(first) = first.and_then(|first| {
                use web_sys::wasm_bindgen::JsCast;
                first.dyn_into::<HtmlInputElement>().ok()
            }) {
                // Who wants to type clicks the field, if the browser does not move there.
                let _focused = first.focus();
            }
        });
    }
    let submit = {
        let (login, password, said, busy) =
            (login.clone(), password.clone(), said.clone(), busy.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (name, secret) = (login.trim().to_owned(), (*password).clone());
            if name.is_empty() || secret.is_empty() {
                said.set(t!("sign-in-empty"));
                return;
            }
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (said, busy) = (said.clone(), busy.clone());
            spawn_local(async move {
                match session.client.sign_in(&name, &secret).await {
                    Ok(()) => session.change.emit(state::enter(&session.client).await),
                    Err(error) => said.set(format::error(&error)),
                }
                busy.set(false);
            });
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    html! {
        <main class="zx-sign-in">
            <form ref={form} onsubmit={submit} class="zx-card">
                <div class="zx-sign-in-head"><h1>{ t!("product") }</h1><LanguageSwitch /></div>
                <p class="zx-lead">{ t!("sign-in-lead") }</p>
                { alert(&said) }
                <TextField id="login" label={t!("sign-in-name")} value={(*login).clone()} change={set(&login)} autocomplete="username" />
                <TextField id="password" label={t!("sign-in-password")} kind="password" value={(*password).clone()} change={set(&password)} autocomplete="current-password" />
                <button class="zx-button zx-primary" type="submit" disabled={*busy}>{ t!("sign-in") }</button>
            </form>
        </main>
    }
}
