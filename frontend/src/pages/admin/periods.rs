//! 期次与期限: the periods of each form, when they are due, and locking or opening them.

use crate::components::confirm::Confirm;
use crate::components::field::Select;
use crate::components::filter::FilterBar;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::toast::use_toast;
use crate::components::{Card, PageHeader, alert, empty, loaded};
use crate::format::{self, NOTHING};
use crate::hooks::{Load, Query, use_go, use_load, use_query, use_session, with};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use crate::words;
use chrono::NaiveDate;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::programme::{FormPeriod, FormSummary, PeriodState};
use zhenxing_client::ClientError;

/// The forms, the one that is chosen, and its periods.
#[derive(Debug, Clone, PartialEq)]
struct Choice {
    forms: Rc<Vec<FormSummary>>,
    form: String,
    periods: Vec<FormPeriod>,
}

/// A period that is about to be locked or opened.
#[derive(Debug, Clone, PartialEq)]
struct Turn {
    form: String,
    form_name: String,
    period: String,
    lock: bool,
}

/// The page.
#[function_component]
pub fn Periods() -> Html {
    use_language();
    let query = use_query();
    let wanted = query.get("form").cloned().unwrap_or_default();
    let (load, again) = use_load(wanted, |session, wanted| async move {
        let forms = session.forms().await?;
        let first = forms.first().map(|form| form.code.clone());
        let form = if wanted.is_empty() {
            first.unwrap_or_default()
        } else {
            wanted
        };
        let periods = session.client.periods(&form).await?.items;
        Ok(Choice {
            forms,
            form,
            periods,
        })
    });
    let turn = use_state(|| None::<Turn>);
    let ask = {
        let turn = turn.clone();
        Callback::from(move |next| turn.set(Some(next)))
    };
    let close = {
        let turn = turn.clone();
        Callback::from(move |()| turn.set(None))
    };
    let done = {
        let (turn, again) = (turn.clone(), again.clone());
        Callback::from(move |()| {
            turn.set(None);
            again.emit(());
        })
    };
    html! {
        <>
            <PageHeader title={t!("periods")} lead={html! { { t!("periods-lead") } }} />
            { loaded(&load, &again, |choice| html! { <List choice={choice.clone()} query={query.clone()} {ask} /> }) }
            if let (Some(turn), Load::Ready(_)) = (&*turn, &load) { <Asked turn={turn.clone()} {close} {done} /> }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ListProps {
    choice: Choice,
    query: Query,
    ask: Callback<Turn>,
}

#[function_component]
fn List(props: &ListProps) -> Html {
    use_language();
    let go = use_go::<Route>();
    let choice = &props.choice;
    let change = |name: &'static str| {
        let query = props.query.clone();
        go.reform(move |value: String| (Route::Periods, with(&query, name, &value)))
    };
    let forms: Vec<(String, String)> = choice.forms.iter().map(form_choice).collect();
    let state = props.query.get("state").cloned().unwrap_or_default();
    let form = choice.forms.iter().find(|form| form.code == choice.form);
    let name = form.map_or_else(String::new, |form| form_choice(form).1);
    let shown = choice
        .periods
        .iter()
        .filter(|row| state.is_empty() || code(row) == state);
    let rows: Vec<Row> = shown
        .map(|period| row(period, &choice.form, &name, &props.ask))
        .collect();
    let lead = form.map(|form| t!("periods-of", level = words::level(form.level)));
    html! {
        <Card title={name.clone()} aside={html! { <small>{ lead.unwrap_or_default() }</small> }}>
            <FilterBar>
                <Select label={t!("form")} value={choice.form.clone()} choices={forms} change={change("form")} />
                <Select label={t!("state")} value={state} choices={states()} change={change("state")} />
            </FilterBar>
            if rows.is_empty() { { empty(t!("periods-empty")) } } else { <Table label={t!("periods-table")} columns={columns()} {rows} /> }
        </Card>
    }
}

fn form_choice(form: &FormSummary) -> (String, String) {
    let name = named(&form.name_zh, &form.name_en).to_owned();
    (form.code.clone(), name)
}

/// The state by which a period is filtered: what is locked is locked, historical or not.
fn code(period: &FormPeriod) -> &'static str {
    match period.state {
        _ if period.locked => "locked",
        PeriodState::Historical => "historical",
        PeriodState::Open => "open",
        PeriodState::Locked => "locked",
        PeriodState::Upcoming => "upcoming",
    }
}

