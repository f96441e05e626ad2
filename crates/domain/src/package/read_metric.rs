//! Reading metrics, and the units that they apply to.

use super::Package;
use super::derive_text::{self, Names};
use super::expression::{self, Expression, ExpressionError, Meaning};
use super::metric::{
    AppliesTo, Better, MetricDef, MetricKind, MetricSource, MetricStatus, OverTime,
};
use super::read_catalogue::LEVELS;
use super::read_ledger::numbers;
use super::reader::{Table, Words, is_name};
use super::sink::{At, Kind, Sink, both};
use crate::period::Period;
use crate::unit::{Level, UnitKind};
use std::collections::BTreeMap;

const METRIC_KINDS: Words<'static, MetricKind> =
    &[("sum", MetricKind::Sum), ("ratio", MetricKind::Ratio)];
const OVER_TIMES: Words<'static, OverTime> =
    &[("flow", OverTime::Flow), ("stock", OverTime::Stock)];
const STATUSES: Words<'static, MetricStatus> = &[
    ("active", MetricStatus::Active),
    ("pending", MetricStatus::Pending),
];
const BETTERS: Words<'static, Better> = &[
    ("higher", Better::Higher),
    ("lower", Better::Lower),
    ("neither", Better::Neither),
];

#[derive(Clone, Copy)]
enum Source {
    Reported,
    Computed,
    Derived,
}

const SOURCES: Words<'static, Source> = &[
    ("reported", Source::Reported),
    ("computed", Source::Computed),
    ("derived", Source::Derived),
];

/// The form in whose file metrics stand, and the names that their expressions may use.
pub(super) struct Surroundings {
    /// The form's code.
    pub(super) form: String,
    /// The code of this edition of the form, to which its fields belong.
    pub(super) owner: String,
    /// From which period on the edition applies.
    pub(super) from: Option<Period>,
    /// The units that report it.
    pub(super) applies_to: AppliesTo,
    /// What names mean: fields, settings, and the metrics read so far.
    pub(super) names: BTreeMap<String, Meaning>,
}

/// How a metric is derived, as written.
pub(super) struct WrittenDerivation {
    metric: String,
    matter: String,
    active: bool,
    numerator: Option<(String, At)>,
    denominator: Option<(String, At)>,
    at: At,
}

/// A metric. Those that are reported or computed stand in the file of their form.
pub(super) fn read_metric(
    table: Table<'_>,
    around: Option<&mut Surroundings>,
    derived: &mut Vec<WrittenDerivation>,
) -> MetricDef {
    let sink = table.sink();
    let code = table.code("code");
    let at = table.at_key("code");
    let from = around.as_ref().and_then(|around| around.from);
    match from {
        None => sink.define(Kind::Metric, &code, &at),
        Some(from) => sink.define_again(Kind::Metric, &code, &from.to_string(), &at),
    }
    let (matter, name) = code.split_once('.').unwrap_or((&code, ""));
    sink.shape(&at, &code, is_name(name));
    sink.want(Kind::Matter, matter, &at);
    let kind = table.word("kind", METRIC_KINDS, MetricKind::Sum);
    let applies_to = match (&around, table.has("applies_to")) {
        (Some(around), false) => around.applies_to.clone(),
        _ => read_applies_to(&table),
    };
    let source = source(&table, kind, around.as_deref());
    if let Some(around) = around {
        name_metric(around, name, &source, sink, &at);
    }
    let metric = MetricDef {
        matter: matter.to_owned(),
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        definition_zh: table.text("definition_zh"),
        definition_en: table.text("definition_en"),
        unit_zh: table.text("unit_zh"),
        unit_en: table.text("unit_en"),
        decimals: decimals(&table, kind),
        kind,
        over_time: table.word("over_time", OVER_TIMES, OverTime::Flow),
        status: table.word("status", STATUSES, MetricStatus::Pending),
        source,
        applies_to,
        better: table.word("better", BETTERS, Better::Neither),
        headline: table.flag("headline", false),
        from,
        code,
    };
    if matches!(metric.source, MetricSource::Derived { .. }) {
        let written = |key| Some((table.optional_text(key)?, table.at_key(key)));
        derived.push(WrittenDerivation {
            metric: metric.code.clone(),
            matter: metric.matter.clone(),
            active: metric.status == MetricStatus::Active,
            numerator: written("numerator"),
            denominator: written("denominator"),
            at: table.at_key("source"),
        });
    }
    table.finish();
    metric
}

