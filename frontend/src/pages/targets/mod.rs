//! 目标值: what a unit and each below it must reach by when, and whether what is asked below makes what is asked above.

mod set;
mod versions;

use crate::components::field::Select;
use crate::components::filter::FilterBar;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::{Card, PageHeader, alert, empty, light_saying, loaded};
use crate::format;
use crate::hooks::{Load, Query, use_go, use_load, use_query, with};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use set::SetSheet;
pub use set::comparisons;
use std::rc::Rc;
use versions::Versions;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::UnitRef;
use zhenxing_api_types::course::Standing;
use zhenxing_api_types::programme::Metric;
use zhenxing_api_types::report::Light;
use zhenxing_api_types::target::{TargetLine, TargetMethod, TargetSum, TargetTable};
use zhenxing_domain::package::number::parse_scaled;

/// The page.
#[function_component]
pub fn TargetsPage() -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (load, again) = use_load(
        (of("metric"), of("unit")),
        |session, (metric, unit)| async move {
            let matters = session.client.matters("").await?.items;
            let all: Vec<Metric> = matters
                .into_iter()
                .flat_map(|matter| matter.metrics)
                .collect();
            let first = all
                .iter()
                .find(|metric| metric.status == "active" && metric.headline);
            let first = first.or(all.first()).map(|metric| metric.code.clone());
            let code = if metric.is_empty() {
                first.unwrap_or_default()
            } else {
                metric
            };
            let table = session.client.target_table(&code, &unit).await?;
            Ok((Rc::new(table), Rc::new(all)))
        },
    );
    let setting = use_state(|| false);
    let opened = use_state(|| None::<UnitRef>);
    let ready = match &load {
        Load::Ready((table, _)) => Some(Rc::clone(table)),
        _ => None,
    };
    let sets = ready
        .as_ref()
        .is_some_and(|table| settable(table).next().is_some());
    let begin = {
        let setting = setting.clone();
        Callback::from(move |_: MouseEvent| setting.set(true))
    };
    let close = {
        let (setting, again) = (setting.clone(), again.clone());
        Callback::from(move |done: bool| {
            setting.set(false);
            if done {
                again.emit(());
            }
        })
    };
    let open = {
        let opened = opened.clone();
        Callback::from(move |unit: Option<UnitRef>| opened.set(unit))
    };
    let leave = {
        let (open, again) = (open.clone(), again.clone());
        Callback::from(move |changed: bool| {
            open.emit(None);
            if changed {
                again.emit(());
            }
        })
    };
    let choose = {
        let query = query.clone();
        go.reform(move |metric: String| (Route::Targets, with(&query, "metric", &metric)))
    };
    html! {
        <>
            <PageHeader title={t!("targets")} lead={html! { { t!("targets-lead") } }}>
                if sets { <button type="button" class="zx-button zx-primary" onclick={begin}>{ t!("targets-set") }</button> }
            </PageHeader>
            { loaded(&load, &again, |(table, metrics)| html! {
                <Card title={named(&table.metric.name_zh, &table.metric.name_en).to_owned()}>
                    { up(table, &query) }
                    <FilterBar><Select label={t!("metric")} value={table.metric.code.clone()} choices={choices(metrics)} change={choose.clone()} /></FilterBar>
                    { sums(table) }
                    { lines(table, &query, &open) }
                    <p class="zx-foot">{ foot(table) }</p>
                </Card>
            }) }
            if let (true, Some(table)) = (*setting, &ready) { <SetSheet table={Rc::clone(table)} {close} /> }
            if let (Some(unit), Some(table)) = ((*opened).clone(), &ready) { <Versions table={Rc::clone(table)} {unit} close={leave} /> }
        </>
    }
}

/// The units whose targets who is signed in may set.
fn settable(table: &TargetTable) -> impl Iterator<Item = &TargetLine> {
    table
        .children
        .iter()
        .chain([&table.own])
        .filter(|line| line.may_set)
}

fn choices(metrics: &[Metric]) -> Vec<(String, String)> {
    metrics
        .iter()
        .map(|metric| {
            let name = named(&metric.name_zh, &metric.name_en);
            (metric.code.clone(), format!("{} {name}", metric.matter))
        })
        .collect()
}

fn up(table: &TargetTable, query: &Query) -> Html {
    let link = |unit: &UnitRef| html! { <li><Link<Route, Query> to={Route::Targets} query={Some(with(query, "unit", &unit.code))}>{ &unit.name }</Link<Route, Query>></li> };
    html! { <nav aria-label={t!("crumbs")}><ul class="zx-crumbs">{ for table.ancestors.iter().map(link) }<li aria-current="page">{ &table.own.unit.name }</li></ul></nav> }
}

/// Day by day whether the targets below make the target above.
fn sums(table: &TargetTable) -> Html {
    let metric = &table.metric;
    let said = |sum: &TargetSum| -> Option<Html> {
        let above = sum.above?;
        let made = format::short(metric, sum.together);
        let above = format::short(metric, Some(above));
        let (light, words) = match (sum.adds_up, sum.difference) {
            _ if sum.with_target == 0 => (
                Light::Soon,
                t!(
                    "targets-none-below",
                    day = sum.by.to_string(),
                    above = above
                ),
            ),
            (Some(true), _) => (
                Light::Normal,
                t!(
                    "targets-add-up",
                    day = sum.by.to_string(),
                    made = made,
                    above = above
                ),
            ),
            (Some(false), Some(difference)) => (
                Light::Soon,
                t!(
                    "targets-differ",
                    day = sum.by.to_string(),
                    made = made,
                    above = above,
                    difference = moved(metric, difference),
                    with = sum.with_target,
                    units = sum.units
                ),
            ),
            _ => (
                Light::Normal,
                t!(
                    "targets-not-comparable",
                    day = sum.by.to_string(),
                    above = above
                ),
            ),
        };
        Some(html! { <li>{ light_saying(light, words) }</li> })
    };
    let lines: Vec<Html> = table.sums.iter().filter_map(said).collect();
    if lines.is_empty() || table.children.is_empty() {
        return Html::default();
    }
    html! { <ul class="zx-sums">{ for lines }</ul> }
}

