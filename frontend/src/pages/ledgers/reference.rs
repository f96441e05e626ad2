//! Choosing records of another ledger: by search, several by their names pasted, and a person who is not there yet.

use super::form::{Form, Saved};
use super::kept::kept;
use crate::components::confirm::Confirm;
use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::components::picker::{Asked, Offer, Picker};
use crate::components::{alert, loaded};
use crate::draft::Picked;
use crate::hooks::{use_load, use_session};
use crate::i18n::use_language;
use crate::send::use_sending;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::ledger::Record;
use zhenxing_api_types::session::Action;
use zhenxing_client::{Client, ClientError};

/// The ledger to whose records one can be added while another form is open.
const PEOPLE: &str = "person";

/// How many pasted names are looked for at once.
const PASTED: usize = 200;

/// The properties of a picker of records.
#[derive(Clone, PartialEq, Properties)]
pub struct RecordPickerProps {
    /// The input's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// The ledger's code.
    pub ledger: AttrValue,
    /// What stands in it at first.
    #[prop_or_default]
    pub value: AttrValue,
    /// Takes what was chosen; nothing when the field was emptied.
    pub chosen: Callback<Option<Picked>>,
    /// Label at the left, as in filter bars.
    #[prop_or_default]
    pub inline: bool,
    /// Whether one must be chosen.
    #[prop_or_default]
    pub required: bool,
    /// Emptied after each choice.
    #[prop_or_default]
    pub several: bool,
    /// What to enter.
    #[prop_or_default]
    pub hint: AttrValue,
    /// What is wrong and what to do.
    #[prop_or_default]
    pub error: AttrValue,
}

/// A field that offers records of a ledger by what they are called.
#[function_component]
pub fn RecordPicker(props: &RecordPickerProps) -> Html {
    use_language();
    let session = use_session();
    let ledger = props.ledger.clone();
    let ask = Callback::from(move |(wanted, answer): Asked| {
        let Some(session) = session.clone() else {
            return;
        };
        let ledger = ledger.clone();
        spawn_local(async move {
            let asked = [("q", wanted.as_str()), ("limit", "12")];
            let found = session.client.records(&ledger, &asked).await;
            let records = found.map(|page| page.items).unwrap_or_default();
            answer.emit(records.iter().map(offer).collect());
        });
    });
    let chosen = props.chosen.reform(|offer: Option<Offer>| {
        offer.map(|offer| Picked {
            code: offer.key,
            name: offer.name,
        })
    });
    html! {
        <Picker id={props.id.clone()} label={props.label.clone()} value={props.value.clone()} {ask} {chosen} none={t!("record-offer-none")}
            inline={props.inline} required={props.required} several={props.several} hint={props.hint.clone()} error={props.error.clone()} />
    }
}

fn offer(record: &Record) -> Offer {
    Offer {
        key: record.id.to_string(),
        name: record.title.clone(),
        detail: record.unit.name.clone(),
    }
}

impl From<&Record> for Picked {
    fn from(record: &Record) -> Picked {
        Picked {
            code: record.id.to_string(),
            name: record.title.clone(),
        }
    }
}

/// The properties of a field that names records.
#[derive(Clone, PartialEq, Properties)]
pub struct ReferencedProps {
    /// The input's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// The ledger whose records are named.
    pub ledger: AttrValue,
    /// Those that are chosen.
    pub picked: Vec<Picked>,
    /// Whether several are taken.
    pub several: bool,
    /// Chooses one.
    pub add: Callback<Option<Picked>>,
    /// Takes one out.
    pub remove: Callback<String>,
    /// Whether one must be chosen.
    pub required: bool,
    /// Whether the form stands in a dialog of another one.
    pub inside: bool,
    /// What to enter.
    pub hint: AttrValue,
    /// What is wrong and what to do.
    pub error: AttrValue,
}

/// A field of a form that names records.
#[function_component]
pub fn Referenced(props: &ReferencedProps) -> Html {
    use_language();
    let opened = use_state(|| None::<&'static str>);
    let open = |which: Option<&'static str>| {
        let opened = opened.clone();
        Callback::from(move |()| opened.set(which))
    };
    let may = use_session().is_some_and(|session| session.may(Action::KeepRecords));
    let adds = may && !props.inside && props.ledger == PEOPLE;
    let made = {
        let (add, opened) = (props.add.clone(), opened.clone());
        Callback::from(move |record: Record| {
            opened.set(None);
            add.emit(Some(Picked::from(&record)));
        })
    };
    let value = match props.picked.first() {
        Some(first) if !props.several => first.name.clone(),
        _ => String::new(),
    };
    let button = |which: &'static str, words: String| {
        let click = open(Some(which)).reform(|_: MouseEvent| ());
        html! { <button type="button" class="zx-plain zx-link" onclick={click}>{ words }</button> }
    };
    html! {
        <>
            <RecordPicker id={props.id.clone()} label={props.label.clone()} ledger={props.ledger.clone()} {value} chosen={props.add.clone()}
                required={props.required} several={props.several} hint={props.hint.clone()} error={props.error.clone()} />
            if props.several && !props.picked.is_empty() { { picked(props) } }
            if adds || props.several {
                <p class="zx-row zx-reference-acts">
                    if adds { { button("new", t!("record-new-person")) } }
                    if props.several { { button("paste", t!("record-paste")) } }
                </p>
            }
            if *opened == Some("new") { <NewPerson close={open(None)} {made} /> }
            if *opened == Some("paste") { <Paste ledger={props.ledger.clone()} label={props.label.clone()} add={props.add.clone()} close={open(None)} /> }
        </>
    }
}

