//! Derived figures after every kind of change of records: a script that looks like chance and is the same in every run, and
//! after every twenty steps the stored figures against the slow way, in every unit and period.

use crate::derived_slow::{Before, Drawer};
use crate::steps::{codes_below, copy_package, own_unit};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use zhenxing_domain::figure::Measure;
use zhenxing_domain::ids::{MetricId, UnitId};
use zhenxing_domain::package::MetricDef;
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::Level;
use zhenxing_server::app::AppError;
use zhenxing_storage::derived;
use zhenxing_storage::figure::{self, Shapes};
use zhenxing_storage::unit;
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

/// Metrics of the test's own beside the shipped ones, so that every part of the language is walked.
const METRICS: [(&str, &str, &str); 11] = [
    ("posts", "count(post_holder where in_force)", ""),
    (
        "women",
        "count(post_holder where in_force and person.sex = 'female')",
        "",
    ),
    (
        "single",
        "count(person where exists(post_holder by person = this where in_force) and not exists(posting by person = this where in_force) and count(training by attendees = this) is present)",
        "",
    ),
    (
        "hours",
        "sum(hours of training where ends >= year_start and ends <= end and organiser in ('village', 'township'))",
        "",
    ),
    ("least", "least(hours of training where ends <= end)", ""),
    (
        "pairs",
        "count(post_holder where in_force and exists(other post_holder here where post = this.post and in_force))",
        "",
    ),
    (
        "through",
        "count(post_holder where exists(posting here where role = 'leader' and since > year_before))",
        "",
    ),
    (
        "among",
        "count(person where exists(training by attendees = this where ends <= end and hours is missing) or education = 'college')",
        "",
    ),
    (
        "rest",
        "difference(total(count(post_holder), count(posting where until is present)), exists(training where hours > 10 and ends > start))",
        "",
    ),
    (
        "resident",
        "exists(posting where in_force and role = 'first_secretary')",
        "1",
    ),
    (
        "enough",
        "at_least(count(person where count(training by attendees = this where ends <= end) >= 2), 1)",
        "count(person where sex is present or birth < month_start(end))",
    ),
];

