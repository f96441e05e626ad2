//! The columns of a roster: which line names them, and which field each of them fills.

use super::ledger::InUse;
use super::{AppError, AppResult, Code};
use crate::sheet::SheetLine;
use std::collections::BTreeMap;
use zhenxing_api_types::roster::RosterColumn;
use zhenxing_domain::package::{RecordDef, RecordField, RecordKind};
use zhenxing_domain::record::clean_cell;

/// The ledger of people, whom other records name.
pub(crate) const PERSON: &str = "person";
/// Among so many lines stands the one that names the columns: titles and notes may stand above it.
const HEADER_WITHIN: usize = 10;
/// How many values of a column are shown.
const EXAMPLES: usize = 3;
/// The shortest row of digits that may be personal.
const PERSONAL_DIGITS: usize = 7;

/// How columns with the unit are called, those with its code first.
const UNIT: [&str; 14] = [
    "单位编码",
    "单位代码",
    "区划代码",
    "行政区划代码",
    "单位",
    "单位名称",
    "村",
    "村名",
    "所在村",
    "行政村",
    "村（社区）",
    "所在单位",
    "unit",
    "village",
];

/// Other words for names of fields.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("姓名", &["名字", "人员姓名", "干部姓名", "党员姓名"]),
    (
        "身份证号",
        &[
            "身份证号码",
            "身份证",
            "公民身份号码",
            "证件号码",
            "居民身份证号",
        ],
    ),
    (
        "联系电话",
        &[
            "联系方式",
            "手机号",
            "手机号码",
            "手机",
            "电话",
            "电话号码",
            "联系号码",
        ],
    ),
    ("出生日期", &["出生年月", "出生年月日", "出生时间", "生日"]),
    ("文化程度", &["学历", "最高学历"]),
    ("政治面貌", &["政治身份"]),
    ("职务", &["职务名称", "现任职务", "担任职务", "岗位"]),
    (
        "任职日期",
        &["任职时间", "任现职时间", "任职年月", "任职起始日期"],
    ),
    (
        "离任日期",
        &["离任时间", "离职时间", "卸任时间", "免职时间"],
    ),
    ("驻村起始日期", &["驻村时间", "驻村起始时间", "派驻时间"]),
    ("驻村结束日期", &["驻村结束时间", "结束时间"]),
    ("派出单位", &["选派单位", "派驻单位"]),
];

/// What a column fills.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// The unit that holds the record.
    Unit,
    /// A field.
    Field(String),
    /// A field of the person whom a field names.
    Person(String, String),
}

impl Target {
    /// Its code on the wire.
    pub(crate) fn code(&self) -> String {
        match self {
            Target::Unit => "unit".to_owned(),
            Target::Field(code) => code.clone(),
            Target::Person(field, code) => format!("{field}.{code}"),
        }
    }
}

/// What a row writes, blank cells aside.
pub(crate) type Cells = BTreeMap<Target, String>;

/// The columns that a roster has, and its rows.
pub(crate) struct Layout {
    columns: Vec<(String, Option<Target>)>,
    rows: Vec<SheetLine>,
}

/// What may be filled, each with its names.
struct Known {
    all: Vec<(Target, Vec<String>)>,
}

/// What a heading maps to by hand; nothing leaves the column out.
type Mapping = BTreeMap<String, Option<String>>;

impl Layout {
    /// The columns of a sheet for a ledger whose records may name people.
    ///
    /// # Errors
    /// A mapping that names no column or no field; `None` in the answer where no line names columns.
    pub(crate) fn read(
        used: InUse<'_>,
        people: Option<&RecordDef>,
        line: bool,
        lines: Vec<SheetLine>,
        mapping: Option<&str>,
    ) -> AppResult<Option<Layout>> {
        let known = Known::of(used, people, line);
        let mapping = mapping_of(mapping)?;
        let score = |line: &SheetLine| {
            let named =
                |cell: &&String| mapping.contains_key(&heading(cell)) || known.find(cell).is_some();
            line.cells.iter().filter(named).count()
        };
        let scores = lines.iter().take(HEADER_WITHIN).map(score);
        let scores: Vec<usize> = scores.collect();
        let most = scores.iter().max().copied().unwrap_or(0);
        let at = scores.iter().position(|score| *score == most && most > 0);
        let Some(at) = at else {
            return match mapping.is_empty() {
                true => Ok(None),
                false => Err(wrong_mapping(
                    "表中没有所列的列",
                    "The sheet has none of these columns",
                )),
            };
        };
        let mut rows = lines.into_iter().skip(at);
        let header = rows.next().map(|line| line.cells).unwrap_or_default();
        let columns = known.assigned(&header, &mapping)?;
        let mut layout = Layout {
            columns,
            rows: Vec::new(),
        };
        layout.rows = rows.filter(|line| !layout.cells(line).is_empty()).collect();
        Ok(Some(layout))
    }

