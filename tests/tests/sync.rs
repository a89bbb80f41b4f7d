//! Conversations with the server in the words of a stock y-websocket client.

use codraft_core::{ClientId, Replica, Splice, frame};
use codraft_tests::{Client, Peer, Said, TestServer};

fn replica(id: u64) -> Replica {
    Replica::new(ClientId::from_random(id))
}

/// An update that puts `text` at the beginning.
fn typed(replica: &mut Replica, text: &str) -> Vec<u8> {
    replica.edit(&[Splice::new(0, 0, text)])
}

/// Connects as a stock client does: asks for the document, answers the server's question.
async fn join(url: &str, replica: &Replica) -> Peer {
    let mut peer = Peer::connect(url).await;
    let theirs =
        peer.hear_until("the server's step1", |said| {
            if let Said::Step1(sv) = said { Some(sv) } else { None }
        })
        .await;
    peer.send(&frame::step2(&replica.diff(&theirs).expect("a state vector"))).await;
    peer.settle().await;
    peer
}

async fn next_update(peer: &mut Peer) -> Vec<u8> {
    peer.hear_until(
        "an update",
        |said| if let Said::Update(update) = said { Some(update) } else { None },
    )
    .await
}

#[tokio::test]
async fn the_server_asks_first_and_answers_even_when_nothing_is_missing() {
    let server = TestServer::start().await;
    let mut peer = Peer::connect(&server.url("empty")).await;
    assert_eq!(peer.hear().await, Said::Step1(vec![0]));
    peer.send(&frame::step1(&[0])).await;
    assert_eq!(peer.hear().await, Said::Step2(vec![0, 0]));
}

#[tokio::test]
async fn what_one_types_the_others_hear_and_the_writer_hears_back_when_it_is_on_disk() {
    let server = TestServer::start().await;
    let (mut ann, bob) = (replica(1), replica(2));
    let mut at_ann = join(&server.url("doc"), &ann).await;
    let mut at_bob = join(&server.url("doc"), &bob).await;
    let update = typed(&mut ann, "hi");
    at_ann.send(&frame::update(&update)).await;
    assert_eq!(next_update(&mut at_bob).await, update);
    assert_eq!(next_update(&mut at_ann).await, update, "the echo");
    at_ann.send(&frame::update(&update)).await;
    assert_eq!(next_update(&mut at_ann).await, update, "an echo also when nothing was new");
    assert_eq!(at_bob.settle().await, [], "what is known already is not told again");
}

