//! Reading targets. Their values are read when all metrics are known, for a metric says how many decimals they have.

use super::catalogue::{Setting, SettingValue};
use super::metric::{Comparison, Deadline, MetricDef, TargetDef};
use super::read_catalogue::LEVELS;
use super::reader::{Table, Words};
use super::sink::{At, Kind, Sink, both};
use crate::unit::Level;
use chrono::NaiveDate;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparing {
    AtLeast,
    AtMost,
    About,
    Rising,
    SetPerUnit,
    ToBeSet,
}

impl Comparing {
    fn takes_value(self) -> bool {
        !matches!(
            self,
            Comparing::Rising | Comparing::SetPerUnit | Comparing::ToBeSet
        )
    }
}

const COMPARISONS: Words<'static, Comparing> = &[
    ("at_least", Comparing::AtLeast),
    ("at_most", Comparing::AtMost),
    ("about", Comparing::About),
    ("rising", Comparing::Rising),
    ("set_per_unit", Comparing::SetPerUnit),
    ("to_be_set", Comparing::ToBeSet),
];

const DEADLINES: Words<'static, Deadline> = &[
    ("each_year", Deadline::EachYear),
    ("each_half_year", Deadline::EachHalfYear),
    ("each_quarter", Deadline::EachQuarter),
    ("each_month", Deadline::EachMonth),
];

/// A target as written, with the places of what is still to be resolved.
pub(super) struct WrittenTarget {
    metric: String,
    level: Level,
    level_at: At,
    value: Option<(String, At)>,
    by: Deadline,
    comparing: Comparing,
    tolerance: Option<(String, At)>,
    aim: bool,
    exact_text_zh: Option<String>,
}

/// A target as written.
pub(super) fn read_target(table: Table<'_>) -> WrittenTarget {
    let sink = table.sink();
    let metric = table.code("metric");
    sink.want(Kind::Metric, &metric, &table.at_key("metric"));
    let comparing = table.word("comparison", COMPARISONS, Comparing::Rising);
    let value = table.digits("value");
    if table.has("comparison") && comparing.takes_value() != table.has("value") {
        sink.note(
            &table.at(),
            "target_value",
            both(
                "目标值与比较方式不匹配",
                "the value does not go with the comparison",
            ),
            both(
                "at_least、at_most、about 要写 value；rising、set_per_unit、to_be_set 不写",
                "at_least, at_most and about take a `value`; rising, set_per_unit and to_be_set take none",
            ),
        );
    }
    let target = WrittenTarget {
        level: table.word("level", LEVELS, Level::City),
        level_at: table.at_key("level"),
        value: value.map(|digits| (digits, table.at_key("value"))),
        by: deadline(&table),
        tolerance: tolerance(&table, &metric, comparing),
        comparing,
        aim: table.flag("aim", false),
        exact_text_zh: table.optional_text("exact_text_zh"),
        metric,
    };
    table.finish();
    target
}

fn deadline(table: &Table<'_>) -> Deadline {
    match table.day_if_written("by") {
        Some(day) => Deadline::On(day),
        None => table.word("by", DEADLINES, Deadline::EachYear),
    }
}

/// The setting of the metric's matter that says how far a figure may lie from what it should be about.
fn tolerance(table: &Table<'_>, metric: &str, comparing: Comparing) -> Option<(String, At)> {
    if comparing != Comparing::About {
        return None;
    }
    let code = table.name("tolerance_setting");
    let at = table.at_key("tolerance_setting");
    let matter = metric.split_once('.').map_or(metric, |(matter, _)| matter);
    let owned = format!("{matter}/{code}");
    if !code.is_empty() {
        table.sink().want(Kind::Setting, &owned, &at);
    }
    Some((owned, at))
}

impl WrittenTarget {
    /// The target, when its metric is known. `setting` finds a setting by its matter's or form's code and its
    /// own: `M02/tolerance`.
    pub(super) fn resolve<'s>(
        self,
        metrics: &[MetricDef],
        valid_from: NaiveDate,
        setting: impl Fn(&str) -> Option<&'s Setting>,
        sink: &Sink,
    ) -> Option<TargetDef> {
        let metric = metrics.iter().find(|metric| metric.code == self.metric)?;
        if self.level > metric.applies_to.level {
            sink.note(
                &self.level_at,
                "level_order",
                both(
                    "目标的层级低于指标的填报层级",
                    "the target is judged below the units of its metric",
                ),
                both(
                    "请改为指标所在层级或更高的层级",
                    "name the metric's level or one above",
                ),
            );
        }
        let value = self.value.as_ref();
        let value = value.and_then(|(digits, at)| sink.scaled(at, digits, metric.decimals));
        let tolerance = self.tolerance.as_ref().and_then(|(code, at)| {
            let found = scaled_setting(setting(code)?, metric.decimals);
            if found.is_none() {
                sink.note(
                    at,
                    "bad_number",
                    both(
                        "容差设置项的单位与指标不一致",
                        "the tolerance is not counted as the metric is",
                    ),
                    both(
                        "比率用 percent，金额用 money，个数用 integer",
                        "use percent for ratios, money for money, integer for counts",
                    ),
                );
            }
            found
        });
        Some(TargetDef {
            metric: self.metric,
            level: self.level,
            value,
            by: self.by,
            comparison: match self.comparing {
                Comparing::AtLeast => Comparison::AtLeast,
                Comparing::AtMost => Comparison::AtMost,
                Comparing::About => Comparison::About {
                    tolerance: tolerance.unwrap_or_default(),
                },
                Comparing::Rising => Comparison::Rising,
                Comparing::SetPerUnit => Comparison::SetPerUnit,
                Comparing::ToBeSet => Comparison::ToBeSet,
            },
            aim: self.aim,
            exact_text_zh: self.exact_text_zh,
            valid_from,
            valid_until: None,
        })
    }
}

fn scaled_setting(setting: &Setting, decimals: u8) -> Option<i64> {
    match (&setting.value, decimals) {
        (SettingValue::Integer(number), 0)
        | (SettingValue::Money(number) | SettingValue::Percent(number), 2) => Some(*number),
        _ => None,
    }
}
