//! The browser side: cargo, wasm-bindgen, then npm's tools make frontend/dist.

use crate::process::{self, Done};
use crate::{setup, wasm};
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

const PACKAGE: &str = "zhenxing-frontend";

/// Builds frontend/dist; what is up to date is left alone.
pub fn build(dev: bool) -> Done<()> {
    let toolchain = wasm::ensure()?;
    setup::npm()?;
    let mut parts = vec![compile(&toolchain, dev, Part::Whole)?];
    if !dev {
        parts.push(compile(&toolchain, dev, Part::First)?);
    }
    let dist = process::root().join("frontend/dist");
    let stamp = process::target_dir()?.join("frontend.stamp");
    let wanted = process::fingerprint(mode(dev), &inputs(&parts))?;
    if process::stamped(&stamp, &wanted) && dist.join("index.html").is_file() {
        println!("frontend: up to date ({})", mode(dev));
        return Ok(());
    }
    let bound = bind(&parts)?;
    bundle(&bound, &dist, dev)?;
    process::write(&stamp, wanted)
}

fn mode(dev: bool) -> &'static str {
    if dev { "dev" } else { "release" }
}

/// The rules alone, compiled for the browser and bound for node: the folder in which they are.
pub fn rules() -> Done<PathBuf> {
    let binary = compile(&wasm::ensure()?, true, Part::Rules)?;
    let folder = process::target_dir()?.join("rules-bindgen");
    process::remove_dir(&folder)?;
    bind_one(Bindgen::new().nodejs(true), &binary, "rules", &folder)?;
    Ok(folder)
}

/// What is compiled: the whole workspace, without administration what the browser loads first, and for a test the rules
/// alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    First,
    Rules,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Whole => "whole",
            Part::First => "first",
            Part::Rules => "rules",
        }
    }

    /// The kind of target, its name, and where cargo puts it below the profile's folder.
    fn target(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Part::Whole | Part::First => ("--bin", PACKAGE, ""),
            Part::Rules => ("--example", "verdicts", "examples"),
        }
    }
}

/// Compiles a part and puts its binary where the next one does not overwrite it.
fn compile(toolchain: &wasm::Toolchain, dev: bool, part: Part) -> Done<PathBuf> {
    let profile = if dev { "wasm-dev" } else { "wasm-release" };
    let name = part.name();
    let (kind, target, below) = part.target();
    println!("frontend: compiling for the browser ({profile}, {name}) …");
    let mut cargo = process::cargo();
    let folder = toolchain.apply(&mut cargo)?;
    cargo.args(["build", "--package", PACKAGE, kind, target]);
    cargo.args(["--target", wasm::TARGET, "--profile", profile]);
    if part == Part::First {
        cargo.arg("--no-default-features");
    }
    process::run(&mut cargo, "compiling the frontend")?;
    let made = folder
        .join(wasm::TARGET)
        .join(profile)
        .join(below)
        .join(format!("{target}.wasm"));
    let kept = folder.join(format!("{name}.wasm"));
    let copied = std::fs::copy(&made, &kept);
    copied.map_err(|error| format!("{}: {error}", kept.display()))?;
    Ok(kept)
}

/// Everything the bundle is made of.
fn inputs(parts: &[PathBuf]) -> Vec<PathBuf> {
    let frontend = process::root().join("frontend");
    let mut files = parts.to_vec();
    files.push(frontend.join("package-lock.json"));
    for folder in ["build", "css", "js", "assets"] {
        files.extend(process::files_below(&frontend.join(folder)));
    }
    files
}

/// The same work as the wasm-bindgen command, as a library; each part in a folder of its name.
fn bind(parts: &[PathBuf]) -> Done<PathBuf> {
    println!("frontend: wasm-bindgen …");
    let folder = process::target_dir()?.join("frontend-bindgen");
    process::remove_dir(&folder)?;
    for part in parts {
        let name = part.file_stem().unwrap_or_default();
        let below = folder.join(name);
        bind_one(Bindgen::new().web(true), part, "zhenxing", &below)?;
    }
    Ok(folder)
}

/// Binds one binary for where it runs, under a name, into a folder.
fn bind_one(
    target: Result<&mut Bindgen, impl std::fmt::Display>,
    binary: &Path,
    name: &str,
    folder: &Path,
) -> Done<()> {
    let said = |error: &dyn std::fmt::Display| format!("wasm-bindgen: {error:#}");
    let bindgen = target.map_err(|error| said(&error))?;
    bindgen.input_path(binary).typescript(false).out_name(name);
    bindgen.generate(folder).map_err(|error| said(&error))
}

fn bundle(bound: &Path, dist: &Path, dev: bool) -> Done<()> {
    println!("frontend: optimising and bundling ({}) …", mode(dev));
    let mut node = process::command("node");
    node.arg("frontend/build/bundle.mjs")
        .arg(mode(dev))
        .arg(bound)
        .arg(dist);
    process::run(&mut node, "bundling the frontend")
}
