//! Files that are kept through what becomes of servers and documents, and not a moment longer.

use std::net::SocketAddr;
use std::path::Path;

use codraft_tests::{Api, ServerProcess, SmallDisk, files, free_port, patiently};

use super::{give, png, problem};

fn address() -> SocketAddr {
    ([127, 0, 0, 1], free_port()).into()
}

async fn serve(data: &Path) -> (ServerProcess, Api) {
    let address = address();
    (ServerProcess::start(address, data).await, Api::of(address))
}

/// Runs `codraft` with these arguments; returns whether it succeeded and what it said.
async fn codraft(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> (bool, String) {
    let mut command = ServerProcess::command();
    command.args(arguments.iter().map(|argument| argument.as_ref()));
    let output = patiently("codraft", command.output()).await.expect("the binary");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

async fn succeed(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> String {
    let (succeeded, said) = codraft(arguments).await;
    assert!(succeeded, "{said}");
    said
}

fn kept(data: &Path) -> usize {
    files(&data.join("files")).len()
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_kill_and_what_was_coming_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut given: Vec<(String, Vec<u8>)> = Vec::new();
    for round in 0..4 {
        let (server, api) = serve(&data).await;
        for (path, picture) in &given {
            assert_eq!(&api.get(path, &[]).await.bytes, picture, "round {round}");
        }
        let picture = png(&format!("{round} {}", "x".repeat(300_000)));
        // To a document that is there by then, and to one that begins with it.
        given.push((give(&api, "doc", &picture).await, picture.clone()));
        given.push((give(&api, &format!("doc{round}"), &picture).await, picture));
        server.kill().await;
        std::fs::create_dir_all(data.join("files/incoming")).unwrap();
        std::fs::write(data.join("files/incoming/half"), "of a picture").unwrap();
    }
    let (server, api) = serve(&data).await;
    for (path, picture) in &given {
        assert_eq!(&api.get(path, &[]).await.bytes, picture);
    }
    assert_eq!(kept(&data), given.len());
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn a_deleted_document_has_no_files_and_neither_has_the_next_of_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (server, api) = serve(&data).await;
    let path = give(&api, "doc", &png("")).await;
    give(&api, "other", &png("")).await;
    assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
    assert_eq!(kept(&data), 1, "they are gone when that is answered");
    problem(&api.get(&path, &[]).await, 404, "deleted");
    problem(&api.send("POST", "/doc/files", &[], &png("")).await, 404, "deleted");
    assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 201);
    problem(&api.get(&path, &[]).await, 404, "no such file");
    give(&api, "doc", &png("")).await;
    server.kill().await;
    // As if the server had ended between the two.
    std::fs::create_dir(data.join("files/1-0")).unwrap();
    std::fs::create_dir(data.join("files/77-1")).unwrap();
    std::fs::write(data.join("files/77-1/left"), "over").unwrap();
    let (mut server, api) = serve(&data).await;
    server.says("files of deleted documents were removed").await;
    assert_eq!(kept(&data), 2);
    assert_eq!(api.get(&path, &[]).await.status, 200);
    server.kill().await;
}

#[tokio::test]
async fn a_backup_and_an_export_have_every_file_of_every_document() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("b.tar"));
    let (server, api) = serve(&data).await;
    let mut given = Vec::new();
    for (doc, more) in [("a%2Fb", "one"), ("a%2Fb", "two"), ("c", "two"), ("gone", "three")] {
        let picture = png(more);
        given.push((give(&api, doc, &picture).await, picture));
    }
    assert_eq!(api.send("DELETE", "/gone", &[], b"").await.status, 204);
    given.pop();
    succeed(&[&"backup", &backup, &"--data", &data]).await;
    assert!(server.terminate().await.success());
    let export = folder.path().join("export");
    succeed(&[&"export", &export, &"--data", &data]).await;
    let (restored, imported) = (folder.path().join("restored"), folder.path().join("imported"));
    succeed(&[&"restore", &backup, &"--data", &restored]).await;
    succeed(&[&"import", &export, &"--data", &imported]).await;
    succeed(&[&"import", &export, &"--data", &imported]).await;
    for data in [&restored, &imported] {
        assert_eq!(kept(data), given.len());
        let said = succeed(&[&"verify", &"--data", data]).await;
        assert!(said.contains("and 3 files"), "{said}");
        let (server, api) = serve(data).await;
        for (path, picture) in &given {
            assert_eq!(&api.get(path, &[]).await.bytes, picture);
        }
        assert!(server.terminate().await.success());
    }
}

#[tokio::test]
async fn a_damaged_file_is_named_and_spoils_no_backup_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("b.tar"));
    let (server, api) = serve(&data).await;
    give(&api, "doc", &png("whole")).await;
    let path = give(&api, "doc", &png("damaged")).await;
    assert!(server.terminate().await.success());
    let name = path.rsplit('/').next().unwrap().to_owned();
    let of = |(path, _): &(std::path::PathBuf, Vec<u8>)| path.ends_with(&name);
    let (path, mut bytes) = files(&data.join("files")).into_iter().find(of).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let (succeeded, said) = codraft(&[&"verify", &"--data", &data]).await;
    assert!(!succeeded && said.contains(&name) && said.contains("1 of 2 files"), "{said}");
    let (succeeded, said) = codraft(&[&"backup", &backup, &"--data", &data]).await;
    assert!(!succeeded && said.contains(&name) && !backup.exists(), "{said}");
    let said = succeed(&[&"backup", &backup, &"--partial", &"--data", &data]).await;
    assert!(said.contains(&name), "{said}");
    let restored = folder.path().join("restored");
    succeed(&[&"restore", &backup, &"--data", &restored]).await;
    assert_eq!(kept(&restored), 1);
}

#[tokio::test]
async fn a_disk_without_space_takes_no_file_and_texts_go_on() {
    let Some(disk) = SmallDisk::mount(96 << 20).await else {
        return eprintln!("not tested: this machine lets nobody but root make name spaces");
    };
    let address = address();
    let api = Api::of(address);
    let server = ServerProcess::start_with(disk.server(), address, &disk.folder()).await;
    let picture = png(&"x".repeat(1 << 20));
    let path = give(&api, "doc", &picture).await;
    disk.fill(40 << 20).expect("a disk that is nearly full");
    let refused = api.send("POST", "/doc/files", &[], &png(&"y".repeat(1 << 20))).await;
    problem(&refused, 503, "takes no files");
    assert_eq!(api.send("PUT", "/doc/text", &[], b"words").await.status, 204);
    disk.free().expect("space");
    give(&api, "doc", &png(&"y".repeat(1 << 20))).await;
    assert_eq!(api.get(&path, &[]).await.bytes, picture);
    server.kill().await;
}
