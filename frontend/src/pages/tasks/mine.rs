//! What waits for me: my unit's tasks, what the units below have reported, what they ask.

use super::{Matters, rows, words_of};
use crate::components::confirm::Confirm;
use crate::components::{Card, More, alert, empty, loaded};
use crate::hooks::{Load, use_pages, use_session};
use crate::i18n::use_language;
use crate::send::use_sending;
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::session::Action;
use zhenxing_api_types::task::{BulkActOnTasks, SeenTask, Task, TaskAction, TaskBulkResult};

/// The properties of the view.
#[derive(Clone, PartialEq, Properties)]
pub struct MineProps {
    /// The matters.
    pub matters: Matters,
}

/// The view.
#[function_component]
pub fn Mine(props: &MineProps) -> Html {
    use_language();
    let manages = use_session().is_some_and(|session| session.may(Action::ManageTasks));
    let queue = |queue: &'static str, title: String, nothing: String| html! { <Queue matters={Rc::clone(&props.matters)} {queue} {title} {nothing} /> };
    html! {
        <>
            if manages {
                { queue("to_decide", t!("tasks-to-decide"), t!("tasks-to-decide-none")) }
                { queue("to_review", t!("tasks-to-review"), t!("tasks-to-review-none")) }
            }
            { queue("to_do", t!("tasks-to-do"), t!("tasks-to-do-none")) }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct QueueProps {
    matters: Matters,
    queue: &'static str,
    title: String,
    nothing: String,
}

#[function_component]
fn Queue(props: &QueueProps) -> Html {
    use_language();
    let asking = use_state(|| None::<TaskAction>);
    let sending = use_sending();
    let pages = use_pages(props.queue, |session, queue, cursor| async move {
        let filters = [
            ("queue", queue),
            ("limit", "50"),
            ("cursor", cursor.as_str()),
        ];
        session.client.tasks(&filters).await
    });
    let shown: Vec<Task> = match &pages.load {
        Load::Ready(rows) => rows.iter().cloned().collect(),
        Load::Waiting | Load::Failed(_) => Vec::new(),
    };
    let act = match props.queue {
        "to_review" => Some(TaskAction::Pass),
        "to_do" => Some(TaskAction::Accept),
        _ => None,
    };
    let able = |action: TaskAction| {
        shown
            .iter()
            .filter(move |task| task.actions.contains(&action))
    };
    let many = act.filter(|action| able(*action).count() > 1);
    let ask = |action: TaskAction| {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| asking.set(Some(action)))
    };
    let aside = html! { if let Some(action) = many { <button type="button" class="zx-button" onclick={ask(action)}>{ t!("tasks-act-all", act = words_of::action(action), count = able(action).count()) }</button> } };
    let cancel = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(None))
    };
    let confirm = |action: TaskAction| {
        let tasks: Vec<SeenTask> = able(action)
            .map(|task| SeenTask {
                id: task.id,
                revision: task.revision,
            })
            .collect();
        let (sending, asking, again) = (sending.clone(), asking.clone(), pages.again.clone());
        Callback::from(move |()| {
            let acts = BulkActOnTasks {
                action,
                words: None,
                tasks: tasks.clone(),
                dry_run: false,
            };
            let (asking, again) = (asking.clone(), again.clone());
            sending.send(
                |client| async move { client.bulk_act_on_tasks(&acts).await },
                move |result: TaskBulkResult| {
                    asking.set(None);
                    again.emit(());
                    Some(t!(
                        "tasks-acted",
                        count = result.done,
                        refused = result.refused
                    ))
                },
            );
        })
    };
    html! {
        <Card title={props.title.clone()} {aside}>
            { loaded(&pages.load, &pages.again, |tasks| {
                if tasks.is_empty() { return empty(props.nothing.clone()); }
                html! { <>{ rows::table(props.title.clone(), &props.matters, tasks) }<More shown={tasks.len()} has_more={pages.has_more} more={pages.more.clone()} /></> }
            }) }
            if let Some(action) = *asking {
                <Confirm title={t!("tasks-act-title", act = words_of::action(action), count = able(action).count())}
                    act={t!("tasks-act-all", act = words_of::action(action), count = able(action).count())} busy={sending.busy()} confirm={confirm(action)} {cancel}>
                    <p>{ t!("tasks-act-text") }</p>{ alert(sending.said()) }
                </Confirm>
            }
        </Card>
    }
}
