//! Targets set and withdrawn, one or thousands, with an answer for each row.

use super::figure::figures_scope;
use super::once::{Answer, Sent};
use super::programme::stale;
use super::report_bulk::refusal;
use super::report_write::{check_reasons, plain};
use super::session::Who;
use super::unit::find_unit;
use super::{App, AppError, AppResult};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::target::{
    SetTarget, SetTargets, TargetComparison, TargetOutcome, TargetResult, TargetRow, TargetRule,
    TargetRuleKind, WithdrawTargets,
};
use zhenxing_domain::course::Aim;
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::package::{MetricDef, MetricKind};
use zhenxing_domain::policy::{Action, Refused, Scope};
use zhenxing_domain::target::{ApportionError, apportion, equal_shares};
use zhenxing_storage::target::{self, NewTarget, Target, Written};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, event};

const MOST_ROWS: usize = 10_000;
/// More than any figure of a city: a thousand billion yuan in fen.
const MOST_VALUE: i64 = 100_000_000_000_000;

/// What a request is about and what it may touch.
struct Ask<'a> {
    metric: &'a MetricDef,
    id: MetricId,
    /// Where the asker sees figures of the metric.
    sees: Scope,
    /// Where the asker sets targets.
    sets: Scope,
    reason: &'a str,
}

/// What is decided about a row before anything is written.
enum Decided {
    Set(NewTarget),
    Withdraw(Target),
    Unchanged,
}

/// A row on its way.
struct Row {
    unit: String,
    name: Option<String>,
    by: NaiveDate,
    value: Option<i64>,
    before: Option<i64>,
    decided: AppResult<Decided>,
}

/// The units that rows name, and the targets that hold for them.
struct Known {
    units: BTreeMap<String, Placed>,
    held: BTreeMap<(UnitId, NaiveDate), Target>,
}

impl App {
    /// Sets targets of one metric, row by row.
    ///
    /// # Errors
    /// Refusals of the request as a whole; those of rows stand in the answer.
    pub fn set_targets(
        &self,
        who: &Who,
        sent: &Sent,
        ask: &SetTargets,
        dry_run: bool,
    ) -> AppResult<Answer> {
        let about = self.asked_targets(who, &ask.metric, &ask.reason)?;
        match (&ask.rule, ask.items.len()) {
            (None, rows) => check_count(rows)?,
            (Some(_), 0) => {}
            (Some(_), _) => {
                return Err(AppError::invalid(
                    "rule",
                    "请只选其一：逐项指定目标值，或按规则生成",
                    "Name targets or give a rule, not both",
                ));
            }
        }
        self.write_once(
            sent,
            |_| Ok(()),
            |conn, ()| {
                let made;
                let items = match &ask.rule {
                    None => &ask.items,
                    Some(rule) => {
                        made = self.by_rule(conn, who, &about, rule)?;
                        &made
                    }
                };
                let codes: Vec<&str> = items.iter().map(|item| item.unit.as_str()).collect();
                let known = self.known_targets(conn, &about, &codes)?;
                let mut seen = BTreeSet::new();
                let rows = items.iter().map(|item| {
                    let mut decided = self.decide_set(&about, &known, item);
                    if !seen.insert((item.unit.as_str(), item.by)) {
                        decided = Err(repeated());
                    }
                    known.row(&item.unit, item.by, Some(item.value), decided)
                });
                let rows = rows.collect();
                self.settle_targets(conn, who, &about, rows, dry_run)
            },
        )
    }

    /// Withdraws targets of one metric, row by row.
    ///
    /// # Errors
    /// Refusals of the request as a whole; those of rows stand in the answer.
    pub fn withdraw_targets(
        &self,
        who: &Who,
        sent: &Sent,
        ask: &WithdrawTargets,
        dry_run: bool,
    ) -> AppResult<Answer> {
        let about = self.asked_targets(who, &ask.metric, &ask.reason)?;
        check_count(ask.items.len())?;
        self.write_once(
            sent,
            |_| Ok(()),
            |conn, ()| {
                let codes: Vec<&str> = ask.items.iter().map(|item| item.unit.as_str()).collect();
                let known = self.known_targets(conn, &about, &codes)?;
                let mut seen = BTreeSet::new();
                let rows = ask.items.iter().map(|item| {
                    let held = known.admitted(&about, &item.unit);
                    let held = held.and_then(|unit| {
                        let held = known.held.get(&(unit.id, item.by));
                        held.ok_or_else(|| AppError::not_found("by", "目标值", "target"))
                    });
                    let decided = held.and_then(|held| {
                        check_version(item.version, Some(held))?;
                        if seen.insert((item.unit.as_str(), item.by)) {
                            Ok(Decided::Withdraw(held.clone()))
                        } else {
                            Err(repeated())
                        }
                    });
                    known.row(&item.unit, item.by, None, decided)
                });
                let rows = rows.collect();
                self.settle_targets(conn, who, &about, rows, dry_run)
            },
        )
    }

