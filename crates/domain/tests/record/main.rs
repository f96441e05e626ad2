//! Records: what stands against them, and figures derived from them, against hand-counted cases.

mod derived;
mod example;
mod flow;
mod language;
mod touch;
mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{MetricSource, Package, SourceFile, load};
use zhenxing_domain::period::Period;
use zhenxing_domain::record::{
    Days, Look, Record, RecordValue, Values, canonical, check_rules, check_whole, derive,
};

/// Records in memory, looked up by walking through all of them.
#[derive(Default)]
struct All(BTreeMap<String, Vec<Record>>);

impl All {
    fn add(&mut self, ledger: &str, id: i64, unit: i64, values: serde_json::Value) {
        self.put(ledger, record(id, unit, "", values));
    }

    fn put(&mut self, ledger: &str, record: Record) {
        self.0.entry(ledger.to_owned()).or_default().push(record);
    }

    fn of(&self, ledger: &str) -> impl Iterator<Item = &Record> {
        self.0.get(ledger).into_iter().flatten()
    }
}

impl Look for All {
    fn held(&self, ledger: &str, unit: UnitId) -> Vec<&Record> {
        self.of(ledger).filter(|one| one.unit == unit).collect()
    }

    fn naming(&self, ledger: &str, field: &str, record: i64) -> Vec<&Record> {
        self.of(ledger)
            .filter(|one| {
                let value = one.values.get(field);
                value.is_some_and(|value| value.named().contains(&record))
            })
            .collect()
    }

    fn record(&self, ledger: &str, id: i64) -> Option<&Record> {
        self.of(ledger).find(|one| one.id == id)
    }
}

fn record(id: i64, unit: i64, state: &str, values: serde_json::Value) -> Record {
    Record {
        id,
        unit: UnitId(unit),
        state: state.to_owned(),
        values: well(serde_json::from_value(values)),
    }
}

/// What a test asks for and is there.
#[track_caller]
fn got<T>(found: Option<T>) -> T {
    found.unwrap_or_else(|| unreachable!("it is not there"))
}

/// What a test reads and is sound.
#[track_caller]
fn well<T, E: std::fmt::Debug>(read: Result<T, E>) -> T {
    read.unwrap_or_else(|error| unreachable!("{error:#?}"))
}

/// The shipped package, read once.
fn shipped() -> &'static Package {
    static SHIPPED: LazyLock<Package> = LazyLock::new(|| loaded(&files_of("cangzhou-2021")));
    &SHIPPED
}

fn loaded(files: &[SourceFile]) -> Package {
    well(load(files))
}

/// The files with another text in place of one that stands in a file.
fn changed(mut files: Vec<SourceFile>, name: &str, old: &str, new: &str) -> Vec<SourceFile> {
    let file = got(files.iter_mut().find(|file| file.name == name));
    assert!(file.text.contains(old), "{old}");
    file.text = file.text.replacen(old, new, 1);
    files
}

/// The files of a package below `programmes/`.
fn files_of(programme: &str) -> Vec<SourceFile> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
    let root = root.join(programme);
    let mut files = Vec::new();
    for folder in ["", "matters", "forms", "ledgers"] {
        for entry in well(std::fs::read_dir(root.join(folder))) {
            let path = well(entry).path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let name = well(path.strip_prefix(&root));
                files.push(SourceFile {
                    name: name.to_string_lossy().into_owned(),
                    text: well(std::fs::read_to_string(&path)),
                });
            }
        }
    }
    files
}

fn share(package: &Package, code: &str, all: &All, unit: i64, period: &str) -> (i64, i64) {
    let metric = got(package.metric(code));
    let MetricSource::Derived {
        numerator,
        denominator,
        ..
    } = &metric.source
    else {
        unreachable!("{code} is not derived");
    };
    let days = Days::of(well(Period::parse(period)));
    let side = |side: &Option<_>| got(derive(got(side.as_ref()), UnitId(unit), &days, all));
    (side(numerator), side(denominator))
}

fn told(package: &Package, ledger: &str, record: &Record, all: &All, today: &str) -> Vec<String> {
    let def = got(got(package.ledger(ledger)).record.as_ref());
    let today = Days::today(well(today.parse()));
    let found = check_rules(def, record, &today, all, true);
    found.into_iter().map(|one| one.rule).collect()
}

