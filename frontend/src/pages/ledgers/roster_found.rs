//! What stands against the rows of a sheet and what they warn of: counted, listed, and as a file to work from.

use crate::components::download::{csv, save_csv};
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::toast::use_toast;
use crate::components::{More, alert};
use crate::i18n::{named, use_language};
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::Problem;
use zhenxing_api_types::roster::{RosterFinding, RosterImport};

/// How many rows are shown at first, and how many more each time.
const STEP: usize = 50;

/// How many rows the sheet would add or change.
pub fn kept_rows(report: &RosterImport) -> i64 {
    report.made + report.changed
}

/// What becomes of the rows, counted.
pub fn counts(report: &RosterImport) -> Html {
    let mut parts = vec![
        (t!("roster-rows"), report.rows),
        (t!("roster-made"), report.made),
        (t!("roster-changed"), report.changed),
        (t!("roster-unchanged"), report.unchanged),
        (t!("roster-faulty"), report.faulty),
    ];
    if report.people > 0 {
        parts.push((t!("roster-people"), report.people));
    }
    let part = |(name, count): &(String, i64)| {
        html! { <div><dt>{ name }</dt><dd>{ crate::format::number(*count, 0) }</dd></div> }
    };
    html! { <dl class="zx-counts">{ for parts.iter().map(part) }</dl> }
}

/// Why the file as a whole is not taken, line by line where there are lines.
pub fn unread(problem: &Problem) -> Html {
    html! {
        <>
            { alert(&problem.detail) }
            if !problem.lines.is_empty() {
                <ul class="zx-finding">{ for problem.lines.iter().take(STEP).map(|line| html! {
                    <li>{ t!("sheet-line", line = line.line) }{ &line.message }</li>
                }) }</ul>
            }
        </>
    }
}

/// The properties of the list.
#[derive(Clone, PartialEq, Properties)]
pub struct FoundProps {
    /// What became of the rows.
    pub report: Rc<RosterImport>,
    /// What the file with the list is called.
    pub name: String,
}

/// The findings of the rows.
#[function_component]
pub fn Found(props: &FoundProps) -> Html {
    use_language();
    let report = &props.report;
    html! {
        <>
            if !report.errors.is_empty() {
                <h3>{ t!("roster-errors", rows = report.faulty, count = report.errors_total) }</h3>
                <List rows={report.errors.clone()} total={report.errors_total} name={t!("roster-errors-file", name = props.name.clone())} label={t!("roster-errors-table")} />
            }
            if !report.warnings.is_empty() {
                <h3>{ t!("roster-warnings", count = report.warnings_total) }</h3>
                <List rows={report.warnings.clone()} total={report.warnings_total} name={t!("roster-warnings-file", name = props.name.clone())} label={t!("roster-warnings-table")} />
            }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ListProps {
    rows: Vec<RosterFinding>,
    total: i64,
    name: String,
    label: String,
}

fn said(finding: &RosterFinding) -> &str {
    named(&finding.message_zh, &finding.message_en)
}

/// Findings as a table, some at first, and as a file.
#[function_component]
fn List(props: &ListProps) -> Html {
    use_language();
    let shown = use_state(|| STEP);
    let toast = use_toast();
    let more = {
        let shown = shown.clone();
        Callback::from(move |()| shown.set(shown.saturating_add(STEP)))
    };
    let save = {
        let props = props.clone();
        Callback::from(move |_: MouseEvent| {
            let saved = save_csv(&props.name, &sheet(&props.rows));
            match (&toast, saved) {
                (Some(toast), Ok(())) => {
                    toast.done(t!("download-done", name = props.name.clone()));
                }
                (Some(toast), Err(_)) => toast.failed(t!("download-failed")),
                (None, _) => {}
            }
        })
    };
    let count = props.rows.len().min(*shown);
    let rows = props.rows.get(..count).unwrap_or_default();
    let listed = i64::try_from(props.rows.len()).unwrap_or(i64::MAX);
    let has_more = props.rows.len() > count;
    html! {
        <>
            <p class="zx-row zx-roster-acts"><button type="button" class="zx-button" onclick={save}>{ t!("roster-download") }</button>
                if listed < props.total { <small>{ t!("roster-first", count = listed) }</small> }</p>
            { table(props.label.clone(), rows) }
            <More shown={count} {has_more} {more} />
        </>
    }
}

/// Findings as a table.
pub fn table(label: String, findings: &[RosterFinding]) -> Html {
    let columns = vec![
        Column::text(t!("roster-row")),
        Column::text(t!("roster-column")),
        Column::text(t!("roster-said")),
    ];
    let row = |(at, finding): (usize, &RosterFinding)| {
        // As the sheet counts its rows, without commas.
        let line = finding.row.to_string();
        Row::of(
            at.to_string(),
            vec![
                Cell::whole(&t!("roster-row-of", row = line)),
                Cell::text(finding.column.clone().unwrap_or_default()),
                Cell::text(said(finding)),
            ],
        )
    };
    let rows: Vec<Row> = findings.iter().enumerate().map(row).collect();
    html! { <Table {label} {columns} {rows} /> }
}

/// Findings as a sheet.
fn sheet(findings: &[RosterFinding]) -> String {
    let head = vec![t!("roster-row"), t!("roster-column"), t!("roster-said")];
    let row = |finding: &RosterFinding| {
        vec![
            finding.row.to_string(),
            finding.column.clone().unwrap_or_default(),
            said(finding).to_owned(),
        ]
    };
    let rows = findings.iter().map(row);
    let all: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    csv(&all)
}
