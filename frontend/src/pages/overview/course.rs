//! 走势: a metric over time, its path to the targets, and where its pace leads. It is fetched after the page stands.

use crate::components::{Card, empty, light_saying, loaded};
use crate::format;
use crate::hooks::{Query, use_load};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use chrono::{Datelike, NaiveDate};
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::course::{Course, Standing};
use zhenxing_api_types::programme::Metric;
use zhenxing_api_types::report::Light;

const WIDTH: i64 = 720;
const HEIGHT: i64 = 240;
/// Room for the words at the left, and below.
const LEFT: i64 = 104;
const BELOW: i64 = 32;
const MARGIN: i64 = 34;

/// Which metric of which unit.
#[derive(Clone, PartialEq, Properties)]
pub struct TrendProps {
    /// The metric's code.
    pub metric: String,
    /// The unit's code.
    pub unit: String,
}

/// The card.
#[function_component]
pub fn Trend(props: &TrendProps) -> Html {
    use_language();
    let asked = (props.metric.clone(), props.unit.clone());
    let (load, again) = use_load(asked, |session, (metric, unit)| async move {
        session.client.course(&metric, &unit).await
    });
    let to = Query::from([
        ("metric".to_owned(), props.metric.clone()),
        ("unit".to_owned(), props.unit.clone()),
    ]);
    html! {
        <Card title={t!("trend")} aside={html! { <Link<Route, Query> to={Route::Targets} query={Some(to)}>{ t!("targets") }</Link<Route, Query>> }}>{ loaded(&load, &again, shown) }</Card>
    }
}

fn shown(course: &Course) -> Html {
    if course.points.len() < 2 {
        return empty(t!("trend-empty"));
    }
    html! {
        <>
            <p class="zx-trend-says">{ standing(course) }</p>
            { chart(course) }
            <ul class="zx-legend">
                <li><span class="zx-line zx-line-figure" aria-hidden="true"></span>{ t!("trend-figures") }</li>
                if !course.path.is_empty() { <li><span class="zx-line zx-line-path" aria-hidden="true"></span>{ t!("trend-path") }</li> }
                if course.forecast.is_some() { <li><span class="zx-line zx-line-ahead" aria-hidden="true"></span>{ t!("trend-forecast") }</li> }
            </ul>
            <details><summary>{ t!("trend-numbers") }</summary>{ numbers(course) }</details>
            <p class="zx-foot">{ t!("trend-foot", time = format::instant(course.as_of)) }</p>
        </>
    }
}

/// The light with its word, and what the pace says.
fn standing(course: &Course) -> Html {
    let metric = &course.metric;
    let missing = course.missing.unwrap_or(0);
    let by = gap(metric, missing);
    let light = course.standing.map(|standing| match standing {
        Standing::Reached => light_saying(Light::Normal, t!("trend-reached")),
        Standing::OnCourse => light_saying(Light::Normal, t!("trend-on-course")),
        Standing::Behind => light_saying(Light::Soon, t!("trend-behind", by = by.clone())),
        Standing::Missed => light_saying(Light::Overdue, t!("trend-missed", by = by.clone())),
    });
    let pace = course
        .pace
        .map(|pace| t!("trend-pace", pace = moved(metric, pace)));
    let needed = course
        .needed_pace
        .map(|pace| t!("trend-needed", pace = moved(metric, pace)));
    let ahead = course.forecast.as_ref().map(|forecast| {
        t!(
            "trend-ahead",
            day = forecast.day.to_string(),
            value = format::short(metric, Some(forecast.value)),
            low = format::short(metric, Some(forecast.low)),
            high = format::short(metric, Some(forecast.high))
        )
    });
    let words: Vec<String> = [pace, needed, ahead].into_iter().flatten().collect();
    html! {
        <>
            if let Some(light) = light { { light }{ " " } }
            { words.join(&t!("trend-and")) }
        </>
    }
}

/// A distance: of shares in percentage points.
fn gap(metric: &Metric, value: i64) -> String {
    if metric.kind == "ratio" {
        return t!("points", value = format::number(value, 2));
    }
    format::short(metric, Some(value))
}

/// A distance with its sign.
fn moved(metric: &Metric, value: i64) -> String {
    let sign = if value > 0 { "+" } else { "" };
    format!("{sign}{}", gap(metric, value))
}

/// From days and values to the places of the drawing.
struct Scale {
    first: NaiveDate,
    days: i64,
    least: i64,
    span: i64,
}

