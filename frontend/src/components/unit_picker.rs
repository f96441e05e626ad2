//! Picking a unit by its name, the first letters of its pinyin, or its code.

use crate::hooks::use_session;
use crate::i18n::use_language;
use crate::words;
use std::time::Duration;
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::platform::time::sleep;
use yew::prelude::*;
use zhenxing_api_types::unit::Unit;

/// How long nothing must be typed before the server is asked.
const PAUSE: Duration = Duration::from_millis(200);

/// The properties of a picker.
#[derive(Clone, PartialEq, Properties)]
pub struct UnitPickerProps {
    /// The input's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// What stands in it at first: the name of the unit that is chosen.
    #[prop_or_default]
    pub value: AttrValue,
    /// A level, where only its units can be meant: `county`, `township`, `village`.
    #[prop_or_default]
    pub level: AttrValue,
    /// Takes the unit that was chosen; nothing when the field was emptied.
    pub chosen: Callback<Option<Unit>>,
    /// Label at the left, as in filter bars.
    #[prop_or_default]
    pub inline: bool,
    /// Whether a unit must be chosen.
    #[prop_or_default]
    pub required: bool,
    /// Emptied after each choice, for lists of several.
    #[prop_or_default]
    pub several: bool,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Offer {
    units: Vec<Unit>,
    at: usize,
    open: bool,
    asked: bool,
}

/// A field that offers units while one types.
#[function_component]
pub fn UnitPicker(props: &UnitPickerProps) -> Html {
    use_language();
    let text = use_state(|| props.value.to_string());
    let offer = use_state(Offer::default);
    {
        let text = text.clone();
        use_effect_with(props.value.clone(), move |value| {
            text.set(value.to_string())
        });
    }
    let typed = use_typed(&text, &offer, props.level.clone());
    let choose = use_choose(props, &text, &offer);
    let (leave, emptied) = leaving(props, &text, &offer);
    let keys = keys(&offer, &choose);
    let list = format!("{}-list", props.id);
    let option = |place: usize| format!("{}-{place}", props.id);
    let active = offer.open && !offer.units.is_empty();
    let input = html! {
        <input id={props.id.clone()} class="zx-input" type="search" role="combobox" autocomplete="off" aria-autocomplete="list"
            aria-expanded={active.to_string()} aria-controls={active.then(|| list.clone())} aria-activedescendant={active.then(|| option(offer.at))}
            value={(*text).clone()} oninput={typed} onkeydown={keys} onblur={leave} onchange={emptied} />
    };
    let line = |(place, unit): (usize, &Unit)| {
        let pick = {
            let (choose, unit) = (choose.clone(), unit.clone());
            // Before the field loses the focus and closes the list.
            Callback::from(move |event: MouseEvent| {
                event.prevent_default();
                choose.emit(unit.clone());
            })
        };
        html! {
            <li id={option(place)} role="option" aria-selected={(place == offer.at).to_string()} class={classes!((place == offer.at).then_some("zx-current"))} onmousedown={pick}>
                <span>{ &unit.name }</span><small>{ unit.parent_name.clone().unwrap_or_default() }{ " " }{ words::level(unit.level) }</small></li>
        }
    };
    html! {
        <div class={classes!("zx-picker", if props.inline { "zx-select" } else { "zx-form-field" })}>
            <label for={props.id.clone()}>{ &props.label }
                if props.required { <span class="zx-required">{ t!("required") }</span> }</label>
            <div class="zx-picker-box">{ input }
                if active { <ul id={list} role="listbox" aria-label={props.label.clone()}>{ for offer.units.iter().enumerate().map(line) }</ul> }
                if offer.open && offer.asked && offer.units.is_empty() { <p class="zx-picker-none" role="status">{ t!("unit-none") }</p> }
            </div>
        </div>
    }
}

#[hook]
fn use_typed(
    text: &UseStateHandle<String>,
    offer: &UseStateHandle<Offer>,
    level: AttrValue,
) -> Callback<InputEvent> {
    let session = use_session();
    let turn = use_mut_ref(|| 0_u32);
    let (text, offer) = (text.clone(), offer.clone());
    Callback::from(move |event: InputEvent| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
            return;
        };
        let wanted = input.value();
        text.set(wanted.clone());
        let own = turn.borrow().wrapping_add(1);
        turn.replace(own);
        if wanted.trim().is_empty() {
            offer.set(Offer::default());
            return;
        }
        let (session, offer, turn, level) =
            (session.clone(), offer.clone(), turn.clone(), level.clone());
        spawn_local(async move {
            sleep(PAUSE).await;
            let Some(session) = session.filter(|_| *turn.borrow() == own) else {
                return;
            };
            let filters = [
                ("q", wanted.trim()),
                ("level", level.as_str()),
                ("limit", "12"),
            ];
            let found = session.client.units_where(&filters).await;
            if *turn.borrow() == own {
                offer.set(Offer {
                    units: found.map(|page| page.items).unwrap_or_default(),
                    at: 0,
                    open: true,
                    asked: true,
                });
            }
        });
    })
}

#[hook]
fn use_choose(
    props: &UnitPickerProps,
    text: &UseStateHandle<String>,
    offer: &UseStateHandle<Offer>,
) -> Callback<Unit> {
    let (text, offer) = (text.clone(), offer.clone());
    let (chosen, several) = (props.chosen.clone(), props.several);
    Callback::from(move |unit: Unit| {
        text.set(if several {
            String::new()
        } else {
            unit.name.clone()
        });
        offer.set(Offer::default());
        chosen.emit(Some(unit));
    })
}

/// Leaving the field: what was typed and not chosen is no unit, and an emptied field means none.
fn leaving(
    props: &UnitPickerProps,
    text: &UseStateHandle<String>,
    offer: &UseStateHandle<Offer>,
) -> (Callback<FocusEvent>, Callback<Event>) {
    let leave = {
        let (text, offer, value) = (text.clone(), offer.clone(), props.value.clone());
        Callback::from(move |_: FocusEvent| {
            offer.set(Offer::default());
            if !text.is_empty() {
                text.set(value.to_string());
            }
        })
    };
    let chosen = props.chosen.clone();
    let emptied = Callback::from(move |event: Event| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        if input.is_some_and(|input| input.value().trim().is_empty()) {
            chosen.emit(None);
        }
    });
    (leave, emptied)
}

fn keys(offer: &UseStateHandle<Offer>, choose: &Callback<Unit>) -> Callback<KeyboardEvent> {
    let (offer, choose) = (offer.clone(), choose.clone());
    Callback::from(move |event: KeyboardEvent| {
        let last = offer.units.len().saturating_sub(1);
        let at = match event.key().as_str() {
            "ArrowDown" => (offer.at + 1).min(last),
            "ArrowUp" => offer.at.saturating_sub(1),
            "Enter" if offer.open => {
                event.prevent_default();
                if let Some(unit) = offer.units.get(offer.at) {
                    choose.emit(unit.clone());
                }
                return;
            }
            "Escape" if offer.open => {
                event.prevent_default();
                offer.set(Offer::default());
                return;
            }
            _ => return,
        };
        event.prevent_default();
        offer.set(Offer {
            at,
            ..(*offer).clone()
        });
    })
}
