//! One unit: what it is, where it stands.

use crate::components::Card;
use crate::i18n::use_language;
use crate::words;
use yew::prelude::*;
use zhenxing_api_types::unit::UnitDetail;

/// Which unit.
#[derive(Clone, PartialEq, Properties)]
pub struct DetailProps {
    /// The unit with its place.
    pub detail: UnitDetail,
}

/// A unit.
#[function_component]
pub fn Detail(props: &DetailProps) -> Html {
    use_language();
    let detail = &props.detail;
    let unit = &detail.unit;
    let above: Vec<&str> = detail
        .ancestors
        .iter()
        .map(|unit| unit.name.as_str())
        .collect();
    let fact = |name: String, value: String| html! { <><dt>{ name }</dt><dd>{ value }</dd></> };
    html! {
        <Card title={unit.name.clone()}>
            <dl class="zx-facts">
                { fact(t!("unit-code"), unit.code.clone()) }
                { fact(t!("unit-level"), words::level(unit.level)) }
                { fact(t!("unit-kind"), words::unit_kind(unit.kind)) }
                if !above.is_empty() { { fact(t!("unit-above"), above.join(" › ")) } }
                { fact(t!("unit-below"), t!("units-count", count = detail.children)) }
                { fact(t!("unit-since"), since(detail)) }
            </dl>
        </Card>
    }
}

fn since(detail: &UnitDetail) -> String {
    let from = detail.valid_from.to_string();
    match detail.valid_until {
        Some(until) => t!("from-until", from = from, until = until.to_string()),
        None => from,
    }
}
