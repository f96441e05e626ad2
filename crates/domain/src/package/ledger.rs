//! How the records of a ledger (台账) look: their fields, the rules they keep, the states they pass through and who moves
//! them. All of it stands in the package; the engine knows no ledger by name.

use super::catalogue::{LedgerDef, ListItem};
use super::check::Severity;
use super::derive::Condition;
use crate::unit::Level;
use serde::{Deserialize, Serialize};

/// By how many fields of a kind, texts or numbers, the records of a ledger are filtered at most.
pub const FILTERS: usize = 6;

/// How many characters a text has at most where its field does not say.
const TEXT_MAX_LEN: u32 = 200;

/// How many records a list names at most where its field does not say.
const LIST_MAX_LEN: u32 = 2_000;

/// What a record of a ledger is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordDef {
    /// The levels whose units hold records.
    pub levels: Vec<Level>,
    /// The levels that enter and change records: the unit's own, or those above in its place (代填).
    pub fill_levels: Vec<Level>,
    /// The field by which a record is called.
    pub title: String,
    /// The field with a tag (标签), where records mark the units that hold them: its choices are the tags of the package.
    pub marks: Option<String>,
    /// The fields between whose days a record is in force; nothing where it is at all times.
    pub term: Option<Term>,
    /// The fields in sections.
    pub sections: Vec<RecordSection>,
    /// Fields whose values together no two records may share.
    pub unique: Vec<Vec<String>>,
    /// Rules within a record and across records.
    pub rules: Vec<RecordRule>,
    /// The states, the first being that of a new record; none where a record simply is.
    pub states: Vec<StateDef>,
    /// How a record comes from one state into another.
    pub moves: Vec<MoveDef>,
}

/// From which day to which a record is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The field with the first day.
    pub since: String,
    /// The field with the day on which it is no longer in force; empty while it goes on.
    pub until: Option<String>,
    /// How all who are in force in a unit are replaced at once; nothing where that is not done.
    #[serde(default)]
    pub replace: Option<Replace>,
}

/// How those in office make way for the next all at once (换届): each gets a last day, and the next begin on that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replace {
    /// What the act is called in Chinese, and why who leaves has left unless another reason is given.
    pub name_zh: String,
    /// What the act is called in English.
    pub name_en: String,
    /// The field that names who is in office.
    pub holder: String,
    /// The field that says why somebody left.
    pub reason: Option<String>,
    /// The fields that are given once for all who come, such as the number of the term (届次).
    pub common: Vec<String>,
}

/// A part of a record with its heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordSection {
    /// The Chinese heading.
    pub title_zh: String,
    /// The English heading.
    pub title_en: String,
    /// The fields.
    pub fields: Vec<RecordField>,
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordField {
    /// The code within the ledger.
    pub code: String,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// The unit in Chinese, empty where there is none.
    pub unit_zh: String,
    /// The unit in English.
    pub unit_en: String,
    /// What to enter, in Chinese.
    pub hint_zh: String,
    /// What to enter, in English.
    pub hint_en: String,
    /// What kind of value it takes.
    pub kind: RecordKind,
    /// Whether it must be filled in.
    pub required: bool,
    /// Whether the organisation line alone sees it.
    pub restricted: bool,
    /// Whether the list shows it.
    pub column: bool,
    /// Whether lists are filtered and sorted by it.
    pub filter: bool,
    /// What stands there when a record is begun.
    pub default: Option<String>,
    /// The smallest number, scaled.
    pub min: Option<i64>,
    /// The largest number, scaled.
    pub max: Option<i64>,
    /// How many characters a text, or items a list, may have.
    pub max_len: Option<u32>,
}

impl RecordField {
    /// How many characters a text, or records a list, has at most.
    pub fn most(&self) -> u32 {
        let usual = if self.kind.is_list() {
            LIST_MAX_LEN
        } else {
            TEXT_MAX_LEN
        };
        self.max_len.unwrap_or(usual)
    }

    /// Whether its values are masked for everybody who gives no reason to see them.
    pub fn is_personal(&self) -> bool {
        matches!(self.kind, RecordKind::IdCard | RecordKind::Phone)
    }
}

