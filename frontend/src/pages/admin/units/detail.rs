//! One unit: what it is, where it stands and stood, and how it is changed.

use super::sheet::Sheet;
use crate::components::timeline::{Moment, timeline};
use crate::components::{Card, loaded};
use crate::hooks::use_load;
use crate::i18n::use_language;
use crate::words;
use yew::prelude::*;
use zhenxing_api_types::unit::UnitDetail;
use zhenxing_api_types::unit_change::UnitPlacement;

/// Which unit.
#[derive(Clone, PartialEq, Properties)]
pub struct DetailProps {
    /// The unit with its place.
    pub detail: UnitDetail,
    /// Is told when the unit was changed.
    pub changed: Callback<()>,
}

/// A unit.
#[function_component]
pub fn Detail(props: &DetailProps) -> Html {
    use_language();
    let open = use_state(|| false);
    let detail = &props.detail;
    let unit = &detail.unit;
    let above: Vec<&str> = detail
        .ancestors
        .iter()
        .map(|unit| unit.name.as_str())
        .collect();
    let (stood, again) = use_load(unit.code.clone(), |session, code| async move {
        session.client.unit_placements(&code).await
    });
    let fact = |name: String, value: String| html! { <><dt>{ name }</dt><dd>{ value }</dd></> };
    let turn = |to: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    let made = {
        let (open, again, changed) = (open.clone(), again.clone(), props.changed.clone());
        Callback::from(move |()| {
            open.set(false);
            again.emit(());
            changed.emit(());
        })
    };
    let aside = html! { <button type="button" class="zx-button zx-primary" onclick={turn(true).reform(|_: MouseEvent| ())}>{ t!("change-unit") }</button> };
    html! {
        <>
            <Card title={unit.name.clone()} {aside}>
                <dl class="zx-facts">
                    { fact(t!("unit-code"), unit.code.clone()) }
                    { fact(t!("unit-level"), words::level(unit.level)) }
                    { fact(t!("unit-kind"), words::unit_kind(unit.kind)) }
                    if !above.is_empty() { { fact(t!("unit-above"), above.join(" › ")) } }
                    { fact(t!("unit-below"), t!("units-count", count = detail.children)) }
                    { fact(t!("unit-since"), from_until(detail.valid_from, detail.valid_until)) }
                </dl>
            </Card>
            <Card title={t!("unit-stood")}>
                { loaded(&stood, &again, |page| timeline(page.items.iter().rev().map(moment).collect())) }
            </Card>
            if *open { <Sheet unit={unit.clone()} close={turn(false)} {made} /> }
        </>
    }
}

fn from_until(from: chrono::NaiveDate, until: Option<chrono::NaiveDate>) -> String {
    match until {
        Some(until) => t!(
            "from-until",
            from = from.to_string(),
            until = until.to_string()
        ),
        None => t!("from-on", from = from.to_string()),
    }
}

fn moment(stood: &UnitPlacement) -> Moment {
    let above = stood.parent_name.clone();
    let above = above.map_or_else(String::new, |above| format!("{above} › "));
    Moment {
        what: format!("{above}{}", stood.name),
        who: from_until(stood.from, stood.until),
        detail: html! { <p><small>{ &stood.code }{ " · " }{ words::unit_kind(stood.kind) }</small></p> },
    }
}
