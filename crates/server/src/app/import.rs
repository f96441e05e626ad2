//! Importing a division list: all of it or nothing, every faulty line named.

use super::once::{Answer, Sent};
use super::session::Who;
use super::tree::{Changes, Wanted};
use super::{App, AppError, AppResult, Code, Refusal};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::LineError;
use zhenxing_api_types::unit::UnitImport;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::unit::{DivisionCode, Level};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, event, placement, unit};

/// The day from which the first import holds: before the first period of any programme.
pub(crate) fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 1, 1).unwrap_or_default()
}

impl App {
    /// Imports a division list as the asker, or shows what it would do.
    ///
    /// # Errors
    /// `faulty_lines` with every fault; nothing is changed then.
    pub fn import_units(
        &self,
        who: &Who,
        sent: &Sent,
        csv: &[u8],
        dry_run: bool,
    ) -> AppResult<Answer> {
        let admit = |_: &mut Conn| -> AppResult<()> {
            let scope = who.scope(Action::ManageUnits)?;
            if !scope.covers("/", None, None) {
                return Err(AppError::refused(
                    Code::Forbidden,
                    None,
                    "导入区划需要全市范围的管理授权",
                    "Importing divisions needs a grant over the whole city",
                ));
            }
            Ok(())
        };
        self.write_once(sent, admit, |conn, ()| {
            let report = self.import(conn, csv, dry_run)?;
            Answer::new(200, &report)
        })
    }

    /// Imports a division list for the system itself: at the start, or from the command line.
    ///
    /// # Errors
    /// `faulty_lines` with every fault; nothing is changed then.
    pub fn import_as_system(&self, csv: &[u8], dry_run: bool) -> AppResult<UnitImport> {
        self.db.write(|conn| self.import(conn, csv, dry_run))
    }

    fn import(&self, conn: &mut Conn, csv: &[u8], dry_run: bool) -> AppResult<UnitImport> {
        unit::lock_tree(conn)?;
        let (rows, mut errors) = read(csv);
        let system = Scope::bypass_for_system_work();
        let today = self.clock.today();
        let standing = unit::all(conn, &system, today)?;
        let known: BTreeMap<&str, Level> = standing
            .iter()
            .map(|unit| (unit.code.as_str(), unit.level))
            .collect();
        errors.extend(check(&rows, &known));
        errors.sort_by_key(|error| error.line);
        if !errors.is_empty() {
            return Err(faulty(errors));
        }
        let from = if standing.is_empty() {
            first_day()
        } else {
            today.with_day(1).unwrap_or(today)
        };
        let errors = against_plans(conn, &rows, &standing, from)?;
        if !errors.is_empty() {
            return Err(faulty(errors));
        }
        let wanted: Vec<Wanted> = rows.into_iter().map(|row| row.wanted).collect();
        let changes = self.reshape(conn, &wanted, from, !dry_run)?;
        if !dry_run && (changes.created > 0 || changes.changed > 0) {
            event::append(
                conn,
                "units.imported",
                &from.to_string(),
                None,
                self.clock.now(),
            )?;
        }
        Ok(answer(dry_run, &wanted, changes))
    }
}

/// The lines that would overwrite a change of the tree that is planned: the unit would be placed anew, or one below it,
/// which moves along; or its code is promised to another unit.
fn against_plans(
    conn: &mut Conn,
    rows: &[Row],
    standing: &[Placed],
    from: NaiveDate,
) -> AppResult<Vec<LineError>> {
    let before: BTreeMap<&str, &Placed> = standing
        .iter()
        .map(|unit| (unit.code.as_str(), unit))
        .collect();
    let planned = placement::planned(conn, from)?;
    let new: Vec<String> = rows
        .iter()
        .filter(|row| !before.contains_key(row.wanted.code.as_str()))
        .map(|row| row.wanted.code.clone())
        .collect();
    let promised: BTreeSet<String> = placement::codes_taken(conn, &new, &[], from)?
        .into_iter()
        .collect();
    let told = |row: &Row| {
        let message = match before.get(row.wanted.code.as_str()) {
            Some(unit) => {
                let (unit, day) = hit(unit, row, standing, &planned)?;
                format!(
                    "“{}”已有自{day}起生效的区划调整，请先撤回该项调整，或去掉本行 (a change of this unit is planned: withdraw it, or leave the line out)",
                    unit.name
                )
            }
            None if promised.contains(&row.wanted.code) => {
                "该代码已用于尚未生效的区划调整，请先撤回该项调整，或更换代码 (a planned change gives this code to a unit)".to_owned()
            }
            None => return None,
        };
        Some(fault(row.line, Some("code"), "planned", &message))
    };
    Ok(rows.iter().filter_map(told).collect())
}

