//! The figures drawn: lines over time, bars over the units, a heat map of both, a map. One metric at a time; the table
//! shows the same numbers.

use super::cross::{FoundProps, at};
use crate::components::chart::{
    Axis, AxisLabel, Chart, ChartOption, Grid, InRange, Legend, Place, Point, Series, Tooltip,
    VisualMap,
};
use crate::components::empty;
use crate::components::field::Select;
use crate::format;
use crate::i18n::{Lang, named, shown, use_language};
use crate::pages::overview::map::Map;
use crate::routes::Route;
use std::cmp::Reverse;
use yew::prelude::*;
use zhenxing_api_types::programme::Metric;
use zhenxing_api_types::unit::Level;
use zhenxing_api_types::{Figure, FigureTree};
use zhenxing_domain::package::number::format_scaled;

/// How many lines are told apart.
const LINES: usize = 12;
/// How many bars or rows find room.
const ROOM: usize = 60;

/// Colours that differ in lightness too, dark enough on white.
const COLOURS: [&str; 6] = [
    "#0050b3", "#a8191f", "#00707a", "#8a5a00", "#5b2a9d", "#3d4650",
];
/// Marks by which lines are told apart without colour.
const MARKS: [&str; 6] = ["circle", "rect", "triangle", "diamond", "pin", "arrow"];

/// A drawing with what is chosen for it.
#[function_component]
pub fn Drawing(props: &FoundProps) -> Html {
    use_language();
    let (page, found) = (&props.page, &props.found);
    let code = &page.asked.metric;
    let row = found
        .metrics
        .iter()
        .position(|metric| metric.code == *code)
        .unwrap_or(0);
    let Some(metric) = found
        .metrics
        .get(row)
        .and_then(|axis| props.metric(&axis.code))
    else {
        return empty(t!("statistics-empty"));
    };
    let metrics: Vec<(String, String)> = found
        .metrics
        .iter()
        .map(|one| {
            (
                one.code.clone(),
                named(&one.name_zh, &one.name_en).to_owned(),
            )
        })
        .collect();
    let periods: Vec<(String, String)> = found
        .periods
        .iter()
        .rev()
        .map(|period| (period.clone(), format::period(period)))
        .collect();
    let view = page.asked.view.as_str();
    let one_period = matches!(view, "bar" | "map");
    let column = found
        .periods
        .iter()
        .position(|period| *period == page.asked.period);
    let column = column.unwrap_or(found.periods.len().saturating_sub(1));
    let drawn = Drawn {
        props,
        metric,
        row,
        column,
    };
    html! {
        <>
            <div class="zx-filters">
                <Select label={t!("metric")} value={metric.code.clone()} choices={metrics} change={page.change("metric")} />
                if one_period { <Select label={t!("period")} value={page.asked.period.clone()} choices={periods} change={page.change("period")} /> }
            </div>
            { match view {
                "line" => drawn.lines(),
                "bar" => drawn.bars(),
                "heat" => drawn.heat(),
                _ => drawn.map(),
            } }
        </>
    }
}

/// What is drawn: a metric, and where its row and the chosen period stand.
struct Drawn<'a> {
    props: &'a FoundProps,
    metric: &'a Metric,
    row: usize,
    column: usize,
}

