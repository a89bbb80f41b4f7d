//! Saved means on disk: whatever was acknowledged is there after the process was killed, and a server that cannot keep
//! that promise does not start.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Output;

use codraft_tests::{
    Client, Mischief, ServerProcess, TestServer, Typist, free_port, patiently, seeds,
};

/// Rounds of killing where `CODRAFT_ROUNDS` does not say otherwise; each is a start, some typing and a `kill -9`.
const ROUNDS: usize = 20;

fn address() -> SocketAddr {
    ([127, 0, 0, 1], free_port()).into()
}

fn rounds() -> usize {
    let rounds = std::env::var("CODRAFT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    rounds.unwrap_or(ROUNDS)
}

/// A server on this data with three people in it, once each of them sees every word that was acknowledged.
async fn started(
    address: SocketAddr,
    data: &Path,
    words: &[String],
    round: usize,
) -> (ServerProcess, Vec<Typist>) {
    let server = ServerProcess::start(address, data).await;
    let url = server.url("kill");
    let mut typists: Vec<Typist> =
        (0..3).map(|n| Typist::new(&url, (round * 3 + n + 1) as u64)).collect();
    for typist in &mut typists {
        typist.arrive().await;
        for word in words {
            assert!(
                typist.client.editor.contains(word.as_str()),
                "round {round}: {word} was saved and is gone"
            );
        }
    }
    (server, typists)
}

#[tokio::test]
async fn kill_9_while_people_type_loses_nothing_that_was_acknowledged() {
    for seed in seeds(1) {
        let mut mischief = Mischief::new(seed);
        let data = tempfile::tempdir().unwrap();
        let address = address();
        let mut words: Vec<String> = Vec::new();
        for round in 0..rounds() {
            let (server, mut typists) = started(address, data.path(), &words, round).await;
            for _ in 0..1 + mischief.below(60) {
                let typist = mischief.below(typists.len());
                typists[typist].type_one().await;
                if mischief.one_in(10) {
                    typists[typist].until_saved().await;
                }
            }
            server.kill().await;
            for typist in &mut typists {
                typist.note();
                words.extend(typist.saved());
            }
        }
        // What the last round acknowledged is looked for as well.
        let (server, _) = started(address, data.path(), &words, rounds()).await;
        server.kill().await;
        assert!(
            words.len() > rounds(),
            "too little was acknowledged for the test to mean anything: {}",
            words.len()
        );
        eprintln!("CODRAFT_SEED={seed}: {} acknowledged edits, none lost", words.len());
    }
}

#[tokio::test]
async fn clients_that_stay_open_lose_nothing_at_all_when_the_server_is_killed() {
    let data = tempfile::tempdir().unwrap();
    let address = address();
    let server = ServerProcess::start(address, data.path()).await;
    let url = server.url("doc");
    let mut ann = Client::connect(&url, 1).await;
    let mut bob = Client::connect(&url, 2).await;
    ann.append("ann ");
    ann.drive().await;
    bob.until_text("ann ").await;
    server.kill().await;
    // What Ann typed may not have reached the disk, but Bob has it too, and Ann goes on without a server.
    ann.append("offline ");
    ann.drive().await;
    let server = ServerProcess::start(address, data.path()).await;
    bob.until_saved().await;
    ann.until_saved().await;
    bob.until_text("ann offline ").await;
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn what_a_killed_server_left_in_the_journal_is_folded_by_the_next() {
    let data = tempfile::tempdir().unwrap();
    let address = address();
    let server = ServerProcess::start(address, data.path()).await;
    for (id, name) in [(1, "one"), (2, "two")] {
        let mut client = Client::connect(&server.url(name), id).await;
        client.append(name);
        client.until_saved().await;
    }
    server.kill().await;
    let mut server = ServerProcess::start(address, data.path()).await;
    server.says("documents of the last run were folded").await;
    server.kill().await;
    let server = ServerProcess::start(address, data.path()).await;
    for (id, name) in [(3, "one"), (4, "two")] {
        Client::connect(&server.url(name), id).await.until_text(name).await;
    }
}

#[tokio::test]
async fn sigterm_saves_everything_and_exits_with_0() {
    let data = tempfile::tempdir().unwrap();
    let address = address();
    let server = ServerProcess::start(address, data.path()).await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    for _ in 0..50 {
        ann.append("x");
    }
    ann.drive().await;
    ann.until_saved().await;
    assert!(server.terminate().await.success());
    let server = ServerProcess::start(address, data.path()).await;
    let mut fresh = Client::connect(&server.url("doc"), 2).await;
    fresh.until_text(&"x".repeat(50)).await;
    assert!(server.terminate().await.success());
}

/// Runs `codraft serve` where it must refuse; returns what it says.
async fn refusal(address: &str, data: &Path, more: &[&str]) -> String {
    let mut command = ServerProcess::command();
    command.args(["serve", "--listen", address, "--data"]).arg(data).args(more);
    let Output { status, stderr, .. } =
        patiently("the server to refuse", command.output()).await.expect("the binary");
    assert!(!status.success(), "it started");
    String::from_utf8(stderr).expect("a log in UTF-8")
}

#[tokio::test]
async fn a_port_in_use_is_said_and_the_data_is_not_touched() {
    let server = TestServer::start().await;
    let data = tempfile::tempdir().unwrap();
    let said = refusal(&server.address().to_string(), data.path(), &[]).await;
    assert!(said.contains("in use") && said.contains("--listen"), "{said}");
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn data_that_another_server_uses_is_refused() {
    let server = TestServer::start().await;
    let said = refusal(&address().to_string(), server.data(), &[]).await;
    assert!(said.contains("in use by another server"), "{said}");
}

#[tokio::test]
async fn data_of_a_newer_release_or_of_somebody_else_is_refused_and_not_touched() {
    let mut server = TestServer::start().await;
    server.stop().await;
    let format = server.data().join("FORMAT");
    let written = std::fs::read_to_string(&format).unwrap();
    let newer = written.replace('2', "999");
    assert_ne!(written, newer);
    std::fs::write(&format, &newer).unwrap();
    let said = refusal(&address().to_string(), server.data(), &[]).await;
    assert!(said.contains("newer"), "{said}");
    assert_eq!(std::fs::read_to_string(&format).unwrap(), newer);

    let foreign = tempfile::tempdir().unwrap();
    std::fs::write(foreign.path().join("thesis.txt"), "mine").unwrap();
    let said = refusal(&address().to_string(), foreign.path(), &[]).await;
    assert!(said.contains("not a Codraft data directory"), "{said}");
    assert_eq!(std::fs::read_dir(foreign.path()).unwrap().count(), 1);
    let said = refusal(&address().to_string(), &foreign.path().join("thesis.txt"), &[]).await;
    assert!(said.contains("not a directory"), "{said}");
}

#[tokio::test]
async fn being_open_to_everyone_has_to_be_said() {
    let data = tempfile::tempdir().unwrap();
    let said = refusal("0.0.0.0:0", data.path(), &[]).await;
    assert!(said.contains("--access open"), "{said}");
}

#[tokio::test]
async fn a_server_that_says_it_is_ready_can_be_told_to_stop() {
    let data = tempfile::tempdir().unwrap();
    let address = address();
    for _ in 0..10 {
        assert!(ServerProcess::start(address, data.path()).await.terminate().await.success());
    }
}
