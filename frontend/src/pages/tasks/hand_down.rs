//! 下达 in three steps: to whom, what, and what it does before it is sent.

use super::hand_targets::{TargetInput, Targets};
use crate::components::dialog::Dialog;
use crate::components::field::{Select, TextField};
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::toast::use_toast;
use crate::components::unit_picker::UnitPicker;
use crate::components::{alert, loaded};
use crate::format;
use crate::hooks::{use_load, use_session};
use crate::i18n::{named, use_language};
use crate::words;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::UnitRef;
use zhenxing_api_types::programme::Matter;
use zhenxing_api_types::task::{CreateHandDown, HandDown, HandDownTargetSum, HandDownTo, OwnDue};
use zhenxing_api_types::unit::{Level, Unit};

/// The properties of the sheet.
#[derive(Clone, PartialEq, Properties)]
pub struct HandDownSheetProps {
    /// The matter.
    pub matter: Rc<Matter>,
    /// The period.
    pub period: String,
    /// The unit below which it is handed down.
    pub unit: UnitRef,
    /// Closes it; true when it was sent.
    pub close: Callback<bool>,
}

/// What was entered so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Entered {
    step: usize,
    /// A level's name, `units` or `as_before`.
    whom: String,
    tags: String,
    units: Vec<(String, String)>,
    before: String,
    due: String,
    note: String,
    /// The targets.
    pub targets: Vec<TargetInput>,
    /// Days of their own, from a sheet.
    pub own_dues: Vec<OwnDue>,
    skip: bool,
}

impl Entered {
    fn new(props: &HandDownSheetProps) -> Entered {
        let lowest = levels(props).last().map(|level| code(*level).to_owned());
        let year = props.period.get(..4).unwrap_or_default();
        let last = year.parse::<i32>().unwrap_or(0) - 1;
        Entered {
            step: 0,
            whom: lowest.unwrap_or_else(|| "units".to_owned()),
            tags: String::new(),
            units: Vec::new(),
            before: last.to_string(),
            due: format!("{year}-12-31"),
            note: String::new(),
            targets: Vec::new(),
            own_dues: Vec::new(),
            skip: false,
        }
    }

    fn to(&self, matter: &Matter) -> HandDownTo {
        let level = [Level::County, Level::Township, Level::Village]
            .into_iter()
            .find(|level| code(*level) == self.whom);
        if let Some(level) = level {
            // A matter goes to the units that have its figures.
            let metric = matter.metrics.iter().find(|metric| metric.level == level);
            let tags = self.tags.split(['\u{3001}', ' ', '\u{FF0C}', ',']);
            return HandDownTo::Level {
                level,
                kinds: metric
                    .map(|metric| metric.kinds.clone())
                    .unwrap_or_default(),
                tags: tags
                    .filter(|tag| !tag.is_empty())
                    .map(str::to_owned)
                    .collect(),
            };
        }
        if self.whom == "as_before" {
            return HandDownTo::AsBefore {
                period: self.before.clone(),
            };
        }
        HandDownTo::Units {
            units: self.units.iter().map(|unit| unit.0.clone()).collect(),
        }
    }

    fn ask(&self, props: &HandDownSheetProps, dry_run: bool) -> CreateHandDown {
        let note = self.note.trim();
        CreateHandDown {
            matter: props.matter.code.clone(),
            period: props.period.clone(),
            within: Some(props.unit.code.clone()),
            to: self.to(&props.matter),
            due: self.due.parse().ok(),
            own_dues: self.own_dues.clone(),
            lead_department: None,
            responsible_departments: None,
            note: (!note.is_empty()).then(|| note.to_owned()),
            targets: self
                .targets
                .iter()
                .filter_map(|one| one.wire(&props.matter))
                .collect(),
            skip_existing: self.skip,
            dry_run,
        }
    }
}

fn code(level: Level) -> &'static str {
    match level {
        Level::City => "city",
        Level::County => "county",
        Level::Township => "township",
        Level::Village => "village",
    }
}

/// The levels below the unit to which the matter goes.
fn levels(props: &HandDownSheetProps) -> Vec<Level> {
    let below = props.matter.levels.iter().copied();
    below.filter(|level| *level > props.unit.level).collect()
}