/// Reads how metrics are derived, now that every ledger is known.
pub(super) fn settle_derivations(
    package: &mut Package,
    written: Vec<WrittenDerivation>,
    sink: &Sink,
) {
    for one in written {
        let matter = package.matter(&one.matter);
        let settings = matter.map(|matter| numbers(&matter.settings));
        let names = Names {
            ledgers: &package.ledgers,
            settings: &settings.unwrap_or_default(),
        };
        let read = |side: &Option<(String, At)>| {
            let (text, at) = side.as_ref()?;
            derive_text::derivation(text, names)
                .inspect_err(|error| note_expression(sink, at, error))
                .ok()
        };
        let (above, below) = (read(&one.numerator), read(&one.denominator));
        let metric = package
            .metrics
            .iter_mut()
            .find(|metric| metric.code == one.metric);
        let Some(metric) = metric else {
            continue;
        };
        let share = metric.kind == MetricKind::Ratio;
        let whole = one.numerator.is_some() && one.denominator.is_some() == share;
        if (one.active || one.numerator.is_some()) && !whole {
            note_missing(sink, &one.at);
        }
        if let MetricSource::Derived {
            text,
            numerator,
            denominator,
            ..
        } = &mut metric.source
        {
            let parts = one.numerator.iter().chain(&one.denominator);
            let parts: Vec<&str> = parts.map(|(text, _)| text.as_str()).collect();
            *text = parts.join(" / ");
            (*numerator, *denominator) = (above, below);
        }
    }
}

fn note_missing(sink: &Sink, at: &At) {
    sink.note(
        at,
        "kind_mismatch",
        both(
            "来自台账的指标要写明怎样推算：合计写 numerator，比率还要写 denominator",
            "a derived metric says how: a sum by its numerator, a ratio by its denominator too",
        ),
        both(
            "请补上算式；台账尚未启用的，status 写 pending",
            "add the expressions, or set its status to pending while the ledger is not in use",
        ),
    );
}

/// A ratio is always shown in basis points; a sum has no decimals unless it says so.
fn decimals(table: &Table<'_>, kind: MetricKind) -> u8 {
    let written = table.optional_count("decimals");
    let usual = match kind {
        MetricKind::Sum => 0,
        MetricKind::Ratio => 2,
    };
    let read = written.map_or(Some(usual), |count| u8::try_from(count).ok());
    let right = match kind {
        MetricKind::Sum => read.filter(|decimals| *decimals <= 6),
        MetricKind::Ratio => read.filter(|decimals| *decimals == usual),
    };
    right.unwrap_or_else(|| {
        table.sink().note(
            &table.at_key("decimals"),
            "bad_decimals",
            both("小数位数不合适", "the number of decimals does not fit"),
            both(
                "比率固定为2位，合计为0至6位",
                "a ratio has 2, a sum from 0 to 6",
            ),
        );
        usual
    })
}

fn source(table: &Table<'_>, kind: MetricKind, around: Option<&Surroundings>) -> MetricSource {
    let sink = table.sink();
    match (table.word("source", SOURCES, Source::Derived), around) {
        (Source::Derived, _) => MetricSource::Derived {
            ledgers: sink.want_all(Kind::Ledger, table.texts("ledgers")),
            text: String::new(),
            numerator: None,
            denominator: None,
        },
        (Source::Reported, Some(around)) => {
            let field = table.name("field");
            let owned = format!("{}/{field}", around.owner);
            if !field.is_empty() {
                sink.want(Kind::Field, &owned, &table.at_key("field"));
            }
            MetricSource::Reported {
                form: around.form.clone(),
                field,
            }
        }
        (Source::Computed, Some(around)) => computed(table, kind, around),
        (Source::Reported | Source::Computed, None) => {
            for key in ["field", "numerator", "denominator"] {
                table.optional_text(key);
            }
            sink.note(
                &table.at_key("source"),
                "metric_outside_form",
                both(
                    "来自报送表的指标不能写在这个文件里",
                    "a metric that a form feeds cannot stand in this file",
                ),
                both(
                    "请移到该报送表的文件（forms/）里",
                    "move it to the form's file below forms/",
                ),
            );
            MetricSource::Derived {
                ledgers: Vec::new(),
                text: String::new(),
                numerator: None,
                denominator: None,
            }
        }
    }
}

