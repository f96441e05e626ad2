//! Tags of units (单位标签): which there are, who carries them, marking and ending.

use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::report_bulk::{check_count, refusal};
use super::session::{Who, unit_ref};
use super::task::said;
use super::{App, AppError, AppResult, Code};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::Page;
use zhenxing_api_types::tag::{
    EndUnitTags, Tag, TagList, TagUnits, UnitTag, UnitTagResult, UnitTagRow,
};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::TagDef;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_storage::tag::{self, Mark, MarkFilter, NewMark};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, event, placement};

/// How many characters the authority and the document's number have at most.
const WORDS: usize = 100;

/// What a list of marks is narrowed to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UnitTagAsk {
    /// The tag.
    pub tag: Option<String>,
    /// The unit at or below which the marked ones stand.
    pub unit: Option<String>,
}

/// What is decided about a unit: its mark that is to be ended, or that a new one may be made.
type Decided<T> = (String, Option<Placed>, AppResult<T>);

impl App {
    /// The tags of the programme, with how many units carry each.
    ///
    /// # Errors
    /// A refusal when no grant allows reading units.
    pub fn list_tags(&self, who: &Who) -> AppResult<TagList> {
        let scope = who.scope(Action::ReadUnits)?;
        let today = self.clock.today();
        let counts = self
            .db
            .read(|conn| Ok::<_, AppError>(tag::counts(conn, &scope, today)?))?;
        let counts: BTreeMap<String, i64> = counts.into_iter().collect();
        let view = |tag: &TagDef| Tag {
            code: tag.code.clone(),
            name_en: tag.name_en.clone(),
            levels: tag.levels.iter().copied().map(Into::into).collect(),
            units: counts.get(&tag.code).copied().unwrap_or(0),
        };
        Ok(TagList {
            items: self.package.tags.iter().map(view).collect(),
        })
    }

    /// Marks of units, the latest first.
    ///
    /// # Errors
    /// A parameter that names nothing.
    pub fn list_unit_tags(
        &self,
        who: &Who,
        ask: &UnitTagAsk,
        paged: &PageAsk,
    ) -> AppResult<Page<UnitTag>> {
        let scope = who.scope(Action::ReadUnits)?;
        let limit = paged.limit()?;
        let today = self.clock.today();
        if let Some(code) = &ask.tag {
            self.tag(code)?;
        }
        self.db.read(|conn| {
            let below = self.path_below(conn, &scope, ask.unit.as_deref(), today)?;
            let filter = MarkFilter {
                tag: ask.tag.as_deref(),
                below: below.as_deref(),
                before: paged.after::<i64>(ask)?,
                limit: limit + 1,
            };
            let rows = tag::list(conn, &scope, filter, today)?;
            let ids: Vec<UnitId> = rows.iter().map(|row| row.unit).collect();
            let units = placement::last_by_ids(conn, &scope, &ids, today)?;
            let units: BTreeMap<UnitId, Placed> =
                units.into_iter().map(|unit| (unit.id, unit)).collect();
            let rows = page::page(rows, limit, ask, |row| row.id);
            let view = |row: Mark| Some(mark_view(units.get(&row.unit)?, row));
            Ok(Page {
                items: rows.items.into_iter().filter_map(view).collect(),
                next_cursor: rows.next_cursor,
                total: None,
            })
        })
    }

    /// Marks units with a tag: all of them, or none.
    ///
    /// # Errors
    /// Refusals of the request as a whole; those of units stand in the answer.
    pub fn tag_units(&self, who: &Who, sent: &Sent, ask: &TagUnits) -> AppResult<Answer> {
        let scope = who.scope(Action::ManageUnits)?;
        let tag = self.tag(&ask.tag)?;
        let new = NewMark {
            tag: &tag.code,
            authority: words(ask.authority.as_deref(), "authority")?,
            document_no: words(ask.document_no.as_deref(), "document_no")?,
            valid_from: ask.valid_from,
            valid_to: ask.valid_to,
        };
        if ask.valid_to.is_some_and(|until| until <= ask.valid_from) {
            return Err(AppError::invalid(
                "valid_to",
                "终止日期应晚于起始日期",
                "The end is not after the beginning",
            ));
        }
        check_count(ask.units.len(), "units")?;
        self.write_once(
            sent,
            |_| Ok(()),
            |conn, ()| {
                let decide = |unit: &Placed, marks: &[&Mark]| {
                    check_level(tag, unit)?;
                    let until = |day: Option<NaiveDate>| day.unwrap_or(NaiveDate::MAX);
                    let crosses = |mark: &&&Mark| {
                        mark.valid_from < until(new.valid_to)
                            && new.valid_from < until(mark.valid_to)
                    };
                    match marks.iter().find(crosses) {
                        None => Ok(unit.id),
                        Some(mark) => Err(marked_already(mark.valid_from)),
                    }
                };
                let rows = self.decided(conn, &scope, &tag.code, &ask.units, decide)?;
                let units = all_of(&rows).filter(|_| !ask.dry_run);
                if let Some(units) = &units {
                    let now = self.clock.now();
                    tag::add(conn, &new, units, who.account(), now)?;
                    event::append(conn, "unit.tagged", &tag.code, Some(who.unit()), now)?;
                }
                Answer::new(200, &result(rows, ask.dry_run)?)
            },
        )
    }

