//! From an approval to the city's figure: reports are approved at a steady pace while somebody looks at the city.

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

/// Approvals a second.
const PACE: u32 = 50;

/// Connections that approve.
const HANDS: usize = 8;

/// How long after the last approval the figure is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a round brought, in milliseconds.
pub struct Seen {
    /// Half of the approvals were in the city's figure after so long.
    pub median: f64,
    /// Ninety-nine of a hundred.
    pub p99: f64,
    /// Half of the approvals were answered after so long.
    pub answered: f64,
}

/// Approves reports and watches the city's figure of one metric of theirs.
///
/// # Errors
/// When an approval is refused, or is not seen in time.
pub fn run(server: &Process, approver: &str, viewer: &str, reports: &[Uuid]) -> Done<Seen> {
    let address = server.address;
    let base = approved(address, viewer)?;
    let begun = Instant::now();
    let hands: Vec<_> = (0..HANDS)
        .map(|hand| {
            let own: Vec<(usize, Uuid)> = reports
                .iter()
                .copied()
                .enumerate()
                .filter(|(index, _)| index % HANDS == hand)
                .collect();
            let who = approver.to_owned();
            std::thread::spawn(move || approve(address, &who, begun, &own))
        })
        .collect();
    let (eyes, wanted) = (viewer.to_owned(), reports.len());
    let watching = std::thread::spawn(move || watch(address, &eyes, base, wanted));
    let mut answers: Vec<(Duration, Duration)> = Vec::new();
    for hand in hands {
        let own = hand
            .join()
            .map_err(|_| "an approving thread ended".to_owned())?;
        answers.extend(own?);
    }
    let looked = watching
        .join()
        .map_err(|_| "the watching thread ended".to_owned())??;
    answers.sort_by_key(|(answered, _)| *answered);
    let mut waits = Vec::new();
    for (index, (answered, _)) in answers.iter().enumerate() {
        // The figure counts the approvals, so the k-th that was answered is in it once it has grown by k.
        let seen = looked.iter().find(|(_, count)| *count > index);
        let (at, _) = seen.ok_or("an approval was never seen")?;
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

/// Approves at the pace; gives when each was answered since the beginning, and how long it took.
fn approve(
    address: SocketAddr,
    who: &str,
    begun: Instant,
    own: &[(usize, Uuid)],
) -> Done<Vec<(Duration, Duration)>> {
    let mut client = Client::connect(address)?;
    let mut answers = Vec::new();
    for (index, id) in own {
        let turn = u32::try_from(*index).unwrap_or(u32::MAX);
        let due = begun + Duration::from_secs(1) * turn / PACE;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let key = Uuid::now_v7();
        let headers = format!("{who}idempotency-key: {key}\r\nif-match: \"1\"\r\n");
        let path = format!("/api/v1/reports/{id}/actions");
        let sent = Instant::now();
        client.expect(
            200,
            &request("POST", &path, &headers, "{\"action\":\"approve\"}"),
        )?;
        answers.push((begun.elapsed(), sent.elapsed()));
    }
    Ok(answers)
}

/// Looks until all are seen; gives when each count was seen first.
fn watch(
    address: SocketAddr,
    who: &str,
    base: usize,
    wanted: usize,
) -> Done<Vec<(Instant, usize)>> {
    let mut looked = Vec::new();
    let end = Instant::now()
        + PATIENCE
        + Duration::from_secs(1) * u32::try_from(wanted).unwrap_or(0) / PACE;
    while Instant::now() < end {
        let count = approved(address, who)?.saturating_sub(base);
        looked.push((Instant::now(), count));
        if count >= wanted {
            return Ok(looked);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(format!(
        "of {wanted} approvals not all were seen: {:?}",
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
