//! Tags of units (单位标签): which there are, who carries them, marking and ending many at once. Each mark is a record of the
//! ledger that marks units.

use super::ledger::InUse;
use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::report_bulk::{check_count, refusal};
use super::roster_write::Draft;
use super::session::Who;
use super::task::said;
use super::{App, AppError, AppResult, Code};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::Page;
use zhenxing_api_types::tag::{
    EndUnitTags, Tag, TagList, TagUnits, UnitTag, UnitTagResult, UnitTagRow,
};
use zhenxing_api_types::unit::UnitRef;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::package::{Finding, Severity, TagDef, Term};
use zhenxing_domain::policy::{Action, Scope, level_of};
use zhenxing_domain::record::{Record, RecordValue, Values};
use zhenxing_storage::record::{After, Held, RecordFilter, Stored};
use zhenxing_storage::tag::{self, Former, Marks};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, placement, record, record_find, record_list};

/// How many characters the authority and the document's number have at most.
const WORDS: usize = 100;
/// How many tags become records in one transaction.
const BATCH: i64 = 1_000;
/// The fields of a mark beside its tag and its days, where the ledger has them.
const AUTHORITY: &str = "authority";
const DOCUMENT: &str = "document_no";
const REASON: &str = "end_reason";

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

/// The ledger that marks units: its fields with the tag and with the days.
#[derive(Clone, Copy)]
struct Marking<'a> {
    used: InUse<'a>,
    tag: &'a str,
    since: &'a str,
    until: &'a str,
}

/// A mark that a unit has.
struct Mark {
    id: i64,
    since: NaiveDate,
    until: Option<NaiveDate>,
}

