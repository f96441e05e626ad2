//! The first step of a change of units: which kind it is, and what it says.

use super::draft::{Draft, KINDS, Piece};
use super::words_of;
use crate::components::field::{Select, TextField};
use crate::components::unit_picker::UnitPicker;
use crate::draft::piece_of;
use crate::i18n::use_language;
use crate::words;
use yew::prelude::*;
use zhenxing_api_types::unit::{Level, Unit, UnitKind};
use zhenxing_api_types::unit_change::UnitChangeKind;

/// The draft and who takes it as it changes.
#[derive(Clone, PartialEq, Properties)]
pub struct WhatProps {
    /// As it stands.
    pub draft: Draft,
    /// Takes it changed.
    pub change: Callback<Draft>,
}

impl WhatProps {
    fn set<T: 'static>(&self, set: impl Fn(&mut Draft, T) + 'static) -> Callback<T> {
        piece_of(&self.draft, &self.change, set)
    }
}

/// The level of the unit that is changed.
fn level(draft: &Draft) -> Level {
    draft
        .units
        .first()
        .map_or(Level::Village, |unit| unit.level)
}

/// The word by which the server narrows a search to a level.
fn level_code(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::City) => "city",
        Some(Level::County) => "county",
        Some(Level::Township) => "township",
        Some(Level::Village) => "village",
        None => "",
    }
}

fn above(level: Level) -> Option<Level> {
    match level {
        Level::City => None,
        Level::County => Some(Level::City),
        Level::Township => Some(Level::County),
        Level::Village => Some(Level::Township),
    }
}

/// The kinds of a level.
fn kinds_of(level: Level) -> &'static [UnitKind] {
    match level {
        Level::City => &[UnitKind::City],
        Level::County => &[UnitKind::County],
        Level::Township => &[
            UnitKind::Street,
            UnitKind::Town,
            UnitKind::Rural,
            UnitKind::QuasiTownship,
        ],
        Level::Village => &[
            UnitKind::Community,
            UnitKind::AdministrativeVillage,
            UnitKind::QuasiVillage,
        ],
    }
}

/// The step.
#[function_component]
pub fn What(props: &WhatProps) -> Html {
    use_language();
    let draft = &props.draft;
    let kind = |kind: UnitChangeKind| {
        let choose = props.set(move |draft, _: Event| draft.kind = kind);
        html! {
            <label class="zx-choice"><input type="radio" name="change-kind" checked={draft.kind == kind} onchange={choose} />
                <span>{ words_of::kind(kind) }<small>{ words_of::kind_hint(kind) }</small></span></label>
        }
    };
    html! {
        <>
            <fieldset class="zx-choices"><legend>{ t!("change-kind") }</legend>{ for KINDS.map(kind) }</fieldset>
            if draft.takes_several() { { several(props) } }
            { match draft.kind {
                UnitChangeKind::Rename => rename(props),
                UnitChangeKind::Move => parent(props, t!("change-parent")),
                UnitChangeKind::Merge => merge(props),
                UnitChangeKind::Split => html! { <Split draft={draft.clone()} change={props.change.clone()} /> },
                UnitChangeKind::End => Html::default(),
                UnitChangeKind::Reclassify => reclassify(props),
            } }
        </>
    }
}

/// The units of the change, with others of the same level to be added.
fn several(props: &WhatProps) -> Html {
    let draft = &props.draft;
    let add = props.set(|draft, unit: Option<Unit>| {
        if let Some(unit) = unit.filter(|unit| !draft.units.contains(unit)) {
            draft.units.push(unit);
        }
    });
    let chip = |(place, unit): (usize, &Unit)| {
        let remove = props.set(move |draft, _: MouseEvent| {
            let gone = draft.units.remove(place);
            if draft.heir == gone.code {
                draft.heir = draft
                    .units
                    .first()
                    .map_or_else(String::new, |unit| unit.code.clone());
            }
        });
        html! {
            <li class="zx-tag">{ &unit.name }
                if place > 0 { <button type="button" class="zx-plain" aria-label={t!("take-out", name = unit.name.clone())} onclick={remove}>{ "×" }</button> }</li>
        }
    };
    html! {
        <>
            <p class="zx-field-name">{ t!("change-units") }</p>
            <ul class="zx-tags">{ for draft.units.iter().enumerate().map(chip) }</ul>
            <UnitPicker id="change-more" label={t!("change-more")} several={true} level={level_code(Some(level(draft)))} chosen={add} />
        </>
    }
}

fn rename(props: &WhatProps) -> Html {
    let draft = &props.draft;
    html! {
        <>
            <TextField id="change-name" label={t!("change-name")} value={draft.name.clone()} max={100} change={props.set(|draft, text| draft.name = text)} />
            <TextField id="change-code" label={t!("change-code")} hint={t!("change-code-hint")} value={draft.code.clone()} max={12} change={props.set(|draft, text| draft.code = text)} />
        </>
    }
}

