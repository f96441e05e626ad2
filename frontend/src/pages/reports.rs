//! 数据报送: the units for which I fill in, and where each stands.

use crate::components::{light, loaded};
use crate::format;
use crate::hooks::{use_load, use_session, use_title};
use crate::routes::Route;
use std::collections::BTreeMap;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::report::{CreateReport, Due};

type Query = BTreeMap<String, String>;

/// The list of a period.
#[function_component]
pub fn Reports() -> Html {
    use_title("数据报送");
    let location = use_location();
    let query: Query = location
        .and_then(|location| location.query::<Query>().ok())
        .unwrap_or_default();
    let session = use_session();
    let navigator = use_navigator();
    let said = use_state(String::new);
    let search = use_state(String::new);
    let look = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                search.set(input.value());
            }
        })
    };
    let (load, again) = use_load(query.clone(), |client, query: Query| async move {
        let form = query
            .get("form")
            .cloned()
            .unwrap_or_else(|| "M12".to_owned());
        let periods = client.periods(&form).await?;
        let period = query.get("period").cloned();
        let period = period
            .or_else(|| periods.items.first().map(|row| row.period.clone()))
            .unwrap_or_default();
        let dues = client.dues(&form, &period, "").await?;
        Ok((period, periods, dues))
    });
    let choose = {
        let navigator = navigator.clone();
        Callback::from(move |event: Event| {
            if let (Some(select), Some(navigator)) =
                (event.target_dyn_into::<HtmlSelectElement>(), &navigator)
            {
                let query = BTreeMap::from([("period".to_owned(), select.value())]);
                let _written = navigator.push_with_query(&Route::Reports, &query);
            }
        })
    };
    let begin = {
        let (said, navigator) = (said.clone(), navigator.clone());
        Callback::from(move |due: Due| {
            let (Some(session), Some(navigator)) = (session.clone(), navigator.clone()) else {
                return;
            };
            let said = said.clone();
            spawn_local(async move {
                let new = CreateReport {
                    id: None,
                    form: due.form,
                    unit: due.unit.code,
                    period: due.period,
                    values: BTreeMap::new(),
                    explanations: BTreeMap::new(),
                };
                match session.client.create_report(&new).await {
                    Ok(report) => navigator.push(&Route::Report {
                        id: report.summary.id,
                    }),
                    Err(error) => said.set(format::error(&error)),
                }
            });
        })
    };
    html! {
        <>
            <h1>{ "数据报送" }</h1>
            if !said.is_empty() { <p class="zx-alert" role="alert">{ &*said }</p> }
            { loaded(&load, &again, |(period, periods, dues)| html! {
                <section class="zx-card">
                    <div class="zx-bar"><h2>{ format!("{}村级集体经济收入年报", format::period(period)) }</h2>
                        <label>{ "期次 " }<select onchange={choose.clone()} class="zx-input">
                            { for periods.items.iter().map(|row| html! { <option value={row.period.clone()} selected={row.period == *period}>{ format::period(&row.period) }</option> }) }
                        </select></label></div>
                    if dues.items.is_empty() { <p class="zx-empty">{ "本期没有需要您填报的单位。" }</p> }
                    if dues.items.len() > 5 {
                        <label>{ "查找单位 " }<input class="zx-input" type="search" value={(*search).clone()} oninput={look.clone()} /></label>
                    }
                    <ul class="zx-list">{ for dues.items.iter().filter(|due| due.unit.name.contains(search.trim())).map(|due| row(due, &begin)) }</ul>
                    if dues.next_cursor.is_some() { <p class="zx-empty">{ "这里只列出前100个单位。" }</p> }
                </section>
            }) }
        </>
    }
}

fn row(due: &Due, begin: &Callback<Due>) -> Html {
    let until = due
        .fill_due
        .map_or_else(|| "历史补录".to_owned(), |day| format!("{day}前"));
    let button = match due.report {
        Some(id) => {
            html! { <Link<Route> to={Route::Report { id }} classes="pf-v6-c-button pf-m-secondary">{ "打开" }</Link<Route>> }
        }
        None => {
            let (due, begin) = (due.clone(), begin.clone());
            html! { <button class="pf-v6-c-button pf-m-primary" onclick={Callback::from(move |_| begin.emit(due.clone()))}>{ "填报" }</button> }
        }
    };
    html! {
        <li><span><strong>{ &due.unit.name }</strong><small>{ format!("{} · {until}", format::due_state(due.state)) }</small></span>
            { light(due.light) }{ button }</li>
    }
}
