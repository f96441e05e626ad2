//! Identity numbers sealed anew under the present key, batch by batch, while servers run. Servers that know the present key
//! write under it whatever they change, so that nothing old comes after a batch that is done.

use super::ledger::InUse;
use super::{App, AppError, AppResult};
use std::time::Instant;
use zhenxing_domain::package::RecordKind;
use zhenxing_domain::record::RecordValue;
use zhenxing_storage::record_seal::{self, Sealed};
use zhenxing_storage::{Conn, StorageError, event};

/// How many rows one transaction changes at most.
pub const BATCH: i64 = 500;

/// What a rotation did so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotated {
    /// How many records.
    pub records: usize,
    /// How many versions of records.
    pub versions: usize,
}

#[derive(Clone, Copy)]
enum Part {
    Records,
    Versions,
}

impl Part {
    fn read(
        self,
        conn: &mut Conn,
        ledger: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Sealed>, StorageError> {
        match self {
            Part::Records => record_seal::records(conn, ledger, after, limit),
            Part::Versions => record_seal::versions(conn, ledger, after, limit),
        }
    }

    fn write(self, conn: &mut Conn, all: &[Sealed]) -> Result<usize, StorageError> {
        record_seal::lock(conn)?;
        match self {
            Part::Records => record_seal::write_records(conn, all),
            Part::Versions => record_seal::write_versions(conn, all),
        }
    }
}

impl App {
    /// Seals anew what was sealed under an old key, at most so many rows at once. After each batch `goes_on` is told what was
    /// done so far and may end it: what is done stays, another run does the rest, and there is nothing to give back.
    ///
    /// # Errors
    /// What the database says, or that something was sealed under a key that is not known.
    pub fn rotate_personal(
        &self,
        most: i64,
        mut goes_on: impl FnMut(Rotated) -> bool,
    ) -> AppResult<Option<Rotated>> {
        let most = most.clamp(1, BATCH);
        let mut done = Rotated::default();
        for ledger in &self.package.ledgers {
            let Some(record) = &ledger.record else {
                continue;
            };
            let used = InUse { ledger, record };
            let mut fields = record.fields();
            if !fields.any(|field| field.kind == RecordKind::IdCard) {
                continue;
            }
            for part in [Part::Records, Part::Versions] {
                let mut after = Some(0);
                while let Some(last) = after {
                    let (changed, next) = self.rotate_batch(used, part, last, most)?;
                    match part {
                        Part::Records => done.records += changed,
                        Part::Versions => done.versions += changed,
                    }
                    if !goes_on(done) {
                        return Ok(None);
                    }
                    after = next;
                }
            }
        }
        let subject = format!("{} records, {} versions", done.records, done.versions);
        let now = self.clock.now();
        self.db
            .write(|conn| event::append(conn, "personal.rotated", &subject, None, now))?;
        Ok(Some(done))
    }

    /// One batch after a number inside: how many rows it changed, and after which number the next one begins.
    fn rotate_batch(
        &self,
        used: InUse<'_>,
        part: Part,
        after: i64,
        most: i64,
    ) -> AppResult<(usize, Option<i64>)> {
        let code = &used.ledger.code;
        let rows = self.db.read(|conn| part.read(conn, code, after, most))?;
        let last = rows.last().map(|row| row.id);
        let mut old = Vec::new();
        for row in rows {
            old.extend(self.sealed_anew(used, row)?);
        }
        if old.is_empty() {
            return Ok((0, last));
        }
        let began = Instant::now();
        let changed = self.db.write(|conn| part.write(conn, &old))?;
        // On SQLite there is one writer: the servers have their turn as well.
        std::thread::sleep(began.elapsed());
        // What somebody changed in between is looked at again.
        let next = if changed == old.len() {
            last
        } else {
            Some(after)
        };
        Ok((changed, next))
    }

    /// The same values under the present key; nothing where they are so already.
    fn sealed_anew(&self, used: InUse<'_>, mut row: Sealed) -> AppResult<Option<Sealed>> {
        let mut changed = false;
        let fields = used.record.fields();
        for field in fields.filter(|field| field.kind == RecordKind::IdCard) {
            let Some(RecordValue::Text(sealed)) = row.values.get(&field.code) else {
                continue;
            };
            if self.personal.is_present(sealed) {
                continue;
            }
            let plain = self.personal.open(sealed).map_err(|_| unknown_key(used))?;
            let key = (used.ledger.code.clone(), field.code.clone());
            if let Some(slot) = self.slots.get(&key) {
                row.tokens.insert(*slot, self.personal.token(&plain)?);
            }
            let anew = RecordValue::Text(self.personal.seal(&plain)?);
            row.values.insert(field.code.clone(), anew);
            changed = true;
        }
        Ok(changed.then_some(row))
    }
}

fn unknown_key(used: InUse<'_>) -> AppError {
    AppError::Internal(format!(
        "a record of the ledger `{}` is sealed under a key that is not known, or was altered; name its key with \
         --personal-old-keys and run it again",
        used.ledger.code
    ))
}
