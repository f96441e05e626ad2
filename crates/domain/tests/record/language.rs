//! The language of derived figures: what it says of records, how what is missing behaves, and what it refuses.

use super::{All, changed, files_of, got, record, well};
use serde_json::json;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{Derivation, MetricSource, Package, SourceFile, load};
use zhenxing_domain::period::Period;
use zhenxing_domain::record::{Days, derive};

const SAMPLE: &str = r#"
[ledger]
code = "sample"
name_zh = "样例台账"
name_en = "Samples"
levels = ["village"]
fill_levels = ["village"]
title = "name"

[ledger.term]
since = "since"
until = "until"

[[section]]
title_zh = "样例"
title_en = "Sample"
field = [
    { code = "name", name_zh = "名称", name_en = "Name", kind = "text" },
    { code = "count_of", name_zh = "数量", name_en = "Count", kind = "integer" },
    { code = "share", name_zh = "比例", name_en = "Share", kind = "decimal", decimals = 2 },
    { code = "paid", name_zh = "金额", name_en = "Paid", kind = "money" },
    { code = "since", name_zh = "起", name_en = "Since", kind = "date" },
    { code = "until", name_zh = "止", name_en = "Until", kind = "date" },
    { code = "good", name_zh = "合格", name_en = "Good", kind = "yes_no" },
    { code = "colour", name_zh = "颜色", name_en = "Colour", kind = "choice", choice = [
        { code = "red", name_zh = "红", name_en = "red" },
        { code = "blue", name_zh = "蓝", name_en = "blue" },
    ] },
    { code = "colours", name_zh = "各色", name_en = "Colours", kind = "choices", choice = [
        { code = "red", name_zh = "红", name_en = "red" },
        { code = "blue", name_zh = "蓝", name_en = "blue" },
    ] },
    { code = "one", name_zh = "一人", name_en = "One", kind = "person" },
    { code = "several", name_zh = "多人", name_en = "Several", kind = "references", to = "person" },
    { code = "before", name_zh = "前一条", name_en = "Before", kind = "reference", to = "sample" },
]
"#;

const SETTINGS: &str = r#"from_plan = true

[[matter.setting]]
code = "enough"
kind = "money"
value = 500
note_zh = "金额"
note_en = "money"

[[matter.setting]]
code = "most_part"
kind = "percent"
value = 60
note_zh = "比例"
note_en = "share"

[[matter.setting]]
code = "few"
kind = "integer"
value = 2
note_zh = "数量"
note_en = "count"
"#;

const NAMED: &str = r#"
[[ledger]]
code = "school_course"
name_zh = "课程台账"
name_en = "Courses"
"#;

/// The example package with the sample ledger, people and postings.
fn base() -> Vec<SourceFile> {
    let mut files = files_of("example-small");
    let shipped = files_of("cangzhou-2021").into_iter();
    let wanted = ["ledgers/person.toml", "ledgers/posting.toml"];
    files.extend(shipped.filter(|file| wanted.contains(&file.name.as_str())));
    files.retain(|file| file.name != "ledgers.toml");
    for (name, text) in [("ledgers/sample.toml", SAMPLE), ("ledgers.toml", NAMED)] {
        files.push(SourceFile {
            name: name.to_owned(),
            text: text.to_owned(),
        });
    }
    changed(files, "matters/p1.toml", "from_plan = true\n", SETTINGS)
}

/// The package with a metric that is derived so, or what is first wrong with it.
fn with(numerator: &str) -> Result<Package, String> {
    let old = "numerator = \"count(orchard where in_force and exists(visit by orchard = this where state = 'confirmed' and visited_on >= start and visited_on <= end and hours >= hours_a_visit))\"";
    let new = format!("numerator = \"{numerator}\"");
    let files = changed(base(), "matters/p1.toml", old, &new);
    load(&files).map_err(|faults| {
        let first = faults.into_iter().next();
        first.map(|fault| fault.message_en).unwrap_or_default()
    })
}

fn derivation(numerator: &str) -> Derivation {
    let package = well(with(numerator));
    let metric = got(package.metric("T01.orchards_advised"));
    match &metric.source {
        MetricSource::Derived {
            numerator: Some(derivation),
            ..
        } => derivation.clone(),
        other => unreachable!("{other:?}"),
    }
}

