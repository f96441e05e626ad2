//! Tables as files: CSV and Excel from the same rows.

use super::audit::csv_cell;
use super::{AppError, AppResult};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use serde::Deserialize;
use utoipa::ToSchema;
use zhenxing_domain::package::number::format_scaled;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// CSV in UTF-8 with a byte order mark.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

impl FileFormat {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            FileFormat::Csv => "text/csv; charset=utf-8",
            FileFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The end of the file's name.
    pub fn suffix(self) -> &'static str {
        match self {
            FileFormat::Csv => "csv",
            FileFormat::Xlsx => "xlsx",
        }
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing can be said.
    Nothing,
    /// A text.
    Text(String),
    /// A number scaled by so many decimals.
    Number(i64, u8),
    /// A share in basis points.
    Share(i64),
}

/// A table with what is said above it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    /// The heading.
    pub title: String,
    /// How far it can be trusted: periods, until when, what is left out.
    pub notes: Vec<String>,
    /// Names of the columns, perhaps over several lines.
    pub heads: Vec<Vec<String>>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// The file's bytes.
    pub fn write(&self, format: FileFormat) -> AppResult<Vec<u8>> {
        match format {
            FileFormat::Csv => Ok(self.csv().into_bytes()),
            FileFormat::Xlsx => self
                .xlsx()
                .map_err(|error| AppError::Internal(format!("workbook: {error}"))),
        }
    }

    fn csv(&self) -> String {
        let mut text = "\u{FEFF}".to_owned();
        let mut line = |cells: Vec<String>| {
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        };
        line(vec![csv_cell(&self.title)]);
        for note in &self.notes {
            line(vec![csv_cell(note)]);
        }
        for heads in &self.heads {
            line(heads.iter().map(|head| csv_cell(head)).collect());
        }
        for row in &self.rows {
            line(row.iter().map(plain).collect());
        }
        text
    }

    fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let bold = Format::new().set_bold();
        let head = Format::new()
            .set_bold()
            .set_background_color(Color::RGB(0x00F0_F2F5))
            .set_align(FormatAlign::Center);
        let mut line: u32 = 0;
        sheet.write_string_with_format(line, 0, &self.title, &bold)?;
        line += 1;
        for note in &self.notes {
            sheet.write_string(line, 0, note)?;
            line += 1;
        }
        for heads in &self.heads {
            for (column, text) in (0_u16..).zip(heads) {
                sheet.write_string_with_format(line, column, text, &head)?;
            }
            line += 1;
        }
        sheet.set_freeze_panes(line, 1)?;
        for row in &self.rows {
            for (column, cell) in (0_u16..).zip(row) {
                put(sheet, (line, column), cell)?;
            }
            line += 1;
        }
        for column in (0_u16..).take(self.heads.last().map_or(1, Vec::len)) {
            sheet.set_column_width(column, if column == 0 { 24.0 } else { 18.0 })?;
        }
        book.save_to_buffer()
    }
}

fn put(sheet: &mut Worksheet, at: (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
    let (line, column) = at;
    match cell {
        Cell::Nothing => {}
        Cell::Text(text) => {
            sheet.write_string(line, column, text)?;
        }
        Cell::Number(value, decimals) => {
            let zeros = "0".repeat(usize::from(*decimals));
            let point = if zeros.is_empty() { "" } else { "." };
            let format = Format::new().set_num_format(format!("#,##0{point}{zeros}"));
            number(sheet, at, &format_scaled(*value, *decimals), &format)?;
        }
        Cell::Share(points) => {
            let format = Format::new().set_num_format("0.00%");
            number(sheet, at, &format_scaled(*points, 4), &format)?;
        }
    }
    Ok(())
}

/// A number as spreadsheets hold it; one that they cannot hold exactly stands as a text.
fn number(
    sheet: &mut Worksheet,
    (line, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    match text.parse::<f64>() {
        Ok(value) if digits <= 15 => sheet.write_number_with_format(line, column, value, format)?,
        _ => sheet.write_string(line, column, text)?,
    };
    Ok(())
}

/// A cell as plain text.
pub(crate) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Text(text) => csv_cell(text),
        Cell::Number(value, decimals) => format_scaled(*value, *decimals),
        Cell::Share(points) => format!("{}%", format_scaled(*points, 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet {
            title: "村集体收入".to_owned(),
            notes: vec!["截至2026-11-25 11:00".to_owned()],
            heads: vec![vec!["单位".to_owned(), "收入（元）".to_owned()]],
            rows: vec![
                vec![Cell::Text("㛃村".to_owned()), Cell::Number(-5_000_050, 2)],
                vec![Cell::Text("=1+1".to_owned()), Cell::Share(9_850)],
                vec![Cell::Text("无".to_owned()), Cell::Nothing],
            ],
        }
    }

    #[test]
    fn csv_holds_exact_numbers_and_no_formulas() {
        let text = sheet().csv();
        let lines: Vec<&str> = text.trim_start_matches('\u{FEFF}').lines().collect();
        assert_eq!(
            lines,
            [
                "村集体收入",
                "截至2026-11-25 11:00",
                "单位,收入（元）",
                "㛃村,-50000.50",
                "'=1+1,98.50%",
                "无,",
            ]
        );
    }

    #[test]
    fn a_workbook_is_written() {
        let bytes = sheet().write(FileFormat::Xlsx).unwrap();
        assert!(bytes.starts_with(b"PK"));
    }
}
