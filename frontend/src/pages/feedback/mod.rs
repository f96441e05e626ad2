//! 意见建议: what I wrote and what became of it, what my unit answers, and how many there are.

mod counts;
mod detail;
mod words_of;

use crate::components::field::Select;
use crate::components::filter::FilterBar;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::tabs::Tabs;
use crate::components::{Card, More, PageHeader, empty, loaded};
use crate::format;
use crate::hooks::{Load, Query, use_go, use_pages, use_query, use_session, with};
use crate::i18n::use_language;
use crate::routes::Route;
use counts::Counts;
use detail::Detail;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;
use zhenxing_api_types::feedback::Feedback;
use zhenxing_api_types::session::Action;

/// The page.
#[function_component]
pub fn FeedbackPage() -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let answers = use_session().is_some_and(|session| session.may(Action::AnswerFeedback));
    let view = query.get("view").cloned();
    let view = view.unwrap_or_else(|| if answers { "received" } else { "own" }.to_owned());
    let mut tabs = vec![("own", t!("feedback-own"))];
    if answers {
        tabs.insert(0, ("received", t!("feedback-received")));
        tabs.push(("counts", t!("feedback-counts")));
    }
    let change =
        go.reform(|view: String| (Route::Feedback, Query::from([("view".to_owned(), view)])));
    html! {
        <>
            <PageHeader title={t!("feedback")} lead={html! { { t!("feedback-lead") } }} />
            <Tabs label={t!("feedback")} {tabs} current={view.clone()} {change}>
                if view == "counts" { <Counts /> } else { <List view={view.clone()} /> }
            </Tabs>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ListProps {
    view: String,
}

#[function_component]
fn List(props: &ListProps) -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let state = query.get("state").cloned().unwrap_or_default();
    let rows = use_pages(
        (props.view.clone(), state.clone()),
        |session, (view, state): (String, String), cursor| async move {
            session.client.feedback_list(&view, &state, &cursor).await
        },
    );
    let opened = use_state(|| None::<Uuid>);
    let open = {
        let opened = opened.clone();
        Callback::from(move |id| opened.set(Some(id)))
    };
    let close = {
        let (opened, again) = (opened.clone(), rows.again.clone());
        Callback::from(move |()| {
            opened.set(None);
            again.emit(());
        })
    };
    let change = {
        let query = query.clone();
        go.reform(move |value: String| (Route::Feedback, with(&query, "state", &value)))
    };
    let own = props.view == "own";
    let title = if own {
        t!("feedback-own")
    } else {
        t!("feedback-received")
    };
    html! {
        <Card {title}>
            <FilterBar><Select label={t!("state")} value={state} choices={words_of::states()} {change} /></FilterBar>
            { loaded(&rows.load, &rows.again, |rows| table(rows, own, &open)) }
            if let Load::Ready(shown) = &rows.load {
                if !shown.is_empty() { <More shown={shown.len()} has_more={rows.has_more} more={rows.more.clone()} /> }
            }
            if let Some(id) = *opened { <Detail {id} {close} /> }
        </Card>
    }
}

fn table(rows: &Rc<Vec<Feedback>>, own: bool, open: &Callback<Uuid>) -> Html {
    if rows.is_empty() {
        return empty(if own {
            t!("feedback-own-empty")
        } else {
            t!("feedback-received-empty")
        });
    }
    let other = if own {
        t!("feedback-by")
    } else {
        t!("feedback-from")
    };
    let columns = vec![
        Column::text(t!("feedback-text")),
        Column::text(t!("feedback-kind")),
        Column::text(other),
        Column::text(t!("when")),
        Column::text(t!("state")),
        Column::text(t!("act")),
    ];
    let rows: Vec<Row> = rows.iter().map(|row| line(row, own, open)).collect();
    html! { <Table label={t!("feedback")} {columns} {rows} /> }
}

fn line(feedback: &Feedback, own: bool, open: &Callback<Uuid>) -> Row {
    let id = feedback.id;
    let click = open.reform(move |_: MouseEvent| id);
    let other = if own { &feedback.to } else { &feedback.unit };
    Row::of(
        id.to_string(),
        vec![
            Cell::html(html! { <span class="zx-clip">{ &feedback.text }</span> }),
            Cell::text(words_of::kind(feedback.kind)),
            Cell::text(&other.name),
            Cell::text(format::instant(feedback.created_at)),
            Cell::html(words_of::label(feedback.state)),
            Cell::html(
                html! { <button type="button" class="zx-button" onclick={click}>{ t!("open") }</button> },
            ),
        ],
    )
}
