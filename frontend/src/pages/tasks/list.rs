//! Tasks in a list: my unit's, those to be checked, those about which something was asked.

use super::words_of::{self, Matters};
use crate::components::field::Select;
use crate::components::filter::FilterBar;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::{Card, More, empty, light, loaded};
use crate::format;
use crate::hooks::{Load, use_go, use_load, use_pages, use_query, with};
use crate::i18n::use_language;
use crate::routes::Route;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::task::Task;

/// Which tasks.
#[derive(Clone, PartialEq, Properties)]
pub struct TaskListProps {
    /// `to_do`, `to_review`, `to_decide`.
    pub queue: String,
}

/// The list with its filter.
#[function_component]
pub fn TaskList(props: &TaskListProps) -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let lit = query.get("light").cloned().unwrap_or_default();
    let rows = use_pages(
        (props.queue.clone(), lit.clone()),
        |session, (queue, light): (String, String), cursor| async move {
            let filters = [
                ("queue", queue.as_str()),
                ("light", light.as_str()),
                ("cursor", cursor.as_str()),
            ];
            session.client.tasks(&filters).await
        },
    );
    let (matters, _) = use_load((), |session, ()| async move {
        Ok(Rc::new(session.client.matters("").await?.items))
    });
    let matters: Matters = match matters {
        Load::Ready(matters) => matters,
        _ => Rc::default(),
    };
    let choices = vec![
        (String::new(), t!("all")),
        ("overdue".to_owned(), t!("light-overdue")),
        ("soon".to_owned(), t!("light-soon")),
        ("normal".to_owned(), t!("light-normal")),
    ];
    let change = go.reform(move |value: String| (Route::Tasks, with(&query, "light", &value)));
    let (title, nothing) = match props.queue.as_str() {
        "to_review" => (t!("tasks-to-review"), t!("tasks-to-review-empty")),
        "to_decide" => (t!("tasks-to-decide"), t!("tasks-to-decide-empty")),
        _ => (t!("tasks-own"), t!("tasks-own-empty")),
    };
    html! {
        <Card {title}>
            <FilterBar><Select label={t!("light")} value={lit} {choices} {change} /></FilterBar>
            { loaded(&rows.load, &rows.again, |rows| table(rows, &matters, nothing)) }
            if let Load::Ready(shown) = &rows.load {
                if !shown.is_empty() { <More shown={shown.len()} has_more={rows.has_more} more={rows.more.clone()} /> }
            }
        </Card>
    }
}

fn table(rows: &[Task], matters: &Matters, nothing: String) -> Html {
    if rows.is_empty() {
        return empty(nothing);
    }
    let columns = vec![
        Column::text(t!("tasks-matter")),
        Column::text(t!("unit")),
        Column::text(t!("period")).minor(),
        Column::text(t!("task-due")),
        Column::text(t!("state")),
        Column::text(t!("light")),
        Column::text(t!("task-waiting")),
    ];
    let rows: Vec<Row> = rows.iter().map(|task| line(task, matters)).collect();
    html! { <Table label={t!("tasks")} {columns} {rows} /> }
}

fn line(task: &Task, matters: &Matters) -> Row {
    let name = words_of::matter(matters, &task.matter);
    let waiting = task
        .waiting
        .map_or_else(|| format::NOTHING.to_owned(), words_of::request);
    Row::of(
        task.id.to_string(),
        vec![
            Cell::html(
                html! { <Link<Route> to={Route::Task { id: task.id }}>{ name }</Link<Route>> },
            ),
            Cell::text(task.unit.name.clone()),
            Cell::whole(&format::period(&task.period)),
            Cell::whole(&task.due.to_string()),
            Cell::html(words_of::label(task.state)),
            Cell::html(light(task.light)),
            Cell::text(waiting),
        ],
    )
}
