//! The form in which a record is entered and changed: sections, checks as one types, and a trial before it is kept.

use super::checks::{self, aside, blocks, refused};
use super::input::{Around, input};
use super::kept::Kept;
use super::sheet::{Sheet, Step};
use crate::components::alert;
use crate::components::confirm::Confirm;
use crate::components::field::TextField;
use crate::components::unit_picker::UnitPicker;
use crate::draft::{Picked, picked_name};
use crate::hooks::use_session;
use crate::i18n::{named, use_language};
use crate::pages::leave::use_leave_warning;
use crate::send::{Sending, use_sending};
use chrono::NaiveDate;
use std::rc::Rc;
use std::time::Duration;
use uuid::Uuid;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::platform::spawn_local;
use yew::platform::time::sleep;
use yew::prelude::*;
use zhenxing_api_types::Problem;
use zhenxing_api_types::ledger::{EditRecord, NewRecord, Record, SavedRecord};
use zhenxing_api_types::report::Finding;
use zhenxing_api_types::session::Me;
use zhenxing_api_types::unit::{Level, Unit};
use zhenxing_client::{Called, Client, ClientError};

/// A record that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// The record.
    pub record: Record,
    /// Whether another one is entered after it.
    pub again: bool,
}

/// The properties of the form.
#[derive(Clone, PartialEq, Properties)]
pub struct FormProps {
    /// The ledger.
    pub kept: Rc<Kept>,
    /// The record that is changed; none where one is entered.
    #[prop_or_default]
    pub record: Option<Rc<Record>>,
    /// Whether it stands in a dialog of another form.
    #[prop_or_default]
    pub inside: bool,
    /// Takes the record that was kept.
    pub saved: Callback<Saved>,
    /// Leaves it.
    pub cancel: Callback<()>,
    /// Is told whether there is unsaved input.
    #[prop_or_default]
    pub dirty: Callback<bool>,
}

/// How saving was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Press {
    /// Another record is entered after it.
    again: bool,
    /// The warnings were read.
    sure: bool,
}

/// Warnings that were not read yet, and how saving was asked for.
type Warned = UseStateHandle<Option<(Vec<Finding>, Press)>>;

/// The form.
#[function_component]
pub fn Form(props: &FormProps) -> Html {
    use_language();
    let me = use_session().and_then(|session| session.me());
    let sheet = use_reducer(|| first(props, me.as_deref()));
    let node = use_node_ref();
    let today = me.as_ref().map(|me| me.today);
    let findings = findings(props, &sheet, today);
    let (press, sending, warned) = use_save(props, &sheet, &findings, &node);
    let changed = sheet.changed();
    let leaving = use_leave_warning(changed && !props.inside);
    let (cancel, asked) = use_cancel(props, changed);
    {
        let dirty = props.dirty.clone();
        use_effect_with(changed, move |changed| dirty.emit(*changed));
    }
    let keys = keys(&node, &press);
    let around = Around {
        prefix: if props.inside { "inner" } else { "record" },
        kept: &props.kept,
        sheet: &sheet,
        findings: &findings,
        inside: props.inside,
        all_required: false,
    };
    html! {
        <div ref={node} class="zx-record-form" onkeydown={keys}>
            { for aside(&props.kept.record, &sheet, &findings).iter().map(|text| alert(text)) }
            { holder(props, &sheet, me.as_deref()) }
            { for props.kept.record.sections.iter().map(|section| html! {
                <fieldset class="zx-card zx-section"><legend>{ named(&section.title_zh, &section.title_en) }</legend>
                    <div class="zx-fields">{ for section.fields.iter().map(|field| input(field, &around)) }</div></fieldset>
            }) }
            if props.record.is_some() { { reason(&sheet) } }
            { alert(&against(&sheet, &findings, sending.said())) }
            { foot(props, changed, sending.busy(), &press, &cancel) }
            { warnings(&warned, &press, sending.busy()) }
            { leaving }
            { asked }
        </div>
    }
}

