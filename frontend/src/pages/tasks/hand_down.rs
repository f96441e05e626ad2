//! 下达: whom, what, check, send.

use super::check::Check;
use super::tree::{chosen, year};
use super::what::What;
use super::whom::{Whom, lowest};
use super::{Matters, words_of};
use crate::components::alert;
use crate::components::dialog::Dialog;
use crate::components::sheet::SheetRead;
use crate::draft::{Picked, use_draft};
use crate::hooks::{Query, use_go, use_session, with};
use crate::i18n::use_language;
use crate::routes::Route;
use crate::send::use_sending;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use yew::prelude::*;
use zhenxing_api_types::programme::Metric;
use zhenxing_api_types::target::{TargetComparison, UnitWeight};
use zhenxing_api_types::task::{
    CreateHandDown, HandDown as Done, HandDownShare, HandDownTarget, HandDownTo, OwnDue, UnitValue,
};
use zhenxing_api_types::unit::{Level, UnitKind};

/// How units are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// By level, kind and tag.
    #[default]
    Level,
    /// Chosen one by one.
    Units,
    /// As in the year before.
    Before,
}

/// A target as it is typed in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TypedTarget {
    /// The metric's code.
    pub metric: String,
    /// `same`, `equal`, `proportional` to the latest figures, by `weights` or `each` its own, both from a sheet.
    pub share: String,
    /// How a figure compares with it: `at_least`, `at_most` or `about`; empty means as the metric has it.
    pub comparison: String,
    /// How far from it still counts, as typed, for `about`.
    pub tolerance: String,
    /// The value as typed.
    pub value: String,
    /// The day as typed.
    pub by: String,
    /// What the sheet says, where one was read.
    pub read: Option<SheetRead>,
}

impl TypedTarget {
    /// How a figure compares with it.
    pub fn comparison(&self, metric: &Metric) -> TargetComparison {
        match self.comparison.as_str() {
            "about" => TargetComparison::About,
            "at_most" => TargetComparison::AtMost,
            "at_least" => TargetComparison::AtLeast,
            _ if metric.better == "lower" => TargetComparison::AtMost,
            _ => TargetComparison::AtLeast,
        }
    }

    /// The comparison, and for `about` how far from the value still counts.
    fn band(&self, metric: &Metric) -> Result<(TargetComparison, Option<i64>), String> {
        let comparison = self.comparison(metric);
        if comparison != TargetComparison::About {
            return Ok((comparison, None));
        }
        let tolerance = super::super::targets::typed(metric, &self.tolerance);
        let tolerance = tolerance.ok_or_else(|| t!("task-needs-tolerance"))?;
        Ok((comparison, Some(tolerance)))
    }
}

/// What is being handed down.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// The matter's code.
    pub matter: String,
    /// The period.
    pub period: String,
    /// The unit within which it is handed down.
    pub within: Option<Picked>,
    /// How units are meant.
    pub way: Way,
    /// The level.
    pub level: Option<Level>,
    /// The kinds; empty means all.
    pub kinds: BTreeSet<UnitKind>,
    /// Tags, with commas between.
    pub tags: BTreeSet<String>,
    /// Chosen units.
    pub units: Vec<Picked>,
    /// The period before.
    pub before: String,
    /// The due day as typed.
    pub due: String,
    /// Days of their own of single units, as typed.
    pub dues: Vec<(Picked, String)>,
    /// What is said with it.
    pub note: String,
    /// Targets that go with it.
    pub targets: Vec<TypedTarget>,
    /// Whether units that have it are left as they are.
    pub skip_existing: bool,
}

