//! Identity numbers move to a new key: they are opened and found before, halfway and after, and then under the new key alone.

use crate::steps::{get, post};
use serde_json::{Value, json};
use zhenxing_server::app::rotate::Rotated;
use zhenxing_server::settings::Settings;
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Ask, Fault, TestApp};

const OLD: &str = "3d7f0a92c6e1485b9f20d7c31a6e84b5";
const NEW: &str = "b81c5e70f3a94d26870e1fc2d95ab364";
const OTHER: &str = "60fa2d9b7c3e418ea5d10b4f92c7e386";
const PEOPLE: &str = "/ledgers/person/records";

/// Three people of whom each has an identity number.
const NUMBERS: [&str; 3] = [
    "11010519491231002X",
    "130921198001010013",
    "13092119850615002X",
];

/// A server that knows keys, the present one first, on the database of another one.
async fn with_keys(app: &TestApp, present: &str, old: &[&str]) -> Result<TestApp, Fault> {
    let old = old.iter().map(|key| (*key).to_owned()).collect();
    let present = Some(present.to_owned());
    let change = |settings: &mut Settings| {
        settings.personal_key = present;
        settings.personal_old_keys = old;
    };
    app.beside(change).await
}

async fn edit(app: &TestApp, id: &str, tag: &str, values: Value) -> Result<u16, Fault> {
    let token = app.sign_in("village").await?;
    let ask = Ask::by(&token).header("If-Match", tag);
    let path = format!("{PEOPLE}/{id}");
    let ask = ask.json(&json!({ "values": values }));
    Ok(app.call("PUT", &path, ask).await?.status)
}

/// People under the old key: the first was changed, the third is deleted.
async fn people(app: &TestApp) -> Result<[String; 3], Fault> {
    let mut made = Vec::new();
    for number in NUMBERS {
        let body = json!({ "values": { "name": "张三", "id_number": number } });
        let answer = post(app, "village", PEOPLE, "", body).await?;
        assert_eq!(answer.status, 201, "{}", answer.body);
        made.push(answer.text("/record/id").to_owned());
    }
    let ids = <[String; 3]>::try_from(made).map_err(|_| "three people")?;
    let values = json!({ "name": "张三丰", "id_number": NUMBERS[0] });
    assert_eq!(edit(app, &ids[0], "\"1\"", values).await?, 200);
    let path = format!("{PEOPLE}/{}/delete", ids[2]);
    let gone = post(app, "village", &path, "\"1\"", json!({ "reason": "误录" })).await?;
    assert_eq!(gone.status, 200, "{}", gone.body);
    Ok(ids)
}

/// Everybody is found by the number and shown in full, at the revision that is known.
async fn are_found(app: &TestApp, ids: &[String; 3], tags: [&str; 3]) -> Result<(), Fault> {
    for ((id, number), tag) in ids.iter().zip(NUMBERS).zip(tags) {
        let deleted = number == NUMBERS[2];
        let path = format!("{PEOPLE}?filter=id_number:{number}&deleted={deleted}");
        let found = get(app, "village", &path).await?;
        assert_eq!(found.text("/items/0/id"), id, "{}", found.body);
        let path = format!("{PEOPLE}/{id}");
        let seen = get(app, "village", &path).await?;
        assert_eq!((seen.status, seen.etag()), (200, tag), "{}", seen.body);
        let why = json!({ "field": "id_number", "reason": "核对身份" });
        let shown = post(app, "village", &format!("{path}/reveal"), "", why).await?;
        assert_eq!(shown.text("/value"), number, "{}", shown.body);
    }
    let again = json!({ "values": { "name": "李四", "id_number": NUMBERS[1] } });
    let again = post(app, "village", PEOPLE, "", again).await?;
    assert_eq!(again.text("/code"), "exists", "{}", again.body);
    let path = format!("{PEOPLE}/{}/versions", ids[0]);
    let versions = get(app, "village", &path).await?;
    let changes = versions.at("/items/0/changes").as_array().map(Vec::len);
    assert_eq!(changes, Some(1), "only the name: {}", versions.body);
    Ok(())
}

