//! 登录

use crate::format;
use crate::hooks::{use_session, use_title};
use crate::state;
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Name and password.
#[function_component]
pub fn SignIn() -> Html {
    use_title("登录");
    let session = use_session();
    let name = use_node_ref();
    let password = use_node_ref();
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let submit = {
        let (name, password, said, busy) =
            (name.clone(), password.clone(), said.clone(), busy.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = |field: &NodeRef| {
                field
                    .cast::<HtmlInputElement>()
                    .map(|input| input.value())
                    .unwrap_or_default()
            };
            let (login, secret) = (text(&name), text(&password));
            if login.is_empty() || secret.is_empty() {
                said.set("请输入用户名和密码".to_owned());
                return;
            }
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (said, busy) = (said.clone(), busy.clone());
            spawn_local(async move {
                match session.client.sign_in(&login, &secret).await {
                    Ok(()) => session.change.emit(state::enter(&session.client).await),
                    Err(error) => said.set(format::error(&error)),
                }
                busy.set(false);
            });
        })
    };
    html! {
        <main class="zx-sign-in">
            <form onsubmit={submit} class="zx-card">
                <h1>{ "振兴工作台" }</h1>
                <p>{ "把方案落到每个县、乡镇、村" }</p>
                if !said.is_empty() { <p class="zx-alert" role="alert">{ &*said }</p> }
                <label for="login">{ "用户名" }</label>
                <input id="login" ref={name} autocomplete="username" autofocus=true class="zx-input" />
                <label for="password">{ "密码" }</label>
                <input id="password" ref={password} type="password" autocomplete="current-password" class="zx-input" />
                <button class="pf-v6-c-button pf-m-primary" type="submit" disabled={*busy}>{ "登录" }</button>
            </form>
        </main>
    }
}
