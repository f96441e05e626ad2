//! Years past: they name their source, are never overdue, and keep it in every version.

use crate::steps::{act, own_unit, values};
use serde_json::json;
use zhenxing_test_support::{Ask, Fault, TestApp};

#[actix_web::test]
async fn a_year_past_is_submitted_with_its_source_document() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("village").await?;
    let unit = own_unit(&app, &token).await?;
    let body =
        json!({ "form": "M12", "unit": unit, "period": "2024", "values": values(6_000_000) });
    let begun = app
        .call("POST", "/reports", Ask::by(&token).json(&body))
        .await?;
    assert_eq!(begun.at("/historical"), true);
    let id = begun.text("/summary/id").to_owned();
    let refused = act(&app, &token, &id, json!({ "action": "submit" })).await?;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.text("/findings/0/rule"),
        "source_document",
        "{}",
        refused.body
    );
    let save = json!({ "values": values(6_000_000), "source_document": "2024年农村经济统计年报" });
    let ask = Ask::by(&token).header("If-Match", begun.etag()).json(&save);
    let saved = app.call("PUT", &format!("/reports/{id}"), ask).await?;
    assert_eq!(saved.text("/source_document"), "2024年农村经济统计年报");
    let again = json!({ "values": values(6_100_000) });
    let ask = Ask::by(&token)
        .header("If-Match", saved.etag())
        .json(&again);
    let kept = app.call("PUT", &format!("/reports/{id}"), ask).await?;
    assert_eq!(
        kept.text("/source_document"),
        "2024年农村经济统计年报",
        "what is not sent stays"
    );
    let done = act(&app, &token, &id, json!({ "action": "submit" })).await?;
    assert_eq!(done.status, 200, "{}", done.body);
    let versions = app
        .call("GET", &format!("/reports/{id}/versions"), Ask::by(&token))
        .await?;
    assert_eq!(
        versions.text("/items/0/source_document"),
        "2024年农村经济统计年报"
    );
    assert_eq!(versions.at("/items/3/source_document"), &json!(null));
    Ok(())
}

#[actix_web::test]
async fn years_past_are_never_overdue_and_the_present_one_needs_no_source() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("village").await?;
    let unit = own_unit(&app, &token).await?;
    for period in ["2021", "2025"] {
        let dues = app
            .call(
                "GET",
                &format!("/dues?form=M12&period={period}"),
                Ask::by(&token),
            )
            .await?;
        assert_eq!(dues.text("/items/0/light"), "normal");
        assert_eq!(dues.at("/items/0/fill_due"), &json!(null));
    }
    let body =
        json!({ "form": "M12", "unit": unit, "period": "2026", "values": values(6_000_000) });
    let begun = app
        .call("POST", "/reports", Ask::by(&token).json(&body))
        .await?;
    assert_eq!(begun.at("/historical"), false);
    let done = act(
        &app,
        &token,
        begun.text("/summary/id"),
        json!({ "action": "submit" }),
    )
    .await?;
    assert_eq!(done.status, 200, "{}", done.body);
    Ok(())
}

#[actix_web::test]
async fn the_years_after_the_plan_show_targets_to_be_set() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    let token = app.sign_in("city").await?;
    for (year, comparison) in [("2025", "at_least"), ("2026", "to_be_set")] {
        let path = format!("/metrics/M12.reach_50k/figures?period={year}");
        let tree = app.call("GET", &path, Ask::by(&token)).await?;
        assert_eq!(tree.text("/metric/targets/0/comparison"), comparison);
        assert_eq!(tree.at("/metric/targets/1"), &json!(null));
    }
    let plan = app.call("GET", "/programmes", Ask::by(&token)).await?;
    assert_eq!(plan.text("/items/0/follow_on/valid_from"), "2026-01-01");
    let form = app
        .call("GET", "/forms/M12?period=2023", Ask::by(&token))
        .await?;
    assert_eq!(form.status, 200);
    let form = app
        .call("GET", "/forms/M12?period=2020", Ask::by(&token))
        .await?;
    assert_eq!(form.status, 400);
    Ok(())
}
