//! Steps that several tests take.

use serde_json::{Value, json};
use std::path::Path;
use zhenxing_domain::figure::Tally;
use zhenxing_domain::period::Period;
use zhenxing_server::app::AppError;
use zhenxing_server::app::setup::numbered;
use zhenxing_server::package;
use zhenxing_storage::Db;
use zhenxing_storage::derived;
use zhenxing_storage::figure::{self, Shapes, Tallies};
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

/// Values of M12 whose total is the first number, in fen.
pub fn values(operating: i64) -> Value {
    json!({ "operating": operating, "contract": 0, "investment": 0, "subsidy": 0, "other": 0 })
}

/// A server on a day.
pub async fn on(day: &str) -> Result<TestApp, Fault> {
    let flags = vec!["--today".to_owned(), day.to_owned()];
    let wish = Wish {
        flags,
        ..Wish::default()
    };
    TestApp::start_as(wish).await
}

/// Reads something as an account that signs in for it.
pub async fn get(app: &TestApp, login: &str, path: &str) -> Result<Answer, Fault> {
    let token = app.sign_in(login).await?;
    app.call("GET", path, Ask::by(&token)).await
}

/// Sends something as an account that signs in for it, with the tag that was seen.
pub async fn post(
    app: &TestApp,
    login: &str,
    path: &str,
    tag: &str,
    body: Value,
) -> Result<Answer, Fault> {
    let token = app.sign_in(login).await?;
    let ask = Ask::by(&token).header("If-Match", tag).json(&body);
    app.call("POST", path, ask).await
}

/// The code of the account's unit.
pub async fn own_unit(app: &TestApp, token: &str) -> Result<String, Fault> {
    let me = app.call("GET", "/session", Ask::by(token)).await?;
    Ok(me.text("/unit/code").to_owned())
}

/// The codes of the units directly below one.
pub async fn codes_below(app: &TestApp, token: &str, unit: &str) -> Result<Vec<String>, Fault> {
    let path = format!("/units?parent={unit}&limit=200");
    let list = app.call("GET", &path, Ask::by(token)).await?;
    let rows = list.at("/items").as_array().cloned().unwrap_or_default();
    let code = |row: &Value| row["code"].as_str().unwrap_or_default().to_owned();
    Ok(rows.iter().map(code).collect())
}

fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Copies the shipped package into a folder.
pub fn copy_package(folder: &Path) -> Result<(), Fault> {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes/cangzhou-2021");
    copy(&shipped, folder)
}

/// Begins a report.
pub async fn begin(
    app: &TestApp,
    token: &str,
    unit: &str,
    period: &str,
    operating: i64,
) -> Result<Answer, Fault> {
    let body = json!({ "form": "M12", "unit": unit, "period": period, "values": values(operating), "source_document": "村集体经济年报" });
    app.call("POST", "/reports", Ask::by(token).json(&body))
        .await
}

/// Does something to a report as it stands now.
pub async fn act(app: &TestApp, token: &str, id: &str, body: Value) -> Result<Answer, Fault> {
    let now = app
        .call("GET", &format!("/reports/{id}"), Ask::by(token))
        .await?;
    let ask = Ask::by(token).header("If-Match", now.etag()).json(&body);
    app.call("POST", &format!("/reports/{id}/actions"), ask)
        .await
}

/// A village's report, approved by the county.
pub async fn approved(
    app: &TestApp,
    village: &str,
    period: &str,
    operating: i64,
) -> Result<String, Fault> {
    let filler = app.sign_in(village).await?;
    let unit = own_unit(app, &filler).await?;
    let begun = begin(app, &filler, &unit, period, operating).await?;
    assert_eq!(begun.status, 201, "{}", begun.body);
    let id = begun.text("/summary/id").to_owned();
    let steps = [
        (village, "submit"),
        ("township", "check"),
        ("county", "approve"),
    ];
    for (login, action) in steps {
        let token = app.sign_in(login).await?;
        let body = json!({ "action": action });
        let done = act(app, &token, &id, body).await?;
        assert_eq!(done.status, 200, "{action}: {}", done.body);
    }
    app.settle()?;
    Ok(id)
}

/// The figures of a period, recomputed: the stored ones equal them, and nothing else is stored.
pub fn recomputed(db: &Db, shapes: &Shapes, period: &str) -> Result<Tallies, Fault> {
    let key = Period::parse(period)?;
    let shapes = &of_period(db, shapes, key)?;
    let (stored, naive) = db.read(|conn| -> Result<_, AppError> {
        let stored = figure::stored_whole(conn, key)?;
        Ok((stored, figure::recompute_naively(conn, shapes, key)?))
    })?;
    for (key, tally) in &naive {
        let got = stored.get(key).copied().unwrap_or_default();
        assert_eq!(got, *tally, "{period} {key:?}");
    }
    for (key, tally) in &stored {
        assert!(
            naive.contains_key(key) || *tally == Tally::default(),
            "{period} {key:?} is left over"
        );
    }
    Ok(naive)
}

/// The metrics whose form has the period, and those that are derived in it: only they are expected in it.
pub fn of_period(db: &Db, shapes: &Shapes, period: Period) -> Result<Shapes, Fault> {
    let package = package::load(None)?.package;
    let (metrics, _) = numbered(db, &package)?;
    let fed = package.metrics.iter().filter(|metric| {
        let form = metric.source.form().and_then(|code| package.form(code));
        form.is_some_and(|form| form.has_period(period))
    });
    let fed = fed.filter_map(|metric| metrics.get(&metric.code).copied());
    let mut ids: Vec<_> = fed.collect();
    let derived = db.read(derived::periods)?.into_iter();
    ids.extend(derived.filter_map(|(id, of, _)| (of == period).then_some(id)));
    let own = shapes.iter().filter(|(id, _)| ids.contains(id));
    Ok(own.map(|(id, shape)| (*id, shape.clone())).collect())
}
