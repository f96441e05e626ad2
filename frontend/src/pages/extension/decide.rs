//! Extensions that wait for a decision, and those that were decided: one at a time, or several at once.

use super::{answer, state_label};
use crate::components::dialog::Dialog;
use crate::components::field::{Select, TextField};
use crate::components::filter::FilterBar;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::toast::use_toast;
use crate::components::{Card, More, empty, light, loaded};
use crate::format;
use crate::hooks::{Load, Query, use_go, use_load, use_pages, use_query, use_session, with};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::collections::BTreeSet;
use std::rc::Rc;
use uuid::Uuid;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::extension::{ActOnExtension, Extension, ExtensionAction};
use zhenxing_api_types::programme::FormSummary;
use zhenxing_api_types::session::Me;
use zhenxing_api_types::workbench::WaitingExtensions;
use zhenxing_client::Client;

/// What waits, as the workbench counts it.
#[derive(Clone, PartialEq, Properties)]
pub struct DecisionsProps {
    /// The forms and periods with extensions that wait.
    pub waiting: Vec<WaitingExtensions>,
    /// Counts again.
    pub again: Callback<()>,
}

/// The list with its filters.
#[function_component]
pub fn Decisions(props: &DecisionsProps) -> Html {
    use_language();
    let (load, again) = use_load((), |session, ()| async move {
        let forms = session.forms().await?;
        let me = session.me();
        let own = |form: &&FormSummary| me.as_deref().is_some_and(|me| decides(me, form));
        Ok(forms.iter().filter(own).cloned().collect::<Vec<_>>())
    });
    loaded(&load, &again, |forms| {
        let choices = choices(&props.waiting, forms);
        html! { <List {choices} waiting={props.waiting.clone()} again={props.again.clone()} /> }
    })
}

/// Whether extensions of a form are decided at the asker's level: there where its reports are checked first.
fn decides(me: &Me, form: &FormSummary) -> bool {
    form.check_level.unwrap_or(form.approve_level) == me.unit.level
}

/// Form and period with their words: what waits first, then the current periods of the other forms.
fn choices(waiting: &[WaitingExtensions], forms: &[FormSummary]) -> Vec<(String, String)> {
    let of = |form: &str, period: &str| {
        t!(
            "form-of-period",
            period = format::period(period),
            form = form
        )
    };
    let mut choices: Vec<(String, String)> = waiting
        .iter()
        .map(|row| {
            let name = of(named(&row.form_name_zh, &row.form_name_en), &row.period);
            (
                format!("{} {}", row.form, row.period),
                t!("review-choice", name = name, count = row.count),
            )
        })
        .collect();
    for form in forms {
        let code = format!("{} {}", form.code, form.current_period);
        if choices.iter().all(|(known, _)| *known != code) {
            let name = named(&form.name_zh, &form.name_en);
            choices.push((code, of(name, &form.current_period)));
        }
    }
    choices
}

#[derive(Clone, PartialEq, Properties)]
struct ListProps {
    choices: Vec<(String, String)>,
    waiting: Vec<WaitingExtensions>,
    again: Callback<()>,
}

/// What is about to be decided.
#[derive(Debug, Clone, PartialEq)]
struct Deciding {
    action: ExtensionAction,
    rows: Vec<Extension>,
}

#[function_component]
fn List(props: &ListProps) -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    let wanted = format!("{} {}", of("form"), of("period"));
    let known = props.choices.iter().find(|(code, _)| *code == wanted);
    let chosen = known.or(props.choices.first());
    let code = chosen.map(|(code, _)| code.clone()).unwrap_or_default();
    let state = query
        .get("state")
        .cloned()
        .unwrap_or_else(|| "asked".to_owned());
    let picked = use_state(BTreeSet::<Uuid>::new);
    let deciding = use_state(|| None::<Deciding>);
    let pages = use_pages(
        (code.clone(), state.clone()),
        |session, (code, state): (String, String), cursor| async move {
            let (form, period) = code.split_once(' ').unwrap_or_default();
            session
                .client
                .extensions(form, period, "", &state, &cursor)
                .await
        },
    );
    let choose = {
        let (go, query) = (go.clone(), query.clone());
        Callback::from(move |code: String| go.emit((Route::Review, at(&query, &code))))
    };
    // What is chosen stays chosen when nothing of it waits any longer.
    let here = at(&query, &code);
    let narrow = {
        let (here, go) = (here.clone(), go.clone());
        Callback::from(move |state: String| {
            go.emit((Route::Review, with(&here, "state", &state)));
        })
    };
    let done = {
        let (deciding, picked) = (deciding.clone(), picked.clone());
        let (pages_again, again) = (pages.again.clone(), props.again.clone());
        Callback::from(move |()| {
            deciding.set(None);
            picked.set(BTreeSet::new());
            go.emit((Route::Review, here.clone()));
            pages_again.emit(());
            again.emit(());
        })
    };
    let decide = {
        let deciding = deciding.clone();
        Callback::from(move |wish| deciding.set(Some(wish)))
    };
    let close = {
        let deciding = deciding.clone();
        Callback::from(move |()| deciding.set(None))
    };
    let own = props
        .waiting
        .iter()
        .find(|row| format!("{} {}", row.form, row.period) == code);
    let aside = html! { if let Some(row) = own { <span>{ t!("due-by", day = row.due.to_string()) }{ " " }{ light(row.light) }</span> } };
    html! {
        <Card title={t!("extensions")} {aside}>
            <FilterBar>
                <Select label={t!("form")} value={code} choices={props.choices.clone()} change={choose} />
                <Select label={t!("state")} value={state.clone()} choices={states()} change={narrow} />
            </FilterBar>
            { loaded(&pages.load, &pages.again, |rows| {
                if rows.is_empty() {
                    return empty(if state == "asked" { t!("extensions-empty") } else { t!("extensions-none") });
                }
                html! { <>{ many(rows, &picked, &decide) }{ table(rows, &picked, &decide) }</> }
            }) }
            if let Load::Ready(rows) = &pages.load {
                if !rows.is_empty() { <More shown={rows.len()} has_more={pages.has_more} more={pages.more.clone()} /> }
            }
            if let Some(wish) = &*deciding { <Decide wish={wish.clone()} {done} {close} /> }
        </Card>
    }
}

