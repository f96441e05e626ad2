//! A division list with faults changes nothing and names its lines; the same list again changes nothing either.

use serde_json::json;
use zhenxing_test_support::{Ask, Fault, TestApp};

const HEADER: &str = "code,name,level,parent_code\n";

#[actix_web::test]
async fn faulty_lists_change_nothing() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let admin = app.sign_in("admin").await?;
    let count = app
        .call("GET", "/units?total=true", Ask::by(&admin))
        .await?
        .at("/total")
        .clone();
    let mut gbk = HEADER.as_bytes().to_vec();
    gbk.extend_from_slice(b"130999000000,\xB2\xE2\xCA\xD4,county,130900000000\n");
    let cases = [
        (
            "missing parent",
            format!("{HEADER}130999100000,镇,township,130999000000\n").into_bytes(),
            2,
            "parent_unknown",
        ),
        (
            "cycle",
            format!(
                "{HEADER}130998000000,甲,county,130999000000\n130999000000,乙,county,130998000000\n"
            )
            .into_bytes(),
            2,
            "cycle",
        ),
        (
            "doubled code",
            format!(
                "{HEADER}130999000000,甲,county,130900000000\n130999000000,乙,county,130900000000\n"
            )
            .into_bytes(),
            3,
            "doubled",
        ),
        ("wrong encoding", gbk, 2, "encoding"),
        ("wrong header", b"a,b\n".to_vec(), 1, "header"),
    ];
    for (name, bytes, line, code) in cases {
        let answer = app
            .call("POST", "/units/import", Ask::by(&admin).bytes(bytes))
            .await?;
        assert_eq!(
            (answer.status, answer.text("/code")),
            (422, "faulty_lines"),
            "{name}"
        );
        let first = (
            answer.at("/lines/0/line").clone(),
            answer.text("/lines/0/code").to_owned(),
        );
        assert_eq!(
            first,
            (json!(line), code.to_owned()),
            "{name}: {}",
            answer.body
        );
    }
    let after = app
        .call("GET", "/units?total=true", Ask::by(&admin))
        .await?;
    assert_eq!(after.at("/total"), &count);
    Ok(())
}

#[actix_web::test]
async fn a_list_is_taken_whole_and_again_without_effect() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let admin = app.sign_in("admin").await?;
    let list = format!(
        "{HEADER}130999000000,新设区,county,130900000000\n130999100000,新设镇,township,130999000000\n"
    );
    let dry = app
        .call(
            "POST",
            "/units/import?dry_run=true",
            Ask::by(&admin).bytes(list.clone()),
        )
        .await?;
    assert_eq!((dry.status, dry.at("/created")), (200, &json!(2)));
    assert_eq!(
        app.call("GET", "/units/130999100000", Ask::by(&admin))
            .await?
            .status,
        404
    );
    let done = app
        .call("POST", "/units/import", Ask::by(&admin).bytes(list.clone()))
        .await?;
    assert_eq!(done.at("/created"), 2);
    let again = app
        .call("POST", "/units/import", Ask::by(&admin).bytes(list))
        .await?;
    assert_eq!(
        (again.at("/created"), again.at("/unchanged")),
        (&json!(0), &json!(2))
    );
    let found = app
        .call("GET", "/units/130999100000", Ask::by(&admin))
        .await?;
    assert_eq!(found.at("/ancestors/1/name"), "新设区");
    let search = app.call("GET", "/units?q=xsz", Ask::by(&admin)).await?;
    assert_eq!(search.at("/items/0/code"), "130999100000");
    Ok(())
}
