//! 由来: where a figure comes from, down to the village's report or records. Metric, unit and period stand in the link.

mod records;
mod reports;

use crate::components::field::Select;
use crate::components::meter::meter;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::{Card, More, PageHeader, download, loaded};
use crate::format;
use crate::hooks::{Query, use_go, use_pages, use_query, with};
use crate::i18n::{named, use_language};
use crate::pages::overview::course::Trend;
use crate::routes::Route;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::explanation::{Compared, ComparedWith, Contribution, Explanation, Formula};
use zhenxing_api_types::{Figure, Page, UnitRef};

/// Which metric.
#[derive(Clone, PartialEq, Properties)]
pub struct FigurePageProps {
    /// The metric's code.
    pub code: String,
}

/// The page.
#[function_component]
pub fn FigurePage(props: &FigurePageProps) -> Html {
    use_language();
    let query = use_query();
    // The side of a share is the records' own.
    let asked = (props.code.clone(), with(&query, "side", ""));
    let pages = use_pages(
        asked,
        |session, (code, query): (String, Query), cursor| async move {
            let of = |name: &str| query.get(name).map_or("", String::as_str);
            let ask = [
                ("unit", of("unit")),
                ("period", of("period")),
                ("cursor", &cursor),
            ];
            let mut found = session.client.explanation(&code, &ask).await?;
            let next_cursor = found.next_cursor.take();
            Ok(Page {
                items: vec![Rc::new(found)],
                next_cursor,
                total: None,
            })
        },
    );
    loaded(
        &pages.load,
        &pages.again,
        |all: &Rc<Vec<Rc<Explanation>>>| {
            let Some(first) = all.first() else {
                return Html::default();
            };
            let units: Vec<&Contribution> = all.iter().flat_map(|page| &page.units).collect();
            let more = html! { <More shown={units.len()} has_more={pages.has_more} more={pages.more.clone()} /> };
            html! {
                <>
                    <Head whole={first.clone()} query={query.clone()} />
                    <div class="zx-columns">
                        { value_card(first) }
                        { compared_card(first) }
                    </div>
                    if first.count > 0 {
                        <Card title={t!("figure-units", count = first.count)}>
                            { units_table(first, &units, &query) }{ more }
                        </Card>
                    }
                    { reports::reports(first) }
                    if records::are_behind(first) { <records::Records whole={first.clone()} query={query.clone()} /> }
                    <Trend metric={first.metric.code.clone()} unit={first.total.unit.code.clone()} />
                </>
            }
        },
    )
}

#[derive(Clone, PartialEq, Properties)]
struct HeadProps {
    whole: Rc<Explanation>,
    query: Query,
}

/// Where one stands, the period, and the figures as files.
#[function_component]
fn Head(props: &HeadProps) -> Html {
    use_language();
    let whole = &props.whole;
    let route = Route::Figure {
        code: whole.metric.code.clone(),
    };
    let choose = {
        let (query, route) = (props.query.clone(), route);
        use_go::<Route>()
            .reform(move |value: String| (route.clone(), with(&query, "period", &value)))
    };
    let mut periods: Vec<(String, String)> = whole
        .periods
        .iter()
        .map(|period| (period.clone(), format::period(period)))
        .collect();
    if !whole.periods.contains(&whole.period) {
        periods.insert(0, (whole.period.clone(), format::period(&whole.period)));
    }
    let file = {
        let (code, unit, period) = (
            whole.metric.code.clone(),
            whole.total.unit.code.clone(),
            whole.period.clone(),
        );
        move |session: crate::state::Session, format: &'static str| {
            let (code, unit, period) = (code.clone(), unit.clone(), period.clone());
            async move {
                let ask = [("format", format), ("unit", &unit), ("period", &period)];
                session.client.explanation_file(&code, &ask).await
            }
        }
    };
    let name = named(&whole.metric.name_zh, &whole.metric.name_en).to_owned();
    let save = download::use_files(format!("{}-{}", whole.total.unit.name, name), file);
    html! {
        <PageHeader title={t!("figure-title", metric = name)} crumbs={crumbs(whole, &props.query)}>
            <Select label={t!("period")} value={whole.period.clone()} choices={periods} change={choose} />
            { download::buttons(&save) }
        </PageHeader>
    }
}

fn crumbs(whole: &Explanation, query: &Query) -> Html {
    html! {
        <nav aria-label={t!("crumbs")}><ol class="zx-crumbs">
            { for whole.ancestors.iter().map(|unit| html! { <li>{ to(whole, unit, query) }</li> }) }
            <li aria-current="page">{ &whole.total.unit.name }</li>
        </ol></nav>
    }
}

/// A link to the same figure of another unit.
fn to(whole: &Explanation, unit: &UnitRef, query: &Query) -> Html {
    let route = Route::Figure {
        code: whole.metric.code.clone(),
    };
    html! { <Link<Route, Query> to={route} query={Some(with(query, "unit", &unit.code))}>{ &unit.name }</Link<Route, Query>> }
}

/// What a formula makes, in words: a sum, or a count of those that meet a condition. What is derived from ledgers is told by
/// the metric's meaning.
fn formula(whole: &Explanation, formula: &Formula) -> String {
    let words = named(&formula.zh, &formula.en);
    if records::is_derived(whole) {
        t!("figure-derived")
    } else if formula.condition {
        t!("figure-condition", words = words)
    } else {
        t!("figure-sum", words = words)
    }
}

