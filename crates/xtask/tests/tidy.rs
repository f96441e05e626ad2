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
const ARROWS: [(&str, &[&str], &[&str]); 9] = [
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
    // It measures what the databases give without the storage, so it speaks to them directly too.
    (
        "zhenxing-bench",
        &["zhenxing-domain", "zhenxing-storage"],
        &["reqwest"],
    ),
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

/// What the storage does without the asker's scope, and why it may.
const WITHOUT_SCOPE: &[(&str, &str)] = &[
    ("account::has_demonstration", "a start asks it"),
    ("account::create", "writes"),
    ("account::create_many", "writes"),
    ("account::update", "writes"),
    ("account::set_passwords", "writes"),
    (
        "account::names",
        "of lines of the trail that a scope has shown",
    ),
    ("account::taken", "a name is one for the whole system"),
    ("department::create", "writes"),
    ("department::ensure", "writes"),
    ("department::update", "writes"),
    (
        "department::codes",
        "codes of grants that a scope has shown",
    ),
    ("grant::replace", "writes"),
    ("leave", "takes accounts that a scope has shown"),
    (
        "session",
        "takes the name, the token or the session of who asks",
    ),
    ("audit::record", "writes"),
    ("audit::anchor", "a number and a hash, no row"),
    ("audit::head", "a number and a hash, no row"),
    ("audit::seal", "a job"),
    ("audit::any_unsealed", "a job"),
    ("audit::links", "the operator verifies the chain"),
    ("audit::purge_to", "a job"),
    ("edition", "publications are the programme's, no unit's"),
    ("hand_down::insert", "writes"),
    (
        "hand_down::having",
        "of units that a scope has shown, and says no more than which",
    ),
    (
        "hand_down::open_tasks",
        "counts of units that a scope has shown",
    ),
    (
        "hand_down::before",
        "below a unit that a scope has shown; the units are read with it",
    ),
    ("task::insert", "writes"),
    ("task::update", "writes"),
    ("task_entry::add", "writes"),
    ("task_entry::history", "of a task that a scope has shown"),
    ("task_request", "of a task that a scope has shown"),
    ("derived::any_queued", "figures, which name no record"),
    ("derived::waiting", "figures, which name no record"),
    ("derived::take", "writes"),
    ("derived::holdings", "figures, which name no record"),
    ("derived::note_period", "writes"),
    ("derived::periods", "figures, which name no record"),
    ("derived::queue", "writes"),
    ("derived::units", "figures, which name no record"),
    ("ledger_tally::any_queued", "counts, which name no record"),
    ("ledger_tally::change", "writes"),
    ("ledger_tally::fold", "counts, which name no record"),
    ("ledger_tally::holders", "counts, which name no record"),
    ("ledger_tally::queue_all", "counts, which name no record"),
    (
        "record::by_ids",
        "takes records or units that a scope has shown, or serves figures and checks that name no record",
    ),
    (
        "record::called",
        "takes records or units that a scope has shown, or serves figures and checks that name no record",
    ),
    (
        "record::give_slots",
        "takes records or units that a scope has shown, or serves figures and checks that name no record",
    ),
    (
        "record::held",
        "takes records or units that a scope has shown, or serves figures and checks that name no record",
    ),
    ("record::insert", "writes"),
    ("record::link", "writes"),
    ("record::lock", "a lock"),
    ("record::retitle", "writes"),
    (
        "record::named_by",
        "takes records or units that a scope has shown, or serves figures and checks that name no record",
    ),
    (
        "record::naming",
        "takes records or units that a scope has shown, or serves figures and checks that name no record",
    ),
    ("record::update", "writes"),
    (
        "record_find::by_held_numbers",
        "look-ups of checks across units, which name no record",
    ),
    (
        "record_find::by_id",
        "what a file belongs to: its ledger says the scope, which is asked then",
    ),
    (
        "record_find::by_texts",
        "look-ups of checks across units, which name no record",
    ),
    (
        "record_find::held_by",
        "takes units that a scope has shown; whether each record may be changed is asked then",
    ),
    (
        "record_find::linked_to",
        "look-ups of checks across units, which name no record",
    ),
    (
        "record_find::stored",
        "look-ups of checks across units, which name no record",
    ),
    (
        "record_former::any",
        "a job, and figures, which name no record",
    ),
    ("record_former::claim", "a job"),
    ("record_former::give", "writes"),
    ("record_former::heirs", "figures, which name no record"),
    ("record_former::held", "figures, which name no record"),
    ("record_former::spans", "figures, which name no record"),
    ("record_former::waiting", "a job"),
    ("record_seal::lock", "a lock"),
    ("record_seal::records", "a command of the operator"),
    ("record_seal::versions", "a command of the operator"),
    ("record_seal::write_records", "a command of the operator"),
    ("record_seal::write_versions", "a command of the operator"),
    ("record_version::keep", "writes"),
    (
        "record_version::of_record",
        "the record is asked for with a scope",
    ),
    ("task_tally::queue", "writes"),
    ("task_tally::queue_all", "writes"),
    ("task_tally::queue_placed", "a job"),
    ("task_tally::any_queued", "a job"),
    ("task_tally::fold", "a job"),
    (
        "task_tally::of_matter",
        "counts at a unit that a scope has shown",
    ),
    ("event::append", "writes"),
    ("event::append_all", "writes"),
    ("event::number", "a job"),
    ("event::any_unnumbered", "a job"),
    ("feedback::insert", "writes"),
    ("feedback::update", "writes"),
    ("feedback::add_step", "writes"),
    ("feedback::steps", "takes the one that a scope has shown"),
    ("figure::observe", "writes"),
    ("figure::record", "writes"),
    ("figure::queue", "writes"),
    ("figure::fold", "a job"),
    ("figure::oldest_queued", "an instant, no row"),
    ("figure::recompute_naively", "tests compare with it"),
    ("figure::stored_whole", "tests compare with it"),
    (
        "tag::former",
        "what the start turns into records; nobody is shown it",
    ),
    ("tag::leave_former", "writes"),
    ("rollup::versions", "counts of recomputing, no row"),
    ("idempotency::find", "bound to the account and its key"),
    ("idempotency::try_claim", "a lock"),
    ("idempotency::keep", "writes"),
    ("idempotency::purge", "a job"),
    ("metric::ensure", "a start asks it"),
    (
        "extension::count_asked",
        "takes a scope for each form, with the form",
    ),
    ("extension::granted", "takes units that a scope has shown"),
    ("extension::insert", "writes"),
    ("extension::decide", "writes"),
    ("phrase", "an account's own, bound to it"),
    (
        "view",
        "takes the reader: own ones, and those shared from his unit upwards",
    ),
    ("report_write::insert", "writes"),
    ("report_write::update", "writes"),
    ("report_write::add_versions", "writes"),
    (
        "report::versions",
        "takes the report that a scope has shown",
    ),
    (
        "placement::codes_taken",
        "codes are taken beyond what one sees",
    ),
    ("placement::placed_later", "a day, no row"),
    (
        "placement::planned",
        "numbers and days for an import of the whole tree",
    ),
    ("placement::end", "writes"),
    ("placement::built_upon", "yes or no, no row"),
    (
        "placement::touched_by",
        "takes the change that a scope has shown",
    ),
    ("placement::undo", "writes"),
    ("unit_change::insert", "writes"),
    ("unit_change::withdraw", "writes"),
    (
        "unit_change::periods",
        "periods of a form are the programme's, no unit's",
    ),
    (
        "demo",
        "the operator's: what demonstration accounts made is taken away, everywhere",
    ),
    (
        "file",
        "a file is its uploader's, or read by what it is attached to, which a scope has shown",
    ),
    ("task_entry::task_of", "the task is asked for with a scope"),
    ("target::set_many", "writes"),
    ("target::withdraw", "writes"),
    ("target::of_tasks", "takes tasks that a scope has shown"),
    ("target::history", "takes the unit that a scope has shown"),
    ("unit::last", "a number, no row"),
    ("unit::lock_tree", "a lock"),
    ("unit::create", "writes"),
    ("unit::place", "writes"),
    ("period", "periods of a form are the programme's, no unit's"),
];

/// Every function of the storage that takes a connection, with its arguments.
fn storage_functions() -> Result<Vec<(String, String)>, Fault> {
    let mut found = Vec::new();
    let mut files = Vec::new();
    sources(&root().join("crates/storage/src"), &mut files)?;
    for file in files {
        let noun = file
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let text = std::fs::read_to_string(&file)?;
        for part in text.split("\npub fn ").skip(1) {
            let (name, rest) = part.split_once('(').ok_or("a function")?;
            let arguments = rest.split(") ->").next().unwrap_or_default();
            if arguments.contains("&mut Conn") {
                found.push((format!("{noun}::{name}"), arguments.to_owned()));
            }
        }
    }
    Ok(found)
}

#[test]
fn every_read_of_the_storage_takes_a_scope() -> Result<(), Fault> {
    let excused = |name: &str| {
        let fits = |rule: &(&str, &str)| rule.0 == name || name.split("::").next() == Some(rule.0);
        WITHOUT_SCOPE.iter().any(fits)
    };
    let functions = storage_functions()?;
    assert!(functions.len() > 40, "{} functions", functions.len());
    for (name, arguments) in &functions {
        let scoped = arguments.contains(" scope: &Scope");
        assert!(
            scoped || excused(name),
            "{name} takes no scope (or does not look at it): give it one, or say here why it may do without"
        );
        assert!(
            !arguments.contains("_scope"),
            "{name} does not look at its scope"
        );
    }
    for (name, _) in WITHOUT_SCOPE {
        let left = functions
            .iter()
            .any(|(own, _)| own == name || own.split("::").next() == Some(name));
        assert!(left, "{name} is excused and not there");
    }
    Ok(())
}
