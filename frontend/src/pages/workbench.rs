//! 工作台: what waits for me, by when it is due.

use crate::components::light::state as state_label;
use crate::components::meter::{Part, meter, stacked};
use crate::components::{Card, PageHeader, empty, figure_link, light, loaded};
use crate::format::{self, Steps};
use crate::hooks::{Query, use_load, use_session};
use crate::i18n::{named, use_language};
use crate::pages::admin::people::acting::Deputy;
use crate::pages::reports::{Begin, use_begin};
use crate::routes::Route;
use chrono::{Datelike, NaiveDate, TimeDelta};
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::MetricFigure;
use zhenxing_api_types::programme::FormSummary;
use zhenxing_api_types::report::{Due, DueState, Light, ReportState};
use zhenxing_api_types::workbench::{
    Backlog, Progress, Waiting, WaitingExtensions, Workbench as Content,
};

/// The landing page.
#[function_component]
pub fn Workbench() -> Html {
    use_language();
    let session = use_session();
    let begin = use_begin();
    let (load, again) = use_load((), |session, ()| async move {
        let content = session.client.workbench().await?;
        Ok((content, session.forms().await?))
    });
    let deputy_for = session.as_ref().and_then(|session| session.me());
    let deputy_for = deputy_for.map_or_else(Vec::new, |me| me.deputy_for.clone());
    let unit = session
        .and_then(|session| session.me())
        .map(|me| me.unit.name.clone())
        .unwrap_or_default();
    let lead = match &load {
        crate::hooks::Load::Ready((content, _)) => greeting(content),
        _ => html! { { unit } },
    };
    html! {
        <><PageHeader title={t!("workbench")} {lead} />
        if !deputy_for.is_empty() { <Deputy absent={deputy_for} /> }
        { loaded(&load, &again, |(content, forms)| page(content, forms, &begin)) }</>
    }
}

fn greeting(content: &Content) -> Html {
    let deadline = match content.next_deadline {
        Some(day) => t!("workbench-deadline", day = day.to_string()),
        None => t!("workbench-no-deadline"),
    };
    html! { { t!("workbench-lead", unit = content.unit.name.clone(), today = content.today.to_string(), deadline = deadline) } }
}

/// When something is due, seen from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Overdue,
    Today,
    Week,
    Later,
    Historical,
}

impl When {
    const ALL: [When; 5] = [
        When::Overdue,
        When::Today,
        When::Week,
        When::Later,
        When::Historical,
    ];

    fn of(due: Option<NaiveDate>, light: Light, today: NaiveDate) -> When {
        let Some(due) = due else {
            return When::Historical;
        };
        let to_sunday = i64::from(6 - today.weekday().num_days_from_monday());
        let sunday = today
            .checked_add_signed(TimeDelta::days(to_sunday))
            .unwrap_or(today);
        if light == Light::Overdue || due < today {
            When::Overdue
        } else if due == today {
            When::Today
        } else if due <= sunday {
            When::Week
        } else {
            When::Later
        }
    }

    fn name(self) -> String {
        match self {
            When::Overdue => t!("when-overdue"),
            When::Today => t!("when-today"),
            When::Week => t!("when-week"),
            When::Later => t!("when-later"),
            When::Historical => t!("when-historical"),
        }
    }
}

/// Something to do.
struct Item {
    when: When,
    due: Option<NaiveDate>,
    row: Html,
}

fn page(content: &Content, forms: &[FormSummary], begin: &Callback<Begin>) -> Html {
    let mut items: Vec<Item> = content
        .to_review
        .iter()
        .map(|row| review(row, content.today))
        .chain(
            content
                .to_extend
                .iter()
                .map(|row| extend(row, content.today)),
        )
        .chain(
            content
                .progress
                .iter()
                .filter_map(|row| on_behalf(row, content.today)),
        )
        .chain(
            content
                .to_fill
                .iter()
                .map(|row| fill(row, forms, content.today, begin)),
        )
        .collect();
    items.sort_by_key(|item| item.due);
    let count = items.len();
    html! {
        <div class="zx-columns">
            <Card title={t!("todo", count = count)}>
                if count == 0 { { empty(t!("todo-empty")) } }
                { for When::ALL.map(|when| group(&items, when)) }
                { for content.backlog.iter().map(|row| backlog(row, &content.unit.code, begin)) }
            </Card>
            <div>
                if !content.figures.is_empty() {
                    <Card title={t!("own-figures")}>{ for content.figures.iter().map(figure) }</Card>
                }
                if !content.progress.is_empty() {
                    <Card title={t!("progress")}>{ for content.progress.iter().map(progress) }</Card>
                }
            </div>
        </div>
    }
}