    /// No columns: rows that did not come from a sheet.
    pub(crate) fn none() -> Layout {
        Layout {
            columns: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Its rows.
    pub(crate) fn rows(&self) -> &[SheetLine] {
        &self.rows
    }

    /// What a row writes.
    pub(crate) fn cells(&self, line: &SheetLine) -> Cells {
        let columns = self.columns.iter().zip(&line.cells);
        let filled = columns.filter_map(|((_, target), text)| {
            let text = clean_cell(text);
            let target = target.clone().filter(|_| !text.is_empty())?;
            Some((target, text))
        });
        filled.collect()
    }

    /// What stands above the column that fills something.
    pub(crate) fn heading(&self, target: &Target) -> Option<String> {
        let mut columns = self.columns.iter();
        let found = columns.find(|(_, own)| own.as_ref() == Some(target));
        found.map(|(heading, _)| covered(heading))
    }

    /// Whether a column fills it.
    pub(crate) fn has(&self, target: &Target) -> bool {
        self.heading(target).is_some()
    }

    /// The columns with a few of their values.
    pub(crate) fn shown(&self) -> Vec<RosterColumn> {
        let columns = self.columns.iter().enumerate();
        let columns = columns.filter(|(_, (heading, _))| !heading.is_empty());
        let shown = columns.map(|(at, (heading, target))| {
            let mut examples: Vec<String> = Vec::new();
            for line in &self.rows {
                let text = covered(line.cell(Some(at)));
                if !text.is_empty() && examples.len() < EXAMPLES && !examples.contains(&text) {
                    examples.push(text);
                }
            }
            RosterColumn {
                heading: covered(heading),
                field: target.as_ref().map(Target::code),
                examples,
            }
        });
        shown.collect()
    }
}

/// A text in which the middle of everything is hidden that may be personal.
fn covered(text: &str) -> String {
    let text: String = clean_cell(text).chars().take(60).collect();
    let digits = text.chars().filter(|sign| sign.is_numeric()).count();
    // Days have eight digits and hyphens between them, or none.
    let day = zhenxing_domain::record::written_day(&text).is_some();
    if digits < PERSONAL_DIGITS || day {
        return text;
    }
    let length = text.chars().count();
    let hidden = |at: usize| at >= 3 && at + 4 < length;
    let signs = text.chars().enumerate();
    signs
        .map(|(at, sign)| if hidden(at) { '*' } else { sign })
        .collect()
}

impl Known {
    fn of(used: InUse<'_>, people: Option<&RecordDef>, line: bool) -> Known {
        let mut all = Vec::new();
        let open = |field: &&RecordField| {
            let read = !matches!(field.kind, RecordKind::File) && field.kind.ledger().is_none();
            read && (line || !field.restricted)
        };
        for field in used.record.fields().filter(open) {
            all.push((Target::Field(field.code.clone()), names_of(field)));
        }
        let refers = |field: &&RecordField| matches!(&field.kind, RecordKind::Reference { ledger } if ledger == PERSON);
        let mut first = true;
        for field in used.record.fields().filter(refers) {
            let Some(people) = people else {
                break;
            };
            for own in people.fields().filter(open) {
                let target = Target::Person(field.code.clone(), own.code.clone());
                let mut names = Vec::new();
                if own.code == people.title {
                    names.extend(names_of(field));
                }
                if first {
                    names.extend(names_of(own));
                }
                names.push(format!("{}{}", field.name_zh, own.name_zh));
                names.push(target.code());
                all.push((target, names));
            }
            first = false;
        }
        all.push((Target::Unit, UNIT.map(str::to_owned).to_vec()));
        Known { all }
    }

    /// What a heading means.
    fn find(&self, text: &str) -> Option<Target> {
        let wanted = plain(text);
        if wanted.is_empty() {
            return None;
        }
        let short = wanted
            .split(['（', '(', ':', '：'])
            .next()
            .unwrap_or_default();
        [wanted.as_str(), short].into_iter().find_map(|wanted| {
            let mut synonyms = SYNONYMS.iter();
            let main = synonyms.find(|(_, words)| words.contains(&wanted));
            let main = main.map(|(name, _)| *name);
            self.named(wanted).or_else(|| self.named(main?))
        })
    }

    fn named(&self, wanted: &str) -> Option<Target> {
        let same = |name: &String| plain(name) == wanted;
        let mut all = self.all.iter();
        let found = all.find(|(_, names)| names.iter().any(same));
        found.map(|(target, _)| target.clone())
    }

    /// What each column fills, by hand where the mapping names it.
    fn assigned(
        &self,
        header: &[String],
        mapping: &Mapping,
    ) -> AppResult<Vec<(String, Option<Target>)>> {
        let headings: Vec<String> = header.iter().map(|cell| heading(cell)).collect();
        if mapping.keys().any(|name| !headings.contains(name)) {
            return Err(wrong_mapping(
                "对应关系中的列在表中不存在，请核对列名",
                "The mapping names a column that the sheet does not have",
            ));
        }
        let mut taken: Vec<Target> = Vec::new();
        for code in mapping.values().flatten() {
            let target = self.coded(code)?;
            if taken.contains(&target) {
                return Err(wrong_mapping(
                    "两列不能对应同一个填写项",
                    "Two columns cannot fill one field",
                ));
            }
            taken.push(target);
        }
        let automatic = |name: &String| self.find(name).filter(|_| !mapping.contains_key(name));
        let coded = headings.iter().find(|name| {
            let code = name.contains("编码") || name.contains("代码");
            code && automatic(name) == Some(Target::Unit)
        });
        let coded = coded.cloned();
        let mut columns = Vec::new();
        for name in headings {
            let target = match mapping.get(&name) {
                Some(Some(code)) => Some(self.coded(code)?),
                Some(None) => None,
                None => {
                    let other = coded.as_ref().is_some_and(|coded| *coded != name);
                    let found = self.find(&name);
                    let found = found.filter(|target| *target != Target::Unit || !other);
                    let found = found.filter(|target| !taken.contains(target));
                    taken.extend(found.clone());
                    found
                }
            };
            columns.push((name, target));
        }
        Ok(columns)
    }

    /// What a code of a mapping means.
    fn coded(&self, code: &str) -> AppResult<Target> {
        let mut all = self.all.iter().map(|(target, _)| target);
        let found = all.find(|target| target.code() == code);
        found.cloned().ok_or_else(|| {
            wrong_mapping(
                "对应关系中的填写项不存在或不能从表格导入",
                "The mapping names a field that does not exist or is not taken from sheets",
            )
        })
    }
}

fn names_of(field: &RecordField) -> Vec<String> {
    vec![
        field.name_zh.clone(),
        field.name_en.clone(),
        field.code.clone(),
    ]
}

/// A heading as people read it, lines put together.
fn heading(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// A heading without what only adorns it.
fn plain(text: &str) -> String {
    let signs = text.chars();
    let signs = signs.filter(|sign| !sign.is_whitespace() && !matches!(sign, '*' | '＊'));
    signs.collect::<String>().to_lowercase()
}

fn mapping_of(text: Option<&str>) -> AppResult<Mapping> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(Mapping::new());
    };
    let read: Result<Mapping, _> = serde_json::from_str(text);
    let read = read.map_err(|_| {
        wrong_mapping(
            "列的对应关系应为JSON：列名对应填写项的代码，不导入的列对应null",
            "The mapping is JSON text: a heading with the code of its field, or null to leave it out",
        )
    })?;
    Ok(read
        .into_iter()
        .map(|(name, code)| (heading(&name), code))
        .collect())
}

fn wrong_mapping(zh: &str, en: &str) -> AppError {
    AppError::refused(Code::InvalidParameter, Some("mapping"), zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_personal_is_hidden() {
        for (text, shown) in [
            ("11010519491231002X", "110***********002X"),
            ("13812345678", "138****5678"),
            ("2024-07-31", "2024-07-31"),
            ("张三", "张三"),
            ("村党组织书记", "村党组织书记"),
        ] {
            assert_eq!(covered(text), shown);
        }
    }
}
