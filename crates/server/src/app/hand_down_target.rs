//! The targets that go with a matter that is handed down: shared out, summed up for the units between, put beside the
//! target above.

use super::hand_down::Given;
use super::session::Who;
use super::target_write::{aim_of, check_value, no_shares};
use super::{App, AppError, AppResult};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use zhenxing_api_types::target::{TargetRule, TargetRuleKind};
use zhenxing_api_types::task::{HandDownShare, HandDownTarget, HandDownTargetSum};
use zhenxing_domain::course::Aim;
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::package::{Matter, MetricDef, MetricKind};
use zhenxing_domain::policy::Scope;
use zhenxing_domain::target::{apportion, equal_shares};
use zhenxing_storage::Conn;
use zhenxing_storage::target::{self, NewTarget};
use zhenxing_storage::task::NewTask;
use zhenxing_storage::unit::Placed;

/// A target for each unit that has the metric.
pub(super) struct Shared {
    metric: MetricId,
    by: NaiveDate,
    aim: Aim,
    parts: BTreeMap<UnitId, i64>,
    /// What they make together.
    pub sum: HandDownTargetSum,
}

impl Shared {
    /// Its targets for the tasks that were made.
    pub fn targets<'a>(&'a self, tasks: &'a [NewTask]) -> impl Iterator<Item = NewTarget> + 'a {
        tasks.iter().filter_map(|task| {
            Some(NewTarget {
                metric: self.metric,
                unit: task.unit,
                by: self.by,
                value: *self.parts.get(&task.unit)?,
                comparison: self.aim,
                task: Some(task.public_id),
            })
        })
    }
}

impl App {
    /// Shares targets of a matter out among those that are given it.
    ///
    /// # Errors
    /// Refusals that name the field.
    pub(super) fn share_targets(
        &self,
        conn: &mut Conn,
        who: &Who,
        matter: &Matter,
        within: &Placed,
        given: &[Given],
        asks: &[HandDownTarget],
    ) -> AppResult<Vec<Shared>> {
        asks.iter()
            .enumerate()
            .map(|(index, ask)| {
                let place = |error: AppError| error.within(&format!("targets[{index}]"));
                self.share(conn, who, matter, within, given, ask)
                    .map_err(place)
            })
            .collect()
    }

    fn share(
        &self,
        conn: &mut Conn,
        who: &Who,
        matter: &Matter,
        within: &Placed,
        given: &[Given],
        ask: &HandDownTarget,
    ) -> AppResult<Shared> {
        let (metric, id) = self.any_metric(&ask.metric, "metric")?;
        if metric.matter != matter.code {
            return Err(AppError::invalid(
                "metric",
                format!("“{}”不是这件实事的指标", metric.name_zh),
                format!("{} is no metric of this matter", metric.code),
            ));
        }
        let meant: Vec<&Placed> = given
            .iter()
            .filter(|one| !one.between && has_metric(metric, &one.unit))
            .map(|one| &one.unit)
            .collect();
        let aim = aim_of(ask.comparison, ask.tolerance)?;
        let values = self.values(conn, who, metric, within, &meant, ask)?;
        let mut parts = BTreeMap::new();
        for (unit, value) in meant.iter().zip(values) {
            if let Some(value) = value {
                check_value(metric, value)?;
                parts.insert(unit.id, value);
            }
        }
        let count = i64::try_from(parts.len()).unwrap_or(i64::MAX);
        let together = match metric.kind {
            MetricKind::Sum => {
                let sum: i128 = parts.values().copied().map(i128::from).sum();
                i64::try_from(sum).ok()
            }
            MetricKind::Ratio => ask.value.filter(|_| ask.share == HandDownShare::Same),
        };
        for one in given.iter().filter(|one| one.between) {
            let value = match metric.kind {
                MetricKind::Sum => sum_below(&one.unit, &meant, &parts),
                MetricKind::Ratio => together,
            };
            parts.extend(value.map(|value| (one.unit.id, value)));
        }
        let system = Scope::bypass_for_system_work();
        let held = target::of_line(conn, &system, within, Some(&[id]))?;
        let above = self.asked_above(metric, within, id, &held);
        let above = above.iter().find(|target| target.by == ask.by);
        let above = above.map(|target| target.value);
        Ok(Shared {
            metric: id,
            by: ask.by,
            aim,
            parts,
            sum: HandDownTargetSum {
                metric: metric.code.clone(),
                by: ask.by,
                units: count,
                together,
                above,
                difference: together
                    .zip(above)
                    .map(|(together, above)| together.saturating_sub(above)),
            },
        })
    }

