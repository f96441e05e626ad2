//! Loading a package from the texts of its files.

use super::Package;
use super::catalogue::Setting;
use super::edition::WrittenForm;
use super::error::{PackageError, SourceFile};
use super::metric::TargetDef;
use super::read_calendar::{read_deadlines, read_holidays, read_phrases};
use super::read_catalogue::{
    read_departments, read_follow_on, read_ledgers, read_programme, read_tags,
};
use super::read_form::read_form;
use super::read_ledger::{WrittenRule, read_ledger, settle_marks, settle_rules};
use super::read_matter::read_matter;
use super::read_metric::{WrittenDerivation, read_metric, settle_derivations};
use super::read_target::{WrittenTarget, read_target};
use super::reader::Table;
use super::sink::{At, Kind, Lines, Sink, both};
use toml::de::DeTable;

/// Which file of a package it is, told by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Programme,
    Departments,
    Ledgers,
    Tags,
    Holidays,
    Deadlines,
    Phrases,
    Matters,
    Form,
    Ledger,
    FollowOn,
}

impl Part {
    fn of(name: &str) -> Option<Part> {
        match name {
            "programme.toml" => Some(Part::Programme),
            "departments.toml" => Some(Part::Departments),
            "ledgers.toml" => Some(Part::Ledgers),
            "tags.toml" => Some(Part::Tags),
            "holidays.toml" => Some(Part::Holidays),
            "deadlines.toml" => Some(Part::Deadlines),
            "phrases.toml" => Some(Part::Phrases),
            "follow-on.toml" => Some(Part::FollowOn),
            _ if name.starts_with("matters/") => Some(Part::Matters),
            _ if name.starts_with("forms/") => Some(Part::Form),
            _ if name.starts_with("ledgers/") => Some(Part::Ledger),
            _ => None,
        }
    }

    /// The kinds of codes that are lost when such a file cannot be read to its end.
    fn defines(self) -> &'static [Kind] {
        match self {
            Part::Programme => &[Kind::Project],
            Part::Departments => &[Kind::Department],
            Part::Ledgers => &[Kind::Ledger],
            Part::Tags => &[Kind::Tag],
            Part::Holidays | Part::Deadlines | Part::Phrases => &[],
            Part::Matters => &[Kind::Matter, Kind::Metric, Kind::Setting],
            Part::FollowOn => &[],
            Part::Ledger => &[Kind::Ledger, Kind::Field, Kind::State],
            Part::Form => &[Kind::Form, Kind::Field, Kind::Metric, Kind::Setting],
        }
    }
}

/// What has been read so far.
#[derive(Default)]
struct Draft {
    package: Package,
    targets: Vec<WrittenTarget>,
    carried: Vec<(String, At)>,
    forms: Vec<WrittenForm>,
    next_targets: Vec<WrittenTarget>,
    rules: Vec<WrittenRule>,
    derived: Vec<WrittenDerivation>,
}

/// Reads a package: `programme.toml`, `departments.toml`, `ledgers.toml`, `tags.toml`, `holidays.toml`, `deadlines.toml`, `phrases.toml`,
/// `follow-on.toml`, `matters/*.toml`, `forms/*.toml` and `ledgers/*.toml`. Files that do not end in `.toml` are none of the package's and are passed over. The order of the files does
/// not matter.
///
/// # Errors
/// All faults of all files at once, in the order of files and lines, each with what to do.
pub fn load(files: &[SourceFile]) -> Result<Package, Vec<PackageError>> {
    let sink = Sink::default();
    let mut draft = Draft::default();
    let mut sorted: Vec<&SourceFile> = files
        .iter()
        .filter(|file| file.name.ends_with(".toml"))
        .collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    if sorted.iter().all(|file| file.name != "programme.toml") {
        sink.note(
            &At::absent("programme.toml"),
            "missing_file",
            both("缺少方案文件", "the plan's file is missing"),
            both("请补上 programme.toml", "add programme.toml"),
        );
    }
    if sorted.iter().all(|file| file.name != "tags.toml") {
        // Editions published before there was such a list are read again to be compared; their tags are not judged.
        sink.read_quietly(&[Kind::Tag], || ());
    }
    for file in sorted {
        read_file(file, &sink, &mut draft);
    }
    let package = finish(draft, &sink);
    let faults = sink.settle();
    if faults.is_empty() {
        Ok(package)
    } else {
        Err(faults)
    }
}

