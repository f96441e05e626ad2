//! Changes of the division tree from the first day of a month on: what a change does to the units that it concerns,
//! worked out before anything is written. The history of a unit that is merged or split stays with that unit.

use crate::ids::UnitId;
use crate::unit::{DivisionCode, Level, UnitKind};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

const NAME_LENGTH: usize = 100;

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// 更名: another name or code.
    Rename,
    /// 改隶: another unit above.
    Move,
    /// 合并: several units become one.
    Merge,
    /// 拆分: one unit becomes several.
    Split,
    /// 撤销: the unit ends.
    End,
    /// 类别更正: another kind of the same level.
    Reclassify,
}

impl ChangeKind {
    /// All kinds.
    pub const ALL: [ChangeKind; 6] = [
        ChangeKind::Rename,
        ChangeKind::Move,
        ChangeKind::Merge,
        ChangeKind::Split,
        ChangeKind::End,
        ChangeKind::Reclassify,
    ];

    /// The name used in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Rename => "rename",
            ChangeKind::Move => "move",
            ChangeKind::Merge => "merge",
            ChangeKind::Split => "split",
            ChangeKind::End => "end",
            ChangeKind::Reclassify => "reclassify",
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<ChangeKind> {
        ChangeKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// 待生效
    Planned,
    /// 已生效
    Effective,
    /// 已撤回
    Withdrawn,
}

impl ChangeState {
    /// All states.
    pub const ALL: [ChangeState; 3] = [
        ChangeState::Planned,
        ChangeState::Effective,
        ChangeState::Withdrawn,
    ];

    /// The state of a change on a day.
    pub fn on(today: NaiveDate, from: NaiveDate, withdrawn: bool) -> ChangeState {
        if withdrawn {
            ChangeState::Withdrawn
        } else if from > today {
            ChangeState::Planned
        } else {
            ChangeState::Effective
        }
    }

    /// The state after somebody takes the change back.
    ///
    /// # Errors
    /// [`NotPlanned`] when its day has come, or it was taken back before.
    pub fn withdraw(self) -> Result<ChangeState, NotPlanned> {
        match self {
            ChangeState::Planned => Ok(ChangeState::Withdrawn),
            state => Err(NotPlanned(state)),
        }
    }
}

/// Why a change cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("only a planned change can be withdrawn, this one is {0:?}")]
pub struct NotPlanned(pub ChangeState);

/// A unit as it stands on the first day of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The unit.
    pub unit: UnitId,
    /// The level.
    pub level: Level,
    /// The kind.
    pub kind: UnitKind,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// `/1/20/300/`.
    pub path: String,
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
}

/// The part of the tree that a change looks at: the units that it names with all below them, and the units above.
pub type Part = BTreeMap<UnitId, Place>;

/// One of the units that a unit is split into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The code; the split unit's own code lets it go on as this piece.
    pub code: String,
    /// The name.
    pub name: String,
    /// The units below that come to this piece.
    pub children: Vec<UnitId>,
}

/// The unit that takes over from merged ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heir {
    /// One that stands already, perhaps under another name.
    Standing(UnitId, Option<String>),
    /// A new one.
    New {
        /// The code.
        code: String,
        /// The name.
        name: String,
        /// The unit above.
        parent: UnitId,
    },
}

/// A change that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another name or code.
    Rename(UnitId, Option<String>, Option<String>),
    /// Another unit above.
    Move(Vec<UnitId>, UnitId),
    /// Several become one.
    Merge(Vec<UnitId>, Heir),
    /// One becomes several.
    Split(UnitId, Vec<Piece>),
    /// Units end.
    End(Vec<UnitId>),
    /// Another kind.
    Reclassify(Vec<UnitId>, UnitKind),
}

/// Why a change is not possible.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChangeError {
    /// It does not begin on the first day of a month.
    #[error("a change of the tree begins on the first day of a month")]
    NotFirstOfMonth,
    /// A unit is not in the part of the tree that was looked at.
    #[error("the unit does not stand on that day")]
    Absent,
    /// The units named are of several levels.
    #[error("the units of one change stand at one level")]
    Levels,
    /// The unit above would be below the unit, or be the unit itself.
    #[error("a unit cannot come under itself or under a unit below it")]
    Cycle,
    /// The unit above is not one level above.
    #[error("the unit above must stand exactly one level above")]
    WrongLevel,
    /// A code that is none, or one of another level.
    #[error("`{0}` is no division code of this level")]
    Code(String),
    /// A name that is empty or too long.
    #[error("a name has 1 to {NAME_LENGTH} characters")]
    Name,
    /// Two pieces have one code.
    #[error("the code `{0}` is given twice")]
    CodeTwice(String),
    /// A merge of fewer than two units, a split into fewer than two.
    #[error("at least two units are needed")]
    TooFew,
    /// A unit with others below it cannot end.
    #[error("{0} has units below it; move or merge them first")]
    HasUnitsBelow(String),
    /// Every unit below comes to exactly one piece.
    #[error("every unit below comes to exactly one of the new units")]
    NotDistributed,
    /// A kind of another level.
    #[error("the kind belongs to another level")]
    KindLevel,
    /// Nothing would be otherwise.
    #[error("everything stands like that already")]
    NothingChanges,
    /// The whole city cannot be moved, merged, split or ended.
    #[error("the city itself can only be renamed")]
    City,
}

