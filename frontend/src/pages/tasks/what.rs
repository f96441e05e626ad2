//! The second step: by when, with which targets, with what words.

use super::hand_down::{TypedTarget, Way};
use super::whom::StepProps;
use crate::components::field::{Select, TextField};
use crate::components::sheet::{SheetField, SheetRead};
use crate::components::unit_picker::UnitPicker;
use crate::draft::{Picked, piece_of};
use crate::i18n::{named, use_language};
use yew::prelude::*;
use zhenxing_api_types::programme::Metric;
use zhenxing_api_types::target::TargetComparison;
use zhenxing_api_types::unit::Unit;

/// The step.
#[function_component]
pub fn What(props: &StepProps) -> Html {
    use_language();
    let draft = &props.draft;
    let due = piece_of(draft, &props.change, |draft, due| draft.due = due);
    let note = piece_of(draft, &props.change, |draft, note| draft.note = note);
    let matter = props
        .matters
        .iter()
        .find(|matter| matter.code == draft.matter);
    let metrics: Vec<Metric> = matter
        .map(|matter| matter.metrics.clone())
        .unwrap_or_default();
    let first = metrics
        .first()
        .map(|metric| metric.code.clone())
        .unwrap_or_default();
    let add = piece_of(draft, &props.change, move |draft, _: MouseEvent| {
        draft.targets.push(TypedTarget {
            metric: first.clone(),
            share: "same".to_owned(),
            by: draft.due.clone(),
            ..TypedTarget::default()
        });
    });
    let again = draft.way == Way::Before;
    let hint = if again {
        t!("task-due-before-hint")
    } else {
        String::new()
    };
    html! {
        <>
            <TextField id="task-due" label={t!("task-due")} kind="date" value={draft.due.clone()} change={due} required={!again} {hint} />
            <TextField id="task-note" label={t!("task-note-with")} lines={2} max={Some(500)} value={draft.note.clone()} change={note} hint={t!("task-note-hint")} />
            { own_dues(props) }
            <h3>{ t!("task-targets") }</h3>
            <p class="zx-lead">{ t!("task-targets-hint") }</p>
            { for draft.targets.iter().enumerate().map(|(place, target)| line(props, &metrics, place, target)) }
            if !metrics.is_empty() { <p><button type="button" class="zx-button" onclick={add}>{ t!("task-target-add") }</button></p> }
        </>
    }
}

/// Units with a day of their own.
fn own_dues(props: &StepProps) -> Html {
    let draft = &props.draft;
    let add = piece_of(draft, &props.change, |draft, unit: Option<Unit>| {
        let picked = unit.map(Picked::from);
        let new = picked.filter(|unit| draft.dues.iter().all(|(known, _)| known != unit));
        let day = draft.due.clone();
        draft.dues.extend(new.map(|unit| (unit, day)));
    });
    let line = |(place, (unit, day)): (usize, &(Picked, String))| {
        let change = piece_of(draft, &props.change, move |draft, day: String| {
            if let Some((_, due)) = draft.dues.get_mut(place) {
                *due = day;
            }
        });
        let code = unit.code.clone();
        let remove = piece_of(draft, &props.change, move |draft, _: MouseEvent| {
            draft.dues.retain(|(unit, _)| unit.code != code);
        });
        html! {
            <div class="zx-row" key={unit.code.clone()}>
                <TextField id={format!("task-due-{place}")} label={unit.name.clone()} kind="date" value={day.clone()} {change} required=true />
                <button type="button" class="zx-plain zx-close" aria-label={t!("task-unit-remove", unit = unit.name.clone())} onclick={remove}>{ "×" }</button>
            </div>
        }
    };
    html! {
        <>
            <h3>{ t!("task-own-dues") }</h3>
            { for draft.dues.iter().enumerate().map(line) }
            <UnitPicker id="task-own-due" label={t!("task-own-due-add")} several=true chosen={add} />
            <p class="zx-lead">{ t!("task-own-dues-hint") }</p>
        </>
    }
}

