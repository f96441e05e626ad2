//! The end of a list that comes page by page.

use crate::i18n::use_language;
use yew::prelude::*;

/// The properties of a list's end.
#[derive(Clone, PartialEq, Properties)]
pub struct MoreProps {
    /// How many are shown.
    pub shown: usize,
    /// Whether there are more.
    pub has_more: bool,
    /// Brings them.
    pub more: Callback<()>,
}

/// 已显示 50 条 · 显示更多
#[function_component]
pub fn More(props: &MoreProps) -> Html {
    use_language();
    html! {
        <p class="zx-more"><small>{ t!("more-shown", count = props.shown) }</small>
            if props.has_more { <button type="button" class="zx-button" onclick={props.more.reform(|_: MouseEvent| ())}>{ t!("more") }</button> }</p>
    }
}
