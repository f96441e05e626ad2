//! The catalogue of a programme: projects, matters, departments, ledgers, settings and lists.

use super::ledger::RecordDef;
use crate::period::Cadence;
use crate::unit::Level;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The plan (方案) as issued.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// The stable code.
    pub code: String,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// The edition of the package: it grows with every publication.
    pub version: u32,
    /// Who issued the plan, in Chinese.
    pub issued_by_zh: String,
    /// Who issued the plan, in English.
    pub issued_by_en: String,
    /// The document's number (文号), where it is known.
    pub document_no: Option<String>,
    /// The day of issue, as far as the source tells.
    pub issued_on: NaiveDate,
    /// The first day that the plan covers.
    pub valid_from: NaiveDate,
    /// The last day that the plan covers.
    pub valid_until: NaiveDate,
    /// Where the content comes from, in Chinese.
    pub source_zh: String,
    /// Where the content comes from, in English.
    pub source_en: String,
    /// What pages say beside our numbers, in Chinese.
    pub display_note_zh: String,
    /// What pages say beside our numbers, in English.
    pub display_note_en: String,
}

/// A project (工程) of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// `P1`, `P2` ….
    pub code: String,
    /// The place in the order, from one.
    pub order: u32,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
}

/// A matter (实事) of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// `M01`, `M02` …: this system's own number.
    pub code: String,
    /// The project's code.
    pub project: String,
    /// The number in the official document, to be filled in by the office.
    pub official_no: Option<String>,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// What is done, in Chinese.
    pub summary_zh: String,
    /// What is done, in English.
    pub summary_en: String,
    /// Codes of the lead departments (牵头单位).
    pub lead_departments: Vec<String>,
    /// Codes of the responsible departments (责任单位).
    pub responsible_departments: Vec<String>,
    /// The levels to which the matter is handed down, from the top; the last is the lowest.
    pub levels: Vec<Level>,
    /// How often it is reported; nothing where it goes on all the time (常态化).
    pub cadence: Option<Cadence>,
    /// Who fills, checks and decides.
    pub flow: Flow,
    /// Codes of the ledgers that are kept for it.
    pub kept: Vec<String>,
    /// The figures that the office may set.
    pub settings: Vec<Setting>,
    /// The lists that belong to it.
    pub lists: Vec<NamedList>,
}

impl Matter {
    /// The lowest level to which the matter is handed down.
    pub fn lowest_level(&self) -> Option<Level> {
        self.levels.iter().copied().max()
    }

    /// The list of that code.
    pub fn list(&self, code: &str) -> Option<&NamedList> {
        self.lists.iter().find(|list| list.code == code)
    }

    /// The setting of that code.
    pub fn setting(&self, code: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.code == code)
    }
}

/// Who fills, who checks and who decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Who fills in.
    pub fill: FlowStep,
    /// Who checks; nothing where nobody stands between.
    pub check: Option<FlowStep>,
    /// Who decides.
    pub decide: FlowStep,
}

/// One step of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowStep {
    /// The level at which it is done.
    pub level: Level,
    /// The department that does it, where one is named.
    pub department: Option<String>,
    /// Who does it, in Chinese.
    pub by_zh: String,
    /// Who does it, in English.
    pub by_en: String,
}

/// A figure or choice that the office may set without a change of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The code.
    pub code: String,
    /// The value.
    pub value: SettingValue,
    /// What it decides, in Chinese.
    pub note_zh: String,
    /// What it decides, in English.
    pub note_en: String,
    /// Whether the plan itself says it; otherwise it is this package's default and 待核.
    pub from_plan: bool,
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingValue {
    /// A whole number.
    Integer(i64),
    /// Money in fen.
    Money(i64),
    /// A share in basis points.
    Percent(i64),
    /// Codes, such as fields of a form.
    Codes(Vec<String>),
}

impl SettingValue {
    /// The number, scaled; nothing for codes.
    pub fn as_number(&self) -> Option<i64> {
        match self {
            SettingValue::Integer(value)
            | SettingValue::Money(value)
            | SettingValue::Percent(value) => Some(*value),
            SettingValue::Codes(_) => None,
        }
    }
}

/// A list that belongs to a matter: kinds of problems, items of an activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedList {
    /// The code within the matter.
    pub code: String,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// How many items the plan says there are, where it says so.
    pub expected: Option<u32>,
    /// Whether the list is complete.
    pub status: ListStatus,
    /// The items that are known.
    pub items: Vec<ListItem>,
}

/// Whether a list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListStatus {
    /// 待核: the office has still to fill in or confirm it.
    ToVerify,
    /// Complete.
    Settled,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// The code within the list.
    pub code: String,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
}

/// A department (部门) as matters name it; units have their own departments of that kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentDef {
    /// The code.
    pub code: String,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// The highest level at which it stands.
    pub level: Level,
}

/// A ledger (台账) that a matter keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerDef {
    /// The code.
    pub code: String,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// Whether the organisation line alone sees it.
    pub restricted: bool,
    /// What its records are; nothing while the ledger is only named.
    #[serde(default)]
    pub record: Option<RecordDef>,
}

/// A tag (单位标签) with which units are marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagDef {
    /// The code: the Chinese word itself, as marks and `applies_to` write it.
    pub code: String,
    /// The English name.
    pub name_en: String,
    /// The levels whose units may carry it.
    pub levels: Vec<Level>,
}

/// A phrase (常用语) with which reports are returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// In Chinese.
    pub text_zh: String,
    /// In English.
    pub text_en: String,
}
