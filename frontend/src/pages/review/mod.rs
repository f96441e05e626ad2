//! 数据审核: the queue, exceptions first, and the report beside it.

mod detail;
mod figures;
mod giving_back;
mod rest;

use crate::components::field::Select;
use crate::components::tabs::Tabs;
use crate::components::{Card, More, PageHeader, empty, loaded};
use crate::format;
use crate::hooks::{Load, Pages, Query, definition, use_go, use_load, use_pages, use_query, with};
use crate::i18n::{named, use_language};
use crate::pages::extension::Decisions;
use crate::pages::keys::use_keys;
use crate::routes::Route;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;
use zhenxing_api_types::report::{ReportState, ReportSummary};
use zhenxing_api_types::workbench::Waiting;
use zhenxing_domain::package::FormDef;

/// The page.
#[function_component]
pub fn Review() -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (load, again) = use_load((), |session, ()| async move {
        let content = session.client.workbench().await?;
        Ok((content.to_review, content.to_extend))
    });
    let view = {
        let go = go.clone();
        Callback::from(move |code: String| {
            let code = if code == "extensions" {
                code
            } else {
                String::new()
            };
            go.emit((Route::Review, with(&Query::new(), "view", &code)));
        })
    };
    let choose = Callback::from(move |code: String| {
        if let Some((form, period)) = code.split_once(' ') {
            let query = Query::from([
                ("form".to_owned(), form.to_owned()),
                ("period".to_owned(), period.to_owned()),
            ]);
            go.emit((Route::Review, query));
        }
    });
    html! {
        <><PageHeader title={t!("review")} lead={html! { { t!("review-lead") } }} />
        { loaded(&load, &again, |(waiting, extensions)| {
            let reports: i64 = waiting.iter().map(|row| row.count).sum();
            let asked: i64 = extensions.iter().map(|row| row.count).sum();
            let tabs = vec![("reports", t!("tab-waiting", count = reports)), ("extensions", t!("tab-extensions", count = asked))];
            let extends = of("view") == "extensions";
            let current = if extends { "extensions" } else { "reports" };
            html! {
                <Tabs label={t!("review")} {tabs} {current} change={view}>
                    if extends { <Decisions waiting={extensions.clone()} again={again.clone()} /> }
                    else { { queues(waiting, &(of("form"), of("period")), &choose, &again) } }
                </Tabs>
            }
        }) }</>
    }
}

/// The queue that is asked for, or the first.
fn queues(
    waiting: &[Waiting],
    wanted: &(String, String),
    choose: &Callback<String>,
    again: &Callback<()>,
) -> Html {
    let named = waiting
        .iter()
        .find(|row| (&row.form, &row.period) == (&wanted.0, &wanted.1));
    match named.or(waiting.first()) {
        None => {
            html! { <Card title={t!("review-queue")}>{ empty(t!("review-empty")) }</Card> }
        }
        Some(row) => {
            let key = format!("{} {}", row.form, row.period);
            html! { <Queue {key} waiting={waiting.to_vec()} chosen={row.clone()} choose={choose.clone()} again={again.clone()} /> }
        }
    }
}

/// The queue.
#[derive(Clone, PartialEq, Properties)]
struct QueueProps {
    waiting: Vec<Waiting>,
    chosen: Waiting,
    choose: Callback<String>,
    again: Callback<()>,
}

