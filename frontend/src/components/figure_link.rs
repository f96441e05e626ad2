//! A figure that opens to where it comes from.

use crate::hooks::{Query, with};
use crate::routes::Route;
use yew::prelude::*;
use yew_router::prelude::*;

/// The figure of a metric at a unit in a period, as a link to its explanation.
pub fn figure_link(metric: &str, unit: &str, period: &str, shown: Html) -> Html {
    let query = with(&with(&Query::new(), "unit", unit), "period", period);
    let to = Route::Figure {
        code: metric.to_owned(),
    };
    html! { <Link<Route, Query> {to} query={Some(query)} classes="zx-figure-link">{ shown }</Link<Route, Query>> }
}
