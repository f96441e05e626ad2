//! The server is killed in the middle of its work: what was acknowledged is there, a repeat has one effect, and the
//! stored figures equal a recomputation.

use crate::steps::{recomputed, values};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use zhenxing_domain::policy::Scope;
use zhenxing_server::app::setup::numbered;
use zhenxing_server::jobs::anything_waits;
use zhenxing_server::package;
use zhenxing_storage::{Db, Failpoint, event};
use zhenxing_test_support::process::Place;
use zhenxing_test_support::{Answer, Ask, Caller, Fault, database};

const PERIODS: [&str; 5] = ["2021", "2022", "2023", "2024", "2025"];
const VILLAGES: usize = 4;

/// How often the server is killed at a moment of chance.
fn rounds() -> usize {
    let deep = std::env::var_os("ZHENXING_TEST_DEEP").is_some();
    if deep { 50 } else { 4 }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

/// A write as it is sent, and sent again.
#[derive(Clone)]
struct Write {
    method: &'static str,
    path: String,
    login: &'static str,
    key: Option<String>,
    tag: Option<String>,
    body: Value,
}

/// One report on its way round: begun, saved, submitted, checked, approved, opened again, saved …
#[derive(Default)]
struct Walk {
    unit: String,
    period: &'static str,
    id: String,
    revision: i64,
    state: String,
    writes: u64,
    waiting: Option<Write>,
    last: Option<(Write, Answer)>,
}

impl Walk {
    fn next(&mut self) -> Write {
        self.writes += 1;
        let action = |method, login, body| Write {
            method,
            path: format!("/reports/{}", self.id) + if method == "POST" { "/actions" } else { "" },
            login,
            key: (method == "POST")
                .then(|| format!("{}-{}-{}", self.unit, self.period, self.writes)),
            tag: Some(format!("\"{}\"", self.revision)),
            body,
        };
        let amount = i64::try_from(self.writes % 7 + 1).unwrap_or(0) * 2_000_000;
        match (self.state.as_str(), self.writes % 5) {
            ("", _) => Write {
                method: "POST",
                path: "/reports".to_owned(),
                login: "township",
                key: Some(format!("{}-{}-new", self.unit, self.period)),
                tag: None,
                body: json!({ "form": "M12", "unit": self.unit, "period": self.period, "values": values(amount), "source_document": "年报" }),
            },
            ("draft" | "returned", 0) => action(
                "PUT",
                "township",
                json!({ "values": values(amount), "explanations": { "jump": "按测试数据变化" } }),
            ),
            ("draft" | "returned", _) => action("POST", "township", json!({ "action": "submit" })),
            ("submitted", 1) => action(
                "POST",
                "township",
                json!({ "action": "return", "reason": "请核对" }),
            ),
            ("submitted", _) => action("POST", "township", json!({ "action": "check" })),
            ("checked", _) => action("POST", "county", json!({ "action": "approve" })),
            _ => action(
                "POST",
                "county",
                json!({ "action": "revise", "reason": "数据更正" }),
            ),
        }
    }

    fn take(&mut self, write: Write, answer: Answer) {
        self.id = answer.text("/summary/id").to_owned();
        self.revision = answer
            .at("/revision")
            .as_i64()
            .unwrap_or_else(|| answer.etag().trim_matches('"').parse().unwrap_or(0));
        self.state = answer.text("/summary/state").to_owned();
        self.last = Some((write, answer));
    }
}

/// The server of the moment with tokens for it.
struct Desk {
    caller: Caller,
    tokens: BTreeMap<&'static str, String>,
}

impl Desk {
    async fn send(&self, write: &Write) -> Result<Answer, Fault> {
        let token = self.tokens.get(write.login).ok_or("a token")?;
        let mut ask = Ask::by(token).json(&write.body);
        if let Some(key) = &write.key {
            ask = ask.header("Idempotency-Key", key);
        }
        if let Some(tag) = &write.tag {
            ask = ask.header("If-Match", tag);
        }
        self.caller.call(write.method, &write.path, ask).await
    }

    async fn report(&self, id: &str) -> Result<Option<Answer>, Fault> {
        let token = self.tokens.get("county").ok_or("a token")?;
        let path = format!("/reports/{id}");
        let answer = self.caller.call("GET", &path, Ask::by(token)).await;
        unless_gone(answer)
    }

    /// Sends a write until the server gives its final word on it; nothing when the server is gone.
    async fn settle(&self, write: &Write) -> Result<Option<Answer>, Fault> {
        loop {
            match unless_gone(self.send(write).await)? {
                // A transaction of the killed server may still be ending in the database.
                Some(answer) if answer.text("/code") == "still_running" => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                other => return Ok(other),
            }
        }
    }
}

fn unless_gone(answer: Result<Answer, Fault>) -> Result<Option<Answer>, Fault> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is::<reqwest::Error>() => Ok(None),
        Err(error) => Err(error),
    }
}

