//! One report: entry where I may fill it in, reading otherwise, and its history.

mod line;
mod sheet;
mod submit;

use crate::components::field::TextField;
use crate::components::light::state as state_label;
use crate::components::tabs::Tabs;
use crate::components::toast::use_toast;
use crate::components::{PageHeader, dialog::Dialog, loaded};
use crate::format;
use crate::hooks::{definition, use_load, use_session};
use crate::i18n::{named, use_language};
use crate::pages::extension::OwnExtension;
use crate::pages::history::History;
use crate::pages::my_forms::MyForms;
use crate::routes::Route;
use std::collections::BTreeMap;
use std::rc::Rc;
use uuid::Uuid;
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::report::{ActOnReport, Report, ReportAction};
use zhenxing_domain::package::FormDef;

/// Which report.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct EntryProps {
    /// The report's number.
    pub id: Uuid,
}

/// The page.
#[function_component]
pub fn Entry(props: &EntryProps) -> Html {
    use_language();
    let (load, again) = use_load(props.id, |session, id| async move {
        let report = session.client.report(id).await?;
        let form = definition(
            &session.client,
            &report.summary.form,
            &report.summary.period,
        )
        .await?;
        Ok((Rc::new(report), form))
    });
    loaded(&load, &again, |(report, form)| {
        html! { <Page report={report.clone()} form={form.clone()} again={again.clone()} /> }
    })
}

/// A report with its form.
#[derive(Clone, PartialEq, Properties)]
pub struct ReportProps {
    /// The report.
    pub report: Rc<Report>,
    /// Its form.
    pub form: Rc<FormDef>,
    /// Loads it again.
    pub again: Callback<()>,
}

#[function_component]
fn Page(props: &ReportProps) -> Html {
    use_language();
    let view = use_state(|| "sheet".to_owned());
    let revising = use_state(|| false);
    let (report, form) = (&props.report, &props.form);
    let summary = &report.summary;
    let title = t!(
        "form-of-period",
        period = format::period(&summary.period),
        form = named(&form.name_zh, &form.name_en)
    );
    let above: Vec<&str> = report
        .ancestors
        .iter()
        .map(|unit| unit.name.as_str())
        .collect();
    let lead = html! {
        <>{ state_label(Some(summary.state).into(), (&**form).into()) }{ " " }<strong>{ &summary.unit.name }</strong>
        if !above.is_empty() { { " · " }{ above.join(" › ") } }
        if report.locked { { " · " }{ t!("locked") } }</>
    };
    let crumbs = html! { <nav aria-label={t!("crumbs")} class="zx-back"><Link<Route> to={Route::Reports}>{ "‹ " }{ t!("reports") }</Link<Route>></nav> };
    let set = |state: &UseStateHandle<bool>, to: bool| {
        let state = state.clone();
        Callback::from(move |()| state.set(to))
    };
    let key = format!("{}-{}", summary.id, summary.revision);
    let tabs = vec![("sheet", t!("tab-sheet")), ("history", t!("tab-history"))];
    let change = {
        let view = view.clone();
        Callback::from(move |code| view.set(code))
    };
    let own = use_session().and_then(|session| session.me());
    let own = own.is_some_and(|me| me.unit.code == summary.unit.code);
    let content = html! {
        <>
            if report.can_save && summary.due.is_some() { <OwnExtension report={report.clone()} /> }
            <Tabs label={t!("tabs-report")} {tabs} current={(*view).clone()} {change}>
                // Both stay drawn: what was typed is there after a look at the history.
                <div hidden={*view != "sheet"}><sheet::Sheet {key} report={report.clone()} form={form.clone()} again={props.again.clone()} /></div>
                if *view == "history" { <History id={summary.id} revision={summary.revision} form={form.clone()} /> }
            </Tabs>
        </>
    };
    html! {
        <>
            <PageHeader {title} {lead} {crumbs}>
                if report.actions.contains(&ReportAction::Revise) {
                    <button type="button" class="zx-button" onclick={set(&revising, true).reform(|_: MouseEvent| ())}>{ t!("action-revise") }</button>
                }
            </PageHeader>
            if let Some(reason) = &report.reason { <p class="zx-alert zx-alert-amber" role="note">{ t!("returned-because", reason = reason.clone()) }</p> }
            if own || report.can_save {
                <MyForms form={summary.form.clone()} period={summary.period.clone()} version={summary.revision}>{ content }</MyForms>
            } else {
                { content }
            }
            if *revising { <Revise report={report.clone()} form={form.clone()} again={props.again.clone()} close={set(&revising, false)} /> }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ReviseProps {
    report: Rc<Report>,
    form: Rc<FormDef>,
    again: Callback<()>,
    close: Callback<()>,
}

/// Opens an approved report again, with its cause.
#[function_component]
fn Revise(props: &ReviseProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let cause = use_state(String::new);
    let said = use_state(String::new);
    let send = {
        let (cause, said) = (cause.clone(), said.clone());
        let (report, again, close) = (
            props.report.clone(),
            props.again.clone(),
            props.close.clone(),
        );
        Callback::from(move |_: MouseEvent| {
            let Some(session) = session.clone() else {
                return;
            };
            if cause.trim().is_empty() {
                said.set(t!("revise-needs-cause"));
                return;
            }
            let act = ActOnReport {
                action: ReportAction::Revise,
                reason: Some(cause.trim().to_owned()),
                field_reasons: BTreeMap::new(),
            };
            let (said, again, close) = (said.clone(), again.clone(), close.clone());
            let (report, toast) = (report.clone(), toast.clone());
            spawn_local(async move {
                let id = report.summary.id;
                match session
                    .client
                    .act_on_report(id, report.summary.revision, &act)
                    .await
                {
                    Ok(_) => {
                        if let Some(toast) = toast {
                            toast.done(t!("revise-done"));
                        }
                        close.emit(());
                        again.emit(());
                    }
                    Err(error) => said.set(format::error(&error)),
                }
            });
        })
    };
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
        <button type="button" class="zx-button zx-primary" onclick={send}>{ t!("action-revise") }</button></>
    };
    let change = {
        let cause = cause.clone();
        Callback::from(move |text| cause.set(text))
    };
    html! {
        <Dialog title={t!("action-revise")} close={props.close.clone()} {acts}>
            <p>{ t!("revise-text") }</p>
            <TextField id="cause" label={t!("revise-cause")} lines={3} max={Some(500)} required=true value={(*cause).clone()} {change} error={(*said).clone()} />
        </Dialog>
    }
}
