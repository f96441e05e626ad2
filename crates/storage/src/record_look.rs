//! Records read in a few statements, to be looked at by expressions.

use crate::db::Conn;
use crate::error::StorageError;
use crate::record;
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
}

impl Records {
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
        let ids: Vec<i64> = units
            .iter()
            .filter_map(|unit| self.held.get(&(need.ledger.clone(), *unit)))
            .flatten()
            .copied()
            .collect();
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
                    let units: BTreeSet<UnitId> =
                        records.iter().map(|record| record.unit).collect();
                    let units: Vec<UnitId> = units.into_iter().collect();
                    self.hold(conn, ledger, &units)?;
                    let held = units
                        .iter()
                        .filter_map(|unit| self.held.get(&(ledger.clone(), *unit)));
                    held.flatten().copied().collect()
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
        Ok(())
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
