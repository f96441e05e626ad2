//! The workspace in the browser.
fn main() {}
