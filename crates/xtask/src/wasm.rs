//! The WebAssembly compiler: what is there, what rustup can fetch, or what Debian ships.

use crate::process::{self, Done};
use crate::tools;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target of the browser side.
pub const TARGET: &str = "wasm32-unknown-unknown";
const CHOICE: &str = "ZHENXING_WASM_TOOLCHAIN";
const STAMP: &str = "complete";
const LAYOUT: &str = "layout 1";

/// How to compile for the browser on this machine.
pub struct Toolchain {
    /// A compiler of its own, when the one on PATH lacks the target.
    pub rustc: Option<PathBuf>,
}

impl Toolchain {
    /// Makes a cargo command use this compiler, with a target folder of its own:
    /// two compilers in one folder would undo each other's work.
    pub fn apply(&self, cargo: &mut Command) -> Done<PathBuf> {
        let name = if self.rustc.is_some() {
            "wasm-debian"
        } else {
            "wasm"
        };
        let folder = process::target_dir()?.join(name);
        cargo.env("CARGO_TARGET_DIR", &folder);
        if let Some(rustc) = &self.rustc {
            cargo.env("RUSTC", rustc);
        }
        Ok(folder)
    }
}

/// Finds or fetches a compiler for the browser.
///
/// ZHENXING_WASM_TOOLCHAIN=debian goes straight to the last resort.
pub fn ensure() -> Done<Toolchain> {
    let forced = std::env::var_os(CHOICE).is_some_and(|choice| choice == "debian");
    if !forced && has_target()? {
        return Ok(Toolchain { rustc: None });
    }
    let cache = process::cache_dir("wasm-toolchain")?;
    let rustc = cache.join("usr/bin/rustc");
    if is_complete(&cache, &rustc) {
        return Ok(Toolchain { rustc: Some(rustc) });
    }
    if !forced && fetch_with_rustup()? {
        return Ok(Toolchain { rustc: None });
    }
    println!("setup: taking Debian's compiler for the web");
    install(&cache).map_err(|why| format!("{why}\n{}", advice()))?;
    Ok(Toolchain { rustc: Some(rustc) })
}

fn fetch_with_rustup() -> Done<bool> {
    println!("setup: fetching the {TARGET} target with rustup …");
    let fetched = process::succeeds(process::command("rustup").args(["target", "add", TARGET]));
    if !fetched {
        println!("setup: rustup cannot fetch it here");
    }
    Ok(fetched && has_target()?)
}

fn advice() -> String {
    format!(
        "No compiler for {TARGET}. Either make `rustup target add {TARGET}` work (network, proxy),\n\
         or use a Debian 12 or newer whose package lists hold rustc-web (`apt-get update`)."
    )
}

fn has_target() -> Done<bool> {
    let mut rustc = process::command("rustc");
    let sysroot = process::output(rustc.args(["--print", "sysroot"]), "rustc --print sysroot")?;
    let libraries = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib");
    Ok(holds_core(&libraries))
}

fn holds_core(libraries: &Path) -> bool {
    process::files_below(libraries).iter().any(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("libcore-") && name.ends_with(".rlib")
    })
}

fn is_complete(cache: &Path, rustc: &Path) -> bool {
    process::stamped(&cache.join(STAMP), LAYOUT)
        && process::succeeds(process::command(rustc).arg("-vV"))
}

/// Installs next to the final place and renames at the end, so that an interrupted run leaves nothing.
fn install(cache: &Path) -> Done<()> {
    let parent = cache.parent().ok_or("the cache folder has no parent")?;
    process::make_dir(parent)?;
    let work = tempfile::Builder::new()
        .prefix("wasm-toolchain-")
        .tempdir_in(parent)
        .map_err(|error| format!("{}: {error}", parent.display()))?;
    let tree = work.path().join("tree");
    let host = Host::of_this_machine()?;
    let packages = download(work.path())?;
    println!("setup: unpacking {} packages …", packages.len());
    for package in &packages {
        let mut unpack = process::command("dpkg-deb");
        process::run(
            unpack.arg("-x").arg(package).arg(&tree),
            "unpacking a Debian package",
        )?;
    }
    wrap(&tree, &host)?;
    place_linker(&tree, &host)?;
    build_std(work.path(), &tree)?;
    process::write(&tree.join(STAMP), LAYOUT)?;
    process::remove_dir(cache)?;
    std::fs::rename(&tree, cache).map_err(|error| format!("{}: {error}", cache.display()))?;
    println!(
        "setup: the compiler for the browser is ready in {}",
        cache.display()
    );
    Ok(())
}

/// The names Rust and Debian give this machine.
struct Host {
    triple: String,
    multiarch: String,
}

impl Host {
    fn of_this_machine() -> Done<Self> {
        let text = process::output(process::command("rustc").arg("-vV"), "rustc -vV")?;
        let triple = text
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .ok_or("rustc -vV names no host")?
            .to_owned();
        let processor = triple.split('-').next().unwrap_or_default();
        Ok(Self {
            multiarch: format!("{processor}-linux-gnu"),
            triple,
        })
    }
}

