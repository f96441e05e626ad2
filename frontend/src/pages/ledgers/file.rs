//! A file in a form: chosen, handed in at once; and as a link where the record is shown.

use crate::components::alert;
use crate::components::download::save_bytes;
use crate::components::field::{Field, described};
use crate::components::sheet::read_bytes;
use crate::components::toast::use_toast;
use crate::draft::Picked;
use crate::i18n::use_language;
use crate::send::use_sending;
use uuid::Uuid;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The properties of a field for a file.
#[derive(Clone, PartialEq, Properties)]
pub struct FileInputProps {
    /// The input's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// The file that is there.
    pub picked: Option<Picked>,
    /// Takes the file that was handed in, or none.
    pub change: Callback<Option<Picked>>,
    /// Whether one must be there.
    pub required: bool,
    /// What to enter.
    pub hint: AttrValue,
    /// What is wrong and what to do.
    pub error: AttrValue,
}

/// A field for a file.
#[function_component]
pub fn FileInput(props: &FileInputProps) -> Html {
    use_language();
    let sending = use_sending();
    let chosen = {
        let (sending, change) = (sending.clone(), props.change.clone());
        Callback::from(move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            let file = input.and_then(|input| input.files()?.get(0));
            let Some(file) = file else {
                return;
            };
            let (sending, change, name) = (sending.clone(), change.clone(), file.name());
            let read = Callback::from(move |bytes: Vec<u8>| {
                let (change, name) = (change.clone(), name.clone());
                sending.send(
                    move |client| async move { client.add_file(&name, bytes).await },
                    move |file| {
                        change.emit(Some(Picked {
                            code: file.id.to_string(),
                            name: file.name,
                        }));
                        Some(t!("file-there"))
                    },
                );
            });
            // A browser that does not read files leaves the field as it is.
            let _begun = read_bytes(&file, read);
        })
    };
    let remove = props.change.reform(|_: MouseEvent| None);
    html! {
        <>
            <Field id={props.id.clone()} label={props.label.clone()} hint={props.hint.clone()} error={props.error.clone()} required={props.required}>
                <input id={props.id.clone()} type="file" onchange={chosen} aria-describedby={described(&props.id)} />
                if let Some(file) = &props.picked {
                    <p class="zx-row"><FileLink id={file.code.clone()} name={file.name.clone()} />
                        <button type="button" class="zx-button" aria-label={t!("file-remove-of", name = file.name.clone())} onclick={remove}>{ t!("file-remove") }</button></p>
                }
            </Field>
            if sending.busy() { <p role="status">{ t!("file-sending") }</p> }
            { alert(sending.said()) }
        </>
    }
}

/// The properties of a link to a file.
#[derive(Clone, PartialEq, Properties)]
pub struct FileLinkProps {
    /// Its number.
    pub id: AttrValue,
    /// Its name.
    pub name: AttrValue,
}

/// A file that can be saved.
#[function_component]
pub fn FileLink(props: &FileLinkProps) -> Html {
    use_language();
    let sending = use_sending();
    let toast = use_toast();
    let save = {
        let (sending, props) = (sending.clone(), props.clone());
        Callback::from(move |_: MouseEvent| {
            let Ok(id) = Uuid::parse_str(&props.id) else {
                return;
            };
            let (name, toast) = (props.name.to_string(), toast.clone());
            sending.send(
                move |client| async move { client.file_content(id).await },
                move |bytes| match save_bytes(&name, &bytes) {
                    Ok(()) => Some(t!("download-done", name = name)),
                    Err(_) => {
                        if let Some(toast) = toast {
                            toast.failed(t!("download-failed"));
                        }
                        None
                    }
                },
            );
        })
    };
    html! {
        <><button type="button" class="zx-plain zx-link" disabled={sending.busy()} onclick={save}>{ &props.name }</button>{ alert(sending.said()) }</>
    }
}
