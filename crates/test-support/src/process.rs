//! The server as a process of its own, to be killed.

use crate::app::Fault;
use crate::tree;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use zhenxing_storage::Failpoint;

const PATIENCE: Duration = Duration::from_secs(60);

/// A process; dropping it kills it.
pub struct Process {
    child: Child,
    lines: Receiver<String>,
}

/// Where a process finds what it needs.
pub struct Place {
    /// The binary.
    pub binary: PathBuf,
    /// The database's address.
    pub database: String,
    /// The package's folder.
    pub package: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// The file that takes everything the server logs; without it only errors are logged, to the terminal.
    pub log: Option<PathBuf>,
}

impl Place {
    /// A folder with a copy of the package that has the small tree.
    ///
    /// # Errors
    /// What stands in the way of copying.
    pub fn prepare(binary: &str, database: String, folder: &Path) -> Result<Place, Fault> {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes/cangzhou-2021");
        let package = folder.join("package");
        copy(&shipped, &package)?;
        let divisions = package.join("divisions.csv");
        std::fs::write(&divisions, tree::small(&std::fs::read(&divisions)?)?)?;
        Ok(Place {
            binary: binary.into(),
            database,
            package,
            data: folder.join("data"),
            log: None,
        })
    }

    /// Starts the server, perhaps to stop when it reaches a place for the n-th time.
    ///
    /// # Errors
    /// When there is no such binary.
    pub fn start(&self, stop: Option<(Failpoint, u32)>) -> Result<Process, Fault> {
        let mut command = Command::new(&self.binary);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--demo-accounts"])
            .args(["--today", "2026-11-24", "--database-connections", "4"])
            .args(["--rate-limit", "1000000", "--sign-in-limit", "1000000"])
            .arg("--database-url")
            .arg(&self.database)
            .arg("--package-dir")
            .arg(&self.package)
            .arg("--data-dir")
            .arg(&self.data)
            .env("ZHENXING_LOG", "error")
            .env_remove("ZHENXING_STOP_AT")
            .stdout(Stdio::piped());
        if let Some(file) = &self.log {
            let file = std::fs::File::create(file)?;
            command.env("ZHENXING_LOG", "trace").stderr(file);
        }
        if let Some((place, times)) = stop {
            command.env("ZHENXING_STOP_AT", format!("{}:{times}", place.as_str()));
        }
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Process { child, lines })
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

impl Process {
    /// Waits until the server is ready; gives its address and the accounts' password.
    ///
    /// # Errors
    /// When it ends before, or takes too long.
    pub fn ready(&self) -> Result<(String, String), Fault> {
        let mut url = String::new();
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left)?;
            if let Some(rest) = line.strip_prefix("open: ") {
                url = rest.trim_end_matches('/').to_owned();
            }
            if let Some(password) = line.strip_prefix("password: ") {
                return Ok((url, password.to_owned()));
            }
        }
    }

    /// Whether the process says within that time that it stopped at its place.
    ///
    /// # Errors
    /// When it ended.
    pub fn stopped(&self, within: Duration) -> Result<bool, Fault> {
        let end = Instant::now() + within;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if line.starts_with("stopped at ") => return Ok(true),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(false),
                Err(gone) => return Err(gone.into()),
            }
        }
    }

    /// Ends it at once (SIGKILL) and waits until it is gone.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub fn kill(mut self) -> Result<(), Fault> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
