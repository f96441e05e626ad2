//! One report: entry where I may fill it in, reading otherwise.

use crate::components::loaded;
use crate::format;
use crate::hooks::{definition, use_load, use_session, use_title};
use std::collections::BTreeMap;
use std::rc::Rc;
use uuid::Uuid;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::report::{
    ActOnReport, Report, ReportAction, SaveReport, Value, domain_values, wire_values,
};
use zhenxing_domain::package::number::{format_scaled, parse_scaled};
use zhenxing_domain::package::{FieldDef, FieldValue, Finding, FormDef, Severity};

/// Which report.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct EntryProps {
    /// The report's number.
    pub id: Uuid,
}

/// The page.
#[function_component]
pub fn Entry(props: &EntryProps) -> Html {
    use_title("数据报送");
    let (load, again) = use_load(props.id, |client, id| async move {
        let report = client.report(id).await?;
        let form = definition(&client, &report.summary.form).await?;
        Ok((Rc::new(report), form))
    });
    loaded(&load, &again, |(report, form)| {
        let key = format!("{}-{}", report.summary.id, report.summary.revision);
        html! { <Sheet {key} report={report.clone()} form={form.clone()} again={again.clone()} /> }
    })
}

/// A report with its form.
#[derive(Clone, PartialEq, Properties)]
pub struct SheetProps {
    /// The report.
    pub report: Rc<Report>,
    /// Its form.
    pub form: Rc<FormDef>,
    /// Loads it again.
    pub again: Callback<()>,
}

type Texts = BTreeMap<String, String>;

fn shown(field: &FieldDef, value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::Integer(number)) => format_scaled(*number, field.kind.decimals().unwrap_or(0)),
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Flag(flag)) => flag.to_string(),
    }
}

/// What was typed as values; a text that is no number stays a text, and the rules say so.
fn typed(form: &FormDef, texts: &Texts) -> BTreeMap<String, FieldValue> {
    let value = |field: &FieldDef| {
        let text = texts.get(&field.code)?.trim();
        if text.is_empty() || field.computed.is_some() {
            return None;
        }
        let number = field
            .kind
            .decimals()
            .and_then(|decimals| parse_scaled(text, decimals));
        let value = number.map_or_else(|| FieldValue::Text(text.to_owned()), FieldValue::Integer);
        Some((field.code.clone(), value))
    };
    form.fields().filter_map(value).collect()
}

/// The form with its values.
#[function_component]
pub fn Sheet(props: &SheetProps) -> Html {
    let session = use_session();
    let report = props.report.clone();
    let form = props.form.clone();
    let first = use_memo((), |()| {
        let source = if report.values.is_empty() {
            report.previous.as_ref()
        } else {
            None
        };
        let source = source.unwrap_or(&report.values);
        form.fields()
            .map(|field| (field.code.clone(), shown(field, source.get(&field.code))))
            .collect::<Texts>()
    });
    let texts = use_state(|| (*first).clone());
    let explanations = use_state(|| report.explanations.clone());
    let said = use_state(|| (String::new(), false));
    let asking = use_state(|| false);
    let previous = report.previous.as_ref().map(domain_values);
    let values = typed(&form, &texts);
    let numbers = form.numbers(&values);
    let findings = form.check(&values, previous.as_ref(), &explanations);
    let open = report.can_save;
    let send = {
        let (said, again, values, explanations) = (
            said.clone(),
            props.again.clone(),
            values.clone(),
            explanations.clone(),
        );
        let report = report.clone();
        move |submit: bool| {
            let Some(session) = session.clone() else {
                return;
            };
            let save = SaveReport {
                values: wire_values(values.clone()),
                explanations: (*explanations).clone(),
            };
            let (said, again, report) = (said.clone(), again.clone(), report.clone());
            spawn_local(async move {
                let id = report.summary.id;
                let done = match session
                    .client
                    .save_report(id, report.summary.revision, &save)
                    .await
                {
                    Ok(saved) if submit => {
                        let act = ActOnReport {
                            action: ReportAction::Submit,
                            reason: None,
                            field_reasons: BTreeMap::new(),
                        };
                        session
                            .client
                            .act_on_report(id, saved.summary.revision, &act)
                            .await
                    }
                    other => other,
                };
                match done {
                    Ok(_) => again.emit(()),
                    Err(error) => said.set((format::error(&error), true)),
                }
            });
        }
    };
    let save = {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| send(false))
    };
    let ask = {
        let (asking, said) = (asking.clone(), said.clone());
        let blocked = findings.iter().any(Finding::blocks);
        Callback::from(move |_: MouseEvent| {
            if blocked {
                said.set((
                    "还有未通过的校验，请按提示修改或说明后再提交".to_owned(),
                    true,
                ));
            } else {
                asking.set(true);
            }
        })
    };
    let confirm = {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| {
            asking.set(false);
            send(true);
        })
    };
    let cancel = {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| asking.set(false))
    };
    let summary = &report.summary;
    html! {
        <>
            <h1>{ format!("{} {}", format::period(&summary.period), form.name_zh) }</h1>
            <p class="zx-greeting">{ format!("{} · {}", summary.unit.name, format::state(summary.state)) }
                if report.locked { <strong>{ " · 本期已锁定" }</strong> }</p>
            if let Some(reason) = &report.reason { <p class="zx-alert">{ format!("退回（更正）原因：{reason}") }</p> }
            { for form.sections.iter().map(|section| html! {
                <fieldset class="zx-card"><legend>{ &section.title_zh }</legend>
                    { for section.fields.iter().map(|field| line(field, &report, &texts, &numbers, &findings, open)) }
                </fieldset>
            }) }
            { for findings.iter().filter(|finding| finding.severity == Severity::NeedsExplanation).map(|finding| explain(finding, &explanations, open)) }
            if !said.0.is_empty() { <p class="zx-alert" role="alert">{ &said.0 }</p> }
            if *asking {
                <section class="zx-card zx-confirm" role="alertdialog" aria-label="确认提交">
                    <h2>{ "确认提交" }</h2>
                    <p>{ format!("{}收入合计 {} 元，提交后由乡镇审核，退回前不能修改。", summary.unit.name, numbers.get("total").map_or_else(|| "—".to_owned(), |total| format::number(*total, 2))) }</p>
                    <button class="pf-v6-c-button pf-m-primary" onclick={confirm}>{ "确认提交" }</button>
                    <button class="pf-v6-c-button pf-m-link" onclick={cancel}>{ "再看看" }</button>
                </section>
            }
            if open {
                <div class="zx-actions">
                    if *texts != *first || *explanations != report.explanations {
                        <small class="zx-unsaved" role="status">{ "▲ 有未保存的修改，离开前请先暂存" }</small>
                    } else {
                        <small>{ format!("保存于 {}", format::instant(summary.updated_at)) }</small>
                    }
                    <button class="pf-v6-c-button pf-m-secondary" onclick={save}>{ "暂存" }</button>
                    <button class="pf-v6-c-button pf-m-primary" onclick={ask}>{ "提交" }</button>
                </div>
            }
        </>
    }
}

