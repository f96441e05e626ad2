//! Many figures at once (统计分析): metrics × units × periods in one answer.

use super::cube::{Cube, Row, places};
use super::figure::{Spans, shown};
use super::programme::{parse_period, wire_name};
use super::session::{Who, line_of, unit_ref};
use super::{App, AppError, AppResult, Code};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::statistics::{Statistics, StatisticsCells, StatisticsMetric};
use zhenxing_api_types::unit::Level;
use zhenxing_domain::figure::Tally;
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::package::{FormDef, MetricDef};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, placement};

/// How many metrics one request takes.
pub const METRICS: usize = 40;
/// How many periods one request takes: five years of months.
pub const PERIODS: usize = 60;
/// How many units can be chosen one by one.
pub const UNITS: usize = 200;
/// How many stored figures one request reads.
pub const CELLS: usize = 20_000;

/// What is asked for; lists are separated by commas.
#[derive(Debug, Clone, Default)]
pub struct StatisticsAsk {
    /// Codes of metrics.
    pub metrics: String,
    /// The unit below which the units stand; the asker's own without it.
    pub unit: Option<String>,
    /// Their level; those directly below without it.
    pub level: Option<Level>,
    /// Codes of chosen units, in place of those below one.
    pub units: Option<String>,
    /// Periods, or ranges of them such as `2024-01..2024-12`.
    pub periods: String,
}

/// A metric that is asked for, with where the asker sees it.
struct Asked<'a> {
    metric: &'a MetricDef,
    form: &'a FormDef,
    id: MetricId,
    scope: Scope,
}

/// The units of an answer.
struct Axis {
    above: Option<Placed>,
    units: Vec<Placed>,
    left_out: Vec<String>,
}

impl App {
    /// Many figures at once.
    ///
    /// # Errors
    /// `not_found` where nothing asked for can be seen, or a refusal that names the parameter.
    pub fn get_statistics(&self, who: &Who, ask: &StatisticsAsk) -> AppResult<Statistics> {
        let cube = self.cube(who, ask)?;
        let room = cube.cells();
        let mut cells = StatisticsCells {
            values: Vec::with_capacity(room),
            numerators: Vec::with_capacity(room),
            denominators: Vec::with_capacity(room),
            approved_units: Vec::with_capacity(room),
            pending_units: Vec::with_capacity(room),
            expected_units: Vec::with_capacity(room),
        };
        cube.each(|metric, unit, tally| {
            let of = |pick: fn(Tally) -> i64| tally.map(pick);
            cells
                .values
                .push(tally.and_then(|tally| shown(metric, unit, tally)));
            cells.numerators.push(of(|tally| tally.approved.numerator));
            cells
                .denominators
                .push(of(|tally| tally.approved.denominator));
            cells.approved_units.push(of(|tally| tally.approved_units));
            cells.pending_units.push(of(|tally| tally.pending_units));
            cells.expected_units.push(of(|tally| tally.expected_units));
        })?;
        Ok(Statistics {
            above: cube.above.as_ref().map(unit_ref),
            ancestors: cube.ancestors.iter().map(unit_ref).collect(),
            metrics: cube
                .metrics
                .iter()
                .map(|row| axis_view(row.metric))
                .collect(),
            units: cube.units.iter().map(unit_ref).collect(),
            periods: cube.periods.iter().map(Period::to_string).collect(),
            cells,
            left_out: cube.left_out,
            as_of: cube.as_of,
        })
    }

