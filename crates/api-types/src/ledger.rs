//! Ledgers (台账) and their records.

use crate::file::File;
use crate::report::Finding;
use crate::unit::UnitRef;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The values of a record by field, as the ledger's definition says: numbers are integers scaled by the field's decimals
/// (money in fen), days are written `2024-07-31`, choices by their codes, units by their codes, other records and files by
/// their numbers. What is not filled in is absent.
pub type RecordValues = serde_json::Map<String, serde_json::Value>;

wire! {
    /// A ledger in the list of all.
    pub struct LedgerSummary {
        /// The code.
        pub code: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// The codes of the matters for which it is kept.
        pub matters: Vec<String>,
        /// Whether the organisation line alone sees its records.
        pub restricted: bool,
        /// Whether records are kept in it yet.
        pub in_use: bool,
        /// Whether the asker may see its records.
        pub readable: bool,
        /// How many records the asker's units have; absent where they may not be seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub records: Option<i64>,
        /// When a record was changed last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub changed_at: Option<chrono::DateTime<chrono::Utc>>,
    }
}

wire! {
    /// The ledgers of the programme.
    pub struct LedgerList {
        /// Those in use first, then in the package's order.
        pub items: Vec<LedgerSummary>,
    }
}

wire! {
    /// A ledger with its definition.
    pub struct Ledger {
        /// The code.
        pub code: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// The codes of the matters for which it is kept.
        pub matters: Vec<String>,
        /// Whether the organisation line alone sees its records.
        pub restricted: bool,
        /// Its definition as JSON text, the shape of `zhenxing_domain::package::LedgerDef`: a client that has the domain
        /// crate runs the same checks as the server.
        pub definition: String,
        /// Whether the asker may enter records.
        pub may_keep: bool,
        /// The codes of the moves that the asker may make anywhere.
        pub moves: Vec<String>,
    }
}

wire! {
    /// A record.
    pub struct Record {
        /// Its number.
        pub id: Uuid,
        /// The ledger's code.
        pub ledger: String,
        /// The unit that holds it.
        pub unit: UnitRef,
        /// What it is called.
        pub title: String,
        /// Its state; absent where its ledger has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<String>,
        /// Grows with every change; the entity tag.
        pub revision: i64,
        /// Its values, identity numbers and telephones masked.
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        pub values: RecordValues,
        /// What the records and units are called that its values name, by their numbers and codes.
        pub names: BTreeMap<String, String>,
        /// The files that its values name.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub files: Vec<File>,
        /// The codes of the moves that the asker may make now.
        pub moves: Vec<String>,
        /// Whether the asker may change and delete it.
        pub may_keep: bool,
        /// Whether it is deleted; it can be restored.
        pub deleted: bool,
        /// When it was changed last.
        pub updated_at: chrono::DateTime<chrono::Utc>,
    }
}

wire! {
    /// A record that is entered.
    #[serde(deny_unknown_fields)]
    pub struct NewRecord {
        /// Its number, a UUID of version 7; made by the server without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<Uuid>,
        /// The code of the unit that holds it; the asker's own without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit: Option<String>,
        /// Its values.
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        pub values: RecordValues,
        /// Whether nothing is kept and only said what stands against it.
        #[serde(default)]
        pub dry_run: bool,
    }
}

wire! {
    /// A record that is changed. Fields that are masked and sent as they were shown stay as they are.
    #[serde(deny_unknown_fields)]
    pub struct EditRecord {
        /// The code of the unit that holds it from now on; the same without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit: Option<String>,
        /// All its values.
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        pub values: RecordValues,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// Whether nothing is kept and only said what stands against it.
        #[serde(default)]
        pub dry_run: bool,
    }
}

wire! {
    /// What became of a record that was entered or changed.
    pub struct SavedRecord {
        /// Whether nothing was kept because only a trial was asked.
        pub dry_run: bool,
        /// The record as it stands, or would stand.
        pub record: Record,
        /// What the rules warn of.
        pub warnings: Vec<Finding>,
    }
}

wire! {
    /// A record that is moved into another state.
    #[serde(deny_unknown_fields)]
    pub struct MoveRecord {
        /// The code of the move.
        pub action: String,
        /// Values that change with it, such as the day of an approval.
        #[serde(default)]
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        pub values: RecordValues,
        /// Why, where the move needs a reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
    }
}

wire! {
    /// Why a record is deleted or restored.
    #[serde(deny_unknown_fields)]
    pub struct RecordReason {
        /// The reason.
        pub reason: String,
    }
}

wire! {
    /// A field that changed from one version of a record to the next.
    pub struct RecordChange {
        /// The field.
        pub field: String,
        /// Before, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub before: Option<String>,
        /// After, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub after: Option<String>,
    }
}

wire! {
    /// A version of a record: what was done, by whom and why.
    pub struct RecordVersion {
        /// The revision.
        pub revision: i64,
        /// What was done: `make`, `edit`, `delete`, `restore`, `unit_merged` where its unit was merged into another, or the code of a
        /// move.
        pub action: String,
        /// The state after it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<String>,
        /// The fields that changed.
        pub changes: Vec<RecordChange>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// Who did it.
        pub by: String,
        /// Who did it in that one's place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub deputy: Option<String>,
        /// When.
        pub at: chrono::DateTime<chrono::Utc>,
    }
}

wire! {
    /// What is to be seen in full, and why.
    #[serde(deny_unknown_fields)]
    pub struct RevealField {
        /// The field.
        pub field: String,
        /// Why, in 1 to 200 characters.
        pub reason: String,
    }
}

wire! {
    /// A personal value in full.
    pub struct RevealedField {
        /// The value.
        pub value: String,
        /// Until when a page may show it.
        pub until: chrono::DateTime<chrono::Utc>,
    }
}

wire! {
    /// Records of a ledger from which one side of a derived figure is made.
    pub struct FigureSelection {
        /// The ledger's code.
        pub ledger: String,
        /// Its Chinese name.
        pub name_zh: String,
        /// Its English name.
        pub name_en: String,
        /// What must be true of a record, in Chinese.
        pub condition_zh: String,
        /// What must be true of a record, in English.
        pub condition_en: String,
        /// How many of the unit's records count.
        pub counted: i64,
        /// How many do not.
        pub left_out: i64,
        /// Whether the asker may see the ledger's records; else the numbers stand alone.
        pub readable: bool,
    }
}

wire! {
    /// A record that counts for a figure, or does not.
    pub struct FigureRecord {
        /// The place of its selection, from 0.
        pub selection: i64,
        /// Whether it counts.
        pub counts: bool,
        /// The first part of the condition that does not hold, in Chinese; absent where it counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub why_zh: Option<String>,
        /// The same in English.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub why_en: Option<String>,
        /// The record, personal data masked.
        pub record: Record,
    }
}

wire! {
    /// The records behind one side of a derived figure.
    pub struct FigureRecords {
        /// The metric's code.
        pub metric: String,
        /// `numerator` or `denominator`.
        pub side: String,
        /// The period.
        pub period: String,
        /// The unit.
        pub unit: UnitRef,
        /// The number that this side has; absent where the unit holds none of the records.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub number: Option<i64>,
        /// The selections of which it is made.
        pub selections: Vec<FigureSelection>,
        /// A page of their records: by selection, those that count first.
        pub items: Vec<FigureRecord>,
        /// Where to go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next_cursor: Option<String>,
    }
}
