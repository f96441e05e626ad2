//! 任务分解: what waits for me, the tree of a matter, all tasks; one task with its history.

mod check;
mod files;
mod hand_down;
mod list;
mod mine;
mod panel;
mod progress;
mod requests;
mod rows;
mod targets_of;
mod tree;
mod what;
mod whom;
mod words_of;

use crate::components::tabs::Tabs;
use crate::components::{PageHeader, loaded};
use crate::hooks::{Query, use_go, use_load, use_query, use_session, with};
use crate::i18n::use_language;
use crate::routes::Route;
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::programme::Matter;
use zhenxing_api_types::session::Action;

pub use panel::TaskPage;

/// The matters of the programme.
pub(super) type Matters = Rc<Vec<Matter>>;

/// The page: which view, which matter, which unit stand in the link.
#[function_component]
pub fn Tasks() -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let handing = use_state(|| false);
    let manages = use_session().is_some_and(|session| session.may(Action::ManageTasks));
    let (load, again) = use_load((), |session, ()| async move {
        let matters = session.client.matters("").await?;
        Ok(Rc::new(matters.items))
    });
    let view = query.get("view").map_or("mine", String::as_str).to_owned();
    let change = go.reform(|view: String| (Route::Tasks, with(&Query::new(), "view", &view)));
    let tabs = vec![
        ("mine", t!("tasks-mine")),
        ("tree", t!("tasks-tree")),
        ("list", t!("tasks-all")),
    ];
    let open = {
        let handing = handing.clone();
        Callback::from(move |_: MouseEvent| handing.set(true))
    };
    let close = {
        let handing = handing.clone();
        Callback::from(move |()| handing.set(false))
    };
    html! {
        <>
            <PageHeader title={t!("tasks")} lead={html! { { t!("tasks-lead") } }}>
                if manages { <button type="button" class="zx-button zx-primary" onclick={open}>{ t!("task-hand-down") }</button> }
            </PageHeader>
            { loaded(&load, &again, |matters: &Matters| html! {
                <>
                    <Tabs label={t!("tasks-views")} {tabs} current={view.clone()} {change}>
                        { match view.as_str() {
                            "tree" => html! { <tree::Tree matters={Rc::clone(matters)} /> },
                            "list" => html! { <list::List matters={Rc::clone(matters)} /> },
                            _ => html! { <mine::Mine matters={Rc::clone(matters)} /> },
                        } }
                    </Tabs>
                    if *handing { <hand_down::HandDown matters={Rc::clone(matters)} query={query.clone()} {close} /> }
                </>
            }) }
        </>
    }
}
