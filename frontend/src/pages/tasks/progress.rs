//! The matters that were handed down to a unit and below it, and how they stand.

use super::{Matters, words_of};
use crate::components::meter::stacked;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::{Card, empty, light, loaded};
use crate::format;
use crate::hooks::{Query, use_load};
use crate::i18n::use_language;
use crate::routes::Route;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::task::MatterProgress;

/// The properties of the card.
#[derive(Clone, PartialEq, Properties)]
pub struct ProgressProps {
    /// The matters.
    pub matters: Matters,
    /// The year.
    pub year: String,
}

/// The card.
#[function_component]
pub fn Progress(props: &ProgressProps) -> Html {
    use_language();
    let (load, again) = use_load(props.year.clone(), |session, year: String| async move {
        session.client.task_progress("", &year).await
    });
    loaded(&load, &again, |progress| {
        let columns = vec![
            Column::text(t!("task-matter")).sorts(),
            Column::text(t!("period")),
            Column::text(t!("task-below")),
            Column::text(t!("task-next-due")).sorts(),
            Column::text(t!("light")),
        ];
        let rows = progress.matters.iter().map(|row| line(&props.matters, row));
        let title = t!("task-handed-to", unit = progress.unit.name.clone());
        html! {
            <Card title={title.clone()}>
                if progress.matters.is_empty() { { empty(t!("task-progress-none")) } }
                else { <Table label={title} {columns} rows={rows.collect::<Vec<_>>()} /> }
            </Card>
        }
    })
}

fn line(matters: &Matters, row: &MatterProgress) -> Row {
    let name = format!("{} {}", row.matter, words_of::matter(matters, &row.matter));
    let to = [
        ("view", "tree"),
        ("matter", &row.matter),
        ("period", &row.period),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let link = html! { <Link<Route, Query> to={Route::Tasks} query={Some(Query::from(to))}>{ &name }</Link<Route, Query>> };
    let (parts, total) = words_of::parts(&row.counts);
    Row::of(
        format!("{} {}", row.matter, row.period),
        vec![
            Cell::html(link).by_text(&name),
            Cell::whole(&format::period(&row.period)),
            Cell::html(stacked(&parts, total)),
            match row.next_due {
                Some(day) => Cell::whole(&day.to_string()),
                None => Cell::nothing(),
            },
            Cell::html(light(row.light)),
        ],
    )
}
