//! The first step: which matter, for which period, to whom.

use super::Matters;
use super::hand_down::{Draft, Way};
use super::tree::years;
use crate::components::field::Select;
use crate::components::loaded;
use crate::components::unit_picker::UnitPicker;
use crate::draft::{Picked, picked_name, piece_of};
use crate::hooks::use_load;
use crate::i18n::{named, use_language};
use crate::words;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::programme::Matter;
use zhenxing_api_types::tag::Tag;
use zhenxing_api_types::unit::{Level, Unit, UnitKind};

/// The properties of a step.
#[derive(Clone, PartialEq, Properties)]
pub struct StepProps {
    /// The matters.
    pub matters: Matters,
    /// What stands so far.
    pub draft: Draft,
    /// Takes what changed.
    pub change: Callback<Draft>,
    /// Today.
    #[prop_or_default]
    pub today: Option<NaiveDate>,
}

const KINDS: [UnitKind; 7] = [
    UnitKind::Street,
    UnitKind::Town,
    UnitKind::Rural,
    UnitKind::QuasiTownship,
    UnitKind::AdministrativeVillage,
    UnitKind::Community,
    UnitKind::QuasiVillage,
];

/// The level at which a kind stands.
fn level_of(kind: UnitKind) -> Level {
    zhenxing_domain::unit::UnitKind::from(kind).level().into()
}

/// The levels to which a matter is handed down, the lowest first: it is what is usually meant.
fn levels(matter: Option<&Matter>) -> Vec<Level> {
    let all = matter
        .map(|matter| matter.levels.clone())
        .unwrap_or_default();
    all.into_iter()
        .rev()
        .filter(|level| *level != Level::City)
        .collect()
}

/// The lowest level to which a matter is handed down.
pub fn lowest(matter: Option<&Matter>) -> Option<Level> {
    levels(matter).first().copied()
}

/// The step.
#[function_component]
pub fn Whom(props: &StepProps) -> Html {
    use_language();
    let draft = &props.draft;
    let matter = props
        .matters
        .iter()
        .find(|matter| matter.code == draft.matter);
    let names = props.matters.iter().map(|matter| {
        let name = named(&matter.name_zh, &matter.name_en);
        (matter.code.clone(), format!("{} {name}", matter.code))
    });
    let matters = props.matters.clone();
    let take_matter = piece_of(draft, &props.change, move |draft, code: String| {
        draft.level = lowest(matters.iter().find(|matter| matter.code == code));
        draft.matter = code;
        draft.kinds.clear();
        draft.tags.clear();
        draft.targets.clear();
    });
    let take_period = piece_of(draft, &props.change, |draft, period| draft.period = period);
    let take_within = piece_of(draft, &props.change, |draft, unit: Option<Unit>| {
        draft.within = unit.map(Picked::from);
    });
    let way = |way: Way, name: String| {
        let take = piece_of(draft, &props.change, move |draft, _: Event| draft.way = way);
        html! { <label class="zx-check"><input type="radio" name="way" checked={draft.way == way} onchange={take} />{ name }</label> }
    };
    html! {
        <>
            <div class="zx-filters">
                <Select label={t!("task-matter")} value={draft.matter.clone()} choices={names.collect::<Vec<_>>()} change={take_matter} />
                <Select label={t!("period")} value={draft.period.clone()} choices={years(props.today)} change={take_period} />
            </div>
            <UnitPicker id="task-within" label={t!("task-within")} value={picked_name(draft.within.as_ref())} chosen={take_within} />
            <p class="zx-lead">{ t!("task-within-hint") }</p>
            <fieldset class="zx-row"><legend>{ t!("task-way") }</legend>
                { way(Way::Level, t!("task-way-level")) }
                { way(Way::Units, t!("task-way-units")) }
                { way(Way::Before, t!("task-way-before")) }
            </fieldset>
            { match draft.way {
                Way::Level => by_level(props, matter),
                Way::Units => by_unit(props),
                Way::Before => before(props),
            } }
        </>
    }
}

