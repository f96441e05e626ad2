//! Reading a programme package from a folder, or the one inside the binary.

use crate::readings::Readings;
use rust_embed::RustEmbed;
use std::path::Path;
use zhenxing_api_types::map::ProgrammeMap;
use zhenxing_domain::package::{self, Package, PackageError, SourceFile};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../programmes/cangzhou-2021"]
#[include = "*.toml"]
#[include = "**/*.toml"]
#[include = "divisions.csv"]
#[include = "counties.geojson"]
#[include = "readings.csv"]
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
    /// The files that it was read from.
    pub files: Vec<SourceFile>,
    /// The division list as CSV, where it ships one.
    pub divisions: Option<Vec<u8>>,
    /// The map, where it ships one.
    pub map: Option<ProgrammeMap>,
    /// How its places are read.
    pub readings: Readings,
}

/// Reads the package in the folder, or the shipped one.
///
/// # Errors
/// [`LoadError`] with everything that is wrong.
pub fn load(dir: Option<&Path>) -> Result<Loaded, LoadError> {
    let files = match dir {
        Some(dir) => from_dir(dir)?,
        None => shipped()?,
    };
    let package = package::load(&files.sources).map_err(LoadError::Content)?;
    let readings = match &files.readings {
        Some(bytes) => {
            Readings::read(bytes).map_err(|error| LoadError::File(format!("{READINGS} {error}")))?
        }
        None => Readings::default(),
    };
    let map = files.map.as_deref().map(crate::map::read).transpose();
    Ok(Loaded {
        package,
        files: files.sources,
        divisions: files.divisions,
        map: map.map_err(|error| LoadError::File(format!("{MAP} {error}")))?,
        readings,
    })
}

/// The map's file.
const MAP: &str = "counties.geojson";

/// The file of the readings of places.
const READINGS: &str = "readings.csv";

/// The files of a package.
struct Files {
    sources: Vec<SourceFile>,
    divisions: Option<Vec<u8>>,
    map: Option<Vec<u8>>,
    readings: Option<Vec<u8>>,
}

fn shipped() -> Result<Files, LoadError> {
    let mut files = Vec::new();
    for name in Shipped::iter().filter(|name| name.ends_with(".toml")) {
        let data = Shipped::get(&name)
            .ok_or_else(|| LoadError::File(format!("{name} is missing in the binary")))?;
        files.push(source(&name, &data.data)?);
    }
    let whole = |name: &str| Shipped::get(name).map(|file| file.data.into_owned());
    Ok(Files {
        sources: files,
        divisions: whole("divisions.csv"),
        map: whole(MAP),
        readings: whole(READINGS),
    })
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
    for folder in ["", "matters", "forms", "ledgers"] {
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
    Ok(Files {
        sources: files,
        divisions: beside(dir, "divisions.csv")?,
        map: beside(dir, MAP)?,
        readings: beside(dir, READINGS)?,
    })
}

/// A file that a package may have.
fn beside(dir: &Path, name: &str) -> Result<Option<Vec<u8>>, LoadError> {
    let file = dir.join(name);
    if !file.is_file() {
        return Ok(None);
    }
    let bytes = std::fs::read(&file)
        .map_err(|error| LoadError::File(format!("{}: {error}", file.display())))?;
    Ok(Some(bytes))
}
