//! Changes of the tree in the middle of a year, with reports before and after them: the figures are counted by hand.

use crate::steps::{begin, recomputed};
use serde_json::{Value, json};
use zhenxing_domain::policy::Scope;
use zhenxing_storage::unit;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

const PERIODS: [&str; 6] = ["2021", "2022", "2023", "2024", "2025", "2026"];
const REASON: &str = "沧民政〔2025〕8号";

/// A server with two townships of one county and one of another, and who works there.
struct Ground {
    app: TestApp,
    admin: String,
    city: String,
    /// The township of the accounts.
    home: String,
    /// Another township of the same county.
    near: String,
    /// A township of another county.
    far: String,
    /// The county of the accounts.
    county: String,
    /// The other county.
    other: String,
    /// The villages of the home township, by code.
    villages: Vec<String>,
}

fn codes(answer: &Answer) -> Vec<String> {
    let rows = answer.at("/items").as_array().cloned().unwrap_or_default();
    let code = |row: &Value| row["code"].as_str().unwrap_or_default().to_owned();
    rows.iter().map(code).collect()
}

impl Ground {
    async fn new() -> Result<Ground, Fault> {
        let app = TestApp::start().await?;
        let admin = app.sign_in("admin").await?;
        let city = app.sign_in("city").await?;
        let township = app.sign_in("township").await?;
        let me = app.call("GET", "/session", Ask::by(&township)).await?;
        let home = me.text("/unit/code").to_owned();
        let county = me.text("/ancestors/1/code").to_owned();
        let list = |path: String| {
            let ask = Ask::by(&city);
            let app = &app;
            async move {
                app.call("GET", &path, ask)
                    .await
                    .map(|answer| codes(&answer))
            }
        };
        let townships = list(format!("/units?parent={county}")).await?;
        let near = townships
            .into_iter()
            .find(|code| *code != home)
            .ok_or("two townships")?;
        let counties = list("/units?level=county".to_owned()).await?;
        let other = counties
            .into_iter()
            .find(|code| *code != county)
            .ok_or("two counties")?;
        let far = list(format!("/units?parent={other}"))
            .await?
            .into_iter()
            .next();
        let villages = list(format!("/units?parent={home}&on=2021-06-01")).await?;
        Ok(Ground {
            far: far.ok_or("a township elsewhere")?,
            app,
            admin,
            city,
            home,
            near,
            county,
            other,
            villages,
        })
    }

    fn village(&self, at: usize) -> &str {
        self.villages.get(at).map_or("", String::as_str)
    }

    /// A report of a village that the township fills in and the county approves.
    async fn approved(&self, village: &str, period: &str, fen: i64) -> Result<(), Fault> {
        let township = self.app.sign_in("township").await?;
        let county = self.app.sign_in("county").await?;
        let begun = begin(&self.app, &township, village, period, fen).await?;
        assert_eq!(begun.status, 201, "{}", begun.body);
        let id = begun.text("/summary/id");
        for (token, action) in [
            (&township, "submit"),
            (&township, "check"),
            (&county, "approve"),
        ] {
            let done = crate::steps::act(&self.app, token, id, json!({ "action": action })).await?;
            assert_eq!(done.status, 200, "{}", done.body);
        }
        Ok(())
    }

    async fn ask(&self, body: &Value, dry_run: bool) -> Result<Answer, Fault> {
        let path = format!("/unit-changes?dry_run={dry_run}");
        self.app
            .call("POST", &path, Ask::by(&self.admin).json(body))
            .await
    }

    /// Shows the change, makes it, and sees that both say the same.
    async fn change(&self, body: Value) -> Result<Answer, Fault> {
        let shown = self.ask(&body, true).await?;
        assert_eq!(shown.status, 200, "{}", shown.body);
        let made = self.ask(&body, false).await?;
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!(shown.at("/effect"), made.at("/effect"));
        self.same()?;
        Ok(made)
    }

    /// Folds; in every period the stored figures equal the recomputed ones.
    fn same(&self) -> Result<(), Fault> {
        self.app.settle()?;
        for period in PERIODS {
            recomputed(&self.app.app.db, &self.app.app.shapes, period)?;
        }
        Ok(())
    }

