//! `zhenxing-bench`: makes a city's data, starts the built server on it and measures it against floors that the same
//! machine gives in the same run. `cargo xtask bench` builds what it needs and calls it.

mod approvals;
mod child;
mod city;
mod client;
mod database;
mod document;
mod floor;
mod ledgers;
mod load;
mod measure;
mod memory;
mod package;
mod registers;
mod server;
mod stats;
mod tasks;

use clap::{Args, Parser, Subcommand, ValueEnum};
use database::{Database, Postgres};
use std::path::PathBuf;
use std::process::ExitCode;

/// What every step gives back: a value, or a text for the person at the keyboard.
type Done<T> = Result<T, String>;

#[derive(Parser)]
#[command(name = "zhenxing-bench", about = "Measures the built server")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure, and write the document.
    Measure(Box<Options>),
    /// Answer from memory.
    Memory {
        /// The size of the body.
        #[arg(long)]
        bytes: usize,
        /// The status.
        #[arg(long)]
        status: u16,
    },
}

/// Which databases are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    Sqlite,
    Postgres,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Figures, tasks and reports.
    City,
    /// Ledgers.
    Ledgers,
}

/// Where everything is.
#[derive(Debug, Args)]
struct Options {
    /// The server's binary.
    #[arg(long)]
    server: PathBuf,
    /// The shipped programme package.
    #[arg(long)]
    package: PathBuf,
    /// A folder for the data.
    #[arg(long)]
    folder: PathBuf,
    /// The administration database of a PostgreSQL.
    #[arg(long)]
    postgres: String,
    /// The folder with psql and pgbench.
    #[arg(long)]
    programs: PathBuf,
    /// The log of that PostgreSQL.
    #[arg(long)]
    log: PathBuf,
    /// The databases.
    #[arg(long = "database", value_enum)]
    databases: Vec<Which>,
    /// What is measured; everything where nothing is named.
    #[arg(long = "part", value_enum)]
    parts: Vec<Part>,
    /// Four months and a tenth of the ledgers, one short round: to see that it works.
    #[arg(long)]
    quick: bool,
    /// The document.
    #[arg(long)]
    document: PathBuf,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Measure(options) => measure(&options),
        Command::Memory { bytes, status } => memory::serve(bytes, status),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nzhenxing-bench: {message}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Done<()> {
    let size = if options.quick {
        city::Size {
            months: 4,
            rounds: 1,
            seconds: 1,
            approvals: 200,
            ledgers: 10,
        }
    } else {
        city::Size {
            months: 60,
            rounds: 5,
            seconds: 3,
            approvals: 1_000,
            ledgers: 1,
        }
    };
    // Each part is written once it is measured, so that what stops the next one takes nothing with it.
    for which in [Which::Postgres, Which::Sqlite] {
        if !options.databases.is_empty() && !options.databases.contains(&which) {
            continue;
        }
        let database = match which {
            Which::Sqlite => Database::Sqlite(options.folder.join("bench.db")),
            Which::Postgres => Database::Postgres(made(options)?),
        };
        println!("{}:", database.name());
        let wanted = |part: Part| options.parts.is_empty() || options.parts.contains(&part);
        if wanted(Part::City) {
            let found = measure::all(options, &database, size)?;
            document::write(options, size, &found)?;
        }
        if wanted(Part::Ledgers) {
            // Many operations, each of them brief.
            let seconds = size.seconds.min(2);
            let size = city::Size { seconds, ..size };
            let found = ledgers::all(options, &database, size)?;
            document::write(options, size, &found)?;
        }
    }
    Ok(())
}

/// A database of its own on the PostgreSQL.
fn made(options: &Options) -> Done<Postgres> {
    let of = |url: &str| Postgres {
        url: url.to_owned(),
        programs: options.programs.clone(),
        log: options.log.clone(),
    };
    let (server, _) = options
        .postgres
        .rsplit_once('/')
        .ok_or("no database in the address")?;
    let admin = Database::Postgres(of(&options.postgres));
    admin.run("DROP DATABASE IF EXISTS bench")?;
    admin.run("CREATE DATABASE bench")?;
    Ok(of(&format!("{server}/bench")))
}
