//! Finds or installs a Firefox for the browser tests.
//! Does not know how the tests drive it.

use std::path::{Path, PathBuf};

use crate::trouble::Trouble;
use crate::{apt, program};

/// The variable that names another one.
pub(crate) const CHOSEN: &str = "CODRAFT_FIREFOX";

const NAMES: [&str; 2] = ["firefox", "firefox-esr"];

/// Where macOS keeps it, which is not on the path.
const IN_APPLICATIONS: [&str; 1] = ["Firefox.app/Contents/MacOS/firefox"];

/// Finds a Firefox, installing one if need be.
pub(crate) fn find() -> Result<PathBuf, Trouble> {
    if let Some(found) = program::chosen(CHOSEN)?.or_else(already_there) {
        return Ok(found);
    }
    apt::install(&["firefox-esr"]).then(already_there).flatten().ok_or_else(|| {
        Trouble::advice(
            "no Firefox for the browser tests: install one (on Debian `apt-get install firefox-esr`) \
             or set CODRAFT_FIREFOX to its path",
        )
    })
}

fn already_there() -> Option<PathBuf> {
    program::on_path(&NAMES)
        .or_else(|| program::below(Path::new("/Applications"), &IN_APPLICATIONS))
}
