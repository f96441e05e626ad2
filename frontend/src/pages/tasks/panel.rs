//! One task: what it is, where it stands, the act that is possible now, its notes and its history.

use super::files::{Attached, FileLinks, FilesField, Step};
use super::targets_of::TargetsOf;
use super::{Matters, requests, words_of};
use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::components::timeline::{Moment, timeline};
use crate::components::{Card, More, PageHeader, alert, light, loaded};
use crate::format;
use crate::hooks::{Query, use_load, use_pages, with};
use crate::i18n::use_language;
use crate::routes::Route;
use crate::send::use_sending;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::task::{ActOnTask, CreateNote, Task, TaskAction, TaskEntry};

/// Which task.
#[derive(Clone, PartialEq, Properties)]
pub struct TaskPageProps {
    /// Its number.
    pub id: Uuid,
}

/// The page of a task.
#[function_component]
pub fn TaskPage(props: &TaskPageProps) -> Html {
    use_language();
    let round = use_state(|| 0_u32);
    let (load, again) = use_load((props.id, *round), |session, (id, _)| async move {
        let task = session.client.task(id).await?;
        let matters = session.client.matters("").await?;
        Ok((task, Rc::new(matters.items)))
    });
    let changed = {
        let round = round.clone();
        Callback::from(move |()| round.set(round.wrapping_add(1)))
    };
    loaded(&load, &again, |(task, matters)| {
        html! { <Shown task={task.clone()} matters={Rc::clone(matters)} {changed} round={*round} /> }
    })
}

#[derive(Clone, PartialEq, Properties)]
struct ShownProps {
    task: Task,
    matters: Matters,
    changed: Callback<()>,
    round: u32,
}

/// The acts in the order in which they are offered: the first is the page's one primary button.
const ORDER: [TaskAction; 9] = [
    TaskAction::Accept,
    TaskAction::Report,
    TaskAction::Start,
    TaskAction::Pass,
    TaskAction::Close,
    TaskAction::Resume,
    TaskAction::Return,
    TaskAction::Suspend,
    TaskAction::Terminate,
];

#[function_component]
fn Shown(props: &ShownProps) -> Html {
    use_language();
    let acting = use_state(|| None::<TaskAction>);
    let asking = use_state(|| false);
    let task = &props.task;
    let possible: Vec<TaskAction> = ORDER
        .into_iter()
        .filter(|action| task.actions.contains(action))
        .collect();
    let button = |(place, action): (usize, &TaskAction)| {
        let (acting, action) = (acting.clone(), *action);
        let click = Callback::from(move |_: MouseEvent| acting.set(Some(action)));
        html! { <button type="button" class={classes!("zx-button", (place == 0).then_some("zx-primary"))} onclick={click}>{ words_of::action(action) }</button> }
    };
    let close = {
        let (acting, asking) = (acting.clone(), asking.clone());
        Callback::from(move |()| {
            acting.set(None);
            asking.set(false);
        })
    };
    let ask = {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| asking.set(true))
    };
    let matter = words_of::matter(&props.matters, &task.matter);
    let to = with(&with(&Query::new(), "view", "tree"), "matter", &task.matter);
    let to = with(&to, "period", &task.period);
    let crumbs = html! {
        <nav aria-label={t!("crumbs")}><ol class="zx-crumbs">
            <li><Link<Route> to={Route::Tasks}>{ t!("tasks") }</Link<Route>></li>
            <li><Link<Route, Query> to={Route::Tasks} query={Some(to)}>{ &matter }</Link<Route, Query>></li>
            <li aria-current="page">{ &task.unit.name }</li>
        </ol></nav>
    };
    let lead = html! { <>{ &task.unit.name }{ " · " }{ format::period(&task.period) }{ " " }{ words_of::label(task.state) }{ " " }{ light(task.light) }</> };
    html! {
        <>
            <PageHeader title={matter} {lead} {crumbs}>
                if !task.may_ask.is_empty() { <button type="button" class="zx-button" onclick={ask}>{ t!("task-ask") }</button> }
                { for possible.iter().enumerate().map(button).rev() }
            </PageHeader>
            <div class="zx-columns">
                <div>
                    { facts(task, &props.matters) }
                    <requests::Requests task={task.clone()} changed={props.changed.clone()} round={props.round} />
                    if task.may_note { <Note id={task.id} changed={props.changed.clone()} /> }
                </div>
                <History id={task.id} issued={issued(task)} round={props.round} />
            </div>
            if let Some(action) = *acting { <Act task={task.clone()} {action} changed={props.changed.clone()} close={close.clone()} /> }
            if *asking { <requests::Ask task={task.clone()} changed={props.changed.clone()} {close} /> }
        </>
    }
}

