//! Records kept, one or many at a time: with their versions, events and the figures that they touch.

use super::ledger::InUse;
use super::programme::stale;
use super::record_write::links_of;
use super::{App, AppError, AppResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::package::{RecordField, RecordKind};
use zhenxing_domain::record::{Change, Record, RecordValue, Values, title, titled_by};
use zhenxing_storage::record::{self, SlotValue, Stored, Written};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, event, ledger_tally, record_find, record_version};

/// How many records one statement takes.
const BATCH: usize = 500;

/// A record as it will stand.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// The record; its number is below nought while it is not made.
    pub(crate) stored: Stored,
    /// As it stood.
    pub(crate) before: Option<Stored>,
    /// Its values as the checks take them.
    pub(crate) plain: Values,
    /// What is done to it.
    pub(crate) action: String,
    /// Why.
    pub(crate) reason: Option<String>,
}

impl Draft {
    /// A record that is to be made in a unit.
    pub(crate) fn new(
        by: AccountId,
        used: InUse<'_>,
        unit: &Placed,
        (number, now): (i64, i64),
        plain: Values,
    ) -> Draft {
        let state = used.record.first_state();
        let stored = Stored {
            id: number,
            public_id: Uuid::now_v7(),
            ledger: used.ledger.code.clone(),
            unit: unit.id,
            path: unit.path.clone(),
            code: unit.code.clone(),
            name: unit.name.clone(),
            parent_name: unit.above.as_ref().map(|(_, name)| name.clone()),
            home_shard: unit.home_shard,
            state: state.map_or_else(String::new, |state| state.code.clone()),
            revision: 1,
            title: String::new(),
            values: Values::new(),
            deleted: false,
            created_by: by,
            updated_at: now,
        };
        Draft {
            stored,
            before: None,
            plain,
            action: "make".to_owned(),
            reason: None,
        }
    }

    /// A record that is to be changed.
    pub(crate) fn change(before: Stored, plain: Values) -> Draft {
        let mut stored = before.clone();
        stored.revision += 1;
        Draft {
            stored,
            before: Some(before),
            plain,
            action: "edit".to_owned(),
            reason: None,
        }
    }

    /// As the rules look at it.
    pub(crate) fn record(&self) -> Record {
        Record {
            values: self.plain.clone(),
            ..self.stored.record()
        }
    }
}

impl App {
    /// Keeps records of a ledger, those that are made with the numbers that they are given; says which numbers these are.
    ///
    /// # Errors
    /// `stale` when somebody was quicker with one, or what the database says.
    pub(crate) fn keep_drafts(
        &self,
        conn: &mut Conn,
        by: AccountId,
        used: InUse<'_>,
        drafts: &mut [Draft],
    ) -> AppResult<BTreeMap<i64, i64>> {
        let mut given = BTreeMap::new();
        for part in drafts.chunks_mut(BATCH) {
            self.keep_part(conn, by, used, part, &mut given)?;
        }
        self.attach_drafts(conn, by, used, drafts)?;
        self.follow_drafts(conn, used, drafts)?;
        Ok(given)
    }

