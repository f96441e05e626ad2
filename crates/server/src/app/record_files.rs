//! Files that records hold: attached to the record that takes them, read by whoever may read it.

use super::ledger::InUse;
use super::roster_write::Draft;
use super::session::Who;
use super::{App, AppError, AppResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_domain::ids::AccountId;
use zhenxing_domain::package::{Finding, RecordDef, RecordField, RecordKind, Severity};
use zhenxing_domain::record::{RecordValue, Values};
use zhenxing_storage::file::{self, File, Link};
use zhenxing_storage::record::Stored;
use zhenxing_storage::{Conn, record_find};

/// What a file is attached to, where a record holds it.
pub(crate) const OF_RECORD: &str = "ledger_record";

/// The files that values name, each with its field.
pub(crate) fn files_of<'d>(def: &'d RecordDef, values: &Values) -> Vec<(&'d RecordField, Uuid)> {
    let fields = def.fields().filter(|field| field.kind == RecordKind::File);
    let named = fields.filter_map(|field| match values.get(&field.code)? {
        RecordValue::Text(text) => Some((field, Uuid::parse_str(text).ok()?)),
        _ => None,
    });
    named.collect()
}

/// Those of them that did not stand there before.
fn new_files<'d>(
    def: &'d RecordDef,
    values: &Values,
    before: Option<&Stored>,
) -> Vec<(&'d RecordField, Uuid)> {
    let stood = |code: &str| before.and_then(|before| before.values.get(code));
    let mut files = files_of(def, values);
    files.retain(|(field, _)| stood(&field.code) != values.get(&field.code));
    files
}

impl App {
    /// What stands against files that are new in records: one must have been handed in by the asker and belong to nothing, or
    /// belong to the record already.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn file_findings(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        all: &[(&Values, Option<&Stored>)],
    ) -> AppResult<Vec<Vec<Finding>>> {
        let new = all
            .iter()
            .map(|(values, before)| new_files(used.record, values, *before));
        let new: Vec<Vec<(&RecordField, Uuid)>> = new.collect();
        let known = known(conn, new.iter().flatten().map(|(_, id)| *id))?;
        let mut given = BTreeSet::new();
        let mut found = Vec::new();
        for (files, (_, before)) in new.iter().zip(all) {
            let own = before.map(|before| before.id);
            let mut findings = Vec::new();
            for (field, id) in files {
                let fits = known.get(id).is_some_and(|file| match &file.subject {
                    None => file.uploaded_by == who.account(),
                    Some((kind, subject)) => kind == OF_RECORD && own == Some(*subject),
                });
                if !fits || !given.insert(*id) {
                    findings.push(not_given(field));
                }
            }
            found.push(findings);
        }
        Ok(found)
    }

    /// Attaches the files that are new in records to them.
    ///
    /// # Errors
    /// A file that is not the asker's to give, or what the database says.
    pub(crate) fn attach_drafts(
        &self,
        conn: &mut Conn,
        by: AccountId,
        used: InUse<'_>,
        drafts: &[Draft],
    ) -> AppResult<()> {
        let new = drafts.iter().flat_map(|draft| {
            let files = new_files(used.record, &draft.plain, draft.before.as_ref());
            files.into_iter().map(|(field, file)| Link {
                file,
                subject: draft.stored.id,
                field: Some(field.code.as_str()),
            })
        });
        let new: Vec<Link<'_>> = new.collect();
        let known = known(conn, new.iter().map(|link| link.file))?;
        let belongs = |link: &Link<'_>| {
            let subject = known.get(&link.file).and_then(|file| file.subject.as_ref());
            subject.is_some_and(|(kind, id)| kind == OF_RECORD && *id == link.subject)
        };
        let fresh: Vec<Link<'_>> = new.into_iter().filter(|link| !belongs(link)).collect();
        if fresh.is_empty() || file::attach(conn, OF_RECORD, &fresh, by)? == fresh.len() {
            return Ok(());
        }
        Err(AppError::invalid("values", NOT_GIVEN_ZH, NOT_GIVEN_EN))
    }

    /// Whether the asker may read a file that a field of a record holds, or held.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn sees_record_file(
        &self,
        conn: &mut Conn,
        who: &Who,
        file: &File,
        record: i64,
    ) -> AppResult<bool> {
        let Some(found) = record_find::by_id(conn, record, self.clock.today())? else {
            return Ok(false);
        };
        let Ok((used, scope)) = self.ledger_in_use(who, &found.ledger) else {
            return Ok(false);
        };
        // A field that the ledger has no longer may have been one of the organisation line.
        let field = file
            .field
            .as_deref()
            .and_then(|code| used.record.field(code));
        let open = field.is_some_and(|field| !field.restricted);
        let line = who.signed_in.actor.is_of_a_department();
        let covered = scope.covers(&found.path, None, Some(found.created_by));
        Ok(covered && (open || line))
    }
}

fn known(conn: &mut Conn, ids: impl Iterator<Item = Uuid>) -> AppResult<BTreeMap<Uuid, File>> {
    let ids: Vec<Uuid> = ids.collect::<BTreeSet<Uuid>>().into_iter().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = file::by_numbers(conn, &ids)?.into_iter();
    Ok(found.map(|file| (file.public_id, file)).collect())
}

const NOT_GIVEN_ZH: &str = "附件不存在、不是您上传的，或已用于别处，请重新上传";
const NOT_GIVEN_EN: &str =
    "The file does not exist, is not yours, or belongs to something else; hand it in again";

fn not_given(field: &RecordField) -> Finding {
    Finding {
        rule: "file".to_owned(),
        field: Some(field.code.clone()),
        severity: Severity::Error,
        explained: false,
        message_zh: format!("“{}”{NOT_GIVEN_ZH}", field.name_zh),
        message_en: format!("`{}`: {NOT_GIVEN_EN}", field.name_en),
    }
}