/// The unit below which it is handed down; an empty text means the own one.
fn draft_unit(props: &StepProps) -> String {
    let within = props.draft.within.as_ref();
    within.map(|unit| unit.code.clone()).unwrap_or_default()
}

fn line(props: &StepProps, metrics: &[Metric], place: usize, target: &TypedTarget) -> Html {
    let piece = |set: fn(&mut TypedTarget, String)| {
        piece_of(&props.draft, &props.change, move |draft, value: String| {
            if let Some(target) = draft.targets.get_mut(place) {
                set(target, value);
            }
        })
    };
    let remove = piece_of(&props.draft, &props.change, move |draft, _: MouseEvent| {
        if place < draft.targets.len() {
            draft.targets.remove(place);
        }
    });
    let names = metrics.iter().map(|metric| {
        let name = named(&metric.name_zh, &metric.name_en).to_owned();
        (metric.code.clone(), name)
    });
    let metric = metrics.iter().find(|metric| metric.code == target.metric);
    let unit = metric.map_or_else(String::new, |metric| {
        named(&metric.unit_zh, &metric.unit_en).to_owned()
    });
    let mut shares = vec![("same".to_owned(), t!("task-share-same"))];
    if metric.is_some_and(|metric| metric.kind == "sum") {
        shares.push(("equal".to_owned(), t!("task-share-equal")));
        shares.push(("proportional".to_owned(), t!("share-proportional")));
        shares.push(("weights".to_owned(), t!("share-weights")));
    }
    shares.push(("each".to_owned(), t!("share-each")));
    let compared = metric.map(|metric| target.comparison(metric));
    let about = compared == Some(TargetComparison::About);
    let from_sheet = matches!(target.share.as_str(), "weights" | "each");
    let within = draft_unit(props);
    let read = piece_of(
        &props.draft,
        &props.change,
        move |draft, read: SheetRead| {
            if let Some(target) = draft.targets.get_mut(place) {
                target.read = Some(read);
            }
        },
    );
    html! {
        <div class="zx-row zx-target-line" role="group" aria-label={t!("task-target-number", count = place + 1)}>
            <Select label={t!("metric")} value={target.metric.clone()} choices={names.collect::<Vec<_>>()} change={piece(|target, code| { target.metric = code; target.share = "same".to_owned(); target.comparison.clear(); })} />
            <Select label={t!("task-share")} value={target.share.clone()} choices={shares} change={piece(|target, share| target.share = share)} />
            if target.share != "each" { <TextField id={format!("task-value-{place}")} label={t!("with-unit", name = t!("task-targets"), unit = unit.clone())} value={target.value.clone()} change={piece(|target, value| target.value = value)} required=true /> }
            <Select label={t!("targets-comparison")} value={comparison_code(compared)} choices={super::super::targets::comparisons()} change={piece(|target, code| target.comparison = code)} />
            if about { <TextField id={format!("task-tolerance-{place}")} label={t!("with-unit", name = t!("targets-tolerance"), unit = unit)} value={target.tolerance.clone()} change={piece(|target, text| target.tolerance = text)} required=true /> }
            <TextField id={format!("task-by-{place}")} label={t!("task-by")} kind="date" value={target.by.clone()} change={piece(|target, by| target.by = by)} required=true />
            if from_sheet { <SheetField id={format!("task-sheet-{place}")} metric={target.metric.clone()} unit={within} {read} /> }
            <button type="button" class="zx-button" onclick={remove}>{ t!("task-target-remove") }</button>
        </div>
    }
}

fn comparison_code(comparison: Option<TargetComparison>) -> &'static str {
    match comparison {
        Some(TargetComparison::About) => "about",
        Some(TargetComparison::AtMost) => "at_most",
        Some(TargetComparison::AtLeast) | None => "at_least",
    }
}
