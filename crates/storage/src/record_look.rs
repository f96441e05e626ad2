//! Records read in a few statements, to be looked at by expressions.

use crate::db::Conn;
use crate::error::StorageError;
use crate::record;
use crate::record_former::{self, Spans};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::Link;
use zhenxing_domain::record::{Look, Need, Record};

/// Records in memory, by the ways in which they are looked up.
#[derive(Debug, Default)]
pub struct Records {
    all: BTreeMap<i64, Record>,
    held: BTreeMap<(String, UnitId), Vec<i64>>,
    naming: BTreeMap<(String, String, i64), Vec<i64>>,
    /// Whether former holders are read too, those of which records, and which records units held formerly.
    over_time: bool,
    spans: Spans,
    formerly: BTreeMap<(String, UnitId), Vec<i64>>,
}

/// Records as units held them on a day.
#[derive(Debug, Clone, Copy)]
pub struct OnDay<'a> {
    records: &'a Records,
    day: NaiveDate,
}

impl Records {
    /// Nothing yet; what is read knows who held it before mergers, if there were any.
    ///
    /// # Errors
    /// What the database says.
    pub fn over_time(conn: &mut Conn) -> Result<Records, StorageError> {
        Ok(Records {
            over_time: record_former::any(conn)?,
            ..Records::default()
        })
    }

    /// As they were held on a day.
    pub fn on(&self, day: NaiveDate) -> OnDay<'_> {
        OnDay { records: self, day }
    }

    /// Reads the records of a ledger that units hold, with everything that is looked at from them.
    ///
    /// # Errors
    /// What the database says.
    pub fn read_held(
        &mut self,
        conn: &mut Conn,
        need: &Need,
        units: &[UnitId],
    ) -> Result<(), StorageError> {
        self.hold(conn, &need.ledger, units)?;
        if need.joined.is_empty() && need.hops.is_empty() {
            return Ok(());
        }
        let ids = self.ever_held(&need.ledger, units);
        let records: Vec<Record> = ids
            .iter()
            .filter_map(|id| self.all.get(id).cloned())
            .collect();
        self.read_around(conn, need, &records)
    }

    /// Reads everything that is looked at from records.
    ///
    /// # Errors
    /// What the database says.
    pub fn read_around(
        &mut self,
        conn: &mut Conn,
        need: &Need,
        records: &[Record],
    ) -> Result<(), StorageError> {
        let mut wanted: BTreeSet<i64> = named_by(records, need.hops.iter());
        for joined in &need.joined {
            let ledger = &joined.ledger;
            let found: Vec<i64> = match &joined.by {
                Link::Here => {
                    let now = records.iter().map(|record| record.unit);
                    let spans = records.iter().filter_map(|one| self.spans.get(&one.id));
                    let before = spans.flatten().map(|(_, unit)| *unit);
                    let units: BTreeSet<UnitId> = now.chain(before).collect();
                    let units: Vec<UnitId> = units.into_iter().collect();
                    self.hold(conn, ledger, &units)?;
                    self.ever_held(ledger, &units).into_iter().collect()
                }
                Link::ToThis { field } => {
                    let ids: BTreeSet<i64> = records.iter().map(|record| record.id).collect();
                    self.name(conn, ledger, field, ids)?
                }
                Link::ToField { field, own } => {
                    let ids = named_by(records, std::iter::once(own));
                    self.name(conn, ledger, field, ids)?
                }
            };
            let within = Need::of(ledger, &joined.condition);
            let found: Vec<Record> = found
                .iter()
                .filter_map(|id| self.all.get(id).cloned())
                .collect();
            wanted.extend(named_by(&found, within.hops.iter()));
        }
        let missing: Vec<i64> = wanted
            .into_iter()
            .filter(|id| !self.all.contains_key(id))
            .collect();
        if !missing.is_empty() {
            let found = record::by_ids(conn, &missing)?;
            self.all
                .extend(found.into_iter().map(|record| (record.id, record)));
        }
        Ok(())
    }

    /// Puts a record there as it will stand, in the place of what was read of it, with the records that its fields name.
    pub fn put(&mut self, ledger: &str, record: Record, links: &[(String, i64)]) {
        let id = record.id;
        if let Some(before) = self.all.get(&id) {
            let key = (ledger.to_owned(), before.unit);
            if let Some(all) = self.held.get_mut(&key) {
                all.retain(|one| *one != id);
            }
            let own = self.naming.iter_mut().filter(|((of, ..), _)| of == ledger);
            own.for_each(|(_, all)| all.retain(|one| *one != id));
        }
        let key = (ledger.to_owned(), record.unit);
        self.held.entry(key).or_default().push(id);
        for (field, target) in links {
            let key = (ledger.to_owned(), field.clone(), *target);
            self.naming.entry(key).or_default().push(id);
        }
        self.all.insert(id, record);
    }

    fn hold(
        &mut self,
        conn: &mut Conn,
        ledger: &str,
        units: &[UnitId],
    ) -> Result<(), StorageError> {
        let fresh: Vec<UnitId> = units
            .iter()
            .filter(|unit| !self.held.contains_key(&(ledger.to_owned(), **unit)))
            .copied()
            .collect();
        if fresh.is_empty() {
            return Ok(());
        }
        for unit in &fresh {
            self.held.insert((ledger.to_owned(), *unit), Vec::new());
        }
        for record in record::held(conn, ledger, &fresh)? {
            let key = (ledger.to_owned(), record.unit);
            self.held.entry(key).or_default().push(record.id);
            self.all.insert(record.id, record);
        }
        match self.over_time {
            true => self.hold_formerly(conn, ledger, &fresh),
            false => Ok(()),
        }
    }

    /// What units held before mergers, and who else held what they hold.
    fn hold_formerly(
        &mut self,
        conn: &mut Conn,
        ledger: &str,
        units: &[UnitId],
    ) -> Result<(), StorageError> {
        for (unit, record) in record_former::held(conn, ledger, units)? {
            let key = (ledger.to_owned(), unit);
            self.formerly.entry(key).or_default().push(record.id);
            self.all.insert(record.id, record);
        }
        let ids: Vec<i64> = self.ever_held(ledger, units).into_iter().collect();
        self.spans.extend(record_former::spans(conn, &ids)?);
        Ok(())
    }

    /// The records of a ledger that units hold or held.
    fn ever_held(&self, ledger: &str, units: &[UnitId]) -> BTreeSet<i64> {
        let of = |unit: &UnitId| {
            let key = (ledger.to_owned(), *unit);
            let now = self.held.get(&key).into_iter().flatten();
            let before = self.formerly.get(&key).into_iter().flatten();
            now.chain(before).copied().collect::<Vec<i64>>()
        };
        units.iter().flat_map(of).collect()
    }

    /// The unit that held a record on a day.
    fn holder_on(&self, record: &Record, day: NaiveDate) -> UnitId {
        let spans = self.spans.get(&record.id).into_iter().flatten();
        let mut later = spans.filter(|(until, _)| *until > day);
        later.next().map_or(record.unit, |(_, unit)| *unit)
    }

    fn name(
        &mut self,
        conn: &mut Conn,
        ledger: &str,
        field: &str,
        targets: BTreeSet<i64>,
    ) -> Result<Vec<i64>, StorageError> {
        let key = |target: i64| (ledger.to_owned(), field.to_owned(), target);
        let fresh: Vec<i64> = targets
            .iter()
            .filter(|target| !self.naming.contains_key(&key(**target)))
            .copied()
            .collect();
        if !fresh.is_empty() {
            for target in &fresh {
                self.naming.insert(key(*target), Vec::new());
            }
            for (target, record) in record::naming(conn, ledger, field, &fresh)? {
                self.naming.entry(key(target)).or_default().push(record.id);
                self.all.insert(record.id, record);
            }
        }
        let found = targets
            .iter()
            .filter_map(|target| self.naming.get(&key(*target)));
        Ok(found.flatten().copied().collect())
    }

    fn those<'a>(&'a self, ids: Option<&'a Vec<i64>>) -> Vec<&'a Record> {
        let ids = ids.into_iter().flatten();
        ids.filter_map(|id| self.all.get(id)).collect()
    }
}