fn village() -> All {
    let mut all = All::default();
    // Person 1 is secretary and head of the collective, 2 a member who left in June, 3 is resident, 4 a member.
    let post = |person: i64, post: &str, since: &str| serde_json::json!({ "person": person, "post": post, "since": since });
    all.add("post_holder", 11, 7, post(1, "secretary", "2024-01-01"));
    all.add(
        "post_holder",
        12,
        7,
        post(1, "collective_head", "2024-01-01"),
    );
    all.add(
        "post_holder",
        13,
        7,
        serde_json::json!({ "person": 2, "post": "villagers_committee", "since": "2024-01-01", "until": "2026-06-30" }),
    );
    all.add(
        "post_holder",
        14,
        7,
        post(4, "villagers_committee", "2026-03-01"),
    );
    all.add(
        "posting",
        21,
        7,
        serde_json::json!({ "person": 3, "role": "first_secretary", "since": "2025-05-01", "sent_by": "x" }),
    );
    let course = |organiser: &str, day: &str, people: &[i64]| serde_json::json!({ "name": "x", "organiser": organiser, "begins": day, "ends": day, "attendees": people });
    all.add("training", 31, 1, course("city", "2026-04-01", &[1, 2]));
    all.add("training", 32, 3, course("township", "2025-12-31", &[3, 4]));
    all.add("training", 33, 3, course("township", "2026-09-01", &[3]));
    all
}

#[test]
fn trained_people_are_counted_once_and_by_the_periods_end() {
    let package = shipped();
    let all = village();
    // At the end of 2026: 1, 3 and 4 are in post, 1 and 3 were trained in the year.
    assert_eq!(share(package, "M02.trained", &all, 7, "2026"), (2, 3));
    // At the end of 2025: 1, 2 and 3; of them 3 was trained on the last day, 4 was not yet in post.
    assert_eq!(share(package, "M02.trained", &all, 7, "2025"), (1, 3));
    assert_eq!(share(package, "M02.trained", &all, 8, "2026"), (0, 0));
    assert_eq!(
        share(package, "M02.secretaries_by_city", &all, 7, "2026"),
        (1, 1)
    );
    assert_eq!(
        share(package, "M02.secretaries_by_city", &all, 7, "2025"),
        (0, 1)
    );
}

#[test]
fn a_village_has_one_secretary_at_a_time() {
    let package = shipped();
    let all = village();
    let told = |values| {
        told(
            package,
            "post_holder",
            &record(0, 7, "", values),
            &all,
            "2026-11-24",
        )
    };
    let second = serde_json::json!({ "person": 9, "post": "secretary", "since": "2026-11-01" });
    assert_eq!(told(second), ["one_secretary"]);
    let past = serde_json::json!({ "person": 9, "post": "secretary", "since": "2020-11-01", "until": "2023-12-31" });
    assert!(told(past).is_empty());
    let twice = serde_json::json!({ "person": 4, "post": "villagers_committee", "since": "2026-11-01", "until": "2026-10-01" });
    assert_eq!(told(twice), ["term_order"]);
    let again =
        serde_json::json!({ "person": 4, "post": "villagers_committee", "since": "2026-11-01" });
    assert_eq!(told(again), ["post_once"]);
}

#[test]
fn values_are_judged_field_by_field() {
    let package = shipped();
    let def = package.ledger("person").unwrap().record.clone().unwrap();
    let told = |values: serde_json::Value| {
        let values: Values = serde_json::from_value(values).unwrap();
        let found = check_whole(&def, &values);
        let mut codes: Vec<String> = found
            .into_iter()
            .map(|one| format!("{} {}", one.field.unwrap_or_default(), one.rule))
            .collect();
        codes.sort();
        codes
    };
    assert_eq!(told(serde_json::json!({})), ["name required"]);
    assert_eq!(
        told(serde_json::json!({ "name": "  ", "sex": "" })),
        ["name required"]
    );
    let bad = serde_json::json!({
        "name": "张11010519491231002X", "id_number": "110105194912310020", "sex": "x", "birth": "1949-13-01",
        "phone": "123", "points": 3, "education": 4
    });
    assert_eq!(
        told(bad),
        [
            "birth type",
            "education type",
            "id_number id_card",
            "name personal_data",
            "phone phone",
            "points unknown_field",
            "sex choice"
        ]
    );
    let good = serde_json::json!({
        "name": "张三", "id_number": "11010519491231002x", "sex": "female", "birth": "1949-12-31", "phone": "13800138000"
    });
    assert!(told(good).is_empty());
}

#[test]
fn blank_values_leave_no_trace() {
    let values: Values = serde_json::from_value(serde_json::json!({
        "name": " 张三 ", "phone": "", "attendees": [3, 1, 3], "choices": []
    }))
    .unwrap();
    let kept = canonical(values);
    assert_eq!(
        serde_json::to_string(&kept).unwrap(),
        r#"{"attendees":[3,1],"name":"张三"}"#
    );
    assert_eq!(
        kept.get("name"),
        Some(&RecordValue::Text("张三".to_owned()))
    );
}
