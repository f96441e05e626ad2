//! Records of ledgers entered, changed, moved, deleted and restored: each with its version, its event and the figures that it
//! touches, in one transaction.

use super::ledger::InUse;
use super::once::{Answer, Sent};
use super::programme::stale;
use super::roster_write::Draft;
use super::session::Who;
use super::task::said;
use super::{App, AppError, AppResult, Code};
use std::collections::BTreeSet;
use zhenxing_api_types::ledger::{
    EditRecord, MoveRecord, NewRecord, RecordReason, RecordValues, SavedRecord,
};
use zhenxing_domain::package::{Finding, RecordRule, Severity};
use zhenxing_domain::policy::{Action, Refused};
use zhenxing_domain::record::{
    Days, Need, RecordValue, Values, canonical, check_move, check_rules, check_whole,
};
use zhenxing_storage::record::{self, Stored};
use zhenxing_storage::record_look::Records;
use zhenxing_storage::{Conn, StorageError, placement};

/// What stands in a record after what was sent, and what the rules say of it.
struct Judged {
    plain: Values,
    findings: Vec<Finding>,
}

/// What is done to a record.
struct Act<'a> {
    action: &'a str,
    reason: Option<&'a str>,
    before: Option<&'a Stored>,
}

impl App {
    /// Enters a record, or says what stands against it.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, `rules_broken`, `exists`.
    pub fn create_record(
        &self,
        who: &Who,
        sent: &Sent,
        ledger: &str,
        new: &NewRecord,
    ) -> AppResult<Answer> {
        let (used, _) = self.ledger_in_use(who, ledger)?;
        let scope = self.ledger_scope(who, Action::KeepRecords, used.ledger)?;
        if new.id.is_some_and(|id| id.get_version_num() != 7) {
            return Err(AppError::invalid(
                "id",
                "记录编号应为UUIDv7",
                "A record's own number is a UUIDv7",
            ));
        }
        let today = self.clock.today();
        let admit = |conn: &mut Conn| {
            let unit = match &new.unit {
                Some(code) => super::unit::find_unit(conn, &scope, code, today, "unit")?,
                None => {
                    let own = placement::last_by_ids(conn, &scope, &[who.unit()], today)?;
                    let own = own.into_iter().next();
                    own.ok_or_else(|| AppError::not_found("unit", "单位", "unit"))?
                }
            };
            if !used.record.levels.contains(&unit.level) {
                return Err(wrong_level());
            }
            Ok(unit)
        };
        self.write_once(sent, admit, |conn, unit| {
            let numbers = (-1, self.clock.now());
            let mut stored = Draft::new(who.account(), used, &unit, numbers, Values::new()).stored;
            stored.public_id = new.id.unwrap_or(stored.public_id);
            let judged = self.record_judged(conn, who, used, &new.values, None)?;
            let act = Act {
                action: "make",
                reason: None,
                before: None,
            };
            let saved =
                self.keep_record(conn, who, used, &mut stored, judged, &act, new.dry_run)?;
            let answer = Answer::new(if new.dry_run { 200 } else { 201 }, &saved)?;
            if new.dry_run {
                return Ok(answer);
            }
            let place = format!("/api/v1/ledgers/{ledger}/records/{}", stored.public_id);
            Ok(answer.tagged(1).at(place))
        })
    }

    /// Changes a record whose revision was seen, or says what stands against it.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, `stale`, `rules_broken`, `exists`.
    pub fn edit_record(
        &self,
        who: &Who,
        sent: &Sent,
        (ledger, id): (&str, &str),
        revision: i64,
        edit: &EditRecord,
    ) -> AppResult<Answer> {
        let reason = said(edit.reason.as_deref()).map_err(|error| error.about("reason"))?;
        let admit = |conn: &mut Conn| self.kept_record(conn, who, ledger, id);
        self.write_once(sent, admit, |conn, (used, found)| {
            let mut stored = advanced(&found, revision)?;
            if found.deleted {
                return Err(deleted_already());
            }
            if let Some(code) = edit.unit.as_deref().filter(|code| *code != found.code) {
                self.move_to_unit(conn, who, used, &mut stored, code)?;
            }
            let judged = self.record_judged(conn, who, used, &edit.values, Some(&found))?;
            let act = Act {
                action: "edit",
                reason,
                before: Some(&found),
            };
            let saved =
                self.keep_record(conn, who, used, &mut stored, judged, &act, edit.dry_run)?;
            let answer = Answer::new(200, &saved)?;
            Ok(match edit.dry_run {
                true => answer,
                false => answer.tagged(stored.revision),
            })
        })
    }

