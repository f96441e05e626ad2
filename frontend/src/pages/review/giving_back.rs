//! Why a report goes back: a text, with the phrases that are kept for it.

use super::detail::Back;
use crate::components::field::TextField;
use crate::components::loaded;
use crate::components::toast::use_toast;
use crate::format;
use crate::hooks::{Load, use_load, use_session};
use crate::i18n::{Lang, named, shown, use_language};
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::phrase::Phrase;

/// How long a phrase may be.
const LENGTH: usize = 200;

/// The properties of the box.
#[derive(Clone, PartialEq, Properties)]
pub struct GivingBackProps {
    /// What goes back so far.
    pub back: Back,
    /// Takes what goes back.
    pub change: Callback<Back>,
}

/// What is done with one's own phrases.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    Keep(String),
    Remove(uuid::Uuid),
}

/// The box of the reason.
#[function_component]
pub fn GivingBack(props: &GivingBackProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let busy = use_state(|| false);
    let tidying = use_state(|| false);
    let (load, again) = use_load((), |session, ()| async move {
        Ok(Rc::new(session.client.phrases().await?.items))
    });
    let give = {
        let (back, change) = (props.back.clone(), props.change.clone());
        Callback::from(move |reason: String| {
            change.emit(Back {
                reason,
                ..back.clone()
            })
        })
    };
    let step = {
        let (busy, again) = (busy.clone(), again.clone());
        Callback::from(move |step: Step| {
            let (Some(session), Some(toast)) = (session.clone(), toast.clone()) else {
                return;
            };
            busy.set(true);
            let (busy, again) = (busy.clone(), again.clone());
            spawn_local(async move {
                let done = match &step {
                    Step::Keep(text) => session.client.keep_phrase(text).await.map(drop),
                    Step::Remove(id) => session.client.remove_phrase(*id).await,
                };
                match (done, step) {
                    (Ok(()), Step::Keep(_)) => toast.done(t!("phrase-kept")),
                    (Ok(()), Step::Remove(_)) => toast.done(t!("phrase-removed")),
                    (Err(error), _) => toast.failed(format::error(&error)),
                }
                again.emit(());
                busy.set(false);
            });
        })
    };
    let text = props.back.reason.trim().to_owned();
    let keep = {
        let (step, text) = (step.clone(), text.clone());
        Callback::from(move |_: MouseEvent| step.emit(Step::Keep(text.clone())))
    };
    html! {
        <div class="zx-giving-back">
            { loaded(&load, &again, |all| phrases(all, &text, &give, &step, &tidying)) }
            <TextField id="reason" label={t!("return-reason")} lines={3} max={Some(500)} hint={t!("return-hint")} value={props.back.reason.clone()} change={give.clone()} />
            if can_keep(&text, &load) { <button type="button" class="zx-plain zx-link" disabled={*busy} onclick={keep}>{ t!("phrase-keep") }</button> }
        </div>
    }
}

/// Whether what is typed can be kept: it is short enough and not among the phrases yet.
fn can_keep(text: &str, load: &Load<Rc<Vec<Phrase>>>) -> bool {
    let Load::Ready(all) = load else { return false };
    let known = all
        .iter()
        .any(|one| named(&one.text_zh, &one.text_en) == text);
    !text.is_empty() && text.chars().count() <= LENGTH && !known
}

/// A phrase behind what is typed already.
fn joined(old: &str, phrase: &str) -> String {
    // A full stop, in either script, is no letter.
    let open = old.ends_with(char::is_alphanumeric);
    let between = if open {
        t!("phrase-separator")
    } else if shown() == Lang::En && !old.is_empty() {
        " ".to_owned()
    } else {
        String::new()
    };
    format!("{old}{between}{phrase}")
}

/// The phrases, one's own first and ready to be removed.
fn phrases(
    all: &Rc<Vec<Phrase>>,
    old: &str,
    give: &Callback<String>,
    step: &Callback<Step>,
    tidying: &UseStateHandle<bool>,
) -> Html {
    let tidies = **tidying && all.iter().any(|one| one.id.is_some());
    let chip = |one: &Phrase| {
        let text = named(&one.text_zh, &one.text_en).to_owned();
        let whole = joined(old, &text);
        let give = give.clone();
        let choose = Callback::from(move |_: MouseEvent| give.emit(whole.clone()));
        let remove = one.id.filter(|_| tidies).map(|id| {
            let step = step.clone();
            let emit = Callback::from(move |_: MouseEvent| step.emit(Step::Remove(id)));
            html! { <button type="button" class="zx-plain zx-close" aria-label={t!("phrase-remove", text = text.clone())} onclick={emit}>{ "×" }</button> }
        });
        html! {
            <span class={classes!("zx-phrase", one.id.map(|_| "zx-phrase-own"))}><button type="button" class="zx-chip" onclick={choose}>{ text }</button>{ remove.unwrap_or_default() }</span>
        }
    };
    let turn = {
        let tidying = tidying.clone();
        Callback::from(move |_: MouseEvent| tidying.set(!*tidying))
    };
    html! {
        <div class="zx-row" role="group" aria-label={t!("phrases")}>{ for all.iter().map(chip) }
            if all.iter().any(|one| one.id.is_some()) {
                <button type="button" class="zx-plain zx-link" aria-pressed={tidies.to_string()} onclick={turn}>{ if tidies { t!("phrases-done") } else { t!("phrases-tidy") } }</button>
            }</div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_joined_as_sentences() {
        crate::i18n::speak(Lang::En);
        for (old, whole) in [
            ("", "Add it."),
            ("Check it.", "Check it. Add it."),
            ("Check it", "Check it; Add it."),
        ] {
            assert_eq!(joined(old, "Add it."), whole);
        }
    }
}
