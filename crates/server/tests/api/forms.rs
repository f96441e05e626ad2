//! Several forms beside each other: filled in by the county for its townships, without a check, carried over, pre-filled.

use crate::steps::act;
use serde_json::{Value, json};
use zhenxing_domain::policy::{DataScope, Matters, Role, Scope};
use zhenxing_server::app::AppError;
use zhenxing_server::app::password::hash_password;
use zhenxing_storage::account::{self, NewAccount, NewGrant};
use zhenxing_storage::unit;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

/// An account at the unit of another one, with one grant for itself and below.
pub fn add_beside(app: &TestApp, login: &str, beside: &str, role: Role) -> Result<(), Fault> {
    add_with(app, login, beside, role, Matters::All)
}

/// The same with a grant for some matters.
pub fn add_with(
    app: &TestApp,
    login: &str,
    beside: &str,
    role: Role,
    matters: Matters,
) -> Result<(), Fault> {
    let hash = hash_password(app.password())?;
    let system = Scope::bypass_for_system_work();
    let today = app.app.clock.today();
    app.app.db.write(|conn| -> Result<(), AppError> {
        let unit = unit::by_code(conn, &system, beside, today)?
            .ok_or_else(|| AppError::Internal(format!("no unit {beside}")))?;
        let new = NewAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            unit: unit.id,
            password_hash: hash,
            demonstration: true,
            grants: vec![NewGrant {
                role,
                scope: DataScope::UnitAndBelow,
                units: Vec::new(),
                departments: Vec::new(),
                matters,
            }],
        };
        account::create(conn, &new, 1)?;
        Ok(())
    })?;
    Ok(())
}

struct Staffing {
    app: TestApp,
    filler: String,
    approver: String,
    townships: Vec<String>,
}

impl Staffing {
    async fn start() -> Result<Staffing, Fault> {
        let app = TestApp::start().await?;
        let approver = app.sign_in("county").await?;
        let me = app.call("GET", "/session", Ask::by(&approver)).await?;
        add_beside(&app, "establishment", me.text("/unit/code"), Role::Filler)?;
        let filler = app.sign_in("establishment").await?;
        let dues = "/dues?form=M05&period=2026-10";
        let dues = app.call("GET", dues, Ask::by(&filler)).await?;
        let rows = dues.at("/items").as_array().cloned().unwrap_or_default();
        let codes = rows
            .iter()
            .filter_map(|row| row.pointer("/unit/code")?.as_str());
        let townships = codes.map(str::to_owned).collect();
        Ok(Staffing {
            app,
            filler,
            approver,
            townships,
        })
    }

    async fn report(
        &self,
        form: &str,
        period: &str,
        unit: usize,
        values: Value,
    ) -> Result<Answer, Fault> {
        let body = json!({ "form": form, "unit": self.townships.get(unit), "period": period, "values": values, "source_document": "机构编制台账" });
        let begun = self
            .app
            .call("POST", "/reports", Ask::by(&self.filler).json(&body))
            .await?;
        assert_eq!(begun.status, 201, "{}", begun.body);
        let id = begun.text("/summary/id").to_owned();
        let sent = act(&self.app, &self.filler, &id, json!({ "action": "submit" })).await?;
        assert_eq!(sent.text("/summary/state"), "checked", "{}", sent.body);
        act(
            &self.app,
            &self.approver,
            &id,
            json!({ "action": "approve" }),
        )
        .await
    }

    async fn figure(&self, metric: &str, period: &str) -> Result<Value, Fault> {
        self.app.settle()?;
        let path = format!("/metrics/{metric}/figures?period={period}");
        let tree = self.app.call("GET", &path, Ask::by(&self.approver)).await?;
        Ok(tree.at("/total").clone())
    }
}

fn staff(authorised: i64, in_post: i64) -> Value {
    json!({ "authorised": authorised, "in_post": in_post })
}

fn baseline(posts: i64, in_post: i64) -> Value {
    json!({ "administrative": posts, "institutional": 0, "authorised": posts, "in_post": in_post })
}

