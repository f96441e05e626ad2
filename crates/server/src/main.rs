//! The binary.

use std::process::ExitCode;

/// Many small pieces are taken and given back by several threads for each request.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    zhenxing_server::commands::main()
}
