//! A compiler for the browser from Debian's packages, unpacked into the target folder without root.
//! Does not touch the system's packages, and does not know rustup beyond its linker.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Toolchain;
use crate::process::{capture, run, say};
use crate::tree::{Tree, make_folder};
use crate::trouble::Trouble;

/// The package whose dependency names the compiler's library of the day.
const STD: &str = "libstd-rust-web-dev";

/// Fetches the compiler, or finds the one fetched earlier; `None` where there is no apt or no linker.
pub(super) fn fetch(tree: &Tree, sysroot: &Path) -> Result<Option<Toolchain>, Trouble> {
    let Some(linker) = linker(sysroot)? else { return Ok(None) };
    if !has("apt-get") || !has("dpkg") {
        return Ok(None);
    }
    let home = tree.target.join("toolchain");
    let rustc = home.join("rustc");
    if !works(&rustc) {
        let apt = Apt::prepare(&home)?;
        apt.unpack(&apt.packages()?)?;
        write_wrapper(&rustc, &apt.root)?;
        if !works(&rustc) {
            return Err(Trouble::advice(
                "Debian's rustc-web does not start here: install what it needs with `apt-get install rustc-web`",
            ));
        }
    }
    Ok(Some(Toolchain::Debian { rustc, linker }))
}

/// rustup's own linker: Debian's compiler brings none for the browser.
fn linker(sysroot: &Path) -> Result<Option<PathBuf>, Trouble> {
    let about = capture(Command::new("rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let linker = sysroot.join("lib/rustlib").join(host).join("bin/rust-lld");
    Ok(linker.exists().then_some(linker))
}

fn has(program: &str) -> bool {
    works_with(Path::new(program), "--version")
}

fn works(rustc: &Path) -> bool {
    works_with(rustc, "-vV")
}

fn works_with(program: &Path, flag: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(flag).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// apt with a state of its own, so that it needs neither root nor the system's lists.
struct Apt {
    /// Where it keeps its lists and what it downloads.
    state: PathBuf,
    /// Where the packages are unpacked.
    root: PathBuf,
}

impl Apt {
    fn prepare(home: &Path) -> Result<Self, Trouble> {
        let apt = Self { state: home.join("apt"), root: home.join("root") };
        for folder in ["lists/partial", "cache/archives/partial", "packages"] {
            make_folder(&apt.state.join(folder))?;
        }
        make_folder(&apt.root)?;
        let status = Path::new("/var/lib/dpkg/status");
        fs::copy(status, apt.state.join("status")).map_err(Trouble::at(status))?;
        say("wasm", "reading Debian's package lists into target/toolchain");
        run(apt.command("apt-get").args(["-qq", "update"]))?;
        Ok(apt)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for (option, below) in [
            ("Dir::State", ""),
            ("Dir::State::Lists", "lists"),
            ("Dir::Cache", "cache"),
            ("Dir::State::Status", "status"),
        ] {
            command.arg("-o").arg(format!("{option}={}", self.state.join(below).display()));
        }
        command.args(["-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User="]);
        command.current_dir(self.state.join("packages")).stdin(Stdio::null());
        command
    }

    /// The packages to fetch: two of them carry a version in their name, which Debian's own dependencies tell.
    fn packages(&self) -> Result<Vec<String>, Trouble> {
        let library = self.dependency(STD, "libstd-rust-web-")?;
        let llvm = self.dependency(&library, "libllvm")?;
        let mut packages = vec![library, llvm];
        packages.extend(["rustc-web", STD, "rust-web-src", "libz3-4"].map(str::to_owned));
        Ok(packages)
    }

    fn dependency(&self, package: &str, prefix: &str) -> Result<String, Trouble> {
        let shown = self
            .command("apt-cache")
            .args(["show", "--no-all-versions", package])
            .stderr(Stdio::null())
            .output();
        let shown = shown
            .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
            .unwrap_or_default();
        depends_on(&shown, prefix).ok_or_else(|| {
            Trouble::advice(format!(
                "this system's packages have no `{package}`: install the target with `rustup target add {}`",
                super::TARGET
            ))
        })
    }

    fn unpack(&self, packages: &[String]) -> Result<(), Trouble> {
        say(
            "wasm",
            &format!(
                "fetching a compiler for the browser from Debian's packages: {}",
                packages.join(" ")
            ),
        );
        run(self.command("apt-get").args(["-qq", "download"]).args(packages))?;
        let folder = self.state.join("packages");
        for entry in fs::read_dir(&folder).map_err(Trouble::at(&folder))? {
            let package = entry.map_err(Trouble::at(&folder))?.path();
            run(Command::new("dpkg").arg("-x").arg(&package).arg(&self.root))?;
        }
        fs::remove_dir_all(&folder).map_err(Trouble::at(&folder))
    }
}

/// The first dependency in `apt-cache show`'s answer whose name starts with `prefix`.
fn depends_on(shown: &str, prefix: &str) -> Option<String> {
    let depends = shown.lines().find_map(|line| line.strip_prefix("Depends: "))?;
    let names = depends.split([',', '|']).filter_map(|one| one.split_whitespace().next());
    names.map(str::to_owned).find(|name| name.starts_with(prefix))
}

/// A `rustc` that finds its libraries in the unpacked packages.
fn write_wrapper(path: &Path, root: &Path) -> Result<(), Trouble> {
    let libraries = library_folders(&root.join("usr/lib"))?.join(":");
    let script = format!(
        "#!/bin/sh\nLD_LIBRARY_PATH='{libraries}' exec '{}' \"$@\"\n",
        root.join("usr/bin/rustc").display()
    );
    fs::write(path, script).map_err(Trouble::at(path))?;
    run(Command::new("chmod").arg("+x").arg(path))
}

/// `usr/lib` and the folder below it that is named after the machine.
fn library_folders(usr_lib: &Path) -> Result<Vec<String>, Trouble> {
    let mut folders = vec![usr_lib.display().to_string()];
    for entry in fs::read_dir(usr_lib).map_err(Trouble::at(usr_lib))? {
        let path = entry.map_err(Trouble::at(usr_lib))?.path();
        if path.is_dir() && path.to_string_lossy().ends_with("-linux-gnu") {
            folders.push(path.display().to_string());
        }
    }
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versioned_package_is_read_from_the_dependencies() {
        let shown = "Package: libstd-rust-web-dev\nDepends: libc6 (>= 2.34), libstd-rust-web-1.96 (= 1.96.0+dfsg1)\n";
        assert_eq!(depends_on(shown, "libstd-rust-web-").as_deref(), Some("libstd-rust-web-1.96"));
        assert_eq!(depends_on(shown, "libllvm"), None);
        assert_eq!(depends_on("", "libllvm"), None);
    }
}
