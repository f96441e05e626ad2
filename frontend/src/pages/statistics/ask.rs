//! What the page shows, as its link says: metrics, units, periods, and how they are drawn.

use crate::hooks::{Query, with};
use chrono::{Datelike, NaiveDate};
use zhenxing_api_types::programme::Metric;
use zhenxing_domain::period::{Cadence, Period};

/// How many metrics are shown at first.
const FIRST: usize = 3;
/// How many years.
const YEARS: usize = 5;

/// The ways of drawing, as the link names them.
pub const VIEWS: [&str; 5] = ["table", "line", "bar", "heat", "map"];

/// What is shown: each part as the link says it, or the usual one.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Codes of metrics.
    pub metrics: Vec<String>,
    /// The unit; empty for one's own.
    pub unit: String,
    /// The level below it; empty for those directly below.
    pub level: String,
    /// The first period.
    pub from: Period,
    /// The last period.
    pub to: Period,
    /// How it is drawn.
    pub view: String,
    /// The metric of a drawing.
    pub metric: String,
    /// The period of a drawing of one.
    pub period: String,
}

impl Asked {
    /// What the link asks for; nothing where no period can be named.
    pub fn of(
        query: &Query,
        active: &[Metric],
        begin: NaiveDate,
        today: NaiveDate,
    ) -> Option<Asked> {
        let of = |name: &str| query.get(name).map_or("", String::as_str);
        let mut metrics: Vec<String> = listed(of("metrics"));
        if metrics.is_empty() {
            let mut usual: Vec<&Metric> = active.iter().collect();
            usual.sort_by_key(|metric| !metric.headline);
            metrics.extend(usual.iter().take(FIRST).map(|metric| metric.code.clone()));
        }
        let (from, to) = span(of("periods")).or_else(|| usual_span(begin, today))?;
        let view = VIEWS.iter().find(|view| **view == of("view"));
        let metric = metrics.iter().find(|code| *code == of("metric"));
        let metric = metric.or(metrics.first()).cloned().unwrap_or_default();
        let wanted = Period::parse(of("period")).ok();
        let period = wanted
            .filter(|period| period.cadence() == from.cadence() && (from..=to).contains(period));
        Some(Asked {
            metrics,
            unit: of("unit").to_owned(),
            level: of("level").to_owned(),
            from,
            to,
            view: (*view.unwrap_or(&"table")).to_owned(),
            metric,
            period: period.unwrap_or(to).to_string(),
        })
    }

    /// The periods as the link writes them.
    pub fn periods(&self) -> String {
        format!("{}..{}", self.from, self.to)
    }

    /// The whole as a link's query, the usual parts too: what is saved stays as it was seen.
    pub fn query(&self) -> Query {
        let metrics = self.metrics.join(",");
        let periods = self.periods();
        let parts = [
            ("metrics", metrics.as_str()),
            ("unit", &self.unit),
            ("level", &self.level),
            ("periods", &periods),
            ("view", &self.view),
            ("metric", &self.metric),
            ("period", &self.period),
        ];
        let begun = Query::new();
        parts
            .iter()
            .fold(begun, |query, (name, value)| with(&query, name, value))
    }

    /// The parameters of the figures.
    pub fn ask(&self) -> [(&'static str, String); 4] {
        [
            ("metrics", self.metrics.join(",")),
            ("unit", self.unit.clone()),
            ("level", self.level.clone()),
            ("periods", self.periods()),
        ]
    }
}

fn listed(text: &str) -> Vec<String> {
    let codes = text
        .split(',')
        .map(str::trim)
        .filter(|code| !code.is_empty());
    codes.map(str::to_owned).collect()
}

fn span(text: &str) -> Option<(Period, Period)> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let (from, to) = (Period::parse(from).ok()?, Period::parse(to).ok()?);
    (from.cadence() == to.cadence() && from <= to).then_some((from, to))
}

/// The last years that are over, from the plan's first on.
fn usual_span(begin: NaiveDate, today: NaiveDate) -> Option<(Period, Period)> {
    let years = choices(Cadence::Yearly, begin, today);
    let over = years.iter().filter(|year| year.last_day() < today);
    let over: Vec<Period> = over.copied().collect();
    let last = over.last().or(years.last())?;
    let first = over.get(over.len().saturating_sub(YEARS)).unwrap_or(last);
    Some((*first, *last))
}

/// The periods of a cadence from the plan's first year until today.
pub fn choices(cadence: Cadence, begin: NaiveDate, today: NaiveDate) -> Vec<Period> {
    let january = NaiveDate::from_ymd_opt(begin.year(), 1, 1).unwrap_or(begin);
    let mut next = Period::containing(january, cadence).ok();
    let mut found = Vec::new();
    while let Some(period) = next.filter(|period| period.first_day() <= today) {
        found.push(period);
        next = period.next();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhenxing_api_types::view::{query_parts, query_text};

    fn day(year: i32, month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, 25).unwrap_or_default()
    }

    #[test]
    fn a_link_restores_what_was_shown() {
        let text = "level=township&metric=M12.b&metrics=M12.a,M12.b&period=2024-03&periods=2024-01..2024-06&unit=130900000000&view=heat";
        let query = query_parts(text).unwrap_or_default();
        let asked = Asked::of(&query, &[], day(2021, 11), day(2026, 11));
        let asked = asked.unwrap_or_else(|| unreachable!());
        assert_eq!(query_text(&asked.query()), text);
    }

    #[test]
    fn without_a_link_the_last_years_are_shown() {
        let asked = Asked::of(&Query::new(), &[], day(2021, 11), day(2026, 11));
        let periods = asked.map(|asked| asked.periods());
        assert_eq!(periods.as_deref(), Some("2021..2025"));
    }

    #[test]
    fn periods_end_with_the_running_one() {
        let months = choices(Cadence::Monthly, day(2025, 11), day(2026, 2));
        let ends = (months.first().copied(), months.last().copied());
        let named = |text: &str| Period::parse(text).ok();
        assert_eq!(ends, (named("2025-01"), named("2026-02")));
    }
}
