//! The shipped programme package, its yearly income report, and what is said about packages that are wrong.

mod cases;
mod editions;
mod faults;
mod income;
mod quarterly;
mod shipped;
mod staffing;
mod vectors;

use std::path::{Path, PathBuf};
use zhenxing_domain::package::{Package, SourceFile, load};
use zhenxing_domain::period::Period;

/// The period of a text that names one.
fn period(text: &str) -> Period {
    Period::parse(text).unwrap_or_else(|error| unreachable!("{error}"))
}

/// A running period, for what does not depend on it.
fn now() -> Period {
    period("2026")
}

/// The directory of the shipped package.
fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes/cangzhou-2021")
}

/// The files of the shipped package.
fn shipped_files() -> std::io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for folder in ["", "matters/", "forms/", "ledgers/"] {
        for entry in std::fs::read_dir(directory().join(folder))? {
            let entry = entry?;
            let name = format!("{folder}{}", entry.file_name().to_string_lossy());
            if name.ends_with(".toml") {
                let text = std::fs::read_to_string(entry.path())?;
                files.push(SourceFile { name, text });
            }
        }
    }
    Ok(files)
}

/// The shipped package, or what is wrong with it.
fn shipped_package() -> Result<Package, String> {
    let files = shipped_files().map_err(|error| error.to_string())?;
    load(&files).map_err(|faults| {
        let lines = faults
            .iter()
            .map(|fault| format!("{}\n{fault}\n", fault.english()));
        lines.collect()
    })
}
