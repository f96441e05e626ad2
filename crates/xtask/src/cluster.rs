//! A PostgreSQL of our own for the tests: quick, temporary, gone when we are gone.

use crate::process::{self, Done};
use crate::tools;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// The shell that keeps the server waits for its input to end, which happens however we end
/// (return, interrupt, kill); then it stops the server and removes the folder.
const KEEPER: &str = r#"
trap '' INT TERM HUP
data=$1; shift
"$@" >"$data/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$data"
"#;

/// A running cluster; dropping it ends it.
pub struct Cluster {
    keeper: Child,
    input: Option<ChildStdin>,
    port: u16,
    programs: PathBuf,
    data: PathBuf,
}

/// What a cluster is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Quick, and nothing survives a crash of the machine.
    Tests,
    /// As a production server keeps what it acknowledges.
    Bench,
}

impl Cluster {
    /// Makes and starts a cluster, and waits until it answers.
    pub fn start(purpose: Purpose) -> Done<Self> {
        let programs = tools::postgres()?;
        let account = Account::fitting();
        let data = data_folder(&account)?;
        initialise(&programs, &account, &data)?;
        let port = free_port()?;
        let mut keeper = Command::new("sh");
        keeper
            .args(["-c", KEEPER, "keeper"])
            .arg(&data)
            .args(account.prefix());
        keeper
            .arg(programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(server_options(port, purpose));
        keeper
            .current_dir("/")
            .env_remove("LD_LIBRARY_PATH")
            .stdin(Stdio::piped());
        let mut keeper = keeper
            .spawn()
            .map_err(|error| format!("starting PostgreSQL: {error}"))?;
        let input = keeper.stdin.take();
        let cluster = Self {
            keeper,
            input,
            port,
            programs,
            data,
        };
        cluster.wait()?;
        Ok(cluster)
    }

    /// The address of the administration database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Lets a command's tests run on this cluster.
    pub fn lend(&self, command: &mut Command) {
        command
            .env("ZHENXING_TEST_DATABASE", "postgres")
            .env("ZHENXING_TEST_POSTGRES_URL", self.url())
            .env("ZHENXING_TEST_POSTGRES_BIN", &self.programs);
    }

    /// The folder with psql and pgbench.
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    /// What the server writes down.
    pub fn log(&self) -> PathBuf {
        self.data.join("log")
    }

    fn wait(&self) -> Done<()> {
        let begun = Instant::now();
        let port = self.port.to_string();
        while begun.elapsed() < Duration::from_secs(60) {
            let mut ready = process::command(self.programs.join("pg_isready"));
            if process::succeeds(ready.args(["-q", "-h", "127.0.0.1", "-p", &port])) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        Err(format!("PostgreSQL does not answer on port {port}:\n{log}"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.input.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("stopping PostgreSQL: {error}");
        }
    }
}

/// Who runs the server: PostgreSQL refuses the superuser.
struct Account {
    switch: bool,
}

impl Account {
    fn fitting() -> Self {
        Self {
            switch: tools::is_root(),
        }
    }

    fn prefix(&self) -> &'static [&'static str] {
        let switch: &[&str] = &[
            "setpriv",
            "--reuid=postgres",
            "--regid=postgres",
            "--init-groups",
        ];
        if self.switch { switch } else { &[] }
    }

    fn command(&self, program: &Path) -> Command {
        let mut words = self.prefix().iter();
        let mut command = match words.next() {
            Some(first) => process::command(first),
            None => return process::command(program),
        };
        command.args(words).arg(program);
        command
    }
}

fn data_folder(account: &Account) -> Done<PathBuf> {
    let folder = tempfile::Builder::new()
        .prefix("zhenxing-postgres-")
        .tempdir()
        .map_err(|error| format!("a temporary folder: {error}"))?
        .keep();
    if account.switch {
        process::run(
            process::command("chown").arg("postgres").arg(&folder),
            "chown postgres",
        )?;
    }
    Ok(folder)
}

fn initialise(programs: &Path, account: &Account, data: &Path) -> Done<()> {
    let mut initdb = account.command(&programs.join("initdb"));
    initdb.current_dir("/").arg("-D").arg(data);
    initdb.args([
        "-U",
        "postgres",
        "-A",
        "trust",
        "--locale=C",
        "-E",
        "UTF8",
        "--no-sync",
    ]);
    let done = process::output(&mut initdb, "initdb").map(drop);
    if done.is_err() {
        process::remove_dir(data)?;
    }
    done
}

fn server_options(port: u16, purpose: Purpose) -> Vec<String> {
    let mut options = vec!["-p".to_owned(), port.to_string()];
    let common = ["listen_addresses=127.0.0.1", "unix_socket_directories="];
    let own: &[&str] = match purpose {
        Purpose::Tests => &[
            "fsync=off",
            // Plans that a test reads do not depend on when a daemon counted.
            "autovacuum=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_connections=300",
            "shared_buffers=256MB",
        ],
        Purpose::Bench => &["shared_buffers=1GB", "max_wal_size=4GB"],
    };
    for setting in common.iter().chain(own) {
        options.push("-c".to_owned());
        options.push((*setting).to_owned());
    }
    options
}

/// A port nobody listens on now.
pub fn free_port() -> Done<u16> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port: {error}"))
}

/// `cargo xtask postgres <command>`.
pub fn with_cluster(words: &[String]) -> Done<()> {
    let cluster = Cluster::start(Purpose::Tests)?;
    let (program, arguments) = words.split_first().ok_or("no command was given")?;
    let mut command = process::command(program);
    command.args(arguments);
    cluster.lend(&mut command);
    if let Ok(here) = std::env::current_dir() {
        command.current_dir(here);
    }
    process::run(&mut command, "the command")
}
