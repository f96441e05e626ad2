//! The API's description of each ledger's records: exact, made from the package that is served.

use crate::steps::{get, on, own_unit, post};
use serde_json::{Value, json};
use std::path::Path;
use zhenxing_server::http::openapi;
use zhenxing_server::package;
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::contract::Contract;
use zhenxing_test_support::{Fault, TestApp};

/// The description that a server serves.
async fn served(app: &TestApp) -> Result<Value, Fault> {
    Ok(serde_json::from_str(&app.description().await?)?)
}

#[actix_web::test]
async fn another_package_is_described_by_its_own_ledgers() -> Result<(), Fault> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes/example-small");
    let app = TestApp::start_as(Wish {
        whole_tree: true,
        package: Some(folder),
        ..Wish::default()
    })
    .await?;
    let described = served(&app).await?;
    let schemas = &described["components"]["schemas"];
    assert_eq!(
        schemas["NewOrchardValues"]["properties"]["area"]["maximum"],
        json!(100_000)
    );
    assert_eq!(
        schemas["NewOrchardValues"]["required"],
        json!(["name", "fruit", "area", "since"])
    );
    assert_eq!(
        schemas["OrchardValues"]["properties"]["fruit"]["enum"],
        json!(["peach", "pear", "jujube"])
    );
    assert!(schemas["PersonRecord"].is_null());
    let paths = described["paths"].as_object().ok_or("no paths")?;
    assert!(paths.contains_key("/api/v1/ledgers/visit/records/{id}/moves"));
    assert!(!paths.contains_key("/api/v1/ledgers/orchard/records/{id}/moves"));
    assert!(!paths.keys().any(|path| path.contains("post_holder")));
    Ok(())
}

#[actix_web::test]
async fn the_shipped_package_is_described_as_it_is_served() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let shipped: Value = serde_json::from_str(&openapi::text(&package::load(None)?.package))?;
    assert_eq!(served(&app).await?, shipped);
    let mut names = std::collections::BTreeSet::new();
    let paths = shipped["paths"].as_object().ok_or("no paths")?;
    for (path, operation) in paths.iter().flat_map(|(path, item)| {
        item.as_object()
            .into_iter()
            .flatten()
            .map(move |one| (path, one.1))
    }) {
        assert!(names.insert(operation["operationId"].to_string()), "{path}");
        let Some(template) = operation["x-template"].as_str() else {
            continue;
        };
        let general = &shipped["paths"][template];
        let mut general = general.as_object().into_iter().flatten();
        let statuses = |one: &Value| -> Vec<String> {
            let all = one["responses"].as_object().into_iter().flatten();
            all.map(|(status, _)| status.clone()).collect()
        };
        assert!(
            general.any(|(_, general)| statuses(general) == statuses(operation)),
            "{path} answers as {template} does"
        );
    }
    Ok(())
}

/// The checks of all tests read these schemas, so they must refuse what is not of the ledger.
#[actix_web::test]
async fn a_record_that_is_not_as_its_ledger_says_is_noticed() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let body = json!({ "values": { "name": "张三", "sex": "male", "phone": "13812345678" } });
    let made = post(&app, "village", "/ledgers/person/records", "", body).await?;
    let path = format!("/ledgers/person/records/{}", made.text("/record/id"));
    let record = get(&app, "village", &path).await?.body;
    let contract = Contract::new(&openapi::text(&app.app.package))?;
    let full = format!("/api/v1{path}");
    contract.check("GET", &full, 200, Some(&record))?;
    for (pointer, value) in [
        ("/values/sex", json!("other")),
        ("/values/birth", json!(1)),
        ("/values/colour", json!("red")),
        ("/ledger", json!("post_holder")),
        ("/state", json!("found")),
    ] {
        let mut other = record.clone();
        let (above, key) = pointer.rsplit_once('/').ok_or("a pointer")?;
        let above = other.pointer_mut(above).ok_or("a place")?;
        above[key] = value;
        let found = contract.check("GET", &full, 200, Some(&other));
        assert!(found.is_err(), "{pointer}");
    }
    let sent = json!({ "values": { "sex": "male" } });
    let found = contract.check_sent("PUT", &full, Some(sent.to_string().into_bytes()));
    assert!(found.is_err(), "a name is needed");
    Ok(())
}

#[actix_web::test]
async fn a_list_is_narrowed_by_fields_alone() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let village = app.sign_in("village").await?;
    let unit = own_unit(&app, &village).await?;
    let mut people = Vec::new();
    for (name, sex, birth) in [
        ("张三", "male", "1980-01-01"),
        ("李四", "female", "1990-01-01"),
    ] {
        let body = json!({ "unit": unit, "values": { "name": name, "sex": sex, "birth": birth } });
        let made = post(&app, "village", "/ledgers/person/records", "", body).await?;
        assert_eq!(made.status, 201, "{}", made.body);
        people.push(made.text("/record/id").to_owned());
    }
    let first = people.first().ok_or("a person")?;
    for (id, post_, since) in [
        (first, "secretary", "2024-01-01"),
        (first, "collective_head", "2025-01-01"),
    ] {
        let body = json!({ "values": { "person": id, "post": post_, "since": since } });
        let made = post(&app, "village", "/ledgers/post_holder/records", "", body).await?;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    for (query, rows) in [
        ("filter.post=secretary".to_owned(), 1),
        ("filter.since=2025-01-01..".to_owned(), 1),
        (
            format!("filter.person={first}&filter.since=..2030-01-01"),
            2,
        ),
        (
            "filter.post=secretary&filter=since:2025-01-01..".to_owned(),
            0,
        ),
    ] {
        let path = format!("/ledgers/post_holder/records?{query}");
        let list = get(&app, "village", &path).await?;
        let found = list.at("/items").as_array().map(Vec::len);
        assert_eq!(
            (list.status, found),
            (200, Some(rows)),
            "{query}: {}",
            list.body
        );
    }
    for (query, field) in [
        ("filter.post=king", "filter"),
        ("filter.colour=red", "filter"),
        ("filter.until=2025-01-01", "filter"),
        ("colour=red", "colour"),
    ] {
        let path = format!("/ledgers/post_holder/records?{query}");
        let refused = get(&app, "village", &path).await?;
        assert_eq!(
            (refused.status, refused.text("/field")),
            (400, field),
            "{query}"
        );
    }
    Ok(())
}
