//! Records of units that ended by a merger go to the unit that stands instead, from the merger's first day on.

use super::unit_change::{Asked, read_text};
use super::{App, AppResult};
use std::collections::BTreeMap;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::Scope;
use zhenxing_storage::record_former::{self, Merger};
use zhenxing_storage::{Conn, ledger_tally, unit};

/// How many records are moved in one transaction.
const BATCH: i64 = 1_000;

impl App {
    /// Moves the records of units that ended by mergers in force; returns how many. Each transaction moves some records with
    /// everything that follows from it, so that a repeat or a crash changes nothing, and the mergers go by their days, so that
    /// records follow from one to the next. Marks of units stay: the heir does not carry the tags of those that ended. Rules are
    /// not asked: where two records have what only one may have now, both stay, and the next edit of one is told.
    ///
    /// # Errors
    /// What the database says.
    pub fn settle_mergers(&self) -> AppResult<usize> {
        let ledgers = self.package.ledgers.iter().filter(|ledger| {
            let record = ledger.record.as_ref();
            record.is_none_or(|record| record.marks.is_none())
        });
        let ledgers: Vec<&str> = ledgers.map(|ledger| ledger.code.as_str()).collect();
        let today = self.clock.today();
        let mut total = 0;
        loop {
            let waiting = self
                .db
                .read(|conn| record_former::waiting(conn, &ledgers, today))?;
            let before = total;
            for merger in waiting {
                loop {
                    let moved = self
                        .db
                        .write(|conn| self.move_merged(conn, &ledgers, &merger))?;
                    if moved == 0 {
                        break;
                    }
                    total += moved;
                }
            }
            if total == before {
                return Ok(total);
            }
        }
    }

    fn move_merged(&self, conn: &mut Conn, ledgers: &[&str], merger: &Merger) -> AppResult<usize> {
        let asked: Asked = read_text(&merger.asked)?;
        let system = Scope::bypass_for_system_work();
        let codes: Vec<&str> = asked.result.iter().map(|unit| unit.code.as_str()).collect();
        let heirs = unit::by_codes(conn, &system, &codes, merger.day)?;
        let old = UnitId(merger.unit);
        let Some(heir) = heirs.into_iter().find(|unit| unit.id != old) else {
            return Ok(0);
        };
        let ids = record_former::claim(conn, ledgers, old, BATCH)?;
        if ids.is_empty() {
            return Ok(0);
        }
        let now = self.clock.now();
        let counts = record_former::give(conn, &ids, (merger, &asked.reason), &heir, now)?;
        let mut tallies: BTreeMap<(String, UnitId), i64> = BTreeMap::new();
        for (ledger, count) in &counts {
            tallies.insert((ledger.clone(), old), -count);
            tallies.insert((ledger.clone(), heir.id), *count);
        }
        ledger_tally::change(conn, &tallies, now)?;
        self.queue_handed_over(conn, counts.keys(), [old, heir.id], merger.day)?;
        Ok(ids.len())
    }
}