impl Draft {
    /// What is sent; `Err` says what is missing.
    fn wish(&self, matters: &Matters, dry_run: bool) -> Result<CreateHandDown, String> {
        let due = self.due.parse().ok();
        if due.is_none() && self.way != Way::Before {
            return Err(t!("task-needs-due"));
        }
        let to = match self.way {
            Way::Level => HandDownTo::Level {
                level: self.level.ok_or_else(|| t!("task-needs-level"))?,
                kinds: self.kinds.iter().copied().collect(),
                tags: self.tags.iter().cloned().collect(),
            },
            Way::Units if self.units.is_empty() => return Err(t!("task-needs-units")),
            Way::Units => HandDownTo::Units {
                units: self.units.iter().map(|unit| unit.code.clone()).collect(),
            },
            Way::Before => HandDownTo::AsBefore {
                period: self.before.clone(),
            },
        };
        let targets = self
            .targets
            .iter()
            .map(|target| self.target(matters, target));
        Ok(CreateHandDown {
            matter: self.matter.clone(),
            period: self.period.clone(),
            within: self.within.as_ref().map(|unit| unit.code.clone()),
            to,
            due,
            own_dues: self.own_dues()?,
            lead_department: None,
            responsible_departments: None,
            note: Some(self.note.trim().to_owned()).filter(|note| !note.is_empty()),
            targets: targets.collect::<Result<_, String>>()?,
            skip_existing: self.skip_existing,
            dry_run,
        })
    }

    fn target(&self, matters: &Matters, typed: &TypedTarget) -> Result<HandDownTarget, String> {
        let metrics = matters.iter().flat_map(|matter| &matter.metrics);
        let metric = metrics
            .into_iter()
            .find(|metric| metric.code == typed.metric)
            .ok_or_else(|| t!("task-needs-metric"))?;
        let value = super::super::targets::typed(metric, &typed.value);
        let (comparison, tolerance) = typed.band(metric)?;
        let by = typed.by.parse().or_else(|_| self.due.parse());
        let share = match typed.share.as_str() {
            "equal" => HandDownShare::Equal,
            "proportional" | "weights" => HandDownShare::Proportional,
            "each" => HandDownShare::Each,
            _ => HandDownShare::Same,
        };
        let rows = typed.read.iter().flat_map(|read| &read.rows);
        let values: Vec<UnitValue> = rows
            .clone()
            .filter_map(|row| {
                let unit = row.unit.code.clone();
                row.value.map(|value| UnitValue { unit, value })
            })
            .collect();
        let weights: Vec<UnitWeight> = rows
            .filter_map(|row| {
                let unit = row.unit.code.clone();
                row.weight.map(|weight| UnitWeight { unit, weight })
            })
            .collect();
        if matches!(typed.share.as_str(), "each" | "weights")
            && values.is_empty()
            && weights.is_empty()
        {
            return Err(t!("task-needs-sheet"));
        }
        Ok(HandDownTarget {
            metric: metric.code.clone(),
            by: by.map_err(|_| t!("task-needs-target-day"))?,
            comparison,
            tolerance,
            value: match share {
                HandDownShare::Each => None,
                _ => Some(value.ok_or_else(|| t!("task-needs-value"))?),
            },
            values: if share == HandDownShare::Each {
                values
            } else {
                Vec::new()
            },
            weight_metric: (typed.share == "proportional").then(|| metric.code.clone()),
            weight_period: None,
            weights: if typed.share == "weights" {
                weights
            } else {
                Vec::new()
            },
            share,
        })
    }

    /// The days of their own that sheets name, or that were typed.
    fn own_dues(&self) -> Result<Vec<OwnDue>, String> {
        let reads = self.targets.iter().filter_map(|typed| typed.read.as_ref());
        let rows = reads.flat_map(|read| &read.rows);
        let mut dues: BTreeMap<&str, NaiveDate> = rows
            .filter_map(|row| Some((row.unit.code.as_str(), row.by?)))
            .collect();
        for (unit, day) in &self.dues {
            let day = day.parse();
            let day = day.map_err(|_| t!("task-needs-own-due", unit = unit.name.clone()))?;
            dues.insert(&unit.code, day);
        }
        let dues = dues.into_iter().map(|(unit, due)| OwnDue {
            unit: unit.to_owned(),
            due,
        });
        Ok(dues.collect())
    }
}

/// The properties of the sheet.
#[derive(Clone, PartialEq, Properties)]
pub struct HandDownProps {
    /// The matters.
    pub matters: Matters,
    /// What stands in the link: matter, period and unit.
    pub query: Query,
    /// Closes it.
    pub close: Callback<()>,
}

