//! Set-up, start and tests.
fn main() {}
