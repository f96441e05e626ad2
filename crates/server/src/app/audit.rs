//! The audit trail: noted, chained, read, exported, verified, and shortened when its time is over.

use super::page::{self, PageAsk};
use super::session::Who;
use super::unit::find_unit;
use super::{App, AppError, AppResult, Code};
use crate::clock::instant;
use crate::http::trace::request_name;
use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::PoisonError;
use zhenxing_api_types::Page;
use zhenxing_api_types::audit::{AuditAccount, AuditEntry, AuditKind as WireKind, AuditUnit};
use zhenxing_domain::audit::AuditKind;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_storage::audit::{self, AuditFilter, Line, Listed, Mark};
use zhenxing_storage::{Conn, StorageError, account};

/// How many noted lines may wait in memory before whoever notes the next one writes them.
const WAITING: usize = 5_000;
const BATCH: usize = 500;
const PART: i64 = 1_000;
const MONTH: i64 = 31 * 86_400_000_000;

/// What the trail is narrowed to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AuditAsk {
    /// From when on.
    pub from: Option<DateTime<Utc>>,
    /// Before when.
    pub to: Option<DateTime<Utc>>,
    /// The kind.
    pub kind: Option<WireKind>,
    /// The account.
    pub account: Option<String>,
    /// The unit at or below which it happened.
    pub unit: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
}

/// An export under way.
#[derive(Debug)]
pub enum Export {
    /// There is more.
    Open(Box<Open>),
    /// All was given.
    Done,
}

/// What an export needs to go on.
#[derive(Debug)]
pub struct Open {
    scope: Scope,
    filter: Option<AuditFilter>,
    first: bool,
}

/// What a walk along the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The number after which the trail begins.
    pub begins_after: i64,
    /// How many lines were walked.
    pub lines: i64,
    /// The last line that is as it was written.
    pub head: Mark,
    /// Where the chain breaks, and why.
    pub broken: Option<String>,
}

impl App {
    /// Notes a line that belongs to no change: a refusal, a read, an export. It is written within a moment.
    pub fn note(&self, line: Line) {
        let mut waiting = self.audit.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(line);
        let full = waiting.len() >= WAITING;
        drop(waiting);
        if full && let Err(error) = self.flush_audit() {
            tracing::error!(%error, "lines of the audit trail wait in memory");
        }
    }

    /// Notes that personal data was shown in full, or left in a file.
    pub fn note_read(&self, kind: AuditKind, what: &str, subject: &str) {
        self.note(Line::new(kind, what, subject, "ok", self.clock.now()));
    }

    /// Writes what was noted.
    ///
    /// # Errors
    /// What the database says; the lines wait on.
    pub fn flush_audit(&self) -> AppResult<()> {
        let lines = std::mem::take(&mut *self.audit.lock().unwrap_or_else(PoisonError::into_inner));
        if lines.is_empty() {
            return Ok(());
        }
        let done = self.db.write(|conn| -> AppResult<()> {
            for some in lines.chunks(BATCH) {
                audit::record(conn, some)?;
            }
            Ok(())
        });
        if done.is_err() {
            let mut waiting = self.audit.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.splice(0..0, lines);
        }
        done
    }

    /// Chains every committed line.
    ///
    /// # Errors
    /// What the database says.
    pub fn seal_audit(&self) -> AppResult<usize> {
        let mut total = 0;
        while self.db.read(audit::any_unsealed)? {
            total += self.db.write(|conn| audit::seal(conn, 1_000))?;
        }
        Ok(total)
    }