/// What stands in the form first.
fn first(props: &FormProps, me: Option<&Me>) -> Sheet {
    match &props.record {
        Some(record) => Sheet::of(&props.kept, record),
        None => {
            let own = me.map(|me| &me.unit);
            let own = own.filter(|unit| props.kept.held_at(unit.level));
            let unit = own.map(|unit| Picked {
                code: unit.code.clone(),
                name: unit.name.clone(),
            });
            Sheet::begun(&props.kept, unit)
        }
    }
}

fn findings(props: &FormProps, sheet: &Sheet, today: Option<NaiveDate>) -> Vec<Finding> {
    let own = props
        .record
        .as_ref()
        .and_then(|record| record.state.clone());
    let begun = || {
        props
            .kept
            .record
            .first_state()
            .map(|state| state.code.clone())
    };
    let state = own.or_else(begun).unwrap_or_default();
    checks::of_record(&props.kept, sheet, &state, today.unwrap_or_default())
}

/// How many things stand against keeping the record.
fn blocked(sheet: &Sheet, findings: &[Finding]) -> usize {
    let homeless = usize::from(sheet.draft.unit.is_none());
    homeless + findings.iter().filter(|one| blocks(one)).count()
}

/// What is said above the buttons once saving was tried: what still stands against it, else what the server said.
fn against(sheet: &Sheet, findings: &[Finding], said: &str) -> String {
    match blocked(sheet, findings) {
        0 => said.to_owned(),
        count if sheet.tried => t!("record-blocked", count = count),
        _ => String::new(),
    }
}

/// The unit that holds the record, where there is a choice.
fn holder(props: &FormProps, sheet: &UseReducerHandle<Sheet>, me: Option<&Me>) -> Html {
    let Some(own) = me.map(|me| &me.unit) else {
        return Html::default();
    };
    let below = props.kept.held_below(own.level);
    if below.is_empty() {
        return Html::default();
    }
    let dispatcher = sheet.dispatcher();
    let chosen = Callback::from(move |unit: Option<Unit>| {
        dispatcher.dispatch(Step::Unit(unit.map(Picked::from)));
    });
    let level = match below.as_slice() {
        [one] if !props.kept.held_at(own.level) => level_code(*one),
        _ => "",
    };
    let error = if sheet.tried && sheet.draft.unit.is_none() {
        t!("record-needs-unit")
    } else {
        String::new()
    };
    let id = if props.inside {
        "inner-unit"
    } else {
        "record-unit"
    };
    html! {
        <div class="zx-card zx-section"><UnitPicker {id} label={t!("record-unit")} {level} value={picked_name(sheet.draft.unit.as_ref())} {chosen} required=true hint={t!("record-unit-hint")} {error} /></div>
    }
}

fn level_code(level: Level) -> &'static str {
    match level {
        Level::City => "city",
        Level::County => "county",
        Level::Township => "township",
        Level::Village => "village",
    }
}

/// Why a record is changed.
fn reason(sheet: &UseReducerHandle<Sheet>) -> Html {
    let dispatcher = sheet.dispatcher();
    let change = Callback::from(move |text| dispatcher.dispatch(Step::Reason(text)));
    html! {
        <TextField id="record-reason" label={t!("record-edit-reason")} hint={t!("record-edit-reason-hint")} max={Some(200)} value={sheet.draft.reason.clone()} {change} />
    }
}