fn by_level(props: &StepProps, matter: Option<&Matter>) -> Html {
    let draft = &props.draft;
    let levels = levels(matter);
    let pick = |level: Level| {
        let take = piece_of(draft, &props.change, move |draft, _: Event| {
            draft.level = Some(level);
            draft.kinds = BTreeSet::new();
            draft.tags = BTreeSet::new();
        });
        html! { <label class="zx-check"><input type="radio" name="level" checked={draft.level == Some(level)} onchange={take} />{ words::level(level) }</label> }
    };
    let kinds = KINDS
        .into_iter()
        .filter(|kind| Some(level_of(*kind)) == draft.level);
    let kind = |kind: UnitKind| {
        let take = piece_of(draft, &props.change, move |draft, _: Event| {
            if !draft.kinds.remove(&kind) {
                draft.kinds.insert(kind);
            }
        });
        html! { <label class="zx-check"><input type="checkbox" checked={draft.kinds.contains(&kind)} onchange={take} />{ words::unit_kind(kind) }</label> }
    };
    let kinds: Vec<Html> = kinds.map(kind).collect();
    html! {
        <>
            <fieldset class="zx-row"><legend>{ t!("task-level") }</legend>{ for levels.into_iter().map(pick) }</fieldset>
            if !kinds.is_empty() { <fieldset class="zx-row"><legend>{ t!("task-kinds") }</legend>{ for kinds }</fieldset> }
            <TagChoice draft={draft.clone()} change={props.change.clone()} />
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct TagChoiceProps {
    draft: Draft,
    change: Callback<Draft>,
}

/// The tags that units of the chosen level may carry, with how many do.
#[function_component]
fn TagChoice(props: &TagChoiceProps) -> Html {
    use_language();
    let (load, again) = use_load((), |session, ()| async move {
        Ok(Rc::new(session.client.tags().await?.items))
    });
    let draft = &props.draft;
    loaded(&load, &again, |tags| {
        let fits = |tag: &&Tag| draft.level.is_some_and(|level| tag.levels.contains(&level));
        let choice = |tag: &Tag| {
            let code = tag.code.clone();
            let take = piece_of(draft, &props.change, move |draft, _: Event| {
                if !draft.tags.remove(&code) {
                    draft.tags.insert(code.clone());
                }
            });
            let name = named(&tag.code, &tag.name_en).to_owned();
            html! { <label class="zx-check"><input type="checkbox" checked={draft.tags.contains(&tag.code)} onchange={take} />{ t!("task-tag-count", name = name, count = tag.units) }</label> }
        };
        let choices: Vec<Html> = tags.iter().filter(fits).map(choice).collect();
        html! { if !choices.is_empty() { <fieldset class="zx-row"><legend>{ t!("task-tags") }</legend>{ for choices }<small>{ t!("task-tags-hint") }</small></fieldset> } }
    })
}

fn by_unit(props: &StepProps) -> Html {
    let draft = &props.draft;
    let add = piece_of(draft, &props.change, |draft, unit: Option<Unit>| {
        let picked = unit.map(Picked::from);
        draft
            .units
            .extend(picked.filter(|unit| !draft.units.contains(unit)));
    });
    let line = |unit: &Picked| {
        let code = unit.code.clone();
        let remove = piece_of(draft, &props.change, move |draft, _: MouseEvent| {
            draft.units.retain(|unit| unit.code != code);
        });
        html! { <li><span>{ &unit.name }</span><button type="button" class="zx-plain zx-close" aria-label={t!("task-unit-remove", unit = unit.name.clone())} onclick={remove}>{ "×" }</button></li> }
    };
    html! {
        <>
            <UnitPicker id="task-units" label={t!("task-units")} several=true chosen={add} />
            <ul class="zx-list">{ for draft.units.iter().map(line) }</ul>
        </>
    }
}

fn before(props: &StepProps) -> Html {
    let draft = &props.draft;
    let earlier: Vec<(String, String)> = years(props.today)
        .into_iter()
        .filter(|(year, _)| *year < draft.period)
        .collect();
    let take = piece_of(draft, &props.change, |draft, before| draft.before = before);
    let any = std::iter::once((String::new(), t!("choose")));
    html! {
        <>
            <Select label={t!("task-before")} value={draft.before.clone()} choices={any.chain(earlier).collect::<Vec<_>>()} change={take} />
            <p class="zx-lead">{ t!("task-before-hint") }</p>
        </>
    }
}
