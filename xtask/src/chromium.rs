//! Finds or installs a Chromium for the browser tests.
//! Does not know how the tests drive it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{run, say};
use crate::trouble::Trouble;
use crate::{apt, program};

/// The variable that names another one.
pub(crate) const CHOSEN: &str = "CODRAFT_CHROMIUM";

/// Names of the program, most common first.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Where macOS keeps programs, none of which is on the path.
const IN_APPLICATIONS: [&str; 2] =
    ["Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome"];

/// Where the program lies in a Playwright download, by system.
const IN_DOWNLOAD: [&str; 6] = [
    "chrome-linux/chrome",
    "chrome-linux64/chrome",
    "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
    "chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
    "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
    "chrome-mac-arm64/Chromium.app/Contents/MacOS/Chromium",
];

/// Finds a Chromium, installing one if need be; `tests` is the folder of the browser tests, which bring Playwright.
pub(crate) fn find(tests: &Path) -> Result<PathBuf, Trouble> {
    if let Some(found) = program::chosen(CHOSEN)?.or_else(already_there) {
        return Ok(found);
    }
    let installed = apt::install(&["chromium"]) || install_with_playwright(tests);
    installed.then(already_there).flatten().ok_or_else(no_chromium)
}

fn no_chromium() -> Trouble {
    Trouble::advice(
        "no Chromium for the browser tests: install one (on Debian `apt-get install chromium`) \
         or set CODRAFT_CHROMIUM to its path",
    )
}

fn already_there() -> Option<PathBuf> {
    program::on_path(&NAMES)
        .or_else(|| program::below(Path::new("/Applications"), &IN_APPLICATIONS))
        .or_else(|| cache().and_then(|cache| downloaded(&cache)))
}

/// Playwright's own folder of browsers.
fn cache() -> Option<PathBuf> {
    if let Some(chosen) = env::var_os("PLAYWRIGHT_BROWSERS_PATH") {
        return Some(PathBuf::from(chosen));
    }
    let home = PathBuf::from(env::var_os("HOME")?);
    let below = if cfg!(target_os = "macos") {
        "Library/Caches/ms-playwright"
    } else {
        ".cache/ms-playwright"
    };
    Some(home.join(below))
}

/// The newest Chromium in Playwright's folder.
fn downloaded(cache: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(cache).ok()?.filter_map(Result::ok);
    let number =
        |path: &PathBuf| path.file_name()?.to_str()?.strip_prefix("chromium-")?.parse::<u32>().ok();
    let mut versions: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| number(path).is_some()).collect();
    versions.sort_by_key(|path| std::cmp::Reverse(number(path)));
    versions.iter().find_map(|version| program::below(version, &IN_DOWNLOAD))
}

fn install_with_playwright(tests: &Path) -> bool {
    say("chromium", "installing one with Playwright");
    run(Command::new("npx").args(["playwright-core", "install", "chromium"]).current_dir(tests))
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn install(program: &Path) {
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(program, "").unwrap();
    }

    #[test]
    fn the_newest_download_is_taken() {
        let cache = tempfile::tempdir().unwrap();
        for version in ["chromium-999", "chromium-1200", "chromium_headless_shell-1300"] {
            install(&cache.path().join(version).join("chrome-linux/chrome"));
        }
        assert_eq!(
            downloaded(cache.path()),
            Some(cache.path().join("chromium-1200/chrome-linux/chrome"))
        );
    }

    #[test]
    fn on_a_mac_the_download_of_either_processor_and_an_installed_program_are_found() {
        for folder in ["chrome-mac-arm64", "chrome-mac-x64"] {
            let cache = tempfile::tempdir().unwrap();
            let name = "Google Chrome for Testing";
            let below = format!("chromium-1400/{folder}/{name}.app/Contents/MacOS/{name}");
            install(&cache.path().join(&below));
            assert_eq!(downloaded(cache.path()), Some(cache.path().join(&below)));
        }
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(program::below(folder.path(), &IN_APPLICATIONS), None);
        let program = folder.path().join("Google Chrome.app/Contents/MacOS/Google Chrome");
        install(&program);
        assert_eq!(program::below(folder.path(), &IN_APPLICATIONS), Some(program));
    }
}
