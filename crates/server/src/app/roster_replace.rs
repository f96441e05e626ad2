//! Those in office replaced all at once (整届替换): who is in office in a unit leaves on a day and the next begin on it, from a
//! sheet or named one by one.

use super::ledger::InUse;
use super::once::{Answer, Sent};
use super::record_write::broken;
use super::roster::{Roster, Row, about, count};
use super::roster_columns::{Cells, Layout, PERSON, Target};
use super::roster_match::{covers, kept_by_others};
use super::roster_write::Draft;
use super::session::Who;
use super::task::said;
use super::{App, AppError, AppResult, Code};
use chrono::{Datelike as _, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::UnitRef;
use zhenxing_api_types::ledger::RecordValues;
use zhenxing_api_types::roster::{
    HolderChange, NewHolder, NewReplacement, Replaced, ReplacedHolder, ReplacedUnit,
};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{Finding, RecordKind, Replace, Severity, Term};
use zhenxing_domain::policy::Action;
use zhenxing_domain::record::{RecordValue, Values, check_draft, read_cell, title, titled_by};
use zhenxing_storage::record::{self, Stored};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, record_find};

/// How many units one act takes.
const UNITS: usize = 500;
/// How many records begin in one act.
const RECORDS: usize = 5_000;

/// With what those in office are replaced.
#[derive(Debug, Clone)]
pub struct Replacing {
    /// The day on which the former ones leave and the next begin.
    pub day: NaiveDate,
    /// Why the former ones leave.
    pub reason: Option<String>,
    /// Values that all who come share.
    pub common: RecordValues,
}

/// A replacement while it is made.
pub(crate) struct Replacement<'a> {
    by: By<'a>,
    /// The day.
    pub(crate) day: NaiveDate,
    reason: String,
    leaves: Values,
    common: Values,
    /// Who leaves, each beside the first row of the unit.
    pub(crate) leaving: Vec<(usize, Draft)>,
}

/// Which fields of the ledger take part.
#[derive(Clone, Copy)]
pub(crate) struct By<'a> {
    term: &'a Term,
    replace: &'a Replace,
}

/// Who is in office and in which post.
type Identity = (Option<RecordValue>, Option<RecordValue>);

/// How the terms of a ledger are replaced.
///
/// # Errors
/// `not_found` for a ledger in which they are not, or a day that is none.
pub(crate) fn replacing<'a, 'b>(
    used: InUse<'a>,
    asked: &'b Replacing,
) -> AppResult<(&'b Replacing, By<'a>)> {
    let term = used.record.term.as_ref();
    let by = term.and_then(|term| {
        let replace = term.replace.as_ref()?;
        Some(By { term, replace })
    });
    let by = by.ok_or_else(|| AppError::not_found("code", "可以整届替换的台账", "ledger"))?;
    if !(1900..2200).contains(&asked.day.year()) {
        return Err(AppError::invalid(
            "day",
            "换届日期有误，请核对",
            "The day is wrong; compare it",
        ));
    }
    Ok((asked, by))
}

/// The refusal to keep some rows and not others.
pub(crate) fn whole_only() -> AppError {
    AppError::refused(
        Code::InvalidParameter,
        Some("skip_faulty"),
        "整届替换须全部成功，不能跳过有误的行",
        "Those in office are replaced by all rows or none; faulty ones are not left out",
    )
}

impl App {
    /// Replaces those in office in units by the next, or says what would become of them.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, a refusal that names the field; `faulty_lines` when something stands against one of them:
    /// nothing is kept then.
    pub fn replace_term(
        &self,
        who: &Who,
        sent: &Sent,
        ledger: &str,
        new: &NewReplacement,
    ) -> AppResult<Answer> {
        let (used, _) = self.ledger_in_use(who, ledger)?;
        let keep = self.ledger_scope(who, Action::KeepRecords, used.ledger)?;
        let people = self.ledger_in_use(who, PERSON).ok();
        let asked = Replacing {
            day: new.day,
            reason: new.reason.clone(),
            common: new.common.clone(),
        };
        let (_, by) = replacing(used, &asked)?;
        if new.units.is_empty() || new.units.iter().any(|unit| unit.records.is_empty()) {
            return Err(AppError::invalid(
                "units",
                "请写明单位和新一届任职人员，每个单位至少一人",
                "Name units and who takes office in each: one or more",
            ));
        }
        self.write_once(
            sent,
            |_| Ok(()),
            |conn, ()| {
                let (people, keep) = (people.clone(), keep.clone());
                let mut roster = Roster::new(used, people, keep, Layout::none(), Vec::new());
                roster.replacement = Some(self.replacement(conn, who, used, by, &asked)?);
                record::lock(conn)?;
                self.read_sent(conn, who, &mut roster, new)?;
                self.read_units(conn, who, &mut roster, (None, false))?;
                self.take_roster(conn, who, &mut roster, (new.dry_run, false))
            },
        )
    }

