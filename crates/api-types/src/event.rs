//! Events: one for each acknowledged change.

wire! {
    /// An event. It carries identifiers, never personal data.
    pub struct Event {
        /// The number in the stream, without gaps.
        pub seq: i64,
        /// What happened: `report.submitted`, `units.imported` ….
        pub kind: String,
        /// The thing it happened to: a report's number, a unit's code, a form's code with its period.
        pub subject: String,
        /// The unit's code, where it concerns one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit: Option<String>,
        /// When it was acknowledged.
        pub at: chrono::DateTime<chrono::Utc>,
    }
}

wire! {
    /// A stretch of the stream.
    pub struct Events {
        /// The events, in order.
        pub items: Vec<Event>,
        /// Ask again with `after` equal to this.
        pub position: i64,
    }
}