/// One walk is taken up and goes on until the server is gone.
async fn walk_on(desk: Rc<Desk>, walk: Rc<RefCell<Walk>>) -> Result<(), Fault> {
    if !take_up(&desk, &walk).await? {
        return Ok(());
    }
    loop {
        let write = walk.borrow_mut().next();
        walk.borrow_mut().waiting = Some(write.clone());
        let Some(answer) = desk.settle(&write).await? else {
            return Ok(());
        };
        if answer.status >= 300 {
            return Err(format!("{} {}: {}", write.method, write.path, answer.body).into());
        }
        let mut walk = walk.borrow_mut();
        walk.waiting = None;
        walk.take(write, answer);
    }
}

/// After a crash: what was under way is sent again, and everything acknowledged is there. False when the server is
/// gone again.
async fn take_up(desk: &Desk, walk: &RefCell<Walk>) -> Result<bool, Fault> {
    let last = walk.borrow().last.clone();
    if let Some((write, first)) = last
        && write.key.is_some()
    {
        let Some(again) = desk.settle(&write).await? else {
            return Ok(false);
        };
        assert_eq!(
            (again.status, &again.body),
            (first.status, &first.body),
            "a repeat"
        );
    }
    let waiting = walk.borrow().waiting.clone();
    if let Some(write) = waiting {
        let Some(answer) = desk.settle(&write).await? else {
            return Ok(false);
        };
        // A save has no key: that it landed shows in the revision, one further.
        let landed = answer.status == 412 && write.key.is_none();
        assert!(
            answer.status < 300 || landed,
            "{} {}",
            write.path,
            answer.body
        );
        let (id, revision) = (walk.borrow().id.clone(), walk.borrow().revision);
        let now = if landed {
            let Some(now) = desk.report(&id).await? else {
                return Ok(false);
            };
            assert_eq!(now.etag(), format!("\"{}\"", revision + 1));
            now
        } else {
            answer
        };
        let mut walk = walk.borrow_mut();
        walk.waiting = None;
        walk.take(write, now);
        if landed {
            walk.last = None;
        }
    }
    let (id, tag) = (
        walk.borrow().id.clone(),
        format!("\"{}\"", walk.borrow().revision),
    );
    if id.is_empty() {
        return Ok(true);
    }
    let Some(now) = desk.report(&id).await? else {
        return Ok(false);
    };
    assert_eq!(now.etag(), tag, "{}", now.body);
    assert_eq!(now.text("/summary/state"), walk.borrow().state);
    Ok(true)
}

/// Every change has one event, numbers have no gap, and stored figures equal a recomputation. Gives the sum of the counts
/// of approved units.
fn books_agree(db: &Db, walks: &[Rc<RefCell<Walk>>]) -> Result<i64, Fault> {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        if !anything_waits(db)? {
            break;
        }
        assert!(Instant::now() < end, "the jobs do not come to an end");
        std::thread::sleep(Duration::from_millis(50));
    }
    let system = Scope::bypass_for_system_work();
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).ok_or("a day")?;
    let events = db.read(|conn| event::after(conn, &system, 0, 1_000_000, today))?;
    let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
    let count = i64::try_from(numbers.len())?;
    assert_eq!(numbers, (1..=count).collect::<Vec<i64>>());
    for walk in walks {
        let walk = walk.borrow();
        let own = events.iter().filter(|event| event.subject == walk.id);
        assert_eq!(
            i64::try_from(own.count())?,
            walk.revision,
            "events of {}",
            walk.id
        );
    }
    let loaded = package::load(None).map_err(|_| "the package")?.package;
    let (_, shapes) = numbered(db, &loaded)?;
    let mut approved = 0;
    for text in PERIODS {
        let figures = recomputed(db, &shapes, text)?;
        approved += figures
            .values()
            .map(|tally| tally.approved_units)
            .sum::<i64>();
    }
    println!("{count} events, {approved} approved counts compared");
    Ok(approved)
}

