//! Which records the rows of a roster are about: those that exist already, those that are to be made, and the people whom
//! they name.

use super::roster::{Roster, about, doubled};
use super::roster_columns::{PERSON, Target};
use super::roster_people::{Match, People, Traits, duplicate, number_field};
use super::roster_write::Draft;
use super::session::Who;
use super::{App, AppResult};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::package::{Finding, RecordDef, RecordKind, Severity};
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::record::{
    Record, RecordValue, Values, canonical, check_draft, read_cell, title,
};
use zhenxing_domain::unit::Level;
use zhenxing_storage::record::{self, Stored};
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, record_find};

/// A person as a row names one.
struct Asked {
    row: usize,
    field: String,
    values: Values,
    traits: Traits,
}

/// Who names people for a roster, and among whom they are looked up.
struct Desk<'a> {
    who: &'a Who,
    keep: Option<Scope>,
    now: i64,
}

impl App {
    /// Finds the record of every row, or drafts one.
    pub(crate) fn match_rows(
        &self,
        conn: &mut Conn,
        who: &Who,
        roster: &mut Roster<'_>,
    ) -> AppResult<()> {
        if roster.used.ledger.code == PERSON {
            return self.match_people(conn, who, roster);
        }
        self.bring_people(conn, who, roster)?;
        self.match_records(conn, who, roster)
    }

    /// The rows of a roster of people.
    fn match_people(&self, conn: &mut Conn, who: &Who, roster: &mut Roster<'_>) -> AppResult<()> {
        let used = roster.used;
        let traits = roster
            .rows
            .iter()
            .map(|row| Traits::of(used.record, &row.values));
        let traits: Vec<Traits> = traits.collect();
        let scope = match &roster.people {
            Some((_, scope)) => scope.clone(),
            None => roster.keep.clone(),
        };
        let mut people = self.people(conn, used, &scope, &traits)?;
        let mut touched = BTreeSet::new();
        for at in roster.good() {
            if let Some(traits) = traits.get(at) {
                self.match_person(who, roster, &mut people, &mut touched, (at, traits));
            }
        }
        Ok(())
    }

    fn match_person(
        &self,
        who: &Who,
        roster: &mut Roster<'_>,
        people: &mut People,
        touched: &mut BTreeSet<i64>,
        (at, traits): (usize, &Traits),
    ) {
        let used = roster.used;
        let number = number_field(used.record).map(|code| Target::Field(code.to_owned()));
        let name = Target::Field(used.record.title.clone());
        let Some((unit, values)) = placed_row(roster, at) else {
            return;
        };
        let found = match people.find(traits, unit.id, traits.number.is_none()) {
            Match::Unclear => return roster.say(at, Some(&name), &unclear()),
            Match::Unseen => return roster.say(at, number.as_ref(), &unseen()),
            Match::Nobody => None,
            Match::ByNumber(found) | Match::ByName(found) => Some(found.clone()),
        };
        let Some(found) = found else {
            let numbers = (roster.number(), self.clock.now());
            let draft = Draft::new(
                who.account(),
                used,
                &unit,
                numbers,
                begun(used.record, values),
            );
            let own = Traits::of(used.record, &draft.plain);
            if let Some(other) = people.resembling(&own, draft.stored.id).next() {
                let finding = duplicate(used, other);
                roster.say(at, Some(&name), &finding);
            }
            people.add(used, draft.stored.clone(), draft.plain.clone());
            touched.insert(draft.stored.id);
            return put(roster, at, draft);
        };
        if !touched.insert(found.stored.id) {
            return roster.say(at, None, &doubled());
        }
        if !covers(&roster.keep, &found.stored) {
            return roster.say(at, number.as_ref(), &unseen());
        }
        if found.stored.unit != unit.id {
            roster.say(at, Some(&Target::Unit), &elsewhere(&found.stored));
        }
        let plain = overlaid(&found.plain, &values, true);
        if plain.get(&used.record.title) != found.plain.get(&used.record.title) {
            roster.say(at, Some(&name), &renamed());
        }
        if plain != found.plain {
            put(roster, at, Draft::change(found.stored, plain));
        }
    }

