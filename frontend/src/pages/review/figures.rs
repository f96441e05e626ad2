//! The figures under review beside the last period, last year and their neighbours; while a report goes back, each can be
//! given its own reason.

use super::detail::Back;
use crate::components::table::{Cell, Column, Row, Table};
use crate::format;
use crate::hooks::Load;
use crate::i18n::{named, use_language};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use zhenxing_api_types::report::{Report, domain_values};
use zhenxing_api_types::report_bulk::{ComparedField, Comparison};
use zhenxing_domain::package::{FieldDef, FormDef};

/// The properties of the figures.
#[derive(Clone, PartialEq, Properties)]
pub struct FiguresProps {
    /// The report.
    pub report: Rc<Report>,
    /// Its form.
    pub form: Rc<FormDef>,
    /// What it is compared with, which comes later than the report.
    pub beside: Load<Rc<Comparison>>,
    /// Fetches that again.
    pub again: Callback<()>,
    /// What goes back with it, while it does.
    pub back: Option<Back>,
    /// Takes what goes back with it.
    pub change: Callback<Back>,
}

/// Which columns stand beside the last period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Beside {
    last_year: bool,
    neighbours: i64,
}

impl Beside {
    /// Of a yearly form last year is the last period already.
    fn of(load: &Load<Rc<Comparison>>) -> Beside {
        match load {
            Load::Ready(all) => Beside {
                last_year: all.last_year_period != all.previous_period
                    && all.fields.iter().any(|one| one.last_year.is_some()),
                neighbours: all.neighbours,
            },
            Load::Waiting | Load::Failed(_) => Beside {
                last_year: false,
                neighbours: 0,
            },
        }
    }
}

/// The figures.
#[function_component]
pub fn Figures(props: &FiguresProps) -> Html {
    use_language();
    let (report, form) = (&props.report, &props.form);
    let numbers = form.numbers(&domain_values(&report.values));
    let old = report.previous.clone().unwrap_or_default();
    let old_numbers = form.numbers(&domain_values(&old));
    let beside = Beside::of(&props.beside);
    let compared = |field: &FieldDef| match &props.beside {
        Load::Ready(all) => all.fields.iter().find(|one| one.field == field.code),
        Load::Waiting | Load::Failed(_) => None,
    };
    let row = |field: &FieldDef| {
        let (now, before) = (numbers.get(&field.code), old_numbers.get(&field.code));
        let shown = |number: Option<&i64>, values: &zhenxing_api_types::report::Values| match number
        {
            Some(_) => format::computed(field, number),
            None => format::value(field, values.get(&field.code)),
        };
        let of = |read: fn(&ComparedField) -> Option<i64>| compared(field).and_then(read);
        let mut cells = vec![
            Cell::text(format::field_name(field)),
            Cell::text(shown(now, &report.values)),
            Cell::html(differing(
                shown(before, &old),
                now.copied(),
                before.copied(),
            )),
        ];
        if beside.last_year {
            let year = of(|one| one.last_year);
            let text = format::computed(field, year.as_ref());
            cells.push(Cell::html(differing(text, now.copied(), year)));
        }
        if beside.neighbours > 0 {
            let median = of(|one| one.median);
            let text = format::computed(field, median.as_ref());
            cells.push(Cell::html(differing(text, now.copied(), median)));
        }
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
    html! {
        <><Table label={t!("review-figures")} columns={columns(props, beside)} {rows} />{ legend(props, beside) }</>
    }
}

fn columns(props: &FiguresProps, beside: Beside) -> Vec<Column> {
    let before = props.report.previous_period.as_deref();
    let before = before.map_or_else(|| t!("last-period"), format::period);
    let mut columns = vec![
        Column::text(t!("item")),
        Column::number(t!("this-period")),
        Column::number(before).hint(t!("compare-previous-hint")),
    ];
    if beside.last_year {
        columns.push(Column::number(t!("last-year")).hint(t!("compare-year-hint")));
    }
    if beside.neighbours > 0 {
        let hint = t!("compare-median-hint", count = beside.neighbours);
        columns.push(Column::number(t!("median")).hint(hint));
    }
    if props.back.is_some() {
        columns.push(Column::text(t!("return-figure")));
    }
    columns
}

/// What the columns mean, or why something is not beside the figures.
fn legend(props: &FiguresProps, beside: Beside) -> Html {
    let again = props.again.reform(|_: MouseEvent| ());
    match &props.beside {
        Load::Waiting => {
            html! { <p class="zx-compare" role="status">{ t!("compare-waiting") }</p> }
        }
        Load::Failed(error) => html! {
            <p class="zx-compare">{ t!("compare-failed", reason = format::error(error)) }{ " " }<button type="button" class="zx-plain zx-link" onclick={again}>{ t!("try-again") }</button></p>
        },
        Load::Ready(_) => html! {
            <p class="zx-compare">{ t!("compare-legend") }
                if beside.neighbours > 0 { { " " }{ t!("compare-median-hint", count = beside.neighbours) } }
                else { { " " }{ t!("compare-no-neighbours") } }</p>
        },
    }
}

/// A figure with how far this period stands from it; what is far away is marked.
fn differing(shown: String, now: Option<i64>, other: Option<i64>) -> Html {
    let pair = now.zip(other);
    let change = pair.and_then(|(now, other)| format::change(now, other));
    let far = pair.is_some_and(|(now, other)| is_far(now, other));
    html! {
        <>{ shown }if let Some(text) = change.filter(|_| pair.is_some_and(|(now, other)| now != other)) {
            <small class={classes!("zx-apart", far.then_some("zx-change-large"))}>if far { <span aria-hidden="true">{ "▲ " }</span><span class="zx-hidden">{ t!("compare-far") }</span> }{ text }</small>
        } else if far { <small class="zx-apart zx-change-large">{ "▲ " }{ t!("compare-far") }</small> }</>
    }
}

/// Whether two figures differ by more than half of the other.
fn is_far(now: i64, other: i64) -> bool {
    now.abs_diff(other).saturating_mul(2) > other.unsigned_abs()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_by_more_than_half_is_far() {
        for (now, other, far) in [
            (150, 100, false),
            (151, 100, true),
            (50, 100, false),
            (49, 100, true),
            (1, 0, true),
            (0, 0, false),
            (-100, 100, true),
        ] {
            assert_eq!(is_far(now, other), far, "{now} beside {other}");
        }
    }
}