    /// What is asked for, as far as the asker may see it.
    pub(crate) fn cube<'a>(&'a self, who: &Who, ask: &StatisticsAsk) -> AppResult<Cube<'a>> {
        let scope = who.scope(Action::ReadFigures)?;
        let periods = periods_of(&ask.periods)?;
        let (asked, mut left_out) = self.asked_metrics(&scope, &ask.metrics)?;
        let day = periods.iter().map(|period| period.last_day()).max();
        let day = day.unwrap_or_else(|| self.clock.today());
        let spans = self.spans_of_all(&asked, &periods);
        let reads: usize = spans.values().map(|spans| spans.now.len()).sum();
        let most = CELLS / reads.max(1);
        let stored: BTreeSet<Period> = spans.values().flat_map(|spans| spans.now.clone()).collect();
        let stored: Vec<Period> = stored.into_iter().collect();
        let ids: BTreeSet<MetricId> = asked.iter().map(|asked| asked.id).collect();
        let row = |(row, (asked, mask)): (usize, (&Asked<'a>, Option<BTreeSet<UnitId>>))| Row {
            metric: asked.metric,
            id: asked.id,
            mask,
            places: (0..periods.len())
                .map(|column| Some(places(&stored, spans.get(&(row, column))?)))
                .collect(),
        };
        self.db.read(|conn| {
            let axis = match &ask.units {
                Some(codes) => self.chosen_axis(conn, &scope, codes, day)?,
                None => self.axis_below(conn, who, &scope, ask, (day, most))?,
            };
            within(axis.units.len(), most)?;
            left_out.extend(axis.left_out);
            let masks = self.masks(conn, &asked, axis.above.as_ref(), &axis.units)?;
            let ancestors = match &axis.above {
                Some(above) => line_of(conn, &above.path, day)?.1,
                None => Vec::new(),
            };
            Ok(Cube {
                stored: self.stored(conn, &ids, &stored, &axis.units)?,
                above: axis.above,
                ancestors,
                metrics: asked.iter().zip(masks).enumerate().map(row).collect(),
                units: axis.units,
                periods: periods.clone(),
                left_out,
                as_of: self.as_of(conn)?,
            })
        })
    }

    /// The metrics of a list that have figures the asker may see anywhere, and the codes of the others.
    fn asked_metrics(&self, scope: &Scope, list: &str) -> AppResult<(Vec<Asked<'_>>, Vec<String>)> {
        let codes = listed(list, "metrics", METRICS)?;
        let mut left_out = Vec::new();
        let mut asked = Vec::new();
        for code in codes {
            let found = self.active_metric(code).ok();
            let seen = found.map(|(metric, form, id)| Asked {
                metric,
                form,
                id,
                scope: scope.for_matter(&metric.matter),
            });
            match seen.filter(|asked| !asked.scope.parts().is_empty()) {
                Some(seen) => asked.push(seen),
                None => left_out.push(code.to_owned()),
            }
        }
        if asked.is_empty() {
            return Err(AppError::not_found("metrics", "指标", "metric"));
        }
        Ok((asked, left_out))
    }

    /// The stored periods that make each cell, by the places of its metric and its period.
    fn spans_of_all(
        &self,
        asked: &[Asked<'_>],
        periods: &[Period],
    ) -> BTreeMap<(usize, usize), Spans> {
        let mut found = BTreeMap::new();
        for (row, asked) in asked.iter().enumerate() {
            for (column, period) in periods.iter().enumerate() {
                if let Some(spans) = self.spans(asked.metric, asked.form, *period) {
                    found.insert((row, column), spans);
                }
            }
        }
        found
    }

    /// The units below one, itself first.
    fn axis_below(
        &self,
        conn: &mut Conn,
        who: &Who,
        scope: &Scope,
        ask: &StatisticsAsk,
        (day, most): (NaiveDate, usize),
    ) -> AppResult<Axis> {
        let above = self.chosen_unit(conn, who, scope, ask.unit.as_deref(), day)?;
        let system = Scope::bypass_for_system_work();
        let below = match ask.level.map(zhenxing_domain::unit::Level::from) {
            None => unit::children(conn, &system, &[above.id], day)?,
            Some(level) if level <= above.level => {
                return Err(AppError::refused(
                    Code::InvalidParameter,
                    Some("level"),
                    "层级应低于所选单位",
                    "The level is not below the unit",
                ));
            }
            Some(level) => {
                let mut found = unit::descendants(conn, &system, above.id, level, day)?;
                found.truncate(most.saturating_add(1));
                found
            }
        };
        let mut units = vec![above.clone()];
        units.extend(below);
        Ok(Axis {
            above: Some(above),
            units,
            left_out: Vec::new(),
        })
    }

    /// The units that were chosen, where they stand on a day, as far as the asker sees them today.
    fn chosen_axis(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        list: &str,
        day: NaiveDate,
    ) -> AppResult<Axis> {
        let codes = listed(list, "units", UNITS)?;
        let bearers = placement::bearers(conn, scope, &codes, day, self.clock.today())?;
        let ids: Vec<UnitId> = bearers.values().map(|unit| unit.id).collect();
        let system = Scope::bypass_for_system_work();
        let placed = unit::by_ids(conn, &system, &ids, day)?;
        let mut left_out = Vec::new();
        let mut units = Vec::new();
        for code in codes {
            let id = bearers.get(code).map(|unit| unit.id);
            match placed.iter().find(|unit| Some(unit.id) == id) {
                Some(unit) => units.push(unit.clone()),
                None => left_out.push(code.to_owned()),
            }
        }
        if units.is_empty() {
            return Err(AppError::not_found("units", "单位", "unit"));
        }
        Ok(Axis {
            above: None,
            units,
            left_out,
        })
    }

    /// Which units the asker sees for each metric: by where they stand today, or all where the whole unit above is seen.
    fn masks(
        &self,
        conn: &mut Conn,
        asked: &[Asked<'_>],
        above: Option<&Placed>,
        units: &[Placed],
    ) -> AppResult<Vec<Option<BTreeSet<UnitId>>>> {
        let system = Scope::bypass_for_system_work();
        let today = self.clock.today();
        let top: Vec<UnitId> = above.iter().map(|unit| unit.id).collect();
        let now = placement::last_by_ids(conn, &system, &top, today)?;
        let whole = |scope: &Scope| {
            let everywhere = |unit: &Placed| scope.covers(&format!("{}0/", unit.path), None, None);
            now.iter().any(everywhere) || scope.covers("/0/", None, None)
        };
        if asked.iter().all(|asked| whole(&asked.scope)) {
            return Ok(asked.iter().map(|_| None).collect());
        }
        let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
        let placed = placement::last_by_ids(conn, &system, &ids, today)?;
        let mask = |asked: &Asked<'_>| {
            let seen = |unit: &&Placed| asked.scope.covers(&unit.path, None, None);
            let some = || placed.iter().filter(seen).map(|unit| unit.id).collect();
            (!whole(&asked.scope)).then(some)
        };
        Ok(asked.iter().map(mask).collect())
    }
}