fn foot(
    props: &FormProps,
    changed: bool,
    busy: bool,
    press: &Callback<Press>,
    cancel: &Callback<()>,
) -> Html {
    let save = |again: bool| press.reform(move |_: MouseEvent| Press { again, sure: false });
    html! {
        <div class="zx-foot-bar">
            if changed { <small class="zx-unsaved" role="status">{ t!("unsaved") }</small> }
            else { <small class="zx-keys">{ t!("record-keys") }</small> }
            <button type="button" class="zx-button" onclick={cancel.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
            if props.record.is_none() && !props.inside {
                <button type="button" class="zx-button" disabled={busy} onclick={save(true)}>{ t!("record-save-again") }</button>
            }
            <button type="button" class="zx-button zx-primary" disabled={busy} onclick={save(false)}>{ t!("save") }</button>
        </div>
    }
}

/// What the rules warn of, before it is kept all the same.
fn warnings(warned: &Warned, press: &Callback<Press>, busy: bool) -> Html {
    let Some((findings, asked)) = &**warned else {
        return Html::default();
    };
    let again = asked.again;
    let confirm = press.reform(move |()| Press { again, sure: true });
    let cancel = {
        let warned = warned.clone();
        Callback::from(move |()| warned.set(None))
    };
    html! {
        <Confirm title={t!("record-warned")} act={t!("record-save-anyway")} {busy} {confirm} {cancel}>
            <ul class="zx-bullets">{ for findings.iter().map(|finding| html! { <li>{ named(&finding.message_zh, &finding.message_en) }</li> }) }</ul>
        </Confirm>
    }
}

/// Leaves the form; what was typed is not lost without a question. A dialog asks itself.
#[hook]
fn use_cancel(props: &FormProps, changed: bool) -> (Callback<()>, Html) {
    let asking = use_state(|| false);
    let asks = changed && !props.inside;
    let cancel = {
        let (asking, cancel) = (asking.clone(), props.cancel.clone());
        Callback::from(move |()| {
            if asks {
                asking.set(true);
            } else {
                cancel.emit(());
            }
        })
    };
    let stay = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(false))
    };
    let asked = html! {
        if *asking {
            <Confirm title={t!("leave-title")} act={t!("leave")} confirm={props.cancel.clone()} cancel={stay}><p>{ t!("leave-text") }</p></Confirm>
        }
    };
    (cancel, asked)
}

/// What is sent.
#[derive(Clone)]
enum What {
    New(NewRecord),
    Edit(Uuid, i64, EditRecord),
}

/// What came of it.
enum Outcome {
    Kept(Box<SavedRecord>),
    Warned(Vec<Finding>),
    Refused(Box<Problem>),
}

fn what(props: &FormProps, sheet: &Sheet, id: Uuid) -> What {
    let unit = sheet.draft.unit.as_ref().map(|unit| unit.code.clone());
    let values = sheet.wire(props.kept.record.fields());
    match &props.record {
        None => What::New(NewRecord {
            id: Some(id),
            unit,
            values,
            dry_run: false,
        }),
        Some(record) => {
            let reason = sheet.draft.reason.trim().to_owned();
            let edit = EditRecord {
                unit: unit.filter(|code| *code != record.unit.code),
                values,
                reason: Some(reason).filter(|reason| !reason.is_empty()),
                dry_run: false,
            };
            What::Edit(record.id, record.revision, edit)
        }
    }
}

async fn put(client: &Client, ledger: &str, what: &What, trial: bool) -> Called<SavedRecord> {
    match what.clone() {
        What::New(mut new) => {
            new.dry_run = trial;
            client.create_record(ledger, &new).await
        }
        What::Edit(id, revision, mut edit) => {
            edit.dry_run = trial;
            client.edit_record(ledger, id, revision, &edit).await
        }
    }
}

/// Tries it, and keeps it where nothing stands against it and nothing is warned of.
async fn attempt(
    client: Client,
    kept: Rc<Kept>,
    what: What,
    sure: bool,
) -> Result<Outcome, ClientError> {
    let refusal = |error| match error {
        ClientError::Problem(problem) if !refused(&kept, &problem).is_empty() => {
            Ok(Outcome::Refused(problem))
        }
        error => Err(error),
    };
    if !sure {
        match put(&client, &kept.ledger.code, &what, true).await {
            Ok(trial) if !trial.warnings.is_empty() => return Ok(Outcome::Warned(trial.warnings)),
            Ok(_) => {}
            Err(error) => return refusal(error),
        }
    }
    match put(&client, &kept.ledger.code, &what, false).await {
        Ok(kept) => Ok(Outcome::Kept(Box::new(kept))),
        Err(error) => refusal(error),
    }
}

