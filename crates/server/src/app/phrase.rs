//! Phrases (常用语): the package's, and those that an account keeps for itself.

use super::once::{Answer, Sent};
use super::page::whole;
use super::session::Who;
use super::{App, AppError, AppResult, Code};
use uuid::Uuid;
use zhenxing_api_types::Page;
use zhenxing_api_types::phrase::{KeepPhrase, Phrase};
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::policy::Action;
use zhenxing_storage::{Conn, StorageError, event, phrase};

const LENGTH: usize = 200;
const MOST: usize = 100;

impl App {
    /// The asker's own phrases, and the package's after them.
    ///
    /// # Errors
    /// A refusal for who returns no reports.
    pub fn list_phrases(&self, who: &Who) -> AppResult<Page<Phrase>> {
        admit(who)?;
        let own = self.db.read(|conn| phrase::list(conn, who.account()))?;
        let own = own.into_iter().map(|(id, text)| Phrase {
            id: Some(id),
            text_zh: text.clone(),
            text_en: text,
        });
        let shared = self.package.phrases.iter().map(|phrase| Phrase {
            id: None,
            text_zh: phrase.text_zh.clone(),
            text_en: phrase.text_en.clone(),
        });
        Ok(whole(own.chain(shared).collect()))
    }

    /// Keeps a phrase for the asker.
    ///
    /// # Errors
    /// A text that is too long or holds an identity number; `exists`.
    pub fn keep_phrase(&self, who: &Who, sent: &Sent, keep: &KeepPhrase) -> AppResult<Answer> {
        let text = keep.text.trim();
        if text.is_empty() || text.chars().count() > LENGTH {
            return Err(AppError::invalid(
                "text",
                format!("常用语应为1至{LENGTH}字"),
                format!("A phrase has 1 to {LENGTH} characters"),
            ));
        }
        if holds_id_number(text) {
            return Err(AppError::invalid(
                "text",
                "常用语中有身份证号码，此处不需要，请删去",
                "The phrase holds an identity number; remove it, nobody needs it here",
            ));
        }
        self.write_once(
            sent,
            |_: &mut Conn| admit(who),
            |conn, ()| {
                if phrase::list(conn, who.account())?.len() >= MOST {
                    return Err(AppError::refused(
                        Code::Exists,
                        Some("text"),
                        format!("最多保存{MOST}条常用语，请先删去不用的"),
                        format!("At most {MOST} phrases are kept; remove some first"),
                    ));
                }
                let id = Uuid::now_v7();
                let now = self.clock.now();
                match phrase::add(conn, who.account(), id, text, now) {
                    Err(StorageError::Duplicate(_)) => {
                        return Err(AppError::refused(
                            Code::Exists,
                            Some("text"),
                            "已有相同的常用语",
                            "This phrase is kept already",
                        ));
                    }
                    other => other?,
                }
                event::append(conn, "phrase.kept", &id.to_string(), Some(who.unit()), now)?;
                let view = Phrase {
                    id: Some(id),
                    text_zh: text.to_owned(),
                    text_en: text.to_owned(),
                };
                Answer::new(201, &view)
            },
        )
    }

    /// Removes one of the asker's own phrases.
    ///
    /// # Errors
    /// `not_found`.
    pub fn remove_phrase(&self, who: &Who, id: &str) -> AppResult<()> {
        admit(who)?;
        let absent = || AppError::not_found("id", "常用语", "phrase");
        let id = Uuid::parse_str(id).map_err(|_| absent())?;
        self.db.write(|conn| {
            if !phrase::remove(conn, who.account(), id)? {
                return Err(absent());
            }
            let now = self.clock.now();
            event::append(
                conn,
                "phrase.removed",
                &id.to_string(),
                Some(who.unit()),
                now,
            )?;
            Ok(())
        })
    }
}

/// Phrases are for those who return reports.
fn admit(who: &Who) -> AppResult<()> {
    let checks = who.scope(Action::CheckReports);
    checks
        .or_else(|_| who.scope(Action::ApproveReports))
        .map(drop)
}