#[actix_web::test]
async fn the_county_reports_its_townships_and_the_baseline_is_carried_over() -> Result<(), Fault> {
    let all = Staffing::start().await?;
    assert!(all.townships.len() >= 3);
    for (unit, staff) in [(0, 45), (1, 50), (2, 40)] {
        all.report("M05-baseline", "2021-10", unit, baseline(50, staff))
            .await?;
    }
    let figure = all.figure("M05.baseline_townships", "2021-10").await?;
    assert_eq!(figure["value"], 2);
    let done = all.report("M05", "2025-12", 0, staff(50, 50)).await?;
    assert_eq!(done.at("/values/baseline_vacancies"), 5);
    all.report("M05", "2025-12", 1, staff(50, 50)).await?;
    all.report("M05", "2025-12", 2, staff(50, 48)).await?;
    let closed = all.figure("M05.vacancies_closed", "2025-12").await?;
    assert_eq!(
        (&closed["numerator"], &closed["denominator"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(closed["value"], 5_000);
    let staffing = all.figure("M05.staffing", "2025-12").await?;
    assert_eq!(staffing["value"], 9_867);
    Ok(())
}

#[actix_web::test]
async fn a_report_is_prefilled_from_the_last_approved_across_years() -> Result<(), Fault> {
    let all = Staffing::start().await?;
    all.report("M05", "2025-11", 0, staff(50, 44)).await?;
    all.report("M05", "2025-12", 0, staff(50, 45)).await?;
    let body = json!({ "form": "M05", "unit": all.townships[0], "period": "2026-01" });
    let begun = all
        .app
        .call("POST", "/reports", Ask::by(&all.filler).json(&body))
        .await?;
    assert_eq!(begun.text("/previous_period"), "2025-12");
    assert_eq!(begun.at("/previous/in_post"), 45);
    assert_eq!(begun.at("/values"), &json!({}));
    let body = json!({ "form": "M05", "unit": all.townships[0], "period": "2026-04" });
    let later = all
        .app
        .call("POST", "/reports", Ask::by(&all.filler).json(&body))
        .await?;
    assert_eq!(
        later.text("/previous_period"),
        "2025-12",
        "months without an approval are passed over"
    );
    Ok(())
}

#[actix_web::test]
async fn only_the_levels_of_a_form_fill_it_in() -> Result<(), Fault> {
    let all = Staffing::start().await?;
    let township = all.app.sign_in("township").await?;
    let village = all.app.sign_in("village").await?;
    for (token, form) in [
        (&township, "M05"),
        (&village, "M05"),
        (&all.filler, "M12"),
        (&all.filler, "M08"),
    ] {
        let dues = all
            .app
            .call("GET", &format!("/dues?form={form}"), Ask::by(token))
            .await?;
        assert_eq!(dues.status, 403, "{form}: {}", dues.body);
    }
    let dues = all
        .app
        .call("GET", "/dues?form=M15", Ask::by(&all.filler))
        .await?;
    assert_eq!(
        dues.at("/items").as_array().map(Vec::len),
        Some(1),
        "its own county"
    );
    let body = json!({ "form": "M05", "unit": all.townships[0], "period": "2026-01" });
    let refused = all
        .app
        .call("POST", "/reports", Ask::by(&township).json(&body))
        .await?;
    assert_eq!(refused.status, 403);
    Ok(())
}

#[actix_web::test]
async fn the_workbench_shows_every_form() -> Result<(), Fault> {
    let all = Staffing::start().await?;
    let bench = all
        .app
        .call("GET", "/workbench", Ask::by(&all.filler))
        .await?;
    let rows = bench
        .at("/progress")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let shown: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["form"].as_str().unwrap_or_default(),
                row["period"].as_str().unwrap_or_default(),
                row["can_fill"] == true,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("M05", "2026-10", true),
            ("M05-baseline", "2021-10", true),
            ("M08", "2026Q3", false),
            ("M12", "2026", false),
            ("M15", "2026Q3", true),
        ]
    );
    assert_eq!(bench.at("/progress/0/light"), "overdue");
    let village = all.app.sign_in("village").await?;
    let bench = all.app.call("GET", "/workbench", Ask::by(&village)).await?;
    let rows = bench.at("/to_fill").as_array().cloned().unwrap_or_default();
    let historical = rows.iter().filter(|row| row["fill_due"].is_null()).count();
    assert!(historical <= 2, "{}", bench.body);
    assert!(
        bench
            .at("/backlog")
            .as_array()
            .is_some_and(|rows| !rows.is_empty())
    );
    Ok(())
}
