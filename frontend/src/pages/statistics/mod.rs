//! 统计分析: metrics, units and periods chosen, shown as a table, lines, bars, a heat map or a map. All of it stands in the
//! link, which can be saved as a view and shared.

mod ask;
mod choose;
mod cross;
mod draw;

use crate::components::tabs::Tabs;
use crate::components::{Card, PageHeader, download, loaded};
use crate::format;
use crate::hooks::{Query, use_go, use_load, use_query, use_session, with};
use crate::i18n::use_language;
use crate::pages::views;
use crate::routes::Route;
use ask::Asked;
use chrono::NaiveDate;
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::programme::{Matter, Metric, Project};
use zhenxing_api_types::statistics::Statistics;
use zhenxing_client::ClientError;

/// What can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    /// The metrics that have figures.
    pub metrics: Vec<Metric>,
    /// The matters, for the project of a metric.
    pub matters: Vec<Matter>,
    /// The projects in their order.
    pub projects: Vec<Project>,
    /// The plan's first day.
    pub begin: NaiveDate,
}

impl Catalogue {
    /// The metric of that code.
    pub fn metric(&self, code: &str) -> Option<&Metric> {
        self.metrics.iter().find(|metric| metric.code == code)
    }
}

/// The page.
#[function_component]
pub fn StatisticsPage() -> Html {
    use_language();
    let (load, again) = use_load((), |session, ()| async move {
        let client = session.client;
        let plan = client.programmes().await?.items;
        let begin = plan.first().map(|plan| plan.valid_from);
        Ok::<_, ClientError>(Rc::new(Catalogue {
            metrics: client.active_metrics().await?.items,
            matters: client.matters("").await?.items,
            projects: client.projects().await?.items,
            begin: begin.unwrap_or_default(),
        }))
    });
    loaded(&load, &again, |catalogue: &Rc<Catalogue>| {
        html! { <Chosen catalogue={catalogue.clone()} /> }
    })
}

#[derive(Clone, PartialEq, Properties)]
struct ChosenProps {
    catalogue: Rc<Catalogue>,
}

/// The page once it is known what can be chosen.
#[function_component]
fn Chosen(props: &ChosenProps) -> Html {
    use_language();
    let query = use_query();
    let me = use_session().and_then(|session| session.me());
    let today = me.as_ref().map(|me| me.today).unwrap_or_default();
    let catalogue = &props.catalogue;
    let go = use_go::<Route>().reform(|query: Query| (Route::Statistics, query));
    let Some(asked) = Asked::of(&query, &catalogue.metrics, catalogue.begin, today) else {
        return Html::default();
    };
    html! { <Page catalogue={catalogue.clone()} {asked} {today} {go} /> }
}

/// All that the parts of the page are drawn from.
#[derive(Clone, PartialEq, Properties)]
pub struct PageProps {
    /// What can be chosen.
    pub catalogue: Rc<Catalogue>,
    /// What is chosen.
    pub asked: Asked,
    /// Today.
    pub today: NaiveDate,
    /// Goes to another link of the page.
    pub go: Callback<Query>,
}

impl PageProps {
    /// Changes one part of the link.
    pub fn change(&self, name: &'static str) -> Callback<String> {
        let query = self.asked.query();
        self.go
            .reform(move |value: String| with(&query, name, &value))
    }
}

#[function_component]
fn Page(props: &PageProps) -> Html {
    use_language();
    let asked = &props.asked;
    let (load, again) = use_load(asked.ask(), |session, ask| async move {
        let ask: Vec<(&str, &str)> = ask
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        session.client.statistics(&ask).await.map(Rc::new)
    });
    let file = {
        let ask = asked.ask();
        move |session: crate::state::Session, format: &'static str| {
            let ask = ask.clone();
            async move {
                let mut ask: Vec<(&str, &str)> = ask
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                ask.push(("format", format));
                session.client.statistics_file(&ask).await
            }
        }
    };
    let save = download::use_files(t!("statistics"), file);
    html! {
        <>
            <PageHeader title={t!("statistics")} lead={html! { { t!("statistics-lead") } }}>
                { download::buttons(&save) }
                <views::Views query={asked.query()} go={props.go.clone()} />
            </PageHeader>
            <choose::Choose page={props.clone()} named={above(&load)} />
            <Card title={t!("statistics-shown")}>
                <Tabs label={t!("statistics-views")} tabs={tabs()} current={asked.view.clone()} change={props.change("view")}>
                    { loaded(&load, &again, |found: &Rc<Statistics>| shown(props, found)) }
                </Tabs>
            </Card>
        </>
    }
}

fn tabs() -> Vec<(&'static str, String)> {
    vec![
        ("table", t!("view-table")),
        ("line", t!("view-line")),
        ("bar", t!("view-bar")),
        ("heat", t!("view-heat")),
        ("map", t!("view-map")),
    ]
}

/// The name of the unit above, once it is known.
fn above(load: &crate::hooks::Load<Rc<Statistics>>) -> String {
    match load {
        crate::hooks::Load::Ready(found) => {
            let above = found.above.as_ref();
            above.map_or_else(String::new, |unit| unit.name.clone())
        }
        _ => String::new(),
    }
}

fn shown(page: &PageProps, found: &Rc<Statistics>) -> Html {
    let left_out = (!found.left_out.is_empty()).then(|| {
        let count = found.left_out.len();
        html! { <p class="zx-hint">{ t!("statistics-left-out", count = count) }</p> }
    });
    let drawn = match page.asked.view.as_str() {
        "table" => html! { <cross::Cross page={page.clone()} found={found.clone()} /> },
        _ => html! { <draw::Drawing page={page.clone()} found={found.clone()} /> },
    };
    html! {
        <>
            { left_out.unwrap_or_default() }
            { drawn }
            <p class="zx-foot">{ foot(found) }</p>
        </>
    }
}

/// How far the figures can be trusted: until when, how many, what waits; of the first unit and its latest period.
fn foot(found: &Statistics) -> String {
    let last = found.periods.len().saturating_sub(1);
    let of = |list: &[Option<i64>]| list.get(last).copied().flatten().unwrap_or(0);
    t!(
        "overview-foot",
        time = format::instant(found.as_of),
        approved = of(&found.cells.approved_units),
        expected = of(&found.cells.expected_units),
        waiting = of(&found.cells.pending_units),
    )
}
