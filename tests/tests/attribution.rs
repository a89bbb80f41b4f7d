//! Who wrote what outlives the journal: folds keep it, and so do backups.

use std::net::SocketAddr;
use std::path::Path;

use codraft::storage::Storage;
use codraft_core::Attribution;
use codraft_tests::{Client, ServerProcess, free_port, patiently};

fn address() -> SocketAddr {
    ([127, 0, 0, 1], free_port()).into()
}

async fn codraft(arguments: &[&dyn AsRef<std::ffi::OsStr>]) {
    let mut command = ServerProcess::command();
    command.args(arguments.iter().map(|argument| argument.as_ref()));
    let output = patiently("codraft", command.output()).await.expect("the binary");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What the folded document says about its writers.
fn attribution(data: &Path, name: &str) -> Attribution {
    let Storage { store, .. } = Storage::open(data).expect("a data directory");
    let entry = store.find(name).expect("a readable store").expect("the document");
    let folded = store.load(entry.number).expect("a readable store").expect("a fold");
    Attribution::decode(&folded.attribution).expect("an attribution")
}

#[tokio::test]
async fn a_fold_and_a_backup_keep_who_wrote_what_and_when() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let (data, file, restored) =
        (folder.path().join("data"), folder.path().join("b.tar"), folder.path().join("restored"));
    for round in [0, 1] {
        let server = ServerProcess::start(address(), &data).await;
        for client in [1, 2] {
            let mut client = Client::connect(&server.url("notes"), round * 10 + client).await;
            client.append("some words. ");
            client.until_saved().await;
        }
        // The first round is folded from the journal that a killed server left.
        server.kill().await;
        codraft(&[&"compact", &"--data", &data]).await;
    }
    let folded = attribution(&data, "notes");
    for client in [1, 2, 11, 12] {
        assert!(folded.of(client, 11).is_some_and(|written| written.since > 1_700_000_000));
        assert!(folded.of(client, 12).is_none(), "nobody wrote that");
    }

    codraft(&[&"backup", &file, &"--data", &data]).await;
    codraft(&[&"restore", &file, &"--data", &restored]).await;
    assert_eq!(attribution(&restored, "notes"), folded);
}
