//! What is measured of ledgers at their full size: lists, filters, search, forms, figures and their records, records saved, and
//! how soon a saved record is in the city's figure.

use crate::approvals::{self, Sent};
use crate::city::{Size, TODAY};
use crate::client::{Answer, Client, request};
use crate::database::{Database, Postgres};
use crate::floor::{Fresh, Script};
use crate::load::{self, Asker};
use crate::measure::{Bench, CONNECTIONS, Figure, Found, Made, Run, busy};
use crate::registers::{self, NAME};
use crate::server::{self, Place};
use crate::{Done, Options};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The metric whose figures follow the households.
const METRIC: &str = "M23.households_linked";
/// The period of its figures.
const PERIOD: &str = "2026H2";
/// The making of a record, as it is shown.
const MAKING: &str = "a record made 新增一条记录";
/// The list of households.
const HOUSEHOLDS: &str = "/api/v1/ledgers/household/records";

/// Makes the ledgers and measures them on one database.
///
/// # Errors
/// Whatever stands in the way; also records that are missing.
pub fn all(options: &Options, database: &Database, size: Size) -> Done<Found> {
    let mut found = Found {
        embedded: matches!(database, Database::Sqlite(_)),
        ..Found::default()
    };
    let before = busy()?;
    let name = database.name();
    let data = options.folder.join(format!("data-{name}"));
    let own = options.folder.join(format!("package-{name}"));
    let package = if own.is_dir() { &own } else { &options.package };
    let place = Place {
        binary: &options.server,
        data: &data,
        database,
    };
    drop(place.start(package)?);
    server::add_accounts(database)?;
    println!("  filling the ledgers …");
    let registers = registers::fill(database, size.ledgers)?;
    println!("  {:?}, {:.0}/s", registers.records, registers.rate);
    found.registers = Some(registers);
    database.count_values()?;
    let server = place.start(package)?;
    let begun = Instant::now();
    let bench = Bench::new(server, database, size)?;
    bench.settle()?;
    found.folding = begun.elapsed().as_secs_f64();
    println!("  derived in {:.0} s", found.folding);
    database.count_values()?;
    let keeper = Keeper::of(&bench)?;
    bench.looks(&mut found, &keeper)?;
    bench.keeps(&mut found, &keeper)?;
    bench.follows(&mut found, &keeper)?;
    found.held = [0.0, bench.server.memory()?];
    found.busy = [before, busy()?];
    found.count(database)?;
    Ok(found)
}

/// A village and who keeps its records, and a township that keeps those of its villages.
struct Keeper {
    who: String,
    unit: String,
    county: String,
    member: String,
    township: String,
    /// Villages of the township, each with a grid.
    grids: Vec<(String, String)>,
    /// The numbers inside of the township's villages.
    units: Vec<String>,
}

impl Keeper {
    fn of(bench: &Bench<'_>) -> Done<Keeper> {
        let who = server::sign_in(&bench.server, "village")?;
        let county = server::sign_in(&bench.server, "county")?;
        let unit = own_unit(bench.server.address, &who)?;
        let county = own_unit(bench.server.address, &county)?;
        let township = server::sign_in(&bench.server, "township")?;
        let code = own_unit(bench.server.address, &township)?;
        let mut grids = Vec::new();
        for unit in bench.villages_of(&code, "p.code")? {
            let grid = first(bench.server.address, "grid", &unit, &township)?;
            grids.push((unit, grid));
        }
        Ok(Keeper {
            member: first(bench.server.address, "party_member", &unit, &who)?,
            units: bench.villages_of(&code, "p.unit_id")?,
            who,
            unit,
            county,
            township,
            grids,
        })
    }

    fn maker(&self) -> Maker {
        Maker {
            who: self.township.clone(),
            grids: self.grids.clone(),
            next: Arc::default(),
        }
    }
}

/// The first record of a ledger in a unit.
fn first(address: SocketAddr, ledger: &str, unit: &str, who: &str) -> Done<String> {
    let path = format!("/api/v1/ledgers/{ledger}/records?limit=1&unit={unit}");
    let list = asked(address, &path, who)?;
    let id = list.pointer("/items/0/id").and_then(Value::as_str);
    id.map(str::to_owned)
        .ok_or_else(|| format!("no {ledger} in {unit}"))
}

fn asked(address: SocketAddr, path: &str, who: &str) -> Done<Value> {
    let ask = request("GET", path, who, "");
    Client::connect(address)?.expect(200, &ask)?.json()
}