/// Package names move with Debian's updates: they are followed from rustc-web, not fixed.
fn download(folder: &Path) -> Done<Vec<PathBuf>> {
    if depends("rustc-web").is_err() {
        tools::apt_update()?;
    }
    let dev = one_dependency("rustc-web", "libstd-rust-web-dev")?;
    let std = one_dependency(&dev, "libstd-rust-web-")?;
    let llvm = one_dependency(&std, "libllvm")?;
    let lld = llvm.replacen("libllvm", "lld-", 1);
    let names = ["rustc-web", &dev, &std, "rust-web-src", &llvm, &lld];
    println!("setup: downloading {} …", names.join(" "));
    let mut apt = process::command("apt-get");
    apt.current_dir(folder).args(["download", "-q"]).args(names);
    if process::output(&mut apt, "apt-get download").is_err() {
        tools::apt_update()?;
        process::output(&mut apt, "apt-get download")?;
    }
    let found: Vec<PathBuf> = process::files_below(folder)
        .into_iter()
        .filter(|file| file.extension().is_some_and(|end| end == "deb"))
        .collect();
    if found.len() == names.len() {
        Ok(found)
    } else {
        Err(format!(
            "apt-get download brought {} of {} packages",
            found.len(),
            names.len()
        ))
    }
}

fn depends(package: &str) -> Done<Vec<String>> {
    let mut apt = process::command("apt-cache");
    let text = process::output(apt.args(["depends", package]), "apt-cache depends")?;
    Ok(text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: "))
        .map(|name| name.trim().to_owned())
        .collect())
}

fn one_dependency(package: &str, start: &str) -> Done<String> {
    depends(package)?
        .into_iter()
        .find(|name| name.starts_with(start))
        .ok_or_else(|| format!("the package {package} depends on nothing named {start}…"))
}

/// Debian's compiler looks for its libraries in /usr/lib: a wrapper shows it the unpacked ones.
fn wrap(tree: &Path, host: &Host) -> Done<()> {
    use std::os::unix::fs::PermissionsExt;
    for name in ["rustc", "rustdoc"] {
        let plain = tree.join("usr/bin").join(name);
        let real = tree.join("usr/bin").join(format!("{name}.real"));
        std::fs::rename(&plain, &real).map_err(|error| format!("{}: {error}", plain.display()))?;
        let script = format!(
            "#!/bin/sh\nhere=$(dirname \"$(readlink -f \"$0\")\")\n\
             LD_LIBRARY_PATH=\"$here/../lib/{}\" exec \"$here/{name}.real\" \"$@\"\n",
            host.multiarch
        );
        process::write(&plain, script)?;
        std::fs::set_permissions(&plain, std::fs::Permissions::from_mode(0o755))
            .map_err(|error| format!("{}: {error}", plain.display()))?;
    }
    Ok(())
}

fn place_linker(tree: &Path, host: &Host) -> Done<()> {
    let linker = process::files_below(&tree.join("usr/lib"))
        .into_iter()
        .find(|file| file.ends_with("bin/lld"))
        .ok_or("the lld package holds no bin/lld")?;
    let folder = tree.join("usr/lib/rustlib").join(&host.triple).join("bin");
    process::make_dir(&folder)?;
    let copy = folder.join("rust-lld");
    std::fs::copy(&linker, &copy).map_err(|error| format!("{}: {error}", copy.display()))?;
    Ok(())
}

/// Builds the standard library for the browser once, from Debian's source package.
fn build_std(work: &Path, tree: &Path) -> Done<()> {
    println!("setup: building the standard library for {TARGET} (once, about a minute) …");
    let seed = work.join("seed");
    process::write(
        &seed.join("Cargo.toml"),
        "[package]\nname = \"zhenxing-seed\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    process::write(&seed.join("src/lib.rs"), "#![no_std]\n")?;
    let mut cargo = process::cargo();
    cargo
        .current_dir(&seed)
        .args(["build", "--quiet", "--release", "--target", TARGET])
        .arg("-Zbuild-std=core,alloc,std,proc_macro,panic_abort,panic_unwind,test")
        .env("CARGO_TARGET_DIR", seed.join("target"))
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", tree.join("usr/bin/rustc"));
    process::output(&mut cargo, "building the standard library")?;
    let built = seed.join("target").join(TARGET).join("release/deps");
    let libraries = tree.join("usr/lib/rustlib").join(TARGET).join("lib");
    process::make_dir(&libraries)?;
    for file in process::files_below(&built) {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let wanted = name.ends_with(".rlib") || name.ends_with(".rmeta");
        if wanted && !name.contains("zhenxing_seed") {
            let copy = libraries.join(&name);
            std::fs::copy(&file, &copy).map_err(|error| format!("{}: {error}", copy.display()))?;
        }
    }
    if holds_core(&libraries) {
        Ok(())
    } else {
        Err("the standard library was not built".to_owned())
    }
}
