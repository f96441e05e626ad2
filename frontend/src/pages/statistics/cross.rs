//! The figures as a table: a unit a row, a metric in a period a column. Each figure opens to where it comes from.

use super::PageProps;
use crate::components::empty;
use crate::format;
use crate::hooks::{Query, use_go, with};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::UnitRef;
use zhenxing_api_types::programme::Metric;
use zhenxing_api_types::statistics::{Statistics, StatisticsMetric};

/// The properties of a table or drawing.
#[derive(Clone, PartialEq, Properties)]
pub struct FoundProps {
    /// What is chosen.
    pub page: PageProps,
    /// The figures.
    pub found: Rc<Statistics>,
}

impl FoundProps {
    /// The metric with all that is known of it.
    pub fn metric(&self, code: &str) -> Option<&Metric> {
        self.page.catalogue.metric(code)
    }

    /// The value of a metric at a unit in a period, by their places.
    pub fn value(&self, metric: usize, unit: usize, period: usize) -> Option<i64> {
        at(&self.found, metric, unit, period, &self.found.cells.values)
    }
}

/// What a list of cells holds for a metric, a unit and a period.
pub fn at(
    found: &Statistics,
    metric: usize,
    unit: usize,
    period: usize,
    list: &[Option<i64>],
) -> Option<i64> {
    let place = (metric * found.units.len() + unit) * found.periods.len() + period;
    list.get(place).copied().flatten()
}

/// The table.
#[function_component]
pub fn Cross(props: &FoundProps) -> Html {
    use_language();
    let follow = use_follow();
    let found = &props.found;
    if found.units.is_empty() {
        return empty(t!("statistics-empty"));
    }
    let span = found.periods.len().to_string();
    let metric_head = |metric: &StatisticsMetric| {
        let unit = named(&metric.unit_zh, &metric.unit_en);
        let name = named(&metric.name_zh, &metric.name_en);
        html! { <th scope="colgroup" colspan={span.clone()}>{ t!("with-unit", name = name, unit = unit) }</th> }
    };
    let periods = || {
        found.periods.iter().map(
            |period| html! { <th scope="col" class="zx-right">{ format::period(period) }</th> },
        )
    };
    html! {
        <div class="zx-cross" tabindex="0" role="region" aria-label={t!("statistics-table")} onclick={follow}><table>
            <thead>
                <tr><th scope="col" rowspan="2">{ t!("unit") }</th>{ for found.metrics.iter().map(metric_head) }</tr>
                <tr>{ for found.metrics.iter().flat_map(|_| periods()) }</tr>
            </thead>
            <tbody>{ for found.units.iter().enumerate().map(|(place, unit)| line(props, place, unit)) }</tbody>
        </table></div>
    }
}

fn line(props: &FoundProps, place: usize, unit: &UnitRef) -> Html {
    let found = &props.found;
    let whole = place == 0 && found.above.is_some();
    let name = if whole {
        t!("statistics-whole", unit = unit.name.clone())
    } else {
        unit.name.clone()
    };
    let cells = found.metrics.iter().enumerate().flat_map(|(row, metric)| {
        found
            .periods
            .iter()
            .enumerate()
            .map(move |(column, period)| {
                cell(props, (row, metric), (place, unit), (column, period))
            })
    });
    html! { <tr class={classes!(whole.then_some("zx-whole"))}><th scope="row">{ name }</th>{ for cells }</tr> }
}

fn cell(
    props: &FoundProps,
    (row, metric): (usize, &StatisticsMetric),
    (place, unit): (usize, &UnitRef),
    (column, period): (usize, &String),
) -> Html {
    let value = props.value(row, place, column);
    let shown = match props.metric(&metric.code) {
        Some(known) => format::exact(known, value),
        None => format::NOTHING.to_owned(),
    };
    if value.is_none() {
        return html! { <td class="zx-right">{ shown }</td> };
    }
    let route = Route::Figure {
        code: metric.code.clone(),
    };
    let href = format!("{}?period={period}&unit={}", route.to_path(), unit.code);
    html! { <td class="zx-right"><a {href} data-metric={metric.code.clone()} data-unit={unit.code.clone()} data-period={period.clone()}>{ shown }</a></td> }
}

/// Follows the links of the figures: a table of thousands has one listener.
#[hook]
fn use_follow() -> Callback<MouseEvent> {
    let go = use_go::<Route>();
    Callback::from(move |event: MouseEvent| {
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let link = event
            .target_dyn_into::<Element>()
            .and_then(|element| element.closest("a[data-metric]").ok().flatten());
        let Some(link) = link else {
            return;
        };
        event.prevent_default();
        let of = |name: &str| link.get_attribute(name).unwrap_or_default();
        let query = with(&Query::new(), "unit", &of("data-unit"));
        let query = with(&query, "period", &of("data-period"));
        let code = of("data-metric");
        go.emit((Route::Figure { code }, query));
    })
}
