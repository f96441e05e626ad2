//! Bars: a share against its target, and parts of a whole.

use yew::prelude::*;

/// A share in basis points as a bar, with its target as a tick; the text says the same.
pub fn meter(points: i64, target: Option<i64>, text: String) -> Html {
    let width = percent(points.clamp(0, 10_000));
    html! {
        <div class="zx-meter" role="img" aria-label={text}>
            <span class="zx-fill" style={format!("width:{width}%")}></span>
            if let Some(target) = target { <span class="zx-tick" style={format!("left:{}%", percent(target.clamp(0, 10_000)))}></span> }
        </div>
    }
}

fn percent(points: i64) -> String {
    format!("{}.{:02}", points / 100, points % 100)
}

/// A part of a stacked bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it counts.
    pub name: String,
    /// How many.
    pub count: i64,
    /// `zx-part-done`, `zx-part-waits`, `zx-part-back`, `zx-part-open`.
    pub class: &'static str,
}

/// Parts of a whole as one bar with a legend in words.
pub fn stacked(parts: &[Part], total: i64) -> Html {
    let whole = total.max(1);
    let shown = parts.iter().filter(|part| part.count > 0);
    html! {
        <div class="zx-stacked">
            <div class="zx-stack" aria-hidden="true">{ for shown.map(|part| html! {
                <span class={part.class} style={format!("width:{}%", percent((part.count.saturating_mul(10_000) / whole).clamp(0, 10_000)))}></span>
            }) }</div>
            <ul class="zx-legend">{ for parts.iter().map(|part| html! {
                <li><span class={classes!("zx-swatch", part.class)} aria-hidden="true"></span>{ &part.name }{ " " }<strong>{ crate::format::number(part.count, 0) }</strong></li>
            }) }</ul>
        </div>
    }
}
