//! Files of a note: chosen or photographed, handed in at once, each with what became of it; and as links in a history.

use crate::components::alert;
use crate::components::download::save_bytes;
use crate::components::field::Field;
use crate::components::sheet::read_bytes;
use crate::components::toast::use_toast;
use crate::format;
use crate::hooks::use_session;
use crate::i18n::use_language;
use crate::send::use_sending;
use crate::state::Session;
use std::rc::Rc;
use uuid::Uuid;
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::file::File;
use zhenxing_domain::file::FileKind;

/// How many files a note takes.
const MOST: usize = 9;

/// Where a file is on its way.
#[derive(Clone, PartialEq)]
pub enum Stage {
    /// It is being sent.
    Sending,
    /// It was taken in under that number.
    There(Uuid),
    /// It was refused, or did not arrive.
    Failed(String),
}

/// A file that was chosen.
#[derive(Clone, PartialEq)]
struct Chosen {
    key: Uuid,
    name: String,
    bytes: Rc<Vec<u8>>,
    stage: Stage,
}

/// The files that were chosen for a note.
#[derive(Clone, PartialEq, Default)]
pub struct Attached(Vec<Chosen>);

/// What happens to them.
pub enum Step {
    /// One is chosen.
    Add(Uuid, String, Rc<Vec<u8>>),
    /// One gets further.
    Reach(Uuid, Stage),
    /// One is left out.
    Remove(Uuid),
    /// The note is written.
    Clear,
}

impl Reducible for Attached {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut all = self.0.clone();
        match step {
            Step::Add(key, name, bytes) => all.push(Chosen {
                key,
                name,
                bytes,
                stage: Stage::Sending,
            }),
            Step::Reach(key, stage) => {
                if let Some(one) = all.iter_mut().find(|one| one.key == key) {
                    one.stage = stage;
                }
            }
            Step::Remove(key) => all.retain(|one| one.key != key),
            Step::Clear => all.clear(),
        }
        Rc::new(Attached(all))
    }
}

impl Attached {
    /// The numbers of those that are there.
    pub fn numbers(&self) -> Vec<Uuid> {
        let there = self.0.iter().filter_map(|one| match one.stage {
            Stage::There(id) => Some(id),
            _ => None,
        });
        there.collect()
    }

    /// Whether any is not there yet.
    pub fn waits(&self) -> bool {
        self.0
            .iter()
            .any(|one| !matches!(one.stage, Stage::There(_)))
    }
}

fn hand_in(
    session: Option<&Session>,
    all: &UseReducerHandle<Attached>,
    key: Uuid,
    name: String,
    bytes: Rc<Vec<u8>>,
) {
    let Some(session) = session.cloned() else {
        return;
    };
    let all = all.clone();
    spawn_local(async move {
        let stage = match session.client.add_file(&name, (*bytes).clone()).await {
            Ok(file) => Stage::There(file.id),
            Err(error) => Stage::Failed(format::error(&error)),
        };
        all.dispatch(Step::Reach(key, stage));
    });
}

/// How large a file is.
fn size(bytes: usize) -> String {
    match bytes.div_ceil(1024) {
        kilobytes if kilobytes < 1024 => format!("{kilobytes} KB"),
        kilobytes => format!("{}.{} MB", kilobytes / 1024, kilobytes % 1024 * 10 / 1024),
    }
}

/// The ends of names of every kind, for the browser's choice.
fn accepted() -> String {
    let suffixes = FileKind::ALL
        .into_iter()
        .flat_map(|kind| kind.suffixes().iter().copied());
    let listed: Vec<String> = suffixes.map(|suffix| format!(".{suffix}")).collect();
    listed.join(",")
}

/// The properties of the field.
#[derive(Clone, PartialEq, Properties)]
pub struct FilesFieldProps {
    /// The files.
    pub all: UseReducerHandle<Attached>,
}