    fn keep_part(
        &self,
        conn: &mut Conn,
        by: AccountId,
        used: InUse<'_>,
        part: &mut [Draft],
        given: &mut BTreeMap<i64, i64>,
    ) -> AppResult<()> {
        let now = self.clock.now();
        self.finish_drafts(conn, used, part)?;
        let mut numbers = Vec::new();
        {
            let written = part.iter().map(|draft| self.written(used, draft));
            let written: Vec<Written<'_>> = written.collect::<AppResult<_>>()?;
            let (new, changed): (Vec<Written<'_>>, Vec<Written<'_>>) =
                written.into_iter().partition(|one| one.record.id < 0);
            let made = match new.is_empty() {
                true => Vec::new(),
                false => record::insert(conn, &new, by, now)?,
            };
            if made.len() != new.len() {
                return Err(AppError::Internal("a record was not made".to_owned()));
            }
            if !changed.is_empty() && !record::update(conn, &changed, now)? {
                return Err(stale());
            }
            numbers.extend(
                new.iter()
                    .map(|one| one.record.id)
                    .zip(made.iter().copied()),
            );
            let all = made.into_iter().zip(&new);
            let all = all.chain(changed.iter().map(|one| (one.record.id, one)));
            let all: Vec<(i64, &Written<'_>)> = all.collect();
            record::link(conn, &all)?;
            record_version::keep(conn, &all, by, now)?;
        }
        given.extend(numbers);
        for draft in part.iter_mut() {
            draft.stored.id = given
                .get(&draft.stored.id)
                .copied()
                .unwrap_or(draft.stored.id);
        }
        Ok(())
    }

    /// What follows from the values of records: what they are called, and what is kept of them.
    pub(crate) fn finish_drafts(
        &self,
        conn: &mut Conn,
        used: InUse<'_>,
        part: &mut [Draft],
    ) -> AppResult<()> {
        let titled = |draft: &Draft| titled_by(used.record, &draft.plain).map(|(_, id)| id);
        let named: BTreeSet<i64> = part.iter().filter_map(titled).collect();
        let named: Vec<i64> = named.into_iter().collect();
        let called = match named.is_empty() {
            true => Vec::new(),
            false => record::called(conn, &named)?,
        };
        let called: BTreeMap<i64, String> =
            called.into_iter().map(|one| (one.id, one.title)).collect();
        for draft in part {
            let before = draft.before.as_ref().map(|before| &before.values);
            draft.stored.title = match titled_by(used.record, &draft.plain) {
                Some((_, id)) => called.get(&id).cloned().unwrap_or_default(),
                None => title(used.record, &draft.plain),
            };
            draft.stored.values = self.sealed(used.record, draft.plain.clone(), before)?;
            draft.stored.updated_at = self.clock.now();
        }
        Ok(())
    }

    /// Records that are called by others are called as those are now.
    fn retitle(&self, conn: &mut Conn, used: InUse<'_>, drafts: &[Draft]) -> AppResult<()> {
        let changed = drafts.iter().filter(|draft| {
            let before = draft.before.as_ref();
            before.is_some_and(|before| before.title != draft.stored.title)
        });
        let changed: Vec<(i64, &str, String)> = changed
            .map(|draft| {
                let title = draft.stored.title.as_str();
                (draft.stored.id, title, self.readings.spell(title).0)
            })
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        for ledger in &self.package.ledgers {
            let by = ledger.record.as_ref().map(|record| record.title.as_str());
            let field = by.and_then(|code| ledger.field(code));
            let own = Some(used.ledger.code.as_str());
            if let Some(field) = field.filter(|field| field.kind.ledger() == own) {
                record::retitle(conn, (&ledger.code, &field.code), &changed)?;
            }
        }
        Ok(())
    }

    fn written<'a>(&self, used: InUse<'_>, draft: &'a Draft) -> AppResult<Written<'a>> {
        Ok(Written {
            record: &draft.stored,
            action: &draft.action,
            reason: draft.reason.as_deref(),
            spelling: self.readings.spell(&draft.stored.title).0,
            slots: self.slots_of(used, &draft.plain)?,
            links: links_of(used, &draft.stored.values),
        })
    }

    /// What follows from records that were written: counts, figures, events.
    fn follow_drafts(&self, conn: &mut Conn, used: InUse<'_>, drafts: &[Draft]) -> AppResult<()> {
        if drafts.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let ledger = &used.ledger.code;
        let mut counts: BTreeMap<(String, UnitId), i64> = BTreeMap::new();
        let mut changes = Vec::new();
        let mut events = Vec::new();
        for draft in drafts {
            let standing = |record: &&Stored| !record.deleted;
            let before = draft.before.as_ref().filter(standing);
            let after = Some(&draft.stored).filter(standing);
            for (record, by) in before
                .map(|one| (one, -1))
                .into_iter()
                .chain(after.map(|one| (one, 1)))
            {
                *counts.entry((ledger.clone(), record.unit)).or_default() += by;
            }
            changes.push((before.map(Stored::record), after.map(Stored::record)));
            let kind = match draft.action.as_str() {
                "make" => "record.made",
                // The event of a merger names both.
                "merged" => continue,
                "edit" => "record.edited",
                "delete" => "record.deleted",
                "restore" => "record.restored",
                _ => "record.moved",
            };
            let subject = format!("{ledger} {}", draft.stored.public_id);
            events.push((kind, subject, Some(draft.stored.unit)));
        }
        ledger_tally::change(conn, &counts, now)?;
        let changes: Vec<Change<'_>> = changes
            .iter()
            .map(|(before, after)| Change {
                before: before.as_ref(),
                after: after.as_ref(),
            })
            .collect();
        self.queue_derived(conn, ledger, &changes)?;
        self.retitle(conn, used, drafts)?;
        for part in events.chunks(BATCH) {
            event::append_all(conn, part, now)?;
        }
        Ok(())
    }

    /// Which of the drafts have values that only one record may have and another has already, by their places.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn doubled(
        &self,
        conn: &mut Conn,
        used: InUse<'_>,
        drafts: &[&Draft],
    ) -> AppResult<BTreeMap<usize, Vec<String>>> {
        let mut found = BTreeMap::new();
        if used.record.unique.is_empty() || drafts.is_empty() {
            return Ok(found);
        }
        record::lock(conn)?;
        for fields in &used.record.unique {
            let mut common: Option<Vec<BTreeSet<i64>>> = None;
            for code in fields {
                let holders = self.holders(conn, used, code, drafts)?;
                common = Some(match common {
                    None => holders,
                    Some(before) => before
                        .iter()
                        .zip(&holders)
                        .map(|(one, other)| one.intersection(other).copied().collect())
                        .collect(),
                });
            }
            for (at, (holders, draft)) in common.into_iter().flatten().zip(drafts).enumerate() {
                if holders.iter().any(|id| *id != draft.stored.id) {
                    found.entry(at).or_insert_with(|| fields.clone());
                }
            }
        }
        Ok(found)
    }