    /// The trail as far as the asker may see it, latest first.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_audit(
        &self,
        who: &Who,
        ask: &AuditAsk,
        paged: &PageAsk,
    ) -> AppResult<Page<AuditEntry>> {
        let scope = who.scope(Action::ReadAudit)?;
        let limit = paged.limit()?;
        let less = paged.after::<i64>(ask)?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let filter = AuditFilter {
                less,
                limit: limit + 1,
                ..self.audit_filter(conn, &scope, ask)?
            };
            let rows = audit::list(conn, &scope, &filter, today)?;
            let ids: Vec<i64> = rows.iter().filter_map(subject_account).collect();
            let names = account::names(conn, &ids)?;
            let rows = rows.into_iter().map(|row| entry(row, &names));
            let rows = rows.collect::<AppResult<Vec<_>>>()?;
            Ok(page::page(rows, limit, ask, |row| row.seq))
        })
    }

    fn audit_filter(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        ask: &AuditAsk,
    ) -> AppResult<AuditFilter> {
        let today = self.clock.today();
        let below = match &ask.unit {
            None => None,
            Some(code) => Some(find_unit(conn, scope, code, today, "unit")?.path),
        };
        let account = match &ask.account {
            None => None,
            Some(login) => {
                let absent = || AppError::not_found("account", "账户", "account");
                Some(account::by_login(conn, scope, login, today)?.ok_or_else(absent)?)
            }
        };
        if ask.outcome.as_ref().is_some_and(|code| code.len() > 100) {
            return Err(AppError::refused(
                Code::InvalidParameter,
                Some("outcome"),
                "结果应为 ok 或拒绝代码",
                "`outcome` is ok or the code of a refusal",
            ));
        }
        Ok(AuditFilter {
            from: ask.from.map(|at| at.timestamp_micros()),
            before: ask.to.map(|at| at.timestamp_micros()),
            kind: ask.kind.map(Into::into),
            account,
            below,
            outcome: ask.outcome.clone(),
            ..AuditFilter::default()
        })
    }

    /// Begins an export, which is itself a line of the trail.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn begin_export(&self, who: &Who, ask: &AuditAsk) -> AppResult<Export> {
        let scope = who.scope(Action::ReadAudit)?;
        let filter = self.db.read(|conn| -> AppResult<AuditFilter> {
            let head = audit::head(conn)?;
            Ok(AuditFilter {
                less: Some(head.seq + 1),
                limit: PART,
                ..self.audit_filter(conn, &scope, ask)?
            })
        })?;
        self.note_read(AuditKind::Export, "audit.exported", "");
        Ok(Export::Open(Box::new(Open {
            scope,
            filter: Some(filter),
            first: true,
        })))
    }

    /// The next part of an export.
    ///
    /// # Errors
    /// What the database says.
    pub fn export_part(&self, mut open: Box<Open>) -> AppResult<(String, Export)> {
        let mut text = String::new();
        if std::mem::take(&mut open.first) {
            text.push('\u{FEFF}');
            text.push_str("序号,时间,类别,事项,对象,用户名,姓名,代表用户名,代表姓名,单位编码,单位名称,结果,请求编号,客户端地址\r\n");
        }
        let Some(mut filter) = open.filter.take() else {
            return Ok((text, Export::Done));
        };
        let today = self.clock.today();
        let rows = self
            .db
            .read(|conn| audit::list(conn, &open.scope, &filter, today))?;
        let more = i64::try_from(rows.len()).is_ok_and(|count| count == PART);
        filter.less = rows.last().map(|row| row.seq);
        for row in &rows {
            text.push_str(&csv_line(row));
        }
        if more {
            open.filter = Some(filter);
            return Ok((text, Export::Open(open)));
        }
        Ok((text, Export::Done))
    }

    /// Walks along the chain and says where it breaks. `expected` is a mark noted down before: the chain must still
    /// run through it.
    ///
    /// # Errors
    /// What the database says.
    pub fn verify_audit(&self, expected: Option<&Mark>) -> AppResult<Verdict> {
        let begin = self.db.read(audit::anchor)?;
        let mut verdict = Verdict {
            begins_after: begin.seq,
            lines: 0,
            head: begin.clone(),
            broken: None,
        };
        // An anchor that is no line's subject was not set by the system.
        let purged = format!("{} {}", begin.seq, begin.hash);
        let mut anchored = begin.seq == 0;
        let mut met = expected.is_none_or(|mark| *mark == begin);
        loop {
            let after = verdict.head.seq;
            let links = self.db.read(|conn| audit::links(conn, after, PART))?;
            if links.is_empty() {
                break;
            }
            for (link, hash) in links {
                let next = verdict.head.then(&link);
                if link.seq != verdict.head.seq + 1 {
                    let wanted = verdict.head.seq + 1;
                    verdict.broken = Some(format!("line {wanted} is missing"));
                    return Ok(verdict);
                }
                if next.hash != hash {
                    verdict.broken = Some(format!("line {} is not as it was written", link.seq));
                    return Ok(verdict);
                }
                anchored |= link.what == "audit.purged" && link.subject == purged;
                met |= expected == Some(&next);
                verdict.lines += 1;
                verdict.head = next;
            }
        }
        if !anchored {
            verdict.broken = Some(format!("no line tells of the purge up to {}", begin.seq));
        } else if !met {
            verdict.broken = Some("the chain does not run through the expected line".to_owned());
        }
        Ok(verdict)
    }

    /// Takes away lines that are older than the trail is kept, with a line that says so; returns how many.
    ///
    /// # Errors
    /// What the database says.
    pub fn purge_audit(&self) -> AppResult<usize> {
        let now = self.clock.now();
        let cutoff = now - i64::from(self.settings.audit_months) * MONTH;
        let mut total = 0;
        loop {
            let taken = self.db.write(|conn| purge_some(conn, cutoff, now))?;
            total += taken;
            if taken == 0 {
                return Ok(total);
            }
        }
    }
}

