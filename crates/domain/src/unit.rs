//! Units: levels, kinds, and the twelve-digit division code (GB/T 2260 and GB/T 10114).

use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// A level of the division tree. The order goes from the top down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 市
    City,
    /// 县、县级市、区
    County,
    /// 乡、镇、街道
    Township,
    /// 村、社区
    Village,
}

impl Level {
    /// All levels, from the top down.
    pub const ALL: [Level; 4] = [Level::City, Level::County, Level::Township, Level::Village];

    /// The name used in the API and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::City => "city",
            Level::County => "county",
            Level::Township => "township",
            Level::Village => "village",
        }
    }

    /// The level of that name.
    pub fn parse(text: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.as_str() == text)
    }

    /// The level directly below, or nothing for a village.
    pub fn below(self) -> Option<Level> {
        match self {
            Level::City => Some(Level::County),
            Level::County => Some(Level::Township),
            Level::Township => Some(Level::Village),
            Level::Village => None,
        }
    }

    /// The level directly above, or nothing for a city.
    pub fn above(self) -> Option<Level> {
        match self {
            Level::City => None,
            Level::County => Some(Level::City),
            Level::Township => Some(Level::County),
            Level::Village => Some(Level::Township),
        }
    }
}

/// What kind of unit it is within its level, read from its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// A city.
    City,
    /// A county, a county-level city or a district.
    County,
    /// 街道
    Street,
    /// 镇
    Town,
    /// 乡
    Rural,
    /// A township-level area that is none (开发区, 农场).
    QuasiTownship,
    /// 居委会
    Community,
    /// 行政村
    AdministrativeVillage,
    /// A village-level area that is none.
    QuasiVillage,
}

impl UnitKind {
    /// All kinds.
    pub const ALL: [UnitKind; 9] = [
        UnitKind::City,
        UnitKind::County,
        UnitKind::Street,
        UnitKind::Town,
        UnitKind::Rural,
        UnitKind::QuasiTownship,
        UnitKind::Community,
        UnitKind::AdministrativeVillage,
        UnitKind::QuasiVillage,
    ];

    /// The name used in the API and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            UnitKind::City => "city",
            UnitKind::County => "county",
            UnitKind::Street => "street",
            UnitKind::Town => "town",
            UnitKind::Rural => "rural",
            UnitKind::QuasiTownship => "quasi_township",
            UnitKind::Community => "community",
            UnitKind::AdministrativeVillage => "administrative_village",
            UnitKind::QuasiVillage => "quasi_village",
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<UnitKind> {
        UnitKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The level at which the kind stands.
    pub fn level(self) -> Level {
        match self {
            UnitKind::City => Level::City,
            UnitKind::County => Level::County,
            UnitKind::Street | UnitKind::Town | UnitKind::Rural | UnitKind::QuasiTownship => {
                Level::Township
            }
            UnitKind::Community | UnitKind::AdministrativeVillage | UnitKind::QuasiVillage => {
                Level::Village
            }
        }
    }
}

/// Why a text is no division code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CodeError {
    /// It is not twelve digits.
    #[error("a division code has twelve digits, this has {0} characters or other signs")]
    Shape(usize),
}

/// A twelve-digit division code: 2 + 2 + 2 + 3 + 3.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DivisionCode(String);

impl DivisionCode {
    /// Reads a code.
    ///
    /// # Errors
    /// [`CodeError::Shape`] when it is not exactly twelve ASCII digits.
    pub fn parse(text: &str) -> Result<DivisionCode, CodeError> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(DivisionCode(text.to_owned()))
        } else {
            Err(CodeError::Shape(text.chars().count()))
        }
    }

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn part(&self, from: usize, to: usize) -> u16 {
        self.0
            .get(from..to)
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0)
    }

    /// The level that the zeros at its end say.
    pub fn level(&self) -> Level {
        if self.part(9, 12) != 0 {
            Level::Village
        } else if self.part(6, 9) != 0 {
            Level::Township
        } else if self.part(4, 6) != 0 {
            Level::County
        } else {
            Level::City
        }
    }

    /// The kind of unit, read from the township's or the village's three digits.
    pub fn kind(&self, level: Level, name: &str) -> UnitKind {
        match level {
            Level::City => UnitKind::City,
            Level::County => UnitKind::County,
            Level::Township => match self.part(6, 9) {
                1..=99 => UnitKind::Street,
                100..=199 => UnitKind::Town,
                200..=399 => UnitKind::Rural,
                _ => UnitKind::QuasiTownship,
            },
            Level::Village => match self.part(9, 12) {
                200..=399 if !name.contains("虚拟") => UnitKind::AdministrativeVillage,
                1..=199 if !name.contains("虚拟") => UnitKind::Community,
                _ => UnitKind::QuasiVillage,
            },
        }
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for DivisionCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        DivisionCode::parse(&text)
    }
}

impl From<DivisionCode> for String {
    fn from(code: DivisionCode) -> String {
        code.0
    }
}

/// A set of units by level and kind, as a metric or a form names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliesTo {
    /// The level.
    pub level: Level,
    /// The kinds; none means every kind of the level.
    #[serde(default)]
    pub kinds: Vec<UnitKind>,
}

impl AppliesTo {
    /// Whether a unit of that level and kind belongs to the set.
    pub fn contains(&self, level: Level, kind: UnitKind) -> bool {
        self.level == level && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_tells_level_and_kind() {
        let cases = [
            ("130900000000", "沧州市", Level::City, UnitKind::City),
            ("130921000000", "沧县", Level::County, UnitKind::County),
            (
                "130984001000",
                "瀛州路街道",
                Level::Township,
                UnitKind::Street,
            ),
            ("130925106000", "镇", Level::Township, UnitKind::Town),
            ("130925206000", "乡", Level::Township, UnitKind::Rural),
            (
                "130925406000",
                "开发区",
                Level::Township,
                UnitKind::QuasiTownship,
            ),
            ("130984001008", "社区", Level::Village, UnitKind::Community),
            (
                "130925106239",
                "窦武村",
                Level::Village,
                UnitKind::AdministrativeVillage,
            ),
            ("130925106498", "场", Level::Village, UnitKind::QuasiVillage),
            (
                "130925106239",
                "虚拟村",
                Level::Village,
                UnitKind::QuasiVillage,
            ),
        ];
        for (code, name, level, kind) in cases {
            let code = DivisionCode::parse(code).unwrap();
            assert_eq!(code.level(), level, "{code}");
            assert_eq!(code.kind(level, name), kind, "{code}");
        }
    }

    #[test]
    fn other_texts_are_no_codes() {
        for text in [
            "",
            "1309",
            "13090000000x",
            "1309000000000",
            "１３０９００００００００",
        ] {
            assert!(DivisionCode::parse(text).is_err(), "{text}");
        }
    }
}