fn group(items: &[Item], when: When) -> Html {
    let own: Vec<Html> = items
        .iter()
        .filter(|item| item.when == when)
        .map(|item| item.row.clone())
        .collect();
    if own.is_empty() {
        return Html::default();
    }
    let overdue = (when == When::Overdue).then_some("zx-group-overdue");
    html! {
        <><h3 class={classes!("zx-group", overdue)}>{ when.name() }<span class="zx-badge">{ own.len() }</span></h3>
        <ul class="zx-list">{ for own }</ul></>
    }
}

fn until(due: Option<NaiveDate>) -> String {
    due.map_or_else(
        || t!("no-deadline"),
        |day| t!("due-by", day = day.to_string()),
    )
}

fn to(form: &str, period: &str) -> Query {
    Query::from([
        ("form".to_owned(), form.to_owned()),
        ("period".to_owned(), period.to_owned()),
    ])
}

fn review(row: &Waiting, today: NaiveDate) -> Item {
    let (wait, go) = if row.state == ReportState::Submitted {
        (t!("waits-check", count = row.count), t!("go-check"))
    } else {
        (t!("waits-approve", count = row.count), t!("go-approve"))
    };
    let name = named(&row.form_name_zh, &row.form_name_en);
    let html = html! {
        <li>
            <span><strong>{ t!("form-of-period", period = format::period(&row.period), form = name) }</strong>
            <small>{ format!("{wait} · {}", until(row.due)) }</small></span>
            { light(row.light) }
            <Link<Route, Query> to={Route::Review} query={Some(to(&row.form, &row.period))} classes="zx-button">{ go }</Link<Route, Query>>
        </li>
    };
    Item {
        when: When::of(row.due, row.light, today),
        due: row.due,
        row: html,
    }
}

/// Extensions that wait for my decision.
fn extend(row: &WaitingExtensions, today: NaiveDate) -> Item {
    let name = named(&row.form_name_zh, &row.form_name_en);
    let query = crate::hooks::with(&to(&row.form, &row.period), "view", "extensions");
    let html = html! {
        <li>
            <span><strong>{ t!("form-of-period", period = format::period(&row.period), form = name) }</strong>
            <small>{ t!("waits-extend", count = row.count) }{ " · " }{ until(Some(row.due)) }</small></span>
            { light(row.light) }
            <Link<Route, Query> to={Route::Review} query={Some(query)} classes="zx-button">{ t!("go-extend") }</Link<Route, Query>>
        </li>
    };
    Item {
        when: When::of(Some(row.due), row.light, today),
        due: Some(row.due),
        row: html,
    }
}

/// What is still to be filled in below my unit, where I may do it in their place.
fn on_behalf(row: &Progress, today: NaiveDate) -> Option<Item> {
    let begun = row.submitted + row.checked + row.approved;
    let open = row.expected - begun;
    if !row.can_fill || open <= 0 {
        return None;
    }
    let name = named(&row.form_name_zh, &row.form_name_en);
    let html = html! {
        <li>
            <span><strong>{ t!("form-of-period", period = format::period(&row.period), form = name) }</strong>
            <small>{ t!("below-open", count = open) }{ " · " }{ until(row.fill_due) }</small></span>
            { light(row.light) }
            <Link<Route, Query> to={Route::Grid} query={Some(to(&row.form, &row.period))} classes="zx-button">{ t!("go-behalf") }</Link<Route, Query>>
        </li>
    };
    Some(Item {
        when: When::of(row.fill_due, row.light, today),
        due: row.fill_due,
        row: html,
    })
}