/// Takes away the oldest lines, a part at a time, as far as they are older than the cutoff.
fn purge_some(conn: &mut Conn, cutoff: i64, now: i64) -> Result<usize, StorageError> {
    let begin = audit::anchor(conn)?;
    let links = audit::links(conn, begin.seq, PART)?;
    let old = links.iter().take_while(|(link, _)| link.at < cutoff);
    let Some((link, hash)) = old.last() else {
        return Ok(0);
    };
    let mark = Mark {
        seq: link.seq,
        hash: hash.clone(),
    };
    let taken = audit::purge_to(conn, &mark, now)?;
    let subject = format!("{} {}", mark.seq, mark.hash);
    let line = Line::new(AuditKind::Change, "audit.purged", &subject, "ok", now);
    audit::record(conn, &[line])?;
    while audit::seal(conn, PART)? > 0 {}
    Ok(taken)
}

fn entry(row: Listed, names: &BTreeMap<i64, (String, String)>) -> AppResult<AuditEntry> {
    let kind = AuditKind::parse(&row.kind)
        .ok_or_else(|| AppError::Internal(format!("audit kind {}", row.kind)))?;
    let account = |login: Option<String>, name: Option<String>| {
        Some(AuditAccount {
            login: login?,
            name: name?,
        })
    };
    let subject_account = subject_account(&row)
        .and_then(|id| names.get(&id).cloned())
        .and_then(|(login, name)| account(Some(login), Some(name)));
    Ok(AuditEntry {
        seq: row.seq,
        at: instant(row.at),
        kind: kind.into(),
        what: row.what,
        subject_account,
        subject: row.subject,
        account: account(row.login, row.name),
        for_account: account(row.for_login, row.for_name),
        unit: row
            .unit
            .zip(row.unit_name)
            .map(|(code, name)| AuditUnit { code, name }),
        outcome: row.outcome,
        request: row.request.map(request_name),
        address: row.address,
    })
}

/// The number of the account that something was done to. Where it was done to many, the subject is their count, and the
/// line names no unit.
fn subject_account(row: &Listed) -> Option<i64> {
    let one = row.what.starts_with("account.") && row.unit.is_some();
    one.then(|| row.subject.parse().ok()).flatten()
}

fn csv_line(row: &Listed) -> String {
    let east = FixedOffset::east_opt(8 * 3600);
    let at = instant(row.at);
    let at = east.map_or_else(
        || at.to_rfc3339(),
        |east| {
            at.with_timezone(&east)
                .format("%Y-%m-%d %H:%M:%S")
                .to_string()
        },
    );
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        row.seq.to_string(),
        at,
        kind_name(&row.kind).to_owned(),
        row.what.clone(),
        row.subject.clone(),
        of(&row.login),
        of(&row.name),
        of(&row.for_login),
        of(&row.for_name),
        of(&row.unit),
        of(&row.unit_name),
        row.outcome.clone(),
        row.request.map(request_name).unwrap_or_default(),
        of(&row.address),
    ];
    let cells: Vec<String> = cells.iter().map(|text| csv_cell(text)).collect();
    cells.join(",") + "\r\n"
}

fn kind_name(kind: &str) -> &str {
    match AuditKind::parse(kind) {
        Some(AuditKind::SignIn) => "登录",
        Some(AuditKind::Refusal) => "拒绝访问",
        Some(AuditKind::Read) => "查看个人信息",
        Some(AuditKind::Export) => "导出",
        Some(AuditKind::Change) => "变更",
        Some(AuditKind::View) => "代办和协助查看",
        None => kind,
    }
}

/// A cell of a CSV file: quoted where needed, and never a formula to the program that opens it.
pub(crate) fn csv_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guarded = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if guarded.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cell_is_never_a_formula() {
        let cases = [
            ("张三", "张三"),
            ("a,b", "\"a,b\""),
            ("say \"yes\"", "\"say \"\"yes\"\"\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1),1", "\"'@SUM(A1),1\""),
            ("-3", "'-3"),
        ];
        for (text, expected) in cases {
            assert_eq!(super::csv_cell(text), expected);
        }
    }
}
