//! What a change of units does, as the server works it out before it is made.

use super::words_of;
use crate::components::alert;
use crate::components::table::{Cell, Column, Row, Table};
use crate::format;
use crate::i18n::named;
use crate::words;
use yew::prelude::*;
use zhenxing_api_types::unit::UnitRef;
use zhenxing_api_types::unit_change::{ExpectedShift, TargetShift, UnitChangeEffect, UnitShift};

/// The names of units, one after another.
pub fn names(units: &[UnitRef]) -> String {
    let names: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
    names.join(&t!("list-separator"))
}

/// Everything that a change does, the gravest first.
pub fn effect(effect: &UnitChangeEffect) -> Html {
    let locked: Vec<String> = effect
        .periods
        .iter()
        .filter(|period| period.locked)
        .map(|period| format::period(&period.period))
        .collect();
    let locked = if locked.is_empty() {
        String::new()
    } else {
        t!(
            "effect-locked",
            periods = locked.join(&t!("list-separator"))
        )
    };
    html! {
        <div class="zx-effect">
            { alert(&locked) }
            <ul class="zx-effect-counts">
                { count(t!("effect-placed"), effect.placed_count) }
                { count(t!("effect-created"), size(&effect.created)) }
                { count(t!("effect-ended"), size(&effect.ended)) }
                { count(t!("effect-reports"), effect.open_reports_count) }
                { count(t!("effect-accounts"), effect.accounts_count) }
                { count(t!("effect-periods"), size(&effect.periods)) }
            </ul>
            if !effect.ended.is_empty() { <p>{ t!("effect-ended-names", names = names(&effect.ended)) }</p> }
            if !effect.placed.is_empty() { { placed(effect) } }
            if !effect.open_reports.is_empty() { { reports(effect) } }
            if !effect.accounts.is_empty() { { accounts(effect) } }
            { expected(&effect.expected) }
            { targets(&effect.targets) }
            if !effect.periods.is_empty() { <p><small>{ t!("effect-again", periods = periods(effect)) }</small></p> }
        </div>
    }
}

fn size<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

fn count(name: String, count: i64) -> Html {
    html! { <li><span>{ name }</span><strong>{ format::number(count, 0) }</strong></li> }
}

fn periods(effect: &UnitChangeEffect) -> String {
    let mut all: Vec<String> = effect
        .periods
        .iter()
        .map(|period| format::period(&period.period))
        .collect();
    all.dedup();
    all.join(&t!("list-separator"))
}

fn part(title: String, table: Html) -> Html {
    html! { <section><h3>{ title }</h3>{ table }</section> }
}

fn placed(effect: &UnitChangeEffect) -> Html {
    let columns = vec![
        Column::text(t!("unit")),
        Column::text(t!("effect-before")),
        Column::text(t!("effect-after")),
    ];
    let rows: Vec<Row> = effect.placed.iter().map(shift).collect();
    let title = t!(
        "effect-placed-first",
        shown = effect.placed.len(),
        count = effect.placed_count
    );
    part(
        title,
        html! { <Table label={t!("effect-placed")} {columns} {rows} /> },
    )
}

fn shift(shift: &UnitShift) -> Row {
    let place = |unit: Option<&UnitRef>, parent: Option<&UnitRef>, kind: Option<String>| {
        let Some(unit) = unit else {
            return t!("effect-none");
        };
        let above = parent.map_or_else(String::new, |parent| format!("{} › ", parent.name));
        format!(
            "{above}{} · {} · {}",
            unit.name,
            unit.code,
            kind.unwrap_or_default()
        )
    };
    let before = place(
        shift.before.as_ref(),
        shift.parent_before.as_ref(),
        shift.kind_before.map(words::unit_kind),
    );
    let after = place(
        Some(&shift.unit),
        shift.parent.as_ref(),
        Some(words::unit_kind(shift.unit_kind)),
    );
    Row::of(
        &shift.unit.code,
        vec![
            Cell::text(&shift.unit.name),
            Cell::text(before),
            Cell::text(after),
        ],
    )
}

fn reports(effect: &UnitChangeEffect) -> Html {
    let columns = vec![
        Column::text(t!("unit")),
        Column::text(t!("form")),
        Column::text(t!("period")),
        Column::text(t!("state")),
    ];
    let rows = effect.open_reports.iter().map(|report| {
        Row::of(
            report.id.to_string(),
            vec![
                Cell::text(&report.unit.name),
                Cell::text(&report.form),
                Cell::text(format::period(&report.period)),
                Cell::text(words_of::report_state(report.state)),
            ],
        )
    });
    let rows: Vec<Row> = rows.collect();
    part(
        t!("effect-reports"),
        html! { <Table label={t!("effect-reports")} {columns} {rows} /> },
    )
}

fn accounts(effect: &UnitChangeEffect) -> Html {
    let columns = vec![
        Column::text(t!("mine-name")),
        Column::text(t!("login")),
        Column::text(t!("unit")),
    ];
    let rows = effect.accounts.iter().map(|account| {
        Row::of(
            &account.login,
            vec![
                Cell::text(&account.name),
                Cell::text(&account.login),
                Cell::text(&account.unit.name),
            ],
        )
    });
    let rows: Vec<Row> = rows.collect();
    part(
        t!("effect-accounts-end"),
        html! { <Table label={t!("effect-accounts")} {columns} {rows} /> },
    )
}

fn expected(shifts: &[ExpectedShift]) -> Html {
    let columns = vec![
        Column::text(t!("unit")),
        Column::text(t!("form")),
        Column::number(t!("effect-before")),
        Column::number(t!("effect-after")),
    ];
    let shifted = shifts.iter().filter(|shift| shift.before != shift.after);
    let rows = shifted.map(|shift| {
        Row::of(
            format!("{}-{}", shift.form, shift.unit.code),
            vec![
                Cell::text(&shift.unit.name),
                Cell::text(named(&shift.form_name_zh, &shift.form_name_en)),
                Cell::count(shift.before),
                Cell::count(shift.after),
            ],
        )
    });
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        return html! { <p>{ t!("effect-expected-same") }</p> };
    }
    part(
        t!("effect-expected"),
        html! { <Table label={t!("effect-expected")} {columns} {rows} /> },
    )
}

fn targets(shifts: &[TargetShift]) -> Html {
    let columns = vec![
        Column::text(t!("metric")),
        Column::number(t!("effect-before")),
        Column::number(t!("effect-after")),
    ];
    let shifted = shifts.iter().filter(|shift| shift.before != shift.after);
    let rows = shifted.map(|shift| {
        Row::of(
            &shift.metric,
            vec![
                Cell::text(named(&shift.metric_name_zh, &shift.metric_name_en)),
                Cell::count(shift.before),
                Cell::count(shift.after),
            ],
        )
    });
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        return Html::default();
    }
    part(
        t!("effect-targets"),
        html! { <Table label={t!("effect-targets")} {columns} {rows} /> },
    )
}
