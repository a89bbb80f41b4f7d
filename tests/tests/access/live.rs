//! What becomes of those who are connected when their rights change: at once, without connecting again.

use std::time::{Duration, Instant};

use codraft_core::session::Network;
use codraft_core::{ClientId, Reader, Replica, Splice, frame};
use codraft_tests::{Client, Peer, Said, patiently};
use serde_json::{Value, json};

use super::{Host, expect};

/// How long a changed right may take to reach an open connection.
const AT_ONCE: Duration = Duration::from_secs(1);

/// What our own client is told of itself, next.
async fn you(peer: &mut Peer) -> Value {
    peer.hear_until("who it is", |said| match said {
        Said::Control(payload) => {
            let mut reader = Reader::new(&payload);
            let is_you = reader.var_uint().unwrap() == 5;
            is_you.then(|| serde_json::from_str(reader.var_string().unwrap()).unwrap())
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn whoever_loses_a_right_or_gains_one_can_tell_at_once_and_stays() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let (id, secret) = host.link(&doc, &owner, "editor").await;
    let mut ann = Client::connect(&host.url(&doc, &secret), 1).await;
    ann.append("may");
    ann.until_saved().await;
    let mut ours = Peer::connect(&host.url(&doc, &secret)).await;
    ours.send(&codraft_core::control::Control::Hello { version: 1 }.frame()).await;
    assert_eq!(you(&mut ours).await["role"], "editor");
    let role = |role: &str| json!({ "role": role }).to_string();
    let changed = Instant::now();
    expect(&host.links(&doc, &owner, "PATCH", &format!("/{id}"), &role("viewer")).await, 200);
    assert_eq!(
        you(&mut ours).await,
        json!({
            "access": "links", "role": "viewer", "named": false,
            "id": you_id(&mut ours, &doc, &host, &secret).await,
        })
    );
    assert!(changed.elapsed() < AT_ONCE);
    // What is typed then is not saved, and is taken once it may be.
    ann.append(" not");
    ann.until("the refusal", |session| !session.status().saved).await;
    let mut stock = Peer::connect(&host.url(&doc, &owner)).await;
    stock.settle().await;
    assert_eq!(Peer::fetch_text(host.url(&doc, &owner)).await.as_deref(), Ok("may"));
    expect(&host.links(&doc, &owner, "PATCH", &format!("/{id}"), &role("editor")).await, 200);
    ann.until_saved().await;
    assert_eq!(Peer::fetch_text(host.url(&doc, &owner)).await.as_deref(), Ok("may not"));
    assert_eq!(ann.connections, 1);
}

/// The id under which whoever shows a link itself is known.
async fn you_id(_: &mut Peer, doc: &str, host: &Host, secret: &str) -> String {
    let mut peer = Peer::connect(&host.url(doc, secret)).await;
    peer.send(&codraft_core::control::Control::Hello { version: 1 }.frame()).await;
    super::text(&you(&mut peer).await["id"])
}

#[tokio::test]
async fn a_revoked_link_ends_every_connection_by_it_within_a_second_and_no_other() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let (id, secret) = host.link(&doc, &owner, "editor").await;
    let ticket = host.ticket(&doc, &secret, 1).await;
    let mut by_secret = Client::connect(&host.url(&doc, &secret), 1).await;
    let mut by_ticket = Peer::connect(&host.url(&doc, &ticket)).await;
    let sweet = format!("ws://{}/d/{doc}/ws/{doc}?token={secret}", host.server.address());
    let mut sweet = Peer::connect(&sweet).await;
    let mut ann = Client::connect(&host.url(&doc, &owner), 2).await;
    let revoked = Instant::now();
    expect(&host.links(&doc, &owner, "DELETE", &format!("/{id}"), "").await, 204);
    for peer in [&mut by_ticket, &mut sweet] {
        let (code, reason) = peer.closed().await;
        assert_eq!((code, reason.contains("link") || reason.contains("removed")), (4401, true));
    }
    let refused = Network::Refused { code: 4401 };
    by_secret.until("the end", |session| session.status().network == refused).await;
    assert!(revoked.elapsed() < AT_ONCE, "{:?}", revoked.elapsed());
    ann.append("still here");
    ann.until_saved().await;
    // A ticket from before is worth nothing either.
    assert_eq!(Peer::connect(&host.url(&doc, &ticket)).await.closed().await.0, 4401);
}

#[tokio::test]
async fn whoever_listens_hears_no_more_once_their_link_is_revoked() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let (id, secret) = host.link(&doc, &owner, "viewer").await;
    let ticket = host.ticket(&doc, &secret, 1).await;
    let mut events = host.api.events_at(&format!("/{doc}/events?token={ticket}"), "").await;
    events.until("saved", |_| true).await;
    expect(&host.links(&doc, &owner, "DELETE", &format!("/{id}"), "").await, 204);
    patiently("the end of the events", async { while events.next().await.is_some() {} }).await;
}

#[tokio::test]
async fn a_link_or_token_that_ends_ends_what_it_opened_with_a_code_to_come_back_with_another() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let wanted = json!({ "role": "editor", "validForSeconds": 2 }).to_string();
    let link = expect(&host.links(&doc, &owner, "POST", "", &wanted).await, 201);
    let mut by_link = Peer::connect(&host.url(&doc, &super::text(&link["secret"]))).await;
    let token = json!({ "docs": [doc], "role": "editor", "validForSeconds": 2 });
    let token = host.token(&token).await;
    let mut by_token = Peer::connect(&host.url(&doc, &token)).await;
    // Who has a link has nothing newer to bring.
    for (peer, code) in [(&mut by_link, 4401), (&mut by_token, 4501)] {
        assert_eq!(peer.closed().await.0, code);
    }
}

#[tokio::test]
async fn somebody_who_is_sent_away_stays_away_under_whatever_link() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let (_, secret) = host.link(&doc, &owner, "editor").await;
    let mut bob = Peer::connect(&host.url(&doc, &host.ticket(&doc, &secret, 1).await)).await;
    let mut cid = Peer::connect(&host.url(&doc, &host.ticket(&doc, &secret, 2).await)).await;
    bob.settle().await;
    cid.settle().await;
    bob.send(&codraft_core::control::Control::Hello { version: 1 }.frame()).await;
    let id = super::text(&you(&mut bob).await["id"]);
    let kick = json!({ "user": id }).to_string();
    let path = format!("/api/docs/{doc}/kick");
    expect(&host.api.as_who(&owner, "POST", &path, &kick).await, 204);
    assert_eq!(bob.closed().await.0, 4403);
    let path = format!("/api/docs/{doc}/ticket");
    let guest = json!({ "guest": "01".repeat(16) }).to_string();
    expect(&host.api.as_who(&secret, "POST", &path, &guest).await, 403);
    cid.send(&frame::update(
        &Replica::new(ClientId::from_random(5)).edit(&[Splice::new(0, 0, "x")]),
    ))
    .await;
    cid.settle().await;
    assert_eq!(Peer::fetch_text(host.url(&doc, &owner)).await.as_deref(), Ok("x"));
}