fn line(
    field: &FieldDef,
    report: &Report,
    texts: &UseStateHandle<Texts>,
    numbers: &BTreeMap<String, i64>,
    findings: &[Finding],
    open: bool,
) -> Html {
    let id = format!("field-{}", field.code);
    let before = shown(
        field,
        report
            .previous
            .as_ref()
            .and_then(|values| values.get(&field.code)),
    );
    let text = if field.computed.is_some() {
        numbers.get(&field.code).map_or_else(String::new, |number| {
            format::number(*number, field.kind.decimals().unwrap_or(0))
        })
    } else {
        texts.get(&field.code).cloned().unwrap_or_default()
    };
    let change = {
        let (texts, code) = (texts.clone(), field.code.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let mut next = (*texts).clone();
                next.insert(code.clone(), input.value());
                texts.set(next);
            }
        })
    };
    let own: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.field.as_deref() == Some(field.code.as_str()))
        .collect();
    let shown_findings = if open { own } else { Vec::new() };
    let mode = if field.kind.decimals().is_some() {
        "decimal"
    } else {
        "text"
    };
    html! {
        <div class="zx-field">
            <label for={id.clone()}>{ &field.name_zh }if !field.unit_zh.is_empty() { <small>{ format!("（{}）", field.unit_zh) }</small> }</label>
            if open && field.computed.is_none() {
                <input {id} class="zx-input zx-number" inputmode={mode} value={text} oninput={change} aria-invalid={(!shown_findings.is_empty()).then_some("true")} />
            } else {
                <output {id} class="zx-number">{ if text.is_empty() { "—".to_owned() } else { text } }</output>
            }
            <small>{ if before.is_empty() { field.hint_zh.clone() } else { format!("上期已审定 {before} · {}", field.hint_zh) } }</small>
            if let Some(reason) = report.field_reasons.get(&field.code) { <p class="zx-finding">{ format!("退回意见：{reason}") }</p> }
            { for shown_findings.iter().map(|finding| html! { <p class="zx-finding">{ &finding.message_zh }</p> }) }
        </div>
    }
}

fn explain(finding: &Finding, explanations: &UseStateHandle<Texts>, open: bool) -> Html {
    let text = explanations.get(&finding.rule).cloned().unwrap_or_default();
    let id = format!("explain-{}", finding.rule);
    let change = {
        let (explanations, rule) = (explanations.clone(), finding.rule.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                let mut next = (*explanations).clone();
                next.insert(rule.clone(), area.value());
                explanations.set(next);
            }
        })
    };
    html! {
        <div class="zx-card"><label for={id.clone()}>{ format!("情况说明：{}", finding.message_zh) }</label>
            <textarea {id} class="zx-input" rows="3" value={text} oninput={change} readonly={!open} /></div>
    }
}
