//! 单位: the tree of units with search, and what is known of the one that is chosen.

mod changes;
mod detail;
mod draft;
mod effect;
mod sheet;
mod what;
mod words_of;

use crate::components::tabs::Tabs;
use crate::components::tree::UnitTree;
use crate::components::unit_picker::UnitPicker;
use crate::components::{Card, PageHeader, empty, loaded};
use crate::hooks::{Load, Query, use_go, use_load, use_query};
use crate::i18n::use_language;
use crate::routes::Route;
use changes::Changes;
use detail::Detail;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::unit::{Unit, UnitDetail};

/// The link of a unit's page.
pub fn unit_query(code: &str) -> Query {
    Query::from([("unit".to_owned(), code.to_owned())])
}

/// The page.
#[function_component]
pub fn Units() -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let view = query
        .get("view")
        .cloned()
        .unwrap_or_else(|| "tree".to_owned());
    let change = go.reform(|view: String| {
        let query = if view == "tree" {
            Query::new()
        } else {
            Query::from([("view".to_owned(), view)])
        };
        (Route::Units, query)
    });
    let tabs = vec![("tree", t!("units-tree")), ("changes", t!("changes"))];
    html! {
        <>
            <PageHeader title={t!("units")} lead={html! { { t!("units-lead") } }} />
            <Tabs label={t!("units")} {tabs} current={view.clone()} {change}>
                if view == "changes" { <Changes /> } else { <Tree /> }
            </Tabs>
        </>
    }
}

/// The tree and the unit that is chosen in it.
#[function_component]
fn Tree() -> Html {
    use_language();
    let query = use_query();
    let go = use_go::<Route>();
    let round = use_state(|| 0_u32);
    let chosen = query.get("unit").cloned().unwrap_or_default();
    let (root, again) = use_load((), |session, ()| async move {
        let own = session.me().map(|me| me.unit.code.clone());
        let own = own.unwrap_or_default();
        session.client.unit(&own).await.map(|detail| detail.unit)
    });
    let (detail, detail_again) = use_load(chosen.clone(), |session, code| async move {
        if code.is_empty() {
            return Ok(None);
        }
        session.client.unit(&code).await.map(Some)
    });
    let choose = go.reform(|unit: Unit| (Route::Units, unit_query(&unit.code)));
    let found = {
        let go = go.clone();
        Callback::from(move |unit: Option<Unit>| {
            if let Some(unit) = unit {
                go.emit((Route::Units, unit_query(&unit.code)));
            }
        })
    };
    // A change may have moved what the tree shows.
    let changed = {
        let (round, again) = (round.clone(), detail_again.clone());
        Callback::from(move |()| {
            round.set(round.wrapping_add(1));
            again.emit(());
        })
    };
    let path = match &detail {
        Load::Ready(Some(detail)) => above(detail),
        _ => Vec::new(),
    };
    html! {
            <div class={classes!("zx-split", (!chosen.is_empty()).then_some("zx-split-chosen"))}>
                <Card title={t!("units-tree")} class="zx-split-list">
                    <UnitPicker id="find-unit" label={t!("units-find")} several={true} chosen={found} />
                    { loaded(&root, &again, |root| html! {
                        <UnitTree key={*round} label={t!("units-tree")} root={root.clone()} chosen={chosen.clone()} {path} {choose} />
                    }) }
                </Card>
                <div class="zx-split-detail">
                    if !chosen.is_empty() { <p class="zx-phone-only zx-back"><Link<Route> to={Route::Units}>{ t!("units-back") }</Link<Route>></p> }
                    { loaded(&detail, &detail_again, |detail| match detail {
                        Some(detail) => html! { <Detail key={detail.unit.code.clone()} detail={detail.clone()} changed={changed.clone()} /> },
                        None => html! { <Card title={t!("unit")}>{ empty(t!("units-choose")) }</Card> },
                    }) }
                </div>
            </div>
    }
}

fn above(detail: &UnitDetail) -> Vec<String> {
    let codes = detail.ancestors.iter();
    codes.map(|unit| unit.code.clone()).collect()
}