    /// The records that hold what each draft has in a field.
    fn holders(
        &self,
        conn: &mut Conn,
        used: InUse<'_>,
        code: &str,
        drafts: &[&Draft],
    ) -> AppResult<Vec<BTreeSet<i64>>> {
        let none = || vec![BTreeSet::new(); drafts.len()];
        let key = (used.ledger.code.clone(), code.to_owned());
        let (Some(field), Some(slot)) = (used.record.field(code), self.slots.get(&key)) else {
            return Ok(none());
        };
        let mut texts = Vec::new();
        let mut numbers = Vec::new();
        for draft in drafts {
            let (text, number) = self.sought(field, draft.plain.get(code))?;
            texts.push(text);
            numbers.push(number);
        }
        let wanted: Vec<String> = texts.iter().flatten().cloned().collect();
        let by_text = match wanted.is_empty() {
            true => BTreeMap::new(),
            false => record_find::by_texts(conn, &used.ledger.code, *slot, &wanted)?,
        };
        let wanted: Vec<i64> = numbers.iter().flatten().copied().collect();
        let by_number = match wanted.is_empty() {
            true => BTreeMap::new(),
            false => record_find::by_held_numbers(conn, &used.ledger.code, *slot, &wanted)?,
        };
        let holders = texts.iter().zip(&numbers).map(|(texts, number)| {
            let by_text = texts.iter().filter_map(|text| by_text.get(text)).flatten();
            let by_number = number.iter().filter_map(|number| by_number.get(number));
            by_text.chain(by_number.flatten()).copied().collect()
        });
        Ok(holders.collect())
    }

    /// By which texts and which number a value is found in its slot.
    fn sought(
        &self,
        field: &RecordField,
        value: Option<&RecordValue>,
    ) -> AppResult<(Vec<String>, Option<i64>)> {
        let Some(value) = value else {
            return Ok((Vec::new(), None));
        };
        if let (RecordKind::IdCard, RecordValue::Text(number)) = (&field.kind, value) {
            return Ok((self.personal.tokens(number)?, None));
        }
        Ok(match self.slot_value(field, value)? {
            Some(SlotValue::Text(text)) => (vec![text], None),
            Some(SlotValue::Number(number)) => (Vec::new(), Some(number)),
            None => (Vec::new(), None),
        })
    }
}
