//! Records as rows of a table; each opens beside it.

use super::kept::{Kept, field_label};
use super::shown;
use crate::components::table::{Cell, Column, Row, Table};
use crate::format;
use crate::hooks::Query;
use crate::routes::Route;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::ledger::Record;
use zhenxing_domain::package::{RecordDef, RecordField, RecordKind};

/// How many fields a phone shows beside the title.
const ON_PHONE: usize = 2;

/// The fields that are columns; the title stands first in any case.
fn columns(def: &RecordDef) -> Vec<&RecordField> {
    let fields = def
        .fields()
        .filter(|field| field.column && field.code != def.title);
    fields.collect()
}

/// A table of records. Units are shown where the reader's has others below it.
pub fn table(
    kept: &Kept,
    records: &[Rc<Record>],
    open: Option<Uuid>,
    query: &Query,
    below: bool,
) -> Html {
    let fields = columns(&kept.record);
    let title = kept.record.field(&kept.record.title);
    let name = title.map_or_else(|| t!("record-title"), field_label);
    let mut heads = vec![Column::text(name)];
    heads.extend(fields.iter().enumerate().map(|(place, field)| {
        let column = match field.kind.decimals() {
            Some(_) => Column::number(field_label(field)),
            None => Column::text(field_label(field)),
        };
        if place < ON_PHONE {
            column
        } else {
            column.minor()
        }
    }));
    if !kept.record.states.is_empty() {
        heads.push(Column::text(t!("state")));
    }
    if below {
        heads.push(Column::text(t!("unit")));
    }
    heads.push(Column::text(t!("record-updated")).minor());
    let row = |record: &Rc<Record>| {
        let mut cells = vec![link(kept, record, query)];
        cells.extend(fields.iter().map(|field| cell(field, record)));
        if !kept.record.states.is_empty() {
            cells.push(Cell::html(shown::state(kept, record)));
        }
        if below {
            cells.push(Cell::whole(&record.unit.name));
        }
        cells.push(Cell::whole(&format::instant(record.updated_at)));
        Row {
            marked: open == Some(record.id),
            ..Row::of(record.id.to_string(), cells)
        }
    };
    let rows: Vec<Row> = records.iter().map(row).collect();
    html! { <Table label={kept.name()} columns={heads} {rows} /> }
}

fn link(kept: &Kept, record: &Record, query: &Query) -> Cell {
    let (code, id) = (record.ledger.clone(), record.id);
    let query = (!query.is_empty()).then(|| query.clone());
    let title = shown::title(kept, record);
    Cell::html(html! {
        <Link<Route, Query> to={Route::Record { code, id }} {query}>{ title }</Link<Route, Query>>
    })
}

fn cell(field: &RecordField, record: &Record) -> Cell {
    let text = shown::brief(field, record);
    match (&field.kind, field.kind.decimals()) {
        (_, Some(_)) => Cell::number(text, None),
        (RecordKind::Date, None) => Cell::whole(&text),
        (_, None) => Cell::text(text),
    }
}