fn named_by<'a>(
    records: &[Record],
    fields: impl Iterator<Item = &'a String> + Clone,
) -> BTreeSet<i64> {
    let named = records.iter().flat_map(|record| {
        let values = fields.clone().filter_map(|field| record.values.get(field));
        values.flat_map(|value| value.named()).collect::<Vec<_>>()
    });
    named.collect()
}

impl Look for Records {
    fn held(&self, ledger: &str, unit: UnitId) -> Vec<&Record> {
        self.those(self.held.get(&(ledger.to_owned(), unit)))
    }

    fn naming(&self, ledger: &str, field: &str, record: i64) -> Vec<&Record> {
        let key = (ledger.to_owned(), field.to_owned(), record);
        self.those(self.naming.get(&key))
    }

    fn record(&self, _: &str, id: i64) -> Option<&Record> {
        self.all.get(&id)
    }
}

impl Look for OnDay<'_> {
    fn held(&self, ledger: &str, unit: UnitId) -> Vec<&Record> {
        if self.records.spans.is_empty() {
            return self.records.held(ledger, unit);
        }
        let ids = self.records.ever_held(ledger, &[unit]);
        let all = ids.iter().filter_map(|id| self.records.all.get(id));
        all.filter(|record| self.records.holder_on(record, self.day) == unit)
            .collect()
    }

    fn naming(&self, ledger: &str, field: &str, record: i64) -> Vec<&Record> {
        self.records.naming(ledger, field, record)
    }

    fn record(&self, ledger: &str, id: i64) -> Option<&Record> {
        self.records.record(ledger, id)
    }

    fn holder(&self, record: &Record) -> UnitId {
        self.records.holder_on(record, self.day)
    }
}