fn read_file(file: &SourceFile, sink: &Sink, draft: &mut Draft) {
    let lines = Lines::of(file);
    let Some(part) = Part::of(&file.name) else {
        sink.note(
            &At::new(&lines, 0),
            "unknown_file",
            both(
                format!("数据包里不应有文件“{}”", file.name),
                format!("the package has no file called `{}`", file.name),
            ),
            both(
                "请移到 matters/、forms/ 或 ledgers/ 下，或删去",
                "move it below matters/, forms/ or ledgers/, or remove it",
            ),
        );
        return;
    };
    let (entries, errors) = DeTable::parse_recoverable(&file.text);
    for error in &errors {
        sink.note(
            &At::new(&lines, error.span().map_or(0, |span| span.start)),
            "syntax",
            both(
                format!("文件格式有误：{}", error.message()),
                format!("this is no TOML: {}", error.message()),
            ),
            both(
                "请检查引号、括号、等号和重复的行",
                "check quotes, brackets, equal signs and repeated keys",
            ),
        );
    }
    let root = Table::root(entries.get_ref(), &lines, sink);
    if errors.is_empty() {
        read_part(part, root, draft);
    } else {
        let mut lost = Draft::default();
        sink.read_quietly(part.defines(), || read_part(part, root, &mut lost));
    }
}

fn read_part(part: Part, root: Table<'_>, draft: &mut Draft) {
    let package = &mut draft.package;
    match part {
        Part::Programme => (package.programme, package.projects) = read_programme(root),
        Part::Departments => package.departments = read_departments(root),
        Part::Ledgers => package.ledgers.extend(read_ledgers(root)),
        Part::Tags => package.tags = read_tags(root),
        Part::Holidays => package.calendar = read_holidays(root),
        Part::Deadlines => package.deadlines = read_deadlines(root),
        Part::Phrases => package.phrases = read_phrases(root),
        Part::Matters => {
            let matters = root.tables("matter").into_iter().map(read_matter);
            package.matters.extend(matters);
            let metrics = root.tables("metric").into_iter();
            let derived = &mut draft.derived;
            package
                .metrics
                .extend(metrics.map(|table| read_metric(table, None, derived)));
            let targets = root.tables("target").into_iter().map(read_target);
            draft.targets.extend(targets);
            root.finish();
        }
        Part::FollowOn => {
            package.follow_on = read_follow_on(&root);
            let targets = root.tables("target").into_iter().map(read_target);
            draft.next_targets.extend(targets);
            root.finish();
        }
        Part::Ledger => {
            let read = read_ledger(root, &mut draft.rules);
            package.ledgers.extend(read);
        }
        Part::Form => {
            let read = read_form(root, &mut draft.derived);
            draft.forms.extend(read.form);
            draft.targets.extend(read.targets);
            draft.carried.extend(read.carried);
        }
    }
}

/// Puts things into their order and resolves the targets.
fn finish(draft: Draft, sink: &Sink) -> Package {
    let mut package = draft.package;
    package.take_forms(draft.forms, sink);
    package.projects.sort_by_key(|project| project.order);
    package.matters.sort_by(|a, b| a.code.cmp(&b.code));
    package.metrics.sort_by(|a, b| a.matter.cmp(&b.matter));
    settle_marks(&mut package.ledgers, &package.tags, sink);
    settle_rules(&mut package.ledgers, draft.rules, &package.matters, sink);
    settle_derivations(&mut package, draft.derived, sink);
    check_carried(&package, &draft.carried, sink);
    package.targets = resolve(&package, draft.targets, sink);
    let next = resolve(&package, draft.next_targets, sink);
    package.follow_targets(next);
    package.targets.sort_by(|a, b| a.metric.cmp(&b.metric));
    package
}

fn resolve(package: &Package, written: Vec<WrittenTarget>, sink: &Sink) -> Vec<TargetDef> {
    let first = package.programme.valid_from;
    let written = written.into_iter();
    written
        .filter_map(|target| {
            target.resolve(
                &package.metrics,
                first,
                |owned| setting(package, owned),
                sink,
            )
        })
        .collect()
}

/// What is carried over comes from a form that comes round once, so that it is one value.
fn check_carried(package: &Package, carried: &[(String, At)], sink: &Sink) {
    for (code, at) in carried {
        let once = package
            .form(code)
            .is_none_or(|form| form.only_period().is_some());
        if !once {
            sink.note(
                at,
                "carried_not_once",
                both(
                    format!("“{code}”不是一次性报送表，不能从中结转"),
                    format!("`{code}` comes round more than once; nothing is carried over from it"),
                ),
                both(
                    "请让该表的 last_period 等于 first_period，或改从其他表结转",
                    "let its `last_period` equal its `first_period`, or carry from another form",
                ),
            );
        }
    }
}

/// The setting written with its matter's or form's code: `M02/tolerance`.
fn setting<'p>(package: &'p Package, owned: &str) -> Option<&'p Setting> {
    let (owner, code) = owned.split_once('/')?;
    let of_matter = package
        .matter(owner)
        .and_then(|matter| matter.setting(code));
    of_matter.or_else(|| {
        let form = package.form(owner)?;
        form.settings.iter().find(|setting| setting.code == code)
    })
}
