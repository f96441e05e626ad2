//! One complaint or suggestion: what was written and done, and what is done next.

use super::words_of;
use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::components::timeline::{Moment, timeline};
use crate::components::toast::use_toast;
use crate::components::{alert, loaded};
use crate::format;
use crate::hooks::{use_load, use_session};
use crate::i18n::use_language;
use uuid::Uuid;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::feedback::{ActOnFeedback, FeedbackAction, FeedbackDetail, FeedbackStep};

/// Which one.
#[derive(Clone, PartialEq, Properties)]
pub struct DetailProps {
    /// Its number.
    pub id: Uuid,
    /// Leaves it.
    pub close: Callback<()>,
}

/// One of them, over the list.
#[function_component]
pub fn Detail(props: &DetailProps) -> Html {
    use_language();
    let (load, again) = use_load(props.id, |session, id| async move {
        session.client.feedback(id).await
    });
    html! {
        <Dialog title={t!("feedback")} wide={true} close={props.close.clone()}>
            { loaded(&load, &again, |detail| html! { <Shown detail={detail.clone()} again={again.clone()} /> }) }
        </Dialog>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ShownProps {
    detail: FeedbackDetail,
    again: Callback<()>,
}

#[function_component]
fn Shown(props: &ShownProps) -> Html {
    use_language();
    let text = use_state(String::new);
    let (act, said, busy) = use_act(props, &text);
    let detail = &props.detail;
    let feedback = &detail.feedback;
    let writes = detail
        .actions
        .iter()
        .any(|action| matches!(action, FeedbackAction::Answer | FeedbackAction::Dissatisfy));
    let change = {
        let text = text.clone();
        Callback::from(move |typed| text.set(typed))
    };
    let button = |action: &FeedbackAction| {
        let action = *action;
        let needs = matches!(action, FeedbackAction::Answer | FeedbackAction::Dissatisfy);
        let primary = matches!(action, FeedbackAction::Answer | FeedbackAction::Satisfy);
        let click = act.reform(move |_: MouseEvent| action);
        html! { <button type="button" class={classes!("zx-button", primary.then_some("zx-primary"))} disabled={busy || (needs && text.trim().is_empty())} onclick={click}>{ words_of::action(action) }</button> }
    };
    let label = if feedback.own {
        t!("feedback-why-not")
    } else {
        t!("feedback-answer-text")
    };
    html! {
        <>
            <p>{ words_of::label(feedback.state) }{ " " }<strong>{ words_of::kind(feedback.kind) }</strong>{ " " }
                <small>{ t!("feedback-way", from = feedback.unit.name.clone(), to = feedback.to.name.clone()) }{ " " }{ feedback.author.clone().unwrap_or_default() }{ " " }{ &feedback.page }</small></p>
            { timeline(detail.steps.iter().rev().map(moment).collect()) }
            { alert(&said) }
            if writes { <TextField id="feedback-answer" {label} lines={4} max={1_000} value={(*text).clone()} {change} /> }
            if !detail.actions.is_empty() { <div class="zx-row">{ for detail.actions.iter().map(button) }</div> }
        </>
    }
}

fn moment(step: &FeedbackStep) -> Moment {
    Moment {
        what: words_of::step(&step.action),
        who: format::instant(step.at),
        detail: html! { if !step.text.is_empty() { <p class="zx-pre">{ &step.text }</p> } },
    }
}

#[hook]
fn use_act(
    props: &ShownProps,
    text: &UseStateHandle<String>,
) -> (Callback<FeedbackAction>, String, bool) {
    let session = use_session();
    let toast = use_toast();
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let act = {
        let (said, busy, text) = (said.clone(), busy.clone(), text.clone());
        let (id, again) = (props.detail.feedback.id, props.again.clone());
        // The number of steps is the revision that the server asks for.
        let revision = i64::try_from(props.detail.steps.len()).unwrap_or_default();
        Callback::from(move |action: FeedbackAction| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (said, busy, text, toast) =
                (said.clone(), busy.clone(), text.clone(), toast.clone());
            let again = again.clone();
            let writes = matches!(action, FeedbackAction::Answer | FeedbackAction::Dissatisfy);
            let act = ActOnFeedback {
                action,
                text: if writes {
                    text.trim().to_owned()
                } else {
                    String::new()
                },
            };
            spawn_local(async move {
                match session.client.act_on_feedback(id, revision, &act).await {
                    Ok(_) => {
                        said.set(String::new());
                        text.set(String::new());
                        if let Some(toast) = toast {
                            toast.done(t!("feedback-acted", act = words_of::action(action)));
                        }
                        again.emit(());
                    }
                    Err(error) => said.set(format::error(&error)),
                }
                busy.set(false);
            });
        })
    };
    (act, (*said).clone(), *busy)
}
