//! A filter that is typed, and taken when it is complete: at Enter, or when the field is left.

use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The properties of a typed filter.
#[derive(Clone, PartialEq, Properties)]
pub struct LookupProps {
    /// What is looked for.
    pub label: AttrValue,
    /// What stands in it.
    pub value: AttrValue,
    /// Takes what was typed.
    pub change: Callback<String>,
    /// `search`, `date`, `text`.
    #[prop_or(AttrValue::Static("search"))]
    pub kind: AttrValue,
}

/// A typed filter with its label beside it. What is typed stays while the list around it is drawn anew.
#[function_component]
pub fn Lookup(props: &LookupProps) -> Html {
    let typed = use_state(|| None::<String>);
    {
        let typed = typed.clone();
        use_effect_with(props.value.clone(), move |_| typed.set(None));
    }
    let keep = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(Some(input.value()));
            }
        })
    };
    let taken = {
        let change = props.change.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                change.emit(input.value().trim().to_owned());
            }
        })
    };
    let value = (*typed)
        .clone()
        .map_or_else(|| props.value.clone(), AttrValue::from);
    html! {
        <label class="zx-select"><span>{ &props.label }</span>
            <input class="zx-input" type={props.kind.clone()} autocomplete="off" {value} oninput={keep} onchange={taken} /></label>
    }
}