    /// What all who leave and all who come have in common.
    ///
    /// # Errors
    /// A reason or a value that is not taken, or what the database says.
    pub(crate) fn replacement<'a>(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'a>,
        by: By<'a>,
        asked: &Replacing,
    ) -> AppResult<Replacement<'a>> {
        let shared = &by.replace.common;
        if asked.common.keys().any(|code| !shared.contains(code)) {
            return Err(AppError::invalid(
                "common",
                format!("统一填写的只能是：{}", shared.join("、")),
                format!("Only these are given for all: {}", shared.join(", ")),
            ));
        }
        let (common, mut findings) = self.taken(conn, who, used, &asked.common, None)?;
        findings.extend(check_draft(used.record, &common));
        if !findings.is_empty() {
            return Err(broken(findings));
        }
        let reason = said(asked.reason.as_deref()).map_err(|error| error.about("reason"))?;
        let reason = reason.unwrap_or(&by.replace.name_zh).to_owned();
        let mut leaves = Values::new();
        let day = RecordValue::Text(asked.day.to_string());
        leaves.extend(by.term.until.clone().map(|until| (until, day)));
        let field = by.replace.reason.as_deref();
        let field = field.and_then(|code| used.record.field(code));
        if let Some(field) = field {
            let value = read_cell(field, &reason);
            leaves.extend(value.map(|value| (field.code.clone(), value)));
        }
        if let Some(finding) = check_draft(used.record, &leaves).into_iter().next() {
            let texts = (finding.message_zh, finding.message_en);
            return Err(AppError::invalid("reason", texts.0, texts.1));
        }
        Ok(Replacement {
            by,
            day: asked.day,
            reason,
            leaves,
            common,
            leaving: Vec::new(),
        })
    }

    /// The rows of a replacement that names people one by one.
    fn read_sent(
        &self,
        conn: &mut Conn,
        who: &Who,
        roster: &mut Roster<'_>,
        new: &NewReplacement,
    ) -> AppResult<()> {
        let used = roster.used;
        let units = new.units.iter();
        let holders = units.flat_map(|unit| unit.records.iter().map(move |one| (&unit.unit, one)));
        let holders: Vec<(&String, &NewHolder)> = holders.collect();
        check_size(new.units.len(), holders.len())?;
        let sent: Vec<&RecordValues> = holders.iter().map(|(_, one)| &one.values).collect();
        let taken = self.taken_many(conn, who, used, &sent)?;
        let all: Vec<(&Values, Option<&Stored>)> =
            taken.iter().map(|(values, _)| (values, None)).collect();
        let files = self.file_findings(conn, who, used, &all)?;
        let mut told = Vec::new();
        for (at, ((unit, _), (values, findings))) in holders.iter().zip(taken).enumerate() {
            let line = u64::try_from(at + 1).unwrap_or(u64::MAX);
            let mut row = Row::new(line, Cells::from([(Target::Unit, (*unit).clone())]));
            for field in used.record.fields() {
                let named =
                    matches!(&field.kind, RecordKind::Reference { ledger } if ledger == PERSON);
                if let Some(RecordValue::Number(id)) = values.get(&field.code).filter(|_| named) {
                    row.people.insert(field.code.clone(), *id);
                }
            }
            row.values = values;
            roster.rows.push(row);
            told.extend(findings.into_iter().map(|finding| (at, finding)));
        }
        let files = files.into_iter().enumerate();
        told.extend(files.flat_map(|(at, all)| all.into_iter().map(move |one| (at, one))));
        for (at, finding) in told {
            let target = finding.field.clone().map(Target::Field);
            roster.say(at, target.as_ref(), &finding);
        }
        self.read_people(conn, who, roster, &holders)
    }

    /// The people whom those rows tell of in their own values.
    fn read_people(
        &self,
        conn: &mut Conn,
        who: &Who,
        roster: &mut Roster<'_>,
        holders: &[(&String, &NewHolder)],
    ) -> AppResult<()> {
        let Some((people, _)) = roster.people.clone() else {
            return Ok(());
        };
        let told = holders.iter().enumerate().flat_map(|(at, (_, one))| {
            let people = one.people.iter();
            people.map(move |(field, values)| (at, field, values))
        });
        let told: Vec<(usize, &String, &RecordValues)> = told.collect();
        let sent: Vec<&RecordValues> = told.iter().map(|(_, _, values)| *values).collect();
        let taken = self.taken_many(conn, who, people, &sent)?;
        for ((at, field, _), (values, findings)) in told.into_iter().zip(taken) {
            let known = roster.used.record.field(field);
            let known = known.filter(|field| field.kind.ledger() == Some(PERSON));
            let target = Target::Field(field.clone());
            let twice = roster
                .rows
                .get(at)
                .is_some_and(|row| row.people.contains_key(field));
            if known.is_none() || twice {
                roster.say(at, Some(&target), &told_wrongly());
                continue;
            }
            for finding in &findings {
                let own = finding.field.clone();
                let target = own.map(|own| Target::Person(field.clone(), own));
                roster.say(at, target.as_ref(), finding);
            }
            if let Some(row) = roster.rows.get_mut(at) {
                row.told.insert(field.clone(), values);
            }
        }
        Ok(())
    }

    /// Finds who is in office in the units of the rows, and drafts that they leave.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn end_terms(&self, conn: &mut Conn, roster: &mut Roster<'_>) -> AppResult<()> {
        let Some(replacement) = &roster.replacement else {
            return Ok(());
        };
        let (used, by, day) = (roster.used, replacement.by, replacement.day);
        let first = first_rows(&roster.rows);
        let units: Vec<UnitId> = first.keys().copied().collect();
        let ledger = &used.ledger.code;
        let coming: BTreeSet<(UnitId, Identity)> = coming(roster, by)
            .into_iter()
            .map(|(_, unit, identity)| (unit, identity))
            .collect();
        let mut leaving = Vec::new();
        let mut told = Vec::new();
        for stored in record_find::held_by(conn, ledger, &units, self.clock.today())? {
            let at = first.get(&stored.unit).copied().unwrap_or_default();
            let plain = self.opened(used.record, &stored.values)?;
            match standing(by.term, &plain, day) {
                Standing::Apart => {}
                Standing::Begun => {
                    let identity = identity(used, by, &plain);
                    if !coming.contains(&(stored.unit, identity)) {
                        told.push((at, begun_too(&stored.title)));
                    }
                }
                Standing::InOffice if !covers(&roster.keep, &stored) => {
                    told.push((at, kept_by_others()));
                }
                Standing::InOffice => {
                    let mut plain = plain;
                    plain.extend(replacement.leaves.clone());
                    let mut draft = Draft::change(stored, plain);
                    draft.reason = Some(replacement.reason.clone());
                    leaving.push((at, draft));
                }
            }
        }
        for (at, finding) in told {
            roster.say(at, None, &finding);
        }
        if let Some(replacement) = &mut roster.replacement {
            replacement.leaving = leaving;
        }
        Ok(())
    }

    /// Who makes way for whom.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn replaced(
        &self,
        conn: &mut Conn,
        roster: &Roster<'_>,
    ) -> AppResult<Option<Replaced>> {
        let Some(replacement) = &roster.replacement else {
            return Ok(None);
        };
        let by = replacement.by;
        let mut coming: BTreeMap<UnitId, Vec<(usize, Identity)>> = BTreeMap::new();
        for (at, unit, identity) in self::coming(roster, by) {
            coming.entry(unit).or_default().push((at, identity));
        }
        let named = coming.values().flatten().map(|(_, identity)| identity);
        let leaving = replacement.leaving.iter();
        let leaving = leaving.map(|(_, draft)| (draft, identity(roster.used, by, &draft.plain)));
        let leaving: Vec<(&Draft, Identity)> = leaving.collect();
        let named = named.chain(leaving.iter().map(|(_, identity)| identity));
        let words = Words::read(conn, roster, named)?;
        let mut units = Vec::new();
        for (unit, at) in first_rows(&roster.rows) {
            let Some(placed) = roster.rows.get(at).and_then(|row| row.unit.as_ref()) else {
                continue;
            };
            let coming = coming.remove(&unit).unwrap_or_default();
            let leaving = leaving
                .iter()
                .filter(|(draft, _)| draft.stored.unit == unit);
            units.push((at, words.unit(roster, by, placed, leaving, coming)));
        }
        units.sort_by_key(|(at, _)| *at);
        let units: Vec<ReplacedUnit> = units.into_iter().map(|(_, unit)| unit).collect();
        Ok(Some(Replaced {
            day: replacement.day,
            leaving: units.iter().map(|unit| unit.leaving).sum(),
            coming: units.iter().map(|unit| unit.coming).sum(),
            staying: units.iter().map(|unit| unit.staying).sum(),
            units,
        }))
    }
}

