//! `cargo xtask test`: the format, the rules of the house and the tests of the crates that exist so far.

use crate::process::{self, Done};

/// The choices of the command.
#[derive(clap::Args)]
pub struct Options {
    /// Longer checks too: clippy.
    #[arg(long)]
    pub deep: bool,
}

const TESTED: [&str; 2] = ["zhenxing-domain", "xtask"];

/// Runs every step and stops at the first that fails, with its output shown.
///
/// # Errors
/// The name of the step that failed.
pub fn run(options: &Options) -> Done<()> {
    process::run(
        process::cargo().args(["fmt", "--all", "--check"]),
        "cargo fmt --check",
    )?;
    let mut test = process::cargo();
    test.arg("test");
    let mut clippy = process::cargo();
    clippy.args(["clippy", "--all-targets"]);
    for package in TESTED {
        test.args(["--package", package]);
        clippy.args(["--package", package]);
    }
    process::run(&mut test, "cargo test")?;
    if options.deep {
        process::run(clippy.args(["--", "-D", "warnings"]), "cargo clippy")?;
    }
    Ok(())
}
