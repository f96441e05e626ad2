//! The dialog in which something is done with a task: an act, a note, a wish, a decision.

use super::task::needs_words;
use super::words_of;
use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::components::toast::use_toast;
use crate::components::unit_picker::UnitPicker;
use crate::format;
use crate::hooks::use_session;
use crate::i18n::use_language;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::extension::ExtensionAction;
use zhenxing_api_types::task::{
    ActOnTask, AskAboutTask, CreateNote, DecideTaskRequest, RequestKind, Task, TaskAction,
    TaskRequest,
};
use zhenxing_api_types::unit::Unit;
use zhenxing_client::{Client, ClientError};

/// What is about to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Doing {
    /// An act.
    Act(TaskAction),
    /// A note.
    Note,
    /// Something is asked of the unit above.
    Ask(RequestKind),
    /// What was asked is decided, or taken back.
    Decide(ExtensionAction, Box<TaskRequest>),
}

/// What a decision is called on its button.
pub fn decision(action: ExtensionAction) -> String {
    match action {
        ExtensionAction::Grant => t!("task-grant"),
        ExtensionAction::Refuse => t!("task-refuse"),
        ExtensionAction::Withdraw => t!("task-withdraw"),
    }
}

impl Doing {
    fn title(&self) -> String {
        match self {
            Doing::Act(action) => words_of::action(*action),
            Doing::Note => t!("task-write-note"),
            Doing::Ask(kind) => words_of::request(*kind),
            Doing::Decide(action, request) => t!(
                "task-decides",
                act = decision(*action),
                what = words_of::request(request.kind)
            ),
        }
    }

    fn needs_words(&self) -> bool {
        match self {
            Doing::Act(action) => needs_words(*action),
            Doing::Note | Doing::Ask(_) => true,
            Doing::Decide(action, _) => *action == ExtensionAction::Refuse,
        }
    }

    fn words_label(&self) -> String {
        match self {
            Doing::Act(TaskAction::Report) => t!("task-what-was-done"),
            Doing::Note => t!("task-note-words"),
            _ => t!("task-reason"),
        }
    }

    fn asks_day(&self) -> bool {
        *self == Doing::Ask(RequestKind::Extension)
    }

    fn asks_unit(&self) -> bool {
        matches!(self, Doing::Decide(ExtensionAction::Grant, request) if request.kind == RequestKind::Reassignment)
    }
}

/// What was entered.
#[derive(Debug, Clone, Default, PartialEq)]
struct Entered {
    words: String,
    until: String,
    unit: Option<String>,
}

/// The properties of the dialog.
#[derive(Clone, PartialEq, Properties)]
pub struct DoDialogProps {
    /// What is done.
    pub doing: Doing,
    /// With which task.
    pub task: Rc<Task>,
    /// It is done.
    pub done: Callback<()>,
    /// Leaves it.
    pub close: Callback<()>,
}

/// The dialog.
#[function_component]
pub fn DoDialog(props: &DoDialogProps) -> Html {
    use_language();
    let entered = use_state(Entered::default);
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let session = use_session();
    let toast = use_toast();
    let doing = &props.doing;
    let send = {
        let (entered, said, busy) = (entered.clone(), said.clone(), busy.clone());
        let props = props.clone();
        Callback::from(move |_: MouseEvent| {
            if props.doing.needs_words() && entered.words.trim().is_empty() {
                said.set(t!("task-needs-words", what = props.doing.words_label()));
                return;
            }
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (entered, said, busy) = ((*entered).clone(), said.clone(), busy.clone());
            let (props, toast) = (props.clone(), toast.clone());
            spawn_local(async move {
                match carry_out(&session.client, &props.doing, &props.task, entered).await {
                    Ok(()) => {
                        if let Some(toast) = toast {
                            toast.done(t!("task-done", act = props.doing.title()));
                        }
                        props.done.emit(());
                    }
                    Err(error) => {
                        said.set(format::error(&error));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let set = |change: fn(&mut Entered, String)| {
        let entered = entered.clone();
        Callback::from(move |text: String| {
            let mut next = (*entered).clone();
            change(&mut next, text);
            entered.set(next);
        })
    };
    let chosen = {
        let entered = entered.clone();
        Callback::from(move |unit: Option<Unit>| {
            let unit = unit.map(|unit| unit.code);
            entered.set(Entered {
                unit,
                ..(*entered).clone()
            });
        })
    };
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
        <button type="button" class="zx-button zx-primary" disabled={*busy} onclick={send}>{ doing.title() }</button></>
    };
    html! {
        <Dialog title={doing.title()} close={props.close.clone()} {acts}>
            <p>{ t!("task-about-line", unit = props.task.unit.name.clone(), due = props.task.due.to_string()) }</p>
            if let Doing::Decide(_, request) = doing {
                <p>{ &request.reason }</p>
                if let Some(until) = request.until { <p>{ t!("task-until", due = request.due.to_string(), until = until.to_string()) }</p> }
            }
            if doing.asks_day() { <TextField id="task-until" label={t!("extension-until")} kind="date" required=true value={entered.until.clone()} change={set(|next, text| next.until = text)} /> }
            if doing.asks_unit() { <UnitPicker id="task-unit" label={t!("task-new-unit")} required=true {chosen} /> }
            <TextField id="task-words-field" label={doing.words_label()} lines={4} max={Some(1000)} required={doing.needs_words()} value={entered.words.clone()} change={set(|next, text| next.words = text)} />
            { crate::components::alert(&said) }
        </Dialog>
    }
}

async fn carry_out(
    client: &Client,
    doing: &Doing,
    task: &Task,
    entered: Entered,
) -> Result<(), ClientError> {
    let words = entered.words.trim().to_owned();
    let given = (!words.is_empty()).then(|| words.clone());
    match doing {
        Doing::Act(action) => {
            let act = ActOnTask {
                action: *action,
                words: given,
            };
            client.act_on_task(task.id, task.revision, &act).await?;
        }
        Doing::Note => {
            client
                .create_task_note(task.id, &CreateNote { words })
                .await?;
        }
        Doing::Ask(kind) => {
            let ask = AskAboutTask {
                kind: *kind,
                until: entered.until.parse().ok(),
                reason: words,
            };
            client.ask_about_task(task.id, &ask).await?;
        }
        Doing::Decide(action, request) => {
            let decide = DecideTaskRequest {
                action: *action,
                reason: given,
                unit: entered.unit,
            };
            client
                .decide_task_request(task.id, request.id, request.revision, &decide)
                .await?;
        }
    }
    Ok(())
}