    /// The value of each unit; nothing for those to which none is given.
    fn values(
        &self,
        conn: &mut Conn,
        who: &Who,
        metric: &MetricDef,
        within: &Placed,
        meant: &[&Placed],
        ask: &HandDownTarget,
    ) -> AppResult<Vec<Option<i64>>> {
        if meant.is_empty() {
            return Err(AppError::invalid(
                "metric",
                "所选单位不承担该指标，请改选指标或单位",
                "None of the units that are meant has this metric",
            ));
        }
        let value = || {
            let missing = || AppError::invalid("value", "请填写目标值", "Give the value");
            ask.value.ok_or_else(missing)
        };
        let divides = matches!(
            ask.share,
            HandDownShare::Equal | HandDownShare::Proportional
        );
        if divides && metric.kind == MetricKind::Ratio {
            return Err(AppError::invalid(
                "share",
                "占比类指标不能按总数分解，请选用相同目标值",
                "A share cannot be divided; give every unit the same value",
            ));
        }
        let all = |values: Vec<i64>| values.into_iter().map(Some).collect();
        match ask.share {
            HandDownShare::Same => Ok(vec![Some(value()?); meant.len()]),
            HandDownShare::Equal => {
                let shares = equal_shares(value()?, meant.len());
                Ok(all(shares.map_err(no_shares)?))
            }
            HandDownShare::Proportional => {
                let rule = TargetRule {
                    kind: TargetRuleKind::Proportional,
                    unit: within.code.clone(),
                    value: value()?,
                    by: ask.by,
                    comparison: ask.comparison,
                    tolerance: ask.tolerance,
                    weight_metric: ask.weight_metric.clone(),
                    weight_period: ask.weight_period.clone(),
                    weights: ask.weights.clone(),
                };
                let units: Vec<Placed> = meant.iter().map(|unit| (*unit).clone()).collect();
                let weights = self.weights(conn, who, &rule, &units)?;
                Ok(all(apportion(rule.value, &weights).map_err(no_shares)?))
            }
            HandDownShare::Each => each(meant, ask),
        }
    }
}

/// The values that were typed in or came from a sheet.
fn each(meant: &[&Placed], ask: &HandDownTarget) -> AppResult<Vec<Option<i64>>> {
    let mut named: BTreeMap<&str, (usize, i64)> = BTreeMap::new();
    for (index, one) in ask.values.iter().enumerate() {
        named.insert(&one.unit, (index, one.value));
    }
    let values = meant
        .iter()
        .map(|unit| named.remove(unit.code.as_str()).map(|(_, value)| value))
        .collect();
    match named.values().next() {
        None => Ok(values),
        Some((index, _)) => Err(AppError::invalid(
            &format!("values[{index}].unit"),
            "该单位不在下达范围内，或不承担该指标",
            "This unit is not among those that are meant, or does not have the metric",
        )),
    }
}

fn has_metric(metric: &MetricDef, unit: &Placed) -> bool {
    let applies = &metric.applies_to;
    unit.level < applies.level || applies.includes(unit.kind)
}

fn sum_below(unit: &Placed, meant: &[&Placed], parts: &BTreeMap<UnitId, i64>) -> Option<i64> {
    let below = meant
        .iter()
        .filter(|one| one.path.starts_with(&unit.path))
        .filter_map(|one| parts.get(&one.id).copied());
    let below: Vec<i64> = below.collect();
    let sum: i128 = below.iter().copied().map(i128::from).sum();
    i64::try_from(sum).ok().filter(|_| !below.is_empty())
}
