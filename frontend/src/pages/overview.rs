//! 总体情况: the headline metrics, and each unit below.

use crate::components::loaded;
use crate::format;
use crate::hooks::{use_load, use_title};
use crate::routes::Route;
use std::collections::BTreeMap;
use web_sys::HtmlSelectElement;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::{Figure, FigureTree, MetricFigure, Overview as Content};

type Query = BTreeMap<String, String>;

/// The page: period, unit and metric stand in the link.
#[function_component]
pub fn Overview() -> Html {
    use_title("总体情况");
    let location = use_location();
    let query: Query = location
        .and_then(|location| location.query::<Query>().ok())
        .unwrap_or_default();
    let (load, again) = use_load(query.clone(), |client, query: Query| async move {
        let of = |name: &str| query.get(name).cloned().unwrap_or_default();
        let content = client.overview(&of("period"), &of("unit")).await?;
        let metric = match query.get("metric") {
            Some(metric) => metric.clone(),
            None => content
                .metrics
                .first()
                .map(|row| row.metric.code.clone())
                .unwrap_or_default(),
        };
        let tree = client
            .figures(&metric, &content.period, &content.unit.code)
            .await?;
        Ok((content, tree))
    });
    let navigator = use_navigator();
    let go = Callback::from(move |query: Query| {
        if let Some(navigator) = &navigator {
            // A query of texts can always be written.
            let _written = navigator.push_with_query(&Route::Overview, &query);
        }
    });
    html! { <><h1>{ "总体情况" }</h1>{ loaded(&load, &again, |(content, tree)| page(content, tree, &query, &go)) }</> }
}

fn with(query: &Query, name: &str, value: &str) -> Query {
    let mut next = query.clone();
    next.insert(name.to_owned(), value.to_owned());
    next
}

fn page(content: &Content, tree: &FigureTree, query: &Query, go: &Callback<Query>) -> Html {
    let choose = {
        let (query, go) = (query.clone(), go.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                go.emit(with(&query, "period", &select.value()));
            }
        })
    };
    html! {
        <>
            <div class="zx-bar">
                <nav aria-label="所在单位"><ol class="zx-crumbs">
                    { for tree.ancestors.iter().map(|unit| crumb(&unit.code, &unit.name, query)) }
                    <li aria-current="page">{ &tree.total.unit.name }</li>
                </ol></nav>
                <label>{ "期次 " }<select onchange={choose} class="zx-input">
                    { for content.periods.iter().map(|period| html! { <option value={period.clone()} selected={*period == content.period}>{ format::period(period) }</option> }) }
                </select></label>
            </div>
            <ul class="zx-tiles" aria-label="六大工程和组织保障">
                { for content.projects.iter().map(|project| html! {
                    <li class="zx-card"><strong>{ &project.name_zh }</strong>
                    <small>{ format!("{}件实事，{}件已有数据", project.matters, project.matters_with_figures) }</small></li>
                }) }
            </ul>
            <div class="zx-cards">{ for content.metrics.iter().filter(|row| row.metric.headline).map(card) }</div>
            <section class="zx-card">
                <div class="zx-bar"><h2>{ format!("{}：各单位情况", tree.metric.name_zh) }</h2>{ metrics(content, tree, query, go) }{ order(query, go) }</div>
                { table(tree, query) }
                <p class="zx-foot">{ foot(&tree.total, tree) }</p>
            </section>
        </>
    }
}

fn crumb(code: &str, name: &str, query: &Query) -> Html {
    html! { <li><Link<Route, Query> to={Route::Overview} query={Some(with(query, "unit", code))}>{ name }</Link<Route, Query>></li> }
}

fn metrics(content: &Content, tree: &FigureTree, query: &Query, go: &Callback<Query>) -> Html {
    let choose = {
        let (query, go) = (query.clone(), go.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                go.emit(with(&query, "metric", &select.value()));
            }
        })
    };
    html! {
        <label>{ "指标 " }<select onchange={choose} class="zx-input">
            { for content.metrics.iter().map(|row| html! {
                <option value={row.metric.code.clone()} selected={row.metric.code == tree.metric.code}>{ &row.metric.name_zh }</option>
            }) }
        </select></label>
    }
}

/// The order, where the table has no heads to click: on a phone.
fn order(query: &Query, go: &Callback<Query>) -> Html {
    let now = query.get("sort").map(String::as_str).unwrap_or_default();
    let choose = {
        let (query, go) = (query.clone(), go.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                go.emit(with(&query, "sort", &select.value()));
            }
        })
    };
    let choices = [
        ("", "区划顺序"),
        ("-value", "数值从高到低"),
        ("value", "数值从低到高"),
        ("coverage", "覆盖从低到高"),
        ("-pending", "待审定从多到少"),
    ];
    html! {
        <label class="zx-order">{ "排序 " }<select onchange={choose} class="zx-input">
            { for choices.map(|(code, name)| html! { <option value={code} selected={code == now}>{ name }</option> }) }
        </select></label>
    }
}

