//! A city's ledgers: people, members of the party, grids, households and the links between them, as many as there are.

use crate::Done;
use crate::database::Database;
use crate::stats::float;
use std::collections::BTreeMap;
use std::time::Instant;
use uuid::Uuid;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::record::{RecordValue, Values};
use zhenxing_domain::unit::{Level, UnitKind};
use zhenxing_storage::record::{self, Slot, SlotValue, Stored, Written};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, Db, StorageError, ledger_tally, record_version};

/// Members of the party in the city.
const MEMBERS: usize = 300_000;
/// Households in the city.
const HOUSEHOLDS: usize = 1_200_000;
/// Grids of a village.
const GRIDS: usize = 10;
/// Members of a village who keep contact with households.
const LINKING: usize = 12;
/// Households of each of them.
const LINKED: usize = 10;
/// People of a household, by turns.
const PEOPLE: [i64; 6] = [1, 2, 3, 4, 5, 6];
/// Records that one statement writes.
const BATCH: usize = 500;
/// Villages whose ledgers one transaction fills.
const VILLAGES: usize = 50;

/// Family names and given names, each with its reading.
const FAMILY: [(&str, &str); 12] = [
    ("王", "wang"),
    ("李", "li"),
    ("张", "zhang"),
    ("刘", "liu"),
    ("赵", "zhao"),
    ("孙", "sun"),
    ("马", "ma"),
    ("高", "gao"),
    ("田", "tian"),
    ("郭", "guo"),
    ("于", "yu"),
    ("韩", "han"),
];
const GIVEN: [(&str, &str); 16] = [
    ("建", "jian"),
    ("国", "guo"),
    ("秀", "xiu"),
    ("英", "ying"),
    ("文", "wen"),
    ("明", "ming"),
    ("志", "zhi"),
    ("强", "qiang"),
    ("桂", "gui"),
    ("兰", "lan"),
    ("永", "yong"),
    ("生", "sheng"),
    ("玉", "yu"),
    ("珍", "zhen"),
    ("树", "shu"),
    ("林", "lin"),
];

/// A name by which people are looked for.
pub const NAME: &str = "韩树林";

/// What was made, and how quickly.
#[derive(Debug, Default)]
pub struct Registers {
    /// Records of each ledger.
    pub records: BTreeMap<&'static str, usize>,
    /// Records written in a second, versions, links and slots included.
    pub rate: f64,
}

/// Fills the ledgers of every village, whole or one record of so many.
///
/// # Errors
/// What the database says, or that records are missing.
pub fn fill(database: &Database, one_of: usize) -> Done<Registers> {
    let said = |error: StorageError| error.to_string();
    let db = Db::open(&database.url(), 2).map_err(said)?;
    let system = Scope::bypass_for_system_work();
    let today = Period::parse(crate::city::MONTH).map_err(|error| error.to_string())?;
    let units = db
        .read(|conn| unit::all(conn, &system, today.last_day()))
        .map_err(said)?;
    let village = |unit: &Placed| {
        unit.level == Level::Village && unit.kind == UnitKind::AdministrativeVillage
    };
    let villages: Vec<Placed> = units.into_iter().filter(village).collect();
    let by = database.number("SELECT id AS number FROM account WHERE login = 'bench-filler'")?;
    let slots = db
        .write(|conn| record::give_slots(conn, &[]))
        .map_err(said)?;
    let maker = Maker {
        by: AccountId(by),
        slots,
    };
    let mut made = Registers::default();
    let begun = Instant::now();
    let count = villages.len().max(1);
    let numbered: Vec<(usize, &Placed)> = villages.iter().enumerate().collect();
    for part in numbered.chunks(VILLAGES) {
        let write = |conn: &mut Conn| -> Result<Vec<(&'static str, usize)>, StorageError> {
            let mut counts = Vec::new();
            for (at, village) in part {
                let share = |all: usize| (at + 1) * all / count - at * all / count;
                let (members, households) = (share(MEMBERS / one_of), share(HOUSEHOLDS / one_of));
                counts.extend(maker.village(conn, village, *at, members, households)?);
            }
            Ok(counts)
        };
        for (ledger, more) in db.write(write).map_err(said)? {
            *made.records.entry(ledger).or_default() += more;
        }
    }
    let all: usize = made.records.values().sum();
    made.rate = float(all) / begun.elapsed().as_secs_f64();
    let found = database.number("SELECT count(*) AS number FROM ledger_record")?;
    if usize::try_from(found).ok() != Some(all) {
        return Err(format!("{all} records were written, {found} are there"));
    }
    // The figures of every village, queued as the server queues them when periods come: metric by metric, period by period.
    database.run(
        "INSERT INTO derive_queue (period, metric_id, unit_id) SELECT d.period, d.metric_id, t.unit_id FROM derived_period d \
         CROSS JOIN (SELECT DISTINCT unit_id FROM ledger_tally WHERE own > 0) t ORDER BY d.metric_id, d.period, t.unit_id",
    )?;
    Ok(made)
}

