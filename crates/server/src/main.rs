//! The binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    zhenxing_server::commands::main()
}