    /// The people whom fields of the rows name: found, or made along.
    fn bring_people(&self, conn: &mut Conn, who: &Who, roster: &mut Roster<'_>) -> AppResult<()> {
        let Some((used, scope)) = roster.people.clone() else {
            return Ok(());
        };
        let asked = asked(roster, used.record);
        let traits: Vec<Traits> = asked.iter().map(|one| one.traits.clone()).collect();
        let mut people = self.people(conn, used, &scope, &traits)?;
        let desk = Desk {
            who,
            keep: self
                .ledger_scope(who, Action::KeepRecords, used.ledger)
                .ok(),
            now: self.clock.now(),
        };
        for one in asked {
            bring(roster, &desk, &mut people, one);
        }
        Ok(())
    }

    /// The rows of a roster of another ledger.
    fn match_records(&self, conn: &mut Conn, who: &Who, roster: &mut Roster<'_>) -> AppResult<()> {
        let used = roster.used;
        let field = person_field(roster);
        let known = match &field {
            Some(field) => self.naming_records(conn, roster, field)?,
            None => self.titled_records(conn, roster)?,
        };
        let mut seen = BTreeSet::new();
        for at in roster.good() {
            let Some((unit, mut values)) = placed_row(roster, at) else {
                continue;
            };
            let people = roster.rows.get(at).map(|row| row.people.clone());
            for (code, id) in people.unwrap_or_default() {
                values.insert(code, RecordValue::Number(id));
            }
            let key = key_of(used.record, field.as_deref(), unit.id.0, &values);
            if !seen.insert(key.clone()) {
                roster.say(at, None, &doubled());
                continue;
            }
            match known.get(&key) {
                Some(found) if !covers(&roster.keep, found) => {
                    roster.say(at, None, &kept_by_others())
                }
                Some(found) => {
                    let before = self.opened(used.record, &found.values)?;
                    let plain = overlaid(&before, &values, true);
                    if plain != before {
                        put(roster, at, Draft::change(found.clone(), plain));
                    }
                }
                None => {
                    let numbers = (roster.number(), self.clock.now());
                    let plain = begun(used.record, values);
                    put(
                        roster,
                        at,
                        Draft::new(who.account(), used, &unit, numbers, plain),
                    );
                }
            }
        }
        Ok(())
    }

    /// The records that name the people of the rows already.
    fn naming_records(
        &self,
        conn: &mut Conn,
        roster: &Roster<'_>,
        field: &str,
    ) -> AppResult<BTreeMap<String, Stored>> {
        let named = roster.rows.iter().filter_map(|row| row.people.get(field));
        let named: BTreeSet<i64> = named.filter(|id| **id > 0).copied().collect();
        let named: Vec<i64> = named.into_iter().collect();
        let ledger = &roster.used.ledger.code;
        let found = record::naming(conn, ledger, field, &named)?;
        let ids: BTreeSet<i64> = found
            .into_iter()
            .map(|(_, record): (i64, Record)| record.id)
            .collect();
        let found = record_find::stored(conn, &ids, self.clock.today())?;
        self.by_key(roster, Some(field), found)
    }

    /// The records with the titles of the rows.
    fn titled_records(
        &self,
        conn: &mut Conn,
        roster: &Roster<'_>,
    ) -> AppResult<BTreeMap<String, Stored>> {
        let used = roster.used;
        let titles = roster
            .rows
            .iter()
            .map(|row| title(used.record, &row.values));
        let titles: BTreeSet<String> = titles.filter(|title| !title.is_empty()).collect();
        let titles = titles.into_iter().map(|title| {
            let spelling = self.readings.spell(&title).0;
            (title, spelling)
        });
        let titles: Vec<(String, String)> = titles.collect();
        let ledger = &used.ledger.code;
        let today = self.clock.today();
        let found = record_find::titled(conn, &roster.keep, ledger, &titles, today)?;
        self.by_key(roster, None, found)
    }

    fn by_key(
        &self,
        roster: &Roster<'_>,
        field: Option<&str>,
        found: Vec<Stored>,
    ) -> AppResult<BTreeMap<String, Stored>> {
        let def = roster.used.record;
        let mut known = BTreeMap::new();
        for stored in found {
            let plain = self.opened(def, &stored.values)?;
            let key = key_of(def, field, stored.unit.0, &plain);
            known.entry(key).or_insert(stored);
        }
        Ok(known)
    }
}

