//! 导入: records of a ledger from a sheet that exists already. The sheet is tried first; its columns are compared, its faulty
//! rows are listed, and the good rows are kept once that is confirmed.

use super::edit::{crumbs, not_in_use};
use super::kept::{Kept, kept};
use super::roster_columns::{
    self, Fill, Mapping, PEOPLE, corrected, doubled, fills, missing, takes_sheets,
};
use super::roster_found::{Found, counts, kept_rows, unread};
use crate::components::confirm::Confirm;
use crate::components::download::{csv, save_csv};
use crate::components::field::{Field, described};
use crate::components::sheet::read_bytes;
use crate::components::unit_picker::UnitPicker;
use crate::components::{Card, PageHeader, alert, loaded};
use crate::draft::{Picked, picked_name};
use crate::hooks::{use_load, use_session};
use crate::i18n::use_language;
use crate::pages::leave::use_leave_warning;
use crate::routes::Route;
use crate::send::{Sending, use_sending};
use std::rc::Rc;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::Problem;
use zhenxing_api_types::roster::RosterImport;
use zhenxing_api_types::unit::Unit;
use zhenxing_client::{Client, ClientError};

/// How large a sheet may be, as the server takes it.
const MOST_BYTES: usize = 16 << 20;

/// Which ledger.
#[derive(Clone, PartialEq, Properties)]
pub struct ImportRecordsProps {
    /// The ledger's code.
    pub code: String,
}

/// The page.
#[function_component]
pub fn ImportRecords(props: &ImportRecordsProps) -> Html {
    use_language();
    let (load, again) = use_load(props.code.clone(), |session, code: String| async move {
        let own = kept(&session, &code).await?;
        // Who may not see people names none in a sheet.
        let people = match code.as_str() {
            PEOPLE => None,
            _ => kept(&session, PEOPLE).await.unwrap_or_default(),
        };
        Ok(own.map(|own| (own, people)))
    });
    loaded(&load, &again, |found| match found {
        Some((kept, people)) => {
            let may = kept.ledger.may_keep && takes_sheets(&kept.record);
            html! {
                <>
                    <PageHeader title={t!("roster-of-ledger", ledger = kept.name())} lead={html! { { t!("roster-lead") } }} crumbs={crumbs(kept)} />
                    if may { <Page kept={Rc::clone(kept)} people={people.clone()} /> } else { { alert(&t!("roster-may-not")) } }
                </>
            }
        }
        None => not_in_use(),
    })
}

#[derive(Clone, PartialEq, Properties)]
struct PageProps {
    kept: Rc<Kept>,
    people: Option<Rc<Kept>>,
}

/// A sheet that was chosen.
#[derive(Clone, PartialEq)]
struct Chosen {
    name: String,
    bytes: Rc<Vec<u8>>,
}

/// What is to be taken, and what is known of it.
#[derive(Clone, PartialEq, Default)]
struct Draft {
    file: Option<Chosen>,
    /// The unit of rows that name none.
    unit: Option<Picked>,
    /// What columns fill, once it was corrected.
    mapping: Option<Mapping>,
    /// What became of the rows, or would.
    report: Option<Rc<RosterImport>>,
    /// Why the file as a whole was not taken.
    unread: Option<Rc<Problem>>,
    /// Whether something was changed that was not tried yet.
    stale: bool,
}

impl Draft {
    /// The report of a trial that says what would be kept now.
    fn tried(&self) -> Option<&Rc<RosterImport>> {
        self.report.as_ref().filter(|report| report.dry_run)
    }

    /// The report of what was kept.
    fn done(&self) -> Option<&Rc<RosterImport>> {
        self.report.as_ref().filter(|report| !report.dry_run)
    }
}

/// What came of sending a sheet.
enum Outcome {
    Read(RosterImport),
    Unread(Box<Problem>),
}

async fn sent(
    client: Client,
    ledger: String,
    draft: Draft,
    dry_run: bool,
) -> Result<Outcome, ClientError> {
    let mapping = draft.mapping.as_ref().map(serde_json::to_string);
    // Texts can always be written as JSON.
    let mapping = mapping.and_then(Result::ok).unwrap_or_default();
    let flag = |set: bool| if set { "true" } else { "" };
    let unit = draft.unit.as_ref().map_or("", |unit| unit.code.as_str());
    let asked = [
        ("dry_run", flag(dry_run)),
        ("skip_faulty", flag(!dry_run)),
        ("unit", unit),
        ("mapping", mapping.as_str()),
    ];
    let bytes = draft.file.map(|file| file.bytes.to_vec());
    let sent = client.import_roster(&ledger, &asked, bytes.unwrap_or_default());
    match sent.await {
        Ok(report) => Ok(Outcome::Read(report)),
        Err(ClientError::Problem(problem)) if problem.code == "faulty_lines" => {
            Ok(Outcome::Unread(problem))
        }
        Err(error) => Err(error),
    }
}

