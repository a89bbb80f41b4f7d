//! `make`, with which the server's memory allocator is built: not everybody who has a C compiler has it.
//! Does not build anything.

use std::process::Command;

use crate::apt;
use crate::process::capture;
use crate::trouble::Trouble;

/// Sees to it that there is a `make`, installing one if need be.
pub(crate) fn ensure() -> Result<(), Trouble> {
    // The allocator is not used there.
    if cfg!(target_env = "msvc") || is_there() || (apt::install(&["make"]) && is_there()) {
        return Ok(());
    }
    Err(Trouble::advice("`make` is missing: install it (on Debian `apt-get install make`)"))
}

fn is_there() -> bool {
    ["make", "gmake"].iter().any(|name| capture(Command::new(name).arg("--version")).is_ok())
}
