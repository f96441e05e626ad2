//! Tags of units (单位标签): what units are marked as, by whom and for how long.

use crate::report_bulk::RowRefusal;
use crate::unit::{Level, UnitRef};
use chrono::NaiveDate;

wire! {
    /// A tag of the programme.
    pub struct Tag {
        /// The code: the Chinese word itself.
        pub code: String,
        /// The English name.
        pub name_en: String,
        /// The levels whose units may carry it.
        pub levels: Vec<Level>,
        /// How many units that the asker may see carry it today.
        pub units: i64,
    }
}

wire! {
    /// The tags of the programme.
    pub struct TagList {
        /// In the programme's order.
        pub items: Vec<Tag>,
    }
}

wire! {
    /// A mark: that a unit carries a tag from a day to a day.
    pub struct UnitTag {
        /// The unit.
        pub unit: UnitRef,
        /// The tag.
        pub tag: String,
        /// Who decided it (认定单位).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub authority: Option<String>,
        /// The number of the document (文号).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub document_no: Option<String>,
        /// The first day.
        pub valid_from: NaiveDate,
        /// The first day on which it holds no more; absent while none is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub valid_to: Option<NaiveDate>,
        /// Why it was ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub end_reason: Option<String>,
    }
}

wire! {
    /// Marks units with a tag: all of them, or none where one is refused.
    #[serde(deny_unknown_fields)]
    pub struct TagUnits {
        /// The tag.
        pub tag: String,
        /// The codes of the units.
        pub units: Vec<String>,
        /// Who decided it (认定单位).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub authority: Option<String>,
        /// The number of the document (文号).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub document_no: Option<String>,
        /// The first day.
        pub valid_from: NaiveDate,
        /// The first day on which it holds no more; open without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub valid_to: Option<NaiveDate>,
        /// Whether nothing is changed and only said what would be.
        #[serde(default)]
        pub dry_run: bool,
    }
}

wire! {
    /// Ends marks that hold: all of them, or none where one is refused.
    #[serde(deny_unknown_fields)]
    pub struct EndUnitTags {
        /// The tag.
        pub tag: String,
        /// The codes of the units.
        pub units: Vec<String>,
        /// The first day on which it holds no more. The mark's first day takes a mark away that was made by mistake.
        pub valid_to: NaiveDate,
        /// Why.
        pub reason: String,
        /// Whether nothing is changed and only said what would be.
        #[serde(default)]
        pub dry_run: bool,
    }
}

wire! {
    /// What becomes of one unit.
    pub struct UnitTagRow {
        /// The code that was sent.
        pub unit: String,
        /// Its name, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Why it is refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub refusal: Option<RowRefusal>,
    }
}

wire! {
    /// What became of many units.
    pub struct UnitTagResult {
        /// Whether nothing was changed because only a trial was asked.
        pub dry_run: bool,
        /// How many were changed: all, or none where one is refused.
        pub done: i64,
        /// How many were refused.
        pub refused: i64,
        /// Unit by unit.
        pub rows: Vec<UnitTagRow>,
    }
}
