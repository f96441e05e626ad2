//! 整届替换: a sheet names who takes office from a day on; it is tried first, and then done as a whole.

use super::input::{Around, input};
use super::kept::Kept;
use super::roster_found::table;
use super::sheet::Sheet;
use crate::components::alert;
use crate::components::dialog::Dialog;
use crate::components::field::{Field, TextField};
use crate::components::sheet::read_bytes;
use crate::components::table::{Cell, Column, Row, Table};
use crate::format::NOTHING;
use crate::i18n::use_language;
use crate::send::{Sending, use_sending};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use zhenxing_api_types::roster::{
    HolderChange, Replaced, ReplacedUnit, RosterFinding, RosterImport,
};
use zhenxing_domain::package::{RecordField, Replace};

/// The properties of the dialog.
#[derive(Clone, PartialEq, Properties)]
pub struct ReplaceProps {
    /// The ledger.
    pub kept: Rc<Kept>,
    /// Leaves it.
    pub close: Callback<()>,
    /// Is told when the records are others.
    pub changed: Callback<()>,
}

/// How a ledger replaces those in office, where it does.
pub fn replaces(kept: &Kept) -> Option<&Replace> {
    kept.record.term.as_ref()?.replace.as_ref()
}

/// What is asked besides the fields that all share.
#[derive(Debug, Clone, Default, PartialEq)]
struct Asked {
    day: String,
    reason: String,
    bytes: Vec<u8>,
    pasted: String,
}

/// The dialog.
#[function_component]
pub fn ReplaceTerm(props: &ReplaceProps) -> Html {
    use_language();
    let kept = &props.kept;
    let by = replaces(kept);
    let shared = use_reducer(|| Sheet::begun(kept, None));
    let asked = use_state(|| Asked {
        reason: by.map(|by| by.name_zh.clone()).unwrap_or_default(),
        ..Asked::default()
    });
    let tried = use_state(|| None::<(Asked, Sheet, RosterImport)>);
    let sending = use_sending();
    // What was tried no longer holds once something is changed.
    let found = tried
        .as_ref()
        .filter(|(then, sheet, _)| *then == *asked && *sheet == *shared)
        .map(|(_, _, found)| found);
    let send = use_asking(props, &asked, &shared, &tried, &sending);
    let change = |set: fn(&mut Asked, String)| {
        let asked = asked.clone();
        Callback::from(move |text: String| {
            let mut next = (*asked).clone();
            set(&mut next, text);
            asked.set(next);
        })
    };
    let around = Around {
        prefix: "replace",
        kept,
        sheet: &shared,
        findings: &[],
        inside: true,
        all_required: false,
    };
    let fields = by.into_iter().flat_map(|by| by.common.iter());
    let fields = fields.filter_map(|code| kept.record.field(code));
    html! {
        <Dialog title={t!("replace-term-of", ledger = kept.name())} wide={true} close={props.close.clone()} acts={acts(props, found, &sending, &send)}>
            <p>{ t!("replace-means") }</p>
            <div class="zx-two">
                <TextField id="replace-day" kind="date" label={t!("replace-day")} hint={t!("replace-day-hint")} required=true value={asked.day.clone()} change={change(|asked, text| asked.day = text)} />
                <TextField id="replace-reason" label={t!("replace-reason")} max={100} value={asked.reason.clone()} change={change(|asked, text| asked.reason = text)} />
                { for fields.map(|field| input(field, &around)) }
            </div>
            <Field id="replace-file" label={t!("replace-file")} hint={t!("replace-file-hint")}>
                <input id="replace-file" type="file" accept=".xlsx,.csv" onchange={chosen(&asked, &sending)} />
            </Field>
            <TextField id="replace-text" label={t!("replace-text")} lines={5} value={asked.pasted.clone()} change={change(|asked, text| asked.pasted = text)} />
            { alert(sending.said()) }
            { found.map(outcome).unwrap_or_default() }
        </Dialog>
    }
}

/// Takes the file that is chosen.
fn chosen(asked: &UseStateHandle<Asked>, sending: &Sending) -> Callback<Event> {
    let (asked, sending) = (asked.clone(), sending.clone());
    Callback::from(move |event: Event| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        let Some(file) = input.and_then(|input| input.files()?.get(0)) else {
            return;
        };
        let taken = asked.clone();
        let read = Callback::from(move |bytes: Vec<u8>| {
            taken.set(Asked {
                bytes,
                ..(*taken).clone()
            });
        });
        if read_bytes(&file, read).is_none() {
            sending.say(t!("file-unread"));
        }
    })
}

