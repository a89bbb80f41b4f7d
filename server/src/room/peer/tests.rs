use bytes::Bytes;

use super::*;
use crate::access::{Role, Visitor};
use crate::outbox::{Inbox, outbox};

fn peer() -> (Peer, Inbox) {
    let (outbox, inbox) = outbox();
    let visitor = Visitor { pass: Pass::anybody(), from: None };
    let terms = Terms { receipt: Receipt::Echo, visitor, dialect: 1 };
    (Peer::new(outbox, terms, Admitted { role: Role::Editor, until: None }), inbox)
}

async fn received(peer: &mut Peer, inbox: &mut Inbox) -> Vec<Bytes> {
    // So that there is always something to wait for.
    peer.send(Bytes::new());
    peer.post().unwrap();
    let mut batch = Vec::new();
    inbox.take(&mut batch).await;
    let frames = batch.into_iter().filter_map(|outgoing| match outgoing {
        Outgoing::Frames(frames) => Some(frames),
        Outgoing::Notice(_) => None,
        Outgoing::Close(close) => panic!("closed: {close:?}"),
    });
    let frames = frames.filter(|frames| frames.len() > 0);
    frames
        .flat_map(|frames| frames.iter().map(Bytes::copy_from_slice).collect::<Vec<_>>())
        .collect()
}

fn answer(sequence: u64, is_whole: bool) -> Heard<'static> {
    Heard { sequence, is_answer: true, is_whole, progress: true, added: &[] }
}

const WHOLE: bool = true;
const ASKED: Bytes = Bytes::from_static(b"asked");
const ECHO: Bytes = Bytes::from_static(b"echo");

#[tokio::test]
async fn nothing_is_acknowledged_before_the_answer_to_our_question_is_durable() {
    let (mut peer, mut inbox) = peer();
    peer.ask_saved(0, ASKED.into());
    peer.settle(10);
    assert!(received(&mut peer, &mut inbox).await.is_empty(), "offline edits may be on their way");
    peer.heard(answer(11, WHOLE));
    peer.settle(10);
    assert!(received(&mut peer, &mut inbox).await.is_empty(), "the offline edits are not on disk");
    peer.settle(11);
    assert_eq!(received(&mut peer, &mut inbox).await, [ASKED]);
}

#[tokio::test]
async fn an_open_gap_holds_acknowledgements_back_and_is_asked_about_once_until_there_is_progress() {
    let (mut peer, mut inbox) = peer();
    peer.heard(answer(1, WHOLE));
    assert!(peer.open_gap(false));
    assert!(!peer.open_gap(false));
    peer.ask_saved(1, ASKED.into());
    peer.settle(5);
    assert!(
        !peer.open_gap(true),
        "an answer that misses something itself is not asked about again"
    );
    peer.heard(answer(2, !WHOLE));
    peer.settle(5);
    assert!(received(&mut peer, &mut inbox).await.is_empty(), "the gap is still open");
    assert!(peer.open_gap(false), "after progress it is asked about again");
    peer.heard(answer(3, WHOLE));
    peer.settle(5);
    assert_eq!(received(&mut peer, &mut inbox).await, [ASKED]);
}

#[tokio::test]
async fn an_echo_waits_for_the_disk_only_and_nobody_falls_behind_with_thousands() {
    let (mut peer, mut inbox) = peer();
    for sequence in 0..5_000 {
        peer.echo(sequence, ECHO.into());
    }
    peer.settle(2);
    assert_eq!(received(&mut peer, &mut inbox).await, [ECHO, ECHO, ECHO]);
    peer.settle(5_000);
    peer.post().unwrap();
    let mut batch = Vec::new();
    while batch.len() < 4_997 {
        inbox.take(&mut batch).await;
    }
    assert!(!peer.fell_behind && !peer.is_waiting());
}

#[tokio::test]
async fn a_peer_that_is_slow_to_read_is_told_of_presence_once_and_as_it_is_then() {
    let (mut peer, mut inbox) = peer();
    let (one, none) = (BTreeSet::from([1]), BTreeSet::new());
    let never = |_: &BTreeSet<u64>| panic!("it is not behind");
    peer.send_presence(&one, &ECHO.into(), never);
    peer.send(Bytes::from(vec![0; 1 << 20]));
    peer.post().unwrap();
    for _ in 0..100 {
        peer.send_presence(&one, &ECHO.into(), never);
    }
    assert_eq!(received(&mut peer, &mut inbox).await.len(), 2, "it is told what is out of date");
    let mut asked = none.clone();
    peer.send_presence(&none, &Bytes::new().into(), |clients| {
        asked.clone_from(clients);
        ASKED.into()
    });
    assert_eq!(asked, one);
    assert_eq!(received(&mut peer, &mut inbox).await, [ASKED]);
}

#[test]
fn questions_that_wait_do_not_pile_up() {
    let (mut peer, _inbox) = peer();
    for sequence in 0..1_000 {
        peer.ask_saved(sequence, ASKED.into());
    }
    assert_eq!(peer.saved.len(), 1);
    assert_eq!(peer.saved[0].0, 999);
}

#[tokio::test]
async fn whoever_pastes_a_whole_document_hears_of_it_and_not_of_many_at_once() {
    let (mut peer, mut inbox) = peer();
    let document = || Bytes::from(vec![0; ECHO_BYTES + 1]);
    peer.echo(1, document().into());
    peer.settle(1);
    assert!(peer.post().is_ok(), "nobody is slow");
    let mut batch = Vec::new();
    inbox.take(&mut batch).await;
    assert_eq!(batch[0].frames().map(Frames::len), Some(document().len()));
    peer.echo(2, document().into());
    peer.echo(3, document().into());
    assert!(peer.post().is_err(), "there is no end of what may wait for the disk");
}