/// Earlier periods that may still be entered, as a row of buttons.
fn backlog(row: &Backlog, unit: &str, begin: &Callback<Begin>) -> Html {
    let period = |period: &String| {
        let wish = Begin {
            form: row.form.clone(),
            unit: unit.to_owned(),
            period: period.clone(),
        };
        let begin = begin.clone();
        html! { <button type="button" class="zx-chip" onclick={Callback::from(move |_: MouseEvent| begin.emit(wish.clone()))}>{ format::period(period) }</button> }
    };
    html! {
        <div class="zx-backlog"><small>{ t!("backlog", form = named(&row.form_name_zh, &row.form_name_en)) }</small>{ for row.periods.iter().map(period) }</div>
    }
}

fn fill(row: &Due, forms: &[FormSummary], today: NaiveDate, begin: &Callback<Begin>) -> Item {
    let name = format::form_name(forms, &row.form);
    let button = match row.report {
        Some(id) => {
            let word = if row.state == DueState::Returned {
                t!("go-correct")
            } else {
                t!("go-continue")
            };
            html! { <Link<Route> to={Route::Report { id }} classes="zx-button">{ word }</Link<Route>> }
        }
        None => {
            let (row, begin) = (Begin::from(row), begin.clone());
            html! { <button type="button" class="zx-button" onclick={Callback::from(move |_: MouseEvent| begin.emit(row.clone()))}>{ t!("go-fill") }</button> }
        }
    };
    let html = html! {
        <li><span><strong>{ t!("form-of-period", period = format::period(&row.period), form = name) }</strong>
            <small>{ state_label(row.state, Steps::of(forms, &row.form)) }{ format!(" {} · {}", row.unit.name, until(row.fill_due)) }if row.extended { { format!(" · {}", t!("extended")) } }</small></span>
            { light(row.light) }{ button }</li>
    };
    Item {
        when: When::of(row.fill_due, row.light, today),
        due: row.fill_due,
        row: html,
    }
}

fn figure(row: &MetricFigure) -> Html {
    let metric = &row.metric;
    let target = metric.targets.first();
    let goal = target.and_then(|target| target.value);
    let value = format::short(metric, row.figure.value);
    let change = row
        .figure
        .value
        .zip(row.previous_value)
        .map(|(now, old)| t!("against-last", change = format::distance(metric, now, old)));
    html! {
        <div class="zx-figure">
            <p><span>{ named(&metric.name_zh, &metric.name_en) }</span><strong title={format::exact(metric, row.figure.value)}>{ figure_link(&metric.code, &row.figure.unit.code, &row.period, html! { { &value } }) }</strong></p>
            if metric.kind == "ratio" { { meter(row.figure.value.unwrap_or(0), goal, value.clone()) } }
            <small>{ target.map(|target| format::target(metric, target)).unwrap_or_default() }{ change.map(|text| format!(" · {text}")).unwrap_or_default() }</small>
        </div>
    }
}

fn progress(row: &Progress) -> Html {
    let begun = row.submitted + row.checked + row.approved + row.returned;
    let parts = [
        Part {
            name: t!("state-approved"),
            count: row.approved,
            class: "zx-part-done",
        },
        Part {
            name: t!("progress-waits"),
            count: row.submitted + row.checked,
            class: "zx-part-waits",
        },
        Part {
            name: t!("state-returned"),
            count: row.returned,
            class: "zx-part-back",
        },
        Part {
            name: t!("progress-open"),
            count: (row.expected - begun).max(0),
            class: "zx-part-open",
        },
    ];
    let name = named(&row.form_name_zh, &row.form_name_en);
    html! {
        <div class="zx-progress">
            <p><span>{ t!("form-of-period", period = format::period(&row.period), form = name) }</span>
            <strong>{ format!("{}/{}", row.approved, row.expected) }</strong></p>
            { stacked(&parts, row.expected) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_falls_into_its_group() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day);
        let Some(today) = day(24) else { return };
        // The twenty-fourth is a Tuesday, its week ends on the twenty-ninth.
        for (due, light, when) in [
            (day(23), Light::Overdue, When::Overdue),
            (day(24), Light::Soon, When::Today),
            (day(29), Light::Soon, When::Week),
            (day(30), Light::Soon, When::Later),
            (None, Light::Normal, When::Historical),
        ] {
            assert_eq!(When::of(due, light, today), when, "{due:?}");
        }
    }
}
