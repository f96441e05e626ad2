//! What can be done with a record: moves into another state, changing, deleting, restoring.

use super::checks::{blocks, of_move, refused};
use super::input::{Around, input};
use super::kept::Kept;
use super::sheet::{Sheet, Step};
use crate::components::alert;
use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::hooks::Query;
use crate::i18n::{named, use_language};
use crate::routes::Route;
use crate::send::{Sending, use_sending};
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::Problem;
use zhenxing_api_types::ledger::{MoveRecord, Record, RecordReason};
use zhenxing_client::{Client, ClientError};
use zhenxing_domain::package::{MoveDef, RecordField};

/// The properties of the acts.
#[derive(Clone, PartialEq, Properties)]
pub struct ActsProps {
    /// The ledger.
    pub kept: Rc<Kept>,
    /// The record.
    pub record: Rc<Record>,
    /// The filters of the list beside it.
    pub query: Query,
    /// Is told when it is another.
    pub changed: Callback<()>,
}

/// What is being asked about.
#[derive(Debug, Clone, PartialEq)]
enum Asked {
    Move(MoveDef),
    Delete,
    Restore,
}

fn move_name(motion: &MoveDef) -> String {
    named(&motion.name_zh, &motion.name_en).to_owned()
}

/// The acts as buttons.
#[function_component]
pub fn Acts(props: &ActsProps) -> Html {
    use_language();
    let asked = use_state(|| None::<Asked>);
    let ask = |what: Asked| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(what.clone())))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let record = &props.record;
    let possible = record
        .moves
        .iter()
        .filter_map(|code| props.kept.record.motion(code));
    let button = |motion: &MoveDef| {
        html! { <button type="button" class="zx-button" onclick={ask(Asked::Move(motion.clone()))}>{ move_name(motion) }</button> }
    };
    let (code, id) = (record.ledger.clone(), record.id);
    let query = (!props.query.is_empty()).then(|| props.query.clone());
    html! {
        <div class="zx-row zx-record-acts">
            { for possible.map(button) }
            if record.may_keep && !record.deleted {
                <Link<Route, Query> to={Route::EditRecord { code, id }} {query} classes="zx-button">{ t!("change-it") }</Link<Route, Query>>
                <button type="button" class="zx-button" onclick={ask(Asked::Delete)}>{ t!("record-delete") }</button>
            }
            if record.may_keep && record.deleted {
                <button type="button" class="zx-button" onclick={ask(Asked::Restore)}>{ t!("record-restore") }</button>
            }
            { match &*asked {
                None => Html::default(),
                Some(Asked::Move(motion)) => html! { <Move kept={Rc::clone(&props.kept)} record={Rc::clone(record)} motion={motion.clone()} {close} changed={props.changed.clone()} /> },
                Some(Asked::Delete) => html! { <Away kept={Rc::clone(&props.kept)} record={Rc::clone(record)} {close} changed={props.changed.clone()} /> },
                Some(Asked::Restore) => html! { <Away kept={Rc::clone(&props.kept)} record={Rc::clone(record)} restores=true {close} changed={props.changed.clone()} /> },
            } }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AwayProps {
    kept: Rc<Kept>,
    record: Rc<Record>,
    #[prop_or_default]
    restores: bool,
    close: Callback<()>,
    changed: Callback<()>,
}

/// Deleting a record, or restoring it, with the reason.
#[function_component]
fn Away(props: &AwayProps) -> Html {
    use_language();
    let reason = use_state(String::new);
    let sending = use_sending();
    let title = super::shown::title(&props.kept, &props.record);
    let (restores, name) = (props.restores, title.clone());
    let send = {
        let (reason, sending, record) = (reason.clone(), sending.clone(), Rc::clone(&props.record));
        let (close, changed) = (props.close.clone(), props.changed.clone());
        Callback::from(move |_: MouseEvent| {
            let why = RecordReason {
                reason: reason.trim().to_owned(),
            };
            if why.reason.is_empty() {
                return sending.say(t!("record-needs-reason"));
            }
            let (record, close, changed) = (Rc::clone(&record), close.clone(), changed.clone());
            let name = name.clone();
            sending.send(
                move |client| async move {
                    let (code, id, revision) = (&record.ledger, record.id, record.revision);
                    if restores {
                        client.restore_record(code, id, revision, &why).await
                    } else {
                        client.delete_record(code, id, revision, &why).await
                    }
                },
                move |_| {
                    close.emit(());
                    changed.emit(());
                    Some(if restores {
                        t!("record-restore-done", title = name)
                    } else {
                        t!("record-delete-done", title = name)
                    })
                },
            );
        })
    };
    let (question, act, means) = if restores {
        let question = t!("record-restore-ask", title = title);
        (question, t!("record-restore"), t!("record-restore-means"))
    } else {
        let question = t!("record-delete-ask", title = title);
        (question, t!("record-delete"), t!("record-delete-means"))
    };
    html! {
        <Dialog title={question} close={props.close.clone()} acts={foot(&props.close, act, &sending, send)}>
            <p>{ means }</p>
            { why(&reason, true) }
            { alert(sending.said()) }
        </Dialog>
    }
}

fn foot(close: &Callback<()>, act: String, sending: &Sending, send: Callback<MouseEvent>) -> Html {
    html! {
        <><button type="button" class="zx-button" onclick={close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
        <button type="button" class="zx-button zx-primary" disabled={sending.busy()} onclick={send}>{ act }</button></>
    }
}

fn why(reason: &UseStateHandle<String>, required: bool) -> Html {
    let change = {
        let reason = reason.clone();
        Callback::from(move |text| reason.set(text))
    };
    html! { <TextField id="act-reason" label={t!("record-reason")} lines={2} max={Some(200)} {required} value={(**reason).clone()} {change} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct MoveProps {
    kept: Rc<Kept>,
    record: Rc<Record>,
    motion: MoveDef,
    close: Callback<()>,
    changed: Callback<()>,
}

impl MoveProps {
    /// The fields that the move asks for.
    fn asked(&self) -> impl Iterator<Item = &RecordField> {
        let needs = self.motion.needs.iter();
        needs.filter_map(|code| self.kept.record.field(code))
    }
}

/// What came of a move.
enum Outcome {
    Moved,
    Refused(Box<Problem>),
}

async fn moved(
    client: Client,
    kept: Rc<Kept>,
    record: Rc<Record>,
    act: MoveRecord,
) -> Result<Outcome, ClientError> {
    let (id, revision) = (record.id, record.revision);
    match client.move_record(&record.ledger, id, revision, &act).await {
        Ok(_) => Ok(Outcome::Moved),
        Err(ClientError::Problem(problem)) if !refused(&kept, &problem).is_empty() => {
            Ok(Outcome::Refused(problem))
        }
        Err(error) => Err(error),
    }
}

/// A move with what it needs.
#[function_component]
fn Move(props: &MoveProps) -> Html {
    use_language();
    let sheet = use_reducer(|| Sheet::of(&props.kept, &props.record));
    let reason = use_state(String::new);
    let sending = use_sending();
    let findings = of_move(&props.kept, &props.motion, &sheet);
    let blocked = findings.iter().filter(|one| blocks(one)).count();
    let send = use_send(props, &sheet, &reason, &sending, blocked);
    let around = Around {
        prefix: "move",
        kept: &props.kept,
        sheet: &sheet,
        findings: &findings,
        inside: false,
        all_required: true,
    };
    let name = move_name(&props.motion);
    let title = super::shown::title(&props.kept, &props.record);
    let state = props.kept.state_name(&props.motion.to);
    html! {
        <Dialog title={t!("record-move-of", act = name.clone(), title = title)} close={props.close.clone()} acts={foot(&props.close, name, &sending, send)}>
            <p>{ t!("record-move-means", state = state) }</p>
            { for props.asked().map(|field| input(field, &around)) }
            if props.motion.reason { { why(&reason, true) } }
            { alert(sending.said()) }
        </Dialog>
    }
}

#[hook]
fn use_send(
    props: &MoveProps,
    sheet: &UseReducerHandle<Sheet>,
    reason: &UseStateHandle<String>,
    sending: &Sending,
    blocked: usize,
) -> Callback<MouseEvent> {
    let (props, sheet) = (props.clone(), sheet.clone());
    let (reason, sending) = (reason.clone(), sending.clone());
    Callback::from(move |_: MouseEvent| {
        sheet.dispatch(Step::Tried);
        if blocked > 0 {
            return sending.say(t!("record-blocked", count = blocked));
        }
        let words = reason.trim().to_owned();
        if props.motion.reason && words.is_empty() {
            return sending.say(t!("record-needs-reason"));
        }
        let act = MoveRecord {
            action: props.motion.code.clone(),
            values: sheet.wire(props.asked()),
            reason: Some(words).filter(|words| !words.is_empty()),
        };
        let (record, said, sheet) = (
            Rc::clone(&props.record),
            sending.clone(),
            sheet.dispatcher(),
        );
        let (close, changed) = (props.close.clone(), props.changed.clone());
        let name = move_name(&props.motion);
        let (kept, of) = (Rc::clone(&props.kept), Rc::clone(&props.kept));
        sending.send(
            move |client| moved(client, kept, record, act),
            move |outcome| match outcome {
                Outcome::Moved => {
                    close.emit(());
                    changed.emit(());
                    Some(t!("record-moved", act = name))
                }
                Outcome::Refused(problem) => {
                    sheet.dispatch(Step::Served(refused(&of, &problem)));
                    said.say(problem.detail);
                    None
                }
            },
        );
    })
}
