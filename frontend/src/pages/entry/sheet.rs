//! The sheet: sections with their lines, explanations where a rule asks, and the foot that saves and submits.

use super::ReportProps;
use super::line::{self, Line};
use super::submit::Submit;
use crate::components::alert;
use crate::components::toast::use_toast;
use crate::format;
use crate::hooks::use_session;
use crate::i18n::{named, use_language};
use crate::pages::leave::use_leave_warning;
use crate::pages::source::SourceDocument;
use crate::pages::typed::{Texts, first_texts, sent, typed};
use std::collections::BTreeMap;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::report::{ActOnReport, Report, ReportAction, SaveReport, domain_values};
use zhenxing_domain::package::{Finding, Severity};
use zhenxing_domain::period::Period;

/// What follows a save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Stay,
    Submit,
}

/// The form with its values.
#[function_component]
pub fn Sheet(props: &ReportProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let (report, form) = (props.report.clone(), props.form.clone());
    let first = use_memo((), |()| {
        first_texts(&form, &report.values, report.previous.as_ref())
    });
    let texts = use_state(|| (*first).clone());
    let explanations = use_state(|| report.explanations.clone());
    let source = use_state(|| report.source_document.clone().unwrap_or_default());
    let said = use_state(String::new);
    let asking = use_state(|| false);
    let tried = use_state(|| false);
    let busy = use_state(|| false);
    let previous = report.previous.as_ref().map(domain_values);
    let values = typed(&form, &texts);
    let numbers = form.numbers(&values);
    let old_numbers = previous
        .as_ref()
        .map(|old| form.numbers(old))
        .unwrap_or_default();
    let mut findings = form.check(&values, previous.as_ref(), &explanations);
    let period = Period::parse(&report.summary.period).ok();
    let lacking = period.and_then(|period| form.check_source(period, Some(&source)));
    findings.extend(lacking.clone());
    let open = report.can_save;
    let changed = *texts != *first
        || *explanations != report.explanations
        || *source != report.source_document.clone().unwrap_or_default();
    let leaving = use_leave_warning(open && changed);
    let send = {
        let (said, again, busy) = (said.clone(), props.again.clone(), busy.clone());
        let save = SaveReport {
            values: sent(&form, values.clone()),
            explanations: (*explanations).clone(),
            source_document: Some((*source).clone()),
        };
        let report = report.clone();
        Callback::from(move |then: Then| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (said, again, busy) = (said.clone(), again.clone(), busy.clone());
            let (save, report, toast) = (save.clone(), report.clone(), toast.clone());
            spawn_local(async move {
                match store(&session.client, &report, &save, then).await {
                    Ok(word) => {
                        if let Some(toast) = toast {
                            toast.done(word);
                        }
                        // Busy until the new version is here: it brings a sheet of its own.
                        again.emit(());
                    }
                    Err(error) => {
                        busy.set(false);
                        said.set(format::error(&error));
                    }
                }
            });
        })
    };
    let blocked = findings.iter().filter(|finding| finding.blocks()).count();
    let ask = {
        let (asking, said, tried) = (asking.clone(), said.clone(), tried.clone());
        Callback::from(move |_: MouseEvent| {
            tried.set(true);
            if blocked > 0 {
                said.set(t!("submit-blocked", count = blocked));
            } else {
                said.set(String::new());
                asking.set(true);
            }
        })
    };
    let confirm = {
        let (asking, send) = (asking.clone(), send.clone());
        Callback::from(move |()| {
            asking.set(false);
            send.emit(Then::Submit);
        })
    };
    let cancel = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(false))
    };
    // Until something was typed or submitted, what is missing is not held against the reader.
    let speaks = open && (*tried || changed || !report.values.is_empty());
    let lines = line::Around {
        report: &report,
        texts: &texts,
        numbers: &numbers,
        old: &old_numbers,
        findings: if speaks { &findings } else { &[] },
        open,
        tried: *tried,
    };
    html! {
        <div class="zx-entry">
            { for form.sections.iter().map(|section| html! {
                <fieldset class="zx-card"><legend>{ named(&section.title_zh, &section.title_en) }</legend>
                    { line::heads(&report) }
                    { for section.fields.iter().map(|field| html! { <>{ Line { field, around: &lines }.draw() }</> }) }
                </fieldset>
            }) }
            if report.historical { { source_document(&source, open, lacking.filter(|_| *tried)) } }
            { for findings.iter().filter(|finding| finding.severity == Severity::NeedsExplanation).map(|finding| explain(finding, &explanations, open)) }
            { alert(&said) }
            if *asking { <Submit report={report.clone()} form={form.clone()} texts={(*texts).clone()} explanations={(*explanations).clone()} {confirm} {cancel} /> }
            if open {
                <div class="zx-foot-bar">
                    if changed { <small class="zx-unsaved" role="status">{ t!("unsaved") }</small> }
                    else { <small role="status">{ t!("saved-at", time = format::instant(report.summary.updated_at)) }</small> }
                    <button type="button" class="zx-button" disabled={*busy} onclick={send.reform(|_: MouseEvent| Then::Stay)}>{ t!("action-save") }</button>
                    <button type="button" class="zx-button zx-primary" disabled={*busy} onclick={ask}>{ t!("action-submit") }</button>
                </div>
            }
            { leaving }
        </div>
    }
}

/// Where figures of past years come from.
fn source_document(source: &UseStateHandle<String>, open: bool, wrong: Option<Finding>) -> Html {
    html! {
        <fieldset class="zx-card"><legend>{ t!("source-document") }</legend>
            if open { <SourceDocument value={source.clone()} {wrong} /> } else { <p>{ &**source }</p> }
        </fieldset>
    }
}

/// Saves, submits if that was asked, and says what was done.
async fn store(
    client: &zhenxing_client::Client,
    report: &Report,
    save: &SaveReport,
    then: Then,
) -> Result<String, zhenxing_client::ClientError> {
    let id = report.summary.id;
    let saved = client
        .save_report(id, report.summary.revision, save)
        .await?;
    if then == Then::Stay {
        return Ok(t!("save-done"));
    }
    let act = ActOnReport {
        action: ReportAction::Submit,
        reason: None,
        field_reasons: BTreeMap::new(),
    };
    client
        .act_on_report(id, saved.summary.revision, &act)
        .await?;
    Ok(t!("submit-done"))
}

/// The box of an explanation, drawn only where a rule asks for one.
fn explain(finding: &Finding, explanations: &UseStateHandle<Texts>, open: bool) -> Html {
    let text = explanations.get(&finding.rule).cloned().unwrap_or_default();
    let id = format!("explain-{}", finding.rule);
    let change = {
        let (explanations, rule) = (explanations.clone(), finding.rule.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<web_sys::HtmlTextAreaElement>() {
                let mut next = (*explanations).clone();
                next.insert(rule.clone(), area.value());
                explanations.set(next);
            }
        })
    };
    html! {
        <div class="zx-card zx-explain"><label for={id.clone()}>{ t!("explanation") }</label>
            <p class="zx-finding">{ format::finding(finding) }</p>
            <textarea {id} class="zx-input" rows="3" value={text} oninput={change} readonly={!open} /></div>
    }
}
