//! Programs that do not come from cargo or npm: Chromium, PostgreSQL, Debian's package tools.

use crate::process::{self, Done};
use std::path::{Path, PathBuf};

const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// A program on PATH.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Whether this process may install packages.
pub fn is_root() -> bool {
    process::output(process::command("id").arg("-u"), "id").is_ok_and(|text| text.trim() == "0")
}

/// Refreshes Debian's package lists; only the superuser can.
pub fn apt_update() -> Done<()> {
    if !is_root() || which("apt-get").is_none() {
        return Err("the package lists are empty or old; run `apt-get update` as root".to_owned());
    }
    println!("setup: refreshing the package lists (apt-get update) …");
    process::output(
        process::command("apt-get").args(["update", "-q"]),
        "apt-get update",
    )
    .map(drop)
}

fn apt_install(packages: &[&str]) -> Done<()> {
    if !is_root() || which("apt-get").is_none() {
        return Err("cannot install packages here".to_owned());
    }
    println!("setup: installing {} …", packages.join(" "));
    let mut install = process::command("apt-get");
    install
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "-y", "-q"])
        .args(packages);
    if process::output(&mut install, "apt-get install").is_err() {
        apt_update()?;
        process::output(&mut install, "apt-get install")?;
    }
    Ok(())
}

/// The browser of the browser tests; installed when that is possible.
pub fn chromium() -> Done<PathBuf> {
    let find = || BROWSERS.iter().find_map(|name| which(name));
    if let Some(found) = find() {
        return Ok(found);
    }
    let tried = apt_install(&["chromium", "fonts-noto-cjk"]);
    find().ok_or_else(|| {
        let why = tried.err().unwrap_or_default();
        format!("the browser tests need Chromium and a Chinese font: install `chromium fonts-noto-cjk` ({why})")
    })
}

const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// The program that makes up requests from the API's description; installed into a folder of its own.
pub fn schemathesis() -> Done<PathBuf> {
    let folder = process::cache_dir("schemathesis")?;
    let program = folder.join("bin/schemathesis");
    let stamp = folder.join("stamp");
    if process::stamped(&stamp, SCHEMATHESIS) && program.is_file() {
        return Ok(program);
    }
    println!("setup: installing {SCHEMATHESIS} …");
    let advice = "the deep tests need Python 3.10 or newer with venv and pip";
    let mut venv = process::command("python3");
    process::output(venv.args(["-m", "venv"]).arg(&folder), "python3 -m venv")
        .map_err(|why| format!("{advice}: {why}"))?;
    let mut pip = process::command(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", SCHEMATHESIS]);
    process::output(&mut pip, "pip install").map_err(|why| format!("{advice}: {why}"))?;
    process::write(&stamp, SCHEMATHESIS)?;
    Ok(program)
}

/// The folder with initdb and postgres; installed when that is possible.
pub fn postgres() -> Done<PathBuf> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    let tried = apt_install(&["postgresql"]);
    find_postgres().ok_or_else(|| {
        let why = tried.err().unwrap_or_default();
        format!("the tests need PostgreSQL's server programs (initdb, postgres): install `postgresql` ({why})")
    })
}

fn find_postgres() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Ok(text) = process::output(process::command("pg_config").arg("--bindir"), "pg_config") {
        folders.push(PathBuf::from(text.trim()));
    }
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    versions.sort();
    folders.extend(versions.into_iter().rev());
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    folders.into_iter().find(|folder| has_server(folder))
}

fn has_server(folder: &Path) -> bool {
    ["initdb", "postgres", "pg_isready"]
        .iter()
        .all(|name| folder.join(name).is_file())
}
