//! Two records of one person that become one.

use super::ledger::InUse;
use super::once::{Answer, Sent};
use super::programme::stale;
use super::record_files::OF_RECORD;
use super::record_write::{deleted_already, wrong_state};
use super::roster_columns::PERSON;
use super::roster_people::number_field;
use super::roster_write::Draft;
use super::session::Who;
use super::task::said;
use super::{App, AppError, AppResult, Code};
use std::collections::BTreeMap;
use zhenxing_api_types::roster::MergeRecords;
use zhenxing_domain::record::{RecordValue, Values, canonical};
use zhenxing_storage::record::Stored;
use zhenxing_storage::{Conn, event, file, record_find};

impl App {
    /// Makes one record of two that are of one person.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, `stale`, `wrong_state`, or a refusal that names the field.
    pub fn merge_records(
        &self,
        who: &Who,
        sent: &Sent,
        (ledger, id): (&str, &str),
        revision: i64,
        merge: &MergeRecords,
    ) -> AppResult<Answer> {
        let reason = said(Some(&merge.reason)).map_err(|error| error.about("reason"))?;
        let reason = reason.ok_or_else(|| AppError::invalid("reason", "请写明原因", "Say why"))?;
        if ledger != PERSON {
            return Err(AppError::not_found("code", "可以合并记录的台账", "ledger"));
        }
        let into = merge.into.to_string();
        let admit = |conn: &mut Conn| {
            let (used, goes) = self.kept_record(conn, who, ledger, id)?;
            let stays = self.kept_record(conn, who, ledger, &into);
            let (_, stays) = stays.map_err(|error| error.about("into"))?;
            Ok((used, goes, stays))
        };
        self.write_once(sent, admit, |conn, (used, goes, stays)| {
            if goes.id == stays.id {
                return Err(AppError::invalid(
                    "into",
                    "不能与自身合并，请选择另一条记录",
                    "A record is not merged with itself; choose another",
                ));
            }
            if goes.revision != revision || stays.revision != merge.revision {
                return Err(stale());
            }
            if goes.deleted || stays.deleted {
                return Err(deleted_already());
            }
            let kept = self.merge(conn, who, used, (goes, stays), reason)?;
            self.record_answer(conn, who, used, &kept)
        })
    }

    fn merge(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        (goes, stays): (Stored, Stored),
        reason: &str,
    ) -> AppResult<Stored> {
        zhenxing_storage::record::lock(conn)?;
        let lost = self.opened(used.record, &goes.values)?;
        let mut plain = self.opened(used.record, &stays.values)?;
        if let Some(code) = number_field(used.record)
            && let (Some(one), Some(other)) = (lost.get(code), plain.get(code))
            && one != other
        {
            return Err(two_numbers(code));
        }
        for (code, value) in &lost {
            plain.entry(code.clone()).or_insert_with(|| value.clone());
        }
        let (from, to) = (goes.id, stays.id);
        let mut gone = Draft::change(goes, lost);
        gone.stored.deleted = true;
        gone.action = "merged".to_owned();
        gone.reason = Some(reason.to_owned());
        let mut kept = Draft::change(stays, canonical(plain));
        kept.reason = Some(reason.to_owned());
        self.rename_links(conn, who, (from, to), reason)?;
        file::hand_over(conn, OF_RECORD, from, to)?;
        let mut both = [gone, kept];
        self.keep_drafts(conn, who.account(), used, &mut both)?;
        let [gone, kept] = both;
        let subject = format!(
            "{} {} {}",
            used.ledger.code, gone.stored.public_id, kept.stored.public_id
        );
        let unit = Some(kept.stored.unit);
        event::append(conn, "record.merged", &subject, unit, self.clock.now())?;
        Ok(kept.stored)
    }

    /// Lets every record that names one name another, deleted ones too: they may be restored.
    fn rename_links(
        &self,
        conn: &mut Conn,
        who: &Who,
        (from, to): (i64, i64),
        reason: &str,
    ) -> AppResult<()> {
        let mut ledgers: BTreeMap<String, Vec<Draft>> = BTreeMap::new();
        for stored in record_find::linked_to(conn, from, self.clock.today())? {
            let used = self.used(&stored.ledger)?;
            let mut plain = self.opened(used.record, &stored.values)?;
            renamed(used, &mut plain, from, to);
            let ledger = stored.ledger.clone();
            let mut draft = Draft::change(stored, canonical(plain));
            draft.reason = Some(reason.to_owned());
            ledgers.entry(ledger).or_default().push(draft);
        }
        for (ledger, mut drafts) in ledgers {
            let used = self.used(&ledger)?;
            self.keep_drafts(conn, who.account(), used, &mut drafts)?;
        }
        Ok(())
    }

    /// A ledger whose records are rewritten, whoever keeps them.
    fn used(&self, code: &str) -> AppResult<InUse<'_>> {
        self.kept_ledger(code).ok_or_else(wrong_state)
    }
}

fn renamed(used: InUse<'_>, plain: &mut Values, from: i64, to: i64) {
    let fields = used.record.fields();
    for field in fields.filter(|field| field.kind.ledger() == Some(PERSON)) {
        match plain.get_mut(&field.code) {
            Some(RecordValue::Number(id)) if *id == from => *id = to,
            Some(RecordValue::Numbers(all)) => {
                for id in all.iter_mut().filter(|id| **id == from) {
                    *id = to;
                }
            }
            _ => {}
        }
    }
}

fn two_numbers(code: &str) -> AppError {
    AppError::refused(
        Code::WrongState,
        Some(code),
        "两条记录的身份证号不同，不能合并；确为同一人的，请先更正或删去有误的身份证号",
        "The records have different identity numbers; correct or remove the wrong one first",
    )
}
