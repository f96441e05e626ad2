//! The document that figures of a past year come from: named once for a report, or for all rows of the table.

use crate::i18n::{named, use_language};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use zhenxing_domain::package::Finding;

/// The properties of the input.
#[derive(Clone, PartialEq, Properties)]
pub struct SourceProps {
    /// What is typed.
    pub value: UseStateHandle<String>,
    /// What it lacks, once the reader tried to submit.
    pub wrong: Option<Finding>,
    /// The input, so that a refusal can lead there.
    #[prop_or_default]
    pub input: NodeRef,
}

/// The input.
#[function_component]
pub fn SourceDocument(props: &SourceProps) -> Html {
    use_language();
    let value = props.value.clone();
    let change = Callback::from(move |event: InputEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            value.set(input.value());
        }
    });
    let invalid = props.wrong.is_some().then_some("true");
    html! {
        <>
            <input class="zx-input" ref={props.input.clone()} name="source_document" maxlength="200" placeholder={t!("source-example")}
                aria-label={t!("source-document")} aria-invalid={invalid} value={(*props.value).clone()} oninput={change} />
            if let Some(finding) = &props.wrong { <p class="zx-finding" role="alert">{ named(&finding.message_zh, &finding.message_en) }</p> }
        </>
    }
}
