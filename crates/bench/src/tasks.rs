//! Tasks: handed down to every village at once, and made one by one.

use crate::Done;
use crate::child::Process;
use crate::client::{Answer, Client, request};
use crate::database::Database;
use crate::load::{Asker, millis};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use uuid::Uuid;

/// The matter whose hand-down to all villages is timed.
pub const MATTER: &str = "M12";

/// The matter of the tasks that are made one by one: it is handed down for months too.
pub const MONTHLY: &str = "M16";

/// Matters that are handed down beside it, so that there are fifty thousand tasks of several projects.
const OTHERS: [&str; 3] = ["M02", "M13", "M18"];

/// The due day of what is handed down.
const DUE: &str = "2027-12-20";

/// Hands a matter down to all villages and gives the milliseconds that it took; every unit must have its task.
///
/// # Errors
/// When it is refused, or tasks are missing.
pub fn hand_down(
    server: &Process,
    who: &str,
    database: &Database,
    matter: &str,
    year: usize,
) -> Done<f64> {
    let before = count(database)?;
    let body = serde_json::json!({
        "matter": matter, "period": year.to_string(), "due": DUE, "to": { "type": "level", "level": "village" }
    });
    let key = Uuid::now_v7();
    let headers = format!("{who}idempotency-key: {key}\r\n");
    let ask = request("POST", "/api/v1/hand-downs", &headers, &body.to_string());
    let mut client = Client::connect(server.address)?;
    let begun = Instant::now();
    let answer = client.expect(201, &ask)?.json()?;
    let took = millis(begun.elapsed());
    let told = answer.get("tasks").and_then(serde_json::Value::as_i64);
    let made = count(database)? - before;
    if told == Some(made) && made > 0 {
        return Ok(took);
    }
    Err(format!("{told:?} tasks were told, {made} are there"))
}

/// Fills up to fifty thousand tasks, once those of [`MATTER`] are there.
///
/// # Errors
/// When it is refused.
pub fn fill(server: &Process, who: &str, database: &Database) -> Done<()> {
    for matter in OTHERS {
        hand_down(server, who, database, matter, 2026)?;
    }
    Ok(())
}

/// How many tasks there are.
///
/// # Errors
/// What the database says.
pub fn count(database: &Database) -> Done<i64> {
    database.number("SELECT count(*) AS number FROM task")
}

/// Makes tasks, each for a unit and a period that has none; copies never make the same.
#[derive(Debug, Clone)]
pub struct Maker {
    who: String,
    units: Arc<Vec<String>>,
    next: Arc<AtomicUsize>,
}

impl Maker {
    /// So many askers.
    pub fn several(&self, count: usize) -> Vec<Box<dyn Asker>> {
        let one = |_| -> Box<dyn Asker> { Box::new(self.clone()) };
        (0..count).map(one).collect()
    }

    /// For those units.
    pub fn new(who: &str, units: Vec<String>) -> Maker {
        Maker {
            who: who.to_owned(),
            units: Arc::new(units),
            next: Arc::default(),
        }
    }

    /// How many were made.
    pub fn made(&self) -> usize {
        self.next.load(Ordering::Relaxed)
    }

    /// The next request.
    pub fn make(&self) -> Vec<u8> {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        let count = self.units.len().max(1);
        let unit = self.units.get(at % count).map_or("", String::as_str);
        let month = at / count;
        let period = format!("{}-{:02}", 2022 + month / 12, month % 12 + 1);
        let body =
            serde_json::json!({ "matter": MONTHLY, "period": period, "unit": unit, "due": DUE });
        let key = Uuid::now_v7();
        let headers = format!("{}idempotency-key: {key}\r\n", self.who);
        request("POST", "/api/v1/tasks", &headers, &body.to_string())
    }
}

impl Asker for Maker {
    fn next(&mut self) -> Vec<u8> {
        self.make()
    }
}

/// Saves drafts, each with the revision that its last answer told.
#[derive(Debug, Clone)]
pub struct Saver {
    who: String,
    /// The drafts and their tags.
    pub drafts: Vec<(Uuid, String)>,
    at: usize,
    turn: usize,
}

impl Saver {
    /// One of several that share the drafts out.
    pub fn several(count: usize, who: &str, drafts: &[(Uuid, String)]) -> Vec<Saver> {
        let part = drafts.len().div_ceil(count.max(1)).max(1);
        let of = |part: &[(Uuid, String)]| Saver {
            who: who.to_owned(),
            drafts: part.to_vec(),
            at: 0,
            turn: 0,
        };
        drafts.chunks(part).map(of).collect()
    }
}

impl Asker for Saver {
    fn next(&mut self) -> Vec<u8> {
        self.turn += 1;
        self.at = self.turn % self.drafts.len().max(1);
        let (id, etag) = self.drafts.get(self.at).cloned().unwrap_or_default();
        let values: serde_json::Map<String, serde_json::Value> = (1..=crate::package::FIELDS)
            .map(|field| (format!("f{field:02}"), (self.turn * field).into()))
            .collect();
        let body = serde_json::json!({ "values": values });
        let headers = format!("{}if-match: {etag}\r\n", self.who);
        request(
            "PUT",
            &format!("/api/v1/reports/{id}"),
            &headers,
            &body.to_string(),
        )
    }

    fn heard(&mut self, answer: &Answer) {
        if let (Some(draft), Some(etag)) = (self.drafts.get_mut(self.at), &answer.etag) {
            draft.1.clone_from(etag);
        }
    }
}
