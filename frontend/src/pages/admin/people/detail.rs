//! One account: who it is, what it may do, what is to come, and what is done with it.

use super::acting::ViewAs;
use super::acts::{Act, NoTransfer, word};
use super::form::UserForm;
use super::passwords::PasswordSheet;
use super::phone::Phone;
use super::{use_issue, words_of};
use crate::components::confirm::Confirm;
use crate::components::{Card, PageHeader, alert, empty, loaded};
use crate::format::NOTHING;
use crate::hooks::{Load, Query, use_go, use_load};
use crate::i18n::use_language;
use crate::routes::Route;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::session::Grant;
use zhenxing_api_types::user::{IssuedPassword, User as Account, UserAction, UserDetail};

/// Which account.
#[derive(Clone, PartialEq, Properties)]
pub struct UserProps {
    /// The name to sign in with.
    pub login: String,
}

/// What is opened over the page.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Opened {
    Form,
    Reset,
    ViewAs,
    NoTransfer,
    Act(UserAction),
}

/// The page.
#[function_component]
pub fn User(props: &UserProps) -> Html {
    use_language();
    let go = use_go::<Route>();
    let (load, again) = use_load(props.login.clone(), |session, login| async move {
        session.client.user(&login).await
    });
    let opened = use_state(|| None::<Opened>);
    let issued = use_state(|| None::<Rc<Vec<IssuedPassword>>>);
    let close = {
        let opened = opened.clone();
        Callback::from(move |()| opened.set(None))
    };
    let done = {
        let (opened, again) = (opened.clone(), again.clone());
        Callback::from(move |()| {
            opened.set(None);
            again.emit(());
        })
    };
    let saved = {
        let (done, login) = (done.clone(), props.login.clone());
        Callback::from(move |user: Account| {
            done.emit(());
            if user.login != login {
                go.emit((Route::User { login: user.login }, Query::new()));
            }
        })
    };
    let reset = {
        let (issued, done) = (issued.clone(), done.clone());
        use_issue(Callback::from(move |items| {
            issued.set(Some(items));
            done.emit(());
        }))
    };
    if let Some(items) = &*issued {
        let done = {
            let issued = issued.clone();
            Callback::from(move |()| issued.set(None))
        };
        return html! { <PasswordSheet items={items.clone()} {done} /> };
    }
    let open = {
        let opened = opened.clone();
        Callback::from(move |next| opened.set(Some(next)))
    };
    let over = match (&load, *opened) {
        (Load::Ready(detail), Some(Opened::Form)) => {
            html! { <UserForm user={detail.user.clone()} {close} done={saved} /> }
        }
        (Load::Ready(detail), Some(Opened::Act(action))) => {
            html! { <Act user={detail.user.clone()} {action} {close} {done} /> }
        }
        (Load::Ready(detail), Some(Opened::NoTransfer)) => {
            html! { <NoTransfer user={detail.user.clone()} {close} {done} /> }
        }
        (Load::Ready(detail), Some(Opened::ViewAs)) => {
            html! { <ViewAs login={detail.user.login.clone()} name={detail.user.name.clone()} {close} /> }
        }
        (Load::Ready(detail), Some(Opened::Reset)) => reset_ask(&detail.user, &reset, close),
        _ => Html::default(),
    };
    html! {
        <>
            { loaded(&load, &again, |detail| page(detail, &open)) }
            { over }
        </>
    }
}

fn reset_ask(
    user: &Account,
    (issue, said, busy): &(Callback<Vec<String>>, String, bool),
    cancel: Callback<()>,
) -> Html {
    let login = user.login.clone();
    let confirm = issue.reform(move |()| vec![login.clone()]);
    html! {
        <Confirm title={t!("password-reset-ask", name = user.name.clone())} act={t!("password-reset")} busy={*busy} {confirm} {cancel}>
            { alert(said) }<p>{ t!("passwords-means") }</p>
        </Confirm>
    }
}

fn page(detail: &UserDetail, open: &Callback<Opened>) -> Html {
    let user = &detail.user;
    let button = |opened: Opened, word: String, primary: bool| {
        let click = open.reform(move |_: MouseEvent| opened);
        html! { <button type="button" class={classes!("zx-button", primary.then_some("zx-primary"))} onclick={click}>{ word }</button> }
    };
    let act = |action: UserAction| button(Opened::Act(action), word(action), false);
    let crumbs = html! { <Link<Route> to={Route::Users} classes="zx-back">{ t!("users-back") }</Link<Route>> };
    let lead = html! { <>{ &user.unit.name }{ " · " }{ words_of::roles(user) }</> };
    html! {
        <>
            <PageHeader title={user.name.clone()} {crumbs} {lead}>
                if detail.may_view_as && user.active { { button(Opened::ViewAs, t!("view-as"), false) } }
                if detail.may_change {
                    if user.active { { act(UserAction::Deactivate) } } else { { act(UserAction::Reactivate) } }
                    if user.active {
                        { act(UserAction::Transfer) }
                        if detail.leave.is_some() { { act(UserAction::Return) } } else { { act(UserAction::Leave) } }
                        { button(Opened::Reset, t!("password-reset"), false) }
                    }
                    { button(Opened::Form, t!("user-change"), true) }
                }
            </PageHeader>
            { facts(detail, open) }
            <Card title={t!("grants")}>
                if user.grants.is_empty() { { empty(t!("grants-empty")) } }
                <ul class="zx-list">{ for user.grants.iter().map(grant) }</ul>
            </Card>
        </>
    }
}

fn grant(grant: &Grant) -> Html {
    html! { <li><span>{ words_of::grant(grant) }</span></li> }
}

fn facts(detail: &UserDetail, open: &Callback<Opened>) -> Html {
    let cancel = open.reform(|_: MouseEvent| Opened::NoTransfer);
    let user = &detail.user;
    let fact = |name: String, value: String| html! { <><dt>{ name }</dt><dd>{ value }</dd></> };
    html! {
        <Card title={t!("mine-account")}>
            <dl class="zx-facts">
                { fact(t!("login"), user.login.clone()) }
                { fact(t!("unit"), user.unit.name.clone()) }
                <dt>{ t!("phone") }</dt><dd>{ match &user.phone {
                    Some(masked) => html! { <Phone login={user.login.clone()} name={user.name.clone()} masked={masked.clone()} /> },
                    None => html! { { NOTHING } },
                } }</dd>
                <dt>{ t!("state") }</dt><dd>{ words_of::state(user) }</dd>
                if let Some(leave) = &detail.leave {
                    { fact(t!("user-leave"), t!("leave-line", from = leave.from.to_string(), until = leave.until.to_string(), deputy = leave.deputy_name.clone())) }
                }
                if let Some(transfer) = &detail.transfer {
                    <dt>{ t!("user-transfer") }</dt><dd>{ t!("transfer-line", from = transfer.from.to_string(), unit = transfer.unit.name.clone()) }{ " " }
                        if detail.may_change { <button type="button" class="zx-button" onclick={cancel}>{ t!("transfer-cancel") }</button> }</dd>
                }
            </dl>
            if !detail.may_change { <p><small>{ t!("user-not-yours") }</small></p> }
        </Card>
    }
}
