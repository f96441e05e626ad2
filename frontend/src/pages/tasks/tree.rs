//! The tree of a matter: what it is, and how its tasks stand at a unit and directly below it.

use super::{Matters, targets_of, words_of};
use crate::components::field::Select;
use crate::components::filter::FilterBar;
use crate::components::meter::stacked;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::{Card, empty, light, light_saying, loaded};
use crate::draft::use_filters;
use crate::format;
use crate::hooks::{Load, Query, use_load, use_session, with};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use chrono::{Datelike, NaiveDate};
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::programme::Matter;
use zhenxing_api_types::report::Light;
use zhenxing_api_types::target::TargetTable;
use zhenxing_api_types::task::{TaskNode, TaskTree};

/// The properties of the view.
#[derive(Clone, PartialEq, Properties)]
pub struct TreeProps {
    /// The matters.
    pub matters: Matters,
}

/// The years for which matters are handed down, the one after this first.
pub fn years(today: Option<NaiveDate>) -> Vec<(String, String)> {
    let now = today.map_or(2026, |today| today.year());
    let year = |year: i32| (year.to_string(), format::period(&year.to_string()));
    (2021..=now + 1).rev().map(year).collect()
}

/// The matter that the link names, or the first.
pub fn chosen<'a>(matters: &'a Matters, query: &Query) -> Option<&'a Matter> {
    let code = query.get("matter");
    let named = matters.iter().find(|matter| Some(&matter.code) == code);
    named.or(matters.first())
}

/// The year that the link names, or this one.
pub fn year(today: Option<NaiveDate>, query: &Query) -> String {
    let this = today.map_or_else(String::new, |today| today.year().to_string());
    query.get("period").cloned().unwrap_or(this)
}

/// The view.
#[function_component]
pub fn Tree(props: &TreeProps) -> Html {
    use_language();
    let filters = use_filters(Route::Tasks);
    let today = use_session()
        .and_then(|session| session.me())
        .map(|me| me.today);
    let matter = chosen(&props.matters, &filters.query).cloned();
    let code = matter
        .as_ref()
        .map(|matter| matter.code.clone())
        .unwrap_or_default();
    let period = year(today, &filters.query);
    let asked = (code.clone(), period.clone(), filters.of("unit"));
    let (load, again) = use_load(
        asked,
        |session, (matter, period, unit): (String, String, String)| async move {
            session.client.task_tree(&matter, &period, &unit).await
        },
    );
    // The targets come after the tree, which does not wait for them.
    let at = match &load {
        Load::Ready(tree) => tree.unit.unit.code.clone(),
        _ => String::new(),
    };
    let (targets, _) = use_load(
        (matter.clone(), at.clone()),
        |session, (matter, unit): (Option<Matter>, String)| async move {
            match matter.filter(|_| !unit.is_empty()) {
                None => Ok(None),
                Some(matter) => Ok(targets_of::of_tree(&session.client, &matter, &unit).await),
            }
        },
    );
    let targets = match targets {
        Load::Ready(targets) => targets,
        _ => None,
    };
    let names = props.matters.iter().map(|matter| {
        let name = named(&matter.name_zh, &matter.name_en);
        (matter.code.clone(), format!("{} {name}", matter.code))
    });
    html! {
        <>
            <FilterBar>
                <Select label={t!("task-matter")} value={code} choices={names.collect::<Vec<_>>()} change={filters.change("matter")} />
                <Select label={t!("period")} value={period} choices={years(today)} change={filters.change("period")} />
            </FilterBar>
            if filters.of("matter").is_empty() { <super::progress::Progress matters={props.matters.clone()} year={year(today, &filters.query)} /> }
            if let Some(matter) = &matter { { about(matter, &at) } }
            { loaded(&load, &again, |tree| table(tree, targets.as_deref(), &filters.query)) }
        </>
    }
}

/// The matter: what it is, who leads it, what its metrics ask.
fn about(matter: &Matter, unit: &str) -> Html {
    let lowest = matter.levels.last().copied();
    let goals = matter.metrics.iter().filter_map(|metric| {
        let target = metric.targets.first()?;
        Some(html! { <li>{ targets_of::link(metric, unit) }{ " " }<strong>{ format::target(metric, target) }</strong></li> })
    });
    let goals: Vec<Html> = goals.collect();
    html! {
        <Card title={named(&matter.name_zh, &matter.name_en).to_owned()}>
            <p class="zx-lead">{ named(&matter.summary_zh, &matter.summary_en) }</p>
            <dl class="zx-facts">
                <dt>{ t!("task-lead") }</dt><dd>{ matter.lead_departments.join(&t!("list-separator")) }</dd>
                <dt>{ t!("task-responsible") }</dt><dd>{ matter.responsible_departments.join(&t!("list-separator")) }</dd>
                if let Some(lowest) = lowest { <dt>{ t!("task-reach") }</dt><dd>{ t!("task-reach-to", level = crate::words::level(lowest)) }</dd> }
                if !goals.is_empty() { <dt>{ t!("task-targets") }</dt><dd><ul>{ for goals }</ul></dd> }
            </dl>
        </Card>
    }
}

