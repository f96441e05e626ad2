//! What the build needs before cargo can start: the WebAssembly target and npm packages.

use crate::process::{self, Done};
use crate::wasm;

/// Everything, with a word for the person who typed it.
pub fn all() -> Done<()> {
    let toolchain = wasm::ensure()?;
    npm()?;
    match toolchain.rustc {
        Some(rustc) => println!(
            "setup: ready; the browser side is compiled by {}",
            rustc.display()
        ),
        None => println!("setup: ready"),
    }
    Ok(())
}

/// Installs the npm packages unless those of this lock file are there already.
pub fn npm() -> Done<()> {
    let frontend = process::root().join("frontend");
    let stamp = frontend.join("node_modules/.zhenxing-stamp");
    let inputs = [
        frontend.join("package.json"),
        frontend.join("package-lock.json"),
    ];
    let wanted = process::fingerprint("npm", &inputs)?;
    if process::stamped(&stamp, &wanted) {
        return Ok(());
    }
    check_node()?;
    println!("setup: installing the npm packages of frontend/ …");
    let mut npm = process::command("npm");
    npm.current_dir(&frontend)
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::output(&mut npm, "npm ci")?;
    process::write(&stamp, wanted)
}

fn check_node() -> Done<()> {
    let text = process::output(process::command("node").arg("--version"), "node --version")
        .map_err(|why| format!("Node 20 or newer is needed: {why}"))?;
    let major = text
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|part| part.parse::<u32>().ok());
    match major {
        Some(number) if number >= 20 => Ok(()),
        _ => Err(format!("Node 20 or newer is needed, found {}", text.trim())),
    }
}
