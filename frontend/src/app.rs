//! The root: language, session, messages, and which page an address shows.

use crate::components::shell::Shell;
use crate::components::toast::Toaster;
use crate::components::waiting;
use crate::handover;
use crate::i18n::{self, Lang, Language};
use crate::pages::{self, password::FirstPassword, sign_in::SignIn};
use crate::routes::Route;
use crate::state::{self, Phase, Session};
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

/// The workspace.
#[function_component]
pub fn App() -> Html {
    let lang = use_state(|| {
        let lang = i18n::remembered();
        i18n::show(lang);
        lang
    });
    let phase = use_state(|| Phase::Starting);
    let client = use_memo((), |()| state::client());
    let forms = use_memo((), |()| state::Forms::default());
    {
        let (phase, client) = (phase.clone(), client.clone());
        use_effect_with((), move |()| {
            client.set_language(i18n::shown().tag());
            spawn_local(async move {
                let known = match handover::taken() {
                    Some(token) => {
                        client.take_over(token);
                        Ok(())
                    }
                    None => client.resume().await,
                };
                let next = match known {
                    Ok(()) => state::enter(&client).await,
                    Err(_) => Phase::Out,
                };
                phase.set(next);
            });
        });
    }
    let change = {
        let lang = lang.clone();
        use_callback((), move |next: Lang, ()| {
            i18n::show(next);
            i18n::remember(next);
            lang.set(next);
        })
    };
    client.set_language(lang.tag());
    let session = Session {
        client: (*client).clone(),
        phase: (*phase).clone(),
        change: {
            let (phase, forms) = (phase.clone(), forms.clone());
            Callback::from(move |next| {
                forms.forget();
                phase.set(next);
            })
        },
        forms: (*forms).clone(),
    };
    let inside = match &*phase {
        Phase::Starting => waiting(),
        Phase::Out => html! { <SignIn /> },
        Phase::Change => html! { <FirstPassword /> },
        Phase::In(_) => html! { <Shell><Switch<Route> render={pages::page} /></Shell> },
    };
    let language = Language {
        lang: *lang,
        change,
    };
    html! {
        <ContextProvider<Language> context={language}>
            <ContextProvider<Session> context={session}>
                <BrowserRouter><Toaster>{ inside }</Toaster></BrowserRouter>
            </ContextProvider<Session>>
        </ContextProvider<Language>>
    }
}
