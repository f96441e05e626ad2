//! 总体情况: the projects, the headline figures, and each unit below.

pub mod course;
pub mod latest;
pub mod map;
mod ranking;
mod scale;
mod tiles;

use crate::components::field::Select;
use crate::components::{Card, PageHeader, loaded};
use crate::format;
use crate::hooks::{Query, use_go, use_load, use_query, with};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::unit::Level;
use zhenxing_api_types::{Figure, FigureTree, MetricFigure, Overview as Content};

/// The page: period, unit and metric stand in the link.
#[function_component]
pub fn Overview() -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    // The order of the table stands in the link and asks nothing of the server.
    let asked = with(&query, "sort", "");
    let (load, again) = use_load(asked, |session, query: Query| async move {
        let of = |name: &str| query.get(name).cloned().unwrap_or_default();
        let content = session.client.overview(&of("period"), &of("unit")).await?;
        let first = content.metrics.first().map(|row| row.metric.code.clone());
        let metric = query.get("metric").cloned().or(first).unwrap_or_default();
        let tree = session
            .client
            .figures(&metric, &content.period, &content.unit.code)
            .await?;
        Ok((content, tree))
    });
    let go = go.reform(|query: Query| (Route::Overview, query));
    loaded(&load, &again, |(content, tree)| {
        page(content, tree, &query, &go)
    })
}

fn page(content: &Content, tree: &FigureTree, query: &Query, go: &Callback<Query>) -> Html {
    let choose = |name: &'static str| {
        let (query, go) = (query.clone(), go.clone());
        Callback::from(move |value: String| go.emit(with(&query, name, &value)))
    };
    let periods: Vec<(String, String)> = content
        .periods
        .iter()
        .map(|period| (period.clone(), format::period(period)))
        .collect();
    let metrics: Vec<(String, String)> = content
        .metrics
        .iter()
        .map(|row| {
            (
                row.metric.code.clone(),
                named(&row.metric.name_zh, &row.metric.name_en).to_owned(),
            )
        })
        .collect();
    let selectors = html! {
        <>
            <Select label={t!("metric")} value={tree.metric.code.clone()} choices={metrics} change={choose("metric")} />
            <Select label={t!("period")} value={content.period.clone()} choices={periods} change={choose("period")} />
        </>
    };
    // The package's borders are those of the units below the city.
    let mapped = content.unit.level == Level::City;
    let headlines: Vec<&MetricFigure> = content
        .metrics
        .iter()
        .filter(|row| row.metric.headline)
        .collect();
    html! {
        <>
            <PageHeader title={t!("overview")} lead={crumbs(content, query)}>{ selectors }</PageHeader>
            { tiles::projects(content) }
            <div class="zx-cards">{ for headlines.into_iter().map(|row| tiles::headline(row, row.metric.code == tree.metric.code)) }</div>
            <Card title={t!("overview-units", metric = named(&tree.metric.name_zh, &tree.metric.name_en))}>
                <div class={classes!(mapped.then_some("zx-mapped"))}>
                    if mapped { <map::Map tree={tree.clone()} query={query.clone()} /> }
                    <div><ranking::Ranking tree={tree.clone()} query={query.clone()} go={go.clone()} />
                    <p class="zx-foot">{ foot(&tree.total, tree) }</p></div>
                </div>
            </Card>
            <course::Trend metric={tree.metric.code.clone()} unit={content.unit.code.clone()} />
            <latest::Latest unit={content.unit.code.clone()} />
        </>
    }
}

/// Where one stands in the tree; each name leads there.
fn crumbs(content: &Content, query: &Query) -> Html {
    let crumb = |code: &str, name: &str| html! { <li><Link<Route, Query> to={Route::Overview} query={Some(with(query, "unit", code))}>{ name }</Link<Route, Query>></li> };
    html! {
        <nav aria-label={t!("crumbs")}><ol class="zx-crumbs">
            { for content.ancestors.iter().map(|unit| crumb(&unit.code, &unit.name)) }
            <li aria-current="page">{ &content.unit.name }</li>
        </ol></nav>
    }
}

/// How far a figure can be trusted: until when, how many, what waits.
fn foot(total: &Figure, tree: &FigureTree) -> String {
    t!(
        "overview-foot",
        time = format::instant(tree.as_of),
        approved = total.approved_units,
        expected = total.expected_units,
        waiting = total.pending_units,
    )
}
