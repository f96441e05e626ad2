//! Saved views (常用视图): listed, saved, changed, shared, removed.

use super::ledger::InUse;
use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::programme::{stale, wire_name};
use super::session::{Who, unit_ref};
use super::{App, AppError, AppResult, Code};
use crate::clock::instant;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_api_types::view::{SaveView, View as Wire, ViewPage, query_parts};
use zhenxing_api_types::{Page, UnitRef};
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{RecordField, RecordKind};
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::record::day;
use zhenxing_domain::unit::DivisionCode;
use zhenxing_domain::view::Share;
use zhenxing_storage::unit::{Placed, lineage};
use zhenxing_storage::view::{self, Reader, View};
use zhenxing_storage::{Conn, StorageError, event, placement};

const NAME: usize = 60;
const QUERY: usize = 6_000;
const MOST: i64 = 100;

/// What a list is narrowed to.
#[derive(Debug, Clone, Serialize)]
pub struct ViewAsk {
    /// The page.
    pub page: ViewPage,
    /// The ledger's code, where the page is that of a ledger.
    pub ledger: Option<String>,
}

impl App {
    /// The asker's own views of a page and those shared with him, the latest first.
    ///
    /// # Errors
    /// A refusal for who reads no figures, `not_found` for a ledger that he does not read, or one that names the parameter.
    pub fn list_views(&self, who: &Who, ask: &ViewAsk, paged: &PageAsk) -> AppResult<Page<Wire>> {
        who.scope(Action::ReadFigures)?;
        let limit = paged.limit()?;
        let before = paged.after::<i64>(ask)?;
        let page_name = place(ask.page, ask.ledger.as_deref());
        let page_name = page_name.ok_or_else(|| misplaced(Code::InvalidParameter))?;
        self.viewed_ledger(who, &page_name)?;
        self.db.read(|conn| {
            let rows = view::list(conn, &reader(who), &page_name, before, limit + 1)?;
            let units = self.owners(conn, rows.iter().map(|row| row.unit))?;
            let rows: Vec<(i64, Wire)> = rows
                .into_iter()
                .filter_map(|row| Some((row.id, wire(who, &row, unit_ref(units.get(&row.unit)?)))))
                .collect();
            let paged = page::page(rows, limit, ask, |row| row.0);
            Ok(Page {
                items: paged.items.into_iter().map(|row| row.1).collect(),
                next_cursor: paged.next_cursor,
                total: None,
            })
        })
    }

