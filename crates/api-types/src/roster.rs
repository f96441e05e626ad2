//! Rosters (花名册): records of a ledger taken from a sheet that exists already.

use crate::ledger::RecordValues;
use crate::unit::UnitRef;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

wire! {
    /// A column of the sheet.
    pub struct RosterColumn {
        /// What stands above it.
        pub heading: String,
        /// The field that takes it: its code, `unit` for the unit that holds the record, or `person.name` for a field of the
        /// person whom a field names; absent where the column is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub field: Option<String>,
        /// A few of its values, personal ones masked.
        pub examples: Vec<String>,
    }
}

wire! {
    /// What stands against a row, or what it warns of.
    pub struct RosterFinding {
        /// The row in the sheet, counted from one.
        pub row: u64,
        /// The heading of the column, where one is at fault.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub column: Option<String>,
        /// The field, as columns name it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub field: Option<String>,
        /// The stable code of the fault.
        pub code: String,
        /// What is wrong and what to do, in Chinese.
        pub message_zh: String,
        /// What is wrong and what to do, in English.
        pub message_en: String,
    }
}

wire! {
    /// What became of a roster, or would become of it.
    pub struct RosterImport {
        /// Whether nothing was kept because only a trial was asked.
        pub dry_run: bool,
        /// The columns, as they stand in the sheet.
        pub columns: Vec<RosterColumn>,
        /// How many rows it has.
        pub rows: i64,
        /// How many records were made.
        pub made: i64,
        /// How many were changed.
        pub changed: i64,
        /// How many rows say what is known already.
        pub unchanged: i64,
        /// How many rows are faulty; they are not kept.
        pub faulty: i64,
        /// How many people were made along, who stood in no record yet.
        pub people: i64,
        /// What stands against rows, at most 500.
        pub errors: Vec<RosterFinding>,
        /// How many there are altogether.
        pub errors_total: i64,
        /// What rows warn of, at most 500.
        pub warnings: Vec<RosterFinding>,
        /// How many there are altogether.
        pub warnings_total: i64,
        /// Who makes way for whom, where those in office are replaced.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub replaced: Option<Replaced>,
    }
}

wire! {
    /// Those who take office in units on a day, in place of all who are in office there (换届).
    #[serde(deny_unknown_fields)]
    pub struct NewReplacement {
        /// The day on which the former ones leave and the next begin.
        pub day: NaiveDate,
        /// Why the former ones leave; what the act is called without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// Values that all who come share: only those fields that the ledger names for it, such as the number of the term.
        #[serde(default)]
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        pub common: RecordValues,
        /// The units, at most 500 with 5,000 records.
        pub units: Vec<UnitReplacement>,
        /// Whether nothing is kept and only said what would be.
        #[serde(default)]
        pub dry_run: bool,
    }
}

wire! {
    /// Those who take office in a unit.
    #[serde(deny_unknown_fields)]
    pub struct UnitReplacement {
        /// The unit's code.
        pub unit: String,
        /// Their records, one or more.
        pub records: Vec<NewHolder>,
    }
}

wire! {
    /// Somebody who takes office.
    #[serde(deny_unknown_fields)]
    pub struct NewHolder {
        /// The values of the record; its first day is that of the replacement.
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        pub values: RecordValues,
        /// People by the fields that name them, in place of their numbers: `{ "person": { "name": …, "birth": … } }`. They are
        /// found by identity number or by name within the unit, or made along.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Object>))]
        pub people: BTreeMap<String, RecordValues>,
    }
}

wire! {
    /// Who makes way for whom.
    pub struct Replaced {
        /// The day.
        pub day: NaiveDate,
        /// How many leave.
        pub leaving: i64,
        /// How many come.
        pub coming: i64,
        /// How many stay: the same in the same post, in a record of its own.
        pub staying: i64,
        /// The units.
        pub units: Vec<ReplacedUnit>,
    }
}

wire! {
    /// Who makes way for whom in a unit.
    pub struct ReplacedUnit {
        /// The unit.
        pub unit: UnitRef,
        /// How many leave.
        pub leaving: i64,
        /// How many come.
        pub coming: i64,
        /// How many stay.
        pub staying: i64,
        /// Each of them: who leaves, who stays, who comes.
        pub holders: Vec<ReplacedHolder>,
    }
}

wire! {
    /// Somebody who leaves, comes or stays.
    pub struct ReplacedHolder {
        /// Which of these.
        pub what: HolderChange,
        /// The one in office.
        pub name: String,
        /// What the record is called, such as the post.
        pub title: String,
        /// The first day of the record that ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub since: Option<NaiveDate>,
        /// The row that names who comes or stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub row: Option<u64>,
    }
}

/// What becomes of somebody when those in office are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HolderChange {
    /// Was in office and is no more.
    Leaves,
    /// Was in office and is again.
    Stays,
    /// Was not and is.
    Comes,
}

wire! {
    /// Two records of one person that become one.
    #[serde(deny_unknown_fields)]
    pub struct MergeRecords {
        /// The record that stays.
        pub into: Uuid,
        /// Its revision as it was seen.
        pub revision: i64,
        /// Why they are one.
        pub reason: String,
    }
}