fn value_card(whole: &Explanation) -> Html {
    let (metric, total) = (&whole.metric, &whole.total);
    let top = format::number(total.numerator, whole.numerator.decimals);
    let below = whole.denominator.as_ref();
    let (bottom, bottom_says) = match below {
        Some(words) => (
            format::number(total.denominator, words.decimals),
            formula(whole, words),
        ),
        None => (
            format::number(total.expected_units, 0),
            t!("figure-expected"),
        ),
    };
    html! {
        <Card title={t!("figure-value")}>
            <p class="zx-big"><strong title={format::exact(metric, total.value)}>{ format::short(metric, total.value) }</strong>
                <span><span lang="zh-CN">{ &total.unit.name }</span>{ " · " }{ format::period(&whole.period) }</span></p>
            <dl class="zx-facts">
                <dt>{ if metric.kind == "ratio" { t!("figure-numerator") } else { t!("figure-total") } }</dt><dd><strong>{ top }</strong>{ " " }<small>{ formula(whole, &whole.numerator) }</small></dd>
                if metric.kind == "ratio" {
                    <dt>{ t!("figure-denominator") }</dt><dd><strong>{ bottom }</strong>{ " " }<small>{ bottom_says }</small></dd>
                }
                if total.value_of_reported.is_some() {
                    <dt>{ t!("figure-reported") }</dt><dd>{ format::short(metric, total.value_of_reported) }</dd>
                }
                <dt>{ t!("figure-meaning") }</dt><dd>{ named(&metric.definition_zh, &metric.definition_en) }</dd>
            </dl>
            <p class="zx-foot">{ foot(total, whole) }</p>
        </Card>
    }
}

fn foot(total: &Figure, whole: &Explanation) -> String {
    t!(
        "overview-foot",
        time = format::instant(whole.as_of),
        approved = total.approved_units,
        expected = total.expected_units,
        waiting = total.pending_units,
    )
}

fn compared_card(whole: &Explanation) -> Html {
    let metric = &whole.metric;
    let line = |beside: &Compared| {
        let name = match beside.with {
            ComparedWith::Previous => {
                t!("figure-previous", period = format::period(&beside.period))
            }
            ComparedWith::LastYear => {
                t!("figure-last-year", period = format::period(&beside.period))
            }
            ComparedWith::Peers => t!("figure-peers", count = beside.units),
        };
        let apart = whole.total.value.zip(beside.value);
        let apart = apart.map(|(now, then)| format::distance(metric, now, then));
        html! {
            <><dt>{ name }</dt><dd><strong>{ format::short(metric, beside.value) }</strong>
                if let Some(apart) = apart { { " " }<small>{ t!("figure-apart", by = apart) }</small> }</dd></>
        }
    };
    let target = metric.targets.first();
    html! {
        <Card title={t!("figure-compared")}>
            <dl class="zx-facts">{ for whole.compared.iter().map(line) }
                if let Some(target) = target { <dt>{ t!("figure-target") }</dt><dd>{ format::target(metric, target) }</dd> }
            </dl>
            if whole.compared.is_empty() && target.is_none() { <p class="zx-empty">{ t!("figure-alone") }</p> }
        </Card>
    }
}

fn units_table(whole: &Explanation, units: &[&Contribution], query: &Query) -> Html {
    let metric = &whole.metric;
    let unit = named(&metric.unit_zh, &metric.unit_en);
    let mut columns = vec![
        Column::text(t!("unit")),
        Column::number(t!("with-unit", name = t!("value"), unit = unit)).sorts(),
    ];
    let ratio = metric.kind == "ratio";
    if ratio {
        columns.push(Column::number(t!("figure-numerator")).sorts());
    }
    columns.push(Column::number(t!("figure-share")).sorts());
    columns.push(Column::text(t!("figure-bar")).minor());
    columns.push(Column::number(t!("coverage")));
    columns.push(Column::number(t!("waiting-approval")).sorts().minor());
    let row = |row: &&Contribution| {
        let figure = &row.figure;
        let mut cells = vec![
            Cell::html(to(whole, &figure.unit, query)).by_text(&figure.unit.name),
            Cell::number(format::exact(metric, figure.value), figure.value),
        ];
        if ratio {
            let shown = format::number(figure.numerator, whole.numerator.decimals);
            cells.push(Cell::number(shown, Some(figure.numerator)));
        }
        let share = row
            .share
            .map_or_else(|| format::NOTHING.to_owned(), format::share);
        let words = t!(
            "figure-share-of",
            unit = figure.unit.name.clone(),
            share = share.clone()
        );
        cells.push(Cell::number(share, row.share));
        cells.push(Cell::html(meter(row.share.unwrap_or(0), None, words)));
        let covered = format!("{}/{}", figure.approved_units, figure.expected_units);
        cells.push(Cell::number(covered, Some(figure.approved_units)));
        cells.push(Cell::count(figure.pending_units));
        Row::of(figure.unit.code.clone(), cells)
    };
    let rows: Vec<Row> = units.iter().map(row).collect();
    html! { <Table label={t!("figure-units-table")} {columns} {rows} /> }
}
