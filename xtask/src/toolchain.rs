//! Finds or fetches a compiler that can build for the browser.
//! Does not know what is built with it.

mod debian;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::process::{capture, cargo, run_within, say};
use crate::tree::Tree;
use crate::trouble::Trouble;

/// What the browser half is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Compiler flags as cargo reads them first, with spaces in them if need be.
const ENCODED_FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";
const SEPARATOR: &str = "\u{1f}";

/// A download that takes longer than this is a network that swallows packets.
const RUSTUP_LIMIT: Duration = Duration::from_secs(120);

/// A compiler that can build for the browser.
#[derive(Debug)]
pub(crate) enum Toolchain {
    /// The toolchain in use has the target's standard library.
    Ready,
    /// A compiler from Debian's packages, which builds the standard library itself.
    Debian { rustc: PathBuf, linker: PathBuf },
}

impl Toolchain {
    /// Finds a toolchain, fetching what is missing. `CODRAFT_WASM_TOOLCHAIN=debian` goes to Debian's packages at once.
    pub(crate) fn find(tree: &Tree) -> Result<Self, Trouble> {
        let sysroot = sysroot()?;
        if env::var_os("CODRAFT_WASM_TOOLCHAIN").is_some_and(|chosen| chosen == "debian") {
            return debian::fetch(tree, &sysroot)?.ok_or_else(missing);
        }
        if has_target(&sysroot) {
            return Ok(Self::Ready);
        }
        if rustup_may_fetch() && add_target()? && has_target(&sysroot) {
            return Ok(Self::Ready);
        }
        debian::fetch(tree, &sysroot)?.ok_or_else(missing)
    }

    /// `cargo build` for the browser with this toolchain.
    pub(crate) fn cargo_build(&self) -> Command {
        let mut command = cargo();
        command.args(["build", "--target", TARGET]);
        // Panic messages name source files: without the folders of this machine they are shorter, and the same anywhere.
        let mut flags: Vec<String> = given_flags().chain(without_folders()).collect();
        if matches!(self, Self::Debian { .. }) {
            // Where a panic was and how a value looks is said to nobody (`wasm/snip.rs`).
            flags.extend(["-Zlocation-detail=none", "-Zfmt-debug=none"].map(str::to_owned));
        }
        if !flags.is_empty() {
            command.env(ENCODED_FLAGS, flags.join(SEPARATOR));
        }
        if let Self::Debian { rustc, linker } = self {
            // Only on this child: elsewhere they would turn unstable features on.
            command.env("RUSTC_BOOTSTRAP", "1");
            command.env("RUSTC", rustc);
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            command.args(["-Z", "build-std=std,panic_abort"]);
            // Sorting alone is eight times a kilobyte otherwise.
            command.args(["-Z", "build-std-features=optimize_for_size"]);
        }
        command
    }
}

/// Whether the toolchain in use can build for the browser as it is.
pub(crate) fn is_ready() -> bool {
    sysroot().is_ok_and(|sysroot| has_target(&sysroot))
}

/// The compiler's own folder.
fn sysroot() -> Result<PathBuf, Trouble> {
    let printed = capture(Command::new("rustc").args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(printed.trim()))
}