/// The sheet with its three steps.
#[function_component]
pub fn HandDown(props: &HandDownProps) -> Html {
    use_language();
    let session = use_session();
    let me = session.and_then(|session| session.me());
    let today = me.as_ref().map(|me| me.today);
    let go = use_go::<Route>();
    let step = use_state(|| 0_u8);
    let shown = use_state(|| None::<Done>);
    let sending = use_sending();
    let draft = use_draft(|| Draft {
        matter: chosen(&props.matters, &props.query)
            .map(|matter| matter.code.clone())
            .unwrap_or_default(),
        period: year(today, &props.query),
        level: lowest(chosen(&props.matters, &props.query)),
        ..Draft::default()
    });
    let next = {
        let (step, shown, sending, draft) =
            (step.clone(), shown.clone(), sending.clone(), draft.clone());
        let matters = props.matters.clone();
        Callback::from(move |_: MouseEvent| {
            if *step == 0 {
                sending.say(String::new());
                step.set(1);
                return;
            }
            match draft.wish(&matters, true) {
                Err(missing) => sending.say(missing),
                Ok(wish) => {
                    let (step, shown) = (step.clone(), shown.clone());
                    sending.send(
                        |client| async move { client.hand_down(&wish).await },
                        move |done| {
                            shown.set(Some(done));
                            step.set(2);
                            None
                        },
                    );
                }
            }
        })
    };
    let send = {
        let (sending, draft, close) = (sending.clone(), draft.clone(), props.close.clone());
        let (matters, go, query) = (props.matters.clone(), go.clone(), props.query.clone());
        Callback::from(move |_: MouseEvent| match draft.wish(&matters, false) {
            Err(missing) => sending.say(missing),
            Ok(wish) => {
                let (close, go) = (close.clone(), go.clone());
                let query = with(&with(&query, "view", "tree"), "matter", &wish.matter);
                let query = with(&query, "period", &wish.period);
                sending.send(
                    |client| async move { client.hand_down(&wish).await },
                    move |done: Done| {
                        close.emit(());
                        go.emit((Route::Tasks, query));
                        Some(t!("task-handed-down", count = done.tasks))
                    },
                );
            }
        })
    };
    let back = {
        let (step, sending) = (step.clone(), sending.clone());
        Callback::from(move |_: MouseEvent| {
            sending.say(String::new());
            step.set(step.saturating_sub(1));
        })
    };
    let tasks = shown.as_ref().map_or(0, |done| done.tasks);
    let blocked = shown.as_ref().is_some_and(|done| {
        !draft.skip_existing && done.levels.iter().any(|level| level.existing > 0)
    });
    let acts = html! {
        <>
            if *step > 0 { <button type="button" class="zx-button" onclick={back}>{ t!("task-back") }</button> }
            <button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
            if *step < 2 { <button type="button" class="zx-button zx-primary" disabled={sending.busy()} onclick={next}>{ t!("task-next") }</button> }
            else { <button type="button" class="zx-button zx-primary" disabled={sending.busy() || tasks == 0 || blocked} onclick={send}>{ t!("task-send", count = tasks) }</button> }
        </>
    };
    let change = {
        let (taken, sending) = (
            draft.piece(|own: &mut Draft, next: Draft| *own = next),
            sending.clone(),
        );
        Callback::from(move |next: Draft| {
            sending.say(String::new());
            taken.emit(next);
        })
    };
    let steps = [
        t!("task-step-whom"),
        t!("task-step-what"),
        t!("task-step-check"),
    ];
    let line = |(place, name): (usize, &String)| {
        let here = place == usize::from(*step);
        html! { <li class={classes!(here.then_some("zx-current"))} aria-current={here.then_some("step")}>{ name }</li> }
    };
    let title = t!(
        "task-hand-down-title",
        matter = words_of::matter(&props.matters, &draft.matter)
    );
    html! {
        <Dialog {title} wide=true close={props.close.clone()} {acts}>
            <ol class="zx-steps" aria-label={t!("task-steps")}>{ for steps.iter().enumerate().map(line) }</ol>
            { match *step {
                0 => html! { <Whom matters={props.matters.clone()} draft={draft.taken()} change={change.clone()} {today} /> },
                1 => html! { <What matters={props.matters.clone()} draft={draft.taken()} change={change.clone()} {today} /> },
                _ => html! { if let Some(done) = &*shown { <Check done={done.clone()} matters={props.matters.clone()} draft={draft.taken()} change={change.clone()} /> } },
            } }
            { alert(sending.said()) }
        </Dialog>
    }
}
