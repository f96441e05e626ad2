//! Acting for another: looking as him to help, or doing his work while he is absent.

use crate::components::confirm::Confirm;
use crate::components::field::TextField;
use crate::components::{Card, alert};
use crate::format;
use crate::hooks::{Query, use_go, use_session};
use crate::i18n::use_language;
use crate::routes::Route;
use crate::state;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::session::{Absent, Acting, ActingMode, BeginActing};

/// Begins to act for another, and goes to his workbench.
#[hook]
fn use_begin(login: String, mode: ActingMode) -> (Callback<Option<String>>, String, bool) {
    let session = use_session();
    let go = use_go::<Route>();
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let begin = {
        let (said, busy) = (said.clone(), busy.clone());
        Callback::from(move |reason: Option<String>| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (said, busy, go) = (said.clone(), busy.clone(), go.clone());
            let ask = BeginActing {
                login: login.clone(),
                mode,
                reason,
            };
            spawn_local(async move {
                match session.client.begin_acting(&ask).await {
                    Ok(()) => {
                        let next = state::enter(&session.client).await;
                        go.emit((Route::Workbench, Query::new()));
                        session.change.emit(next);
                    }
                    Err(error) => {
                        said.set(format::error(&error));
                        busy.set(false);
                    }
                }
            });
        })
    };
    (begin, (*said).clone(), *busy)
}

/// Ends to act for another.
#[hook]
fn use_end() -> Callback<MouseEvent> {
    let session = use_session();
    let go = use_go::<Route>();
    Callback::from(move |_: MouseEvent| {
        let Some(session) = session.clone() else {
            return;
        };
        let go = go.clone();
        spawn_local(async move {
            // Without a way back the sign-in follows.
            let next = match session.client.end_acting().await {
                Ok(()) => state::enter(&session.client).await,
                Err(_) => state::Phase::Out,
            };
            go.emit((Route::Workbench, Query::new()));
            session.change.emit(next);
        });
    })
}

/// Which account one looks as.
#[derive(Clone, PartialEq, Properties)]
pub struct ViewAsProps {
    /// The name to sign in with.
    pub login: String,
    /// The name.
    pub name: String,
    /// Leaves it.
    pub close: Callback<()>,
}

/// Asks why, before one looks as another.
#[function_component]
pub fn ViewAs(props: &ViewAsProps) -> Html {
    use_language();
    let reason = use_state(String::new);
    let (begin, said, busy) = use_begin(props.login.clone(), ActingMode::View);
    let confirm = {
        let reason = reason.clone();
        begin.reform(move |()| Some(reason.trim().to_owned()))
    };
    let change = {
        let reason = reason.clone();
        Callback::from(move |text| reason.set(text))
    };
    html! {
        <Confirm title={t!("view-as-ask", name = props.name.clone())} act={t!("view-as-begin")} {busy} {confirm} cancel={props.close.clone()}>
            { alert(&said) }
            <p>{ t!("view-as-means") }</p>
            <TextField id="view-reason" label={t!("view-as-reason")} hint={t!("view-as-reason-hint")} required={true} lines={2} max={200} value={(*reason).clone()} {change} />
        </Confirm>
    }
}

/// For whom one acts, and how.
#[derive(Clone, PartialEq, Properties)]
pub struct BannerProps {
    /// The name of the person for whom one acts.
    pub name: String,
    /// Who acts, and how long.
    pub acting: Acting,
}

/// Stands above every page for as long as one acts for another.
#[function_component]
pub fn Banner(props: &BannerProps) -> Html {
    use_language();
    let end = use_end();
    let until = format::instant(props.acting.until);
    let by = props.acting.by_name.clone();
    let name = props.name.clone();
    let text = match props.acting.mode {
        ActingMode::View => t!("acting-view", by = by, name = name, until = until),
        ActingMode::Deputy => t!("acting-deputy", by = by, name = name),
    };
    html! {
        <div class="zx-acting" role="status"><span>{ text }</span>
            <button type="button" class="zx-button" onclick={end}>{ t!("acting-end") }</button></div>
    }
}

/// The people for whom one may act.
#[derive(Clone, PartialEq, Properties)]
pub struct DeputyProps {
    /// Those who are absent.
    pub absent: Vec<Absent>,
}

/// 代办: the people for whom one may act as deputy today.
#[function_component]
pub fn Deputy(props: &DeputyProps) -> Html {
    use_language();
    html! {
        <Card title={t!("deputy-for")}>
            <ul class="zx-list">{ for props.absent.iter().map(|absent| html! { <ForAbsent absent={absent.clone()} /> }) }</ul>
        </Card>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ForAbsentProps {
    absent: Absent,
}

#[function_component]
fn ForAbsent(props: &ForAbsentProps) -> Html {
    use_language();
    let (begin, said, busy) = use_begin(props.absent.login.clone(), ActingMode::Deputy);
    html! {
        <li><span>{ &props.absent.name }<small>{ t!("deputy-until", until = props.absent.until.to_string()) }</small>{ alert(&said) }</span>
            <button type="button" class="zx-button" disabled={busy} onclick={begin.reform(|_: MouseEvent| None)}>{ t!("deputy-begin") }</button></li>
    }
}
