//! Handing the reader a file that was made here.

use crate::components::toast::use_toast;
use crate::format;
use crate::hooks::use_session;
use crate::state::Session;
use std::future::Future;
use web_sys::js_sys::{Array, Uint8Array};
use web_sys::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_client::ClientError;

/// Saves a text as a file of that name; CSV begins with the mark by which spreadsheets know UTF-8.
///
/// # Errors
/// What the browser says.
pub fn save_csv(name: &str, text: &str) -> Result<(), JsValue> {
    let parts = Array::of2(&JsValue::from_str("\u{feff}"), &JsValue::from_str(text));
    let kind = BlobPropertyBag::new();
    kind.set_type("text/csv;charset=utf-8");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind)?;
    save(name, &blob)
}

/// Rows as CSV. A cell that a spreadsheet would take for a formula stays a text.
pub fn csv<'a>(rows: impl IntoIterator<Item = &'a Vec<String>>) -> String {
    let quoted = |text: &String| {
        let formula = text.starts_with(['=', '+', '-', '@']);
        let mark = if formula { "'" } else { "" };
        format!("\"{mark}{}\"", text.replace('"', "\"\""))
    };
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().map(quoted).collect();
        format!("{}\r\n", cells.join(","))
    };
    rows.into_iter().map(line).collect()
}

/// Saves bytes as a file of that name.
///
/// # Errors
/// What the browser says.
pub fn save_bytes(name: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    save(name, &Blob::new_with_u8_array_sequence(&parts)?)
}

fn save(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let document = web_sys::window().and_then(|window| window.document());
    let document = document.ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address)
}

/// What brings a file of a format and saves it, and whether one is on its way.
pub type Files = (Callback<&'static str>, bool);

/// Brings a file as `csv` or `xlsx` and saves it under a name.
#[hook]
pub fn use_files<F, Fut>(name: String, fetch: F) -> Files
where
    F: Fn(Session, &'static str) -> Fut + 'static,
    Fut: Future<Output = Result<Vec<u8>, ClientError>> + 'static,
{
    let session = use_session();
    let toast = use_toast();
    let busy = use_state(|| false);
    let save = {
        let busy = busy.clone();
        Callback::from(move |format: &'static str| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (busy, toast, name) = (busy.clone(), toast.clone(), format!("{name}.{format}"));
            let coming = fetch(session, format);
            spawn_local(async move {
                let said = match coming.await {
                    Ok(bytes) => save_bytes(&name, &bytes).map_err(|_| t!("download-failed")),
                    Err(error) => Err(format::error(&error)),
                };
                busy.set(false);
                match (toast, said) {
                    (Some(toast), Ok(())) => toast.done(t!("download-done", name = name)),
                    (Some(toast), Err(why)) => toast.failed(why),
                    (None, _) => {}
                }
            });
        })
    };
    (save, *busy)
}

/// The buttons that bring the files.
pub fn buttons((save, busy): &Files) -> Html {
    let button = |format: &'static str, words: String| {
        let save = save.reform(move |_: MouseEvent| format);
        html! { <button type="button" class="zx-button" disabled={*busy} onclick={save}>{ words }</button> }
    };
    html! { <>{ button("xlsx", t!("download-excel")) }{ button("csv", t!("download-csv")) }</> }
}

#[cfg(test)]
mod tests {
    use super::csv;

    #[test]
    fn cells_are_quoted_and_formulas_are_texts() {
        let row = ["甲\"乙\"".to_owned(), "=1+1".to_owned()].to_vec();
        assert_eq!(csv([&row]), "\"甲\"\"乙\"\"\",\"'=1+1\"\r\n");
    }
}
