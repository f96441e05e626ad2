//! The programme package of the measurement: the shipped one with monthly forms that bring forty metrics more.

use crate::Done;
use std::fmt::Write as _;
use std::path::Path;
use zhenxing_domain::period::Period;

/// Forms that are added.
pub const FORMS: [&str; 4] = ["BENCH1", "BENCH2", "BENCH3", "BENCH4"];

/// Figures that each of them asks for.
pub const FIELDS: usize = 10;

/// The matter that the forms belong to.
pub const MATTER: &str = "M08";

/// A metric's code.
pub fn metric(form: &str, field: usize) -> String {
    format!("{MATTER}.{}_{field:02}", form.to_lowercase())
}

/// Whether a metric is one of that form's.
pub fn is_of(code: &str, form: &str) -> bool {
    code.starts_with(&format!("{MATTER}.{}_", form.to_lowercase()))
}

/// Every metric that is added.
pub fn metrics() -> Vec<String> {
    let of_form = |form: &'static str| (1..=FIELDS).map(move |field| metric(form, field));
    FORMS.into_iter().flat_map(of_form).collect()
}

/// Writes the package.
///
/// # Errors
/// What cannot be read or written.
pub fn write(shipped: &Path, to: &Path, first: Period) -> Done<()> {
    copy(shipped, to)?;
    for form in FORMS {
        let file = to.join("forms").join(format!("{form}.toml"));
        save(&file, &form_text(form, first))?;
    }
    Ok(())
}

fn form_text(form: &str, first: Period) -> String {
    let mut text = format!(
        "[form]\ncode = \"{form}\"\nmatter = \"{MATTER}\"\nname_zh = \"测量用月报{form}\"\nname_en = \"Monthly {form}\"\n\
         cadence = \"monthly\"\nfirst_period = \"{first}\"\napplies_to = {{ level = \"village\" }}\n\
         fill_levels = [\"village\", \"township\", \"county\", \"city\"]\napprove_level = \"township\"\n\
         explanation_max_len = 500\nschedule = {{ opens = \"-20d\", fill_due = \"+10d\", approve_due = \"+20d\" }}\n\n\
         [[section]]\ntitle_zh = \"本月\"\ntitle_en = \"This month\"\n"
    );
    for field in 1..=FIELDS {
        // Writing into a text does not fail.
        let _done = write!(
            text,
            "\n[[section.field]]\ncode = \"f{field:02}\"\nname_zh = \"第{field}项\"\nname_en = \"Figure {field}\"\n\
             kind = \"integer\"\nunit_zh = \"个\"\nunit_en = \"pieces\"\nrequired = true\nmin = 0\nmax = 1_000_000\n\
             hint_zh = \"测量用\"\nhint_en = \"made up\"\n"
        );
    }
    for field in 1..=FIELDS {
        let code = metric(form, field);
        let _done = write!(
            text,
            "\n[[metric]]\ncode = \"{code}\"\nname_zh = \"{form}第{field}项\"\nname_en = \"{form} figure {field}\"\n\
             definition_zh = \"本月数\"\ndefinition_en = \"of the month\"\nunit_zh = \"个\"\nunit_en = \"pieces\"\n\
             kind = \"sum\"\nover_time = \"flow\"\nstatus = \"active\"\nsource = \"reported\"\nfield = \"f{field:02}\"\n\
             better = \"higher\"\n"
        );
    }
    text
}

fn copy(from: &Path, to: &Path) -> Done<()> {
    let failed = |error: std::io::Error| format!("{}: {error}", from.display());
    std::fs::create_dir_all(to).map_err(failed)?;
    for entry in std::fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target).map_err(failed)?;
        }
    }
    Ok(())
}

/// Writes a file.
///
/// # Errors
/// Which one, and why.
pub fn save(file: &Path, text: &str) -> Done<()> {
    std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}