/// What makes two rows one record: the unit, the person, what it is called by, and the first day.
fn key_of(def: &RecordDef, field: Option<&str>, unit: i64, values: &Values) -> String {
    let since = def.term.as_ref().map(|term| term.since.as_str());
    let parts = [field, Some(def.title.as_str()), since];
    let parts = parts.map(|code| code.and_then(|code| values.get(code)));
    format!("{unit} {parts:?}")
}

/// The field by which the rows name people.
fn person_field(roster: &Roster<'_>) -> Option<String> {
    let fields = roster.used.record.fields();
    let mut named = fields.filter(
        |field| matches!(&field.kind, RecordKind::Reference { ledger } if ledger == PERSON),
    );
    let has = |field: &str| {
        let mut rows = roster.rows.iter();
        rows.any(|row| row.people.contains_key(field))
    };
    named
        .find(|field| has(&field.code))
        .map(|field| field.code.clone())
}

fn placed_row(roster: &Roster<'_>, at: usize) -> Option<(Placed, Values)> {
    let row = roster.rows.get(at)?;
    Some((row.unit.clone()?, canonical(row.values.clone())))
}

fn put(roster: &mut Roster<'_>, at: usize, draft: Draft) {
    if let Some(row) = roster.rows.get_mut(at) {
        row.draft = Some(draft);
    }
}

/// The values of a new record: what is not filled in stands as the ledger says.
fn begun(def: &RecordDef, mut values: Values) -> Values {
    for field in def.fields() {
        let default = field.default.as_deref();
        let default = default.filter(|_| !values.contains_key(&field.code));
        if let Some(value) = default.and_then(|text| read_cell(field, text)) {
            values.insert(field.code.clone(), value);
        }
    }
    values
}

/// Values with others beside them: in their place, or only where nothing stands.
fn overlaid(base: &Values, others: &Values, replace: bool) -> Values {
    let mut plain = base.clone();
    for (code, value) in others.iter().filter(|(_, value)| !value.is_blank()) {
        if replace || !plain.contains_key(code) {
            plain.insert(code.clone(), value.clone());
        }
    }
    canonical(plain)
}

pub(crate) fn covers(scope: &Scope, record: &Stored) -> bool {
    scope.covers(&record.path, None, Some(record.created_by))
}

/// The people whom the rows name; what is wrong with one stands against its row.
fn asked(roster: &mut Roster<'_>, people: &RecordDef) -> Vec<Asked> {
    let fields = roster.used.record.fields();
    let fields = fields.filter(|field| field.kind.ledger() == Some(PERSON));
    let fields: Vec<String> = fields.map(|field| field.code.clone()).collect();
    let mut found = Vec::new();
    for row in roster.good() {
        for field in &fields {
            let told = roster.rows.get(row).and_then(|row| row.told.get(field));
            let mut values = told.cloned().unwrap_or_default();
            let cells = roster.rows.get(row).map(|row| &row.cells);
            for own in people.fields() {
                let target = Target::Person(field.clone(), own.code.clone());
                let cell = cells.and_then(|cells| cells.get(&target));
                if let Some(value) = cell.and_then(|cell| read_cell(own, cell)) {
                    values.insert(own.code.clone(), value);
                }
            }
            let values = canonical(values);
            let findings = check_draft(people, &values);
            for finding in &findings {
                let own = finding.field.clone();
                let target = own.map(|own| Target::Person(field.clone(), own));
                roster.say(row, target.as_ref(), finding);
            }
            if findings.is_empty() && !values.is_empty() {
                found.push(Asked {
                    row,
                    field: field.clone(),
                    traits: Traits::of(people, &values),
                    values,
                });
            }
        }
    }
    found
}