struct Maker {
    by: AccountId,
    slots: BTreeMap<(String, String), Slot>,
}

/// One that is to be written: its title with its reading, its values, and the records that it names.
struct New {
    title: (String, String),
    values: Vec<(&'static str, RecordValue)>,
    links: Vec<(&'static str, i64)>,
}

fn text(text: &str) -> RecordValue {
    RecordValue::Text(text.to_owned())
}

fn name(at: usize) -> (String, String) {
    let pick = |table: &[(&'static str, &'static str)], at: usize| {
        table.get(at % table.len()).copied().unwrap_or_default()
    };
    let parts = [
        pick(&FAMILY, at),
        pick(&GIVEN, at / 12),
        pick(&GIVEN, at / 192),
    ];
    let name = parts.iter().map(|(name, _)| *name).collect();
    (name, parts.iter().map(|(_, reading)| *reading).collect())
}

impl Maker {
    /// The ledgers of a village.
    fn village(
        &self,
        conn: &mut Conn,
        unit: &Placed,
        at: usize,
        members: usize,
        households: usize,
    ) -> Result<Vec<(&'static str, usize)>, StorageError> {
        let people: Vec<New> = (0..members)
            .map(|one| {
                let year = 1950 + (at + one * 7) % 50;
                New {
                    title: name(at * 31 + one * 17),
                    values: vec![
                        ("name", text(&name(at * 31 + one * 17).0)),
                        ("sex", text(if one % 4 == 0 { "female" } else { "male" })),
                        ("birth", text(&format!("{year}-{:02}-15", one % 12 + 1))),
                        ("education", text("senior")),
                        ("political_status", text("member")),
                    ],
                    links: Vec::new(),
                }
            })
            .collect();
        let persons = self.write(conn, "person", unit, &people)?;
        let party: Vec<New> = persons
            .iter()
            .zip(&people)
            .enumerate()
            .map(|(one, (person, known))| self.member(one, *person, known))
            .collect();
        let party = self.write(conn, "party_member", unit, &party)?;
        let grids: Vec<New> = (1..=GRIDS).map(|one| self.grid(one)).collect();
        let grids = self.write(conn, "grid", unit, &grids)?;
        let homes: Vec<New> = (0..households)
            .map(|one| {
                let grid = grids.get(one % GRIDS).copied().unwrap_or_default();
                let head = name(at * 13 + one * 29);
                New {
                    values: vec![
                        ("number", text(&format!("{:04}", one + 1))),
                        ("head", text(&head.0)),
                        (
                            "people",
                            RecordValue::Number(
                                PEOPLE.get(one % PEOPLE.len()).copied().unwrap_or(1),
                            ),
                        ),
                        ("grid", RecordValue::Number(grid)),
                    ],
                    title: head,
                    links: vec![("grid", grid)],
                }
            })
            .collect();
        let houses = self.write(conn, "household", unit, &homes)?;
        let linked = houses.iter().zip(&homes).take(LINKING * LINKED);
        let links: Vec<New> = linked
            .enumerate()
            .filter_map(|(one, (house, home))| {
                let member = *party.get(one / LINKED)?;
                Some(New {
                    title: home.title.clone(),
                    values: vec![
                        ("member", RecordValue::Number(member)),
                        ("household", RecordValue::Number(*house)),
                        ("since", text("2024-01-01")),
                    ],
                    links: vec![("member", member), ("household", *house)],
                })
            })
            .collect();
        let links = self.write(conn, "household_link", unit, &links)?;
        let counts = vec![
            ("person", persons.len()),
            ("party_member", party.len()),
            ("grid", grids.len()),
            ("household", houses.len()),
            ("household_link", links.len()),
        ];
        let changes = counts.iter().map(|(ledger, count)| {
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            (((*ledger).to_owned(), unit.id), count)
        });
        ledger_tally::change(conn, &changes.collect(), 0)?;
        Ok(counts)
    }

    fn member(&self, one: usize, person: i64, known: &New) -> New {
        let able = one < LINKING;
        New {
            title: known.title.clone(),
            values: vec![
                ("person", RecordValue::Number(person)),
                ("standing", text("full")),
                ("joined_on", text("2005-07-01")),
                ("since", text("2010-07-01")),
                ("away", RecordValue::Flag(one % 10 == 9)),
                ("able_to_work", RecordValue::Flag(!one.is_multiple_of(3))),
                ("able_to_link", RecordValue::Flag(able)),
            ],
            links: vec![("person", person)],
        }
    }

    fn grid(&self, one: usize) -> New {
        New {
            title: (format!("第{one}网格"), format!("di{one}wangge")),
            values: vec![
                ("name", text(&format!("第{one}网格"))),
                ("kind", text("group")),
                ("has_group", RecordValue::Flag(one.is_multiple_of(2))),
            ],
            links: Vec::new(),
        }
    }

    /// Writes records of a ledger and gives their numbers.
    fn write(
        &self,
        conn: &mut Conn,
        ledger: &str,
        unit: &Placed,
        new: &[New],
    ) -> Result<Vec<i64>, StorageError> {
        let mut numbers = Vec::new();
        for part in new.chunks(BATCH) {
            let stored: Vec<Stored> = part
                .iter()
                .map(|one| self.stored(ledger, unit, one))
                .collect();
            let written: Vec<Written<'_>> = stored
                .iter()
                .zip(part)
                .map(|(record, one)| Written {
                    record,
                    action: "make",
                    reason: None,
                    spelling: one.title.1.clone(),
                    slots: self.slots(ledger, one),
                    links: one
                        .links
                        .iter()
                        .map(|(field, id)| ((*field).to_owned(), *id))
                        .collect(),
                })
                .collect();
            let made = record::insert(conn, &written, self.by, 0)?;
            let all: Vec<(i64, &Written<'_>)> = made.iter().copied().zip(&written).collect();
            record::link(conn, &all)?;
            record_version::keep(conn, &all, self.by, 0)?;
            numbers.extend(made);
        }
        Ok(numbers)
    }

    fn stored(&self, ledger: &str, unit: &Placed, one: &New) -> Stored {
        let values = one.values.iter();
        let values: Values = values
            .map(|(field, value)| ((*field).to_owned(), value.clone()))
            .collect();
        Stored {
            id: 0,
            public_id: Uuid::now_v7(),
            ledger: ledger.to_owned(),
            unit: UnitId(unit.id.0),
            path: unit.path.clone(),
            code: unit.code.clone(),
            name: unit.name.clone(),
            parent_name: None,
            home_shard: unit.home_shard,
            state: String::new(),
            revision: 1,
            title: one.title.0.clone(),
            values,
            deleted: false,
            created_by: self.by,
            updated_at: 0,
        }
    }

    fn slots(&self, ledger: &str, one: &New) -> BTreeMap<Slot, SlotValue> {
        let mut found = BTreeMap::new();
        for (field, value) in &one.values {
            let key = (ledger.to_owned(), (*field).to_owned());
            let Some(slot) = self.slots.get(&key) else {
                continue;
            };
            let kept = match value {
                RecordValue::Flag(flag) => SlotValue::Text(flag.to_string()),
                RecordValue::Number(number) => SlotValue::Number(*number),
                RecordValue::Text(text) => match value.as_day() {
                    Some(day) => {
                        SlotValue::Number(i64::from(chrono::Datelike::num_days_from_ce(&day)))
                    }
                    None => SlotValue::Text(text.clone()),
                },
                RecordValue::Numbers(_) | RecordValue::Texts(_) => continue,
            };
            found.insert(*slot, kept);
        }
        found
    }
}
