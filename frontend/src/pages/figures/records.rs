//! The records behind a unit's own derived figure: those that count, those that do not, and why not. Which side is shown
//! stands in the link.

use crate::components::table::{Cell, Column, Row, Table};
use crate::components::tabs::Tabs;
use crate::components::{Card, More, empty, loaded};
use crate::format;
use crate::hooks::{Query, use_go, use_pages, with};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::Page;
use zhenxing_api_types::explanation::Explanation;
use zhenxing_api_types::ledger::{FigureRecord, FigureRecords, FigureSelection, Record};

/// How the link names the sides of a share.
const SIDES: [&str; 2] = ["numerator", "denominator"];
/// How many of the things that a record names stand beside its title.
const NAMED: usize = 4;

/// Whether a figure is derived from ledgers.
pub fn is_derived(whole: &Explanation) -> bool {
    whole.metric.source == "derived"
}

/// Whether the figure is the unit's own, made from its records, and no sum of those below.
pub fn are_behind(whole: &Explanation) -> bool {
    is_derived(whole)
        && whole.total.unit.level == whole.metric.level
        && whole.periods.contains(&whole.period)
}

/// The properties of the records.
#[derive(Clone, PartialEq, Properties)]
pub struct RecordsProps {
    /// The figure.
    pub whole: Rc<Explanation>,
    /// What stands in the link.
    pub query: Query,
}

/// The records of one side.
#[function_component]
pub fn Records(props: &RecordsProps) -> Html {
    use_language();
    let whole = &props.whole;
    let ratio = whole.metric.kind == "ratio";
    let asked = props.query.get("side").map(String::as_str);
    let side = SIDES
        .into_iter()
        .find(|side| ratio && asked == Some(*side))
        .unwrap_or("numerator");
    let code = whole.metric.code.clone();
    let at = (
        code.clone(),
        whole.total.unit.code.clone(),
        whole.period.clone(),
        side,
    );
    let pages = use_pages(
        at,
        |session, (code, unit, period, side): (String, String, String, &'static str), cursor| async move {
            let ask = [
                ("unit", unit.as_str()),
                ("period", &period),
                ("side", side),
                ("cursor", &cursor),
            ];
            let mut found = session.client.figure_records(&code, &ask).await?;
            let next_cursor = found.next_cursor.take();
            Ok(Page {
                items: vec![Rc::new(found)],
                next_cursor,
                total: None,
            })
        },
    );
    let change = {
        let query = props.query.clone();
        use_go::<Route>().reform(move |side: String| {
            let code = code.clone();
            (Route::Figure { code }, with(&query, "side", &side))
        })
    };
    let shown = loaded(
        &pages.load,
        &pages.again,
        |all: &Rc<Vec<Rc<FigureRecords>>>| {
            let count = all.iter().map(|page| page.items.len()).sum::<usize>();
            html! {
                <>
                    { side_of(all, whole.numerator.decimals) }
                    if count > 0 { <More shown={count} has_more={pages.has_more} more={pages.more.clone()} /> }
                </>
            }
        },
    );
    let tabs = vec![
        ("numerator", t!("figure-numerator")),
        ("denominator", t!("figure-denominator")),
    ];
    html! {
        <Card title={t!("figure-records")}>
            if ratio {
                <Tabs label={t!("figure-sides")} {tabs} current={side} {change}>{ shown }</Tabs>
            } else {
                { shown }
            }
        </Card>
    }
}

/// A side: what it makes, and its selections with the records that have come so far.
fn side_of(pages: &[Rc<FigureRecords>], decimals: u8) -> Html {
    let Some(first) = pages.first() else {
        return Html::default();
    };
    let items: Vec<&FigureRecord> = pages.iter().flat_map(|page| &page.items).collect();
    let Some(number) = first.number else {
        return empty(t!("figure-no-records"));
    };
    html! {
        <>
            <p>{ t!("figure-side-makes", value = format::number(number, decimals)) }</p>
            { for first.selections.iter().enumerate().map(|(at, selection)| {
                let at = i64::try_from(at).unwrap_or(i64::MAX);
                let own: Vec<&FigureRecord> = items.iter().filter(|item| item.selection == at).copied().collect();
                group(selection, &own)
            }) }
        </>
    }
}

/// A selection: what must be true of a record, and the records.
fn group(selection: &FigureSelection, items: &[&FigureRecord]) -> Html {
    let name = named(&selection.name_zh, &selection.name_en);
    let condition = named(&selection.condition_zh, &selection.condition_en);
    let counted = t!(
        "figure-selection-counts",
        counted = selection.counted,
        left = selection.left_out
    );
    html! {
        <section class="zx-selection">
            <h3>{ name }{ " " }<small>{ counted }</small></h3>
            <p class="zx-hint">{ t!("figure-selection", condition = condition) }</p>
            if !selection.readable { <p>{ t!("figure-selection-closed") }</p> }
            if !items.is_empty() { { table(name, items) } }
        </section>
    }
}

fn table(ledger: &str, items: &[&FigureRecord]) -> Html {
    // Columns with nothing to say are left out.
    let with_names = items.iter().any(|item| !names(&item.record).is_empty());
    let with_reasons = items.iter().any(|item| !item.counts);
    let mut columns = vec![Column::text(t!("record"))];
    if with_names {
        columns.push(Column::text(t!("figure-record-names")));
    }
    columns.push(Column::text(t!("figure-record-counts")));
    if with_reasons {
        columns.push(Column::text(t!("figure-record-why")));
    }
    let row = |item: &&FigureRecord| {
        let record = &item.record;
        let why = item.why_zh.as_deref().zip(item.why_en.as_deref());
        let why = why.map_or("", |(zh, en)| named(zh, en));
        let counts = match item.counts {
            true => html! { <span class="zx-label zx-label-green">{ t!("figure-counts") }</span> },
            false => {
                html! { <span class="zx-label zx-label-amber">{ t!("figure-counts-not") }</span> }
            }
        };
        let mut cells = vec![Cell::html(link(record))];
        if with_names {
            cells.push(Cell::text(names(record)));
        }
        cells.extend([Cell::html(counts), Cell::text(why)]);
        Row::of(record.id.to_string(), cells)
    };
    let rows: Vec<Row> = items.iter().map(row).collect();
    html! { <Table label={t!("figure-records-of", ledger = ledger)} {columns} {rows} /> }
}

/// The record in its ledger.
fn link(record: &Record) -> Html {
    let (code, id) = (record.ledger.clone(), record.id);
    let title = match record.title.is_empty() {
        true => t!("record-untitled"),
        false => record.title.clone(),
    };
    html! { <Link<Route> to={Route::Record { code, id }}>{ title }</Link<Route>> }
}

/// Whom and what the record names, its title aside.
fn names(record: &Record) -> String {
    let named = record
        .names
        .values()
        .filter(|name| **name != record.title && **name != record.unit.name);
    let named: Vec<&str> = named.map(String::as_str).take(NAMED).collect();
    named.join(&t!("list-separator"))
}
