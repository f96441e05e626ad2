//! The workspace in the browser.

use yew::prelude::*;

#[function_component]
fn App() -> Html {
    html! { <main class="pf-v6-c-page"><h1 class="pf-v6-c-title pf-m-2xl">{ "振兴工作台" }</h1></main> }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
