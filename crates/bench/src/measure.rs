//! What is measured, and how: each round runs the floors and the server one after the other, so that both meet the same
//! machine.

use crate::approvals;
use crate::child::Process;
use crate::city::{self, City, Size};
use crate::client::{Client, request};
use crate::database::{Database, Postgres};
use crate::floor::{self, Fresh, Ran, Script};
use crate::load::{self, Asker, Same, millis};
use crate::package;
use crate::registers::Registers;
use crate::server::{self, Place};
use crate::stats::{Rounds, float};
use crate::tasks::{self, Maker, Saver};
use crate::{Done, Options};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use uuid::Uuid;
use zhenxing_domain::period::Period;

/// Connections of each load.
pub const CONNECTIONS: [usize; 2] = [8, 16];

/// The making of a task, as it is shown.
const MAKING: &str = "a task made 新建任务";

/// One operation under one load.
#[derive(Debug, Default)]
pub struct Figure {
    /// What it is.
    pub name: String,
    /// Connections.
    pub connections: usize,
    /// Bytes of the answer.
    pub bytes: usize,
    /// Statements of one request, where the floor was measured.
    pub statements: usize,
    /// Answers a second.
    pub rate: Rounds,
    /// The median of one connection alone, in milliseconds.
    pub alone: Rounds,
    /// The median, in milliseconds.
    pub median: Rounds,
    /// Ninety-nine of a hundred, in milliseconds.
    pub p99: Rounds,
    /// The server's processor time for one request, in milliseconds.
    pub processor: Rounds,
    /// Answers a second from memory.
    pub memory: Rounds,
    /// The same statements by pgbench, a second.
    pub pgbench: Rounds,
    /// The rate over that which both floors allow together.
    pub ratio: Rounds,
}

/// What was found with one database.
#[derive(Debug, Default)]
pub struct Found {
    /// The database and its version.
    pub database: String,
    /// Whether it is SQLite.
    pub embedded: bool,
    /// The data.
    pub city: City,
    /// Observations at the end.
    pub observations: i64,
    /// Figures of the units above.
    pub rollups: i64,
    /// Reports.
    pub reports: i64,
    /// Tasks before any was made one by one.
    pub tasks: i64,
    /// Operations.
    pub figures: Vec<Figure>,
    /// Statements of operations with floors.
    pub listings: Vec<(String, String)>,
    /// Seconds that summing all periods up took.
    pub folding: f64,
    /// Milliseconds until half of the approvals were visible, and ninety-nine of a hundred, and until half were answered.
    pub visible: [Rounds; 3],
    /// Milliseconds that handing a matter down to all villages took.
    pub handed: Rounds,
    /// Milliseconds from the start to the first answer.
    pub started: Rounds,
    /// The ledgers, where they are what was measured.
    pub registers: Option<Registers>,
    /// Memory in MB after the start, and after all loads.
    pub held: [f64; 2],
    /// The load of the machine before and after.
    pub busy: [String; 2],
}

/// A server with everybody who asks.
pub struct Bench<'a> {
    /// The database below it.
    pub database: &'a Database,
    /// The server.
    pub server: Process,
    /// How much is measured.
    pub size: Size,
    /// Who looks at the city.
    pub viewer: String,
    coordinator: String,
    filler: String,
    approver: String,
}

