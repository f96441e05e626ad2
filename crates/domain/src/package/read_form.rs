//! Reading forms: who reports when, and the metrics and targets that stand in the same file.

use super::edition::WrittenForm;
use super::form::FormDef;
use super::metric::AppliesTo;
use super::read_catalogue::LEVELS;
use super::read_field::{names, read_sections};
use super::read_matter::{CADENCES, settings};
use super::read_metric::{Surroundings, WrittenDerivation, read_applies_to, read_metric};
use super::read_rule::read_rule;
use super::read_target::{WrittenTarget, read_target};
use super::reader::Table;
use super::schedule::{Moment, Schedule};
use super::sink::{At, Kind, both};
use crate::period::{Cadence, Period};
use crate::unit::Level;

/// What a file below `forms/` holds.
pub(super) struct FormFile {
    /// The form with its metrics, where its periods and its schedule could be read.
    pub(super) form: Option<WrittenForm>,
    /// Targets of its metrics.
    pub(super) targets: Vec<WrittenTarget>,
    /// The forms from which fields are carried over, and where they are named.
    pub(super) carried: Vec<(String, At)>,
}

/// A file below `forms/`.
pub(super) fn read_form(root: Table<'_>, derived: &mut Vec<WrittenDerivation>) -> FormFile {
    let head = root.needed_table("form");
    let at = head.as_ref().map_or_else(|| root.at(), Table::at);
    let code = head.as_ref().map(|head| head.code("code"));
    let code = code.unwrap_or_default();
    let from = head.as_ref().and_then(edition);
    let owner = match from {
        None => code.clone(),
        Some(from) => format!("{code}@{from}"),
    };
    if let Some(head) = &head {
        head.sink().define(Kind::Form, &owner, &head.at_key("code"));
    }
    let (mut sections, computed, carried) = read_sections(&root, &owner);
    let settings = settings(&root, &owner, Some(Kind::Field));
    let names = names(&mut sections, &computed, &settings, root.sink());
    let rules = root.tables("rule").into_iter();
    let rules = rules.map(|table| read_rule(table, &owner, &sections, &names));
    let rules = rules.collect();
    let mut form = head.and_then(|head| read_head(head, &code, from));
    let mut around = Surroundings {
        form: code,
        owner,
        from,
        applies_to: form.as_ref().map_or(
            AppliesTo {
                level: Level::Village,
                kinds: Vec::new(),
                tags: Vec::new(),
            },
            |form| form.applies_to.clone(),
        ),
        names,
    };
    if let Some(form) = &mut form {
        form.sections = sections;
        form.rules = rules;
        form.settings = settings;
    }
    let metrics = root.tables("metric").into_iter();
    let metrics = metrics.map(|table| read_metric(table, Some(&mut around), derived));
    let metrics = metrics.collect();
    let targets = root.tables("target").into_iter().map(read_target).collect();
    root.finish();
    FormFile {
        form: form.map(|form| WrittenForm { form, metrics, at }),
        targets,
        carried,
    }
}

/// The period from which an edition applies: `from = "2026"`, read in the form's cadence.
fn edition(head: &Table<'_>) -> Option<Period> {
    let cadence = head.optional_word("cadence", CADENCES)?;
    let text = head.optional_text("from")?;
    let read = Period::parse(&text).ok();
    let from = read.and_then(|period| Period::containing(period.first_day(), cadence).ok());
    if from.is_none() {
        bad_period(head, "from", &text);
    }
    from
}

/// The form without its sections, rules and settings.
fn read_head(head: Table<'_>, code: &str, from: Option<Period>) -> Option<FormDef> {
    let matter = head.code("matter");
    head.sink()
        .want(Kind::Matter, &matter, &head.at_key("matter"));
    let cadence = head.word("cadence", CADENCES, Cadence::Yearly);
    let first_period = period(&head, "first_period", cadence).or(from);
    if !head.has("first_period") && from.is_none() {
        head.text("first_period");
    }
    let last_period = period(&head, "last_period", cadence);
    let historical_until = period(&head, "historical_until", cadence);
    let name_zh = head.text("name_zh");
    let name_en = head.text("name_en");
    let explanation_max_len = head.count("explanation_max_len");
    let applies_to = read_applies_to(&head);
    let fill_levels = head.words("fill_levels", LEVELS);
    let check_level = head.optional_word("check_level", LEVELS);
    let approve_level = head.word("approve_level", LEVELS, Level::City);
    let schedule = schedule(&head, check_level.is_some());
    let form = FormDef {
        code: code.to_owned(),
        matter,
        name_zh,
        name_en,
        cadence,
        from,
        first_period: first_period.unwrap_or(Period::containing(Default::default(), cadence).ok()?),
        last_period,
        historical_until,
        applies_to,
        fill_levels,
        check_level,
        approve_level,
        sections: Vec::new(),
        rules: Vec::new(),
        settings: Vec::new(),
        schedule: schedule.unwrap_or(Schedule {
            opens: Moment::AfterEnd { days: 1 },
            fill_due: Moment::AfterEnd { days: 2 },
            check_due: check_level.map(|_| Moment::AfterEnd { days: 3 }),
            approve_due: Moment::AfterEnd { days: 4 },
        }),
        explanation_max_len,
    };
    check_levels(&head, &form);
    check_periods(&head, &form);
    head.finish();
    Some(form)
}