/// What a change does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// New units; they are among the placed ones too.
    pub created: Vec<UnitId>,
    /// Units as they stand anew.
    pub placed: Vec<Place>,
    /// Units that end.
    pub ended: Vec<UnitId>,
    /// Units whose figures are to be recomputed.
    pub touched: BTreeSet<UnitId>,
}

/// Whether a change may begin on that day.
///
/// # Errors
/// [`ChangeError::NotFirstOfMonth`].
pub fn check_day(from: NaiveDate) -> Result<(), ChangeError> {
    if from.day() == 1 {
        Ok(())
    } else {
        Err(ChangeError::NotFirstOfMonth)
    }
}

/// What a change does to a part of the tree. New units get the numbers from `next` on.
///
/// # Errors
/// [`ChangeError`] that says why it is not possible.
pub fn plan(part: &Part, change: &Change, next: UnitId) -> Result<Plan, ChangeError> {
    let mut work = Work {
        before: part,
        after: part.clone(),
        created: Vec::new(),
        next: next.0,
    };
    match change {
        Change::Rename(unit, name, code) => work.rename(*unit, name.as_deref(), code.as_deref())?,
        Change::Move(units, parent) => work.shift(units, *parent)?,
        Change::Merge(units, heir) => work.merge(units, heir)?,
        Change::Split(unit, pieces) => work.split(*unit, pieces)?,
        Change::End(units) => work.end(units)?,
        Change::Reclassify(units, kind) => work.reclassify(units, *kind)?,
    }
    work.outcome()
}

struct Work<'a> {
    before: &'a Part,
    after: Part,
    created: Vec<UnitId>,
    next: i64,
}

