//! Saved views (常用视图): with whom one is shared.

use serde::{Deserialize, Serialize};

/// With whom a view is shared. It says what to look at and never widens what its reader may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// 仅本人
    Nobody,
    /// 本单位及以下
    UnitAndBelow,
    /// 全市
    Everybody,
}

impl Share {
    /// All ways.
    pub const ALL: [Share; 3] = [Share::Nobody, Share::UnitAndBelow, Share::Everybody];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Share::Nobody => "nobody",
            Share::UnitAndBelow => "unit_and_below",
            Share::Everybody => "everybody",
        }
    }

    /// The way of that name.
    pub fn parse(text: &str) -> Option<Share> {
        Share::ALL.into_iter().find(|share| share.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for share in Share::ALL {
            assert_eq!(Share::parse(share.as_str()), Some(share));
        }
        assert_eq!(Share::parse("all"), None);
    }
}
