//! The words of tasks: states, acts, what stands in their history.

use crate::components::meter::{Part, stacked};
use crate::i18n::named;
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::programme::Matter;
use zhenxing_api_types::task::{RequestKind, TaskAction, TaskCounts, TaskEntry, TaskState};

/// Where a task stands.
pub fn state(state: TaskState) -> String {
    match state {
        TaskState::Issued => t!("task-issued"),
        TaskState::Accepted => t!("task-accepted"),
        TaskState::Working => t!("task-working"),
        TaskState::Reported => t!("task-reported"),
        TaskState::Completed => t!("task-completed"),
        TaskState::Closed => t!("task-closed"),
        TaskState::Suspended => t!("task-suspended"),
        TaskState::Terminated => t!("task-terminated"),
    }
}

/// A state as a label.
pub fn label(of: TaskState) -> Html {
    let class = match of {
        TaskState::Issued | TaskState::Suspended | TaskState::Terminated => "zx-label-plain",
        TaskState::Accepted | TaskState::Working => "zx-label-blue",
        TaskState::Reported => "zx-label-amber",
        TaskState::Completed | TaskState::Closed => "zx-label-green",
    };
    html! { <span class={classes!("zx-label", class)}>{ state(of) }</span> }
}

/// What an act is called on its button.
pub fn action(action: TaskAction) -> String {
    match action {
        TaskAction::Accept => t!("task-accept"),
        TaskAction::Start => t!("task-start"),
        TaskAction::Report => t!("task-report"),
        TaskAction::Pass => t!("task-pass"),
        TaskAction::Return => t!("task-return"),
        TaskAction::Close => t!("task-close"),
        TaskAction::Suspend => t!("task-suspend"),
        TaskAction::Resume => t!("task-resume"),
        TaskAction::Terminate => t!("task-terminate"),
    }
}

/// The acts that go on with a task: the first that is possible is the page's one button.
pub const ONWARD: [TaskAction; 6] = [
    TaskAction::Accept,
    TaskAction::Start,
    TaskAction::Report,
    TaskAction::Pass,
    TaskAction::Close,
    TaskAction::Resume,
];

/// What a unit asks.
pub fn request(kind: RequestKind) -> String {
    match kind {
        RequestKind::Extension => t!("task-ask-extension"),
        RequestKind::Reassignment => t!("task-ask-reassignment"),
    }
}

/// What was done, in the history.
pub fn deed(entry: &TaskEntry) -> String {
    let known = [
        (TaskAction::Accept, "accept"),
        (TaskAction::Start, "start"),
        (TaskAction::Report, "report"),
        (TaskAction::Pass, "pass"),
        (TaskAction::Return, "return"),
        (TaskAction::Close, "close"),
        (TaskAction::Suspend, "suspend"),
        (TaskAction::Resume, "resume"),
        (TaskAction::Terminate, "terminate"),
    ];
    if let Some((found, _)) = known.iter().find(|(_, name)| entry.kind == *name) {
        return action(*found);
    }
    match entry.kind.as_str() {
        "note" => t!("task-note"),
        "extension.asked" => t!("task-extension-asked"),
        "extension.granted" => t!("task-extension-granted"),
        "extension.refused" => t!("task-extension-refused"),
        "extension.withdrawn" => t!("task-extension-withdrawn"),
        "reassignment.asked" => t!("task-reassignment-asked"),
        "reassignment.granted" => t!("task-reassignment-granted"),
        "reassignment.refused" => t!("task-reassignment-refused"),
        "reassignment.withdrawn" => t!("task-reassignment-withdrawn"),
        _ => t!("task-issued"),
    }
}

/// How many tasks there are.
pub fn total(counts: &TaskCounts) -> i64 {
    let parts = parts(counts);
    parts.iter().map(|part| part.count).sum()
}

fn parts(counts: &TaskCounts) -> Vec<Part> {
    let part = |name, count, class| Part { name, count, class };
    vec![
        part(t!("task-issued"), counts.issued, "zx-part-open"),
        part(t!("task-accepted"), counts.accepted, "zx-part-signed"),
        part(t!("task-working"), counts.working, "zx-part-waits"),
        part(t!("task-reported"), counts.reported, "zx-part-back"),
        part(
            t!("task-completed"),
            counts.completed.saturating_add(counts.closed),
            "zx-part-done",
        ),
        part(
            t!("task-stopped"),
            counts.suspended.saturating_add(counts.terminated),
            "zx-part-stopped",
        ),
    ]
}

/// The progress as a bar, 交办 to 办结, each part with its word and count; those with nothing are left out.
pub fn progress(counts: &TaskCounts) -> Html {
    let mut shown = parts(counts);
    let all = shown.iter().map(|part| part.count).sum();
    shown.retain(|part| part.count > 0);
    if all == 0 {
        return html! { { crate::format::NOTHING } };
    }
    stacked(&shown, all)
}

/// The name of a matter, or its code where it is not known.
pub fn matter(matters: &[Matter], code: &str) -> String {
    let found = matters.iter().find(|matter| matter.code == code);
    found.map_or_else(
        || code.to_owned(),
        |matter| named(&matter.name_zh, &matter.name_en).to_owned(),
    )
}

/// The matters of the programme, kept by a page.
pub type Matters = Rc<Vec<Matter>>;
