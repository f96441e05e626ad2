//! The tree of units: children come when a unit is opened, arrow keys walk.

use crate::components::alert;
use crate::format;
use crate::hooks::{Load, use_load};
use crate::i18n::use_language;
use crate::words;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;
use zhenxing_api_types::unit::{Level, Unit};
use zhenxing_client::{Client, ClientError};

/// The properties of the tree.
#[derive(Clone, PartialEq, Properties)]
pub struct UnitTreeProps {
    /// What it is for, to a reader of the screen.
    pub label: AttrValue,
    /// The unit at the top.
    pub root: Unit,
    /// The code of the unit that is chosen.
    pub chosen: AttrValue,
    /// Codes of the units that are open at first: those above the chosen one.
    pub path: Vec<String>,
    /// Takes the unit that was chosen.
    pub choose: Callback<Unit>,
}

/// The tree.
#[function_component]
pub fn UnitTree(props: &UnitTreeProps) -> Html {
    let node = use_node_ref();
    let walk = {
        let node = node.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(tree) = node.cast::<web_sys::Element>() {
                step(&tree, &event);
            }
        })
    };
    html! {
        <ul ref={node} class="zx-tree" role="tree" aria-label={props.label.clone()} onkeydown={walk}>
            <Node key={props.root.code.clone()} unit={props.root.clone()} depth={1} chosen={props.chosen.clone()} path={props.path.clone()} choose={props.choose.clone()} first={true} />
        </ul>
    }
}

/// Moves the focus, or opens and closes what has it.
fn step(tree: &web_sys::Element, event: &KeyboardEvent) {
    let Ok(found) = tree.query_selector_all("[role=treeitem]") else {
        return;
    };
    let items: Vec<HtmlElement> = (0..found.length())
        .filter_map(|place| found.get(place)?.dyn_into().ok())
        .collect();
    let active = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.active_element());
    let Some(at) = items
        .iter()
        .position(|item| active.as_ref() == Some(item.as_ref()))
    else {
        return;
    };
    let here = items.get(at);
    let open = here.and_then(|item| item.get_attribute("aria-expanded"));
    let to = match (event.key().as_str(), open.as_deref()) {
        ("ArrowDown", _) => items.get(at + 1),
        ("ArrowUp", _) => at.checked_sub(1).and_then(|before| items.get(before)),
        ("Home", _) => items.first(),
        ("End", _) => items.last(),
        ("ArrowRight", Some("true")) => items.get(at + 1),
        ("ArrowLeft", Some("false") | None) => above(&items, at),
        ("ArrowRight", Some("false")) | ("ArrowLeft", Some("true")) => {
            press(here, "[data-turn]");
            here
        }
        ("Enter" | " ", _) => {
            press(here, "[data-choose]");
            here
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(to) = to {
        // The tree stays where it is, if the browser does not move the focus.
        let _focused = to.focus();
    }
}

fn press(item: Option<&HtmlElement>, what: &str) {
    let found = item.and_then(|item| item.query_selector(what).ok().flatten());
    if let Some(part) = found.and_then(|part| part.dyn_into::<HtmlElement>().ok()) {
        part.click();
    }
}

/// The unit above: the last one before that stands further left.
fn above(items: &[HtmlElement], at: usize) -> Option<&HtmlElement> {
    let depth = |item: &HtmlElement| {
        item.get_attribute("aria-level")
            .and_then(|level| level.parse::<u32>().ok())
            .unwrap_or(0)
    };
    let own = depth(items.get(at)?);
    items.iter().take(at).rev().find(|item| depth(item) < own)
}

#[derive(Clone, PartialEq, Properties)]
struct NodeProps {
    unit: Unit,
    depth: u32,
    chosen: AttrValue,
    path: Vec<String>,
    choose: Callback<Unit>,
    #[prop_or_default]
    first: bool,
}

#[function_component]
fn Node(props: &NodeProps) -> Html {
    use_language();
    let unit = &props.unit;
    let leaf = unit.level == Level::Village;
    let wanted = props.first || props.path.contains(&unit.code);
    let open = use_state(|| wanted);
    {
        let open = open.clone();
        // A unit that is chosen elsewhere shows where it stands.
        use_effect_with(props.path.clone(), move |_| {
            if wanted {
                open.set(true);
            }
        });
    }
    let shown = *open && !leaf;
    let (children, _) = use_load(
        (unit.code.clone(), shown),
        |session, (code, shown)| async move {
            if shown {
                below(&session.client, &code).await
            } else {
                Ok(Vec::new())
            }
        },
    );
    let current = props.chosen == unit.code;
    let turn = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let choose = {
        let (choose, unit) = (props.choose.clone(), unit.clone());
        Callback::from(move |_: MouseEvent| choose.emit(unit.clone()))
    };
    // One stop of the tab key: the unit that is chosen, or the top.
    let stop = current || (props.first && props.chosen.is_empty());
    let child = |unit: &Unit| {
        html! {
            <Node key={unit.code.clone()} unit={unit.clone()} depth={props.depth + 1} chosen={props.chosen.clone()} path={props.path.clone()} choose={props.choose.clone()} />
        }
    };
    html! {
        <li role="treeitem" aria-level={props.depth.to_string()} aria-expanded={(!leaf).then(|| open.to_string())} aria-selected={current.to_string()}
            aria-label={unit.name.clone()} tabindex={if stop { "0" } else { "-1" }}>
            <div class={classes!("zx-tree-row", current.then_some("zx-current"))}>
                if leaf { <span class="zx-tree-turn"></span> } else {
                    <span class="zx-tree-turn" data-turn="" aria-hidden="true" onclick={turn}>{ if *open { "▾" } else { "▸" } }</span>
                }
                <span class="zx-tree-name" data-choose="" onclick={choose}>{ &unit.name }
                    if unit.level >= Level::Township { <small>{ words::unit_kind(unit.kind) }</small> }</span>
            </div>
            if shown { <ul role="group">{ match &children {
                Load::Waiting => html! { <li role="none" class="zx-tree-wait">{ t!("waiting") }</li> },
                Load::Failed(error) => html! { <li role="none">{ alert(&format::error(error)) }</li> },
                Load::Ready(units) => html! { { for units.iter().map(child) } },
            } }</ul> }
        </li>
    }
}

/// Every unit directly below; no unit has more than a few pages of them.
///
/// # Errors
/// A problem, or what the network says.
pub async fn below(client: &Client, code: &str) -> Result<Vec<Unit>, ClientError> {
    let mut units = Vec::new();
    let mut cursor = String::new();
    loop {
        let filters = [
            ("parent", code),
            ("limit", "200"),
            ("cursor", cursor.as_str()),
        ];
        let page = client.units_where(&filters).await?;
        units.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = next,
            None => return Ok(units),
        }
    }
}
