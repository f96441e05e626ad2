//! Moving through the cells by keys, and reading a block from the clipboard.

use web_sys::wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Element, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

/// The cell of an input.
fn place(input: &Element) -> Option<(usize, usize)> {
    let number = |name: &str| input.get_attribute(name)?.parse().ok();
    Some((number("data-row")?, number("data-column")?))
}

/// Where a key leads from a cell; nothing where the key stays inside the text.
fn target(key: &str, at: (usize, usize), start: bool, end: bool) -> Option<(usize, usize)> {
    match key {
        "ArrowDown" | "Enter" => Some((at.0 + 1, at.1)),
        "ArrowUp" => Some((at.0.checked_sub(1)?, at.1)),
        "ArrowLeft" if start => Some((at.0, at.1.checked_sub(1)?)),
        "ArrowRight" if end => Some((at.0, at.1 + 1)),
        _ => None,
    }
}

/// Arrow keys and Enter go from cell to cell; left and right only from the ends of the text.
pub fn keys(event: KeyboardEvent) {
    let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
        return;
    };
    let Some(at) = place(&input) else { return };
    let length = u32::try_from(input.value().encode_utf16().count()).unwrap_or(0);
    let begin = input.selection_start().ok().flatten().unwrap_or(0);
    let end = input.selection_end().ok().flatten().unwrap_or(length);
    let whole = begin == 0 && end == length;
    let Some(to) = target(
        &event.key(),
        at,
        begin == 0 && (whole || end == 0),
        end == length && (whole || begin == length),
    ) else {
        return;
    };
    let table = input.closest("table").ok().flatten();
    let found = table.and_then(|table| {
        let wanted = format!("input[data-row='{}'][data-column='{}']", to.0, to.1);
        table.query_selector(&wanted).ok().flatten()
    });
    if let Some(next) = found.and_then(|next| next.dyn_into::<HtmlInputElement>().ok()) {
        event.prevent_default();
        // A cell that cannot be focused is reached by Tab.
        let _focused = next.focus();
        next.select();
    }
}

/// A block that is pasted into a cell: its row, its column, and the lines. A single text is left to the browser.
pub fn pasted(event: &Event) -> Option<(usize, usize, Vec<Vec<String>>)> {
    let at = place(&event.target_dyn_into::<Element>()?)?;
    let clipboard = event.dyn_ref::<ClipboardEvent>()?.clipboard_data()?;
    let block = block(&clipboard.get_data("text").ok()?)?;
    Some((at.0, at.1, block))
}

/// Lines and cells as a spreadsheet copies them.
fn block(text: &str) -> Option<Vec<Vec<String>>> {
    let text = text.trim_end_matches(['\r', '\n']);
    if !text.contains(['\t', '\n']) {
        return None;
    }
    let cell = |cell: &str| cell.trim().trim_matches('"').replace(',', "");
    let line = |line: &str| line.trim_end_matches('\r').split('\t').map(cell).collect();
    Some(text.split('\n').map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_a_sheet_is_read() {
        let read = block("1,200.00\t7\r\n3\t\r\n");
        let wanted = vec![
            vec!["1200.00".to_owned(), "7".to_owned()],
            vec!["3".to_owned(), String::new()],
        ];
        assert_eq!(read, Some(wanted));
        assert_eq!(block("7"), None);
    }

    #[test]
    fn keys_lead_from_cell_to_cell() {
        for (key, start, end, to) in [
            ("ArrowDown", false, false, Some((3, 1))),
            ("Enter", false, false, Some((3, 1))),
            ("ArrowUp", false, false, Some((1, 1))),
            ("ArrowLeft", true, false, Some((2, 0))),
            ("ArrowLeft", false, true, None),
            ("ArrowRight", false, true, Some((2, 2))),
            ("7", true, true, None),
        ] {
            assert_eq!(target(key, (2, 1), start, end), to, "{key}");
        }
        assert_eq!(target("ArrowUp", (0, 0), true, true), None);
    }
}
