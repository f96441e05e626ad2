//! Units.

use crate::problem::LineError;

mirror! {
    /// The level of a unit.
    Level from zhenxing_domain::unit::Level {
        /// 市
        City,
        /// 县（市、区）
        County,
        /// 乡镇（街道）
        Township,
        /// 村（社区）
        Village,
    }
}

mirror! {
    /// What kind of unit it is within its level.
    UnitKind from zhenxing_domain::unit::UnitKind {
        /// 市
        City,
        /// 县（市、区）
        County,
        /// 街道
        Street,
        /// 镇
        Town,
        /// 乡
        Rural,
        /// 类似乡级单位
        QuasiTownship,
        /// 社区
        Community,
        /// 行政村
        AdministrativeVillage,
        /// 类似村级单位
        QuasiVillage,
    }
}

wire! {
    /// A unit by its code and name.
    pub struct UnitRef {
        /// The twelve-digit division code.
        pub code: String,
        /// The name.
        pub name: String,
        /// The level.
        pub level: Level,
    }
}

wire! {
    /// A unit in a list.
    pub struct Unit {
        /// The twelve-digit division code.
        pub code: String,
        /// The name.
        pub name: String,
        /// The level.
        pub level: Level,
        /// The kind.
        pub kind: UnitKind,
        /// The code of the unit above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent: Option<String>,
        /// The name of the unit above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_name: Option<String>,
    }
}

wire! {
    /// A unit with its place in the tree.
    pub struct UnitDetail {
        /// The unit.
        pub unit: Unit,
        /// The units above it, from the city down.
        pub ancestors: Vec<UnitRef>,
        /// How many units stand directly below it.
        pub children: i64,
        /// The first day of this code, name and parent.
        pub valid_from: chrono::NaiveDate,
        /// The last day, where it ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub valid_until: Option<chrono::NaiveDate>,
    }
}

wire! {
    /// What an import did, or would do.
    pub struct UnitImport {
        /// Whether it was a dry run and nothing was changed.
        pub dry_run: bool,
        /// Lines read.
        pub read: i64,
        /// Units that are new.
        pub created: i64,
        /// Units whose name or parent changed.
        pub changed: i64,
        /// Units as they were.
        pub unchanged: i64,
        /// Faults; with one fault nothing is changed.
        pub errors: Vec<LineError>,
    }
}