    /// Ends the marks of a tag that units have: all of them, or none.
    ///
    /// # Errors
    /// Refusals of the request as a whole; those of units stand in the answer.
    pub fn end_unit_tags(&self, who: &Who, sent: &Sent, ask: &EndUnitTags) -> AppResult<Answer> {
        let scope = who.scope(Action::ManageUnits)?;
        let tag = self.tag(&ask.tag)?;
        let reason = said(Some(&ask.reason))
            .map_err(|error| error.about("reason"))?
            .ok_or_else(|| AppError::invalid("reason", "请写明原因", "Say why"))?;
        check_count(ask.units.len(), "units")?;
        self.write_once(
            sent,
            |_| Ok(()),
            |conn, ()| {
                let decide = |_: &Placed, marks: &[&Mark]| {
                    let holds = |mark: &&&Mark| {
                        mark.valid_to.is_none_or(|until| ask.valid_to < until)
                            && mark.valid_from <= ask.valid_to
                    };
                    let found = marks.iter().find(holds).map(|mark| mark.id);
                    found.ok_or_else(|| {
                        AppError::invalid(
                            "valid_to",
                            "该单位在这一天没有这个标签，或标签已在此前终止",
                            "The unit does not carry the tag on that day, or no longer",
                        )
                    })
                };
                let rows = self.decided(conn, &scope, &tag.code, &ask.units, decide)?;
                let marks = all_of(&rows).filter(|_| !ask.dry_run);
                if let Some(marks) = &marks {
                    tag::end(conn, marks, ask.valid_to, reason)?;
                    let now = self.clock.now();
                    event::append(conn, "unit.untagged", &tag.code, Some(who.unit()), now)?;
                }
                Answer::new(200, &result(rows, ask.dry_run)?)
            },
        )
    }

    /// The tag of that code.
    pub(crate) fn tag(&self, code: &str) -> AppResult<&TagDef> {
        let found = self.package.tags.iter().find(|tag| tag.code == code);
        found.ok_or_else(|| AppError::not_found("tag", "标签", "tag"))
    }

    /// What is decided about each unit, by the marks of the tag that it has.
    fn decided<T>(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        tag: &str,
        codes: &[String],
        decide: impl Fn(&Placed, &[&Mark]) -> AppResult<T>,
    ) -> AppResult<Vec<Decided<T>>> {
        let today = self.clock.today();
        let units = placement::bearers(conn, scope, codes, today, today)?;
        let ids: Vec<UnitId> = units.values().map(|unit| unit.id).collect();
        let held = tag::held(conn, tag, &ids)?;
        let mut seen = BTreeSet::new();
        let rows = codes.iter().map(|code| {
            let Some(unit) = units.get(code) else {
                let absent = AppError::not_found("unit", "单位", "unit");
                return (code.clone(), None, Err(absent));
            };
            let own: Vec<&Mark> = held.iter().filter(|mark| mark.unit == unit.id).collect();
            let decided = match seen.insert(code.as_str()) {
                true => decide(unit, &own),
                false => Err(AppError::invalid(
                    "unit",
                    "该单位重复出现",
                    "The unit is named twice",
                )),
            };
            (code.clone(), Some(unit.clone()), decided)
        });
        Ok(rows.collect())
    }
}

/// What is decided about all units; nothing where one is refused.
fn all_of<T: Copy>(rows: &[Decided<T>]) -> Option<Vec<T>> {
    let decided = rows
        .iter()
        .map(|(_, _, decided)| decided.as_ref().ok().copied());
    decided.collect()
}

fn result<T>(rows: Vec<Decided<T>>, dry_run: bool) -> AppResult<UnitTagResult> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let whole = count(rows.len());
    let view = |(code, unit, decided): Decided<T>| {
        Ok(UnitTagRow {
            unit: code,
            name: unit.map(|unit| unit.name),
            refusal: decided.err().map(refusal).transpose()?,
        })
    };
    let rows: Vec<UnitTagRow> = rows.into_iter().map(view).collect::<AppResult<_>>()?;
    let refused = count(rows.iter().filter(|row| row.refusal.is_some()).count());
    Ok(UnitTagResult {
        dry_run,
        done: if refused == 0 { whole } else { 0 },
        refused,
        rows,
    })
}

fn check_level(tag: &TagDef, unit: &Placed) -> AppResult<()> {
    if tag.levels.contains(&unit.level) {
        return Ok(());
    }
    Err(AppError::invalid(
        "unit",
        "该标签不用于这一层级的单位",
        "Units of this level do not carry the tag",
    ))
}

fn marked_already(since: NaiveDate) -> AppError {
    AppError::refused(
        Code::Exists,
        Some("unit"),
        format!("该单位已有这个标签（自{since}起），请先终止原有标签"),
        format!("The unit carries the tag already, since {since}; end that mark first"),
    )
}

fn words<'a>(text: Option<&'a str>, field: &str) -> AppResult<Option<&'a str>> {
    let text = said(text).map_err(|error| error.about(field))?;
    if text.is_some_and(|text| text.chars().count() > WORDS) {
        return Err(AppError::invalid(
            field,
            format!("不能超过{WORDS}个字"),
            format!("At most {WORDS} characters"),
        ));
    }
    Ok(text)
}

fn mark_view(unit: &Placed, mark: Mark) -> UnitTag {
    UnitTag {
        unit: unit_ref(unit),
        tag: mark.tag,
        authority: mark.authority,
        document_no: mark.document_no,
        valid_from: mark.valid_from,
        valid_to: mark.valid_to,
        end_reason: mark.end_reason,
    }
}
