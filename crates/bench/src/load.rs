//! Load: a number of connections that each send the next request when the answer to the last has come.

use crate::Done;
use crate::client::Client;
use crate::stats::{float, percentile};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What a load brought.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Answers with the status that was expected.
    pub requests: usize,
    /// How long it took.
    pub seconds: f64,
    /// Half of the answers came within so many milliseconds.
    pub median: f64,
    /// Ninety-nine of a hundred came within so many milliseconds.
    pub p99: f64,
}

impl Outcome {
    /// Answers in a second.
    pub fn rate(&self) -> f64 {
        float(self.requests) / self.seconds
    }
}

/// One connection's requests: the next from its own count, what is to be remembered from the answer.
pub trait Asker: Send {
    /// The next request.
    fn next(&mut self) -> Vec<u8>;

    /// Looks at an answer.
    fn heard(&mut self, _answer: &crate::client::Answer) {}
}

/// The same request again and again.
pub struct Same(pub Vec<u8>);

impl Asker for Same {
    fn next(&mut self) -> Vec<u8> {
        self.0.clone()
    }
}

/// Sends for a while; every answer must have that status.
///
/// # Errors
/// Any other status.
pub fn run(
    address: SocketAddr,
    span: Duration,
    status: u16,
    askers: Vec<Box<dyn Asker>>,
) -> Done<Outcome> {
    let begun = Instant::now();
    let end = begun + span;
    let threads: Vec<_> = askers
        .into_iter()
        .map(|asker| std::thread::spawn(move || one(address, end, status, asker)))
        .collect();
    let mut took = Vec::new();
    for thread in threads {
        let own = thread
            .join()
            .map_err(|_| "a load thread ended".to_owned())?;
        took.extend(own?);
    }
    let seconds = begun.elapsed().as_secs_f64();
    took.sort_unstable();
    Ok(Outcome {
        requests: took.len(),
        seconds,
        median: millis(percentile(&took, 50)),
        p99: millis(percentile(&took, 99)),
    })
}

fn one(
    address: SocketAddr,
    end: Instant,
    status: u16,
    mut asker: Box<dyn Asker>,
) -> Done<Vec<Duration>> {
    let mut client = Client::connect(address)?;
    let mut took = Vec::new();
    while Instant::now() < end {
        let request = asker.next();
        let sent = Instant::now();
        let answer = client.expect(status, &request)?;
        took.push(sent.elapsed());
        asker.heard(&answer);
    }
    Ok(took)
}

/// A duration in milliseconds.
pub fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}