/// A place for a server of its own, as long as its folder is kept.
fn place() -> Result<(TempDir, Place), Fault> {
    let folder = tempfile::tempdir()?;
    let database = database::fresh(folder.path())?;
    let place = Place::prepare(env!("CARGO_BIN_EXE_zhenxing"), database, folder.path())?;
    Ok((folder, place))
}

#[actix_web::test]
async fn killed_at_any_moment_it_keeps_what_it_acknowledged() -> Result<(), Fault> {
    let (_folder, place) = place()?;
    let server = place.start(None)?;
    let (url, password) = server.ready()?;
    let mut tokens = BTreeMap::new();
    let caller = Caller::new(&url)?;
    for login in ["township", "county"] {
        tokens.insert(login, caller.sign_in(login, &password).await?);
    }
    let walks = begin(&caller, &tokens).await?;
    server.kill()?;
    let mut dice = Dice(0x2021_1130_0131_2026);
    let mut stops: Vec<Option<(Failpoint, u32)>> = Vec::new();
    for point in Failpoint::ALL {
        for far in [3, 30] {
            stops.push(Some((point, 1 + u32::try_from(dice.roll(far))?)));
        }
    }
    stops.extend(std::iter::repeat_n(None, rounds()));
    let mut before = 0;
    for stop in stops {
        let server = place.start(stop)?;
        let (url, _) = server.ready()?;
        let desk = Rc::new(Desk {
            caller: Caller::new(&url)?,
            tokens: tokens.clone(),
        });
        let mut running = Vec::new();
        for walk in &walks {
            running.push(actix_web::rt::spawn(walk_on(
                Rc::clone(&desk),
                Rc::clone(walk),
            )));
        }
        let wait = Duration::from_millis(5 + dice.roll(700));
        let watched = actix_web::web::block(move || -> Result<bool, String> {
            let reached = match stop {
                Some(_) => server.stopped(Duration::from_secs(30)),
                None => {
                    std::thread::sleep(wait);
                    Ok(true)
                }
            };
            server.kill().map_err(|error| error.to_string())?;
            reached.map_err(|error| error.to_string())
        });
        let reached = watched.await??;
        for task in running {
            task.await??;
        }
        assert!(reached, "{stop:?} was never reached");
        let done: i64 = walks.iter().map(|walk| walk.borrow().revision).sum();
        println!("{stop:?}: {} writes acknowledged", done - before);
        before = done;
    }
    let server = place.start(None)?;
    let (url, _) = server.ready()?;
    let desk = Desk {
        caller: Caller::new(&url)?,
        tokens,
    };
    for walk in &walks {
        assert!(take_up(&desk, walk).await?);
    }
    assert!(before > 20, "{before} writes in all: no load");
    let approved = books_agree(&Db::open(&place.database, 1)?, &walks)?;
    assert!(approved > 0, "nothing was ever approved");
    server.kill()
}

/// Walks of a few villages of the township, a period each.
async fn begin(
    caller: &Caller,
    tokens: &BTreeMap<&'static str, String>,
) -> Result<Vec<Rc<RefCell<Walk>>>, Fault> {
    let token = tokens.get("township").ok_or("a token")?;
    let path = "/dues?form=M12&period=2025&limit=200";
    let list = caller.call("GET", path, Ask::by(token)).await?;
    let rows = list.at("/items").as_array().cloned().unwrap_or_default();
    let mut walks = Vec::new();
    for (row, period) in rows.iter().zip(PERIODS).take(VILLAGES) {
        walks.push(Rc::new(RefCell::new(Walk {
            unit: row
                .pointer("/unit/code")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            period,
            ..Walk::default()
        })));
    }
    assert_eq!(walks.len(), VILLAGES);
    Ok(walks)
}

#[actix_web::test]
async fn a_first_start_that_is_killed_is_taken_up_by_the_next() -> Result<(), Fault> {
    let (_folder, place) = place()?;
    for wait in [10, 30, 60, 100, 160, 250] {
        let server = place.start(None)?;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        server.kill()?;
    }
    let server = place.start(None)?;
    let (url, password) = server.ready()?;
    let caller = Caller::new(&url)?;
    let token = caller.sign_in("city", &password).await?;
    let list = caller
        .call("GET", "/units?limit=1&total=true", Ask::by(&token))
        .await?;
    let lines = std::fs::read_to_string(place.package.join("divisions.csv"))?;
    assert_eq!(list.at("/total"), lines.lines().count() - 1);
    let overview = caller.call("GET", "/overview", Ask::by(&token)).await?;
    assert_eq!(overview.status, 200);
    books_agree(&Db::open(&place.database, 1)?, &[])?;
    server.kill()
}
