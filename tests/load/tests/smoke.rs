//! Every scenario, in a size that takes seconds: so that none of them rots between two measurements. What it measures says
//! nothing and is thrown away.

use std::path::PathBuf;
use std::process::Command;

use codraft_tests::ServerProcess;
use tempfile::TempDir;

#[test]
fn every_scenario_verifies_itself_in_a_small_size() {
    let work = TempDir::new().expect("a folder for the servers' data");
    let codraft = PathBuf::from(ServerProcess::command().as_std().get_program());
    let measured = Command::new(env!("CARGO_BIN_EXE_codraft-load"))
        .arg("--codraft")
        .arg(codraft)
        .arg("--work")
        .arg(work.path())
        // What takes a recorded session is skipped: replaying one takes a minute.
        .arg("--traces")
        .arg(work.path())
        .arg("--smoke")
        .output()
        .expect("the load generator");
    let (said, complained) =
        (String::from_utf8_lossy(&measured.stdout), String::from_utf8_lossy(&measured.stderr));
    assert!(measured.status.success(), "{said}\n{complained}");
    for scenario in ["fan200", "many500", "idle5000", "reconnect1000", "saved", "viewers"] {
        assert!(said.contains(&format!("| {scenario} ")), "{scenario} was not measured:\n{said}");
    }
}