    /// Income in fen, approved units and expected units at a unit in a period.
    async fn figure(&self, unit: &str, period: &str) -> Result<(i64, i64, i64), Fault> {
        let path = format!("/metrics/M12.income_total/figures?period={period}&unit={unit}");
        let tree = self.app.call("GET", &path, Ask::by(&self.city)).await?;
        assert_eq!(tree.status, 200, "{unit} {period}: {}", tree.body);
        let number = |name: &str| tree.at(&format!("/total/{name}")).as_i64().unwrap_or(-1);
        Ok((
            number("numerator"),
            number("approved_units"),
            number("expected_units"),
        ))
    }

    async fn figures(&self, cases: &[(&str, &str, (i64, i64, i64))]) -> Result<(), Fault> {
        for (unit, period, expected) in cases {
            assert_eq!(
                self.figure(unit, period).await?,
                *expected,
                "{unit} {period}"
            );
        }
        Ok(())
    }
}

#[actix_web::test]
async fn a_merge_in_the_middle_of_a_year() -> Result<(), Fault> {
    let ground = Ground::new().await?;
    let (first, second) = (ground.village(0), ground.village(1));
    for (village, period, fen) in [
        (first, "2024", 1_000),
        (second, "2024", 200),
        (first, "2025", 1_100),
        (second, "2025", 210),
    ] {
        ground.approved(village, period, fen).await?;
    }
    ground.same()?;
    let home = ground.home.as_str();
    ground
        .figures(&[(home, "2024", (1_200, 2, 8)), (home, "2025", (1_310, 2, 8))])
        .await?;
    let made = ground
        .change(json!({ "kind": "merge", "from": "2025-07-01", "units": [first, second], "code": first, "name": "合并村", "reason": REASON }))
        .await?;
    assert_eq!(made.at("/effect/ended/0/code"), second);
    let expected = made
        .at("/effect/expected")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let row = expected
        .iter()
        .find(|row| row["form"] == "M12" && row["unit"]["code"] == ground.home.as_str());
    let row = row.ok_or("the township's row")?;
    assert_eq!((&row["before"], &row["after"]), (&json!(8), &json!(7)));
    assert_eq!(
        made.at("/effect/accounts_count"),
        1,
        "the second village's filler"
    );
    let periods = made
        .at("/effect/periods")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let yearly = periods.iter().filter(|row| row["form"] == "M12");
    assert_eq!(yearly.count(), 2, "2025 and 2026");
    let targets = made
        .at("/effect/targets")
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert!(targets.iter().any(|row| row["metric"] == "M12.reach_50k"));
    // What the second village reported for 2025 stays its own; the period's tree has it no longer.
    ground
        .figures(&[
            (home, "2024", (1_200, 2, 8)),
            (home, "2025", (1_100, 1, 7)),
            (second, "2024", (200, 1, 1)),
            (first, "2025", (1_100, 1, 1)),
        ])
        .await?;
    let township = ground.app.sign_in("township").await?;
    let path = "/reports?form=M12&period=2024";
    let past = ground.app.call("GET", path, Ask::by(&township)).await?;
    assert_eq!(past.at("/items").as_array().map(Vec::len), Some(2));
    assert_eq!(past.at("/items/0/unit/code"), first);
    assert_ne!(
        past.at("/items/0/unit/name"),
        "合并村",
        "2024 shows the name of 2024"
    );
    let one = format!("/reports/{}", past.text("/items/1/id"));
    let one = ground.app.call("GET", &one, Ask::by(&township)).await?;
    assert_eq!((one.status, one.text("/summary/unit/code")), (200, second));
    let dues = |period: &str| format!("/dues?form=M12&period={period}&limit=200");
    for (period, expected) in [("2024", 8), ("2025", 7), ("2026", 7)] {
        let list = ground
            .app
            .call("GET", &dues(period), Ask::by(&township))
            .await?;
        assert_eq!(
            list.at("/items").as_array().map(Vec::len),
            Some(expected),
            "{period}"
        );
    }
    // The merged village's year: it corrects its report of 2025 and begins 2026; the ended one can begin neither.
    let refused = begin(&ground.app, &township, second, "2026", 1).await?;
    assert_eq!((refused.status, refused.text("/field")), (422, "unit"));
    ground.approved(first, "2026", 1_300).await?;
    ground.approved(second, "2023", 7).await?;
    ground.same()?;
    ground
        .figures(&[(home, "2026", (1_300, 1, 7)), (home, "2023", (7, 1, 8))])
        .await?;
    let spans = format!("/units/{second}/placements");
    let spans = ground.app.call("GET", &spans, Ask::by(&township)).await?;
    assert_eq!(spans.at("/items/0/until"), "2025-06-30");
    let ended = ground.app.sign_in("village2").await;
    assert!(
        ended.is_err()
            || ground
                .app
                .call("GET", "/session", Ask::by(&ended?))
                .await?
                .status
                == 401
    );
    Ok(())
}