#[tokio::test]
async fn several_messages_in_one_frame_are_all_heard() {
    let server = TestServer::start().await;
    let mut ann = replica(1);
    let mut peer = join(&server.url("doc"), &ann).await;
    let update = typed(&mut ann, "hi");
    peer.send(&[frame::update(&update), frame::saved(&[7]), frame::step1(&[0])].concat()).await;
    let mut saved = None;
    let document = peer
        .hear_until("the document", |said| match said {
            Said::Saved(version) => {
                saved = Some(version);
                None
            }
            Said::Step2(document) => Some(document),
            _ => None,
        })
        .await;
    assert_eq!(document, update);
    if saved.is_none() {
        peer.hear_until("the word that it is saved", |said| {
            (said == Said::Saved(vec![7])).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_question_asked_before_the_offline_edits_is_answered_after_them() {
    let server = TestServer::start().await;
    let mut ann = replica(1);
    let offline = typed(&mut ann, "written on a train");
    let mut peer = Peer::connect(&server.url("doc")).await;
    peer.send(&[frame::step1(&ann.state_vector()), frame::saved(&[1])].concat()).await;
    assert_eq!(peer.settle().await.iter().filter(|said| matches!(said, Said::Saved(_))).count(), 0);
    peer.send(&frame::step2(&offline)).await;
    peer.hear_until("the word that it is saved", |said| {
        (said == Said::Saved(vec![1])).then_some(())
    })
    .await;
    drop(peer);
    let mut fresh = Client::connect(&server.url("doc"), 5).await;
    fresh.until_text("written on a train").await;
}

#[tokio::test]
async fn a_gap_is_not_applied_and_asked_about_once() {
    let server = TestServer::start().await;
    let mut ann = replica(1);
    let mut peer = join(&server.url("doc"), &ann).await;
    let mut bystander = join(&server.url("doc"), &replica(2)).await;
    typed(&mut ann, "lost ");
    for _ in 0..3 {
        let later = typed(&mut ann, "x");
        peer.send(&frame::update(&later)).await;
    }
    let asked = peer.settle().await;
    assert_eq!(asked, [Said::Step1(vec![0])], "one question, and no echo of what was not taken");
    assert_eq!(bystander.settle().await, []);
    peer.send(&frame::step2(&ann.encode())).await;
    let update = next_update(&mut bystander).await;
    let mut bob = replica(3);
    bob.merge(&update).unwrap();
    assert_eq!(bob.text(), "xxxlost ");
}

#[tokio::test]
async fn of_an_answer_that_misses_something_the_rest_is_taken() {
    let server = TestServer::start().await;
    // "hi" by client 1 in our text, then a Skip: what a stock client with pending structs sends.
    let hi = [&[4, 1, 7][..], b"content", &[2], b"hi"].concat();
    let with_skip = [&[1, 2, 1, 0][..], &hi, &[10, 5, 0]].concat();
    let mut peer = Peer::connect(&server.url("doc")).await;
    assert_eq!(peer.hear().await, Said::Step1(vec![0]));
    peer.send(&frame::step2(&with_skip)).await;
    let said = peer.settle().await;
    assert!(
        !said.iter().any(|said| matches!(said, Said::Update(_))),
        "no echo of what was not taken whole: {said:?}"
    );
    let mut fresh = Client::connect(&server.url("doc"), 2).await;
    fresh.until_text("hi").await;
}

#[tokio::test]
async fn a_peer_that_closes_is_answered_in_kind() {
    let server = TestServer::start().await;
    let peer = Peer::connect(&server.url("doc")).await;
    assert_eq!(peer.close(4999).await, 4999);
}

#[tokio::test]
async fn any_name_a_stock_client_can_send_is_a_document_of_its_own() {
    let server = TestServer::start().await;
    let long = "x".repeat(1_000);
    let names = [
        "a",
        "a/b/c",
        "a%2Fb",
        "m%C3%A4rz%20notes",
        "%F0%9F%A6%A6",
        "a?token=t",
        "A",
        "a//b",
        long.as_str(),
    ];
    for (id, name) in names.iter().enumerate() {
        let mut ann = replica(id as u64 + 1);
        let update = typed(&mut ann, name);
        let mut peer = join(&server.url(name), &ann).await;
        peer.send(&frame::update(&update)).await;
        next_update(&mut peer).await;
    }
    // "a%2Fb" and "a/b" are one name once decoded; a query is no part of a name.
    for (name, text) in
        [("a", "a?token=ta"), ("a/b", "a%2Fb"), ("A", "A"), (long.as_str(), long.as_str())]
    {
        let mut fresh = Client::connect(&server.url(name), 99).await;
        fresh.drive().await;
        let mut letters: Vec<char> = fresh.editor.chars().collect();
        let mut expected: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        expected.sort_unstable();
        assert_eq!(letters, expected, "{name}");
    }
}

#[tokio::test]
async fn a_restart_keeps_every_document() {
    let mut server = TestServer::start().await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("one ");
    ann.until_saved().await;
    server.restart().await;
    ann.append("two");
    ann.until_saved().await;
    server.restart().await;
    let mut fresh = Client::connect(&server.url("doc"), 2).await;
    fresh.until_text("one two").await;
    ann.until("the new connection", |session| session.status().synced).await;
}
