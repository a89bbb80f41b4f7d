//! `/metrics` says what happened, in a form that Prometheus reads, to those who may know.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use codraft::{Limits, MetricsAccess, ServeConfig};
use codraft_core::frame;
use codraft_tests::{
    Answer, Asking, Client, Peer, ServerProcess, SmallDisk, TestServer, free_port, patiently,
};

async fn ask(to: SocketAddr, headers: &[(&str, &str)]) -> Answer {
    let host = [("host", "localhost")];
    Asking::get(to, "/metrics", &[&host[..], headers].concat()).await
}

/// Reads OpenMetrics; each sample has to follow its help and stand there once. Returns every sample by its name and labels.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let mut samples = BTreeMap::new();
    let mut known = Vec::new();
    let body = text.strip_suffix("# EOF\n").expect("an end mark");
    for line in body.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let (kind, rest) = comment.split_once(' ').expect("a kind of comment");
            let (name, rest) = rest.split_once(' ').expect("a name");
            assert!(["HELP", "TYPE", "UNIT"].contains(&kind) && !rest.is_empty(), "{line}");
            if kind == "HELP" {
                assert!(!known.contains(&name.to_owned()), "{name} is there twice");
                known.push(name.to_owned());
            }
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').expect("a value");
        let name = sample.split_once('{').map_or(sample, |(name, _)| name);
        assert!(
            known.last().is_some_and(|known| name.starts_with(known.as_str())),
            "{line} has no help"
        );
        let value = value.parse().unwrap_or_else(|_| panic!("{line} has no number"));
        assert!(samples.insert(sample.to_owned(), value).is_none(), "{line} is there twice");
    }
    samples
}

