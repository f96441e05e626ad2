//! The reports behind a unit's own figure: the fields that it takes, and what they make.

use crate::components::Card;
use crate::components::table::{Cell, Column, Row, Table};
use crate::format;
use crate::i18n::named;
use crate::routes::Route;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::explanation::{ExplainedField, ExplainedReport, Explanation};
use zhenxing_domain::package::number::format_scaled;

/// The reports; nothing where the unit does not report itself.
pub fn reports(whole: &Explanation) -> Html {
    html! { <>{ for whole.reports.iter().map(|report| card(whole, report)) }</> }
}

fn card(whole: &Explanation, report: &ExplainedReport) -> Html {
    let columns = vec![
        Column::text(t!("figure-field")),
        Column::number(t!("figure-entered")),
    ];
    let rows: Vec<Row> = report.fields.iter().map(row).collect();
    let title = t!("figure-report", period = format::period(&report.period));
    let open = html! { <Link<Route> to={Route::Report { id: report.id }}>{ t!("figure-open-report") }</Link<Route>> };
    html! {
        <Card title={title} aside={open}>
            if !report.approved { <p class="zx-hint">{ t!("figure-not-approved") }</p> }
            <p>{ outcome(whole, report) }</p>
            <Table label={t!("figure-fields-table")} {columns} {rows} />
        </Card>
    }
}

fn row(field: &ExplainedField) -> Row {
    let name = named(&field.name_zh, &field.name_en);
    let unit = named(&field.unit_zh, &field.unit_en);
    let name = if unit.is_empty() {
        name.to_owned()
    } else {
        t!("with-unit", name = name, unit = unit)
    };
    let shown = field.value.map_or_else(
        || format::NOTHING.to_owned(),
        |value| format::grouped(&format_scaled(value, field.decimals)),
    );
    Row::of(
        field.code.clone(),
        vec![Cell::text(name), Cell::number(shown, field.value)],
    )
}

/// What the report's values make: 符合“…”，计 1.
fn outcome(whole: &Explanation, report: &ExplainedReport) -> String {
    let words = named(&whole.numerator.zh, &whole.numerator.en).to_owned();
    match (whole.numerator.condition, report.numerator) {
        (_, None) => t!("figure-incomplete"),
        (true, Some(0)) => t!("figure-unmet", words = words),
        (true, Some(_)) => t!("figure-met", words = words),
        (false, Some(value)) => t!(
            "figure-makes",
            words = words,
            value = format::number(value, whole.numerator.decimals)
        ),
    }
}
