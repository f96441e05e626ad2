//! One task: what is asked until when, the act that is possible now, notes, and its history.

use super::ask::{self, Doing};
use super::words_of;
use crate::components::timeline::{Moment, timeline};
use crate::components::{Card, More, PageHeader, empty, light, loaded};
use crate::format;
use crate::hooks::{Load, Query, use_load, use_pages};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::extension::{ExtensionAction, ExtensionState};
use zhenxing_api_types::programme::Matter;
use zhenxing_api_types::target::{TargetComparison, UnitTarget};
use zhenxing_api_types::task::{Task, TaskAction, TaskEntry, TaskRequest};

/// The properties of the page.
#[derive(Clone, PartialEq, Properties)]
pub struct TaskPageProps {
    /// The task's number.
    pub id: Uuid,
}

/// A task with what belongs to it.
#[derive(Clone, PartialEq)]
struct Shown {
    task: Rc<Task>,
    matter: Option<Rc<Matter>>,
    requests: Rc<Vec<TaskRequest>>,
    targets: Rc<Vec<UnitTarget>>,
}

/// The page.
#[function_component]
pub fn TaskPage(props: &TaskPageProps) -> Html {
    use_language();
    let (load, again) = use_load(props.id, |session, id| async move {
        let client = &session.client;
        let task = Rc::new(client.task(id).await?);
        let matters = client.matters("").await?.items;
        let matter = matters.into_iter().find(|one| one.code == task.matter);
        let requests = Rc::new(client.task_requests(id).await?.items);
        // Who may not see figures sees the task all the same.
        let targets = client.targets(&task.unit.code, &task.matter).await;
        let targets = targets.map(|found| found.targets).unwrap_or_default();
        Ok(Shown {
            task,
            matter: matter.map(Rc::new),
            requests,
            targets: Rc::new(targets),
        })
    });
    let entries = use_pages(props.id, |session, id: Uuid, cursor| async move {
        session.client.task_entries(id, &cursor).await
    });
    let doing = use_state(|| None::<Doing>);
    let set = {
        let doing = doing.clone();
        Callback::from(move |next: Option<Doing>| doing.set(next))
    };
    let done = {
        let (set, again, history) = (set.clone(), again.clone(), entries.again.clone());
        Callback::from(move |()| {
            set.emit(None);
            again.emit(());
            history.emit(());
        })
    };
    let shown = match &load {
        Load::Ready(shown) => Some(shown.clone()),
        _ => None,
    };
    let title = shown
        .as_ref()
        .map_or_else(|| t!("tasks"), |shown| name(shown));
    html! {
        <>
            <PageHeader {title} lead={shown.as_ref().map(lead).unwrap_or_default()} crumbs={crumbs(shown.as_ref())}>
                if let Some(shown) = &shown { { onward(&shown.task, &set) } }
            </PageHeader>
            { loaded(&load, &again, |shown| html! {
                <div class="zx-columns"><div>
                    <Card title={t!("task-about")}>{ facts(shown) }</Card>
                    { asked(shown, &set) }
                    <Card title={t!("task-history")}>
                        { loaded(&entries.load, &entries.again, |rows| history(rows)) }
                        if let Load::Ready(rows) = &entries.load { if !rows.is_empty() { <More shown={rows.len()} has_more={entries.has_more} more={entries.more.clone()} /> } }
                    </Card>
                </div><div>{ others(&shown.task, &set) }</div></div>
            }) }
            if let (Some(doing), Some(shown)) = ((*doing).clone(), &shown) {
                <ask::DoDialog {doing} task={Rc::clone(&shown.task)} {done} close={set.reform(|()| None)} />
            }
        </>
    }
}

fn name(shown: &Shown) -> String {
    let matter = shown.matter.as_deref();
    let matter = matter.map_or(shown.task.matter.as_str(), |matter| {
        named(&matter.name_zh, &matter.name_en)
    });
    t!(
        "task-of-unit",
        matter = matter,
        unit = shown.task.unit.name.clone()
    )
}

