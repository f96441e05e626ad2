//! What is asked about a task, and its decision.

use super::words_of;
use crate::components::dialog::Dialog;
use crate::components::field::{Select, TextField};
use crate::components::unit_picker::UnitPicker;
use crate::components::{Card, alert, loaded};
use crate::draft::Picked;
use crate::format;
use crate::hooks::use_load;
use crate::i18n::use_language;
use crate::pages::extension::{answered, state_label};
use crate::send::use_sending;
use yew::prelude::*;
use zhenxing_api_types::extension::ExtensionAction;
use zhenxing_api_types::task::{AskAboutTask, DecideTaskRequest, RequestKind, Task, TaskRequest};
use zhenxing_api_types::unit::Unit;

/// Of which task.
#[derive(Clone, PartialEq, Properties)]
pub struct RequestsProps {
    /// The task.
    pub task: Task,
    /// Says that something changed.
    pub changed: Callback<()>,
    /// Grows with each change.
    pub round: u32,
}

/// What was asked about it; nothing where nothing was.
#[function_component]
pub fn Requests(props: &RequestsProps) -> Html {
    use_language();
    let deciding = use_state(|| None::<(TaskRequest, ExtensionAction)>);
    let (load, again) = use_load(
        (props.task.id, props.round),
        |session, (id, _)| async move { session.client.task_requests(id).await },
    );
    let close = {
        let deciding = deciding.clone();
        Callback::from(move |()| deciding.set(None))
    };
    let button = |request: &TaskRequest, action: ExtensionAction| {
        let (deciding, request) = (deciding.clone(), request.clone());
        let click = Callback::from(move |_: MouseEvent| {
            deciding.set(Some((request.clone(), action)));
        });
        html! { <button type="button" class="zx-button" onclick={click}>{ word(action) }</button> }
    };
    let line = |request: &TaskRequest| {
        let until = request
            .until
            .map(|day| t!("task-until", day = day.to_string()));
        html! {
            <li><span><strong>{ words_of::request(request.kind) }</strong>{ " " }{ state_label(request.state) }{ " " }{ until.unwrap_or_default() }
                <small>{ &request.reason }{ " · " }{ &request.asked_by }{ " " }{ format::instant(request.asked_at) }</small>
                if let Some(text) = answered(request.decided_at, request.decided_by.as_ref(), request.decision.as_ref()) { <small>{ text }</small> }</span>
                <span class="zx-acts">{ for request.actions.iter().map(|action| button(request, *action)) }</span></li>
        }
    };
    loaded(&load, &again, |page| {
        if page.items.is_empty() {
            return Html::default();
        }
        html! {
            <Card title={t!("task-requests")}>
                <ul class="zx-list">{ for page.items.iter().map(line) }</ul>
                if let Some((request, action)) = &*deciding { <Decide task={props.task.clone()} request={request.clone()} action={*action} changed={props.changed.clone()} close={close.clone()} /> }
            </Card>
        }
    })
}

fn word(action: ExtensionAction) -> String {
    match action {
        ExtensionAction::Grant => t!("extension-grant"),
        ExtensionAction::Refuse => t!("extension-refuse"),
        ExtensionAction::Withdraw => t!("task-withdraw"),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DecideProps {
    task: Task,
    request: TaskRequest,
    action: ExtensionAction,
    changed: Callback<()>,
    close: Callback<()>,
}

#[function_component]
fn Decide(props: &DecideProps) -> Html {
    use_language();
    let reason = use_state(String::new);
    let unit = use_state(|| None::<Picked>);
    let sending = use_sending();
    let (action, kind) = (props.action, props.request.kind);
    let needs_unit = action == ExtensionAction::Grant && kind == RequestKind::Reassignment;
    let send = {
        let (reason, unit, sending) = (reason.clone(), unit.clone(), sending.clone());
        let (task, request) = (props.task.clone(), props.request.clone());
        let (changed, close) = (props.changed.clone(), props.close.clone());
        Callback::from(move |_: MouseEvent| {
            let text = reason.trim().to_owned();
            if action == ExtensionAction::Refuse && text.is_empty() {
                sending.say(t!("extension-refuse-needs"));
                return;
            }
            if needs_unit && unit.is_none() {
                sending.say(t!("task-needs-unit"));
                return;
            }
            let decide = DecideTaskRequest {
                action,
                reason: Some(text).filter(|text| !text.is_empty()),
                unit: unit
                    .as_ref()
                    .filter(|_| needs_unit)
                    .map(|unit| unit.code.clone()),
            };
            let (id, number, revision) = (task.id, request.id, request.revision);
            let (changed, close) = (changed.clone(), close.clone());
            sending.send(
                move |client| async move {
                    client
                        .decide_task_request(id, number, revision, &decide)
                        .await
                },
                move |_| {
                    close.emit(());
                    changed.emit(());
                    Some(t!("task-acted", act = word(action)))
                },
            );
        })
    };
    let take = {
        let unit = unit.clone();
        Callback::from(move |picked: Option<Unit>| unit.set(picked.map(Picked::from)))
    };
    let change = {
        let reason = reason.clone();
        Callback::from(move |text| reason.set(text))
    };
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
        <button type="button" class="zx-button zx-primary" disabled={sending.busy()} onclick={send}>{ word(action) }</button></>
    };
    html! {
        <Dialog title={t!("task-act-of", act = word(action), unit = words_of::request(kind))} close={props.close.clone()} {acts}>
            <p>{ &props.request.reason }</p>
            if let Some(until) = props.request.until { <p>{ t!("extension-line", until = until.to_string(), due = props.request.due.to_string()) }</p> }
            if needs_unit { <UnitPicker id="task-to" label={t!("task-to-unit")} required=true level={level(&props.task)} chosen={take} /> }
            if action != ExtensionAction::Withdraw { <TextField id="decision" label={t!("extension-decision")} lines={2} max={Some(500)} required={action == ExtensionAction::Refuse} value={(*reason).clone()} {change} /> }
            { alert(sending.said()) }
        </Dialog>
    }
}

/// The level of a task's unit, by which another is picked.
fn level(task: &Task) -> &'static str {
    zhenxing_domain::unit::Level::from(task.unit.level).as_str()
}

