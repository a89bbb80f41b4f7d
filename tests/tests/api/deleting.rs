//! A document that is deleted is gone, for those who are in it, for those who come back, and after a crash, until somebody
//! creates it again.

use std::ffi::OsStr;

use codraft_core::session::Network;
use codraft_tests::{Api, Client, Peer, ServerProcess, TestServer, files, free_port};

use super::{problem, with_ann};

#[tokio::test]
async fn everybody_leaves_a_deleted_document_and_nobody_comes_back_until_it_is_created_again() {
    let (mut server, api, mut ann) = with_ann("secret").await;
    let mut stock = Peer::connect(&server.url("doc")).await;
    assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
    assert_eq!(stock.closed().await, (4404, "the document was deleted".to_owned()));
    let refused = Network::Refused { code: 4404 };
    ann.until("the end", |session| session.status().network == refused).await;
    assert_eq!(ann.session.status().reason, "the document was deleted");
    for _ in 0..2 {
        let mut old_tab = Peer::connect(&server.url("doc")).await;
        assert_eq!(old_tab.closed().await.0, 4404);
        problem(&api.get("/doc", &[]).await, 404, "deleted");
        problem(&api.get("/doc/text", &[]).await, 404, "deleted");
        problem(&api.send("PUT", "/doc/text", &[], b"x").await, 404, "deleted");
        problem(&api.send("POST", "/doc/update", &[], &[0, 0]).await, 404, "deleted");
        problem(&api.send("DELETE", "/doc", &[], b"").await, 404, "deleted");
        assert_eq!(api.get("", &[]).await.body, r#"{"documents":[]}"#);
        server.restart().await;
    }
    let created = api.send("PUT", "/doc", &[], b"").await;
    assert_eq!(created.status, 201, "{created:?}");
    assert!(created.body.contains(r#""incarnation":3"#), "{created:?}");
    assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 200);
    assert_eq!(api.get("/doc/text", &[]).await.body, "");
    let mut bob = Client::connect(&server.url("doc"), 2).await;
    bob.append("anew");
    bob.until_saved().await;
    drop(bob);
    server.restart().await;
    assert_eq!(api.get("/doc/text", &[]).await.body, "anew");
}

#[tokio::test]
async fn a_deletion_that_was_answered_survives_kill_9_and_so_does_what_came_after_it() {
    let data = tempfile::tempdir().unwrap();
    let address = ([127, 0, 0, 1], free_port()).into();
    let api = Api::of(address);
    for round in 0..4 {
        let server = ServerProcess::start(address, data.path()).await;
        if round > 0 {
            problem(&api.get("/doc", &[]).await, 404, "deleted");
        }
        assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 201);
        server.kill().await;
        let server = ServerProcess::start(address, data.path()).await;
        assert_eq!(api.get("/doc/text", &[]).await.body, "", "round {round}");
        assert_eq!(api.send("PUT", "/doc/text", &[], b"words").await.status, 204);
        server.kill().await;
        let server = ServerProcess::start(address, data.path()).await;
        assert_eq!(api.get("/doc/text", &[]).await.body, "words", "round {round}");
        assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
        server.kill().await;
    }
}

#[tokio::test]
async fn what_the_journal_still_has_of_a_deleted_document_is_no_part_of_the_next() {
    let data = tempfile::tempdir().unwrap();
    let address = ([127, 0, 0, 1], free_port()).into();
    let api = Api::of(address);
    let server = ServerProcess::start(address, data.path()).await;
    // It does not hang up when it is told to: the document is not folded.
    let mut deaf = Peer::connect(&server.url("doc")).await;
    deaf.hear().await;
    assert_eq!(api.send("PUT", "/doc/text", &[], b"words").await.status, 201);
    assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
    assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 201);
    assert_eq!(api.send("PUT", "/doc/text?field=other", &[], b"anew").await.status, 204);
    server.kill().await;
    let server = ServerProcess::start(address, data.path()).await;
    assert_eq!(api.get("/doc/text", &[]).await.body, "");
    assert_eq!(api.get("/doc/text?field=other", &[]).await.body, "anew");
    server.kill().await;
}

pub(super) async fn succeed(arguments: &[&dyn AsRef<OsStr>]) {
    let mut command = ServerProcess::command();
    command.args(arguments.iter().map(|argument| argument.as_ref()));
    let output = command.output().await.expect("a command that ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn nothing_of_a_deleted_document_is_left_in_the_journal() {
    const SECRET: &str = "a word that is nowhere else";
    let data = tempfile::tempdir().unwrap();
    let address = ([127, 0, 0, 1], free_port()).into();
    let api = Api::of(address);
    let holds = || {
        let is_in =
            |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
        files(data.path()).values().any(|bytes| is_in(bytes))
    };
    let server = ServerProcess::start(address, data.path()).await;
    assert_eq!(api.send("PUT", "/doc/text", &[], SECRET.as_bytes()).await.status, 201);
    assert!(holds());
    assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
    assert!(server.terminate().await.success());
    succeed(&[&"compact", &"--data", &data.path()]).await;
    assert!(!holds());
}

#[tokio::test]
async fn a_backup_remembers_what_was_deleted_and_an_export_leaves_it_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let address = ([127, 0, 0, 1], free_port()).into();
    let api = Api::of(address);
    let server = ServerProcess::start(address, &path("data")).await;
    for (name, text) in [("/gone", "old words"), ("/kept", "words")] {
        let put = api.send("PUT", &format!("{name}/text"), &[], text.as_bytes()).await;
        assert_eq!(put.status, 201);
    }
    assert_eq!(api.send("DELETE", "/gone", &[], b"").await.status, 204);
    succeed(&[&"backup", &path("b.tar"), &"--data", &path("data")]).await;
    assert!(server.terminate().await.success());
    succeed(&[&"verify", &"--data", &path("data")]).await;
    succeed(&[&"export", &path("export"), &"--data", &path("data")]).await;
    let index = std::fs::read_to_string(path("export/documents.json")).unwrap();
    assert!(index.contains("kept") && !index.contains("gone"), "{index}");
    succeed(&[&"restore", &path("b.tar"), &"--data", &path("other")]).await;
    let server = ServerProcess::start(address, &path("other")).await;
    assert_eq!(api.get("/kept/text", &[]).await.body, "words");
    problem(&api.get("/gone", &[]).await, 404, "deleted");
    assert_eq!(Peer::connect(&server.url("gone")).await.closed().await.0, 4404);
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn what_is_only_asked_for_does_not_come_to_be() {
    let mut server = TestServer::start().await;
    let api = Api::of(server.address());
    for path in ["/doc", "/doc/text", "/doc/update", "/doc/events"] {
        problem(&api.get(path, &[]).await, 404, "PUT");
    }
    let json = [("content-type", "application/json"), ("if-match", "*")];
    problem(&api.send("PATCH", "/doc/text", &json, b"[]").await, 404, "PUT");
    problem(&api.send("DELETE", "/doc", &[], b"").await, 404, "PUT");
    problem(&api.send("POST", "/doc/update", &[], b"x").await, 400, "");
    problem(&api.send("PUT", "/doc/text", &[("if-match", "*")], b"x").await, 412, "");
    // Somebody who looks at an empty page has not made a document either.
    drop(Client::connect(&server.url("doc"), 1).await);
    server.restart().await;
    assert_eq!(api.get("", &[]).await.body, r#"{"documents":[]}"#);
}
