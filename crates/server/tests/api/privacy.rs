//! An identity number that is planted wherever a text comes in is refused, and stands afterwards in no log and no dump.

use crate::steps::values;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use zhenxing_test_support::process::Place;
use zhenxing_test_support::{Ask, Caller, Fault, database};

const PLANTED: &str = "11010519491231002X";

/// Everything that a database holds, as bytes.
fn dump(place: &Place) -> Result<Vec<u8>, Fault> {
    if let Some(file) = place.database.strip_prefix("sqlite:") {
        let mut all = std::fs::read(file)?;
        let wal = format!("{file}-wal");
        if Path::new(&wal).is_file() {
            all.extend(std::fs::read(wal)?);
        }
        return Ok(all);
    }
    let folder = std::env::var("ZHENXING_TEST_POSTGRES_BIN")?;
    let done = Command::new(Path::new(&folder).join("pg_dump"))
        .arg(&place.database)
        .output()?;
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into());
    }
    Ok(done.stdout)
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[actix_web::test]
async fn a_planted_identity_number_is_in_no_log_and_no_dump() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let database = database::fresh(folder.path())?;
    let mut place = Place::prepare(env!("CARGO_BIN_EXE_zhenxing"), database, folder.path())?;
    let log = folder.path().join("server.log");
    place.log = Some(log.clone());
    let server = place.start(None)?;
    let (url, password) = server.ready()?;
    let caller = Caller::new(&url)?;
    let village = caller.sign_in("village", &password).await?;
    let township = caller.sign_in("township", &password).await?;
    let me = caller.call("GET", "/session", Ask::by(&village)).await?;
    let unit = me.text("/unit/code").to_owned();
    let with_note = |note: &str| {
        let mut values = values(6_000_000);
        values["note"] = json!(note);
        values
    };
    let new =
        |values: Value| json!({ "form": "M12", "unit": unit, "period": "2024", "values": values });
    let begun = Ask::by(&village).json(&new(with_note("这一句可以留下")));
    let begun = caller.call("POST", "/reports", begun).await?;
    assert_eq!(begun.status, 201, "{}", begun.body);
    let path = format!("/reports/{}", begun.text("/summary/id"));
    let actions = format!("{path}/actions");
    let planted = format!("见{PLANTED}");
    let tagged = |token: &str, body: Value| Ask::by(token).header("If-Match", "\"1\"").json(&body);
    let saving = json!({ "values": with_note(&planted) });
    let explained = json!({ "values": values(1), "explanations": { "jump": planted } });
    let because = json!({ "action": "return", "reason": planted });
    let by_field =
        json!({ "action": "return", "reason": "见各项", "field_reasons": { "other": planted } });
    let keyed = Ask::by(&village)
        .header("Idempotency-Key", PLANTED)
        .json(&new(values(1)));
    let attempts = [
        ("PUT", path.as_str(), tagged(&village, saving), 422),
        ("PUT", path.as_str(), tagged(&village, explained), 422),
        (
            "POST",
            "/reports",
            Ask::by(&village).json(&new(with_note(PLANTED))),
            422,
        ),
        ("POST", actions.as_str(), tagged(&township, because), 422),
        ("POST", actions.as_str(), tagged(&township, by_field), 422),
        ("POST", "/reports", keyed, 400),
        (
            "POST",
            "/session",
            Ask::default().json(&json!({ "login": PLANTED, "password": PLANTED })),
            401,
        ),
        (
            "GET",
            &format!("/units?q={PLANTED}"),
            Ask::by(&township),
            200,
        ),
        ("GET", &format!("/units/{PLANTED}"), Ask::by(&township), 404),
        ("GET", "/session", Ask::by(PLANTED), 401),
    ];
    for (method, path, ask, status) in attempts {
        let answer = caller.call(method, path, ask).await?;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
    }
    server.kill()?;
    let said = std::fs::read(&log)?;
    assert!(!said.is_empty(), "nothing was logged, so nothing was shown");
    assert!(!holds(&said, PLANTED), "the log holds it");
    let kept = dump(&place)?;
    assert!(
        holds(&kept, "这一句可以留下"),
        "the dump shows what is stored"
    );
    assert!(!holds(&kept, PLANTED), "the database holds it");
    Ok(())
}