#[actix_web::test]
async fn a_split_in_the_middle_of_a_year() -> Result<(), Fault> {
    let ground = Ground::new().await?;
    let village = ground.village(0);
    ground.approved(village, "2024", 300).await?;
    ground.approved(village, "2025", 400).await?;
    let prefix = &ground.home[..9];
    let (east, west) = (format!("{prefix}397"), format!("{prefix}398"));
    let body = json!({ "kind": "split", "from": "2025-04-01", "units": [village], "reason": REASON,
        "pieces": [{ "code": east, "name": "东村" }, { "code": west, "name": "西村" }] });
    let made = ground.change(body).await?;
    assert_eq!(made.at("/effect/created").as_array().map(Vec::len), Some(2));
    // The split village's history is not apportioned: 2024 stays with it, 2025 counts none of it.
    let home = ground.home.as_str();
    ground
        .figures(&[
            (home, "2024", (300, 1, 8)),
            (home, "2025", (0, 0, 9)),
            (village, "2024", (300, 1, 1)),
        ])
        .await?;
    let township = ground.app.sign_in("township").await?;
    let early = begin(&ground.app, &township, &east, "2024", 1).await?;
    assert_eq!((early.status, early.text("/field")), (422, "unit"));
    ground.approved(&east, "2025", 150).await?;
    ground.approved(&west, "2025", 260).await?;
    ground.same()?;
    ground
        .figures(&[
            (home, "2025", (410, 2, 9)),
            (&ground.county, "2025", (410, 2, 33)),
            (&ground.county, "2024", (300, 1, 32)),
        ])
        .await
}

#[actix_web::test]
async fn a_township_moves_and_two_become_one() -> Result<(), Fault> {
    let ground = Ground::new().await?;
    let (village, home) = (ground.village(0), ground.home.as_str());
    ground.approved(village, "2024", 50).await?;
    ground.approved(village, "2025", 60).await?;
    let shard = |code: &str| -> Result<i64, Fault> {
        let system = Scope::bypass_for_system_work();
        let app = &ground.app.app;
        let today = app.clock.today();
        let found = app
            .db
            .read(|conn| unit::by_code(conn, &system, code, today))?;
        Ok(found.ok_or("it stands")?.home_shard)
    };
    let before = shard(village)?;
    let moved = ground
        .change(json!({ "kind": "move", "from": "2025-10-01", "units": [home], "parent": ground.other, "reason": REASON }))
        .await?;
    assert_eq!(
        moved.at("/effect/placed_count"),
        9,
        "the township and its eight villages"
    );
    assert_eq!(shard(village)?, before);
    ground
        .figures(&[
            (&ground.county, "2024", (50, 1, 32)),
            (&ground.other, "2024", (0, 0, 32)),
            (&ground.county, "2025", (0, 0, 24)),
            (&ground.other, "2025", (60, 1, 40)),
        ])
        .await?;
    // The old county sees the township's past in its own figure and no report of it; access is by today's tree.
    let old = ground.app.sign_in("county").await?;
    let figures = format!(
        "/metrics/M12.income_total/figures?period=2024&unit={}",
        ground.county
    );
    let tree = ground.app.call("GET", &figures, Ask::by(&old)).await?;
    assert_eq!(tree.at("/children").as_array().map(Vec::len), Some(4));
    let inside = format!("/metrics/M12.income_total/figures?period=2024&unit={home}");
    assert_eq!(
        ground.app.call("GET", &inside, Ask::by(&old)).await?.status,
        404
    );
    let reports = ground
        .app
        .call("GET", "/reports?form=M12&period=2024", Ask::by(&old))
        .await?;
    assert_eq!(reports.at("/items"), &json!([]));
    let merged = ground
        .change(json!({ "kind": "merge", "from": "2026-01-01", "units": [home, ground.far], "code": ground.far, "reason": REASON }))
        .await?;
    assert_eq!(merged.at("/effect/ended/0/code"), home);
    ground
        .figures(&[
            (&ground.far, "2025", (0, 0, 8)),
            (home, "2025", (60, 1, 8)),
            (&ground.far, "2026", (0, 0, 16)),
            (&ground.other, "2026", (0, 0, 40)),
        ])
        .await
}

