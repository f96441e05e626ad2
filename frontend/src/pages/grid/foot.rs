//! The foot of the table: what is wrong, a jump to it, saving what changed, submitting what is right.

use super::cells::Cells;
use crate::components::confirm::Confirm;
use crate::components::toast::{Toast, use_toast};
use crate::format;
use crate::hooks::use_session;
use crate::i18n::{named, use_language};
use crate::pages::source::SourceDocument;
use crate::pages::typed::sent;
use std::collections::BTreeMap;
use std::rc::Rc;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::report_bulk::{BulkResult, BulkSave, BulkSaveRow, GridRow};
use zhenxing_domain::package::{Finding, FormDef};
use zhenxing_domain::period::Period;

/// The properties of the foot.
#[derive(Clone, PartialEq, Properties)]
pub struct FootProps {
    /// The form.
    pub form: Rc<FormDef>,
    /// The period.
    pub period: String,
    /// The rows as they came.
    pub rows: Rc<Vec<GridRow>>,
    /// The rows as they are typed.
    pub cells: Cells,
    /// The places of those that differ.
    pub changed: Vec<usize>,
    /// The table, for the jump.
    pub table: NodeRef,
    /// Fetches the rows again.
    pub again: Callback<()>,
    /// Takes why rows were not saved, by the unit's code.
    pub refused: Callback<BTreeMap<String, String>>,
}

/// The rows that can be submitted as they are, and how many faults stand against others that were begun.
fn sorted(props: &FootProps) -> (Vec<usize>, usize) {
    let mut ready = Vec::new();
    let mut faults = 0;
    for (place, (row, own)) in props.rows.iter().zip(&props.cells.rows).enumerate() {
        if !row.can_save || own.values(&props.form).is_empty() {
            continue;
        }
        match own
            .findings(&props.form, row)
            .iter()
            .filter(|finding| Finding::blocks(finding))
            .count()
        {
            0 => ready.push(place),
            count => faults += count,
        }
    }
    (ready, faults)
}

fn wish(props: &FootProps, places: &[usize], source: &str, submit: bool) -> BulkSave {
    let row = |place: &usize| {
        let (row, own) = (props.rows.get(*place)?, props.cells.rows.get(*place)?);
        Some(BulkSaveRow {
            unit: row.due.unit.code.clone(),
            revision: row.revision,
            values: sent(&props.form, own.values(&props.form)),
            explanations: own.explanations.clone(),
        })
    };
    BulkSave {
        form: props.form.code.clone(),
        period: props.period.clone(),
        submit,
        source_document: (!source.trim().is_empty()).then(|| source.trim().to_owned()),
        rows: places.iter().filter_map(row).collect(),
    }
}

