//! A history, latest first.

use yew::prelude::*;

/// What happened at one moment.
#[derive(Clone, PartialEq)]
pub struct Moment {
    /// What was done.
    pub what: String,
    /// Who and when.
    pub who: String,
    /// Reasons and differences.
    pub detail: Html,
}

/// A history as a list with a line through it.
pub fn timeline(moments: Vec<Moment>) -> Html {
    html! {
        <ol class="zx-timeline">{ for moments.into_iter().map(|moment| html! {
            <li><strong>{ moment.what }</strong><small>{ moment.who }</small>{ moment.detail }</li>
        }) }</ol>
    }
}