/// The sheet.
#[function_component]
pub fn HandDownSheet(props: &HandDownSheetProps) -> Html {
    use_language();
    let entered = use_state(|| Entered::new(props));
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let session = use_session();
    let toast = use_toast();
    let set = {
        let entered = entered.clone();
        Callback::from(move |next: Entered| entered.set(next))
    };
    let send = {
        let (entered, said, busy) = (entered.clone(), said.clone(), busy.clone());
        let props = props.clone();
        Callback::from(move |_: MouseEvent| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let ask = entered.ask(&props, false);
            let (said, busy, toast, close) = (
                said.clone(),
                busy.clone(),
                toast.clone(),
                props.close.clone(),
            );
            spawn_local(async move {
                match session.client.hand_down(&ask).await {
                    Ok(done) => {
                        if let Some(toast) = toast {
                            toast.done(t!("hand-down-done", count = done.tasks));
                        }
                        close.emit(true);
                    }
                    Err(error) => {
                        said.set(format::error(&error));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let steps = [
        t!("hand-down-whom"),
        t!("hand-down-what"),
        t!("hand-down-check"),
    ];
    let head = steps.iter().enumerate().map(|(place, word)| {
        let current = (place == entered.step).then_some("step");
        html! { <li aria-current={current}>{ format!("{}. {word}", place + 1) }</li> }
    });
    let close = props.close.reform(|()| false);
    html! {
        <Dialog title={t!("hand-down-title", matter = named(&props.matter.name_zh, &props.matter.name_en), period = format::period(&props.period))} wide={true} {close} acts={acts(&entered, &set, &send, *busy)}>
            <ol class="zx-steps">{ for head }</ol>
            if entered.step == 0 { { whom(props, &entered, &set) } }
            if entered.step == 1 { { what(props, &entered, &set) } }
            <Effect ask={entered.ask(props, true)} whole={entered.step == 2} matter={Rc::clone(&props.matter)} />
            if entered.step == 2 { { skipping(&entered, &set) } }
            { alert(&said) }
        </Dialog>
    }
}

fn acts(
    entered: &Entered,
    set: &Callback<Entered>,
    send: &Callback<MouseEvent>,
    busy: bool,
) -> Html {
    let go = |step: usize| {
        let next = Entered {
            step,
            ..entered.clone()
        };
        set.reform(move |_: MouseEvent| next.clone())
    };
    html! {
        <>
            if entered.step > 0 { <button type="button" class="zx-button" onclick={go(entered.step - 1)}>{ t!("hand-down-back") }</button> }
            if entered.step < 2 { <button type="button" class="zx-button zx-primary" onclick={go(entered.step + 1)}>{ t!("hand-down-next") }</button> }
            if entered.step == 2 { <button type="button" class="zx-button zx-primary" disabled={busy} onclick={send.clone()}>{ t!("hand-down-send") }</button> }
        </>
    }
}

/// A field of the sheet that takes a text.
fn taking(
    entered: &Entered,
    set: &Callback<Entered>,
    change: fn(&mut Entered, String),
) -> Callback<String> {
    let (entered, set) = (entered.clone(), set.clone());
    Callback::from(move |text: String| {
        let mut next = entered.clone();
        change(&mut next, text);
        set.emit(next);
    })
}

fn whom(props: &HandDownSheetProps, entered: &Entered, set: &Callback<Entered>) -> Html {
    let mut choices: Vec<(String, String)> = levels(props)
        .into_iter()
        .map(|level| {
            (
                code(level).to_owned(),
                t!("hand-down-level", level = words::level(level)),
            )
        })
        .collect();
    choices.push(("units".to_owned(), t!("hand-down-units")));
    choices.push(("as_before".to_owned(), t!("hand-down-as-before")));
    let of_level = !matches!(entered.whom.as_str(), "units" | "as_before");
    let picked = {
        let (entered, set) = (entered.clone(), set.clone());
        Callback::from(move |unit: Option<Unit>| {
            let Some(unit) = unit else { return };
            let mut next = entered.clone();
            if next.units.iter().all(|known| known.0 != unit.code) {
                next.units.push((unit.code, unit.name));
            }
            set.emit(next);
        })
    };
    let chip = |unit: &(String, String)| {
        let mut next = entered.clone();
        next.units.retain(|known| known.0 != unit.0);
        let drop = set.reform(move |_: MouseEvent| next.clone());
        html! { <button type="button" class="zx-chip" onclick={drop} aria-label={t!("hand-down-drop", unit = unit.1.clone())}>{ &unit.1 }{ " ×" }</button> }
    };
    html! {
        <>
            <Select label={t!("hand-down-whom")} value={entered.whom.clone()} {choices} change={taking(entered, set, |next, text| next.whom = text)} />
            if of_level { <TextField id="hand-down-tags" label={t!("hand-down-tags")} hint={t!("hand-down-tags-hint")} value={entered.tags.clone()} change={taking(entered, set, |next, text| next.tags = text)} /> }
            if entered.whom == "units" {
                <UnitPicker id="hand-down-unit" label={t!("hand-down-pick")} several=true chosen={picked} />
                <div class="zx-row">{ for entered.units.iter().map(chip) }</div>
            }
            if entered.whom == "as_before" { <TextField id="hand-down-before" label={t!("hand-down-before")} value={entered.before.clone()} change={taking(entered, set, |next, text| next.before = text)} /> }
        </>
    }
}

fn what(props: &HandDownSheetProps, entered: &Entered, set: &Callback<Entered>) -> Html {
    html! {
        <>
            <TextField id="hand-down-due" label={t!("task-due")} kind="date" required=true value={entered.due.clone()} change={taking(entered, set, |next, text| next.due = text)} />
            <TextField id="hand-down-note" label={t!("task-words")} lines={2} max={Some(1000)} value={entered.note.clone()} change={taking(entered, set, |next, text| next.note = text)} />
            <Targets matter={Rc::clone(&props.matter)} unit={props.unit.code.clone()} due={entered.due.clone()} entered={entered.clone()} set={set.clone()} />
        </>
    }
}

fn skipping(entered: &Entered, set: &Callback<Entered>) -> Html {
    let next = Entered {
        skip: !entered.skip,
        ..entered.clone()
    };
    let turn = set.reform(move |_: Event| next.clone());
    html! { <p><label><input type="checkbox" class="zx-pick-box" checked={entered.skip} onchange={turn} />{ " " }{ t!("hand-down-skip") }</label></p> }
}

#[derive(Clone, PartialEq, Properties)]
struct EffectProps {
    ask: CreateHandDown,
    whole: bool,
    matter: Rc<Matter>,
}

/// What the hand-down would do, asked of the server: how many units, and at the end all of it.
#[function_component]
fn Effect(props: &EffectProps) -> Html {
    use_language();
    let empty = matches!(&props.ask.to, HandDownTo::Units { units } if units.is_empty());
    let asked = (!empty).then(|| props.ask.clone());
    let (load, again) = use_load(asked, |session, ask: Option<CreateHandDown>| async move {
        match ask {
            None => Ok(None),
            Some(ask) => session.client.hand_down(&ask).await.map(Some),
        }
    });
    html! {
        <div class="zx-effect" aria-live="polite">{ loaded(&load, &again, |effect| match effect {
            None => html! { <p>{ t!("hand-down-nobody") }</p> },
            Some(effect) if props.whole => whole(effect, &props.matter),
            Some(effect) => html! { <p><strong>{ counted(effect) }</strong></p> },
        }) }</div>
    }
}

/// 全部 228 个单位：县级 19、乡级 209.
fn counted(effect: &HandDown) -> String {
    let levels: Vec<String> = effect
        .levels
        .iter()
        .map(|row| {
            t!(
                "hand-down-of-level",
                level = words::level(row.level),
                given = row.given,
                existing = row.existing
            )
        })
        .collect();
    t!(
        "hand-down-count",
        count = effect.tasks,
        levels = levels.join(&t!("list-and"))
    )
}

fn whole(effect: &HandDown, matter: &Matter) -> Html {
    let columns = vec![
        Column::text(t!("unit")),
        Column::number(t!("hand-down-villages")),
        Column::number(t!("hand-down-gain")),
        Column::number(t!("hand-down-open")),
        Column::number(t!("hand-down-most")),
    ];
    let burden = effect.burden.iter().map(|row| {
        let cells = vec![
            Cell::text(row.unit.name.clone()),
            Cell::count(row.villages),
            Cell::number(format!("+{}", row.gain), Some(row.gain)),
            Cell::count(row.open),
            Cell::count(row.most),
        ];
        Row::of(row.unit.code.clone(), cells)
    });
    html! {
        <>
            <p><strong>{ counted(effect) }</strong></p>
            if !effect.burden.is_empty() {
                <h3>{ t!("hand-down-burden") }</h3>
                <Table label={t!("hand-down-burden")} {columns} rows={burden.collect::<Vec<_>>()} />
            }
            if !effect.targets.is_empty() {
                <h3>{ t!("hand-down-sums") }</h3>
                <ul>{ for effect.targets.iter().map(|sum| html! { <li>{ summed(sum, matter) }</li> }) }</ul>
            }
        </>
    }
}

/// What the targets make together, against the one above.
fn summed(sum: &HandDownTargetSum, matter: &Matter) -> String {
    let Some(metric) = matter
        .metrics
        .iter()
        .find(|metric| metric.code == sum.metric)
    else {
        return sum.metric.clone();
    };
    let name = named(&metric.name_zh, &metric.name_en).to_owned();
    let first = t!(
        "hand-down-sum",
        name = name,
        day = sum.by.to_string(),
        count = sum.units,
        value = format::short(metric, sum.together)
    );
    let second = match (sum.above, sum.difference) {
        (Some(above), Some(0)) => t!("target-adds-up", above = format::short(metric, Some(above))),
        (Some(above), Some(difference)) => t!(
            "target-differs",
            above = format::short(metric, Some(above)),
            difference = super::hand_targets::signed(metric, difference)
        ),
        _ => t!("target-none-above"),
    };
    format!("{first}{second}")
}
