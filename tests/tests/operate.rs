//! The operator's commands, on real data directories and a running server.

use std::net::SocketAddr;
use std::path::Path;

use codraft_tests::{Client, ServerProcess, files, free_port, patiently};

fn address() -> SocketAddr {
    ([127, 0, 0, 1], free_port()).into()
}

/// Runs `codraft` with these arguments; returns whether it succeeded and what it said.
async fn codraft(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> (bool, String) {
    let mut command = ServerProcess::command();
    command.args(arguments.iter().map(|argument| argument.as_ref()));
    let output = patiently("codraft", command.output()).await.expect("the binary");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

async fn succeed(arguments: &[&dyn AsRef<std::ffi::OsStr>]) {
    let (succeeded, said) = codraft(arguments).await;
    assert!(succeeded, "{said}");
}

const TEXTS: [(&str, &str); 3] =
    [("notes", "first"), ("a%2Fb%20c", "second 🦦"), ("%E6%97%A5", "日本")];

/// A data directory with three documents, and the server that still runs on it.
async fn running(data: &Path) -> ServerProcess {
    let server = ServerProcess::start(address(), data).await;
    for (id, (name, text)) in TEXTS.iter().enumerate() {
        let mut client = Client::connect(&server.url(name), id as u64 + 1).await;
        client.append(text);
        client.until_saved().await;
    }
    server
}

async fn expect_texts(data: &Path) {
    let server = ServerProcess::start(address(), data).await;
    for (name, text) in TEXTS {
        let mut client = Client::connect(&server.url(name), 99).await;
        client.until_text(text).await;
    }
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn a_backup_of_a_running_server_restores_every_document() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file, restored) =
        (folder.path().join("data"), folder.path().join("b.tar"), folder.path().join("restored"));
    let server = running(&data).await;
    succeed(&[&"backup", &file, &"--data", &data]).await;
    let (succeeded, said) = codraft(&[&"backup", &file, &"--data", &data]).await;
    assert!(!succeeded && said.contains("--force"), "{said}");
    succeed(&[&"backup", &file, &"--data", &data, &"--force"]).await;
    assert!(server.terminate().await.success());
    succeed(&[&"restore", &file, &"--data", &restored]).await;
    expect_texts(&restored).await;
    succeed(&[&"verify", &"--data", &restored]).await;
}

#[tokio::test]
async fn restoring_over_documents_needs_force_and_keeps_them_aside() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("b.tar"));
    let server = running(&data).await;
    assert!(server.terminate().await.success());
    succeed(&[&"backup", &file, &"--data", &data]).await;
    let (succeeded, said) = codraft(&[&"restore", &file, &"--data", &data]).await;
    assert!(!succeeded && said.contains("--force"), "{said}");
    succeed(&[&"restore", &file, &"--data", &data, &"--force"]).await;
    expect_texts(&data).await;
    expect_texts(&folder.path().join("data.before-restore")).await;
}

#[tokio::test]
async fn a_damaged_backup_is_refused_before_anything_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("b.tar"));
    let server = running(&data).await;
    succeed(&[&"backup", &file, &"--data", &data]).await;
    assert!(server.terminate().await.success());
    let whole = std::fs::read(&file).unwrap();
    let restored = folder.path().join("restored");
    let name = whole.windows(4).position(|bytes| bytes == b"crc3").unwrap();
    let mut flipped = whole.clone();
    flipped[name + 10] ^= 1;
    for damaged in
        [flipped, whole[..whole.len() / 2].to_vec(), whole[..whole.len() - 2_048].to_vec()]
    {
        std::fs::write(&file, &damaged).unwrap();
        let (succeeded, said) = codraft(&[&"restore", &file, &"--data", &restored]).await;
        assert!(!succeeded && said.contains("not a whole Codraft backup"), "{said}");
        assert!(!restored.exists());
    }
}