/// How often the trail says that a rotation was done.
async fn rotations(app: &TestApp) -> Result<usize, Fault> {
    app.settle()?;
    let trail = get(app, "auditor", "/audit?kind=change&limit=200").await?;
    let lines = trail.at("/items").as_array().cloned().unwrap_or_default();
    let rotated = lines
        .iter()
        .filter(|line| line["what"] == json!("personal.rotated"));
    Ok(rotated.count())
}

#[actix_web::test]
async fn numbers_move_to_a_new_key_and_are_found_all_the_time() -> Result<(), Fault> {
    let wish = Wish {
        flags: vec!["--personal-key".to_owned(), OLD.to_owned()],
        ..Wish::default()
    };
    let old = TestApp::start_as(wish).await?;
    let ids = people(&old).await?;
    let both = with_keys(&old, NEW, &[OLD]).await?;
    are_found(&both, &ids, ["\"2\"", "\"1\"", "\"2\""]).await?;
    let mut first = Rotated::default();
    let halfway = both.app.rotate_personal(2, |done| {
        first = done;
        false
    })?;
    assert_eq!((halfway, first.records, first.versions), (None, 2, 0));
    are_found(&both, &ids, ["\"2\"", "\"1\"", "\"2\""]).await?;
    assert_eq!(rotations(&both).await?, 0);
    // Whoever changes somebody in between writes under the new key.
    let values = json!({ "name": "张三", "id_number": "1101**********002X" });
    assert_eq!(edit(&both, &ids[0], "\"2\"", values).await?, 200);
    let rest = both.app.rotate_personal(2, |_| true)?;
    let (records, versions) = (1, 5);
    assert_eq!(rest, Some(Rotated { records, versions }));
    let nothing = both.app.rotate_personal(500, |_| true)?;
    assert_eq!(nothing, Some(Rotated::default()));
    let new = with_keys(&old, NEW, &[]).await?;
    are_found(&new, &ids, ["\"3\"", "\"1\"", "\"2\""]).await?;
    assert_eq!(rotations(&new).await?, 2);
    let path = format!("{PEOPLE}/{}/restore", ids[2]);
    let back = post(&new, "village", &path, "\"2\"", json!({ "reason": "恢复" })).await?;
    assert_eq!(back.status, 200, "{}", back.body);
    Ok(())
}

#[actix_web::test]
async fn a_change_writes_under_the_new_key_and_an_unknown_key_is_told() -> Result<(), Fault> {
    let wish = Wish {
        flags: vec!["--personal-key".to_owned(), OLD.to_owned()],
        ..Wish::default()
    };
    let old = TestApp::start_as(wish).await?;
    let ids = people(&old).await?;
    let other = with_keys(&old, OTHER, &[NEW]).await?;
    let said = other.app.rotate_personal(500, |_| true).err();
    let said = said.ok_or("a key is missing")?.to_string();
    assert!(said.contains("--personal-old-keys"), "{said}");
    assert!(NUMBERS.iter().all(|number| !said.contains(number)));
    let both = with_keys(&old, NEW, &[OLD]).await?;
    let values = json!({ "name": "李四", "id_number": NUMBERS[1] });
    assert_eq!(edit(&both, &ids[1], "\"1\"", values).await?, 200);
    let new = with_keys(&old, NEW, &[]).await?;
    let seen = get(&new, "village", &format!("{PEOPLE}/{}", ids[1])).await?;
    assert_eq!(seen.text("/values/id_number"), "1309**********0013");
    let rest = both.app.rotate_personal(500, |_| true)?;
    let (records, versions) = (2, 5);
    assert_eq!(rest, Some(Rotated { records, versions }));
    Ok(())
}
