//! What a request costs does not depend on the size of the tree.

use crate::steps::{begin, own_unit};
use std::collections::BTreeMap;
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Ask, Fault, TestApp};

/// The statements of each read, for an account that sees much.
async fn costs(wish: Wish) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let app = TestApp::start_as(wish).await?;
    let village = app.sign_in("village").await?;
    let unit = own_unit(&app, &village).await?;
    let begun = begin(&app, &village, &unit, "2025", 1).await?;
    let report = format!("/reports/{}", begun.text("/summary/id"));
    let versions = format!("{report}/versions");
    let reads = [
        ("city", "/session"),
        ("city", "/units?limit=5"),
        ("city", "/units?limit=200&total=true"),
        ("city", "/units/130900000000"),
        ("city", "/projects"),
        ("city", "/matters"),
        ("city", "/metrics"),
        ("city", "/forms/M12"),
        ("city", "/forms/M12/periods"),
        ("township", "/dues?form=M12&period=2025&limit=200"),
        ("city", "/reports?form=M12&limit=200"),
        ("city", report.as_str()),
        ("city", versions.as_str()),
        ("city", "/metrics/M12.reach_50k/figures"),
        ("county", "/metrics/M12.reach_50k/figures"),
        ("township", "/metrics/M12.reach_50k/figures"),
        ("city", "/overview"),
        ("city", "/workbench"),
        ("county", "/workbench"),
        ("township", "/workbench"),
        ("village", "/workbench"),
        ("admin", "/users"),
        ("admin", "/departments"),
        ("admin", "/events"),
    ];
    let mut costs = BTreeMap::new();
    for (login, path) in reads {
        let token = app.sign_in(login).await?;
        app.app.db.record_statements();
        let answer = app.call("GET", path, Ask::by(&token)).await?;
        let statements = app.app.db.recorded_statements();
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let name = if path.contains(&report) {
            path.replace(&report, "/report")
        } else {
            path.to_owned()
        };
        costs.insert(format!("{login} {name}"), statements);
    }
    Ok(costs)
}

#[actix_web::test]
async fn statements_do_not_depend_on_the_size_of_the_tree() -> Result<(), Fault> {
    let small = costs(Wish::default()).await?;
    let whole = Wish {
        whole_tree: true,
        ..Wish::default()
    };
    let large = costs(whole).await?;
    for (name, statements) in &small {
        let others = large.get(name).cloned().unwrap_or_default();
        assert_eq!(statements, &others, "{name}");
        assert!(
            statements.len() <= 14,
            "{name}: {} statements",
            statements.len()
        );
    }
    Ok(())
}