/// Lets the rows begin on the day, with the values that all of them share.
///
/// # Errors
/// More units or rows than one act takes.
pub(crate) fn begin_terms(roster: &mut Roster<'_>) -> AppResult<()> {
    let Some(replacement) = &roster.replacement else {
        return Ok(());
    };
    let since = replacement.by.term.since.clone();
    let day = RecordValue::Text(replacement.day.to_string());
    let common = replacement.common.clone();
    check_size(first_rows(&roster.rows).len(), roster.rows.len())?;
    for at in 0..roster.rows.len() {
        let Some(row) = roster.rows.get_mut(at) else {
            continue;
        };
        for (code, value) in &common {
            let value = value.clone();
            row.values.entry(code.clone()).or_insert(value);
        }
        let before = row.values.insert(since.clone(), day.clone());
        if before.is_some_and(|before| before != day) {
            roster.say(at, Some(&Target::Field(since.clone())), &other_day());
        }
    }
    Ok(())
}

fn check_size(units: usize, records: usize) -> AppResult<()> {
    if units <= UNITS && records <= RECORDS {
        return Ok(());
    }
    Err(AppError::invalid(
        "units",
        format!("一次最多替换{UNITS}个单位、{RECORDS}条记录，请分批办理"),
        format!("One act takes at most {UNITS} units and {RECORDS} records; use several"),
    ))
}

