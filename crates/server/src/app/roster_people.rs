//! The people whom rosters name: found by their identity numbers or by their names within a unit, and those who may be one
//! person in two records.

use super::ledger::InUse;
use super::roster_columns::PERSON;
use super::session::Who;
use super::{App, AppResult};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::identity::{birth_of, is_id_card};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{Finding, RecordDef, RecordKind, Severity};
use zhenxing_domain::policy::Scope;
use zhenxing_domain::record::{RecordValue, Values, title};
use zhenxing_storage::Conn;
use zhenxing_storage::record::Stored;
use zhenxing_storage::record_find;

/// The rule under which a record that may be doubled is warned of.
pub(crate) const DUPLICATE: &str = "possible_duplicate";
const BIRTH: &str = "birth";

/// What tells people apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Traits {
    /// The name.
    pub(crate) name: String,
    /// The identity number.
    pub(crate) number: Option<String>,
    /// The day of birth, by the number where it is not given.
    pub(crate) birth: Option<NaiveDate>,
}

impl Traits {
    /// Those that values tell.
    pub(crate) fn of(def: &RecordDef, plain: &Values) -> Traits {
        let number = number_field(def).and_then(|code| text_of(plain, code));
        let number = number.filter(|number| is_id_card(number));
        let day = plain.get(BIRTH).and_then(RecordValue::as_day);
        Traits {
            name: title(def, plain),
            birth: day.or_else(|| number.as_deref().and_then(birth_of)),
            number,
        }
    }

    /// Whether these may be those of one person: no two numbers, no two days of birth.
    fn may_be(&self, other: &Traits) -> bool {
        let apart = |differ: bool| !differ;
        let numbers = self.number.as_ref().zip(other.number.as_ref());
        let births = self.birth.zip(other.birth);
        self.name == other.name
            && apart(numbers.is_some_and(|(one, other)| one != other))
            && apart(births.is_some_and(|(one, other)| one != other))
    }

    /// Whether name and day of birth are the same.
    fn resembles(&self, other: &Traits) -> bool {
        self.name == other.name && self.birth.is_some() && self.birth == other.birth
    }
}

/// The field with the identity number.
pub(crate) fn number_field(def: &RecordDef) -> Option<&str> {
    let field = def.fields().find(|field| field.kind == RecordKind::IdCard);
    field.map(|field| field.code.as_str())
}

fn text_of(values: &Values, code: &str) -> Option<String> {
    match values.get(code) {
        Some(RecordValue::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// A person in the ledger.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The record.
    pub(crate) stored: Stored,
    /// Its values with the number opened.
    pub(crate) plain: Values,
    traits: Traits,
}

/// The people of the ledger among whom those of a roster are looked up.
#[derive(Debug, Default)]
pub(crate) struct People {
    numbered: BTreeMap<String, Person>,
    unseen: BTreeSet<String>,
    named: BTreeMap<String, Vec<Person>>,
}

/// Who somebody is.
pub(crate) enum Match<'a> {
    /// Somebody with that identity number.
    ByNumber(&'a Person),
    /// The only one of that name in the unit.
    ByName(&'a Person),
    /// Nobody yet.
    Nobody,
    /// One of several.
    Unclear,
    /// Somebody whom the asker may not see.
    Unseen,
}

impl People {
    /// Finds somebody by the identity number, or else, if asked, by the name within a unit.
    pub(crate) fn find(&self, traits: &Traits, unit: UnitId, by_name: bool) -> Match<'_> {
        if let Some(number) = &traits.number {
            if let Some(found) = self.numbered.get(number) {
                return Match::ByNumber(found);
            }
            if self.unseen.contains(number) {
                return Match::Unseen;
            }
        }
        if !by_name {
            return Match::Nobody;
        }
        let named = self.named.get(&traits.name).into_iter().flatten();
        let here = named.filter(|one| one.stored.unit == unit && one.traits.may_be(traits));
        let here: Vec<&Person> = here.collect();
        let alike = here.iter().filter(|one| one.traits.birth == traits.birth);
        let alike: Vec<&&Person> = alike.collect();
        match (here.as_slice(), alike.as_slice()) {
            ([], _) => Match::Nobody,
            ([one], _) => Match::ByName(one),
            (_, [one]) if traits.birth.is_some() => Match::ByName(one),
            _ => Match::Unclear,
        }
    }

    /// Puts somebody among them who is made along.
    pub(crate) fn add(&mut self, used: InUse<'_>, stored: Stored, plain: Values) {
        let traits = Traits::of(used.record, &plain);
        let person = Person {
            stored,
            plain,
            traits: traits.clone(),
        };
        if let Some(number) = traits.number {
            self.numbered.insert(number, person.clone());
        }
        self.named.entry(traits.name).or_default().push(person);
    }

    /// Others with the same name and day of birth.
    pub(crate) fn resembling<'a>(
        &'a self,
        traits: &'a Traits,
        own: i64,
    ) -> impl Iterator<Item = &'a Person> {
        let named = self.named.get(&traits.name).into_iter().flatten();
        named.filter(move |one| one.stored.id != own && one.traits.resembles(traits))
    }
}

