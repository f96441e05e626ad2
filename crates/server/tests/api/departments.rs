//! Departments: made, found, renamed, ended, and what an account that is bound to one may do.

use crate::samples::Fixture;
use crate::steps::act;
use crate::users::own_password;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use zhenxing_domain::policy::Scope;
use zhenxing_server::app::App;
use zhenxing_server::package;
use zhenxing_storage::account;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

const CITY: &str = "130900000000";

async fn get(app: &TestApp, by: &str, path: &str) -> Result<Answer, Fault> {
    app.call("GET", path, Ask::by(by)).await
}

async fn change(app: &TestApp, by: &str, of: &Answer, body: Value) -> Result<Answer, Fault> {
    let path = format!(
        "/units/{}/departments/{}",
        of.text("/unit/code"),
        of.text("/code")
    );
    let ask = Ask::by(by).header("If-Match", of.etag()).json(&body);
    app.call("PUT", &path, ask).await
}

fn codes(list: &Answer) -> Vec<(String, String)> {
    let rows = list.at("/items").as_array().cloned().unwrap_or_default();
    let text = |row: &Value, at: &str| row.pointer(at).and_then(Value::as_str).map(str::to_owned);
    rows.iter()
        .filter_map(|row| Some((text(row, "/code")?, text(row, "/unit/code")?)))
        .collect()
}

/// The county's 编办: a department of the county that holds M05, and an account bound to it.
struct Office {
    fixture: Fixture,
    admin: String,
    county: String,
    department: Answer,
    clerk: String,
}

impl Office {
    async fn start() -> Result<Office, Fault> {
        let fixture = Fixture::start().await?;
        let (app, admin) = (&fixture.app, fixture.token("admin"));
        let me = get(app, &fixture.token("county"), "/session").await?;
        let county = me.text("/unit/code").to_owned();
        let new = json!({ "unit": county, "code": "establishment", "name": "县委编办", "matters": ["M05"] });
        let department = app
            .call("POST", "/departments", Ask::by(&admin).json(&new))
            .await?;
        assert_eq!(department.status, 201, "{}", department.body);
        let grants = json!([{ "role": "filler", "scope": "unit_and_below", "departments": ["establishment"] }]);
        let new =
            json!({ "login": "bianban", "name": "编办填报员", "unit": county, "grants": grants });
        let made = app
            .call("POST", "/users", Ask::by(&admin).json(&new))
            .await?;
        assert_eq!(made.status, 201, "{}", made.body);
        let clerk = own_password(app, &admin, "bianban").await?;
        Ok(Office {
            fixture,
            admin,
            county,
            department,
            clerk,
        })
    }

    /// The departments that the administrator finds: code and unit.
    async fn list(&self, query: &str) -> Result<Vec<(String, String)>, Fault> {
        let path = format!("/departments?limit=200&{query}");
        let list = get(&self.fixture.app, &self.admin, &path).await?;
        assert_eq!(list.status, 200, "{}", list.body);
        Ok(codes(&list))
    }

    async fn dues(&self, form: &str, period: &str) -> Result<Answer, Fault> {
        let path = format!("/dues?form={form}&period={period}");
        get(&self.fixture.app, &self.clerk, &path).await
    }
}

#[actix_web::test]
async fn the_office_of_establishment_fills_in_its_matter_and_no_other() -> Result<(), Fault> {
    let office = Office::start().await?;
    let app = &office.fixture.app;
    let dues = office.dues("M05", "2026-10").await?;
    assert_eq!(dues.status, 200, "{}", dues.body);
    let township = dues.text("/items/0/unit/code").to_owned();
    let values = json!({ "authorised": 50, "in_post": 48 });
    let body = json!({ "form": "M05", "unit": township, "period": "2026-10", "values": values });
    let begun = app
        .call("POST", "/reports", Ask::by(&office.clerk).json(&body))
        .await?;
    assert_eq!(begun.status, 201, "{}", begun.body);
    let id = begun.text("/summary/id").to_owned();
    let sent = act(app, &office.clerk, &id, json!({ "action": "submit" })).await?;
    assert_eq!(sent.text("/summary/state"), "checked", "{}", sent.body);
    // Another matter's form, its reports and figures are not there.
    let me = get(app, &office.clerk, "/session").await?;
    assert_eq!(me.at("/grants/0/departments"), &json!(["establishment"]));
    assert_eq!(office.dues("M12", "2024").await?.status, 403);
    let forms = get(app, &office.clerk, "/forms?fill=true").await?;
    let forms = forms.at("/items").as_array().cloned().unwrap_or_default();
    let offered: Vec<&Value> = forms.iter().map(|form| &form["matter"]).collect();
    assert!(!offered.is_empty() && offered.iter().all(|matter| **matter == "M05"));
    let body =
        json!({ "form": "M12", "unit": office.fixture.unit, "period": "2024", "values": {} });
    let refused = app
        .call("POST", "/reports", Ask::by(&office.clerk).json(&body))
        .await?;
    assert_eq!(refused.status, 403, "{}", refused.body);
    let other = format!("/reports/{}", office.fixture.report);
    assert_eq!(get(app, &office.clerk, &other).await?.status, 404);
    let list = get(app, &office.clerk, "/reports?form=M12&period=2024").await?;
    assert_eq!(codes(&list), []);
    let figures = "/metrics/M12.reach_50k/figures?period=2024";
    assert_eq!(get(app, &office.clerk, figures).await?.status, 404);
    Ok(())
}

