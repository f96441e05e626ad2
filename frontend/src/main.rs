//! Starts the workspace in the browser.

fn main() {
    zhenxing_frontend::run();
}