fn facts(task: &Task, matters: &Matters) -> Html {
    let responsible: Vec<String> = task
        .responsible_departments
        .iter()
        .map(words_of::department)
        .collect();
    html! {
        <Card title={t!("task")}>
            <dl class="zx-facts">
                <dt>{ t!("task-due") }</dt><dd>{ task.due.to_string() }{ " " }{ light(task.light) }</dd>
                if let Some(lead) = &task.lead_department { <dt>{ t!("task-lead") }</dt><dd>{ words_of::department(lead) }</dd> }
                if !responsible.is_empty() { <dt>{ t!("task-responsible") }</dt><dd>{ responsible.join(&t!("list-separator")) }</dd> }
                <dt>{ t!("task-targets") }</dt><dd><TargetsOf task={task.clone()} matters={Rc::clone(matters)} /></dd>
                <dt>{ t!("task-issuer") }</dt><dd>{ &task.issued_by_unit }{ " " }<small>{ &task.issued_by }{ " " }{ format::instant(task.issued_at) }</small></dd>
                if let Some(note) = &task.note { <dt>{ t!("task-note-with") }</dt><dd class="zx-pre">{ note }</dd> }
            </dl>
        </Card>
    }
}

/// The first moment of a task, which no entry tells.
fn issued(task: &Task) -> Moment {
    Moment {
        what: t!("task-issued"),
        who: format!(
            "{} {} {}",
            task.issued_by_unit,
            task.issued_by,
            format::instant(task.issued_at)
        ),
        detail: html! { if let Some(note) = &task.note { <p class="zx-pre">{ note }</p> } },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct HistoryProps {
    id: Uuid,
    issued: Moment,
    round: u32,
}

#[function_component]
fn History(props: &HistoryProps) -> Html {
    use_language();
    let pages = use_pages(
        (props.id, props.round),
        |session, (id, _), cursor| async move { session.client.task_entries(id, &cursor).await },
    );
    html! {
        <Card title={t!("task-history")}>
            { loaded(&pages.load, &pages.again, |entries| {
                let mut moments: Vec<Moment> = entries.iter().map(moment).collect();
                if !pages.has_more { moments.push(props.issued.clone()); }
                html! { <>{ timeline(moments) }if pages.has_more { <More shown={entries.len()} has_more=true more={pages.more.clone()} /> }</> }
            }) }
        </Card>
    }
}

fn moment(entry: &TaskEntry) -> Moment {
    let deputy = entry.deputy.as_ref();
    let deputy = deputy.map_or_else(String::new, |name| t!("task-deputy", name = name.clone()));
    Moment {
        what: words_of::entry(&entry.kind),
        who: format!(
            "{} {} {deputy} {}",
            entry.by_unit,
            entry.by,
            format::instant(entry.at)
        ),
        detail: html! {
            <>
                if let Some(until) = entry.until { <p>{ t!("task-until", day = until.to_string()) }</p> }
                if let Some(unit) = &entry.from_unit { <p>{ t!("task-from-unit", unit = unit.clone()) }</p> }
                if let Some(words) = &entry.words { <p class="zx-pre">{ words }</p> }
                if !entry.files.is_empty() { <FileLinks files={entry.files.clone()} /> }
            </>
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct NoteProps {
    id: Uuid,
    changed: Callback<()>,
}

/// A progress note.
#[function_component]
fn Note(props: &NoteProps) -> Html {
    use_language();
    let words = use_state(String::new);
    let attached = use_reducer(Attached::default);
    let sending = use_sending();
    let change = {
        let words = words.clone();
        Callback::from(move |text| words.set(text))
    };
    let send = {
        let (words, sending, attached) = (words.clone(), sending.clone(), attached.clone());
        let (id, changed) = (props.id, props.changed.clone());
        Callback::from(move |_: MouseEvent| {
            let note = CreateNote {
                words: words.trim().to_owned(),
                files: attached.numbers(),
            };
            let (words, changed, attached) = (words.clone(), changed.clone(), attached.clone());
            sending.send(
                move |client| async move { client.create_task_note(id, &note).await },
                move |_| {
                    words.set(String::new());
                    attached.dispatch(Step::Clear);
                    changed.emit(());
                    Some(t!("task-noted"))
                },
            );
        })
    };
    html! {
        <Card title={t!("task-note")}>
            <TextField id="task-words" label={t!("task-note-words")} lines={3} max={Some(500)} value={(*words).clone()} {change} hint={t!("task-note-words-hint")} />
            <FilesField all={attached.clone()} />
            { alert(sending.said()) }
            <p><button type="button" class="zx-button" disabled={sending.busy() || words.trim().is_empty() || attached.waits()} onclick={send}>{ t!("task-note-send") }</button></p>
        </Card>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ActProps {
    task: Task,
    action: TaskAction,
    changed: Callback<()>,
    close: Callback<()>,
}

/// Whether the act says what was done, or why.
fn needs_words(action: TaskAction) -> bool {
    zhenxing_domain::task::TaskAction::from(action).needs_words()
}

/// An act with its words.
#[function_component]
fn Act(props: &ActProps) -> Html {
    use_language();
    let words = use_state(String::new);
    let sending = use_sending();
    let (action, needs) = (props.action, needs_words(props.action));
    let change = {
        let words = words.clone();
        Callback::from(move |text| words.set(text))
    };
    let send = {
        let (words, sending, task) = (words.clone(), sending.clone(), props.task.clone());
        let (changed, close) = (props.changed.clone(), props.close.clone());
        Callback::from(move |_: MouseEvent| {
            let text = words.trim().to_owned();
            if text.is_empty() && needs {
                sending.say(match action {
                    TaskAction::Report => t!("task-needs-result"),
                    _ => t!("task-needs-reason"),
                });
                return;
            }
            let act = ActOnTask {
                action,
                words: Some(text).filter(|text| !text.is_empty()),
            };
            let (id, revision) = (task.id, task.revision);
            let (changed, close) = (changed.clone(), close.clone());
            sending.send(
                move |client| async move { client.act_on_task(id, revision, &act).await },
                move |_| {
                    close.emit(());
                    changed.emit(());
                    Some(t!("task-acted", act = words_of::action(action)))
                },
            );
        })
    };
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
        <button type="button" class="zx-button zx-primary" disabled={sending.busy()} onclick={send}>{ words_of::action(action) }</button></>
    };
    let label = match action {
        TaskAction::Report => t!("task-result"),
        TaskAction::Return | TaskAction::Suspend | TaskAction::Terminate => t!("task-reason"),
        _ => t!("task-remark"),
    };
    let means = match action {
        TaskAction::Terminate => t!("task-terminate-means"),
        TaskAction::Suspend => t!("task-suspend-means"),
        _ => String::new(),
    };
    html! {
        <Dialog title={t!("task-act-of", act = words_of::action(action), unit = props.task.unit.name.clone())} close={props.close.clone()} {acts}>
            if !means.is_empty() { <p>{ means }</p> }
            <TextField id="act-words" {label} lines={3} max={Some(500)} required={needs} value={(*words).clone()} {change} />
            { alert(sending.said()) }
        </Dialog>
    }
}
