//! Records of ledgers (台账记录): listed, read, their versions, personal data in full.

use super::ledger::InUse;
use super::once::Answer;
use super::page::{self, PageAsk};
use super::record_values::{Names, day_number};
use super::reveal::{SHOWN, reason_of};
use super::session::Who;
use super::user::search_of;
use super::{App, AppError, AppResult, Code};
use crate::clock::instant;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;
use zhenxing_api_types::ledger::{
    Record as View, RecordChange, RecordVersion, RevealField, RevealedField,
};
use zhenxing_api_types::{Page, UnitRef};
use zhenxing_domain::audit::AuditKind;
use zhenxing_domain::identity::normalised;
use zhenxing_domain::package::number::format_scaled;
use zhenxing_domain::package::{RecordField, RecordKind};
use zhenxing_domain::policy::{Action, Scope, level_of};
use zhenxing_domain::record::{RecordValue, Values, changed, day};
use zhenxing_domain::unit::Level;
use zhenxing_storage::audit::{self, Line};
use zhenxing_storage::record::{self, After, Held, Order, RecordFilter, Slot, Stored};
use zhenxing_storage::record_version::{self, Version};
use zhenxing_storage::{Conn, record_list};

/// What a list of records is narrowed to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecordAsk {
    /// The unit at or below which their units stand.
    pub unit: Option<String>,
    /// How their titles begin, in characters or as they are read.
    pub q: Option<String>,
    /// The state.
    pub state: Option<String>,
    /// `field:value`, several parted by commas; days and numbers as `field:from..to`.
    pub filter: Option<String>,
    /// Fields with the values that they have, written as in the filter.
    pub fields: Vec<(String, String)>,
    /// `latest` or `title`.
    pub sort: Option<String>,
    /// The deleted ones instead.
    pub deleted: bool,
}

/// What the asker may do with records of a ledger.
pub(crate) struct Seer<'a> {
    used: InUse<'a>,
    keep: Option<Scope>,
    moves: Option<Scope>,
    level: Option<Level>,
}

impl App {
    /// Records of a ledger that the asker may see.
    ///
    /// # Errors
    /// `not_found` for the ledger, or refusals that name the parameter.
    pub fn list_records(
        &self,
        who: &Who,
        ledger: &str,
        ask: &RecordAsk,
        paged: &PageAsk,
    ) -> AppResult<Page<View>> {
        let (used, scope) = self.ledger_in_use(who, ledger)?;
        let limit = paged.limit()?;
        let today = self.clock.today();
        search_of(ask.q.as_deref())?;
        let order = match ask.sort.as_deref() {
            None | Some("latest") => Order::Latest,
            Some("title") => Order::Title,
            Some(_) => {
                return Err(wrong(
                    "sort",
                    "排序方式应为latest或title",
                    "`sort` is `latest` or `title`",
                ));
            }
        };
        if let Some(state) = &ask.state {
            let known = used.record.state(state);
            known.ok_or_else(|| AppError::not_found("state", "状态", "state"))?;
        }
        let filters = (ledger, ask);
        let begins = ask
            .q
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let begins = begins.map(|text| self.readings.spell(text).0);
        self.db.read(|conn| {
            let below = self.path_below(conn, &scope, ask.unit.as_deref(), today)?;
            let held = self.slots_held(conn, who, used, ask)?;
            let filter = RecordFilter {
                ledger,
                below: below.as_deref(),
                state: ask.state.as_deref(),
                held: &held,
                begins: begins.as_deref(),
                deleted: ask.deleted,
                order,
                after: paged.after::<After>(&filters)?,
                limit: limit + 1,
            };
            let rows = record_list::list(conn, &scope, &filter, today)?;
            let total = paged
                .total
                .then(|| record_list::count(conn, &scope, &filter, today))
                .transpose()?;
            let found = page::page(rows, limit, &filters, |row| {
                (row.id, self.readings.spell(&row.title).0)
            });
            let items = self.record_views(conn, who, used, &found.items)?;
            Ok(Page {
                items,
                next_cursor: found.next_cursor,
                total,
            })
        })
    }

