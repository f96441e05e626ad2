//! Accounts and departments.

use crate::session::Grant;
use crate::unit::UnitRef;

wire! {
    /// An account in a list.
    pub struct User {
        /// The account's name.
        pub login: String,
        /// The person's or office's name.
        pub name: String,
        /// The unit.
        pub unit: UnitRef,
        /// Whether it may sign in.
        pub active: bool,
        /// The grants.
        pub grants: Vec<Grant>,
    }
}

wire! {
    /// A department of a unit.
    pub struct Department {
        /// The code, as the programme names it.
        pub code: String,
        /// The Chinese name.
        pub name: String,
        /// The unit.
        pub unit: UnitRef,
        /// The first day.
        pub valid_from: chrono::NaiveDate,
        /// Codes of the matters that it leads.
        pub matters: Vec<String>,
    }
}
