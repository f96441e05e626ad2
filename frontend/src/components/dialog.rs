//! A dialog: the browser's own keeps the focus inside, closes on Escape and gives the focus back.

use crate::i18n::use_language;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// The properties of a dialog.
#[derive(Clone, PartialEq, Properties)]
pub struct DialogProps {
    /// What it is about.
    pub title: AttrValue,
    /// Closes it: Escape, ×, or the page itself.
    pub close: Callback<()>,
    /// Wide, for tables.
    #[prop_or_default]
    pub wide: bool,
    /// The buttons at its foot.
    #[prop_or_default]
    pub acts: Html,
    /// What it holds.
    pub children: Html,
}

/// A dialog over the page, for as long as it is drawn.
#[function_component]
pub fn Dialog(props: &DialogProps) -> Html {
    use_language();
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                // Only a dialog that is open already refuses, and then it is what was asked for.
                let _shown = dialog.show_modal();
            }
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        });
    }
    let cancelled = {
        let close = props.close.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            close.emit(());
        })
    };
    // What is typed in a dialog is no shortcut of the page below.
    let quiet = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    html! {
        <dialog ref={node} class={classes!("zx-dialog", props.wide.then_some("zx-dialog-wide"))}
            aria-label={props.title.clone()} oncancel={cancelled} onkeydown={quiet}>
            <div class="zx-dialog-head"><h2>{ &props.title }</h2>
                <button type="button" class="zx-plain zx-close" aria-label={t!("close")} onclick={props.close.reform(|_: MouseEvent| ())}>{ "×" }</button></div>
            <div class="zx-dialog-body">{ props.children.clone() }</div>
            <div class="zx-dialog-acts">{ props.acts.clone() }</div>
        </dialog>
    }
}