/// Tries a draft, or keeps it.
type Run = Callback<(Draft, bool)>;

/// What is drafted, what sends it, and what tries or keeps another draft. What was asked for last is what is shown.
#[hook]
fn use_draft(kept: &Rc<Kept>) -> (UseStateHandle<Draft>, Sending, Run) {
    let draft = use_state(Draft::default);
    let sending = use_sending();
    let turn = use_mut_ref(|| 0_u32);
    let run = {
        let (held, sending, ledger) = (draft.clone(), sending.clone(), kept.ledger.code.clone());
        Callback::from(move |(mut draft, dry_run): (Draft, bool)| {
            let now = turn.borrow().wrapping_add(1);
            turn.replace(now);
            draft.stale = draft.stale || dry_run;
            held.set(draft.clone());
            if draft.file.is_none() {
                return;
            }
            let (ledger, asked, turn, held) =
                (ledger.clone(), draft.clone(), turn.clone(), held.clone());
            sending.send(
                move |client| sent(client, ledger, asked, dry_run),
                move |outcome| {
                    if *turn.borrow() != now {
                        return None;
                    }
                    draft.stale = false;
                    (draft.report, draft.unread) = match outcome {
                        Outcome::Read(report) => (Some(Rc::new(report)), None),
                        Outcome::Unread(problem) => (None, Some(Rc::new(*problem))),
                    };
                    let done = draft.done().map(|report| kept_rows(report));
                    held.set(draft);
                    done.map(|count| t!("roster-done", count = count))
                },
            );
        })
    };
    (draft, sending, run)
}

#[function_component]
fn Page(props: &PageProps) -> Html {
    use_language();
    let (draft, sending, run) = use_draft(&props.kept);
    let asking = use_state(|| false);
    let people = props.people.as_ref().map(|people| &people.record);
    let fills = fills(&props.kept.record, people);
    let leaving = use_leave_warning(draft.mapping.is_some() && draft.done().is_none());
    let begin = {
        let run = run.clone();
        Callback::from(move |_: MouseEvent| run.emit((Draft::default(), true)))
    };
    let ask = |to: bool| {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(to))
    };
    let confirm = {
        let (run, draft, asking) = (run.clone(), (*draft).clone(), asking.clone());
        Callback::from(move |()| {
            asking.set(false);
            run.emit((draft.clone(), false));
        })
    };
    html! {
        <div class="zx-record-form">
            if let Some(report) = draft.done() {
                { finished(&props.kept, report, begin) }
            } else {
                { choose(props, &draft, &run, &fills) }
                { alert(sending.said()) }
                if let Some(problem) = &draft.unread { <Card title={t!("roster-unread")}>{ unread(problem) }</Card> }
                if let Some(report) = draft.tried() { { tried(&props.kept, &draft, report, &fills) } }
                { foot(&draft, &fills, sending.busy(), &ask(true), &run) }
                if let Some(report) = draft.tried().filter(|_| *asking) {
                    { question(report, confirm, ask(false)) }
                }
                { leaving }
            }
        </div>
    }
}

