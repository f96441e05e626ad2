//! The targets that go with tasks: of one task's unit, and of the units in a matter's tree.

use super::Matters;
use crate::components::loaded;
use crate::format;
use crate::hooks::{Query, use_load};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::programme::{Matter, Metric};
use zhenxing_api_types::target::{TargetComparison, TargetTable, UnitTarget};
use zhenxing_api_types::task::Task;
use zhenxing_client::Client;

/// How many metrics are asked after targets at most.
const MOST: usize = 4;

/// The properties of a task's targets.
#[derive(Clone, PartialEq, Properties)]
pub struct TargetsOfProps {
    /// The task.
    pub task: Task,
    /// The matters.
    pub matters: Matters,
}

/// The targets of a task's unit in its matter.
#[function_component]
pub fn TargetsOf(props: &TargetsOfProps) -> Html {
    use_language();
    let asked = (props.task.unit.code.clone(), props.task.matter.clone());
    let (load, again) = use_load(
        asked,
        |session, (unit, matter): (String, String)| async move {
            Ok(Rc::new(
                session.client.targets(&unit, &matter).await?.targets,
            ))
        },
    );
    loaded(&load, &again, |targets| {
        let lines = targets.iter().filter_map(|target| line(props, target));
        let lines: Vec<Html> = lines.collect();
        if lines.is_empty() {
            return html! { { t!("targets-none-own") } };
        }
        html! { <ul>{ for lines }</ul> }
    })
}

fn line(props: &TargetsOfProps, target: &UnitTarget) -> Option<Html> {
    let mut metrics = props.matters.iter().flat_map(|matter| &matter.metrics);
    let metric = metrics.find(|metric| metric.code == target.metric)?;
    let value = format::short(metric, Some(target.value));
    let words = match target.comparison {
        TargetComparison::AtLeast => t!("target-at-least", value = value),
        TargetComparison::AtMost => t!("target-at-most", value = value),
        TargetComparison::About => t!("target-about", value = value),
    };
    let words = t!("target-of-day", words = words, day = target.by.to_string());
    Some(html! { <li>{ link(metric, &props.task.unit.code) }{ " " }{ words }</li> })
}

/// The name of a metric, leading to its targets.
pub fn link(metric: &Metric, unit: &str) -> Html {
    let query = Query::from([
        ("metric".to_owned(), metric.code.clone()),
        ("unit".to_owned(), unit.to_owned()),
    ]);
    html! { <Link<Route, Query> to={Route::Targets} query={Some(query)}>{ named(&metric.name_zh, &metric.name_en) }</Link<Route, Query>> }
}

/// The targets of the units in a tree: those of the first of the matter's metrics that has some there, its headline
/// metrics before the others.
pub async fn of_tree(client: &Client, matter: &Matter, unit: &str) -> Option<Rc<TargetTable>> {
    let mut metrics: Vec<&Metric> = matter.metrics.iter().collect();
    metrics.retain(|metric| metric.status == "active");
    metrics.sort_by_key(|metric| !metric.headline);
    for metric in metrics.into_iter().take(MOST) {
        // Who may not see figures sees the tasks all the same.
        let table = client.target_table(&metric.code, unit).await.ok()?;
        let held = |line: &zhenxing_api_types::target::TargetLine| {
            line.targets.iter().any(|target| target.version > 0)
        };
        if table.children.iter().any(held) {
            return Some(Rc::new(table));
        }
    }
    None
}

/// By unit, the target that is next, or the last, with its day.
pub fn by_unit(table: &TargetTable) -> BTreeMap<String, String> {
    let lines = table.children.iter().chain([&table.own]);
    let shown = lines.filter_map(|line| {
        let day = line.next.as_ref().map(|next| next.day);
        let next = line.targets.iter().find(|target| Some(target.by) == day);
        let target = next.or(line.targets.first())?;
        let value = format::short(&table.metric, Some(target.value));
        Some((line.unit.code.clone(), value))
    });
    shown.collect()
}
