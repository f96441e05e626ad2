//! 延期: asked for before the due day where a report is filled in, decided where it is checked.

mod ask;
mod decide;
mod many;
mod own;

pub use decide::Decisions;
pub use many::AskForMany;
pub use own::OwnExtension;

use crate::format;
use chrono::{DateTime, Utc};
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
    answered(
        one.decided_at,
        one.decided_by.as_ref(),
        one.decision.as_ref(),
    )
}

/// The same of anything that is asked and decided.
pub fn answered(
    at: Option<DateTime<Utc>>,
    by: Option<&String>,
    decision: Option<&String>,
) -> Option<String> {
    let at = at.map(format::instant)?;
    let by = by.cloned().unwrap_or_default();
    Some(match decision {
        Some(text) => t!("extension-answered", by = by, at = at, text = text.clone()),
        None => t!("extension-decided", by = by, at = at),
    })
}
