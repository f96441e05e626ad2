//! Who may do what: every account against every operation, as a snapshot.

use crate::samples::{Fixture, LOGINS, Sample, description, operations, snapshot};
use serde_json::json;
use zhenxing_domain::ids::DepartmentId;
use zhenxing_domain::policy::{DataScope, Matters, Role, Scope};
use zhenxing_server::app::password::hash_password;
use zhenxing_storage::account::{self, NewAccount, NewGrant};
use zhenxing_storage::department;
use zhenxing_test_support::{Ask, Fault};

/// The samples, made harmless: a write that is allowed is told that it is stale, or exists already.
fn rows(fixture: &Fixture) -> Vec<(String, Sample)> {
    let mut rows = Vec::new();
    for mut sample in fixture.samples() {
        if sample.tag.is_some() {
            sample.tag = Some("\"99\"");
        }
        match sample.operation {
            "act_on_report" => {
                for action in ["submit", "check", "approve", "return", "revise"] {
                    let body = json!({ "action": action, "reason": "请核对" });
                    let name = format!("act_on_report:{action}");
                    let acting = Sample {
                        body: Some(body),
                        ..sample.clone()
                    };
                    rows.push((name, acting));
                }
            }
            "create_report" => {
                if let Some(body) = sample.body.as_mut() {
                    body["period"] = json!("2024");
                }
                rows.push((sample.operation.to_owned(), sample));
            }
            "change_password" => {
                if let Some(body) = sample.body.as_mut() {
                    body["current"] = json!("a wrong one");
                }
                rows.push((sample.operation.to_owned(), sample));
            }
            "create_user" | "create_department" => {
                // The code and the name are taken: who may do it is told so.
                if let Some(body) = sample.body.as_mut() {
                    body["login"] = json!("village");
                    body["code"] = json!("organisation");
                    let of_one = if sample.operation == "create_user" {
                        "code"
                    } else {
                        "login"
                    };
                    body.as_object_mut().map(|map| map.remove(of_one));
                }
                rows.push((sample.operation.to_owned(), sample));
            }
            "refresh_session" => {}
            "list_dues" | "list_reports" => {
                sample.query = vec![("form", "M12".to_owned())];
                rows.push((sample.operation.to_owned(), sample));
            }
            name => rows.push((name.to_owned(), sample)),
        }
    }
    // What ends sessions comes last.
    rows.sort_by_key(|row| (row.0.starts_with("sign_out"), row.0.clone()));
    rows
}

#[actix_web::test]
async fn the_access_matrix() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let mut lines = vec![format!(
        "{:24}{}",
        "operation",
        LOGINS.map(|login| format!("{login:9}")).concat()
    )];
    let rows = rows(&fixture);
    for operation in operations(&description()?).keys() {
        let found = rows
            .iter()
            .any(|(name, _)| name.split(':').next() == Some(operation));
        assert!(
            found || operation == "refresh_session",
            "{operation} has no row"
        );
    }
    for (name, sample) in rows {
        let mut line = format!("{name:24}");
        for login in LOGINS {
            let token = if name.starts_with("sign_out") {
                fixture.app.sign_in(login).await?
            } else if sample.login.is_empty() {
                String::new()
            } else {
                fixture.token(login)
            };
            let ask = sample.ask().signed(&token);
            let answer = fixture
                .app
                .call(sample.method, &sample.address(), ask)
                .await?;
            line.push_str(&format!("{:<9}", answer.status));
        }
        lines.push(line.trim_end().to_owned());
    }
    let nobody = Ask::by(&fixture.app.sign_in("nobody").await?);
    let me = fixture.app.call("GET", "/session", nobody).await?;
    assert_eq!(me.at("/actions"), &json!([]));
    snapshot("access.txt", &(lines.join("\n") + "\n"))
}

/// An account of the city bound to a department sees reports and figures of that department's matters only.
#[actix_web::test]
async fn a_department_sees_its_matters() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app.app;
    let system = Scope::bypass_for_system_work();
    let today = app.clock.today();
    let hash = hash_password(fixture.app.password())?;
    let every = department::DepartmentFilter {
        limit: 1_000,
        ..Default::default()
    };
    let all = app
        .db
        .read(|conn| department::list(conn, &system, &every, today))?;
    let holds =
        |department: &&department::Department| department.matters.iter().any(|code| code == "M12");
    let with = all
        .iter()
        .find(holds)
        .ok_or("a department that leads M12")?;
    let without = all
        .iter()
        .find(|one| !holds(one))
        .ok_or("another department")?;
    for (login, department) in [("with", with), ("without", without)] {
        let new = NewAccount {
            login: login.to_owned(),
            name: department.name.clone(),
            unit: department.unit,
            password_hash: hash.clone(),
            demonstration: true,
            grants: vec![NewGrant {
                role: Role::Viewer,
                scope: DataScope::UnitAndBelow,
                units: Vec::new(),
                departments: vec![DepartmentId(department.id)],
                matters: Matters::All,
            }],
        };
        app.db.write(|conn| account::create(conn, &new, 1))?;
    }
    for (login, seen) in [("with", true), ("without", false)] {
        let token = fixture.app.sign_in(login).await?;
        let list = fixture
            .app
            .call("GET", "/reports?form=M12&period=2024", Ask::by(&token))
            .await?;
        let count = list.at("/items").as_array().map_or(0, Vec::len);
        assert_eq!(
            (list.status, count),
            (200, if seen { 2 } else { 0 }),
            "{login}"
        );
        let path = format!("/reports/{}", fixture.report);
        let one = fixture.app.call("GET", &path, Ask::by(&token)).await?;
        assert_eq!(one.status, if seen { 200 } else { 404 }, "{login}");
        let figures = "/metrics/M12.reach_50k/figures?period=2024";
        let figures = fixture.app.call("GET", figures, Ask::by(&token)).await?;
        assert_eq!(
            figures.status,
            if seen { 200 } else { 404 },
            "{login}: {}",
            figures.body
        );
    }
    Ok(())
}