    /// One view.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_view(&self, who: &Who, id: &str) -> AppResult<Answer> {
        who.scope_or_absent(Action::ReadFigures, "id", "视图", "view")?;
        self.db.read(|conn| {
            let found = self.find_view(conn, who, id)?;
            self.view_answer(conn, who, &found, 200)
        })
    }

    /// Saves a view.
    ///
    /// # Errors
    /// Refusals that name the field; `exists` when the asker has one of that name.
    pub fn save_view(&self, who: &Who, sent: &Sent, ask: &SaveView) -> AppResult<Answer> {
        let admit = |_: &mut Conn| who.scope(Action::ReadFigures);
        self.write_once(sent, admit, |conn, _| {
            let (page, name) = self.checked_view(who, ask)?;
            if view::count(conn, who.account())? >= MOST {
                return Err(AppError::refused(
                    Code::Exists,
                    Some("name"),
                    format!("最多保存{MOST}个视图，请先删去不用的"),
                    format!("At most {MOST} views are kept; remove some first"),
                ));
            }
            let made = View {
                id: 0,
                public_id: Uuid::now_v7(),
                account: who.account(),
                unit: who.unit(),
                page,
                name,
                query: ask.query.clone(),
                share: ask.share.into(),
                revision: 1,
                updated_at: self.clock.now(),
            };
            view::add(conn, &made).map_err(taken)?;
            self.tell_of_view(conn, who, &made, "view.saved")?;
            let answer = self.view_answer(conn, who, &made, 201)?;
            Ok(answer.at(format!("/api/v1/views/{}", made.public_id)))
        })
    }

    /// Renames a view, replaces what it asks for, or shares it otherwise.
    ///
    /// # Errors
    /// Refusals that name the field; `stale` when it was changed since it was read; `not_found` for another's view.
    pub fn replace_view(
        &self,
        who: &Who,
        id: &str,
        revision: i64,
        ask: &SaveView,
    ) -> AppResult<Answer> {
        who.scope(Action::ReadFigures)?;
        self.db.write(|conn| {
            let mut found = self.own_view(conn, who, id)?;
            if found.revision != revision {
                return Err(stale());
            }
            let (page, name) = self.checked_view(who, ask)?;
            if page != found.page {
                return Err(AppError::invalid(
                    "page",
                    "视图所属的页面不能更改，请另存为新的视图",
                    "A view stays with its page; save another one",
                ));
            }
            found.name = name;
            found.unit = who.unit();
            found.query = ask.query.clone();
            found.share = ask.share.into();
            found.revision += 1;
            found.updated_at = self.clock.now();
            view::update(conn, &found).map_err(taken)?;
            self.tell_of_view(conn, who, &found, "view.changed")?;
            self.view_answer(conn, who, &found, 200)
        })
    }

    /// Removes one of the asker's own views.
    ///
    /// # Errors
    /// `not_found`.
    pub fn remove_view(&self, who: &Who, id: &str) -> AppResult<()> {
        who.scope(Action::ReadFigures)?;
        self.db.write(|conn| {
            let found = self.own_view(conn, who, id)?;
            view::remove(conn, found.id)?;
            self.tell_of_view(conn, who, &found, "view.removed")
        })
    }

    /// The ledger whose page it is, as far as the asker may read it.
    fn viewed_ledger(&self, who: &Who, place: &str) -> AppResult<Option<InUse<'_>>> {
        let Some(code) = place.strip_prefix(OF_LEDGER) else {
            return Ok(None);
        };
        let found = self.ledger_in_use(who, code);
        let (used, _) = found.map_err(|error| error.about("ledger"))?;
        Ok(Some(used))
    }

    /// A view that the asker sees: of a page that he may open.
    fn find_view(&self, conn: &mut Conn, who: &Who, id: &str) -> AppResult<View> {
        let id = Uuid::parse_str(id).map_err(|_| absent())?;
        let found = view::find(conn, &reader(who), id)?.ok_or_else(absent)?;
        self.viewed_ledger(who, &found.page).map_err(|_| absent())?;
        Ok(found)
    }

    /// A view that the asker made: another's is changed by nobody else.
    fn own_view(&self, conn: &mut Conn, who: &Who, id: &str) -> AppResult<View> {
        let found = self.find_view(conn, who, id)?;
        match found.account == who.account() {
            true => Ok(found),
            false => Err(absent()),
        }
    }

    /// The place and the name, once all fields can be kept.
    fn checked_view(&self, who: &Who, ask: &SaveView) -> AppResult<(String, String)> {
        let name = checked(who, ask)?;
        let place = place(ask.page, ask.ledger.as_deref());
        let place = place.ok_or_else(|| misplaced(Code::InvalidField))?;
        if let Some(used) = self.viewed_ledger(who, &place)? {
            let line = who.signed_in.actor.is_of_a_department();
            let asked = query_parts(&ask.query);
            let fits = asked.is_some_and(|asked| {
                let mut parts = asked.iter();
                parts.all(|(name, value)| narrows(used, line, name, value))
            });
            if !fits {
                return Err(AppError::invalid(
                    "query",
                    "视图中有该台账没有的筛选条件，或条件的值不对，请在台账页面重新筛选后保存",
                    "The view has a filter that the ledger does not have, or a wrong value of one; filter the ledger anew and save it",
                ));
            }
        }
        Ok((place, name))
    }

    /// The units of those who made views, where they stand today or stood last.
    fn owners(
        &self,
        conn: &mut Conn,
        units: impl Iterator<Item = UnitId>,
    ) -> AppResult<BTreeMap<UnitId, Placed>> {
        let ids: BTreeSet<UnitId> = units.collect();
        let ids: Vec<UnitId> = ids.into_iter().collect();
        let system = Scope::bypass_for_system_work();
        let found = placement::last_by_ids(conn, &system, &ids, self.clock.today())?;
        Ok(found.into_iter().map(|unit| (unit.id, unit)).collect())
    }

    fn tell_of_view(&self, conn: &mut Conn, who: &Who, view: &View, kind: &str) -> AppResult<()> {
        let id = view.public_id.to_string();
        event::append(conn, kind, &id, Some(who.unit()), self.clock.now())?;
        Ok(())
    }

    fn view_answer(
        &self,
        conn: &mut Conn,
        who: &Who,
        view: &View,
        status: u16,
    ) -> AppResult<Answer> {
        let units = self.owners(conn, std::iter::once(view.unit))?;
        let unit = units.get(&view.unit).ok_or_else(absent)?;
        let answer = Answer::new(status, &wire(who, view, unit_ref(unit)))?;
        Ok(answer.tagged(view.revision))
    }
}

fn reader(who: &Who) -> Reader {
    Reader {
        account: who.account(),
        line: lineage(&who.signed_in.actor.unit_path),
    }
}

fn absent() -> AppError {
    AppError::not_found("id", "视图", "view")
}

/// What the pages of ledgers are called as they are kept, before the ledger's code.
const OF_LEDGER: &str = "ledger/";

