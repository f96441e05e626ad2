//! The dialog in which an extension is asked for: until when, and why.

use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::i18n::use_language;
use chrono::{Days, NaiveDate};
use yew::prelude::*;
use zhenxing_client::ClientError;

/// How many days later the buttons of the dialog offer.
const OFFERS: [u64; 3] = [3, 7, 15];

/// What was entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The new day.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
}

/// Why a wish was not taken, beside the field at fault.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Refusal {
    /// The field, where one is at fault.
    pub field: Option<String>,
    /// What to do.
    pub text: String,
}

impl From<&ClientError> for Refusal {
    fn from(error: &ClientError) -> Refusal {
        let field = match error {
            ClientError::Problem(problem) => problem.field.clone(),
            ClientError::Network(_) | ClientError::Decode(_) => None,
        };
        Refusal {
            field,
            text: crate::format::error(error),
        }
    }
}

/// The properties of the dialog.
#[derive(Clone, PartialEq, Properties)]
pub struct AskProps {
    /// The day that is to be moved.
    pub due: NaiveDate,
    /// Whether the wish is on its way, or nobody is chosen for whom it is made.
    pub busy: bool,
    /// Why the last wish was not taken.
    pub refusal: Refusal,
    /// Takes the wish.
    pub send: Callback<Wish>,
    /// Closes the dialog.
    pub close: Callback<()>,
    /// What stands above the fields.
    pub children: Html,
}

/// The dialog.
#[function_component]
pub fn Ask(props: &AskProps) -> Html {
    use_language();
    let day = use_state(String::new);
    let reason = use_state(String::new);
    let said = use_state(Refusal::default);
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    let send = {
        let (day, reason, said) = (day.clone(), reason.clone(), said.clone());
        let send = props.send.clone();
        Callback::from(move |_: MouseEvent| {
            let missing = |field: &str, text| Refusal {
                field: Some(field.to_owned()),
                text,
            };
            let until = day.parse::<NaiveDate>();
            match until {
                Err(_) => said.set(missing("until", t!("extension-needs-day"))),
                Ok(_) if reason.trim().is_empty() => {
                    said.set(missing("reason", t!("extension-needs-reason")));
                }
                Ok(until) => {
                    said.set(Refusal::default());
                    send.emit(Wish {
                        until,
                        reason: reason.trim().to_owned(),
                    });
                }
            }
        })
    };
    let refusal = if said.text.is_empty() {
        &props.refusal
    } else {
        &*said
    };
    let error = |field: &str| {
        if refusal.field.as_deref() == Some(field) {
            refusal.text.clone()
        } else {
            String::new()
        }
    };
    let elsewhere = !matches!(refusal.field.as_deref(), Some("until" | "reason"));
    let offer = |days: u64| {
        let to = props.due.checked_add_days(Days::new(days));
        let (day, to) = (day.clone(), to.unwrap_or(props.due).to_string());
        html! { <button type="button" class="zx-chip" onclick={Callback::from(move |_: MouseEvent| day.set(to.clone()))}>{ t!("extension-offer", days = days) }</button> }
    };
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
        <button type="button" class="zx-button zx-primary" disabled={props.busy} onclick={send}>{ t!("extension-send") }</button></>
    };
    html! {
        <Dialog title={t!("extension-ask")} close={props.close.clone()} {acts}>
            { props.children.clone() }
            <TextField id="extension-until" label={t!("extension-until")} kind="date" required=true value={(*day).clone()} change={set(&day)} hint={t!("extension-until-hint", due = props.due.to_string())} error={error("until")} />
            <div class="zx-row zx-offers" role="group" aria-label={t!("extension-offers")}>{ for OFFERS.map(offer) }</div>
            <TextField id="extension-reason" label={t!("extension-reason")} lines={3} max={Some(500)} required=true value={(*reason).clone()} change={set(&reason)} hint={t!("extension-reason-hint")} error={error("reason")} />
            if elsewhere { { crate::components::alert(&refusal.text) } }
        </Dialog>
    }
}