/// The link of a form and period.
fn at(query: &Query, code: &str) -> Query {
    let (form, period) = code.split_once(' ').unwrap_or_default();
    with(&with(query, "form", form), "period", period)
}

fn states() -> Vec<(String, String)> {
    [
        ("asked", t!("extension-asked")),
        ("granted", t!("extension-granted")),
        ("refused", t!("extension-refused")),
        ("withdrawn", t!("extension-withdrawn")),
    ]
    .map(|(code, word)| (code.to_owned(), word))
    .into()
}

/// Whether the asker can decide about it now.
fn open(one: &Extension) -> bool {
    one.actions.contains(&ExtensionAction::Grant)
}

/// What can be done with those that are picked.
fn many(
    rows: &Rc<Vec<Extension>>,
    picked: &UseStateHandle<BTreeSet<Uuid>>,
    decide: &Callback<Deciding>,
) -> Html {
    let can: Vec<&Extension> = rows.iter().filter(|one| open(one)).collect();
    if can.len() < 2 {
        return Html::default();
    }
    let chosen = can.iter().filter(|one| picked.contains(&one.id));
    let chosen: Vec<Extension> = chosen.map(|one| (*one).clone()).collect();
    let all = chosen.len() == can.len();
    let turn = {
        let picked = picked.clone();
        let ids: BTreeSet<Uuid> = can.iter().map(|one| one.id).collect();
        Callback::from(move |_: Event| {
            picked.set(if all { BTreeSet::new() } else { ids.clone() });
        })
    };
    let none = chosen.is_empty();
    let act = |action: ExtensionAction| {
        let (decide, rows) = (decide.clone(), chosen.clone());
        Callback::from(move |_: MouseEvent| {
            decide.emit(Deciding {
                action,
                rows: rows.clone(),
            });
        })
    };
    html! {
        <div class="zx-row zx-many">
            <label class="zx-check"><input type="checkbox" class="zx-pick-box" checked={all} onchange={turn} />{ t!("extensions-all", count = can.len()) }</label>
            <span>{ t!("extensions-picked", count = chosen.len()) }</span>
            <button type="button" class="zx-button" disabled={none} onclick={act(ExtensionAction::Grant)}>{ t!("extensions-grant-picked") }</button>
            <button type="button" class="zx-button" disabled={none} onclick={act(ExtensionAction::Refuse)}>{ t!("extensions-refuse-picked") }</button>
        </div>
    }
}

fn table(
    rows: &Rc<Vec<Extension>>,
    picked: &UseStateHandle<BTreeSet<Uuid>>,
    decide: &Callback<Deciding>,
) -> Html {
    let columns = vec![
        Column::text(t!("unit")).sorts(),
        Column::text(t!("unit-above")).sorts().minor(),
        Column::text(t!("extension-from")),
        Column::text(t!("extension-to")).sorts(),
        Column::text(t!("extension-reason")),
        Column::text(t!("extension-asker")).minor(),
        Column::text(t!("extension-outcome")),
    ];
    let several = rows.iter().filter(|one| open(one)).count() > 1;
    let line = |one: &Extension| {
        let days = (one.until - one.due).num_days();
        let to = t!(
            "extension-days",
            until = one.until.to_string(),
            count = days
        );
        let asked = format!("{} {}", one.asked_by, format::instant(one.asked_at));
        Row::of(
            one.id.to_string(),
            vec![
                Cell::html(name(one, several, picked)).by_text(&one.unit.name),
                Cell::text(one.parent_name.clone().unwrap_or_default()),
                Cell::text(one.due.to_string()),
                Cell::text(to),
                Cell::text(&one.reason),
                Cell::text(asked),
                Cell::html(act(one, decide)),
            ],
        )
    };
    let lines: Vec<Row> = rows.iter().map(line).collect();
    html! { <Table label={t!("extensions")} {columns} rows={lines} /> }
}