/// A server with the shipped package and the test's own metrics.
pub async fn with_metrics(folder: &Path) -> Result<TestApp, Fault> {
    copy_package(folder)?;
    let file = folder.join("matters/p1.toml");
    let mut text = std::fs::read_to_string(&file)?;
    for (name, above, below) in METRICS {
        let kind = if below.is_empty() { "sum" } else { "ratio" };
        let below = match below {
            "" => String::new(),
            below => format!("denominator = \"{below}\"\n"),
        };
        text.push_str(&format!(
            "\n[[metric]]\ncode = \"M02.{name}\"\nname_zh = \"试\"\nname_en = \"Trial\"\ndefinition_zh = \"试\"\n\
             definition_en = \"trial\"\nunit_zh = \"个\"\nunit_en = \"pieces\"\nkind = \"{kind}\"\nstatus = \"active\"\nbetter = \"higher\"\nover_time = \"stock\"\n\
             source = \"derived\"\nledgers = [\"person\"]\nnumerator = \"{above}\"\n{below}\
             applies_to = {{ level = \"village\", kinds = [\"administrative_village\"] }}\n"
        ));
    }
    std::fs::write(&file, text)?;
    TestApp::start_as(Wish {
        package: Some(folder.to_owned()),
        ..Wish::default()
    })
    .await
}

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    fn of<T: Clone + Default>(&mut self, values: &[T]) -> T {
        let at = self.below(values.len());
        values.get(at).cloned().unwrap_or_default()
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

const DAYS: [&str; 15] = [
    "2020-06-01",
    "2021-01-01",
    "2021-12-31",
    "2022-07-01",
    "2023-12-31",
    "2024-01-01",
    "2024-12-31",
    "2025-01-01",
    "2025-06-30",
    "2025-12-31",
    "2026-01-01",
    "2026-05-01",
    "2026-11-20",
    "2026-12-31",
    "2027-03-01",
];

/// A record that was made, with the account that keeps it.
#[derive(Clone, Default)]
struct Made {
    ledger: &'static str,
    id: String,
    keeper: &'static str,
}

/// A server in the middle of the script.
struct Script {
    app: TestApp,
    dice: Dice,
    tokens: BTreeMap<&'static str, String>,
    villages: Vec<String>,
    made: Vec<Made>,
    /// Who held records before mergers.
    before: Before,
    taken: BTreeMap<&'static str, usize>,
}

impl Script {
    async fn new(folder: &Path, seed: u64) -> Result<Script, Fault> {
        let app = with_metrics(folder).await?;
        let mut tokens = BTreeMap::new();
        for login in ["village", "village2", "township", "county", "city", "admin"] {
            tokens.insert(login, app.sign_in(login).await?);
        }
        let township = tokens.get("township").cloned().unwrap_or_default();
        let home = own_unit(&app, &township).await?;
        let villages = codes_below(&app, &township, &home).await?;
        assert_eq!(villages.len(), 8);
        Ok(Script {
            app,
            dice: Dice(seed),
            tokens,
            villages,
            made: Vec::new(),
            before: Before::new(),
            taken: BTreeMap::new(),
        })
    }

    fn by(&self, login: &str) -> Ask {
        Ask::by(self.tokens.get(login).map_or("", String::as_str))
    }

    fn people(&self) -> Vec<String> {
        let people = self.made.iter().filter(|one| one.ledger == "person");
        people.map(|one| one.id.clone()).collect()
    }

    fn any_of(&mut self, ledger: Option<&str>) -> Made {
        let fits = |one: &&Made| ledger.is_none_or(|ledger| one.ledger == ledger);
        let all: Vec<Made> = self.made.iter().filter(fits).cloned().collect();
        self.dice.of(&all)
    }

    /// Notes what became of a step. Rules may stand against it; nothing else goes wrong.
    fn note(&mut self, step: &'static str, answer: &Answer) -> bool {
        let done = matches!(answer.status, 200 | 201);
        let refused = matches!(answer.status, 404 | 409 | 422);
        assert!(done || refused, "{step}: {}", answer.body);
        *self.taken.entry(step).or_default() += usize::from(done);
        done
    }

    /// Values that a record of the ledger may have.
    fn filled(&mut self, ledger: &str) -> Map<String, Value> {
        let people = self.people();
        let dice = &mut self.dice;
        let mut values = Map::new();
        let mut put = |name: &str, value: Value| drop(values.insert(name.to_owned(), value));
        match ledger {
            "person" => {
                put("name", json!(format!("人{}", dice.below(90))));
                if !dice.once_in(3) {
                    put("sex", json!(dice.of(&["male", "female"])));
                }
                if dice.once_in(2) {
                    put("birth", json!(dice.of(&["1970-02-28", "2001-05-01"])));
                }
                put("education", json!(dice.of(&["", "college", "senior"])));
            }
            "training" => {
                let organisers = ["city", "county", "township", "village"];
                let day = dice.of(DAYS.get(..13).unwrap_or_default());
                let mut attendees = Vec::new();
                for _ in 0..=dice.below(4) {
                    attendees.push(dice.of(&people));
                }
                put("name", json!("示范培训"));
                put("organiser", json!(dice.of(&organisers)));
                put("begins", json!(day));
                put("ends", json!(day));
                put("attendees", json!(attendees));
                if dice.once_in(2) {
                    put("hours", json!(dice.below(20) + 1));
                }
            }
            _ => {
                let posts = [
                    "secretary",
                    "director",
                    "villagers_committee",
                    "collective_head",
                ];
                let roles = ["first_secretary", "leader", "member"];
                put("person", json!(dice.of(&people)));
                put("since", json!(dice.of(&DAYS)));
                if ledger == "post_holder" {
                    put("post", json!(dice.of(&posts)));
                } else {
                    put("role", json!(dice.of(&roles)));
                    put("sent_by", json!("市直机关"));
                }
                if dice.once_in(2) {
                    put("until", json!(dice.of(&DAYS)));
                }
            }
        }
        values
    }

    async fn make(&mut self) -> Result<(), Fault> {
        let ledgers = [
            "person",
            "person",
            "post_holder",
            "post_holder",
            "posting",
            "training",
        ];
        let ledger = match self.people().len() {
            0..4 => "person",
            _ => self.dice.of(&ledgers),
        };
        let login = match ledger {
            "training" => self.dice.of(&["city", "county", "township", "village"]),
            "post_holder" => self.dice.of(&["township", "village", "village2"]),
            _ => self.dice.of(&["county", "township", "township", "village"]),
        };
        let values = self.filled(ledger);
        let above = matches!(login, "county" | "township");
        let below = above && (ledger != "training" || self.dice.once_in(2));
        let unit = below.then(|| self.dice.of(&self.villages));
        let body = json!({ "values": values, "unit": unit });
        let path = format!("/ledgers/{ledger}/records");
        let answer = self.app.call("POST", &path, self.by(login).json(&body));
        let answer = answer.await?;
        if self.note("make", &answer) {
            let keeper = match login {
                "village" | "village2" => "township",
                other => other,
            };
            let id = answer.text("/record/id").to_owned();
            self.made.push(Made { ledger, id, keeper });
        }
        Ok(())
    }

    /// Sends a record back with other values, or with another unit.
    async fn edit(&mut self, step: &'static str, one: &Made) -> Result<(), Fault> {
        let path = format!("/ledgers/{}/records/{}", one.ledger, one.id);
        let now = self.app.call("GET", &path, self.by(one.keeper)).await?;
        let mut values = now.at("/values").as_object().cloned().unwrap_or_default();
        let mut unit = None;
        let fresh = self.filled(one.ledger);
        match step {
            "move" => unit = Some(self.dice.of(&self.villages)),
            "attend" => {
                let mut there = now.at("/values/attendees").as_array().cloned();
                let there = there.get_or_insert_default();
                if there.len() > 1 && self.dice.once_in(2) {
                    let at = self.dice.below(there.len());
                    there.remove(at);
                } else {
                    there.push(json!(self.dice.of(&self.people())));
                }
                values.insert("attendees".to_owned(), json!(there));
            }
            _ => {
                let mut names: Vec<&str> = fresh.keys().map(String::as_str).collect();
                names.extend(["until", "until", "sex", "hours"]);
                let name = self.dice.of(&names);
                match fresh.get(name) {
                    Some(value) => drop(values.insert(name.to_owned(), value.clone())),
                    None => drop(values.remove(name)),
                }
            }
        }
        let body = json!({ "values": values, "unit": unit });
        let ask = self.by(one.keeper).header("If-Match", now.etag());
        if now.status == 200 {
            let answer = self.app.call("PUT", &path, ask.json(&body)).await?;
            self.note(step, &answer);
        }
        Ok(())
    }

    async fn remove_or_restore(&mut self, one: &Made) -> Result<(), Fault> {
        let path = format!("/ledgers/{}/records/{}", one.ledger, one.id);
        let now = self.app.call("GET", &path, self.by(one.keeper)).await?;
        if now.status != 200 {
            return Ok(());
        }
        let step = match now.at("/deleted").as_bool() {
            Some(true) => "restore",
            _ => "delete",
        };
        let ask = self.by(one.keeper).header("If-Match", now.etag());
        let ask = ask.json(&json!({ "reason": "核对后更正" }));
        let answer = self
            .app
            .call("POST", &format!("{path}/{step}"), ask)
            .await?;
        self.note(step, &answer);
        Ok(())
    }

    async fn step(&mut self) -> Result<(), Fault> {
        let kind = self.dice.below(12);
        if kind < 4 || self.made.len() < 6 {
            return self.make().await;
        }
        match kind {
            4..8 => {
                let one = self.any_of(None);
                self.edit("edit", &one).await
            }
            8 => {
                let one = self.any_of(None);
                self.edit("move", &one).await
            }
            9 => {
                let one = self.any_of(Some("training"));
                self.edit("attend", &one).await
            }
            _ => {
                let one = self.any_of(None);
                self.remove_or_restore(&one).await
            }
        }
    }

    /// Notes what a village holds that ends on a day.
    fn leave(&mut self, village: usize, day: &str) -> Result<(), Fault> {
        let code = self.villages.get(village).cloned().unwrap_or_default();
        let app = &self.app.app;
        let system = Scope::bypass_for_system_work();
        let today = app.clock.today();
        let ids = app.db.read(|conn| -> Result<_, AppError> {
            let Some(unit) = unit::by_code(conn, &system, &code, today)? else {
                return Ok(None);
            };
            Ok(Some((unit.id.0, Drawer::of_unit(app, conn, unit.id.0)?)))
        })?;
        let (unit, ids) = ids.ok_or("the village stands")?;
        assert!(!ids.is_empty(), "nothing is merged");
        for id in ids {
            let spans = self.before.entry(id).or_default();
            spans.push((day.to_owned(), unit));
        }
        Ok(())
    }

    /// The village that took another over is taken over itself.
    async fn merge_again(&mut self) -> Result<(), Fault> {
        self.leave(2, "2026-03-01")?;
        let at = |from: usize| self.villages.get(from).map_or("", String::as_str);
        let body = json!({ "kind": "merge", "from": "2026-03-01", "units": [at(2), at(5)], "code": at(5),
            "reason": "沧民政〔2026〕2号" });
        let ask = self.by("admin").json(&body);
        let done = self.app.call("POST", "/unit-changes?dry_run=false", ask);
        let done = done.await?;
        assert_eq!(done.status, 201, "{}", done.body);
        let ended = [at(2).to_owned(), at(3).to_owned()];
        self.villages.retain(|code| !ended.contains(code));
        Ok(())
    }

    /// Two villages become one in the middle of a year, and one goes to another township.
    async fn change_the_tree(&mut self) -> Result<(), Fault> {
        let township = own_unit(
            &self.app,
            self.tokens.get("township").map_or("", String::as_str),
        );
        let home = township.await?;
        let token = self.tokens.get("county").cloned().unwrap_or_default();
        let county = own_unit(&self.app, &token).await?;
        let beside = codes_below(&self.app, &token, &county).await?;
        let near = beside.into_iter().find(|code| *code != home);
        self.leave(3, "2025-07-01")?;
        let at = |from: usize| self.villages.get(from).map_or("", String::as_str);
        let why = "沧民政〔2025〕8号";
        for body in [
            json!({ "kind": "merge", "from": "2025-07-01", "units": [at(2), at(3)], "code": at(2), "name": "合并村", "reason": why }),
            json!({ "kind": "move", "from": "2024-04-01", "units": [at(4)], "parent": near, "reason": why }),
        ] {
            let ask = self.by("admin").json(&body);
            let done = self.app.call("POST", "/unit-changes?dry_run=false", ask);
            let done = done.await?;
            assert_eq!(done.status, 201, "{}", done.body);
        }
        Ok(())
    }
}

/// The derived metrics with their numbers.
fn derived_metrics(app: &TestApp) -> Result<Vec<(&MetricDef, MetricId)>, Fault> {
    let known = app.app.db.read(derived::periods)?;
    let mut found = Vec::new();
    for metric in &app.app.package.metrics {
        let id = app.app.metrics.get(&metric.code).copied();
        let opened = known.iter().any(|(one, _, _)| Some(*one) == id);
        if let Some(id) = id.filter(|_| opened) {
            found.push((metric, id));
        }
    }
    for code in ["M02.trained", "M02.secretaries_by_city", "M02.posts"] {
        let there = found.iter().any(|(metric, _)| metric.code == code);
        assert!(there, "{code}");
    }
    Ok(found)
}

/// Compares every stored figure of every period with the slow way; returns how many villages have one.
fn compared(app: &TestApp, before: &Before, when: &str) -> Result<usize, Fault> {
    app.settle()?;
    let metrics = derived_metrics(app)?;
    let drawer = app
        .app
        .db
        .read(|conn| Drawer::read(&app.app, conn, before.clone()))?;
    let mut periods: BTreeMap<Period, Vec<(&MetricDef, MetricId)>> = BTreeMap::new();
    for (id, period, _) in app.app.db.read(derived::periods)? {
        let own = metrics.iter().find(|(_, one)| *one == id);
        periods.entry(period).or_default().extend(own);
    }
    let mut there = 0;
    for (period, metrics) in periods {
        let ids = metrics
            .iter()
            .map(|(metric, id)| (*id, metric.applies_to.clone()));
        let shapes: Shapes = ids.collect();
        let (units, leaves, above) = app.app.db.read(|conn| -> Result<_, AppError> {
            let system = Scope::bypass_for_system_work();
            let units = unit::all(conn, &system, period.last_day())?;
            let leaves = figure::tallies_of(conn, &system, &[period], &shapes, &units)?;
            Ok((units, leaves, figure::stored_whole(conn, period)?))
        })?;
        for (metric, id) in metrics {
            let mut sums: BTreeMap<UnitId, [i64; 4]> = BTreeMap::new();
            for unit in &units {
                if unit.level != Level::Village || !metric.applies_to.includes(unit.kind) {
                    continue;
                }
                let slow = drawer.figure(metric, unit.id.0, period)?;
                let stored = leaves
                    .get(&(period, unit.id, id))
                    .copied()
                    .unwrap_or_default();
                let kept = (stored.approved_units == 1).then_some(stored.approved);
                let kept = kept.map(|one| (one.numerator, one.denominator));
                assert_eq!(kept, slow, "{when}: {} {period} {}", metric.code, unit.code);
                there += usize::from(slow.is_some());
                let (above, below) = slow.unwrap_or_default();
                let parts = [above, below, i64::from(slow.is_some()), 1];
                for over in unit.lineage().into_iter().filter(|over| *over != unit.id) {
                    let sum = sums.entry(over).or_default();
                    sum.iter_mut()
                        .zip(parts)
                        .for_each(|(sum, part)| *sum += part);
                }
            }
            for (over, sum) in sums {
                let tally = above.get(&(over, id)).copied().unwrap_or_default();
                let Measure {
                    numerator,
                    denominator,
                } = tally.approved;
                let kept = [
                    numerator,
                    denominator,
                    tally.approved_units,
                    tally.expected_units,
                ];
                assert_eq!(kept, sum, "{when}: {} {period} {over:?}", metric.code);
            }
        }
    }
    Ok(there)
}

const STEPS: usize = 300;

async fn played(seed: u64) -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let mut script = Script::new(folder.path(), seed).await?;
    let mut there = 0;
    for step in 1..=STEPS {
        script.step().await?;
        if step == 170 {
            script.change_the_tree().await?;
        }
        if step == 230 {
            script.merge_again().await?;
        }
        if step % 20 == 0 {
            there += compared(
                &script.app,
                &script.before,
                &format!("seed {seed} step {step}"),
            )?;
        }
    }
    // The script is worth something only while its steps are mostly taken and figures stand.
    for (step, least) in [
        ("make", 50),
        ("edit", 40),
        ("move", 5),
        ("attend", 5),
        ("delete", 5),
        ("restore", 2),
    ] {
        let taken = script.taken.get(step).copied().unwrap_or_default();
        assert!(taken >= least, "{step}: {:?}", script.taken);
    }
    assert!(there > 2_000, "{there}");
    Ok(())
}

#[actix_web::test]
async fn figures_after_a_random_script_are_those_of_the_slow_way() -> Result<(), Fault> {
    played(7).await
}

#[actix_web::test]
async fn figures_after_another_script_are_those_of_the_slow_way() -> Result<(), Fault> {
    played(20_211).await
}