fn table(tree: &TaskTree, targets: Option<&TargetTable>, query: &Query) -> Html {
    let mut columns = vec![Column::text(t!("unit")).sorts()];
    if let Some(table) = targets {
        let name = named(&table.metric.name_zh, &table.metric.name_en);
        columns.push(Column::number(t!("target-of-metric")).hint(name.to_owned()));
    }
    columns.extend([
        Column::text(t!("task-own")),
        Column::text(t!("task-due")).sorts(),
        Column::text(t!("task-below")),
        Column::number(t!("task-share-done")).sorts(),
    ]);
    let held = targets.map(targets_of::by_unit);
    let with_target = |node: &TaskNode, query: Option<&Query>| {
        let mut row = row(node, query);
        if let Some(held) = &held {
            let value = held.get(&node.unit.code).cloned();
            row.cells.insert(
                1,
                Cell::number(value.unwrap_or_else(|| format::NOTHING.to_owned()), None),
            );
        }
        row
    };
    let mut rows = vec![with_target(&tree.unit, None)];
    rows.extend(tree.rows.iter().map(|node| with_target(node, Some(query))));
    let crumb = |code: &str, name: &str| {
        let to = Some(with(query, "unit", code));
        html! { <li><Link<Route, Query> to={Route::Tasks} query={to}>{ name }</Link<Route, Query>></li> }
    };
    let (_, total) = words_of::parts(&tree.unit.below);
    html! {
        <Card title={t!("task-tree-of", unit = tree.unit.unit.name.clone())}>
            <nav aria-label={t!("crumbs")}><ol class="zx-crumbs">
                { for tree.above.iter().map(|unit| crumb(&unit.code, &unit.name)) }
                <li aria-current="page">{ &tree.unit.unit.name }</li>
            </ol></nav>
            if total == 0 && tree.unit.task.is_none() { { empty(if tree.may_hand_down { t!("task-tree-none-yet") } else { t!("task-tree-none") }) } }
            else { <Table label={t!("tasks-tree")} {columns} {rows} /> }
        </Card>
    }
}

/// A unit: with a link below where the matter goes on.
fn row(node: &TaskNode, query: Option<&Query>) -> Row {
    let unit = &node.unit;
    let name = match query.filter(|_| node.opens) {
        Some(query) => {
            let to = Some(with(query, "unit", &unit.code));
            html! { <Link<Route, Query> to={Route::Tasks} query={to}>{ &unit.name }</Link<Route, Query>> }
        }
        None => html! { { &unit.name } },
    };
    let name = if query.is_none() {
        html! { <strong>{ t!("task-this-unit", unit = unit.name.clone()) }</strong> }
    } else {
        name
    };
    let own = match &node.task {
        None => html! { <span class="zx-lead">{ format::NOTHING }</span> },
        Some(task) => html! {
            <Link<Route> to={Route::Task { id: task.id }}>{ words_of::label(task.state) }{ " " }{ light(task.light) }</Link<Route>>
        },
    };
    let (parts, total) = words_of::parts(&node.below);
    let below = &node.below;
    let late = html! {
        <>if below.overdue > 0 { { light_saying(Light::Overdue, t!("task-overdue-count", count = below.overdue)) }{ " " } }
        if below.soon > 0 { { light_saying(Light::Soon, t!("task-soon-count", count = below.soon)) } }</>
    };
    let done = (below.completed + below.closed)
        .saturating_mul(10_000)
        .checked_div(total);
    Row::of(
        unit.code.clone(),
        vec![
            Cell::html(name).by_text(&unit.name),
            Cell::html(own),
            match &node.task {
                Some(task) => Cell::whole(&task.due.to_string()),
                None => Cell::nothing(),
            },
            if total == 0 {
                Cell::nothing()
            } else {
                Cell::html(html! { <>{ stacked(&parts, total) }{ late }</> })
            },
            Cell::number(
                done.map_or_else(|| format::NOTHING.to_owned(), format::share),
                done,
            ),
        ],
    )
}