    fn asked_targets<'a>(&'a self, who: &Who, metric: &str, reason: &'a str) -> AppResult<Ask<'a>> {
        let sets = who.scope(Action::SetTargets)?;
        let (metric, id) = self.any_metric(metric, "metric")?;
        let sees = figures_scope(who, metric)?;
        check_reasons(Some(reason), &BTreeMap::new())?;
        let reason = plain(Some(reason)).ok_or_else(|| {
            AppError::invalid(
                "reason",
                "请写明设定或调整的依据",
                "Say why the targets are set or changed",
            )
        })?;
        Ok(Ask {
            metric,
            id,
            sees,
            sets,
            reason,
        })
    }

    /// What the rows are judged by: two statements, however many rows.
    fn known_targets(&self, conn: &mut Conn, about: &Ask<'_>, codes: &[&str]) -> AppResult<Known> {
        let today = self.clock.today();
        let units = unit::by_codes(conn, &about.sees, codes, today)?;
        let held = target::of_units(conn, &about.sees, &units, Some(&[about.id]))?;
        Ok(Known {
            units: units
                .into_iter()
                .map(|unit| (unit.code.clone(), unit))
                .collect(),
            held: held
                .into_iter()
                .map(|target| ((target.unit, target.by), target))
                .collect(),
        })
    }

    fn decide_set(&self, about: &Ask<'_>, known: &Known, item: &SetTarget) -> AppResult<Decided> {
        let unit = known.admitted(about, &item.unit)?;
        let aim = aim_of(item.comparison, item.tolerance)?;
        check_value(about.metric, item.value)?;
        self.check_day(item.by)?;
        let held = known.held.get(&(unit.id, item.by));
        check_version(item.version, held)?;
        if held.is_some_and(|held| held.value == item.value && held.comparison == aim) {
            return Ok(Decided::Unchanged);
        }
        Ok(Decided::Set(NewTarget {
            metric: about.id,
            unit: unit.id,
            by: item.by,
            value: item.value,
            comparison: aim,
            task: held.and_then(|held| held.task),
        }))
    }

    fn check_day(&self, day: NaiveDate) -> AppResult<()> {
        let first = self.package.programme.valid_from;
        let last = self.clock.today().year() + 20;
        if day < first || day.year() > last {
            return Err(AppError::invalid(
                "by",
                format!("完成时限应在{first}至{last}年之间"),
                format!("The day lies between {first} and the year {last}"),
            ));
        }
        Ok(())
    }

    /// The targets that a rule makes for the units directly below one that are expected to have the metric.
    fn by_rule(
        &self,
        conn: &mut Conn,
        who: &Who,
        about: &Ask<'_>,
        rule: &TargetRule,
    ) -> AppResult<Vec<SetTarget>> {
        if rule.kind != TargetRuleKind::Same && about.metric.kind == MetricKind::Ratio {
            return Err(AppError::invalid(
                "rule",
                "占比类指标不能按总数分解，请选用相同目标值",
                "A share cannot be divided; give every unit the same value",
            ));
        }
        let today = self.clock.today();
        let above = find_unit(conn, &about.sees, &rule.unit, today, "rule.unit")?;
        if above.level >= about.metric.applies_to.level {
            return Err(AppError::invalid(
                "rule.unit",
                "该单位以下没有该指标的责任单位，请改选上级单位",
                "No unit below this one has the metric; choose one above",
            ));
        }
        let below = unit::children(conn, &about.sees, &[above.id], today)?;
        let below = self.expected_below(conn, about, below)?;
        let values = match rule.kind {
            TargetRuleKind::Same => vec![rule.value; below.len()],
            TargetRuleKind::Equal => equal_shares(rule.value, below.len()).map_err(no_shares)?,
            TargetRuleKind::Proportional => {
                let weights = self.weights(conn, who, rule, &below)?;
                apportion(rule.value, &weights).map_err(no_shares)?
            }
        };
        let items = below.iter().zip(values).map(|(unit, value)| SetTarget {
            unit: unit.code.clone(),
            by: rule.by,
            value,
            comparison: rule.comparison,
            tolerance: rule.tolerance,
            version: None,
        });
        Ok(items.collect())
    }

