//! Lights: shape, word and colour.

use crate::format::{self, Steps};
use yew::prelude::*;
use zhenxing_api_types::course::Standing;
use zhenxing_api_types::report::{DueState, Light};

/// A light: ● 正常, ▲ 临期, ■ 逾期.
pub fn light(light: Light) -> Html {
    light_saying(light, format::light(light))
}

/// A light with words of its own.
pub fn light_saying(light: Light, words: String) -> Html {
    let (shape, class) = match light {
        Light::Normal => ("●", "zx-normal"),
        Light::Soon => ("▲", "zx-soon"),
        Light::Overdue => ("■", "zx-overdue"),
    };
    html! { <span class={classes!("zx-light", class)}><span aria-hidden="true">{ shape }</span>{ " " }{ words }</span> }
}

/// How a figure stands against its path: ● 正常, ▲ 滞后, ■ 逾期.
pub fn standing(standing: Standing) -> Html {
    match standing {
        Standing::Reached | Standing::OnCourse => light(Light::Normal),
        Standing::Behind => light_saying(Light::Soon, t!("light-behind")),
        Standing::Missed => light(Light::Overdue),
    }
}

/// A state as a small label.
pub fn state(state: DueState, steps: Steps) -> Html {
    let class = match state {
        DueState::NotStarted | DueState::Draft => "zx-label-plain",
        DueState::Submitted | DueState::Checked => "zx-label-blue",
        DueState::Approved => "zx-label-green",
        DueState::Returned => "zx-label-amber",
    };
    html! { <span class={classes!("zx-label", class)}>{ format::due_state(state, steps) }</span> }
}
