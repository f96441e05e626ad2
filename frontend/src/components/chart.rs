//! Charts: typed options, drawn by ECharts, which the browser loads when the first one is drawn. A chart is a picture to the
//! reader of the screen; the page shows the same numbers in a table.

use crate::handover;
use serde::Serialize;
use web_sys::Element;
use yew::prelude::*;

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChartOption {
    /// Nothing moves: the reader may have asked for that.
    pub animation: bool,
    /// The colours of the series, in order.
    pub color: Vec<&'static str>,
    /// The room of the axes.
    pub grid: Grid,
    /// What is said at a point.
    pub tooltip: Tooltip,
    /// The names of the series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legend: Option<Legend>,
    /// The axis across.
    pub x_axis: Axis,
    /// The axis upwards.
    pub y_axis: Axis,
    /// The shades of a heat map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visual_map: Option<VisualMap>,
    /// The lines, bars or cells.
    pub series: Vec<Series>,
}

/// The room of the axes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Grid {
    /// From the left.
    pub left: u32,
    /// From the right.
    pub right: u32,
    /// From the top.
    pub top: u32,
    /// From below.
    pub bottom: u32,
    /// Whether the words of the axes are within.
    pub contain_label: bool,
}

/// What is said at a point.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tooltip {
    /// `item`.
    pub trigger: &'static str,
    /// Drawn like the chart, so that no text becomes part of the page.
    pub render_mode: &'static str,
}

/// The names of the series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Legend {
    /// `scroll`: those that find no room are paged.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// From the top.
    pub top: u32,
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Axis {
    /// `category` or `value`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The names along it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<String>,
    /// The measure.
    pub name: String,
    /// Its words.
    pub axis_label: AxisLabel,
}

/// The words of an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AxisLabel {
    /// Turned by so many degrees.
    pub rotate: u32,
    /// Every so many; nought shows all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<u32>,
}

/// The shades of a heat map.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VisualMap {
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
    /// Whether the reader can narrow it.
    pub calculable: bool,
    /// `horizontal`.
    pub orient: &'static str,
    /// `center`.
    pub left: &'static str,
    /// From below.
    pub bottom: u32,
    /// From pale to full.
    pub in_range: InRange,
}

/// Colours from pale to full.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InRange {
    /// The colours.
    pub color: [&'static str; 3],
}

/// A line, a row of bars, or the cells of a heat map.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Series {
    /// `line`, `bar` or `heatmap`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its points.
    pub data: Vec<Point>,
    /// Its mark, so that lines are told apart without colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symbol: Option<&'static str>,
    /// How large the mark is.
    pub symbol_size: u32,
}

/// A point with its words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// Where it stands.
    pub value: Place,
    /// What is said of it.
    pub text: String,
}

/// Where a point stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Place {
    /// At the next name of the axis, so high; nothing leaves a gap.
    High(Option<f64>),
    /// A cell: its column, its row, its value.
    Cell(usize, usize, Option<f64>),
}

/// The properties of a chart.
#[derive(Clone, PartialEq, Properties)]
pub struct ChartProps {
    /// What is drawn.
    pub option: ChartOption,
    /// What the picture shows, for who does not see it.
    pub label: AttrValue,
    /// How high, in pixels.
    #[prop_or(420)]
    pub height: usize,
}

/// A chart.
#[function_component]
pub fn Chart(props: &ChartProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.option.clone(), move |option| {
            let element = node.cast::<Element>();
            if let Some(element) = &element {
                let text = serde_json::to_string(option).unwrap_or_default();
                handover::chart(element, &text);
            }
        });
    }
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let element = node.cast::<Element>();
            move || {
                if let Some(element) = element {
                    handover::chart(&element, "");
                }
            }
        });
    }
    html! { <div ref={node} class="zx-chart" role="img" aria-label={props.label.clone()} style={format!("height:{}px", props.height)}></div> }
}
