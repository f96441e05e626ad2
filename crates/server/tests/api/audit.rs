//! The audit trail tells of sign-ins, refusals, exports and changes, and shows when somebody touched it.

use crate::steps::{begin, own_unit};
use serde_json::json;
use zhenxing_domain::audit::AuditKind;
use zhenxing_storage::audit::{self, Line};
use zhenxing_test_support::{Ask, Fault, TestApp};

/// The latest lines of a kind: what, login, outcome.
async fn lines(app: &TestApp, filter: &str) -> Result<Vec<(String, String, String)>, Fault> {
    app.settle()?;
    let auditor = app.sign_in("auditor").await?;
    let path = format!("/audit?limit=200{filter}");
    let list = app.call("GET", &path, Ask::by(&auditor)).await?;
    assert_eq!(list.status, 200, "{}", list.body);
    let items = list.at("/items").as_array().cloned().unwrap_or_default();
    let text = |item: &serde_json::Value, at: &str| {
        let value = item.pointer(at).and_then(serde_json::Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let read = |item| {
        (
            text(item, "/what"),
            text(item, "/account/login"),
            text(item, "/outcome"),
        )
    };
    Ok(items.iter().map(read).collect())
}

fn line(what: &str, login: &str, outcome: &str) -> (String, String, String) {
    (what.to_owned(), login.to_owned(), outcome.to_owned())
}

#[actix_web::test]
async fn sign_ins_refusals_exports_and_changes_are_in_the_trail() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let village = app.sign_in("village").await?;
    for (login, password) in [("village", "wrong password"), ("11010519491231002X", "x")] {
        let body = json!({ "login": login, "password": password });
        let failed = app.call("POST", "/session", Ask::default().json(&body));
        assert_eq!(failed.await?.status, 401);
    }
    let unit = own_unit(&app, &village).await?;
    let begun = begin(&app, &village, &unit, "2024", 1).await?;
    let other = "/reports/01932c07-209a-7c5d-8000-000000000000";
    for (path, token, status) in [
        ("/users", village.as_str(), 403),
        (other, &village, 404),
        ("/units/110105194912310021", &village, 404),
        ("/users", "a.b.c", 401),
        ("/users", "", 401),
    ] {
        let answer = app.call("GET", path, Ask::default().signed(token)).await?;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(
            answer.headers.get("x-request-id").map_or(0, String::len),
            16
        );
    }
    let auditor = app.sign_in("auditor").await?;
    let export = app.call("GET", "/audit/export", Ask::by(&auditor)).await?;
    assert_eq!(export.status, 200);
    let signed = lines(&app, "&kind=sign_in").await?;
    assert!(signed.contains(&line("session.begin", "village", "ok")));
    assert!(signed.contains(&line("session.begin", "village", "wrong_credentials")));
    assert!(signed.contains(&line("session.begin", "", "wrong_credentials")));
    let refused = lines(&app, "&kind=refusal").await?;
    let expected = [
        line("GET /users", "", "unauthenticated"),
        line("GET /units/{code}", "village", "not_found"),
        line("GET /reports/{id}", "village", "not_found"),
        line("GET /users", "village", "forbidden"),
    ];
    assert_eq!(refused, expected);
    assert_eq!(
        lines(&app, "&kind=export").await?,
        [line("audit.exported", "auditor", "ok")]
    );
    let changed = lines(&app, &format!("&kind=change&account=village&unit={unit}")).await?;
    assert_eq!(changed, [line("report.created", "village", "ok")]);
    let list = app.call(
        "GET",
        "/audit?kind=change&account=village",
        Ask::by(&auditor),
    );
    let list = list.await?;
    assert_eq!(list.text("/items/0/subject"), begun.text("/summary/id"));
    assert_eq!(list.text("/items/0/unit/code"), unit);
    assert_eq!(list.text("/items/0/address"), "127.0.0.1");
    Ok(())
}

#[actix_web::test]
async fn the_export_is_a_file_for_a_spreadsheet() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let auditor = app.sign_in("auditor").await?;
    let now = app.app.clock.now();
    let many: Vec<Line> = (0..2_500)
        .map(|number| Line::new(AuditKind::Change, "=1+1", &number.to_string(), "ok", now))
        .collect();
    app.app.db.write(|conn| audit::record(conn, &many))?;
    app.settle()?;
    let export = "/audit/export?kind=change&outcome=ok";
    let export = app.call("GET", export, Ask::by(&auditor)).await?;
    let text = export.body.as_str().unwrap_or_default();
    assert!(text.starts_with("\u{FEFF}序号,时间,"));
    let rows = text.lines().skip(1).filter(|line| line.contains("'=1+1"));
    assert_eq!(rows.count(), 2_500);
    assert_eq!(text.matches("序号").count(), 1);
    Ok(())
}

#[actix_web::test]
async fn the_chain_shows_where_it_was_touched() -> Result<(), Fault> {
    let touches = [
        (
            "UPDATE audit SET outcome = 'ok' WHERE seq = 3",
            "line 3 is not as it was written",
        ),
        (
            "UPDATE audit SET hash = 'x' WHERE seq = 4",
            "line 4 is not as it was written",
        ),
        ("DELETE FROM audit WHERE seq = 2", "line 2 is missing"),
        (
            "DELETE FROM audit WHERE seq >= 5",
            "the chain does not run through the expected line",
        ),
        (
            "INSERT INTO audit_anchor (seq, hash, purged_at) SELECT seq, hash, 1 FROM audit WHERE seq = 3",
            "no line tells of the purge up to 3",
        ),
    ];
    let app = TestApp::start().await?;
    let db = &app.app.db;
    for number in 0..5 {
        let body = json!({ "login": format!("unknown{number}"), "password": "x" });
        app.call("POST", "/session", Ask::default().json(&body))
            .await?;
    }
    app.settle()?;
    let whole = app.app.verify_audit(None)?;
    assert_eq!((whole.broken, whole.lines >= 5), (None, true));
    for (touch, found) in touches {
        let verdict = db.write(|conn| -> Result<_, zhenxing_storage::StorageError> {
            conn.run_outside("CREATE TABLE kept AS SELECT * FROM audit")?;
            conn.run_outside(touch)
        });
        verdict?;
        let verdict = app.app.verify_audit(Some(&whole.head))?;
        assert_eq!(verdict.broken.as_deref(), Some(found), "{touch}");
        db.write(|conn| -> Result<_, zhenxing_storage::StorageError> {
            for text in [
                "DELETE FROM audit",
                "INSERT INTO audit SELECT * FROM kept",
                "DROP TABLE kept",
                "DELETE FROM audit_anchor",
            ] {
                conn.run_outside(text)?;
            }
            Ok(())
        })?;
        assert_eq!(app.app.verify_audit(Some(&whole.head))?.broken, None);
    }
    Ok(())
}

#[actix_web::test]
async fn old_lines_are_taken_away_with_a_line_that_says_so() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let old: Vec<Line> = (0..1_500)
        .map(|number| Line::new(AuditKind::Change, "old", &number.to_string(), "ok", 1))
        .collect();
    app.app.db.write(|conn| {
        conn.run_outside("UPDATE audit SET at = 1")?;
        audit::record(conn, &old)
    })?;
    app.settle()?;
    app.sign_in("village").await?;
    app.settle()?;
    let taken = app.app.purge_audit()?;
    assert!(taken >= 1_500, "{taken}");
    assert_eq!(app.app.purge_audit()?, 0);
    let verdict = app.app.verify_audit(None)?;
    assert_eq!(verdict.broken, None);
    assert!(verdict.begins_after >= 1_500 && verdict.lines >= 1);
    Ok(())
}
