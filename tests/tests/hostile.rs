//! Bad input ends the connection it came on, with a code; nobody else notices.

use codraft_core::limits::FRAME_BYTES;
use codraft_core::presence::{self, Entry, Person};
use codraft_core::{ClientId, Replica, Session, Splice, Writer, frame};
use codraft_tests::{Client, Peer, Said, TestServer, patiently};

/// Sends a frame to a document that others are in; expects the end with a code, and that the others go on.
async fn expect_close(frame: Vec<u8>, code: u16) {
    let server = TestServer::start().await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("safe");
    ann.until_saved().await;
    let mut hostile = Peer::connect(&server.url("doc")).await;
    hostile.try_send(frame).await;
    let (closed, reason) = hostile.closed().await;
    assert_eq!(closed, code, "{reason}");
    assert!(!reason.is_empty());
    ann.append(" and sound");
    ann.until_saved().await;
    let mut fresh = Client::connect(&server.url("doc"), 2).await;
    fresh.until_text("safe and sound").await;
}

#[tokio::test]
async fn an_unknown_message_is_refused() {
    expect_close(vec![77, 1, 2, 3], 4400).await;
}

#[tokio::test]
async fn a_truncated_message_is_refused() {
    expect_close(vec![0, 2, 200, 1, 1], 4400).await;
}

#[tokio::test]
async fn a_garbage_update_is_refused() {
    expect_close(frame::update(&[1, 1, 1, 0, 99, 99]), 4400).await;
}

#[tokio::test]
async fn a_garbage_state_vector_is_refused() {
    expect_close(frame::step1(&[200, 200]), 4400).await;
}

#[tokio::test]
async fn garbage_presence_is_refused() {
    expect_close(frame::awareness(&[1, 1, 1, 1, b'{']), 4400).await;
}

#[tokio::test]
async fn a_frame_over_the_limit_is_refused() {
    expect_close(vec![0; FRAME_BYTES + 1], 4413).await;
}

#[tokio::test]
async fn more_messages_in_a_frame_than_anybody_sends_are_refused() {
    expect_close(vec![3; 100_000], 4400).await;
}

#[tokio::test]
async fn a_version_that_is_no_number_is_refused() {
    expect_close(frame::saved(&[0xff; 1_000]), 4400).await;
}

#[tokio::test]
async fn types_nested_until_the_stack_overflows_are_refused() {
    // yrs 0.28.1 deletes by recursion: 20,000 levels kill the process. Each level is a character beside which the next
    // array lies, so no block names its parent's depth.
    let mut writer = Writer::new();
    writer.var_uint(1).var_uint(80_000).var_uint(77).var_uint(0);
    for level in 0..40_000u64 {
        match level {
            0 => writer.raw(&[0x04, 1, 1, b'x', 1, b'c']),
            _ => writer.raw(&[0x04, 0, 77]).var_uint(level * 2 - 1).raw(&[1, b'c']),
        };
        writer.raw(&[0x87, 77]).var_uint(level * 2).raw(&[0]);
    }
    expect_close(frame::update(&writer.raw(&[0]).finish()), 4400).await;
}

#[tokio::test]
async fn blocks_that_name_one_another_in_a_circle_are_refused() {
    let circle = [2, 1, 72, 0, 0x84, 71, 0, 1, b'a', 1, 71, 0, 0x84, 72, 0, 1, b'b', 0];
    expect_close(frame::update(&circle), 4400).await;
}

#[tokio::test]
async fn a_text_frame_is_refused() {
    let server = TestServer::start().await;
    let mut hostile = Peer::connect(&server.url("doc")).await;
    hostile.send_text("hello").await;
    assert_eq!(hostile.closed().await, (4400, "frames must be binary".to_owned()));
}

