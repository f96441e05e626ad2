//! Typed identifiers, so that a unit is never taken for an account.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
    };
}

id!(
    /// A unit's number for ever; its code and name may change.
    UnitId
);
id!(
    /// An account that signs in.
    AccountId
);
id!(
    /// A department of a unit.
    DepartmentId
);
id!(
    /// A metric as stored; its public name is its code.
    MetricId
);