impl App {
    /// The people of the ledger who have one of the numbers or names, as far as the scope covers them.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn people(
        &self,
        conn: &mut Conn,
        used: InUse<'_>,
        scope: &Scope,
        all: &[Traits],
    ) -> AppResult<People> {
        let mut people = People::default();
        let today = self.clock.today();
        let mut tokens: BTreeMap<String, &str> = BTreeMap::new();
        for number in all.iter().filter_map(|one| one.number.as_deref()) {
            for token in self.personal.tokens(number)? {
                tokens.insert(token, number);
            }
        }
        let slot = number_field(used.record).and_then(|code| {
            let key = (used.ledger.code.clone(), code.to_owned());
            self.slots.get(&key)
        });
        if let Some(slot) = slot.filter(|_| !tokens.is_empty()) {
            let texts: Vec<String> = tokens.keys().cloned().collect();
            let held = record_find::by_texts(conn, &used.ledger.code, *slot, &texts)?;
            let ids: BTreeSet<i64> = held.values().flatten().copied().collect();
            for stored in record_find::stored(conn, &ids, today)? {
                let person = self.person(used, stored)?;
                let Some(number) = person.traits.number.clone() else {
                    continue;
                };
                let created = Some(person.stored.created_by);
                if scope.covers(&person.stored.path, None, created) {
                    people.numbered.insert(number, person);
                } else {
                    people.unseen.insert(number);
                }
            }
        }
        let names: BTreeSet<&str> = all.iter().map(|one| one.name.as_str()).collect();
        let spelled = names.into_iter().filter(|name| !name.is_empty());
        let spelled = spelled.map(|name| (name.to_owned(), self.readings.spell(name).0));
        let spelled: Vec<(String, String)> = spelled.collect();
        if !spelled.is_empty() {
            for stored in record_find::titled(conn, scope, &used.ledger.code, &spelled, today)? {
                let person = self.person(used, stored)?;
                let same = people.named.entry(person.traits.name.clone());
                same.or_default().push(person);
            }
        }
        Ok(people)
    }

    fn person(&self, used: InUse<'_>, stored: Stored) -> AppResult<Person> {
        let plain = self.opened(used.record, &stored.values)?;
        Ok(Person {
            traits: Traits::of(used.record, &plain),
            stored,
            plain,
        })
    }

    /// Warns of people who may be the one that is entered.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn possible_duplicates(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        stored: &Stored,
        plain: &Values,
    ) -> AppResult<Option<Finding>> {
        if used.ledger.code != PERSON {
            return Ok(None);
        }
        let traits = Traits::of(used.record, plain);
        if traits.birth.is_none() {
            return Ok(None);
        }
        let (_, scope) = self.ledger_in_use(who, PERSON)?;
        let asked = Traits {
            number: None,
            ..traits.clone()
        };
        let people = self.people(conn, used, &scope, &[asked])?;
        let mut others = people.resembling(&traits, stored.id);
        Ok(others.next().map(|one| duplicate(used, one)))
    }
}

/// What is said of a person who may stand in another record already.
pub(crate) fn duplicate(used: InUse<'_>, other: &Person) -> Finding {
    let unit = &other.stored.name;
    Finding {
        rule: DUPLICATE.to_owned(),
        field: Some(used.record.title.clone()),
        severity: Severity::Warning,
        explained: false,
        message_zh: format!(
            "“{unit}”已登记同名且出生日期相同的人员，请核对是否为同一人；确为同一人的，请合并记录"
        ),
        message_en: format!(
            "`{unit}` has a person of the same name and day of birth; see whether it is one person, and merge the records if so"
        ),
    }
}
