//! Every dialect, with everything that somebody can show; and what each kind of message is worth from whom.

use codraft::Mode;
use codraft_core::presence::{self, Entry};
use codraft_core::{ClientId, Reader, Replica, Splice, Writer, frame};
use codraft_tests::{Peer, Said};
use serde_json::json;

use super::Host;

/// How somebody fares who connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fares {
    Reads,
    Writes,
    Is(u16),
}

/// An update that writes a letter.
fn letter(client: u64) -> Vec<u8> {
    Replica::new(ClientId::from_random(client)).edit(&[Splice::new(0, 0, "x")])
}

/// Connects in y-sync's way and tries to write.
async fn y_sync(url: &str, client: u64) -> Fares {
    let mut peer = Peer::connect(url).await;
    peer.try_send(frame::step2(&[0, 0])).await;
    peer.try_send(frame::update(&letter(client))).await;
    peer.try_send(frame::saved(&[1])).await;
    peer.try_send(frame::step1(&[0])).await;
    peer.hear_until("the text", |said| match said {
        Said::Closed(code, _) => Some(Fares::Is(code)),
        Said::Step2(update) => {
            let mut replica = Replica::new(ClientId::from_random(9));
            replica.merge(&update).unwrap();
            let has = replica.clocks().get(client) > 0;
            Some(if has { Fares::Writes } else { Fares::Reads })
        }
        _ => None,
    })
    .await
}

/// Connects in Hocuspocus's way; what it may do is said in words there.
async fn hocuspocus(host: &Host, doc: &str, shown: &str) -> Fares {
    let mut peer = Peer::connect(&format!("ws://{}/hocuspocus", host.server.address())).await;
    peer.send(&Writer::new().var_string(doc).var_uint(2).var_uint(0).var_string(shown).finish())
        .await;
    loop {
        let frame = peer.hear_frame().await.expect("an answer");
        let mut reader = Reader::new(&frame);
        assert_eq!(reader.var_string().unwrap(), doc);
        if reader.var_uint().unwrap() != 2 {
            continue;
        }
        return match (reader.var_uint().unwrap(), reader.var_string().unwrap()) {
            (1, _) => Fares::Is(4401),
            (2, "readonly") => Fares::Reads,
            (2, "read-write") => Fares::Writes,
            other => panic!("{other:?}"),
        };
    }
}

#[tokio::test]
async fn every_dialect_lets_in_whom_it_should_as_what_they_are() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let (_, viewer) = host.link(&doc, &owner, "viewer").await;
    let (_, editor) = host.link(&doc, &owner, "editor").await;
    let (id, revoked) = host.link(&doc, &owner, "owner").await;
    super::expect(&host.links(&doc, &owner, "DELETE", &format!("/{id}"), "").await, 204);
    let (_, others) = host.begin().await;
    let token = |doc: &str, role: &str| json!({ "docs": [doc], "role": role, "user": "7" });
    let elsewhere = host.token(&token("elsewhere", "owner")).await;
    let viewer_token = host.token(&token(&doc, "viewer")).await;
    let editor_ticket = host.ticket(&doc, &editor, 3).await;
    for (n, (called, shown, fares)) in [
        ("nothing", "", Fares::Is(4401)),
        ("nonsense", "nonsense", Fares::Is(4401)),
        ("a viewer's link", &viewer, Fares::Reads),
        ("an editor's link", &editor, Fares::Writes),
        ("an owner's link", &owner, Fares::Writes),
        ("a revoked link", &revoked, Fares::Is(4401)),
        ("another document's link", &others, Fares::Is(4401)),
        ("a ticket", &editor_ticket, Fares::Writes),
        ("a viewer's token", &viewer_token, Fares::Reads),
        ("another document's token", &elsewhere, Fares::Is(4401)),
        ("the admin key", host.server.admin(), Fares::Writes),
    ]
    .into_iter()
    .enumerate()
    {
        let n = 100 + 10 * n as u64;
        assert_eq!(y_sync(&host.url(&doc, shown), n).await, fares, "y-websocket with {called}");
        let url = format!("ws://{}/d/{doc}/ws/{doc}?token={shown}", host.server.address());
        assert_eq!(y_sync(&url, n + 1).await, fares, "y-sweet with {called}");
        assert_eq!(hocuspocus(&host, &doc, shown).await, fares, "Hocuspocus with {called}");
    }
}

#[tokio::test]
async fn a_viewer_is_seen_and_heard_and_changes_nothing() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let (_, viewer) = host.link(&doc, &owner, "viewer").await;
    let mut ann = Peer::connect(&host.url(&doc, &owner)).await;
    let mut vic = Peer::connect(&host.url(&doc, &viewer)).await;
    let state = Some(r#"{"user":{"name":"Vic"}}"#.into());
    let presence = presence::encode(&[Entry { client: 8, clock: 1, state }]);
    for ask in [
        frame::step1(&[0]),
        frame::step2(&letter(8)),
        frame::update(&letter(8)),
        frame::awareness(&presence),
        vec![3],
        frame::saved(&[1]),
    ] {
        vic.send(&ask).await;
    }
    let seen = |said| match said {
        Said::Update(_) => panic!("a viewer has changed the document"),
        Said::Awareness(update) => String::from_utf8_lossy(&update).contains("Vic").then_some(()),
        _ => None,
    };
    ann.hear_until("the viewer", seen).await;
    let before = vic.settle().await;
    assert!(!before.iter().any(|said| matches!(said, Said::Saved(_))), "what was refused is saved");
    assert_eq!(Peer::fetch_text(host.url(&doc, &owner)).await.as_deref(), Ok(""));
}

#[tokio::test]
async fn where_there_are_tokens_only_a_token_begins_what_it_is_for_and_links_count_for_nothing() {
    let host = Host::start_as(Mode::Tokens).await;
    let editor = host.token(&json!({ "prefix": "team/", "role": "editor" })).await;
    let viewer = host.token(&json!({ "docs": ["team/a"], "role": "viewer" })).await;
    assert_eq!(y_sync(&host.url("team/a", &viewer), 1).await, Fares::Reads);
    assert_eq!(y_sync(&host.url("team/a", &editor), 2).await, Fares::Writes);
    assert_eq!(y_sync(&host.url("teams", &editor), 3).await, Fares::Is(4401));
    let link = format!("cl_{}", "A".repeat(24));
    assert_eq!(y_sync(&host.url("team/a", &link), 4).await, Fares::Is(4401));
}

#[tokio::test]
async fn an_address_that_goes_on_failing_waits_and_whoever_is_in_stays() {
    let limits = codraft::Limits { counts_loopback: true, ..codraft::Limits::default() };
    let config = codraft::ServeConfig { access: Mode::Links, limits, ..Default::default() };
    let server = codraft_tests::TestServer::start_with(config).await;
    let host = Host { api: codraft_tests::Api::of(server.address()), server };
    let (doc, owner) = host.begin().await;
    let mut ann = codraft_tests::Client::connect(&host.url(&doc, &owner), 1).await;
    let path = format!("/api/docs/{doc}");
    let mut statuses = Vec::new();
    while statuses.last() != Some(&429) && statuses.len() < 1_000 {
        statuses.push(host.api.as_who("nonsense", "GET", &path, "").await.status);
    }
    assert!((100..1_000).contains(&statuses.len()), "{}", statuses.len());
    let mut turned_away = Peer::connect(&host.url(&doc, "nonsense")).await;
    assert_eq!(turned_away.closed().await.0, 4529);
    ann.append("still here");
    ann.until_saved().await;
}