fn axis_view(metric: &MetricDef) -> StatisticsMetric {
    StatisticsMetric {
        code: metric.code.clone(),
        matter: metric.matter.clone(),
        name_zh: metric.name_zh.clone(),
        name_en: metric.name_en.clone(),
        unit_zh: metric.unit_zh.clone(),
        unit_en: metric.unit_en.clone(),
        decimals: metric.decimals,
        kind: wire_name(&metric.kind),
        over_time: wire_name(&metric.over_time),
        better: wire_name(&metric.better),
    }
}

/// The members of a list, each once.
fn listed<'a>(list: &'a str, field: &str, most: usize) -> AppResult<Vec<&'a str>> {
    let mut found: Vec<&str> = Vec::new();
    for code in list.split(',').map(str::trim) {
        if !code.is_empty() && !found.contains(&code) {
            found.push(code);
        }
        if found.len() > most {
            return Err(too_many(field, most));
        }
    }
    if found.is_empty() {
        return Err(AppError::refused(
            Code::InvalidParameter,
            Some(field),
            "请至少选择一项，多项以逗号分隔",
            "Name at least one; separate several by commas",
        ));
    }
    Ok(found)
}

/// The periods of a list with ranges.
fn periods_of(list: &str) -> AppResult<Vec<Period>> {
    let mut found: Vec<Period> = Vec::new();
    for part in listed(list, "periods", PERIODS)? {
        let (from, to) = part.split_once("..").unwrap_or((part, part));
        let last = parse_period(to, "periods")?;
        let mut next = Some(parse_period(from, "periods")?);
        let fits = next.is_some_and(|first| first.cadence() == last.cadence() && first <= last);
        if !fits {
            return Err(AppError::refused(
                Code::InvalidParameter,
                Some("periods"),
                "期次范围应由同一种期次从前到后写成，如2024-01..2024-12",
                "A range goes from an earlier to a later period of one kind, such as 2024-01..2024-12",
            ));
        }
        while let Some(period) = next.filter(|period| *period <= last) {
            if !found.contains(&period) {
                found.push(period);
            }
            if found.len() > PERIODS {
                return Err(too_many("periods", PERIODS));
            }
            next = period.next();
        }
    }
    Ok(found)
}

fn too_many(field: &str, most: usize) -> AppError {
    AppError::refused(
        Code::InvalidParameter,
        Some(field),
        format!("一次最多选择{most}项，请减少后重试"),
        format!("At most {most} at once; choose fewer"),
    )
}

/// Refuses more units than the figures of one request allow.
fn within(units: usize, most: usize) -> AppResult<()> {
    if units <= most {
        return Ok(());
    }
    Err(AppError::refused(
        Code::InvalidParameter,
        Some("units"),
        format!(
            "所选指标、单位和期次合计超过{CELLS}个数据，请减少指标或期次，或选择上一层级、范围更小的单位"
        ),
        format!(
            "Metrics, units and periods make more than {CELLS} figures; choose fewer metrics or periods, a higher level or a smaller unit"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_ranges_of_periods() {
        let read = |text: &str| -> Result<Vec<String>, ()> {
            let found = periods_of(text).map_err(|_| ())?;
            Ok(found.iter().map(Period::to_string).collect())
        };
        let months = read("2023-11..2024-02, 2024,2024-01").unwrap();
        assert_eq!(months, ["2023-11", "2023-12", "2024-01", "2024-02", "2024"]);
        assert_eq!(read("2020-01..2024-12").unwrap().len(), 60);
        for wrong in [
            "",
            ",",
            "2024-13",
            "2024-02..2024-01",
            "2024..2024-03",
            "2019-12..2024-12",
            "..2024",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
