//! The workspace in the browser.

mod components;
mod format;
mod hooks;
mod pages;
mod routes;
mod state;

use components::shell::Shell;
use pages::{entry, overview, reports, review, sign_in, workbench};
use routes::Route;
use state::{Phase, Session};
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

#[function_component]
fn App() -> Html {
    let phase = use_state(|| Phase::Starting);
    let client = use_memo((), |()| state::client());
    {
        let (phase, client) = (phase.clone(), client.clone());
        use_effect_with((), move |()| {
            spawn_local(async move {
                let next = match client.resume().await {
                    Ok(()) => state::enter(&client).await,
                    Err(_) => Phase::Out,
                };
                phase.set(next);
            });
        });
    }
    let session = Session {
        client: (*client).clone(),
        phase: (*phase).clone(),
        change: {
            let phase = phase.clone();
            Callback::from(move |next| phase.set(next))
        },
    };
    let inside = match &*phase {
        Phase::Starting => components::waiting(),
        Phase::Out => html! { <sign_in::SignIn /> },
        Phase::In(_) => html! { <Shell><Switch<Route> render={page} /></Shell> },
    };
    html! {
        <ContextProvider<Session> context={session}>
            <BrowserRouter>{ inside }</BrowserRouter>
        </ContextProvider<Session>>
    }
}

fn page(route: Route) -> Html {
    match route {
        Route::Workbench => html! { <workbench::Workbench /> },
        Route::Overview => html! { <overview::Overview /> },
        Route::Reports => html! { <reports::Reports /> },
        Route::Report { id } => html! { <entry::Entry {id} /> },
        Route::Review => html! { <review::Review /> },
        Route::NotFound => html! {
            <section class="zx-card"><h1>{ "没有这个页面" }</h1>
            <p><Link<Route> to={Route::Workbench}>{ "回到工作台" }</Link<Route>></p></section>
        },
    }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