#[tokio::test]
async fn an_export_is_text_for_people_and_can_be_merged_back() {
    let folder = tempfile::tempdir().unwrap();
    let (data, export, other) =
        (folder.path().join("data"), folder.path().join("export"), folder.path().join("other"));
    let server = running(&data).await;
    let (succeeded, said) = codraft(&[&"export", &export, &"--data", &data]).await;
    assert!(!succeeded && said.contains("in use by another server"), "{said}");
    assert!(server.terminate().await.success());
    succeed(&[&"export", &export, &"--data", &data]).await;
    let texts = std::fs::read_dir(&export).unwrap().map(|entry| entry.unwrap().path());
    let texts: Vec<String> = texts
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    assert!(
        TEXTS.iter().all(|(_, text)| texts.iter().any(|exported| exported == text)),
        "{texts:?}"
    );
    let server = ServerProcess::start(address(), &other).await;
    assert!(server.terminate().await.success());
    // What is journalled is kept where this is.
    std::fs::create_dir(other.join("journal/history")).unwrap();
    succeed(&[&"import", &export, &"--data", &other]).await;
    assert_eq!(dialects(&other, "notes"), [0], "it came over no connection");
    succeed(&[&"import", &export, &"--data", &other]).await;
    expect_texts(&other).await;
}

/// In which dialect the entries came with which a document of this name begins, as the bytes of the journal say.
fn dialects(data: &Path, name: &str) -> Vec<u8> {
    let (fixed, create) = (46, [1, 2]);
    let journal = files(&data.join("journal"));
    let frames = journal.values().flat_map(|bytes| bytes.windows(fixed + name.len()));
    let creates = frames.filter(|frame| frame[..2] == create && frame[fixed..] == *name.as_bytes());
    creates.map(|frame| frame[2]).collect()
}

#[tokio::test]
async fn compacting_keeps_every_document_and_verifying_reads_them_all() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    running(&data).await.kill().await;
    succeed(&[&"compact", &"--data", &data]).await;
    succeed(&[&"verify", &"--data", &data]).await;
    expect_texts(&data).await;
    let (succeeded, said) = codraft(&[&"verify", &"--data", &folder.path().join("nowhere")]).await;
    assert!(!succeeded && said.contains("nowhere"), "{said}");
}

#[tokio::test]
async fn a_damaged_directory_can_be_restored_over_and_no_earlier_one_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("b.tar"));
    let server = running(&data).await;
    succeed(&[&"backup", &file, &"--data", &data]).await;
    let (succeeded, said) = codraft(&[&"restore", &file, &"--data", &data, &"--force"]).await;
    assert!(!succeeded && said.contains("in use"), "{said}");
    assert!(server.terminate().await.success());
    std::fs::remove_dir_all(data.join("store")).unwrap();
    for _ in 0..2 {
        succeed(&[&"restore", &file, &"--data", &data, &"--force"]).await;
    }
    expect_texts(&data).await;
    assert!(!folder.path().join("data.before-restore/store").exists());
    expect_texts(&folder.path().join("data.before-restore-2")).await;
}

#[tokio::test]
async fn a_restore_that_was_cut_off_is_not_taken_for_an_empty_directory() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("b.tar"));
    let server = running(&data).await;
    succeed(&[&"backup", &file, &"--data", &data]).await;
    assert!(server.terminate().await.success());
    // As it is when the machine stops between the two moves.
    std::fs::rename(&data, folder.path().join("data.restoring")).unwrap();
    let (succeeded, said) =
        codraft(&[&"serve", &"--listen", &"127.0.0.1:0", &"--data", &data]).await;
    assert!(!succeeded && said.contains("codraft restore"), "{said}");
    succeed(&[&"restore", &file, &"--data", &data]).await;
    expect_texts(&data).await;
}

#[tokio::test]
async fn history_that_is_kept_is_kept_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut command = ServerProcess::command();
    command.env("CODRAFT_KEEP_HISTORY", "30");
    let server = ServerProcess::start_with(command, address(), &data).await;
    let mut client = Client::connect(&server.url("notes"), 1).await;
    client.append("first");
    client.until_saved().await;
    assert!(server.terminate().await.success());
    let history = || std::fs::read_dir(data.join("journal/history")).unwrap().count();
    running(&data).await.kill().await;
    // The restart without the flag has let go of the first run's segment before; that is its operator's choice.
    let before = history();
    succeed(&[&"compact", &"--data", &data]).await;
    assert!(history() > before, "compacting removed what it folded");
    let (succeeded, said) = codraft(&[&"verify", &"--data", &data]).await;
    assert!(succeeded && said.contains("entries of history are whole"), "{said}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("b.tar"));
    let server = running(&data).await;
    succeed(&[&"backup", &file, &"--data", &data]).await;
    assert!(server.terminate().await.success());
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}
