//! What pages are made of.

pub mod shell;

use crate::format;
use crate::hooks::Load;
use yew::prelude::*;
use zhenxing_api_types::report::Light;

/// Something is on its way.
pub fn waiting() -> Html {
    html! { <p class="zx-waiting" role="status">{ "正在加载…" }</p> }
}

/// The one renderer for loading, failed and ready.
pub fn loaded<T>(load: &Load<T>, again: &Callback<()>, ready: impl FnOnce(&T) -> Html) -> Html {
    match load {
        Load::Waiting => waiting(),
        Load::Ready(value) => ready(value),
        Load::Failed(error) => {
            let again = again.clone();
            html! {
                <div class="zx-alert" role="alert">
                    <p>{ format::error(error) }</p>
                    <button class="pf-v6-c-button pf-m-secondary" onclick={Callback::from(move |_| again.emit(()))}>{ "重试" }</button>
                </div>
            }
        }
    }
}

/// A light: shape and word, colour beside.
pub fn light(light: Light) -> Html {
    let (word, class) = format::light(light);
    html! { <span class={classes!("zx-light", class)}>{ word }</span> }
}