/// The place of the first row of each unit.
fn first_rows(rows: &[Row]) -> BTreeMap<UnitId, usize> {
    let mut first = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(unit) = &row.unit {
            first.entry(unit.id).or_insert(at);
        }
    }
    first
}

fn identity(used: InUse<'_>, by: By<'_>, values: &Values) -> Identity {
    let of = |code: &str| values.get(code).cloned();
    (of(&by.replace.holder), of(&used.record.title))
}

/// Who takes office by the rows: the place of the row, the unit, and who in which post.
fn coming(roster: &Roster<'_>, by: By<'_>) -> Vec<(usize, UnitId, Identity)> {
    let rows = roster.rows.iter().enumerate();
    let rows = rows.filter_map(|(at, row)| {
        let unit = row.unit.as_ref()?.id;
        Some((at, unit, identity(roster.used, by, &values_of(row))))
    });
    rows.collect()
}

fn values_of(row: &Row) -> Values {
    if let Some(draft) = &row.draft {
        return draft.plain.clone();
    }
    let mut values = row.values.clone();
    let people = row.people.iter();
    values.extend(people.map(|(field, id)| (field.clone(), RecordValue::Number(*id))));
    values
}

/// How a record stands to a replacement.
enum Standing {
    /// Its term has begun before the day and goes on: it ends.
    InOffice,
    /// It begins on the same day.
    Begun,
    /// It had ended by then, or begins later.
    Apart,
}

fn standing(term: &Term, values: &Values, day: NaiveDate) -> Standing {
    let of = |code: &str| values.get(code).and_then(RecordValue::as_day);
    let until = term.until.as_deref().and_then(of);
    match of(&term.since) {
        Some(since) if since == day => Standing::Begun,
        Some(since) if since > day => Standing::Apart,
        _ if until.is_some_and(|until| until <= day) => Standing::Apart,
        _ => Standing::InOffice,
    }
}

