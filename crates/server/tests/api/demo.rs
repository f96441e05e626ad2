//! The demonstration: loaded once and whole, with figures that stand recomputation; taken away without a rest.

use crate::samples_task::{PDF, hand_in};
use crate::steps::{get, on, own_unit, post, recomputed};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::package::Severity;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::record::{Days, Need, check_rules, check_whole};
use zhenxing_server::app::App;
use zhenxing_server::app::setup::numbered;
use zhenxing_server::package;
use zhenxing_server::settings::{Command, parse};
use zhenxing_storage::record_look::Records;
use zhenxing_storage::{Conn, demo, event, ledger_tally, record, unit};
use zhenxing_test_support::{Fault, database, tree};

const DAY: &str = "2026-11-24";

/// The small tree in a fresh database, on a day on which M12 of the year is under way.
fn opened(folder: &tempfile::TempDir) -> Result<App, Fault> {
    let words = [
        "zhenxing",
        "serve",
        "--data-dir",
        &folder.path().display().to_string(),
        "--database-url",
        &database::fresh(folder.path())?,
        "--today",
        DAY,
    ];
    let Command::Serve(settings) = parse(&words.map(str::to_owned))?.command else {
        return Err("another command".into());
    };
    let mut loaded = package::load(None)?;
    let whole = loaded.divisions.take().ok_or("no divisions")?;
    loaded.divisions = Some(tree::small(&whole)?);
    Ok(App::open(*settings, loaded)?)
}

/// Where every unit stands on the days on which the years ended.
fn places(app: &App) -> Result<Vec<String>, Fault> {
    let system = Scope::bypass_for_system_work();
    let mut found = Vec::new();
    for year in 2021..=2026 {
        let day = chrono::NaiveDate::from_ymd_opt(year, 12, 31).ok_or("no day")?;
        let units = app.db.read(|conn| unit::all(conn, &system, day))?;
        let line =
            |unit: &unit::Placed| format!("{year} {} {} {}", unit.code, unit.name, unit.path);
        found.extend(units.iter().map(line));
    }
    found.sort();
    Ok(found)
}

/// Every event after a number: its kind and subject; their numbers follow one another.
fn events(app: &App, first: i64) -> Result<Vec<(String, String)>, Fault> {
    let system = Scope::bypass_for_system_work();
    let today = app.clock.today();
    let read = |conn: &mut Conn| event::after(conn, &system, first, i64::from(u32::MAX), today);
    let found = app.db.read(read)?;
    for (event, expected) in found.iter().zip(first + 1..) {
        assert_eq!(event.seq, expected, "{}", event.kind);
    }
    let pairs = found.into_iter();
    Ok(pairs.map(|event| (event.kind, event.subject)).collect())
}

#[test]
fn it_is_loaded_once_with_versions_events_and_figures() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let mut app = opened(&folder)?;
    assert!(!app.demonstration_data);
    assert!(app.load_demonstration()? && app.demonstration_data);
    let counts = app.db.read(demo::count)?;
    assert!(counts["report"] > 300, "{counts:?}");
    assert_eq!((counts["unit_change"], counts["rollup_queue"]), (1, 0));
    let events = events(&app, 0)?;
    let of = |noun: &str| {
        events
            .iter()
            .filter(|event| event.0.starts_with(noun))
            .count()
    };
    assert_eq!(i64::try_from(of("report."))?, counts["report_version"]);
    assert_eq!(i64::try_from(of("feedback."))?, counts["feedback_step"]);
    let kinds: BTreeSet<&str> = events.iter().map(|event| event.0.as_str()).collect();
    for kind in [
        "report.returned",
        "report.checked",
        "report.approved",
        "units.changed",
    ] {
        assert!(kinds.contains(kind), "{kinds:?}");
    }
    let mut approved = 0;
    for period in [
        "2021", "2022", "2023", "2024", "2025", "2026", "2026Q2", "2026Q3",
    ] {
        let tallies = recomputed(&app.db, &app.shapes, period)?;
        approved += tallies
            .values()
            .map(|tally| tally.approved_units)
            .sum::<i64>();
    }
    assert!(approved > 1_000, "{approved}");
    for table in ["ledger_record", "ledger_version", "ledger_link"] {
        assert!(counts[table] > 300, "{counts:?}");
    }
    let (metrics, _) = numbered(&app.db, &app.package)?;
    let tallies = recomputed(&app.db, &app.shapes, "2026")?;
    let trained = tallies
        .iter()
        .filter(|((_, metric), _)| *metric == metrics["M02.trained"]);
    let trained: i64 = trained.map(|(_, tally)| tally.approved.numerator).sum();
    assert!(trained > 0, "nobody was trained");
    assert!(!app.load_demonstration()?, "it is there already");
    assert_eq!(app.db.read(demo::count)?, counts);
    Ok(())
}

