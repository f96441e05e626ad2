//! `cargo xtask test`: the format, the rules of the house and the tests, on both databases.

use crate::cluster::{Cluster, Purpose};
use crate::process::{self, Done};
use crate::{frontend, tools};
use std::path::PathBuf;
use std::process::Command;

/// The choices of the command.
#[derive(clap::Args)]
pub struct Options {
    /// Longer checks too: clippy, more kills at random, the optimised frontend, made-up requests.
    #[arg(long)]
    pub deep: bool,
}

const SERVER: &str = "zhenxing-server";

/// Runs every step and stops at the first that fails, with its output shown.
///
/// # Errors
/// The name of the step that failed.
pub fn run(options: &Options) -> Done<()> {
    process::run(
        process::cargo().args(["fmt", "--all", "--check"]),
        "cargo fmt --check",
    )?;
    if options.deep {
        let mut clippy = process::cargo();
        clippy.args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]);
        process::run(&mut clippy, "cargo clippy")?;
    }
    process::run(process::cargo().arg("build"), "cargo build")?;
    server(
        &["package", "check", "programmes/cangzhou-2021"],
        "the package",
    )?;
    drift()?;
    let seen = tempfile::tempdir().map_err(|error| format!("a folder: {error}"))?;
    let mut tests = process::cargo();
    tests
        .args(["test", "--workspace"])
        .env("ZHENXING_TEST_DATABASE", "sqlite")
        .env("ZHENXING_COVERAGE_DIR", seen.path());
    deepen(&mut tests, options);
    process::run(&mut tests, "cargo test on SQLite")?;
    crate::openapi::coverage(seen.path())?;
    let cluster = Cluster::start(Purpose::Tests)?;
    let mut tests = process::cargo();
    tests.args(["test", "--package", SERVER]);
    cluster.lend(&mut tests);
    deepen(&mut tests, options);
    process::run(&mut tests, "cargo test on PostgreSQL")?;
    drop(cluster);
    frontend::build(!options.deep)?;
    story(&[])?;
    if options.deep { hostile() } else { Ok(()) }
}

/// Builds what the story needs and plays chapters of it.
///
/// # Errors
/// The name of the step that failed.
pub fn story_alone(chapters: &[String]) -> Done<()> {
    process::run(process::cargo().arg("build"), "cargo build")?;
    frontend::build(true)?;
    story(chapters)
}

/// More rounds where tests take chances.
fn deepen(tests: &mut Command, options: &Options) {
    if options.deep {
        tests.env("ZHENXING_TEST_DEEP", "1");
    }
}

/// The story in a browser, at the size of a desk and of a phone.
fn story(chapters: &[String]) -> Done<()> {
    let browser = tools::chromium()?;
    let mut node = script("story.mjs")?;
    node.args(chapters);
    node.env("ZHENXING_CHROMIUM", browser)
        .env("ZHENXING_RULES_DIR", frontend::rules()?);
    process::run(&mut node, "the story in a browser")
}

/// Requests made up from the API's description.
fn hostile() -> Done<()> {
    let mut node = script("hostile.mjs")?;
    node.env("ZHENXING_SCHEMATHESIS", tools::schemathesis()?);
    process::run(&mut node, "made-up requests")
}

/// A script of frontend/e2e with the server that it starts.
fn script(name: &str) -> Done<Command> {
    let root = process::root();
    let mut node = process::command("node");
    node.arg(root.join("frontend/e2e").join(name))
        .env("ZHENXING_BIN", binary()?)
        .env("ZHENXING_FRONTEND_DIR", root.join("frontend/dist"));
    Ok(node)
}

fn binary() -> Done<PathBuf> {
    Ok(process::target_dir()?.join("debug").join("zhenxing"))
}

fn server(arguments: &[&str], what: &str) -> Done<()> {
    let mut command: Command = process::command(binary()?);
    process::run(command.args(arguments), what)
}

/// The committed description of the API is what the server says.
fn drift() -> Done<()> {
    let said = process::output(
        process::command(binary()?).arg("openapi"),
        "zhenxing openapi",
    )?;
    let committed = process::read_text(&crate::openapi::path())?;
    if said == committed {
        return Ok(());
    }
    Err(
        "openapi/openapi.json is not what the server says: run `cargo xtask openapi` and commit it"
            .to_owned(),
    )
}
