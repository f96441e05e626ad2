//! Files (附件): handed in by themselves, attached to what they belong to, read by whoever may read that.

use super::once::{Answer, Sent};
use super::record_files::OF_RECORD;
use super::session::Who;
use super::{App, AppError, AppResult, Code};
use crate::clock::instant;
use actix_web::web::Bytes;
use std::collections::BTreeSet;
use std::io::Cursor;
use uuid::Uuid;
use zhenxing_api_types::file::File as View;
use zhenxing_domain::file::{FILES, FileKind, NAME, NameFault, checked_name};
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::policy::Action;
use zhenxing_storage::file::{self, File, Link};
use zhenxing_storage::{Conn, event, task, task_entry};

/// What a file is attached to, where it belongs to a note on a task.
pub(crate) const OF_ENTRY: &str = "task_entry";
/// How many files one sweep takes.
const SWEPT: i64 = 500;

impl App {
    /// Takes a file in. What it holds is written before anything says that it is there.
    ///
    /// # Errors
    /// A name, a kind or a size that is not taken.
    pub fn add_file(&self, who: &Who, sent: &Sent, name: &str, bytes: &Bytes) -> AppResult<Answer> {
        who.signed_in.actor.admit_files()?;
        let name = named(name)?;
        self.check_size(bytes.len())?;
        let kind = self.kind_of(name, bytes)?;
        let new = File {
            id: 0,
            public_id: Uuid::now_v7(),
            hash: Sent::hash(bytes),
            name: name.to_owned(),
            content_type: kind.media_type().to_owned(),
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            uploaded_by: who.account(),
            uploaded_at: self.clock.now(),
            subject: None,
            field: None,
        };
        let digest = new.digest();
        self.files.keep(&digest, bytes.clone())?;
        self.write_once(
            sent,
            |_| Ok(()),
            |conn, ()| {
                // A sweep may have taken the same bytes away since: none runs while the lock is held.
                file::lock(conn)?;
                self.files.keep(&digest, bytes.clone())?;
                file::insert(conn, &new)?;
                let subject = new.public_id.to_string();
                event::append(
                    conn,
                    "file.added",
                    &subject,
                    Some(who.unit()),
                    new.uploaded_at,
                )?;
                let place = format!("/api/v1/files/{subject}");
                Ok(Answer::new(201, &file_view(&new))?.at(place))
            },
        )
    }

    /// What is known of a file.
    ///
    /// # Errors
    /// `not_found`
    pub fn get_file(&self, who: &Who, id: &str) -> AppResult<Answer> {
        let found = self.db.read(|conn| self.seen_file(conn, who, id))?;
        let mut answer = Answer::new(200, &file_view(&found))?;
        answer.etag = Some(format!("\"{}\"", found.digest()));
        Ok(answer)
    }

    /// The file whose bytes are asked for.
    ///
    /// # Errors
    /// `not_found`
    pub fn file_to_read(&self, who: &Who, id: &str) -> AppResult<File> {
        self.db.read(|conn| self.seen_file(conn, who, id))
    }

    fn seen_file(&self, conn: &mut Conn, who: &Who, id: &str) -> AppResult<File> {
        let absent = || AppError::not_found("id", "附件", "file");
        let id = Uuid::parse_str(id).map_err(|_| absent())?;
        let found = file::get(conn, id)?.ok_or_else(absent)?;
        let belongs = match &found.subject {
            None => None,
            Some((kind, record)) if kind == OF_RECORD => {
                Some(self.sees_record_file(conn, who, &found, *record)?)
            }
            Some((_, entry)) => Some(self.sees_entry(conn, who, *entry)?),
        };
        let actor = &who.signed_in.actor;
        match actor.reads_file(found.uploaded_by, belongs) {
            true => Ok(found),
            false => Err(absent()),
        }
    }

    /// Whether the asker sees the task in whose history an entry stands.
    fn sees_entry(&self, conn: &mut Conn, who: &Who, entry: i64) -> AppResult<bool> {
        let Ok(scope) = who.scope(Action::ReadTasks) else {
            return Ok(false);
        };
        let Some(of) = task_entry::task_of(conn, entry)? else {
            return Ok(false);
        };
        Ok(task::get(conn, &scope, of, self.clock.today())?.is_some())
    }

    /// Attaches files that the asker handed in to an entry of a task's history.
    pub(crate) fn attach(
        &self,
        conn: &mut Conn,
        who: &Who,
        files: &[Uuid],
        entry: i64,
    ) -> AppResult<()> {
        let files: BTreeSet<Uuid> = files.iter().copied().collect();
        if files.is_empty() {
            return Ok(());
        }
        if files.len() > FILES {
            return Err(AppError::invalid(
                "files",
                format!("一条进展最多附{FILES}个附件"),
                format!("A note takes at most {FILES} files"),
            ));
        }
        let files = files.into_iter().map(|file| Link {
            file,
            subject: entry,
            field: None,
        });
        let files: Vec<Link<'_>> = files.collect();
        if file::attach(conn, OF_ENTRY, &files, who.account())? == files.len() {
            return Ok(());
        }
        Err(AppError::invalid(
            "files",
            "有附件不存在、不是您上传的，或已用于别处，请重新上传",
            "A file does not exist, is not yours, or belongs to something already; hand it in again",
        ))
    }

