//! The second step: by when, with which targets, with what words.

use super::hand_down::{Draft, Way};
use super::hand_targets::Targets;
use super::whom::StepProps;
use crate::components::field::TextField;
use crate::draft::piece_of;
use crate::hooks::use_session;
use crate::i18n::use_language;
use std::rc::Rc;
use yew::prelude::*;

/// The step.
#[function_component]
pub fn What(props: &StepProps) -> Html {
    use_language();
    let session = use_session();
    let me = session.and_then(|session| session.me());
    let draft = &props.draft;
    let due = piece_of(draft, &props.change, |draft, due| draft.due = due);
    let note = piece_of(draft, &props.change, |draft, note| draft.note = note);
    let matter = props
        .matters
        .iter()
        .find(|matter| matter.code == draft.matter);
    let again = draft.way == Way::Before;
    let hint = if again {
        t!("task-due-before-hint")
    } else {
        String::new()
    };
    let own = || {
        me.as_ref()
            .map(|me| me.unit.code.clone())
            .unwrap_or_default()
    };
    let unit = draft
        .within
        .as_ref()
        .map_or_else(own, |unit| unit.code.clone());
    let set = props.change.reform(|next: Draft| next);
    html! {
        <>
            <TextField id="task-due" label={t!("task-due")} kind="date" value={draft.due.clone()} change={due} required={!again} {hint} />
            <TextField id="task-note" label={t!("task-note-with")} lines={2} max={Some(500)} value={draft.note.clone()} change={note} hint={t!("task-note-hint")} />
            if let Some(matter) = matter {
                <Targets matter={Rc::new(matter.clone())} {unit} due={draft.due.clone()} entered={draft.clone()} {set} />
            }
        </>
    }
}