#[tokio::test]
async fn a_name_that_cannot_be_a_document_is_refused_for_good() {
    let server = TestServer::start().await;
    for name in ["a%00b", "%ff", "a/%2E%2E/b", &"x".repeat(1_025)] {
        let (code, reason) = Peer::connect(&server.url(name)).await.closed().await;
        assert_eq!(code, 4400, "{name}");
        assert!(reason.contains("name"), "{reason}");
    }
}

/// Where a character lies: in our text; and in the first one of client 77, of which yrs 0.28.1 takes the first half.
const CONTENT: &[u8] = b"\x01\x07content";
const IN_A_CHARACTER: &[u8] = &[0, 77, 0];

fn character(client: u64, letter: u8, parent: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.var_uint(1).var_uint(1).var_uint(client).var_uint(0);
    writer.raw(&[0x04]).raw(parent).raw(&[1, letter]).raw(&[0]);
    frame::update(&writer.finish())
}

#[tokio::test]
async fn an_update_that_yrs_fails_on_costs_only_its_sender_the_connection() {
    let server = TestServer::start().await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("safe");
    ann.until_saved().await;
    let mut hostile = Peer::connect(&server.url("doc")).await;
    hostile.send(&character(77, b'x', CONTENT)).await;
    hostile.send(&character(78, b'x', IN_A_CHARACTER)).await;
    let (code, reason) = hostile.closed().await;
    assert_eq!(code, 4400, "{reason}");
    // What was on its way to the disk while the document was built anew is told, and nothing has to happen for that.
    ann.append(" and sound");
    let mut other = Peer::connect(&server.url("doc")).await;
    ann.drive().await;
    other.send(&character(79, b'x', IN_A_CHARACTER)).await;
    ann.until_saved().await;
    assert_eq!(ann.connections, 1, "others were let go, too");
    let mut fresh = Client::connect(&server.url("doc"), 2).await;
    fresh.until("the text", |session| session.text().contains("safe and sound")).await;
    let folder = server.data().join("garbage");
    patiently("the refused bytes to be kept", async {
        while std::fs::read_dir(&folder).map_or(0, Iterator::count) == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_said_at_once_with_an_update_that_yrs_fails_on_counts_up_to_there() {
    let server = TestServer::start().await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("-");
    ann.until_saved().await;
    let mut hostile = Peer::connect(&server.url("doc")).await;
    let said = [
        character(77, b'a', CONTENT),
        character(80, b'b', CONTENT),
        character(78, b'c', IN_A_CHARACTER),
        character(81, b'd', CONTENT),
    ];
    hostile.send(&said.concat()).await;
    let (code, reason) = hostile.closed().await;
    assert_eq!(code, 4400, "{reason}");
    ann.until("the letters before it", |session| session.text().len() == 3).await;
    ann.append("!");
    ann.until_saved().await;
    let mut fresh = Client::connect(&server.url("doc"), 2).await;
    fresh.until("the text", |session| session.text() == ann.session.text()).await;
    assert!(
        "ab-!".chars().all(|letter| ann.session.text().contains(letter)),
        "{}",
        ann.session.text()
    );
    assert_eq!((ann.connections, ann.session.text().len()), (1, 4), "{}", ann.session.text());
}

#[tokio::test]
async fn a_frame_that_asks_for_the_document_again_and_again_is_not_answered_each_time() {
    let server = TestServer::start().await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("safe");
    ann.until_saved().await;
    let mut hostile = Peer::connect(&server.url("doc")).await;
    hostile.send(&frame::step1(&[0]).repeat(256)).await;
    let (code, reason) = hostile.closed().await;
    assert_eq!(code, 4529, "{reason}");
    ann.append(" and sound");
    ann.until_saved().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_would_take_minutes_is_given_up_and_nobody_else_waits_for_it() {
    const CLIENTS: u64 = 40_000;
    let server = TestServer::start().await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("safe");
    ann.until_saved().await;
    let mut elsewhere = Client::connect(&server.url("elsewhere"), 2).await;
    // So many clients that all begin at the same place: yrs looks at all of those before for each of them.
    let mut writer = Writer::new();
    writer.var_uint(CLIENTS);
    for client in (0..CLIENTS).rev() {
        writer.var_uint(1).var_uint(1_000 + client).var_uint(0);
        writer.raw(b"\x04\x01\x07content\x01x");
    }
    let update = writer.raw(&[0]).finish();
    let mut hostile = Peer::connect(&server.url("doc")).await;
    hostile.send(&frame::update(&update)).await;
    let closed = tokio::spawn(async move { hostile.closed().await });
    while !closed.is_finished() {
        elsewhere.append("x");
        elsewhere.until_saved().await;
    }
    let (code, reason) = closed.await.unwrap();
    assert_eq!(code, 4400, "{reason}");
    assert!(reason.contains("too long"), "{reason}");
    ann.append(" and sound");
    ann.until_saved().await;
    assert_eq!(ann.connections, 1, "others were let go, too");
    let mut fresh = Client::connect(&server.url("doc"), 3).await;
    fresh.until_text("safe and sound").await;
}

#[tokio::test]
async fn forged_presence_comes_to_nothing() {
    let server = TestServer::start().await;
    let mut ann = Client::new(&server.url("doc"), 1);
    ann.session.set_person(Person { name: "Ann".into(), ..Person::default() }, 0);
    ann.session.connect(0);
    ann.append("x");
    ann.until_saved().await;
    let mut watcher = Client::connect(&server.url("doc"), 2).await;
    watcher.until("Ann to be seen", Session::peers_changed).await;
    assert!(
        watcher
            .session
            .take_peers()
            .unwrap()
            .iter()
            .any(|peer| peer.client == 1 && peer.person.name == "Ann")
    );
    let mut hostile = Peer::connect(&server.url("doc")).await;
    let entry =
        |state: Option<&str>, clock| Entry { client: 1, clock, state: state.map(Into::into) };
    for forged in [entry(Some("{\"user\":{\"name\":\"Eve\"}}"), 1_000), entry(None, u32::MAX)] {
        hostile.send(&frame::awareness(&presence::encode(&[forged]))).await;
    }
    let told = hostile.settle().await;
    assert!(!told.iter().any(|said| matches!(said, Said::Awareness(update) if String::from_utf8_lossy(update).contains("Eve"))));
    watcher.append("y");
    watcher.until_saved().await;
    assert!(!watcher.session.peers_changed(), "nothing about Ann has changed");
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_let_go_and_the_others_go_on() {
    let server = TestServer::start().await;
    let slow = Peer::connect(&server.url("doc")).await;
    let mut ann = Replica::new(ClientId::from_random(1));
    let mut writer = Peer::connect(&server.url("doc")).await;
    writer.send(&frame::step2(&[0, 0])).await;
    let block = "x".repeat(64 << 10);
    // More than the outbox and every buffer on the way hold.
    let mut slow = Some(slow);
    for round in 0..1_500 {
        writer.send(&frame::update(&ann.edit(&[Splice::new(0, 0, "y")]))).await;
        if round % 100 == 0 {
            writer.send(&frame::update(&ann.edit(&[Splice::new(0, 1, block.as_str())]))).await;
            writer.settle().await;
        }
    }
    let mut fresh = Client::connect(&server.url("doc"), 7).await;
    fresh.until_text(&ann.text()).await;
    let mut slow = slow.take().expect("the slow peer");
    // It either reads everything in the end or is told that it fell behind; it is never silently behind.
    let mut its = Replica::new(ClientId::from_random(8));
    loop {
        match slow.hear().await {
            Said::Update(update) => drop(its.merge(&update).unwrap()),
            Said::Closed(code, _) => {
                assert!(code == 1013 || code == 1006, "{code}");
                break;
            }
            _ => {}
        }
        if its.text() == ann.text() {
            break;
        }
    }
}
