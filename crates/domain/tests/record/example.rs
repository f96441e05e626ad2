//! The example package: another city's plan that the same loader reads.

use super::{All, files_of, loaded, record, share, told};
use serde_json::json;
use zhenxing_domain::package::{MetricStatus, diff};
use zhenxing_domain::unit::{DivisionCode, Level, UnitKind};

#[test]
fn the_example_is_another_plan_for_the_same_loader() {
    let package = loaded(&files_of("example-small"));
    assert_eq!(package.programme.code, "example-small");
    let sizes = [
        package.projects.len(),
        package.matters.len(),
        package.forms.len(),
        package.ledgers.len(),
        package.metrics.len(),
    ];
    assert_eq!(sizes, [1, 2, 1, 2, 2]);
    assert!(
        package
            .metrics
            .iter()
            .all(|metric| metric.status == MetricStatus::Active)
    );
    assert!(diff(&package, &package).is_empty());
}

#[test]
fn its_figure_is_derived_as_its_matter_says() {
    let package = loaded(&files_of("example-small"));
    let mut all = All::default();
    for (id, until) in [(1, ""), (2, ""), (3, "2026-05-01")] {
        let values = json!({ "name": "x", "fruit": "pear", "area": 100, "since": "2020-03-01", "until": until });
        all.add("orchard", id, 7, values);
    }
    for (id, orchard, day, hours, state) in [
        (11, 1, "2026-03-31", 2, "confirmed"),
        (12, 1, "2026-04-01", 3, "confirmed"),
        (13, 2, "2026-04-02", 1, "confirmed"),
        (14, 2, "2026-06-30", 2, "entered"),
        (15, 3, "2026-04-02", 4, "confirmed"),
    ] {
        let values = json!({ "orchard": orchard, "visited_on": day, "hours": hours });
        all.put("visit", record(id, 7, state, values));
    }
    let advised = |period| share(&package, "T01.orchards_advised", &all, 7, period);
    assert_eq!(advised("2026Q1"), (1, 3));
    assert_eq!(advised("2026Q2"), (1, 2));
    assert_eq!(advised("2026Q3"), (0, 2));
    let late = json!({ "orchard": 3, "visited_on": "2026-06-01", "hours": 2 });
    assert_eq!(
        told(
            &package,
            "visit",
            &record(0, 7, "entered", late),
            &all,
            "2026-07-01"
        ),
        ["orchard_there"]
    );
}

#[test]
fn examples_of_the_documentation_are_those_of_the_package() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/PACKAGES.md");
    let text = std::fs::read_to_string(file).unwrap();
    let files = files_of("cangzhou-2021");
    let written = text.lines().filter(|line| {
        ["numerator = ", "denominator = ", "holds = "]
            .iter()
            .any(|key| line.starts_with(key))
    });
    let mut examples = 0;
    for line in written {
        examples += 1;
        let shipped = files
            .iter()
            .any(|file| file.text.lines().any(|one| one == line));
        assert!(shipped, "{line}");
    }
    assert!(examples > 8, "{examples}");
}

#[test]
fn its_divisions_are_a_whole_tree() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../programmes/example-small/divisions.csv");
    let text = std::fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("code,name,level,parent_code"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let mut counts = [0; 4];
    for row in &rows {
        let [code, name, level, parent] = row[..] else {
            panic!("{row:?}");
        };
        let code = DivisionCode::parse(code).unwrap();
        let level = Level::parse(level).unwrap();
        assert_eq!(code.level(), level, "{code}");
        assert_eq!(
            level.above().map(Level::as_str),
            rows.iter().find(|row| row[0] == parent).map(|row| row[2]),
            "{code}"
        );
        if level == Level::Village {
            assert_eq!(code.kind(level, name), UnitKind::AdministrativeVillage);
        }
        counts[Level::ALL.iter().position(|one| *one == level).unwrap()] += 1;
    }
    assert_eq!(counts, [1, 2, 3, 6]);
}