fn states() -> Vec<(String, String)> {
    let all = [
        ("open", PeriodState::Open),
        ("locked", PeriodState::Locked),
        ("upcoming", PeriodState::Upcoming),
        ("historical", PeriodState::Historical),
    ];
    let mut choices = vec![(String::new(), t!("all"))];
    choices.extend(all.map(|(code, state)| (code.to_owned(), words::period_state(state))));
    choices
}

fn columns() -> Vec<Column> {
    vec![
        Column::text(t!("period")),
        Column::text(t!("state")),
        Column::text(t!("period-opens")).minor(),
        Column::text(t!("due-fill")),
        Column::text(t!("due-check")),
        Column::text(t!("due-approve")),
        Column::text(t!("act")),
    ]
}

fn row(period: &FormPeriod, form: &str, form_name: &str, ask: &Callback<Turn>) -> Row {
    let day = |day: Option<NaiveDate>| {
        Cell::text(day.map_or_else(|| NOTHING.to_owned(), |day| day.to_string()))
    };
    let turn = Turn {
        form: form.to_owned(),
        form_name: form_name.to_owned(),
        period: period.period.clone(),
        lock: !period.locked,
    };
    let word = if turn.lock { t!("lock") } else { t!("unlock") };
    let ask = {
        let ask = ask.clone();
        Callback::from(move |_: MouseEvent| ask.emit(turn.clone()))
    };
    let class = match code(period) {
        "locked" => "zx-label-amber",
        "open" => "zx-label-green",
        _ => "zx-label-plain",
    };
    let mut state = words::period_state(period.state);
    if period.locked && period.state != PeriodState::Locked {
        state = t!(
            "with-unit",
            name = state,
            unit = words::period_state(PeriodState::Locked)
        );
    }
    let act = match period.state {
        PeriodState::Upcoming if !period.locked => html! { NOTHING },
        _ => html! { <button type="button" class="zx-button" onclick={ask}>{ word }</button> },
    };
    Row::of(
        &period.period,
        vec![
            Cell::text(format::period(&period.period)),
            Cell::html(html! { <span class={classes!("zx-label", class)}>{ state }</span> }),
            day(period.opens),
            day(period.fill_due),
            day(period.check_due),
            day(period.approve_due),
            Cell::html(act),
        ],
    )
}

#[derive(Clone, PartialEq, Properties)]
struct AskedProps {
    turn: Turn,
    close: Callback<()>,
    done: Callback<()>,
}

#[function_component]
fn Asked(props: &AskedProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let busy = use_state(|| false);
    let said = use_state(String::new);
    let turn = props.turn.clone();
    let confirm = {
        let (busy, said, done, turn) =
            (busy.clone(), said.clone(), props.done.clone(), turn.clone());
        Callback::from(move |()| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (busy, said, done, turn, toast) = (
                busy.clone(),
                said.clone(),
                done.clone(),
                turn.clone(),
                toast.clone(),
            );
            spawn_local(async move {
                match turned(&session.client, &turn).await {
                    Ok(()) => {
                        if let Some(toast) = toast {
                            toast.done(if turn.lock {
                                t!("locked-done")
                            } else {
                                t!("unlocked-done")
                            });
                        }
                        done.emit(());
                    }
                    Err(error) => said.set(format::error(&error)),
                }
                busy.set(false);
            });
        })
    };
    let period = format::period(&turn.period);
    let (title, act) = if turn.lock {
        (
            t!(
                "lock-ask",
                period = period.clone(),
                form = turn.form_name.clone()
            ),
            t!("lock-act", period = period),
        )
    } else {
        (
            t!(
                "unlock-ask",
                period = period.clone(),
                form = turn.form_name.clone()
            ),
            t!("unlock-act", period = period),
        )
    };
    html! {
        <Confirm {title} {act} busy={*busy} {confirm} cancel={props.close.clone()}>
            { alert(&said) }
            <p>{ if turn.lock { t!("lock-means") } else { t!("unlock-means") } }</p>
        </Confirm>
    }
}

async fn turned(client: &zhenxing_client::Client, turn: &Turn) -> Result<(), ClientError> {
    let (seen, revision) = client.period(&turn.form, &turn.period).await?;
    // Somebody else did the same meanwhile.
    if seen.locked == turn.lock {
        return Ok(());
    }
    let set = client.set_period(&turn.form, &turn.period, revision, turn.lock);
    set.await.map(drop)
}
