//! Publications of the package: what a changed one changes is shown before it is published.

use super::page::{hex, whole};
use super::session::Who;
use super::{App, AppError, AppResult};
use crate::clock::instant;
use crate::package::Loaded;
use sha2::{Digest, Sha256};
use zhenxing_api_types::Page;
use zhenxing_api_types::edition::{PackageChange, PackageEdition};
use zhenxing_domain::package::{Change, ChangeKind, Package, SourceFile, diff, load};
use zhenxing_domain::policy::Action;
use zhenxing_storage::edition::{self, Edition};
use zhenxing_storage::{Conn, Db, event};

/// How a package stands to the one published last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was published yet.
    First,
    /// It is the published one.
    Same,
    /// It changes things; an empty list is a change of words in comments only.
    Changed(Vec<Change>),
}

/// How a loaded package stands to the one published last.
///
/// # Errors
/// What the database says, or that the published one can no longer be read.
pub fn standing(db: &Db, loaded: &Loaded) -> AppResult<Standing> {
    let code = &loaded.package.programme.code;
    db.read(|conn| {
        let Some(last) = edition::latest(conn, code)? else {
            return Ok(Standing::First);
        };
        if last.digest == digest(&loaded.files) {
            return Ok(Standing::Same);
        }
        let published = published(conn, code, last.edition)?;
        let mut changes = diff(&published, &loaded.package);
        for change in &mut changes {
            if let (ChangeKind::Removed, Some((form, field))) = (change.change, change.of_form()) {
                change.reported = edition::is_reported(conn, form, field)?;
            }
        }
        Ok(Standing::Changed(changes))
    })
}

/// Publishes a loaded package unless it is published already. A changed one needs `allowed`; one that removes a form with
/// reports is never published.
///
/// # Errors
/// What stands in the way, with the list of changes.
pub fn publish(db: &Db, loaded: &Loaded, now: i64, allowed: bool) -> AppResult<Standing> {
    let standing = standing(db, loaded)?;
    let changes = match &standing {
        Standing::Same => return Ok(standing),
        Standing::First => Vec::new(),
        Standing::Changed(changes) => changes.clone(),
    };
    if changes.iter().any(Change::is_refused) {
        return Err(AppError::Internal(format!(
            "已有报送数据的报送表不能删除，请保留并用 last_period 写明最后一期 \
             (a form with reports cannot be removed: keep it and give it a last_period)\n{}",
            listed(&changes)
        )));
    }
    if !allowed && !changes.is_empty() {
        return Err(AppError::Internal(format!(
            "方案数据包与已发布的不同，请核对下列变化后用 --publish-package 或 zhenxing package publish 发布 \
             (the package differs from the published one; look at the changes, then publish it with --publish-package or \
             `zhenxing package publish`)\n{}",
            listed(&changes)
        )));
    }
    db.write(|conn| keep(conn, loaded, &changes, now))?;
    Ok(standing)
}

fn keep(conn: &mut Conn, loaded: &Loaded, changes: &[Change], now: i64) -> AppResult<()> {
    let programme = &loaded.package.programme;
    let last = edition::latest(conn, &programme.code)?;
    let number = last.map_or(1, |last| last.edition + 1);
    let fault = |error: serde_json::Error| AppError::Internal(error.to_string());
    let files: Vec<(&str, &str)> = loaded
        .files
        .iter()
        .map(|file| (file.name.as_str(), file.text.as_str()))
        .collect();
    let row = Edition {
        edition: number,
        version: i32::try_from(programme.version).unwrap_or(i32::MAX),
        digest: digest(&loaded.files),
        changes: serde_json::to_string(changes).map_err(fault)?,
        published_at: now,
    };
    let content = serde_json::to_string(&files).map_err(fault)?;
    let added = edition::add(conn, &programme.code, &row, &content)?;
    if added && number > 1 {
        let subject = format!("{}/{number}", programme.code);
        event::append(conn, "package.published", &subject, None, now)?;
    }
    Ok(())
}

/// The package of a publication, read again from its files.
fn published(conn: &mut Conn, code: &str, number: i32) -> AppResult<Package> {
    let content = edition::content(conn, code, number)?.unwrap_or_default();
    let files: Vec<(String, String)> = serde_json::from_str(&content)
        .map_err(|error| AppError::Internal(format!("edition {number} of {code}: {error}")))?;
    let files: Vec<SourceFile> = files
        .into_iter()
        .map(|(name, text)| SourceFile { name, text })
        .collect();
    load(&files).map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        AppError::Internal(format!(
            "edition {number} of {code} cannot be read any more: {first}"
        ))
    })
}

fn digest(files: &[SourceFile]) -> String {
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut hash = Sha256::new();
    for file in sorted {
        for text in [&file.name, &file.text] {
            hash.update(text.len().to_be_bytes());
            hash.update(text.as_bytes());
        }
    }
    hex(&hash.finalize())
}

/// Changes as lines for a terminal.
pub fn listed(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "  没有变化 (no change)".to_owned();
    }
    let lines = changes.iter().map(|change| {
        let what = match change.change {
            ChangeKind::Added => "新增 added",
            ChangeKind::Removed => "删除 removed",
            ChangeKind::Changed => "修改 changed",
        };
        let reported = if change.reported {
            "，已有报送数据 (reports hold values of it)"
        } else {
            ""
        };
        let members = change.members.iter().map(|member| {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
            format!(
                "\n      {}: {} → {}",
                member.name,
                shown(&member.before),
                shown(&member.after)
            )
        });
        format!(
            "  {what}: {} {}{reported}{}",
            change.thing,
            change.code,
            members.collect::<String>()
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl App {
    /// The publications of a programme's package, latest first.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_editions(&self, who: &Who, code: &str) -> AppResult<Page<PackageEdition>> {
        let rows = self.editions(who, code)?;
        let view = |row: Edition| {
            Ok(PackageEdition {
                edition: row.edition,
                version: row.version,
                changes: i64::try_from(changes_of(&row)?.len()).unwrap_or(i64::MAX),
                digest: row.digest,
                published_at: instant(row.published_at),
            })
        };
        let rows = rows.into_iter().map(view).collect::<AppResult<Vec<_>>>()?;
        Ok(whole(rows))
    }

    /// What the package in use changed against the publication before it.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_changes(&self, who: &Who, code: &str) -> AppResult<Page<PackageChange>> {
        let rows = self.editions(who, code)?;
        let changes = match rows.first() {
            Some(row) => changes_of(row)?,
            None => Vec::new(),
        };
        Ok(whole(
            changes.into_iter().map(PackageChange::from).collect(),
        ))
    }

    fn editions(&self, who: &Who, code: &str) -> AppResult<Vec<Edition>> {
        who.scope(Action::ReadProgramme)?;
        if self.package.programme.code != code {
            return Err(AppError::not_found("code", "方案", "programme"));
        }
        Ok(self.db.read(|conn| edition::list(conn, code))?)
    }
}

fn changes_of(row: &Edition) -> AppResult<Vec<Change>> {
    serde_json::from_str(&row.changes)
        .map_err(|error| AppError::Internal(format!("stored changes: {error}")))
}