fn period(head: &Table<'_>, key: &'static str, cadence: Cadence) -> Option<Period> {
    let text = head.optional_text(key)?;
    let period = Period::parse(&text).ok();
    let fitting = period.filter(|period| period.cadence() == cadence);
    if fitting.is_none() {
        bad_period(head, key, &text);
    }
    fitting
}

fn bad_period(head: &Table<'_>, key: &'static str, text: &str) {
    head.sink().note(
        &head.at_key(key),
        "bad_period",
        both(
            format!("“{text}”不是与填报周期一致的期次"),
            format!("`{text}` is no period of the form's cadence"),
        ),
        both(
            "请写成 2024、2024H1、2024Q3 或 2024-07，并与 cadence 一致",
            "write 2024, 2024H1, 2024Q3 or 2024-07, as `cadence` asks",
        ),
    );
}

fn schedule(head: &Table<'_>, checked: bool) -> Option<Schedule> {
    let table = head.needed_table("schedule")?;
    let opens = moment(&table, "opens");
    let fill_due = moment(&table, "fill_due");
    let check_due = if checked {
        moment(&table, "check_due").map(Some)
    } else {
        Some(None)
    };
    let approve_due = moment(&table, "approve_due");
    table.finish();
    Some(Schedule {
        opens: opens?,
        fill_due: fill_due?,
        check_due: check_due?,
        approve_due: approve_due?,
    })
}

fn moment(table: &Table<'_>, key: &'static str) -> Option<Moment> {
    let text = table.text(key);
    let moment = Moment::parse(&text);
    if moment.is_none() && !text.is_empty() {
        table.sink().note(
            &table.at_key(key),
            "bad_moment",
            both(
                format!("“{text}”不是可用的日期写法"),
                format!("`{text}` names no day of a period"),
            ),
            both(
                "请写成 11-01（当年的月-日）或 +10d、-5d（期末后、前若干天）",
                "write 11-01 for a day of the year, +10d or -5d for days from the period's end",
            ),
        );
    }
    moment
}

/// A report is filled in by the unit itself or above it, and goes upwards from there.
fn check_levels(head: &Table<'_>, form: &FormDef) {
    let own = form.applies_to.level;
    let fills = form.fill_levels.first().is_some_and(|level| *level <= own)
        && form
            .fill_levels
            .windows(2)
            .all(|pair| matches!(pair, [below, above] if above < below));
    let check = form.check_level.unwrap_or(own);
    for (sound, key) in [
        (fills, "fill_levels"),
        (check <= own, "check_level"),
        (form.approve_level <= check, "approve_level"),
    ] {
        if !sound {
            head.sink().note(
                &head.at_key(key),
                "level_order",
                both(
                    format!("“{key}”的层级顺序不对"),
                    format!("the levels of `{key}` are not in order"),
                ),
                both(
                    "填报层级由下往上写，填报单位本级或代填的上级；审核、审定也由下往上",
                    "name the unit's own level or those above that fill in its place, from the lowest up; check and approve upwards",
                ),
            );
        }
    }
}

/// In every running period of the first year, opening, filling, checking and approving follow each other.
fn check_periods(head: &Table<'_>, form: &FormDef) {
    if form
        .last_period
        .is_some_and(|last| last < form.first_period)
    {
        head.sink().note(
            &head.at_key("last_period"),
            "period_order",
            both(
                "最后一期早于第一期",
                "the last period comes before the first",
            ),
            both(
                "请核对 first_period 和 last_period",
                "check `first_period` and `last_period`",
            ),
        );
    }
    let first = match form.historical_until {
        Some(last) if last >= form.first_period => last.next(),
        _ => Some(form.first_period),
    };
    let year = usize::try_from(12 / form.cadence.months()).unwrap_or(1);
    let mut periods = std::iter::successors(first, |period| period.next()).take(year);
    let sound = periods.all(|period| {
        let dates = form.schedule.dates(period);
        dates.is_some_and(|dates| dates.in_order())
    });
    if !sound {
        head.sink().note(
            &head.at_key("schedule"),
            "schedule_order",
            both(
                "开放、填报、审核、审定的日期没有先后顺序",
                "opening, filling, checking and approving do not follow each other",
            ),
            both(
                "请保证 opens < fill_due ≤ check_due ≤ approve_due",
                "let opens < fill_due ≤ check_due ≤ approve_due",
            ),
        );
    }
}
