//! The frame around every page: masthead, navigation, content.

use crate::components::masthead::Masthead;
use crate::components::nav::{self, Place};
use crate::hooks::use_session;
use crate::i18n::use_language;
use crate::pages::admin::people::acting::Banner;
use crate::routes::Route;
use yew::prelude::*;
use yew_router::prelude::*;

/// The properties of the frame.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ShellProps {
    /// The page.
    pub children: Html,
}

/// The frame.
#[function_component]
pub fn Shell(props: &ShellProps) -> Html {
    use_language();
    let here = use_route::<Route>();
    let Some(session) = use_session() else {
        return Html::default();
    };
    let Some(me) = session.me() else {
        return Html::default();
    };
    let link = |place: &Place, name: &str| {
        let current = here.as_ref().map(Route::section).as_ref() == Some(&place.route);
        html! {
            <li><Link<Route> to={place.route.clone()} classes={classes!(current.then_some("zx-current"))}>{ name }
                if current { <span class="zx-hidden">{ t!("nav-here") }</span> }</Link<Route>></li>
        }
    };
    html! {
        <>
            <a class="zx-skip" href="#content">{ t!("skip") }</a>
            <Masthead session={session.clone()} />
            if let Some(acting) = &me.acting { <Banner name={me.name.clone()} acting={acting.clone()} /> }
            if me.demonstration_data {
                <p class="zx-demo" role="note">{ t!("demonstration-data") }</p>
            } else if me.demonstration {
                <p class="zx-demo" role="note">{ t!("demonstration-accounts") }</p>
            }
            <div class="zx-body">
                <nav aria-label={t!("nav")} class="zx-nav">{ for nav::groups(&session).iter().map(|group| html! {
                    <><h2>{ &group.name }</h2><ul>{ for group.places.iter().map(|place| link(place, &place.name)) }</ul></>
                }) }</nav>
                <main id="content" class="zx-content" tabindex="-1">{ props.children.clone() }</main>
                <nav aria-label={t!("nav-bar")} class="zx-nav-bar"><ul>{ for nav::bar(&session).iter().map(|place| link(place, &place.brief)) }</ul></nav>
            </div>
        </>
    }
}
