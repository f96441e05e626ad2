//! 任务分解: matters as they stand below a unit, and the tasks that wait.

mod ask;
mod hand_down;
mod hand_targets;
mod list;
mod task;
mod tree;
mod words_of;

pub use hand_targets::typed;
pub use task::TaskPage;
pub use tree::TreePage;

use crate::components::table::{Cell, Column, Row, Table};
use crate::components::tabs::Tabs;
use crate::components::{Card, PageHeader, empty, light, loaded};
use crate::format;
use crate::hooks::{Query, use_go, use_load, use_query, use_session};
use crate::i18n::use_language;
use crate::routes::Route;
use list::TaskList;
use std::rc::Rc;
use words_of::Matters;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::session::Action;
use zhenxing_api_types::task::{MatterProgress, TaskProgress};

/// The page.
#[function_component]
pub fn Tasks() -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let session = use_session();
    let may = |action| session.as_ref().is_some_and(|session| session.may(action));
    let (works, manages) = (may(Action::WorkTasks), may(Action::ManageTasks));
    let village = session
        .as_ref()
        .and_then(|session| session.me())
        .is_some_and(|me| me.unit.level == zhenxing_api_types::unit::Level::Village);
    let mut tabs = vec![("matters", t!("tasks-by-matter"))];
    if works {
        tabs.push(("to_do", t!("tasks-own")));
    }
    if manages && !village {
        tabs.push(("to_review", t!("tasks-to-review")));
        tabs.push(("to_decide", t!("tasks-to-decide")));
    }
    let first = if village { "to_do" } else { "matters" };
    let view = query.get("view").cloned();
    let view = view.unwrap_or_else(|| first.to_owned());
    let change = go.reform(|view: String| (Route::Tasks, Query::from([("view".to_owned(), view)])));
    html! {
        <>
            <PageHeader title={t!("tasks")} lead={html! { { t!("tasks-lead") } }} />
            <Tabs label={t!("tasks")} {tabs} current={view.clone()} {change}>
                if view == "matters" { <Progress /> } else { <TaskList queue={view} /> }
            </Tabs>
        </>
    }
}

/// The matters that were handed down, and the one that can be handed down next.
#[function_component]
fn Progress() -> Html {
    use_language();
    let (load, again) = use_load((), |session, ()| async move {
        let matters: Matters = Rc::new(session.client.matters("").await?.items);
        Ok((session.client.task_progress("", "").await?, matters))
    });
    let manages = use_session().is_some_and(|session| session.may(Action::ManageTasks));
    loaded(&load, &again, |(progress, matters)| {
        html! {
            <>
                <Card title={t!("tasks-handed-down", unit = progress.unit.name.clone())}>{ table(progress, matters) }</Card>
                if manages { { others(progress, matters) } }
            </>
        }
    })
}

fn table(progress: &TaskProgress, matters: &Matters) -> Html {
    if progress.matters.is_empty() {
        return empty(t!("tasks-none"));
    }
    let columns = vec![
        Column::text(t!("tasks-matter")),
        Column::text(t!("period")),
        Column::number(t!("tasks-count")),
        Column::text(t!("tasks-progress")),
        Column::text(t!("tasks-next-due")),
        Column::text(t!("light")),
    ];
    let rows: Vec<Row> = progress
        .matters
        .iter()
        .map(|row| line(row, matters))
        .collect();
    html! { <Table label={t!("tasks")} {columns} {rows} /> }
}

fn line(row: &MatterProgress, matters: &Matters) -> Row {
    let query = Query::from([
        ("matter".to_owned(), row.matter.clone()),
        ("period".to_owned(), row.period.clone()),
    ]);
    let name = words_of::matter(matters, &row.matter);
    let due = row
        .next_due
        .map_or_else(|| format::NOTHING.to_owned(), |day| day.to_string());
    Row::of(
        format!("{} {}", row.matter, row.period),
        vec![
            Cell::html(
                html! { <Link<Route, Query> to={Route::TaskTree} query={Some(query)}>{ &row.matter }{ " " }{ name }</Link<Route, Query>> },
            ),
            Cell::whole(&format::period(&row.period)),
            Cell::count(words_of::total(&row.counts)),
            Cell::html(words_of::progress(&row.counts)),
            Cell::whole(&due),
            Cell::html(light(row.light)),
        ],
    )
}

/// The matters that were not handed down yet: a link leads to each.
fn others(progress: &TaskProgress, matters: &Matters) -> Html {
    let given = |code: &str| progress.matters.iter().any(|row| row.matter == code);
    let left = matters.iter().filter(|matter| !given(&matter.code));
    html! {
        <Card title={t!("tasks-not-handed-down")}>
            <p class="zx-lead">{ t!("tasks-not-handed-down-lead") }</p>
            <ul class="zx-matters">{ for left.map(|matter| {
                let query = Query::from([("matter".to_owned(), matter.code.clone())]);
                html! { <li><Link<Route, Query> to={Route::TaskTree} query={Some(query)}>{ &matter.code }{ " " }{ words_of::matter(matters, &matter.code) }</Link<Route, Query>></li> }
            }) }</ul>
        </Card>
    }
}
