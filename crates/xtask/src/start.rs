//! `cargo xtask start`: from a fresh checkout to a server that answers.

use crate::process::{self, Done};
use crate::{frontend, setup};
use std::os::unix::process::CommandExt;

const SERVER: &str = "zhenxing-server";

/// Builds everything and becomes the server.
pub fn run(dev: bool, args: &[String]) -> Done<()> {
    setup::all()?;
    frontend::build(dev)?;
    println!("start: compiling the server …");
    let mut cargo = process::cargo();
    cargo.args(["build", "--package", SERVER, "--bin", "zhenxing"]);
    if !dev {
        cargo.arg("--release");
    }
    process::run(&mut cargo, "compiling the server")?;
    let profile = if dev { "debug" } else { "release" };
    let binary = process::target_dir()?.join(profile).join("zhenxing");
    let mut server = process::command(&binary);
    server.arg("serve");
    if !args.iter().any(|word| word == "--production") {
        server.arg("--demo-accounts");
    }
    if dev {
        server.args(["--frontend-dir", "frontend/dist"]);
    }
    let arguments = args.iter().filter(|word| *word != "--");
    let error = server.args(arguments).exec();
    Err(format!("cannot start {}: {error}", binary.display()))
}