#[actix_web::test]
async fn a_kind_is_corrected_from_a_day_on() -> Result<(), Fault> {
    let ground = Ground::new().await?;
    let (village, home) = (ground.village(0), ground.home.as_str());
    ground.approved(village, "2024", 5).await?;
    ground.approved(village, "2025", 6).await?;
    ground
        .change(json!({ "kind": "reclassify", "from": "2025-01-01", "units": [village], "unit_kind": "community", "reason": REASON }))
        .await?;
    ground
        .figures(&[(home, "2024", (5, 1, 8)), (home, "2025", (0, 0, 7))])
        .await?;
    let bench = ground.app.sign_in("village").await?;
    let bench = ground
        .app
        .call("GET", "/workbench", Ask::by(&bench))
        .await?;
    let due = bench.at("/to_fill").as_array().cloned().unwrap_or_default();
    let periods: Vec<&str> = due
        .iter()
        .filter_map(|due| due["period"].as_str())
        .collect();
    assert!(
        !periods.is_empty() && periods.iter().all(|period| *period < "2025"),
        "{periods:?}"
    );
    Ok(())
}

#[actix_web::test]
async fn a_planned_change_can_be_withdrawn_until_its_day() -> Result<(), Fault> {
    let ground = Ground::new().await?;
    let (first, second) = (ground.village(0), ground.village(1));
    let code = format!("{}399", &ground.home[..9]);
    let body = json!({ "kind": "merge", "from": "2026-12-01", "units": [first, second], "code": code, "name": "新设村", "reason": REASON });
    let made = ground.change(body.clone()).await?;
    assert_eq!(made.at("/change/state"), "planned");
    let home = ground.home.as_str();
    ground
        .figures(&[(home, "2026", (0, 0, 7)), (home, "2025", (0, 0, 8))])
        .await?;
    let again = ground.ask(&body, false).await?;
    assert_eq!((again.status, again.text("/field")), (404, "units"));
    let follows = ground
        .change(json!({ "kind": "move", "from": "2027-01-01", "units": [code], "parent": ground.near, "reason": REASON }))
        .await?;
    let withdraw = |id: String| {
        let ask = Ask::by(&ground.admin).json(&json!({ "reason": "暂缓" }));
        let app = &ground.app;
        async move {
            app.call("POST", &format!("/unit-changes/{id}/withdraw"), ask)
                .await
        }
    };
    let id = |answer: &Answer| answer.text("/change/id").to_owned();
    let refused = withdraw(id(&made)).await?;
    assert_eq!(
        (refused.status, refused.text("/code")),
        (409, "wrong_state")
    );
    assert_eq!(withdraw(id(&follows)).await?.text("/state"), "withdrawn");
    assert_eq!(withdraw(id(&made)).await?.status, 200);
    ground.same()?;
    ground.figures(&[(home, "2026", (0, 0, 8))]).await?;
    assert_eq!(withdraw(id(&made)).await?.status, 409);
    let past = ground
        .change(json!({ "kind": "rename", "from": "2026-11-01", "units": [first], "name": "改名村", "reason": REASON }))
        .await?;
    assert_eq!(withdraw(id(&past)).await?.status, 409);
    let list = |state: &str| format!("/unit-changes?state={state}&limit=1");
    for (state, count) in [("planned", 0), ("effective", 1), ("withdrawn", 1)] {
        let list = ground
            .app
            .call("GET", &list(state), Ask::by(&ground.city))
            .await?;
        assert_eq!(
            list.at("/items").as_array().map(Vec::len),
            Some(count),
            "{state}"
        );
    }
    let first_page = ground
        .app
        .call("GET", "/unit-changes?limit=2", Ask::by(&ground.city))
        .await?;
    let cursor = first_page.text("/next_cursor");
    let path = format!("/unit-changes?limit=2&cursor={cursor}&unit=");
    let path = path.trim_end_matches("&unit=");
    let rest = ground.app.call("GET", path, Ask::by(&ground.city)).await?;
    assert_eq!(rest.at("/items").as_array().map(Vec::len), Some(1));
    Ok(())
}