/// Finds the person whom a row names, or drafts one.
fn bring(roster: &mut Roster<'_>, desk: &Desk<'_>, people: &mut People, asked: Asked) {
    let Some((used, _)) = roster.people.clone() else {
        return;
    };
    let of = |code: &str| Target::Person(asked.field.clone(), code.to_owned());
    let name = of(&used.record.title);
    let number = number_field(used.record).map(of);
    let at = asked.row;
    let Some(unit) = roster.rows.get(at).and_then(|row| row.unit.clone()) else {
        return;
    };
    let (found, by_number) = match people.find(&asked.traits, unit.id, true) {
        Match::Unclear => return roster.say(at, Some(&name), &unclear()),
        Match::Unseen => return roster.say(at, number.as_ref(), &unseen()),
        Match::ByNumber(found) => (found.clone(), true),
        Match::ByName(found) => (found.clone(), false),
        Match::Nobody if asked.traits.name.is_empty() => {
            return roster.say(at, number.as_ref().or(Some(&name)), &nobody());
        }
        Match::Nobody => {
            if let Err(finding) = may_make(desk, &used.record.levels, &unit) {
                return roster.say(at, Some(&name), &finding);
            }
            let numbers = (roster.number(), desk.now);
            let plain = begun(used.record, asked.values);
            let draft = Draft::new(desk.who.account(), used, &unit, numbers, plain);
            if let Some(other) = people.resembling(&asked.traits, draft.stored.id).next() {
                let finding = duplicate(used, other);
                roster.say(at, Some(&name), &finding);
            }
            people.add(used, draft.stored.clone(), draft.plain.clone());
            note(roster, at, &asked.field, draft.stored.id);
            roster.persons.insert(draft.stored.id, draft);
            return;
        }
    };
    let id = found.stored.id;
    note(roster, at, &asked.field, id);
    let mut values = asked.values;
    let called = &used.record.title;
    if by_number
        && values
            .get(called)
            .is_some_and(|own| found.plain.get(called) != Some(own))
    {
        roster.say(at, Some(&name), &other_name());
        values.remove(called);
    }
    let draft = roster.persons.get(&id);
    let base = draft.map_or(&found.plain, |draft| &draft.plain);
    let plain = overlaid(base, &values, by_number);
    if plain == *base {
        return;
    }
    match roster.persons.get_mut(&id) {
        Some(draft) => draft.plain = plain,
        None if desk
            .keep
            .as_ref()
            .is_some_and(|keep| covers(keep, &found.stored)) =>
        {
            roster
                .persons
                .insert(id, Draft::change(found.stored, plain));
        }
        None => {}
    }
}

fn note(roster: &mut Roster<'_>, at: usize, field: &str, id: i64) {
    if let Some(row) = roster.rows.get_mut(at) {
        row.people.insert(field.to_owned(), id);
    }
}

/// Whether the asker may enter people in a unit.
fn may_make(desk: &Desk<'_>, levels: &[Level], unit: &Placed) -> Result<(), Finding> {
    let own = Some(desk.who.account());
    let keeps = desk
        .keep
        .as_ref()
        .is_some_and(|keep| keep.covers(&unit.path, None, own));
    if keeps && levels.contains(&unit.level) {
        return Ok(());
    }
    Err(about(
        Severity::Error,
        "person_unknown",
        "该单位没有登记此人，您也无权在该单位登记人员，请先在人员台账登记",
        "The unit has no such person and you enter no people there; have the person entered first",
    ))
}

fn nobody() -> Finding {
    about(
        Severity::Error,
        "person_unknown",
        "没有找到此身份证号对应的人员，请同时填写姓名",
        "Nobody with this identity number is known; give the name too",
    )
}

fn unclear() -> Finding {
    about(
        Severity::Error,
        "person_unclear",
        "该单位有多名同名人员，请填写身份证号或出生日期",
        "The unit has several people of this name; give the identity number or the date of birth",
    )
}

fn unseen() -> Finding {
    about(
        Severity::Error,
        "exists",
        "此身份证号已由其他单位登记，请联系上级单位",
        "Another unit has entered this identity number; ask the unit above",
    )
}

pub(crate) fn kept_by_others() -> Finding {
    about(
        Severity::Error,
        "exists",
        "已有相同的记录，由其他单位登记，请联系上级单位",
        "Another unit keeps the same record; ask the unit above",
    )
}

fn elsewhere(found: &Stored) -> Finding {
    let unit = &found.name;
    about(
        Severity::Warning,
        "other_unit",
        &format!("此人登记在“{unit}”，所属单位不变；需要变更的，请在人员台账中修改"),
        &format!(
            "The person stands at `{unit}` and stays there; change the unit in the ledger of people if it is wrong"
        ),
    )
}

fn renamed() -> Finding {
    about(
        Severity::Warning,
        "other_name",
        "身份证号相同而姓名与已登记的不同，将改为表中姓名，请核对",
        "The identity number is known under another name, which is changed to the one in the sheet; compare it",
    )
}

fn other_name() -> Finding {
    about(
        Severity::Warning,
        "other_name",
        "身份证号对应的人员姓名与表中不同，以人员台账为准，请核对",
        "The identity number is known under another name, which stays; compare it",
    )
}
