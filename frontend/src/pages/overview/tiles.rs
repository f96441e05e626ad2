//! The projects as tiles, and the headline figures against their targets.

use crate::components::meter::meter;
use crate::components::{figure_link, light_saying};
use crate::format;
use crate::i18n::named;
use yew::prelude::*;
use zhenxing_api_types::report::Light;
use zhenxing_api_types::{MetricFigure, Overview, ProjectTile};

/// The projects in their order.
pub fn projects(content: &Overview) -> Html {
    html! { <ul class="zx-tiles" aria-label={t!("projects")}>{ for content.projects.iter().map(|tile| project(tile, &content.metrics)) }</ul> }
}

fn project(tile: &ProjectTile, metrics: &[MetricFigure]) -> Html {
    let headline = tile
        .headline
        .first()
        .and_then(|code| metrics.iter().find(|row| row.metric.code == *code));
    html! {
        <li class="zx-card"><strong>{ named(&tile.name_zh, &tile.name_en) }</strong>
            <small>{ t!("tile-matters", matters = tile.matters, known = tile.matters_with_figures) }</small>
            { lights(tile) }
            if let Some(row) = headline {
                { meter(row.figure.value.unwrap_or(0), goal(row), text(row)) }
                <small>{ figure_link(&row.metric.code, &row.figure.unit.code, &row.period, html! { { text(row) } }) }</small>
            }
        </li>
    }
}

/// How many matters are on course, behind and overdue.
fn lights(tile: &ProjectTile) -> Html {
    let all = [
        (Light::Normal, t!("tile-on-course", count = tile.on_course)),
        (Light::Soon, t!("tile-behind", count = tile.behind)),
        (Light::Overdue, t!("tile-overdue", count = tile.overdue)),
    ];
    html! { <p class="zx-tile-lights">{ for all.into_iter().map(|(light, words)| light_saying(light, words)) }</p> }
}

fn goal(row: &MetricFigure) -> Option<i64> {
    row.metric.targets.first().and_then(|target| target.value)
}

fn text(row: &MetricFigure) -> String {
    let value = format::short(&row.metric, row.figure.value);
    match row.metric.targets.first() {
        Some(target) => format!(
            "{value} · {}",
            t!("target", value = format::short(&row.metric, target.value))
        ),
        None => value,
    }
}

/// A headline figure: its value, the bar with the target, and how much is known.
pub fn headline(row: &MetricFigure, current: bool) -> Html {
    let (metric, figure) = (&row.metric, &row.figure);
    let value = format::short(metric, figure.value);
    let change = figure
        .value
        .zip(row.previous_value)
        .map(|(now, old)| t!("against-last", change = format::distance(metric, now, old)));
    let known = t!(
        "known",
        approved = figure.approved_units,
        expected = figure.expected_units,
        waiting = figure.pending_units
    );
    html! {
        <section class={classes!("zx-card", "zx-headline", current.then_some("zx-chosen"))} data-metric={metric.code.clone()}>
            <h2>{ named(&metric.name_zh, &metric.name_en) }</h2>
            <p class="zx-big"><strong title={format::exact(metric, figure.value)}>{ figure_link(&metric.code, &figure.unit.code, &row.period, html! { { &value } }) }</strong>
                if metric.kind == "ratio" { <span>{ format!("{}/{}", format::number(figure.numerator, 0), format::number(figure.expected_units, 0)) }</span> }
                if let Some(change) = change { <span>{ change }</span> }</p>
            if metric.kind == "ratio" { { meter(figure.value.unwrap_or(0), goal(row), text(row)) } }
            if let Some(target) = metric.targets.first() { <p>{ format::target(metric, target) }</p> }
            <p class="zx-foot">
                if figure.value_of_reported.is_some() { { t!("of-reported", value = format::short(metric, figure.value_of_reported)) }{ " · " } }
                { known }</p>
        </section>
    }
}
