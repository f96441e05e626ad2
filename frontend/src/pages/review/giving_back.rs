//! Why a report goes back: phrases that are said most often, and a text.

use super::detail::Back;
use crate::components::field::TextField;
use crate::i18n::use_language;
use yew::prelude::*;

/// The properties of the box.
#[derive(Clone, PartialEq, Properties)]
pub struct GivingBackProps {
    /// What goes back so far.
    pub back: Back,
    /// Takes what goes back.
    pub change: Callback<Back>,
}

/// The box of the reason.
#[function_component]
pub fn GivingBack(props: &GivingBackProps) -> Html {
    use_language();
    let give = {
        let (back, change) = (props.back.clone(), props.change.clone());
        Callback::from(move |reason: String| {
            change.emit(Back {
                reason,
                ..back.clone()
            })
        })
    };
    let phrases = [
        t!("phrase-jump"),
        t!("phrase-unit"),
        t!("phrase-ledger"),
        t!("phrase-explain"),
    ];
    let phrase = |text: String| {
        let (give, old) = (give.clone(), props.back.reason.trim().to_owned());
        let whole = if old.is_empty() {
            text.clone()
        } else {
            format!("{old}{}{text}", t!("phrase-separator"))
        };
        html! { <button type="button" class="zx-chip" onclick={Callback::from(move |_: MouseEvent| give.emit(whole.clone()))}>{ text }</button> }
    };
    html! {
        <div class="zx-giving-back">
            <div class="zx-row" role="group" aria-label={t!("phrases")}>{ for phrases.map(phrase) }</div>
            <TextField id="reason" label={t!("return-reason")} lines={3} max={Some(500)} hint={t!("return-hint")} value={props.back.reason.clone()} change={give} />
        </div>
    }
}