impl Scale {
    fn of(course: &Course) -> Option<Scale> {
        let ahead = course.forecast.as_ref();
        let figures = course.points.iter().map(|point| (point.day, point.value));
        let path = course.path.iter().map(|point| (point.day, point.value));
        let band = ahead
            .into_iter()
            .flat_map(|forecast| [forecast.low, forecast.high].map(|value| (forecast.day, value)));
        let all: Vec<(NaiveDate, i64)> = figures.chain(path).chain(band).collect();
        let first = all.iter().map(|point| point.0).min()?;
        let last = all.iter().map(|point| point.0).max()?;
        let least = all.iter().map(|point| point.1).min()?.min(0);
        let most = all.iter().map(|point| point.1).max()?;
        Some(Scale {
            first,
            days: (last - first).num_days().max(1),
            least,
            span: most.saturating_sub(least).max(1),
        })
    }

    fn x(&self, day: NaiveDate) -> i64 {
        LEFT + (day - self.first).num_days() * (WIDTH - LEFT - MARGIN) / self.days
    }

    fn y(&self, value: i64) -> i64 {
        let room = i128::from(HEIGHT - BELOW - MARGIN);
        let up = i128::from(value.saturating_sub(self.least)) * room / i128::from(self.span);
        HEIGHT - BELOW - i64::try_from(up).unwrap_or(0)
    }

    fn line(&self, points: impl Iterator<Item = (NaiveDate, i64)>) -> String {
        let places = points.map(|(day, value)| format!("{},{}", self.x(day), self.y(value)));
        places.collect::<Vec<_>>().join(" ")
    }
}

fn chart(course: &Course) -> Html {
    let Some(scale) = Scale::of(course) else {
        return Html::default();
    };
    let figures = scale.line(course.points.iter().map(|point| (point.day, point.value)));
    let path = scale.line(course.path.iter().map(|point| (point.day, point.value)));
    let last = course.points.last();
    let ahead = last.zip(course.forecast.as_ref()).map(|(last, forecast)| {
        let from = (last.day, last.value);
        let to = |value| (forecast.day, value);
        let band = scale.line([from, to(forecast.high), to(forecast.low)].into_iter());
        let middle = scale.line([from, to(forecast.value)].into_iter());
        html! { <><polygon class="zx-band" points={band} /><polyline class="zx-ahead" points={middle} /></> }
    });
    let name = named(&course.metric.name_zh, &course.metric.name_en);
    let label = t!(
        "trend-label",
        metric = name,
        unit = course.unit.name.clone()
    );
    html! {
        <svg class="zx-trend" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img" aria-label={label}>
            { for levels(&scale, &course.metric) }
            { for years(&scale) }
            { ahead.unwrap_or_default() }
            if !course.path.is_empty() { <polyline class="zx-path" points={path} /> }
            <polyline class="zx-figure" points={figures} />
            { for course.points.iter().map(|point| {
                let text = format!("{} {}", format::period(&point.period), format::short(&course.metric, Some(point.value)));
                html! { <circle class="zx-dot" cx={scale.x(point.day).to_string()} cy={scale.y(point.value).to_string()} r="3.5"><title>{ text }</title></circle> }
            }) }
        </svg>
    }
}

/// Lines across with their values: the least, the middle and the most.
fn levels(scale: &Scale, metric: &Metric) -> Vec<Html> {
    let at = |part: i64| {
        let value = scale.least.saturating_add(scale.span / 2 * part);
        let y = scale.y(value);
        html! {
            <>
                <line class="zx-across" x1={LEFT.to_string()} x2={(WIDTH - MARGIN).to_string()} y1={y.to_string()} y2={y.to_string()} />
                <text class="zx-level" x={(LEFT - 8).to_string()} y={(y + 4).to_string()}>{ format::short(metric, Some(value)) }</text>
            </>
        }
    };
    [0, 1, 2].map(at).to_vec()
}

/// The ends of the years, below.
fn years(scale: &Scale) -> Vec<Html> {
    let last = scale.first + chrono::TimeDelta::days(scale.days);
    let ends = (scale.first.year()..=last.year())
        .filter_map(|year| NaiveDate::from_ymd_opt(year, 12, 31))
        .filter(|day| *day <= last);
    let mark = |day: NaiveDate| {
        let x = scale.x(day).to_string();
        html! { <text class="zx-year" {x} y={(HEIGHT - 8).to_string()}>{ day.year() }</text> }
    };
    ends.map(mark).collect()
}

/// The same as a table.
fn numbers(course: &Course) -> Html {
    html! {
        <div class="zx-scroll" tabindex="0" role="region" aria-label={t!("trend-numbers")}><table class="zx-table">
            <thead><tr><th scope="col">{ t!("period") }</th><th scope="col" class="zx-right">{ t!("value") }</th><th scope="col" class="zx-right">{ t!("coverage") }</th></tr></thead>
            <tbody>{ for course.points.iter().rev().map(|point| html! {
                <tr><th scope="row">{ format::period(&point.period) }</th><td class="zx-right">{ format::exact(&course.metric, Some(point.value)) }</td>
                <td class="zx-right">{ format!("{}/{}", format::number(point.approved_units, 0), format::number(point.expected_units, 0)) }</td></tr>
            }) }</tbody></table></div>
    }
}