/// What stands against the records as they are, as it would be said to who keeps them.
#[test]
fn its_records_stand_the_rules_of_their_ledgers() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let mut app = opened(&folder)?;
    app.load_demonstration()?;
    let (system, today) = (Scope::bypass_for_system_work(), app.clock.today());
    let days = Days::today(today);
    let mut seen = BTreeSet::new();
    for ledger in &app.package.ledgers {
        let Some(def) = &ledger.record else {
            continue;
        };
        let units = app.db.read(|conn| unit::all(conn, &system, today))?;
        let units: Vec<_> = units.iter().map(|unit| unit.id).collect();
        let held = app
            .db
            .read(|conn| record::held(conn, &ledger.code, &units))?;
        let mut records = Records::default();
        for rule in &def.rules {
            let need = Need::of(&ledger.code, &rule.holds);
            app.db
                .read(|conn| records.read_around(conn, &need, &held))?;
        }
        for record in &held {
            let mut findings = check_whole(def, &record.values);
            findings.extend(check_rules(def, record, &days, &records, true));
            findings.retain(|one| one.severity == Severity::Error);
            assert!(
                findings.is_empty(),
                "{} {record:?}: {findings:?}",
                ledger.code
            );
            seen.insert(ledger.code.as_str());
        }
    }
    assert_eq!(
        seen.len(),
        app.package
            .ledgers
            .iter()
            .filter(|one| one.record.is_some())
            .count(),
        "{seen:?}"
    );
    Ok(())
}

/// Who keeps records already gets none made up beside them.
#[test]
fn kept_ledgers_stay_as_they_are() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let mut app = opened(&folder)?;
    let (system, today) = (Scope::bypass_for_system_work(), app.clock.today());
    let units = app.db.read(|conn| unit::all(conn, &system, today))?;
    let unit = units.last().ok_or("no unit")?.id;
    let held = BTreeMap::from([(("person".to_owned(), unit), 1)]);
    app.db.write(|conn| ledger_tally::change(conn, &held, 0))?;
    assert!(app.load_demonstration()?);
    assert_eq!(app.db.read(demo::count)?["ledger_record"], 0);
    Ok(())
}

#[test]
fn it_is_taken_away_without_a_rest() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let mut app = opened(&folder)?;
    app.fold_all()?;
    app.number_events()?;
    let (before, stood) = (app.db.read(demo::count)?, places(&app)?);
    let told = events(&app, 0)?;
    app.load_demonstration()?;
    assert_ne!(places(&app)?, stood, "a village is merged");
    let last = i64::try_from(events(&app, 0)?.len())?;
    app.remove_demonstration()?;
    assert!(!app.demonstration && !app.demonstration_data);
    assert_eq!(app.db.read(demo::count)?, before);
    assert_eq!(places(&app)?, stood);
    let kinds: Vec<String> = events(&app, last)?
        .into_iter()
        .map(|event| event.0)
        .collect();
    assert_eq!(kinds, ["demonstration.removed"], "the stream goes on");
    let system = Scope::bypass_for_system_work();
    let read = |conn: &mut Conn| event::after(conn, &system, 0, 100, app.clock.today());
    let left = app.db.read(read)?.len();
    assert_eq!(left, told.len() + 1);
    for period in ["2023", "2025", "2026Q3"] {
        let tallies = recomputed(&app.db, &app.shapes, period)?;
        assert!(tallies.values().all(|tally| tally.approved_units == 0));
    }
    assert!(app.load_demonstration()?, "it may come again");
    Ok(())
}

