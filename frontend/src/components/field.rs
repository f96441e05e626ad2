//! Fields of forms: a label, a hint, what is wrong, and what is typed.

use crate::i18n::use_language;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Around any input: label above, hint and error below. The input's id is `id`, and it names the hint and the error by
/// `aria-describedby={described(id)}`.
#[derive(Clone, PartialEq, Properties)]
pub struct FieldProps {
    /// The input's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// What to enter.
    #[prop_or_default]
    pub hint: AttrValue,
    /// What is wrong and what to do; empty while nothing is.
    #[prop_or_default]
    pub error: AttrValue,
    /// Whether something must be entered.
    #[prop_or_default]
    pub required: bool,
    /// The input.
    pub children: Html,
}

/// A field around an input.
#[function_component]
pub fn Field(props: &FieldProps) -> Html {
    use_language();
    html! {
        <div class="zx-form-field">
            <label for={props.id.clone()}>{ &props.label }
                if props.required { <span class="zx-required">{ t!("required") }</span> }</label>
            { props.children.clone() }
            if !props.hint.is_empty() { <small id={format!("{}-hint", props.id)}>{ &props.hint }</small> }
            if !props.error.is_empty() { <p class="zx-finding" id={format!("{}-error", props.id)}>{ &props.error }</p> }
        </div>
    }
}

/// What describes the input of that id.
pub fn described(id: &str) -> String {
    format!("{id}-hint {id}-error")
}

/// The properties of a text field.
#[derive(Clone, PartialEq, Properties)]
pub struct TextFieldProps {
    /// The input's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// What stands in it.
    pub value: AttrValue,
    /// Takes what is typed.
    pub change: Callback<String>,
    /// What to enter.
    #[prop_or_default]
    pub hint: AttrValue,
    /// What is wrong and what to do.
    #[prop_or_default]
    pub error: AttrValue,
    /// Whether something must be entered.
    #[prop_or_default]
    pub required: bool,
    /// `text`, `password`, `date`, `tel`, `email`, `search`.
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    /// `username`, `current-password`, `new-password`.
    #[prop_or(AttrValue::Static("off"))]
    pub autocomplete: AttrValue,
    /// `numeric`, `decimal`: the keys that a phone shows for a number, which stands at the right.
    #[prop_or_default]
    pub mode: Option<AttrValue>,
    /// How many lines; more than one makes it a text area.
    #[prop_or(1)]
    pub lines: u32,
    /// How many characters it may have.
    #[prop_or_default]
    pub max: Option<u32>,
}

/// A field for a text of one line or several.
#[function_component]
pub fn TextField(props: &TextFieldProps) -> Html {
    let typed = {
        let change = props.change.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                change.emit(input.value());
            } else if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                change.emit(area.value());
            }
        })
    };
    let id = props.id.clone();
    let invalid = (!props.error.is_empty()).then_some("true");
    let max = props.max.map(|max| max.to_string());
    let input = if props.lines > 1 {
        html! { <textarea {id} class="zx-input" rows={props.lines.to_string()} value={props.value.clone()} oninput={typed} maxlength={max} aria-invalid={invalid} aria-describedby={described(&props.id)} /> }
    } else {
        html! { <input {id} class={classes!("zx-input", props.mode.is_some().then_some("zx-right"))} inputmode={props.mode.clone()} type={props.kind.clone()} autocomplete={props.autocomplete.clone()} value={props.value.clone()} oninput={typed} maxlength={max} aria-invalid={invalid} aria-describedby={described(&props.id)} /> }
    };
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} hint={props.hint.clone()} error={props.error.clone()} required={props.required}>{ input }</Field>
    }
}

/// The properties of a selector.
#[derive(Clone, PartialEq, Properties)]
pub struct SelectProps {
    /// Its label, at its left.
    pub label: AttrValue,
    /// The value that is chosen.
    pub value: AttrValue,
    /// Value and word of each choice.
    pub choices: Vec<(String, String)>,
    /// Takes the value that was chosen.
    pub change: Callback<String>,
    /// Goes back to the first choice after each one, for lists of several.
    #[prop_or_default]
    pub several: bool,
    /// Further classes.
    #[prop_or_default]
    pub class: Classes,
}

/// A selector with its label beside it, as filter bars use it.
#[function_component]
pub fn Select(props: &SelectProps) -> Html {
    let chosen = {
        let (change, several) = (props.change.clone(), props.several);
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                change.emit(select.value());
                if several {
                    select.set_selected_index(0);
                }
            }
        })
    };
    html! {
        <label class={classes!("zx-select", props.class.clone())}><span>{ &props.label }</span>
            <select class="zx-input" onchange={chosen}>
                { for props.choices.iter().map(|(value, word)| html! {
                    <option value={value.clone()} selected={props.value == *value}>{ word }</option>
                }) }
            </select></label>
    }
}
