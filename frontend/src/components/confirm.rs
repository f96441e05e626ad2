//! Asking before something that touches many things, or that cannot be taken back.

use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::i18n::use_language;
use yew::prelude::*;

/// The properties of a confirmation.
#[derive(Clone, PartialEq, Properties)]
pub struct ConfirmProps {
    /// What is about to happen, as a question.
    pub title: AttrValue,
    /// The word on the button; it names the act and its count: 通过 27 份.
    pub act: AttrValue,
    /// A name that must be typed before the act is possible.
    #[prop_or_default]
    pub typed: Option<AttrValue>,
    /// Whether the act is on its way.
    #[prop_or_default]
    pub busy: bool,
    /// Does it.
    pub confirm: Callback<()>,
    /// Leaves it.
    pub cancel: Callback<()>,
    /// What it means.
    pub children: Html,
}

/// A question before an act.
#[function_component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    use_language();
    let typed = use_state(String::new);
    let matches = props
        .typed
        .as_ref()
        .is_none_or(|name| typed.trim() == name.as_str());
    let acts = html! {
        <>
            <button type="button" class="zx-button" onclick={props.cancel.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
            <button type="button" class="zx-button zx-primary" disabled={props.busy || !matches} onclick={props.confirm.reform(|_: MouseEvent| ())}>{ &props.act }</button>
        </>
    };
    let change = {
        let typed = typed.clone();
        Callback::from(move |text| typed.set(text))
    };
    html! {
        <Dialog title={props.title.clone()} close={props.cancel.clone()} {acts}>
            { props.children.clone() }
            if let Some(name) = &props.typed {
                <TextField id="confirm-name" label={t!("confirm-type-name", name = name.to_string())} value={(*typed).clone()} {change} />
            }
        </Dialog>
    }
}