/// A distance with its sign: of shares in percentage points.
fn moved(metric: &Metric, value: i64) -> String {
    if metric.kind == "ratio" {
        return t!("points", value = format::signed(value, 2));
    }
    let sign = if value > 0 { "+" } else { "" };
    format!("{sign}{}", format::short(metric, Some(value)))
}

fn lines(table: &TargetTable, query: &Query, open: &Callback<Option<UnitRef>>) -> Html {
    if table.children.is_empty() && table.own.targets.is_empty() {
        return empty(t!("targets-empty"));
    }
    let mut columns = vec![
        Column::text(t!("unit")).sorts(),
        Column::number(t!("targets-now")).sorts(),
    ];
    for sum in &table.sums {
        columns.push(Column::number(t!("targets-by", day = sum.by.to_string())).sorts());
    }
    columns.extend([
        Column::number(t!("targets-missing")).sorts(),
        Column::number(t!("targets-pace"))
            .hint(t!("targets-pace-hint"))
            .minor(),
        Column::text(t!("state")),
        Column::text(t!("act")),
    ]);
    let mut rows: Vec<Row> = vec![line(table, &table.own, query, open)];
    rows.extend(
        table
            .children
            .iter()
            .map(|row| line(table, row, query, open)),
    );
    html! { <Table label={t!("targets")} {columns} {rows} /> }
}

fn line(
    table: &TargetTable,
    row: &TargetLine,
    query: &Query,
    open: &Callback<Option<UnitRef>>,
) -> Row {
    let metric = &table.metric;
    let own = row.unit == table.own.unit;
    let name = if own || row.unit.level >= metric.level {
        html! { { &row.unit.name } }
    } else {
        html! { <Link<Route, Query> to={Route::Targets} query={Some(with(query, "unit", &row.unit.code))}>{ &row.unit.name }</Link<Route, Query>> }
    };
    let mut cells = vec![
        Cell::html(name).by_text(&row.unit.name),
        Cell::number(format::short(metric, row.value), row.value),
    ];
    for sum in &table.sums {
        let target = row.targets.iter().find(|target| target.by == sum.by);
        let value = target.map(|target| target.value);
        let about = target.and_then(|target| target.tolerance);
        let shown = about.map_or_else(
            || format::short(metric, value),
            |tolerance| {
                t!(
                    "target-band",
                    value = format::short(metric, value),
                    tolerance = format::short(metric, Some(tolerance))
                )
            },
        );
        cells.push(Cell::number(shown, value));
    }
    let missing = row.missing.map_or_else(
        || format::NOTHING.to_owned(),
        |missing| {
            if missing == 0 {
                t!("targets-reached")
            } else {
                moved(metric, missing.saturating_neg())
            }
        },
    );
    let pace = row
        .needed_pace
        .map_or_else(|| format::NOTHING.to_owned(), |pace| moved(metric, pace));
    let unit = row.unit.clone();
    let click = open.reform(move |_: MouseEvent| Some(unit.clone()));
    cells.extend([
        Cell::number(missing, row.missing),
        Cell::number(pace, row.needed_pace),
        row.standing.map_or_else(Cell::nothing, |standing| Cell::html(standing_light(standing))),
        if row.targets.iter().any(|target| target.version > 0) {
            Cell::html(html! { <button type="button" class="zx-button" onclick={click}>{ t!("targets-versions") }</button> })
        } else {
            Cell::nothing()
        },
    ]);
    Row {
        marked: own,
        ..Row::of(row.unit.code.clone(), cells)
    }
}

fn standing_light(standing: Standing) -> Html {
    match standing {
        Standing::Reached => light_saying(Light::Normal, t!("trend-reached")),
        Standing::OnCourse => light_saying(Light::Normal, t!("trend-on-course")),
        Standing::Behind => light_saying(Light::Soon, t!("targets-behind")),
        Standing::Missed => light_saying(Light::Overdue, t!("targets-missed")),
    }
}

fn foot(table: &TargetTable) -> String {
    let method = match table.method {
        TargetMethod::Sum => t!("targets-by-sum"),
        TargetMethod::WeighedByUnits => t!("targets-by-units"),
        TargetMethod::WeighedByDenominators => t!("targets-by-denominators"),
        TargetMethod::None => t!("targets-by-nothing"),
    };
    match &table.period {
        Some(period) => t!(
            "targets-foot",
            period = format::period(period),
            method = method
        ),
        None => method,
    }
}

/// A value as people write it: 70 or 70% of a share, yuan of a sum.
pub fn typed(metric: &Metric, text: &str) -> Option<i64> {
    let plain = text.trim().replace([',', '\u{FF0C}'], "");
    parse_scaled(plain.trim_end_matches(['%', '\u{FF05}']), metric.decimals)
}

/// What was refused or changed, as an alert; nothing where the text is empty.
fn said(text: &str) -> Html {
    alert(text)
}
