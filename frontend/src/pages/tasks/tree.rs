//! A matter in a period: what is asked, and how it stands at each unit below.

use super::hand_down::HandDownSheet;
use super::words_of;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::{Card, PageHeader, empty, light, loaded};
use crate::format;
use crate::hooks::{Query, use_go, use_load, use_query, with};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::programme::{Matter, Metric};
use zhenxing_api_types::target::TargetTable;
use zhenxing_api_types::task::{TaskNode, TaskTree};

/// The tree with what is known of the matter.
#[derive(Clone, PartialEq)]
struct Shown {
    tree: TaskTree,
    matter: Rc<Matter>,
    /// The targets of the matter's first metric that has some here.
    targets: Option<Rc<TargetTable>>,
}

/// The page.
#[function_component]
pub fn TreePage() -> Html {
    use_language();
    let query = use_query();
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    let asked = (of("matter"), of("period"), of("unit"));
    let (load, again) = use_load(asked, |session, (matter, period, unit)| async move {
        let tree = session.client.task_tree(&matter, &period, &unit).await?;
        let matters = session.client.matters("").await?.items;
        let found = matters.into_iter().find(|one| one.code == tree.matter);
        let matter = Rc::new(found.ok_or(zhenxing_client::ClientError::Decode(matter))?);
        let mut targets = None;
        for metric in matter
            .metrics
            .iter()
            .filter(|metric| metric.status == "active" && metric.headline)
        {
            let table = session
                .client
                .target_table(&metric.code, &tree.unit.unit.code)
                .await;
            // Who may not see figures sees the tasks all the same.
            let table = table
                .ok()
                .filter(|table| table.children.iter().any(|line| !line.targets.is_empty()));
            if let Some(table) = table {
                targets = Some(Rc::new(table));
                break;
            }
        }
        Ok(Shown {
            tree,
            matter,
            targets,
        })
    });
    let handing = use_state(|| false);
    let set = |value: bool| {
        let handing = handing.clone();
        Callback::from(move |()| handing.set(value))
    };
    let (title, begin) = match &load {
        crate::hooks::Load::Ready(shown) => (
            named(&shown.matter.name_zh, &shown.matter.name_en).to_owned(),
            shown.tree.may_hand_down,
        ),
        _ => (t!("tasks"), false),
    };
    let crumbs = html! { <nav aria-label={t!("tasks")}><ul class="zx-crumbs"><li><Link<Route> to={Route::Tasks}>{ t!("tasks") }</Link<Route>></li></ul></nav> };
    let close = {
        let (close, again) = (set(false), again.clone());
        Callback::from(move |done: bool| {
            close.emit(());
            if done {
                again.emit(());
            }
        })
    };
    html! {
        <>
            <PageHeader {title} {crumbs}>
                if begin { <button type="button" class="zx-button zx-primary" onclick={set(true).reform(|_: MouseEvent| ())}>{ t!("task-hand-down") }</button> }
            </PageHeader>
            { loaded(&load, &again, |shown| html! {
                <>
                    <About matter={Rc::clone(&shown.matter)} tree={shown.tree.clone()} />
                    <Card title={t!("tasks-of-units", unit = shown.tree.unit.unit.name.clone())} aside={up(shown, &query)}>{ table(shown, &query) }</Card>
                    if *handing { <HandDownSheet matter={Rc::clone(&shown.matter)} period={shown.tree.period.clone()} unit={shown.tree.unit.unit.clone()} {close} /> }
                </>
            }) }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AboutProps {
    matter: Rc<Matter>,
    tree: TaskTree,
}

/// The matter: what, until when, its targets, who leads.
#[function_component]
fn About(props: &AboutProps) -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let matter = &props.matter;
    let metrics = matter
        .metrics
        .iter()
        .filter(|metric| !metric.targets.is_empty());
    let target = |metric: &Metric| {
        let link = Query::from([
            ("metric".to_owned(), metric.code.clone()),
            ("unit".to_owned(), props.tree.unit.unit.code.clone()),
        ]);
        let words: Vec<String> = metric
            .targets
            .iter()
            .map(|target| format::target(metric, target))
            .collect();
        html! {
            <li><Link<Route, Query> to={Route::Targets} query={Some(link)}>{ named(&metric.name_zh, &metric.name_en) }</Link<Route, Query>>{ t!("list-colon") }{ words.join(&t!("list-then")) }</li>
        }
    };
    let change =
        go.reform(move |period: String| (Route::TaskTree, with(&query, "period", &period)));
    let counts = &props.tree.unit.below;
    html! {
        <Card title={t!("task-about")} aside={html! { <crate::components::lookup::Lookup label={t!("period")} kind="text" value={props.tree.period.clone()} {change} /> }}>
            <p>{ named(&matter.summary_zh, &matter.summary_en) }</p>
            <dl class="zx-facts">
                <dt>{ t!("task-lead-department") }</dt><dd>{ joined(&matter.lead_departments) }</dd>
                <dt>{ t!("task-responsible") }</dt><dd>{ joined(&matter.responsible_departments) }</dd>
                <dt>{ t!("task-targets") }</dt><dd><ul>{ for metrics.map(target) }</ul></dd>
                <dt>{ t!("tasks-progress") }</dt><dd>{ words_of::progress(counts) }</dd>
            </dl>
            if counts.overdue > 0 || counts.soon > 0 { <p>{ t!("tasks-late", overdue = counts.overdue, soon = counts.soon) }</p> }
        </Card>
    }
}

fn joined(names: &[String]) -> String {
    if names.is_empty() {
        return format::NOTHING.to_owned();
    }
    names.join(&t!("list-and"))
}

/// Links to the units above.
fn up(shown: &Shown, query: &Query) -> Html {
    let link = |unit: &zhenxing_api_types::UnitRef| html! { <li><Link<Route, Query> to={Route::TaskTree} query={Some(with(query, "unit", &unit.code))}>{ &unit.name }</Link<Route, Query>></li> };
    html! { <nav aria-label={t!("tasks-up")}><ul class="zx-crumbs">{ for shown.tree.above.iter().map(link) }<li aria-current="page">{ &shown.tree.unit.unit.name }</li></ul></nav> }
}

fn table(shown: &Shown, query: &Query) -> Html {
    let tree = &shown.tree;
    if tree.rows.is_empty() && tree.unit.task.is_none() {
        return empty(t!("tasks-lowest"));
    }
    let targets: BTreeMap<&str, String> = shown
        .targets
        .iter()
        .flat_map(|table| {
            let metric = &table.metric;
            table.children.iter().filter_map(move |line| {
                let next = line.next.as_ref().map(|next| next.value);
                let first = next.or(line.targets.first().map(|target| target.value))?;
                Some((line.unit.code.as_str(), format::short(metric, Some(first))))
            })
        })
        .collect();
    let mut columns = vec![Column::text(t!("unit"))];
    if let Some(table) = &shown.targets {
        let name = named(&table.metric.name_zh, &table.metric.name_en).to_owned();
        columns.push(Column::number(t!("task-target")).hint(name));
    }
    columns.extend([
        Column::text(t!("task-due")),
        Column::text(t!("state")),
        Column::text(t!("light")),
        Column::text(t!("tasks-below")),
        Column::text(t!("act")),
    ]);
    let own = tree.unit.task.as_ref().map(|_| &tree.unit);
    let all = own.into_iter().chain(&tree.rows);
    let rows: Vec<Row> = all
        .map(|node| line(node, shown.targets.is_some().then_some(&targets), query))
        .collect();
    html! { <Table label={t!("tasks")} {columns} {rows} /> }
}

fn line(node: &TaskNode, targets: Option<&BTreeMap<&str, String>>, query: &Query) -> Row {
    let task = node.task.as_ref();
    let name = if node.opens {
        html! { <Link<Route, Query> to={Route::TaskTree} query={Some(with(query, "unit", &node.unit.code))}>{ &node.unit.name }</Link<Route, Query>> }
    } else {
        html! { { &node.unit.name } }
    };
    let mut cells = vec![Cell::html(name).by_text(&node.unit.name)];
    if let Some(targets) = targets {
        let target = targets.get(node.unit.code.as_str());
        cells.push(Cell::text(
            target
                .cloned()
                .unwrap_or_else(|| format::NOTHING.to_owned()),
        ));
    }
    cells.push(task.map_or_else(Cell::nothing, |task| Cell::whole(&task.due.to_string())));
    cells.push(match task {
        Some(task) => Cell::html(words_of::label(task.state)),
        None => Cell::text(t!("task-not-given")),
    });
    cells.push(task.map_or_else(Cell::nothing, |task| Cell::html(light(task.light))));
    cells.push(Cell::html(words_of::progress(&node.below)));
    cells.push(match task {
        Some(task) => Cell::html(
            html! { <Link<Route> to={Route::Task { id: task.id }}>{ t!("open") }</Link<Route>> },
        ),
        None => Cell::nothing(),
    });
    Row::of(node.unit.code.clone(), cells)
}
