//! 数据审核: the queue, exceptions first, and the report beside it.

use crate::components::loaded;
use crate::format;
use crate::hooks::{use_load, use_session, use_title};
use std::collections::BTreeMap;
use std::rc::Rc;
use uuid::Uuid;
use web_sys::HtmlTextAreaElement;
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::Page;
use zhenxing_api_types::report::{ActOnReport, Report, ReportAction, ReportSummary, Value};
use zhenxing_api_types::session::Action;
use zhenxing_domain::package::FormDef;

type Query = BTreeMap<String, String>;

/// The page.
#[function_component]
pub fn Review() -> Html {
    use_title("数据审核");
    let location = use_location();
    let query: Query = location
        .and_then(|location| location.query::<Query>().ok())
        .unwrap_or_default();
    let session = use_session();
    let checks = session
        .as_ref()
        .and_then(|session| session.me())
        .is_some_and(|me| me.actions.contains(&Action::CheckReports));
    let state = if checks { "submitted" } else { "checked" };
    let (load, again) = use_load(
        (query, state),
        |client, (query, state): (Query, &'static str)| async move {
            let form = query
                .get("form")
                .cloned()
                .unwrap_or_else(|| "M12".to_owned());
            let period = query.get("period").cloned().unwrap_or_default();
            let page = client.reports(&form, &period, state, "").await?;
            let form = client.form(&form).await?;
            let definition: FormDef = serde_json::from_str(&form.definition)
                .map_err(|error| zhenxing_client::ClientError::Decode(error.to_string()))?;
            Ok((page, Rc::new(definition)))
        },
    );
    html! {
        <><h1>{ "数据审核" }</h1>
        { loaded(&load, &again, |(page, form)| html! { <Queue page={page.clone()} form={form.clone()} again={again.clone()} /> }) }</>
    }
}

/// The queue.
#[derive(Clone, PartialEq, Properties)]
pub struct QueueProps {
    page: Page<ReportSummary>,
    form: Rc<FormDef>,
    again: Callback<()>,
}

/// The queue on the left, the report on the right.
#[function_component]
fn Queue(props: &QueueProps) -> Html {
    let chosen = use_state(|| None::<Uuid>);
    if props.page.items.is_empty() {
        return html! { <section class="zx-card"><p class="zx-empty">{ "没有待审核的报送。下级提交后会出现在这里。" }</p></section> };
    }
    let known = chosen.filter(|id| props.page.items.iter().any(|row| row.id == *id));
    let id = known.or_else(|| props.page.items.first().map(|row| row.id));
    let row = |row: &ReportSummary| {
        let pick = {
            let (chosen, id) = (chosen.clone(), row.id);
            Callback::from(move |_: MouseEvent| chosen.set(Some(id)))
        };
        let why = if row.exceptions > 0 {
            format!("有{}项说明", row.exceptions)
        } else {
            "无异常".to_owned()
        };
        html! {
            <li><button class="zx-pick" aria-pressed={(Some(row.id) == id).to_string()} onclick={pick}>
                <strong>{ &row.unit.name }</strong><small>{ format!("{} · {why} · 合计 {} 元", format::period(&row.period), row.headline.map_or_else(|| "—".to_owned(), |total| format::number(total, 2))) }</small>
            </button></li>
        }
    };
    html! {
        <div class="zx-columns zx-review">
            <section class="zx-card" aria-label="待审队列"><h2>{ format!("待办 {} 份", props.page.items.len()) }</h2>
                <ul class="zx-list">{ for props.page.items.iter().map(row) }</ul></section>
            if let Some(id) = id { <Detail key={id.to_string()} {id} form={props.form.clone()} again={props.again.clone()} /> }
        </div>
    }
}

/// One report under review.
#[derive(Clone, PartialEq, Properties)]
pub struct DetailProps {
    id: Uuid,
    form: Rc<FormDef>,
    again: Callback<()>,
}

