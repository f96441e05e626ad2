//! One-time passwords to hand over: shown once, printed as slips to be cut.

use crate::components::{Card, PageHeader};
use crate::i18n::use_language;
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::user::IssuedPassword;

/// The properties of the sheet.
#[derive(Clone, PartialEq, Properties)]
pub struct PasswordSheetProps {
    /// The passwords.
    pub items: Rc<Vec<IssuedPassword>>,
    /// Leaves the sheet; the passwords are gone then.
    pub done: Callback<()>,
}

/// The sheet.
#[function_component]
pub fn PasswordSheet(props: &PasswordSheetProps) -> Html {
    use_language();
    let print = Callback::from(|_: MouseEvent| {
        // A browser that does not print leaves the sheet on the screen.
        let _printed = web_sys::window().map(|window| window.print());
    });
    let address = web_sys::window().and_then(|window| window.location().origin().ok());
    let address = address.unwrap_or_default();
    let slip = |item: &IssuedPassword| {
        html! {
            <li key={item.login.clone()} class="zx-slip">
                <p><strong>{ t!("product") }</strong>{ " " }<small>{ &address }</small></p>
                <dl><dt>{ t!("unit") }</dt><dd>{ &item.unit.name }</dd>
                    <dt>{ t!("mine-name") }</dt><dd>{ &item.name }</dd>
                    <dt>{ t!("login") }</dt><dd><code>{ &item.login }</code></dd>
                    <dt>{ t!("one-time") }</dt><dd><code>{ &item.password }</code></dd></dl>
                <small>{ t!("slip-note") }</small>
            </li>
        }
    };
    html! {
        <>
            <PageHeader title={t!("passwords-title", count = props.items.len())} lead={html! { { t!("passwords-lead") } }}>
                <button type="button" class="zx-button" onclick={props.done.reform(|_: MouseEvent| ())}>{ t!("passwords-done") }</button>
                <button type="button" class="zx-button zx-primary" onclick={print}>{ t!("print") }</button>
            </PageHeader>
            <Card title={t!("passwords-slips")} class="zx-slips">
                <ul>{ for props.items.iter().map(slip) }</ul>
            </Card>
        </>
    }
}