/// What those who leave and come are called.
struct Words {
    called: BTreeMap<i64, String>,
}

impl Words {
    fn read<'i>(
        conn: &mut Conn,
        roster: &Roster<'_>,
        named: impl Iterator<Item = &'i Identity>,
    ) -> AppResult<Words> {
        let ids = named.filter_map(|(holder, _)| match holder {
            Some(RecordValue::Number(id)) => Some(*id),
            _ => None,
        });
        let (known, new): (BTreeSet<i64>, BTreeSet<i64>) = ids.partition(|id| *id > 0);
        let known: Vec<i64> = known.into_iter().collect();
        let mut called = BTreeMap::new();
        if !known.is_empty() {
            let found = record::called(conn, &known)?.into_iter();
            called.extend(found.map(|one| (one.id, one.title)));
        }
        if let Some((people, _)) = &roster.people {
            let made = new.into_iter().filter_map(|id| {
                let draft = roster.persons.get(&id)?;
                Some((id, title(people.record, &draft.plain)))
            });
            called.extend(made);
        }
        Ok(Words { called })
    }

    fn holder(
        &self,
        what: HolderChange,
        used: InUse<'_>,
        values: &Values,
        by: By<'_>,
    ) -> ReplacedHolder {
        let of = |value: Option<&RecordValue>| match value {
            Some(RecordValue::Number(id)) => self.called.get(id).cloned().unwrap_or_default(),
            _ => String::new(),
        };
        ReplacedHolder {
            what,
            name: of(values.get(&by.replace.holder)),
            title: match titled_by(used.record, values) {
                Some(_) => of(values.get(&used.record.title)),
                None => title(used.record, values),
            },
            since: None,
            row: None,
        }
    }

    fn unit<'d>(
        &self,
        roster: &Roster<'_>,
        by: By<'_>,
        placed: &Placed,
        leaving: impl Iterator<Item = &'d (&'d Draft, Identity)>,
        mut coming: Vec<(usize, Identity)>,
    ) -> ReplacedUnit {
        let row = |at: usize| roster.rows.get(at);
        let mut holders = Vec::new();
        for (draft, identity) in leaving {
            let again = coming.iter().position(|(_, other)| other == identity);
            let again = again.map(|place| coming.remove(place).0);
            let what = match again {
                Some(_) => HolderChange::Stays,
                None => HolderChange::Leaves,
            };
            let since = draft.plain.get(&by.term.since);
            holders.push(ReplacedHolder {
                since: since.and_then(RecordValue::as_day),
                row: again.and_then(row).map(|row| row.line),
                ..self.holder(what, roster.used, &draft.plain, by)
            });
        }
        for row in coming.into_iter().filter_map(|(at, _)| row(at)) {
            holders.push(ReplacedHolder {
                row: Some(row.line),
                ..self.holder(HolderChange::Comes, roster.used, &values_of(row), by)
            });
        }
        holders.sort_by_key(|one| one.what);
        let counted = |what| count(holders.iter().filter(|one| one.what == what).count());
        ReplacedUnit {
            unit: UnitRef {
                code: placed.code.clone(),
                name: placed.name.clone(),
                level: placed.level.into(),
            },
            leaving: counted(HolderChange::Leaves),
            coming: counted(HolderChange::Comes),
            staying: counted(HolderChange::Stays),
            holders,
        }
    }
}

fn told_wrongly() -> Finding {
    about(
        Severity::Error,
        "person_twice",
        "此项不是人员，或已选择人员又填写了姓名，请只填一种",
        "This field names nobody, or somebody is named by number and by name; use one of the two",
    )
}

fn other_day() -> Finding {
    about(
        Severity::Warning,
        "other_day",
        "表中任职日期与换届日期不同，以换届日期为准",
        "The first day in the sheet is another than that of the replacement, which is taken",
    )
}

fn begun_too(title: &str) -> Finding {
    about(
        Severity::Warning,
        "begun_too",
        &format!("该单位已有当日起任职的“{title}”不在表中，将保留，请核对"),
        &format!(
            "The unit has `{title}` from the same day who is not in the sheet and stays; compare it"
        ),
    )
}
