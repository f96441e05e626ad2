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

/// What is planned stays planned: a list that would place the unit anew, move it along or take its code is refused with the
/// line, and the day of the change brings what was planned.
#[actix_web::test]
async fn a_list_does_not_overwrite_what_is_planned() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let admin = app.sign_in("admin").await?;
    let township = app.sign_in("township").await?;
    let me = app.call("GET", "/session", Ask::by(&township)).await?;
    let (town, county) = (
        me.text("/unit/code").to_owned(),
        me.text("/ancestors/1/code").to_owned(),
    );
    let below = format!("/units?parent={town}&limit=3");
    let below = app.call("GET", &below, Ask::by(&admin)).await?;
    let at =
        |place: usize, member: &str| below.text(&format!("/items/{place}/{member}")).to_owned();
    let (renamed, split, other) = (at(0, "code"), at(1, "code"), at(2, "code"));
    let plans = [
        json!({ "kind": "rename", "from": "2027-01-01", "units": [renamed], "name": "新名村", "reason": "冀民批" }),
        json!({ "kind": "split", "from": "2027-01-01", "units": [split], "reason": "冀民批", "pieces": [
            { "code": split, "name": at(1, "name") }, { "code": "130903100399", "name": "南分村" }] }),
    ];
    for plan in &plans {
        let made = app.call("POST", "/unit-changes", Ask::by(&admin).json(plan));
        let made = made.await?;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let import = |line: String, query: &str| {
        let ask = Ask::by(&admin).bytes(format!("{HEADER}{line}\n"));
        let path = format!("/units/import{query}");
        let app = &app;
        async move { app.call("POST", &path, ask).await }
    };
    let elsewhere = "130999000000,新设区,county,130900000000".to_owned();
    assert_eq!(import(elsewhere, "").await?.status, 200);
    let placements = format!("/units/{renamed}/placements");
    let before = app.call("GET", &placements, Ask::by(&admin)).await?;
    for line in [
        format!("{renamed},又一名村,village,{town}"),
        format!("{town},{},township,130999000000", me.text("/unit/name")),
        format!("130903100399,撞码村,village,{town}"),
    ] {
        for query in ["", "?dry_run=true"] {
            let refused = import(line.clone(), query).await?;
            let told = (refused.status, refused.text("/lines/0/code"));
            assert_eq!(told, (422, "planned"), "{line}: {}", refused.body);
        }
    }
    let after = app.call("GET", &placements, Ask::by(&admin)).await?;
    assert_eq!(after.body, before.body);
    assert_eq!(after.text("/items/1/name"), "新名村");
    // What the list leaves as it is, and what has no plan, is taken.
    for line in [
        format!("{renamed},{},village,{town}", at(0, "name")),
        format!("{other},另一名村,village,{town}"),
        format!("{town},又一镇,township,{county}"),
    ] {
        let taken = import(line.clone(), "").await?;
        assert_eq!(taken.status, 200, "{line}: {}", taken.body);
    }
    let after = app.call("GET", &placements, Ask::by(&admin)).await?;
    assert_eq!(after.text("/items/1/name"), "新名村");
    Ok(())
}

/// A place is found by its own reading.
#[actix_web::test]
async fn a_place_is_found_as_the_package_reads_it() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let admin = app.sign_in("admin").await?;
    let list = format!("{HEADER}130999000000,单桥新区,county,130900000000\n");
    let import = Ask::by(&admin).bytes(list);
    let taken = app.call("POST", "/units/import", import).await?;
    assert_eq!(taken.status, 200, "{}", taken.body);
    for (word, count) in [("sqxq", 1), ("shanqiao", 1), ("dqxq", 0)] {
        let path = format!("/units?q={word}");
        let found = app.call("GET", &path, Ask::by(&admin)).await?;
        let rows = found.at("/items").as_array().map_or(0, Vec::len);
        assert_eq!(rows, count, "{word}");
    }
    Ok(())
}
