//! 修改密码: at the first sign-in, before anything else, and later by choice.

use crate::components::field::TextField;
use crate::components::masthead::use_sign_out;
use crate::components::toast::use_toast;
use crate::components::{Card, PageHeader, alert};
use crate::format;
use crate::hooks::{Query, use_go, use_session, use_title};
use crate::i18n::use_language;
use crate::routes::Route;
use crate::state;
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_client::ClientError;

/// The page that stands before all others while the password is a one-time password.
#[function_component]
pub fn FirstPassword() -> Html {
    use_title(t!("password-first"));
    let leave = use_sign_out();
    let session = use_session();
    let done = Callback::from(move |()| {
        if let Some(session) = session.clone() {
            spawn_local(async move {
                session.change.emit(state::enter(&session.client).await);
            });
        }
    });
    html! {
        <main class="zx-sign-in">
            <div class="zx-card">
                <h1>{ t!("password-first") }</h1>
                <p class="zx-lead">{ t!("password-first-lead") }</p>
                <PasswordForm first={true} {done} />
                <p><button type="button" class="zx-plain zx-link" onclick={leave.reform(|_: MouseEvent| false)}>{ t!("sign-out") }</button></p>
            </div>
        </main>
    }
}

/// The page of who changes his password by choice.
#[function_component]
pub fn Password() -> Html {
    use_language();
    let go = use_go::<Route>();
    let toast = use_toast();
    let done = Callback::from(move |()| {
        if let Some(toast) = toast.clone() {
            toast.done(t!("password-changed"));
        }
        go.emit((Route::Mine, Query::new()));
    });
    let crumbs = html! { <Link<Route> to={Route::Mine} classes="zx-back">{ t!("back-to-mine") }</Link<Route>> };
    html! {
        <>
            <PageHeader title={t!("password-change")} lead={html! { { t!("password-lead") } }} {crumbs} />
            <Card title={t!("password-change")} class="zx-narrow"><PasswordForm first={false} {done} /></Card>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PasswordFormProps {
    first: bool,
    done: Callback<()>,
}

/// What was said against the passwords, with the field it concerns.
#[derive(Debug, Clone, PartialEq, Default)]
struct Said {
    field: String,
    text: String,
}

#[function_component]
fn PasswordForm(props: &PasswordFormProps) -> Html {
    use_language();
    let session = use_session();
    let current = use_state(String::new);
    let new = use_state(String::new);
    let again = use_state(String::new);
    let said = use_state(Said::default);
    let busy = use_state(|| false);
    let submit = {
        let (current, new, again) = (current.clone(), new.clone(), again.clone());
        let (said, busy, done) = (said.clone(), busy.clone(), props.done.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(session) = session.clone() else {
                return;
            };
            if *new != *again {
                said.set(Said {
                    field: "again".to_owned(),
                    text: t!("password-differs"),
                });
                return;
            }
            busy.set(true);
            let (said, busy, done) = (said.clone(), busy.clone(), done.clone());
            let (old, chosen) = ((*current).clone(), (*new).clone());
            spawn_local(async move {
                match session.client.change_password(&old, &chosen).await {
                    Ok(()) => done.emit(()),
                    Err(error) => said.set(refused(&error)),
                }
                busy.set(false);
            });
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    let at = |field: &str| {
        if said.field == field {
            said.text.clone()
        } else {
            String::new()
        }
    };
    let label = if props.first {
        t!("one-time")
    } else {
        t!("password-now")
    };
    html! {
        <form onsubmit={submit}>
            { alert(&at("")) }
            <TextField id="password-current" {label} kind="password" autocomplete="current-password" required={true} value={(*current).clone()} error={at("current")} change={set(&current)} />
            <TextField id="password-new" label={t!("password-new")} kind="password" autocomplete="new-password" required={true} hint={t!("password-hint")} value={(*new).clone()} error={at("new")} change={set(&new)} />
            <TextField id="password-again" label={t!("password-again")} kind="password" autocomplete="new-password" required={true} value={(*again).clone()} error={at("again")} change={set(&again)} />
            <button class="zx-button zx-primary" type="submit" disabled={*busy}>{ t!("password-change") }</button>
        </form>
    }
}

fn refused(error: &ClientError) -> Said {
    let field = match error {
        ClientError::Problem(problem) => problem.field.clone().unwrap_or_default(),
        ClientError::Network(_) | ClientError::Decode(_) => String::new(),
    };
    let known = ["current", "new"].contains(&field.as_str());
    Said {
        field: if known { field } else { String::new() },
        text: format::error(error),
    }
}
