//! A sheet of targets or weights, CSV or Excel: it is read by the server, which says what each line means; nothing is set.

use crate::components::alert;
use crate::components::field::Field;
use crate::format;
use crate::hooks::use_session;
use crate::i18n::use_language;
use web_sys::js_sys::Uint8Array;
use web_sys::wasm_bindgen::JsCast;
use web_sys::wasm_bindgen::closure::Closure;
use web_sys::{File, FileReader, HtmlInputElement};
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::target::TargetSheet;

/// What a sheet says.
pub type SheetRead = TargetSheet;

/// The properties of the field.
#[derive(Clone, PartialEq, Properties)]
pub struct SheetFieldProps {
    /// The input's id.
    pub id: AttrValue,
    /// The metric whose targets it holds.
    pub metric: String,
    /// The unit below which the units stand.
    pub unit: String,
    /// Takes what was read.
    pub read: Callback<SheetRead>,
}

/// The field with what was read, and every line that was not understood.
#[function_component]
pub fn SheetField(props: &SheetFieldProps) -> Html {
    use_language();
    let found = use_state(|| None::<SheetRead>);
    let said = use_state(String::new);
    let session = use_session();
    let chosen = {
        let (found, said, props) = (found.clone(), said.clone(), props.clone());
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            let (found, said, props) = (found.clone(), said.clone(), props.clone());
            let session = session.clone();
            let send = Callback::from(move |bytes: Vec<u8>| {
                let Some(session) = session.clone() else {
                    return;
                };
                let (found, said, props) = (found.clone(), said.clone(), props.clone());
                spawn_local(async move {
                    let read = session
                        .client
                        .read_target_sheet(&props.metric, &props.unit, bytes);
                    match read.await {
                        Ok(read) => {
                            said.set(String::new());
                            props.read.emit(read.clone());
                            found.set(Some(read));
                        }
                        Err(error) => said.set(format::error(&error)),
                    }
                });
            });
            // A browser that does not read files leaves the field as it is.
            let _begun = bytes_of(&input, send);
        })
    };
    html! {
        <>
            <Field id={props.id.clone()} label={t!("sheet-file")} hint={t!("sheet-hint")}>
                <input id={props.id.clone()} type="file" accept=".xlsx,.csv" onchange={chosen} />
            </Field>
            { alert(&said) }
            if let Some(found) = &*found {
                <p role="status">{ t!("sheet-read", rows = found.rows.len(), errors = found.errors.len()) }</p>
                if !found.errors.is_empty() { <ul class="zx-finding">{ for found.errors.iter().take(20).map(|error| html! { <li>{ t!("sheet-line", line = error.line) }{ &error.message }</li> }) }</ul> }
            }
        </>
    }
}

/// Reads the file that was chosen.
fn bytes_of(input: &HtmlInputElement, read: Callback<Vec<u8>>) -> Option<()> {
    read_bytes(&input.files()?.get(0)?, read)
}

/// Reads a file.
pub fn read_bytes(file: &File, read: Callback<Vec<u8>>) -> Option<()> {
    let reader = FileReader::new().ok()?;
    let done = {
        let reader = reader.clone();
        Closure::once_into_js(move || {
            if let Ok(buffer) = reader.result() {
                read.emit(Uint8Array::new(&buffer).to_vec());
            }
        })
    };
    reader.set_onload(Some(done.unchecked_ref()));
    reader.read_as_array_buffer(file).ok()
}
