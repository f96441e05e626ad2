//! The versions of a unit's targets, and withdrawing one.

use super::said;
use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::components::loaded;
use crate::components::timeline::{Moment, timeline};
use crate::format;
use crate::hooks::{use_load, use_session};
use crate::i18n::use_language;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::UnitRef;
use zhenxing_api_types::target::{
    TargetTable, TargetVersion, UnitTarget, WithdrawTarget, WithdrawTargets,
};

/// The properties of the dialog.
#[derive(Clone, PartialEq, Properties)]
pub struct VersionsProps {
    /// What holds now.
    pub table: Rc<TargetTable>,
    /// The unit.
    pub unit: UnitRef,
    /// Closes it; true when something was withdrawn.
    pub close: Callback<bool>,
}

/// The dialog.
#[function_component]
pub fn Versions(props: &VersionsProps) -> Html {
    use_language();
    let asked = (props.table.metric.code.clone(), props.unit.code.clone());
    let (load, again) = use_load(asked, |session, (metric, unit)| async move {
        Ok(Rc::new(
            session
                .client
                .target_versions(&metric, &unit, "")
                .await?
                .items,
        ))
    });
    let reason = use_state(String::new);
    let text = use_state(String::new);
    let session = use_session();
    let lines = props.table.children.iter().chain([&props.table.own]);
    let line = lines.into_iter().find(|line| line.unit == props.unit);
    let held: Vec<UnitTarget> = line
        .filter(|line| line.may_set)
        .map(|line| {
            line.targets
                .iter()
                .filter(|target| target.version > 0)
                .cloned()
                .collect()
        })
        .unwrap_or_default();
    let withdraw = |target: &UnitTarget| {
        let (reason, text, session) = (reason.clone(), text.clone(), session.clone());
        let (props, target) = (props.clone(), target.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(session) = session.clone() else {
                return;
            };
            if reason.trim().is_empty() {
                text.set(t!("targets-needs-reason"));
                return;
            }
            let gone = WithdrawTargets {
                metric: target.metric.clone(),
                reason: reason.trim().to_owned(),
                items: vec![WithdrawTarget {
                    unit: props.unit.code.clone(),
                    by: target.by,
                    version: Some(target.version),
                }],
            };
            let (text, close) = (text.clone(), props.close.clone());
            spawn_local(async move {
                match session.client.withdraw_targets(&gone, false).await {
                    Ok(done) if done.done > 0 => close.emit(true),
                    Ok(_) => text.set(t!("targets-unchanged")),
                    Err(error) => text.set(format::error(&error)),
                }
            });
        })
    };
    let change = {
        let reason = reason.clone();
        Callback::from(move |text| reason.set(text))
    };
    let close = props.close.reform(|()| false);
    html! {
        <Dialog title={t!("targets-versions-of", unit = props.unit.name.clone())} {close}>
            { loaded(&load, &again, |rows| timeline(rows.iter().map(|row| moment(&props.table, row)).collect())) }
            if !held.is_empty() {
                <TextField id="withdraw-reason" label={t!("targets-withdraw-reason")} lines={2} max={Some(500)} value={(*reason).clone()} {change} />
                <div class="zx-row">{ for held.iter().map(|target| html! { <button type="button" class="zx-button" onclick={withdraw(target)}>{ t!("targets-withdraw", day = target.by.to_string()) }</button> }) }</div>
            }
            { said(&text) }
        </Dialog>
    }
}

fn moment(table: &TargetTable, row: &TargetVersion) -> Moment {
    let value = format::short(&table.metric, Some(row.target.value));
    let day = row.target.by.to_string();
    Moment {
        what: if row.withdrawn {
            t!("targets-was-withdrawn", day = day)
        } else {
            t!("target-of-day", words = value, day = day)
        },
        who: format!("{} {}", row.set_by, format::instant(row.set_at)),
        detail: html! { <p>{ &row.reason }</p> },
    }
}