/// The tables into which work on tasks writes.
const TASKS: [&str; 9] = [
    "ledger_record",
    "ledger_version",
    "ledger_link",
    "hand_down",
    "task",
    "task_entry",
    "task_request",
    "task_tally",
    "file_link",
];

#[actix_web::test]
async fn what_was_done_with_tasks_is_taken_away_as_well() -> Result<(), Fault> {
    let app = on(DAY).await?;
    let before = app.app.db.read(demo::count)?;
    let village = app.sign_in("village").await?;
    let unit = own_unit(&app, &village).await?;
    let to = json!({ "type": "level", "level": "village", "kinds": ["administrative_village"] });
    let given = json!({ "matter": "M12", "period": "2026", "due": "2026-12-20", "to": to });
    let given = post(&app, "city", "/hand-downs", "", given).await?;
    assert_eq!(given.status, 201, "{}", given.body);
    let mine = get(&app, "village", "/tasks?queue=to_do").await?;
    let task = format!("/tasks/{}", mine.text("/items/0/id"));
    let file = hand_in(&app, &village, "合同.pdf", PDF).await?;
    let note = json!({ "words": "合同已签", "files": [file.text("/id")] });
    let noted = post(&app, "village", &format!("{task}/notes"), "", note).await?;
    assert_eq!(noted.status, 201, "{}", noted.body);
    let ask = json!({ "kind": "extension", "until": "2026-12-28", "reason": "账目未结" });
    let asked = post(&app, "village", &format!("{task}/requests"), "", ask).await?;
    assert_eq!(asked.status, 201, "{}", asked.body);
    let mark = json!({ "tag": "重点村", "units": [unit], "valid_from": "2026-01-01" });
    let marked = post(&app, "admin", "/unit-tags", "", mark).await?;
    assert_eq!(marked.at("/done"), 1, "{}", marked.body);
    let person = json!({ "values": { "name": "张三" } });
    let person = post(&app, "village", "/ledgers/person/records", "", person).await?;
    let holder = json!({ "values": { "person": person.text("/record/id"), "post": "director", "since": "2024-01-01" } });
    let held = post(&app, "village", "/ledgers/post_holder/records", "", holder).await?;
    assert_eq!(held.status, 201, "{}", held.body);
    let files = app.app.db.read(demo::count)?["file_link"];
    let plan = hand_in(&app, &village, "方案.pdf", PDF).await?;
    let case = json!({ "values": { "summary": "班子不团结", "found_on": "2026-03-01", "plan_file": plan.text("/id") } });
    let case = post(&app, "village", "/ledgers/weak_branch/records", "", case).await?;
    assert_eq!(case.status, 201, "{}", case.body);
    app.settle()?;
    let during = app.app.db.read(demo::count)?;
    assert_eq!(during["file_link"], files + 1);
    for table in TASKS {
        assert!(during.get(table) > before.get(table), "{table}: {during:?}");
    }
    app.app.db.write(demo::remove)?;
    app.app.derive_all()?;
    app.app.fold_all()?;
    app.app.count_tasks()?;
    app.app.count_records()?;
    let after = app.app.db.read(demo::count)?;
    for table in TASKS {
        assert_eq!(after.get(table), before.get(table), "{table}");
    }
    Ok(())
}
