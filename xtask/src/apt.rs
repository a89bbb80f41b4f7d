//! Installing a Debian package where that can be done without asking anybody.
//! Does not know what for.

use std::process::Command;

use crate::process::{capture, run, say};

/// Installs a package if this is Debian and we are root; whether it did.
pub(crate) fn install(package: &str) -> bool {
    let root = capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root || capture(Command::new("apt-get").arg("--version")).is_err() {
        return false;
    }
    say(package, &format!("installing Debian's {package} with apt-get"));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        run(command.args(["-qq", "-y"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update"]).is_ok() && apt(&["install", "--no-install-recommends", package]).is_ok()
}
