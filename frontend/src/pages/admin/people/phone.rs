//! An account's phone, masked.

use crate::components::masked::{Masked, Why};
use crate::format;
use crate::hooks::use_session;
use crate::i18n::use_language;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::session::Action;

/// Whose phone.
#[derive(Clone, PartialEq, Properties)]
pub struct PhoneProps {
    /// The name to sign in with.
    pub login: String,
    /// The name.
    pub name: String,
    /// The phone with its middle hidden.
    pub masked: String,
}

/// A phone with an eye.
#[function_component]
pub fn Phone(props: &PhoneProps) -> Html {
    use_language();
    let session = use_session();
    let may = session
        .as_ref()
        .is_some_and(|session| session.may(Action::RevealPersonal));
    let login = props.login.clone();
    let ask = Callback::from(move |(reason, answer): Why| {
        let Some(session) = session.clone() else {
            return;
        };
        let login = login.clone();
        spawn_local(async move {
            let found = session.client.reveal_phone(&login, &reason).await;
            answer.emit(match found {
                Ok(revealed) => Ok(revealed.phone),
                Err(error) => Err(format::error(&error)),
            });
        });
    });
    html! {
        <Masked masked={props.masked.clone()} {may} eye={t!("phone-reveal")} title={t!("phone-ask", name = props.name.clone())} {ask} />
    }
}