    /// One record.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_record(&self, who: &Who, ledger: &str, id: &str) -> AppResult<Answer> {
        self.db.read(|conn| {
            let (used, found) = self.seen_record(conn, who, ledger, id)?;
            self.record_answer(conn, who, used, &found)
        })
    }

    /// The versions of a record, the latest first.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_record_versions(
        &self,
        who: &Who,
        ledger: &str,
        id: &str,
        paged: &PageAsk,
    ) -> AppResult<Page<RecordVersion>> {
        let limit = paged.limit()?;
        self.db.read(|conn| {
            let (used, found) = self.seen_record(conn, who, ledger, id)?;
            let before = paged.after::<i64>(&found.public_id)?;
            // One more than a page, to compare its last with.
            let rows = record_version::of_record(conn, found.id, before, limit + 1)?;
            let values: Vec<&Values> = rows.iter().map(|row| &row.values).collect();
            let names = self.names(conn, who, used.record, &values)?;
            let blank = Values::new();
            let mut views = Vec::new();
            for (at, row) in rows.iter().enumerate() {
                let earlier = rows.get(at + 1).map_or(&blank, |earlier| &earlier.values);
                views.push(self.version_view(used, who, row, earlier, &names)?);
            }
            Ok(page::page(views, limit, &found.public_id, |row| {
                row.revision
            }))
        })
    }

    fn version_view(
        &self,
        used: InUse<'_>,
        who: &Who,
        row: &Version,
        earlier: &Values,
        names: &Names,
    ) -> AppResult<RecordVersion> {
        let (after, called) = self.shown(used, who, &row.values, names)?;
        let (before, called_before) = self.shown(used, who, earlier, names)?;
        // What was sealed anew did not change.
        let plain = (
            self.opened(used.record, earlier)?,
            self.opened(used.record, &row.values)?,
        );
        let mut changes = Vec::new();
        for code in changed(&plain.0, &plain.1) {
            let Some(field) = used.record.field(code) else {
                continue;
            };
            let before = before
                .get(code)
                .map(|value| in_words(field, value, &called_before));
            let after = after.get(code).map(|value| in_words(field, value, &called));
            if before.is_some() || after.is_some() {
                changes.push(RecordChange {
                    field: code.to_owned(),
                    before,
                    after,
                });
            }
        }
        Ok(RecordVersion {
            revision: row.revision,
            action: row.action.clone(),
            state: Some(row.state.clone()).filter(|state| !state.is_empty()),
            changes,
            reason: row.reason.clone(),
            by: row.by.clone(),
            deputy: row.deputy.clone(),
            at: instant(row.at),
        })
    }

    /// A personal value of a record in full: to who keeps it, with a reason, and a line of the trail that is written before the
    /// answer is given.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, or a refusal that names the field or the reason.
    pub fn reveal_record_field(
        &self,
        who: &Who,
        ledger: &str,
        id: &str,
        ask: &RevealField,
    ) -> AppResult<RevealedField> {
        let reason = reason_of(&ask.reason)?;
        let now = self.clock.now();
        self.db.write(|conn| {
            let (used, found) = self.seen_record(conn, who, ledger, id)?;
            let seer = self.record_seer(who, used);
            if !seer.keeps(&found) {
                return Err(AppError::from(zhenxing_domain::policy::Refused(
                    Action::KeepRecords,
                )));
            }
            let field = used.record.field(&ask.field);
            let field = field.filter(|field| field.is_personal());
            let absent = || AppError::not_found("field", "个人信息项", "personal field");
            let field = field.ok_or_else(absent)?;
            let plain = self.opened(used.record, &found.values)?;
            let Some(RecordValue::Text(value)) = plain.get(&field.code) else {
                return Err(absent());
            };
            let subject = format!("{ledger} {} {} {reason}", found.public_id, field.code);
            let line = Line::new(AuditKind::Read, "record.revealed", &subject, "ok", now);
            audit::record(conn, &[line])?;
            Ok(RevealedField {
                value: value.clone(),
                until: instant(now + SHOWN),
            })
        })
    }

    /// A record that the asker may see, with its ledger.
    pub(crate) fn seen_record(
        &self,
        conn: &mut Conn,
        who: &Who,
        ledger: &str,
        id: &str,
    ) -> AppResult<(InUse<'_>, Stored)> {
        let (used, scope) = self.ledger_in_use(who, ledger)?;
        let absent = || AppError::not_found("id", "记录", "record");
        let id = Uuid::parse_str(id).map_err(|_| absent())?;
        let found = record::by_numbers(conn, &scope, ledger, &[id], self.clock.today())?;
        let found = found.into_iter().next().ok_or_else(absent)?;
        Ok((used, found))
    }

    pub(crate) fn record_seer<'a>(&self, who: &Who, used: InUse<'a>) -> Seer<'a> {
        let scope = |action| self.ledger_scope(who, action, used.ledger).ok();
        Seer {
            used,
            keep: scope(Action::KeepRecords),
            moves: scope(Action::MoveRecords),
            level: who.signed_in.actor.level(),
        }
    }

    /// Records as they are shown.
    pub(crate) fn record_views(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        all: &[Stored],
    ) -> AppResult<Vec<View>> {
        let values: Vec<&Values> = all.iter().map(|one| &one.values).collect();
        let names = self.names(conn, who, used.record, &values)?;
        let seer = self.record_seer(who, used);
        let views = all.iter().map(|one| {
            let (values, called) = self.shown(used, who, &one.values, &names)?;
            let files = names.files(used.record, &values);
            Ok(View {
                files,
                ..seer.view(one, values, called)
            })
        });
        views.collect()
    }

    pub(crate) fn record_answer(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        found: &Stored,
    ) -> AppResult<Answer> {
        let views = self.record_views(conn, who, used, std::slice::from_ref(found))?;
        let view = views.into_iter().next();
        let view = view.ok_or_else(|| AppError::Internal("a record without a view".to_owned()))?;
        Ok(Answer::new(200, &view)?.tagged(found.revision))
    }

    /// What slots must hold by the filter of a list.
    fn slots_held(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        ask: &RecordAsk,
    ) -> AppResult<Vec<(Slot, Held)>> {
        let text = ask.filter.as_deref().unwrap_or_default();
        let parts = text.split(',').filter(|part| !part.trim().is_empty());
        let parts = parts.map(|part| part.split_once(':').ok_or_else(|| wrong_filter(None)));
        let fields = ask.fields.iter();
        let fields = fields.map(|(code, value)| Ok((code.as_str(), value.as_str())));
        let mut held = Vec::new();
        for part in parts.chain(fields) {
            let (code, value) = part?;
            let field = used.record.field(code.trim());
            let key = (used.ledger.code.clone(), code.trim().to_owned());
            let (Some(field), Some(slot)) = (field, self.slots.get(&key)) else {
                return Err(wrong_filter(field));
            };
            let found = self.held_by(conn, who, field, value.trim())?;
            held.push((*slot, found.ok_or_else(|| wrong_filter(Some(field)))?));
        }
        Ok(held)
    }

    fn held_by(
        &self,
        conn: &mut Conn,
        who: &Who,
        field: &RecordField,
        value: &str,
    ) -> AppResult<Option<Held>> {
        let (first, last) = value.split_once("..").unwrap_or((value, value));
        let between = |read: &dyn Fn(&str) -> Option<i64>| {
            let side = |text: &str, open: i64| match text {
                "" => Some(open),
                text => read(text),
            };
            Some(Held::Between(side(first, i64::MIN)?, side(last, i64::MAX)?))
        };
        Ok(match &field.kind {
            RecordKind::Choice { choices } => choices
                .iter()
                .any(|choice| choice.code == value)
                .then(|| Held::Text(value.to_owned())),
            RecordKind::IdCard => match normalised(value) {
                Some(number) => Some(Held::Among(self.personal.tokens(&number)?)),
                None => None,
            },
            RecordKind::YesNo => {
                matches!(value, "true" | "false").then(|| Held::Text(value.to_owned()))
            }
            RecordKind::Date => between(&|text| day(text).map(day_number)),
            RecordKind::Reference { ledger } => {
                let Ok(id) = Uuid::parse_str(value) else {
                    return Ok(None);
                };
                let (_, scope) = self.ledger_in_use(who, ledger)?;
                let today = self.clock.today();
                let found = record::by_numbers(conn, &scope, ledger, &[id], today)?;
                let id = found.first().map(|one| one.id);
                id.map(|id| Held::Between(id, id))
            }
            RecordKind::Unit => {
                let scope = who.scope(Action::ReadUnits)?;
                let today = self.clock.today();
                let unit = super::unit::find_unit(conn, &scope, value, today, "filter")?;
                Some(Held::Between(unit.id.0, unit.id.0))
            }
            _ => between(&|text| text.parse().ok()),
        })
    }
}