fn lead(shown: &Shown) -> Html {
    let task = &shown.task;
    html! { <span class="zx-row">{ format::period(&task.period) }{ words_of::label(task.state) }{ t!("task-due-by", day = task.due.to_string()) }{ light(task.light) }</span> }
}

fn crumbs(shown: Option<&Shown>) -> Html {
    let tree = shown.map(|shown| {
        let query = Query::from([
            ("matter".to_owned(), shown.task.matter.clone()),
            ("period".to_owned(), shown.task.period.clone()),
        ]);
        html! { <li><Link<Route, Query> to={Route::TaskTree} query={Some(query)}>{ &shown.task.matter }</Link<Route, Query>></li> }
    });
    html! { <nav aria-label={t!("tasks-up")}><ul class="zx-crumbs"><li><Link<Route> to={Route::Tasks}>{ t!("tasks") }</Link<Route>></li>{ for tree }</ul></nav> }
}

/// The act that is possible now, as the page's one primary button.
fn onward(task: &Task, set: &Callback<Option<Doing>>) -> Html {
    let next = words_of::ONWARD
        .into_iter()
        .find(|action| task.actions.contains(action));
    let Some(next) = next else {
        return Html::default();
    };
    let click = set.reform(move |_: MouseEvent| Some(Doing::Act(next)));
    html! { <button type="button" class="zx-button zx-primary" onclick={click}>{ words_of::action(next) }</button> }
}

fn facts(shown: &Shown) -> Html {
    let task = &shown.task;
    let departments = |all: &mut dyn Iterator<Item = &zhenxing_api_types::task::DepartmentRef>| {
        let names: Vec<&str> = all.map(|one| named(&one.name_zh, &one.name_en)).collect();
        if names.is_empty() {
            format::NOTHING.to_owned()
        } else {
            names.join(&t!("list-and"))
        }
    };
    html! {
        <>
            if let Some(matter) = &shown.matter { <p>{ named(&matter.summary_zh, &matter.summary_en) }</p> }
            <dl class="zx-facts">
                <dt>{ t!("task-handed-down-by") }</dt><dd>{ &task.issued_by_unit }{ " " }{ &task.issued_by }{ " " }{ format::instant(task.issued_at) }</dd>
                <dt>{ t!("task-lead-department") }</dt><dd>{ departments(&mut task.lead_department.iter()) }</dd>
                <dt>{ t!("task-responsible") }</dt><dd>{ departments(&mut task.responsible_departments.iter()) }</dd>
                <dt>{ t!("task-targets") }</dt><dd>{ targets(shown) }</dd>
                if let Some(note) = &task.note { <dt>{ t!("task-words") }</dt><dd>{ note }</dd> }
            </dl>
        </>
    }
}

fn targets(shown: &Shown) -> Html {
    let metrics = shown.matter.as_deref().map(|matter| &matter.metrics);
    let line = |target: &UnitTarget| {
        let metric = metrics?
            .iter()
            .find(|metric| metric.code == target.metric)?;
        let value = format::short(metric, Some(target.value));
        let name = named(&metric.name_zh, &metric.name_en);
        let words = match target.comparison {
            TargetComparison::AtLeast => t!("target-at-least", value = value),
            TargetComparison::AtMost => t!("target-at-most", value = value),
            TargetComparison::About => t!("target-about", value = value),
        };
        let link = Query::from([
            ("metric".to_owned(), metric.code.clone()),
            ("unit".to_owned(), shown.task.unit.code.clone()),
        ]);
        Some(
            html! { <li><Link<Route, Query> to={Route::Targets} query={Some(link)}>{ name }</Link<Route, Query>>{ " " }{ t!("target-of-day", words = words, day = target.by.to_string()) }</li> },
        )
    };
    let lines: Vec<Html> = shown.targets.iter().filter_map(line).collect();
    if lines.is_empty() {
        return html! { { t!("task-no-targets") } };
    }
    html! { <ul>{ for lines }</ul> }
}

