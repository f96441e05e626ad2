//! 最新变动: what was done with reports lately, at the unit and below it. It is fetched after the page stands.

use crate::components::{Card, empty, loaded};
use crate::format;
use crate::hooks::{use_load, use_session};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::LatestChange;
use zhenxing_api_types::session::Action;

/// Of which unit.
#[derive(Clone, PartialEq, Properties)]
pub struct LatestProps {
    /// The unit's code.
    pub unit: String,
}

/// The card; nothing for who may not see reports.
#[function_component]
pub fn Latest(props: &LatestProps) -> Html {
    use_language();
    let (load, again) = use_load(props.unit.clone(), |session, unit: String| async move {
        let found = session.client.latest_changes(&unit).await?;
        Ok(Rc::new(found.items))
    });
    let may = use_session().is_some_and(|session| session.may(Action::ReadReports));
    if !may {
        return Html::default();
    }
    html! {
        <Card title={t!("latest")}>{ loaded(&load, &again, |rows: &Rc<Vec<LatestChange>>| if rows.is_empty() {
            empty(t!("latest-empty"))
        } else {
            html! { <ul class="zx-list">{ for rows.iter().map(line) }</ul> }
        }) }</Card>
    }
}

fn line(row: &LatestChange) -> Html {
    let what = match row.kind.as_str() {
        "report.submitted" => t!("latest-submitted"),
        "report.checked" => t!("latest-checked"),
        "report.approved" => t!("latest-approved"),
        "report.returned" => t!("latest-returned"),
        _ => t!("latest-reopened"),
    };
    let form = named(&row.form_zh, &row.form_en);
    html! {
        <li><span><Link<Route> to={Route::Report { id: row.report }}>{ &row.unit.name }</Link<Route>>{ " " }
                { t!("form-of-period", period = format::period(&row.period), form = form) }{ " " }<strong>{ what }</strong></span>
            <small>{ format::instant(row.at) }</small></li>
    }
}