impl Seer<'_> {
    /// Whether the asker may change a record.
    pub(crate) fn keeps(&self, record: &Stored) -> bool {
        let keep = self.keep.as_ref();
        keep.is_some_and(|scope| scope.covers(&record.path, None, Some(record.created_by)))
    }

    /// The moves that the asker may make with a record now.
    pub(crate) fn moves(&self, record: &Stored) -> Vec<String> {
        let within = self
            .moves
            .as_ref()
            .is_some_and(|scope| scope.covers(&record.path, None, Some(record.created_by)));
        let possible = self.used.record.moves.iter().filter(|motion| {
            let here = self
                .level
                .is_some_and(|level| motion.levels.contains(&level));
            within && here && !record.deleted && motion.from.contains(&record.state)
        });
        possible.map(|motion| motion.code.clone()).collect()
    }

    fn view(
        &self,
        record: &Stored,
        values: zhenxing_api_types::ledger::RecordValues,
        names: BTreeMap<String, String>,
    ) -> View {
        View {
            id: record.public_id,
            ledger: record.ledger.clone(),
            unit: UnitRef {
                code: record.code.clone(),
                name: record.name.clone(),
                level: level_of(&record.path).unwrap_or(Level::Village).into(),
            },
            title: record.title.clone(),
            state: Some(record.state.clone()).filter(|state| !state.is_empty()),
            revision: record.revision,
            values,
            names,
            files: Vec::new(),
            moves: self.moves(record),
            may_keep: self.keeps(record),
            deleted: record.deleted,
            updated_at: instant(record.updated_at),
        }
    }
}

