//! The versions of a record, latest first: what was done, by whom, why, and what it changed.

use super::kept::{Kept, field_name};
use crate::components::timeline::{Moment, timeline};
use crate::components::{More, loaded};
use crate::format::{self, NOTHING};
use crate::hooks::use_pages;
use crate::i18n::{named, use_language};
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;
use zhenxing_api_types::ledger::{RecordChange, RecordVersion};

/// Whose versions.
#[derive(Clone, PartialEq, Properties)]
pub struct HistoryProps {
    /// The ledger.
    pub kept: Rc<Kept>,
    /// The record's number.
    pub id: Uuid,
    /// The revision that is shown: another one has another history.
    pub revision: i64,
}

/// The history of a record.
#[function_component]
pub fn History(props: &HistoryProps) -> Html {
    use_language();
    let code = props.kept.ledger.code.clone();
    let pages = use_pages(
        (code, props.id, props.revision),
        |session, (code, id, _): (String, Uuid, i64), cursor: String| async move {
            session.client.record_versions(&code, id, &cursor).await
        },
    );
    loaded(&pages.load, &pages.again, |versions| {
        let moments = versions.iter().map(|version| moment(&props.kept, version));
        html! {
            <>
                { timeline(moments.collect()) }
                if pages.has_more { <More shown={versions.len()} has_more=true more={pages.more.clone()} /> }
            </>
        }
    })
}

/// What was done.
fn deed(kept: &Kept, action: &str) -> String {
    match action {
        "make" => t!("record-made"),
        "edit" => t!("record-edited"),
        "delete" => t!("record-deleted"),
        "restore" => t!("record-restored"),
        "unit_merged" => t!("record-unit-merged"),
        other => kept.record.motion(other).map_or_else(
            || other.to_owned(),
            |motion| named(&motion.name_zh, &motion.name_en).to_owned(),
        ),
    }
}

fn moment(kept: &Kept, version: &RecordVersion) -> Moment {
    let by = match &version.deputy {
        Some(deputy) => t!(
            "by-deputy",
            name = version.by.clone(),
            deputy = deputy.clone()
        ),
        None => version.by.clone(),
    };
    let state = version.state.as_ref().map(|code| kept.state_name(code));
    let mut who = vec![format::instant(version.at), by];
    who.extend(state);
    Moment {
        what: deed(kept, &version.action),
        who: who.join(" · "),
        detail: html! {
            <>
                if let Some(reason) = &version.reason { <p class="zx-quote">{ t!("reason-was", reason = reason.clone()) }</p> }
                if !version.changes.is_empty() { <ul class="zx-changes">{ for version.changes.iter().map(|change| line(kept, change)) }</ul> }
            </>
        },
    }
}

fn line(kept: &Kept, change: &RecordChange) -> Html {
    let field = kept.record.field(&change.field);
    let name = field.map_or_else(|| change.field.clone(), field_name);
    let words = |side: &Option<String>| side.clone().unwrap_or_else(|| NOTHING.to_owned());
    html! {
        <li><span>{ name }</span>
            if change.before.is_some() { <del><span class="zx-hidden">{ t!("change-from") }{ " " }</span>{ words(&change.before) }</del>{ " → " } }
            <ins>{ words(&change.after) }</ins></li>
    }
}
