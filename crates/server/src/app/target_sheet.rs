//! Targets and weights read from a sheet: every line is understood or named; nothing is set.

use super::figure::figures_scope;
use super::import::{fault, faulty};
use super::session::{Who, unit_ref};
use super::{App, AppResult};
use crate::sheet::{self, SheetLine};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::LineError;
use zhenxing_api_types::target::{SheetRow, TargetSheet};
use zhenxing_domain::package::number::parse_scaled;
use zhenxing_domain::policy::Action;
use zhenxing_storage::unit::{self, Placed};

const CODE: [&str; 3] = ["单位编码", "单位代码", "code"];
const NAME: [&str; 4] = ["单位名称", "单位", "名称", "name"];
const VALUE: [&str; 3] = ["目标值", "目标", "value"];
const DAY: [&str; 3] = ["完成时限", "时限", "by"];
const WEIGHT: [&str; 4] = ["权重", "人口", "人口数", "weight"];

/// In which column stands what.
struct Columns {
    code: Option<usize>,
    name: Option<usize>,
    value: Option<usize>,
    day: Option<usize>,
    weight: Option<usize>,
}

/// The units that lines can name: any by its code, those directly below one by name too.
struct Named {
    by_code: BTreeMap<String, Placed>,
    by_name: BTreeMap<String, Vec<Placed>>,
}

impl App {
    /// What a sheet says about the targets of a metric, or the weights, of units below one.
    ///
    /// # Errors
    /// `not_found`; `faulty_lines` when the file as a whole cannot be read. Faults of its lines stand in the answer.
    pub fn read_target_sheet(
        &self,
        who: &Who,
        metric: &str,
        unit: Option<&str>,
        bytes: &[u8],
    ) -> AppResult<TargetSheet> {
        who.scope(Action::SetTargets)?;
        let (metric, _) = self.any_metric(metric, "metric")?;
        let scope = figures_scope(who, metric)?;
        let today = self.clock.today();
        let lines = sheet::lines(bytes);
        self.db.read(|conn| {
            let above = self.chosen_unit(conn, who, &scope, unit, today)?;
            let (columns, lines) = lines
                .and_then(headed)
                .map_err(|error| faulty(vec![error]))?;
            let codes: Vec<&str> = lines.iter().map(|line| line.cell(columns.code)).collect();
            let below = unit::children(conn, &scope, &[above.id], today)?;
            let mut named = Named {
                by_code: BTreeMap::new(),
                by_name: BTreeMap::new(),
            };
            for unit in unit::by_codes(conn, &scope, &codes, today)? {
                if unit.path.starts_with(&above.path) {
                    named.by_code.insert(unit.code.clone(), unit);
                }
            }
            for unit in below {
                let same = named.by_name.entry(unit.name.clone()).or_default();
                same.push(unit);
            }
            let mut read = TargetSheet {
                rows: Vec::new(),
                errors: Vec::new(),
            };
            let mut seen = BTreeSet::new();
            for line in &lines {
                let row = columns.row(line, &named, metric.decimals);
                let row = row.and_then(|row| {
                    if seen.insert((row.unit.code.clone(), row.by)) {
                        Ok(row)
                    } else {
                        let message = "该单位在表中出现了两次，请删去一行 (this unit stands twice)";
                        Err(fault(line.line, None, "doubled", message))
                    }
                });
                match row {
                    Ok(row) => read.rows.push(row),
                    Err(error) => read.errors.push(error),
                }
            }
            Ok(read)
        })
    }
}

/// The columns that the first line names, and the lines after it.
fn headed(mut lines: Vec<SheetLine>) -> Result<(Columns, Vec<SheetLine>), LineError> {
    if lines.len() < 2 {
        let message = "表格没有数据行 (the sheet has no rows)";
        return Err(fault(1, None, "empty", message));
    }
    let header = lines.remove(0);
    let find = |names: &[&str]| {
        let wanted = |cell: &String| names.contains(&cell.trim());
        header.cells.iter().position(wanted)
    };
    let columns = Columns {
        code: find(&CODE),
        name: find(&NAME),
        value: find(&VALUE),
        day: find(&DAY),
        weight: find(&WEIGHT),
    };
    let units = columns.code.or(columns.name);
    let says = columns.value.or(columns.weight);
    if units.is_none() || says.is_none() {
        let message = "首行应有“单位编码”或“单位名称”列，以及“目标值”或“权重”列；可另有“完成时限”列 (the first line must name these columns)";
        return Err(fault(header.line, None, "header", message));
    }
    Ok((columns, lines))
}

impl Columns {
    fn row(&self, line: &SheetLine, named: &Named, decimals: u8) -> Result<SheetRow, LineError> {
        let unit = named.find(line, line.cell(self.code), line.cell(self.name))?;
        let value = number(line, self.value, "目标值", decimals)?;
        let weight = number(line, self.weight, "权重", 0)?;
        if value.is_none() && weight.is_none() {
            let message = "本行没有填写目标值或权重 (neither a value nor a weight stands here)";
            return Err(fault(line.line, Some("目标值"), "missing", message));
        }
        Ok(SheetRow {
            line: line.line,
            unit: unit_ref(unit),
            value,
            by: day(line, self.day)?,
            weight,
        })
    }
}

impl Named {
    fn find(&self, line: &SheetLine, code: &str, name: &str) -> Result<&Placed, LineError> {
        if !code.is_empty() {
            let message = "没有这个编码的单位，或不在所选单位以下 (no unit below has this code)";
            let unknown = || fault(line.line, Some("单位编码"), "unit_unknown", message);
            return self.by_code.get(code).ok_or_else(unknown);
        }
        match self.by_name.get(name).map(Vec::as_slice) {
            Some([one]) => Ok(one),
            Some(_) => {
                let message = "直属下级中有多个单位叫这个名称，请填写单位编码 (several units have this name; give the code)";
                Err(fault(line.line, Some("单位名称"), "unit_unclear", message))
            }
            None => {
                let message = "直属下级中没有这个名称的单位，请核对名称或填写单位编码 (no unit directly below has this name)";
                Err(fault(line.line, Some("单位名称"), "unit_unknown", message))
            }
        }
    }
}

fn number(
    line: &SheetLine,
    column: Option<usize>,
    name: &str,
    decimals: u8,
) -> Result<Option<i64>, LineError> {
    let text = line.cell(column).replace([',', '，', ' '], "");
    let text = text.trim_end_matches(['%', '％']);
    if text.is_empty() {
        return Ok(None);
    }
    let read = parse_scaled(text, decimals).filter(|value| *value >= 0);
    read.map(Some).ok_or_else(|| {
        let message = if decimals == 0 {
            "应为不小于0的整数 (a whole number, nought or more)".to_owned()
        } else {
            format!("应为不小于0的数字，最多{decimals}位小数 (a number with at most {decimals} decimals)")
        };
        fault(line.line, Some(name), "number", &message)
    })
}

fn day(line: &SheetLine, column: Option<usize>) -> Result<Option<NaiveDate>, LineError> {
    let text = line.cell(column);
    if text.is_empty() {
        return Ok(None);
    }
    let plain = text.replace(['/', '.', '年', '月'], "-").replace('日', "");
    let read = NaiveDate::parse_from_str(&plain, "%Y-%m-%d");
    read.map(Some).map_err(|_| {
        let message = "日期应写成 2026-12-31 (a day is written 2026-12-31)";
        fault(line.line, Some("完成时限"), "day", message)
    })
}
