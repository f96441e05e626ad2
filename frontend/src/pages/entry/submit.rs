//! What is about to be submitted: what changed, and the explanations.

use crate::components::dialog::Dialog;
use crate::components::table::{Cell, Column, Row, Table};
use crate::format;
use crate::i18n::{named, use_language};
use crate::pages::typed::{Texts, typed};
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::report::{Report, domain_values, wire_values};
use zhenxing_domain::package::{FieldDef, FormDef};

/// The properties of the summary.
#[derive(Clone, PartialEq, Properties)]
pub struct SubmitProps {
    /// The report.
    pub report: Rc<Report>,
    /// Its form.
    pub form: Rc<FormDef>,
    /// What was typed.
    pub texts: Texts,
    /// The explanations given.
    pub explanations: Texts,
    /// Submits.
    pub confirm: Callback<()>,
    /// Goes back to the sheet.
    pub cancel: Callback<()>,
}

/// What changed against the period before, and what follows.
#[function_component]
pub fn Submit(props: &SubmitProps) -> Html {
    use_language();
    let form = &props.form;
    let values = typed(form, &props.texts);
    let old = props
        .report
        .previous
        .as_ref()
        .map(domain_values)
        .unwrap_or_default();
    let (numbers, old_numbers) = (form.numbers(&values), form.numbers(&old));
    let wire = wire_values(values.clone());
    let old_wire = props.report.previous.clone().unwrap_or_default();
    let differs = |field: &&FieldDef| {
        numbers.get(&field.code) != old_numbers.get(&field.code)
            || wire.get(&field.code) != old_wire.get(&field.code)
    };
    let row = |field: &FieldDef| {
        let (now, before) = (numbers.get(&field.code), old_numbers.get(&field.code));
        let shown = |number: Option<&i64>, values: &zhenxing_api_types::report::Values| match number
        {
            Some(_) => format::computed(field, number),
            None => format::value(field, values.get(&field.code)),
        };
        let change = now
            .zip(before)
            .and_then(|(now, old)| format::change(*now, *old));
        Row::of(
            field.code.clone(),
            vec![
                Cell::text(format::field_name(field)),
                Cell::text(shown(before, &old_wire)),
                Cell::text(shown(now, &wire)),
                Cell::text(change.unwrap_or_else(|| format::NOTHING.to_owned())),
            ],
        )
    };
    let rows: Vec<Row> = form.fields().filter(differs).map(row).collect();
    let kept = form
        .fields()
        .filter(|field| !differs(field) && wire.contains_key(&field.code))
        .count();
    let columns = vec![
        Column::text(t!("item")),
        Column::number(t!("last-period")),
        Column::number(t!("this-period")),
        Column::number(t!("change")),
    ];
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.cancel.reform(|_: MouseEvent| ())}>{ t!("submit-look-again") }</button>
        <button type="button" class="zx-button zx-primary" onclick={props.confirm.reform(|_: MouseEvent| ())}>{ t!("submit-confirm") }</button></>
    };
    let given = props
        .explanations
        .iter()
        .filter(|(_, text)| !text.trim().is_empty());
    let rule = |code: &str| {
        form.rule(code).map_or_else(String::new, |rule| {
            named(&rule.message_zh, &rule.message_en).to_owned()
        })
    };
    html! {
        <Dialog title={t!("submit-confirm")} close={props.cancel.clone()} wide=true {acts}>
            <p>{ t!("submit-text", unit = props.report.summary.unit.name.clone(), changed = rows.len(), kept = kept) }</p>
            if !rows.is_empty() { <Table label={t!("submit-changes")} {columns} {rows} /> }
            { for given.map(|(code, text)| html! { <p class="zx-quote"><small>{ rule(code) }</small>{ t!("explained", text = text.clone()) }</p> }) }
        </Dialog>
    }
}
