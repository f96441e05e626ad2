//! 我的: who I am here, what I may do, and the way out.

use crate::components::masthead::{LanguageSwitch, roles, use_sign_out};
use crate::components::{Card, PageHeader, nav};
use crate::hooks::use_session;
use crate::i18n::use_language;
use crate::pages::admin::people::acting::Deputy;
use crate::routes::Route;
use yew::prelude::*;
use yew_router::prelude::*;

/// The page.
#[function_component]
pub fn Mine() -> Html {
    use_language();
    let leave = use_sign_out();
    let Some(session) = use_session() else {
        return Html::default();
    };
    let Some(me) = session.me() else {
        return Html::default();
    };
    let above: Vec<&str> = me.ancestors.iter().map(|unit| unit.name.as_str()).collect();
    let fact = |name: String, value: String| html! { <><dt>{ name }</dt><dd>{ value }</dd></> };
    html! {
        <>
            <PageHeader title={t!("mine")} />
            <Card title={t!("mine-account")}>
                <dl class="zx-facts">
                    { fact(t!("mine-name"), me.name.clone()) }
                    { fact(t!("mine-login"), me.login.clone()) }
                    { fact(t!("mine-unit"), me.unit.name.clone()) }
                    if !above.is_empty() { { fact(t!("mine-above"), above.join(" › ")) } }
                    { fact(t!("mine-roles"), roles(&me)) }
                    <dt>{ t!("language") }</dt><dd><LanguageSwitch /></dd>
                </dl>
                <div class="zx-row">
                    <Link<Route> to={Route::Password} classes="zx-button">{ t!("password-change") }</Link<Route>>
                    <button type="button" class="zx-button" onclick={leave.reform(|_: MouseEvent| false)}>{ t!("sign-out") }</button>
                    <button type="button" class="zx-button" onclick={leave.reform(|_: MouseEvent| true)}>{ t!("sign-out-everywhere") }</button>
                </div>
            </Card>
            if !me.deputy_for.is_empty() { <Deputy absent={me.deputy_for.clone()} /> }
            <Card title={t!("mine-pages")} class="zx-phone-only">
                <ul class="zx-list">{ for nav::groups(&session).into_iter().flat_map(|group| group.places).map(|place| html! {
                    <li><Link<Route> to={place.route}>{ place.name }</Link<Route>></li>
                }) }</ul>
            </Card>
        </>
    }
}
