//! 用户与授权: accounts, what they may do, and their one-time passwords.

pub mod acting;
mod acts;
mod departments;
mod deputies;
mod detail;
mod form;
mod grants;
mod many;
mod passwords;
mod phone;
mod words_of;

pub use departments::Departments;
pub use detail::User as UserPage;

use crate::components::confirm::Confirm;
use crate::components::field::Select;
use crate::components::filter::FilterBar;
use crate::components::lookup::Lookup;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::unit_picker::UnitPicker;
use crate::components::{Card, More, PageHeader, alert, empty, loaded};
use crate::draft::{Filters, use_filters};
use crate::format;
use crate::hooks::{Load, Query, use_pages, use_session};
use crate::i18n::use_language;
use crate::routes::Route;
use form::UserForm;
use many::{Generate, Import};
use passwords::PasswordSheet;
use std::collections::BTreeSet;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::session::Action;
use zhenxing_api_types::user::{IssuedPassword, User};

/// How accounts are made by the many.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Many {
    Generate,
    Import,
}

/// The page.
#[function_component]
pub fn Users() -> Html {
    use_language();
    let filters = use_filters(Route::Users);
    let users = use_pages(
        filters.query.clone(),
        |session, query: Query, cursor: String| async move {
            let of = |name: &str| query.get(name).map_or("", String::as_str);
            let wanted = [
                ("q", of("q")),
                ("unit", of("unit")),
                ("active", of("active")),
                ("cursor", cursor.as_str()),
            ];
            session.client.users(&wanted).await
        },
    );
    let may = use_session().is_some_and(|session| session.may(Action::ManageUsers));
    let picked = use_state(BTreeSet::<String>::new);
    let adding = use_state(|| false);
    let many = use_state(|| None::<Many>);
    let issued = use_state(|| None::<Rc<Vec<IssuedPassword>>>);
    let asking = use_state(|| false);
    let turn = |state: &UseStateHandle<bool>, to: bool| {
        let state = state.clone();
        Callback::from(move |()| state.set(to))
    };
    let (issue, said, busy) = {
        let (issued, asking, again) = (issued.clone(), asking.clone(), users.again.clone());
        let done = Callback::from(move |items| {
            asking.set(false);
            issued.set(Some(items));
            again.emit(());
        });
        use_issue(done)
    };
    if let Some(items) = &*issued {
        let done = {
            let (issued, picked) = (issued.clone(), picked.clone());
            Callback::from(move |()| {
                issued.set(None);
                picked.set(BTreeSet::new());
            })
        };
        return html! { <PasswordSheet items={items.clone()} {done} /> };
    }
    let made = {
        let (adding, again) = (adding.clone(), users.again.clone());
        Callback::from(move |_: User| {
            adding.set(false);
            again.emit(());
        })
    };
    let by_many = {
        let (many, asking, picked, again) = (
            many.clone(),
            asking.clone(),
            picked.clone(),
            users.again.clone(),
        );
        // Those that were made are picked for their passwords at once.
        Callback::from(move |logins: Vec<String>| {
            many.set(None);
            asking.set(!logins.is_empty());
            picked.set(logins.into_iter().collect());
            again.emit(());
        })
    };
    let open_many = |which: Option<Many>| {
        let many = many.clone();
        Callback::from(move |()| many.set(which))
    };
    let logins: Vec<String> = picked.iter().cloned().collect();
    let count = logins.len();
    let confirm = issue.reform(move |()| logins.clone());
    html! {
        <>
            <PageHeader title={t!("users")} lead={html! { { t!("users-lead") } }}>
                if count > 0 { <button type="button" class="zx-button" onclick={turn(&asking, true).reform(|_: MouseEvent| ())}>{ t!("passwords-issue", count = count) }</button> }
                if may {
                    <button type="button" class="zx-button" onclick={open_many(Some(Many::Import)).reform(|_: MouseEvent| ())}>{ t!("import-users") }</button>
                    <button type="button" class="zx-button" onclick={open_many(Some(Many::Generate)).reform(|_: MouseEvent| ())}>{ t!("generate") }</button>
                    <button type="button" class="zx-button zx-primary" onclick={turn(&adding, true).reform(|_: MouseEvent| ())}>{ t!("user-add") }</button>
                }
            </PageHeader>
            <Card title={t!("users-list")}>
                { filter_bar(&filters) }
                { loaded(&users.load, &users.again, |rows| table(rows, &picked, may)) }
                if let Load::Ready(rows) = &users.load {
                    if !rows.is_empty() { <More shown={rows.len()} has_more={users.has_more} more={users.more.clone()} /> }
                }
            </Card>
            if *adding { <UserForm close={turn(&adding, false)} done={made} /> }
            { match *many {
                None => Html::default(),
                Some(Many::Generate) => html! { <Generate close={open_many(None)} made={by_many} /> },
                Some(Many::Import) => html! { <Import close={open_many(None)} made={by_many} /> },
            } }
            if *asking {
                <Confirm title={t!("passwords-ask", count = count)} act={t!("passwords-issue", count = count)} {busy} {confirm} cancel={turn(&asking, false)}>
                    { alert(&said) }<p>{ t!("passwords-means") }</p>
                </Confirm>
            }
        </>
    }
}