/// Makes the data and measures everything on one database.
///
/// # Errors
/// Whatever stands in the way; also rows that are missing.
pub fn all(options: &Options, database: &Database, size: Size) -> Done<Found> {
    let mut found = Found {
        embedded: matches!(database, Database::Sqlite(_)),
        ..Found::default()
    };
    let before = busy()?;
    let name = database.name();
    let data = options.folder.join(format!("data-{name}"));
    let package = options.folder.join(format!("package-{name}"));
    let place = Place {
        binary: &options.server,
        data: &data,
        database,
    };
    drop(place.start(&options.package)?);
    server::add_accounts(database)?;
    println!("  loading {} months …", size.months);
    let periods = city::periods(size.months)?;
    let first = *periods.last().ok_or("no period")?;
    package::write(&options.package, &package, first)?;
    found.city = city::fill(database, size)?;
    let begun = Instant::now();
    drop(place.start(&package)?);
    found.folding = begun.elapsed().as_secs_f64();
    println!("  summed up in {:.0} s", found.folding);
    check_sums(database)?;
    database.count_values()?;
    starts(&place, &package, size, &mut found)?;
    let server = place.start(&package)?;
    found.held = [server.memory()?, 0.0];
    let bench = Bench::new(server, database, size)?;
    bench.hand_down(&mut found)?;
    bench.reads(&mut found)?;
    bench.writes(&mut found)?;
    bench.approvals(&mut found)?;
    let [_, held] = &mut found.held;
    *held = bench.server.memory()?;
    found.busy = [before, busy()?];
    found.count(database)?;
    Ok(found)
}

impl Found {
    /// Counts what is there at the end.
    ///
    /// # Errors
    /// What the database says.
    pub fn count(&mut self, database: &Database) -> Done<()> {
        let count =
            |table: &str| database.number(&format!("SELECT count(*) AS number FROM {table}"));
        self.observations = count("observation")?;
        self.rollups = count("rollup")?;
        self.reports = count("report")?;
        self.database = match database {
            Database::Sqlite(_) => {
                let version = database.words("SELECT sqlite_version() AS words")?;
                format!("SQLite {version}")
            }
            Database::Postgres(_) => database
                .words("SELECT 'PostgreSQL ' || current_setting('server_version') AS words")?,
        };
        Ok(())
    }
}

/// The load of the machine over one, five and fifteen minutes.
///
/// # Errors
/// When the system does not tell it.
pub fn busy() -> Done<String> {
    let text = crate::child::read("/proc/loadavg")?;
    Ok(text.split(' ').take(3).collect::<Vec<_>>().join(" "))
}

/// Every figure of the city must be the sum of what the villages reported.
fn check_sums(database: &Database) -> Done<()> {
    let wrong = database.number(
        "SELECT count(*) AS number FROM (SELECT r.metric_id FROM rollup r \
         JOIN unit u ON u.id = r.unit_id AND u.level = 'city' \
         JOIN metric m ON m.id = r.metric_id AND m.code LIKE 'M08.bench%' \
         JOIN (SELECT period, metric_id, sum(coalesce(approved_num, 0)) AS total FROM observation GROUP BY period, metric_id) o \
         ON o.period = r.period AND o.metric_id = r.metric_id WHERE o.total <> r.approved_num) AS wrong",
    )?;
    match wrong {
        0 => Ok(()),
        wrong => Err(format!(
            "{wrong} figures of the city are not the sum of the villages'"
        )),
    }
}

fn starts(place: &Place<'_>, package: &Path, size: Size, found: &mut Found) -> Done<()> {
    for _round in 0..size.rounds {
        let server = place.start(package)?;
        found.started.0.push(millis(server.started));
    }
    println!("  start: {} ms", found.started.shown(0));
    Ok(())
}

impl<'a> Bench<'a> {
    /// Everybody signed in.
    ///
    /// # Errors
    /// When the server does not let one in.
    pub fn new(server: Process, database: &'a Database, size: Size) -> Done<Bench<'a>> {
        Ok(Bench {
            viewer: server::sign_in(&server, "bench-viewer")?,
            coordinator: server::sign_in(&server, "bench-coordinator")?,
            filler: server::sign_in(&server, "bench-filler")?,
            approver: server::sign_in(&server, "bench-approver")?,
            database,
            server,
            size,
        })
    }
}

impl Bench<'_> {
    fn hand_down(&self, found: &mut Found) -> Done<()> {
        for round in 0..self.size.rounds {
            let (server, database) = (&self.server, self.database);
            let took = tasks::hand_down(
                server,
                &self.coordinator,
                database,
                tasks::MATTER,
                2026 - round,
            )?;
            found.handed.0.push(took);
        }
        tasks::fill(&self.server, &self.coordinator, self.database)?;
        found.tasks = tasks::count(self.database)?;
        println!(
            "  hand-down: {} ms, {} tasks",
            found.handed.shown(0),
            found.tasks
        );
        self.settle()?;
        self.database.count_values()
    }

