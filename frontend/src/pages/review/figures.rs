//! The figures under review beside the last period; while a report goes back, each can be given its own reason.

use super::detail::Back;
use crate::components::table::{Cell, Column, Row, Table};
use crate::format;
use crate::i18n::{named, use_language};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use zhenxing_api_types::report::{Report, domain_values};
use zhenxing_domain::package::{FieldDef, FormDef};

/// The properties of the figures.
#[derive(Clone, PartialEq, Properties)]
pub struct FiguresProps {
    /// The report.
    pub report: Rc<Report>,
    /// Its form.
    pub form: Rc<FormDef>,
    /// What goes back with it, while it does.
    pub back: Option<Back>,
    /// Takes what goes back with it.
    pub change: Callback<Back>,
}

/// The figures.
#[function_component]
pub fn Figures(props: &FiguresProps) -> Html {
    use_language();
    let (report, form) = (&props.report, &props.form);
    let numbers = form.numbers(&domain_values(&report.values));
    let old = report.previous.clone().unwrap_or_default();
    let old_numbers = form.numbers(&domain_values(&old));
    let before = report
        .previous_period
        .as_deref()
        .map_or_else(|| t!("last-period"), format::period);
    let mut columns = vec![
        Column::text(t!("item")),
        Column::number(t!("this-period")),
        Column::number(before),
        Column::number(t!("change")),
    ];
    if props.back.is_some() {
        columns.push(Column::text(t!("return-figure")));
    }
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
        let large = now
            .zip(before)
            .is_some_and(|(now, old)| now.abs_diff(*old).saturating_mul(2) > old.unsigned_abs());
        let mut cells = vec![
            Cell::text(format::field_name(field)),
            Cell::text(shown(now, &report.values)),
            Cell::text(shown(before, &old)),
            Cell::html(
                html! { <span class={large.then_some("zx-change-large")}>{ change.unwrap_or_else(|| format::NOTHING.to_owned()) }</span> },
            ),
        ];
        if let Some(back) = &props.back {
            cells.push(Cell::html(mark(field, back, &props.change)));
        }
        let marked = report
            .findings
            .iter()
            .any(|finding| finding.field.as_deref() == Some(field.code.as_str()));
        Row {
            key: field.code.clone(),
            cells,
            marked,
        }
    };
    let rows: Vec<Row> = form.fields().map(row).collect();
    html! { <Table label={t!("review-figures")} {columns} {rows} /> }
}

/// The reason for one figure.
fn mark(field: &FieldDef, back: &Back, change: &Callback<Back>) -> Html {
    let given = back.marks.get(&field.code).cloned().unwrap_or_default();
    let (back, change, code) = (back.clone(), change.clone(), field.code.clone());
    let typed = Callback::from(move |event: InputEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            let mut next = back.clone();
            if input.value().trim().is_empty() {
                next.marks.remove(&code);
            } else {
                next.marks.insert(code.clone(), input.value());
            }
            change.emit(next);
        }
    });
    let label = t!(
        "return-figure-of",
        name = named(&field.name_zh, &field.name_en)
    );
    html! { <input class="zx-input" aria-label={label} value={given} oninput={typed} maxlength="500" /> }
}
