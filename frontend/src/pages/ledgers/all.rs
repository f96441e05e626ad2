//! The ledgers of the programme, by project, with how many records each has and when one was changed last.

use crate::components::table::{Cell, Column, Row, Table};
use crate::components::{Card, PageHeader, empty, loaded};
use crate::format;
use crate::hooks::use_load;
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::ledger::LedgerSummary;
use zhenxing_api_types::programme::Project;

/// The page.
#[function_component]
pub fn Ledgers() -> Html {
    use_language();
    let (load, again) = use_load((), |session, ()| async move {
        let ledgers = session.client.ledgers().await?.items;
        let projects = session.client.projects().await?.items;
        Ok(Rc::new((ledgers, projects)))
    });
    html! {
        <>
            <PageHeader title={t!("ledgers")} lead={html! { { t!("ledgers-lead") } }} />
            { loaded(&load, &again, |all| {
                let (ledgers, projects) = &**all;
                if ledgers.is_empty() {
                    return empty(t!("ledgers-empty"));
                }
                html! { { for grouped(ledgers, projects).into_iter().map(|(project, ledgers)| group(project, &ledgers)) } }
            }) }
        </>
    }
}

/// Ledgers under one heading; without a project they serve all.
type Group<'a> = (Option<&'a Project>, Vec<&'a LedgerSummary>);

/// The ledgers by the project of their first matter; those of no matter stand first. Groups without any are left out.
fn grouped<'a>(ledgers: &'a [LedgerSummary], projects: &'a [Project]) -> Vec<Group<'a>> {
    let project_of = |ledger: &LedgerSummary| {
        ledger.matters.iter().find_map(|matter| {
            projects
                .iter()
                .position(|project| project.matters.contains(matter))
        })
    };
    let of = |place: Option<usize>| -> Vec<&'a LedgerSummary> {
        let own = ledgers.iter().filter(|ledger| project_of(ledger) == place);
        own.collect()
    };
    let base = std::iter::once((None, of(None)));
    let rest = projects.iter().enumerate();
    let rest = rest.map(|(place, project)| (Some(project), of(Some(place))));
    base.chain(rest)
        .filter(|(_, own)| !own.is_empty())
        .collect()
}

fn group(project: Option<&Project>, ledgers: &[&LedgerSummary]) -> Html {
    let title = project.map_or_else(
        || t!("ledgers-base"),
        |project| named(&project.name_zh, &project.name_en).to_owned(),
    );
    let columns = vec![
        Column::text(t!("ledger")),
        Column::text(t!("ledger-matters")).minor(),
        Column::number(t!("ledger-records")),
        Column::text(t!("ledger-changed")),
        Column::text(t!("ledger-note")),
    ];
    let (used, unused): (Vec<&LedgerSummary>, Vec<&LedgerSummary>) =
        ledgers.iter().partition(|ledger| ledger.in_use);
    let rows: Vec<Row> = used.into_iter().map(row).collect();
    let unused: Vec<&str> = unused.into_iter().map(name).collect();
    html! {
        <Card title={title.clone()} class="zx-ledgers">
            if !rows.is_empty() { <Table label={title} {columns} {rows} /> }
            if !unused.is_empty() { <p class="zx-unused">{ t!("ledger-unused-list", names = unused.join(&t!("list-separator"))) }</p> }
        </Card>
    }
}

fn name(ledger: &LedgerSummary) -> &str {
    named(&ledger.name_zh, &ledger.name_en)
}

fn row(ledger: &LedgerSummary) -> Row {
    let name = name(ledger).to_owned();
    let code = ledger.code.clone();
    let head = if ledger.readable {
        html! { <Link<Route> to={Route::Ledger { code }}>{ name }</Link<Route>> }
    } else {
        html! { <span class="zx-unused">{ name }</span> }
    };
    let note = match (ledger.restricted, ledger.readable) {
        (true, _) => {
            html! { <span class="zx-label zx-label-amber">{ t!("ledger-restricted") }</span> }
        }
        (false, false) => html! { { t!("ledger-unreadable") } },
        (false, true) => Html::default(),
    };
    let changed = ledger
        .changed_at
        .map_or_else(Cell::nothing, |at| Cell::whole(&format::instant(at)));
    Row::of(
        ledger.code.clone(),
        vec![
            Cell::html(head),
            Cell::text(ledger.matters.join(&t!("list-separator"))),
            ledger.records.map_or_else(Cell::nothing, Cell::count),
            changed,
            Cell::html(note),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(code: &str, matters: &[&str]) -> LedgerSummary {
        LedgerSummary {
            code: code.to_owned(),
            name_zh: String::new(),
            name_en: String::new(),
            matters: matters.iter().map(|&matter| matter.to_owned()).collect(),
            restricted: false,
            in_use: true,
            readable: true,
            records: None,
            changed_at: None,
        }
    }

    #[test]
    fn ledgers_stand_once_under_the_project_of_their_first_matter() {
        let project = |code: &str, matter: &str| Project {
            code: code.to_owned(),
            name_zh: String::new(),
            name_en: String::new(),
            matters: vec![matter.to_owned()],
        };
        let projects = [
            project("P1", "M01"),
            project("P2", "M05"),
            project("P3", "M09"),
        ];
        let ledgers = [
            ledger("seat", &["M05", "M01"]),
            ledger("person", &[]),
            ledger("course", &["M01"]),
        ];
        let found: Vec<(Option<&str>, Vec<&str>)> = grouped(&ledgers, &projects)
            .into_iter()
            .map(|(project, own)| {
                let own = own.into_iter().map(|ledger| ledger.code.as_str());
                (project.map(|project| project.code.as_str()), own.collect())
            })
            .collect();
        assert_eq!(
            found,
            [
                (None, vec!["person"]),
                (Some("P1"), vec!["course"]),
                (Some("P2"), vec!["seat"]),
            ]
        );
    }
}
