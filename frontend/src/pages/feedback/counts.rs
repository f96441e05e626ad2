//! How many complaints and suggestions each unit has and has answered, and how soon.

use super::words_of;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::{Card, More, empty, loaded};
use crate::format;
use crate::hooks::{Load, use_pages};
use crate::i18n::use_language;
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::feedback::FeedbackCount;

/// The counts.
#[function_component]
pub fn Counts() -> Html {
    use_language();
    let counts = use_pages((), |session, (), cursor: String| async move {
        session.client.feedback_summary(&cursor).await
    });
    html! {
        <Card title={t!("feedback-counts")}>
            { loaded(&counts.load, &counts.again, table) }
            if let Load::Ready(rows) = &counts.load {
                if !rows.is_empty() { <More shown={rows.len()} has_more={counts.has_more} more={counts.more.clone()} /> }
            }
        </Card>
    }
}

fn table(counts: &Rc<Vec<FeedbackCount>>) -> Html {
    if counts.is_empty() {
        return empty(t!("feedback-counts-empty"));
    }
    let columns = vec![
        Column::text(t!("feedback-by")).sorts(),
        Column::text(t!("feedback-kind")),
        Column::text(t!("state")),
        Column::number(t!("feedback-count")).sorts(),
        Column::number(t!("feedback-answered-count")).sorts(),
        Column::number(t!("feedback-days")).sorts(),
    ];
    let rows: Vec<Row> = counts.iter().enumerate().map(row).collect();
    html! { <Table label={t!("feedback-counts")} {columns} {rows} /> }
}

fn row((place, count): (usize, &FeedbackCount)) -> Row {
    // Tenths of a day for each answer.
    let days = count
        .answer_days
        .saturating_mul(10)
        .checked_div(count.answered);
    let days = match days {
        Some(tenths) => Cell::number(format::number(tenths, 1), Some(tenths)),
        None => Cell::nothing(),
    };
    Row::of(
        place.to_string(),
        vec![
            Cell::text(&count.unit.name),
            Cell::text(words_of::kind(count.kind)),
            Cell::html(words_of::label(count.state)),
            Cell::count(count.count),
            Cell::count(count.answered),
            days,
        ],
    )
}
