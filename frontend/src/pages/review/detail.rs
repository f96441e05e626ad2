//! The report under review, and what can be done with it.

use super::figures::Figures;
use super::giving_back::GivingBack;
use crate::components::light::state as state_label;
use crate::components::toast::use_toast;
use crate::components::{Card, alert, loaded};
use crate::format;
use crate::hooks::{Load, use_load, use_session};
use crate::i18n::use_language;
use crate::pages::history::History;
use crate::pages::keys::use_keys;
use crate::routes::Route;
use std::collections::BTreeMap;
use std::rc::Rc;
use uuid::Uuid;
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::report::{ActOnReport, Report, ReportAction};
use zhenxing_domain::package::FormDef;

/// One report under review.
#[derive(Clone, PartialEq, Properties)]
pub struct DetailProps {
    /// The report's number.
    pub id: Uuid,
    /// Its form.
    pub form: Rc<FormDef>,
    /// Is told when it left the queue.
    pub done: Callback<()>,
}

/// What goes back with a report: the reason, and reasons by figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Back {
    /// Why, as a whole.
    pub reason: String,
    /// Why, by the field's code.
    pub marks: BTreeMap<String, String>,
}

/// The report with its buttons; a passes it, r gives it back.
#[function_component]
pub fn Detail(props: &DetailProps) -> Html {
    use_language();
    let (load, again) = use_load(props.id, |session, id| async move {
        session.client.report(id).await.map(Rc::new)
    });
    // The report is there first: what it is compared with takes longer.
    let (beside, beside_again) = use_load(props.id, |session, id| async move {
        session.client.comparison(id).await.map(Rc::new)
    });
    let said = use_state(String::new);
    let back = use_state(|| None::<Back>);
    let busy = use_state(|| false);
    let session = use_session();
    let toast = use_toast();
    let act = {
        let (said, busy, done, back) =
            (said.clone(), busy.clone(), props.done.clone(), back.clone());
        Callback::from(move |(report, action): (Rc<Report>, ReportAction)| {
            let Some(session) = session.clone().filter(|_| !*busy) else {
                return;
            };
            let Some(act) = wish(action, back.as_ref()) else {
                said.set(t!("return-needs-reason"));
                return;
            };
            busy.set(true);
            let (said, busy, done, toast) =
                (said.clone(), busy.clone(), done.clone(), toast.clone());
            spawn_local(async move {
                let summary = &report.summary;
                match session
                    .client
                    .act_on_report(summary.id, summary.revision, &act)
                    .await
                {
                    Ok(_) => {
                        if let Some(toast) = toast {
                            toast.done(t!(
                                "acted",
                                unit = summary.unit.name.clone(),
                                act = format::action(action)
                            ));
                        }
                        done.emit(());
                    }
                    Err(error) => said.set(format::error(&error)),
                }
                busy.set(false);
            });
        })
    };
    {
        let (act, back, load) = (act.clone(), back.clone(), load.clone());
        use_keys(Callback::from(move |key: String| {
            let Load::Ready(report) = &load else { return };
            match (key.as_str(), passing(report)) {
                ("a", Some(action)) if back.is_none() => act.emit((report.clone(), action)),
                ("r", _) if report.actions.contains(&ReportAction::Return) => {
                    back.set(Some(Back::default()))
                }
                _ => {}
            }
        }));
    }
    loaded(&load, &again, |report| {
        let summary = &report.summary;
        let aside = html! { <Link<Route> to={Route::Report { id: summary.id }}>{ t!("open-whole") }</Link<Route>> };
        html! {
            <Card title={summary.unit.name.clone()} {aside}>
                <p class="zx-lead">{ state_label(Some(summary.state).into(), (&*props.form).into()) }{ " " }{ summary.parent_name.clone().unwrap_or_default() }{ " · " }{ format::period(&summary.period) }
                    if let Some(at) = summary.submitted_at { { " · " }{ t!("submitted-at", time = format::instant(at)) } }</p>
                <Figures report={report.clone()} form={props.form.clone()} beside={beside.clone()} again={beside_again.clone()} back={(*back).clone()} change={set(&back)} />
                { for report.findings.iter().map(|finding| html! {
                    <p class="zx-quote"><small>{ crate::i18n::named(&finding.message_zh, &finding.message_en) }</small>
                    { report.explanations.get(&finding.rule).map_or_else(|| t!("not-explained"), |text| t!("explained", text = text.clone())) }</p>
                }) }
                if let Some(given) = &*back { <GivingBack back={given.clone()} change={set(&back)} /> }
                { alert(&said) }
                { buttons(report, &act, &back, *busy) }
                <details class="zx-versions"><summary>{ t!("tab-history") }</summary><History id={props.id} revision={summary.revision} form={props.form.clone()} /></details>
            </Card>
        }
    })
}

fn set(back: &UseStateHandle<Option<Back>>) -> Callback<Back> {
    let back = back.clone();
    Callback::from(move |given| back.set(Some(given)))
}

/// What is sent for an act; nothing where a return has no reason.
fn wish(action: ReportAction, back: Option<&Back>) -> Option<ActOnReport> {
    if action != ReportAction::Return {
        return Some(ActOnReport {
            action,
            reason: None,
            field_reasons: BTreeMap::new(),
        });
    }
    let back = back.filter(|back| !back.reason.trim().is_empty() || !back.marks.is_empty())?;
    let reason = if back.reason.trim().is_empty() {
        t!("return-see-figures")
    } else {
        back.reason.trim().to_owned()
    };
    Some(ActOnReport {
        action,
        reason: Some(reason),
        field_reasons: back.marks.clone(),
    })
}

/// The act that passes a report on, where the asker may do it.
fn passing(report: &Report) -> Option<ReportAction> {
    let pass =
        |action: &&ReportAction| matches!(action, ReportAction::Check | ReportAction::Approve);
    report.actions.iter().find(pass).copied()
}

fn buttons(
    report: &Rc<Report>,
    act: &Callback<(Rc<Report>, ReportAction)>,
    back: &UseStateHandle<Option<Back>>,
    busy: bool,
) -> Html {
    let emit = |action: ReportAction| {
        let (act, report) = (act.clone(), report.clone());
        Callback::from(move |_: MouseEvent| act.emit((report.clone(), action)))
    };
    let turn = |to: Option<Back>| {
        let back = back.clone();
        Callback::from(move |_: MouseEvent| back.set(to.clone()))
    };
    if back.is_some() {
        return html! {
            <div class="zx-foot-bar">
                <button type="button" class="zx-button" onclick={turn(None)}>{ t!("cancel") }</button>
                <button type="button" class="zx-button zx-primary" onclick={emit(ReportAction::Return)} disabled={busy}>{ t!("return-confirm") }</button>
            </div>
        };
    }
    html! {
        <div class="zx-foot-bar">
            if report.actions.contains(&ReportAction::Return) {
                <button type="button" class="zx-button" onclick={turn(Some(Back::default()))} disabled={busy}>{ t!("action-return") }</button>
            }
            if let Some(action) = passing(report) {
                <button type="button" class="zx-button zx-primary" onclick={emit(action)} disabled={busy}>{ format::action(action) }</button>
            }
        </div>
    }
}
