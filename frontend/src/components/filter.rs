//! The bar of filters above a list.

use crate::i18n::use_language;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The properties of a bar of filters.
#[derive(Clone, PartialEq, Properties)]
pub struct FilterBarProps {
    /// `Select`s and a `Search`.
    pub children: Html,
}

/// The bar of filters above a list.
#[function_component]
pub fn FilterBar(props: &FilterBarProps) -> Html {
    use_language();
    html! { <div class="zx-filters" role="search" aria-label={t!("filters")}>{ props.children.clone() }</div> }
}

/// The properties of a search field.
#[derive(Clone, PartialEq, Properties)]
pub struct SearchProps {
    /// What is looked for.
    pub label: AttrValue,
    /// What stands in it.
    pub value: AttrValue,
    /// Takes what is typed.
    pub change: Callback<String>,
}

/// A search field with its label beside it.
#[function_component]
pub fn Search(props: &SearchProps) -> Html {
    let typed = {
        let change = props.change.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                change.emit(input.value());
            }
        })
    };
    html! { <label class="zx-select"><span>{ &props.label }</span><input class="zx-input" type="search" value={props.value.clone()} oninput={typed} /></label> }
}
