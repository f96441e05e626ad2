//! 方案: the programme in force and what follows it, the publications of its package, and what the latest one changed.

use crate::components::table::{Cell, Column, Row, Table};
use crate::components::{Card, PageHeader, empty, loaded};
use crate::format::{self, NOTHING};
use crate::hooks::use_load;
use crate::i18n::{named, use_language};
use chrono::NaiveDate;
use yew::prelude::*;
use zhenxing_api_types::edition::{ChangeKind, PackageChange, PackageEdition};
use zhenxing_api_types::programme::{FollowOn, FormSummary, Programme};

/// The programme with its publications.
#[derive(Debug, Clone, PartialEq)]
struct Whole {
    programme: Programme,
    editions: Vec<PackageEdition>,
    changes: Vec<PackageChange>,
    forms: Vec<FormSummary>,
}

/// The page.
#[function_component]
pub fn ProgrammePage() -> Html {
    use_language();
    let (load, again) = use_load((), |session, ()| async move {
        let mut found = Vec::new();
        let forms = session.forms().await?;
        for programme in session.client.programmes().await?.items {
            let editions = session.client.editions(&programme.code).await?.items;
            let changes = session.client.package_changes(&programme.code).await?.items;
            found.push(Whole {
                programme,
                editions,
                changes,
                forms: forms.to_vec(),
            });
        }
        Ok(found)
    });
    html! {
        <>
            <PageHeader title={t!("programme")} lead={html! { { t!("programme-lead") } }} />
            { loaded(&load, &again, |all| html! { { for all.iter().map(shown) } }) }
        </>
    }
}

fn shown(whole: &Whole) -> Html {
    let programme = &whole.programme;
    let name = named(&programme.name_zh, &programme.name_en).to_owned();
    html! {
        <>
            <Card title={name}>
                <dl class="zx-facts">
                    <dt>{ t!("issued-by") }</dt><dd>{ t!("issued-line", by = named(&programme.issued_by_zh, &programme.issued_by_en), on = programme.issued_on.to_string()) }</dd>
                    <dt>{ t!("valid-time") }</dt><dd>{ time(programme.valid_from, Some(programme.valid_until)) }</dd>
                    <dt>{ t!("package-version") }</dt><dd>{ programme.version }</dd>
                    <dt>{ t!("content-source") }</dt><dd>{ named(&programme.source_zh, &programme.source_en) }</dd>
                    <dt>{ t!("numbering") }</dt><dd>{ named(&programme.display_note_zh, &programme.display_note_en) }</dd>
                </dl>
            </Card>
            if let Some(next) = &programme.follow_on { { follow_on(next) } }
            <Card title={t!("package-changes")}>
                if whole.changes.is_empty() { { empty(t!("package-changes-empty")) } }
                else { <Table label={t!("package-changes")} columns={change_columns()} rows={whole.changes.iter().map(change_row).collect::<Vec<_>>()} /> }
            </Card>
            <Card title={t!("package-editions")} aside={html! { <small>{ t!("package-how") }</small> }}>
                if whole.editions.is_empty() { { empty(t!("package-editions-empty")) } }
                else { <Table label={t!("package-editions")} columns={edition_columns()} rows={whole.editions.iter().map(edition_row).collect::<Vec<_>>()} /> }
            </Card>
            <Card title={t!("package-forms")}>
                <Table label={t!("package-forms")} columns={form_columns()} rows={whole.forms.iter().map(form_row).collect::<Vec<_>>()} />
            </Card>
        </>
    }
}

fn follow_on(next: &FollowOn) -> Html {
    html! {
        <Card title={named(&next.name_zh, &next.name_en).to_owned()} aside={html! { <small>{ t!("follow-on") }</small> }}>
            <dl class="zx-facts">
                <dt>{ t!("valid-time") }</dt><dd>{ time(next.valid_from, next.valid_until) }</dd>
                <dt>{ t!("still-open") }</dt><dd>{ named(&next.note_zh, &next.note_en) }</dd>
            </dl>
        </Card>
    }
}

