//! A personal value whose middle is hidden: in full it is shown for a minute, to who says why.

use crate::components::alert;
use crate::components::confirm::Confirm;
use crate::components::field::TextField;
use crate::i18n::use_language;
use std::time::Duration;
use yew::platform::spawn_local;
use yew::platform::time::sleep;
use yew::prelude::*;

/// How long it is shown.
const SHOWN: Duration = Duration::from_secs(60);

/// Why somebody looks, and who takes the value, or why it is refused.
pub type Why = (String, Callback<Result<String, String>>);

/// The properties of a masked value.
#[derive(Clone, PartialEq, Properties)]
pub struct MaskedProps {
    /// The value with its middle hidden.
    pub masked: AttrValue,
    /// Whether who is signed in may see it in full.
    pub may: bool,
    /// What the eye does.
    pub eye: AttrValue,
    /// The question before it is shown.
    pub title: AttrValue,
    /// Brings the value.
    pub ask: Callback<Why>,
}

/// A masked value with an eye.
#[function_component]
pub fn Masked(props: &MaskedProps) -> Html {
    use_language();
    let asking = use_state(|| false);
    let shown = use_state(|| None::<String>);
    let turn = |to: bool| {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(to))
    };
    let reveal = {
        let (asking, shown) = (asking.clone(), shown.clone());
        Callback::from(move |value: String| {
            asking.set(false);
            shown.set(Some(value));
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
                Some(value) => html! { <><strong role="status">{ value }</strong><small>{ t!("phone-minute") }</small>
                    <button type="button" class="zx-plain" onclick={hide}>{ t!("phone-hide") }</button></> },
                None => html! { <>{ &props.masked }
                    if props.may { <button type="button" class="zx-plain" aria-label={props.eye.clone()} title={props.eye.clone()} onclick={turn(true).reform(|_: MouseEvent| ())}>{ eye }</button> }</> },
            } }
            if *asking { <Ask title={props.title.clone()} ask={props.ask.clone()} close={turn(false)} {reveal} /> }
        </span>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AskProps {
    title: AttrValue,
    ask: Callback<Why>,
    close: Callback<()>,
    reveal: Callback<String>,
}

/// Asks why.
#[function_component]
fn Ask(props: &AskProps) -> Html {
    use_language();
    let reason = use_state(String::new);
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let confirm = {
        let (ask, reveal) = (props.ask.clone(), props.reveal.clone());
        let (reason, said, busy) = (reason.clone(), said.clone(), busy.clone());
        Callback::from(move |()| {
            busy.set(true);
            let (said, busy, reveal) = (said.clone(), busy.clone(), reveal.clone());
            let answer = Callback::from(move |found: Result<String, String>| match found {
                Ok(value) => reveal.emit(value),
                Err(why) => {
                    said.set(why);
                    busy.set(false);
                }
            });
            ask.emit((reason.trim().to_owned(), answer));
        })
    };
    let change = {
        let reason = reason.clone();
        Callback::from(move |text| reason.set(text))
    };
    html! {
        <Confirm title={props.title.clone()} act={t!("phone-show")} busy={*busy} {confirm} cancel={props.close.clone()}>
            { alert(&said) }
            <p>{ t!("phone-means") }</p>
            <TextField id="reveal-reason" label={t!("view-as-reason")} hint={t!("phone-reason-hint")} required={true} lines={2} max={200} value={(*reason).clone()} {change} />
        </Confirm>
    }
}