/// What the page of a view is called as it is kept; nothing where a ledger is missing, or named beside another page.
fn place(page: ViewPage, ledger: Option<&str>) -> Option<String> {
    match (page, ledger) {
        (ViewPage::Statistics, None) => Some(wire_name(&page)),
        (ViewPage::Ledger, Some(code)) => Some(format!("{OF_LEDGER}{code}")),
        (ViewPage::Statistics, Some(_)) | (ViewPage::Ledger, None) => None,
    }
}

fn misplaced(code: Code) -> AppError {
    AppError::refused(
        code,
        Some("ledger"),
        "台账的视图须写明是哪本台账，其他页面的不写",
        "The ledger is named with views of ledgers, and with no others",
    )
}

/// Whether a part of the query narrows a ledger's list by what its definition declares, with a value that can be meant.
fn narrows(used: InUse<'_>, line: bool, name: &str, value: &str) -> bool {
    if holds_id_number(value) {
        return false;
    }
    match name {
        "q" | "unit_name" => true,
        "unit" => DivisionCode::parse(value).is_ok(),
        "state" => used.record.state(value).is_some(),
        "sort" => matches!(value, "latest" | "title"),
        "deleted" => value == "true",
        _ => {
            let field = name.strip_prefix("f.");
            let field = field.and_then(|code| used.record.field(code));
            let declared = |field: &&RecordField| {
                field.filter && !field.is_personal() && (line || !field.restricted)
            };
            field
                .filter(declared)
                .is_some_and(|field| fits(field, value))
        }
    }
}

/// Whether a filter's value can be meant. Days and numbers are ranges, `from..to`; numbers stand as they are read.
fn fits(field: &RecordField, value: &str) -> bool {
    let (from, to) = value.split_once("..").unwrap_or((value, value));
    let both = |read: &dyn Fn(&str) -> bool| {
        [from, to]
            .iter()
            .all(|side| side.is_empty() || read(side.trim()))
    };
    match &field.kind {
        RecordKind::Choice { choices } | RecordKind::Choices { choices } => {
            choices.iter().any(|choice| choice.code == value)
        }
        RecordKind::YesNo => matches!(value, "true" | "false"),
        RecordKind::Date => both(&|side| day(side).is_some()),
        RecordKind::Reference { .. } => Uuid::parse_str(value).is_ok(),
        RecordKind::Unit => DivisionCode::parse(value).is_ok(),
        kind if kind.decimals().is_some() => both(&|side| {
            let digits = side.strip_prefix('-').unwrap_or(side);
            digits
                .chars()
                .all(|sign| sign.is_ascii_digit() || matches!(sign, '.' | ','))
        }),
        _ => false,
    }
}

/// The name, once all fields can be kept.
fn checked(who: &Who, ask: &SaveView) -> AppResult<String> {
    let name = ask.name.trim();
    if name.is_empty() || name.chars().count() > NAME || holds_id_number(name) {
        return Err(AppError::invalid(
            "name",
            format!("视图名称应为1至{NAME}字，不得含有身份证号码"),
            format!("A view's name has 1 to {NAME} characters and holds no identity number"),
        ));
    }
    let plain = |byte: u8| byte.is_ascii_graphic();
    if ask.query.len() > QUERY || !ask.query.bytes().all(plain) || holds_id_number(&ask.query) {
        return Err(AppError::invalid(
            "query",
            format!("视图内容应为页面地址中问号之后的部分，不超过{QUERY}个字符"),
            format!(
                "The query is what stands behind `?` in the page's address, up to {QUERY} characters"
            ),
        ));
    }
    let everybody = Share::from(ask.share) == Share::Everybody;
    if everybody && !who.signed_in.actor.may_share_with_all(Action::ReadFigures) {
        return Err(AppError::invalid(
            "share",
            "您的数据范围不是全市，只能共享给本单位及以下",
            "You do not see the whole city; share it with your unit and below",
        ));
    }
    Ok(name.to_owned())
}

fn taken(error: StorageError) -> AppError {
    match error {
        StorageError::Duplicate(_) => AppError::refused(
            Code::Exists,
            Some("name"),
            "您已有同名视图，请更换名称或更新原视图",
            "You have a view of this name; choose another, or replace that one",
        ),
        other => other.into(),
    }
}

fn wire(who: &Who, view: &View, unit: UnitRef) -> Wire {
    let ledger = view.page.strip_prefix(OF_LEDGER);
    Wire {
        id: view.public_id,
        page: match ledger {
            Some(_) => ViewPage::Ledger,
            None => ViewPage::Statistics,
        },
        ledger: ledger.map(str::to_owned),
        name: view.name.clone(),
        query: view.query.clone(),
        share: view.share.into(),
        own: view.account == who.account(),
        unit,
        revision: view.revision,
        updated_at: instant(view.updated_at),
    }
}