fn parent(props: &WhatProps, label: String) -> Html {
    let draft = &props.draft;
    let name = draft
        .parent
        .as_ref()
        .map_or_else(String::new, |unit| unit.name.clone());
    html! { <UnitPicker id="change-parent" {label} level={level_code(above(level(draft)))} value={name} chosen={props.set(|draft, unit| draft.parent = unit)} /> }
}

fn merge(props: &WhatProps) -> Html {
    let draft = &props.draft;
    let mut choices: Vec<(String, String)> = draft
        .units
        .iter()
        .map(|unit| {
            (
                unit.code.clone(),
                t!("heir-stands", name = unit.name.clone()),
            )
        })
        .collect();
    choices.push((String::new(), t!("heir-new")));
    let new = draft.heir.is_empty();
    let name = if new {
        t!("change-name")
    } else {
        t!("heir-name")
    };
    html! {
        <>
            <Select class="zx-select-block" label={t!("heir")} value={draft.heir.clone()} {choices} change={props.set(|draft, code| draft.heir = code)} />
            if new { <TextField id="change-code" label={t!("new-code")} value={draft.code.clone()} max={12} required={true} change={props.set(|draft, text| draft.code = text)} /> }
            <TextField id="change-name" label={name} value={draft.name.clone()} max={100} required={new} change={props.set(|draft, text| draft.name = text)} />
            if new { { parent(props, t!("heir-parent")) } }
        </>
    }
}

fn reclassify(props: &WhatProps) -> Html {
    let draft = &props.draft;
    let choices: Vec<(String, String)> = kinds_of(level(draft))
        .iter()
        .enumerate()
        .map(|(place, kind)| (place.to_string(), words::unit_kind(*kind)))
        .collect();
    let at = kinds_of(level(draft))
        .iter()
        .position(|kind| *kind == draft.unit_kind);
    let choose = props.set(|draft, place: String| {
        let kinds = kinds_of(level(draft));
        if let Some(kind) = place.parse().ok().and_then(|place: usize| kinds.get(place)) {
            draft.unit_kind = *kind;
        }
    });
    html! { <Select class="zx-select-block" label={t!("right-kind")} value={at.unwrap_or_default().to_string()} {choices} change={choose} /> }
}

/// What a unit is split into, and where the units below it come.
#[function_component]
fn Split(props: &WhatProps) -> Html {
    use_language();
    let draft = &props.draft;
    let add = props.set(|draft, _: MouseEvent| draft.pieces.push(Piece::default()));
    let piece = |(place, piece): (usize, &Piece)| {
        let remove = props.set(move |draft, _: MouseEvent| {
            draft.pieces.remove(place);
            for (_, own) in &mut draft.below {
                if *own >= place {
                    *own = own.saturating_sub(1);
                }
            }
        });
        let code = props.set(move |draft, text: String| {
            if let Some(piece) = draft.pieces.get_mut(place) {
                piece.code = text;
            }
        });
        let name = props.set(move |draft, text: String| {
            if let Some(piece) = draft.pieces.get_mut(place) {
                piece.name = text;
            }
        });
        html! {
            <fieldset class="zx-piece"><legend>{ t!("piece", number = place + 1) }</legend>
                <TextField id={format!("piece-name-{place}")} label={t!("piece-name")} value={piece.name.clone()} max={100} change={name} />
                <TextField id={format!("piece-code-{place}")} label={t!("unit-code")} value={piece.code.clone()} max={12} change={code} />
                if draft.pieces.len() > 2 { <button type="button" class="zx-button" onclick={remove}>{ t!("remove") }</button> }
            </fieldset>
        }
    };
    html! {
        <>
            <p>{ t!("split-hint") }</p>
            { for draft.pieces.iter().enumerate().map(piece) }
            <p><button type="button" class="zx-button" onclick={add}>{ t!("piece-add") }</button></p>
            if !draft.below.is_empty() { { below(props) } }
        </>
    }
}

fn below(props: &WhatProps) -> Html {
    let draft = &props.draft;
    let choices: Vec<(String, String)> = draft
        .pieces
        .iter()
        .enumerate()
        .map(|(place, piece)| {
            let named = if piece.name.trim().is_empty() {
                t!("piece", number = place + 1)
            } else {
                piece.name.clone()
            };
            (place.to_string(), named)
        })
        .collect();
    let line = |(place, (unit, own)): (usize, &(Unit, usize))| {
        let choose = props.set(move |draft, piece: String| {
            if let (Some((_, own)), Ok(piece)) = (draft.below.get_mut(place), piece.parse()) {
                *own = piece;
            }
        });
        html! { <li><Select label={unit.name.clone()} value={own.to_string()} choices={choices.clone()} change={choose} /></li> }
    };
    html! {
        <><p class="zx-field-name">{ t!("split-below") }</p>
        <ul class="zx-allot">{ for draft.below.iter().enumerate().map(line) }</ul></>
    }
}