    /// Moves a record whose revision was seen into another state.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, `stale`, `wrong_state`, `rules_broken`, or a reason that is missing.
    pub fn move_record(
        &self,
        who: &Who,
        sent: &Sent,
        (ledger, id): (&str, &str),
        revision: i64,
        ask: &MoveRecord,
    ) -> AppResult<Answer> {
        let reason = said(ask.reason.as_deref()).map_err(|error| error.about("reason"))?;
        let admit = |conn: &mut Conn| {
            let (used, found) = self.seen_record(conn, who, ledger, id)?;
            let motion = used.record.motion(&ask.action);
            let motion = motion.ok_or_else(|| AppError::not_found("action", "流转", "move"))?;
            let scope = self.ledger_scope(who, Action::MoveRecords, used.ledger)?;
            let level = who.signed_in.actor.level();
            let here = level.is_some_and(|level| motion.levels.contains(&level));
            if !here || !scope.covers(&found.path, None, Some(found.created_by)) {
                return Err(AppError::from(Refused(Action::MoveRecords)));
            }
            Ok((used, motion, found))
        };
        self.write_once(sent, admit, |conn, (used, motion, found)| {
            let mut stored = advanced(&found, revision)?;
            if found.deleted || !motion.from.contains(&found.state) {
                return Err(wrong_state());
            }
            if motion.reason && reason.is_none() {
                return Err(AppError::invalid("reason", "请写明原因", "Say why"));
            }
            let mut judged = self.merged(conn, who, used, &ask.values, &found)?;
            judged
                .findings
                .extend(check_move(used.record, motion, &judged.plain));
            stored.state.clone_from(&motion.to);
            let act = Act {
                action: &motion.code,
                reason,
                before: Some(&found),
            };
            let saved = self.keep_record(conn, who, used, &mut stored, judged, &act, false)?;
            Ok(Answer::new(200, &saved)?.tagged(stored.revision))
        })
    }

    /// Deletes a record whose revision was seen, or restores one.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, `stale`, `wrong_state`, or a reason that is missing.
    pub fn delete_record(
        &self,
        who: &Who,
        sent: &Sent,
        (ledger, id): (&str, &str),
        revision: i64,
        (restore, why): (bool, &RecordReason),
    ) -> AppResult<Answer> {
        let reason = said(Some(&why.reason)).map_err(|error| error.about("reason"))?;
        let reason = reason.ok_or_else(|| AppError::invalid("reason", "请写明原因", "Say why"))?;
        let admit = |conn: &mut Conn| self.kept_record(conn, who, ledger, id);
        self.write_once(sent, admit, |conn, (used, found)| {
            let mut stored = advanced(&found, revision)?;
            if found.deleted != restore {
                return Err(wrong_state());
            }
            if !restore {
                self.check_unnamed(conn, &found)?;
            }
            stored.deleted = !restore;
            let plain = self.opened(used.record, &found.values)?;
            let judged = match restore {
                true => self.ruled(conn, used, &stored, plain)?,
                false => Judged {
                    plain,
                    findings: Vec::new(),
                },
            };
            let act = Act {
                action: if restore { "restore" } else { "delete" },
                reason: Some(reason),
                before: Some(&found),
            };
            self.keep_record(conn, who, used, &mut stored, judged, &act, false)?;
            self.record_answer(conn, who, used, &stored)
        })
    }