fn samples() -> All {
    let mut all = All::default();
    all.put(
        "sample",
        record(
            1,
            7,
            "",
            json!({
                "count_of": 3, "share": 6_050, "paid": 60_000, "since": "2024-02-10", "good": true, "colour": "red",
                "colours": ["red", "blue"], "one": 5, "several": [5, 6],
            }),
        ),
    );
    all.put(
        "sample",
        record(
            2,
            7,
            "",
            json!({
                "count_of": 1, "share": 5_999, "paid": 49_999, "since": "2024-03-01", "until": "2024-06-30",
                "good": false, "colour": "blue", "colours": ["blue"], "one": 6, "several": [7], "before": 1,
            }),
        ),
    );
    // Nothing is filled in here.
    all.put("sample", record(3, 7, "", json!({ "name": "x" })));
    all.put(
        "sample",
        record(4, 8, "", json!({ "count_of": 9, "one": 5, "good": true })),
    );
    all
}

/// Expressions, periods, and the numbers that they have.
const SAID: &[(&str, &str, Option<i64>)] = &[
    ("count(sample)", "2024", Some(3)),
    ("count(sample where count_of >= few)", "2024", Some(1)),
    ("count(sample where paid >= enough)", "2024", Some(1)),
    ("count(sample where paid < 500)", "2024", Some(1)),
    ("count(sample where share > most_part)", "2024", Some(1)),
    ("count(sample where share <= 59.99)", "2024", Some(1)),
    ("sum(paid of sample)", "2024", Some(109_999)),
    ("at_least(sum(paid of sample), enough)", "2024", Some(1)),
    (
        "at_least(sum(paid of sample where not good), enough)",
        "2024",
        Some(0),
    ),
    ("least(count_of of sample)", "2024", Some(1)),
    ("most(count_of of sample where good)", "2024", Some(3)),
    (
        "most(count_of of sample where colour = 'red' and not good)",
        "2024",
        None,
    ),
    (
        "distinct(one of sample, several of sample)",
        "2024",
        Some(3),
    ),
    ("total(count(sample), 2)", "2024", Some(5)),
    ("difference(count(sample), 1)", "2024", Some(2)),
    ("exists(sample where colour in ('blue'))", "2024", Some(1)),
    ("count(sample where colours = 'blue')", "2024", Some(2)),
    ("count(sample where colours in ('red'))", "2024", Some(1)),
    ("count(sample where several = one)", "2024", Some(1)),
    ("count(sample where in_force)", "2024-01", Some(0)),
    ("count(sample where in_force)", "2024-02", Some(1)),
    // The last day is the first on which it is no more.
    ("count(sample where in_force)", "2024-05", Some(2)),
    ("count(sample where in_force)", "2024-06", Some(1)),
    (
        "count(sample where since >= start and since <= end)",
        "2024-02",
        Some(1),
    ),
    (
        "count(sample where since > year_before)",
        "2025-02",
        Some(1),
    ),
    (
        "count(sample where month_start(since) = start)",
        "2024-02",
        Some(1),
    ),
    (
        "count(sample where since = month_start(since))",
        "2024",
        Some(1),
    ),
    (
        "count(sample where month_start(end) = '2024-12-01')",
        "2024",
        Some(3),
    ),
    ("count(sample where since < '2024-03-01')", "2024", Some(1)),
    ("count(sample where before.good)", "2024", Some(1)),
    (
        "count(sample where month_start(before.since) < since)",
        "2024",
        Some(1),
    ),
    (
        "count(sample where exists(sample by before = this))",
        "2024",
        Some(1),
    ),
    (
        "count(sample where count(other sample here) = 2)",
        "2024",
        Some(3),
    ),
    (
        "count(sample where exists(sample here where paid < this.paid))",
        "2024",
        Some(1),
    ),
];

#[test]
fn expressions_say_what_they_should() {
    let all = samples();
    for (text, period, expected) in SAID {
        let days = Days::of(Period::parse(period).unwrap());
        let found = derive(&derivation(text), UnitId(7), &days, &all);
        assert_eq!(found, *expected, "{text} {period}");
    }
}