    fn check_size(&self, bytes: usize) -> AppResult<()> {
        let most = self.settings.file_max_bytes;
        if bytes == 0 {
            let (zh, en) = (
                "文件是空的，请重新选择",
                "The file is empty; choose another",
            );
            return Err(AppError::invalid("name", zh, en));
        }
        if u64::try_from(bytes).is_ok_and(|bytes| bytes <= most) {
            return Ok(());
        }
        let most = megabytes(most);
        Err(AppError::refused(
            Code::TooLarge,
            None,
            format!("文件超过{most} MB，请压缩或拆分后再上传"),
            format!("The file is larger than {most} MB; compress or split it"),
        ))
    }

    /// The kind that both the name and the bytes say, if it is one that is taken.
    fn kind_of(&self, name: &str, bytes: &[u8]) -> AppResult<FileKind> {
        let taken = &self.settings.file_kinds;
        let said = FileKind::of_name(name).filter(|kind| taken.contains(kind));
        let Some(said) = said else {
            let listed: Vec<String> = taken.iter().map(FileKind::to_string).collect();
            return Err(AppError::refused(
                Code::FileKind,
                Some("name"),
                format!("不接收这种文件，可上传：{}", listed.join("、")),
                format!(
                    "Files of this kind are not taken; these are: {}",
                    listed.join(", ")
                ),
            ));
        };
        if holds(said, bytes) {
            return Ok(said);
        }
        Err(AppError::refused(
            Code::FileKind,
            Some("name"),
            format!("文件内容不是{said}格式，请确认文件未损坏、后缀未改动"),
            format!(
                "What the file holds is no {said}; check that it is whole and its name was not changed"
            ),
        ))
    }

    /// Takes away files that have belonged to nothing since before an instant; returns how many.
    ///
    /// # Errors
    /// What the database or the file store says.
    pub fn sweep_files(&self, before: i64) -> AppResult<usize> {
        let mut swept = 0;
        loop {
            if !self.db.read(|conn| file::any_unattached(conn, before))? {
                return Ok(swept);
            }
            let hashes = self.db.write(|conn| file::sweep(conn, before, SWEPT))?;
            swept += hashes.len();
            // The rows are gone for good before the bytes are: what is left behind by a crash is bytes that nothing names.
            self.db.write(|conn| {
                file::lock(conn)?;
                for digest in file::unused(conn, &hashes)? {
                    self.files.remove(&digest)?;
                }
                Ok::<(), AppError>(())
            })?;
        }
    }
}

/// A file as it is told of.
pub(crate) fn file_view(file: &File) -> View {
    View {
        id: file.public_id,
        name: file.name.clone(),
        media_type: file.content_type.clone(),
        size: file.size,
        sha256: file.digest(),
        uploaded_at: instant(file.uploaded_at),
    }
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 20;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}

fn named(name: &str) -> AppResult<&str> {
    let name = checked_name(name).map_err(|fault| {
        let zh = match fault {
            NameFault::Empty => "请写明文件名".to_owned(),
            NameFault::TooLong => format!("文件名不能超过{NAME}个字"),
            NameFault::Letters => r#"文件名不能含有 / \ : * ? " < > | 等字符"#.to_owned(),
        };
        AppError::invalid("name", zh, fault.to_string())
    })?;
    if holds_id_number(name) {
        return Err(AppError::invalid(
            "name",
            "文件名中不得出现身份证号码，请改名后再上传",
            "A file name must not hold an identity number; rename the file",
        ));
    }
    Ok(name)
}

/// Whether the bytes are of a kind. Who made a file does not always write its parts in the usual order: what is an archive is
/// looked into.
fn holds(kind: FileKind, bytes: &[u8]) -> bool {
    let found = infer::get(bytes).map(|found| found.mime_type());
    match kind {
        FileKind::Txt | FileKind::Csv => found.is_none() && is_text(bytes),
        FileKind::Ofd => has_part(bytes, "OFD.xml"),
        FileKind::Docx => has_part(bytes, "word/document.xml"),
        FileKind::Xlsx => has_part(bytes, "xl/workbook.xml"),
        FileKind::Pptx => has_part(bytes, "ppt/presentation.xml"),
        kind => found == Some(kind.media_type()),
    }
}

fn has_part(bytes: &[u8], name: &str) -> bool {
    let archive = zip::ZipArchive::new(Cursor::new(bytes));
    archive.is_ok_and(|archive| archive.index_for_name(name).is_some())
}

/// Whether bytes are text, in UTF-8 or in the national encoding (GB 18030).
fn is_text(bytes: &[u8]) -> bool {
    let plain = |letter: &u8| *letter >= b' ' || b"\t\r\n".contains(letter);
    let decoded =
        || encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    bytes.iter().all(plain) && (std::str::from_utf8(bytes).is_ok() || decoded().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_holds_must_be_what_its_name_says() {
        let pdf = b"%PDF-1.7\n".as_slice();
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice();
        let program = b"MZ\x90\0\x03\0\0\0".as_slice();
        let chinese = [0xBA, 0xCF, 0xCD, 0xAC];
        for (kind, bytes, expected) in [
            (FileKind::Pdf, pdf, true),
            (FileKind::Png, png, true),
            (FileKind::Jpeg, png, false),
            (FileKind::Pdf, program, false),
            (FileKind::Txt, "合同".as_bytes(), true),
            (FileKind::Csv, chinese.as_slice(), true),
            (FileKind::Txt, program, false),
            (FileKind::Txt, pdf, false),
            (FileKind::Docx, b"PK\x03\x04", false),
            (FileKind::Doc, b"PK\x03\x04", false),
        ] {
            assert_eq!(holds(kind, bytes), expected, "{kind} {bytes:?}");
        }
    }

    #[test]
    fn sizes_are_said_in_megabytes() {
        assert_eq!(megabytes(16 << 20), "16");
        assert_eq!(megabytes(1_572_864), "1.5");
    }
}