/// Those that are chosen, each with its removal.
fn picked(props: &ReferencedProps) -> Html {
    let one = |one: &Picked| {
        let code = one.code.clone();
        let remove = props.remove.reform(move |_: MouseEvent| code.clone());
        html! {
            <li key={one.code.clone()} class="zx-tag">{ &one.name }
                <button type="button" class="zx-plain" aria-label={t!("record-take-out", name = one.name.clone())} onclick={remove}>{ "×" }</button></li>
        }
    };
    html! {
        <>
            <small role="status">{ t!("record-picked", count = props.picked.len()) }</small>
            <ul class="zx-tags zx-picked" aria-label={props.label.clone()}>{ for props.picked.iter().map(one) }</ul>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct NewPersonProps {
    close: Callback<()>,
    made: Callback<Record>,
}

/// A person who is entered while another form is open.
#[function_component]
fn NewPerson(props: &NewPersonProps) -> Html {
    use_language();
    let dirty = use_state(|| false);
    let asking = use_state(|| false);
    let (load, again) = use_load(
        (),
        |session, ()| async move { kept(&session, PEOPLE).await },
    );
    let leave = {
        let (dirty, asking, close) = (dirty.clone(), asking.clone(), props.close.clone());
        Callback::from(move |()| {
            if *dirty {
                asking.set(true);
            } else {
                close.emit(());
            }
        })
    };
    let stay = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(false))
    };
    let note = {
        let dirty = dirty.clone();
        Callback::from(move |changed| dirty.set(changed))
    };
    let saved = props.made.reform(|saved: Saved| saved.record);
    html! {
        <Dialog title={t!("record-new-person")} wide=true close={leave.clone()}>
            { loaded(&load, &again, |found| match found {
                Some(kept) => html! { <Form kept={kept.clone()} inside=true {saved} cancel={leave} dirty={note} /> },
                None => html! { <p>{ t!("ledger-not-in-use") }</p> },
            }) }
            if *asking {
                <Confirm title={t!("leave-title")} act={t!("leave")} confirm={props.close.clone()} cancel={stay}><p>{ t!("leave-text") }</p></Confirm>
            }
        </Dialog>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PasteProps {
    ledger: AttrValue,
    label: AttrValue,
    add: Callback<Option<Picked>>,
    close: Callback<()>,
}

/// What became of pasted names.
#[derive(Default)]
struct Matched {
    found: Vec<Picked>,
    /// Names of nobody.
    unknown: Vec<String>,
    /// Names of several.
    unclear: Vec<String>,
}

/// The names in a pasted text, each once.
fn names_in(text: &str) -> Vec<String> {
    let parts = text.split(|sign: char| !(sign.is_alphanumeric() || "·-".contains(sign)));
    let mut names: Vec<String> = Vec::new();
    for name in parts.filter(|part| !part.is_empty()) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

async fn matched(
    client: Client,
    ledger: String,
    names: Vec<String>,
) -> Result<Matched, ClientError> {
    let mut all = Matched::default();
    for name in names {
        let asked = [("q", name.as_str()), ("limit", "12")];
        let page = client.records(&ledger, &asked).await?;
        let same: Vec<&Record> = page.items.iter().filter(|one| one.title == name).collect();
        match same.as_slice() {
            [one] => all.found.push(Picked::from(*one)),
            [] => all.unknown.push(name),
            _ => all.unclear.push(name),
        }
    }
    Ok(all)
}

/// Names that are pasted, each looked for; those that are not clear are left in the box.
#[function_component]
fn Paste(props: &PasteProps) -> Html {
    use_language();
    let text = use_state(String::new);
    let sending = use_sending();
    let change = {
        let text = text.clone();
        Callback::from(move |typed| text.set(typed))
    };
    let names = names_in(&text);
    let search = {
        let (names, ledger, sending) = (names.clone(), props.ledger.to_string(), sending.clone());
        let (add, close, text) = (props.add.clone(), props.close.clone(), text.clone());
        Callback::from(move |_: MouseEvent| {
            let (names, ledger, said) = (names.clone(), ledger.clone(), sending.clone());
            let (add, close, text) = (add.clone(), close.clone(), text.clone());
            sending.send(
                move |client| matched(client, ledger, names),
                move |all| {
                    let count = all.found.len();
                    all.found.into_iter().for_each(|one| add.emit(Some(one)));
                    let rest: Vec<String> =
                        all.unknown.iter().chain(&all.unclear).cloned().collect();
                    if rest.is_empty() {
                        close.emit(());
                    } else {
                        text.set(rest.join("\n"));
                        said.say(t!(
                            "record-paste-rest",
                            unknown = all.unknown.len(),
                            unclear = all.unclear.len()
                        ));
                    }
                    Some(t!("record-paste-done", count = count))
                },
            );
        })
    };
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("close") }</button>
        <button type="button" class="zx-button zx-primary" disabled={sending.busy() || names.is_empty() || names.len() > PASTED} onclick={search}>{ t!("record-paste-find", count = names.len()) }</button></>
    };
    html! {
        <Dialog title={t!("record-paste-title", field = props.label.to_string())} close={props.close.clone()} {acts}>
            <TextField id="record-pasted" label={t!("record-paste-names")} lines={8} value={(*text).clone()} {change} hint={t!("record-paste-hint", most = PASTED)} />
            { alert(sending.said()) }
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::names_in;

    #[test]
    fn pasted_names_are_parted_by_what_is_no_name() {
        let names = names_in("张三\t李四 王五、赵六，张三; 买买提·艾力\r\n");
        assert_eq!(names, ["张三", "李四", "王五", "赵六", "买买提·艾力"]);
    }
}