/// A value in words: choices and records by their names, numbers with their decimals.
fn in_words(
    field: &RecordField,
    value: &serde_json::Value,
    names: &BTreeMap<String, String>,
) -> String {
    let named = |code: &str| -> String {
        let choice = field.kind.choices().iter().find(|one| one.code == code);
        choice
            .map(|choice| choice.name_zh.clone())
            .or_else(|| names.get(code).cloned())
            .unwrap_or_else(|| code.to_owned())
    };
    match value {
        serde_json::Value::String(text) => named(text),
        serde_json::Value::Number(number) => match (number.as_i64(), field.kind.decimals()) {
            (Some(number), Some(decimals)) => format_scaled(number, decimals),
            _ => number.to_string(),
        },
        serde_json::Value::Bool(true) => "是".to_owned(),
        serde_json::Value::Bool(false) => "否".to_owned(),
        serde_json::Value::Array(all) => {
            let all = all.iter().filter_map(|one| one.as_str().map(named));
            all.collect::<Vec<_>>().join("、")
        }
        _ => String::new(),
    }
}

fn wrong(field: &str, zh: &str, en: &str) -> AppError {
    AppError::refused(Code::InvalidParameter, Some(field), zh, en)
}

/// What was asked is not repeated: it may be an identity number.
fn wrong_filter(field: Option<&RecordField>) -> AppError {
    let (zh, en) = match field {
        Some(field) => (
            format!("“{}”", field.name_zh),
            format!(" by `{}`", field.code),
        ),
        None => Default::default(),
    };
    AppError::refused(
        Code::InvalidParameter,
        Some("filter"),
        format!("筛选条件{zh}不正确：只能用台账声明的筛选项，写成“字段:值”或“字段:起..止”"),
        format!(
            "The filter{en} is wrong: only declared fields, as `field:value` or `field:from..to`"
        ),
    )
}