/// What was asked about it, with what can be done about that.
fn asked(shown: &Shown, set: &Callback<Option<Doing>>) -> Html {
    if shown.requests.is_empty() {
        return Html::default();
    }
    let line = |request: &TaskRequest| {
        let state = match request.state {
            ExtensionState::Asked => t!("extension-asked"),
            ExtensionState::Granted => t!("extension-granted"),
            ExtensionState::Refused => t!("extension-refused"),
            ExtensionState::Withdrawn => t!("extension-withdrawn"),
        };
        let button = |action: &ExtensionAction| {
            let next = Doing::Decide(*action, Box::new(request.clone()));
            let word = ask::decision(*action);
            let class = classes!(
                "zx-button",
                (*action == ExtensionAction::Grant).then_some("zx-primary")
            );
            html! { <button type="button" {class} onclick={set.reform(move |_: MouseEvent| Some(next.clone()))}>{ word }</button> }
        };
        html! {
            <li class="zx-request">
                <p><strong>{ words_of::request(request.kind) }</strong>{ " " }<span class="zx-label zx-label-plain">{ state }</span>
                    if let Some(until) = request.until { { " " }{ t!("task-until", due = request.due.to_string(), until = until.to_string()) } }</p>
                <p>{ &request.reason }<small>{ " " }{ &request.asked_by }{ " " }{ format::instant(request.asked_at) }</small></p>
                if let Some(decision) = &request.decision { <p>{ t!("task-decision", words = decision.clone()) }</p> }
                if !request.actions.is_empty() { <div class="zx-row">{ for request.actions.iter().map(button) }</div> }
            </li>
        }
    };
    html! { <Card title={t!("task-requests")}><ul>{ for shown.requests.iter().map(line) }</ul></Card> }
}

/// What else can be done: notes, what is asked for, what stops it.
fn others(task: &Task, set: &Callback<Option<Doing>>) -> Html {
    let next = words_of::ONWARD
        .into_iter()
        .find(|action| task.actions.contains(action));
    let acts = task.actions.iter().filter(|action| Some(**action) != next);
    let acts = acts.map(|action| (Doing::Act(*action), words_of::action(*action)));
    let asks = task.may_ask.iter();
    let asks = asks.map(|kind| (Doing::Ask(*kind), words_of::request(*kind)));
    let notes = task.may_note.then(|| (Doing::Note, t!("task-write-note")));
    let all: Vec<(Doing, String)> = notes.into_iter().chain(asks).chain(acts).collect();
    let button = |(doing, word): &(Doing, String)| {
        let doing = doing.clone();
        html! { <button type="button" class="zx-button" onclick={set.reform(move |_: MouseEvent| Some(doing.clone()))}>{ word }</button> }
    };
    html! {
        <Card title={t!("task-more")}>
            if all.is_empty() { { empty(t!("task-nothing-to-do")) } } else { <div class="zx-row">{ for all.iter().map(button) }</div> }
        </Card>
    }
}

fn history(rows: &[TaskEntry]) -> Html {
    let moment = |entry: &TaskEntry| {
        let who = entry.deputy.as_ref().map_or_else(
            || entry.by.clone(),
            |deputy| {
                t!(
                    "task-by-deputy",
                    deputy = deputy.clone(),
                    who = entry.by.clone()
                )
            },
        );
        Moment {
            what: words_of::deed(entry),
            who: format!("{} {who} {}", entry.by_unit, format::instant(entry.at)),
            detail: html! {
                <>
                    if let Some(words) = &entry.words { <p>{ words }</p> }
                    if let Some(until) = entry.until { <p>{ t!("task-new-day", day = until.to_string()) }</p> }
                    if let Some(from) = &entry.from_unit { <p>{ t!("task-from-unit", unit = from.clone()) }</p> }
                </>
            },
        }
    };
    timeline(rows.iter().map(moment).collect())
}

/// Whether the words of an act have to be written.
pub fn needs_words(action: TaskAction) -> bool {
    matches!(
        action,
        TaskAction::Report | TaskAction::Return | TaskAction::Suspend | TaskAction::Terminate
    )
}
