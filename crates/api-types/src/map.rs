//! The map of a programme: borders of the units under its city.

wire! {
    /// Borders as the package ships them, with what must be said beside them.
    pub struct ProgrammeMap {
        /// What kind of map it is, in Chinese.
        pub note_zh: String,
        /// What kind of map it is, in English.
        pub note_en: String,
        /// The review number (审图号); absent where the map has none and is a sketch only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub review_no: Option<String>,
        /// The areas. Units without borders stand beside the map.
        pub areas: Vec<MapArea>,
    }
}

wire! {
    /// The borders of one unit.
    pub struct MapArea {
        /// The unit's name.
        pub name: String,
        /// The unit's code, where the file gives it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub code: Option<String>,
        /// Rings of longitude and latitude by turns, in millionths of a degree; a ring inside another is a hole.
        pub rings: Vec<Vec<i64>>,
    }
}
