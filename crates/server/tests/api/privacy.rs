//! An identity number that is planted wherever a text comes in is refused, and stands afterwards in no log and no dump; where it
//! belongs it is sealed, and one answer alone shows it.

use crate::steps::values;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use zhenxing_test_support::process::Place;
use zhenxing_test_support::{Answer, Ask, Caller, Fault, database};

const PLANTED: &str = "11010519491231002X";

/// The planted number as it is shown.
const MASKED: &str = "1101**********002X";

const PEOPLE: &str = "/ledgers/person/records";

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

/// A server that logs everything, with a person whose number is planted.
struct Planted {
    caller: Caller,
    village: String,
    township: String,
    auditor: String,
    unit: String,
    person: String,
}

impl Planted {
    async fn enter(url: &str, password: &str) -> Result<Planted, Fault> {
        let caller = Caller::new(url)?;
        let village = caller.sign_in("village", password).await?;
        let me = caller.call("GET", "/session", Ask::by(&village)).await?;
        let mut planted = Planted {
            township: caller.sign_in("township", password).await?,
            auditor: caller.sign_in("auditor", password).await?,
            unit: me.text("/unit/code").to_owned(),
            person: String::new(),
            caller,
            village,
        };
        let new = json!({ "values": { "name": "张三", "id_number": PLANTED } });
        // Sent twice, it is answered twice from what is kept of the first answer.
        for _ in 0..2 {
            let keyed = Ask::by(&planted.village).header("Idempotency-Key", "person-1");
            let made = planted.quiet("POST", PEOPLE, keyed.json(&new), 201).await?;
            assert_eq!(made.text("/record/values/id_number"), MASKED);
            planted.person = format!("{PEOPLE}/{}", made.text("/record/id"));
        }
        Ok(planted)
    }

    /// An answer that does not hold the number.
    async fn quiet(
        &self,
        method: &str,
        path: &str,
        ask: Ask,
        status: u16,
    ) -> Result<Answer, Fault> {
        let answer = self.caller.call(method, path, ask).await?;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        let said = format!("{:?} {}", answer.headers, answer.body);
        assert!(!said.contains(PLANTED), "{method} {path}: {said}");
        Ok(answer)
    }

    /// The number where it belongs: changed with the person, searched for, shown once in full.
    async fn use_rightly(&self) -> Result<(), Fault> {
        let by = || Ask::by(&self.village);
        let edited = json!({ "values": { "name": "张三丰", "id_number": "110105 19491231 002x" } });
        let keyed = by().header("If-Match", "\"1\"");
        let keyed = keyed.header("Idempotency-Key", "edit-1").json(&edited);
        self.quiet("PUT", &self.person, keyed, 200).await?;
        let trial = json!({ "values": { "name": "李四", "id_number": PLANTED }, "dry_run": true });
        let twice = by().json(&trial);
        self.quiet("POST", PEOPLE, twice, 409).await?;
        let search = format!("{PEOPLE}?filter=id_number:{PLANTED}&limit=1&total=true");
        let found = self.quiet("GET", &search, by(), 200).await?;
        assert_eq!(found.at("/total"), &json!(1), "{}", found.body);
        let reveal = format!("{}/reveal", self.person);
        let why = json!({ "field": "id_number", "reason": "核对身份" });
        let shown = self.caller.call("POST", &reveal, by().json(&why)).await?;
        assert_eq!((shown.status, shown.text("/value")), (200, PLANTED));
        Ok(())
    }