impl Drawn<'_> {
    /// The places of the units below, those with the largest values of a period first; a whole dwarfs its parts, so it is
    /// left out where there are parts.
    fn ranked(&self, column: usize, most: usize) -> Vec<usize> {
        let found = &self.props.found;
        let first = usize::from(found.above.is_some() && found.units.len() > 1);
        let mut places: Vec<usize> = (first..found.units.len()).collect();
        places.sort_by_key(|place| Reverse(self.props.value(self.row, *place, column)));
        places.truncate(most);
        places
    }

    fn name_of(&self, unit: usize) -> String {
        let found = self.props.found.units.get(unit);
        found.map_or_else(String::new, |unit| unit.name.clone())
    }

    fn point(&self, unit: usize, column: usize, measure: &Measure) -> Point {
        let value = self.props.value(self.row, unit, column);
        Point {
            value: Place::High(value.map(|value| measure.of(value))),
            text: format::exact(self.metric, value),
        }
    }

    fn measure(&self) -> Measure {
        let found = &self.props.found;
        let first = usize::from(found.above.is_some() && found.units.len() > 1);
        let columns = found.periods.len();
        let units = first..found.units.len();
        let all = units.flat_map(|unit| (0..columns).map(move |column| (unit, column)));
        let values = all.filter_map(|(unit, column)| self.props.value(self.row, unit, column));
        Measure::of_all(
            self.metric,
            values.map(i64::saturating_abs).max().unwrap_or(0),
        )
    }

    fn label(&self, what: String) -> String {
        t!(
            "statistics-chart-label",
            what = what,
            metric = named(&self.metric.name_zh, &self.metric.name_en)
        )
    }

    fn lines(&self) -> Html {
        let found = &self.props.found;
        let last = found.periods.len().saturating_sub(1);
        let measure = self.measure();
        let places = self.ranked(last, LINES);
        let line = |(turn, unit): (usize, &usize)| Series {
            kind: "line",
            name: self.name_of(*unit),
            data: (0..found.periods.len())
                .map(|column| self.point(*unit, column, &measure))
                .collect(),
            symbol: MARKS
                .get((turn + turn / MARKS.len()) % MARKS.len())
                .copied(),
            symbol_size: 8,
        };
        let series: Vec<Series> = places.iter().enumerate().map(line).collect();
        let periods = found.periods.iter().map(|period| format::period(period));
        let mut option = plain(across(periods.collect(), 0), upwards(measure.name), series);
        option.legend = Some(Legend {
            kind: "scroll",
            top: 0,
        });
        option.grid.top = 64;
        let many = found.units.len() > LINES + 1;
        html! {
            <>
                if many { <p class="zx-hint">{ t!("statistics-largest", count = LINES) }</p> }
                <Chart {option} label={self.label(t!("view-line"))} />
            </>
        }
    }

    fn bars(&self) -> Html {
        let measure = self.measure();
        let places = self.ranked(self.column, ROOM);
        let period = self.props.found.periods.get(self.column);
        let series = vec![Series {
            kind: "bar",
            name: period.map_or_else(String::new, |period| format::period(period)),
            data: places
                .iter()
                .map(|unit| self.point(*unit, self.column, &measure))
                .collect(),
            symbol: None,
            symbol_size: 0,
        }];
        let names = places.iter().map(|unit| self.name_of(*unit)).collect();
        let option = plain(across(names, 45), upwards(measure.name), series);
        let many = self.props.found.units.len() > ROOM + 1;
        html! {
            <>
                if many { <p class="zx-hint">{ t!("statistics-largest", count = ROOM) }</p> }
                <Chart {option} label={self.label(t!("view-bar"))} />
            </>
        }
    }

    fn heat(&self) -> Html {
        let found = &self.props.found;
        let measure = self.measure();
        let last = found.periods.len().saturating_sub(1);
        let mut places = self.ranked(last, ROOM);
        // The first row of a heat map stands below.
        places.reverse();
        let mut data = Vec::new();
        for (line, unit) in places.iter().enumerate() {
            for column in 0..found.periods.len() {
                let value = self.props.value(self.row, *unit, column);
                let words = format::exact(self.metric, value);
                data.push(Point {
                    value: Place::Cell(column, line, value.map(|value| measure.of(value))),
                    text: format!("{} {words}", self.name_of(*unit)),
                });
            }
        }
        let values = || {
            data.iter().filter_map(|point| match point.value {
                Place::Cell(_, _, value) => value,
                Place::High(_) => None,
            })
        };
        let (min, max) = (
            values().fold(f64::INFINITY, f64::min),
            values().fold(f64::NEG_INFINITY, f64::max),
        );
        if min > max {
            return empty(t!("statistics-empty"));
        }
        let height = 150 + 24 * places.len();
        let series = vec![Series {
            kind: "heatmap",
            name: named(&self.metric.name_zh, &self.metric.name_en).to_owned(),
            data,
            symbol: None,
            symbol_size: 0,
        }];
        let periods = found.periods.iter().map(|period| format::period(period));
        let names = places.iter().map(|unit| self.name_of(*unit)).collect();
        let mut option = plain(across(periods.collect(), 0), across(names, 0), series);
        option.grid.bottom = 64;
        option.visual_map = Some(VisualMap {
            min,
            max,
            calculable: true,
            orient: "horizontal",
            left: "center",
            bottom: 4,
            in_range: InRange {
                color: ["#eef4fb", "#6fa4da", "#00468f"],
            },
        });
        let many = found.units.len() > ROOM + 1;
        html! {
            <>
                if many { <p class="zx-hint">{ t!("statistics-largest", count = ROOM) }</p> }
                <Chart {option} {height} label={self.label(t!("view-heat"))} />
            </>
        }
    }

    /// The package's borders are those of the counties of the city.
    fn map(&self) -> Html {
        let found = &self.props.found;
        let counties = found
            .units
            .iter()
            .skip(1)
            .any(|unit| unit.level == Level::County);
        let Some(above) = found
            .above
            .as_ref()
            .filter(|unit| unit.level == Level::City && counties)
        else {
            return empty(t!("statistics-no-map"));
        };
        let figure = |place: usize| {
            let unit = found.units.get(place)?;
            let of = |list: &[Option<i64>]| at(found, self.row, place, self.column, list);
            let cells = &found.cells;
            Some(Figure {
                unit: unit.clone(),
                value: of(&cells.values),
                value_of_reported: None,
                numerator: of(&cells.numerators).unwrap_or(0),
                denominator: of(&cells.denominators).unwrap_or(0),
                pending_numerator: 0,
                pending_denominator: 0,
                approved_units: of(&cells.approved_units).unwrap_or(0),
                pending_units: of(&cells.pending_units).unwrap_or(0),
                expected_units: of(&cells.expected_units).unwrap_or(0),
                target: None,
                previous_value: None,
                standing: None,
                report: None,
            })
        };
        let Some(total) = figure(0) else {
            return empty(t!("statistics-no-map"));
        };
        let tree = FigureTree {
            metric: self.metric.clone(),
            period: found.periods.get(self.column).cloned().unwrap_or_default(),
            ancestors: vec![above.clone()],
            total,
            children: (1..found.units.len()).filter_map(figure).collect(),
            as_of: found.as_of,
        };
        html! { <div class="zx-map-wide"><Map {tree} query={self.props.page.asked.query()} page={Route::Statistics} /></div> }
    }
}