/// The unit with the day of its change that a line would overwrite.
fn hit<'a>(
    unit: &'a Placed,
    row: &Row,
    standing: &'a [Placed],
    planned: &BTreeMap<UnitId, NaiveDate>,
) -> Option<(&'a Placed, NaiveDate)> {
    let parent = unit.above.as_ref().map(|above| above.0.as_str());
    let moves = parent != row.wanted.parent.as_deref();
    let renamed = unit.name != row.wanted.name;
    match planned.get(&unit.id) {
        Some(day) if moves || renamed => Some((unit, *day)),
        _ if moves && !planned.is_empty() => {
            let mut below = standing
                .iter()
                .filter(|one| one.path.starts_with(&unit.path));
            below.find_map(|one| Some((one, *planned.get(&one.id)?)))
        }
        _ => None,
    }
}

fn answer(dry_run: bool, wanted: &[Wanted], changes: Changes) -> UnitImport {
    UnitImport {
        dry_run,
        read: i64::try_from(wanted.len()).unwrap_or(i64::MAX),
        created: changes.created,
        changed: changes.changed,
        unchanged: changes.unchanged,
        errors: Vec::new(),
    }
}

pub(crate) fn faulty(lines: Vec<LineError>) -> AppError {
    faulty_of(lines.len(), lines)
}

/// The same where not all of the faults are listed.
pub(crate) fn faulty_of(count: usize, lines: Vec<LineError>) -> AppError {
    AppError::Refused(Box::new(Refusal {
        code: Code::FaultyLines,
        field: None,
        zh: format!("文件有{count}处错误，未作任何改动，请按行号修改后重新导入"),
        en: format!(
            "The file has {count} faults; nothing was changed. Correct the lines and import again"
        ),
        findings: Vec::new(),
        lines,
    }))
}

struct Row {
    line: u64,
    wanted: Wanted,
}

pub(crate) fn fault(line: u64, column: Option<&str>, code: &str, message: &str) -> LineError {
    LineError {
        line,
        column: column.map(str::to_owned),
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

const COLUMNS: [&str; 4] = ["code", "name", "level", "parent_code"];

fn read(bytes: &[u8]) -> Records<Row> {
    read_csv(bytes, &COLUMNS, row)
}

/// What was read of a file, and its faults.
pub(crate) type Records<T> = (Vec<T>, Vec<LineError>);

/// The rows of a CSV file in UTF-8 with these columns, each read by `row`, and every fault.
pub(crate) fn read_csv<T>(
    bytes: &[u8],
    columns: &[&str],
    row: impl Fn(u64, &csv::StringRecord) -> Result<T, LineError>,
) -> Records<T> {
    let bytes = match readable(bytes) {
        Ok(bytes) => bytes,
        Err(error) => return (Vec::new(), vec![error]),
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(error) => return (Vec::new(), vec![fault(1, None, "csv", &error.to_string())]),
    };
    if header != columns {
        let wanted = columns.join(",");
        let message = format!("首行应为 {wanted} (the first line must name these columns)");
        return (Vec::new(), vec![fault(1, None, "header", &message)]);
    }
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                match row(line, &record) {
                    Ok(row) => rows.push(row),
                    Err(error) => errors.push(error),
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                errors.push(fault(line, None, "csv", &error.to_string()));
            }
        }
    }
    if rows.is_empty() && errors.is_empty() {
        errors.push(fault(
            1,
            None,
            "empty",
            "文件没有数据行 (the file has no rows)",
        ));
    }
    (rows, errors)
}

