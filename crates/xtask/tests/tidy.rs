//! The rules of the house that no compiler keeps: who may depend on whom, lints that are inherited, migrations that
//! have the same names on both sides, files that say what they are and stay short.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

type Fault = Box<dyn std::error::Error>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every crate with the crates of this workspace that it may use, and what it may not use from outside.
const ARROWS: [(&str, &[&str], &[&str]); 8] = [
    (
        "zhenxing-domain",
        &[],
        &["diesel", "actix-web", "reqwest", "tokio"],
    ),
    (
        "zhenxing-api-types",
        &["zhenxing-domain"],
        &["diesel", "actix-web"],
    ),
    (
        "zhenxing-client",
        &["zhenxing-api-types"],
        &["diesel", "actix-web"],
    ),
    ("zhenxing-storage", &["zhenxing-domain"], &["actix-web"]),
    (
        "zhenxing-server",
        &["zhenxing-api-types", "zhenxing-domain", "zhenxing-storage"],
        &["diesel"],
    ),
    (
        "zhenxing-frontend",
        &["zhenxing-api-types", "zhenxing-client", "zhenxing-domain"],
        &["diesel", "actix-web"],
    ),
    (
        "zhenxing-test-support",
        &[
            "zhenxing-api-types",
            "zhenxing-domain",
            "zhenxing-server",
            "zhenxing-storage",
        ],
        &["diesel"],
    ),
    ("xtask", &[], &["diesel", "actix-web"]),
];

#[test]
fn crates_use_only_what_stands_below_them() -> Result<(), Fault> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root());
    let metadata: Value = serde_json::from_slice(&cargo.output()?.stdout)?;
    let packages = metadata["packages"].as_array().ok_or("no packages")?;
    assert_eq!(
        packages.len(),
        ARROWS.len(),
        "a crate without a rule, or a rule without a crate"
    );
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let rule = ARROWS
            .iter()
            .find(|rule| rule.0 == name)
            .ok_or("a crate without a rule")?;
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = dependency["name"].as_str().unwrap_or_default();
            let ours = ARROWS.iter().any(|rule| rule.0 == used);
            let for_tests = dependency["kind"] == "dev";
            assert!(
                for_tests || !ours || rule.1.contains(&used),
                "{name} may not use {used}"
            );
            assert!(
                for_tests || !rule.2.contains(&used),
                "{name} may not use {used}"
            );
        }
        let manifest =
            std::fs::read_to_string(package["manifest_path"].as_str().unwrap_or_default())?;
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{name} does not inherit the lints"
        );
    }
    Ok(())
}

#[test]
fn migrations_have_equal_names_and_a_way_back() -> Result<(), Fault> {
    assert_eq!(migrations("sqlite")?, migrations("postgres")?);
    Ok(())
}

fn migrations(side: &str) -> Result<BTreeSet<String>, Fault> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("migrations").join(side))? {
        let path = entry?.path();
        for file in ["up.sql", "down.sql"] {
            assert!(
                path.join(file).is_file(),
                "{} has no {file}",
                path.display()
            );
        }
        names.insert(
            path.file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
        );
    }
    Ok(names)
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Fault> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.is_dir() && name != "node_modules" && name != "dist" {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

#[test]
fn every_source_says_what_it_is_and_stays_short() -> Result<(), Fault> {
    let mut files = Vec::new();
    sources(&root().join("crates"), &mut files)?;
    sources(&root().join("frontend"), &mut files)?;
    assert!(files.len() > 50);
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        let shown = file.display();
        assert!(
            text.starts_with("//!") || text.starts_with("#![doc"),
            "{shown} does not say what it is"
        );
        assert!(
            text.lines().count() <= 800,
            "{shown} is longer than 800 lines"
        );
        assert!(
            !text.contains(concat!("#[", "allow(")),
            "{shown}: use #[expect] with a reason"
        );
    }
    Ok(())
}