/// Of which task something is asked.
#[derive(Clone, PartialEq, Properties)]
pub struct AskProps {
    /// The task.
    pub task: Task,
    /// Says that something changed.
    pub changed: Callback<()>,
    /// Closes it.
    pub close: Callback<()>,
}

/// Asks for more time, or for another unit.
#[function_component]
pub fn Ask(props: &AskProps) -> Html {
    use_language();
    let first = props.task.may_ask.first().copied();
    let kind = use_state(|| first.unwrap_or(RequestKind::Extension));
    let (until, reason) = (use_state(String::new), use_state(String::new));
    let sending = use_sending();
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    let choose = {
        let (kind, all) = (kind.clone(), props.task.may_ask.clone());
        Callback::from(move |code: String| {
            if let Some(found) = all.iter().find(|kind| code_of(**kind) == code) {
                kind.set(*found);
            }
        })
    };
    let extends = *kind == RequestKind::Extension;
    let send = {
        let (kind, until, reason) = (*kind, until.clone(), reason.clone());
        let (sending, task) = (sending.clone(), props.task.clone());
        let (changed, close) = (props.changed.clone(), props.close.clone());
        Callback::from(move |_: MouseEvent| {
            if reason.trim().is_empty() {
                sending.say(t!("task-needs-reason"));
                return;
            }
            let ask = AskAboutTask {
                kind,
                until: until.parse().ok().filter(|_| extends),
                reason: reason.trim().to_owned(),
            };
            if extends && ask.until.is_none() {
                sending.say(t!("extension-needs-day"));
                return;
            }
            let (id, changed, close) = (task.id, changed.clone(), close.clone());
            sending.send(
                move |client| async move { client.ask_about_task(id, &ask).await },
                move |_| {
                    close.emit(());
                    changed.emit(());
                    Some(t!("task-asked"))
                },
            );
        })
    };
    let choices = props.task.may_ask.iter();
    let choices: Vec<(String, String)> = choices
        .map(|kind| (code_of(*kind).to_owned(), words_of::request(*kind)))
        .collect();
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
        <button type="button" class="zx-button zx-primary" disabled={sending.busy()} onclick={send}>{ t!("task-ask-send") }</button></>
    };
    html! {
        <Dialog title={t!("task-ask")} close={props.close.clone()} {acts}>
            <p><Select label={t!("task-ask-kind")} value={code_of(*kind)} {choices} change={choose} /></p>
            if extends { <TextField id="task-until" label={t!("extension-until")} kind="date" required=true value={(*until).clone()} change={set(&until)} hint={t!("extension-until-hint", due = props.task.due.to_string())} /> }
            <TextField id="task-reason" label={t!("task-reason")} lines={3} max={Some(500)} required=true value={(*reason).clone()} change={set(&reason)} />
            { alert(sending.said()) }
        </Dialog>
    }
}

fn code_of(kind: RequestKind) -> &'static str {
    zhenxing_domain::task::RequestKind::from(kind).as_str()
}