/// In what a drawing measures: shares in per cent, large sums in 万 or thousands.
struct Measure {
    decimals: u8,
    name: String,
}

impl Measure {
    fn of_all(metric: &Metric, most: i64) -> Measure {
        let unit = named(&metric.unit_zh, &metric.unit_en);
        if metric.kind == "ratio" {
            return Measure {
                decimals: 2,
                name: "%".to_owned(),
            };
        }
        let scale = 10_i64.checked_pow(u32::from(metric.decimals)).unwrap_or(1);
        let (more, word) = match shown() {
            _ if most / scale < 100_000 => (0, String::new()),
            Lang::Zh => (4, t!("number-wan")),
            Lang::En => (3, t!("number-thousand")),
        };
        Measure {
            decimals: metric.decimals.saturating_add(more),
            name: format!("{word}{unit}"),
        }
    }

    fn of(&self, value: i64) -> f64 {
        // What is drawn needs no more than a float holds; the words of the point are exact.
        format_scaled(value, self.decimals).parse().unwrap_or(0.0)
    }
}

fn across(names: Vec<String>, rotate: u32) -> Axis {
    Axis {
        kind: "category",
        data: names,
        name: String::new(),
        axis_label: AxisLabel {
            rotate,
            interval: Some(0),
        },
    }
}

fn upwards(name: String) -> Axis {
    Axis {
        kind: "value",
        data: Vec::new(),
        name,
        axis_label: AxisLabel {
            rotate: 0,
            interval: None,
        },
    }
}

fn plain(x_axis: Axis, y_axis: Axis, series: Vec<Series>) -> ChartOption {
    ChartOption {
        animation: false,
        color: COLOURS.to_vec(),
        grid: Grid {
            left: 16,
            right: 24,
            top: 40,
            bottom: 16,
            contain_label: true,
        },
        tooltip: Tooltip {
            trigger: "item",
            render_mode: "richText",
        },
        legend: None,
        x_axis,
        y_axis,
        visual_map: None,
        series,
    }
}
