//! The masthead: the product, the unit, the language, and who is signed in.

use crate::components::feedback::FeedbackButton;
use crate::format;
use crate::hooks::use_session;
use crate::i18n::{Lang, Language, use_language};
use crate::routes::Route;
use crate::state::{Phase, Session};
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::session::Me;

/// 中文 / English.
#[function_component]
pub fn LanguageSwitch() -> Html {
    let Some(language) = use_context::<Language>() else {
        return Html::default();
    };
    let choice = |lang: Lang| {
        let change = language.change.clone();
        let choose = Callback::from(move |_: MouseEvent| change.emit(lang));
        // Each language is named in itself, for who reads only that one.
        let name = match lang {
            Lang::Zh => t!("language-zh"),
            Lang::En => t!("language-en"),
        };
        html! { <button type="button" lang={lang.tag()} aria-pressed={(lang == language.lang).to_string()} onclick={choose}>{ name }</button> }
    };
    html! { <div class="zx-language" role="group" aria-label={t!("language")}>{ for Lang::ALL.map(choice) }</div> }
}

/// The roles of an account in words.
pub fn roles(me: &Me) -> String {
    let mut names: Vec<String> = me
        .grants
        .iter()
        .map(|grant| format::role(grant.role))
        .collect();
    names.dedup();
    names.join(&t!("list-separator"))
}

/// Signs out, here or everywhere, and leaves the page: the next one to sign in begins at his workbench.
#[hook]
pub fn use_sign_out() -> Callback<bool> {
    let session = use_session();
    let navigator = use_navigator();
    Callback::from(move |everywhere: bool| {
        let (Some(session), navigator) = (session.clone(), navigator.clone()) else {
            return;
        };
        spawn_local(async move {
            if session.client.sign_out(everywhere).await.is_ok() {
                if let Some(navigator) = navigator {
                    navigator.push(&Route::Workbench);
                }
                session.change.emit(Phase::Out);
            }
        });
    })
}

/// The properties of the masthead.
#[derive(Clone, PartialEq, Properties)]
pub struct MastheadProps {
    /// Who is signed in.
    pub session: Session,
}

/// The masthead.
#[function_component]
pub fn Masthead(props: &MastheadProps) -> Html {
    use_language();
    let leave = use_sign_out();
    let Some(me) = props.session.me() else {
        return Html::default();
    };
    html! {
        <header class="zx-masthead">
            <Link<Route> to={Route::Workbench} classes="zx-product">{ t!("product") }</Link<Route>>
            <span class="zx-unit">{ &me.unit.name }</span>
            <FeedbackButton />
            <LanguageSwitch />
            <details class="zx-user"><summary><span>{ &me.name }</span><small>{ roles(&me) }</small></summary>
                <div>
                    <Link<Route> to={Route::Mine}>{ t!("mine") }</Link<Route>>
                    <button type="button" class="zx-plain" onclick={leave.reform(|_: MouseEvent| false)}>{ t!("sign-out") }</button>
                    <button type="button" class="zx-plain" onclick={leave.reform(|_: MouseEvent| true)}>{ t!("sign-out-everywhere") }</button>
                </div>
            </details>
        </header>
    }
}
