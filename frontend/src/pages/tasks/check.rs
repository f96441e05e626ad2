//! The third step: whom it reaches, what it weighs on villages, whether the targets add up.

use super::Matters;
use super::hand_down::Draft;
use crate::components::table::{Cell, Column, Row, Table};
use crate::draft::piece_of;
use crate::format;
use crate::i18n::{named, use_language};
use crate::words;
use yew::prelude::*;
use zhenxing_api_types::task::{Burden, HandDown, HandDownTargetSum};

/// The properties of the step.
#[derive(Clone, PartialEq, Properties)]
pub struct CheckProps {
    /// What it would do.
    pub done: HandDown,
    /// The matters.
    pub matters: Matters,
    /// What stands so far.
    pub draft: Draft,
    /// Takes what changed.
    pub change: Callback<Draft>,
}

/// The step.
#[function_component]
pub fn Check(props: &CheckProps) -> Html {
    use_language();
    let done = &props.done;
    let existing: i64 = done.levels.iter().map(|level| level.existing).sum();
    let level = |level: &zhenxing_api_types::task::HandDownLevel| {
        let name = words::level(level.level);
        let text = if level.between {
            t!("task-check-between", level = name, count = level.given)
        } else {
            t!("task-check-level", level = name, count = level.given)
        };
        html! { if level.given > 0 { <li>{ text }</li> } }
    };
    let villages: i64 = done.burden.iter().map(|row| row.villages).sum();
    let most = done
        .burden
        .iter()
        .map(|row| row.most + row.gain)
        .max()
        .unwrap_or(0);
    let skip = piece_of(&props.draft, &props.change, |draft, _: Event| {
        draft.skip_existing = !draft.skip_existing;
    });
    html! {
        <>
            <p><strong>{ t!("task-check-total", count = done.tasks) }</strong></p>
            <ul class="zx-bullets">{ for done.levels.iter().map(level) }</ul>
            if existing > 0 {
                <p class="zx-alert zx-alert-amber">{ t!("task-check-existing", count = existing) }</p>
                <label class="zx-check"><input type="checkbox" checked={props.draft.skip_existing} onchange={skip} />{ t!("task-skip-existing") }</label>
            }
            if villages > 0 {
                <h3>{ t!("task-check-burden") }</h3>
                <p>{ t!("task-check-gain", count = villages, most = most) }</p>
                { burden(&done.burden) }
            }
            if !done.targets.is_empty() {
                <h3>{ t!("task-check-targets") }</h3>
                <ul class="zx-bullets">{ for done.targets.iter().map(|sum| target(&props.matters, sum)) }</ul>
            }
        </>
    }
}

fn burden(rows: &[Burden]) -> Html {
    let columns = vec![
        Column::text(t!("unit")).sorts(),
        Column::number(t!("task-burden-villages")).sorts(),
        Column::number(t!("task-burden-gain")),
        Column::number(t!("task-burden-open")).sorts(),
        Column::number(t!("task-burden-most")).sorts(),
    ];
    let row = |one: &Burden| {
        let mean = one
            .open
            .saturating_mul(10)
            .checked_div(one.villages)
            .unwrap_or(0);
        Row::of(
            one.unit.code.clone(),
            vec![
                Cell::text(&one.unit.name),
                Cell::count(one.villages),
                Cell::text(format!("+{}", one.gain)),
                Cell::number(format::number(mean, 1), Some(mean)),
                Cell::count(one.most + one.gain),
            ],
        )
    };
    html! { <Table label={t!("task-check-burden")} {columns} rows={rows.iter().map(row).collect::<Vec<_>>()} /> }
}

/// What the targets make together, beside the one above.
fn target(matters: &Matters, sum: &HandDownTargetSum) -> Html {
    let mut metrics = matters.iter().flat_map(|matter| &matter.metrics);
    let Some(metric) = metrics.find(|metric| metric.code == sum.metric) else {
        return Html::default();
    };
    let name = named(&metric.name_zh, &metric.name_en).to_owned();
    let together = format::exact(metric, sum.together);
    let text = t!(
        "task-check-target",
        metric = name,
        by = sum.by.to_string(),
        count = sum.units,
        together = together
    );
    let beside = match (sum.above, sum.difference) {
        (None, _) | (_, None) => t!("task-check-no-above"),
        (Some(_), Some(0)) => t!("task-check-adds-up"),
        (Some(above), Some(difference)) => t!(
            "task-check-differs",
            above = format::exact(metric, Some(above)),
            difference = format::signed(difference, metric.decimals)
        ),
    };
    html! { <li>{ text }{ " " }<strong>{ beside }</strong></li> }
}
