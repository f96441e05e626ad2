//! Everything a person types: set-up, start, tests, the API document.

mod bench;
mod cluster;
mod coverage;
mod frontend;
mod openapi;
mod process;
mod setup;
mod start;
mod test;
mod tools;
mod wasm;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The commands of this workspace.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    version,
    about = "Zhenxing: set-up, start and tests"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fetch what the build and the tests need: the WebAssembly target, the npm packages, a browser.
    Setup,
    /// Build the browser side into frontend/dist.
    Frontend {
        /// A quick build, neither optimised nor compressed.
        #[arg(long)]
        dev: bool,
    },
    /// Set up, build everything and start the server.
    Start {
        /// A quick build that serves the frontend from disk.
        #[arg(long)]
        dev: bool,
        /// An optimised build with the frontend inside the binary (the default).
        #[arg(long, conflicts_with = "dev")]
        release: bool,
        /// Handed to `zhenxing serve`, for example --database-url or --listen.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Run every test and rule, on SQLite and on PostgreSQL.
    Test(test::Options),
    /// Play the story in a browser with quick builds, whole or by chapters.
    Story {
        /// The chapters; all of them without a name.
        chapters: Vec<String>,
    },
    /// Measure the built server at the size of a city and write docs/PERFORMANCE.md.
    Bench(bench::Options),
    /// Write openapi/openapi.json from the server's own description.
    Openapi,
    /// Check that every documented answer of the API stands in the logs of a test run.
    Coverage {
        /// The folder with the logs.
        folder: std::path::PathBuf,
    },
    /// Run a command with a temporary PostgreSQL, named by ZHENXING_TEST_POSTGRES_URL.
    Postgres {
        /// The command and its arguments.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Setup => setup::all().and_then(|()| tools::chromium().map(drop)),
        Command::Frontend { dev } => frontend::build(dev),
        Command::Start { dev, args, .. } => start::run(dev, &args),
        Command::Test(options) => test::run(&options),
        Command::Story { chapters } => test::story_alone(&chapters),
        Command::Bench(options) => bench::run(&options),
        Command::Openapi => openapi::write(),
        Command::Coverage { folder } => openapi::coverage(&folder),
        Command::Postgres { command } => cluster::with_cluster(&command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}