/// The sheet, and the unit of rows that name none.
fn choose(props: &PageProps, draft: &UseStateHandle<Draft>, run: &Run, fills: &[Fill]) -> Html {
    let picked = {
        let (run, held) = (run.clone(), (**draft).clone());
        Callback::from(move |file: Chosen| {
            // Another sheet has other columns.
            let unit = held.unit.clone();
            run.emit((
                Draft {
                    file: Some(file),
                    unit,
                    ..Draft::default()
                },
                true,
            ));
        })
    };
    let unit = {
        let draft = draft.clone();
        Callback::from(move |unit: Option<Unit>| {
            let unit = unit.map(Picked::from);
            if unit != draft.unit {
                let held = (*draft).clone();
                draft.set(Draft {
                    unit,
                    stale: true,
                    ..held
                });
            }
        })
    };
    let name = draft.file.as_ref().map(|file| file.name.clone());
    html! {
        <Card title={t!("roster-file")} aside={html! { <Blank name={props.kept.name()} fills={fills.to_vec()} /> }}>
            <FileField chosen={picked} {name} />
            <HolderField kept={Rc::clone(&props.kept)} value={picked_name(draft.unit.as_ref())} chosen={unit} />
        </Card>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct HolderFieldProps {
    kept: Rc<Kept>,
    value: String,
    chosen: Callback<Option<Unit>>,
}

/// The unit of rows that name none, for who keeps records of units below his own.
#[function_component]
fn HolderField(props: &HolderFieldProps) -> Html {
    use_language();
    let me = use_session().and_then(|session| session.me());
    let below = me.is_some_and(|me| !props.kept.held_below(me.unit.level).is_empty());
    html! {
        if below {
            <UnitPicker id="roster-unit" label={t!("roster-unit")} value={props.value.clone()} chosen={props.chosen.clone()} hint={t!("roster-unit-hint")} />
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
struct BlankProps {
    name: String,
    fills: Vec<Fill>,
}

/// A sheet with the headings alone, for who has none yet.
#[function_component]
fn Blank(props: &BlankProps) -> Html {
    use_language();
    let save = {
        let props = props.clone();
        Callback::from(move |_: MouseEvent| {
            let heads: Vec<String> = props.fills.iter().map(|one| one.heading.clone()).collect();
            let name = t!("roster-blank-file", name = props.name.clone());
            // Where the browser saves nothing there is nothing to say: the button can be pressed again.
            let _saved = save_csv(&name, &csv([&heads]));
        })
    };
    html! { <button type="button" class="zx-plain zx-link" onclick={save}>{ t!("roster-blank") }</button> }
}

#[derive(Clone, PartialEq, Properties)]
struct FileFieldProps {
    name: Option<String>,
    chosen: Callback<Chosen>,
}

/// A file that is chosen or dropped.
#[function_component]
fn FileField(props: &FileFieldProps) -> Html {
    use_language();
    let over = use_state(|| false);
    let fault = use_state(String::new);
    let take = {
        let (chosen, fault) = (props.chosen.clone(), fault.clone());
        Callback::from(move |file: File| {
            let (chosen, fault, name) = (chosen.clone(), fault.clone(), file.name());
            let said = fault.clone();
            let read = Callback::from(move |bytes: Vec<u8>| {
                if bytes.len() > MOST_BYTES {
                    return fault.set(t!("roster-too-large"));
                }
                fault.set(String::new());
                let bytes = Rc::new(bytes);
                let name = name.clone();
                chosen.emit(Chosen { name, bytes });
            });
            if read_bytes(&file, read).is_none() {
                said.set(t!("file-unread"));
            }
        })
    };
    let change = {
        let take = take.clone();
        Callback::from(move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            let file = input.as_ref().and_then(|input| input.files()?.get(0));
            if let Some(file) = file {
                take.emit(file);
            }
            // The same file can be chosen again once it is corrected.
            if let Some(input) = input {
                input.set_value("");
            }
        })
    };
    let hover = |to: bool| {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(to);
        })
    };
    let drop = {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            let dropped = event.data_transfer().and_then(|data| data.files());
            if let Some(file) = dropped.and_then(|files| files.get(0)) {
                take.emit(file);
            }
        })
    };
    html! {
        <div class={classes!("zx-drop", over.then_some("zx-drop-over"))} ondragover={hover(true)} ondragleave={hover(false)} ondrop={drop}>
            <Field id="roster-file" label={t!("roster-choose")} hint={t!("roster-choose-hint")} error={(*fault).clone()}>
                <div class="zx-row zx-file">
                    <input id="roster-file" class="zx-hidden" type="file" accept=".xlsx,.csv" onchange={change} aria-describedby={described("roster-file")} />
                    <label for="roster-file" class="zx-button">{ t!("roster-pick") }</label>
                    if let Some(name) = &props.name { <span>{ t!("roster-chosen", name = name.clone()) }</span> }
                </div>
            </Field>
        </div>
    }
}

