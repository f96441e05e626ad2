//! The workspace in the browser. `README.md` shows how a page is made.

#[macro_use]
pub mod i18n;
pub mod components;
pub mod draft;
pub mod format;
pub mod hooks;
pub mod pages;
pub mod routes;
pub mod send;
pub mod state;
pub mod words;

mod app;
pub mod handover;

/// Draws the workspace into the page.
pub fn run() {
    handover::keep(yew::Renderer::<app::App>::new().render());
}
