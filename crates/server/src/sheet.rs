//! Sheets that people upload, CSV or Excel, as lines of texts.

use crate::app::import::{fault, readable};
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zhenxing_api_types::LineError;

/// No sheet of a city has more lines; a cell far below would otherwise make a sheet of millions.
const MOST_LINES: u32 = 20_000;
const MOST_COLUMNS: u32 = 60;
/// Into how many bytes an Excel file may unfold.
const MOST_UNFOLDED: u64 = 64 << 20;

/// A line with its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLine {
    /// The line in the file, counted from one.
    pub line: u64,
    /// Its cells from the first column on.
    pub cells: Vec<String>,
}

impl SheetLine {
    /// The text of a column, trimmed; empty where there is none.
    pub fn cell(&self, column: Option<usize>) -> &str {
        let cell = column.and_then(|column| self.cells.get(column));
        cell.map_or("", |text| text.trim())
    }
}

/// The lines of a sheet that hold something: of a CSV file in UTF-8, or of the first sheet of an Excel file (.xlsx).
///
/// # Errors
/// The fault of the file as a whole.
pub fn lines(bytes: &[u8]) -> Result<Vec<SheetLine>, LineError> {
    let mut found = if bytes.starts_with(b"PK") {
        excel(bytes)?
    } else {
        csv(bytes)?
    };
    found.retain(|line| line.cells.iter().any(|cell| !cell.trim().is_empty()));
    Ok(found)
}

fn csv(bytes: &[u8]) -> Result<Vec<SheetLine>, LineError> {
    let text = readable(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(text);
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            fault(line, None, "csv", &error.to_string())
        })?;
        let line = record.position().map_or(0, |at| first_line(text, at));
        if line > u64::from(MOST_LINES) {
            return Err(too_long());
        }
        found.push(SheetLine {
            line,
            cells: record.iter().map(str::to_owned).collect(),
        });
    }
    Ok(found)
}

/// The line on which a record begins: the reader counts from before the empty lines that it leaves out.
fn first_line(text: &[u8], at: &csv::Position) -> u64 {
    let from = usize::try_from(at.byte()).unwrap_or(usize::MAX);
    let rest = text.get(from..).unwrap_or_default().iter();
    let empty = rest.take_while(|byte| matches!(byte, b'\n' | b'\r'));
    let skipped = empty.filter(|byte| **byte == b'\n').count();
    at.line() + u64::try_from(skipped).unwrap_or(0)
}

fn excel(bytes: &[u8]) -> Result<Vec<SheetLine>, LineError> {
    check_unfolded(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheets = book.sheet_names();
    let first = sheets.first().ok_or_else(unreadable)?;
    let mut cells = book.worksheet_cells_reader(first).map_err(broken)?;
    let mut found: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(broken)? {
        let (row, column) = cell.get_position();
        let style = cells.styles().get(style);
        let format = style.and_then(|style| style.number_format.as_ref());
        let percent = format.is_some_and(|format| format.format_code.contains('%'));
        let text = text_of(cell.get_value(), percent);
        if text.is_empty() {
            continue;
        }
        if row >= MOST_LINES || column >= MOST_COLUMNS {
            return Err(too_long());
        }
        found.entry(row).or_default().insert(column, text);
    }
    let line = |(row, mut cells): (u32, BTreeMap<u32, String>)| {
        let last = cells.keys().last().copied().unwrap_or(0);
        let texts = (0..=last).map(|column| cells.remove(&column).unwrap_or_default());
        SheetLine {
            line: u64::from(row) + 1,
            cells: texts.collect(),
        }
    };
    Ok(found.into_iter().map(line).collect())
}

/// Unfolds the file once without keeping it: what it says of its own size may be wrong, and some programs leave it out.
fn check_unfolded(bytes: &[u8]) -> Result<(), LineError> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes));
    let mut archive = archive.map_err(|_| unreadable())?;
    let mut left = MOST_UNFOLDED;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|_| unreadable())?;
        let size = std::io::copy(&mut file.take(left + 1), &mut std::io::sink());
        let size = size.map_err(|_| unreadable())?;
        left = left.checked_sub(size).ok_or_else(too_long)?;
    }
    Ok(())
}

/// A cell as it is shown: a share is kept as a fraction and shown in percent.
fn text_of(value: &DataRef<'_>, percent: bool) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(number) => number.to_string(),
        // Twelve digits are more than any of these has, and leave out what binary fractions add.
        DataRef::Float(number) if percent => {
            format!("{}%", rounded(number * 100.0))
        }
        DataRef::Float(number) => rounded(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.chars().take(10).collect(),
    }
}

fn rounded(number: f64) -> String {
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

fn broken(error: XlsxError) -> LineError {
    tracing::debug!(%error, "an Excel file was not read");
    unreadable()
}

fn unreadable() -> LineError {
    let message = "文件无法读取，请另存为Excel工作簿（.xlsx）或CSV UTF-8后重新上传 (save the file as .xlsx or CSV UTF-8)";
    fault(1, None, "file", message)
}

fn too_long() -> LineError {
    let message = "表格过大，请只保留需要的行和列后重新上传 (the sheet is too large; keep only the lines that are needed)";
    fault(1, None, "too_large", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_see_them() {
        for (number, percent, text) in [
            (0.35, true, "35%"),
            (0.07, true, "7%"),
            (0.125, true, "12.5%"),
            (12.5, false, "12.5"),
            (130_902_001_200.0, false, "130902001200"),
            (0.1 + 0.2, false, "0.3"),
            (50_000.0, false, "50000"),
        ] {
            assert_eq!(text_of(&DataRef::Float(number), percent), text);
        }
    }

    #[test]
    fn a_csv_file_is_read_and_its_empty_lines_are_left_out() {
        let read = lines("\u{FEFF}单位名称,目标值\n\n东光村, 12 \n".as_bytes()).unwrap();
        let numbers: Vec<u64> = read.iter().map(|line| line.line).collect();
        assert_eq!(numbers, [1, 3]);
        assert_eq!(read[1].cell(Some(1)), "12");
        assert_eq!(read[1].cell(Some(7)), "");
        assert_eq!(lines(b"PK and no more").unwrap_err().code, "file");
        assert_eq!(
            lines(&[0xB5, 0xA5, 0xCE, 0xBB]).unwrap_err().code,
            "encoding"
        );
    }
}
