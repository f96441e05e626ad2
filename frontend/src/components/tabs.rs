//! Tabs: one of several views of the same thing.

use web_sys::HtmlElement;
use yew::prelude::*;

/// The properties of tabs.
#[derive(Clone, PartialEq, Properties)]
pub struct TabsProps {
    /// What the tabs are for.
    pub label: AttrValue,
    /// Code and word of each.
    pub tabs: Vec<(&'static str, String)>,
    /// The code of the one that is shown.
    pub current: AttrValue,
    /// Takes the code of the one that was chosen.
    pub change: Callback<String>,
    /// The view of the one that is shown.
    pub children: Html,
}

/// Tabs with the view of the current one; arrow keys go from one to the next.
#[function_component]
pub fn Tabs(props: &TabsProps) -> Html {
    let list = use_node_ref();
    let walk = {
        let (list, change, current) = (list.clone(), props.change.clone(), props.current.clone());
        let codes: Vec<&'static str> = props.tabs.iter().map(|tab| tab.0).collect();
        Callback::from(move |event: KeyboardEvent| {
            let at = codes.iter().position(|code| current == *code).unwrap_or(0);
            let to = match event.key().as_str() {
                "ArrowRight" => (at + 1) % codes.len().max(1),
                "ArrowLeft" => (at + codes.len().saturating_sub(1)) % codes.len().max(1),
                _ => return,
            };
            if let Some(code) = codes.get(to) {
                change.emit((*code).to_owned());
                let found = list
                    .cast::<web_sys::Element>()
                    .and_then(|list| list.query_selector(&format!("#tab-{code}")).ok().flatten());
                if let Some(tab) = found.and_then(|tab| {
                    use web_sys::wasm_bindgen::JsCast;
                    tab.dyn_into::<HtmlElement>().ok()
                }) {
                    // The tab is chosen, whether or not the browser moves the focus.
                    let _focused = tab.focus();
                }
            }
        })
    };
    let tab = |(code, word): &(&'static str, String)| {
        let current = props.current == *code;
        let chosen = {
            let (change, code) = (props.change.clone(), *code);
            Callback::from(move |_: MouseEvent| change.emit(code.to_owned()))
        };
        html! {
            <button type="button" role="tab" id={format!("tab-{code}")} aria-selected={current.to_string()} aria-controls="tab-view"
                tabindex={if current { "0" } else { "-1" }} class={classes!("zx-tab", current.then_some("zx-current"))} onclick={chosen}>{ word }</button>
        }
    };
    html! {
        <>
            <div ref={list} class="zx-tabs" role="tablist" aria-label={props.label.clone()} onkeydown={walk}>{ for props.tabs.iter().map(tab) }</div>
            <div id="tab-view" role="tabpanel" aria-labelledby={format!("tab-{}", props.current)}>{ props.children.clone() }</div>
        </>
    }
}
