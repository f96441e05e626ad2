//! The head of a page: where one is, what the page is, and its one primary button.

use crate::hooks::use_title;
use std::cell::Cell;
use web_sys::HtmlElement;
use yew::prelude::*;

thread_local! {
    /// The first page that is shown does not take the focus: nobody asked for it yet.
    static SEEN: Cell<bool> = const { Cell::new(false) };
}

/// The properties of a page's head.
#[derive(Clone, PartialEq, Properties)]
pub struct PageHeaderProps {
    /// The name of the page; the browser's title too.
    pub title: AttrValue,
    /// A line below: unit, period, next deadline.
    #[prop_or_default]
    pub lead: Html,
    /// Links back up, before the title.
    #[prop_or_default]
    pub crumbs: Html,
    /// The page's primary button and what stands beside it.
    #[prop_or_default]
    pub children: Html,
}

/// The head of a page. It takes the focus when the page changes, so that a reader of the screen hears where he is.
#[function_component]
pub fn PageHeader(props: &PageHeaderProps) -> Html {
    use_title(props.title.to_string());
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| {
            if SEEN.replace(true)
                && let Some(heading) = heading.cast::<HtmlElement>()
            {
                // A heading that cannot be focused is read all the same.
                let _focused = heading.focus();
            }
        });
    }
    html! {
        <header class="zx-head">
            { props.crumbs.clone() }
            <div class="zx-head-line">
                <h1 ref={heading} tabindex="-1">{ &props.title }</h1>
                <div class="zx-head-acts">{ props.children.clone() }</div>
            </div>
            if props.lead != Html::default() { <div class="zx-lead">{ props.lead.clone() }</div> }
        </header>
    }
}
