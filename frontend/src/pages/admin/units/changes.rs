//! 调整记录: changes of units, past and coming, what each does, and the withdrawal of those whose day has not come.

use super::effect::{effect, names};
use super::words_of;
use crate::components::dialog::Dialog;
use crate::components::field::{Select, TextField};
use crate::components::filter::FilterBar;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::toast::use_toast;
use crate::components::{Card, More, alert, empty, loaded};
use crate::format;
use crate::hooks::{Load, use_go, use_load, use_pages, use_query, use_session, with};
use crate::i18n::use_language;
use crate::routes::Route;
use std::rc::Rc;
use uuid::Uuid;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::unit_change::{UnitChange, UnitChangeState};

/// What is opened over the list.
#[derive(Debug, Clone, PartialEq)]
enum Opened {
    Detail(Uuid),
    Withdrawal(Uuid),
}

/// The list.
#[function_component]
pub fn Changes() -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let state = query.get("state").cloned().unwrap_or_default();
    let changes = use_pages(state.clone(), |session, state: String, cursor| async move {
        session.client.unit_changes("", &state, &cursor).await
    });
    let opened = use_state(|| None::<Opened>);
    let open = {
        let opened = opened.clone();
        Callback::from(move |next| opened.set(Some(next)))
    };
    let close = {
        let opened = opened.clone();
        Callback::from(move |()| opened.set(None))
    };
    let done = {
        let (opened, again) = (opened.clone(), changes.again.clone());
        Callback::from(move |()| {
            opened.set(None);
            again.emit(());
        })
    };
    let change = {
        let query = query.clone();
        go.reform(move |value: String| (Route::Units, with(&query, "state", &value)))
    };
    html! {
        <Card title={t!("changes")}>
            <FilterBar><Select label={t!("state")} value={state} choices={states()} {change} /></FilterBar>
            { loaded(&changes.load, &changes.again, |rows| table(rows, &open)) }
            if let Load::Ready(rows) = &changes.load {
                if !rows.is_empty() { <More shown={rows.len()} has_more={changes.has_more} more={changes.more.clone()} /> }
            }
            { match &*opened {
                None => Html::default(),
                Some(Opened::Detail(id)) => html! { <Shown id={*id} {close} /> },
                Some(Opened::Withdrawal(id)) => html! { <Withdrawal id={*id} {close} {done} /> },
            } }
        </Card>
    }
}

fn states() -> Vec<(String, String)> {
    let all = [
        ("planned", UnitChangeState::Planned),
        ("effective", UnitChangeState::Effective),
        ("withdrawn", UnitChangeState::Withdrawn),
    ];
    let mut choices = vec![(String::new(), t!("all"))];
    choices.extend(all.map(|(code, state)| (code.to_owned(), words_of::state(state))));
    choices
}

fn table(changes: &Rc<Vec<UnitChange>>, open: &Callback<Opened>) -> Html {
    if changes.is_empty() {
        return empty(t!("changes-empty"));
    }
    let columns = vec![
        Column::text(t!("change-day")),
        Column::text(t!("change-kind")),
        Column::text(t!("effect-before")),
        Column::text(t!("effect-after")),
        Column::text(t!("change-reason")).minor(),
        Column::text(t!("state")),
        Column::text(t!("act")),
    ];
    let rows: Vec<Row> = changes.iter().map(|change| row(change, open)).collect();
    html! { <Table label={t!("changes")} {columns} {rows} /> }
}

fn row(change: &UnitChange, open: &Callback<Opened>) -> Row {
    let id = change.id.unwrap_or_default();
    let button = |opened: Opened, word: String| {
        let open = open.clone();
        let click = Callback::from(move |_: MouseEvent| open.emit(opened.clone()));
        html! { <button type="button" class="zx-button" onclick={click}>{ word }</button> }
    };
    let state = html! { <span class={classes!("zx-label", words_of::state_class(change.state))}>{ words_of::state(change.state) }</span> };
    let acts = html! {
        <span class="zx-row">
            { button(Opened::Detail(id), t!("show")) }
            if change.state == UnitChangeState::Planned { { button(Opened::Withdrawal(id), t!("withdraw")) } }
        </span>
    };
    let result = if change.result.is_empty() {
        t!("effect-none")
    } else {
        names(&change.result)
    };
    Row::of(
        id.to_string(),
        vec![
            Cell::text(change.from.to_string()),
            Cell::text(words_of::kind(change.kind)),
            Cell::text(names(&change.units)),
            Cell::text(result),
            Cell::text(&change.reason),
            Cell::html(state),
            Cell::html(acts),
        ],
    )
}

#[derive(Clone, PartialEq, Properties)]
struct ShownProps {
    id: Uuid,
    close: Callback<()>,
}

#[function_component]
fn Shown(props: &ShownProps) -> Html {
    use_language();
    let (load, again) = use_load(props.id, |session, id| async move {
        session.client.unit_change(id).await
    });
    html! {
        <Dialog title={t!("change-shown")} wide={true} close={props.close.clone()}>
            { loaded(&load, &again, |detail| {
                let change = &detail.change;
                let by = change.by.clone().unwrap_or_default();
                html! {
                    <>
                        <p><strong>{ words_of::kind(change.kind) }</strong>{ " " }{ t!("change-from-day", day = change.from.to_string()) }</p>
                        <p class="zx-quote">{ &change.reason }<small>{ by }{ " " }{ format::instant(change.at) }</small></p>
                        if let Some(cause) = &change.locked_cause { <p class="zx-quote">{ t!("change-cause-was", cause = cause.clone()) }</p> }
                        if let Some(reason) = &change.withdrawn_reason { <p class="zx-quote">{ t!("change-withdrawn-why", reason = reason.clone()) }</p> }
                        { effect(&detail.effect) }
                    </>
                }
            }) }
        </Dialog>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WithdrawalProps {
    id: Uuid,
    close: Callback<()>,
    done: Callback<()>,
}

#[function_component]
fn Withdrawal(props: &WithdrawalProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let reason = use_state(String::new);
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let act = {
        let (id, done) = (props.id, props.done.clone());
        let (reason, said, busy) = (reason.clone(), said.clone(), busy.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (said, busy, done, toast) =
                (said.clone(), busy.clone(), done.clone(), toast.clone());
            let reason = reason.trim().to_owned();
            spawn_local(async move {
                match session.client.withdraw_unit_change(id, &reason).await {
                    Ok(_) => {
                        if let Some(toast) = toast {
                            toast.done(t!("change-taken-back"));
                        }
                        done.emit(());
                    }
                    Err(error) => said.set(format::error(&error)),
                }
                busy.set(false);
            });
        })
    };
    let change = {
        let reason = reason.clone();
        Callback::from(move |text| reason.set(text))
    };
    let acts = html! {
        <>
            <button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
            <button type="button" class="zx-button zx-primary" disabled={*busy || reason.trim().is_empty()} onclick={act}>{ t!("withdraw") }</button>
        </>
    };
    html! {
        <Dialog title={t!("withdraw-ask")} close={props.close.clone()} {acts}>
            { alert(&said) }
            <p>{ t!("withdraw-means") }</p>
            <TextField id="withdraw-reason" label={t!("withdraw-why")} value={(*reason).clone()} lines={2} max={500} required={true} {change} />
        </Dialog>
    }
}