/// What saves: nothing is sent while the checks find what blocks it.
#[hook]
fn use_save(
    props: &FormProps,
    sheet: &UseReducerHandle<Sheet>,
    findings: &[Finding],
    node: &NodeRef,
) -> (Callback<Press>, Sending, Warned) {
    let sending = use_sending();
    let warned = use_state(|| None);
    let id = *use_memo((), |()| Uuid::now_v7());
    let blocked = blocked(sheet, findings);
    let press = {
        let (props, sheet, node) = (props.clone(), sheet.clone(), node.clone());
        let (sender, warned) = (sending.clone(), warned.clone());
        Callback::from(move |press: Press| {
            if sender.busy() {
                return;
            }
            sheet.dispatch(Step::Tried);
            if blocked > 0 {
                sender.say(String::new());
                return show_fault(&node);
            }
            let (kept, of) = (Rc::clone(&props.kept), Rc::clone(&props.kept));
            let asked = what(&props, &sheet, id);
            let (said, saved, node) = (sender.clone(), props.saved.clone(), node.clone());
            let (sheet, warned) = (sheet.dispatcher(), warned.clone());
            sender.send(
                move |client| attempt(client, kept, asked, press.sure),
                move |outcome| {
                    warned.set(None);
                    match outcome {
                        Outcome::Kept(done) => {
                            let title = done.record.title.clone();
                            let (record, again) = (done.record, press.again);
                            saved.emit(Saved { record, again });
                            return Some(t!("record-saved", title = title));
                        }
                        Outcome::Warned(findings) => warned.set(Some((findings, press))),
                        Outcome::Refused(problem) => {
                            sheet.dispatch(Step::Served(refused(&of, &problem)));
                            said.say(problem.detail);
                            show_fault(&node);
                        }
                    }
                    None
                },
            );
        })
    };
    (press, sending, warned)
}

/// Goes to the first input at which something is wrong, once it is drawn as such.
fn show_fault(node: &NodeRef) {
    let node = node.clone();
    spawn_local(async move {
        sleep(Duration::from_millis(30)).await;
        let form = node.cast::<Element>();
        let wrong = form.and_then(|form| form.query_selector("[aria-invalid=true]").ok().flatten());
        if let Some(input) = wrong.and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
            // An input that cannot be focused is marked all the same.
            let _focused = input.focus();
        }
    });
}

/// Ctrl and Enter save; Enter goes to the next input, from the last one to the button that saves.
fn keys(node: &NodeRef, press: &Callback<Press>) -> Callback<KeyboardEvent> {
    let (node, press) = (node.clone(), press.clone());
    Callback::from(move |event: KeyboardEvent| {
        if event.key() != "Enter" || event.default_prevented() || event.is_composing() {
            return;
        }
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            press.emit(Press {
                again: false,
                sure: false,
            });
            return;
        }
        let Some(own) = event.target_dyn_into::<Element>() else {
            return;
        };
        if !matches!(own.tag_name().as_str(), "INPUT" | "SELECT") {
            return;
        }
        event.prevent_default();
        if let Some(next) = next_input(&node, &own) {
            // An input that cannot be focused is reached by Tab.
            let _focused = next.focus();
        }
    })
}

fn next_input(node: &NodeRef, own: &Element) -> Option<HtmlElement> {
    let form = node.cast::<Element>()?;
    let all = form
        .query_selector_all("input, select, textarea, .zx-foot-bar .zx-primary")
        .ok()?;
    let nodes = (0..all.length()).filter_map(|place| all.get(place));
    let mut after = nodes.skip_while(|node| !node.is_same_node(Some(own.as_ref())));
    after.nth(1)?.dyn_into().ok()
}
