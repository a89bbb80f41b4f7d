//! A document that has killed two servers is kept and not opened; everything else goes on.

use codraft_tests::{Client, Peer, ServerProcess, free_port};

#[tokio::test]
async fn a_document_that_has_killed_two_servers_is_not_opened_and_the_others_are() {
    let data = tempfile::tempdir().expect("a temporary directory");
    let address = ([127, 0, 0, 1], free_port()).into();
    let server = ServerProcess::start(address, data.path()).await;
    for (id, name) in [(1, "deadly"), (2, "harmless")] {
        let mut client = Client::connect(&server.url(name), id).await;
        client.append("some words");
        client.until_saved().await;
    }
    server.kill().await;
    // What two servers leave that die while they open the document with the number 1.
    let crumb = data.path().join("opening/1");
    std::fs::create_dir_all(data.path().join("opening")).expect("a folder of crumbs");
    std::fs::write(&crumb, "..").expect("a crumb");

    let mut server = ServerProcess::start(address, data.path()).await;
    let mut peer = Peer::connect(&server.url("deadly")).await;
    assert_eq!(peer.closed().await.0, 1011);
    server.says(&crumb.display().to_string()).await;
    Client::connect(&server.url("harmless"), 3).await.until_text("some words").await;
    assert!(server.terminate().await.success());

    // Whoever has found the reason takes the crumb away.
    std::fs::remove_file(&crumb).expect("a crumb");
    let server = ServerProcess::start(address, data.path()).await;
    Client::connect(&server.url("deadly"), 4).await.until_text("some words").await;
    assert!(server.terminate().await.success());
}
