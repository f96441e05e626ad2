//! `cargo xtask bench`: the built server, measured at the size of a city.

use crate::cluster::{Cluster, Purpose};
use crate::process::{self, Done};
use clap::Args;

/// What is measured, and how long.
#[derive(Args)]
pub struct Options {
    /// A few months and one short round: to see that it works. The document stands in the target folder then.
    #[arg(long)]
    quick: bool,
    /// One part alone: figures, tasks and reports, or ledgers.
    #[arg(long, value_parser = ["city", "ledgers"])]
    part: Vec<String>,
    /// One database alone.
    #[arg(long, value_parser = ["sqlite", "postgres"])]
    database: Vec<String>,
}

/// Builds the server and the program that measures it, and runs it on databases of its own.
pub fn run(options: &Options) -> Done<()> {
    let mut cargo = process::cargo();
    cargo.args([
        "build",
        "--release",
        "--package",
        "zhenxing-server",
        "--package",
        "zhenxing-bench",
    ]);
    process::run(&mut cargo, "compiling the server and the bench")?;
    let target = process::target_dir()?;
    let built = target.join("release");
    let cluster = Cluster::start(Purpose::Bench)?;
    let folder = tempfile::Builder::new()
        .prefix("zhenxing-bench-")
        .tempdir()
        .map_err(|error| format!("a temporary folder: {error}"))?;
    let document = if options.quick {
        target.join("bench/PERFORMANCE.md")
    } else {
        process::root().join("docs/PERFORMANCE.md")
    };
    let mut bench = process::command(built.join("zhenxing-bench"));
    bench
        .arg("measure")
        .arg("--server")
        .arg(built.join("zhenxing"));
    bench
        .arg("--package")
        .arg(process::root().join("programmes/cangzhou-2021"));
    bench.arg("--folder").arg(folder.path());
    bench.arg("--postgres").arg(cluster.url());
    bench.arg("--programs").arg(cluster.programs());
    bench.arg("--log").arg(cluster.log());
    bench.arg("--document").arg(&document);
    for database in &options.database {
        bench.args(["--database", database]);
    }
    for part in &options.part {
        bench.args(["--part", part]);
    }
    if options.quick {
        bench.arg("--quick");
    }
    process::run(&mut bench, "the measurement")?;
    println!("bench: {}", document.display());
    Ok(())
}
