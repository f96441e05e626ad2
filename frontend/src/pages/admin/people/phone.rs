//! A phone: its middle is hidden; in full it is shown for a minute, to who says why.

use crate::components::alert;
use crate::components::confirm::Confirm;
use crate::components::field::TextField;
use crate::format;
use crate::hooks::use_session;
use crate::i18n::use_language;
use std::time::Duration;
use yew::platform::spawn_local;
use yew::platform::time::sleep;
use yew::prelude::*;
use zhenxing_api_types::session::Action;

/// How long it is shown.
const SHOWN: Duration = Duration::from_secs(60);

/// Whose phone.
#[derive(Clone, PartialEq, Properties)]
pub struct PhoneProps {
    /// The name to sign in with.
    pub login: String,
    /// The name.
    pub name: String,
    /// The phone with its middle hidden.
    pub masked: String,
}

/// A phone with an eye.
#[function_component]
pub fn Phone(props: &PhoneProps) -> Html {
    use_language();
    let may = use_session().is_some_and(|session| session.may(Action::RevealPersonal));
    let asking = use_state(|| false);
    let shown = use_state(|| None::<String>);
    let turn = |to: bool| {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(to))
    };
    let reveal = {
        let (asking, shown) = (asking.clone(), shown.clone());
        Callback::from(move |phone: String| {
            asking.set(false);
            shown.set(Some(phone));
            let shown = shown.clone();
            spawn_local(async move {
                sleep(SHOWN).await;
                shown.set(None);
            });
        })
    };
    let hide = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(None))
    };
    let eye = html! {
        <svg class="zx-eye" viewBox="0 0 24 24" aria-hidden="true"><path d="M2 12c2.6-4.4 6-6.6 10-6.6s7.4 2.2 10 6.6c-2.6 4.4-6 6.6-10 6.6S4.6 16.4 2 12Z" /><circle cx="12" cy="12" r="3" /></svg>
    };
    html! {
        <span class="zx-masked">
            { match &*shown {
                Some(phone) => html! { <><strong role="status">{ phone }</strong><small>{ t!("phone-minute") }</small>
                    <button type="button" class="zx-plain" onclick={hide}>{ t!("phone-hide") }</button></> },
                None => html! { <>{ &props.masked }
                    if may { <button type="button" class="zx-plain" aria-label={t!("phone-reveal")} title={t!("phone-reveal")} onclick={turn(true).reform(|_: MouseEvent| ())}>{ eye }</button> }</> },
            } }
            if *asking { <Ask login={props.login.clone()} name={props.name.clone()} close={turn(false)} {reveal} /> }
        </span>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AskProps {
    login: String,
    name: String,
    close: Callback<()>,
    reveal: Callback<String>,
}

/// Asks why.
#[function_component]
fn Ask(props: &AskProps) -> Html {
    use_language();
    let session = use_session();
    let reason = use_state(String::new);
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let confirm = {
        let (login, reveal) = (props.login.clone(), props.reveal.clone());
        let (reason, said, busy) = (reason.clone(), said.clone(), busy.clone());
        Callback::from(move |()| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (said, busy, reveal) = (said.clone(), busy.clone(), reveal.clone());
            let (login, reason) = (login.clone(), reason.trim().to_owned());
            spawn_local(async move {
                match session.client.reveal_phone(&login, &reason).await {
                    Ok(revealed) => reveal.emit(revealed.phone),
                    Err(error) => {
                        said.set(format::error(&error));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let change = {
        let reason = reason.clone();
        Callback::from(move |text| reason.set(text))
    };
    html! {
        <Confirm title={t!("phone-ask", name = props.name.clone())} act={t!("phone-show")} busy={*busy} {confirm} cancel={props.close.clone()}>
            { alert(&said) }
            <p>{ t!("phone-means") }</p>
            <TextField id="reveal-reason" label={t!("view-as-reason")} hint={t!("phone-reason-hint")} required={true} lines={2} max={200} value={(*reason).clone()} {change} />
        </Confirm>
    }
}