/// Tries it, or does it.
#[hook]
fn use_asking(
    props: &ReplaceProps,
    asked: &UseStateHandle<Asked>,
    shared: &UseReducerHandle<Sheet>,
    tried: &UseStateHandle<Option<(Asked, Sheet, RosterImport)>>,
    sending: &Sending,
) -> Callback<bool> {
    let (props, asked, shared) = (props.clone(), asked.clone(), shared.clone());
    let (tried, sending) = (tried.clone(), sending.clone());
    Callback::from(move |dry_run: bool| {
        let bytes = match asked.pasted.trim() {
            "" => asked.bytes.clone(),
            text => csv_of(text).into_bytes(),
        };
        if asked.day.is_empty() || bytes.is_empty() {
            return sending.say(t!("replace-incomplete"));
        }
        let fields = replaces(&props.kept).into_iter().flat_map(|by| &by.common);
        let fields: Vec<&RecordField> = fields
            .filter_map(|code| props.kept.record.field(code))
            .collect();
        let common = serde_json::Value::Object(shared.wire(fields.into_iter())).to_string();
        let (code, now) = (props.kept.ledger.code.clone(), (*asked).clone());
        let sheet = (*shared).clone();
        let (tried, props) = (tried.clone(), props.clone());
        let call_of = now.clone();
        sending.send(
            move |client| async move {
                let trial = dry_run.to_string();
                let query = [
                    ("dry_run", trial.as_str()),
                    ("replace_from", &call_of.day),
                    ("reason", call_of.reason.trim()),
                    ("common", &common),
                ];
                client.import_roster(&code, &query, bytes).await
            },
            move |found| {
                if dry_run {
                    tried.set(Some((now, sheet, found)));
                    return None;
                }
                props.close.emit(());
                props.changed.emit(());
                let counted = found.replaced.as_ref().map(counted);
                counted.map(|counted| t!("replace-done", counted = counted))
            },
        );
    })
}

/// How many leave, come and stay.
fn counted(done: &Replaced) -> String {
    t!(
        "replace-counted",
        units = done.units.len(),
        leaving = done.leaving,
        coming = done.coming,
        staying = done.staying
    )
}

/// The buttons: trying first, then doing what was found.
fn acts(
    props: &ReplaceProps,
    found: Option<&RosterImport>,
    sending: &Sending,
    send: &Callback<bool>,
) -> Html {
    let good = found.is_some_and(|found| found.faulty == 0);
    html! {
        <>
            <button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
            <button type="button" class={classes!("zx-button", (!good).then_some("zx-primary"))} disabled={sending.busy()} onclick={send.reform(|_: MouseEvent| true)}>{ t!("many-try") }</button>
            if good {
                <button type="button" class="zx-button zx-primary" disabled={sending.busy()} onclick={send.reform(|_: MouseEvent| false)}>{ t!("replace-do") }</button>
            }
        </>
    }
}

/// What a trial found: the numbers, the units, and what stands against rows or is to be compared.
fn outcome(found: &RosterImport) -> Html {
    let Some(done) = &found.replaced else {
        return Html::default();
    };
    html! {
        <>
            <p class="zx-quote" role="status">{ counted(done) }
                if found.people > 0 { { t!("replace-people", people = found.people) } }
                if found.faulty > 0 { { t!("replace-faulty", rows = found.faulty) } }</p>
            if found.errors_total > 0 { { findings(t!("line-faults"), &found.errors) } }
            if found.warnings_total > 0 { { findings(t!("replace-warnings"), &found.warnings) } }
            if !done.units.is_empty() { { units(done) } }
        </>
    }
}

fn findings(label: String, all: &[RosterFinding]) -> Html {
    html! { <><h3>{ &label }</h3>{ table(label, all) }</> }
}

fn units(done: &Replaced) -> Html {
    let columns = vec![
        Column::text(t!("unit")),
        Column::text(t!("replace-leaving")),
        Column::text(t!("replace-coming")),
        Column::text(t!("replace-staying")),
    ];
    let row = |one: &ReplacedUnit| {
        let of = |what: HolderChange, count: i64| {
            let all = one.holders.iter().filter(|holder| holder.what == what);
            let named: Vec<String> = all
                .map(|holder| {
                    t!(
                        "replace-holder",
                        name = holder.name.clone(),
                        post = holder.title.clone()
                    )
                })
                .collect();
            let words = match count {
                0 => NOTHING.to_owned(),
                _ => t!(
                    "replace-count",
                    count = count,
                    who = named.join(&t!("list-separator"))
                ),
            };
            Cell::text(words)
        };
        let cells = vec![
            Cell::text(&one.unit.name),
            of(HolderChange::Leaves, one.leaving),
            of(HolderChange::Comes, one.coming),
            of(HolderChange::Stays, one.staying),
        ];
        Row::of(one.unit.code.clone(), cells)
    };
    let rows: Vec<Row> = done.units.iter().map(row).collect();
    html! { <><h3>{ t!("replace-units") }</h3><Table label={t!("replace-units")} {columns} {rows} /></> }
}

/// What was pasted as CSV: cells of a spreadsheet come parted by tabs.
fn csv_of(text: &str) -> String {
    if !text.contains('\t') {
        return text.to_owned();
    }
    let lines = text.lines().map(|line| {
        let cells = line.split('\t').map(|cell| {
            let inner = cell.trim().replace('"', "\"\"");
            format!("\"{inner}\"")
        });
        cells.collect::<Vec<String>>().join(",")
    });
    lines.collect::<Vec<String>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_from_a_spreadsheet_becomes_csv() {
        assert_eq!(csv_of("姓名,职务\n张三,书记"), "姓名,职务\n张三,书记");
        assert_eq!(
            csv_of("姓名\t职务\n张三\t村\"两委\"成员, 书记"),
            "\"姓名\",\"职务\"\n\"张三\",\"村\"\"两委\"\"成员, 书记\""
        );
    }
}
