//! Finds or installs the driver of GTK's WebKit, and the screen that its window is put on.
//! Does not know how the tests drive it.

use std::path::PathBuf;

use crate::process::say;
use crate::trouble::Trouble;
use crate::{apt, program};

/// The variable that names another driver.
pub(crate) const CHOSEN: &str = "CODRAFT_WEBKIT";

/// Finds a driver, installing one if need be. Not every system has one to install.
pub(crate) fn find() -> Result<Option<PathBuf>, Trouble> {
    if let Some(found) = program::chosen(CHOSEN)?.or_else(already_there) {
        return Ok(Some(found));
    }
    let installed = apt::install(&["webkit2gtk-driver", "xvfb"]).then(already_there).flatten();
    if installed.is_none() {
        say(
            "webkit",
            "not tested: WebKitWebDriver and Xvfb are not there, and cannot be installed here",
        );
    }
    Ok(installed)
}

fn already_there() -> Option<PathBuf> {
    program::on_path(&["Xvfb"]).and_then(|_| program::on_path(&["WebKitWebDriver"]))
}