impl<'a> Marking<'a> {
    fn of(used: InUse<'a>) -> Option<Marking<'a>> {
        let tag = used.record.marks.as_deref()?;
        let Term { since, until, .. } = used.record.term.as_ref()?;
        Some(Marking {
            used,
            tag,
            since,
            until: until.as_deref()?,
        })
    }

    fn mark(&self, record: &Record) -> Option<Mark> {
        let day = |field: &str| record.values.get(field).and_then(RecordValue::as_day);
        Some(Mark {
            id: record.id,
            since: day(self.since)?,
            until: day(self.until),
        })
    }

    /// What a mark holds, as far as the ledger has a field for it.
    fn values(
        &self,
        tag: &str,
        (since, until): (NaiveDate, Option<NaiveDate>),
        words: [(&str, Option<&str>); 3],
    ) -> Values {
        let until = until.map(|day| day.to_string());
        let days = [
            (self.tag, Some(tag.to_owned())),
            (self.since, Some(since.to_string())),
            (self.until, until),
        ];
        let words = words
            .into_iter()
            .filter(|(field, _)| self.used.record.field(field).is_some())
            .map(|(field, text)| (field, text.map(str::to_owned)));
        let all = days.into_iter().chain(words);
        all.filter_map(|(field, text)| Some((field.to_owned(), RecordValue::Text(text?))))
            .collect()
    }
}

impl App {
    /// The tags of the programme, with how many units carry each.
    ///
    /// # Errors
    /// A refusal when no grant allows reading units.
    pub fn list_tags(&self, who: &Who) -> AppResult<TagList> {
        let scope = who.scope(Action::ReadUnits)?;
        let today = self.clock.today();
        let counts = match self.marks() {
            Some(marks) => self
                .db
                .read(|conn| tag::counts(conn, &scope, &marks, today))?,
            None => Vec::new(),
        };
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
        let Some(marking) = self.marking() else {
            return Ok(Page {
                items: Vec::new(),
                next_cursor: None,
                total: None,
            });
        };
        let marks = self.marks();
        let tag = ask.tag.clone().zip(marks.as_ref());
        let held: Vec<_> = tag
            .map(|(tag, marks)| (marks.tag, Held::Text(tag)))
            .into_iter()
            .collect();
        self.db.read(|conn| {
            let below = self.path_below(conn, &scope, ask.unit.as_deref(), today)?;
            let filter = RecordFilter {
                below: below.as_deref(),
                held: &held,
                after: paged.after::<After>(ask)?,
                ..RecordFilter::latest(&marking.used.ledger.code, limit + 1)
            };
            let rows = record_list::list(conn, &scope, &filter, today)?;
            let rows = page::page(rows, limit, ask, |row| (row.id, String::new()));
            let items = rows.items.iter();
            Ok(Page {
                items: items.filter_map(|row| mark_view(marking, row)).collect(),
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
        let marking = self.marking().ok_or_else(no_ledger)?;
        let said = [
            (AUTHORITY, words(ask.authority.as_deref(), AUTHORITY)?),
            (DOCUMENT, words(ask.document_no.as_deref(), DOCUMENT)?),
            (REASON, None),
        ];
        let values = marking.values(&tag.code, (ask.valid_from, ask.valid_to), said);
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
                let decide = |unit: &Placed, marks: &[Mark]| {
                    check_level(tag, unit)?;
                    let until = |day: Option<NaiveDate>| day.unwrap_or(NaiveDate::MAX);
                    let crosses = |mark: &&Mark| {
                        mark.since < until(ask.valid_to) && ask.valid_from < until(mark.until)
                    };
                    match marks.iter().find(crosses) {
                        None => Ok(()),
                        Some(mark) => Err(marked_already(mark.since)),
                    }
                };
                let rows = self.decided(conn, &scope, (marking, &tag.code), &ask.units, decide)?;
                if all_of(&rows).is_some() && !ask.dry_run {
                    let units = rows.iter().filter_map(|(_, unit, _)| unit.as_ref());
                    let new = units.map(|unit| (unit, values.clone()));
                    self.keep_marks(conn, who.account(), marking, new)?;
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
        let marking = self.marking().ok_or_else(no_ledger)?;
        let reason = said(Some(&ask.reason))
            .map_err(|error| error.about("reason"))?
            .ok_or_else(|| AppError::invalid("reason", "请写明原因", "Say why"))?;
        check_count(ask.units.len(), "units")?;
        self.write_once(
            sent,
            |_| Ok(()),
            |conn, ()| {
                let decide = |_: &Placed, marks: &[Mark]| {
                    let holds = |mark: &&Mark| {
                        mark.until.is_none_or(|until| ask.valid_to < until)
                            && mark.since <= ask.valid_to
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
                let rows = self.decided(conn, &scope, (marking, &tag.code), &ask.units, decide)?;
                let marks = all_of(&rows).filter(|_| !ask.dry_run);
                if let Some(marks) = marks {
                    self.end_marks(conn, who.account(), marking, &marks, (ask.valid_to, reason))?;
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

    /// Where the tags of units stand.
    pub(crate) fn marks(&self) -> Option<Marks> {
        let marking = self.marking()?;
        let ledger = &marking.used.ledger.code;
        let slot = |field: &str| self.slots.get(&(ledger.clone(), field.to_owned())).copied();
        Some(Marks {
            ledger: ledger.clone(),
            tag: slot(marking.tag)?,
            since: slot(marking.since)?,
            until: slot(marking.until)?,
        })
    }

    fn marking(&self) -> Option<Marking<'_>> {
        let mut kept = self.package.ledgers.iter().filter_map(|ledger| {
            let record = ledger.record.as_ref()?;
            Marking::of(InUse { ledger, record })
        });
        kept.next()
    }

    /// That units of this level do not carry the tag which a record gives them.
    pub(crate) fn misplaced(
        &self,
        used: InUse<'_>,
        path: &str,
        values: &Values,
    ) -> Option<Finding> {
        let marking = Marking::of(used)?;
        let code = values.get(marking.tag)?.as_text()?;
        let tag = self.package.tags.iter().find(|tag| tag.code == code)?;
        let level = level_of(path)?;
        (!tag.levels.contains(&level)).then(|| Finding {
            rule: "tag_level".to_owned(),
            field: Some(marking.tag.to_owned()),
            severity: Severity::Error,
            explained: false,
            message_zh: WRONG_LEVEL.0.to_owned(),
            message_en: WRONG_LEVEL.1.to_owned(),
        })
    }

    /// Keeps marks of units.
    fn keep_marks<'u>(
        &self,
        conn: &mut Conn,
        by: AccountId,
        marking: Marking<'_>,
        new: impl Iterator<Item = (&'u Placed, Values)>,
    ) -> AppResult<()> {
        let now = self.clock.now();
        let numbers = (1..).map(|at: i64| -at);
        let drafts = new.zip(numbers).map(|((unit, values), number)| {
            Draft::new(by, marking.used, unit, (number, now), values)
        });
        let mut drafts: Vec<Draft> = drafts.collect();
        self.keep_drafts(conn, by, marking.used, &mut drafts)?;
        Ok(())
    }

    /// Ends marks on a day; a mark that would have no day is deleted.
    fn end_marks(
        &self,
        conn: &mut Conn,
        by: AccountId,
        marking: Marking<'_>,
        marks: &[i64],
        (day, reason): (NaiveDate, &str),
    ) -> AppResult<()> {
        let ids: BTreeSet<i64> = marks.iter().copied().collect();
        let found = record_find::stored(conn, &ids, self.clock.today())?;
        let drafts = found.into_iter().map(|before| {
            let mark = marking.mark(&before.record());
            let mut values = before.values.clone();
            let gone = mark.is_none_or(|mark| mark.since >= day);
            if !gone {
                let until = RecordValue::Text(day.to_string());
                values.insert(marking.until.to_owned(), until);
                if marking.used.record.field(REASON).is_some() {
                    let reason = RecordValue::Text(reason.to_owned());
                    values.insert(REASON.to_owned(), reason);
                }
            }
            let mut draft = Draft::change(before, values);
            draft.stored.deleted = gone;
            draft.reason = Some(reason.to_owned());
            if gone {
                "delete".clone_into(&mut draft.action);
            }
            draft
        });
        let mut drafts: Vec<Draft> = drafts.collect();
        self.keep_drafts(conn, by, marking.used, &mut drafts)?;
        Ok(())
    }

    /// Tags that were kept before tags became records are records from now on.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn take_former_tags(&self) -> AppResult<()> {
        let Some(marking) = self.marking() else {
            return Ok(());
        };
        let system = Scope::bypass_for_system_work();
        let today = self.clock.today();
        loop {
            let taken = self.db.write(|conn| -> AppResult<usize> {
                let former = tag::former(conn, BATCH)?;
                let units: Vec<UnitId> = former.iter().map(|one| UnitId(one.unit)).collect();
                let units = placement::last_by_ids(conn, &system, &units, today)?;
                let units: BTreeMap<i64, Placed> =
                    units.into_iter().map(|unit| (unit.id.0, unit)).collect();
                let mut by_account: BTreeMap<i64, Vec<&Former>> = BTreeMap::new();
                for one in &former {
                    by_account.entry(one.set_by).or_default().push(one);
                }
                for (account, all) in by_account {
                    let new = all.into_iter().filter_map(|one| {
                        let said = [
                            (AUTHORITY, one.authority.as_deref()),
                            (DOCUMENT, one.document_no.as_deref()),
                            (REASON, one.end_reason.as_deref()),
                        ];
                        let days = (one.valid_from, one.until());
                        Some((units.get(&one.unit)?, marking.values(&one.tag, days, said)))
                    });
                    self.keep_marks(conn, AccountId(account), marking, new)?;
                }
                let ids: Vec<i64> = former.iter().map(|one| one.id).collect();
                tag::leave_former(conn, &ids)?;
                Ok(ids.len())
            })?;
            if taken == 0 {
                return Ok(());
            }
        }
    }

    /// What is decided about each unit, by the marks of the tag that it has.
    fn decided<T>(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        (marking, tag): (Marking<'_>, &str),
        codes: &[String],
        decide: impl Fn(&Placed, &[Mark]) -> AppResult<T>,
    ) -> AppResult<Vec<Decided<T>>> {
        let today = self.clock.today();
        // Nobody marks the same units until this is written.
        record::lock(conn)?;
        let units = placement::bearers(conn, scope, codes, today, today)?;
        let ids: Vec<UnitId> = units.values().map(|unit| unit.id).collect();
        let mut held: BTreeMap<UnitId, Vec<Mark>> = BTreeMap::new();
        for one in record::held(conn, &marking.used.ledger.code, &ids)? {
            let carried = one.values.get(marking.tag).and_then(RecordValue::as_text);
            if carried == Some(tag) {
                let marks = held.entry(one.unit).or_default();
                marks.extend(marking.mark(&one));
            }
        }
        let mut seen = BTreeSet::new();
        let rows = codes.iter().map(|code| {
            let Some(unit) = units.get(code) else {
                let absent = AppError::not_found("unit", "单位", "unit");
                return (code.clone(), None, Err(absent));
            };
            let own = held.get(&unit.id).map(Vec::as_slice);
            let decided = match seen.insert(code.as_str()) {
                true => decide(unit, own.unwrap_or_default()),
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
    Err(AppError::invalid("unit", WRONG_LEVEL.0, WRONG_LEVEL.1))
}

/// What is said of a tag that units of a level do not carry, in Chinese and in English.
const WRONG_LEVEL: (&str, &str) = (
    "该标签不用于这一层级的单位",
    "Units of this level do not carry the tag",
);

fn no_ledger() -> AppError {
    AppError::not_found("ledger", "单位标签台账", "ledger of unit tags")
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

fn mark_view(marking: Marking<'_>, row: &Stored) -> Option<UnitTag> {
    let mark = marking.mark(&row.record())?;
    let text = |field: &str| Some(row.values.get(field)?.as_text()?.to_owned());
    Some(UnitTag {
        unit: UnitRef {
            code: row.code.clone(),
            name: row.name.clone(),
            level: level_of(&row.path)?.into(),
        },
        tag: text(marking.tag)?,
        authority: text(AUTHORITY),
        document_no: text(DOCUMENT),
        valid_from: mark.since,
        valid_to: mark.until,
        end_reason: text(REASON),
    })
}
