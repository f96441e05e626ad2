//! Who may do what: every account against every operation, as a snapshot.

use crate::steps::{begin, own_unit};
use serde_json::json;
use zhenxing_test_support::{Ask, Fault, TestApp};

const MATRIX: &str = "\
operation   village  village2 township county   city     admin
units       200      200      200      200      200      200
unit        200      404      200      200      200      200
programmes  200      200      200      200      200      200
matters     200      200      200      200      200      200
metrics     200      200      200      200      200      200
forms       200      200      200      200      200      200
periods     200      200      200      200      200      200
dues        200      200      200      403      403      403
reports     200      200      200      200      200      403
report      200      404      200      200      200      404
versions    200      404      200      200      200      404
figures     200      404      200      200      200      403
overview    200      200      200      200      200      403
workbench   200      200      200      200      200      200
users       403      403      403      403      403      200
departments 403      403      403      403      403      200
events      403      403      403      403      403      200
lock        403      403      403      403      403      412
import      403      403      403      403      403      422
create      409      404      409      403      403      403
save        412      404      412      403      403      404
check       403      404      412      403      403      404
approve     403      404      403      412      403      404";

#[actix_web::test]
async fn the_access_matrix() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let village = app.sign_in("village").await?;
    let unit = own_unit(&app, &village).await?;
    let begun = begin(&app, &village, &unit, "2025", 1).await?;
    let id = begun.text("/summary/id").to_owned();
    let new = json!({ "form": "M12", "unit": unit, "period": "2025", "values": {} });
    let save = json!({ "values": {} });
    let get = |path: String| ("GET", path, Ask::default());
    let stale = |body: &serde_json::Value| Ask::default().header("If-Match", "\"99\"").json(body);
    let operations = [
        ("units", get("/units".into())),
        ("unit", get(format!("/units/{unit}"))),
        ("programmes", get("/programmes".into())),
        ("matters", get("/matters/M12".into())),
        ("metrics", get("/metrics/M12.reach_50k".into())),
        ("forms", get("/forms/M12".into())),
        ("periods", get("/forms/M12/periods/2025".into())),
        ("dues", get("/dues?form=M12&period=2025".into())),
        ("reports", get("/reports?form=M12".into())),
        ("report", get(format!("/reports/{id}"))),
        ("versions", get(format!("/reports/{id}/versions"))),
        (
            "figures",
            get(format!("/metrics/M12.reach_50k/figures?unit={unit}")),
        ),
        ("overview", get("/overview".into())),
        ("workbench", get("/workbench".into())),
        ("users", get("/users".into())),
        ("departments", get("/departments".into())),
        ("events", get("/events".into())),
        (
            "lock",
            (
                "PUT",
                "/forms/M12/periods/2025".into(),
                stale(&json!({ "locked": true })),
            ),
        ),
        (
            "import",
            (
                "POST",
                "/units/import".into(),
                Ask::default().bytes("nothing"),
            ),
        ),
        (
            "create",
            ("POST", "/reports".into(), Ask::default().json(&new)),
        ),
        ("save", ("PUT", format!("/reports/{id}"), stale(&save))),
        (
            "check",
            (
                "POST",
                format!("/reports/{id}/actions"),
                stale(&json!({ "action": "check" })),
            ),
        ),
        (
            "approve",
            (
                "POST",
                format!("/reports/{id}/actions"),
                stale(&json!({ "action": "approve" })),
            ),
        ),
    ];
    let logins = ["village", "village2", "township", "county", "city", "admin"];
    let mut lines = vec![
        format!(
            "{:12}{}",
            "operation",
            logins.map(|login| format!("{login:9}")).concat()
        )
        .trim_end()
        .to_owned(),
    ];
    let mut tokens = Vec::new();
    for login in logins {
        tokens.push(app.sign_in(login).await?);
    }
    for (name, (method, path, ask)) in operations {
        let mut line = format!("{name:12}");
        for token in &tokens {
            let bearer = format!("Bearer {token}");
            let answer = app
                .call(method, &path, ask.clone().header("Authorization", &bearer))
                .await?;
            line.push_str(&format!("{:<9}", answer.status));
        }
        lines.push(line.trim_end().to_owned());
    }
    assert_eq!(lines.join("\n"), MATRIX);
    Ok(())
}
