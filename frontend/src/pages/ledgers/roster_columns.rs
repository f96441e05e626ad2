//! The columns of a sheet: which field each of them fills, as it was found by the headings and as it is corrected.

use super::kept::{Kept, field_name};
use crate::components::table::{Cell, Column, Row, Table};
use std::collections::BTreeMap;
use web_sys::HtmlSelectElement;
use yew::prelude::*;
use zhenxing_api_types::roster::RosterColumn;
use zhenxing_domain::package::{RecordDef, RecordField, RecordKind};

/// The ledger of people, whose fields a sheet may fill along.
pub const PEOPLE: &str = "person";
/// The code of the unit that holds a record.
const UNIT: &str = "unit";

/// Which field each column fills, by its heading; nothing leaves it out.
pub type Mapping = BTreeMap<String, Option<String>>;

/// Whether a field names one person.
fn names_one(field: &RecordField) -> bool {
    matches!(&field.kind, RecordKind::Reference { ledger } if ledger == PEOPLE)
}

/// Whether a cell of a sheet can be read as the field's value.
fn is_read(field: &RecordField) -> bool {
    field.kind != RecordKind::File && field.kind.ledger().is_none()
}

/// Whether records of the ledger can be made from a sheet: all that is required stands in cells.
pub fn takes_sheets(def: &RecordDef) -> bool {
    let mut required = def.fields().filter(|field| field.required);
    required.all(|field| is_read(field) || names_one(field))
}

/// What a column may fill.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    /// Its code: a field's, `unit`, or `person.name` for a field of the person whom `person` names.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The field that names the person whose value it is.
    pub of: Option<String>,
    /// What stands above the column in a sheet that is begun from nothing.
    pub heading: String,
    /// Whether a row without it is faulty.
    pub required: bool,
}

/// All that columns may fill.
pub fn fills(def: &RecordDef, people: Option<&RecordDef>) -> Vec<Fill> {
    let mut all = Vec::new();
    for field in def.fields() {
        if is_read(field) {
            all.push(Fill {
                code: field.code.clone(),
                name: field_name(field),
                of: None,
                heading: field_name(field),
                required: field.required,
            });
        } else if names_one(field) {
            let Some(people) = people else {
                continue;
            };
            all.extend(people.fields().filter(|own| is_read(own)).map(|own| Fill {
                code: format!("{}.{}", field.code, own.code),
                name: t!(
                    "roster-of",
                    field = field_name(field),
                    own = field_name(own)
                ),
                of: Some(field_name(field)),
                heading: format!("{}{}", field.name_zh, own.name_zh),
                required: field.required && own.code == people.title,
            }));
        }
    }
    all.push(Fill {
        code: UNIT.to_owned(),
        name: t!("unit"),
        of: None,
        heading: t!("unit"),
        required: false,
    });
    all
}

/// The names of what is required and that no column fills. A person is known by the number or the name.
pub fn missing(kept: &Kept, fills: &[Fill], columns: &[RosterColumn]) -> Vec<String> {
    let filled = |code: &str| {
        let within = format!("{code}.");
        columns.iter().any(|column| {
            let field = column.field.as_deref();
            field.is_some_and(|field| field == code || field.starts_with(&within))
        })
    };
    let required = kept.record.fields().filter(|field| field.required);
    let known = required.filter(|field| {
        let within = format!("{}.", field.code);
        let mut offered = fills.iter();
        offered.any(|fill| fill.code == field.code || fill.code.starts_with(&within))
    });
    let known = known.filter(|field| field.default.is_none() && !filled(&field.code));
    known.map(field_name).collect()
}

/// The columns as they were found, with what was corrected.
pub fn corrected(found: &[RosterColumn], mapping: Option<&Mapping>) -> Vec<RosterColumn> {
    let mut columns = found.to_vec();
    for column in &mut columns {
        if let Some(field) = mapping.and_then(|mapping| mapping.get(&column.heading)) {
            column.field.clone_from(field);
        }
    }
    columns
}

/// The mapping of columns with one of them changed.
fn changed(columns: &[RosterColumn], heading: &str, code: &str) -> Mapping {
    let pairs = columns.iter();
    let pairs = pairs.map(|column| (column.heading.clone(), column.field.clone()));
    let mut mapping: Mapping = pairs.collect();
    let code = Some(code.to_owned()).filter(|code| !code.is_empty());
    mapping.insert(heading.to_owned(), code);
    mapping
}

/// What more than one column fills, with the headings.
pub fn doubled(fills: &[Fill], columns: &[RosterColumn]) -> Vec<(String, Vec<String>)> {
    let of = |fill: &Fill| {
        let own = columns.iter();
        let own = own.filter(|column| column.field.as_ref() == Some(&fill.code));
        let headings: Vec<String> = own.map(|column| column.heading.clone()).collect();
        (headings.len() > 1).then(|| (fill.name.clone(), headings))
    };
    fills.iter().filter_map(of).collect()
}

/// The columns as a table, each with the choice of its field.
pub fn columns(columns: &[RosterColumn], fills: &[Fill], map: &Callback<Mapping>) -> Html {
    let heads = vec![
        Column::text(t!("roster-column")),
        Column::text(t!("roster-examples")),
        Column::text(t!("roster-fills")),
    ];
    let row = |(at, column): (usize, &RosterColumn)| {
        Row::of(
            format!("{at} {}", column.heading),
            vec![
                Cell::text(&column.heading),
                Cell::text(column.examples.join(&t!("list-separator"))),
                Cell::html(choice(columns, column, fills, map)),
            ],
        )
    };
    let rows: Vec<Row> = columns.iter().enumerate().map(row).collect();
    html! { <Table label={t!("roster-columns")} columns={heads} {rows} /> }
}

/// What a column fills, to be chosen.
fn choice(
    all: &[RosterColumn],
    column: &RosterColumn,
    fills: &[Fill],
    map: &Callback<Mapping>,
) -> Html {
    let chosen = {
        let (map, all, heading) = (map.clone(), all.to_vec(), column.heading.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                map.emit(changed(&all, &heading, &select.value()));
            }
        })
    };
    let option = |fill: &Fill| {
        let selected = column.field.as_ref() == Some(&fill.code);
        let name = match fill.required {
            true => t!("roster-required", name = fill.name.clone()),
            false => fill.name.clone(),
        };
        html! { <option value={fill.code.clone()} {selected}>{ name }</option> }
    };
    let mut groups: Vec<&String> = Vec::new();
    for of in fills.iter().filter_map(|fill| fill.of.as_ref()) {
        if !groups.contains(&of) {
            groups.push(of);
        }
    }
    let own = fills.iter().filter(|fill| fill.of.is_none());
    html! {
        <select class="zx-input" aria-label={t!("roster-fills-of", column = column.heading.clone())} onchange={chosen}>
            <option value="" selected={column.field.is_none()}>{ t!("roster-left-out") }</option>
            { for own.map(option) }
            { for groups.into_iter().map(|group| html! {
                <optgroup label={group.clone()}>{ for fills.iter().filter(|fill| fill.of.as_ref() == Some(group)).map(option) }</optgroup>
            }) }
        </select>
    }
}