fn own_unit(address: SocketAddr, who: &str) -> Done<String> {
    let me = asked(address, "/api/v1/session", who)?;
    let unit = me.pointer("/unit/code").and_then(Value::as_str);
    unit.map(str::to_owned)
        .ok_or_else(|| format!("no unit in {me}"))
}

/// A text as it stands in an address.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

impl Bench<'_> {
    fn looks(&self, found: &mut Found, keeper: &Keeper) -> Done<()> {
        let records = |rest: &str| format!("/api/v1/ledgers/{rest}");
        let name = encoded(NAME);
        let (unit, county) = (&keeper.unit, &keeper.county);
        let figure = format!("/api/v1/metrics/{METRIC}");
        let city = [
            (
                "50 members of the city 全市党员列50名",
                records("party_member/records?limit=50"),
            ),
            (
                "the same by two filters 按两项筛选",
                records("party_member/records?limit=50&filter=able_to_link:true,away:true"),
            ),
            (
                "how many these are 同一筛选的条数",
                records(
                    "party_member/records?limit=1&total=true&filter=able_to_link:true,away:true",
                ),
            ),
            (
                "a filter that finds few 筛选结果很少",
                records("person/records?limit=50&filter=birth:1950-01-01..1950-01-31"),
            ),
            (
                "a filter that finds nothing 筛选无结果",
                records("party_member/records?limit=50&filter=joined_on:2019-01-01..2019-12-31"),
            ),
            (
                "50 households of a county 一个县的户列50户",
                records(&format!("household/records?limit=50&unit={county}")),
            ),
            (
                "the same by a filter 按一项筛选",
                records(&format!(
                    "household/records?limit=50&unit={county}&filter=people:6..6"
                )),
            ),
            (
                "people by name 按姓名查找",
                records(&format!("person/records?limit=50&q={name}")),
            ),
            (
                "households of a county by name 一个县按户主查找",
                records(&format!(
                    "household/records?limit=50&unit={county}&sort=title&q={name}"
                )),
            ),
            (
                "how many records there are 台账一览",
                "/api/v1/ledgers".to_owned(),
            ),
            ("a ledger for its form 表单定义", records("household_link")),
            (
                "a derived metric by county 推算指标分县",
                format!("{figure}/figures?period={PERIOD}"),
            ),
        ];
        for (name, path) in city {
            self.same(found, name, &self.get(&path), true)?;
        }
        let village = [
            (
                "one record 一条记录",
                records(&format!("party_member/records/{}", keeper.member)),
            ),
            (
                "50 households of a village 一个村的户列50户",
                records("household/records?limit=50"),
            ),
            (
                "choosing a member in a form 表单中选党员",
                records(&format!(
                    "party_member/records?limit=20&q={}",
                    encoded("王")
                )),
            ),
            (
                "the records of a figure 指标的台账明细",
                format!("{figure}/records?unit={unit}&period={PERIOD}&side=denominator"),
            ),
        ];
        for (name, path) in village {
            self.same(found, name, &request("GET", &path, &keeper.who, ""), true)?;
        }
        Ok(())
    }

    fn keeps(&self, found: &mut Found, keeper: &Keeper) -> Done<()> {
        let maker = keeper.maker();
        let like = maker.make();
        let made = Client::connect(self.server.address)?.expect(201, &like)?;
        let script = match self.database {
            Database::Postgres(postgres) => {
                let script = self.making(postgres, found, &maker, &keeper.units)?;
                Some((postgres, script))
            }
            Database::Sqlite(_) => None,
        };
        let run = Run {
            name: MAKING,
            bytes: made.body.len(),
            like: &like,
            script,
            made: Some(&RECORDS),
        };
        self.under_load(found, &run, &|count| maker.several(count))?;
        self.settle()?;
        self.changes(found, keeper)
    }

    /// What pgbench runs in place of making a record.
    fn making(
        &self,
        postgres: &Postgres,
        found: &mut Found,
        maker: &Maker,
        units: &[String],
    ) -> Done<Script> {
        let make = || maker.make();
        let (ran, mut fresh) =
            self.made_by(postgres, found, (MAKING, "ledger_record_id_seq"), make)?;
        // The villages take turns, as they do before the server: one village's count of records admits one writer at a time.
        let (all, count) = (units.join(","), units.len());
        fresh.extend(units.iter().map(|unit| Fresh {
            found: format!("{{{unit}}}"),
            instead: format!(
                "'{{' || (CAST('{{{all}}}' AS bigint[]))[1 + CAST(:r AS bigint) % {count}] || '}}'"
            ),
        }));
        Ok(Script::of(&ran, &fresh, "INSERT INTO ledger_record ("))
    }

    fn changes(&self, found: &mut Found, keeper: &Keeper) -> Done<()> {
        let path = format!("{HOUSEHOLDS}?limit=100&sort=title");
        let list = asked(self.server.address, &path, &keeper.who)?;
        let items = list.pointer("/items").and_then(Value::as_array);
        let records = items.into_iter().flatten().filter_map(Changer::record);
        let mut records: Vec<Known> = records.collect();
        let one = records.first().ok_or("no record to change")?;
        let one = request("GET", &format!("{HOUSEHOLDS}/{}", one.id), &keeper.who, "");
        let bytes = Client::connect(self.server.address)?.expect(200, &one)?;
        for connections in CONNECTIONS {
            let figure = Figure {
                name: "a record changed 修改一条记录".to_owned(),
                connections,
                bytes: bytes.body.len(),
                ..Figure::default()
            };
            self.changed(found, figure, &keeper.who, &mut records)?;
        }
        Ok(())
    }

    fn changed(
        &self,
        found: &mut Found,
        mut figure: Figure,
        who: &str,
        records: &mut [Known],
    ) -> Done<()> {
        for _round in 0..self.size.rounds {
            let askers = Changer::several(figure.connections, who, records);
            self.measured(&mut figure, 200, askers)?;
            self.see_again(who, records)?;
            let alone = Changer::several(1, who, records);
            let span = Duration::from_secs(self.size.seconds);
            let alone = load::run(self.server.address, span / 3, 200, alone)?;
            figure.alone.0.push(alone.median);
            self.see_again(who, records)?;
        }
        println!("  {}: {}/s", figure.name, figure.rate.shown(0));
        found.figures.push(figure);
        Ok(())
    }

    /// Learns the present revisions.
    fn see_again(&self, who: &str, records: &mut [Known]) -> Done<()> {
        let mut client = Client::connect(self.server.address)?;
        for known in records {
            let path = format!("{HOUSEHOLDS}/{}", known.id);
            let answer = client.expect(200, &request("GET", &path, who, ""))?;
            known.etag = answer.etag.ok_or("a record without a tag")?;
        }
        Ok(())
    }

    /// From a household that is entered to the city's figure, at a steady pace over the villages of a township.
    fn follows(&self, found: &mut Found, keeper: &Keeper) -> Done<()> {
        let (address, maker) = (self.server.address, keeper.maker());
        for round in 0..self.size.rounds {
            self.settle()?;
            let sent = (0..self.size.approvals).map(|at| Sent {
                request: maker.made(at, &format!("F{round}-{at}")),
                status: 201,
            });
            let sent: Vec<Sent> = sent.collect();
            let viewer = self.viewer.clone();
            let path = format!("/api/v1/metrics/{METRIC}/figures?period={PERIOD}");
            let count = move || -> Done<usize> {
                let tree = asked(address, &path, &viewer)?;
                let count = tree.pointer("/total/denominator");
                let count = count.and_then(Value::as_u64);
                let count = count.ok_or_else(|| format!("no figure in {tree}"))?;
                usize::try_from(count).map_err(|error| error.to_string())
            };
            let seen = approvals::paced(address, sent, count)?;
            let [median, p99, answered] = &mut found.visible;
            median.0.push(seen.median);
            p99.0.push(seen.p99);
            answered.0.push(seen.answered);
        }
        let shown: Vec<String> = found.visible.iter().map(|one| one.shown(0)).collect();
        println!(
            "  records visible: {} ms ({})",
            shown.join(", "),
            keeper.unit
        );
        Ok(())
    }

    /// A column of the villages of a township.
    fn villages_of(&self, township: &str, column: &str) -> Done<Vec<String>> {
        let gathered = match self.database {
            Database::Sqlite(_) => format!("group_concat({column})"),
            Database::Postgres(_) => format!("string_agg(CAST({column} AS text), ',')"),
        };
        let found = self.database.words(&format!(
            "SELECT {gathered} AS words FROM unit_placement p JOIN unit_placement t ON t.unit_id = p.parent_id WHERE t.code = '{township}' \
             AND p.kind = 'administrative_village' AND p.valid_to > '{TODAY}' AND t.valid_to > '{TODAY}'"
        ))?;
        Ok(found.split(',').map(str::to_owned).collect())
    }
}

