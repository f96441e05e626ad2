//! Saved views of ledgers: each ledger has its own, they hold declared filters alone, and who may not open the ledger sees none.

use crate::forms::add_with;
use crate::steps::{get, on, own_unit, post};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use zhenxing_domain::policy::{Matters, Role};
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

fn view(ledger: Option<&str>, name: &str, query: &str) -> Value {
    let page = ledger.map_or("statistics", |_| "ledger");
    json!({ "page": page, "ledger": ledger, "name": name, "query": query, "share": "unit_and_below" })
}

async fn save(app: &TestApp, login: &str, body: Value) -> Result<Answer, Fault> {
    post(app, login, "/views", "", body).await
}

fn names(answer: &Answer) -> Vec<&str> {
    let rows = answer.at("/items").as_array();
    let rows = rows.into_iter().flatten();
    rows.filter_map(|row| row["name"].as_str()).collect()
}

#[actix_web::test]
async fn a_ledger_has_views_of_its_own() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    // "Who begins with Zhang", in letters that an address takes.
    let query = "f.birth=1990-01-01..&f.sex=male&q=%E5%BC%A0&sort=title";
    let made = save(&app, "county", view(Some("person"), "张姓男性", query)).await?;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(
        (made.text("/page"), made.text("/ledger")),
        ("ledger", "person")
    );
    // The same name serves another ledger.
    let other = view(Some("post_holder"), "张姓男性", "f.post=secretary");
    assert_eq!(save(&app, "county", other).await?.status, 201);
    let list = get(&app, "township", "/views?page=ledger&ledger=person").await?;
    assert_eq!(names(&list), ["张姓男性"]);
    assert_eq!(list.text("/items/0/query"), query);
    let statistics = get(&app, "township", "/views?page=statistics").await?;
    assert!(names(&statistics).is_empty(), "{}", statistics.body);
    // It is renamed and does not go over to another ledger.
    let county = app.sign_in("county").await?;
    let one = format!("/views/{}", made.text("/id"));
    for (ledger, status) in [("post_holder", 422), ("person", 200)] {
        let next =
            Ask::by(&county)
                .header("If-Match", "\"1\"")
                .json(&view(Some(ledger), "张姓", ""));
        let changed = app.call("PUT", &one, next).await?;
        assert_eq!(changed.status, status, "{}", changed.body);
    }
    Ok(())
}

#[actix_web::test]
async fn a_view_of_a_ledger_holds_declared_filters_alone() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    for (ledger, query, status, field) in [
        (Some("person"), "f.sex=other", 422, "query"),
        (Some("person"), "f.id_number=1", 422, "query"),
        (Some("person"), "f.name=a", 422, "query"),
        (Some("person"), "f.nothing=a", 422, "query"),
        (Some("person"), "f.birth=yesterday", 422, "query"),
        (Some("person"), "q=110105%31949123100%32X", 422, "query"),
        (Some("person"), "unit=Cangzhou", 422, "query"),
        (Some("person"), "state=closed", 422, "query"),
        (Some("person"), "colour=red", 422, "query"),
        (Some("person"), "q", 422, "query"),
        (Some("weak_branch"), "state=nowhere", 422, "query"),
        (Some("party_member"), "f.away=perhaps", 422, "query"),
        (Some("household"), "f.people=many", 422, "query"),
        (Some("household"), "f.grid=1", 422, "query"),
        (Some("nothing"), "", 404, "ledger"),
    ] {
        let refused = save(&app, "village", view(ledger, "视图", query)).await?;
        let told = (refused.status, refused.text("/field"));
        assert_eq!(told, (status, field), "{query}: {}", refused.body);
    }
    let mut wrong = view(None, "视图", "");
    wrong["ledger"] = json!("person");
    let refused = save(&app, "village", wrong).await?;
    assert_eq!((refused.status, refused.text("/field")), (422, "ledger"));
    for (path, status, field) in [
        ("/views?page=ledger", 400, "ledger"),
        ("/views?page=statistics&ledger=person", 400, "ledger"),
        ("/views?page=ledger&ledger=nothing", 404, "ledger"),
    ] {
        let refused = get(&app, "village", path).await?;
        assert_eq!((refused.status, refused.text("/field")), (status, field));
    }
    for (ledger, query) in [
        ("weak_branch", "state=found&deleted=true"),
        ("party_member", "f.away=true"),
        ("household", "f.people=1..5&unit=130921100200&unit_name=a"),
        (
            "household",
            "f.grid=0190a0c4-0000-7000-8000-000000000001&f.people=2..",
        ),
    ] {
        let kept = save(&app, "village", view(Some(ledger), query, query)).await?;
        assert_eq!(kept.status, 201, "{query}: {}", kept.body);
    }
    Ok(())
}

#[actix_web::test]
async fn who_may_not_open_a_ledger_sees_no_view_of_it() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let token = app.sign_in("county").await?;
    let county = own_unit(&app, &token).await?;
    let matters = Matters::These(BTreeSet::from(["M12".to_owned()]));
    add_with(&app, "clerk", &county, Role::Viewer, matters)?;
    let made = save(
        &app,
        "county",
        view(Some("household_link"), "联系户", "sort=title"),
    )
    .await?;
    assert_eq!(made.status, 201, "{}", made.body);
    let one = format!("/views/{}", made.text("/id"));
    assert_eq!(get(&app, "township", &one).await?.status, 200);
    assert_eq!(get(&app, "clerk", &one).await?.status, 404);
    let list = get(&app, "clerk", "/views?page=ledger&ledger=household_link").await?;
    assert_eq!((list.status, list.text("/field")), (404, "ledger"));
    Ok(())
}