/// What kind of value a field of a record takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RecordKind {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Decimal {
        /// How many.
        decimals: u8,
    },
    /// Money in fen.
    Money,
    /// A day.
    Date,
    /// One of a list.
    Choice {
        /// The choices.
        choices: Vec<ListItem>,
    },
    /// Several of a list.
    Choices {
        /// The choices.
        choices: Vec<ListItem>,
    },
    /// Yes or no.
    YesNo,
    /// A citizen identity number (身份证号), encrypted where it is kept.
    IdCard,
    /// A telephone number.
    Phone,
    /// A unit of the tree.
    Unit,
    /// A record of another ledger.
    Reference {
        /// The ledger's code.
        ledger: String,
    },
    /// Several records of another ledger.
    References {
        /// The ledger's code.
        ledger: String,
    },
    /// A file.
    File,
    /// A place in words.
    Place,
}

impl RecordKind {
    /// By how many decimals its integer is scaled; nothing where it is no number.
    pub fn decimals(&self) -> Option<u8> {
        match self {
            RecordKind::Integer => Some(0),
            RecordKind::Decimal { decimals } => Some(*decimals),
            RecordKind::Money => Some(2),
            _ => None,
        }
    }

    /// Whether lists are filtered by such values as by texts; numbers, days and what names a record or a unit are numbers.
    pub fn filters_as_text(&self) -> bool {
        matches!(
            self,
            RecordKind::Choice { .. } | RecordKind::IdCard | RecordKind::YesNo
        )
    }

    /// The ledger whose records it names.
    pub fn ledger(&self) -> Option<&str> {
        match self {
            RecordKind::Reference { ledger } | RecordKind::References { ledger } => Some(ledger),
            _ => None,
        }
    }

    /// The choices, where there are any.
    pub fn choices(&self) -> &[ListItem] {
        match self {
            RecordKind::Choice { choices } | RecordKind::Choices { choices } => choices,
            _ => &[],
        }
    }

    /// Whether a value is several.
    pub fn is_list(&self) -> bool {
        matches!(
            self,
            RecordKind::Choices { .. } | RecordKind::References { .. }
        )
    }
}

/// A rule of a record: what must be true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordRule {
    /// The code within the ledger.
    pub code: String,
    /// The field that the finding points at.
    pub field: Option<String>,
    /// What must be true.
    pub holds: Condition,
    /// Whether other records have to be looked at.
    pub across: bool,
    /// What follows when it is not.
    pub severity: Severity,
    /// What is wrong and what to do, in Chinese.
    pub message_zh: String,
    /// What is wrong and what to do, in English.
    pub message_en: String,
}

/// A state of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateDef {
    /// The code.
    pub code: String,
    /// The Chinese name.
    pub name_zh: String,
    /// The English name.
    pub name_en: String,
    /// Whether a record ends there.
    pub last: bool,
}

/// A move from one state into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveDef {
    /// The code.
    pub code: String,
    /// What the button says, in Chinese.
    pub name_zh: String,
    /// What the button says, in English.
    pub name_en: String,
    /// The states from which it leads.
    pub from: Vec<String>,
    /// The state into which it leads.
    pub to: String,
    /// The levels that may make it.
    pub levels: Vec<Level>,
    /// The fields that must be filled in for it.
    pub needs: Vec<String>,
    /// Whether it needs a reason.
    pub reason: bool,
}

impl LedgerDef {
    /// The fields of its records.
    pub fn fields(&self) -> impl Iterator<Item = &RecordField> {
        let sections = self.record.iter().flat_map(|record| record.sections.iter());
        sections.flat_map(|section| section.fields.iter())
    }

    /// The field of that code.
    pub fn field(&self, code: &str) -> Option<&RecordField> {
        self.fields().find(|field| field.code == code)
    }
}

impl RecordDef {
    /// The fields in their order.
    pub fn fields(&self) -> impl Iterator<Item = &RecordField> {
        self.sections
            .iter()
            .flat_map(|section| section.fields.iter())
    }

    /// The field of that code.
    pub fn field(&self, code: &str) -> Option<&RecordField> {
        self.fields().find(|field| field.code == code)
    }

    /// The state of a new record.
    pub fn first_state(&self) -> Option<&StateDef> {
        self.states.first()
    }

    /// The state of that code.
    pub fn state(&self, code: &str) -> Option<&StateDef> {
        self.states.iter().find(|state| state.code == code)
    }

    /// The move of that code.
    pub fn motion(&self, code: &str) -> Option<&MoveDef> {
        self.moves.iter().find(|motion| motion.code == code)
    }
}
