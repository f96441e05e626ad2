//! Ledgers (台账): which there are, what their records are, and who may do what with them.

use super::session::Who;
use super::{App, AppError, AppResult};
use crate::clock::instant;
use std::collections::BTreeMap;
use zhenxing_api_types::ledger::{Ledger, LedgerList, LedgerSummary};
use zhenxing_domain::package::{LedgerDef, Package, RecordDef};
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_storage::ledger_tally;
use zhenxing_storage::unit::lineage;

/// The fields by which records are filtered, each with the kind of its slot: `n` for numbers, `t` for texts.
pub(crate) fn wanted_slots(package: &Package) -> Vec<(String, String, char)> {
    let fields = package.ledgers.iter().flat_map(|ledger| {
        let filters = ledger.fields().filter(|field| field.filter);
        filters.map(|field| (ledger.code.clone(), field))
    });
    fields
        .map(|(ledger, field)| {
            let kind = if field.kind.filters_as_text() {
                't'
            } else {
                'n'
            };
            (ledger, field.code.clone(), kind)
        })
        .collect()
}

/// How many records each ledger has, and when one was changed last.
type Counts = BTreeMap<String, (i64, i64)>;

/// A ledger that is in use.
#[derive(Clone, Copy)]
pub(crate) struct InUse<'a> {
    /// The ledger.
    pub(crate) ledger: &'a LedgerDef,
    /// What its records are.
    pub(crate) record: &'a RecordDef,
}

impl App {
    /// A ledger by its code, where the programme keeps records of it, whoever may see them.
    pub(crate) fn kept_ledger(&self, code: &str) -> Option<InUse<'_>> {
        let ledger = self.package.ledger(code)?;
        let record = ledger.record.as_ref()?;
        Some(InUse { ledger, record })
    }

    /// The ledgers of the programme, with how many records the asker's units have.
    ///
    /// # Errors
    /// A refusal when no grant allows reading the programme.
    pub fn list_ledgers(&self, who: &Who) -> AppResult<LedgerList> {
        who.scope(Action::ReadProgramme)?;
        let top = lineage(&who.signed_in.actor.unit_path)
            .first()
            .copied()
            .unwrap_or_else(|| who.unit());
        let scopes: BTreeMap<&str, Scope> = self
            .package
            .ledgers
            .iter()
            .filter_map(|ledger| {
                let scope = self.ledger_scope(who, Action::ReadRecords, ledger).ok()?;
                Some((ledger.code.as_str(), scope))
            })
            .collect();
        // Most ledgers are seen in the same scope, so that few counts are taken.
        let mut counts: Vec<(&Scope, Counts)> = Vec::new();
        self.db.read(|conn| -> AppResult<()> {
            for scope in scopes.values() {
                if counts.iter().all(|(known, _)| *known != scope) {
                    let found = ledger_tally::of_scope(conn, scope, Some(top))?;
                    let found = found
                        .into_iter()
                        .map(|(ledger, records, changed)| (ledger, (records, changed)));
                    counts.push((scope, found.collect()));
                }
            }
            Ok(())
        })?;
        let view = |ledger: &LedgerDef| {
            let scope = scopes.get(ledger.code.as_str());
            let counted = scope.and_then(|scope| {
                let own = counts.iter().find(|(known, _)| *known == scope);
                own.and_then(|(_, found)| found.get(&ledger.code).copied())
            });
            LedgerSummary {
                code: ledger.code.clone(),
                name_zh: ledger.name_zh.clone(),
                name_en: ledger.name_en.clone(),
                matters: self.matters_of(ledger).map(str::to_owned).collect(),
                restricted: ledger.restricted,
                in_use: ledger.record.is_some(),
                readable: scope.is_some(),
                records: scope.map(|_| counted.map_or(0, |(records, _)| records)),
                changed_at: counted.map(|(_, changed)| instant(changed)),
            }
        };
        let mut items: Vec<LedgerSummary> = self.package.ledgers.iter().map(view).collect();
        items.sort_by_key(|one| !one.in_use);
        Ok(LedgerList { items })
    }

    /// A ledger with its definition.
    ///
    /// # Errors
    /// `not_found` for one that is not in use, or that the asker may not read.
    pub fn get_ledger(&self, who: &Who, code: &str) -> AppResult<Ledger> {
        let (used, _) = self.ledger_in_use(who, code)?;
        let ledger = used.ledger;
        let definition =
            serde_json::to_string(ledger).map_err(|error| AppError::Internal(error.to_string()))?;
        let may = |action| self.ledger_scope(who, action, ledger).is_ok();
        let level = who.signed_in.actor.level();
        let moves = used.record.moves.iter().filter(|motion| {
            may(Action::MoveRecords) && level.is_some_and(|level| motion.levels.contains(&level))
        });
        Ok(Ledger {
            code: ledger.code.clone(),
            name_zh: ledger.name_zh.clone(),
            name_en: ledger.name_en.clone(),
            matters: self.matters_of(ledger).map(str::to_owned).collect(),
            restricted: ledger.restricted,
            definition,
            may_keep: may(Action::KeepRecords),
            moves: moves.map(|motion| motion.code.clone()).collect(),
        })
    }

    /// The codes of the matters for which a ledger is kept.
    pub(crate) fn matters_of<'a>(&'a self, ledger: &'a LedgerDef) -> impl Iterator<Item = &'a str> {
        self.package.matters_of_ledger(&ledger.code)
    }

    /// The ledger of that code that is in use, with the scope in which the asker may read it: without one it is not there.
    pub(crate) fn ledger_in_use(&self, who: &Who, code: &str) -> AppResult<(InUse<'_>, Scope)> {
        let absent = || AppError::not_found("code", "台账", "ledger");
        let ledger = self.package.ledger(code).ok_or_else(absent)?;
        let record = ledger.record.as_ref().ok_or_else(absent)?;
        let scope = self.ledger_scope(who, Action::ReadRecords, ledger);
        let scope = scope.map_err(|_| absent())?;
        Ok((InUse { ledger, record }, scope))
    }

    /// The scope in which the asker may do something with records of a ledger.
    pub(crate) fn ledger_scope(
        &self,
        who: &Who,
        action: Action,
        ledger: &LedgerDef,
    ) -> AppResult<Scope> {
        let matters: Vec<&str> = self.matters_of(ledger).collect();
        let actor = &who.signed_in.actor;
        Ok(actor.scope_on_ledger(action, ledger, &matters)?)
    }
}
