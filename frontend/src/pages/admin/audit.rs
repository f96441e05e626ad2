//! 审计: who did what and when, narrowed by filters that stand in the link, and given out as a file.

use crate::components::download::save_csv;
use crate::components::field::Select;
use crate::components::filter::FilterBar;
use crate::components::lookup::Lookup;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::toast::use_toast;
use crate::components::unit_picker::UnitPicker;
use crate::components::{Card, More, PageHeader, empty, loaded};
use crate::draft::{Filters, use_filters};
use crate::format::{self, NOTHING};
use crate::hooks::{Load, Query, use_pages, use_session};
use crate::i18n::use_language;
use crate::routes::Route;
use crate::words;
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::audit::{AuditEntry, AuditKind};

/// The beginning of a day in Beijing.
fn beginning(day: NaiveDate) -> Option<String> {
    let begins = day.and_time(NaiveTime::MIN);
    let at = begins.checked_sub_signed(TimeDelta::hours(8))?;
    Some(at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// The filters of the link as the server reads them: whole days in Beijing, the last one included.
fn filters(query: &Query) -> Vec<(&'static str, String)> {
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    let day = |name: &str| of(name).parse::<NaiveDate>().ok();
    let after = day("to").and_then(|day| day.checked_add_days(Days::new(1)));
    vec![
        ("from", day("from").and_then(beginning).unwrap_or_default()),
        ("to", after.and_then(beginning).unwrap_or_default()),
        ("kind", of("kind")),
        ("account", of("account")),
        ("unit", of("unit")),
        ("outcome", of("outcome")),
    ]
}

fn borrowed<'a>(filters: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    let pairs = filters.iter();
    pairs.map(|(name, value)| (*name, value.as_str())).collect()
}

/// The page.
#[function_component]
pub fn Audit() -> Html {
    use_language();
    let shown = use_filters(Route::Audit);
    let lines = use_pages(
        shown.query.clone(),
        |session, query: Query, cursor: String| async move {
            let mut wanted = filters(&query);
            wanted.push(("cursor", cursor));
            session.client.audit(&borrowed(&wanted)).await
        },
    );
    let (export, busy) = use_export(shown.query.clone());
    html! {
        <>
            <PageHeader title={t!("audit")} lead={html! { { t!("audit-lead") } }}>
                <button type="button" class="zx-button zx-primary" disabled={busy} onclick={export}>{ t!("audit-export") }</button>
            </PageHeader>
            <Card title={t!("audit-lines")}>
                { filter_bar(&shown) }
                { loaded(&lines.load, &lines.again, table) }
                if let Load::Ready(rows) = &lines.load {
                    if !rows.is_empty() { <More shown={rows.len()} has_more={lines.has_more} more={lines.more.clone()} /> }
                }
            </Card>
        </>
    }
}

/// Gives the lines of the filters out as a file.
#[hook]
fn use_export(query: Query) -> (Callback<MouseEvent>, bool) {
    let session = use_session();
    let toast = use_toast();
    let busy = use_state(|| false);
    let export = {
        let busy = busy.clone();
        Callback::from(move |_: MouseEvent| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (busy, toast, wanted) = (busy.clone(), toast.clone(), filters(&query));
            spawn_local(async move {
                let said = match session.client.audit_export(&borrowed(&wanted)).await {
                    Ok(text) => save_csv("audit.csv", &text).map_err(|_| t!("download-failed")),
                    Err(error) => Err(format::error(&error)),
                };
                busy.set(false);
                match (toast, said) {
                    (Some(toast), Ok(())) => toast.done(t!("audit-exported")),
                    (Some(toast), Err(why)) => toast.failed(why),
                    (None, _) => {}
                }
            });
        })
    };
    (export, *busy)
}

fn filter_bar(filters: &Filters) -> Html {
    let of = |name: &str| filters.of(name);
    let change = |name| filters.change(name);
    html! {
        <FilterBar>
            <Lookup label={t!("from-day")} kind="date" value={of("from")} change={change("from")} />
            <Lookup label={t!("to-day")} kind="date" value={of("to")} change={change("to")} />
            <Select label={t!("audit-kind")} value={of("kind")} choices={kinds()} change={change("kind")} />
            <Select label={t!("outcome")} value={of("outcome")} choices={outcomes()} change={change("outcome")} />
            <Lookup label={t!("login")} value={of("account")} change={change("account")} />
            <UnitPicker id="audit-unit" label={t!("unit")} inline={true} value={of("unit_name")} chosen={filters.unit()} />
            if !filters.query.is_empty() { <button type="button" class="zx-button" onclick={filters.none()}>{ t!("no-filters") }</button> }
        </FilterBar>
    }
}

