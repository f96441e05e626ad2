//! 意见建议: a button on every page, and a short form behind it.

use crate::components::dialog::Dialog;
use crate::components::field::{Select, TextField};
use crate::components::toast::use_toast;
use crate::format;
use crate::hooks::use_session;
use crate::i18n::use_language;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::feedback::{FeedbackKind, FeedbackTo, NewFeedback};

/// The kinds with their codes and words.
fn kinds() -> [(FeedbackKind, &'static str, String); 4] {
    [
        (FeedbackKind::Opinion, "opinion", t!("feedback-opinion")),
        (
            FeedbackKind::Suggestion,
            "suggestion",
            t!("feedback-suggestion"),
        ),
        (FeedbackKind::Problem, "problem", t!("feedback-problem")),
        (
            FeedbackKind::BurdenComplaint,
            "burden",
            t!("feedback-burden"),
        ),
    ]
}

/// The button, with its form while that is open.
#[function_component]
pub fn FeedbackButton() -> Html {
    use_language();
    let open = use_state(|| false);
    let turn = |to: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    html! {
        <>
            <button type="button" class="zx-feedback" onclick={turn(true).reform(|_: MouseEvent| ())}>{ t!("feedback") }</button>
            if *open { <Form close={turn(false)} /> }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    close: Callback<()>,
}

#[function_component]
fn Form(props: &FormProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let kind = use_state(|| "opinion".to_owned());
    let city = use_state(|| false);
    let consent = use_state(|| false);
    let text = use_state(String::new);
    let said = use_state(String::new);
    let send = {
        let (kind, city, text, said) = (kind.clone(), city.clone(), text.clone(), said.clone());
        let consent = consent.clone();
        let close = props.close.clone();
        Callback::from(move |_: MouseEvent| {
            if text.trim().is_empty() {
                said.set(t!("feedback-empty"));
                return;
            }
            let Some(session) = session.clone() else {
                return;
            };
            let chosen = kinds().into_iter().find(|one| one.1 == kind.as_str());
            let new = NewFeedback {
                kind: chosen.map_or(FeedbackKind::Opinion, |one| one.0),
                text: text.trim().to_owned(),
                page: here().unwrap_or_default(),
                to: if *city {
                    FeedbackTo::City
                } else {
                    FeedbackTo::Above
                },
                contact_consent: *consent,
            };
            let (said, close, toast) = (said.clone(), close.clone(), toast.clone());
            spawn_local(async move {
                match session.client.create_feedback(&new).await {
                    Ok(_) => {
                        if let Some(toast) = toast {
                            toast.done(t!("feedback-done"));
                        }
                        close.emit(());
                    }
                    Err(error) => said.set(format::error(&error)),
                }
            });
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    let to = {
        let city = city.clone();
        Callback::from(move |value: String| city.set(value == "city"))
    };
    let agree = {
        let consent = consent.clone();
        Callback::from(move |_: Event| consent.set(!*consent))
    };
    let choices: Vec<(String, String)> = kinds()
        .into_iter()
        .map(|(_, code, word)| (code.to_owned(), word))
        .collect();
    let receivers = vec![
        ("above".to_owned(), t!("feedback-above")),
        ("city".to_owned(), t!("feedback-city")),
    ];
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
        <button type="button" class="zx-button zx-primary" onclick={send}>{ t!("action-submit") }</button></>
    };
    html! {
        <Dialog title={t!("feedback")} close={props.close.clone()} {acts}>
            <div class="zx-filters">
                <Select label={t!("feedback-kind")} value={(*kind).clone()} {choices} change={set(&kind)} />
                <Select label={t!("feedback-to")} value={if *city { "city" } else { "above" }} choices={receivers} change={to} />
            </div>
            <TextField id="feedback-text" label={t!("feedback-text")} lines={5} max={Some(1000)} required=true hint={t!("feedback-hint")} value={(*text).clone()} change={set(&text)} error={(*said).clone()} />
            <label class="zx-check"><input type="checkbox" checked={*consent} onchange={agree} />{ t!("feedback-consent") }</label>
        </Dialog>
    }
}

/// The page on which it is written.
fn here() -> Option<String> {
    web_sys::window()?.location().pathname().ok()
}