#[actix_web::test]
async fn what_the_department_loses_its_accounts_lose() -> Result<(), Fault> {
    let office = Office::start().await?;
    let app = &office.fixture.app;
    // The city has a department of this code that goes on to hold the matter: the county's own one is meant.
    let without = json!({ "name": "县委编办", "matters": ["M12"] });
    let changed = change(app, &office.admin, &office.department, without).await?;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(office.dues("M05", "2026-10").await?.status, 403);
    let with = json!({ "name": "县委编办", "matters": ["M05"], "until": "2026-11-24" });
    let ended = change(app, &office.admin, &changed, with).await?;
    assert_eq!(ended.text("/valid_until"), "2026-11-24");
    assert_eq!(office.dues("M05", "2026-10").await?.status, 200);
    // On its last day it stands; on the day after, the grant is bound to it still and covers nothing.
    let next = app.app.clock.today().succ_opt().ok_or("a day after")?;
    let system = Scope::bypass_for_system_work();
    let account = app
        .app
        .db
        .read(|conn| account::by_logins(conn, &system, &["bianban"], next))?;
    let held: Vec<usize> = account
        .iter()
        .flat_map(|one| &one.grants)
        .flat_map(|(grant, _)| grant.departments.values())
        .map(BTreeSet::len)
        .collect();
    assert_eq!(held, [0]);
    Ok(())
}

#[actix_web::test]
async fn departments_are_found_by_name_unit_and_whom_they_serve() -> Result<(), Fault> {
    let office = Office::start().await?;
    let own = ("establishment".to_owned(), office.county.clone());
    let city = ("establishment".to_owned(), CITY.to_owned());
    let county = office.list(&format!("unit={}", office.county)).await?;
    assert_eq!(county, vec![own.clone()]);
    assert_eq!(office.list("q=县委编办").await?, vec![own.clone()]);
    let all = office.list("").await?;
    assert!(all.contains(&own) && all.contains(&city));
    // The county's accounts can be bound to its own department of this code, and to the others of the city.
    let serving = office.list(&format!("serves={}", office.county)).await?;
    assert!(serving.contains(&own) && !serving.contains(&city));
    assert_eq!(serving.len() + 1, all.len());
    let serving = office.list(&format!("serves={CITY}")).await?;
    assert!(serving.contains(&city) && !serving.contains(&own));
    Ok(())
}

#[actix_web::test]
async fn a_start_leaves_changed_departments_as_they_are() -> Result<(), Fault> {
    let office = Office::start().await?;
    let app = &office.fixture.app;
    let path = format!("/departments?serves={CITY}&q=组织部");
    let seen = get(app, &office.admin, &path).await?;
    let mut of = seen.clone();
    of.body = seen.at("/items/0").clone();
    of.headers.insert("etag".to_owned(), "\"1\"".to_owned());
    let new = json!({ "name": "市委组织部", "matters": ["M12"] });
    let changed = change(app, &office.admin, &of, new).await?;
    assert_eq!(changed.status, 200, "{}", changed.body);
    App::open(app.app.settings.clone(), package::load(None)?)?;
    let after = get(app, &office.admin, &path).await?;
    assert_eq!(after.text("/items/0/name"), "市委组织部");
    assert_eq!(after.at("/items/0/matters"), &json!(["M12"]));
    Ok(())
}

#[actix_web::test]
async fn departments_are_made_renamed_and_ended() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let app = &fixture.app;
    let admin = fixture.token("admin");
    let new =
        json!({ "unit": fixture.unit, "code": "committee", "name": "村委会", "matters": ["M12"] });
    let made = app
        .call("POST", "/departments", Ask::by(&admin).json(&new))
        .await?;
    assert_eq!((made.status, made.text("/valid_from")), (201, "2026-11-24"));
    let again = app
        .call("POST", "/departments", Ask::by(&admin).json(&new))
        .await?;
    assert_eq!(again.status, 409);
    let path = format!("/units/{}/departments/committee", fixture.unit);
    let change = |until: &str| {
        let body = json!({ "name": "村民委员会", "matters": [], "until": until });
        Ask::by(&admin).header("If-Match", made.etag()).json(&body)
    };
    let early = app.call("PUT", &path, change("2026-11-01")).await?;
    assert_eq!((early.status, early.text("/field")), (422, "until"));
    let ended = app.call("PUT", &path, change("2026-11-24")).await?;
    assert_eq!(ended.text("/valid_until"), "2026-11-24");
    assert_eq!(
        (ended.text("/name"), ended.at("/revision")),
        ("村民委员会", &json!(2))
    );
    Ok(())
}