#[function_component]
fn Detail(props: &DetailProps) -> Html {
    let (load, again) = use_load(
        props.id,
        |client, id| async move { client.report(id).await },
    );
    let said = use_state(String::new);
    let returning = use_state(|| false);
    let reason = use_state(String::new);
    let session = use_session();
    let act = {
        let (said, next, reason) = (said.clone(), props.again.clone(), reason.clone());
        Callback::from(move |(report, action): (Report, ReportAction)| {
            let Some(session) = session.clone() else {
                return;
            };
            let (said, next, reason) = (said.clone(), next.clone(), (*reason).clone());
            spawn_local(async move {
                let act = ActOnReport {
                    action,
                    reason: Some(reason).filter(|text| !text.trim().is_empty()),
                    field_reasons: BTreeMap::new(),
                };
                match session
                    .client
                    .act_on_report(report.summary.id, report.summary.revision, &act)
                    .await
                {
                    Ok(_) => next.emit(()),
                    Err(error) => said.set(format::error(&error)),
                }
            });
        })
    };
    html! {
        <section class="zx-card" aria-label="报送内容">
            { loaded(&load, &again, |report| html! {
                <>
                    <h2>{ format!("{} {}", report.summary.unit.name, format::period(&report.summary.period)) }</h2>
                    { table(report, &props.form) }
                    { for report.findings.iter().map(|finding| html! {
                        <p class="zx-finding">{ &finding.message_zh }{ report.explanations.get(&finding.rule).map(|text| format!("　说明：{text}")).unwrap_or_default() }</p>
                    }) }
                    if !said.is_empty() { <p class="zx-alert" role="alert">{ &*said }</p> }
                    if *returning { { return_box(&reason) } }
                    { buttons(report, &act, &returning) }
                </>
            }) }
        </section>
    }
}

fn return_box(reason: &UseStateHandle<String>) -> Html {
    let change = {
        let reason = reason.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                reason.set(area.value());
            }
        })
    };
    html! {
        <><label for="reason">{ "退回原因（必填）" }</label>
        <textarea id="reason" class="zx-input" rows="3" oninput={change} value={(**reason).clone()} /></>
    }
}

fn buttons(
    report: &Report,
    act: &Callback<(Report, ReportAction)>,
    returning: &UseStateHandle<bool>,
) -> Html {
    let emit = |action: ReportAction| {
        let (act, report) = (act.clone(), report.clone());
        Callback::from(move |_: MouseEvent| act.emit((report.clone(), action)))
    };
    let back = if **returning {
        emit(ReportAction::Return)
    } else {
        let returning = returning.clone();
        Callback::from(move |_: MouseEvent| returning.set(true))
    };
    let pass = report
        .actions
        .iter()
        .find(|action| matches!(action, ReportAction::Check | ReportAction::Approve));
    html! {
        <div class="zx-actions">
            if report.actions.contains(&ReportAction::Return) {
                <button class="pf-v6-c-button pf-m-secondary" onclick={back}>{ if **returning { "确认退回" } else { "退回修改" } }</button>
            }
            if let Some(action) = pass {
                <button class="pf-v6-c-button pf-m-primary" onclick={emit(*action)}>{ if *action == ReportAction::Check { "审核通过" } else { "审定" } }</button>
            }
        </div>
    }
}

fn table(report: &Report, form: &FormDef) -> Html {
    let values = report
        .values
        .iter()
        .map(|(code, value)| (code.clone(), value.clone().into()))
        .collect();
    let numbers = form.numbers(&values);
    let old = report.previous.clone().unwrap_or_default();
    let old_values = old
        .iter()
        .map(|(code, value)| (code.clone(), value.clone().into()))
        .collect();
    let old_numbers = form.numbers(&old_values);
    let row = |field: &zhenxing_domain::package::FieldDef| {
        let decimals = field.kind.decimals().unwrap_or(0);
        let text = match report.values.get(&field.code) {
            Some(Value::Text(text)) => text.clone(),
            _ => numbers.get(&field.code).map_or_else(
                || "—".to_owned(),
                |number| format::number(*number, decimals),
            ),
        };
        let before = old_numbers.get(&field.code).map_or_else(
            || "—".to_owned(),
            |number| format::number(*number, decimals),
        );
        html! { <tr><th scope="row">{ &field.name_zh }</th><td data-label="本期">{ text }</td><td data-label="上期">{ before }</td></tr> }
    };
    html! {
        <div class="zx-scroll"><table class="zx-table"><thead><tr><th scope="col">{ "项目" }</th><th scope="col">{ "本期（元）" }</th><th scope="col">{ "上期（元）" }</th></tr></thead>
            <tbody>{ for form.fields().map(row) }</tbody></table></div>
    }
}