#[actix_web::test]
async fn what_cannot_be_is_refused_with_what_to_do() -> Result<(), Fault> {
    let ground = Ground::new().await?;
    let lock = Ask::by(&ground.admin)
        .header("If-Match", "\"1\"")
        .json(&json!({ "locked": true }));
    ground
        .app
        .call("PUT", "/forms/M12/periods/2024", lock)
        .await?;
    let (village, second) = (ground.village(0), ground.village(1));
    let with = |kind: &str, from: &str, units: Value, more: Value| {
        let mut body = json!({ "kind": kind, "from": from, "units": units, "reason": REASON });
        for (key, value) in more.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        body
    };
    let from = "2025-07-01";
    let cases = [
        (
            with(
                "rename",
                "2025-07-02",
                json!([village]),
                json!({ "name": "甲" }),
            ),
            422,
            "from",
        ),
        (
            with("rename", from, json!([village]), json!({})),
            422,
            "name",
        ),
        (
            with(
                "rename",
                from,
                json!([village]),
                json!({ "name": "甲", "parent": ground.near }),
            ),
            422,
            "parent",
        ),
        (
            with("rename", from, json!([village]), json!({ "code": second })),
            409,
            "code",
        ),
        (
            with(
                "rename",
                from,
                json!([village]),
                json!({ "code": ground.home }),
            ),
            422,
            "code",
        ),
        (
            with(
                "rename",
                from,
                json!(["999999999999"]),
                json!({ "name": "甲" }),
            ),
            404,
            "units",
        ),
        (
            with(
                "move",
                from,
                json!([village]),
                json!({ "parent": ground.county }),
            ),
            422,
            "parent",
        ),
        (
            with(
                "move",
                from,
                json!([ground.county]),
                json!({ "parent": ground.home }),
            ),
            422,
            "parent",
        ),
        (
            with(
                "move",
                from,
                json!([village, ground.near]),
                json!({ "parent": ground.home }),
            ),
            422,
            "units",
        ),
        (
            with(
                "move",
                "2024-03-01",
                json!([village]),
                json!({ "parent": ground.near }),
            ),
            409,
            "from",
        ),
        (
            with(
                "move",
                from,
                json!([village]),
                json!({ "parent": ground.home }),
            ),
            422,
            "units",
        ),
        (
            with("merge", from, json!([village]), json!({ "code": village })),
            422,
            "units",
        ),
        (
            with("end", from, json!([ground.home]), json!({})),
            422,
            "units",
        ),
        (
            with("end", from, json!(["130900000000"]), json!({})),
            422,
            "units",
        ),
        (
            with(
                "split",
                from,
                json!([ground.home]),
                json!({ "pieces": [{ "code": ground.home, "name": "甲" }, { "code": format!("{}199000", &ground.home[..6]), "name": "乙" }] }),
            ),
            422,
            "pieces",
        ),
        (
            with(
                "reclassify",
                from,
                json!([village]),
                json!({ "unit_kind": "town" }),
            ),
            422,
            "unit_kind",
        ),
    ];
    for (body, status, field) in cases {
        let answer = ground.ask(&body, false).await?;
        assert_eq!(
            (answer.status, answer.text("/field")),
            (status, field),
            "{body}: {}",
            answer.body
        );
    }
    let mut back = with(
        "move",
        "2024-03-01",
        json!([village]),
        json!({ "parent": ground.near }),
    );
    back["locked_cause"] = json!("区划调整文件补发");
    ground.change(back).await?;
    ground
        .figures(&[
            (&ground.home, "2024", (0, 0, 7)),
            (&ground.home, "2023", (0, 0, 8)),
        ])
        .await?;
    let later = with(
        "end",
        "2023-03-01",
        json!([village]),
        json!({ "locked_cause": "补" }),
    );
    let later = ground.ask(&later, false).await?;
    assert_eq!((later.status, later.text("/field")), (409, "from"));
    Ok(())
}

#[actix_web::test]
async fn moves_cost_the_same_for_a_small_and_a_large_subtree() -> Result<(), Fault> {
    let ground = Ground::new().await?;
    let mut costs = Vec::new();
    for (unit, parent, from) in [
        (ground.village(0), ground.near.as_str(), "2026-10-01"),
        (ground.far.as_str(), ground.county.as_str(), "2026-10-01"),
    ] {
        let body = json!({ "kind": "move", "from": from, "units": [unit], "parent": parent, "reason": REASON });
        ground.app.app.db.record_statements();
        let made = ground.ask(&body, false).await?;
        costs.push(ground.app.app.db.recorded_statements().len());
        assert_eq!(made.status, 201, "{}", made.body);
    }
    assert_eq!(costs.first(), costs.last());
    Ok(())
}
