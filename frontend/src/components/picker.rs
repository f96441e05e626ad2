//! Picking one thing of many: offers come while one types.

use crate::i18n::use_language;
use std::time::Duration;
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::platform::time::sleep;
use yew::prelude::*;

/// How long nothing must be typed before anything is asked.
const PAUSE: Duration = Duration::from_millis(200);

/// Something that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offer {
    /// Its code or number.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What tells it from others of that name.
    pub detail: String,
}

/// What was typed, and who waits for the offers.
pub type Asked = (String, Callback<Vec<Offer>>);

/// The properties of a picker.
#[derive(Clone, PartialEq, Properties)]
pub struct PickerProps {
    /// The input's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// What stands in it at first: the name of what is chosen.
    #[prop_or_default]
    pub value: AttrValue,
    /// Brings offers for what was typed.
    pub ask: Callback<Asked>,
    /// Takes what was chosen; nothing when the field was emptied.
    pub chosen: Callback<Option<Offer>>,
    /// What is said where nothing is found.
    pub none: AttrValue,
    /// Label at the left, as in filter bars.
    #[prop_or_default]
    pub inline: bool,
    /// Whether something must be chosen.
    #[prop_or_default]
    pub required: bool,
    /// Emptied after each choice, for lists of several.
    #[prop_or_default]
    pub several: bool,
    /// What to enter.
    #[prop_or_default]
    pub hint: AttrValue,
    /// What is wrong and what to do.
    #[prop_or_default]
    pub error: AttrValue,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Offered {
    all: Vec<Offer>,
    at: usize,
    open: bool,
}

/// A field that makes offers while one types.
#[function_component]
pub fn Picker(props: &PickerProps) -> Html {
    use_language();
    let text = use_state(|| props.value.to_string());
    let offered = use_state(Offered::default);
    {
        let text = text.clone();
        use_effect_with(props.value.clone(), move |value| {
            text.set(value.to_string())
        });
    }
    let typed = use_typed(&text, &offered, props.ask.clone());
    let choose = choosing(props, &text, &offered);
    let (leave, emptied) = leaving(props, &text, &offered);
    let keys = keys(&offered, &choose);
    let list = format!("{}-list", props.id);
    let active = offered.open && !offered.all.is_empty();
    let at = active.then(|| format!("{}-{}", props.id, offered.at));
    let invalid = (!props.error.is_empty()).then_some("true");
    let described = crate::components::field::described(&props.id);
    html! {
        <div class={classes!("zx-picker", if props.inline { "zx-select" } else { "zx-form-field" })}>
            <label for={props.id.clone()}>{ &props.label }
                if props.required { <span class="zx-required">{ t!("required") }</span> }</label>
            <div class="zx-picker-box">
                <input id={props.id.clone()} class="zx-input" type="search" role="combobox" autocomplete="off" aria-autocomplete="list"
                    aria-expanded={active.to_string()} aria-controls={active.then(|| list.clone())} aria-activedescendant={at}
                    aria-invalid={invalid} aria-describedby={described}
                    value={(*text).clone()} oninput={typed} onkeydown={keys} onblur={leave} onchange={emptied} />
                if active { <ul id={list} role="listbox" aria-label={props.label.clone()}>{ for offered.all.iter().enumerate().map(|line| option(&props.id, line, offered.at, &choose)) }</ul> }
                if offered.open && offered.all.is_empty() { <p class="zx-picker-none" role="status">{ &props.none }</p> }
            </div>
            if !props.hint.is_empty() { <small id={format!("{}-hint", props.id)}>{ &props.hint }</small> }
            if !props.error.is_empty() { <p class="zx-finding" id={format!("{}-error", props.id)}>{ &props.error }</p> }
        </div>
    }
}

fn option(id: &str, (place, offer): (usize, &Offer), at: usize, choose: &Callback<Offer>) -> Html {
    let pick = {
        let (choose, offer) = (choose.clone(), offer.clone());
        // Before the field loses the focus and closes the list.
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            choose.emit(offer.clone());
        })
    };
    html! {
        <li id={format!("{id}-{place}")} role="option" aria-selected={(place == at).to_string()} class={classes!((place == at).then_some("zx-current"))} onmousedown={pick}>
            <span>{ &offer.name }</span><small>{ &offer.detail }</small></li>
    }
}

#[hook]
fn use_typed(
    text: &UseStateHandle<String>,
    offered: &UseStateHandle<Offered>,
    ask: Callback<Asked>,
) -> Callback<InputEvent> {
    let turn = use_mut_ref(|| 0_u32);
    let (text, offered) = (text.clone(), offered.clone());
    Callback::from(move |event: InputEvent| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
            return;
        };
        let wanted = input.value();
        text.set(wanted.clone());
        let own = turn.borrow().wrapping_add(1);
        turn.replace(own);
        if wanted.trim().is_empty() {
            offered.set(Offered::default());
            return;
        }
        let (offered, turn, ask) = (offered.clone(), turn.clone(), ask.clone());
        spawn_local(async move {
            sleep(PAUSE).await;
            if *turn.borrow() != own {
                return;
            }
            // What was typed last is what is offered for, whatever comes first.
            let answer = Callback::from(move |all: Vec<Offer>| {
                if *turn.borrow() == own {
                    offered.set(Offered {
                        all,
                        at: 0,
                        open: true,
                    });
                }
            });
            ask.emit((wanted.trim().to_owned(), answer));
        });
    })
}

fn choosing(
    props: &PickerProps,
    text: &UseStateHandle<String>,
    offered: &UseStateHandle<Offered>,
) -> Callback<Offer> {
    let (text, offered) = (text.clone(), offered.clone());
    let (chosen, several) = (props.chosen.clone(), props.several);
    Callback::from(move |offer: Offer| {
        text.set(if several {
            String::new()
        } else {
            offer.name.clone()
        });
        offered.set(Offered::default());
        chosen.emit(Some(offer));
    })
}

/// Leaving the field: what was typed and not chosen is nothing, and an emptied field means none.
fn leaving(
    props: &PickerProps,
    text: &UseStateHandle<String>,
    offered: &UseStateHandle<Offered>,
) -> (Callback<FocusEvent>, Callback<Event>) {
    let leave = {
        let (text, offered, value) = (text.clone(), offered.clone(), props.value.clone());
        Callback::from(move |_: FocusEvent| {
            offered.set(Offered::default());
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

fn keys(offered: &UseStateHandle<Offered>, choose: &Callback<Offer>) -> Callback<KeyboardEvent> {
    let (offered, choose) = (offered.clone(), choose.clone());
    Callback::from(move |event: KeyboardEvent| {
        let last = offered.all.len().saturating_sub(1);
        let at = match event.key().as_str() {
            "ArrowDown" => (offered.at + 1).min(last),
            "ArrowUp" => offered.at.saturating_sub(1),
            "Enter" if offered.open => {
                event.prevent_default();
                if let Some(offer) = offered.all.get(offered.at) {
                    choose.emit(offer.clone());
                }
                return;
            }
            "Escape" if offered.open => {
                event.prevent_default();
                offered.set(Offered::default());
                return;
            }
            _ => return,
        };
        event.prevent_default();
        offered.set(Offered {
            at,
            ..(*offered).clone()
        });
    })
}
