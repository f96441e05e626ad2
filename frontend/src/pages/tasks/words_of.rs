//! Words of tasks.

use crate::components::meter::Part;
use crate::i18n::named;
use yew::prelude::*;
use zhenxing_api_types::programme::Matter;
use zhenxing_api_types::task::{
    DepartmentRef, RequestKind, Task, TaskAction, TaskCounts, TaskState,
};

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

/// Where it stands, as a label.
pub fn label(of: TaskState) -> Html {
    let class = match of {
        TaskState::Issued | TaskState::Suspended | TaskState::Terminated => "zx-label-plain",
        TaskState::Accepted | TaskState::Working => "zx-label-blue",
        TaskState::Reported => "zx-label-amber",
        TaskState::Completed | TaskState::Closed => "zx-label-green",
    };
    html! { <span class={classes!("zx-label", class)}>{ state(of) }</span> }
}

/// What is done to it.
pub fn action(action: TaskAction) -> String {
    match action {
        TaskAction::Accept => t!("task-act-accept"),
        TaskAction::Start => t!("task-act-start"),
        TaskAction::Report => t!("task-act-report"),
        TaskAction::Pass => t!("task-act-pass"),
        TaskAction::Return => t!("task-act-return"),
        TaskAction::Close => t!("task-act-close"),
        TaskAction::Suspend => t!("task-act-suspend"),
        TaskAction::Resume => t!("task-act-resume"),
        TaskAction::Terminate => t!("task-act-terminate"),
    }
}

/// What is asked about it.
pub fn request(kind: RequestKind) -> String {
    match kind {
        RequestKind::Extension => t!("task-ask-extension"),
        RequestKind::Reassignment => t!("task-ask-reassignment"),
    }
}

/// What an entry of its history tells.
pub fn entry(kind: &str) -> String {
    match kind {
        "note" => t!("task-note"),
        "accept" => t!("task-act-accept"),
        "start" => t!("task-act-start"),
        "report" => t!("task-act-report"),
        "pass" => t!("task-act-pass"),
        "return" => t!("task-act-return"),
        "close" => t!("task-act-close"),
        "suspend" => t!("task-act-suspend"),
        "resume" => t!("task-act-resume"),
        "terminate" => t!("task-act-terminate"),
        "extension.asked" => t!("task-extension-asked"),
        "extension.granted" => t!("task-extension-granted"),
        "extension.refused" => t!("task-extension-refused"),
        "extension.withdrawn" => t!("task-extension-withdrawn"),
        "reassignment.asked" => t!("task-reassignment-asked"),
        "reassignment.granted" => t!("task-reassignment-granted"),
        "reassignment.refused" => t!("task-reassignment-refused"),
        "reassignment.withdrawn" => t!("task-reassignment-withdrawn"),
        other => other.to_owned(),
    }
}

/// A department's name.
pub fn department(department: &DepartmentRef) -> String {
    named(&department.name_zh, &department.name_en).to_owned()
}

/// The name of a task's matter; its code where the programme names it no more.
pub fn matter(matters: &[Matter], code: &str) -> String {
    let found = matters.iter().find(|matter| matter.code == code);
    found.map_or_else(
        || code.to_owned(),
        |matter| named(&matter.name_zh, &matter.name_en).to_owned(),
    )
}

/// What a task is: its matter and its period.
pub fn title(matters: &[Matter], task: &Task) -> String {
    t!(
        "form-of-period",
        period = crate::format::period(&task.period),
        form = matter(matters, &task.matter)
    )
}

/// How many tasks stand where, as parts of a bar.
pub fn parts(counts: &TaskCounts) -> (Vec<Part>, i64) {
    let part = |name: String, count: i64, class: &'static str| Part { name, count, class };
    let mut parts = vec![
        part(
            t!("task-done"),
            counts.completed + counts.closed,
            "zx-part-done",
        ),
        part(t!("task-reported"), counts.reported, "zx-part-back"),
        part(t!("task-working"), counts.working, "zx-part-waits"),
        part(t!("task-accepted"), counts.accepted, "zx-part-begun"),
        part(t!("task-issued"), counts.issued, "zx-part-open"),
    ];
    let aside = counts.suspended + counts.terminated;
    if aside > 0 {
        parts.push(part(t!("task-aside"), aside, "zx-part-aside"));
    }
    let total = parts.iter().map(|part| part.count).sum();
    (parts, total)
}