/// What a trial found: the columns, and what stands against the rows.
fn tried(
    kept: &Kept,
    draft: &UseStateHandle<Draft>,
    report: &Rc<RosterImport>,
    fills: &[Fill],
) -> Html {
    let map = {
        let draft = draft.clone();
        Callback::from(move |mapping: Mapping| {
            let held = (*draft).clone();
            draft.set(Draft {
                mapping: Some(mapping),
                stale: true,
                ..held
            });
        })
    };
    let columns = corrected(&report.columns, draft.mapping.as_ref());
    let missing = missing(kept, fills, &columns);
    let separator = t!("list-separator");
    let doubled = doubled(fills, &columns).into_iter();
    let doubled = doubled.map(|(name, all)| {
        t!(
            "roster-doubled",
            name = name,
            columns = all.join(&separator)
        )
    });
    html! {
        <>
            <Card title={t!("roster-columns")} class="zx-roster-columns">
                <p class="zx-hint">{ t!("roster-columns-hint") }</p>
                { roster_columns::columns(&columns, fills, &map) }
                { for doubled.map(|text| alert(&text)) }
                if !missing.is_empty() { { alert(&t!("roster-missing", names = missing.join(&separator))) } }
            </Card>
            if !draft.stale {
                <Card title={t!("roster-would")}>
                    { counts(report) }
                    <Found report={Rc::clone(report)} name={kept.name()} />
                    if report.errors.is_empty() { <p>{ t!("roster-clean") }</p> }
                </Card>
            }
        </>
    }
}

/// The bar with the one act: what was changed is tried again before rows are kept.
fn foot(
    draft: &UseStateHandle<Draft>,
    fills: &[Fill],
    busy: bool,
    ask: &Callback<()>,
    run: &Run,
) -> Html {
    // A sheet that could not be read is chosen anew.
    let read = |_: &&Chosen| busy || draft.stale || draft.unread.is_none();
    let Some(file) = draft.file.as_ref().filter(read) else {
        return Html::default();
    };
    let again = {
        let (run, held) = (run.clone(), (**draft).clone());
        Callback::from(move |_: MouseEvent| run.emit((held.clone(), true)))
    };
    let found = draft.tried().map(|report| {
        let columns = corrected(&report.columns, draft.mapping.as_ref());
        !doubled(fills, &columns).is_empty()
    });
    let count = draft.tried().map_or(0, |report| kept_rows(report));
    let running = t!("roster-running", name = file.name.clone());
    html! {
        <div class="zx-foot-bar">
            if busy {
                <span class="zx-running" role="status"><progress aria-label={running.clone()}></progress>{ running }</span>
            } else if draft.stale {
                <small role="status">{ t!("roster-stale") }</small>
            } else if count == 0 {
                <small role="status">{ t!("roster-nothing") }</small>
            }
            if draft.stale {
                <button type="button" class="zx-button zx-primary" disabled={busy || found == Some(true)} onclick={again}>{ t!("roster-try") }</button>
            } else {
                <button type="button" class="zx-button zx-primary" disabled={busy || count == 0} onclick={ask.reform(|_: MouseEvent| ())}>{ t!("roster-import", count = count) }</button>
            }
        </div>
    }
}

/// The question before rows are kept.
fn question(report: &RosterImport, confirm: Callback<()>, cancel: Callback<()>) -> Html {
    let count = kept_rows(report);
    html! {
        <Confirm title={t!("roster-ask", count = count)} act={t!("roster-import", count = count)} {confirm} {cancel}>
            <p>{ t!("roster-means", made = report.made, changed = report.changed) }</p>
            if report.people > 0 { <p>{ t!("roster-means-people", count = report.people) }</p> }
            if report.faulty > 0 { <p>{ t!("roster-means-faulty", count = report.faulty) }</p> }
        </Confirm>
    }
}

/// What was kept, what was not, and where to go on.
fn finished(kept: &Kept, report: &Rc<RosterImport>, begin: Callback<MouseEvent>) -> Html {
    let code = kept.ledger.code.clone();
    html! {
        <Card title={t!("roster-finished")}>
            <p role="status"><strong>{ t!("roster-outcome", made = report.made, changed = report.changed, faulty = report.faulty) }</strong></p>
            { counts(report) }
            <p class="zx-row zx-roster-next">
                <Link<Route> to={Route::Ledger { code }} classes="zx-button zx-primary">{ t!("roster-back", ledger = kept.name()) }</Link<Route>>
                <button type="button" class="zx-button" onclick={begin}>{ t!("roster-again") }</button>
            </p>
            <Found report={Rc::clone(report)} name={kept.name()} />
        </Card>
    }
}
