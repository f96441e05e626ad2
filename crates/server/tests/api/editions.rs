//! A changed package shows what it changes before it is published.

use crate::steps::{approved, own_unit, values};
use serde_json::json;
use std::path::Path;
use zhenxing_domain::package::{Change, ChangeKind};
use zhenxing_server::app::edition::{Standing, listed, publish, standing};
use zhenxing_server::package::{Loaded, load};
use zhenxing_test_support::{Ask, Fault, TestApp};

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

/// The shipped package with texts of files exchanged.
fn changed(changes: &[(&str, &str, &str)]) -> Result<Loaded, Fault> {
    let folder = tempfile::tempdir()?;
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes/cangzhou-2021");
    copy(&shipped, folder.path())?;
    for (name, old, new) in changes {
        let file = folder.path().join(name);
        let text = std::fs::read_to_string(&file)?;
        assert!(text.contains(old), "{name}: {old}");
        std::fs::write(&file, text.replace(old, new))?;
    }
    Ok(load(Some(folder.path()))?)
}

const NOTE: &str = "[[section]]\ntitle_zh = \"补充说明\"\ntitle_en = \"Notes\"\n\n[[section.field]]\ncode = \"note\"\nname_zh = \"备注\"\nname_en = \"Note\"\nkind = \"text\"\nmax_len = 500\nhint_zh = \"需要上级了解的情况，可不填\"\nhint_en = \"what the township or the county should know; may stay empty\"\n\n";

fn shown(changes: &[Change]) -> Vec<(&str, &str, ChangeKind, bool)> {
    let changes = changes.iter();
    changes
        .map(|change| {
            let (thing, code) = (change.thing.as_str(), change.code.as_str());
            (thing, code, change.change, change.reported)
        })
        .collect()
}

#[actix_web::test]
async fn a_changed_package_says_what_it_changes_and_waits_to_be_published() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("village").await?;
    let path = "/programmes/cangzhou-2021";
    let editions = app
        .call("GET", &format!("{path}/editions"), Ask::by(&token))
        .await?;
    assert_eq!(editions.at("/items/0/edition"), 1);
    assert_eq!(editions.at("/items/1"), &json!(null));
    approved(&app, "village", "2025", 6_000_000).await?;
    let db = &app.app.db;
    assert_eq!(standing(db, &changed(&[])?)?, Standing::Same);
    let other = changed(&[
        ("forms/M12.toml", NOTE, ""),
        ("forms/M12.toml", "percent = 50", "percent = 60"),
        (
            "forms/M12.toml",
            "max = 1_000_000_000.00",
            "max = 900_000_000.00",
        ),
        ("forms/M08.toml", NOTE, ""),
        (
            "matters/p1.toml",
            "name_en = \"Training leading",
            "name_en = \"Trainings, leading",
        ),
    ])?;
    let Standing::Changed(changes) = standing(db, &other)? else {
        return Err("the package is changed".into());
    };
    let got = shown(&changes);
    for expected in [
        ("field", "M08/note", ChangeKind::Removed, false),
        ("field", "M12/note", ChangeKind::Removed, false),
        ("field", "M12/operating", ChangeKind::Changed, false),
        ("form", "M12", ChangeKind::Changed, false),
        ("matter", "M01", ChangeKind::Changed, false),
        ("rule", "M12/jump", ChangeKind::Changed, false),
    ] {
        assert!(got.contains(&expected), "{expected:?} in {got:?}");
    }
    assert_eq!(got.len(), 11, "{}", listed(&changes));
    let refused = publish(db, &other, 1, false)
        .err()
        .ok_or("a refusal")?
        .to_string();
    assert!(
        refused.contains("M12/operating") && refused.contains("--publish-package"),
        "{refused}"
    );
    assert!(matches!(
        publish(db, &other, 1, true)?,
        Standing::Changed(_)
    ));
    assert_eq!(standing(db, &other)?, Standing::Same);
    let editions = app
        .call("GET", &format!("{path}/editions"), Ask::by(&token))
        .await?;
    assert_eq!(editions.at("/items/0/edition"), 2);
    assert_eq!(editions.at("/items/0/changes"), 11);
    let said = app
        .call("GET", &format!("{path}/changes"), Ask::by(&token))
        .await?;
    assert_eq!(said.text("/items/0/code"), "M08/note");
    assert_eq!(said.at("/items").as_array().map(Vec::len), Some(11));
    Ok(())
}

#[actix_web::test]
async fn a_removed_field_with_values_is_named_and_a_form_with_reports_stays() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("village").await?;
    let unit = own_unit(&app, &token).await?;
    let mut noted = values(6_000_000);
    noted["note"] = json!("今年新办了合作社");
    let body = json!({ "form": "M12", "unit": unit, "period": "2026", "values": noted });
    let begun = app
        .call("POST", "/reports", Ask::by(&token).json(&body))
        .await?;
    assert_eq!(begun.status, 201, "{}", begun.body);
    let without = changed(&[("forms/M12.toml", NOTE, "")])?;
    let Standing::Changed(changes) = standing(&app.app.db, &without)? else {
        return Err("the package is changed".into());
    };
    assert!(shown(&changes).contains(&("field", "M12/note", ChangeKind::Removed, true)));
    let mut gone = load(None)?;
    gone.files.retain(|file| file.name != "forms/M12.toml");
    gone.package.forms.retain(|form| form.code != "M12");
    let refused = publish(&app.app.db, &gone, 1, true)
        .err()
        .ok_or("a refusal")?;
    assert!(refused.to_string().contains("last_period"), "{refused}");
    Ok(())
}
