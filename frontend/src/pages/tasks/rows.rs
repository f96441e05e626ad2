//! Tasks as rows of a table.

use super::{Matters, words_of};
use crate::components::light;
use crate::components::table::{Cell, Column, Row, Table};
use crate::routes::Route;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::task::Task;

/// A table of tasks; each opens.
pub fn table(label: String, matters: &Matters, tasks: &[Task]) -> Html {
    let columns = vec![
        Column::text(t!("task")),
        Column::text(t!("unit")).sorts(),
        Column::text(t!("unit-above")).sorts().minor(),
        Column::text(t!("task-due")).sorts(),
        Column::text(t!("state")).sorts(),
        Column::text(t!("light")),
    ];
    let rows: Vec<Row> = tasks.iter().map(|task| row(matters, task)).collect();
    html! { <Table {label} {columns} {rows} /> }
}

fn row(matters: &Matters, task: &Task) -> Row {
    let title = words_of::title(matters, task);
    let name = html! { <Link<Route> to={Route::Task { id: task.id }}>{ &title }</Link<Route>> };
    let state = html! {
        <>{ words_of::label(task.state) }
        if let Some(kind) = task.waiting { { " " }<small>{ t!("task-waits-for", what = words_of::request(kind)) }</small> }</>
    };
    Row::of(
        task.id.to_string(),
        vec![
            Cell::html(name).by_text(&title),
            Cell::text(&task.unit.name),
            Cell::text(task.parent_name.clone().unwrap_or_default()),
            Cell::whole(&task.due.to_string()),
            Cell::html(state).by_text(&words_of::state(task.state)),
            Cell::html(light(task.light)),
        ],
    )
}