/// The foot.
#[function_component]
pub fn Foot(props: &FootProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let source = use_state(|| first_source(&props.rows));
    let period = Period::parse(&props.period).ok();
    let historical = period.is_some_and(|period| props.form.is_historical(period));
    let lacking = period.and_then(|period| props.form.check_source(period, Some(&source)));
    let input = use_node_ref();
    let tried = use_state(|| false);
    let asking = use_state(|| false);
    let busy = use_state(|| false);
    let (ready, faults) = sorted(props);
    let send = {
        let (props, busy, asking) = (props.clone(), busy.clone(), asking.clone());
        Callback::from(move |wish: BulkSave| {
            let (Some(session), Some(toast)) = (session.clone(), toast.clone()) else {
                return;
            };
            busy.set(true);
            let (props, busy, asking) = (props.clone(), busy.clone(), asking.clone());
            spawn_local(async move {
                match session.client.bulk_save(&wish, false).await {
                    Ok(result) => {
                        say(&toast, &result, wish.submit);
                        props.refused.emit(refusals(&result));
                        props.again.emit(());
                    }
                    Err(error) => toast.failed(format::error(&error)),
                }
                asking.set(false);
                busy.set(false);
            });
        })
    };
    let save = {
        let wish = wish(props, &props.changed, &source, false);
        send.reform(move |_: MouseEvent| wish.clone())
    };
    let submit = {
        let wish = wish(props, &ready, &source, true);
        send.reform(move |()| wish.clone())
    };
    let cancel = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(false))
    };
    let submitting = {
        let (asking, tried, input) = (asking.clone(), tried.clone(), input.clone());
        let complete = lacking.is_none();
        Callback::from(move |_: MouseEvent| {
            tried.set(true);
            if complete {
                asking.set(true);
            } else if let Some(input) = input.cast::<HtmlElement>() {
                let _ = input.focus();
            }
        })
    };
    let jump = {
        let table = props.table.clone();
        Callback::from(move |_: MouseEvent| jump(&table))
    };
    html! {
        <div class="zx-foot-bar">
            if historical { <SourceDocument value={source.clone()} input={input.clone()} wrong={lacking.clone().filter(|_| *tried)} /> }
            <small role="status">{ t!("grid-changed", count = props.changed.len()) }</small>
            if faults > 0 { <button type="button" class="zx-plain zx-jump" onclick={jump}>{ "▲ " }{ t!("grid-faults", count = faults) }</button> }
            <button type="button" class="zx-button" disabled={*busy || props.changed.is_empty()} onclick={save}>{ t!("action-save") }</button>
            <button type="button" class="zx-button zx-primary" disabled={*busy || ready.is_empty()} onclick={submitting}>{ t!("grid-submit", count = ready.len()) }</button>
            if *asking {
                <Confirm title={t!("grid-submit-title", count = ready.len())} act={t!("grid-submit", count = ready.len())} busy={*busy} confirm={submit} {cancel}>
                    <p>{ t!("grid-submit-text", count = ready.len()) }</p>
                    if faults > 0 { <p class="zx-finding">{ t!("grid-submit-rest", count = faults) }</p> }
                </Confirm>
            }
        </div>
    }
}

/// The source document that the rows name already.
fn first_source(rows: &[GridRow]) -> String {
    let mut named = rows.iter().filter_map(|row| row.source_document.clone());
    named.next().unwrap_or_default()
}

fn refusals(result: &BulkResult) -> BTreeMap<String, String> {
    let line = |row: &zhenxing_api_types::report_bulk::RowResult| {
        let refusal = row.refusal.as_ref()?;
        Some((
            row.unit.clone()?,
            named(&refusal.message_zh, &refusal.message_en).to_owned(),
        ))
    };
    result.rows.iter().filter_map(line).collect()
}

fn say(toast: &Toast, result: &BulkResult, submitted: bool) {
    let refused = result
        .rows
        .iter()
        .filter(|row| row.refusal.is_some())
        .count();
    if refused > 0 {
        toast.failed(t!("grid-refused", count = result.done, refused = refused));
    } else if submitted {
        toast.done(t!("grid-submitted", count = result.done));
    } else {
        toast.done(t!("grid-saved", count = result.done));
    }
}

/// Goes to the next cell that is wrong, after the one where the reader is; round again from the top.
fn jump(table: &NodeRef) {
    let Some(table) = table.cast::<Element>() else {
        return;
    };
    let Ok(found) = table.query_selector_all("[aria-invalid='true'], .zx-grid-hints .zx-input")
    else {
        return;
    };
    let here = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.active_element());
    let nodes: Vec<web_sys::Node> = (0..found.length())
        .filter_map(|place| found.get(place))
        .collect();
    let at = nodes
        .iter()
        .position(|node| node.is_same_node(here.as_ref().map(AsRef::as_ref)));
    let next = at.map_or(0, |at| (at + 1) % nodes.len().max(1));
    if let Some(cell) = nodes
        .into_iter()
        .nth(next)
        .and_then(|node| node.dyn_into::<HtmlElement>().ok())
    {
        // The cell is scrolled to by the focus itself.
        let _focused = cell.focus();
        if let Some(input) = cell.dyn_ref::<HtmlInputElement>() {
            input.select();
        }
    }
}