    /// A record that the asker may change.
    pub(crate) fn kept_record(
        &self,
        conn: &mut Conn,
        who: &Who,
        ledger: &str,
        id: &str,
    ) -> AppResult<(InUse<'_>, Stored)> {
        let (used, found) = self.seen_record(conn, who, ledger, id)?;
        if self.record_seer(who, used).keeps(&found) {
            return Ok((used, found));
        }
        Err(AppError::from(Refused(Action::KeepRecords)))
    }

    /// Another unit holds the record from now on.
    fn move_to_unit(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        stored: &mut Stored,
        code: &str,
    ) -> AppResult<()> {
        let scope = self.ledger_scope(who, Action::KeepRecords, used.ledger)?;
        let unit = super::unit::find_unit(conn, &scope, code, self.clock.today(), "unit")?;
        if !used.record.levels.contains(&unit.level) {
            return Err(wrong_level());
        }
        stored.unit = unit.id;
        stored.home_shard = unit.home_shard;
        stored.path = unit.path;
        stored.code = unit.code;
        stored.name = unit.name;
        stored.parent_name = unit.above.map(|(_, name)| name);
        Ok(())
    }

    /// What was sent, and what stands against it field by field.
    fn record_judged(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        sent: &RecordValues,
        before: Option<&Stored>,
    ) -> AppResult<Judged> {
        let (plain, mut findings) = self.taken(conn, who, used, sent, before)?;
        let files = self.file_findings(conn, who, used, &[(&plain, before)])?;
        findings.extend(files.into_iter().flatten());
        let strange: BTreeSet<Option<String>> =
            findings.iter().map(|one| one.field.clone()).collect();
        let more = check_whole(used.record, &plain);
        findings.extend(more.into_iter().filter(|one| !strange.contains(&one.field)));
        Ok(Judged { plain, findings })
    }

    /// What a record holds with what was sent beside it.
    fn merged(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        sent: &RecordValues,
        found: &Stored,
    ) -> AppResult<Judged> {
        let (changed, mut findings) = self.taken(conn, who, used, sent, Some(found))?;
        let mut plain = self.opened(used.record, &found.values)?;
        for code in sent.keys() {
            match changed.get(code) {
                Some(value) => drop(plain.insert(code.clone(), value.clone())),
                None => drop(plain.remove(code)),
            }
        }
        let plain = canonical(plain);
        let files = self.file_findings(conn, who, used, &[(&plain, Some(found))])?;
        findings.extend(files.into_iter().flatten());
        findings.extend(check_whole(used.record, &plain));
        Ok(Judged { plain, findings })
    }

    /// What the rules say of a record as it would stand, those across other records too.
    fn ruled(
        &self,
        conn: &mut Conn,
        used: InUse<'_>,
        stored: &Stored,
        plain: Values,
    ) -> AppResult<Judged> {
        let mut record = stored.record();
        record.values = plain.clone();
        let mut records = Records::default();
        let across: Vec<&RecordRule> = used
            .record
            .rules
            .iter()
            .filter(|rule| rule.across)
            .collect();
        if !across.is_empty() {
            // What is looked at stays so until this is written.
            record::lock(conn)?;
        }
        for rule in across {
            let need = Need::of(&used.ledger.code, &rule.holds);
            records.read_around(conn, &need, std::slice::from_ref(&record))?;
        }
        let today = Days::today(self.clock.today());
        let mut findings = check_rules(used.record, &record, &today, &records, true);
        findings.extend(self.misplaced(used, &stored.path, &record.values));
        Ok(Judged { plain, findings })
    }