    /// Those of the units that are expected to have the metric, themselves or below them.
    fn expected_below(
        &self,
        conn: &mut Conn,
        about: &Ask<'_>,
        mut units: Vec<Placed>,
    ) -> AppResult<Vec<Placed>> {
        let applies = &about.metric.applies_to;
        let latest = self.latest(conn, about.metric, about.id, &units)?;
        units.retain(|unit| {
            if unit.level == applies.level {
                return applies.includes(unit.kind);
            }
            latest.expects(unit.id)
        });
        Ok(units)
    }

    pub(super) fn weights(
        &self,
        conn: &mut Conn,
        who: &Who,
        rule: &TargetRule,
        units: &[Placed],
    ) -> AppResult<Vec<i64>> {
        match (&rule.weight_metric, rule.weights.is_empty()) {
            (Some(metric), true) => {
                let (metric, form, id) = self.active_metric(metric)?;
                figures_scope(who, metric)?;
                if metric.kind != MetricKind::Sum {
                    return Err(AppError::invalid(
                        "rule.weight_metric",
                        "权重应为合计类指标，不能是占比",
                        "The weight is a metric that adds up, no share",
                    ));
                }
                let spans = self.chosen_spans(metric, form, rule.weight_period.as_deref())?;
                let system = Scope::bypass_for_system_work();
                let shape = self.shape(id);
                let found = self.tallies(conn, &system, &spans.now, &shape, units)?;
                let weight = |unit: &Placed| {
                    let tally = spans.sum(&spans.now, &found, unit, id)?;
                    Ok(tally.approved.numerator)
                };
                units.iter().map(weight).collect()
            }
            (None, false) => {
                let given: BTreeMap<&str, i64> = rule
                    .weights
                    .iter()
                    .map(|one| (one.unit.as_str(), one.weight))
                    .collect();
                let known = |code: &&str| units.iter().any(|unit| unit.code == **code);
                if let Some(stranger) = given.keys().find(|code| !known(code)) {
                    return Err(AppError::invalid(
                        "rule.weights",
                        format!("{stranger}不是该单位的直属下级，或不承担该指标，请核对"),
                        format!(
                            "{stranger} does not stand directly below, or does not have the metric"
                        ),
                    ));
                }
                let weight = |unit: &Placed| given.get(unit.code.as_str()).copied().unwrap_or(0);
                Ok(units.iter().map(weight).collect())
            }
            _ => Err(AppError::invalid(
                "rule.weight_metric",
                "按比例分解时，请选择权重指标或提供各单位权重，二者选其一",
                "In proportion takes either a metric or the weights of the units",
            )),
        }
    }

    fn settle_targets(
        &self,
        conn: &mut Conn,
        who: &Who,
        about: &Ask<'_>,
        rows: Vec<Row>,
        dry_run: bool,
    ) -> AppResult<Answer> {
        if !dry_run {
            let (account, now) = (who.account(), self.clock.now());
            let new: Vec<NewTarget> = rows.iter().filter_map(Row::new_target).collect();
            let set = target::set_many(conn, &new, about.reason, account, now)?;
            note(conn, "target.set", &set, now)?;
            let gone: Vec<Target> = rows.iter().filter_map(Row::gone_target).collect();
            let gone = target::withdraw(conn, &gone, about.reason, account, now)?;
            note(conn, "target.withdrawn", &gone, now)?;
        }
        let mut result = TargetResult {
            dry_run,
            done: 0,
            unchanged: 0,
            refused: 0,
            rows: Vec::with_capacity(rows.len()),
        };
        for (at, row) in (0..).zip(rows) {
            let view = row.view(at)?;
            match view.outcome {
                TargetOutcome::Refused => result.refused += 1,
                TargetOutcome::Unchanged => result.unchanged += 1,
                TargetOutcome::Set | TargetOutcome::Withdrawn => result.done += 1,
            }
            result.rows.push(view);
        }
        Answer::new(200, &result)
    }
}

impl Known {
    /// The unit of that code, if the asker may set targets of it in the metric.
    fn admitted(&self, about: &Ask<'_>, code: &str) -> AppResult<&Placed> {
        let unit = self.units.get(code);
        let unit = unit.ok_or_else(|| AppError::not_found("unit", "单位", "unit"))?;
        let matter = Some(about.metric.matter.as_str());
        if !about.sets.covers_from_above(&unit.path, matter) {
            return Err(Refused(Action::SetTargets).into());
        }
        let applies = &about.metric.applies_to;
        let other_kind = unit.level == applies.level && !applies.includes(unit.kind);
        if unit.level > applies.level || other_kind {
            return Err(AppError::invalid(
                "unit",
                "该单位不承担该指标，请删去本行",
                "This unit does not have the metric; leave it out",
            ));
        }
        Ok(unit)
    }