impl Work<'_> {
    fn rename(
        &mut self,
        unit: UnitId,
        name: Option<&str>,
        code: Option<&str>,
    ) -> Result<(), ChangeError> {
        let place = self.after.get_mut(&unit).ok_or(ChangeError::Absent)?;
        if let Some(name) = name {
            place.name = checked_name(name)?;
        }
        if let Some(code) = code {
            place.code = checked_code(code, place.level)?.as_str().to_owned();
        }
        Ok(())
    }

    fn shift(&mut self, units: &[UnitId], parent: UnitId) -> Result<(), ChangeError> {
        let level = self.common_level(units)?;
        let above = self.before.get(&parent).ok_or(ChangeError::Absent)?;
        let inside = |unit: &UnitId| above.path.contains(&format!("/{}/", unit.0));
        if units.iter().any(inside) {
            return Err(ChangeError::Cycle);
        }
        if level.above() != Some(above.level) {
            return Err(ChangeError::WrongLevel);
        }
        for unit in units {
            if let Some(place) = self.after.get_mut(unit) {
                place.parent = Some(parent);
            }
        }
        Ok(())
    }

    fn merge(&mut self, units: &[UnitId], heir: &Heir) -> Result<(), ChangeError> {
        let mut all: BTreeSet<UnitId> = units.iter().copied().collect();
        if let Heir::Standing(unit, _) = heir {
            all.insert(*unit);
        }
        if all.len() < 2 {
            return Err(ChangeError::TooFew);
        }
        let all: Vec<UnitId> = all.into_iter().collect();
        let level = self.common_level(&all)?;
        let heir = match heir {
            Heir::Standing(unit, name) => {
                self.rename(*unit, name.as_deref(), None)?;
                *unit
            }
            Heir::New { code, name, parent } => self.found(level, code, name, *parent)?,
        };
        for unit in all.into_iter().filter(|unit| *unit != heir) {
            for child in self.children(unit) {
                self.give(child, heir);
            }
            self.after.remove(&unit);
        }
        Ok(())
    }

    fn split(&mut self, unit: UnitId, pieces: &[Piece]) -> Result<(), ChangeError> {
        self.common_level(&[unit])?;
        let old = self.before.get(&unit).ok_or(ChangeError::Absent)?;
        if pieces.len() < 2 {
            return Err(ChangeError::TooFew);
        }
        let mut codes = BTreeSet::new();
        if let Some(twice) = pieces.iter().find(|piece| !codes.insert(&piece.code)) {
            return Err(ChangeError::CodeTwice(twice.code.clone()));
        }
        let mut given: Vec<UnitId> = pieces
            .iter()
            .flat_map(|piece| piece.children.clone())
            .collect();
        given.sort();
        if given != self.children(unit) {
            return Err(ChangeError::NotDistributed);
        }
        let parent = old.parent.ok_or(ChangeError::City)?;
        let goes_on = pieces.iter().any(|piece| piece.code == old.code);
        for piece in pieces {
            let heir = if piece.code == old.code {
                self.rename(unit, Some(&piece.name), None)?;
                unit
            } else {
                self.found(old.level, &piece.code, &piece.name, parent)?
            };
            for child in &piece.children {
                self.give(*child, heir);
            }
        }
        if !goes_on {
            self.after.remove(&unit);
        }
        Ok(())
    }

    fn end(&mut self, units: &[UnitId]) -> Result<(), ChangeError> {
        self.common_level(units)?;
        for unit in units {
            if !self.children(*unit).is_empty() {
                let name = self.before.get(unit).map(|place| place.name.clone());
                return Err(ChangeError::HasUnitsBelow(name.unwrap_or_default()));
            }
            self.after.remove(unit);
        }
        Ok(())
    }

    fn reclassify(&mut self, units: &[UnitId], kind: UnitKind) -> Result<(), ChangeError> {
        if self.common_level(units)? != kind.level() {
            return Err(ChangeError::KindLevel);
        }
        for unit in units {
            if let Some(place) = self.after.get_mut(unit) {
                place.kind = kind;
            }
        }
        Ok(())
    }

    /// A new unit.
    fn found(
        &mut self,
        level: Level,
        code: &str,
        name: &str,
        parent: UnitId,
    ) -> Result<UnitId, ChangeError> {
        let above = self.before.get(&parent).ok_or(ChangeError::Absent)?;
        if level.above() != Some(above.level) {
            return Err(ChangeError::WrongLevel);
        }
        let name = checked_name(name)?;
        let code = checked_code(code, level)?;
        let unit = UnitId(self.next);
        self.next += 1;
        let place = Place {
            unit,
            level,
            kind: code.kind(level, &name),
            parent: Some(parent),
            path: String::new(),
            code: code.as_str().to_owned(),
            name,
        };
        self.after.insert(unit, place);
        self.created.push(unit);
        Ok(unit)
    }

    fn give(&mut self, child: UnitId, parent: UnitId) {
        if let Some(place) = self.after.get_mut(&child) {
            place.parent = Some(parent);
        }
    }

    /// The units directly below, by number.
    fn children(&self, unit: UnitId) -> Vec<UnitId> {
        let all = self.before.values();
        let below = all.filter(|place| place.parent == Some(unit));
        below.map(|place| place.unit).collect()
    }

    fn common_level(&self, units: &[UnitId]) -> Result<Level, ChangeError> {
        let mut levels = BTreeSet::new();
        for unit in units {
            levels.insert(self.before.get(unit).ok_or(ChangeError::Absent)?.level);
        }
        match (levels.pop_first(), levels.is_empty()) {
            (None, _) => Err(ChangeError::Absent),
            (Some(Level::City), _) => Err(ChangeError::City),
            (Some(level), true) => Ok(level),
            (Some(_), false) => Err(ChangeError::Levels),
        }
    }

    /// Gives every unit its path from the top down, and compares.
    fn outcome(mut self) -> Result<Plan, ChangeError> {
        let mut order: Vec<UnitId> = self.after.keys().copied().collect();
        order.sort_by_key(|unit| self.after.get(unit).map(|place| place.level));
        for unit in order {
            let parent = self.after.get(&unit).and_then(|place| place.parent);
            let above = parent.and_then(|parent| self.after.get(&parent));
            if let Some(path) = above.map(|above| format!("{}{}/", above.path, unit.0))
                && let Some(place) = self.after.get_mut(&unit)
            {
                place.path = path;
            }
        }
        let ended: Vec<UnitId> = self
            .before
            .keys()
            .filter(|unit| !self.after.contains_key(unit))
            .copied()
            .collect();
        let placed: Vec<Place> = self
            .after
            .values()
            .filter(|place| self.before.get(&place.unit) != Some(place))
            .cloned()
            .collect();
        if ended.is_empty() && placed.is_empty() {
            return Err(ChangeError::NothingChanges);
        }
        let touched = self.touched(&placed, &ended);
        Ok(Plan {
            created: self.created,
            placed,
            ended,
            touched,
        })
    }

    /// Units that came, went, changed their kind or the unit above, with the units above them before and after.
    fn touched(&self, placed: &[Place], ended: &[UnitId]) -> BTreeSet<UnitId> {
        let moved = placed.iter().filter(|place| {
            let old = self.before.get(&place.unit);
            old.is_none_or(|old| (old.parent, old.kind) != (place.parent, place.kind))
        });
        let mut touched: BTreeSet<UnitId> = ended.iter().copied().collect();
        touched.extend(moved.map(|place| place.unit));
        let parents: Vec<UnitId> = touched
            .iter()
            .flat_map(|unit| [self.before.get(unit), self.after.get(unit)])
            .filter_map(|place| place?.parent)
            .collect();
        touched.extend(parents);
        touched
    }
}

fn checked_name(name: &str) -> Result<String, ChangeError> {
    let name = name.trim();
    if (1..=NAME_LENGTH).contains(&name.chars().count()) {
        Ok(name.to_owned())
    } else {
        Err(ChangeError::Name)
    }
}

fn checked_code(code: &str, level: Level) -> Result<DivisionCode, ChangeError> {
    let wrong = || ChangeError::Code(code.chars().take(20).collect());
    let read = DivisionCode::parse(code).map_err(|_| wrong())?;
    if read.level() == level {
        Ok(read)
    } else {
        Err(wrong())
    }
}