async fn read(to: SocketAddr) -> BTreeMap<String, f64> {
    let answer = ask(to, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let kind = answer.header("content-type").expect("a type");
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
    samples(&answer.body)
}

/// Waits until a number is this one: what ends is counted a moment after the other side knows.
async fn expect(to: SocketAddr, name: &str, value: f64) {
    let mut said = None;
    let seen = async {
        while said != Some(value) {
            said = read(to).await.get(name).copied();
        }
    };
    patiently(&format!("{name} to be {value}"), seen).await;
}

#[tokio::test]
async fn nothing_is_left_of_who_came_and_went() {
    let limits = Limits { linger: Duration::ZERO, ..Limits::default() };
    let server = TestServer::start_with(ServeConfig { limits, ..ServeConfig::default() }).await;
    let to = server.address();
    let tasks = read(to).await["codraft_tasks_alive"];
    for round in 0..2 {
        let mut people = Vec::new();
        for number in 0..10 {
            let mut ann = Client::connect(&server.url(&format!("note-{number}")), 1).await;
            ann.append("word ");
            ann.until_saved().await;
            people.push(ann);
        }
        // Each has a connection and a document, and each of those a task at least.
        assert!(read(to).await["codraft_tasks_alive"] >= tasks + 20.0, "round {round}");
        drop(people);
        expect(to, "codraft_documents_open", 0.0).await;
        expect(to, "codraft_tasks_alive", tasks).await;
    }
}

#[tokio::test]
async fn a_conversation_is_counted() {
    let server = TestServer::start().await;
    let to = server.address();
    let before = read(to).await;
    assert_eq!(before["codraft_peers_total"], 0.0);
    assert_eq!(before["codraft_storage_accepting"], 1.0);
    assert!(before.keys().any(|name| name.starts_with("codraft_build_info{version=\"")));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let age = now.as_secs_f64() - before["process_start_time_seconds"];
    assert!((0.0..60.0).contains(&age), "{age}");

    let mut ann = Client::connect(&server.url("one"), 1).await;
    let _bob = Client::connect(&server.url("two"), 2).await;
    for _ in 0..5 {
        ann.append("word ");
        ann.until_saved().await;
    }
    let during = read(to).await;
    assert_eq!(during["codraft_peers_open"], 2.0);
    assert_eq!(during["codraft_documents_open"], 2.0);
    assert!(during["codraft_updates_merged_total"] >= 5.0);
    // One more for the document's name.
    assert!(during["codraft_journal_records_total"] >= 6.0);
    assert!(during["codraft_journal_commits_total"] >= 5.0);
    assert_eq!(
        during["codraft_journal_sync_seconds_count"],
        during["codraft_journal_commits_total"]
    );
    for traffic in [
        "messages_received_total",
        "received_bytes_total",
        "messages_sent_total",
        "sent_bytes_total",
    ] {
        assert!(during[&format!("codraft_{traffic}")] >= 10.0, "{traffic}: {during:?}");
    }

    let mut hostile = Peer::connect(&server.url("one")).await;
    hostile.send(&frame::update(&[1, 1, 1, 0, 99, 99])).await;
    assert_eq!(hostile.closed().await.0, 4400);
    let mut behind = Peer::connect(&server.url("one")).await;
    // A character at clock 7 of a client nobody has heard of.
    behind.send(&frame::update(&[1, 1, 5, 7, 0x04, 1, 1, b'x', 1, b'y', 0])).await;
    behind.settle().await;
    drop(ann);
    expect(to, "codraft_peers_closed_total{code=\"4400\"}", 1.0).await;
    expect(to, "codraft_peers_closed_total{code=\"peer\"}", 1.0).await;
    expect(to, "codraft_peers_open", 2.0).await;
    expect(to, "codraft_peers_total", 4.0).await;
    expect(to, "codraft_gaps_total", 1.0).await;
    expect(to, "codraft_updates_refused_total", 1.0).await;
    let text = ask(to, &[]).await.body;
    assert!(!text.contains("one") && !text.contains("word"), "a name or a word is in it: {text}");
}

#[tokio::test]
async fn refusals_are_counted_by_their_reason() {
    let server = TestServer::start().await;
    let to = server.address();
    for _ in 0..2 {
        Asking::get(to, "/", &[("host", "evil.example")]).await;
    }
    let page = [("host", "localhost"), ("origin", "https://evil.example")];
    assert_eq!(Asking::upgrade(to, "/ws/doc", &page).await.status, 403);
    let metrics = read(to).await;
    assert_eq!(metrics["codraft_refused_total{reason=\"host\"}"], 2.0);
    assert_eq!(metrics["codraft_refused_total{reason=\"origin\"}"], 1.0);
}

#[tokio::test]
async fn only_programs_on_this_machine_may_read_it_unless_it_was_said_otherwise() {
    let server = TestServer::start().await;
    let to = server.address();
    assert_eq!(ask(to, &[]).await.status, 200);
    for proxy in ["forwarded", "x-forwarded-for", "x-forwarded-proto", "via", "x-real-ip"] {
        let answer = ask(to, &[(proxy, "192.0.2.1")]).await;
        assert_eq!(answer.status, 404, "{proxy}");
        let nowhere = Asking::get(to, "/nowhere", &[("host", "localhost")]).await;
        assert_eq!(answer.body, nowhere.body, "it is not said that there is something");
    }
    let open = ServeConfig { metrics: MetricsAccess::Open, ..ServeConfig::default() };
    let open = TestServer::start_with(open).await;
    assert_eq!(ask(open.address(), &[("x-forwarded-for", "192.0.2.1")]).await.status, 200);
    let off = ServeConfig { metrics: MetricsAccess::Off, ..ServeConfig::default() };
    assert_eq!(ask(TestServer::start_with(off).await.address(), &[]).await.status, 404);
}

#[tokio::test]
async fn a_disk_that_takes_nothing_is_seen_and_so_is_that_it_takes_writes_again() {
    let Some(disk) = SmallDisk::mount(8 << 20).await else {
        return eprintln!("not tested: this machine lets nobody but root make name spaces");
    };
    let to = ([127, 0, 0, 1], free_port()).into();
    let server = ServerProcess::start_with(disk.server(), to, &disk.folder()).await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    expect(to, "codraft_storage_accepting", 1.0).await;
    disk.fill(0).expect("a full disk");
    ann.append(&"words ".repeat(10_000));
    ann.drive().await;
    expect(to, "codraft_storage_accepting", 0.0).await;
    disk.free().expect("space");
    expect(to, "codraft_storage_accepting", 1.0).await;
    ann.until_saved().await;
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn a_document_that_everyone_has_left_leaves_memory_and_is_there_again_when_somebody_comes() {
    let limits = Limits { linger: Duration::from_secs(2), ..Limits::default() };
    let server = TestServer::start_with(ServeConfig { limits, ..ServeConfig::default() }).await;
    let to = server.address();
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("words");
    ann.until_saved().await;
    ann.unplug();
    expect(to, "codraft_peers_open", 0.0).await;
    assert_eq!(read(to).await["codraft_documents_open"], 1.0, "a reload would be a cold load");
    expect(to, "codraft_documents_open", 0.0).await;
    assert_eq!(read(to).await["codraft_folds_total"], 1.0, "it was not folded");
    let mut ben = Client::connect(&server.url("doc"), 2).await;
    ben.until_text("words").await;
    assert_eq!(read(to).await["codraft_documents_open"], 1.0);
}

#[tokio::test]
async fn memory_that_a_document_takes_is_in_use_and_comes_from_the_system() {
    const TEXT_BYTES: usize = 6 << 20;
    let data = tempfile::tempdir().unwrap();
    let to = ([127, 0, 0, 1], free_port()).into();
    let server = ServerProcess::start(to, data.path()).await;
    let before = read(to).await["codraft_heap_live_bytes"];
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append(&"words ".repeat(TEXT_BYTES / 6));
    ann.until_saved().await;
    let after = read(to).await;
    let (live, resident) = (after["codraft_heap_live_bytes"], after["codraft_heap_resident_bytes"]);
    assert!(live - before > TEXT_BYTES as f64, "{before} → {live}");
    assert!(resident > live, "{live} of {resident}");
    server.kill().await;
}
