//! Child processes and the places of the workspace.

use std::ffi::OsStr;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What every step gives back: a value, or a text for the person at the keyboard.
pub type Done<T> = Result<T, String>;

/// The folder that holds the workspace's Cargo.toml.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors()
        .nth(2)
        .map_or_else(|| here.clone(), Path::to_path_buf)
}

/// A command that starts in the workspace, free of what `cargo run` put into the environment.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).env_remove("LD_LIBRARY_PATH");
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The cargo that started us.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command with its output on the terminal.
pub fn run(command: &mut Command, what: &str) -> Done<()> {
    let status = command
        .status()
        .map_err(|error| format!("{what}: cannot start {command:?}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{what} failed ({status}): {command:?}"))
    }
}

/// Runs a command and gives its standard output; a failure shows what it said.
pub fn output(command: &mut Command, what: &str) -> Done<String> {
    let result = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{what}: cannot start {command:?}: {error}"))?;
    if result.status.success() {
        return Ok(String::from_utf8_lossy(&result.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&result.stderr);
    Err(format!(
        "{what} failed ({}): {command:?}\n{}",
        result.status,
        said.trim_end()
    ))
}

/// Whether a command runs and succeeds; its output is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    let silent = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

/// A folder for tools that are fetched once and kept outside the build.
pub fn cache_dir(name: &str) -> Done<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => std::env::var_os("HOME")
            .map(PathBuf::from)
            .ok_or("HOME is not set")?
            .join(".cache"),
    };
    Ok(base.join("zhenxing").join(name))
}

/// The folder cargo builds into.
pub fn target_dir() -> Done<PathBuf> {
    let metadata = metadata()?;
    let folder = metadata
        .get("target_directory")
        .and_then(|value| value.as_str());
    folder
        .map(PathBuf::from)
        .ok_or_else(|| "cargo metadata names no target directory".to_owned())
}

/// What cargo says about the workspace's own packages.
pub fn metadata() -> Done<serde_json::Value> {
    let mut cargo = cargo();
    let text = output(
        cargo.args(["metadata", "--no-deps", "--format-version", "1"]),
        "cargo metadata",
    )?;
    serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))
}

/// Reads a file, or says which one could not be read.
pub fn read(path: &Path) -> Done<Vec<u8>> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads a text file, or says which one could not be read.
pub fn read_text(path: &Path) -> Done<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Done<()> {
    if let Some(parent) = path.parent() {
        make_dir(parent)?;
    }
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// Makes a folder and those above it.
pub fn make_dir(path: &Path) -> Done<()> {
    std::fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Removes a folder if it is there.
pub fn remove_dir(path: &Path) -> Done<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("{}: {error}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Every file below a folder, sorted; a missing folder has none.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.sort();
    found
}

/// A fingerprint of files, for stamps that say what was built from what.
pub fn fingerprint(label: &str, files: &[PathBuf]) -> Done<String> {
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(label.as_bytes());
    for file in files {
        hasher.write(file.to_string_lossy().as_bytes());
        hasher.write(&read(file)?);
    }
    Ok(format!("{label} {:016x}", hasher.finish()))
}

/// Whether a stamp file holds exactly this text.
pub fn stamped(stamp: &Path, text: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|found| found == text)
}