fn computed(table: &Table<'_>, kind: MetricKind, around: &Surroundings) -> MetricSource {
    let text = table.text("numerator");
    let numerator = read_expression(table, "numerator", &text, &around.names);
    let below = table.optional_text("denominator");
    let denominator = below
        .as_ref()
        .and_then(|text| read_expression(table, "denominator", text, &around.names));
    let share = numerator.as_ref().is_none_or(Expression::is_truth) || below.is_some();
    let sound = match kind {
        MetricKind::Sum => below.is_none(),
        MetricKind::Ratio => share,
    };
    if !sound {
        table.sink().note(
            &table.at_key("numerator"),
            "kind_mismatch",
            both(
                "合计指标不能有分母；比率指标的分子须为“是/否”，否则要写分母",
                "a sum has no denominator; a ratio without one counts a yes or no",
            ),
            both(
                "请改 kind，或补上、删去 denominator，或用 at_least( )",
                "change `kind`, add or remove `denominator`, or use at_least( )",
            ),
        );
    }
    MetricSource::Computed {
        form: around.form.clone(),
        text: match &below {
            Some(below) => format!("{text} / {below}"),
            None => text,
        },
        numerator: numerator.unwrap_or(Expression::Number(0)),
        denominator,
    }
}

/// Later metrics may use a sum by its name.
fn name_metric(around: &mut Surroundings, name: &str, source: &MetricSource, sink: &Sink, at: &At) {
    let expression = match source {
        MetricSource::Reported { field, .. } => Expression::Field(field.clone()),
        MetricSource::Computed {
            numerator,
            denominator: None,
            ..
        } => numerator.clone(),
        MetricSource::Computed { .. } | MetricSource::Derived { .. } => return,
    };
    let meaning = Meaning::One(expression);
    match around.names.get(name) {
        None => {
            around.names.insert(name.to_owned(), meaning);
        }
        Some(before) if *before == meaning => {}
        Some(_) => sink.note(
            at,
            "duplicate_code",
            both(
                format!("“{name}”已是本表的填报项、设置项或指标，含义不同"),
                format!(
                    "`{name}` already names a field, a setting or a metric with another meaning"
                ),
            ),
            both("请给指标另取代码", "give the metric another code"),
        ),
    }
}

/// An expression, where it is sound.
pub(super) fn read_expression(
    table: &Table<'_>,
    key: &str,
    text: &str,
    names: &BTreeMap<String, Meaning>,
) -> Option<Expression> {
    if text.is_empty() {
        return None;
    }
    expression::parse(text, names)
        .inspect_err(|error| note_expression(table.sink(), &table.at_key(key), error))
        .ok()
}

/// Notes what is wrong with an expression.
pub(super) fn note_expression(sink: &Sink, at: &At, error: &ExpressionError) {
    let column = error.column;
    sink.note(
        at,
        "expression",
        both(
            format!("算式第{column}个字符处有误：{}", error.message_zh),
            format!("at character {column}: {}", error.message_en),
        ),
        both(
            "请改正算式，可用的函数见 docs/PACKAGES.md",
            "correct it; docs/PACKAGES.md lists the functions",
        ),
    );
}

/// The units `applies_to`: a level, kinds of that level, tags.
pub(super) fn read_applies_to(table: &Table<'_>) -> AppliesTo {
    let Some(units) = table.needed_table("applies_to") else {
        return AppliesTo {
            level: Level::Village,
            kinds: Vec::new(),
            tags: Vec::new(),
        };
    };
    let words = UnitKind::ALL.map(|kind| (kind.as_str(), kind));
    let applies_to = AppliesTo {
        level: units.word("level", LEVELS, Level::Village),
        kinds: units.words("kinds", &words),
        tags: units.sink().want_all(Kind::Tag, units.texts("tags")),
    };
    let strangers = applies_to
        .kinds
        .iter()
        .any(|kind| kind.level() != applies_to.level);
    if strangers {
        units.sink().note(
            &units.at_key("kinds"),
            "level_order",
            both(
                "单位类别与层级不一致",
                "a kind of unit does not stand at this level",
            ),
            both("请让 kinds 与 level 一致", "let `kinds` agree with `level`"),
        );
    }
    units.finish();
    applies_to
}