fn card(row: &MetricFigure) -> Html {
    let target = row.metric.targets.first();
    let value = row.figure.value.unwrap_or(0).clamp(0, 10_000);
    let tick = target
        .and_then(|target| target.value)
        .unwrap_or(10_000)
        .clamp(0, 10_000);
    let figure = &row.figure;
    html! {
        <section class="zx-card zx-headline" data-metric={row.metric.code.clone()}>
            <h2>{ &row.metric.name_zh }</h2>
            <p class="zx-big"><strong>{ format::short(&row.metric, figure.value) }</strong>
                <span>{ format!("{}/{}村", figure.numerator, figure.expected_units) }</span></p>
            <div class="zx-meter" role="img" aria-label={format!("{}，目标{}", format::short(&row.metric, figure.value), format::short(&row.metric, Some(tick)))}>
                <span class="zx-fill" style={format!("width:{}.{:02}%", value / 100, value % 100)}></span>
                <span class="zx-tick" style={format!("left:{}.{:02}%", tick / 100, tick % 100)}></span>
            </div>
            if let Some(target) = target {
                <p>{ format!("目标 {}", format::short(&row.metric, target.value)) }{ target.by.map(|day| format!("，{day}前")).unwrap_or_default() }</p>
            }
            <p class="zx-foot">{ format!("已报村中占 {} · 覆盖 {}/{}村 · 待审定 {}", format::short(&row.metric, figure.value_of_reported), figure.approved_units, figure.expected_units, figure.pending_units) }</p>
        </section>
    }
}

fn table(tree: &FigureTree, query: &Query) -> Html {
    if tree.children.is_empty() {
        return match tree.total.report {
            Some(id) => {
                html! { <p><Link<Route> to={Route::Report { id }}>{ "查看该村的报送" }</Link<Route>></p> }
            }
            None => html! { <p class="zx-empty">{ "这里没有下级单位，也还没有报送。" }</p> },
        };
    }
    let order = query.get("sort").map(String::as_str).unwrap_or_default();
    let (key, down) = match order.strip_prefix('-') {
        Some(key) => (key, true),
        None => (order, false),
    };
    let mut rows: Vec<&Figure> = tree.children.iter().collect();
    match key {
        "value" => rows.sort_by_key(|row| row.value),
        // Shares without fractions: a/b before c/d when a·d < c·b.
        "coverage" => rows.sort_by(|a, b| {
            (a.approved_units * b.expected_units).cmp(&(b.approved_units * a.expected_units))
        }),
        "pending" => rows.sort_by_key(|row| row.pending_units),
        _ => {}
    }
    if down {
        rows.reverse();
    }
    let head = |code: &str, name: String| {
        // The first click shows the largest first, the next turns round.
        let next = if order.strip_prefix('-') == Some(code) {
            code.to_owned()
        } else {
            format!("-{code}")
        };
        let sorted = match (key == code, down) {
            (false, _) => None,
            (true, true) => Some("descending"),
            (true, false) => Some("ascending"),
        };
        let sign = match sorted {
            None => "",
            Some("descending") => " ▼",
            Some(_) => " ▲",
        };
        html! { <th scope="col" aria-sort={sorted}><Link<Route, Query> to={Route::Overview} query={Some(with(query, "sort", &next))}>{ name }{ sign }</Link<Route, Query>></th> }
    };
    let gap = goal(tree).is_some();
    html! {
        <div class="zx-scroll"><table class="zx-table">
            <thead><tr><th scope="col"><Link<Route, Query> to={Route::Overview} query={Some(with(query, "sort", ""))}>{ "单位" }</Link<Route, Query>></th>
                { head("value", format!("数值（{}）", tree.metric.unit_zh)) }
                if gap { <th scope="col">{ "距目标（百分点）" }</th> }
                { head("coverage", "覆盖".to_owned()) }{ head("pending", "待审定".to_owned()) }</tr></thead>
            <tbody>{ for rows.into_iter().map(|row| line(row, tree, query)) }</tbody>
        </table></div>
    }
}

/// The target of a share, for the distance to it.
fn goal(tree: &FigureTree) -> Option<i64> {
    let target = tree.metric.targets.first().and_then(|target| target.value);
    target.filter(|_| tree.metric.kind == "ratio")
}

/// A distance in percentage points with its sign.
fn distance(value: i64, target: i64) -> String {
    let points = value.saturating_sub(target);
    let sign = if points > 0 { "+" } else { "" };
    format!("{sign}{}", format::number(points, 2))
}

fn line(row: &Figure, tree: &FigureTree, query: &Query) -> Html {
    let name = match row.report {
        Some(id) => {
            html! { <Link<Route> to={Route::Report { id }}>{ &row.unit.name }</Link<Route>> }
        }
        None => {
            html! { <Link<Route, Query> to={Route::Overview} query={Some(with(query, "unit", &row.unit.code))}>{ &row.unit.name }</Link<Route, Query>> }
        }
    };
    html! {
        <tr><th scope="row">{ name }</th>
            <td data-label="数值">{ format::exact(&tree.metric, row.value) }</td>
            if let Some(target) = goal(tree) {
                <td data-label="距目标">{ row.value.map_or_else(|| "—".to_owned(), |value| distance(value, target)) }</td>
            }
            <td data-label="覆盖">{ format!("{}/{}", row.approved_units, row.expected_units) }</td>
            <td data-label="待审定">{ row.pending_units }</td></tr>
    }
}

fn foot(total: &Figure, tree: &FigureTree) -> String {
    format!(
        "截至 {} · 覆盖 {}/{}村 · 待审定 {}",
        format::instant(tree.as_of),
        total.approved_units,
        total.expected_units,
        total.pending_units
    )
}
