//! Who is here: told at once, told to newcomers, and no longer than they are.

use codraft_core::presence::{self, Entry, Person};
use codraft_core::{Selection, Session, frame};
use codraft_tests::{Client, Peer, Said, TestServer};

async fn person(server: &TestServer, id: u64, name: &str) -> Client {
    let mut client = Client::new(&server.url("doc"), id);
    client
        .session
        .set_person(Person { name: name.into(), color: "#30bced".into(), ..Person::default() }, 0);
    client.session.connect(0);
    client.until("the document", |session| session.status().synced).await;
    client
}

async fn sees(client: &mut Client, expected: &[&str]) {
    let what = format!("{expected:?} to be here");
    let mut names = Vec::new();
    codraft_tests::patiently(&what, async {
        loop {
            client.until("news of who is here", Session::peers_changed).await;
            let peers = client.session.take_peers().unwrap_or_default();
            names = peers.into_iter().map(|peer| peer.person.name).collect();
            names.sort();
            if names == expected {
                return;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn people_see_each_other_come_and_go() {
    let server = TestServer::start().await;
    let mut ann = person(&server, 1, "Ann").await;
    let mut bob = person(&server, 2, "Bob").await;
    sees(&mut ann, &["Bob"]).await;
    sees(&mut bob, &["Ann"]).await;
    drop(bob);
    sees(&mut ann, &[]).await;
}

#[tokio::test]
async fn a_newcomer_is_told_who_is_here_in_a_frame_of_its_own() {
    let server = TestServer::start().await;
    let mut ann = person(&server, 1, "Ann").await;
    ann.append("x");
    ann.until_saved().await;
    let mut newcomer = Peer::connect(&server.url("doc")).await;
    assert!(matches!(newcomer.hear().await, Said::Step1(_)));
    let Said::Awareness(update) = newcomer.hear().await else {
        panic!("no presence after the step1")
    };
    assert!(presence::read(&update).unwrap().iter().any(|entry| entry.client == 1));
    newcomer.send(&[3]).await;
    assert!(
        matches!(newcomer.hear().await, Said::Awareness(_)),
        "a question of who is here is answered"
    );
}

#[tokio::test]
async fn a_caret_is_seen_where_it_is() {
    let server = TestServer::start().await;
    let mut ann = person(&server, 1, "Ann").await;
    ann.append("hello 🦦 world");
    ann.until_saved().await;
    let mut bob = person(&server, 2, "Bob").await;
    bob.until_text("hello 🦦 world").await;
    bob.session.set_cursor(Some(Selection { anchor: 6, head: 8 }), 0);
    let mut seen = None;
    codraft_tests::patiently("Bob's selection", async {
        while seen.is_none() {
            // Both have to talk: Bob's session sends its presence from its own clock.
            bob.run_for(std::time::Duration::from_millis(20)).await;
            ann.run_for(std::time::Duration::from_millis(20)).await;
            let peers = ann.session.take_peers().unwrap_or_default();
            seen = peers.into_iter().find_map(|peer| peer.selection);
        }
    })
    .await;
    assert_eq!(seen, Some(Selection { anchor: 6, head: 8 }));
}

#[tokio::test]
async fn the_sender_hears_its_own_presence_and_a_vanished_peer_is_declared_gone_at_its_clock() {
    let server = TestServer::start().await;
    let mut ann = Peer::connect(&server.url("doc")).await;
    let mut bob = Peer::connect(&server.url("doc")).await;
    let here = Entry { client: 5, clock: 3, state: Some("{\"user\":{\"name\":\"Ann\"}}".into()) };
    let frame = frame::awareness(&presence::encode(std::slice::from_ref(&here)));
    ann.send(&frame).await;
    let awareness = |said| {
        if let Said::Awareness(update) = said {
            Some(presence::read(&update).unwrap())
        } else {
            None
        }
    };
    assert_eq!(ann.hear_until("the echo", awareness).await, std::slice::from_ref(&here));
    assert_eq!(bob.hear_until("Ann", awareness).await, std::slice::from_ref(&here));
    ann.vanish();
    assert_eq!(bob.hear_until("Ann's end", awareness).await, [Entry { state: None, ..here }]);
}
