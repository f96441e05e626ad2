//! Reading a programme package from a folder, or the one inside the binary.

use rust_embed::RustEmbed;
use std::path::Path;
use zhenxing_domain::package::{self, Package, PackageError, SourceFile};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../programmes/cangzhou-2021"]
#[include = "*.toml"]
#[include = "**/*.toml"]
#[include = "divisions.csv"]
struct Shipped;

/// Why a package cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file cannot be read.
    #[error("{0}")]
    File(String),
    /// The package has errors.
    #[error("the package has {} errors", .0.len())]
    Content(Vec<PackageError>),
}

/// A package with its division list.
pub struct Loaded {
    /// The package.
    pub package: Package,
    /// The division list as CSV, where it ships one.
    pub divisions: Option<Vec<u8>>,
}

/// Reads the package in the folder, or the shipped one.
///
/// # Errors
/// [`LoadError`] with everything that is wrong.
pub fn load(dir: Option<&Path>) -> Result<Loaded, LoadError> {
    let (files, divisions) = match dir {
        Some(dir) => from_dir(dir)?,
        None => shipped()?,
    };
    let package = package::load(&files).map_err(LoadError::Content)?;
    Ok(Loaded { package, divisions })
}

type Files = (Vec<SourceFile>, Option<Vec<u8>>);

fn shipped() -> Result<Files, LoadError> {
    let mut files = Vec::new();
    for name in Shipped::iter().filter(|name| name.ends_with(".toml")) {
        let data = Shipped::get(&name)
            .ok_or_else(|| LoadError::File(format!("{name} is missing in the binary")))?;
        files.push(source(&name, &data.data)?);
    }
    let divisions = Shipped::get("divisions.csv").map(|file| file.data.into_owned());
    Ok((files, divisions))
}

fn source(name: &str, bytes: &[u8]) -> Result<SourceFile, LoadError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| LoadError::File(format!("{name} is not UTF-8: save it as UTF-8")))?;
    Ok(SourceFile {
        name: name.to_owned(),
        text: text.to_owned(),
    })
}

fn from_dir(dir: &Path) -> Result<Files, LoadError> {
    let mut files = Vec::new();
    for folder in ["", "matters", "forms"] {
        let path = dir.join(folder);
        if !folder.is_empty() && !path.is_dir() {
            continue;
        }
        let entries = std::fs::read_dir(&path)
            .map_err(|error| LoadError::File(format!("{}: {error}", path.display())))?;
        let mut names: Vec<std::path::PathBuf> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|end| end == "toml"))
            .collect();
        names.sort();
        for file in names {
            let bytes = std::fs::read(&file)
                .map_err(|error| LoadError::File(format!("{}: {error}", file.display())))?;
            let base = file
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            let base = base.unwrap_or_default();
            let name = if folder.is_empty() {
                base
            } else {
                format!("{folder}/{base}")
            };
            files.push(source(&name, &bytes)?);
        }
    }
    let list = dir.join("divisions.csv");
    let divisions = if list.is_file() {
        let bytes = std::fs::read(&list)
            .map_err(|error| LoadError::File(format!("{}: {error}", list.display())))?;
        Some(bytes)
    } else {
        None
    };
    Ok((files, divisions))
}
