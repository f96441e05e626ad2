//! One record beside its ledger: what it holds, what can be done with it, and its history.

use super::acts::Acts;
use super::file::FileLink;
use super::history::History;
use super::kept::{Kept, field_label};
use super::shown;
use crate::components::loaded;
use crate::components::masked::{Masked, Why};
use crate::components::tabs::Tabs;
use crate::format;
use crate::hooks::{Query, use_load, use_session};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::rc::Rc;
use uuid::Uuid;
use web_sys::HtmlElement;
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::ledger::{Record, RevealField};
use zhenxing_domain::package::{RecordField, RecordKind};

/// The properties of the panel.
#[derive(Clone, PartialEq, Properties)]
pub struct PanelProps {
    /// The ledger.
    pub kept: Rc<Kept>,
    /// The record's number.
    pub id: Uuid,
    /// The filters of the list beside it.
    pub query: Query,
    /// Is told when the record is another.
    pub changed: Callback<()>,
}

/// The panel.
#[function_component]
pub fn Panel(props: &PanelProps) -> Html {
    use_language();
    let round = use_state(|| 0_u32);
    let asked = (props.kept.ledger.code.clone(), props.id, *round);
    let (load, again) = use_load(
        asked,
        |session, (code, id, _): (String, Uuid, u32)| async move {
            Ok(Rc::new(session.client.record(&code, id).await?))
        },
    );
    let changed = {
        let (round, changed) = (round.clone(), props.changed.clone());
        Callback::from(move |()| {
            round.set(round.wrapping_add(1));
            changed.emit(());
        })
    };
    let code = props.kept.ledger.code.clone();
    let query = (!props.query.is_empty()).then(|| props.query.clone());
    html! {
        <aside class="zx-card zx-panel" aria-label={t!("record")}>
            <Link<Route, Query> to={Route::Ledger { code }} {query} classes="zx-panel-close">
                <span class="zx-panel-back">{ "‹ " }{ props.kept.name() }</span><span class="zx-panel-cross" aria-hidden="true">{ "×" }</span><span class="zx-hidden">{ t!("close") }</span></Link<Route, Query>>
            { loaded(&load, &again, |record| html! {
                <Shown kept={Rc::clone(&props.kept)} record={Rc::clone(record)} query={props.query.clone()} {changed} />
            }) }
        </aside>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ShownProps {
    kept: Rc<Kept>,
    record: Rc<Record>,
    query: Query,
    changed: Callback<()>,
}

#[function_component]
fn Shown(props: &ShownProps) -> Html {
    use_language();
    let view = use_state(|| "detail".to_owned());
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| {
            if let Some(heading) = heading.cast::<HtmlElement>() {
                // A heading that cannot be focused is read all the same.
                let _focused = heading.focus();
            }
        });
    }
    let (kept, record) = (&props.kept, &props.record);
    let change = {
        let view = view.clone();
        Callback::from(move |code| view.set(code))
    };
    let tabs = vec![
        ("detail", t!("record-detail")),
        ("history", t!("record-history")),
    ];
    html! {
        <>
            <h2 ref={heading} tabindex="-1">{ shown::title(kept, record) }</h2>
            <p class="zx-lead">{ &record.unit.name }{ " " }{ shown::state(kept, record) }
                if record.deleted { { " " }<span class="zx-label zx-label-amber">{ t!("record-is-deleted") }</span> }
                { " " }<small>{ t!("record-updated-at", time = format::instant(record.updated_at)) }</small></p>
            <Acts kept={Rc::clone(kept)} record={Rc::clone(record)} query={props.query.clone()} changed={props.changed.clone()} />
            <Tabs label={t!("record")} {tabs} current={(*view).clone()} {change}>
                if *view == "history" {
                    <History kept={Rc::clone(kept)} id={record.id} revision={record.revision} />
                } else {
                    { detail(kept, record) }
                }
            </Tabs>
        </>
    }
}

fn detail(kept: &Rc<Kept>, record: &Rc<Record>) -> Html {
    let line = |field: &RecordField| {
        html! { <><dt>{ field_label(field) }</dt><dd>{ value(kept, field, record) }</dd></> }
    };
    html! {
        { for kept.record.sections.iter().map(|section| html! {
            <section><h3>{ named(&section.title_zh, &section.title_en) }</h3>
                <dl class="zx-facts">{ for section.fields.iter().map(line) }</dl></section>
        }) }
    }
}

/// A value: personal ones masked, records and files as links.
fn value(kept: &Rc<Kept>, field: &RecordField, record: &Rc<Record>) -> Html {
    let text = shown::whole(field, record);
    let keys = shown::keys(record.values.get(&field.code));
    match &field.kind {
        _ if field.is_personal() && !keys.is_empty() => {
            let name = shown::title(kept, record);
            let label = field_label(field);
            html! { <Personal record={Rc::clone(record)} field={field.code.clone()} {label} {name} masked={text} /> }
        }
        RecordKind::Reference { ledger } | RecordKind::References { ledger }
            if !keys.is_empty() =>
        {
            let one = |key: &String| {
                let name = shown::name_of(field, record, key);
                let Ok(id) = Uuid::parse_str(key) else {
                    return html! { <li>{ name }</li> };
                };
                let code = ledger.clone();
                html! { <li><Link<Route> to={Route::Record { code, id }}>{ name }</Link<Route>></li> }
            };
            html! { <ul class="zx-named">{ for keys.iter().map(one) }</ul> }
        }
        RecordKind::File if !keys.is_empty() => html! {
            { for keys.iter().map(|key| html! { <FileLink id={key.clone()} name={shown::name_of(field, record, key)} /> }) }
        },
        _ => html! { <span class="zx-pre">{ text }</span> },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PersonalProps {
    record: Rc<Record>,
    field: String,
    label: String,
    name: String,
    masked: String,
}

/// A personal value with its eye.
#[function_component]
fn Personal(props: &PersonalProps) -> Html {
    use_language();
    let session = use_session();
    let (record, field) = (Rc::clone(&props.record), props.field.clone());
    let ask = Callback::from(move |(reason, answer): Why| {
        let Some(session) = session.clone() else {
            return;
        };
        let (record, field) = (Rc::clone(&record), field.clone());
        spawn_local(async move {
            let asked = RevealField { field, reason };
            let found = session
                .client
                .reveal_record_field(&record.ledger, record.id, &asked);
            answer.emit(match found.await {
                Ok(revealed) => Ok(revealed.value),
                Err(error) => Err(format::error(&error)),
            });
        });
    });
    let eye = t!("record-reveal", field = props.label.clone());
    let title = t!(
        "record-reveal-ask",
        name = props.name.clone(),
        field = props.label.clone()
    );
    html! { <Masked masked={props.masked.clone()} may={props.record.may_keep} {eye} {title} {ask} /> }
}
