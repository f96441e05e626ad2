//! The history of tasks, and the progress notes on them with their files.

use super::file::{OF_ENTRY, file_view};
use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::session::Who;
use super::task::{entry_of, said};
use super::{App, AppError, AppResult};
use crate::clock::instant;
use zhenxing_api_types::Page;
use zhenxing_api_types::task::{CreateNote, TaskEntry};
use zhenxing_domain::policy::{Refused, TaskRights};
use zhenxing_domain::task::Side;
use zhenxing_storage::file::{self, File};
use zhenxing_storage::task::Task;
use zhenxing_storage::task_entry::{self, Entry};
use zhenxing_storage::{Conn, event};

impl App {
    /// The history of a task, latest first.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_task_entries(
        &self,
        who: &Who,
        id: &str,
        paged: &PageAsk,
    ) -> AppResult<Page<TaskEntry>> {
        let limit = paged.limit()?;
        let ask = id.to_owned();
        self.db.read(|conn| {
            let found = self.seen_task(conn, who, id)?;
            let today = self.clock.today();
            let rows = task_entry::history(conn, &found, paged.after(&ask)?, limit + 1, today)?;
            let rows = page::page(rows, limit, &ask, |row| row.id);
            let entries: Vec<i64> = rows.items.iter().map(|row| row.id).collect();
            let mut files = file::of_subjects(conn, OF_ENTRY, &entries)?;
            let view = |row: Entry| {
                let files = files.remove(&row.id).unwrap_or_default();
                entry_view(row, &files)
            };
            Ok(Page {
                items: rows.items.into_iter().map(view).collect(),
                next_cursor: rows.next_cursor,
                total: None,
            })
        })
    }

    /// Writes a progress note on a task, with files that were handed in for it.
    ///
    /// # Errors
    /// `not_found`, or words or files that do not fit.
    pub fn create_task_note(
        &self,
        who: &Who,
        sent: &Sent,
        id: &str,
        new: &CreateNote,
    ) -> AppResult<Answer> {
        let words = said(Some(&new.words))?.ok_or_else(|| {
            AppError::invalid("words", "请写明进展情况", "Say what there is to say")
        })?;
        let admit = |conn: &mut Conn| {
            let found = self.seen_task(conn, who, id)?;
            admit_note(&who.signed_in.actor.task_rights(), &found)?;
            Ok(found)
        };
        self.write_once(sent, admit, |conn, found| {
            let now = self.clock.now();
            let entry = entry_of(&found, "note", Some(words));
            let number = entry.public_id;
            task_entry::add(conn, &[entry], who.account(), now)?;
            let subject = found.public_id.to_string();
            event::append(conn, "task.note", &subject, Some(found.unit), now)?;
            let rows = task_entry::history(conn, &found, None, 1, self.clock.today())?;
            let written = rows.into_iter().find(|row| row.public_id == number);
            let written =
                written.ok_or_else(|| AppError::Internal("a note that is not there".to_owned()))?;
            self.attach(conn, who, &new.files, written.id)?;
            let mut files = file::of_subjects(conn, OF_ENTRY, &[written.id])?;
            let files = files.remove(&written.id).unwrap_or_default();
            Answer::new(201, &entry_view(written, &files))
        })
    }
}

/// Who works on a task or stands above it may write on it.
fn admit_note(rights: &TaskRights, task: &Task) -> Result<(), Refused> {
    let admit = |side| rights.admit(side, &task.matter, &task.path);
    admit(Side::Doer).or_else(|_| admit(Side::Above))
}

fn entry_view(row: Entry, files: &[File]) -> TaskEntry {
    TaskEntry {
        id: row.public_id,
        kind: row.kind,
        state: row.state.into(),
        words: row.words,
        until: row.until,
        from_unit: row.from_unit,
        by: row.by,
        by_unit: row.by_unit,
        deputy: row.deputy,
        at: instant(row.at),
        files: files.iter().map(file_view).collect(),
    }
}