fn kinds() -> Vec<(String, String)> {
    let all = [
        ("sign_in", AuditKind::SignIn),
        ("change", AuditKind::Change),
        ("refusal", AuditKind::Refusal),
        ("read", AuditKind::Read),
        ("export", AuditKind::Export),
        ("view", AuditKind::View),
    ];
    let mut choices = vec![(String::new(), t!("all"))];
    choices.extend(all.map(|(code, kind)| (code.to_owned(), words::audit_kind(kind))));
    choices
}

fn outcomes() -> Vec<(String, String)> {
    let mut choices = vec![(String::new(), t!("all"))];
    let all = [
        "ok",
        "forbidden",
        "not_found",
        "wrong_credentials",
        "too_many_requests",
    ];
    choices.extend(all.map(|code| (code.to_owned(), words::outcome(code))));
    choices
}

fn table(lines: &Rc<Vec<AuditEntry>>) -> Html {
    if lines.is_empty() {
        return empty(t!("audit-empty"));
    }
    let columns = vec![
        Column::text(t!("when")),
        Column::text(t!("audit-kind")),
        Column::text(t!("deed")),
        Column::text(t!("subject")),
        Column::text(t!("who")),
        Column::text(t!("unit")).minor(),
        Column::text(t!("outcome")),
        Column::text(t!("address")).minor(),
        Column::number(t!("seq")).minor(),
    ];
    let rows: Vec<Row> = lines.iter().map(row).collect();
    html! { <Table label={t!("audit-lines")} {columns} {rows} /> }
}

fn row(line: &AuditEntry) -> Row {
    let who = match (&line.account, &line.for_account) {
        (Some(account), Some(other)) => t!(
            "who-for",
            who = account.name.clone(),
            other = other.name.clone()
        ),
        (Some(account), None) => t!(
            "with-unit",
            name = account.name.clone(),
            unit = account.login.clone()
        ),
        (None, _) => NOTHING.to_owned(),
    };
    let subject = match &line.subject_account {
        Some(account) => t!(
            "with-unit",
            name = account.name.clone(),
            unit = account.login.clone()
        ),
        None if line.subject.is_empty() => NOTHING.to_owned(),
        None => line.subject.clone(),
    };
    let fine = line.outcome == "ok";
    let class = if fine {
        "zx-label-plain"
    } else {
        "zx-label-amber"
    };
    let outcome = html! { <span class={classes!("zx-label", class)} title={line.outcome.clone()}>{ words::outcome(&line.outcome) }</span> };
    let unit = line.unit.as_ref();
    Row::of(
        line.seq.to_string(),
        vec![
            Cell::whole(&format::instant(line.at)),
            Cell::text(words::audit_kind(line.kind)),
            Cell::html(
                html! { <span title={line.what.clone()}>{ words::deed(&line.what) }</span> },
            ),
            Cell::html(
                html! { <span class="zx-code" title={line.subject.clone()}>{ subject }</span> },
            ),
            Cell::text(who),
            Cell::text(unit.map_or(NOTHING, |unit| unit.name.as_str())),
            Cell::html(outcome),
            Cell::whole(line.address.as_deref().unwrap_or(NOTHING)),
            Cell::number(line.seq.to_string(), Some(line.seq)),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_beijing_and_the_last_one_counts() {
        let query: Query = [("from", "2026-11-01"), ("to", "2026-11-30")]
            .map(|(name, day)| (name.to_owned(), day.to_owned()))
            .into();
        let found = filters(&query);
        let of = |name: &str| {
            found
                .iter()
                .find(|(own, _)| *own == name)
                .map(|(_, value)| value.as_str())
        };
        assert_eq!(of("from"), Some("2026-10-31T16:00:00Z"));
        assert_eq!(of("to"), Some("2026-11-30T16:00:00Z"));
    }
}
