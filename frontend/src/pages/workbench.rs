//! 工作台: what waits for me.

use crate::components::{light, loaded};
use crate::format;
use crate::hooks::{use_load, use_title};
use crate::routes::Route;
use std::collections::BTreeMap;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::MetricFigure;
use zhenxing_api_types::report::{Due, Light, ReportState};
use zhenxing_api_types::workbench::{Progress, Waiting, Workbench as Content};

/// The landing page.
#[function_component]
pub fn Workbench() -> Html {
    use_title("工作台");
    let (load, again) = use_load((), |client, ()| async move { client.workbench().await });
    loaded(&load, &again, page)
}

fn page(content: &Content) -> Html {
    let deadline = match content.next_deadline {
        Some(day) => format!("最近期限 {day}"),
        None => "暂无到期事项".to_owned(),
    };
    let nothing = content.to_fill.is_empty() && content.to_review.is_empty();
    html! {
        <>
            <h1>{ "工作台" }</h1>
            <p class="zx-greeting">{ format!("{} · 今天 {} · {deadline}", content.unit.name, content.today) }</p>
            <div class="zx-columns">
                <section class="zx-card" aria-labelledby="todo"><h2 id="todo">{ "待办" }</h2>
                    if nothing { <p class="zx-empty">{ "没有待办事项。需要填报、审核或审定的，会出现在这里。" }</p> }
                    { for GROUPS.map(|(light, name)| group(content, light, name)) }
                </section>
                <div>
                    <section class="zx-card" aria-labelledby="figures"><h2 id="figures">{ "本单位指标" }</h2>
                        { for content.figures.iter().map(figure) }
                    </section>
                    if !content.progress.is_empty() {
                        <section class="zx-card" aria-labelledby="progress"><h2 id="progress">{ "本期进度" }</h2>
                            { for content.progress.iter().map(progress) }
                        </section>
                    }
                </div>
            </div>
        </>
    }
}

/// What waits, by how much it hurries.
const GROUPS: [(Light, &str); 3] = [
    (Light::Overdue, "已逾期"),
    (Light::Soon, "七日内到期"),
    (Light::Normal, "以后到期"),
];

fn group(content: &Content, light: Light, name: &'static str) -> Html {
    let review: Vec<&Waiting> = content
        .to_review
        .iter()
        .filter(|row| row.light == light)
        .collect();
    let fill: Vec<&Due> = content
        .to_fill
        .iter()
        .filter(|row| row.light == light)
        .collect();
    let count = review.len() + fill.len();
    if count == 0 {
        return Html::default();
    }
    html! {
        <><h3 class="zx-group">{ format!("{name}（{count}）") }</h3>
        <ul class="zx-list">{ for review.into_iter().map(waiting) }{ for fill.into_iter().map(due) }</ul></>
    }
}

fn waiting(row: &Waiting) -> Html {
    let act = if row.state == ReportState::Submitted {
        "审核"
    } else {
        "审定"
    };
    let query: BTreeMap<&'static str, String> =
        BTreeMap::from([("form", row.form.clone()), ("period", row.period.clone())]);
    html! {
        <li>
            <span><strong>{ format!("{}{}", format::period(&row.period), row.form_name_zh) }</strong>
            <small>{ format!("{}份待{act}", row.count) }</small></span>
            { light(row.light) }
            <Link<Route, BTreeMap<&'static str, String>> to={Route::Review} query={Some(query)} classes="pf-v6-c-button pf-m-secondary">{ format!("去{act}") }</Link<Route, BTreeMap<&'static str, String>>>
        </li>
    }
}

fn due(row: &Due) -> Html {
    let until = row
        .fill_due
        .map_or_else(|| "历史补录".to_owned(), |day| format!("{day}前"));
    let text = html! {
        <span><strong>{ format!("{}村级集体经济收入", format::period(&row.period)) }</strong>
        <small>{ format!("{} · {until}", format::due_state(row.state)) }</small></span>
    };
    let button = match row.report {
        Some(id) => {
            html! { <Link<Route> to={Route::Report { id }} classes="pf-v6-c-button pf-m-secondary">{ "继续填报" }</Link<Route>> }
        }
        None => {
            let query =
                BTreeMap::from([("form", row.form.clone()), ("period", row.period.clone())]);
            html! { <Link<Route, BTreeMap<&'static str, String>> to={Route::Reports} query={Some(query)} classes="pf-v6-c-button pf-m-secondary">{ "去填报" }</Link<Route, BTreeMap<&'static str, String>>> }
        }
    };
    html! { <li>{ text }{ light(row.light) }{ button }</li> }
}

fn figure(row: &MetricFigure) -> Html {
    let target = row.metric.targets.first().and_then(|target| target.value);
    html! {
        <p class="zx-figure"><span>{ &row.metric.name_zh }</span>
        <strong title={format::exact(&row.metric, row.figure.value)}>{ format::short(&row.metric, row.figure.value) }</strong>
        if let Some(target) = target { <small>{ format!("目标 {}", format::short(&row.metric, Some(target))) }</small> }</p>
    }
}

fn progress(row: &Progress) -> Html {
    let waits = row.submitted + row.checked;
    html! {
        <p>{ format!("{}：应报{}，已审定{}，待审核审定{waits}，退回{}", format::period(&row.period), row.expected, row.approved, row.returned) }</p>
    }
}
