//! What pages are made of. `frontend/README.md` shows each in use.

pub mod chart;
pub mod confirm;
pub mod dialog;
pub mod download;
pub mod feedback;
pub mod field;
pub mod figure_link;
pub mod filter;
pub mod header;
pub mod light;
pub mod lookup;
pub mod masked;
pub mod masthead;
pub mod meter;
pub mod more;
pub mod nav;
pub mod picker;
pub mod sheet;
pub mod shell;
pub mod table;
pub mod tabs;
pub mod timeline;
pub mod toast;
pub mod tree;
pub mod unit_picker;

pub use figure_link::figure_link;
pub use header::PageHeader;
pub use light::{light, light_saying, standing};
pub use more::More;

use crate::format;
use crate::hooks::Load;
use crate::i18n::use_language;
use yew::prelude::*;

/// Something is on its way.
pub fn waiting() -> Html {
    html! { <p class="zx-waiting" role="status">{ t!("waiting") }</p> }
}

/// The one renderer for loading, failed and ready.
pub fn loaded<T>(load: &Load<T>, again: &Callback<()>, ready: impl FnOnce(&T) -> Html) -> Html {
    match load {
        Load::Waiting => waiting(),
        Load::Ready(value) => ready(value),
        Load::Failed(error) => {
            let again = again.reform(|_: MouseEvent| ());
            html! {
                <div class="zx-alert" role="alert">
                    <p>{ format::error(error) }</p>
                    <button class="zx-button" onclick={again}>{ t!("try-again") }</button>
                </div>
            }
        }
    }
}

/// What is said where a list is empty: what will be here, and who makes it.
pub fn empty(text: String) -> Html {
    html! { <p class="zx-empty">{ text }</p> }
}

/// Something that went wrong, and what to do; nothing where the text is empty.
pub fn alert(text: &str) -> Html {
    if text.is_empty() {
        return Html::default();
    }
    html! { <p class="zx-alert" role="alert">{ text }</p> }
}

/// A card: white, with a heading and perhaps something at the heading's right.
#[derive(Clone, PartialEq, Properties)]
pub struct CardProps {
    /// The heading.
    pub title: AttrValue,
    /// At the heading's right: a selector, a link.
    #[prop_or_default]
    pub aside: Html,
    /// Further classes.
    #[prop_or_default]
    pub class: Classes,
    /// What it holds.
    pub children: Html,
}

/// A card.
#[function_component]
pub fn Card(props: &CardProps) -> Html {
    use_language();
    html! {
        <section class={classes!("zx-card", props.class.clone())} aria-label={props.title.clone()}>
            <div class="zx-card-head"><h2>{ &props.title }</h2>{ props.aside.clone() }</div>
            { props.children.clone() }
        </section>
    }
}
