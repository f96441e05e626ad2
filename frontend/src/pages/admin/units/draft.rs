//! A change of units as it is filled in, step by step.

use chrono::{Datelike, Months, NaiveDate};
use zhenxing_api_types::unit::{Unit, UnitKind};
use zhenxing_api_types::unit_change::{NewUnitChange, UnitChangeKind, UnitPiece};

/// Every kind of change, as the sheet offers them.
pub const KINDS: [UnitChangeKind; 6] = [
    UnitChangeKind::Rename,
    UnitChangeKind::Move,
    UnitChangeKind::Merge,
    UnitChangeKind::Split,
    UnitChangeKind::End,
    UnitChangeKind::Reclassify,
];

/// One of the units that a unit is split into.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Piece {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
}

/// What has been filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What kind of change.
    pub kind: UnitChangeKind,
    /// The month with which it begins: `2026-12`.
    pub month: String,
    /// The units; the first one is the one on whose page the sheet was opened.
    pub units: Vec<Unit>,
    /// The new name.
    pub name: String,
    /// The new code.
    pub code: String,
    /// The code of the unit that remains after a merger; empty where a new one takes over.
    pub heir: String,
    /// The unit above.
    pub parent: Option<Unit>,
    /// The right kind.
    pub unit_kind: UnitKind,
    /// What it is split into.
    pub pieces: Vec<Piece>,
    /// The units below, each with the place of its piece.
    pub below: Vec<(Unit, usize)>,
    /// Why.
    pub reason: String,
    /// Why figures of locked periods may change.
    pub locked_cause: String,
}

/// The month after a day.
fn next_month(today: NaiveDate) -> String {
    let first = today.with_day(1).unwrap_or(today);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    next.format("%Y-%m").to_string()
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl Draft {
    /// A draft about one unit, from the next month on.
    pub fn of(unit: Unit, today: NaiveDate) -> Draft {
        Draft {
            kind: UnitChangeKind::Rename,
            month: next_month(today),
            name: String::new(),
            code: String::new(),
            heir: unit.code.clone(),
            parent: None,
            unit_kind: unit.kind,
            pieces: vec![
                Piece {
                    code: unit.code.clone(),
                    name: unit.name.clone(),
                },
                Piece::default(),
            ],
            units: vec![unit],
            below: Vec::new(),
            reason: String::new(),
            locked_cause: String::new(),
        }
    }

    /// The name that is typed before the change is made.
    pub fn typed_name(&self) -> String {
        let first = self.units.first();
        first.map_or_else(String::new, |unit| unit.name.clone())
    }

    /// The first day.
    pub fn from(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(&format!("{}-01", self.month), "%Y-%m-%d").ok()
    }

    /// Whether another unit above can be meant.
    pub fn asks_parent(&self) -> bool {
        match self.kind {
            UnitChangeKind::Move => true,
            UnitChangeKind::Merge => self.heir.is_empty(),
            UnitChangeKind::Rename
            | UnitChangeKind::Split
            | UnitChangeKind::End
            | UnitChangeKind::Reclassify => false,
        }
    }

    /// Whether it concerns several units.
    pub fn takes_several(&self) -> bool {
        !matches!(self.kind, UnitChangeKind::Rename | UnitChangeKind::Split)
    }

    /// What is asked of the server; nothing while the month is none.
    pub fn request(&self) -> Option<NewUnitChange> {
        let merged = self.kind == UnitChangeKind::Merge;
        let named = merged || self.kind == UnitChangeKind::Rename;
        let units: Vec<String> = self.units.iter().map(|unit| unit.code.clone()).collect();
        let code = if merged && !self.heir.is_empty() {
            Some(self.heir.clone())
        } else {
            given(&self.code).filter(|_| named)
        };
        let count = if self.takes_several() { units.len() } else { 1 };
        Some(NewUnitChange {
            kind: self.kind,
            from: self.from()?,
            units: units.into_iter().take(count).collect(),
            name: given(&self.name).filter(|_| named),
            code,
            parent: self
                .parent
                .as_ref()
                .filter(|_| self.asks_parent())
                .map(|unit| unit.code.clone()),
            unit_kind: (self.kind == UnitChangeKind::Reclassify).then_some(self.unit_kind),
            pieces: self.request_pieces(),
            reason: self.reason.trim().to_owned(),
            locked_cause: given(&self.locked_cause),
        })
    }

    fn request_pieces(&self) -> Vec<UnitPiece> {
        if self.kind != UnitChangeKind::Split {
            return Vec::new();
        }
        let piece = |(place, piece): (usize, &Piece)| UnitPiece {
            code: piece.code.trim().to_owned(),
            name: piece.name.trim().to_owned(),
            children: self
                .below
                .iter()
                .filter(|(_, own)| *own == place)
                .map(|(unit, _)| unit.code.clone())
                .collect(),
        };
        self.pieces.iter().enumerate().map(piece).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhenxing_api_types::unit::Level;

    fn unit(code: &str, name: &str) -> Unit {
        Unit {
            code: code.to_owned(),
            name: name.to_owned(),
            level: Level::Village,
            kind: UnitKind::AdministrativeVillage,
            parent: None,
            parent_name: None,
        }
    }

    fn draft() -> Option<Draft> {
        let today = NaiveDate::from_ymd_opt(2026, 12, 24)?;
        Some(Draft::of(unit("130902100201", "东村"), today))
    }

    #[test]
    fn it_begins_with_the_next_month() {
        let from = draft().and_then(|draft| draft.from());
        assert_eq!(from, NaiveDate::from_ymd_opt(2027, 1, 1));
    }

    #[test]
    fn only_what_belongs_to_the_kind_is_sent() {
        let sent = draft().and_then(|draft| {
            Draft {
                kind: UnitChangeKind::Move,
                name: "西村".to_owned(),
                code: "1".to_owned(),
                parent: Some(unit("130902101000", "镇")),
                ..draft
            }
            .request()
        });
        assert!(sent.is_some_and(|sent| sent.name.is_none()
            && sent.code.is_none()
            && sent.unit_kind.is_none()
            && sent.pieces.is_empty()
            && sent.parent.as_deref() == Some("130902101000")));
    }

    #[test]
    fn a_merger_names_the_unit_that_remains_or_a_new_one() {
        let merge = |heir: &str| {
            draft().and_then(|draft| {
                Draft {
                    kind: UnitChangeKind::Merge,
                    heir: heir.to_owned(),
                    code: " 130902100299 ".to_owned(),
                    name: "新村".to_owned(),
                    ..draft
                }
                .request()
            })
        };
        assert_eq!(
            merge("130902100201").and_then(|sent| sent.code).as_deref(),
            Some("130902100201")
        );
        let new = merge("");
        assert_eq!(
            new.as_ref().and_then(|sent| sent.code.as_deref()),
            Some("130902100299")
        );
    }

    #[test]
    fn every_unit_below_comes_to_its_piece() {
        let sent = draft().and_then(|draft| {
            Draft {
                kind: UnitChangeKind::Split,
                below: vec![(unit("a", "甲"), 0), (unit("b", "乙"), 1)],
                ..draft
            }
            .request()
        });
        let children: Vec<Vec<String>> = sent
            .map(|sent| {
                sent.pieces
                    .into_iter()
                    .map(|piece| piece.children)
                    .collect()
            })
            .unwrap_or_default();
        assert_eq!(children, [["a"], ["b"]]);
    }
}
