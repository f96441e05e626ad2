//! 延期: asked for before the due day where a report is filled in, decided where it is checked.

mod ask;
mod decide;
mod many;
mod own;

pub use decide::Decisions;
pub use many::AskForMany;
pub use own::OwnExtension;

use crate::format;
use yew::prelude::*;
use zhenxing_api_types::extension::{Extension, ExtensionState};

/// Where an extension stands, as a small label.
pub fn state_label(state: ExtensionState) -> Html {
    let (class, word) = match state {
        ExtensionState::Asked => ("zx-label-blue", t!("extension-asked")),
        ExtensionState::Granted => ("zx-label-green", t!("extension-granted")),
        ExtensionState::Refused => ("zx-label-amber", t!("extension-refused")),
        ExtensionState::Withdrawn => ("zx-label-plain", t!("extension-withdrawn")),
    };
    html! { <span class={classes!("zx-label", class)}>{ word }</span> }
}

/// Who decided, when, and what was said with it.
fn answer(one: &Extension) -> Option<String> {
    let at = one.decided_at.map(format::instant)?;
    let by = one.decided_by.clone().unwrap_or_default();
    Some(match &one.decision {
        Some(text) => t!("extension-answered", by = by, at = at, text = text.clone()),
        None => t!("extension-decided", by = by, at = at),
    })
}