/// Gives accounts new one-time passwords: what asks, what was said against it, and whether it is under way.
#[hook]
fn use_issue(done: Callback<Rc<Vec<IssuedPassword>>>) -> (Callback<Vec<String>>, String, bool) {
    let session = use_session();
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let ask = {
        let (said, busy) = (said.clone(), busy.clone());
        Callback::from(move |logins: Vec<String>| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (said, busy, done) = (said.clone(), busy.clone(), done.clone());
            spawn_local(async move {
                match session.client.issue_passwords(&logins).await {
                    Ok(issued) => {
                        said.set(String::new());
                        done.emit(Rc::new(issued.items));
                    }
                    Err(error) => said.set(format::error(&error)),
                }
                busy.set(false);
            });
        })
    };
    (ask, (*said).clone(), *busy)
}

fn filter_bar(filters: &Filters) -> Html {
    let of = |name: &str| filters.of(name);
    let states = vec![
        (String::new(), t!("all")),
        ("true".to_owned(), t!("user-active")),
        ("false".to_owned(), t!("user-inactive")),
    ];
    html! {
        <FilterBar>
            <Lookup label={t!("users-find")} value={of("q")} change={filters.change("q")} />
            <UnitPicker id="users-unit" label={t!("unit-and-below")} inline={true} value={of("unit_name")} chosen={filters.unit()} />
            <Select label={t!("state")} value={of("active")} choices={states} change={filters.change("active")} />
            if !filters.query.is_empty() { <button type="button" class="zx-button" onclick={filters.none()}>{ t!("no-filters") }</button> }
        </FilterBar>
    }
}

fn table(users: &Rc<Vec<User>>, picked: &UseStateHandle<BTreeSet<String>>, may: bool) -> Html {
    if users.is_empty() {
        return empty(t!("users-empty"));
    }
    let mut columns = vec![
        Column::text(t!("mine-name")).sorts(),
        Column::text(t!("login")).sorts(),
        Column::text(t!("unit")).sorts(),
        Column::text(t!("mine-roles")),
        Column::text(t!("state")),
    ];
    if may {
        columns.push(Column::text(t!("passwords-pick")));
    }
    let rows: Vec<Row> = users.iter().map(|user| row(user, picked, may)).collect();
    html! { <Table label={t!("users-list")} {columns} {rows} /> }
}

fn row(user: &User, picked: &UseStateHandle<BTreeSet<String>>, may: bool) -> Row {
    let to = Route::User {
        login: user.login.clone(),
    };
    let link = html! { <Link<Route> {to}>{ &user.name }</Link<Route>> };
    let mut cells = vec![
        Cell::html(link).by_text(&user.name),
        Cell::text(&user.login),
        Cell::text(&user.unit.name),
        Cell::text(words_of::roles(user)),
        Cell::html(words_of::state(user)),
    ];
    if may {
        cells.push(Cell::html(pick(user, picked)));
    }
    Row::of(&user.login, cells)
}

/// A box that picks an account for a one-time password.
fn pick(user: &User, picked: &UseStateHandle<BTreeSet<String>>) -> Html {
    let change = {
        let (picked, login) = (picked.clone(), user.login.clone());
        Callback::from(move |_: Event| {
            let mut next = (*picked).clone();
            if !next.remove(&login) {
                next.insert(login.clone());
            }
            picked.set(next);
        })
    };
    html! { <input type="checkbox" class="zx-pick-box" aria-label={t!("pick", name = user.name.clone())} checked={picked.contains(&user.login)} disabled={!user.active} onchange={change} /> }
}
