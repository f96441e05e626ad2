//! The API document: written from the server's own description.

use crate::process::{self, Done};
use std::path::PathBuf;

/// Where the committed document stands.
pub fn path() -> PathBuf {
    process::root().join("openapi/openapi.json")
}

/// `cargo xtask openapi`: writes the document.
pub fn write() -> Done<()> {
    let mut cargo = process::cargo();
    cargo.args([
        "run",
        "--quiet",
        "--package",
        "zhenxing-server",
        "--bin",
        "zhenxing",
    ]);
    let text = process::output(cargo.args(["--", "openapi"]), "zhenxing openapi")?;
    let document: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| format!("zhenxing openapi: {error}"))?;
    let operations = crate::coverage::operations(&document).len();
    process::write(&path(), text)?;
    println!(
        "openapi: {} written, {operations} operations",
        path().display()
    );
    Ok(())
}

/// Compares the committed document with the logs of a test run.
pub fn coverage(folder: &std::path::Path) -> Done<()> {
    let text = process::read_text(&process::root().join("openapi/openapi.json"))?;
    let document = serde_json::from_str(&text).map_err(|error| format!("openapi.json: {error}"))?;
    println!("{}", crate::coverage::check(&document, folder)?);
    Ok(())
}