/// Whether the standard library for the browser lies beside the compiler.
fn has_target(sysroot: &Path) -> bool {
    let library = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    let Ok(entries) = fs::read_dir(library) else { return false };
    entries.filter_map(Result::ok).any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

/// A machine whose owner switched rustup's own installs off is not made to install through it.
fn rustup_may_fetch() -> bool {
    let off = env::var_os("RUSTUP_AUTO_INSTALL").is_some_and(|value| value == "0");
    if off {
        say(
            "wasm",
            &format!(
                "rustup may not install here (RUSTUP_AUTO_INSTALL=0), so it is not asked for {TARGET}"
            ),
        );
    }
    !off
}

/// Asks rustup for the target of the toolchain in use, and for nothing else: it must never update the toolchain.
fn add_target() -> Result<bool, Trouble> {
    let Ok(toolchain) = env::var("RUSTUP_TOOLCHAIN") else {
        return Ok(false);
    };
    say("wasm", &format!("rustup target add {TARGET}"));
    let mut command = Command::new("rustup");
    command
        .args(["target", "add", "--toolchain", &toolchain, TARGET])
        .env("RUSTUP_AUTO_INSTALL", "0");
    match run_within(&mut command, RUSTUP_LIMIT) {
        Err(Trouble::Start { .. }) => Ok(false),
        other => other,
    }
}

fn missing() -> Trouble {
    Trouble::advice(format!(
        "no compiler for the browser: install the target with `rustup target add {TARGET}`, or use Debian or Ubuntu \
         with a Rust from rustup, where xtask takes the compiler from the packages `rustc-web` and `rust-web-src`"
    ))
}

/// The compiler flags that the environment asks for: ours would take their place.
fn given_flags() -> impl Iterator<Item = String> {
    let encoded = env::var(ENCODED_FLAGS).ok();
    let plain = env::var("RUSTFLAGS").ok();
    flags_in(encoded.as_deref(), plain.as_deref()).into_iter()
}

/// The flags of the two variables, of which cargo reads only the first that is set.
fn flags_in(encoded: Option<&str>, plain: Option<&str>) -> Vec<String> {
    let flags: Vec<&str> = match (encoded, plain) {
        (Some(encoded), _) => encoded.split(SEPARATOR).collect(),
        (None, Some(plain)) => plain.split_whitespace().collect(),
        (None, None) => Vec::new(),
    };
    flags.into_iter().filter(|flag| !flag.is_empty()).map(str::to_owned).collect()
}

/// Compiler flags that take the folders of downloaded sources off their names.
fn without_folders() -> Vec<String> {
    let home = env::home_dir().map(|home| home.join(".cargo"));
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
    cargo.map(|cargo| without_folders_of(&cargo)).unwrap_or_default()
}

fn without_folders_of(cargo: &Path) -> Vec<String> {
    let registries = fs::read_dir(cargo.join("registry/src")).into_iter().flatten().flatten();
    registries
        .map(|registry| format!("--remap-path-prefix={}/=", registry.path().display()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_folder_without_its_standard_library_does_not_count() {
        let sysroot = tempfile::tempdir().unwrap();
        assert!(!has_target(sysroot.path()));
        let library = sysroot.path().join("lib/rustlib").join(TARGET).join("lib");
        fs::create_dir_all(&library).unwrap();
        fs::write(library.join("libcore-1.rlib"), "").unwrap();
        assert!(!has_target(sysroot.path()));
        fs::write(library.join("libstd-1.rlib"), "").unwrap();
        assert!(has_target(sysroot.path()));
    }

    #[test]
    fn a_folder_with_a_space_in_its_name_stays_one_flag() {
        let home = tempfile::tempdir().unwrap();
        let registry = home.path().join("Anna B/registry/src/index");
        fs::create_dir_all(&registry).unwrap();
        let flags = without_folders_of(&home.path().join("Anna B"));
        assert_eq!(flags, [format!("--remap-path-prefix={}/=", registry.display())]);
        let read = flags_in(Some(&flags.join(SEPARATOR)), Some("-g"));
        assert_eq!(read, flags);
    }

    #[test]
    fn flags_of_either_variable_are_kept_as_cargo_would_read_them() {
        assert_eq!(flags_in(None, Some(" -C  debuginfo=1 ")), ["-C", "debuginfo=1"]);
        assert_eq!(flags_in(Some("-C\u{1f}link-arg=a b"), Some("-g")), ["-C", "link-arg=a b"]);
        assert!(flags_in(None, None).is_empty() && flags_in(Some(""), Some("-g")).is_empty());
    }
}
