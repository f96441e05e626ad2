//! The due day of a report that is being filled in, with the extension that was asked for.

use super::ask::{Ask, Refusal, Wish};
use super::{answer, state_label};
use crate::components::toast::use_toast;
use crate::components::{light, loaded};
use crate::format;
use crate::hooks::{use_load, use_session};
use crate::i18n::use_language;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::extension::{
    ActOnExtension, AskExtension, Extension, ExtensionAction, ExtensionState,
};
use zhenxing_api_types::report::{Light, Report};

/// The report that is filled in.
#[derive(Clone, PartialEq, Properties)]
pub struct OwnExtensionProps {
    /// The report.
    pub report: Rc<Report>,
}

/// A line with the due day, what was asked and answered, and what can be done now.
#[function_component]
pub fn OwnExtension(props: &OwnExtensionProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let asking = use_state(|| false);
    let refusal = use_state(Refusal::default);
    let busy = use_state(|| false);
    let summary = &props.report.summary;
    let own = (
        summary.form.clone(),
        summary.period.clone(),
        summary.unit.code.clone(),
    );
    let (load, again) = use_load(
        own.clone(),
        |session, (form, period, unit): (String, String, String)| async move {
            let page = session
                .client
                .extensions(&form, &period, &unit, "", "")
                .await?;
            Ok(page.items)
        },
    );
    let send = {
        let (session, toast, again) = (session.clone(), toast.clone(), again.clone());
        let (asking, refusal, busy) = (asking.clone(), refusal.clone(), busy.clone());
        Callback::from(move |wish: Wish| {
            let (Some(session), Some(toast)) = (session.clone(), toast.clone()) else {
                return;
            };
            let (form, period, unit) = own.clone();
            let ask = AskExtension {
                form,
                unit,
                period,
                until: wish.until,
                reason: wish.reason,
            };
            busy.set(true);
            let (asking, refusal, busy) = (asking.clone(), refusal.clone(), busy.clone());
            let again = again.clone();
            spawn_local(async move {
                match session.client.ask_extension(&ask).await {
                    Ok(_) => {
                        asking.set(false);
                        toast.done(t!("extension-sent"));
                        again.emit(());
                    }
                    Err(error) => refusal.set(Refusal::from(&error)),
                }
                busy.set(false);
            });
        })
    };
    let withdraw = {
        let (busy, again) = (busy.clone(), again.clone());
        Callback::from(move |one: Extension| {
            let (Some(session), Some(toast)) = (session.clone(), toast.clone()) else {
                return;
            };
            busy.set(true);
            let (busy, again) = (busy.clone(), again.clone());
            spawn_local(async move {
                let act = ActOnExtension {
                    action: ExtensionAction::Withdraw,
                    reason: None,
                };
                match session
                    .client
                    .act_on_extension(one.id, one.revision, &act)
                    .await
                {
                    Ok(_) => toast.done(t!("extension-withdrawn-done")),
                    Err(error) => toast.failed(format::error(&error)),
                }
                // Whoever was quicker, what stands now is shown.
                again.emit(());
                busy.set(false);
            });
        })
    };
    let Some(due) = summary.due else {
        return Html::default();
    };
    let open = |to: bool| {
        let (asking, refusal) = (asking.clone(), refusal.clone());
        Callback::from(move |()| {
            refusal.set(Refusal::default());
            asking.set(to);
        })
    };
    let late = summary.light == Light::Overdue;
    html! {
        <section class="zx-card zx-due" aria-label={t!("due-day")}>
            { loaded(&load, &again, |all: &Vec<Extension>| {
                let latest = all.last();
                let waits = latest.is_some_and(|one| one.state == ExtensionState::Asked);
                html! {
                    <><div class="zx-due-line"><span>{ t!("due-day") }{ " " }<strong>{ shown_due(due, latest).to_string() }</strong>{ " " }{ light(summary.light) }</span>
                    if late { <small>{ t!("extension-too-late") }</small> }
                    else if !waits { <button type="button" class="zx-button" onclick={open(true).reform(|_: MouseEvent| ())}>{ t!("extension-ask") }</button> }</div>
                    if let Some(one) = latest { { line(one, &withdraw, *busy) } }</>
                }
            }) }
            if *asking {
                <Ask {due} busy={*busy} refusal={(*refusal).clone()} {send} close={open(false)}>
                    <p>{ t!("extension-text", unit = summary.unit.name.clone(), due = due.to_string()) }</p>
                </Ask>
            }
        </section>
    }
}

/// The day that holds: one that was granted meanwhile is not in the report that was loaded before.
fn shown_due(due: chrono::NaiveDate, latest: Option<&Extension>) -> chrono::NaiveDate {
    match latest {
        Some(one) if one.state == ExtensionState::Granted => due.max(one.until),
        _ => due,
    }
}

/// What was asked last, and what was answered.
fn line(one: &Extension, withdraw: &Callback<Extension>, busy: bool) -> Html {
    let take_back = {
        let (withdraw, one) = (withdraw.clone(), one.clone());
        Callback::from(move |_: MouseEvent| withdraw.emit(one.clone()))
    };
    html! {
        <div class="zx-due-line zx-due-asked">
            <span>{ state_label(one.state) }{ " " }{ t!("extension-line", until = one.until.to_string(), due = one.due.to_string()) }
                <small>{ t!("extension-because", reason = one.reason.clone()) }{ " · " }{ t!("extension-asked-by", by = one.asked_by.clone(), at = format::instant(one.asked_at)) }</small>
                if let Some(text) = answer(one) { <small>{ text }</small> }</span>
            if one.state == ExtensionState::Asked && one.actions.contains(&ExtensionAction::Withdraw) {
                <button type="button" class="zx-button" disabled={busy} onclick={take_back}>{ t!("extension-withdraw") }</button>
            }
        </div>
    }
}