/// The unit's name, with a box where it can be picked among several.
fn name(one: &Extension, several: bool, picked: &UseStateHandle<BTreeSet<Uuid>>) -> Html {
    if !several || !open(one) {
        return html! { { &one.unit.name } };
    }
    let turn = {
        let (picked, id) = (picked.clone(), one.id);
        Callback::from(move |_: Event| {
            let mut next = (*picked).clone();
            if !next.remove(&id) {
                next.insert(id);
            }
            picked.set(next);
        })
    };
    html! { <label class="zx-check"><input type="checkbox" class="zx-pick-box" checked={picked.contains(&one.id)} onchange={turn} />{ &one.unit.name }</label> }
}

/// The buttons of one, or what was answered.
fn act(one: &Extension, decide: &Callback<Deciding>) -> Html {
    if !open(one) {
        return html! { <>{ state_label(one.state) }if let Some(text) = answer(one) { <small>{ " " }{ text }</small> }</> };
    }
    let button = |action: ExtensionAction, word: String| {
        let (decide, one) = (decide.clone(), one.clone());
        let name = t!(
            "extension-act-of",
            act = word.clone(),
            unit = one.unit.name.clone()
        );
        let emit = Callback::from(move |_: MouseEvent| {
            decide.emit(Deciding {
                action,
                rows: vec![one.clone()],
            });
        });
        html! { <button type="button" class="zx-button" aria-label={name} onclick={emit}>{ word }</button> }
    };
    html! {
        <span class="zx-acts">{ button(ExtensionAction::Grant, t!("extension-grant")) }{ button(ExtensionAction::Refuse, t!("extension-refuse")) }</span>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DecideProps {
    wish: Deciding,
    done: Callback<()>,
    close: Callback<()>,
}

/// The dialog of a decision: what is decided, and why.
#[function_component]
fn Decide(props: &DecideProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let reason = use_state(String::new);
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let grants = props.wish.action == ExtensionAction::Grant;
    let count = props.wish.rows.len();
    let send = {
        let (reason, said, busy) = (reason.clone(), said.clone(), busy.clone());
        let (wish, done) = (props.wish.clone(), props.done.clone());
        Callback::from(move |_: MouseEvent| {
            let (Some(session), Some(toast)) = (session.clone(), toast.clone()) else {
                return;
            };
            let text = reason.trim().to_owned();
            if text.is_empty() && !grants {
                said.set(t!("extension-refuse-needs"));
                return;
            }
            busy.set(true);
            let (wish, done) = (wish.clone(), done.clone());
            spawn_local(async move {
                let (sent, refused) = decide_all(&session.client, &wish, &text).await;
                match refused {
                    None => toast.done(t!("extensions-done", count = sent)),
                    Some(why) => toast.failed(t!(
                        "extensions-partly",
                        count = sent,
                        refused = wish.rows.len() - sent,
                        reason = why
                    )),
                }
                done.emit(());
            });
        })
    };
    let (title, act) = if grants {
        (
            t!("extension-grant-title", count = count),
            t!("extension-grant"),
        )
    } else {
        (
            t!("extension-refuse-title", count = count),
            t!("extension-refuse"),
        )
    };
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
        <button type="button" class="zx-button zx-primary" disabled={*busy} onclick={send}>{ act }</button></>
    };
    let change = {
        let reason = reason.clone();
        Callback::from(move |text| reason.set(text))
    };
    let line = |one: &Extension| html! { <li>{ &one.unit.name }{ " · " }{ t!("extension-line", until = one.until.to_string(), due = one.due.to_string()) }<small>{ t!("extension-because", reason = one.reason.clone()) }</small></li> };
    html! {
        <Dialog {title} close={props.close.clone()} {acts}>
            <ul class="zx-deciding">{ for props.wish.rows.iter().map(line) }</ul>
            <TextField id="decision" label={t!("extension-decision")} lines={2} max={Some(500)} required={!grants} value={(*reason).clone()} {change}
                hint={if grants { t!("extension-grant-hint") } else { t!("extension-refuse-hint") }} error={(*said).clone()} />
        </Dialog>
    }
}

/// Decides one after another: how many were taken, and why the first that was not.
async fn decide_all(client: &Client, wish: &Deciding, reason: &str) -> (usize, Option<String>) {
    let act = ActOnExtension {
        action: wish.action,
        reason: Some(reason.to_owned()).filter(|text| !text.is_empty()),
    };
    let mut sent = 0;
    let mut refused = None;
    for one in &wish.rows {
        match client.act_on_extension(one.id, one.revision, &act).await {
            Ok(_) => sent += 1,
            Err(error) => {
                refused.get_or_insert(format::error(&error));
            }
        }
    }
    (sent, refused)
}