    fn row(
        &self,
        code: &str,
        by: NaiveDate,
        value: Option<i64>,
        decided: AppResult<Decided>,
    ) -> Row {
        let unit = self.units.get(code);
        let held = unit.and_then(|unit| self.held.get(&(unit.id, by)));
        Row {
            unit: code.to_owned(),
            name: unit.map(|unit| unit.name.clone()),
            by,
            value,
            before: held.map(|held| held.value),
            decided,
        }
    }
}

impl Row {
    fn new_target(&self) -> Option<NewTarget> {
        match &self.decided {
            Ok(Decided::Set(new)) => Some(new.clone()),
            _ => None,
        }
    }

    fn gone_target(&self) -> Option<Target> {
        match &self.decided {
            Ok(Decided::Withdraw(gone)) => Some(gone.clone()),
            _ => None,
        }
    }

    fn view(self, at: i64) -> AppResult<TargetRow> {
        let (outcome, refused) = match self.decided {
            Ok(Decided::Set(_)) => (TargetOutcome::Set, None),
            Ok(Decided::Withdraw(_)) => (TargetOutcome::Withdrawn, None),
            Ok(Decided::Unchanged) => (TargetOutcome::Unchanged, None),
            Err(error) => (TargetOutcome::Refused, Some(refusal(error)?)),
        };
        Ok(TargetRow {
            row: at,
            unit: self.unit,
            unit_name: self.name,
            by: self.by,
            value: self.value,
            before: self.before,
            outcome,
            refusal: refused,
        })
    }
}

/// One event for each version that was written.
fn note(conn: &mut Conn, kind: &str, written: &[Written], now: i64) -> AppResult<()> {
    if written.is_empty() {
        return Ok(());
    }
    let events: Vec<(&str, String, Option<UnitId>)> = written
        .iter()
        .map(|one| (kind, one.id.to_string(), Some(one.unit)))
        .collect();
    Ok(event::append_all(conn, &events, now)?)
}

pub(super) fn aim_of(comparison: TargetComparison, tolerance: Option<i64>) -> AppResult<Aim> {
    match (comparison, tolerance) {
        (TargetComparison::AtLeast, None) => Ok(Aim::AtLeast),
        (TargetComparison::AtMost, None) => Ok(Aim::AtMost),
        (TargetComparison::About, Some(tolerance)) if (0..=MOST_VALUE).contains(&tolerance) => {
            Ok(Aim::About { tolerance })
        }
        (TargetComparison::About, _) => Err(AppError::invalid(
            "tolerance",
            "“左右”应写明上下浮动多少",
            "`about` needs the tolerance, nought or more",
        )),
        (_, Some(_)) => Err(AppError::invalid(
            "tolerance",
            "只有“左右”才填浮动范围",
            "Only `about` has a tolerance",
        )),
    }
}

pub(super) fn check_value(metric: &MetricDef, value: i64) -> AppResult<()> {
    let most = match metric.kind {
        MetricKind::Ratio => 10_000,
        MetricKind::Sum => MOST_VALUE,
    };
    if (0..=most).contains(&value) {
        return Ok(());
    }
    let (zh, en) = match metric.kind {
        MetricKind::Ratio => (
            "占比的目标值应在0至100%之间",
            "The target of a share lies between 0 and 100 %",
        ),
        MetricKind::Sum => (
            "目标值不能为负，也不能超过一万亿",
            "A target is nought or more, and less than a thousand billion",
        ),
    };
    Err(AppError::invalid("value", zh, en))
}

fn check_version(seen: Option<i64>, held: Option<&Target>) -> AppResult<()> {
    let now = held.map_or(0, |held| held.version);
    match seen {
        Some(seen) if seen != now => Err(stale()),
        _ => Ok(()),
    }
}

fn check_count(rows: usize) -> AppResult<()> {
    if (1..=MOST_ROWS).contains(&rows) {
        return Ok(());
    }
    Err(AppError::invalid(
        "items",
        format!("每次应有1至{MOST_ROWS}项，请分批提交"),
        format!("Send 1 to {MOST_ROWS} targets at a time"),
    ))
}

fn repeated() -> AppError {
    AppError::invalid(
        "unit",
        "同一单位、同一完成时限出现了两次，请删去重复的一行",
        "The same unit and day stand in the request twice; remove one row",
    )
}

pub(super) fn no_shares(error: ApportionError) -> AppError {
    let zh = match error {
        ApportionError::NoWeight => "各单位权重合计为0，无法分解，请改选权重或期次",
        ApportionError::NegativeWeight => "权重中有负数，无法分解，请改选权重或期次",
        ApportionError::NegativeTotal => "总数不能为负",
    };
    AppError::invalid("rule", zh, error.to_string())
}