    /// The number where it does not belong.
    async fn use_wrongly(&self) -> Result<(), Fault> {
        let wrong = [
            json!({ "name": PLANTED }),
            json!({ "name": "李四", "phone": PLANTED }),
            json!({ "name": "李四", "sex": PLANTED }),
            json!({ "name": "李四", "birth": PLANTED }),
            json!({ "name": "李四", "id_number": format!("{PLANTED}1") }),
            json!({ "name": "李四", PLANTED: "1" }),
        ];
        for values in wrong {
            let ask = Ask::by(&self.village).json(&json!({ "values": values }));
            self.quiet("POST", PEOPLE, ask, 422).await?;
        }
        let case =
            json!({ "summary": "班子不团结", "found_on": "2026-03-01", "plan_file": PLANTED });
        let case = json!({ "unit": self.unit, "values": case });
        let ask = Ask::by(&self.township).json(&case);
        let path = "/ledgers/weak_branch/records";
        self.quiet("POST", path, ask, 422).await?;
        let tagged = || Ask::by(&self.village).header("If-Match", "\"2\"");
        let why = json!({ "reason": PLANTED });
        let path = format!("{}/delete", self.person);
        self.quiet("POST", &path, tagged().json(&why), 422).await?;
        let path = format!("{}/reveal", self.person);
        let why = json!({ "field": "id_number", "reason": PLANTED });
        self.quiet("POST", &path, tagged().json(&why), 422).await?;
        let why = json!({ "field": PLANTED, "reason": "核对身份" });
        self.quiet("POST", &path, tagged().json(&why), 404).await?;
        let asked = [
            (format!("filter=sex:{PLANTED}"), 400),
            (format!("filter=id_number:{PLANTED}1"), 400),
            (format!("filter={PLANTED}"), 400),
            (format!("filter={PLANTED}:1"), 400),
            (format!("state={PLANTED}"), 404),
            (format!("unit={PLANTED}"), 404),
            (format!("q={PLANTED}"), 200),
            (format!("cursor={PLANTED}"), 400),
        ];
        for (query, status) in asked {
            let path = format!("{PEOPLE}?{query}");
            self.quiet("GET", &path, Ask::by(&self.village), status)
                .await?;
        }
        Ok(())
    }

    /// Everything that tells of the person afterwards.
    async fn look_round(&self) -> Result<(), Fault> {
        let versions = format!("{}/versions", self.person);
        for token in [&self.village, &self.township] {
            for path in [PEOPLE, &self.person, &versions, "/ledgers"] {
                self.quiet("GET", path, Ask::by(token), 200).await?;
            }
        }
        let absent = [
            format!("{PEOPLE}/{PLANTED}"),
            format!("/ledgers/{PLANTED}/records"),
        ];
        for path in absent {
            self.quiet("GET", &path, Ask::by(&self.village), 404)
                .await?;
        }
        // The refusals of this moment come into the trail by a queue.
        for _ in 0..200 {
            let by = Ask::by(&self.auditor);
            let trail = self.quiet("GET", "/audit?limit=200", by, 200).await?;
            let said = trail.body.to_string();
            if said.contains("record.revealed") && said.contains("/ledgers/{code}/records") {
                return Ok(());
            }
            actix_web::rt::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Err("the trail does not tell of the refusals".into())
    }
}

#[actix_web::test]
async fn a_person_s_identity_number_is_in_one_answer_and_nowhere_else() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let database = database::fresh(folder.path())?;
    let mut place = Place::prepare(env!("CARGO_BIN_EXE_zhenxing"), database, folder.path())?;
    let log = folder.path().join("server.log");
    place.log = Some(log.clone());
    let server = place.start(None)?;
    let (url, password) = server.ready()?;
    let planted = Planted::enter(&url, &password).await?;
    planted.use_rightly().await?;
    planted.use_wrongly().await?;
    planted.look_round().await?;
    server.kill()?;
    let said = std::fs::read(&log)?;
    assert!(!said.is_empty(), "nothing was logged, so nothing was shown");
    assert!(!holds(&said, PLANTED), "the log holds it");
    let kept = dump(&place)?;
    for shown in ["sealed:", MASKED, "edit-1", "record.revealed"] {
        assert!(
            holds(&kept, shown),
            "the dump shows what is stored: {shown}"
        );
    }
    assert!(!holds(&kept, PLANTED), "the database holds it");
    Ok(())
}
