//! Processes: the server that is measured, and the handler that answers from memory.

use crate::Done;
use crate::client::Client;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(1800);

/// A process that serves; dropping it ends it.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// The password that it printed, where it made accounts.
    pub password: String,
    /// From its start to its first answer.
    pub started: Duration,
}

impl Process {
    /// Starts a command that prints `open: http://ADDRESS/`, perhaps with `password: …` after it, and waits until it answers.
    ///
    /// # Errors
    /// When it ends before, or takes too long.
    pub fn start(command: &mut Command, password: bool) -> Done<Process> {
        let begun = Instant::now();
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("starting {command:?}: {error}"))?;
        let output = child.stdout.take().ok_or("no output")?;
        let (send, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        let mut process = Process {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            password: String::new(),
            started: Duration::ZERO,
        };
        let end = begun + PATIENCE;
        while process.address.port() == 0 || (password && process.password.is_empty()) {
            let left = end.saturating_duration_since(Instant::now());
            let line = lines
                .recv_timeout(left)
                .map_err(|_| format!("{command:?} does not get ready"))?;
            if let Some(rest) = line.strip_prefix("open: http://") {
                let address = rest.trim_end_matches('/').parse();
                process.address = address.map_err(|error| format!("{line}: {error}"))?;
            }
            if let Some(rest) = line.strip_prefix("password: ") {
                process.password = rest.to_owned();
            }
        }
        let ask = crate::client::request("GET", "/api/v1/health", "", "");
        Client::connect(process.address)?.send(&ask)?;
        process.started = begun.elapsed();
        Ok(process)
    }

    /// Processor time that it has used.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn processor(&self) -> Done<Duration> {
        let stat = read(&format!("/proc/{}/stat", self.child.id()))?;
        let fields = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        let ticks = fields.split(' ').skip(11).take(2);
        let ticks: u64 = ticks.filter_map(|text| text.parse::<u64>().ok()).sum();
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Halts it, or lets it go on: its jobs would disturb what is measured beside it.
    ///
    /// # Errors
    /// When the signal does not reach it.
    pub fn halt(&self, halted: bool) -> Done<()> {
        let signal = if halted { "-STOP" } else { "-CONT" };
        let mut kill = Command::new("kill");
        let done = kill.arg(signal).arg(self.child.id().to_string()).status();
        let done = done.map_err(|error| format!("kill {signal}: {error}"))?;
        done.success()
            .then_some(())
            .ok_or_else(|| format!("kill {signal}: {done}"))
    }

    /// Memory that it holds, in MB.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn memory(&self) -> Done<f64> {
        let status = read(&format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        kilobytes
            .map(|kilobytes| kilobytes / 1024.0)
            .ok_or_else(|| "no VmRSS".to_owned())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        if let Err(error) = ended {
            eprintln!("ending a server: {error}");
        }
    }
}

/// Reads a file of the system.
///
/// # Errors
/// Which one could not be read.
pub fn read(path: &str) -> Done<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}
