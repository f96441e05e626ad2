//! A row of the table: one unit.

use super::cells::{Cells, Own, Step};
use crate::components::light::state as state_label;
use crate::format;
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::report_bulk::GridRow;
use zhenxing_domain::package::{FieldDef, FieldKind, Finding, FormDef, Severity};

/// The properties of a row.
#[derive(Clone, PartialEq, Properties)]
pub struct LineProps {
    /// Its place.
    pub place: usize,
    /// As it came.
    pub row: Rc<GridRow>,
    /// As it is typed.
    pub own: Rc<Own>,
    /// The form.
    pub form: Rc<FormDef>,
    /// Why it was not saved, when that was tried.
    pub refusal: Option<String>,
    /// Takes changes.
    pub cells: UseReducerDispatcher<Cells>,
}

/// A row. It is drawn again only when its own cells change.
#[function_component]
pub fn Line(props: &LineProps) -> Html {
    use_language();
    let (row, form) = (&props.row, &props.form);
    let findings = if row.can_save {
        props.own.findings(form, row)
    } else {
        Vec::new()
    };
    // What is only missing is said by the count at the foot, not under each empty row.
    let loud: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.rule != "required")
        .collect();
    let numbers = form.numbers(&props.own.values(form));
    let mut column = 0;
    let cells = form.fields().map(|field| {
        let own = column;
        if field.is_asked() {
            column += 1;
        }
        let wrong = findings.iter().any(|finding| finding.blocks() && finding.field.as_deref() == Some(field.code.as_str()));
        html! {
            <td class={classes!(field.kind.decimals().map(|_| "zx-right"), row.field_reasons.contains_key(&field.code).then_some("zx-cell-returned"))} data-label={format::field_name(field)}>
                if !field.is_asked() { { format::computed(field, numbers.get(&field.code)) } }
                else if row.can_save { { input(props, field, own, wrong) } }
                else { { format::value(field, row.values.get(&field.code)) } }
            </td>
        }
    }).collect::<Vec<_>>();
    let name = match row.due.report {
        Some(id) => {
            html! { <Link<Route> to={Route::Report { id }}>{ &row.due.unit.name }</Link<Route>> }
        }
        None => html! { { &row.due.unit.name } },
    };
    html! {
        <tr><th scope="row">{ name }</th>
            <td data-label={t!("state")}>{ state_label(row.due.state, (&**form).into()) }</td>
            { for cells }
            <td class="zx-grid-hints" data-label={t!("grid-hints")}>
                if let Some(reason) = &row.reason { <p class="zx-returned">{ t!("returned-figure", reason = reason.clone()) }</p> }
                { for row.field_reasons.iter().map(|(code, reason)| returned(form, code, reason)) }
                if let Some(refusal) = &props.refusal { <p class="zx-returned">{ refusal }</p> }
                { for loud.into_iter().map(|finding| said(props, finding)) }
            </td></tr>
    }
}

fn returned(form: &FormDef, code: &str, reason: &str) -> Html {
    let name = form.field(code).map_or_else(
        || code.to_owned(),
        |field| named(&field.name_zh, &field.name_en).to_owned(),
    );
    html! { <p class="zx-returned">{ t!("map-unit", unit = name, value = reason) }</p> }
}

/// What a rule says, with a field for the explanation where it asks for one.
fn said(props: &LineProps, finding: &Finding) -> Html {
    let words = format::finding(finding);
    let explain = (finding.severity == Severity::NeedsExplanation).then(|| {
        let given = props.own.explanations.get(&finding.rule).cloned().unwrap_or_default();
        let (cells, row, rule) = (props.cells.clone(), props.place, finding.rule.clone());
        let typed = Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                cells.dispatch(Step::Explain { row, rule: rule.clone(), text: input.value() });
            }
        });
        html! { <input class="zx-input" aria-label={t!("grid-explain", unit = props.row.due.unit.name.clone())} placeholder={t!("explanation")} value={given} oninput={typed} /> }
    });
    html! { <div class="zx-finding">{ words }{ for explain }</div> }
}

fn input(props: &LineProps, field: &FieldDef, column: usize, wrong: bool) -> Html {
    let text = props
        .own
        .texts
        .get(&field.code)
        .cloned()
        .unwrap_or_default();
    let set = {
        let (cells, row, field) = (props.cells.clone(), props.place, field.code.clone());
        move |text: String| {
            cells.dispatch(Step::Set {
                row,
                field: field.clone(),
                text,
            })
        }
    };
    let label = t!(
        "grid-cell",
        unit = props.row.due.unit.name.clone(),
        field = named(&field.name_zh, &field.name_en)
    );
    let choices = match &field.kind {
        FieldKind::YesNo => vec![
            ("true".to_owned(), t!("yes")),
            ("false".to_owned(), t!("no")),
        ],
        FieldKind::Choice { choices } => choices
            .iter()
            .map(|item| {
                (
                    item.code.clone(),
                    named(&item.name_zh, &item.name_en).to_owned(),
                )
            })
            .collect(),
        _ => Vec::new(),
    };
    if !choices.is_empty() {
        let chosen = Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                set(select.value());
            }
        });
        return html! {
            <select class="zx-input" aria-label={label} onchange={chosen}>
                <option value="" selected={text.is_empty()}>{ t!("choose") }</option>
                { for choices.into_iter().map(|(value, word)| {
                    let selected = value == text;
                    html! { <option {selected} {value}>{ word }</option> }
                }) }
            </select>
        };
    }
    let typed = Callback::from(move |event: InputEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            set(input.value());
        }
    });
    let number = field.kind.decimals();
    html! { <input class={classes!("zx-input", number.map(|_| "zx-right"))} inputmode={if number.is_some() { "decimal" } else { "text" }} autocomplete="off" aria-label={label} aria-invalid={wrong.then_some("true")}
    data-row={props.place.to_string()} data-column={column.to_string()} value={text} oninput={typed} /> }
}