/// A text file without its mark, if it is in UTF-8.
pub(crate) fn readable(bytes: &[u8]) -> Result<&[u8], LineError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let Err(error) = std::str::from_utf8(bytes) else {
        return Ok(bytes);
    };
    let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let (_, _, broken) = encoding_rs::GB18030.decode(bytes);
    let message = if broken {
        "文件不是UTF-8编码，请另存为UTF-8后重新导入 (not UTF-8: save the file as UTF-8)"
    } else {
        "文件是GBK编码，请另存为“CSV UTF-8”后重新导入 (GBK: save the file as CSV UTF-8)"
    };
    let line = u64::try_from(line).unwrap_or(1);
    Err(fault(line, None, "encoding", message))
}

fn row(line: u64, record: &csv::StringRecord) -> Result<Row, LineError> {
    let cell = |index: usize| record.get(index).unwrap_or_default().trim();
    if record.len() != COLUMNS.len() {
        return Err(fault(
            line,
            None,
            "columns",
            "本行应有4列 (this line needs four columns)",
        ));
    }
    let code = DivisionCode::parse(cell(0)).map_err(|_| {
        fault(
            line,
            Some("code"),
            "code",
            "代码应为12位数字 (a code has twelve digits)",
        )
    })?;
    let name = cell(1);
    if name.is_empty() || name.chars().count() > 100 {
        return Err(fault(
            line,
            Some("name"),
            "name",
            "名称应为1至100字 (a name has 1 to 100 characters)",
        ));
    }
    let level = Level::parse(cell(2)).ok_or_else(|| {
        fault(
            line,
            Some("level"),
            "level",
            "层级应为 city、county、township 或 village (no such level)",
        )
    })?;
    let parent = Some(cell(3))
        .filter(|text| !text.is_empty())
        .map(str::to_owned);
    Ok(Row {
        line,
        wanted: Wanted {
            code: code.as_str().to_owned(),
            name: name.to_owned(),
            level,
            parent,
        },
    })
}

fn check(rows: &[Row], known: &BTreeMap<&str, Level>) -> Vec<LineError> {
    let mut levels: BTreeMap<&str, Level> = known.clone();
    let mut seen = BTreeSet::new();
    let mut errors = Vec::new();
    for row in rows {
        let want = &row.wanted;
        if !seen.insert(want.code.as_str()) {
            errors.push(fault(
                row.line,
                Some("code"),
                "doubled",
                "代码重复 (this code stands twice)",
            ));
        }
        if known
            .get(want.code.as_str())
            .is_some_and(|level| *level != want.level)
        {
            errors.push(fault(
                row.line,
                Some("level"),
                "level_changed",
                "已有单位的层级不能改变 (a unit keeps its level)",
            ));
        }
        levels.insert(&want.code, want.level);
    }
    let parents: BTreeMap<&str, Option<&str>> = rows
        .iter()
        .map(|row| (row.wanted.code.as_str(), row.wanted.parent.as_deref()))
        .collect();
    for row in rows {
        errors.extend(check_parent(row, &levels, &parents));
    }
    errors
}

fn check_parent(
    row: &Row,
    levels: &BTreeMap<&str, Level>,
    parents: &BTreeMap<&str, Option<&str>>,
) -> Option<LineError> {
    let want = &row.wanted;
    let wrong =
        |code: &str, message: &str| Some(fault(row.line, Some("parent_code"), code, message));
    let Some(parent) = want.parent.as_deref() else {
        if want.level == Level::City {
            return None;
        }
        return wrong(
            "parent_missing",
            "缺少上级代码 (the parent's code is missing)",
        );
    };
    if in_cycle(&want.code, parents) {
        return wrong("cycle", "上下级关系成环 (the parents form a cycle)");
    }
    match levels.get(parent) {
        None => wrong(
            "parent_unknown",
            "上级代码不存在 (no unit has the parent's code)",
        ),
        Some(level) if want.level.above() == Some(*level) => None,
        Some(_) => wrong(
            "parent_level",
            "上级应为紧邻的上一级单位 (the parent must stand one level above)",
        ),
    }
}

fn in_cycle(code: &str, parents: &BTreeMap<&str, Option<&str>>) -> bool {
    let mut at = code;
    for _ in 0..=parents.len().min(64) {
        match parents.get(at).copied().flatten() {
            None => return false,
            Some(parent) if parent == code => return true,
            Some(parent) => at = parent,
        }
    }
    false
}
