//! Picking a unit by its name, the first letters of its pinyin, or its code.

use crate::components::picker::{Asked, Offer, Picker};
use crate::hooks::use_session;
use crate::i18n::use_language;
use crate::words;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::unit::Unit;

/// The properties of a picker of units.
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
    /// What to enter.
    #[prop_or_default]
    pub hint: AttrValue,
    /// What is wrong and what to do.
    #[prop_or_default]
    pub error: AttrValue,
}

/// A field that offers units while one types.
#[function_component]
pub fn UnitPicker(props: &UnitPickerProps) -> Html {
    use_language();
    let session = use_session();
    let seen = use_mut_ref(Vec::<Unit>::new);
    let ask = {
        let (level, seen) = (props.level.clone(), seen.clone());
        Callback::from(move |(wanted, answer): Asked| {
            let Some(session) = session.clone() else {
                return;
            };
            let (level, seen) = (level.clone(), seen.clone());
            spawn_local(async move {
                let filters = [("q", wanted.as_str()), ("level", &level), ("limit", "12")];
                let found = session.client.units_where(&filters).await;
                let units = found.map(|page| page.items).unwrap_or_default();
                seen.borrow_mut().extend(units.iter().cloned());
                answer.emit(units.iter().map(offer).collect());
            });
        })
    };
    let chosen = props.chosen.reform(move |offer: Option<Offer>| {
        let code = offer?.key;
        let seen = seen.borrow();
        seen.iter().find(|unit| unit.code == code).cloned()
    });
    html! {
        <Picker id={props.id.clone()} label={props.label.clone()} value={props.value.clone()} {ask} {chosen} none={t!("unit-none")}
            inline={props.inline} required={props.required} several={props.several} hint={props.hint.clone()} error={props.error.clone()} />
    }
}

fn offer(unit: &Unit) -> Offer {
    let above = unit.parent_name.clone().unwrap_or_default();
    Offer {
        key: unit.code.clone(),
        name: unit.name.clone(),
        detail: format!("{above} {}", words::level(unit.level)),
    }
}