    /// Waits until the jobs have nothing left.
    ///
    /// # Errors
    /// When they do not come to an end.
    pub fn settle(&self) -> Done<()> {
        for _turn in 0..18_000 {
            // Asked often, beside what is measured: whether a row is there costs nothing, how many there are does.
            let left = self.database.number(
                "SELECT count(*) AS number FROM (SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM rollup_queue) \
                 OR EXISTS (SELECT 1 FROM task_queue) OR EXISTS (SELECT 1 FROM derive_queue) \
                 OR EXISTS (SELECT 1 FROM ledger_tally_queue) OR EXISTS (SELECT 1 FROM event WHERE seq IS NULL) \
                 OR EXISTS (SELECT 1 FROM audit WHERE seq IS NULL)) waiting",
            )?;
            if left == 0 {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err("the jobs do not come to an end".to_owned())
    }

    /// What somebody who looks at the city asks.
    pub fn get(&self, path: &str) -> Vec<u8> {
        request("GET", path, &self.viewer, "")
    }

    fn reads(&self, found: &mut Found) -> Done<()> {
        let list = self.get("/api/v1/tasks?project=P3&limit=50");
        let rows = Client::connect(self.server.address)?
            .expect(200, &list)?
            .json()?;
        let items = rows.pointer("/items").and_then(|items| items.as_array());
        let items = items.ok_or("no items")?;
        if items.len() != 50 {
            return Err(format!("a page of 50 tasks has {}", items.len()));
        }
        let id = items.get(17).and_then(|task| task.pointer("/id")?.as_str());
        let one = self.get(&format!("/api/v1/tasks/{}", id.ok_or("no number")?));
        self.same(found, "one task 一项任务", &one, true)?;
        self.same(
            found,
            "50 tasks by project and due day 按工程和时限列50项任务",
            &list,
            true,
        )?;
        let overview = self.get("/api/v1/overview?period=2025");
        self.same(
            found,
            "overview of the city, a year 总览（全年）",
            &overview,
            false,
        )?;
        let code = package::metric(package::FORMS[2], 3);
        let figures = self.get(&format!("/api/v1/metrics/{code}/figures?period=2026-10"));
        self.same(found, "a metric by county 一项指标分县", &figures, false)?;
        let metrics = package::metrics().join(",");
        let (from, until) = self.year()?;
        let ask =
            format!("/api/v1/statistics?metrics={metrics}&level=county&periods={from}..{until}");
        let name = "40 metrics × 19 counties × 12 months 统计分析";
        self.same(found, name, &self.get(&ask), false)?;
        let ask = format!("/api/v1/statistics?metrics={code}&level=village&periods=2026-10");
        self.same(
            found,
            "a metric of every village 全部村一项指标",
            &self.get(&ask),
            false,
        )
    }

    /// The first and the last of twelve months that are over, or of as many as there are.
    fn year(&self) -> Done<(Period, Period)> {
        let months = city::periods(self.size.months.min(13))?;
        let over = months.get(1).zip(months.last());
        let (last, first) = over.ok_or("no months")?;
        Ok((*first, *last))
    }

    /// The same GET under each load.
    ///
    /// # Errors
    /// Any answer but a good one.
    pub fn same(&self, found: &mut Found, name: &str, ask: &[u8], floor: bool) -> Done<()> {
        let script = match self.database {
            Database::Postgres(postgres) if floor => {
                let tries = floor::statements_of(postgres, || self.once(ask))?;
                let ran = tries.last().ok_or("no statements")?;
                found.listings.push((name.to_owned(), floor::listed(ran)));
                Some((postgres, Script::of(ran, &[], "")))
            }
            _ => None,
        };
        let asking = |count: usize| -> Vec<Box<dyn Asker>> {
            (0..count)
                .map(|_| -> Box<dyn Asker> { Box::new(Same(ask.to_vec())) })
                .collect()
        };
        let bytes = Client::connect(self.server.address)?
            .expect(200, ask)?
            .body
            .len();
        let run = Run {
            name,
            bytes,
            like: ask,
            script,
            made: None,
        };
        self.under_load(found, &run, &asking)
    }

    fn once(&self, ask: &[u8]) -> Done<()> {
        Client::connect(self.server.address)?
            .expect(200, ask)
            .map(drop)
    }

    fn writes(&self, found: &mut Found) -> Done<()> {
        let maker = Maker::new(&self.coordinator, self.villages()?);
        let like = maker.make();
        let made = Client::connect(self.server.address)?.expect(201, &like)?;
        let script = match self.database {
            Database::Postgres(postgres) => {
                Some((postgres, self.creating(postgres, found, &maker)?))
            }
            Database::Sqlite(_) => None,
        };
        let name = MAKING;
        let run = Run {
            name,
            bytes: made.body.len(),
            like: &like,
            script,
            made: Some(&TASKS),
        };
        let (before, sent) = (tasks::count(self.database)?, maker.made());
        self.under_load(found, &run, &|count| maker.several(count))?;
        let sent = i64::try_from(maker.made() - sent).unwrap_or(i64::MAX);
        let more = tasks::count(self.database)? - before;
        if more != sent {
            return Err(format!("{sent} tasks were made, {more} are there"));
        }
        let drafts: Vec<(Uuid, String)> = found
            .city
            .drafts
            .iter()
            .map(|id| (*id, "\"1\"".to_owned()))
            .collect();
        self.saves(found, drafts)
    }

    fn saves(&self, found: &mut Found, drafts: Vec<(Uuid, String)>) -> Done<()> {
        let half = drafts.split_at(drafts.len() / CONNECTIONS.len());
        for (connections, part) in CONNECTIONS.into_iter().zip([half.0, half.1]) {
            let mut figure = Figure {
                name: "a report saved 保存报送".to_owned(),
                connections,
                ..Figure::default()
            };
            let mut savers = Saver::several(connections, &self.filler, part);
            let path = part.first().map(|(id, _)| format!("/api/v1/reports/{id}"));
            let one = request("GET", &path.ok_or("no draft")?, &self.filler, "");
            figure.bytes = Client::connect(self.server.address)?
                .expect(200, &one)?
                .body
                .len();
            for _round in 0..self.size.rounds {
                let askers: Vec<Box<dyn Asker>> = savers
                    .iter()
                    .map(|saver| -> Box<dyn Asker> { Box::new(saver.clone()) })
                    .collect();
                self.measured(&mut figure, 200, askers)?;
                savers = self.seen_again(&savers)?;
            }
            println!("  {}: {}/s", figure.name, figure.rate.shown(0));
            found.figures.push(figure);
        }
        Ok(())
    }

    /// Savers that know the present revisions.
    fn seen_again(&self, savers: &[Saver]) -> Done<Vec<Saver>> {
        let mut client = Client::connect(self.server.address)?;
        let mut again = Vec::new();
        for saver in savers {
            let mut saver = saver.clone();
            for (id, etag) in &mut saver.drafts {
                let ask = request("GET", &format!("/api/v1/reports/{id}"), &self.filler, "");
                let answer = client.expect(200, &ask)?;
                *etag = answer.etag.ok_or("a report without a tag")?;
            }
            again.push(saver);
        }
        Ok(again)
    }

    /// What pgbench runs in place of making a task.
    fn creating(&self, postgres: &Postgres, found: &mut Found, maker: &Maker) -> Done<Script> {
        let make = || maker.make();
        let (ran, mut fresh) = self.made_by(postgres, found, (MAKING, "hand_down_id_seq"), make)?;
        // A unit has a matter but once in a period.
        fresh.push(Fresh {
            found: tasks::MONTHLY.to_owned(),
            instead: format!("'{}-' || :r", tasks::MONTHLY),
        });
        Ok(Script::of(&ran, &fresh, "INSERT INTO hand_down"))
    }

    /// The statements by which the server makes something that a sequence numbers, and what differs in them each time.
    ///
    /// # Errors
    /// Any answer but that it is made, or what the database says.
    pub fn made_by(
        &self,
        postgres: &Postgres,
        found: &mut Found,
        (name, sequence): (&str, &str),
        make: impl Fn() -> Vec<u8>,
    ) -> Done<(Vec<Ran>, Vec<Fresh>)> {
        // A number so large is found in the statements without mistake.
        self.database
            .run(&format!("ALTER SEQUENCE {sequence} RESTART WITH 700000001"))?;
        let mut tries = floor::statements_of(postgres, || {
            Client::connect(self.server.address)?
                .expect(201, &make())
                .map(drop)
        })?;
        let given = tries.last().map(|ran| floor::given(ran));
        let fresh = floor::fresh_of(&tries, &given.unwrap_or_default());
        let ran = tries.pop().ok_or("no statements")?;
        found.listings.push((name.to_owned(), floor::listed(&ran)));
        Ok((ran, fresh))
    }

    /// Runs pgbench in the server's place. What it made is counted and taken away, so that the server's jobs have no work
    /// of it.
    fn by_pgbench(
        &self,
        postgres: &Postgres,
        script: &Script,
        connections: usize,
        made: Option<&Made>,
    ) -> Done<f64> {
        let span = Duration::from_secs(self.size.seconds);
        let Some(made) = made else {
            return script
                .run(postgres, connections, span)
                .map(|(rate, _)| rate);
        };
        self.settle()?;
        self.server.halt(true)?;
        let last = self
            .database
            .number(&format!("SELECT max(id) AS number FROM {}", made.table))?;
        let done = script.run(postgres, connections, span);
        let count = self.database.number(&format!(
            "SELECT count(*) AS number FROM {} WHERE id > {last}",
            made.table
        ));
        let cleared = self
            .database
            .run(&made.clear.replace("{last}", &last.to_string()));
        self.server.halt(false)?;
        cleared?;
        for table in made.touched {
            self.database.run(&format!("VACUUM {table}"))?;
        }
        let (rate, transactions) = done?;
        if count? == transactions {
            return Ok(rate);
        }
        Err(format!(
            "pgbench told {transactions} transactions, and made other rows"
        ))
    }

    fn villages(&self) -> Done<Vec<String>> {
        let codes = self.database.words(match self.database {
            Database::Sqlite(_) => "SELECT group_concat(p.code) AS words FROM unit_placement p JOIN unit u ON u.id = p.unit_id WHERE u.level = 'village'",
            Database::Postgres(_) => "SELECT string_agg(p.code, ',') AS words FROM unit_placement p JOIN unit u ON u.id = p.unit_id WHERE u.level = 'village'",
        })?;
        Ok(codes.split(',').map(str::to_owned).collect())
    }

    fn approvals(&self, found: &mut Found) -> Done<()> {
        self.settle()?;
        let waiting = found.city.waiting.clone();
        for part in waiting.chunks(self.size.approvals).take(self.size.rounds) {
            let seen = approvals::run(&self.server, &self.approver, &self.viewer, part)?;
            let [median, p99, answered] = &mut found.visible;
            median.0.push(seen.median);
            p99.0.push(seen.p99);
            answered.0.push(seen.answered);
            self.settle()?;
        }
        println!(
            "  approvals visible: {} ms",
            found
                .visible
                .iter()
                .map(|rounds| rounds.shown(0))
                .collect::<Vec<_>>()
                .join(", ")
        );
        Ok(())
    }

    /// Measures an operation under each load.
    ///
    /// # Errors
    /// Any answer but a good one.
    pub fn under_load(
        &self,
        found: &mut Found,
        run: &Run<'_>,
        asking: &dyn Fn(usize) -> Vec<Box<dyn Asker>>,
    ) -> Done<()> {
        let memory = run.script.as_ref().map(|_| run.memory()).transpose()?;
        let status = run.status();
        let span = Duration::from_secs(self.size.seconds);
        for connections in CONNECTIONS {
            let mut figure = Figure {
                name: run.name.to_owned(),
                connections,
                bytes: run.bytes,
                statements: run
                    .script
                    .as_ref()
                    .map_or(0, |(_, script)| script.statements),
                ..Figure::default()
            };
            for _round in 0..self.size.rounds {
                let from_memory = match &memory {
                    Some(memory) => {
                        let like = (0..connections)
                            .map(|_| -> Box<dyn Asker> { Box::new(Same(run.like.to_vec())) })
                            .collect();
                        Some(load::run(memory.address, span, status, like)?.rate())
                    }
                    None => None,
                };
                let same = match &run.script {
                    Some((postgres, script)) => {
                        Some(self.by_pgbench(postgres, script, connections, run.made)?)
                    }
                    None => None,
                };
                let rate = self.measured(&mut figure, status, asking(connections))?;
                if let Some((from_memory, same)) = from_memory.zip(same) {
                    figure.memory.0.push(from_memory);
                    figure.pgbench.0.push(same);
                    figure
                        .ratio
                        .0
                        .push(rate / floor::together(from_memory, same));
                }
                let alone = load::run(self.server.address, span / 3, status, asking(1))?;
                figure.alone.0.push(alone.median);
            }
            println!(
                "  {}, {connections}: {}/s, {} of the floor, p99 {} ms, {} ms CPU",
                figure.name,
                figure.rate.shown(0),
                figure.ratio.shown(2),
                figure.p99.shown(1),
                figure.processor.shown(3)
            );
            found.figures.push(figure);
        }
        Ok(())
    }

    /// One round of an operation; gives its answers a second.
    ///
    /// # Errors
    /// Any answer but one with the status.
    pub fn measured(
        &self,
        figure: &mut Figure,
        status: u16,
        askers: Vec<Box<dyn Asker>>,
    ) -> Done<f64> {
        let span = Duration::from_secs(self.size.seconds);
        let before = self.server.processor()?;
        let outcome = load::run(self.server.address, span, status, askers)?;
        let used = self.server.processor()?.saturating_sub(before);
        figure.rate.0.push(outcome.rate());
        figure.median.0.push(outcome.median);
        figure.p99.0.push(outcome.p99);
        figure
            .processor
            .0
            .push(millis(used) / float(outcome.requests.max(1)));
        Ok(outcome.rate())
    }
}

/// What an operation makes, and what takes away what pgbench made in its place.
pub struct Made {
    /// The table with a row for each that is made.
    pub table: &'static str,
    /// Statements that take away the rows after `{last}` and what belongs to them.
    pub clear: &'static str,
    /// The tables that are tidied up after that.
    pub touched: &'static [&'static str],
}

const TASKS: Made = Made {
    table: "task",
    clear: "DELETE FROM task WHERE id > {last}; DELETE FROM hand_down WHERE matter LIKE 'M16-%'; \
            DELETE FROM task_queue WHERE matter LIKE 'M16-%'; DELETE FROM event WHERE seq IS NULL; DELETE FROM audit WHERE seq IS NULL",
    touched: &["task", "hand_down", "task_queue", "event", "audit"],
};

/// One operation that is to be measured.
pub struct Run<'a> {
    /// What it is.
    pub name: &'a str,
    /// Bytes of the answer.
    pub bytes: usize,
    /// A request of it.
    pub like: &'a [u8],
    /// What pgbench runs in its place.
    pub script: Option<(&'a Postgres, Script)>,
    /// What it makes; nothing where it reads.
    pub made: Option<&'a Made>,
}

impl Run<'_> {
    fn status(&self) -> u16 {
        if self.made.is_some() { 201 } else { 200 }
    }

    /// A handler that answers the same number of bytes from memory.
    fn memory(&self) -> Done<Process> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(own);
        command.args(["memory", "--bytes", &self.bytes.to_string()]);
        command.args(["--status", &self.status().to_string()]);
        Process::start(&mut command, false)
    }
}