/// The field with the files that were chosen.
#[function_component]
pub fn FilesField(props: &FilesFieldProps) -> Html {
    use_language();
    let session = use_session();
    let many = use_state(|| false);
    let choose = {
        let (all, session, many) = (props.all.clone(), session.clone(), many.clone());
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            let Some(list) = input.files() else {
                return;
            };
            let room = MOST.saturating_sub(all.0.len());
            let chosen: Vec<web_sys::File> =
                (0..list.length()).filter_map(|at| list.get(at)).collect();
            many.set(chosen.len() > room);
            for file in chosen.into_iter().take(room) {
                let (all, session, name) = (all.clone(), session.clone(), file.name());
                let read = Callback::from(move |bytes: Vec<u8>| {
                    let (key, bytes) = (Uuid::now_v7(), Rc::new(bytes));
                    all.dispatch(Step::Add(key, name.clone(), Rc::clone(&bytes)));
                    hand_in(session.as_ref(), &all, key, name.clone(), bytes);
                });
                // A browser that does not read files leaves the list as it is.
                let _begun = read_bytes(&file, read);
            }
            // The same file can be chosen again.
            input.set_value("");
        })
    };
    let row = |one: &Chosen| {
        let (all, key) = (props.all.clone(), one.key);
        let remove = Callback::from(move |_: MouseEvent| all.dispatch(Step::Remove(key)));
        let (all, session, again) = (props.all.clone(), session.clone(), one.clone());
        let retry = Callback::from(move |_: MouseEvent| {
            all.dispatch(Step::Reach(again.key, Stage::Sending));
            let (name, bytes) = (again.name.clone(), Rc::clone(&again.bytes));
            hand_in(session.as_ref(), &all, again.key, name, bytes);
        });
        let said = match &one.stage {
            Stage::Sending => html! { <span role="status">{ t!("file-sending") }</span> },
            Stage::There(_) => html! { <span role="status">{ t!("file-there") }</span> },
            Stage::Failed(why) => html! {
                <><span class="zx-bad" role="alert">{ why }</span>
                <button type="button" class="zx-button" onclick={retry}>{ t!("file-again") }</button></>
            },
        };
        html! {
            <li key={one.key.to_string()}><span>{ &one.name }</span><small>{ size(one.bytes.len()) }</small>{ said }
            <button type="button" class="zx-button" onclick={remove} aria-label={t!("file-remove-of", name = one.name.clone())}>{ t!("file-remove") }</button></li>
        }
    };
    html! {
        <>
            <Field id="note-files" label={t!("files")} hint={t!("files-hint", most = MOST)}>
                <input id="note-files" type="file" multiple=true accept={accepted()} onchange={choose} />
            </Field>
            if *many { { alert(&t!("files-many", most = MOST)) } }
            if !props.all.0.is_empty() { <ul class="zx-files">{ for props.all.0.iter().map(row) }</ul> }
        </>
    }
}

/// The properties of a list of files.
#[derive(Clone, PartialEq, Properties)]
pub struct FileLinksProps {
    /// The files.
    pub files: Vec<File>,
}

/// Files that can be saved.
#[function_component]
pub fn FileLinks(props: &FileLinksProps) -> Html {
    use_language();
    let sending = use_sending();
    let toast = use_toast();
    let link = |file: &File| {
        let (sender, toast) = (sending.clone(), toast.clone());
        let (id, name) = (file.id, file.name.clone());
        let save = Callback::from(move |_: MouseEvent| {
            let (name, toast) = (name.clone(), toast.clone());
            sender.send(
                move |client| async move { client.file_content(id).await },
                move |bytes| match (save_bytes(&name, &bytes), toast) {
                    (Ok(()), _) => Some(t!("download-done", name = name)),
                    (Err(_), Some(toast)) => {
                        toast.failed(t!("download-failed"));
                        None
                    }
                    (Err(_), None) => None,
                },
            );
        });
        let busy = sending.busy();
        let large = usize::try_from(file.size).map_or_else(|_| String::new(), size);
        html! { <li key={file.id.to_string()}><button type="button" class="zx-plain zx-link" disabled={busy} onclick={save}>{ &file.name }</button><small>{ large }</small></li> }
    };
    html! {
        <>
            <ul class="zx-files">{ for props.files.iter().map(link) }</ul>
            { alert(sending.said()) }
        </>
    }
}
