//! Rosters (花名册): records of a ledger taken from a sheet that exists already.

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
    }
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