/// The records that are made, and what takes away those that pgbench made.
const RECORDS: Made = Made {
    table: "ledger_record",
    clear: "DELETE FROM ledger_version WHERE record_id > {last}; DELETE FROM ledger_link WHERE record_id > {last}; \
            DELETE FROM ledger_former WHERE record_id > {last}; DELETE FROM ledger_record WHERE id > {last}; DELETE FROM ledger_tally_queue; DELETE FROM derive_queue; \
            UPDATE ledger_tally SET own = (SELECT count(*) FROM ledger_record r WHERE r.unit_id = ledger_tally.unit_id \
            AND r.ledger = ledger_tally.ledger AND NOT r.deleted) WHERE ledger = 'household' AND own > 0; \
            DELETE FROM event WHERE seq IS NULL; DELETE FROM audit WHERE seq IS NULL",
    touched: &[
        "ledger_record",
        "ledger_version",
        "ledger_link",
        "ledger_tally",
        "ledger_tally_queue",
        "derive_queue",
        "event",
        "audit",
    ],
};

/// Makes households, the villages taking turns; copies never make the same.
#[derive(Debug, Clone)]
struct Maker {
    who: String,
    grids: Vec<(String, String)>,
    next: Arc<AtomicUsize>,
}

impl Maker {
    fn make(&self) -> Vec<u8> {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        self.made(at, &format!("N{at}"))
    }