#[test]
fn what_is_missing_is_neither_true_nor_false() {
    let all = samples();
    let days = Days::of(Period::parse("2024").unwrap());
    for (text, expected) in [
        ("count(sample where good)", 1),
        ("count(sample where not good)", 1),
        ("count(sample where good or not good)", 2),
        ("count(sample where colour = 'red')", 1),
        ("count(sample where colour != 'red')", 1),
        ("count(sample where colour is missing)", 1),
        ("count(sample where colour is present)", 2),
        (
            "count(sample where colour is missing or colour != 'red')",
            2,
        ),
        ("count(sample where not colour in ('red'))", 1),
        // One part that decides is enough.
        (
            "count(sample where name is present and (good or count_of is missing))",
            1,
        ),
        ("count(sample where before.good is missing)", 2),
        ("count(sample where month_start(since) is missing)", 1),
        // A sum leaves out what is missing.
        ("sum(count_of of sample)", 4),
    ] {
        let found = derive(&derivation(text), UnitId(7), &days, &all);
        assert_eq!(found, Some(expected), "{text}");
    }
}

/// Expressions that are wrong, and a part of what is said of them.
const REFUSED: &[(&str, &str)] = &[
    (
        "count(samples)",
        "no ledger with records is called `samples`",
    ),
    (
        "count(school_course)",
        "no ledger with records is called `school_course`",
    ),
    (
        "count(sample where colr = 'red')",
        "`sample` has no field `colr`",
    ),
    (
        "count(sample where colour = 'green')",
        "no choice is called `green`",
    ),
    (
        "count(sample where state = 'open')",
        "no choice is called `open`",
    ),
    ("count(sample where colour > 'blue')", "more or less"),
    ("count(sample where since > 3)", "different kinds"),
    (
        "count(sample where since > '2024-02-30')",
        "is no day such as",
    ),
    ("count(sample where paid > few)", "different kinds"),
    ("count(sample where share > 1.234)", "too many decimals"),
    (
        "count(sample where name = 'x')",
        "only choices and states compare with codes",
    ),
    ("count(sample where name = name)", "different kinds"),
    (
        "count(sample where 3 = count_of)",
        "a field should stand on the left",
    ),
    (
        "count(sample where month_start(count_of) = start)",
        "a day should stand in month_start",
    ),
    (
        "count(sample where month_start = start)",
        "`(` should stand here",
    ),
    ("count(sample where good", "`)` should stand here"),
    ("count(sample where good) count", "should end here"),
    (
        "count(sample where one.name.first is missing)",
        "should stand here",
    ),
    (
        "count(sample where several.sex = 'male')",
        "names no other record",
    ),
    ("count(sample where this.good)", "stands only inside"),
    (
        "count(sample where exists(posting by person = before))",
        "different ledgers",
    ),
    (
        "count(sample where exists(sample here where exists(sample here)))",
        "inside each other",
    ),
    (
        "count(sample where exists(sample by before = this where one.sex = 'male'))",
        "fields of that ledger",
    ),
    (
        "distinct(one of sample, before of sample)",
        "of different kinds",
    ),
    (
        "distinct(name of sample, colour of sample)",
        "of different kinds",
    ),
    ("sum(colour of sample)", "can be counted so"),
    ("distinct(id_number of person)", "can be counted so"),
    ("average(paid of sample)", "no function `average`"),
    ("plenty", "no setting is called `plenty`"),
    ("count(sample where colour ＝ 'red')", "has no meaning here"),
    ("count(visit where in_force)", "`visit` has no term"),
];

#[test]
fn what_cannot_be_told_is_refused_with_its_place() {
    for (text, said) in REFUSED {
        let fault = with(text).err().unwrap_or_default();
        assert!(fault.contains(said), "{text}: {fault}");
        assert!(fault.starts_with("at character "), "{text}: {fault}");
    }
}

#[test]
fn parts_do_not_stand_too_deep_in_each_other() {
    let deep = |times: usize| {
        let (open, close) = ("(".repeat(times), ")".repeat(times));
        format!("count(sample where {open}good{close})")
    };
    assert!(with(&deep(5)).is_ok());
    let fault = with(&deep(40)).err().unwrap_or_default();
    assert!(fault.contains("too deep"), "{fault}");
}
