//! From an approval, or a record that is saved, to the city's figure: they are sent at a steady pace while somebody looks at the city.

use crate::Done;
use crate::child::Process;
use crate::city::MONTH;
use crate::client::{Client, request};
use crate::load::millis;
use crate::package;
use crate::stats::percentile;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Requests a second.
const PACE: u32 = 50;

/// Connections that send them.
const HANDS: usize = 8;

/// How long after the last of them the figure is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a round brought, in milliseconds.
pub struct Seen {
    /// Half of them were in the city's figure after so long.
    pub median: f64,
    /// Ninety-nine of a hundred.
    pub p99: f64,
    /// Half of them were answered after so long.
    pub answered: f64,
}

/// What is sent, and the status that it must have.
pub struct Sent {
    /// The request.
    pub request: Vec<u8>,
    /// The status.
    pub status: u16,
}

/// Approves reports and watches the city's figure of one metric of theirs.
///
/// # Errors
/// When an approval is refused, or is not seen in time.
pub fn run(server: &Process, approver: &str, viewer: &str, reports: &[Uuid]) -> Done<Seen> {
    let sent = reports.iter().map(|id| {
        let key = Uuid::now_v7();
        let headers = format!("{approver}idempotency-key: {key}\r\nif-match: \"1\"\r\n");
        let path = format!("/api/v1/reports/{id}/actions");
        Sent {
            request: request("POST", &path, &headers, "{\"action\":\"approve\"}"),
            status: 200,
        }
    });
    let (address, who) = (server.address, viewer.to_owned());
    paced(address, sent.collect(), move || approved(address, &who))
}

/// Sends requests, each of which raises a count by one, and watches the count.
///
/// # Errors
/// When one is refused, or is not seen in time.
pub fn paced(
    address: SocketAddr,
    all: Vec<Sent>,
    count: impl Fn() -> Done<usize> + Send + 'static,
) -> Done<Seen> {
    let base = count()?;
    let begun = Instant::now();
    let wanted = all.len();
    let mut shares: Vec<Vec<(usize, Sent)>> = (0..HANDS).map(|_| Vec::new()).collect();
    for (index, one) in all.into_iter().enumerate() {
        if let Some(share) = shares.get_mut(index % HANDS) {
            share.push((index, one));
        }
    }
    let hands: Vec<_> = shares
        .into_iter()
        .map(|own| std::thread::spawn(move || send(address, begun, &own)))
        .collect();
    let watching = std::thread::spawn(move || watch(count, base, wanted));
    let mut answers: Vec<(Duration, Duration)> = Vec::new();
    for hand in hands {
        let own = hand
            .join()
            .map_err(|_| "a sending thread ended".to_owned())?;
        answers.extend(own?);
    }
    let looked = watching
        .join()
        .map_err(|_| "the watching thread ended".to_owned())??;
    answers.sort_by_key(|(answered, _)| *answered);
    let mut waits = Vec::new();
    for (index, (answered, _)) in answers.iter().enumerate() {
        // Each raises the count by one, so the k-th that was answered is in it once it has grown by k.
        let seen = looked.iter().find(|(_, count)| *count > index);
        let (at, _) = seen.ok_or("one was never seen")?;
        waits.push(at.saturating_duration_since(begun + *answered));
    }
    let mut took: Vec<Duration> = answers.iter().map(|(_, took)| *took).collect();
    waits.sort_unstable();
    took.sort_unstable();
    Ok(Seen {
        median: millis(percentile(&waits, 50)),
        p99: millis(percentile(&waits, 99)),
        answered: millis(percentile(&took, 50)),
    })
}

/// Sends at the pace; gives when each was answered since the beginning, and how long it took.
fn send(
    address: SocketAddr,
    begun: Instant,
    own: &[(usize, Sent)],
) -> Done<Vec<(Duration, Duration)>> {
    let mut client = Client::connect(address)?;
    let mut answers = Vec::new();
    for (index, one) in own {
        let turn = u32::try_from(*index).unwrap_or(u32::MAX);
        let due = begun + Duration::from_secs(1) * turn / PACE;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let sent = Instant::now();
        client.expect(one.status, &one.request)?;
        answers.push((begun.elapsed(), sent.elapsed()));
    }
    Ok(answers)
}

/// Looks until all are seen; gives when each count was seen first.
fn watch(
    counted: impl Fn() -> Done<usize>,
    base: usize,
    wanted: usize,
) -> Done<Vec<(Instant, usize)>> {
    let mut looked = Vec::new();
    let end = Instant::now()
        + PATIENCE
        + Duration::from_secs(1) * u32::try_from(wanted).unwrap_or(0) / PACE;
    while Instant::now() < end {
        let count = counted()?.saturating_sub(base);
        looked.push((Instant::now(), count));
        if count >= wanted {
            return Ok(looked);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(format!(
        "of {wanted} not all were seen: {:?}",
        looked.last()
    ))
}

/// How many units' figures the city's has.
fn approved(address: SocketAddr, who: &str) -> Done<usize> {
    let code = package::metric(package::FORMS[0], 1);
    let path = format!("/api/v1/metrics/{code}/figures?period={MONTH}");
    let ask = request("GET", &path, who, "");
    let tree = Client::connect(address)?.expect(200, &ask)?.json()?;
    let count = tree.pointer("/total/approved_units");
    let count = count.and_then(serde_json::Value::as_u64);
    let count = count.ok_or("no count in the figures")?;
    usize::try_from(count).map_err(|error| error.to_string())
}