/// From one day until another, or until what is to be set.
fn time(from: NaiveDate, until: Option<NaiveDate>) -> String {
    let until = until.map_or_else(|| t!("to-be-set"), |day| day.to_string());
    t!("from-until", from = from.to_string(), until = until)
}

fn change_columns() -> Vec<Column> {
    vec![
        Column::text(t!("package-thing")).sorts(),
        Column::text(t!("package-code")).sorts(),
        Column::text(t!("package-change")),
        Column::text(t!("package-members")),
    ]
}

fn change_row(change: &PackageChange) -> Row {
    let members = change.members.iter().map(|member| {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| NOTHING.to_owned());
        html! { <li><code>{ &member.name }</code>{ " " }{ shown(&member.before) }{ " → " }{ shown(&member.after) }</li> }
    });
    let members = html! {
        <>
            <ul class="zx-members">{ for members }</ul>
            if change.reported { <p class="zx-finding">{ "▲ " }{ t!("package-reported") }</p> }
        </>
    };
    let (word, class) = match change.change {
        ChangeKind::Added => (t!("change-added"), "zx-label-green"),
        ChangeKind::Removed => (t!("change-removed"), "zx-label-amber"),
        ChangeKind::Changed => (t!("change-changed"), "zx-label-plain"),
    };
    let thing = thing(&change.thing);
    Row::of(
        format!("{}/{}", change.thing, change.code),
        vec![
            Cell::text(thing),
            Cell::text(change.code.clone()),
            Cell::html(html! { <span class={classes!("zx-label", class)}>{ word }</span> }),
            Cell::html(members),
        ],
    )
}

/// What a thing of the package is called; its own word where there is none.
fn thing(code: &str) -> String {
    match code {
        "programme" => t!("thing-programme"),
        "follow_on" => t!("follow-on"),
        "project" => t!("thing-project"),
        "matter" => t!("thing-matter"),
        "list" => t!("thing-list"),
        "setting" => t!("thing-setting"),
        "department" => t!("thing-department"),
        "ledger" => t!("thing-ledger"),
        "tag" => t!("thing-tag"),
        "metric" => t!("thing-metric"),
        "target" => t!("thing-target"),
        "form" => t!("thing-form"),
        "field" => t!("thing-field"),
        "rule" => t!("thing-rule"),
        other => other.to_owned(),
    }
}

fn edition_columns() -> Vec<Column> {
    vec![
        Column::number(t!("package-edition")),
        Column::number(t!("package-version")),
        Column::text(t!("published-at")),
        Column::number(t!("package-change-count")),
        Column::text(t!("package-digest")).minor(),
    ]
}

fn edition_row(edition: &PackageEdition) -> Row {
    let digest: String = edition.digest.chars().take(12).collect();
    Row::of(
        edition.edition.to_string(),
        vec![
            Cell::count(i64::from(edition.edition)),
            Cell::count(i64::from(edition.version)),
            Cell::text(format::instant(edition.published_at)),
            Cell::count(edition.changes),
            Cell::html(html! { <code title={edition.digest.clone()}>{ digest }</code> }),
        ],
    )
}

fn form_columns() -> Vec<Column> {
    vec![
        Column::text(t!("form")),
        Column::text(t!("form-cadence")),
        Column::text(t!("form-from")),
        Column::text(t!("current-period")),
    ]
}

fn form_row(form: &FormSummary) -> Row {
    let from = form.from.as_deref();
    Row::of(
        &form.code,
        vec![
            Cell::text(format!(
                "{} {}",
                form.code,
                named(&form.name_zh, &form.name_en)
            )),
            Cell::text(cadence(&form.cadence)),
            Cell::text(from.map_or_else(|| t!("form-first"), format::period)),
            Cell::text(format::period(&form.current_period)),
        ],
    )
}

fn cadence(code: &str) -> String {
    match code {
        "yearly" => t!("cadence-yearly"),
        "half_yearly" => t!("cadence-half-yearly"),
        "quarterly" => t!("cadence-quarterly"),
        "monthly" => t!("cadence-monthly"),
        other => other.to_owned(),
    }
}