    /// Keeps a record as it stands now, unless only a trial is asked.
    #[expect(
        clippy::too_many_arguments,
        reason = "one act, told apart by what is done"
    )]
    fn keep_record(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        stored: &mut Stored,
        judged: Judged,
        act: &Act<'_>,
        dry_run: bool,
    ) -> AppResult<SavedRecord> {
        let mut findings = judged.findings;
        let mut drafts = [Draft {
            stored: stored.clone(),
            before: act.before.cloned(),
            plain: judged.plain,
            action: act.action.to_owned(),
            reason: act.reason.map(str::to_owned),
        }];
        let [draft] = &drafts;
        if findings.is_empty() && !stored.deleted {
            findings = self
                .ruled(conn, used, stored, draft.plain.clone())?
                .findings;
            let doubled = self.doubled(conn, used, &[draft])?;
            if let Some(fields) = doubled.values().next() {
                return Err(held_already(used, fields));
            }
            let alike = self.possible_duplicates(conn, who, used, stored, &draft.plain)?;
            findings.extend(alike);
        }
        if findings.iter().any(|one| one.severity == Severity::Error) {
            return Err(broken(findings));
        }
        if dry_run {
            self.finish_drafts(conn, used, &mut drafts)?;
        } else {
            match self.keep_drafts(conn, who.account(), used, &mut drafts) {
                Err(AppError::Storage(StorageError::Duplicate(_))) if stored.id < 0 => {
                    return Err(number_taken());
                }
                other => drop(other?),
            }
        }
        let [draft] = drafts;
        *stored = draft.stored;
        let views = self.record_views(conn, who, used, std::slice::from_ref(stored))?;
        let view = views.into_iter().next();
        Ok(SavedRecord {
            dry_run,
            record: view.ok_or_else(|| AppError::Internal("a record without a view".to_owned()))?,
            warnings: findings.into_iter().map(Into::into).collect(),
        })
    }

    /// A record that others name is not deleted.
    fn check_unnamed(&self, conn: &mut Conn, found: &Stored) -> AppResult<()> {
        let named = record::named_by(conn, found.id)?;
        if named == 0 {
            return Ok(());
        }
        Err(AppError::refused(
            Code::WrongState,
            None,
            format!("还有{named}条记录引用它，不能删除；请先修改或删除那些记录"),
            format!("{named} records name it; change or delete those first"),
        ))
    }
}

/// The record with its next revision, if the one before was seen.
fn advanced(found: &Stored, revision: i64) -> AppResult<Stored> {
    if found.revision != revision {
        return Err(stale());
    }
    let mut stored = found.clone();
    stored.revision += 1;
    Ok(stored)
}

pub(crate) fn links_of(used: InUse<'_>, values: &Values) -> Vec<(String, i64)> {
    let fields = used
        .record
        .fields()
        .filter(|field| field.kind.ledger().is_some());
    fields
        .flat_map(|field| {
            let named = values.get(&field.code).map(RecordValue::named);
            let named = named.unwrap_or_default().into_iter();
            named.map(|id| (field.code.clone(), id)).collect::<Vec<_>>()
        })
        .collect()
}

pub(crate) fn broken(findings: Vec<Finding>) -> AppError {
    AppError::findings(findings.into_iter().map(Into::into).collect())
}

fn wrong_level() -> AppError {
    AppError::invalid(
        "unit",
        "该台账不由这一层级的单位登记",
        "Units of this level hold no records of the ledger",
    )
}

pub(crate) fn wrong_state() -> AppError {
    AppError::refused(
        Code::WrongState,
        None,
        "记录当前的状态不允许这样操作，请刷新后重试",
        "The record's state does not allow it; reload it",
    )
}

fn held_already(used: InUse<'_>, fields: &[String]) -> AppError {
    let names: Vec<&str> = fields
        .iter()
        .filter_map(|code| used.record.field(code))
        .map(|field| field.name_zh.as_str())
        .collect();
    let names = names.join("、");
    AppError::refused(
        Code::Exists,
        fields.first().map(String::as_str),
        format!("已有{names}相同的记录，请先查找原有记录；不在本单位的，请联系上级单位"),
        format!(
            "Another record has the same {}; look for it first",
            fields.join(", ")
        ),
    )
}

fn number_taken() -> AppError {
    AppError::refused(
        Code::Exists,
        Some("id"),
        "该记录编号已被使用，请换用新的编号",
        "Another record has this number; choose a new one",
    )
}

pub(crate) fn deleted_already() -> AppError {
    AppError::refused(
        Code::WrongState,
        None,
        "记录已删除，请先恢复",
        "The record is deleted; restore it first",
    )
}