/// The queue on the left, the report on the right.
#[function_component]
fn Queue(props: &QueueProps) -> Html {
    use_language();
    let row = &props.chosen;
    let chosen = use_state(|| None::<Uuid>);
    let (form, form_again) = use_load(
        (row.form.clone(), row.period.clone()),
        |session, (code, period)| async move { definition(&session.client, &code, &period).await },
    );
    let state = if row.state == ReportState::Checked {
        "checked"
    } else {
        "submitted"
    };
    let pages = use_pages(
        (row.form.clone(), row.period.clone(), state),
        |session, (form, period, state): (String, String, &'static str), cursor| async move {
            session.client.reports(&form, &period, state, &cursor).await
        },
    );
    let rows = match &pages.load {
        Load::Ready(rows) => Rc::clone(rows),
        Load::Waiting | Load::Failed(_) => Rc::default(),
    };
    let known = chosen.filter(|id| rows.iter().any(|row| row.id == *id));
    let id = known.or_else(|| rows.first().map(|row| row.id));
    // j and k walk through the queue, as in mail; the report's own keys are a and r.
    let step = {
        let (chosen, rows) = (chosen.clone(), Rc::clone(&rows));
        Callback::from(move |down: bool| {
            let at = rows.iter().position(|row| Some(row.id) == id).unwrap_or(0);
            let to = if down { at + 1 } else { at.saturating_sub(1) };
            if let Some(next) = rows.get(to) {
                chosen.set(Some(next.id));
            }
        })
    };
    {
        let step = step.clone();
        use_keys(Callback::from(move |key: String| match key.as_str() {
            "j" => step.emit(true),
            "k" => step.emit(false),
            _ => {}
        }));
    }
    let done = {
        let (chosen, rows) = (chosen.clone(), Rc::clone(&rows));
        let (pages_again, again) = (pages.again.clone(), props.again.clone());
        Callback::from(move |()| {
            // The one below opens by itself, at the end the one above.
            let at = rows.iter().position(|row| Some(row.id) == id).unwrap_or(0);
            let next = rows.get(at + 1).or_else(|| rows.get(at.checked_sub(1)?));
            chosen.set(next.map(|row| row.id));
            pages_again.emit(());
            again.emit(());
        })
    };
    let refresh = {
        let (pages_again, again) = (pages.again.clone(), props.again.clone());
        Callback::from(move |()| {
            pages_again.emit(());
            again.emit(());
        })
    };
    let choices = props.waiting.iter().map(choice).collect::<Vec<_>>();
    let pick = {
        let chosen = chosen.clone();
        Callback::from(move |id| chosen.set(Some(id)))
    };
    html! {
        <div class="zx-columns zx-review">
            <Card title={t!("review-count", count = row.count)} aside={html! { <rest::Rest row={row.clone()} done={refresh} /> }}>
                if choices.len() > 1 { <Select label={t!("review-queue")} value={code(row)} {choices} change={props.choose.clone()} /> }
                <p class="zx-keys">{ t!("review-keys") }</p>
                { queue(&pages, &form, id, &pick) }
            </Card>
            { loaded(&form, &form_again, |form| match id {
                Some(id) => html! { <detail::Detail key={id.to_string()} {id} form={form.clone()} done={done} /> },
                None => Html::default(),
            }) }
        </div>
    }
}

fn code(row: &Waiting) -> String {
    format!("{} {}", row.form, row.period)
}

fn choice(row: &Waiting) -> (String, String) {
    let form = named(&row.form_name_zh, &row.form_name_en);
    let name = t!(
        "form-of-period",
        period = format::period(&row.period),
        form = form
    );
    (
        code(row),
        t!("review-choice", name = name, count = row.count),
    )
}

fn queue(
    pages: &Pages<ReportSummary>,
    form: &Load<Rc<FormDef>>,
    id: Option<Uuid>,
    pick: &Callback<Uuid>,
) -> Html {
    loaded(&pages.load, &pages.again, |rows| {
        if rows.is_empty() {
            return empty(t!("review-empty"));
        }
        html! {
            <><ul class="zx-list zx-queue">{ for rows.iter().map(|row| line(row, form, Some(row.id) == id, pick)) }</ul>
            <More shown={rows.len()} has_more={pages.has_more} more={pages.more.clone()} /></>
        }
    })
}

/// A report in the queue: where it comes from, why it should be looked at, and its headline figure.
fn line(
    row: &ReportSummary,
    form: &Load<Rc<FormDef>>,
    current: bool,
    pick: &Callback<Uuid>,
) -> Html {
    let choose = {
        let (pick, id) = (pick.clone(), row.id);
        Callback::from(move |_: MouseEvent| pick.emit(id))
    };
    let headline = match form {
        Load::Ready(form) => form
            .fields()
            .find(|field| field.computed.is_some())
            .zip(row.headline.as_ref())
            .map(|(field, value)| {
                format!(
                    "{} {}",
                    named(&field.name_zh, &field.name_en),
                    format::computed(field, Some(value))
                )
            }),
        Load::Waiting | Load::Failed(_) => None,
    };
    html! {
        <li><button type="button" class="zx-pick" aria-pressed={current.to_string()} onclick={choose}>
            <strong>{ &row.unit.name }</strong>
            if row.exceptions > 0 { <span class="zx-why">{ "▲ " }{ t!("why-explained", count = row.exceptions) }</span> }
            <small>{ row.parent_name.clone().unwrap_or_default() }{ headline.map(|text| format!(" · {text}")).unwrap_or_default() }</small>
        </button></li>
    }
}
