//! 数据审核: the queue, exceptions first, and the report beside it.

use crate::components::loaded;
use crate::format;
use crate::hooks::{Load, definition, use_load, use_session, use_title};
use std::collections::BTreeMap;
use std::rc::Rc;
use uuid::Uuid;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::Page;
use zhenxing_api_types::report::{
    ActOnReport, Report, ReportAction, ReportState, ReportSummary, ReportVersion, Value,
    domain_values,
};
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
            let form = definition(&client, &form).await?;
            Ok((page, form))
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
    let more = use_state(|| (Vec::<ReportSummary>::new(), props.page.next_cursor.clone()));
    let said = use_state(String::new);
    let session = use_session();
    if props.page.items.is_empty() {
        return html! { <section class="zx-card"><p class="zx-empty">{ "没有待审核的报送。下级提交后会出现在这里。" }</p></section> };
    }
    let rows: Vec<ReportSummary> = props.page.items.iter().chain(&more.0).cloned().collect();
    let known = chosen.filter(|id| rows.iter().any(|row| row.id == *id));
    let id = known.or_else(|| rows.first().map(|row| row.id));
    let further = {
        let (more, said, rows) = (more.clone(), said.clone(), rows.clone());
        Callback::from(move |_: MouseEvent| {
            let (Some(session), Some(first), Some(cursor)) =
                (session.clone(), rows.first().cloned(), more.1.clone())
            else {
                return;
            };
            let (more, said) = (more.clone(), said.clone());
            spawn_local(async move {
                let state = if first.state == ReportState::Checked {
                    "checked"
                } else {
                    "submitted"
                };
                let page = session
                    .client
                    .reports(&first.form, &first.period, state, &cursor);
                match page.await {
                    Ok(page) => {
                        let mut all = more.0.clone();
                        all.extend(page.items);
                        more.set((all, page.next_cursor));
                    }
                    Err(error) => said.set(format::error(&error)),
                }
            });
        })
    };
    // j and k walk through the queue, as in mail; the report's own keys are a and r.
    let walk = {
        let (chosen, ids) = (
            chosen.clone(),
            rows.iter().map(|row| row.id).collect::<Vec<_>>(),
        );
        Callback::from(move |event: KeyboardEvent| {
            if format::is_typing(&event) {
                return;
            }
            let at = ids.iter().position(|one| Some(*one) == id).unwrap_or(0);
            let to = match event.key().as_str() {
                "j" => at + 1,
                "k" => at.saturating_sub(1),
                _ => return,
            };
            if let Some(next) = ids.get(to) {
                chosen.set(Some(*next));
            }
        })
    };
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
        <div class="zx-columns zx-review" onkeydown={walk}>
            <section class="zx-card" aria-label="待审队列"><h2>{ format!("待办 {} 份{}", rows.len(), if more.1.is_some() { "以上" } else { "" }) }</h2>
                <p class="zx-keys">{ "键盘：j 下一份，k 上一份，a 通过，r 退回" }</p>
                <ul class="zx-list">{ for rows.iter().map(row) }</ul>
                if !said.is_empty() { <p class="zx-alert" role="alert">{ &*said }</p> }
                if more.1.is_some() { <button class="pf-v6-c-button pf-m-secondary" onclick={further}>{ "显示更多" }</button> }
            </section>
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
    let marks = use_state(BTreeMap::<String, String>::new);
    let busy = use_state(|| false);
    let session = use_session();
    let act = {
        let (said, next, reason) = (said.clone(), props.again.clone(), reason.clone());
        let (marks, busy) = (marks.clone(), busy.clone());
        Callback::from(move |(report, action): (Report, ReportAction)| {
            let Some(session) = session.clone() else {
                return;
            };
            if *busy {
                return;
            }
            if action == ReportAction::Return && reason.trim().is_empty() {
                said.set("请写明退回原因，让填报人知道要改什么".to_owned());
                return;
            }
            busy.set(true);
            let (said, next, reason) = (said.clone(), next.clone(), (*reason).clone());
            let (marks, busy) = ((*marks).clone(), busy.clone());
            spawn_local(async move {
                let act = ActOnReport {
                    action,
                    reason: Some(reason).filter(|text| !text.trim().is_empty()),
                    field_reasons: if action == ReportAction::Return {
                        marks
                    } else {
                        BTreeMap::new()
                    },
                };
                match session
                    .client
                    .act_on_report(report.summary.id, report.summary.revision, &act)
                    .await
                {
                    Ok(_) => next.emit(()),
                    Err(error) => {
                        busy.set(false);
                        said.set(format::error(&error));
                    }
                }
            });
        })
    };
    let keys = {
        let (act, returning, load) = (act.clone(), returning.clone(), load.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Load::Ready(report) = &load else { return };
            if format::is_typing(&event) {
                return;
            }
            match event.key().as_str() {
                "a" => {
                    if let Some(action) = passing(report) {
                        act.emit((report.clone(), action));
                    }
                }
                "r" if report.actions.contains(&ReportAction::Return) => {
                    event.prevent_default();
                    returning.set(true);
                }
                _ => {}
            }
        })
    };
    html! {
        <section class="zx-card" aria-label="报送内容" tabindex="0" onkeydown={keys}>
            { loaded(&load, &again, |report| html! {
                <>
                    <h2>{ format!("{} {}", report.summary.unit.name, format::period(&report.summary.period)) }</h2>
                    { table(report, &props.form, (*returning).then_some(&marks)) }
                    { for report.findings.iter().map(|finding| html! {
                        <p class="zx-finding">{ &finding.message_zh }{ report.explanations.get(&finding.rule).map(|text| format!("　说明：{text}")).unwrap_or_default() }</p>
                    }) }
                    if !said.is_empty() { <p class="zx-alert" role="alert">{ &*said }</p> }
                    if *returning { { return_box(&reason) } }
                    { buttons(report, &act, &returning, *busy) }
                    <details class="zx-versions"><summary>{ "历次版本" }</summary><Versions id={props.id} /></details>
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
    let phrase = |text: &'static str| {
        let reason = reason.clone();
        let add = Callback::from(move |_: MouseEvent| {
            let old = reason.trim().to_owned();
            reason.set(if old.is_empty() {
                text.to_owned()
            } else {
                format!("{old}；{text}")
            });
        });
        html! { <button type="button" class="pf-v6-c-button pf-m-link pf-m-small" onclick={add}>{ text }</button> }
    };
    html! {
        <><label for="reason">{ "退回原因（必填），点常用语即可写入" }</label>
        <div class="zx-phrases">{ for PHRASES.map(phrase) }</div>
        <textarea id="reason" class="zx-input" rows="3" oninput={change} value={(**reason).clone()} /></>
    }
}

/// What is said most often when a report goes back.
const PHRASES: [&str; 4] = [
    "与上期相比变化较大，请核实",
    "请核对计量单位（元、万元）",
    "与村级台账不一致，请核对",
    "请补充情况说明",
];

/// The versions of a report, latest first, with what each changed.
#[function_component]
fn Versions(props: &VersionsProps) -> Html {
    let (load, again) = use_load(
        props.id,
        |client, id| async move { client.versions(id).await },
    );
    loaded(&load, &again, |page| {
        let line = |version: &ReportVersion| {
            let reason = version
                .reason
                .as_deref()
                .map(|text| format!("　{text}"))
                .unwrap_or_default();
            html! { <li><span><strong>{ format::version_action(&version.action) }</strong>
            <small>{ format!("{} {} · {}{reason}", version.by_unit, version.by, format::instant(version.at)) }</small></span></li> }
        };
        html! { <ol class="zx-list">{ for page.items.iter().map(line) }</ol> }
    })
}

/// Whose versions.
#[derive(Clone, PartialEq, Properties)]
pub struct VersionsProps {
    id: Uuid,
}

fn passing(report: &Report) -> Option<ReportAction> {
    let pass =
        |action: &&ReportAction| matches!(action, ReportAction::Check | ReportAction::Approve);
    report.actions.iter().find(pass).copied()
}

fn buttons(
    report: &Report,
    act: &Callback<(Report, ReportAction)>,
    returning: &UseStateHandle<bool>,
    busy: bool,
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
    let pass = passing(report).filter(|_| !**returning);
    let stay = {
        let returning = returning.clone();
        Callback::from(move |_: MouseEvent| returning.set(false))
    };
    html! {
        <div class="zx-actions">
            if report.actions.contains(&ReportAction::Return) {
                <button class={if **returning { "pf-v6-c-button pf-m-primary" } else { "pf-v6-c-button pf-m-secondary" }} onclick={back} disabled={busy}>{ if **returning { "确认退回" } else { "退回修改" } }</button>
                if **returning { <button class="pf-v6-c-button pf-m-link" onclick={stay}>{ "取消" }</button> }
            }
            if let Some(action) = pass {
                <button class="pf-v6-c-button pf-m-primary" onclick={emit(action)} disabled={busy}>{ if action == ReportAction::Check { "审核通过" } else { "审定" } }</button>
            }
        </div>
    }
}

/// A table of this period beside the last; while a report is returned, each figure can be given its own reason.
fn table(
    report: &Report,
    form: &FormDef,
    marks: Option<&UseStateHandle<BTreeMap<String, String>>>,
) -> Html {
    let numbers = form.numbers(&domain_values(&report.values));
    let old = report
        .previous
        .as_ref()
        .map(domain_values)
        .unwrap_or_default();
    let old_numbers = form.numbers(&old);
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
        let change = numbers
            .get(&field.code)
            .zip(old_numbers.get(&field.code))
            .map_or_else(|| "—".to_owned(), |(now, old)| format::change(*now, *old));
        let mark = marks.map(|marks| {
            let given = marks.get(&field.code).cloned().unwrap_or_default();
            let (marks, code) = (marks.clone(), field.code.clone());
            let change = Callback::from(move |event: InputEvent| {
                if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                    let mut next = (*marks).clone();
                    if input.value().trim().is_empty() {
                        next.remove(&code);
                    } else {
                        next.insert(code.clone(), input.value());
                    }
                    marks.set(next);
                }
            });
            html! { <td data-label="退回意见"><input class="zx-input" aria-label={format!("{}的退回意见", field.name_zh)} value={given} oninput={change} maxlength="500" /></td> }
        });
        html! { <tr><th scope="row">{ &field.name_zh }</th><td data-label="本期">{ text }</td><td data-label="上期">{ before }</td><td data-label="较上期">{ change }</td>{ for mark }</tr> }
    };
    html! {
        <div class="zx-scroll"><table class="zx-table"><thead><tr><th scope="col">{ "项目" }</th><th scope="col">{ "本期（元）" }</th><th scope="col">{ "上期（元）" }</th><th scope="col">{ "较上期" }</th>if marks.is_some() { <th scope="col">{ "退回意见" }</th> }</tr></thead>
            <tbody>{ for form.fields().map(row) }</tbody></table></div>
    }
}
