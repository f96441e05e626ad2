//! All tasks that I may see, narrowed by what stands in the link.

use super::{Matters, rows, words_of};
use crate::components::download::{csv, save_csv};
use crate::components::field::Select;
use crate::components::filter::FilterBar;
use crate::components::toast::use_toast;
use crate::components::unit_picker::UnitPicker;
use crate::components::{Card, More, empty, loaded};
use crate::draft::use_filters;
use crate::format;
use crate::hooks::{Load, Query, use_pages};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use yew::prelude::*;
use zhenxing_api_types::task::{Task, TaskState};

/// The properties of the view.
#[derive(Clone, PartialEq, Properties)]
pub struct ListProps {
    /// The matters.
    pub matters: Matters,
}

const STATES: [(&str, TaskState); 8] = [
    ("issued", TaskState::Issued),
    ("accepted", TaskState::Accepted),
    ("working", TaskState::Working),
    ("reported", TaskState::Reported),
    ("completed", TaskState::Completed),
    ("closed", TaskState::Closed),
    ("suspended", TaskState::Suspended),
    ("terminated", TaskState::Terminated),
];

/// The view.
#[function_component]
pub fn List(props: &ListProps) -> Html {
    use_language();
    let filters = use_filters(Route::Tasks);
    let pages = use_pages(
        filters.query.clone(),
        |session, query: Query, cursor| async move {
            let of = |name: &str| query.get(name).map_or("", String::as_str);
            let filters = [
                ("matter", of("matter")),
                ("period", of("period")),
                ("unit", of("unit")),
                ("state", of("state")),
                ("light", of("light")),
                ("hand_down", of("hand_down")),
                ("cursor", cursor.as_str()),
            ];
            session.client.tasks(&filters).await
        },
    );
    let any = || (String::new(), t!("all"));
    let matters = props.matters.iter().map(|matter| {
        let name = named(&matter.name_zh, &matter.name_en);
        (matter.code.clone(), format!("{} {name}", matter.code))
    });
    let states = STATES.map(|(code, state)| (code.to_owned(), words_of::state(state)));
    let lights = [
        ("soon".to_owned(), t!("light-soon")),
        ("overdue".to_owned(), t!("light-overdue")),
    ];
    let with_any = |rest: Vec<(String, String)>| -> Vec<(String, String)> {
        std::iter::once(any()).chain(rest).collect()
    };
    let shown = match &pages.load {
        Load::Ready(rows) => rows.len(),
        Load::Waiting | Load::Failed(_) => 0,
    };
    let toast = use_toast();
    let export = {
        let (load, matters) = (pages.load.clone(), props.matters.clone());
        Callback::from(move |_: MouseEvent| {
            let Load::Ready(tasks) = &load else {
                return;
            };
            let saved = save_csv(&t!("tasks-file"), &sheet(&matters, tasks));
            if let (Err(_), Some(toast)) = (saved, &toast) {
                toast.failed(t!("download-failed"));
            }
        })
    };
    let aside = html! { <button type="button" class="zx-button" disabled={shown == 0} onclick={export}>{ t!("tasks-export") }</button> };
    html! {
        <Card title={t!("tasks-all")} {aside}>
            <FilterBar>
                <Select label={t!("task-matter")} value={filters.of("matter")} choices={with_any(matters.collect())} change={filters.change("matter")} />
                <UnitPicker id="task-unit" label={t!("unit")} value={filters.of("unit_name")} inline=true chosen={filters.unit()} />
                <Select label={t!("state")} value={filters.of("state")} choices={with_any(states.to_vec())} change={filters.change("state")} />
                <Select label={t!("light")} value={filters.of("light")} choices={with_any(lights.to_vec())} change={filters.change("light")} />
            </FilterBar>
            { loaded(&pages.load, &pages.again, |tasks| {
                if tasks.is_empty() { return empty(t!("tasks-none")); }
                html! { <>{ rows::table(t!("tasks-all"), &props.matters, tasks) }<More shown={tasks.len()} has_more={pages.has_more} more={pages.more.clone()} /></> }
            }) }
        </Card>
    }
}

/// The tasks that are shown, as a sheet.
fn sheet(matters: &Matters, tasks: &[Task]) -> String {
    let head = vec![
        t!("task-matter"),
        t!("period"),
        t!("unit"),
        t!("unit-above"),
        t!("task-due"),
        t!("state"),
        t!("light"),
    ];
    let row = |task: &Task| {
        vec![
            words_of::matter(matters, &task.matter),
            format::period(&task.period),
            task.unit.name.clone(),
            task.parent_name.clone().unwrap_or_default(),
            task.due.to_string(),
            words_of::state(task.state),
            format::light(task.light),
        ]
    };
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(tasks.iter().map(row)).collect();
    csv(&rows)
}