    /// The household with a number that is entered at a turn.
    fn made(&self, at: usize, number: &str) -> Vec<u8> {
        let turn = self.grids.get(at % self.grids.len().max(1));
        let (unit, grid) = turn.cloned().unwrap_or_default();
        let values = json!({ "number": number, "head": "于新户", "people": 3, "grid": grid });
        let body = json!({ "unit": unit, "values": values });
        let headers = format!("{}idempotency-key: {}\r\n", self.who, Uuid::now_v7());
        request("POST", HOUSEHOLDS, &headers, &body.to_string())
    }

    fn several(&self, count: usize) -> Vec<Box<dyn Asker>> {
        let one = |_| -> Box<dyn Asker> { Box::new(self.clone()) };
        (0..count).map(one).collect()
    }
}

impl Asker for Maker {
    fn next(&mut self) -> Vec<u8> {
        self.make()
    }
}

/// A record whose revision is known.
#[derive(Debug, Clone)]
struct Known {
    id: String,
    etag: String,
    values: Value,
}

/// Changes records, each with the revision that its last answer told.
#[derive(Debug, Clone)]
struct Changer {
    who: String,
    records: Vec<Known>,
    at: usize,
}

impl Changer {
    /// Several that share the records out.
    fn several(count: usize, who: &str, records: &[Known]) -> Vec<Box<dyn Asker>> {
        let part = records.len().div_ceil(count.max(1)).max(1);
        let of = |part: &[Known]| -> Box<dyn Asker> {
            Box::new(Changer {
                who: who.to_owned(),
                records: part.to_vec(),
                at: 0,
            })
        };
        records.chunks(part).map(of).collect()
    }

    fn record(item: &Value) -> Option<Known> {
        let revision = item.get("revision")?.as_i64()?;
        Some(Known {
            id: item.get("id")?.as_str()?.to_owned(),
            etag: format!("\"{revision}\""),
            values: item.get("values")?.clone(),
        })
    }
}

impl Asker for Changer {
    fn next(&mut self) -> Vec<u8> {
        self.at = (self.at + 1) % self.records.len().max(1);
        let Some(known) = self.records.get_mut(self.at) else {
            return Vec::new();
        };
        let people = known.values.get("people").and_then(Value::as_i64);
        if let Some(values) = known.values.as_object_mut() {
            values.insert("people".to_owned(), json!(people.unwrap_or(0) % 9 + 1));
        }
        let body = json!({ "values": known.values });
        let headers = format!("{}if-match: {}\r\n", self.who, known.etag);
        let path = format!("{HOUSEHOLDS}/{}", known.id);
        request("PUT", &path, &headers, &body.to_string())
    }

    fn heard(&mut self, answer: &Answer) {
        if let (Some(known), Some(etag)) = (self.records.get_mut(self.at), &answer.etag) {
            known.etag.clone_from(etag);
        }
    }
}
